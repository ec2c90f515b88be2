//! The tray on the screen: strays with their pictures, whose they may be, and the act by which one is given to a
//! student, all by keyboard; students with two portraits.

use std::sync::Arc;

use caiying::{
    language::Language,
    portrait::{Answer, Colours, Finding, Picture, Verdict},
    screens::{
        Album, Asked, AssignmentStage, Board, CandidateSeat, CardView, DeskView, DoublePortrait, DoubleView,
        OpenedView, Place, PortraitView, Second, StrayView, TrayAsk, TrayView, View, Who, theme, trouble,
        window_ui,
    },
    shot::{Digest, ShotId, SittingId, Trigger},
    station::Phase,
};
use eframe::egui::{Event, Key, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::{
    screens::view,
    world::{code, portrait},
};

struct State {
    view: View,
    board: Board,
    asked: Vec<TrayAsk>,
    others: usize,
}

type Window = Harness<'static, State>;

fn window_of(tray: TrayView, language: Language) -> Window {
    let view = View { language, desk: DeskView::Tray(Arc::new(tray)), ..view(Phase::Idle) };
    let state = State { view, board: Board::at(Place::Tray), asked: vec![], others: 0 };
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, state: &mut State| {
                for asked in window_ui(ui, &state.view, &mut state.board) {
                    match asked {
                        Asked::Tray(ask) => state.asked.push(ask),
                        _ => state.others += 1,
                    }
                }
            },
            state,
        );
    harness.run();
    harness
}

fn window(tray: TrayView) -> Window {
    window_of(tray, Language::Chinese)
}

fn press(harness: &mut Window, key: Key) {
    harness.key_press(key);
    harness.run();
}

/// Types into whatever has the focus: each letter as a key and as a text, as a keyboard does.
fn type_in(harness: &mut Window, text: &str) {
    for letter in text.chars() {
        if let Some(key) = Key::from_name(&letter.to_uppercase().to_string()) {
            harness.key_press(key);
        } else if letter == ' ' {
            harness.key_press(Key::Space);
        }
        harness.event(Event::Text(letter.to_string()));
        harness.run();
    }
}

fn shows(harness: &Window, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// What the operator decided, without the pictures that were asked for.
fn decided(harness: &Window) -> Vec<TrayAsk> {
    let asks = harness.state().asked.iter();
    asks.filter(|ask| !matches!(ask, TrayAsk::Print(..))).cloned().collect()
}

fn object(n: u64) -> Digest {
    Digest::of(&n.to_le_bytes())
}

fn stray(n: u64) -> StrayView {
    StrayView {
        shot: ShotId(n),
        object: object(n),
        when: format!("10:{n:02}"),
        is_dated: true,
        trigger: Trigger::Body,
        disowned: None,
    }
}

/// A picture of grey stripes.
pub(crate) fn stripes(width: u32, height: u32, grey: u8) -> Arc<Picture> {
    let row = |y: u32| if (y / 20).is_multiple_of(2) { grey } else { grey / 2 };
    let pixels = (0..height).flat_map(|y| vec![row(y); width as usize * 3]).collect();
    Picture { width, height, pixels, colours: Colours::Srgb }.into()
}

fn album(objects: impl IntoIterator<Item = u64>) -> Arc<Album> {
    let mut album = Album::default();
    for n in objects {
        album.hold(object(n), 240, Some(stripes(240, 160, 120 + (n as u8) * 10)));
        album.hold(object(n), 1200, Some(stripes(1200, 800, 120 + (n as u8) * 10)));
    }
    album.into()
}

/// Three strays: one of each kind.
pub(crate) fn strays() -> TrayView {
    let disowned = StrayView {
        trigger: Trigger::Station(SittingId(7)),
        disowned: Some("anothers_code".to_owned()),
        ..stray(3)
    };
    let undated = StrayView { is_dated: false, ..stray(2) };
    TrayView {
        strays: Some([disowned, undated, stray(1)].into()),
        doubles: Some([].into()),
        album: album(1..=3),
        ..TrayView::default()
    }
}

fn who(n: u8, name: Option<&str>) -> Who {
    let card = name.map(|name| CardView {
        name: Some(name.to_owned()),
        last_four: Some("002X".to_owned()),
        ..CardView::default()
    });
    Who { fingerprint: code(n).fingerprint(), card }
}

fn seat(n: u8) -> CandidateSeat {
    CandidateSeat {
        sitting: SittingId(n.into()),
        who: who(n, None),
        from: format!("10:0{n}"),
        to: Some(format!("10:1{n}")),
        away_ms: i64::from(n) * 61_000,
        ending: Some("dismissed".to_owned()),
        portrait: None,
        disowned: false,
    }
}

fn seats() -> Arc<[CandidateSeat]> {
    let named = CandidateSeat { who: who(1, Some("张*三")), away_ms: 0, ..seat(1) };
    let kept = CandidateSeat {
        ending: Some("kept".to_owned()),
        portrait: Some(object(9)),
        who: who(2, Some("李*")),
        ..seat(2)
    };
    let sits = CandidateSeat { to: None, ending: None, ..seat(3) };
    [named, kept, sits].into()
}

pub(crate) fn opened() -> TrayView {
    let opened = OpenedView {
        stray: stray(1),
        candidates: Some(seats()),
        chosen: None,
        proposal: None,
        refusal: None,
    };
    TrayView { opened: Some(opened), album: album([1, 9]), ..strays() }
}

pub(crate) fn judged(verdict: Verdict) -> AssignmentStage {
    let mut portrait = portrait(ShotId(1));
    portrait.findings.push(Finding {
        check: "roll",
        title: caiying::language::Phrase::new("头部倾斜", "roll"),
        answer: Answer { verdict, value: 6.1, limit: "≤ 5°".to_owned() },
        advice: None,
        sitter: None,
    });
    let may = portrait.is_acceptable();
    AssignmentStage::Judged(PortraitView::of(&portrait, 0.0), may)
}

/// Sitting `n` is chosen, and it is so far.
pub(crate) fn chosen(n: u64, stage: Option<AssignmentStage>) -> TrayView {
    let tray = opened();
    let opened = tray.opened.clone().unwrap();
    TrayView { opened: Some(OpenedView { chosen: Some(SittingId(n)), proposal: stage, ..opened }), ..tray }
}

pub(crate) fn doubles() -> TrayView {
    let one = |n: u64, current: bool| DoublePortrait {
        object: object(n),
        sitting: SittingId(n),
        when: format!("10:{n:02}"),
        retake: current,
        current,
    };
    let of = |n: u8, name| DoubleView {
        who: who(n, name),
        portraits: vec![one(u64::from(n), false), one(u64::from(n) + 1, true)],
    };
    TrayView { doubles: Some([of(1, Some("张*三")), of(2, None)].into()), album: album(1..=3), ..strays() }
}

const WARNING: &str = "归错人就是给错人：看不准就不要归，请考生补拍";

#[test]
fn strays_stand_there_newest_first_and_the_arrows_choose() {
    let mut harness = window(strays());
    assert!(shows(&harness, "未归属 3 张") && shows(&harness, WARNING));
    assert!(shows(&harness, "原片 3　10:03") && shows(&harness, "采集站拍摄，第 7 次就座"));
    assert!(shows(&harness, "从一次就座移出：照片里有别人的采集码"));
    press(&mut harness, Key::ArrowRight);
    assert!(shows(&harness, "原片 2　10:02") && shows(&harness, "只知道不晚于 10:02"));
    for (key, shot) in [
        (Key::ArrowRight, 1),
        (Key::ArrowRight, 1),
        (Key::ArrowDown, 1),
        (Key::ArrowLeft, 2),
        (Key::ArrowUp, 2),
    ] {
        press(&mut harness, key);
        assert!(shows(&harness, &format!("原片 {shot}　")), "{key:?}");
    }
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), [TrayAsk::Open(ShotId(2))]);
    assert_eq!(harness.state().others, 0);

    let harness = window(TrayView { strays: Some([].into()), ..strays() });
    assert!(shows(&harness, "没有未归属的照片"));
    assert!(shows(&window(TrayView::default()), "正在查找未归属的照片"));
    let broken =
        TrayView { trouble: Some(trouble::ledger(&caiying::ledger::LedgerError::NoSpace)), ..strays() };
    assert!(shows(&window(broken), "磁盘已满"));
}

#[test]
fn what_changed_is_asked_for_once_and_pictures_one_at_a_time() {
    let stale = window(TrayView { is_stale: true, ..strays() });
    assert!(stale.state().asked.contains(&TrayAsk::Look));
    assert!(!window(strays()).state().asked.contains(&TrayAsk::Look));
    // The first that is in sight and not at hand; and none while one is on its way.
    let harness = window(TrayView { album: album([3]), ..strays() });
    assert!(harness.state().asked.iter().all(|ask| *ask == TrayAsk::Print(object(2), 240)));
    assert!(!harness.state().asked.is_empty());
    let mut busy = Album::clone(&album([3]));
    assert!(busy.await_print() && !busy.await_print());
    assert_eq!(window(TrayView { album: busy.into(), ..strays() }).state().asked, []);
    assert_eq!(window(strays()).state().asked, [], "all are there");
    // What cannot be read is said, and not asked for again.
    let mut torn = Album::clone(&album([2, 3]));
    torn.hold(object(1), 240, None);
    assert_eq!(window(TrayView { album: torn.into(), ..strays() }).state().asked, []);
}

/// Of two thousand strays only those in sight are asked for, and the pictures at hand are bounded.
#[test]
fn a_full_tray_asks_for_what_is_in_sight() {
    let many: Vec<StrayView> = (1..=2000).rev().map(stray).collect();
    let mut tray = TrayView { strays: Some(many.into()), ..TrayView::default() };
    let mut asked = std::collections::BTreeSet::new();
    for _ in 0..60 {
        let harness = window(tray.clone());
        let Some(TrayAsk::Print(object, longest)) = harness.state().asked.first().cloned() else { break };
        assert!(asked.insert(object), "asked for again");
        Arc::make_mut(&mut tray.album).hold(object, longest, Some(stripes(24, 16, 90)));
    }
    assert!((8..=24).contains(&asked.len()), "{}", asked.len());
    let mut album = Album::default();
    for n in 0..500 {
        album.hold(object(n), 240, Some(stripes(24, 16, 90)));
        album.hold(object(n), 1200, Some(stripes(24, 16, 90)));
    }
    assert!(album.len() <= 72, "{}", album.len());
}

#[test]
fn whose_it_may_be_is_chosen_by_number_and_nobody_is_chosen_by_itself() {
    let mut harness = window(opened());
    for words in [
        "可能是谁",
        "张*三 002X",
        "没有成品",
        "已有成品",
        "10:01–10:11",
        "拍摄时在座",
        "相差 2 分",
        "正在就座",
        "放弃",
        WARNING,
    ] {
        assert!(shows(&harness, words), "{words}");
    }
    assert!(shows(&harness, &code(3).fingerprint().to_string()));
    for key in [Key::Enter, Key::Space, Key::R, Key::Num4, Key::Num9, Key::T] {
        press(&mut harness, key);
    }
    assert_eq!(decided(&harness), []);
    press(&mut harness, Key::Num2);
    assert_eq!(decided(&harness), [TrayAsk::Choose(SittingId(2))]);
    press(&mut harness, Key::Escape);
    assert_eq!(decided(&harness)[1..], [TrayAsk::Close]);
}

/// Nobody says whose a picture is that is not on the screen.
#[test]
fn without_its_picture_a_stray_is_nobodys() {
    let unreadable = {
        let mut album = Album::default();
        album.hold(object(1), 1200, None);
        album
    };
    for (album, words) in [(Album::default(), "照片正在打开"), (unreadable, "原片读不出，不能归给任何人")]
    {
        let mut harness = window(TrayView { album: album.into(), ..opened() });
        assert!(shows(&harness, words), "{words}");
        press(&mut harness, Key::Num1);
        assert_eq!(decided(&harness), [], "{words}");
    }
    let nobody = |candidates| {
        let tray = opened();
        let opened = OpenedView { candidates, ..tray.opened.clone().unwrap() };
        TrayView { opened: Some(opened), ..tray }
    };
    assert!(shows(&window(nobody(None)), "正在查找前后就座的考生"));
    assert!(shows(&window(nobody(Some([].into()))), "前后 10 分钟没有人就座：不能归，请考生补拍"));
}

#[test]
fn more_sittings_than_numbers_are_turned_to() {
    let tray = opened();
    let many: Arc<[CandidateSeat]> = (1..=8).map(seat).collect();
    let opened = OpenedView { candidates: Some(many), ..tray.opened.clone().unwrap() };
    let mut harness = window(TrayView { opened: Some(opened), ..tray });
    assert!(shows(&harness, "1 / 2"));
    for key in [Key::ArrowUp, Key::ArrowDown, Key::ArrowDown] {
        press(&mut harness, key);
    }
    assert!(shows(&harness, "2 / 2"));
    press(&mut harness, Key::Num3);
    assert_eq!(decided(&harness), [], "there are two on this page");
    press(&mut harness, Key::Num2);
    assert_eq!(decided(&harness), [TrayAsk::Choose(SittingId(8))]);
}

#[test]
fn it_is_given_by_name_and_reason_and_never_by_the_key_that_ends_the_typing() {
    let mut harness = window(chosen(1, Some(judged(Verdict::Pass))));
    assert!(shows(&harness, "归给 张*三 002X？") && shows(&harness, "是不是他，由你判断"));
    assert!(!shows(&harness, "归给他  [回车]"), "nothing is said yet");
    assert!(shows(&harness, "正在输入"));
    // Every key that means something elsewhere is a letter here.
    type_in(&mut harness, "wang rsbyo1t");
    for key in [Key::F2, Key::F3, Key::F5, Key::F8] {
        press(&mut harness, key);
    }
    assert_eq!((decided(&harness), harness.state().others), (vec![], 0));
    assert_eq!(harness.state().board.here(), Place::Tray);
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), [], "it leads to the next field");
    assert!(!shows(&harness, "第二人"), "one person will do");
    type_in(&mut harness, "early 9");
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), [], "the Enter that ends the typing");
    assert!(shows(&harness, "归给他  [回车]"));
    press(&mut harness, Key::Space);
    press(&mut harness, Key::R);
    assert_eq!(decided(&harness), []);
    press(&mut harness, Key::Enter);
    let [by, second, reason] = ["wang rsbyo1t", "", "early 9"].map(str::to_owned);
    assert_eq!(decided(&harness), [TrayAsk::Confirm { by, second, reason }]);
    assert_eq!(harness.state().others, 0);
}

#[test]
fn two_persons_stand_for_it_where_the_school_wants_two() {
    let mut harness = window(TrayView { second: Second::IsNamed, ..chosen(1, Some(judged(Verdict::Warn))) });
    for text in ["wang", "wang", "early"] {
        type_in(&mut harness, text);
        press(&mut harness, Key::Enter);
    }
    assert!(shows(&harness, "两个确认人是同一个名字：请另一位工作人员填写自己的姓名"));
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), []);
    // T goes back into the first field; Tab into the next.
    press(&mut harness, Key::T);
    press(&mut harness, Key::Tab);
    type_in(&mut harness, "2");
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::Enter);
    let asked = decided(&harness);
    let [TrayAsk::Confirm { by, second, reason }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((by.as_str(), reason.as_str()), ("wang", "early"));
    assert!(second != "wang" && second.contains('2'), "{second}");
}

#[test]
fn escape_leaves_the_field_and_then_goes_a_step_back() {
    let mut harness = window(chosen(1, Some(judged(Verdict::Pass))));
    type_in(&mut harness, "w");
    press(&mut harness, Key::Escape);
    assert_eq!(decided(&harness), [], "out of the field");
    assert!(shows(&harness, "没有写明理由：请用一句话写明理由"), "what is missing is said");
    press(&mut harness, Key::Escape);
    assert_eq!(decided(&harness), [TrayAsk::Unchoose]);
}

/// What was typed about one student is gone when another one is chosen.
#[test]
fn what_was_said_of_one_student_counts_for_no_other() {
    let mut harness = window(chosen(1, Some(judged(Verdict::Pass))));
    for text in ["wang", "early"] {
        type_in(&mut harness, text);
        press(&mut harness, Key::Enter);
    }
    assert!(shows(&harness, "归给他  [回车]"));
    harness.state_mut().view.desk = DeskView::Tray(Arc::new(chosen(3, Some(judged(Verdict::Pass)))));
    harness.run();
    assert!(!shows(&harness, "归给他  [回车]"));
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), []);
}

#[test]
fn each_stage_has_its_sentence_and_only_a_good_portrait_can_be_given() {
    let words = trouble::declined_stray(&caiying::portrait::Decline::NoFace);
    for (stage, said) in [
        (None, "正在做成品"),
        (Some(AssignmentStage::Working), "正在做成品"),
        (Some(AssignmentStage::Refused(words)), "不能归给任何人；请该考生补拍"),
        (Some(judged(Verdict::Fail)), "检测不合格（头部倾斜），不能归给任何人：请考生补拍"),
        (Some(AssignmentStage::Writing), "正在保存"),
    ] {
        let is_written = stage == Some(AssignmentStage::Writing);
        let mut harness = window(chosen(1, stage));
        assert!(shows(&harness, said), "{said}");
        assert!(!shows(&harness, "操作人"), "{said}: nothing can be given");
        for key in [Key::Enter, Key::Space, Key::Num1] {
            press(&mut harness, key);
        }
        assert_eq!(decided(&harness), [], "{said}");
        press(&mut harness, Key::Escape);
        let back = (!is_written).then_some(TrayAsk::Unchoose);
        assert_eq!(decided(&harness), Vec::from_iter(back), "{said}");
    }
    // Once it is given, nothing is asked any more, whoever has a portrait now.
    let given = window(chosen(2, Some(AssignmentStage::Done(code(2).fingerprint()))));
    assert!(!shows(&given, "他已有成品") && shows(&given, "已保存"));
    let done = AssignmentStage::Done(code(1).fingerprint());
    let mut harness = window(chosen(1, Some(done)));
    assert!(shows(&harness, "✓") && shows(&harness, "归给 张*三 002X 已保存"));
    press(&mut harness, Key::Enter);
    assert_eq!(decided(&harness), [TrayAsk::Close]);
}

/// Who has a portrait is shown with it, and not given another one before it is on the screen.
#[test]
fn the_portrait_he_has_is_compared_first() {
    for is_there in [true, false] {
        let album = if is_there { album([1, 9]) } else { album([1]) };
        let mut harness = window(TrayView { album, ..chosen(2, Some(judged(Verdict::Pass))) });
        assert!(shows(&harness, "他已有成品：归给他就有两张") && shows(&harness, "是同一个人吗？"));
        for text in ["wang", "early"] {
            type_in(&mut harness, text);
            press(&mut harness, Key::Enter);
        }
        press(&mut harness, Key::Enter);
        assert_eq!(decided(&harness).len(), usize::from(is_there));
    }
    let refusal = trouble::not_an_act(caiying::station::NotAnAct::NoSecond);
    let mut tray = chosen(2, Some(judged(Verdict::Pass)));
    tray.opened.as_mut().unwrap().refusal = Some(refusal);
    assert!(shows(&window(tray), "请另一位工作人员填写姓名"));
}

#[test]
fn who_has_two_portraits_is_to_be_looked_at_and_not_to_be_changed() {
    let mut harness = window(doubles());
    press(&mut harness, Key::C);
    for words in [
        "两张成品 2 人",
        "交付最后保存的一张",
        "按 B 补拍",
        "张*三 002X",
        "第 1 次就座　10:01",
        "✓",
        "交付这一张",
        "不交付，等人决定",
        "补拍：有人要求再拍",
        "不是补拍",
        WARNING,
    ] {
        assert!(shows(&harness, words), "{words}");
    }
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    assert!(shows(&harness, "第 3 次就座　10:03"), "the second student's");
    for key in [Key::Enter, Key::Space, Key::Num1, Key::B, Key::Delete] {
        press(&mut harness, key);
    }
    assert_eq!((decided(&harness), harness.state().others), (vec![], 0));
    press(&mut harness, Key::Escape);
    assert!(shows(&harness, "未归属 3 张"));
    press(&mut harness, Key::C);
    press(&mut harness, Key::C);
    assert!(shows(&harness, "未归属 3 张"));
    let mut none = window(strays());
    press(&mut none, Key::C);
    assert!(shows(&none, "没有考生有两张成品"));
}

#[test]
fn english_says_the_same() {
    let of = |tray| window_of(tray, Language::English);
    let warning = "a wrong guess gives a student another's photo";
    for (tray, words) in [
        (strays(), "strays: 3. Arrows choose one"),
        (opened(), "whose may it be?"),
        (chosen(2, Some(judged(Verdict::Pass))), "this would be a second one"),
        (chosen(1, Some(judged(Verdict::Fail))), "checks failed (roll); it is given to nobody"),
    ] {
        let harness = of(tray);
        assert!(shows(&harness, words) && shows(&harness, warning), "{words}");
    }
    let mut harness = of(doubles());
    press(&mut harness, Key::C);
    assert!(shows(&harness, "this one is delivered") && shows(&harness, "press B for a retake"));
}
