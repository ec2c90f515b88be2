//! Every trouble of the capture screen, where it arises: a line for what does not stop the work, the whole banner for a
//! camera that is gone.

use caiying::{
    camera::CameraError,
    ledger::LedgerError,
    machine::Room,
    portrait::Away,
    profile::Setting,
    scan::{IdReaderError, WebcamError},
    screens::{CameraView, Place, Trouble, TroubleKind, View, Words, trouble},
    station::Phase,
    student::RosterError,
};

use super::Scene;
use crate::{
    screens::{sitting, view},
    sitter_screen::card,
};

/// One of each kind, in the words of one of its troubles.
pub(super) fn troubles() -> Vec<(&'static str, TroubleKind, Words)> {
    use TroubleKind as Kind;
    let camera = |err| trouble::camera(&err);
    let turned = CameraError::SettingChanged {
        setting: Setting::Aperture,
        from: "f/8".to_owned(),
        to: "f/5.6".to_owned(),
    };
    let another =
        CameraError::AnotherBody { model: "Canon EOS 80D".to_owned(), serial: "0123456789".to_owned() };
    vec![
        ("trouble_worker", Kind::Worker, trouble::worker_ended("darkroom")),
        ("trouble_swamped", Kind::Swamped, trouble::swamped()),
        ("trouble_space", Kind::Space, trouble::little_room(Room::of(Some(2_400_000_000))).unwrap()),
        ("trouble_record", Kind::Record, trouble::ledger(&LedgerError::NoSpace)),
        ("trouble_closing", Kind::Closing, trouble::unsaved()),
        ("trouble_camera", Kind::Camera, camera(CameraError::NotFound)),
        (
            "trouble_camera_notice",
            Kind::CameraNotice,
            camera(CameraError::LeftOnCard { name: "IMG_0001.JPG".to_owned() }),
        ),
        ("trouble_camera_body", Kind::CameraBody, camera(another)),
        ("trouble_camera_card", Kind::CameraCard, camera(CameraError::OlderOnCard { count: 312 })),
        ("trouble_camera_clock", Kind::CameraClock, camera(CameraError::ClockAhead { seconds: 42 })),
        ("trouble_camera_format", Kind::CameraFormat, camera(CameraError::RawOnly)),
        ("trouble_battery", Kind::Battery, camera(CameraError::BatteryEmpty { percent: 8 })),
        ("trouble_camera_settings", Kind::CameraSettings, camera(turned)),
        ("trouble_drift", Kind::Drift, trouble::drift(&[Away::Light(-6.0), Away::Focus(0.6)]).unwrap()),
        ("trouble_calibration", Kind::Calibration, trouble::stale_calibration(26.0)),
        ("trouble_clock", Kind::Clock, trouble::clock_behind(365 * 86_400_000)),
        ("trouble_webcam", Kind::Webcam, trouble::webcam(&WebcamError::NotFound)),
        ("trouble_order", Kind::Order, camera(CameraError::Busy)),
        ("trouble_notice", Kind::Notice, trouble::stray()),
        ("trouble_day", Kind::Day, trouble::ledger(&LedgerError::NoSpace)),
        ("trouble_roster", Kind::Roster, trouble::roster(&RosterError::NotText)),
        ("trouble_id_reader", Kind::IdReader, trouble::id_reader(&IdReaderError::Silent)),
    ]
}

/// With somebody before the camera, unless it is gone; with nobody who shows a code, where none is read any more.
fn with(kind: TroubleKind, words: Words) -> View {
    let trouble = Trouble { kind, words };
    if kind == TroubleKind::Webcam {
        return View { troubles: vec![trouble], webcam: false, ..view(Phase::Idle) };
    }
    let seated = view(Phase::CodeScanned(sitting()));
    let is_gone = kind == TroubleKind::Camera;
    let camera = if is_gone { CameraView::default() } else { seated.camera.clone() };
    View { troubles: vec![trouble], card: Some(card()), camera, ..seated }
}

pub(super) fn scenes() -> Vec<Scene> {
    let scene = |(name, kind, words)| {
        let scene = Scene::of(name, Place::Capture, with(kind, words));
        // What stops the work.
        if kind == TroubleKind::Camera { scene.main() } else { scene.beside() }
    };
    troubles().into_iter().map(scene).collect()
}
