//! The record: first the file, then the row, then "saved"; nothing altered unseen; nothing lost to a power cut,
//! a kill or a full disk.

mod assigning;
mod checkpoints;
mod correcting;
pub(crate) mod disk;
mod disks;
mod first;
pub(crate) mod journal;
mod power;
mod questions;
mod refusals;
mod taking_home;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use caiying::{
    clerk::{Clerk, ClerkError, Fault, Recovery, Shelved},
    shot::{Digest, Moment, ShotId, SittingId, Trigger},
    station::{Act, Fact, SeenCode, Sitting, Take, Word},
    vault::{Kind, VaultError},
};

use crate::opened;
use crate::{
    alone::{alone, is_alone},
    world::{at, portrait, shot},
};

fn open(store: &Path) -> (Clerk, Recovery) {
    opened::clerk(store, "A1", "chsi_2017_99", at(0)).unwrap()
}

fn sitting(n: u64) -> Sitting {
    let seen = SeenCode::unread(format!("CODE-{n}").parse().unwrap());
    Sitting { takes: 1, ..Sitting::new(SittingId(n), seen, at(1), false) }
}

/// A take of sitting `n`: shot number `n`, with a body of some kilobytes, so that a kill may hit its writing.
fn take(n: u64) -> Take {
    let mut shot = shot(n, Trigger::Station(SittingId(n)), 2);
    shot.jpeg = [&n.to_le_bytes()[..], &[7; 200_000]].concat().into();
    Take::of(shot, portrait(ShotId(n)))
}

fn keep(clerk: &mut Clerk, n: u64) -> Result<(), ClerkError> {
    clerk.keep(at(3), &sitting(n), &take(n))
}

/// A store with three students, each with an original and a portrait.
fn three_students(store: &Path) {
    let (mut clerk, _) = open(store);
    for n in 1..=3 {
        clerk.seat(at(1), &sitting(n)).unwrap();
        keep(&mut clerk, n).unwrap();
    }
}

pub(crate) fn sql(store: &Path, statement: &str) {
    opened::thief(store).execute_batch(statement).unwrap();
}

/// The object of an original or a portrait.
fn object(store: &Path, kind: Kind, n: u64) -> (Digest, std::path::PathBuf) {
    let vault = opened::vault(store).unwrap();
    let found = vault.objects().unwrap().into_iter().find(|object| {
        let (binding, _) = vault.get(*object).unwrap();
        binding.kind == kind && binding.shot == ShotId(n)
    });
    let object = found.unwrap();
    let name = object.to_string();
    (object, store.join("vault").join(&name[..2]).join(&name))
}

#[test]
fn what_is_kept_is_found_again_with_its_student() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let report = opened::verify(store.path()).unwrap();
    assert_eq!((report.shots, report.kept, report.orphans, report.faults.len()), (3, 3, 0, 0), "{report:?}");
    let (clerk, recovery) = open(store.path());
    assert_eq!(recovery, Recovery::default(), "an orderly end leaves nothing to put right");
    assert_eq!(clerk.next_numbers().unwrap(), (SittingId(4), ShotId(4)));
    for (place, parcel) in clerk.ledger().queue().unwrap().into_iter().enumerate() {
        let n = place as u64 + 1;
        let (binding, jpeg) = clerk.vault().get(parcel.object).unwrap();
        assert_eq!(parcel.code, sitting(n).code);
        assert_eq!(binding.code, Some(Digest::of(parcel.code.expose().as_bytes())));
        assert_eq!(jpeg, take(n).portrait.jpeg.to_vec());
    }
}

#[test]
fn a_retake_supersedes_and_nothing_is_overwritten() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    let again = Sitting { id: SittingId(4), retake: true, ..sitting(2) };
    let take = Take::of(shot(4, Trigger::Body, 9), portrait(ShotId(4)));
    clerk.keep(at(9), &again, &take).unwrap();
    let waiting: Vec<_> = clerk.ledger().queue().unwrap().into_iter().map(|parcel| parcel.shot.0).collect();
    assert_eq!(waiting, [1, 3, 4], "the newest portrait of a student waits, once");
    assert_eq!(clerk.ledger().kept().unwrap().len(), 4, "the old one is still there");
    assert!(opened::verify(store.path()).unwrap().faults.is_empty());
}

#[test]
fn what_was_kept_against_the_checks_says_so_before_it_is_kept_or_is_not_kept() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    clerk.seat(at(1), &sitting(1)).unwrap();
    let act = Act::new("王老师", "颈部固定").unwrap();
    let take = Take { word: Word::Overruled(Box::new(act)), ..take(1) };
    clerk.keep(at(3), &sitting(1), &take).unwrap();
    let facts: Vec<Fact> = clerk.ledger().lines().unwrap().into_iter().map(|line| line.fact).collect();
    let [.., Fact::Overruled { sitting: of, by, reason, .. }, Fact::Kept { sitting: kept, .. }] = &facts[..]
    else {
        panic!("{facts:?}");
    };
    assert_eq!((of, by.as_str(), reason.as_str()), (kept, "王老师", "颈部固定"));
    // Refused as a whole, nothing of it stands there.
    let lines = facts.len();
    clerk.keep(at(4), &sitting(1), &take).unwrap_err();
    assert_eq!(clerk.ledger().lines().unwrap().len(), lines);
    drop(clerk);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
    sql(store.path(), "PRAGMA foreign_keys=OFF; DELETE FROM kept");
    assert_eq!(
        opened::verify(store.path()).unwrap().faults.len(),
        3,
        "two lines have no row, and the rows are too few"
    );
}

/// If the file cannot be kept, there must be no row: a row without its file is a portrait that is called saved
/// and is not there.
#[test]
fn file_before_row() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    let tmp = store.path().join("vault/tmp");
    fs::remove_dir(&tmp).unwrap();
    fs::write(&tmp, "in the way").unwrap();
    assert!(matches!(keep(&mut clerk, 1), Err(ClerkError::Vault(VaultError::Disk { .. }))));
    assert_eq!(clerk.ledger().shots().unwrap(), [], "a row without its file");
    assert_eq!(clerk.ledger().kept().unwrap(), []);
    fs::remove_file(&tmp).unwrap();
    fs::create_dir(&tmp).unwrap();
    keep(&mut clerk, 1).unwrap();
    drop(clerk);
    assert!(opened::verify(store.path()).unwrap().faults.is_empty(), "trying again is enough");
}

#[test]
fn keeping_twice_doubles_nothing_and_a_shot_belongs_to_one_sitting() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    assert!(keep(&mut clerk, 1).is_err(), "one portrait a sitting");
    let same_file = clerk.shelve(at(5), &take(1).shot, Some(&sitting(1))).unwrap();
    assert_eq!(same_file, Shelved::Known, "a file that comes twice is one shot");
    let others = clerk.shelve(at(5), &take(1).shot, Some(&sitting(4)));
    assert!(matches!(others, Err(ClerkError::OthersShot)), "{others:?}");
    let crossed = Take::of(take(2).shot, portrait(ShotId(9)));
    assert!(clerk.keep(at(6), &sitting(5), &crossed).is_err(), "another student's shot");
    assert_eq!(clerk.ledger().kept().unwrap().len(), 3);
    drop(clerk);
    assert!(opened::verify(store.path()).unwrap().faults.is_empty());
}

#[test]
fn two_programs_do_not_write_to_one_store() {
    let store = tempfile::tempdir().unwrap();
    let (_first, _) = open(store.path());
    let second = opened::clerk(store.path(), "A2", "chsi_2017_99", at(0));
    assert!(matches!(second, Err(ClerkError::Vault(VaultError::Locked))));
}

/// What a thief does to a store.
enum Tampering {
    /// Writes into the ledger.
    Sql(&'static str),
    /// Changes the last byte of an object.
    Flip(Kind, u64),
    /// Takes an object away.
    Remove(Kind, u64),
}

impl Tampering {
    fn do_to(&self, store: &Path) {
        match self {
            Self::Sql(statement) => sql(store, &format!("PRAGMA foreign_keys=OFF; {statement}")),
            Self::Flip(kind, n) => {
                let (_, path) = object(store, *kind, *n);
                let mut bytes = fs::read(&path).unwrap();
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                fs::write(path, bytes).unwrap();
            }
            Self::Remove(kind, n) => fs::remove_file(object(store, *kind, *n).1).unwrap(),
        }
    }
}

/// What `verify` says of what is kept ready.
const STALE: &str = "current portraits, the queue or ends of sittings do not follow from the tables";

/// Each tampering, and what `verify` says of it.
const TAMPERINGS: [(Tampering, &str); 13] = [
    (
        Tampering::Sql(
            "UPDATE journal SET fact = replace(fact, '\"quality\":85', '\"quality\":99') WHERE seq = 4",
        ),
        "journal line 4: it was changed",
    ),
    (Tampering::Sql("DELETE FROM journal WHERE seq = 3"), "lines 3 to 3 are missing"),
    (Tampering::Sql("UPDATE journal SET at = at + 1 WHERE seq = 5"), "journal line 5: it was changed"),
    (
        Tampering::Sql("UPDATE journal SET fact = (SELECT fact FROM journal WHERE seq = 2) WHERE seq = 5"),
        "journal line 5: it was changed",
    ),
    (
        Tampering::Sql("UPDATE kept SET sitting = 9 WHERE sitting = 1"),
        "a table speaks of something that is not there",
    ),
    (
        Tampering::Sql(
            "UPDATE sitting SET code = 'x' WHERE id = 1; UPDATE sitting SET code = 'CODE-1' WHERE id = 2",
        ),
        "the tables say something else",
    ),
    (Tampering::Sql("DELETE FROM kept WHERE sitting = 3"), "the tables have 3 shots and 2 portraits"),
    // Two portraits exchanged, rows and all.
    (
        Tampering::Sql(
            "CREATE TEMP TABLE old AS SELECT shot, object, jpeg FROM kept;
             UPDATE kept SET object = 'aside' WHERE shot = 1;
             UPDATE kept SET (object, jpeg) = (SELECT object, jpeg FROM old WHERE shot = 1) WHERE shot = 2;
             UPDATE kept SET (object, jpeg) = (SELECT object, jpeg FROM old WHERE shot = 2) WHERE shot = 1;",
        ),
        "says of itself something else than its row",
    ),
    // What is kept ready for counting and delivering must follow from the rest.
    (Tampering::Sql("DELETE FROM waiting WHERE seq = (SELECT seq FROM kept WHERE sitting = 2)"), STALE),
    (
        Tampering::Sql(
            "UPDATE newest SET student = 'another' WHERE seq = (SELECT seq FROM kept WHERE sitting = 2)",
        ),
        STALE,
    ),
    (Tampering::Sql("UPDATE sitting SET ended = ended + 1 WHERE id = 2"), STALE),
    (Tampering::Flip(Kind::Original, 2), "was changed or damaged"),
    (Tampering::Remove(Kind::Portrait, 1), "is missing"),
];

#[test]
fn every_kind_of_tampering_is_found_and_named() {
    for (place, (tampering, said)) in TAMPERINGS.iter().enumerate() {
        let store = tempfile::tempdir().unwrap();
        three_students(store.path());
        tampering.do_to(store.path());
        let faults = opened::verify(store.path()).unwrap().faults;
        let told: Vec<String> = faults.iter().map(Fault::to_string).collect();
        assert!(told.iter().any(|fault| fault.contains(said)), "tampering {place}: {told:?}");
    }
}

#[test]
fn a_journal_of_today_still_reads_tomorrow() {
    // One line of every kind, as the first version that knew it wrote it. Never change these: add new ones.
    let first = include_str!("../fixtures/journal/first_version.jsonl");
    let second = include_str!("../fixtures/journal/second_version.jsonl");
    let third = include_str!("../fixtures/journal/third_version.jsonl");
    let fourth = include_str!("../fixtures/journal/fourth_version.jsonl");
    let mut kinds = std::collections::BTreeSet::new();
    for line in first.lines().chain(second.lines()).chain(third.lines()).chain(fourth.lines()) {
        let fact: Fact = serde_json::from_str(line).unwrap_or_else(|err| panic!("{err}: {line}"));
        assert_eq!(serde_json::to_string(&fact).unwrap(), line, "it is written as it was");
        kinds.insert(line.split('"').nth(3).unwrap().to_owned());
    }
    assert_eq!(kinds.len(), 21, "{kinds:?}");
}

#[test]
fn an_original_without_its_row_is_adopted_by_its_own_binding_and_by_no_one_else() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    // The power failed between the file and its row: shot 3 and everything after it is forgotten.
    sql(
        store.path(),
        "PRAGMA foreign_keys=OFF; DELETE FROM kept WHERE shot = 3; DELETE FROM shot WHERE id = 3;
         DELETE FROM journal WHERE seq > 7; UPDATE sitting SET ending = NULL WHERE id = 3",
    );
    let (clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, recovery.never_saved, recovery.interrupted), (1, 1, 1), "{recovery:?}");
    let adopted = clerk.ledger().shots().unwrap().into_iter().find(|shot| shot.id == ShotId(3)).unwrap();
    assert_eq!(adopted.sitting, Some(SittingId(3)), "to the sitting its binding names");
    assert_eq!(clerk.ledger().queue().unwrap().len(), 2, "what was never called saved is not delivered");
    drop(clerk);
    let (_clerk, again) = open(store.path());
    assert_eq!((again.adopted, again.interrupted), (0, 0), "putting right twice changes nothing");
    assert!(opened::verify(store.path()).unwrap().faults.is_empty());
}

#[test]
fn an_original_of_an_unknown_sitting_is_adopted_by_nobody() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    sql(
        store.path(),
        "PRAGMA foreign_keys=OFF; DELETE FROM kept WHERE shot = 3; DELETE FROM shot WHERE id = 3;
         DELETE FROM sitting WHERE id = 3; DELETE FROM journal WHERE seq > 6;",
    );
    let (mut clerk, recovery) = open(store.path());
    assert_eq!(recovery.adopted, 1);
    // The next student gets the very number that was forgotten, and still not the photo.
    assert_eq!(clerk.next_numbers().unwrap().0, SittingId(3));
    let next = Sitting { code: "CODE-NEXT".parse().unwrap(), ..sitting(3) };
    clerk.seat(at(20), &next).unwrap();
    let adopted = clerk.ledger().shots().unwrap().into_iter().find(|shot| shot.id == ShotId(3)).unwrap();
    assert_eq!(adopted.sitting, None);
}

/// What a killed child had called saved must be there afterwards, with its student; whatever the moment.
#[test]
fn nothing_that_was_called_saved_is_lost_to_kill_9() {
    const KILLS: u64 = 25;
    let store = tempfile::tempdir().unwrap();
    let mut saved: BTreeMap<u64, String> = BTreeMap::new();
    for round in 0..KILLS {
        let killed_after = (2 + round % 3, Duration::from_micros(round * 700));
        killed("record::child_keeps_until_it_is_killed", store.path(), killed_after, |line| {
            remember(line, &mut saved)
        });
        check_saved(store.path(), &saved);
    }
    eprintln!("{KILLS} kills, {} called saved, all there", saved.len());
    assert!(saved.len() as u64 > 2 * KILLS);
}

/// A test of this program that goes on until it is killed: when so many of its lines were `heard` to be what is waited
/// for, and a little later.
pub(crate) fn killed(
    test: &str,
    store: &Path,
    (told, later): (u64, Duration),
    mut heard: impl FnMut(&str) -> bool,
) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("CAIYING_TEST_STORE", store)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut so_far = 0;
    while so_far < told {
        let line = lines.next().expect("the child ended by itself").unwrap();
        so_far += u64::from(heard(&line));
    }
    std::thread::sleep(later);
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still managed to say counts too.
    for line in lines.map_while(Result::ok) {
        heard(&line);
    }
}

/// `SAVED n digest`.
fn remember(line: &str, saved: &mut BTreeMap<u64, String>) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| *word != "SAVED");
    let (Some(_), Some(n), Some(digest)) = (words.next(), words.next(), words.next()) else { return false };
    saved.insert(n.parse().unwrap(), digest.to_owned());
    true
}

fn check_saved(store: &Path, saved: &BTreeMap<u64, String>) {
    let (clerk, recovery) = open(store);
    assert_eq!(recovery.unreadable, 0, "{recovery:?}");
    let there: BTreeMap<String, String> = clerk
        .ledger()
        .current()
        .unwrap()
        .into_iter()
        .map(|parcel| (parcel.code.expose().to_owned(), parcel.jpeg.to_string()))
        .collect();
    for (n, digest) in saved {
        assert_eq!(there.get(&format!("CODE-{n}")), Some(digest), "student {n} was called saved");
    }
    drop(clerk);
    let report = opened::verify(store).unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

#[test]
#[ignore = "the child of the kill test"]
fn child_keeps_until_it_is_killed() {
    let store = std::env::var_os("CAIYING_TEST_STORE").expect("only the kill test runs this");
    let (mut clerk, _) = open(Path::new(&store));
    let (first, first_shot) = clerk.next_numbers().unwrap();
    for step in 0.. {
        let (n, id) = (first.0 + step, first_shot.0 + step);
        let sitting = sitting(n);
        clerk.seat(at(1), &sitting).unwrap();
        let mut take = take(id);
        take.shot.trigger = Trigger::Station(sitting.id);
        clerk.keep(Moment(i64::try_from(n).unwrap()), &sitting, &take).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "SAVED {n} {}", take.portrait.sha256).unwrap();
        out.flush().unwrap();
    }
}

/// On a disk of two megabytes that is full: refused with the reason, nothing half kept, and when there is room
/// again the very same order succeeds.
#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    if !is_alone() {
        return on_a_small_disk("record::a_full_disk_refuses_and_loses_nothing");
    }
    let disk = std::env::current_dir().unwrap();
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![0; 700_000]).unwrap();
    let store = disk.join("store");
    let (mut clerk, _) = open(&store);
    let mut n = 0;
    let refused = loop {
        n += 1;
        assert!(n < 100, "the disk never fills");
        match clerk.seat(at(1), &sitting(n)).and_then(|()| keep(&mut clerk, n)) {
            Ok(()) => {}
            Err(err) => break err,
        }
    };
    assert!(refused.is_no_space(), "{refused:?}");
    assert!(!refused.is_permanent(), "trying again must be allowed");
    let kept = clerk.ledger().kept().unwrap().len() as u64;
    assert_eq!(kept, n - 1, "what was refused is not kept, what was kept stays");
    let report = opened::verify(&store).unwrap();
    assert!(report.faults.is_empty(), "{report:?}");
    fs::remove_file(ballast).unwrap();
    clerk.seat(at(1), &sitting(n)).unwrap();
    keep(&mut clerk, n).unwrap();
    drop(clerk);
    let report = opened::verify(&store).unwrap();
    assert_eq!((report.kept as u64, report.faults.len()), (n, 0), "{report:?}");
}

/// Runs a test again in a mount namespace of its own, on a file system of two megabytes. Some containers allow
/// neither a namespace nor a mount: then it says so, and the test has shown nothing there.
pub(crate) fn on_a_small_disk(test: &str) {
    let place = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=2m tmpfs {}", place.path().display());
    let unshare = |how: &[&str], script: &str| {
        let mut command = Command::new("unshare");
        command.args(how).args(["--mount", "sh", "-c", script]).arg(std::env::current_exe().unwrap());
        command
    };
    // Who is no user of this system cannot map himself to root; who is root need not.
    let ways: [&[&str]; 2] = [&["--map-root-user"], &[]];
    let works = |how: &&&[&str]| unshare(how, &mount).output().is_ok_and(|tried| tried.status.success());
    let Some(how) = ways.iter().find(works) else {
        eprintln!("NOT TESTED: {test}: this machine allows no mount namespace");
        return;
    };
    let script =
        format!("{mount} && cd {} && exec \"$0\" --exact {test} --nocapture", place.path().display());
    alone(&mut unshare(how, &script));
}
