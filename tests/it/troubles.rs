//! What is wrong, on the screen: the banner for a device that is gone and a line for
//! the rest.

use caiying::{
    scan::WebcamError,
    screens::{CameraView, LookupView, Place, Trouble, TroubleKind, View, trouble},
    station::Phase,
};
use egui_kittest::kittest::Queryable as _;

use crate::{
    screens::{desk_at, phases, view, window},
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
