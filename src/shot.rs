//! One press of the shutter: what came out, who asked for it, and when it happened.

mod clock;
mod particulars;

use std::{fmt, ops::RangeInclusive, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use clock::{Clock, date_and_time};
pub use particulars::{AsShot, CameraTime, Particulars};

/// What the pitch of a face that looks straight into the lens may read, in degrees: no camera stands higher or lower
/// than that. A profile may set this zero and a station may measure it; both are held against this.
pub const PITCH_ZERO_DEG: RangeInclusive<f64> = -45.0..=45.0;

/// A point in time: milliseconds since 1970-01-01 UTC on the station's own clock.
///
/// The station's clock is set once, at start, and then only counts upwards, so a laptop whose clock is
/// corrected at noon does not reorder the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// Before everything: the earliest moment of something whose time nobody knows.
    pub const UNKNOWN: Self = Self(i64::MIN);

    /// This moment, moved by some milliseconds; stops at the ends of time.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// When the shutter opened, as narrowly as the camera lets us know.
///
/// A camera that tells the time to the second gives an interval of a second and more; one that tells
/// nothing gives everything up to the arrival of its file. Whoever binds a photo to a student must ask
/// for [`Exposure::earliest`]: what may have happened too early did not certainly happen in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Certainly not before this.
    pub earliest: Moment,
    /// Certainly not after this.
    pub latest: Moment,
}

impl Exposure {
    /// An exposure whose moment is known.
    #[must_use]
    pub fn exactly(at: Moment) -> Self {
        Self { earliest: at, latest: at }
    }

    /// An exposure of which only the arrival of the file is known.
    #[must_use]
    pub fn some_time_before(arrival: Moment) -> Self {
        Self { earliest: Moment::UNKNOWN, latest: arrival }
    }
}

/// A shot's number on this station; grows for ever, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShotId(pub u64);

/// A sitting's number on this station; grows for ever, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SittingId(pub u64);

/// Who fired the shutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The station did, for this sitting.
    Station(SittingId),
    /// The photographer did, on the camera's body.
    Body,
}

/// Where a file came from: which camera, and what the camera called it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The camera's serial number, or what else tells it from others.
    pub camera: String,
    /// The folder on its card.
    pub folder: String,
    /// The file's name on its card.
    pub name: String,
    /// Its length there, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// When it was written there, in milliseconds of whatever clock that place has: tells it from another file
    /// of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<i64>,
}

/// A shot as the camera delivered it: 原片, the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Shot {
    /// Its number on this station.
    pub id: ShotId,
    /// Who fired.
    pub trigger: Trigger,
    /// When the shutter opened: what decides whose photo it is.
    pub exposed: Exposure,
    /// Where the file came from.
    pub origin: Origin,
    /// The file as the camera wrote it.
    pub jpeg: Arc<[u8]>,
}

impl fmt::Debug for Shot {
    /// Without the picture: a face has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shot")
            .field("id", &self.id)
            .field("trigger", &self.trigger)
            .field("exposed", &self.exposed)
            .field("bytes", &self.jpeg.len())
            .finish_non_exhaustive()
    }
}

/// The SHA-256 of some bytes; written as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// A text that is not 64 hex digits.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("a SHA-256 is written as 64 lower-case hex digits")]
pub struct NotADigest;

impl Digest {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several pieces, one after the other.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The digest of what is written into it, piece by piece: for files that are too large to be in memory at once.
    #[must_use]
    pub fn piecewise() -> Digesting {
        Digesting(Sha256::new())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A SHA-256 that is not finished.
#[derive(Debug, Clone)]
pub struct Digesting(Sha256);

impl Digesting {
    /// Takes in some more bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything that was taken in.
    #[must_use]
    pub fn digest(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        let digits: Option<Vec<u8>> = text
            .bytes()
            .map(|c| match c {
                b'0'..=b'9' => Some(c - b'0'),
                b'a'..=b'f' => Some(c - b'a' + 10),
                _ => None,
            })
            .collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or(NotADigest)?;
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |byte, digit| (byte << 4) | digit);
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = NotADigest;

    fn try_from(text: String) -> Result<Self, NotADigest> {
        text.parse()
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_what_it_wrote() {
        let digest = Digest::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "the example of FIPS 180-2"
        );
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(Digest::of_parts(&[b"a", b"bc"]), digest);
        for wrong in ["", "ba", &"BA".repeat(32), &"é".repeat(32)] {
            assert_eq!(wrong.parse::<Digest>(), Err(NotADigest));
        }
    }
}
