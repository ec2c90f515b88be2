//! Closing the books: 一个不多、一个不少、一个不错. What does not add up is named, and nobody is by more than a masked name and
//! the end of his number.

use std::{collections::BTreeSet, path::Path};

use caiying::{
    clerk::{
        Books, Clerk, Counts, Finding, Listed, Person, Stands, WalkUp, Who, let_in_as, reckon, reconcile,
    },
    ledger::{KeptPortrait, Sitter},
    profile::Profile,
    shot::{Digest, ShotId, SittingId, Trigger},
    station::{Fact, SeenCode, Sitting, Take},
    student::{CaptureCode, Roster, StudentKey},
};
use serde_json::Value;

use crate::{
    command_line::{Desk, code as exit_code, one_line, out},
    delivery::fitting,
    gates::chsi,
    opened,
    season::{self, Season, Student},
    world::{at, shot},
};

fn name_of(finding: &Finding) -> &'static str {
    match finding {
        Finding::Lost { .. } => "lost",
        Finding::Withdrawn { .. } => "withdrawn",
        Finding::Double { .. } => "double",
        Finding::Outdated { .. } => "outdated",
        Finding::Count { .. } => "count",
        Finding::RosterSize { .. } => "roster_size",
        Finding::Missing { stands: Stands::Absent, .. } => "absent",
        Finding::Missing { stands: Stands::Left, .. } => "left",
        Finding::Missing { stands: Stands::Sits, .. } => "sits",
        Finding::Unlisted { .. } => "unlisted",
        Finding::Undelivered { .. } => "undelivered",
        Finding::Strays { .. } => "strays",
        Finding::NobodyExpected => "nobody_expected",
    }
}

fn code_of(n: u8) -> CaptureCode {
    crate::world::code(n)
}

fn key(n: u8) -> StudentKey {
    StudentKey::of_code(&code_of(n))
}

fn listed(n: u8) -> Listed {
    let person = Person { name: format!("张*{n}"), number: format!("000{n}"), class: Default::default() };
    Listed { person, keys: vec![key(n), key(n + 100)] }
}

/// A portrait: its own number, whether it was meant to take another's place, whether it was delivered.
type Kept = (u8, bool, bool);

/// Whoever sat under code `n`, with his portraits; the last one is current, and a retake takes the place of all before it.
fn sitter(n: u8, kept: &[Kept]) -> Sitter {
    let last = kept.len();
    let portrait = |(place, (object, _, delivered)): (usize, &Kept)| KeptPortrait {
        object: Digest::of(&[*object]),
        withdrawn: false,
        stands: !kept[place + 1..].iter().any(|(_, meant, _)| *meant),
        current: place + 1 == last,
        delivered: *delivered,
    };
    let kept = kept.iter().enumerate().map(portrait).collect();
    Sitter { student: key(n), codes: vec![code_of(n)], sits: false, kept }
}

/// His first portrait is withdrawn: two persons said that it is not his.
fn withdrawn(mut sitter: Sitter) -> Sitter {
    let last = sitter.kept.len() == 1;
    sitter.kept[0] = KeptPortrait { withdrawn: true, stands: false, current: false, ..sitter.kept[0] };
    assert!(last || sitter.kept[sitter.kept.len() - 1].current);
    sitter
}

fn told(books: &Books) -> Vec<&'static str> {
    reckon(books).findings.iter().map(name_of).collect()
}

#[test]
fn books_that_add_up_have_no_finding() {
    let books = Books {
        roster: Some(vec![listed(1), listed(2)]),
        sitters: vec![sitter(1, &[(1, false, true)]), sitter(102, &[(2, false, false), (3, true, true)])],
        ..Books::default()
    };
    let reckoning = reckon(&books);
    assert!(reckoning.adds_up(), "{reckoning:?}");
    assert_eq!(reckoning.all, Counts { expected: Some(2), sat: 2, kept: 2, delivered: 2 });
    assert_eq!((reckoning.classes.len(), reckoning.classes[0].counts), (1, reckoning.all));
    assert_eq!(reckoning.outside, Counts::default());
    // The same number that a person counted.
    assert_eq!(told(&Books { expected: Some(2), ..books }), Vec::<&str>::new());
}

/// One thing is wrong at a time.
#[test]
fn everything_that_does_not_add_up_is_found_and_nothing_else() {
    let good = |n| sitter(n, &[(n, false, true)]);
    let roster = |count| Some((1..=count).map(listed).collect::<Vec<_>>());
    let base = Books { roster: roster(2), sitters: vec![good(1), good(2)], ..Books::default() };
    let second = |sitter: Sitter| Books { sitters: vec![good(1), sitter], ..base.clone() };
    let lost = |n: u8| BTreeSet::from([Digest::of(&[n])]);
    for (books, found) in [
        (Books { roster: roster(3), ..base.clone() }, vec!["absent"]),
        (second(sitter(2, &[])), vec!["left"]),
        (second(Sitter { sits: true, ..sitter(2, &[]) }), vec!["sits"]),
        (Books { sitters: vec![good(1), good(2), good(9)], ..base.clone() }, vec!["unlisted"]),
        (second(sitter(2, &[(2, false, false)])), vec!["undelivered"]),
        (second(sitter(2, &[(2, false, true), (3, true, false)])), vec!["outdated"]),
        (second(sitter(2, &[(2, false, true), (3, false, true)])), vec!["double"]),
        (second(sitter(2, &[(2, false, true), (3, false, true), (4, true, true)])), vec![]),
        (second(sitter(2, &[(2, false, true), (3, true, true), (4, false, true)])), vec!["double"]),
        // What was delivered is not his, and nothing right was delivered since.
        (second(withdrawn(sitter(2, &[(2, false, true)]))), vec!["withdrawn", "left"]),
        (
            second(withdrawn(sitter(2, &[(2, false, true), (3, false, false)]))),
            vec!["withdrawn", "undelivered"],
        ),
        (second(withdrawn(sitter(2, &[(2, false, true), (3, false, true)]))), vec![]),
        (second(withdrawn(sitter(2, &[(2, false, false), (3, false, true)]))), vec![]),
        // One person of the roster under two keys.
        (Books { sitters: vec![good(1), good(2), good(102)], ..base.clone() }, vec!["double"]),
        (Books { lost: lost(2), ..base.clone() }, vec!["lost"]),
        // A superseded portrait that nobody was given may be gone from the books.
        (Books { lost: lost(2), ..second(sitter(2, &[(2, false, false), (3, true, true)])) }, vec![]),
        (Books { lost: lost(2), ..second(sitter(2, &[(2, false, true), (3, true, true)])) }, vec!["lost"]),
        (Books { strays: vec![ShotId(4)], ..base.clone() }, vec!["strays"]),
        (Books { expected: Some(3), ..base.clone() }, vec!["count", "roster_size"]),
        (Books { expected: Some(1), roster: None, ..base.clone() }, vec!["count"]),
        (Books { roster: None, ..second(sitter(2, &[])) }, vec!["nobody_expected", "left"]),
        (Books { roster: None, ..base.clone() }, vec!["nobody_expected"]),
        (Books { roster: None, expected: Some(2), ..base.clone() }, vec![]),
    ] {
        assert_eq!(told(&books), found, "{books:?}");
    }
    let grave_first = Books {
        roster: roster(3),
        strays: vec![ShotId(4)],
        lost: lost(1),
        ..second(sitter(2, &[(2, false, false)]))
    };
    assert_eq!(told(&grave_first), ["lost", "absent", "undelivered", "strays"]);
}

#[test]
fn classes_are_counted_apart_and_everybody_once() {
    let in_class = |n, class: &str| {
        let mut listed = listed(n);
        listed.person.class = ["机电".to_owned(), "数控".to_owned(), class.to_owned()];
        listed
    };
    let books = Books {
        roster: Some(vec![in_class(1, "2班"), in_class(2, "1班"), in_class(3, "1班")]),
        sitters: vec![
            sitter(2, &[(2, false, true)]),
            sitter(3, &[]),
            sitter(9, &[(9, false, false)]),
            sitter(1, &[(1, false, false)]),
        ],
        ..Books::default()
    };
    let reckoning = reckon(&books);
    let classes: Vec<_> =
        reckoning.classes.iter().map(|class| (class.class[2].as_str(), class.counts)).collect();
    let counts = |expected, sat, kept, delivered| Counts { expected: Some(expected), sat, kept, delivered };
    assert_eq!(classes, [("1班", counts(2, 2, 1, 1)), ("2班", counts(1, 1, 1, 0))]);
    assert_eq!(reckoning.outside, Counts { expected: None, ..counts(0, 1, 1, 0) });
    assert_eq!(reckoning.all, counts(3, 4, 3, 1));
}

const ROSTER: &str = "学院,专业,班级,学号,姓名,身份证号\n\
                      机电系,数控,1班,20240001,张小三,11010519491231002X\n\
                      机电系,数控,1班,20240002,李四,\n\
                      机电系,数控,2班,20240003,欧阳娜娜,\n";

/// Numbers sittings and shots, and keeps portraits.
struct Desk1<'a> {
    clerk: &'a mut Clerk,
    next: u64,
}

impl Desk1<'_> {
    fn sit(&mut self, seen: SeenCode, retake: bool) -> Sitting {
        self.next += 1;
        let sitting = Sitting { takes: 1, ..Sitting::new(SittingId(self.next), seen, at(10), retake) };
        self.clerk.seat(at(10), &sitting).unwrap();
        sitting
    }

    fn keep(&mut self, seen: SeenCode, retake: bool) {
        let sitting = self.sit(seen, retake);
        let take =
            Take::of(shot(sitting.id.0, Trigger::Station(sitting.id), 11), fitting(ShotId(sitting.id.0)));
        self.clerk.keep(at(12), &sitting, &take).unwrap();
    }
}

fn by_number(number: &str) -> SeenCode {
    SeenCode::unread(CaptureCode::of_number(number))
}

/// The first is kept and delivered, then taken again; the second came and left; the third was never there; somebody is in
/// no roster; one shot is nobody's.
fn store(place: &Path) {
    let (mut clerk, _) = opened::clerk(place, "A1", "tender_freshmen", at(0)).unwrap();
    clerk.take_roster(at(1), &Roster::read(ROSTER.as_bytes()).unwrap()).unwrap();
    let mut desk = Desk1 { clerk: &mut clerk, next: 0 };
    desk.keep(by_number("20240001"), false);
    let objects: Vec<Digest> =
        desk.clerk.ledger().current().unwrap().into_iter().map(|parcel| parcel.object).collect();
    desk.clerk.note_delivered(at(20), "folder", &objects).unwrap();
    desk.keep(by_number("20240001"), true);
    let left = desk.sit(by_number("20240002"), false);
    desk.clerk.record(at(30), &Fact::Dismissed { sitting: left.id }).unwrap();
    let walk_up = WalkUp::new("赵六", "", "名册漏了", at(40));
    desk.clerk.note_walk_up(&walk_up).unwrap();
    let profile = Profile::builtin("tender_freshmen").unwrap();
    desk.keep(let_in_as(walk_up.code, "赵六", &profile), false);
    clerk.shelve(at(50), &shot(90, Trigger::Body, 50), None).unwrap();
}

#[test]
fn a_store_with_a_roster_is_closed_by_it() {
    let place = tempfile::tempdir().unwrap();
    store(place.path());
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let reckoning = reconcile(&opened::store(place.path()), &profile, None).unwrap();
    assert_eq!(reckoning.all, Counts { expected: Some(3), sat: 3, kept: 2, delivered: 0 });
    let names: Vec<_> = reckoning.findings.iter().map(name_of).collect();
    assert_eq!(names, ["outdated", "left", "absent", "unlisted", "undelivered", "strays"]);
    let Finding::Missing { who: Who::Listed(person), .. } = &reckoning.findings[1] else {
        panic!("{reckoning:?}");
    };
    assert_eq!(
        (person.name.as_str(), person.number.as_str(), person.class[2].as_str()),
        ("李*", "0002", "1班")
    );
    assert!(!format!("{reckoning:?}").contains('李'), "nobody shows in a log");
}

/// Downloaded again a code has other bytes and the same student; by his number he is the same too.
#[test]
fn one_student_under_three_codes_is_one_and_two_of_his_portraits_are_two() {
    let place = tempfile::tempdir().unwrap();
    let of = |stamp| chsi(stamp, "A7", "10001", "本科", "张*三", "002X");
    let (mut clerk, _) = opened::clerk(place.path(), "A1", "chsi_2017_99", at(0)).unwrap();
    let roster = format!(
        "学院,专业,班级,学号,姓名,身份证号,采集码\n机电系,数控,1班,SA7,张小三,11010519491231002X,{}\n",
        of(1).expose()
    );
    clerk.take_roster(at(1), &Roster::read(roster.as_bytes()).unwrap()).unwrap();
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let seen = |code: CaptureCode| {
        let bearer = profile.codes.read(&code, profile.privacy.name_mask).unwrap();
        SeenCode { code, bearer }
    };
    let mut desk = Desk1 { clerk: &mut clerk, next: 0 };
    desk.keep(seen(of(2)), false);
    desk.keep(seen(of(3)), true);
    let named = |place: &Path| -> Vec<&str> {
        reconcile(&opened::store(place), &profile, None).unwrap().findings.iter().map(name_of).collect()
    };
    assert_eq!(named(place.path()), ["undelivered"], "he is found in the roster by what his code says");
    desk.keep(by_number("SA7"), false);
    assert_eq!(named(place.path()), ["double", "undelivered"], "and once more by his number");
    let reckoning = reconcile(&opened::store(place.path()), &profile, Some(1)).unwrap();
    assert_eq!(reckoning.all, Counts { expected: Some(1), sat: 1, kept: 1, delivered: 0 });
}

/// The folder has it, and the school does not know whose it is.
#[test]
fn what_was_exported_without_its_name_is_not_delivered() {
    let desk = Desk::new();
    store(&desk.path("store"));
    let named = desk.run(&["export", "--store", "store", "--to", "stick", "--profile", "tender_freshmen"]);
    assert_eq!(exit_code(&named), 1, "{named:?}");
    let closed = desk.run(&["reconcile", "--store", "store", "--json"]);
    let told: Value = serde_json::from_str(&out(&closed)).unwrap();
    assert_eq!((&told["all"]["kept"], &told["all"]["delivered"]), (&2.into(), &1.into()), "{told}");
    let findings = told["findings"].as_array().unwrap();
    let waits: Vec<_> = findings.iter().filter(|finding| finding["finding"] == "undelivered").collect();
    assert_eq!(waits.len(), 1, "{told}");
    assert!(waits[0]["who"]["fingerprint"].is_string(), "who walked up has no number: {told}");
}

#[test]
fn a_portrait_that_is_kept_and_not_there_is_lost() {
    let place = tempfile::tempdir().unwrap();
    store(place.path());
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let (clerk, _) = opened::clerk(place.path(), "A1", "tender_freshmen", at(90)).unwrap();
    let current = clerk.ledger().current().unwrap()[0].object.to_string();
    drop(clerk);
    std::fs::remove_file(place.path().join("vault").join(&current[..2]).join(&current)).unwrap();
    let first = reconcile(&opened::store(place.path()), &profile, None).unwrap().findings.remove(0);
    assert!(matches!(first, Finding::Lost { delivered: false, .. }), "{first:?}");
}

#[test]
fn the_command_names_nobody_and_says_by_its_exit_whether_it_adds_up() {
    let desk = Desk::new();
    store(&desk.path("store"));
    let closed = desk.run(&["reconcile", "--store", "store", "--json"]);
    assert_eq!(exit_code(&closed), 1, "{closed:?}");
    let told: Value = serde_json::from_str(&out(&closed)).unwrap();
    assert_eq!(
        (&told["all"]["expected"], &told["all"]["kept"], &told["adds_up"]),
        (&3.into(), &2.into(), &false.into()),
        "by the profile that the store was opened with: {told}"
    );
    assert_eq!(told["classes"][0]["class"], "1班");
    assert_eq!(told["outside"]["kept"], 1);
    let missing: Vec<&Value> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["finding"] == "missing")
        .collect();
    let who: Vec<_> = missing.iter().map(|one| (&one["who"]["name"], &one["who"]["number"])).collect();
    assert_eq!(who, [(&"李*".into(), &"0002".into()), (&"欧**娜".into(), &"0003".into())]);
    for arguments in [&["--json"][..], &[], &["--lang", "en"]] {
        let closed = desk.run(&[&["reconcile", "--store", "store"], arguments].concat());
        let said = out(&closed);
        for secret in ["李四", "欧阳娜娜", "张小三", "赵六", "20240002", "11010519491231002X"] {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
    let words = out(&desk.run(&["reconcile", "--store", "store", "--expected", "4"]));
    for wanted in [
        "全部：应拍 4，就座 3，成品 2，交付 0",
        "机电系 数控 1班：应拍 2，就座 2，成品 1，交付 0",
        "名册外：就座 1，成品 1，交付 0",
        "× 机电系 数控 1班 李* 0002：来过，没有成品",
        "× 机电系 数控 2班 欧**娜 0003：没有来拍",
        "× 应拍 4 人，有成品 2 人，少 2 人",
        "× 名册有 3 人，应拍写的是 4 人：请核对名册",
        "× 未归属 1 张：请在窗口按 F4 处理",
    ] {
        assert!(words.lines().any(|line| line == wanted), "{wanted}: {words}");
    }
    let nowhere = desk.run(&["reconcile", "--store", "nowhere"]);
    assert_eq!(exit_code(&nowhere), 3);
    one_line(&nowhere);
    assert!(!desk.path("nowhere").exists());
    assert_eq!(exit_code(&desk.run(&["reconcile", "--store", "store", "--profile", "no_such"])), 2);
}

#[test]
fn a_day_that_adds_up_says_so_and_exits_with_zero() {
    let desk = Desk::new();
    let store = desk.path("store");
    let (mut clerk, _) = opened::clerk(&store, "A1", "chsi_2017_99", at(0)).unwrap();
    Desk1 { clerk: &mut clerk, next: 0 }.keep(SeenCode::unread(code_of(1)), false);
    let object = clerk.ledger().current().unwrap()[0].object;
    clerk.note_delivered(at(20), "folder", &[object]).unwrap();
    drop(clerk);
    let closed = desk.run(&["reconcile", "--store", "store", "--expected", "1"]);
    assert_eq!(exit_code(&closed), 0, "{closed:?}");
    assert!(out(&closed).contains("一个不多、一个不少、一个不错。"), "{closed:?}");
    assert_eq!(exit_code(&desk.run(&["reconcile", "--store", "store", "--expected", "2"])), 1);
}

/// A season of three hundred, judged by what was played and not by what the store says of itself.
#[test]
fn a_season_is_closed_as_it_was_played() {
    const STUDENTS: u64 = 300;
    let place = tempfile::tempdir().unwrap();
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let (mut clerk, _) = opened::clerk(place.path(), "A1", "chsi_2017_99", at(0)).unwrap();
    clerk.take_roster(at(1), &season::roster(STUDENTS)).unwrap();
    let mut season = Season::new(&mut clerk, &profile, at(1_000_000));
    season.play(1..=STUDENTS - 10);
    season.deliver_but(0);
    season.let_in("赵六");
    drop(clerk);
    assert_eq!(opened::verify(place.path()).unwrap().faults, []);
    let came = (1..=STUDENTS - 10).map(Student);
    let (left, strays) = (
        came.clone().filter(|student| student.leaves()).count(),
        came.clone().filter(|student| student.is_followed_by_a_stray()).count(),
    );
    let came = came.count();
    let reckoning = reconcile(&opened::store(place.path()), &profile, None).unwrap();
    assert_eq!(
        reckoning.all,
        Counts { expected: Some(300), sat: came + 1, kept: came + 1 - left, delivered: came - left }
    );
    assert_eq!(reckoning.classes.len(), (STUDENTS / 40 + 1) as usize);
    let of = |name| reckoning.findings.iter().filter(|finding| name_of(finding) == name).count();
    assert_eq!((of("left"), of("absent"), of("unlisted"), of("undelivered")), (left, 10, 1, 1));
    assert!((left, strays) == (2, 1) && of("double") == 0 && of("outdated") == 0, "{left} {strays}");
    let Some(Finding::Strays { shots }) = reckoning.findings.last() else { panic!("{reckoning:?}") };
    assert_eq!(shots.len(), strays);
    // Whoever came back for a retake before the delivery was delivered with it.
    assert!((1..STUDENTS - 10).map(Student).any(Student::comes_back));
}
