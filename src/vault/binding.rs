//! What a file in the vault knows about itself.
//!
//! Layout: the line `caiying object 1\n`, the binding's length as four bytes (least significant first), the
//! binding as JSON, then the JPEG to the end of the file.

use serde::{Deserialize, Deserializer, Serialize};

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
    /// How a portrait was made; `None` for an original, for portraits of before this was written down, and for one made
    /// in a way that only a later version knows.
    #[serde(default, deserialize_with = "understood", skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// A record, if it is one to us: whose a portrait is must not depend on how it was made.
fn understood<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Record>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An object with some record in its binding.
    fn object(record: &str) -> Vec<u8> {
        let binding = format!(
            r#"{{"kind":"portrait","station":"A","sitting":7,"code":null,"shot":1,"trigger":"body",
            "exposed":{{"earliest":2000,"latest":2000}},"origin":{{"camera":"","folder":"","name":""}},"bound":3000,
            "record":{record}}}"#
        );
        let length = u32::try_from(binding.len()).unwrap().to_le_bytes();
        [MAGIC, &length, binding.as_bytes(), b"JPEG"].concat()
    }

    #[test]
    fn a_portrait_made_in_a_way_we_do_not_know_is_still_whose_it_is() {
        let making = |resampler: &str| {
            format!(
                r#"{{"original":"{}","making":{{"crop":{{"x":1.5,"y":2,"width":960,"height":1280}},"width_px":480,
                "height_px":640,"resampler":"{resampler}","demand":{{"window":{{"min":20480,"max":40000}},
                "min_quality":60,"dpi":300}},"program":"0.1.0"}},"face":{{"hair_top":68,"chin":446,"eyes":268,
                "width":230,"center_x":240}},"measured":{{"roll":1.5}}}}"#,
                "ab".repeat(32)
            )
        };
        for (record, known) in [
            (making("lanczos3"), true),
            (making("half_then_lanczos3"), true),
            (making("by_a_later_version"), false),
            ("{}".to_owned(), false),
            ("null".to_owned(), false),
        ] {
            let bytes = object(&record);
            let (binding, start) = Binding::from_object(&bytes).unwrap();
            assert_eq!((binding.sitting, &bytes[start..]), (Some(SittingId(7)), b"JPEG".as_slice()));
            assert_eq!(binding.record.is_some(), known, "{record}");
        }
    }
}
