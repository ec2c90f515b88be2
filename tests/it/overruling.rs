//! 仍要保存 on the screen: a person keeps a portrait against the checks, with name and reason, all by keyboard.

use caiying::{
    language::{Language, Phrase},
    portrait::{Answer, Finding, Verdict},
    screens::{Asked, Place, PortraitView, View},
    shot::{ShotId, SittingId, Trigger},
    station::{Phase, SeenCode, Sitting, Take, Wish},
};
use eframe::egui::{Event, Key};
use egui_kittest::kittest::Queryable as _;

use crate::{
    screens::{Desk, desk_at, view},
    world::{at, code, portrait, shot},
};

/// A portrait that failed one check waits; a person may overrule it, or not.
pub(crate) fn failed(may_be_overruled: bool, n: u64) -> View {
    let mut portrait = portrait(ShotId(n));
    portrait.findings.push(Finding {
        check: "glare",
        title: Phrase::new("眼镜反光", "glare"),
        answer: Answer { verdict: Verdict::Fail, value: 0.3, limit: "≤ 0.1".to_owned() },
        advice: None,
        sitter: None,
    });
    let shown = PortraitView::of(&portrait, 240.0);
    let take = Take { may_be_overruled, ..Take::of(shot(n, Trigger::Body, 2), portrait) };
    let sitting = Sitting::new(SittingId(1), SeenCode::unread(code(1)), at(1), false);
    View { portrait: Some(shown), ..view(Phase::Reviewing(Sitting { takes: 1, ..sitting }, take)) }
}

fn window(view: View) -> Desk {
    desk_at(view, Place::Capture)
}

fn press(harness: &mut Desk, key: Key) {
    harness.key_press(key);
    harness.run();
}

fn type_in(harness: &mut Desk, text: &str) {
    for letter in text.chars() {
        let key =
            if letter == ' ' { Some(Key::Space) } else { Key::from_name(&letter.to_uppercase().to_string()) };
        key.into_iter().for_each(|key| harness.key_press(key));
        harness.event(Event::Text(letter.to_string()));
        harness.run();
    }
}

fn shows(harness: &Desk, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn a_person_keeps_it_with_name_and_reason() {
    let mut harness = window(failed(true, 1));
    assert!(shows(&harness, "仍要保存  [O]"));
    press(&mut harness, Key::O);
    for words in ["检测不合格，仍要保存？", "× 眼镜反光", "不要写考生姓名", "操作人", "理由"]
    {
        assert!(shows(&harness, words), "{words}");
    }
    assert!(!shows(&harness, "第二人") && !shows(&harness, "仍要保存  [回车]"));
    // Whatever these keys mean elsewhere, they are letters now.
    type_in(&mut harness, "wang rsoylfw");
    for key in [Key::F2, Key::F5, Key::F8] {
        press(&mut harness, key);
    }
    press(&mut harness, Key::Enter);
    type_in(&mut harness, "r s");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().2, [], "nothing happens while somebody types");
    assert!(shows(&harness, "仍要保存  [回车]"));
    for key in [Key::Space, Key::R, Key::S, Key::O, Key::L] {
        press(&mut harness, key);
    }
    assert_eq!(harness.state().2, [], "what lies over the screen has the keys");
    press(&mut harness, Key::Enter);
    let [by, reason] = ["wang rsoylfw", "r s"].map(str::to_owned);
    assert_eq!(harness.state().2, [Asked::Overrule { by, reason }]);
    assert!(!shows(&harness, "检测不合格，仍要保存？"), "it is closed");
}

#[test]
fn without_a_name_or_a_reason_nothing_is_kept() {
    let mut harness = window(failed(true, 1));
    press(&mut harness, Key::O);
    press(&mut harness, Key::Enter);
    type_in(&mut harness, "r");
    press(&mut harness, Key::Escape);
    assert!(shows(&harness, "没有写明是谁操作：请填写操作人的姓名"));
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().2, []);
    press(&mut harness, Key::Escape);
    assert!(!shows(&harness, "检测不合格，仍要保存？"), "Esc closes it");
    assert_eq!(harness.state().2, [], "and dismisses nobody");
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().2, [Asked::Wish(Wish::Dismiss)], "the next one is the screen's");
}

/// As long as the school allows it; of a good portrait there is nothing to overrule.
#[test]
fn where_nobody_may_there_is_no_key() {
    let mut passed = failed(true, 1);
    if let Phase::Reviewing(_, take) = &mut passed.phase {
        take.portrait.findings.clear();
    }
    for view in [failed(false, 1), passed, view(Phase::Idle)] {
        let mut harness = window(view);
        assert!(!shows(&harness, "仍要保存"));
        press(&mut harness, Key::O);
        assert!(!shows(&harness, "操作人"));
        assert_eq!(harness.state().2, []);
    }
}

/// Another portrait waits now: what was typed was not said of it.
#[test]
fn what_was_said_of_one_portrait_counts_for_no_other() {
    let mut harness = window(failed(true, 1));
    harness.get_by_label("仍要保存  [O]").click();
    harness.run();
    for text in ["wang", "ill"] {
        type_in(&mut harness, text);
        press(&mut harness, Key::Enter);
    }
    assert!(shows(&harness, "仍要保存  [回车]"));
    harness.state_mut().0 = failed(true, 2);
    harness.run();
    assert!(!shows(&harness, "操作人"), "the dialog has gone");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().2, []);
}

#[test]
fn english_says_the_same() {
    let mut harness = window(View { language: Language::English, ..failed(true, 1) });
    press(&mut harness, Key::O);
    for words in ["keep it although checks failed?", "× glare", "your name", "Name no student"] {
        assert!(shows(&harness, words), "{words}");
    }
}

/// The page with the keys lies over the screen: what closes it sends nobody away, and what is tried on it does nothing.
#[test]
fn no_key_reaches_below_the_help() {
    let mut harness = window(failed(true, 3));
    for key in [Key::F1, Key::R, Key::O, Key::Enter, Key::Escape] {
        press(&mut harness, key);
        assert_eq!(harness.state().2, [], "{key:?}");
    }
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().2, [Asked::Wish(Wish::Dismiss)], "and now it is closed");
}
