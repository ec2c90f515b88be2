//! What travels between the station and the camera's own process: frames of a length and postcard bytes,
//! each followed by raw bytes (a picture, or nothing).

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{CameraError, CameraInfo, Checkup, Reading};
use crate::profile::{Dial, Setting};

/// Changes when a message changes: a station and a child of different builds must not talk.
pub(super) const VERSION: u32 = 5;

/// A message is some kilobytes at most; a listing of ten thousand files is below a megabyte.
const LONGEST_MESSAGE: usize = 16 * 1024 * 1024;

/// The largest picture: 100 MP files stay below 100 MB.
pub(super) const LONGEST_PICTURE: usize = 512 * 1024 * 1024;

/// What the station asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Request {
    /// Do we speak the same version?
    Hello {
        /// Ours.
        version: u32,
    },
    /// Which cameras are there?
    Discover,
    /// Connect to the camera at this port, or to the first one found.
    Connect {
        /// A libgphoto2 port; `None` for the first camera.
        port: Option<String>,
    },
    /// Fire the shutter.
    Fire,
    /// Wait for the next file to be announced, at most this long.
    Wait {
        /// Milliseconds.
        ms: u64,
    },
    /// List the pictures on the card.
    List,
    /// Hand over one file of the card.
    Fetch(CardFile),
    /// Tell everything a doctor wants to know of the connected camera.
    Examine,
    /// Set the camera's clock to this computer's.
    SetClock {
        /// The time now, in seconds since 1970.
        seconds: i64,
    },
    /// Hand over one frame of live view, which begins by this.
    Frame,
    /// End live view.
    EndLive,
    /// Behave as this camera's family needs it from now on.
    Adopt(Habits),
    /// Turn this dial where it belongs, if it belongs anywhere, and read it.
    Settle(Setting, Dial),
    /// How does it stand?
    Condition,
}

/// What the camera's process answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The version it speaks.
    Hello {
        /// Its version.
        version: u32,
    },
    /// The cameras that are there.
    Discovered(Vec<FoundCamera>),
    /// Connected to this camera.
    Connected {
        /// The camera; its clock's offset is filled in by the station.
        info: CameraInfo,
        /// What its clock showed during this request, if it tells: milliseconds, and how long they last.
        clock: Option<(i64, i64)>,
    },
    /// The shutter was fired.
    Fired {
        /// The camera was still telling things when it was: libgphoto2 has thrown the rest away, and a shot
        /// fired on the body just before may be among it.
        unheard: bool,
    },
    /// Nothing came.
    Nothing,
    /// A file; its bytes follow the message.
    File(CardFile),
    /// The pictures on the card.
    Listing(Vec<ListedFile>),
    /// It did not work.
    Failed(CameraError),
    /// A file is there, to be fetched.
    Announced(Announced),
    /// What a doctor wants to know.
    Examined(Box<Checkup>),
    /// The clock was set.
    ClockSet,
    /// Nothing came, although a shot was complete: its file was never told of.
    Missed,
    /// A frame of live view; its bytes follow the message, none when the camera had none ready.
    Frame,
    /// There is no live view any more.
    LiveEnded,
    /// It will.
    Adopted,
    /// What the dial stands at now.
    Settled(Reading),
    /// How it stands.
    Condition(Condition),
}

/// What differs in the camera's own process between families of cameras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habits {
    /// A raw file's JPEG comes within this many milliseconds, or not at all.
    pub pair_quiet_ms: u32,
}

/// What of a camera runs out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Condition {
    /// Its battery, in its own words.
    pub battery: Option<String>,
    /// Shots left on its card, by its own estimate.
    pub shots_left: Option<u32>,
}

/// A camera that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCamera {
    /// Its model, as libgphoto2 calls it.
    pub model: String,
    /// Its port.
    pub port: String,
}

/// A file on a camera's card. Its name alone comes again when the camera starts numbering anew.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardFile {
    /// The folder.
    pub folder: String,
    /// The name.
    pub name: String,
    /// The length in bytes.
    pub size: u64,
}

/// A file on a camera's card, and when it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListedFile {
    /// The file.
    pub file: CardFile,
    /// When it was written at the latest, by the camera's own clock, in milliseconds; `None` when not told.
    pub written: Option<i64>,
}

/// A file the camera told of by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The file.
    pub listed: ListedFile,
    /// Whether it was told of after the shutter was fired last from here: one that was told of before cannot
    /// have come of it.
    pub after_trigger: bool,
}

/// Sends a message and the bytes that belong to it.
pub(super) fn send(out: &mut impl Write, message: &impl Serialize, picture: &[u8]) -> io::Result<()> {
    let message = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = |part: &[u8]| u32::try_from(part.len()).map(u32::to_le_bytes).map_err(io::Error::other);
    // In one piece: every write wakes the other side.
    let head = [&length(&message)?[..], &message, &length(picture)?].concat();
    out.write_all(&head)?;
    out.write_all(picture)?;
    out.flush()
}

/// Receives a message and the bytes that belong to it; `None` when the other side has gone.
pub(super) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<(T, Arc<[u8]>)>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(err) if err.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(err) => return Err(err),
    }
    let message = read_part(from, length, LONGEST_MESSAGE)?;
    from.read_exact(&mut length)?;
    let picture = read_part(from, length, LONGEST_PICTURE)?;
    let message = postcard::from_bytes(&message).map_err(io::Error::other)?;
    Ok(Some((message, picture)))
}

fn read_part(from: &mut impl Read, length: [u8; 4], longest: usize) -> io::Result<Arc<[u8]>> {
    let length = u32::from_le_bytes(length) as usize;
    if length > longest {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a part of {length} bytes")));
    }
    // Read to where it stays: moving some megabytes once more costs as much as sending them (benches/camera.rs).
    let mut part: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    if let Some(room) = Arc::get_mut(&mut part) {
        from.read_exact(room)?;
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_received() {
        let file = CardFile { folder: "/DCIM".to_owned(), name: "A.JPG".to_owned(), size: 3 };
        let mut line = Vec::new();
        send(&mut line, &Answer::File(file.clone()), b"jpg").unwrap();
        send(&mut line, &Answer::Nothing, b"").unwrap();
        let mut line = &line[..];
        assert_eq!(receive(&mut line).unwrap(), Some((Answer::File(file), (*b"jpg").into())));
        assert_eq!(receive(&mut line).unwrap(), Some((Answer::Nothing, [].into())));
        assert_eq!(receive::<Answer>(&mut line).unwrap(), None);
    }

    #[test]
    fn a_broken_line_is_an_error_and_no_memory() {
        for line in [&b"\xff\xff\xff\xff"[..], b"\x02\0\0\0\xff\xff\0\0\0\0", b"\x01\0\0\0"] {
            assert!(receive::<Answer>(&mut &line[..]).is_err(), "{line:?}");
        }
    }
}
