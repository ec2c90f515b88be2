//! What libgphoto2 means by an error.
//!
//! It has some thirty kinds of its own and translates only a handful of PTP's response codes into them; all
//! others arrive as the same -1, and the code stands only in what it says beside (`(0x200c: PTP Store Full)`).
//! So an error is told by its code first and by its kind second, never by words, which may be translated. The
//! codes are those of ISO 15740 and, above 0xa000, of Canon and Nikon in libgphoto2's `ptp.h`.

use std::sync::{Mutex, OnceLock, PoisonError};

use gphoto2::{Error, error::ErrorKind};

use super::super::CameraError;

/// The connection failed, unless the error names another reason.
pub(super) fn broken(err: &Error) -> CameraError {
    let err = classify(err);
    if let CameraError::Other(said) = err { CameraError::Broken { said } } else { err }
}

/// What an error means, whatever was asked for.
pub(super) fn classify(err: &Error) -> CameraError {
    let said = LastWords::take().unwrap_or_else(|| err.to_string());
    judge(&err.kind(), said)
}

/// What an error means when the shutter was to be fired.
///
/// "Perhaps no focus?" has neither a code nor a kind of its own, on Canon (`camera_trigger_canon_eos_capture`
/// reads it from the focus record), Fuji and Panasonic alike. But whatever else fails at that point is a PTP
/// operation with its code, or a kind: an unspecified failure about which something is said without a code is
/// the failed focus.
pub(super) fn not_fired(err: &Error) -> CameraError {
    match LastWords::take() {
        Some(said) if err.kind() == ErrorKind::Other && code(&said).is_none() => CameraError::NoFocus,
        said => judge(&err.kind(), said.unwrap_or_else(|| err.to_string())),
    }
}

fn judge(kind: &ErrorKind, said: String) -> CameraError {
    match code(&said).and_then(|code| by_code(code, &said)) {
        Some(err) => err,
        None => by_kind(kind, said),
    }
}

/// The response code in libgphoto2's words: `… (0x2019: PTP Device Busy)`, or bare in a few places.
fn code(said: &str) -> Option<u16> {
    let at = said.find("(0x").map(|at| at + 1).or_else(|| said.find("0x"))?;
    let digits = said.get(at + 2..)?;
    let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    u16::from_str_radix(digits.get(..end)?, 16).ok()
}

fn by_code(code: u16, said: &str) -> Option<CameraError> {
    Some(match code {
        // Device busy; not ready (Canon); mirror up, bulb, silent and film release busy (Nikon).
        0x2019 | 0xa102 | 0xa009 | 0xa200..=0xa202 => CameraError::Busy,
        // Out of focus (Nikon).
        0xa002 => CameraError::NoFocus,
        // Store full.
        0x200c => CameraError::CardFull,
        // Store not available.
        0x2013 => CameraError::NoCard,
        // Store read only; store error, store unformatted (Nikon).
        0x200e | 0xa022 | 0xa024 => CameraError::CardUnusable,
        // Access denied; operation refused (Canon); invalid status (Nikon).
        0x200f | 0xa005 | 0xa004 => CameraError::Denied,
        // Operation, parameter, property not supported.
        0x2005 | 0x2006 | 0x200a => CameraError::NotSupported,
        // Battery low (Canon).
        0xa101 => CameraError::NoPower,
        // General error, session not open, invalid transaction, incomplete transfer, session already open,
        // transaction cancelled; and libgphoto2's own for a line that broke or timed out.
        0x2002..=0x2004 | 0x2007 | 0x201e | 0x201f | 0x02f9..=0x02ff => {
            CameraError::Broken { said: said.to_owned() }
        }
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what else may happen is told in libgphoto2's own words")]
fn by_kind(kind: &ErrorKind, said: String) -> CameraError {
    match kind {
        ErrorKind::CameraBusy => CameraError::Busy,
        ErrorKind::ModelNotFound | ErrorKind::IoUsbFind | ErrorKind::UnknownPort => CameraError::NotFound,
        ErrorKind::IoUsbClaim | ErrorKind::IoLock => CameraError::Claimed { by: None },
        ErrorKind::NoMemory | ErrorKind::NoSpace => CameraError::CardFull,
        ErrorKind::NotSupported => CameraError::NotSupported,
        ErrorKind::Io
        | ErrorKind::IoRead
        | ErrorKind::IoWrite
        | ErrorKind::IoUpdate
        | ErrorKind::IoUsbClearHalt
        | ErrorKind::Timeout
        | ErrorKind::CorruptedData => CameraError::Broken { said },
        _ => CameraError::Other(said),
    }
}

/// The last thing libgphoto2 said through the crate's log hook: the only place where some reasons are told.
pub(super) struct LastWords;

static LAST_WORDS: Mutex<Option<String>> = Mutex::new(None);
static LISTENING: OnceLock<()> = OnceLock::new();

impl LastWords {
    /// Must happen before the first context: the hook looks only then whether anybody listens.
    pub(super) fn listen() {
        LISTENING.get_or_init(|| {
            // Somebody else's logger would take the words; then the kind alone must do.
            if log::set_logger(&Self).is_ok() {
                log::set_max_level(log::LevelFilter::Error);
            }
        });
    }

    /// Must happen before an operation: what was said of the last one is no reason for this one's failure.
    pub(super) fn forget() {
        Self::take();
    }

    fn take() -> Option<String> {
        LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl log::Log for LastWords {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Error
    }

    fn log(&self, record: &log::Record<'_>) {
        *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(record.args().to_string());
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_counts_and_not_the_words_around_it() {
        for (said, wanted) in [
            ("Canon EOS Full-Press failed (0x2019: PTP Device Busy)", Some(0x2019)),
            ("佳能 EOS 全按快门失败 (0x200C: PTP 存储已满)", Some(0x200c)),
            ("Canon EOS Get Changes failed: 0x2002", Some(0x2002)),
            ("Canon EOS Capture failed to release: Perhaps no focus?", None),
            ("Could not claim interface 0 (Device or resource busy).", None),
            ("0x", None),
            ("(0x123456: no such thing)", None),
        ] {
            assert_eq!(code(said), wanted, "{said}");
        }
    }

    /// libgphoto2 may say something of what nobody minds, and nothing of what fails next.
    #[test]
    fn what_was_said_of_an_earlier_trouble_is_no_reason_for_a_later_one() {
        let silent = Error::new(gphoto2::libgphoto2_sys::GP_ERROR, None);
        let say = |words: &str| *LAST_WORDS.lock().unwrap() = Some(words.to_owned());
        say("(0x200c: PTP Store Full)");
        assert_eq!(classify(&silent), CameraError::CardFull);
        say("(0x200c: PTP Store Full)");
        LastWords::forget();
        assert!(matches!(classify(&silent), CameraError::Other(_)));
        say("Perhaps no focus?");
        assert_eq!(not_fired(&silent), CameraError::NoFocus);
        assert!(matches!(not_fired(&silent), CameraError::Other(_)), "nothing was said");
    }

    #[test]
    fn a_code_goes_before_the_kind() {
        let full = judge(&ErrorKind::Other, "(0x200c: whatever)".to_owned());
        assert_eq!(full, CameraError::CardFull);
        assert_eq!(judge(&ErrorKind::CameraBusy, "nothing".to_owned()), CameraError::Busy);
        let unknown = judge(&ErrorKind::Other, "(0x9999: whatever)".to_owned());
        assert_eq!(unknown, CameraError::Other("(0x9999: whatever)".to_owned()));
    }
}
