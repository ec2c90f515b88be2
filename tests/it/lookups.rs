//! The search over the capture screen: two keys after typing, everything masked, and no key that slips through.

use caiying::{
    screens::{Ask, Asked, Board, CandidateView, LookupView, View, theme, window_ui},
    station::{Phase, SeenCode, Wish},
};
use eframe::egui::{Event, Key, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::{
    screens::{sitting, view, wish},
    world::code,
};

struct State {
    view: View,
    board: Board,
    asks: Vec<Ask>,
    wishes: Vec<Wish>,
}

/// As the window does it.
fn window(lookup: LookupView, phase: Phase) -> Harness<'static, State> {
    let view = View { lookup, ..view(phase) };
    let state = State { view, board: Board::default(), asks: vec![], wishes: vec![] };
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, state: &mut State| {
                for asked in window_ui(ui, &state.view, &mut state.board) {
                    match asked {
                        Asked::Lookup(ask) => state.asks.push(ask),
                        other => state.wishes.extend(wish(&other)),
                    }
                }
                // Whoever is called sits; nobody is found any more.
                if matches!(state.asks.last(), Some(Ask::Choose(_))) {
                    state.view.lookup = LookupView::default();
                }
            },
            state,
        );
    harness.run();
    harness
}

fn found(names: &[&str]) -> LookupView {
    let candidate = |name: &&str| CandidateView {
        name: (*name).to_owned(),
        number: "4001".to_owned(),
        last_four: "002X".to_owned(),
        place: "机电系 1班".to_owned(),
        kept: *name == "李*",
    };
    LookupView {
        may_search: true,
        may_let_in: true,
        found: names.iter().map(candidate).collect(),
        all: names.len() + 3,
        card: None,
    }
}

fn typed(harness: &mut Harness<'static, State>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run();
}

fn press(harness: &mut Harness<'static, State>, key: Key) {
    harness.key_press(key);
    harness.run();
}

#[test]
fn a_student_is_called_by_two_keys_after_typing() {
    let mut harness =
        window(LookupView { may_search: true, may_let_in: true, ..LookupView::default() }, Phase::Idle);
    assert!(harness.query_by_label("查找考生").is_none());
    press(&mut harness, Key::F);
    assert!(harness.query_by_label("查找考生").is_some());
    typed(&mut harness, "4001");
    assert_eq!(harness.state().asks, [Ask::Search("4001".to_owned())]);
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("查找考生").is_some(), "nobody is found: it goes on asking");
    harness.state_mut().view.lookup = found(&["张*三", "李*"]);
    harness.run();
    typed(&mut harness, "1");
    assert!(!harness.state().asks.contains(&Ask::Choose(0)), "a digit that is typed chooses nobody");
    press(&mut harness, Key::Enter);
    for word in [
        "核对本人，按数字键就座",
        "张*三",
        "李*",
        "学号…4001",
        "证件…002X",
        "已有照片",
        "另有 3 人：按 F 多输入几位",
    ] {
        assert!(harness.query_all_by_label(word).next().is_some(), "{word}");
    }
    // There are too many: he types more, and comes back.
    press(&mut harness, Key::F);
    assert!(harness.query_by_label("另有 3 人：请多输入几位").is_some());
    typed(&mut harness, "40");
    assert_eq!(
        harness.state().asks.last(),
        Some(&Ask::Search("40".to_owned())),
        "what was typed before is gone"
    );
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::Num3);
    assert!(harness.state().board.is_searching(), "there is no third");
    press(&mut harness, Key::Num2);
    assert_eq!(harness.state().asks.last(), Some(&Ask::Choose(1)));
    assert!(!harness.state().board.is_searching());
}

/// While nobody sits the keys that call somebody are on the screen, and a finger will do.
#[test]
fn both_dialogs_are_on_buttons() {
    for (button, title) in [("查找考生  [F]", "查找考生"), ("名册外  [W]", "名册外拍摄")] {
        let mut harness = window(found(&[]), Phase::Idle);
        assert!(harness.query_by_label("F1 全部按键").is_some());
        harness.get_by_label(button).click();
        harness.run();
        assert!(harness.query_by_label(title).is_some(), "{title}");
    }
    let nobody = window(LookupView::default(), Phase::Idle);
    assert!(
        nobody.query_by_label_contains("[F]").is_none() && nobody.query_by_label_contains("[W]").is_none()
    );
}

#[test]
fn who_is_in_no_roster_needs_a_name_and_a_reason() {
    let mut harness = window(found(&[]), Phase::Idle);
    press(&mut harness, Key::W);
    assert!(harness.query_by_label("名册外拍摄").is_some());
    assert!(harness.query_by_label("姓名和理由都要填    Esc 放弃").is_some());
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().asks, [Ask::Close]);
    let card = LookupView { card: Some("王* 0054".to_owned()), ..found(&[]) };
    let mut harness = window(card, Phase::Idle);
    press(&mut harness, Key::W);
    assert!(harness.query_by_label("王* 0054").is_some(), "the card says who it is");
    typed(&mut harness, "转专业");
    press(&mut harness, Key::Enter);
    let wanted = Ask::LetIn { name: String::new(), number: String::new(), reason: "转专业".to_owned() };
    assert_eq!(harness.state().asks, [wanted]);
}

/// Over a code that is asked about, Esc closes the search and does not answer the question.
#[test]
fn keys_of_the_search_do_not_reach_the_screen_below() {
    let mut harness = window(found(&["张*三"]), Phase::KeptBefore(SeenCode::unread(code(1))));
    press(&mut harness, Key::B);
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().wishes, []);
}

#[test]
fn when_somebody_sits_down_meanwhile_the_search_is_shut() {
    let mut harness = window(LookupView { may_search: true, ..LookupView::default() }, Phase::Idle);
    press(&mut harness, Key::F);
    harness.state_mut().view.lookup = LookupView::default();
    harness.run();
    assert_eq!(
        (harness.state().board.is_searching(), harness.state().asks.last()),
        (false, Some(&Ask::Close))
    );
    press(&mut harness, Key::F);
    assert!(!harness.state().board.is_searching());
}

/// Whoever shows his code while a name is typed sits down, and the field goes away under the fingers.
#[test]
fn who_types_on_when_the_search_goes_away_fires_and_dismisses_nobody() {
    for may_search in [true, false] {
        let lookup = LookupView { may_search, may_let_in: true, ..LookupView::default() };
        let mut harness = window(lookup, Phase::Idle);
        press(&mut harness, if may_search { Key::F } else { Key::W });
        typed(&mut harness, "王");
        let state = harness.state_mut();
        state.view = View { lookup: LookupView::default(), ..view(Phase::CodeScanned(sitting())) };
        harness.run();
        assert!(!harness.state().board.is_searching());
        for key in [Key::Space, Key::Enter, Key::Escape, Key::Space] {
            press(&mut harness, key);
            assert_eq!(harness.state().wishes, [], "{key:?} was meant for the field");
        }
        // He has looked up.
        for _ in 0..8 {
            harness.step();
        }
        press(&mut harness, Key::Space);
        assert_eq!(harness.state().wishes, [Wish::Fire]);
    }
}

/// Whoever was let in by the last key in the field may be shot at once.
#[test]
fn who_ends_the_dialog_himself_is_not_kept_waiting() {
    let mut harness = window(LookupView { card: Some("王* 0054".to_owned()), ..found(&[]) }, Phase::Idle);
    press(&mut harness, Key::W);
    typed(&mut harness, "转专业");
    press(&mut harness, Key::Enter);
    let state = harness.state_mut();
    assert!(matches!(state.asks.last(), Some(Ask::LetIn { .. })));
    state.view = View { lookup: LookupView::default(), ..view(Phase::CodeScanned(sitting())) };
    harness.step();
    press(&mut harness, Key::Space);
    assert_eq!(harness.state().wishes, [Wish::Fire]);
}
