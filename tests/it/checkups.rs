//! 体检 in the window: a line each, the worst on top in one sentence, and one key to mend what can be mended.

use std::sync::Arc;

use caiying::{
    camera::doctor::Verdict,
    language::{Language, Phrase},
    screens::{Asked, CheckupLine, CheckupView, DeskView, Mend, Place, View},
    station::Phase,
};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::screens::{Desk, desk_at, view};

fn line(verdict: Verdict, zh: &str, mend: Option<Mend>) -> CheckupLine {
    CheckupLine {
        verdict,
        title: Phrase::new("相机", "camera"),
        said: Phrase::new(zh, "how it stands"),
        remedy: (verdict != Verdict::Good).then(|| Phrase::new("怎么办", "what to do")),
        mend,
    }
}

fn window(lines: Vec<CheckupLine>, language: Language) -> Desk {
    let desk = DeskView::Checkup(Arc::new(CheckupView { lines }));
    let view = View { desk, language, ..view(Phase::Idle) };
    desk_at(view, Place::Checkup)
}

#[test]
fn the_worst_line_decides_what_is_said_of_the_whole() {
    use Verdict::{Act, Good, Look};
    for (verdicts, word) in [
        (vec![Good, Good], "✓ 可以开工"),
        (vec![Good, Look], "▲ 可以开工，先看一眼黄色的"),
        (vec![Look, Act, Good], "× 先处理红色的，再开工"),
    ] {
        let lines = verdicts.into_iter().map(|verdict| line(verdict, "样子", None)).collect();
        assert!(window(lines, Language::Chinese).query_by_label(word).is_some(), "{word}");
    }
    assert!(window(vec![], Language::English).query_by_label("✓ ready for the day").is_some());
}

#[test]
fn what_is_to_be_done_stands_above_what_is_well() {
    use Verdict::{Act, Good, Look};
    let lines = [(Good, "甲"), (Look, "乙"), (Good, "丙"), (Act, "丁"), (Look, "戊")];
    let harness = window(lines.map(|(verdict, said)| line(verdict, said, None)).to_vec(), Language::Chinese);
    let mut order = ["甲", "乙", "丙", "丁", "戊"];
    order.sort_by_key(|said| harness.get_by_label(said).rect().min.y as i64);
    assert_eq!(order, ["丁", "乙", "戊", "甲", "丙"], "among equals as in a morning");
}

#[test]
fn a_key_mends_what_is_wrong_and_nothing_that_is_well() {
    use Verdict::{Act, Good, Look};
    for (verdict, mend, key, asked) in [
        (Act, Mend::ReleaseCamera, Key::F9, Some(Asked::Mend(Mend::ReleaseCamera))),
        (Look, Mend::SetClock, Key::K, Some(Asked::Mend(Mend::SetClock))),
        (Look, Mend::LookAgain, Key::C, Some(Asked::Mend(Mend::LookAgain))),
        (Good, Mend::SetClock, Key::K, None),
    ] {
        let mut harness = window(vec![line(verdict, "样子", Some(mend))], Language::Chinese);
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().2, Vec::from_iter(asked), "{mend:?}");
    }
    let mut harness = window(vec![line(Look, "样子", Some(Mend::Go(Place::Tray)))], Language::Chinese);
    harness.get_by_label("未归属  [F4]").click();
    harness.run();
    assert_eq!((harness.state().1.here(), harness.state().2.len()), (Place::Tray, 0));
}

/// Whoever looks at another screen still sees how capturing stands, and no key of that screen shoots.
#[test]
fn capturing_is_seen_and_not_touched_from_another_screen() {
    let mut harness = window(vec![], Language::Chinese);
    assert!(harness.query_by_label("● 等待采集码").is_some());
    for key in [Key::Space, Key::Enter, Key::Escape, Key::R, Key::S] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!(harness.state().2, []);
    harness.key_press(Key::F2);
    harness.run();
    assert_eq!(harness.state().1.here(), Place::Capture);
}
