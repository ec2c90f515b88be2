//! What a camera says of itself, and what it is told once: where pictures go.

use chrono::Offset as _;
use gphoto2::widget::{DateWidget, RadioWidget, TextWidget};

use super::{
    super::{CameraError, CameraInfo},
    Gphoto,
    errors::classify,
};
use crate::shot::CameraTime;

impl Gphoto {
    fn text(&self, key: &str) -> Option<String> {
        let widget = self.camera.as_ref()?.config_key::<TextWidget>(key).wait().ok()?;
        Some(widget.value()).filter(|text| !text.trim().is_empty())
    }

    /// What the camera's clock on the wall shows. libgphoto2 takes the camera's local time for this computer's
    /// and makes it a time stamp; going back by this computer's zone gives what the camera writes into files.
    pub(super) fn clock(&self) -> Option<CameraTime> {
        let widget = self.camera.as_ref()?.config_key::<DateWidget>("datetime").wait().ok()?;
        let stamp = chrono::DateTime::from_timestamp(i64::from(widget.timestamp()), 0)?;
        let zone = stamp.with_timezone(&chrono::Local).offset().fix().local_minus_utc();
        Some(CameraTime { ms: (stamp.timestamp() + i64::from(zone)) * 1000, span_ms: 1000 })
    }

    /// Pictures go to the card, so that a broken cable loses none. Chosen by its place in the list: the words
    /// are translated and differ between models.
    pub(super) fn shoot_to_card(&self) -> Result<(), CameraError> {
        let camera = self.camera()?;
        let Ok(target) = camera.config_key::<RadioWidget>("capturetarget").wait() else { return Ok(()) };
        let choices: Vec<String> = target.choices_iter().collect();
        let Some(card) = choices.get(1) else { return Ok(()) };
        if target.choice() == *card {
            return Ok(());
        }
        target.set_choice(card).map_err(|err| classify(&err))?;
        camera.set_config(&target).wait().map_err(|err| classify(&err))
    }

    pub(super) fn info(&self, port: String) -> Result<CameraInfo, CameraError> {
        let camera = self.camera()?;
        let storages = camera.storages().wait().map_err(|err| classify(&err))?;
        // The crate multiplies by 1,024 already: what it calls kilobytes are bytes.
        let free_bytes = storages.iter().filter_map(gphoto2::filesys::StorageInfo::free_kb).max();
        Ok(CameraInfo {
            model: self.text("cameramodel").unwrap_or_else(|| camera.abilities().model().into_owned()),
            serial: self.text("eosserialnumber").or_else(|| self.text("serialnumber")).unwrap_or_default(),
            port,
            battery: self.text("batterylevel"),
            free_bytes,
            clock: None,
        })
    }
}
