//! 采集码: the QR code 学信网 issues for one enrolment record. We carry it and never look inside.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The most bytes a QR code can hold: version 40, level L, byte mode (ISO/IEC 18004, table 7).
pub const MAX_CODE_BYTES: usize = 2_953;

/// A capture code as scanned, to the letter. Its `Debug` form is the fingerprint, so logs cannot leak it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaptureCode(String);

/// What screens, logs and file names show instead of a code: the first twelve hex digits of its SHA-256.
///
/// Twelve digits are 48 bits: among the 12,300 students of the largest contract the chance that any two
/// share one is 3 in 10 million (eight digits would make it 1.8 per cent).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// Why a scanned text cannot be a capture code.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum CodeError {
    /// The QR held nothing, or only blanks.
    #[error("the QR code is empty")]
    Empty,
    /// The QR held control characters: no capture code does, and terminals and databases choke on them.
    #[error("this QR code holds {count} control characters: it is not a capture code")]
    ControlCharacters {
        /// How many.
        count: usize,
    },
    /// The text is longer than a QR code can be.
    #[error("{bytes} bytes is more than a QR code can hold ({MAX_CODE_BYTES}): it is not a capture code")]
    TooLong {
        /// Bytes scanned.
        bytes: usize,
    },
    /// The QR held bytes that are not UTF-8 text.
    #[error("this QR code holds {bytes} bytes that are not text: it is not a capture code")]
    NotText {
        /// Bytes scanned.
        bytes: usize,
    },
}

impl FromStr for CaptureCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.trim().is_empty() {
            return Err(CodeError::Empty);
        }
        if text.len() > MAX_CODE_BYTES {
            return Err(CodeError::TooLong { bytes: text.len() });
        }
        match text.chars().filter(|c| c.is_control()).count() {
            0 => Ok(Self(text.to_owned())),
            count => Err(CodeError::ControlCharacters { count }),
        }
    }
}

impl TryFrom<&[u8]> for CaptureCode {
    type Error = CodeError;

    fn try_from(bytes: &[u8]) -> Result<Self, CodeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.parse(),
            Err(_) => Err(CodeError::NotText { bytes: bytes.len() }),
        }
    }
}

impl TryFrom<String> for CaptureCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<CaptureCode> for String {
    fn from(code: CaptureCode) -> Self {
        code.0
    }
}

impl CaptureCode {
    /// The code to the letter: for the ledger and for matching a roster, never for a screen or a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What screens and logs show instead of the code.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let digest = Sha256::digest(self.0.as_bytes());
        Fingerprint(digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect())
    }
}

/// How the keys begin under which students of a roster sit, and who is in no roster; no QR code is taken that
/// begins like this.
const BY_NUMBER: &str = "caiying:number:";
const WALK_UP: &str = "caiying:walk-up:";

/// What a key says of how its student was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A code that was scanned.
    Code,
    /// A line of the roster, or an identity card.
    Number,
    /// A person's word: nobody knew him.
    WalkUp,
}

/// What a number is known by. It hides the number from a glance, not from somebody who tries all numbers.
pub(super) fn digest_of_number(number: &str) -> [u8; 32] {
    Sha256::new().chain_update(BY_NUMBER).chain_update(number).finalize().into()
}

impl CaptureCode {
    /// What stands for a student without a code, by his student number or id number.
    #[must_use]
    pub fn of_number(number: &str) -> Self {
        Self(format!("{BY_NUMBER}{}", hex(&digest_of_number(number))))
    }

    /// What stands for a student who is in no roster, by whatever tells him from everybody else.
    #[must_use]
    pub fn of_walk_up(unique: &[u8]) -> Self {
        Self(format!(
            "{WALK_UP}{}",
            hex(&Sha256::new().chain_update(WALK_UP).chain_update(unique).finalize())
        ))
    }

    /// How its student was found.
    #[must_use]
    pub fn source(&self) -> Source {
        if self.0.starts_with(BY_NUMBER) {
            Source::Number
        } else if self.0.starts_with(WALK_UP) {
            Source::WalkUp
        } else {
            Source::Code
        }
    }

    /// The digest of the number this was made of; `None` when it was scanned.
    pub(super) fn number_digest(&self) -> Option<[u8; 32]> {
        let hex = self.0.strip_prefix(BY_NUMBER)?;
        let mut digest = [0; 32];
        for (place, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(hex.get(place * 2..place * 2 + 2)?, 16).ok()?;
        }
        Some(digest)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for CaptureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaptureCode({})", self.fingerprint())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_shows_in_debug() {
        let code: CaptureCode = "eyJ4bSI6IuW8oCrkuIkifQ==".parse().unwrap();
        assert!(!format!("{code:?}").contains("eyJ4"));
        assert_eq!(format!("{code:?}"), format!("CaptureCode({})", code.fingerprint()));
        assert_eq!(code.fingerprint().to_string().len(), 12);
    }

    #[test]
    fn what_is_no_code_is_refused_with_the_reason() {
        assert_eq!("".parse::<CaptureCode>(), Err(CodeError::Empty));
        assert_eq!(" \u{3000} ".parse::<CaptureCode>(), Err(CodeError::Empty));
        assert_eq!("a\u{1}\u{2}".parse::<CaptureCode>(), Err(CodeError::ControlCharacters { count: 2 }));
        assert_eq!("x".repeat(4096).parse::<CaptureCode>(), Err(CodeError::TooLong { bytes: 4096 }));
        assert_eq!(CaptureCode::try_from(&[0xff_u8, 0xfe][..]), Err(CodeError::NotText { bytes: 2 }));
    }

    #[test]
    fn a_code_is_kept_to_the_letter() {
        let text = " a b=+/ ";
        assert_eq!(String::from(text.parse::<CaptureCode>().unwrap()), text);
    }
}
