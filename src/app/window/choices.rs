//! What a set-up can choose from on this computer, and how it is written down.

use super::super::{failure::Failure, places};
use crate::{camera::usb_bus::UsbBus, scan, screens::SetupView, settings::Settings};

/// The same, with what there is to choose from now.
pub(super) fn look(of: SetupView) -> SetupView {
    let cameras = UsbBus::system().look().map(|bus| bus.cameras).unwrap_or_default();
    SetupView {
        profiles: places::profiles(),
        cameras: cameras.into_iter().map(|camera| camera.name).collect(),
        webcams: scan::found().iter().map(scan::Found::label).collect(),
        ..of
    }
}

/// Writes settings down, and keeps what stood in their file beside them.
pub(super) fn write(settings: &Settings, file: Option<&std::path::Path>) -> Result<(), Failure> {
    places::write_settings(settings, file)
}
