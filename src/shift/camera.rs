//! What the camera has to tell beside its files: each kind of trouble in its own place, so that none hides another.

use super::Shift;
use crate::{
    camera::{CameraError, CameraStatus},
    crew::CameraOrder,
    screens::{TroubleKind, trouble},
};

impl Shift {
    /// The operator wants whoever holds the camera to let it go.
    pub fn release_camera(&mut self) {
        self.troubles.remove(&TroubleKind::Notice);
        self.camera.push(CameraOrder::Release);
        self.hand_over();
    }

    /// A person must know or do something although the camera goes on working.
    pub(super) fn camera_noticed(&mut self, err: &CameraError) {
        self.set_trouble(kind(err), Some(trouble::camera(err)));
    }

    /// How the camera stands now: what is well again is no longer told.
    pub(super) fn camera_stands(&mut self, status: CameraStatus) {
        if !status.battery_is_low {
            self.set_trouble(TroubleKind::Battery, None);
        }
        if status.as_settled {
            self.set_trouble(TroubleKind::CameraSettings, None);
        }
        self.shown.camera.battery = status.battery;
    }
}

/// Where a notice belongs: what is to be read once goes when the operator goes on.
#[expect(clippy::wildcard_enum_match_arm, reason = "all others are for a person to mend, and stay")]
fn kind(err: &CameraError) -> TroubleKind {
    match err {
        CameraError::NoClock | CameraError::ClockAhead { .. } => TroubleKind::CameraClock,
        CameraError::RawOnly => TroubleKind::CameraFormat,
        CameraError::AnotherBody { .. } | CameraError::SeveralCameras { .. } => TroubleKind::CameraBody,
        CameraError::OlderOnCard { .. } => TroubleKind::CameraCard,
        CameraError::BatteryLow { .. } => TroubleKind::Battery,
        CameraError::SettingChanged { .. } => TroubleKind::CameraSettings,
        CameraError::SettingsRefused(_)
        | CameraError::SettingsRestored(_)
        | CameraError::KnownFault { .. }
        | CameraError::NotReleased(_) => TroubleKind::Notice,
        _ => TroubleKind::CameraNotice,
    }
}
