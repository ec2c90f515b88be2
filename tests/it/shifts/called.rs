//! Students without a code: found in the roster, or let in on a person's word, also while somebody sits.

use std::sync::mpsc::{SyncSender, sync_channel};

use caiying::{
    profile::Profile,
    station::{Expected, Fact},
    student::{CaptureCode, Roster},
    sync::plan,
    vault,
};

use super::{
    sounds::{Told, pressed},
    *,
};
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
    assert!(view.lookup.may_search && view.lookup.found.is_empty(), "the next one may be looked for");
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

/// A shift that knows the roster, and a photographer who presses the camera's own button.
fn by_hand(store: &Path) -> (Shift, SyncSender<CameraNews>, Clock) {
    let (news, camera) = sync_channel(8);
    let clock = Clock::start();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let profile = Arc::new(Profile::builtin("tender_freshmen").unwrap());
    let setup = Setup { profile, ..setup(store, clock, Box::new(Told(camera)), finder) };
    let mut shift = Shift::begin(setup).unwrap();
    news.send(CameraNews::Connected(CameraInfo::default())).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    (shift, news, clock)
}

fn is_judged(view: &View) -> bool {
    matches!(view.phase, Phase::Reviewing(..))
}

fn asks_who_comes(view: &View) -> bool {
    matches!(view.phase, Phase::Awaited(Expected { by_name: true, .. }))
}

fn notice(view: &View) -> Option<String> {
    let notice = view.troubles.iter().find(|trouble| trouble.kind == TroubleKind::Notice)?;
    Some(notice.words.headline.zh.clone())
}

/// The next one is called while this one is judged and filed: each has his own shot, and what was fired between is
/// nobody's.
#[test]
fn the_next_one_is_called_while_a_portrait_is_judged_and_no_shot_crosses() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let (mut shift, news, clock) = by_hand(&store);
    let shoot = |ago_ms| news.send(pressed(clock, ago_ms)).unwrap();
    call(&mut shift, "4001");
    shoot(0);
    until(&mut shift, "a portrait is judged", is_judged);
    shoot(1);
    let before = until(&mut shift, "a second shot is set aside", |view| view.tally.strays == 1);
    let heard = shift.heard();
    let after = call(&mut shift, "4002");
    assert_eq!((&after.phase, &after.student, &after.card), (&before.phase, &before.student, &before.card));
    assert_eq!((&after.portrait, &after.last), (&before.portrait, &before.last), "he is judged");
    assert_eq!((notice(&after), shift.heard()), (notice(&before), heard), "what was said of him stands");
    assert!(notice(&after).is_some() && before.line.is_empty());
    let [next] = after.line.as_slice() else { panic!("{after:?}") };
    let name = next.card.as_ref().and_then(|card| card.name.as_deref());
    assert_eq!((name, next.by_name, next.in_view, &next.gate), (Some("李*"), true, false, &None));

    shift.wish(Wish::Keep);
    let asked = until(&mut shift, "it is asked who comes", asks_who_comes);
    assert_eq!((asked.card.unwrap().name.as_deref(), asked.portrait), (Some("李*"), None));
    shift.wish(Wish::Fire);
    shoot(2);
    until(&mut shift, "it is nobody's", |view| view.tally.strays == 2);
    shift.wish(Wish::Seat);
    assert_eq!(shift.view().card.unwrap().name.as_deref(), Some("李*"));
    // Exposed before he sat, and handed over after.
    shoot(3_000);
    until(&mut shift, "nor is this one", |view| view.tally.strays == 3);
    shoot(4);
    until(&mut shift, "his portrait is judged", is_judged);
    shift.wish(Wish::Keep);
    until(&mut shift, "both are kept", |view| view.tally.students == 2);
    drop(shift);

    let (clerk, _) = opened::clerk(&store, "test", "p", Clock::start().now()).unwrap();
    let shots: Vec<_> = clerk.ledger().shots().unwrap().into_iter().map(|row| row.sitting).collect();
    assert_eq!(shots, [Some(SittingId(1)), None, None, None, Some(SittingId(2))]);
    let lines = clerk.ledger().lines().unwrap();
    let kept = lines.iter().filter_map(|line| match &line.fact {
        Fact::Kept { sitting, shot, .. } => Some((*sitting, shot.0)),
        _ => None,
    });
    assert_eq!(kept.collect::<Vec<_>>(), [(SittingId(1), 1), (SittingId(2), 5)]);
    drop(clerk);
    assert_eq!(opened::verify(&store).unwrap().faults, []);
}

#[test]
fn who_is_let_in_while_another_one_sits_is_written_down_once_and_before_he_sits() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let mut shift = shift_of(&store);
    call(&mut shift, "4001");
    shift.let_in("李四", "2024002", "不在名册");
    let by_number = shift.view().line;
    assert_eq!(by_number[0].card.as_ref().unwrap().last_four.as_deref(), Some("0014"), "he of the roster");
    for _twice in 0..2 {
        shift.let_in("王五", "2024009", "转专业");
    }
    let view = shift.view();
    let name = |view: &View| view.line.first().and_then(|next| next.card.as_ref()?.name.clone());
    assert_eq!((view.line.len(), name(&view).as_deref()), (1, Some("王*")));
    assert!(
        notice(&view).is_some_and(|said| said.contains("先前叫的考生")),
        "李四 is lost to nobody: {view:?}"
    );
    shift.wish(Wish::Dismiss);
    assert!(asks_who_comes(&shift.view()));
    shift.wish(Wish::Seat);
    shift.let_in("王五", "2024009", "转专业");
    assert!(shift.view().line.is_empty(), "he sits");
    shift.let_in("王六", "2024009", "转专业");
    assert!(
        shift.view().line.is_empty() && notice(&shift.view()).is_some_and(|said| said.contains("另一人"))
    );
    drop(shift);
    let (clerk, _) = opened::clerk(&store, "test", "p", Clock::start().now()).unwrap();
    let facts = clerk.ledger().lines().unwrap().into_iter().filter_map(|line| match line.fact {
        Fact::WalkedUp { .. } => Some(0),
        Fact::Seated { sitting, .. } => Some(sitting.0),
        _ => None,
    });
    assert_eq!(facts.collect::<Vec<_>>(), [1, 0, 2]);
    assert_eq!(clerk.walk_ups().unwrap().len(), 1);
}
