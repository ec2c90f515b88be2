//! What the webcam sees on the capture screen: the code's outline where the code is, and a word two metres away.

use std::sync::Arc;

use caiying::{
    scan::{Hint, Luma, Preview},
    screens::{SightFrame, View, theme},
    station::Phase,
};
use eframe::egui::{Rect, Shape};
use egui_kittest::kittest::Queryable as _;

use crate::screens::{phases, view, window};

/// A code in the upper left quarter of the webcam's frame.
const OUTLINE: [(f32, f32); 4] = [(0.125, 0.125), (0.25, 0.125), (0.25, 0.375), (0.125, 0.375)];

fn sees(phase: Phase, outlines: usize, hint: Option<Hint>) -> View {
    let picture = Luma { width: 640, height: 360, pixels: vec![90; 640 * 360] };
    let preview = Preview { picture, outlines: vec![OUTLINE; outlines], hint };
    View { sight: Some(SightFrame { preview: Arc::new(preview), number: 1 }), ..view(phase) }
}

#[test]
fn an_outline_lies_on_its_code_as_in_a_mirror() {
    let harness = window(sees(Phase::Idle, 1, None));
    let shapes = || harness.output().shapes.iter().map(|clipped| &clipped.shape);
    let pictures: Vec<Rect> = shapes()
        .filter_map(|shape| match shape {
            Shape::Rect(rect) if rect.brush.is_some() => Some(rect.rect),
            _ => None,
        })
        .collect();
    let [picture] = pictures.as_slice() else { panic!("{pictures:?}") };
    let ratio = picture.width() / picture.height();
    assert!((ratio - 16.0 / 9.0).abs() < 0.01 && picture.width() > 380.0, "{picture}");
    let lines: Vec<_> = shapes()
        .filter_map(|shape| match shape {
            Shape::Path(path) if path.closed && path.stroke.width >= 4.0 => Some(path.points.clone()),
            _ => None,
        })
        .collect();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    let seen = Rect::from_points(line);
    let share = |x: f32, y: f32| picture.lerp_inside(eframe::egui::vec2(x, y));
    // From the left in the webcam is from the right on the screen.
    let wanted = Rect::from_two_pos(share(0.75, 0.125), share(0.875, 0.375));
    assert!(seen.min.distance(wanted.min) < 1.0 && seen.max.distance(wanted.max) < 1.0, "{seen} {wanted}");
    assert!(harness.query_by_label_contains("已读到二维码").is_some());
}

#[test]
fn a_code_that_is_not_read_gets_the_largest_letters_while_nobody_sits() {
    for (hint, word, remedy) in [
        (Hint::TooFar, "太远", "请靠近"),
        (Hint::TooDark, "太暗", "请到亮处，或开灯"),
        (Hint::Glare, "反光", "请转动手机，避开灯光"),
        (Hint::DimScreen, "屏幕太暗", "请调亮屏幕"),
    ] {
        let harness = window(sees(Phase::Idle, 0, Some(hint)));
        assert!(harness.get_by_label(word).rect().height() >= theme::HUGE, "{word}");
        assert!(harness.query_by_label(remedy).is_some(), "{remedy}");
        assert!(
            harness.query_by_label_contains(&format!("▲ {word}：{remedy}")).is_some(),
            "below the picture"
        );
    }
    let two = window(sees(Phase::Idle, 2, None));
    assert!(two.query_by_label_contains("请只出示一个采集码").is_some());
}

/// Whoever sits has the banner; the next student's phone does not take it.
#[test]
fn who_sits_keeps_the_banner_and_his_findings() {
    for (phase, word) in phases() {
        let is_idle = matches!(phase, Phase::Idle);
        let is_judged = matches!(phase, Phase::Shot(..) | Phase::Reviewing(..) | Phase::Queueing(..))
            || phase.sitting().is_some_and(|sitting| sitting.declined.is_some());
        let mut sees = sees(phase, 0, Some(Hint::TooFar));
        if sees.phase.sitting().is_some_and(|sitting| sitting.declined.is_some()) {
            sees.declined = Some(caiying::language::Phrase::new("没有找到人脸", "no face"));
        }
        let harness = window(sees);
        assert_eq!(harness.query_by_label(word).is_some(), !is_idle, "{word}");
        assert_eq!(harness.query_by_label_contains("太远：请靠近").is_some(), !is_judged, "{word}");
    }
}
