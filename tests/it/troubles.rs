//! What is wrong, on the screen: the banner for a device that is gone, a line for the rest, and the key that leads to
//! where it is mended.

use caiying::{
    camera::CameraError,
    language::Phrase,
    portrait::Away,
    scan::WebcamError,
    screens::{CameraView, LookupView, Place, Trouble, TroubleKind, View, Words, trouble},
    station::Phase,
    student::RosterError,
};
use egui_kittest::kittest::Queryable as _;

use crate::{
    screens::{desk_at, phases, sitting, view, window},
    world::code,
};

/// Codes are not read any more, since the webcam was pulled out.
fn blind(phase: Phase) -> View {
    let words = trouble::webcam(&WebcamError::NotFound);
    View { troubles: vec![Trouble { kind: TroubleKind::Webcam, words }], webcam: false, ..view(phase) }
}

const LOST: &str = "摄像头断开";

#[test]
fn a_lost_webcam_is_the_banner_until_somebody_sits() {
    let harness = window(blind(Phase::Idle));
    assert!(harness.query_by_label(LOST).is_some() && harness.query_by_label("等待采集码").is_none());
    assert!(harness.query_by_label("修好前可用扫码枪").is_some(), "nobody is called by name here");
    assert!(
        harness.query_by_label_contains("没有找到扫码摄像头：请插好摄像头").is_some(),
        "the line says more"
    );
    let lookup = LookupView { may_search: true, ..LookupView::default() };
    let harness = window(View { lookup: lookup.clone(), ..blind(Phase::Idle) });
    assert!(harness.query_by_label("修好前可用扫码枪，或按 F 查找").is_some());
    // Whoever was saved in that moment is not to be photographed again.
    let saved = Some(code(1).fingerprint());
    let harness = window(View { saved, lookup, ..blind(Phase::Idle) });
    assert!(harness.query_by_label("上一位已保存；修好前可用扫码枪，或按 F 查找").is_some());
    let elsewhere = desk_at(blind(Phase::Idle), Place::Day);
    assert!(elsewhere.query_by_label("× 摄像头断开").is_some(), "on every screen");
    // Whoever sits, or is asked about, can be photographed, or let go: that is the banner's.
    for (phase, word) in phases().into_iter().filter(|(phase, _)| *phase != Phase::Idle) {
        let harness = window(blind(phase));
        assert!(harness.query_by_label(word).is_some() && harness.query_by_label(LOST).is_none(), "{word}");
        assert!(harness.query_by_label_contains("没有找到扫码摄像头").is_some(), "a line tells it: {word}");
    }
}

#[test]
fn a_webcam_that_is_being_opened_or_not_wanted_is_not_lost_and_a_lost_camera_goes_first() {
    let opening = View { troubles: vec![], ..blind(Phase::Idle) };
    let unwanted = View { wants_webcam: false, ..blind(Phase::Idle) };
    for well in [opening, unwanted] {
        let harness = window(well);
        assert!(harness.query_by_label("等待采集码").is_some() && harness.query_by_label(LOST).is_none());
    }
    let harness = window(View { camera: CameraView::default(), ..blind(Phase::Idle) });
    assert!(harness.query_by_label("相机断开").is_some() && harness.query_by_label(LOST).is_none());
}

/// Nobody waits for what does not come back by itself: where another program holds the camera, the banner names the key.
#[test]
fn a_camera_that_is_held_is_not_said_to_come_back_by_itself() {
    let of = |held| {
        let camera = CameraView { held, ..CameraView::default() };
        window(View { camera, ..view(Phase::Idle) })
    };
    let held = of(true);
    assert!(
        held.query_by_label("相机被占用").is_some() && held.query_by_label_contains("按 F9 释放").is_some()
    );
    assert!(held.query_by_label_contains("自动重连").is_none());
    let gone = of(false);
    assert!(gone.query_by_label("相机断开").is_some() && gone.query_by_label_contains("自动重连").is_some());
    assert!(gone.query_by_label_contains("F9").is_none());
}

fn troubled(kind: TroubleKind, words: Words) -> View {
    View { troubles: vec![Trouble { kind, words }], ..view(Phase::CodeScanned(sitting())) }
}

/// How often the key of each screen stands on this one: at its foot, and behind a trouble that is mended there.
fn keys(view: &View, here: Place) -> Vec<(Place, usize)> {
    let harness = desk_at(view.clone(), here);
    let count = |place: Place| {
        let name = format!("{} {}", place.key().name(), place.title().zh);
        (place, harness.query_all_by_label(&name).count())
    };
    [Place::Day, Place::Checkup, Place::Setup].map(count).to_vec()
}

#[test]
fn a_trouble_that_a_key_mends_has_it_at_its_end_and_a_click_does_the_same() {
    let camera = |err| trouble::camera(&err);
    let ahead = || camera(CameraError::ClockAhead { seconds: 42 });
    for (kind, words, mended) in [
        (TroubleKind::CameraClock, ahead(), Some(Place::Checkup)),
        (TroubleKind::CameraCard, camera(CameraError::OlderOnCard { count: 312 }), Some(Place::Checkup)),
        (TroubleKind::Drift, trouble::drift(&[Away::Light(-6.0)]).unwrap(), Some(Place::Checkup)),
        // Its words name the key.
        (TroubleKind::Calibration, trouble::stale_calibration(26.0), None),
        (TroubleKind::Roster, trouble::roster(&RosterError::NotText), Some(Place::Checkup)),
        (TroubleKind::Webcam, trouble::webcam(&WebcamError::Busy), Some(Place::Setup)),
        // No key charges a battery, turns a dial or makes room.
        (TroubleKind::Battery, camera(CameraError::BatteryEmpty { percent: 8 }), None),
        (TroubleKind::CameraFormat, camera(CameraError::RawOnly), None),
        (TroubleKind::Record, trouble::clerk(&caiying::ledger::LedgerError::NoSpace.into()), None),
        (TroubleKind::Notice, trouble::stray(), None),
    ] {
        let view = troubled(kind, words);
        for (place, count) in keys(&view, Place::Capture) {
            assert_eq!(count, 1 + usize::from(mended == Some(place)), "{kind:?} {place:?}");
        }
        let Some(place) = mended else { continue };
        let mut harness = desk_at(view, Place::Capture);
        let name = format!("{} {}", place.key().name(), place.title().zh);
        let line = harness.query_all_by_label(&name).min_by(|a, b| a.rect().min.y.total_cmp(&b.rect().min.y));
        line.unwrap().click();
        harness.run();
        assert_eq!(harness.state().1.here(), place, "{kind:?}");
        assert_eq!(harness.state().2, [], "{kind:?}: nothing else is asked for");
    }
}

/// What is told on other screens has its key there too, but not on the screen where one is already; nor is a key said
/// twice that the words name.
#[test]
fn a_key_is_said_once_and_not_where_one_is_already() {
    let ahead = trouble::camera(&CameraError::ClockAhead { seconds: 42 });
    let at_checkup = |view: &View, here| keys(view, here)[1].1;
    let clock = troubled(TroubleKind::CameraClock, ahead);
    assert_eq!(at_checkup(&clock, Place::Day), 2);
    assert_eq!(at_checkup(&clock, Place::Checkup), 1);
    let named = Words {
        headline: Phrase::new("相机时钟不对", "the camera's clock is wrong"),
        remedy: Phrase::new("按 F6，再按 K 对时", "press F6, then K"),
    };
    let named = troubled(TroubleKind::CameraClock, named);
    assert_eq!((at_checkup(&named, Place::Capture), at_checkup(&named, Place::Day)), (1, 1));
    let mut elsewhere = desk_at(clock, Place::Day);
    let name = "F6 体检";
    let told = elsewhere.query_all_by_label(name).min_by(|a, b| a.rect().min.y.total_cmp(&b.rect().min.y));
    told.unwrap().click();
    elsewhere.run();
    assert_eq!(elsewhere.state().1.here(), Place::Checkup);
}
