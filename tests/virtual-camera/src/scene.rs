//! What stands before the lens, and the pictures made of it.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

use crate::clock::LocalTime;
use crate::exif;
use crate::live::View;

/// The picture taken when nobody has set a scene: 960 by 640, grey. Made by an
/// encoder from numbers, as the thumbnail is; nobody's photograph.
pub(crate) const GREY: &[u8] = include_bytes!("../assets/grey.jpg");

/// The thumbnail of every picture: 160 by 120, grey.
pub(crate) const THUMB: &[u8] = include_bytes!("../assets/thumb.jpg");

/// The bytes offered as a scene are not a JPEG this camera can stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJpeg;

impl fmt::Display for NotJpeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the scene is not a JPEG")
    }
}

impl std::error::Error for NotJpeg {}

/// What the lens sees, under a name that comes back with every exposure of it.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) label: String,
    pub(crate) jpeg: Arc<[u8]>,
    pub(crate) size: (u16, u16),
    view: View,
}

impl Scene {
    /// A scene of that JPEG; its size is read once, here.
    pub(crate) fn new(label: &str, jpeg: &[u8]) -> Result<Self, NotJpeg> {
        let size = exif::jpeg_size(jpeg).ok_or(NotJpeg)?;
        Ok(Self { label: label.to_owned(), jpeg: jpeg.into(), size, view: View::default() })
    }

    /// The scene as live view shows it, once it is made small enough.
    pub(crate) fn view(&self) -> Option<Arc<[u8]>> {
        self.view.of(&self.jpeg, self.size)
    }
}

/// A finished picture file, on the card or in the camera's memory.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) name: String,
    pub(crate) format: u16,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) taken: LocalTime,
    pub(crate) size: (u16, u16),
}

/// Who released the shutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Trigger {
    /// The computer, by RemoteReleaseOn (0x9128).
    Host,
    /// A finger on the body.
    Body,
}

/// One release of the shutter, as the camera remembers it: the truth a test compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Counts the exposures of this camera from 1.
    pub number: u64,
    /// Who released the shutter.
    pub trigger: Trigger,
    /// The label of the scene that stood before the lens.
    pub label: String,
    /// The folder as libgphoto2 names it, `/store_00020001/DCIM/100CANON`; `/` for a shot that went
    /// to the host's memory, which libgphoto2 names `capt0000.jpg` and so on by itself.
    pub folder: String,
    /// The file's name on the camera, `IMG_0001.JPG`; of a pair the JPEG's.
    pub name: String,
    /// SHA-256 of the whole file, in lower-case hex.
    pub sha256: String,
    /// The raw file of a RAW+JPEG pair.
    pub raw: Option<RawTwin>,
    /// The real moment the shutter opened (not the camera's clock); in JSON milliseconds since 1970.
    #[serde(serialize_with = "as_milliseconds")]
    pub at: SystemTime,
    /// The real moment its files were complete, on the card or for the host; in JSON as above.
    #[serde(serialize_with = "as_milliseconds_if_any")]
    pub complete: Option<SystemTime>,
}

/// The raw file of a RAW+JPEG pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RawTwin {
    /// The file's name, `IMG_0001.CR2`.
    pub name: String,
    /// SHA-256 of the whole file, in lower-case hex.
    pub sha256: String,
}

/// Writes a moment as milliseconds since 1970, the form of all times on the stagehand port.
pub(crate) fn as_milliseconds<S: Serializer>(at: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    to.serialize_u64(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// The same for a moment that may be still to come.
fn as_milliseconds_if_any<S: Serializer>(at: &Option<SystemTime>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => as_milliseconds(at, to),
        None => to.serialize_none(),
    }
}
