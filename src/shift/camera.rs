//! What the camera has to tell beside its files: each kind of trouble in its own place, so that none hides another.

use super::Shift;
use crate::{
    camera::{CameraError, CameraInfo, CameraStatus},
    crew::CameraOrder,
    screens::{CameraView, TroubleKind, trouble},
    sound::Chime,
};

impl Shift {
    /// The operator wants whoever holds the camera to let it go.
    pub fn release_camera(&mut self) {
        self.troubles.remove(&TroubleKind::Notice);
        self.camera.push(CameraOrder::Release);
        self.hand_over();
    }

    /// The camera is there.
    pub(super) fn camera_came(&mut self, info: CameraInfo) {
        let by_hand = self.shown.camera.by_hand;
        let CameraInfo { model, battery, .. } = info;
        self.shown.camera = CameraView { connected: true, model, battery, by_hand, held: false };
        self.finder.camera_came();
        self.day.card_changed();
        self.set_trouble(TroubleKind::Camera, None);
        // Its clock was read anew; what is still wrong with it is told after this.
        self.set_trouble(TroubleKind::CameraClock, None);
    }

    /// The camera has gone.
    pub(super) fn camera_went(&mut self, err: &CameraError) {
        if self.shown.camera.connected {
            self.bell.ring(Chime::Trouble);
        }
        self.shown.camera.connected = false;
        self.shown.camera.held = matches!(err, CameraError::Claimed { .. });
        self.finder.camera_went();
        self.day.card_changed();
        self.set_trouble(TroubleKind::Camera, Some(trouble::camera(err)));
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
