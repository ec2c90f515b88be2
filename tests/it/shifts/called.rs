//! Students without a code: found in the roster, or let in on a person's word.

use caiying::{
    profile::Profile,
    student::{CaptureCode, Roster},
    sync::plan,
    vault,
};

use super::*;
use crate::gates::chsi;
use crate::opened;

pub(crate) const ROSTER: &str = "学号,姓名,身份证号,学院,专业,班级\n\
    2024001,张小三,11010519491231002X,机电系,数控,1班\n\
    2024002,李四,440524188001010014,机电系,数控,1班\n";

/// A store that knows the roster.
pub(crate) fn store_with(folder: &Path, roster: &str) -> std::path::PathBuf {
    let store = folder.join("store");
    vault::keep_apart(&store, true).unwrap();
    take(&store, roster);
    store
}

fn take(store: &Path, roster: &str) {
    let (mut clerk, _) = opened::clerk(store, "test", "p", Clock::start().now()).unwrap();
    clerk.take_roster(Clock::start().now(), &Roster::read(roster.as_bytes()).unwrap()).unwrap();
}

pub(crate) fn shift_of(store: &Path) -> Shift {
    let clock = Clock::start();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let profile = Arc::new(Profile::builtin("tender_freshmen").unwrap());
    let mut shift = Shift::begin(Setup { profile, ..setup(store, clock, plain(clock), finder) }).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    shift
}

fn call(shift: &mut Shift, typed: &str) -> View {
    shift.search(typed);
    shift.choose(0);
    shift.view()
}

pub(crate) fn shoot_and_keep(shift: &mut Shift) {
    shift.wish(Wish::Fire);
    until(shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    shift.wish(Wish::Keep);
    until(shift, "it is saved", |view| view.saved.is_some());
}

fn files_of(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_of(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_student_of_the_roster_sits_by_name_is_kept_once_and_is_delivered_under_his_number() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let mut shift = shift_of(&store);
    assert!(shift.view().lookup.may_search);
    shift.search("zxs");
    let lookup = shift.view().lookup;
    assert_eq!((lookup.found.len(), lookup.all, lookup.found[0].name.as_str()), (1, 1, "张*三"));
    assert!(!format!("{:?}", shift.view()).contains('张'), "nobody shows in a log");
    let view = call(&mut shift, "4001");
    let card = view.card.unwrap();
    assert_eq!((card.name.as_deref(), card.last_four.as_deref()), (Some("张*三"), Some("002X")));
    assert!(!view.lookup.may_search && view.lookup.found.is_empty(), "the chair is taken");
    shift.search("4002");
    shift.choose(0);
    shoot_and_keep(&mut shift);
    let again = call(&mut shift, "4001");
    assert!(matches!(again.phase, Phase::KeptBefore(_)), "not a second portrait by itself: {again:?}");
    drop(shift);

    // The next day's roster knows the id number only: he is the same student.
    take(&store, "身份证号,姓名\n11010519491231002X,张小三\n");
    let mut shift = shift_of(&store);
    assert!(matches!(call(&mut shift, "002X").phase, Phase::CodeScanned(_)), "another key of his");
    shift.wish(Wish::Dismiss);
    drop(shift);
    take(&store, ROSTER);
    let mut shift = shift_of(&store);
    assert!(matches!(call(&mut shift, "002X").phase, Phase::KeptBefore(_)));
    drop(shift);

    let (clerk, _) = opened::clerk(&store, "test", "p", Clock::start().now()).unwrap();
    let known = clerk.people(None).unwrap();
    let planned =
        plan(&clerk.ledger().current().unwrap(), &Profile::builtin("tender_freshmen").unwrap(), &known);
    let paths: Vec<_> = planned.unwrap().items.into_iter().map(|item| item.path.join("/")).collect();
    assert_eq!(paths, ["机电系/数控/1班/2024001.jpg"]);
    drop(clerk);
    assert_eq!(opened::verify(&store).unwrap().faults, []);
    nothing_names_people(&store);
}

/// What the roster says stands nowhere in the clear, and of former rosters nothing is left.
fn nothing_names_people(store: &Path) {
    let mut files = Vec::new();
    files_of(store, &mut files);
    let names = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        ["张小三", "李四", "11010519491231002X", "2024001"]
            .into_iter()
            .any(|word| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    let naming: Vec<_> = files.iter().filter(|path| names(path)).collect();
    let papers = store.join("vault/papers");
    assert!(naming.is_empty() && files.len() > 3, "{naming:?} of {}", files.len());
    assert_eq!(fs::read_dir(papers).unwrap().count(), 1);
}

#[test]
fn a_roster_that_is_damaged_is_told_and_codes_work_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let paper = fs::read_dir(store.join("vault/papers")).unwrap().next().unwrap().unwrap().path();
    fs::write(&paper, "学号\n1\n").unwrap();
    assert_eq!(opened::verify(&store).unwrap().faults.len(), 1);
    let mut shift = shift_of(&store);
    let view = shift.view();
    assert!(view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Roster), "{view:?}");
    show(&mut shift, 1);
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)));
}

#[test]
fn who_is_in_no_roster_is_let_in_with_a_reason_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let mut shift = shift_of(&store);
    for (name, reason) in [("王五", " "), ("", "转专业")] {
        shift.let_in(name, "", reason);
        assert!(matches!(shift.view().phase, Phase::Idle), "name and reason are needed");
    }
    shift.let_in("王五", "", "转专业");
    let Phase::CodeScanned(first) = shift.view().phase else { panic!("he sits") };
    shoot_and_keep(&mut shift);
    shift.let_in("王五", "", "转专业");
    let Phase::CodeScanned(second) = shift.view().phase else { panic!("he sits") };
    assert_ne!(first.code, second.code, "without a number two of one name are two");
    shift.wish(Wish::Dismiss);
    // Who gives the number and the name of somebody in the roster is that student; by another name nobody sits
    // before a person looked.
    shift.let_in("李四", "２０２４００２", "不在名册");
    let card = shift.view().card.unwrap();
    assert_eq!((card.name.as_deref(), card.last_four.as_deref()), (Some("李*"), Some("0014")));
    shift.wish(Wish::Dismiss);
    shift.let_in("李肆", "2024002", "不在名册");
    let asked = shift.view();
    assert!(matches!(asked.phase, Phase::Idle) && asked.lookup.found.len() == 1, "{asked:?}");
    shift.choose(0);
    assert_eq!(shift.view().card.unwrap().name.as_deref(), Some("李*"));
    drop(shift);
    let (clerk, _) = opened::clerk(&store, "test", "p", Clock::start().now()).unwrap();
    let walk_ups = clerk.walk_ups().unwrap();
    assert_eq!(walk_ups.len(), 2);
    assert_eq!((walk_ups[0].code.clone(), walk_ups[0].name.as_str()), (first.code, "王五"));
    assert!(!format!("{walk_ups:?}").contains("王五"));
}

/// A number that is typed is a claim: it gives nobody another one's portrait, today, tomorrow or in the delivery.
#[test]
fn a_number_somebody_else_was_let_in_with_is_not_taken_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let mut shift = shift_of(&store);
    shift.let_in("王五", "2024009", "转专业");
    shoot_and_keep(&mut shift);
    let is_asked = |shift: &Shift, about: &str| {
        let view = shift.view();
        let told = view.troubles.iter().any(|trouble| trouble.words.headline.zh.contains(about));
        matches!(view.phase, Phase::Idle) && told
    };
    let another = "已有另一人用过";
    shift.let_in("王六", "2024009", "转专业");
    assert!(is_asked(&shift, another), "the same mask, another name: {:?}", shift.view());
    shift.let_in("王五", " ２０２４００９", "转专业");
    assert!(matches!(shift.view().phase, Phase::KeptBefore(_)), "he himself");
    drop(shift);

    let mut shift = shift_of(&store);
    shift.let_in("王六", "2024009", "转专业");
    assert!(is_asked(&shift, another), "also tomorrow");
    shift.let_in("王六", "", "转专业");
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)), "without the number he sits");
    shift.wish(Wish::Dismiss);
    drop(shift);

    // The roster that comes later gives the number to somebody else: the portrait is not his.
    take(&store, "学号,姓名,身份证号,学院,专业,班级\n2024009,赵六,440524188001010014,机电系,数控,1班\n");
    let mut shift = shift_of(&store);
    let view = call(&mut shift, "4009");
    assert!(matches!(view.phase, Phase::CodeScanned(_)), "he sits under his other number: {view:?}");
    shift.wish(Wish::Dismiss);
    drop(shift);
    take(&store, "学号,姓名,学院,专业,班级\n2024009,赵六,机电系,数控,1班\n");
    let mut shift = shift_of(&store);
    shift.search("4009");
    shift.choose(0);
    assert!(is_asked(&shift, another), "he has no other: {:?}", shift.view());
    drop(shift);
    let (clerk, _) = opened::clerk(&store, "test", "p", Clock::start().now()).unwrap();
    let planned = plan(
        &clerk.ledger().current().unwrap(),
        &Profile::builtin("tender_freshmen").unwrap(),
        &clerk.people(None).unwrap(),
    );
    let planned = planned.unwrap();
    assert_eq!((planned.items.len(), planned.missing.portraits), (1, 1), "under nobody's number");
}

#[test]
fn a_code_made_to_look_like_a_student_of_the_roster_seats_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut shift = shift_of(&store_with(folder.path(), ROSTER));
    let forged: CaptureCode = CaptureCode::of_number("2024001").expose().parse().unwrap();
    shift.see(Sight::Seen(forged));
    assert!(matches!(shift.view().phase, Phase::Idle));
}

/// A roster that has the capture codes: whoever sat with his is the student of its row, whatever he is found by.
#[test]
fn whoever_sat_with_the_code_that_the_roster_has_is_known_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let his = chsi(1, "A7", "10001", "本科", "张*三", "002X");
    let anothers = chsi(1, "A8", "10001", "本科", "王*", "7654");
    let roster = format!("学号,姓名,采集码\nSA7,张小三,{}\nSA9,李四,{}\n", his.expose(), anothers.expose());
    let mut shift = shift_of(&store_with(folder.path(), &roster));
    shift.see(Sight::Gone);
    shift.see(Sight::Seen(his));
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)));
    shoot_and_keep(&mut shift);
    shift.see(Sight::Gone);
    shift.search("SA7");
    assert!(shift.view().lookup.found[0].kept, "found by his number, his portrait is known of");
    shift.choose(0);
    assert!(matches!(shift.view().phase, Phase::KeptBefore(_)), "not a second portrait by itself");
    shift.wish(Wish::Dismiss);

    // A row with somebody else's code: called by name, its student sits under his number, as himself.
    let view = call(&mut shift, "SA9");
    let card = view.card.unwrap();
    assert_eq!(card.name.as_deref(), Some("李*"));
    shoot_and_keep(&mut shift);
    shift.see(Sight::Seen(anothers));
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)), "the other one has no portrait yet");
}
