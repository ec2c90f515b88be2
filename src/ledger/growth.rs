//! Held without a clock: what is asked at every act takes as many steps of SQLite's machine in a full store as in an empty
//! one; and a store of before this was so is brought up to it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tempfile::TempDir;

use super::*;
use crate::{
    keys::Keys,
    shot::{Exposure, Origin, Trigger},
    station::{How, Original, SeenCode},
};

fn sitter(sitting: u64, student: u64, retake: bool) -> Sitting {
    let seen = SeenCode::unread(format!("CODE-{student}").parse().unwrap());
    Sitting::new(SittingId(sitting), seen, Moment(1000 * sitting as i64), retake)
}

fn original(shot: u64) -> Original {
    Original {
        shot: ShotId(shot),
        object: Digest::of(&[&b"o"[..], &shot.to_le_bytes()].concat()),
        jpeg: Digest::of(&[&b"j"[..], &shot.to_le_bytes()].concat()),
        trigger: Trigger::Body,
        exposed: Exposure::exactly(Moment(1000 * shot as i64)),
        origin: Origin::default(),
    }
}

fn portrait(shot: u64) -> Digest {
    Digest::of(&[&b"p"[..], &shot.to_le_bytes()].concat())
}

/// Somebody sits down, is shot and kept.
fn keep(ledger: &mut Ledger, sitting: u64, student: u64) {
    let sitter = sitter(sitting, student, sitting != student);
    let (id, shot) = (sitter.id, ShotId(sitting));
    let kept = Fact::Kept {
        sitting: id,
        shot,
        object: portrait(sitting),
        portrait: Digest::of(&sitting.to_le_bytes()),
        bytes: 25_000,
        quality: 85,
        how: How::default(),
        supersedes: ledger.portraits_of(&sitter.bearer.key).unwrap(),
    };
    let taken = Fact::Taken { sitting: id, original: original(sitting) };
    let facts = [&Fact::seated(&sitter), &taken, &kept];
    ledger.record_with(Moment(1000 * sitting as i64), &facts, &sitter).unwrap();
}

fn deliver(ledger: &mut Ledger, sitting: u64) {
    let fact = Fact::Delivered { target: "folder".to_owned(), object: portrait(sitting) };
    ledger.record(Moment(2_000_000), &fact).unwrap();
}

/// A folder, and keys for the store in it.
fn new() -> (TempDir, Store) {
    let place = tempfile::tempdir().unwrap();
    let store = Store::new(place.path(), Keys::generate().unwrap());
    (place, store)
}

/// A store of so many students; nine of ten are delivered, shot 2 was disowned, and the last is a stray.
fn store(students: u64) -> (TempDir, Store, Ledger) {
    let (place, store) = new();
    let mut ledger = Ledger::open(&store).unwrap();
    // What is tried is how many steps it takes, not whether it survives.
    ledger.db.pragma_update(None, "synchronous", "OFF").unwrap();
    for n in 1..=students {
        keep(&mut ledger, n, n);
        if n % 10 > 0 {
            deliver(&mut ledger, n);
        }
    }
    let extra = Fact::Taken { sitting: SittingId(1), original: original(students + 1) };
    let disowned =
        Fact::Disowned { sitting: SittingId(1), shot: ShotId(students + 1), reason: "operator".to_owned() };
    let roster = Fact::RosterTaken { paper: Digest::of(b"roster"), students: 9 };
    ledger.record_together(Moment(3_000_000), &[&extra, &disowned, &roster]).unwrap();
    (place, store, ledger)
}

/// How many steps of SQLite's machine some work takes.
fn steps(ledger: &mut Ledger, work: impl Fn(&mut Ledger)) -> u64 {
    // Statements are prepared the first time.
    ledger.db.flush_prepared_statement_cache();
    let count = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&count);
    let handler = move || {
        counting.fetch_add(1, Ordering::Relaxed);
        false
    };
    ledger.db.progress_handler(1, Some(handler)).unwrap();
    work(ledger);
    ledger.db.progress_handler(1, None::<fn() -> bool>).unwrap();
    count.load(Ordering::Relaxed)
}

#[test]
fn what_is_asked_at_every_act_costs_the_same_in_a_full_store() {
    const NEXT: u64 = 1_000_000;
    type Work = fn(&mut Ledger, u64);
    let works: [(&str, Work); 13] = [
        ("a student is kept", |ledger, _| keep(ledger, NEXT, NEXT)),
        ("a retake supersedes", |ledger, _| keep(ledger, NEXT + 1, 3)),
        ("a portrait is delivered", |ledger, _| deliver(ledger, 10)),
        ("everything is counted", |ledger, _| {
            // Midnight comes after everybody who was kept on other days.
            ledger.tally(Moment(1000 * NEXT as i64)).unwrap();
        }),
        ("is it delivered", |ledger, _| {
            ledger.is_delivered("folder", portrait(1)).unwrap();
        }),
        ("a shot", |ledger, n| {
            ledger.shot(ShotId(n)).unwrap();
        }),
        ("the same file", |ledger, n| {
            ledger.shot_with_jpeg(original(n).jpeg).unwrap();
        }),
        ("whose it was", |ledger, n| {
            assert_eq!(ledger.disowned_from(ShotId(n + 1)).unwrap(), Some(SittingId(1)));
        }),
        ("the strays", |ledger, _| assert_eq!(ledger.strays().unwrap().len(), 1)),
        ("a history", |ledger, _| {
            ledger.history(&sitter(1, 1, false).bearer.key).unwrap();
        }),
        ("the papers", |ledger, _| assert!(ledger.papers().unwrap().roster.is_some())),
        ("since when", |ledger, _| {
            ledger.began().unwrap();
        }),
        ("the next numbers", |ledger, _| {
            ledger.next_numbers().unwrap();
        }),
    ];
    let (_few, _, mut small) = store(20);
    let (_many, _, mut large) = store(800);
    for (what, work) in works {
        let (few, many) = (steps(&mut small, |db| work(db, 20)), steps(&mut large, |db| work(db, 800)));
        assert!(many <= 2 * few + 10, "{what}: {few} steps among 20 students, {many} among 800");
    }
    for ledger in [small, large] {
        assert!(newest::is_sound(&ledger.db).unwrap());
    }
}

/// A store as the program wrote it before: the journal's lines and the tables, without what is kept ready now.
#[test]
fn a_store_of_before_is_brought_up_to_date_and_only_by_whoever_may_write() {
    let (_place, store) = new();
    let mut db = connect(&store, OpenFlags::default()).unwrap();
    Migrations::from_slice(&STEPS[..2]).to_latest(&mut db).unwrap();
    // Students 1 and 2 are kept, 1 twice and delivered before; 3 came and left; a line is no fact.
    db.execute_batch(&format!(
        "INSERT INTO journal (seq, at, station, who, fact, hash) VALUES
             (1, 10, 'A1', '', '{{\"fact\":\"seated\",\"sitting\":1}}', zeroblob(32)),
             (2, 20, 'A1', '', '{{\"fact\":\"kept\",\"sitting\":1,\"shot\":1}}', zeroblob(32)),
             (3, 30, 'A1', '', '{{\"fact\":\"kept\",\"sitting\":2,\"shot\":2}}', zeroblob(32)),
             (4, 40, 'A1', '', '{{\"fact\":\"kept\",\"sitting\":4,\"shot\":3}}', zeroblob(32)),
             (5, 50, 'A1', '', '{{\"fact\":\"dismissed\",\"sitting\":3}}', zeroblob(32)),
             (6, 60, 'A1', '', '{{\"fact\":\"kept\",\"sitting\":2,\"shot\":2}}', zeroblob(32)),
             (7, 70, 'A1', '', 'no JSON at all', zeroblob(32)),
             (8, 80, 'A1', '', '{{\"fact\":9,\"sitting\":\"x\"}}', zeroblob(32));
         INSERT INTO sitting (id, code, since, retake, ending, student) VALUES
             (1, 'A', 10, 0, 'kept', 'a'), (2, 'B', 10, 0, 'kept', 'b'),
             (3, 'C', 10, 0, 'dismissed', 'c'), (4, 'A', 10, 1, 'kept', 'a');
         INSERT INTO shot VALUES (1, 1, '{o1}', 'j1'), (2, 2, '{o2}', 'j2'), (3, 4, '{o3}', 'j3');
         INSERT INTO kept VALUES (1, 1, '{p1}', '{o1}', 9, 9, 2, NULL), (2, 2, '{p2}', '{o2}', 9, 9, 3, NULL),
             (4, 3, '{p3}', '{o3}', 9, 9, 4, NULL);
         INSERT INTO superseding VALUES ('{p1}', 4);
         INSERT INTO delivery VALUES ('folder', '{p1}', 5), ('folder', '{p2}', 5);",
        o1 = original(1).object,
        o2 = original(2).object,
        o3 = original(3).object,
        p1 = portrait(1),
        p2 = portrait(2),
        p3 = portrait(3),
    ))
    .unwrap();
    drop(db);
    assert!(matches!(Ledger::read(&store), Err(LedgerError::OldStore)));
    let ledger = Ledger::open(&store).unwrap();
    assert!(newest::is_sound(&ledger.db).unwrap());
    let sittings =
        |parcels: Vec<Parcel>| parcels.into_iter().map(|parcel| parcel.sitting.0).collect::<Vec<_>>();
    assert_eq!(sittings(ledger.current().unwrap()), [2, 4]);
    assert_eq!(sittings(ledger.queue().unwrap()), [4]);
    let tally = ledger.tally(Moment(35)).unwrap();
    assert_eq!((tally.students, tally.today, tally.waiting, tally.alone), (2, 1, 1, 3));
    let ended: Vec<_> =
        ledger.sittings_around(Moment(0), 1000).unwrap().into_iter().map(|note| note.ended).collect();
    assert_eq!(ended, [Some(20), Some(30), Some(50), Some(40)].map(|at| at.map(Moment)), "the first end");
    assert!(Ledger::read(&store).is_ok());
}

#[test]
fn a_student_who_is_named_anew_has_one_current_portrait_and_waits_once() {
    let (_place, _, mut ledger) = store(5);
    let named = |code: &CaptureCode, of: &[&str]| {
        let alike = of.contains(&code.expose());
        StudentKey::of_code(&if alike { "SAME".parse().unwrap() } else { code.clone() })
    };
    for of in [&["CODE-1", "CODE-2", "CODE-5"][..], &["CODE-2", "CODE-3"], &[], &["CODE-1", "CODE-4"]] {
        ledger.name_students(|code, _| named(code, of)).unwrap();
        assert!(newest::is_sound(&ledger.db).unwrap(), "{of:?}");
        let students = 5 - of.len().saturating_sub(1);
        assert_eq!(ledger.current().unwrap().len(), students, "{of:?}");
    }
}

#[test]
fn a_copy_is_of_one_moment_and_needs_no_file_beside_it() {
    let (place, store, mut ledger) = store(30);
    let reader = Ledger::read(&store).unwrap();
    let copy = place.path().join("copy.sqlite");
    let head = ledger.head().unwrap().unwrap();
    let mut writes = 0;
    let copied = reader.copy_by(8, &copy, store.keys(), &mut |_, _| {
        writes += 1;
        keep(&mut ledger, 100 + writes, 100 + writes);
        true
    });
    assert!(writes > 3, "somebody wrote meanwhile: {writes}");
    assert_eq!(copied.unwrap(), Some(head));
    for beside in ["-wal", "-shm", "-journal"] {
        assert!(!place.path().join(format!("copy.sqlite{beside}")).exists(), "{beside}");
    }
    let of_copy = Ledger::read_copy(&copy, store.keys()).unwrap();
    assert_eq!((of_copy.head().unwrap(), of_copy.mentioned().unwrap().kept), (Some(head), 30));
    assert_eq!(of_copy.unsound().unwrap().len(), reader.unsound().unwrap().len());
    let stranger = Keys::generate().unwrap();
    assert!(matches!(Ledger::read_copy(&copy, &stranger), Err(LedgerError::NotOurs)));
    let stopped = reader.copy_by(8, &place.path().join("stopped.sqlite"), store.keys(), &mut |_, _| false);
    assert!(matches!(stopped, Ok(None)), "{stopped:?}");
}
