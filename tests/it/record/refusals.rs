//! A ledger that refuses, and what the next start makes of it: the original is never nowhere, never doubled,
//! and never anybody else's.

use std::fs;

use caiying::{
    clerk::{Clerk, ClerkError, Recovery, Shelved},
    language::Language,
    screens::trouble,
    shot::{Origin, Shot, ShotId, SittingId, Trigger},
    station::{Sitting, Take},
    vault::{Binding, Kind},
};

use super::{keep, object, open, sitting, sql, take, three_students};
use crate::opened;
use crate::world::{at, portrait, shot};

/// From now on the ledger refuses whatever needs this table.
pub(super) fn hide(store: &std::path::Path, table: &str) {
    sql(store, &format!("ALTER TABLE {table} RENAME TO hidden"));
}

pub(super) fn show(store: &std::path::Path, table: &str) {
    sql(store, &format!("ALTER TABLE hidden RENAME TO {table}"));
}

fn objects(clerk: &Clerk) -> usize {
    clerk.vault().objects().unwrap().len()
}

#[test]
fn a_ledger_that_refuses_does_not_keep_the_original_from_the_vault() {
    // It cannot be read, it cannot be written, it cannot even seat the student.
    for table in ["shot", "journal", "sitting"] {
        let store = tempfile::tempdir().unwrap();
        let (mut clerk, _) = open(store.path());
        hide(store.path(), table);
        let refused = clerk.shelve(at(2), &take(1).shot, Some(&sitting(1)));
        assert!(matches!(refused, Err(ClerkError::Ledger(_))), "{table}: {refused:?}");
        assert_eq!(objects(&clerk), 1, "{table}: the original is in memory only");
        show(store.path(), table);
        // Asked again a second later: the same object, and only now its row.
        clerk.keep(at(3), &sitting(1), &take(1)).unwrap();
        assert_eq!(objects(&clerk), 2, "{table}: one original, one portrait");
        drop(clerk);
        let report = opened::verify(store.path()).unwrap();
        assert_eq!((report.shots, report.kept, report.orphans), (1, 1, 0), "{table}: {report:?}");
        assert!(report.faults.is_empty(), "{table}: {report:?}");
    }
}

#[test]
fn what_the_ledger_refused_to_the_end_is_adopted_at_the_next_start() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    clerk.seat(at(1), &sitting(1)).unwrap();
    hide(store.path(), "journal");
    clerk.shelve(at(2), &take(1).shot, Some(&sitting(1))).unwrap_err();
    clerk.shelve(at(3), &take(2).shot, Some(&sitting(2))).unwrap_err();
    drop(clerk);
    show(store.path(), "journal");
    let (clerk, recovery) = open(store.path());
    assert_eq!(recovery.adopted, 2);
    let owners: Vec<_> = clerk.ledger().shots().unwrap().iter().map(|shot| shot.sitting).collect();
    assert_eq!(owners, [Some(SittingId(1)), None], "nobody knows that sitting 2 ever was");
    assert!(opened::verify(store.path()).unwrap().faults.is_empty());
}

#[test]
fn a_file_that_waits_for_its_row_is_nobody_elses() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    hide(store.path(), "shot");
    clerk.shelve(at(2), &take(1).shot, Some(&sitting(1))).unwrap_err();
    // The same file again, for the next student, and as a stray.
    let again = Shot { id: ShotId(2), ..take(1).shot };
    let others = clerk.shelve(at(9), &again, Some(&sitting(2)));
    assert!(matches!(others, Err(ClerkError::OthersShot)), "{others:?}");
    clerk.shelve(at(9), &again, None).unwrap_err();
    assert_eq!(objects(&clerk), 1, "doubled");
    drop(clerk);
    show(store.path(), "shot");
    let (clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, clerk.ledger().shots().unwrap()[0].id), (1, ShotId(1)));
}

#[test]
fn a_file_that_comes_twice_in_a_sitting_can_be_kept() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    let first = shot(1, Trigger::Body, 2);
    clerk.shelve(at(2), &first, Some(&sitting(1))).unwrap();
    // The camera hands the same file over again: a new number.
    let again = Shot { id: ShotId(2), ..first };
    assert_eq!(clerk.shelve(at(3), &again, Some(&sitting(1))).unwrap(), Shelved::Known);
    let take = Take::of(again, portrait(ShotId(2)));
    clerk.keep(at(4), &sitting(1), &take).unwrap();
    assert_eq!(clerk.ledger().kept().unwrap()[0].shot, ShotId(1), "under the number it had first");
    drop(clerk);
    let report = opened::verify(store.path()).unwrap();
    assert_eq!((report.shots, report.kept, report.orphans, report.faults.len()), (1, 1, 0, 0), "{report:?}");
}

#[test]
fn what_was_put_right_is_told_once() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    // Sitting 1: the ledger refuses once, then the portrait is kept after all.
    clerk.shelve(at(2), &take(1).shot, Some(&sitting(1))).unwrap();
    hide(store.path(), "journal");
    keep(&mut clerk, 1).unwrap_err();
    show(store.path(), "journal");
    clerk.keep(at(4), &sitting(1), &take(1)).unwrap();
    // Sitting 2: the program ends between the portrait and its row.
    clerk.shelve(at(5), &take(2).shot, Some(&sitting(2))).unwrap();
    hide(store.path(), "journal");
    keep(&mut clerk, 2).unwrap_err();
    drop(clerk);
    show(store.path(), "journal");
    let told: Vec<_> = (0..3)
        .map(|_| {
            let (_clerk, recovery) = open(store.path());
            (recovery.never_saved, recovery.interrupted, trouble::recovery(&recovery).is_some())
        })
        .collect();
    assert_eq!(told, [(1, 1, true), (0, 0, false), (0, 0, false)]);
}

#[test]
fn what_cannot_be_read_or_removed_does_not_keep_the_station_shut() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    fs::create_dir(store.path().join("vault/tmp/somebodys")).unwrap();
    fs::write(store.path().join("vault/tmp/a.part"), "half").unwrap();
    // Reading this object fails, whatever it is.
    fs::create_dir_all(store.path().join("vault/ab").join("ab".repeat(32))).unwrap();
    let (_clerk, recovery) = open(store.path());
    assert_eq!((recovery.swept, recovery.unreadable), (1, 2), "{recovery:?}");
    let words = trouble::recovery(&recovery).unwrap().line(Language::Chinese);
    assert!(words.contains("2 个文件读不出"), "{words}");
}

/// Shot 3's row is lost while sitting 4 is open.
fn an_orphan_of_sitting_3(store: &std::path::Path, and_then: &str) -> Option<SittingId> {
    three_students(store);
    let (mut clerk, _) = open(store);
    let four = Sitting { since: at(8), ..sitting(4) };
    clerk.seat(at(8), &four).unwrap();
    drop(clerk);
    sql(store, "PRAGMA foreign_keys=OFF; DELETE FROM kept WHERE shot = 3; DELETE FROM shot WHERE id = 3");
    sql(store, and_then);
    let (clerk, recovery) = open(store);
    assert_eq!((recovery.adopted, recovery.interrupted), (1, 1), "{recovery:?}");
    clerk.ledger().shots().unwrap().into_iter().find(|shot| shot.id == ShotId(3)).unwrap().sitting
}

#[test]
fn an_orphan_is_never_given_to_whoever_sits_now() {
    let store = tempfile::tempdir().unwrap();
    assert_eq!(an_orphan_of_sitting_3(store.path(), ""), Some(SittingId(3)));
}

#[test]
fn an_orphan_whose_sitting_has_another_code_is_nobodys() {
    let store = tempfile::tempdir().unwrap();
    let taken_over = "UPDATE sitting SET code = 'CODE-OTHER' WHERE id = 3";
    assert_eq!(an_orphan_of_sitting_3(store.path(), taken_over), None);
}

#[test]
fn an_orphan_that_lost_its_number_waits_as_a_stray_under_a_new_one() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    // At one start it cannot be read: its number goes to the next shot.
    hide(store.path(), "shot");
    clerk.shelve(at(7), &take(4).shot, Some(&sitting(3))).unwrap_err();
    show(store.path(), "shot");
    let (_, path) = object(store.path(), Kind::Original, 4);
    let aside = store.path().join("aside");
    fs::rename(&path, &aside).unwrap();
    fs::create_dir(&path).unwrap();
    drop(clerk);
    let (mut clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, recovery.unreadable), (0, 1), "{recovery:?}");
    let next = Shot { id: clerk.next_numbers().unwrap().1, ..shot(9, Trigger::Body, 9) };
    assert_eq!(next.id, ShotId(4));
    clerk.shelve(at(9), &next, None).unwrap();
    drop(clerk);
    // At the next start it can.
    fs::remove_dir(&path).unwrap();
    fs::rename(&aside, &path).unwrap();
    let (clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, recovery.unreadable), (1, 0), "{recovery:?}");
    let shots = clerk.ledger().shots().unwrap();
    assert_eq!(
        (shots.len(), shots[4].id, shots[4].sitting),
        (5, ShotId(5), None),
        "a person decides whose it is"
    );
    assert_eq!(clerk.fetch_stray(ShotId(5)).unwrap().jpeg, take(4).shot.jpeg);
    drop(clerk);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
    let (_clerk, again) = open(store.path());
    assert_eq!(again, Recovery::default());
}

/// Of one camera's file under two numbers the lower number counts, whatever the clock said.
#[test]
fn the_first_to_be_given_a_cameras_file_keeps_it_although_the_clock_was_set_back() {
    let store = tempfile::tempdir().unwrap();
    let (clerk, _) = open(store.path());
    for (n, bound) in [(1, at(50)), (2, at(10))] {
        let exposed = take(1).shot.exposed;
        let binding = Binding {
            kind: Kind::Original,
            station: "A1".to_owned(),
            sitting: None,
            code: None,
            shot: ShotId(n),
            trigger: Trigger::Body,
            exposed,
            origin: Origin::default(),
            bound,
            record: None,
        };
        let sealed = clerk.vault().seal(&binding, &take(1).shot.jpeg).unwrap();
        clerk.vault().put(&sealed).unwrap();
    }
    drop(clerk);
    let (clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, clerk.ledger().shots().unwrap()[0].id), (1, ShotId(1)));
}

#[test]
fn photos_that_were_called_saved_and_are_not_there_are_told_at_every_start_until_they_are_back() {
    for (kind, damage) in
        [(Kind::Original, false), (Kind::Portrait, false), (Kind::Original, true), (Kind::Portrait, true)]
    {
        let store = tempfile::tempdir().unwrap();
        three_students(store.path());
        let (_, path) = object(store.path(), kind, 2);
        let whole = fs::read(&path).unwrap();
        if damage {
            // As a disk leaves it that said too early that it is safe.
            fs::write(&path, vec![0; whole.len()]).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        for _ in 0..2 {
            let (_clerk, recovery) = open(store.path());
            assert_eq!(recovery, Recovery { lost: 1, ..Recovery::default() }, "{kind:?} {damage}");
            let words = trouble::recovery(&recovery).unwrap().line(Language::Chinese);
            assert!(words.contains("1 张已保存照片的文件不见了或已损坏"), "{words}");
        }
        fs::write(&path, whole).unwrap();
        let (_clerk, recovery) = open(store.path());
        assert_eq!(recovery, Recovery::default(), "{kind:?} {damage}");
    }
}

/// A child that is just being started has every open file until it becomes another program: a store that was
/// closed must be free all the same.
#[test]
fn a_closed_store_is_free_while_children_are_started() {
    let store = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let starting = scope.spawn(|| {
            for _ in 0..100 {
                std::process::Command::new("true").status().unwrap();
            }
        });
        while !starting.is_finished() {
            drop(open(store.path()));
        }
    });
}
