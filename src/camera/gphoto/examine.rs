//! What a doctor asks of the camera, and the one thing a doctor does to it: setting its clock.

use gphoto2::{
    filesys::StorageInfo,
    widget::{DateWidget, RadioWidget},
};

use super::{
    super::{CameraError, Checkup, Target},
    Gphoto,
    errors::classify,
};

impl Gphoto {
    /// Without a camera, what there is to say without one.
    pub(super) fn checkup(&self) -> Result<Checkup, CameraError> {
        let library = gphoto2::library_version().unwrap_or_default().to_owned();
        if self.camera.is_none() {
            return Ok(Checkup { library, ..Checkup::default() });
        }
        let storages = self.camera()?.storages().wait().map_err(|err| classify(&err))?;
        // The crate multiplies by 1,024 already: what it calls kilobytes are bytes.
        let card = storages.iter().max_by_key(|storage| storage.free_kb());
        Ok(Checkup {
            library,
            free_bytes: card.and_then(StorageInfo::free_kb),
            card_bytes: card.and_then(StorageInfo::capacity_kb),
            image_format: self.chosen("imageformat").map(|(said, _)| said),
            // By its place in the list: words are translated and differ between models.
            target: self.chosen("capturetarget").map(|(said, place)| Target { said, is_card: place == 1 }),
        })
    }

    /// What is chosen under a key, and its place among the choices.
    fn chosen(&self, key: &str) -> Option<(String, usize)> {
        let widget = self.camera().ok()?.config_key::<RadioWidget>(key).wait().ok()?;
        let chosen = widget.choice();
        let place = widget.choices_iter().position(|choice| choice == chosen)?;
        Some((chosen, place))
    }

    /// libgphoto2 makes the camera's local time of it by this computer's zone, as it does when it reads.
    pub(super) fn set_date(&self, seconds: i64) -> Result<(), CameraError> {
        let date = self.camera()?.config_key::<DateWidget>("datetime").wait();
        let date = date.map_err(|_unknown| CameraError::NotSupported)?;
        date.set_timestamp(i32::try_from(seconds).map_err(|_after_2038| CameraError::NotSupported)?);
        self.camera()?.set_config(&date).wait().map_err(|err| classify(&err))
    }
}
