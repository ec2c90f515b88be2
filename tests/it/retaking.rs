//! 补拍 on the screen: who is missing and why, found and seated with the keyboard; and by a shift, from a real store.

use std::sync::Arc;

use caiying::{
    language::Language,
    screens::{
        Asked, ClassView, DeskView, HistoryView, PastView, Person, PersonView, Place, RetakesAsk,
        RetakesView, Stands, Trouble, TroubleKind, View, trouble,
    },
    shot::{Digest, ShotId, SittingId},
    station::{Fact, Phase},
};
use eframe::egui::{Event, Key, Shape};
use egui_kittest::kittest::Queryable as _;

use crate::{
    screens::{Desk, desk_at, view},
    world::{code, portrait},
};

pub(crate) fn refused() -> Fact {
    Fact::Refused { sitting: SittingId(4), shot: ShotId(9), failed: vec!["roll".to_owned()] }
}

pub(crate) fn person(place: usize, name: &str, class: &str, number: &str, stands: Stands) -> PersonView {
    PersonView {
        who: Person::Listed(place),
        name: name.to_owned(),
        number: number.to_owned(),
        last_four: "002X".to_owned(),
        class: ["机电系".to_owned(), "数控".to_owned(), class.to_owned()],
        stands,
    }
}

fn nobody_listed() -> Person {
    Person::Unlisted(code(9).fingerprint())
}

pub(crate) fn retakes() -> RetakesView {
    let class = |class: &str, expected, kept, left| ClassView {
        expected,
        kept,
        left,
        ..ClassView::of(["机电系".to_owned(), "数控".to_owned(), class.to_owned()])
    };
    let unlisted = PersonView {
        who: nobody_listed(),
        // Of whoever is in no roster nothing else is known.
        last_four: String::new(),
        class: Default::default(),
        ..person(4, "9f86d081884c", "", "", Stands::Left(None))
    };
    RetakesView {
        classes: vec![class("1班", 3, 1, 1), class("2班", 1, 1, 0)],
        people: Arc::new([
            person(0, "张*三", "1班", "4001", Stands::Missing),
            person(1, "李*", "1班", "4002", Stands::Kept),
            person(2, "王*", "1班", "4003", Stands::Left(Some(Box::new(refused())))),
            person(3, "赵*", "2班", "4004", Stands::Kept),
            unlisted,
        ]),
        ..RetakesView::default()
    }
}

fn window(retakes: RetakesView, language: Language) -> Desk {
    let desk = DeskView::Retakes(Arc::new(retakes));
    let view = View { desk, language, ..view(Phase::Idle) };
    desk_at(view, Place::Retakes)
}

/// Types into the field that has the focus, and answers as a shift would that finds numbers.
fn types(harness: &mut Desk, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run();
    let asked = harness.state().2.iter().rev().find_map(|asked| match asked {
        Asked::Retakes(RetakesAsk::Search(typed)) => Some(typed.clone()),
        _ => None,
    });
    let asked = asked.expect("it was asked for");
    let DeskView::Retakes(now) = &mut harness.state_mut().0.desk else { panic!() };
    let now = Arc::make_mut(now);
    let meant = now.people.iter().filter(|person| person.number.contains(&asked));
    now.meant = Some(Arc::new(meant.map(|person| person.who.clone()).collect()));
    harness.run();
}

/// What was asked for besides searches.
fn asks(harness: &Desk) -> Vec<&RetakesAsk> {
    let asks = harness.state().2.iter().filter_map(|asked| match asked {
        Asked::Retakes(RetakesAsk::Search(_)) => None,
        Asked::Retakes(ask) => Some(ask),
        _ => panic!("{asked:?}"),
    });
    asks.collect()
}

fn searches(harness: &Desk) -> Vec<&str> {
    let asks = harness.state().2.iter().filter_map(|asked| match asked {
        Asked::Retakes(RetakesAsk::Search(typed)) => Some(typed.as_str()),
        _ => None,
    });
    asks.collect()
}

fn press(harness: &mut Desk, keys: &[Key]) {
    for key in keys {
        harness.key_press(*key);
        harness.run();
    }
}

fn names(harness: &Desk) -> Vec<&'static str> {
    let all = ["张*三", "李*", "王*", "赵*", "9f86d081884c"];
    let listed = |name: &&str| harness.query_all_by_label_contains(&format!("{name}　")).next().is_some();
    all.into_iter().filter(listed).collect()
}

#[test]
fn the_list_is_of_whom_one_asks_for() {
    let mut harness = window(retakes(), Language::Chinese);
    assert_eq!(names(&harness), ["张*三", "王*", "9f86d081884c"], "who is missing");
    press(&mut harness, &[Key::Num2]);
    assert_eq!(names(&harness), ["王*", "9f86d081884c"], "who left without one");
    press(&mut harness, &[Key::Num3]);
    assert_eq!(names(&harness).len(), 5);
    assert!(harness.query_by_label_contains("全部班级 ▲1  2 / 4").is_some());
    harness.get_by_label_contains("2班 数控 机电系").click();
    harness.run();
    assert_eq!(names(&harness), ["赵*"]);
    assert!(harness.query_by_label_contains("2班 数控 机电系 ✓ 0 / 1").is_some(), "nobody of it is missing");
}

/// The key that leaves the search means nothing else: whoever was looked at before must not be seated by it.
#[test]
fn who_is_found_alone_is_looked_at_and_only_the_next_enter_seats_him() {
    let mut harness = window(retakes(), Language::Chinese);
    press(&mut harness, &[Key::Num3, Key::ArrowDown, Key::F]);
    assert_eq!(asks(&harness), [&RetakesAsk::Look(Person::Listed(0))]);
    types(&mut harness, "40");
    press(&mut harness, &[Key::Enter]);
    assert_eq!(asks(&harness).len(), 1, "he stands among several, and is not seated");
    press(&mut harness, &[Key::F]);
    types(&mut harness, "4002");
    press(&mut harness, &[Key::Enter]);
    assert_eq!(asks(&harness)[1..], [&RetakesAsk::Look(Person::Listed(1))], "the only one");
    press(&mut harness, &[Key::Enter]);
    assert_eq!(asks(&harness)[2..], [&RetakesAsk::Seat(Person::Listed(1))]);
}

/// The next student is looked for by himself, not by what was typed for the one before him.
#[test]
fn the_next_search_takes_the_place_of_the_one_before() {
    let mut harness = window(retakes(), Language::Chinese);
    press(&mut harness, &[Key::Num3, Key::F]);
    types(&mut harness, "4003");
    assert_eq!(names(&harness), ["王*"]);
    press(&mut harness, &[Key::Enter, Key::F]);
    assert_eq!(names(&harness), ["王*"], "nothing else was typed yet");
    types(&mut harness, "4002");
    assert_eq!((names(&harness), searches(&harness)), (vec!["李*"], vec!["4003", "4002"]));
    // What was typed first stays when somebody goes on typing.
    types(&mut harness, "9");
    assert_eq!((names(&harness).len(), searches(&harness).last()), (0, Some(&"40029")));
    press(&mut harness, &[Key::Escape, Key::F, Key::Backspace]);
    assert_eq!((names(&harness).len(), searches(&harness).last()), (5, Some(&"")), "it is over");
}

/// Classes are gone through with the keyboard, from all of them to the last; each says who of it was here.
#[test]
fn arrows_to_the_sides_go_from_class_to_class() {
    let mut harness = window(retakes(), Language::Chinese);
    assert!(harness.query_by_label_contains("1班 数控 机电系 ▲1  2 / 3").is_some());
    assert!(harness.query_by_label_contains("班级  [← →]").is_some(), "the keys are said");
    press(&mut harness, &[Key::Num3, Key::ArrowDown, Key::ArrowRight]);
    assert_eq!(names(&harness), ["张*三", "李*", "王*"]);
    assert!(
        harness.query_by_label_contains("上下键选一位考生").is_some(),
        "nobody of another class is chosen"
    );
    for words in ["缺拍 2  [1]", "来过没拍成 1  [2]", "全部 3  [3]"] {
        assert!(harness.query_by_label(words).is_some(), "of this class: {words}");
    }
    press(&mut harness, &[Key::ArrowRight]);
    assert_eq!(names(&harness), ["赵*"]);
    press(&mut harness, &[Key::ArrowRight]);
    assert_eq!(names(&harness), ["赵*"], "there is no other");
    press(&mut harness, &[Key::ArrowLeft]);
    assert_eq!(names(&harness), ["张*三", "李*", "王*"]);
    press(&mut harness, &[Key::ArrowLeft]);
    assert_eq!(names(&harness).len(), 5, "all of them");
    press(&mut harness, &[Key::ArrowLeft]);
    assert_eq!(names(&harness).len(), 5);
    press(&mut harness, &[Key::ArrowRight, Key::ArrowRight, Key::Num0]);
    assert_eq!(names(&harness).len(), 5, "at once");
    // In the field they are the field's.
    press(&mut harness, &[Key::F, Key::ArrowRight]);
    assert_eq!(names(&harness).len(), 5);
}

/// Whoever comes for a retake has a portrait and stands in another list than the one that is open.
#[test]
fn who_is_looked_for_in_the_wrong_list_is_said_to_stand_in_another() {
    let all: &[Key] = &[];
    let his: &[Key] = &[Key::ArrowRight];
    for (class, typed, words) in [
        (all, "4002", "“全部”里有 1 人：按 3"),
        (his, "4004", "“全部”里有 1 人：按 0，再按 3"),
        (his, "9999", "名册里没有找到"),
    ] {
        let mut harness = window(retakes(), Language::Chinese);
        press(&mut harness, class);
        press(&mut harness, &[Key::F]);
        types(&mut harness, typed);
        assert!(harness.query_by_label_contains(words).is_some(), "{words}");
        assert!(harness.query_by_label("这里没有人").is_none(), "nobody is not well here: {typed}");
    }
}

#[test]
fn arrows_choose_and_enter_seats_whoever_the_roster_has() {
    let mut harness = window(retakes(), Language::Chinese);
    press(&mut harness, &[Key::Enter]);
    assert_eq!(harness.state().2, [], "nobody is chosen by himself");
    press(&mut harness, &[Key::ArrowDown, Key::ArrowDown]);
    assert_eq!(
        harness.state().2,
        [
            Asked::Retakes(RetakesAsk::Look(Person::Listed(0))),
            Asked::Retakes(RetakesAsk::Look(Person::Listed(2)))
        ]
    );
    assert!(harness.query_by_label_contains("来过没有成品。第 4 次就座：原片 9 不合格，重拍：").is_some());
    press(&mut harness, &[Key::Enter]);
    assert_eq!(harness.state().2.last(), Some(&Asked::Retakes(RetakesAsk::Seat(Person::Listed(2)))));
    assert_eq!(harness.state().1.here(), Place::Capture, "where he can be seen");

    // Nobody's name stands for somebody who is in no roster: only his own code does.
    let mut harness = window(retakes(), Language::English);
    press(&mut harness, &[Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::Enter]);
    assert_eq!(harness.state().2.last(), Some(&Asked::Retakes(RetakesAsk::Look(nobody_listed()))));
    assert_eq!(harness.state().1.here(), Place::Retakes);
}

#[test]
fn what_is_typed_into_the_search_is_a_search_and_nothing_else() {
    let mut harness = window(retakes(), Language::Chinese);
    press(&mut harness, &[Key::Num3, Key::F]);
    for (key, text) in [(Key::Num4, "4"), (Key::Num0, "0"), (Key::Num0, "0"), (Key::Num3, "3")] {
        harness.key_press(key);
        types(&mut harness, text);
    }
    assert_eq!(names(&harness), ["王*"], "numbers choose no other list meanwhile");
    press(&mut harness, &[Key::Space, Key::R, Key::Escape]);
    assert!(harness.state().2.iter().all(|asked| matches!(asked, Asked::Retakes(_))));
}

#[test]
fn sittings_stand_side_by_side_with_what_was_said() {
    let made = portrait(ShotId(1));
    let past = |when: &str, current, facts| PastView {
        when: when.to_owned(),
        retake: current,
        facts,
        portrait: Some((if current { made.sha256 } else { Digest::of(b"earlier") }, made.jpeg.clone())),
        unreadable: false,
        current,
    };
    let earlier = past("2026-11-20 10:02", false, vec![refused()]);
    let later = past("2026-11-22 09:15", true, vec![Fact::Dismissed { sitting: SittingId(7) }]);
    let history = HistoryView { of: Person::Listed(0), sittings: vec![earlier, later] };
    let mut harness = window(RetakesView { history: Some(history), ..retakes() }, Language::Chinese);
    press(&mut harness, &[Key::ArrowDown]);
    let words = ["2026-11-22 09:15（补拍）", "2026-11-20 10:02"];
    let [newest, oldest] = words.map(|words| harness.get_by_label(words).rect());
    assert!(newest.min.y < oldest.min.y, "the newest first");
    assert!(harness.query_by_label_contains("原片 9 不合格，重拍：").is_some());
}

/// What is told late, or of somebody who left the list, stands under nobody else's name.
#[test]
fn what_happened_to_one_stands_under_nobody_elses_name() {
    let past = PastView {
        when: "2026-11-20 10:02".to_owned(),
        retake: false,
        facts: vec![],
        portrait: None,
        unreadable: true,
        current: false,
    };
    let history = HistoryView { of: nobody_listed(), sittings: vec![past] };
    let mut harness = window(RetakesView { history: Some(history), ..retakes() }, Language::Chinese);
    let is_told = |harness: &Desk| harness.query_by_label("2026-11-20 10:02").is_some();
    press(&mut harness, &[Key::ArrowDown, Key::ArrowDown]);
    assert!(!is_told(&harness), "another one is chosen");
    press(&mut harness, &[Key::ArrowDown]);
    assert!(is_told(&harness));
    assert!(harness.query_by_label_contains("成品文件读不出").is_some());

    // He is kept meanwhile and leaves the list; somebody else stands at his place now.
    let mut people = retakes().people.to_vec();
    let next = Person::Unlisted(code(8).fingerprint());
    people[4] = PersonView { who: next, name: "0011223344".to_owned(), ..people[4].clone() };
    let DeskView::Retakes(now) = &mut harness.state_mut().0.desk else { panic!() };
    Arc::make_mut(now).people = people.into();
    harness.run();
    assert!(!is_told(&harness));
}

/// Whoever comes last in a long list is reached, and stands there whole.
#[test]
fn the_end_of_a_long_list_is_reached() {
    let people = (0..200).map(|n| person(n, "欧阳*", "1班", &format!("{n:04}"), Stands::Missing)).collect();
    let mut harness = window(RetakesView { people, ..retakes() }, Language::Chinese);
    let down = [Key::ArrowDown].into_iter().chain(std::iter::repeat_n(Key::PageDown, 17));
    for key in down {
        harness.key_press(key);
        // The list glides.
        harness.run_steps(12);
    }
    assert_eq!(harness.state().2.last(), Some(&Asked::Retakes(RetakesAsk::Look(Person::Listed(199)))));
    let last = harness.get_by_label_contains("学号…0199").rect();
    let foot = harness.get_by_label("F2 拍摄").rect();
    assert!(last.max.y < foot.min.y, "{last} {foot}");
    // As long as the list says it is: a line more is as much lower as it is high.
    let before = harness.get_by_label_contains("学号…0198").rect();
    assert!((last.min.y - before.min.y - 44.0).abs() < 0.6, "{before} {last}");
}

/// Of more classes than fit, the one an arrow led to is seen.
#[test]
fn the_last_of_many_classes_is_reached_and_seen() {
    let class = |n: usize| ClassView::of(["机电系".to_owned(), "数控".to_owned(), format!("{n:02}班")]);
    let classes = (0..30).map(class).collect();
    let mut harness = window(RetakesView { classes, ..retakes() }, Language::Chinese);
    for _ in 0..30 {
        harness.key_press(Key::ArrowRight);
        // The list glides.
        harness.run_steps(12);
    }
    let last = harness.get_by_label_contains("29班").rect();
    let foot = harness.get_by_label("F2 拍摄").rect();
    assert!(last.max.y < foot.min.y, "{last} {foot}");
}

/// However many there are: what stands first in the list says what it is, and how many are missing in all.
#[test]
fn the_line_of_all_classes_keeps_its_words_in_a_crowd() {
    let class = |n: usize| ClassView {
        expected: 208,
        kept: 1,
        left: 120,
        ..ClassView::of(["智能制造与电气工程学院".to_owned(), "数控".to_owned(), format!("2027级{n:02}班")])
    };
    let classes: Vec<_> = (0..48).map(class).collect();
    for (language, all) in [(Language::Chinese, "全部班级"), (Language::English, "all")] {
        let harness = window(RetakesView { classes: classes.clone(), ..retakes() }, language);
        for words in [all, "▲5760  9936 / 9984", "▲120  207 / 208"] {
            let drawn = texts(&harness).into_iter().find(|(text, _)| text == words);
            assert_eq!(drawn, Some((words.to_owned(), true)), "{words}");
        }
        // Of the others the class is read, and the end of the line is cut.
        let cut = texts(&harness).into_iter().find(|(text, _)| text.starts_with("2027级00班"));
        assert!(cut.is_some_and(|(_, is_whole)| !is_whole));
    }
}

/// What is drawn in letters, and whether all of it is.
fn texts(harness: &Desk) -> Vec<(String, bool)> {
    let shapes = harness.output().shapes.iter();
    let texts = shapes.filter_map(|clipped| match &clipped.shape {
        Shape::Text(text) => Some((text.galley.text().to_owned(), !text.galley.elided)),
        _ => None,
    });
    texts.collect()
}

#[test]
fn where_there_is_no_roster_it_says_how_to_get_one() {
    let harness = window(RetakesView::default(), Language::Chinese);
    assert!(harness.query_by_label_contains("按 F6，再按 M 读入").is_some());
    assert!(harness.query_by_label("全部班级 0 / 0").is_some(), "nothing is done, and no tick says so");
}

/// Enter means one thing at a time: the one that ends the search seats nobody, least of all who was chosen before it.
#[test]
fn the_enter_that_ends_the_search_seats_nobody() {
    let mut harness = window(retakes(), Language::Chinese);
    press(&mut harness, &[Key::ArrowDown, Key::F]);
    harness.key_press(Key::Enter);
    harness.run();
    let is_seated = |harness: &Desk| {
        harness.state().2.iter().any(|asked| matches!(asked, Asked::Retakes(RetakesAsk::Seat(_))))
    };
    assert!(!is_seated(&harness), "nothing was typed");
    press(&mut harness, &[Key::F]);
    types(&mut harness, "40");
    press(&mut harness, &[Key::Enter, Key::Enter]);
    assert!(!is_seated(&harness), "he was chosen before it was known who is looked for");
    press(&mut harness, &[Key::ArrowDown, Key::Enter]);
    assert!(is_seated(&harness));
}

/// Why nothing came of a key is said where it was pressed; what is the camera's waits at the capture screen.
#[test]
fn why_nothing_came_of_a_key_is_said_here_too() {
    let mut harness = window(retakes(), Language::Chinese);
    let trouble = |kind, words| Trouble { kind, words };
    harness.state_mut().0.troubles = vec![
        trouble(TroubleKind::Notice, trouble::not_while_seated()),
        trouble(TroubleKind::Drift, trouble::unsaved()),
    ];
    harness.run();
    assert!(harness.query_by_label_contains("有考生正在就座").is_some());
    assert!(harness.query_by_label_contains("还有照片没有写进磁盘").is_none());
}
