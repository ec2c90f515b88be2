//! The search over the capture screen: two keys after typing, everything masked, and no key that slips through, whoever
//! sits meanwhile.

use caiying::{
    language::Language,
    portrait::Verdict,
    screens::{Ask, Asked, Board, CandidateView, LookupView, View, theme, window_ui},
    shot::{SittingId, Trigger},
    station::{Phase, SeenCode, Sitting, Wish},
};
use eframe::egui::{Event, Key, Vec2, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::{
    overruling::failed,
    screens::{sitting, take, view, wish},
    world::{code, shot},
};

struct State {
    view: View,
    board: Board,
    asks: Vec<Ask>,
    wishes: Vec<Wish>,
}

/// As the window does it.
fn window(lookup: LookupView, phase: Phase) -> Harness<'static, State> {
    window_of(View { lookup, ..view(phase) })
}

fn window_of(view: View) -> Harness<'static, State> {
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
                // Whoever is called sits, or comes next; nobody is found any more.
                if matches!(state.asks.last(), Some(Ask::Choose(_) | Ask::LetIn { .. })) {
                    state.view.lookup = roster();
                }
            },
            state,
        );
    harness.run();
    harness
}

/// A roster, and nobody is looked for.
fn roster() -> LookupView {
    LookupView { may_search: true, may_let_in: true, ..LookupView::default() }
}

/// A portrait that may be kept waits.
fn judged() -> Phase {
    Phase::Reviewing(sitting(), take(Verdict::Pass))
}

/// Only somebody who is found.
fn one(name: &str) -> LookupView {
    LookupView { all: 1, ..found(&[name]) }
}

/// A person's moment.
fn later(harness: &mut Harness<'static, State>) {
    for _ in 0..8 {
        harness.step();
    }
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
    later(&mut harness);
    press(&mut harness, Key::B);
    press(&mut harness, Key::Escape);
    assert_eq!((harness.state().asks.as_slice(), &harness.state().wishes), (&[Ask::Close][..], &vec![]));
}

/// Whoever shows his code while a name is typed sits down, is shot, is judged and goes: what was typed stays.
#[test]
fn the_search_stays_open_whatever_becomes_of_who_sits() {
    let mut harness = window(roster(), Phase::Idle);
    press(&mut harness, Key::F);
    typed(&mut harness, "王");
    let written = |harness: &Harness<'static, State>| harness.get_by_role(Role::TextInput).value();
    for (phase, title) in [
        (Phase::CodeScanned(sitting()), "查找下一位"),
        (Phase::Shot(sitting(), shot(1, Trigger::Body, 2)), "查找下一位"),
        (judged(), "查找下一位"),
        (Phase::KeptBefore(SeenCode::unread(code(2))), "查找考生"),
        (Phase::Idle, "查找考生"),
    ] {
        let state = harness.state_mut();
        state.view = View { lookup: roster(), ..view(phase) };
        harness.run();
        assert!(harness.query_by_label(title).is_some(), "{title}");
        assert_eq!(written(&harness).as_deref(), Some("王"));
        for key in [Key::Space, Key::Enter, Key::R, Key::B] {
            press(&mut harness, key);
        }
        assert_eq!(harness.state().wishes, [], "{title}");
    }
    press(&mut harness, Key::Escape);
    assert!(!harness.state().board.is_searching());
    assert_eq!((harness.state().asks.last(), &harness.state().wishes), (Some(&Ask::Close), &vec![]));
}

/// The next one is called while this one is judged: the keys that choose him keep, shoot and dismiss nobody.
#[test]
fn the_key_that_names_the_next_one_does_nothing_to_who_sits() {
    for last in [Key::Enter, Key::Num1] {
        let mut harness = window(roster(), judged());
        press(&mut harness, Key::F);
        typed(&mut harness, "4001");
        harness.state_mut().view.lookup = one("张*三");
        harness.run();
        press(&mut harness, Key::Enter);
        assert!(harness.query_by_label("核对下一位，按数字键").is_some());
        press(&mut harness, last);
        assert_eq!(harness.state().asks.last(), Some(&Ask::Choose(0)), "{last:?}");
        assert_eq!(
            (harness.state().board.is_searching(), &harness.state().wishes),
            (false, &vec![]),
            "{last:?}"
        );
        // The next key is the screen's again.
        press(&mut harness, Key::Enter);
        assert_eq!(harness.state().wishes, [Wish::Keep]);
    }
    let mut harness = window(roster(), judged());
    press(&mut harness, Key::W);
    typed(&mut harness, "王五");
    for _ in 0..2 {
        press(&mut harness, Key::Tab);
    }
    typed(&mut harness, "转专业");
    assert!(harness.query_by_label("回车 定为下一位    Esc 放弃").is_some());
    press(&mut harness, Key::Enter);
    assert!(matches!(harness.state().asks.last(), Some(Ask::LetIn { name, .. }) if name == "王五"));
    assert_eq!(harness.state().wishes, []);
    for key in [Key::W, Key::Escape, Key::F, Key::Escape] {
        press(&mut harness, key);
    }
    assert_eq!(harness.state().wishes, [], "what closes the dialog dismisses nobody");
}

/// Whoever was about to keep a portrait has not seen the list that came under his finger.
#[test]
fn a_list_that_opens_by_itself_hears_no_key_before_it_was_seen() {
    for key in [Key::Enter, Key::Num1, Key::Escape] {
        let mut harness = window(roster(), judged());
        harness.state_mut().view.lookup = one("张*三");
        harness.key_press(key);
        harness.step();
        harness.step();
        let state = harness.state();
        assert!(state.board.is_searching() && state.asks.is_empty() && state.wishes.is_empty(), "{key:?}");
        later(&mut harness);
        press(&mut harness, Key::Num1);
        assert_eq!(
            (harness.state().asks.as_slice(), &harness.state().wishes),
            (&[Ask::Choose(0)][..], &vec![])
        );
    }
}

/// Who is let in by his card is whom the operator has read, not whose card was laid upon it since.
#[test]
fn a_card_that_comes_under_the_finger_lets_nobody_in() {
    let card = |name: &str| LookupView { card: Some(name.to_owned()), ..roster() };
    let mut harness = window(card("王* 0054"), judged());
    press(&mut harness, Key::W);
    typed(&mut harness, "转专业");
    harness.state_mut().view.lookup = card("李* 0014");
    harness.key_press(Key::Enter);
    harness.step();
    assert_eq!(harness.state().asks, []);
    later(&mut harness);
    assert!(harness.query_by_label("李* 0014").is_some());
    press(&mut harness, Key::Enter);
    let wanted = Ask::LetIn { name: String::new(), number: String::new(), reason: "转专业".to_owned() };
    assert_eq!((harness.state().asks.as_slice(), &harness.state().wishes), (&[wanted][..], &vec![]));
}

#[test]
fn nobody_is_called_while_a_person_says_why_he_keeps_a_portrait() {
    let mut harness = window_of(View { lookup: roster(), ..failed(true, 1) });
    press(&mut harness, Key::O);
    for text in ["wang", "fw"] {
        typed(&mut harness, text);
        press(&mut harness, Key::Enter);
    }
    // Nobody types any more; the keys are the dialog's.
    for key in [Key::F, Key::W] {
        press(&mut harness, key);
        assert!(!harness.state().board.is_searching(), "{key:?}");
    }
    harness.state_mut().view.lookup = one("张*三");
    harness.run();
    assert!(!harness.state().board.is_searching() && harness.state().board.is_overruling());
    press(&mut harness, Key::Escape);
    later(&mut harness);
    assert!(harness.state().board.is_searching(), "the card's student is asked about afterwards");
    assert_eq!((harness.state().asks.as_slice(), &harness.state().wishes), (&[][..], &vec![]));
}

/// Somebody else sits than when he began to type: he must have looked up before a key fires.
#[test]
fn who_calls_somebody_over_a_chair_that_changed_fires_and_keeps_nothing_for_a_moment() {
    let other = Sitting { id: SittingId(2), ..sitting() };
    for (before, after) in [
        (Phase::Idle, Phase::CodeScanned(sitting())),
        (judged(), Phase::CodeScanned(other.clone())),
        (judged(), Phase::Reviewing(other, take(Verdict::Pass))),
    ] {
        let mut harness = window(roster(), before);
        press(&mut harness, Key::F);
        typed(&mut harness, "4001");
        harness.state_mut().view = View { lookup: one("张*三"), ..view(after) };
        harness.run();
        press(&mut harness, Key::Enter);
        press(&mut harness, Key::Num1);
        for key in [Key::Space, Key::Enter, Key::Escape] {
            press(&mut harness, key);
            assert_eq!(harness.state().wishes, [], "{key:?}");
        }
        later(&mut harness);
        press(&mut harness, Key::Escape);
        assert_eq!(harness.state().wishes, [Wish::Dismiss]);
    }
}

/// The two buttons stand in the row while there is room, whole and left of what stands beside; and the banner is seen
/// beside the widest dialog.
#[test]
fn the_buttons_have_room_and_the_dialog_leaves_the_banner_free() {
    let shot = || Phase::Shot(sitting(), shot(1, Trigger::Body, 2));
    for language in [Language::Chinese, Language::English] {
        for (phase, offered) in [(Phase::CodeScanned(sitting()), true), (shot(), true), (judged(), false)] {
            let harness = window_of(View { lookup: roster(), language, ..view(phase.clone()) });
            for key in ["[F]", "[W]"] {
                let button = harness.query_by_label_contains(key).map(|button| button.rect());
                assert_eq!(button.is_some(), offered, "{key} {phase:?}");
                assert!(
                    button.is_none_or(|button| button.max.x < 838.0 && button.height() < 60.0),
                    "{button:?}"
                );
            }
        }
    }
    let mut long = found(&["欧阳*", "李*"]);
    for candidate in &mut long.found {
        candidate.place = "信息工程与人工智能学院 计算机应用技术2024级3班".to_owned();
    }
    let mut harness = window(long, judged());
    later(&mut harness);
    let banner = harness.get_by_label("合格").rect();
    for words in ["核对下一位，按数字键", "已有照片"] {
        assert!(harness.get_by_label(words).rect().max.x < 838.0 && banner.min.x > 838.0, "{words}");
    }
}

/// When the roster goes, the field goes away under the fingers.
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
        later(&mut harness);
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
