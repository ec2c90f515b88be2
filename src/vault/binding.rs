//! What a file in the vault knows about itself.
//!
//! Layout: the line `caiying object 1\n`, the binding's length as four bytes (least significant first), the
//! binding as JSON, then the JPEG to the end of the file.

use serde::{Deserialize, Serialize};

use crate::{
    portrait::Record,
    shot::{Digest, Exposure, Moment, Origin, ShotId, SittingId, Trigger},
};

const MAGIC: &[u8] = b"caiying object 1\n";

/// A binding is some hundred bytes; a header that claims more is not ours.
const LONGEST: usize = 64 * 1024;

/// Whose a file is, and where it comes from. No capture code and no name: the code's hash only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Original or portrait.
    pub kind: Kind,
    /// The station that took it.
    pub station: String,
    /// The sitting it was taken for; `None` for a stray.
    pub sitting: Option<SittingId>,
    /// SHA-256 of the sitter's capture code; `None` for a stray.
    pub code: Option<Digest>,
    /// The shot.
    pub shot: ShotId,
    /// Who fired.
    pub trigger: Trigger,
    /// When the shutter opened.
    pub exposed: Exposure,
    /// Which camera, folder and name.
    pub origin: Origin,
    /// When it was bound.
    pub bound: Moment,
    /// How a portrait was made; `None` for an original, and for portraits of before this was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// What a file in the vault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 原片: the camera's file, as it wrote it.
    Original,
    /// 成品: the portrait, as it will be delivered.
    Portrait,
}

impl Binding {
    /// The bytes that come before the JPEG.
    pub(super) fn to_header(&self) -> Vec<u8> {
        // Plain structs of numbers and texts always have a JSON form.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let length = u32::try_from(json.len()).unwrap_or_default().to_le_bytes();
        [MAGIC, &length, &json].concat()
    }

    /// Reads the binding of an object; also returns where the JPEG begins.
    pub(super) fn from_object(bytes: &[u8]) -> Option<(Self, usize)> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= LONGEST)?;
        let binding = serde_json::from_slice(rest.get(..length)?).ok()?;
        Some((binding, MAGIC.len() + 4 + length))
    }
}
