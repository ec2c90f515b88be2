//! Live view: frames between events, on the same thread. `capture_preview` hears events too and keeps them
//! (facts/camera.md section 2), so a shot on the body is never lost behind a frame.

use gphoto2::{error::ErrorKind, widget::ToggleWidget};

use super::{super::CameraError, Gphoto, errors::classify};

impl Gphoto {
    /// The frame that the driver has now: it gives up after 3 s of the camera saying that none is ready.
    pub(super) fn preview(&mut self) -> Result<Vec<u8>, CameraError> {
        let frame = self.camera()?.capture_preview().wait().map_err(|err| {
            if err.kind() == ErrorKind::NotSupported { CameraError::NoLiveView } else { classify(&err) }
        })?;
        self.bytes_of(&frame)
    }

    /// The mirror comes down. A body without this switch has none to come down.
    pub(super) fn close_viewfinder(&mut self) -> Result<(), CameraError> {
        let camera = self.camera()?;
        let Ok(viewfinder) = camera.config_key::<ToggleWidget>("viewfinder").wait() else { return Ok(()) };
        viewfinder.set_toggled(false);
        camera.set_config(&viewfinder).wait().map_err(|err| classify(&err))
    }
}
