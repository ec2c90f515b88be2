//! What libgphoto2 means by an error.

use std::sync::{Mutex, OnceLock, PoisonError};

use gphoto2::{Error, error::ErrorKind};

use super::super::CameraError;

/// The connection failed, unless the error names another reason.
pub(super) fn broken(err: &Error) -> CameraError {
    let err = classify(err);
    if let CameraError::Other(said) = err { CameraError::Broken { said } } else { err }
}

/// By kind and by the hexadecimal PTP code in the driver's last words, never by translated text
/// (facts/camera.md section 4.3: card full, no card and no focus all come back as the same error).
#[expect(clippy::wildcard_enum_match_arm, reason = "what else may happen is told in libgphoto2's own words")]
pub(super) fn classify(err: &Error) -> CameraError {
    let said = LastWords::take().unwrap_or_else(|| err.to_string());
    match err.kind() {
        ErrorKind::CameraBusy => CameraError::Busy,
        ErrorKind::ModelNotFound | ErrorKind::IoUsbFind | ErrorKind::UnknownPort => CameraError::NotFound,
        ErrorKind::IoUsbClaim | ErrorKind::IoLock => CameraError::Claimed,
        ErrorKind::NoMemory | ErrorKind::NoSpace => CameraError::CardFull,
        _ if said.contains("0x200c") => CameraError::CardFull,
        _ if said.contains("0x2013") => CameraError::NoCard,
        _ if said.contains("0x2019") => CameraError::Busy,
        _ if said.contains("no focus") => CameraError::NoFocus,
        ErrorKind::Io | ErrorKind::IoRead | ErrorKind::IoWrite | ErrorKind::IoUpdate | ErrorKind::Timeout => {
            CameraError::Broken { said }
        }
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
