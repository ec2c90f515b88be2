//! A second copy of a store: everything is in it and no key; made beside the work, cut short anywhere and gone on with; and
//! a store made of it, in which whatever is wrong with the copy is found.

mod owners;
mod rot;
mod sticks;
mod torn;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use caiying::{
    clerk::{Clerk, WalkUp, note_backup},
    errand::{self, ErrandError, Part},
    keys::{KeyFile, Keys},
    ledger::Scribe,
    shot::{Clock, Digest, Moment, ShotId, SittingId, Trigger},
    station::{CopyPlace, Fact, SeenCode, Sitting, Take},
    student::Roster,
    sync::{BackedUp, BackupError, RestoreError, Restored},
    vault::{key_file, unlock_log},
};
use serde_json::Value;

use crate::{
    command_line::{Desk, code as exit_code, one_line, out},
    delivery::files,
    locks::caiying,
    opened::{self, PASSPHRASE},
    record::sql,
    world::{at, portrait, shot},
};

/// The key file of these tests' stores, in the hands of somebody who carries it from one computer to the next.
fn carried() -> &'static (KeyFile, Keys) {
    static CARRIED: LazyLock<(KeyFile, Keys)> = LazyLock::new(|| {
        let keys = Keys::generate().unwrap();
        (KeyFile::open_for_all(&keys).unwrap(), keys)
    });
    &CARRIED
}

fn brought() -> (&'static KeyFile, &'static Keys) {
    let (file, keys) = carried();
    (file, keys)
}

fn open(place: &Path, station: &str) -> Clerk {
    if !key_file::exists(place) {
        key_file::create(place, &carried().0).unwrap();
    }
    opened::clerk(place, station, "chsi_2017_99", at(0)).unwrap().0
}

/// A store of a roster and of the students `1` to `last`.
fn store(place: &Path, last: u64) -> Clerk {
    let mut clerk = open(place, "A1");
    clerk.take_roster(at(1), &roster(last)).unwrap();
    (1..=last).for_each(|n| keep(&mut clerk, n));
    clerk
}

fn roster(students: u64) -> Roster {
    let rows: String = (1..=students).map(|n| format!("{n:07},考生\n")).collect();
    Roster::read(format!("学号,姓名\n{rows}").as_bytes()).unwrap()
}

fn keep(clerk: &mut Clerk, n: u64) {
    let (id, seen) = (SittingId(n), SeenCode::unread(format!("CODE-{n}").parse().unwrap()));
    let sitting = Sitting { takes: 1, ..Sitting::new(id, seen, at(100), false) };
    let mut shot = shot(n, Trigger::Station(id), 101);
    shot.jpeg = [&n.to_le_bytes()[..], &[7; 50_000]].concat().into();
    clerk.keep(Moment(102_000 + n as i64), &sitting, &Take::of(shot, portrait(ShotId(n)))).unwrap();
}

fn back_up(store: &Path, to: &Path) -> Result<BackedUp, ErrandError> {
    errand::backup(&opened::store(store), at(500), to, &mut |_, _, _| true)
}

fn restore(from: &Path, store: &Path) -> Result<Restored, ErrandError> {
    let (restored, report) = errand::restore(from, store, brought(), &mut |_, _, _| true)?;
    assert_eq!(report.faults.is_empty(), restored.lost.is_empty(), "{report:?} {restored:?}");
    Ok(restored)
}

fn refused(ended: Result<BackedUp, ErrandError>) -> BackupError {
    match ended {
        Err(ErrandError::Backup(err)) => err,
        other => panic!("{other:?}"),
    }
}

/// What a store holds: its journal, whose current portrait is which file, its papers, and its files.
fn holds(store: &Path) -> (usize, BTreeMap<String, Digest>, BTreeMap<String, Vec<u8>>) {
    let ledger = opened::ledger(store).unwrap();
    let current = ledger.current().unwrap().into_iter();
    let current = current.map(|parcel| (parcel.code.expose().to_owned(), parcel.jpeg)).collect();
    let files = files(&store.join("vault")).into_iter().filter(|(name, _)| !name.ends_with(".part"));
    (ledger.lines().unwrap().len(), current, files.collect())
}

/// How many lines the newest manifest speaks of.
fn lines_of(backup: &Path) -> Option<u64> {
    let text = fs::read(backup.join("backup.json")).ok()?;
    serde_json::from_slice::<Value>(&text).unwrap()["lines"].as_u64()
}

fn object_in(folder: &Path, object: Digest) -> PathBuf {
    let name = object.to_string();
    folder.join("vault").join(&name[..2]).join(name)
}

/// Changes one bit in the middle of a file.
fn flip(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(file, bytes).unwrap();
}

#[test]
fn everything_is_in_a_backup_but_no_key_and_a_store_made_of_it_is_the_same() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, again) =
        (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    let mut clerk = store(&home, 5);
    clerk.note_walk_up(&WalkUp::new("赵六", "", "名册漏了", at(200))).unwrap();
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.already, done.passed_over), (12, 0, 0), "5 and 5, a roster, a walk-up");
    assert_eq!((done.manifest.shots, done.manifest.kept, done.manifest.files), (5, 5, 12));
    let (slots, raw) = (fs::read(home.join("keys")).unwrap(), carried().1.ledger_key().raw_key_text());
    let secrets: [&[u8]; 6] =
        [&slots[64..96], raw.as_bytes(), b"SQLite format 3", b"CODE-1", "考生".as_bytes(), &[7; 64]];
    for (name, bytes) in files(&to) {
        assert!(!name.contains("keys"), "wrapped keys live in the key file only: {name}");
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|some| some == secret), "{name} holds {secret:?}");
        }
    }
    let restored = restore(&to, &again).unwrap();
    assert_eq!((restored.files, restored.lost.len(), restored.is_older), (12, 0, false));
    assert_eq!(holds(&again), holds(&home));
    // The station that is lost is gone on with: its own key file was brought, and the next student gets a new number.
    assert!(key_file::read(&again).unwrap().0 == carried().0);
    let (mut taken_over, recovery) = opened::clerk(&again, "A1", "chsi_2017_99", at(600)).unwrap();
    assert_eq!((recovery.adopted, recovery.unreadable), (0, 0), "{recovery:?}");
    assert_eq!(taken_over.next_numbers().unwrap().0, SittingId(6));
    keep(&mut taken_over, 6);
}

/// Keys that open nothing are not left lying about, and a backup tells nobody else whose photos they are.
#[test]
fn a_backup_is_restored_with_its_own_stations_keys_only() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, new) = (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    drop(store(&home, 2));
    back_up(&home, &to).unwrap();
    let keys = Keys::generate().unwrap();
    let other = (&KeyFile::open_for_all(&keys).unwrap(), &keys);
    let refused = errand::restore(&to, &new, other, &mut |_, _, _| true);
    assert!(matches!(refused, Err(ErrandError::Restore(RestoreError::OtherKeys))), "{refused:?}");
    assert!(!new.exists() && !place.path().join("new.restoring").exists());
    restore(&to, &new).unwrap();
}

#[test]
fn a_second_run_copies_what_is_new_and_destroys_what_was_destroyed() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 4);
    back_up(&home, &to).unwrap();
    let papers = |of: &Path| files(&of.join("vault/papers")).into_keys().collect::<Vec<_>>();
    let old_roster = papers(&to);
    keep(&mut clerk, 5);
    clerk.take_roster(at(300), &roster(6)).unwrap();
    let mut told = vec![];
    let done = errand::backup(&opened::store(&home), at(600), &to, &mut |part, done, of| {
        told.push((part, done, of));
        true
    });
    let done = done.unwrap();
    assert_eq!((done.copied, done.already), (3, 8), "an original, a portrait, a roster");
    let part = |part, of| (0..of).map(move |done| (part, done, of));
    let expected: Vec<_> =
        part(Part::Comparing, 11).chain(part(Part::Copying, 3)).chain(part(Part::Proving, 11)).collect();
    told.retain(|(part, ..)| *part != Part::Ledger);
    assert_eq!(told, expected);
    assert_eq!(papers(&to), papers(&home), "the roster before is destroyed here too");
    assert_ne!(papers(&to), old_roster);
    let nothing = back_up(&home, &to).unwrap();
    assert_eq!((nothing.copied, nothing.already), (0, 11));
    let ledgers = files(&to).into_keys().filter(|name| name.starts_with("ledger-")).count();
    assert!(ledgers <= 2, "no more than the two manifests name: {ledgers}");
}

#[test]
fn a_rehearsal_stays_a_rehearsal() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, again) =
        (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    caiying::vault::keep_apart(&home, true).unwrap();
    drop(store(&home, 1));
    back_up(&home, &to).unwrap();
    restore(&to, &again).unwrap();
    assert!(caiying::vault::keep_apart(&again, false).is_err(), "nobody takes it for real students");
}

#[test]
fn a_folder_that_is_for_something_else_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let (home, other) = (place.path().join("store"), place.path().join("other"));
    drop(store(&home, 2));
    drop(open(&other, "B2"));
    drop(store(&other, 1));
    for inside in [home.clone(), home.join("backup"), home.join("vault/../x"), home.join("not/yet")] {
        assert!(matches!(refused(back_up(&home, &inside)), BackupError::Inside), "{inside:?}");
        assert!(!home.join("backup").exists() && !home.join("not").exists());
    }
    let before = files(&other);
    assert!(matches!(refused(back_up(&home, &other)), BackupError::AStore));
    assert_eq!(files(&other), before);
    let of_other = place.path().join("of_other");
    back_up(&other, &of_other).unwrap();
    let before = files(&of_other);
    let foreign = refused(back_up(&home, &of_other));
    assert!(matches!(&foreign, BackupError::Foreign { station } if station == "B2"), "{foreign:?}");
    assert_eq!(files(&of_other), before, "not a byte of it changed");
    assert!(matches!(
        restore(&place.path().join("nowhere"), &place.path().join("new")),
        Err(ErrandError::Restore(RestoreError::NoBackup))
    ));
    for taken in [&home, &of_other] {
        let refused = restore(&of_other, taken);
        assert!(matches!(refused, Err(ErrandError::Restore(RestoreError::Exists))), "{refused:?}");
    }
    // An empty folder is as good as none.
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    restore(&of_other, &empty).unwrap();
    assert_eq!(holds(&empty), holds(&other));
}

/// Whoever restored an old backup and works on must not write over the newer one.
#[test]
fn a_backup_never_goes_back() {
    let place = tempfile::tempdir().unwrap();
    let (home, old, to) = (place.path().join("store"), place.path().join("old"), place.path().join("stick"));
    let mut clerk = store(&home, 2);
    back_up(&home, &old).unwrap();
    keep(&mut clerk, 3);
    back_up(&home, &to).unwrap();
    drop(clerk);
    let again = place.path().join("again");
    restore(&old, &again).unwrap();
    assert!(matches!(refused(back_up(&again, &to)), BackupError::Ahead), "it knows fewer lines");
    let (mut clerk, _) = opened::clerk(&again, "A1", "chsi_2017_99", at(700)).unwrap();
    (7..12).for_each(|n| keep(&mut clerk, n));
    assert!(matches!(refused(back_up(&again, &to)), BackupError::Ahead), "it knows other lines");
    assert!(back_up(&again, &old).unwrap().copied > 0, "its own backup it goes on with");
    restore(&to, &place.path().join("newer")).unwrap();
    assert_eq!(holds(&place.path().join("newer")).1, holds(&home).1);
}

#[test]
fn what_the_store_lost_is_said_and_the_last_backup_stays_whole() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 3);
    back_up(&home, &to).unwrap();
    let whole = holds(&home);
    keep(&mut clerk, 4);
    let shots = clerk.ledger().shots().unwrap();
    let (saved, lost) = (shots[0].object, shots[3].object);
    // What the backup has already is welcome there, and no reason to stop: cut off in the store, and gone.
    fs::write(object_in(&home, saved), "cut off").unwrap();
    let cut = back_up(&home, &to).unwrap();
    assert_eq!((cut.copied, cut.missing_here), (2, 1));
    fs::remove_file(object_in(&home, saved)).unwrap();
    let gone = back_up(&home, &to).unwrap();
    assert_eq!((gone.already, gone.missing_here), (9, 1));
    keep(&mut clerk, 5);
    flip(&object_in(&home, clerk.ledger().shots().unwrap()[4].object));
    let incomplete = refused(back_up(&home, &to));
    assert!(matches!(incomplete, BackupError::Incomplete { count: 1, .. }), "{incomplete:?}");
    let fifth = clerk.ledger().kept().unwrap()[4].object;
    assert!(object_in(&to, fifth).exists(), "the others were copied all the same");
    let again = place.path().join("again");
    restore(&to, &again).unwrap();
    let (_, current, files) = holds(&again);
    assert_eq!(current.len(), 4, "the last one that was finished");
    assert!(whole.1.iter().all(|(code, jpeg)| current.get(code) == Some(jpeg)));
    assert!(files.keys().any(|name| name.ends_with(&saved.to_string())), "what the store lost came back");
    assert!(files.keys().any(|name| name.ends_with(&lost.to_string())));
}

#[test]
fn a_file_that_no_line_speaks_of_is_copied_too_and_a_damaged_one_is_passed_over() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, again) =
        (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    drop(store(&home, 3));
    // The power failed between the file and its row, twice; one of the files is damaged.
    sql(
        &home,
        "PRAGMA foreign_keys=OFF; DELETE FROM kept WHERE shot > 1; DELETE FROM shot WHERE id > 1;
         DELETE FROM journal WHERE seq > 5; DELETE FROM sitting WHERE id > 1",
    );
    let known = opened::ledger(&home).unwrap().mentioned().unwrap();
    let orphan = opened::vault(&home).unwrap().objects().unwrap();
    let orphan = orphan.into_iter().find(|object| !known.objects.contains(object)).unwrap();
    flip(&object_in(&home, orphan));
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.passed_over), (6, 1), "{done:?}");
    restore(&to, &again).unwrap();
    let (_, recovery) = opened::clerk(&again, "A1", "chsi_2017_99", at(900)).unwrap();
    assert!(recovery.adopted >= 1 && recovery.unreadable == 0, "{recovery:?}");
}

/// What is only beside the store goes with it, and does not count.
#[test]
fn what_is_on_one_disk_only_is_counted_until_it_is_on_another() {
    let place = tempfile::tempdir().unwrap();
    let other_disk = tempfile::tempdir_in("/dev/shm").unwrap();
    let (home, beside) = (place.path().join("store"), place.path().join("beside"));
    let mut clerk = store(&home, 3);
    let alone = |clerk: &Clerk| clerk.ledger().tally(at(0)).unwrap().alone;
    assert_eq!(alone(&clerk), 3);
    let done = back_up(&home, &beside).unwrap();
    assert_eq!(done.place, CopyPlace::SameDisk);
    note_backup(&opened::store(&home), Scribe::default(), at(510), &done.fact()).unwrap();
    assert_eq!(alone(&clerk), 3, "on the very same disk");
    let done = back_up(&home, &other_disk.path().join("a")).unwrap();
    assert_eq!(done.place, CopyPlace::OtherDisk);
    keep(&mut clerk, 4);
    note_backup(&opened::store(&home), Scribe::default(), at(520), &done.fact()).unwrap();
    assert_eq!(alone(&clerk), 1, "what came after the moment it is of is not in it");
    let Fact::BackedUp { lines, head, objects, .. } = done.fact() else { panic!("{done:?}") };
    assert_eq!((clerk.ledger().hash_of(lines).unwrap(), objects), (Some(head), 7));
    let day = clerk.ledger().day(Moment(0)).unwrap();
    assert_eq!((day.alone, day.tally.alone, day.backed_up), (1, 1, Some(at(520))));
    assert_eq!(clerk.ledger().day(at(5000)).unwrap().alone, 0, "none of today");
    drop(clerk);
    assert_eq!(opened::verify(&home).unwrap().faults, []);
}

#[test]
fn the_commands_make_a_backup_beside_an_open_station_and_a_store_of_it() {
    let desk = Desk::new();
    let clerk = store(&desk.path("store"), 3);
    let made = desk.run(&["backup", "--store", "store", "--to", "stick", "--json"]);
    assert_eq!(exit_code(&made), 0, "the store is open here: {made:?}");
    let told: Value = serde_json::from_str(&out(&made)).unwrap();
    assert_eq!(
        (&told["copied"], &told["manifest"]["kept"], &told["place"]),
        (&7.into(), &3.into(), &"same_disk".into())
    );
    let last = clerk.ledger().lines().unwrap().pop().unwrap().fact;
    assert!(matches!(last, Fact::BackedUp { objects: 7, .. }), "{last:?}");
    let again = desk.run(&["backup", "--store", "store", "--to", "stick"]);
    assert!(out(&again).contains("复制 0 个文件，7 个已在"), "{again:?}");
    let restored =
        desk.run(&["restore", "--from", "stick", "--store", "new", "--keys", "store/keys", "--json"]);
    assert_eq!(exit_code(&restored), 0, "{restored:?}");
    let told: Value = serde_json::from_str(&out(&restored)).unwrap();
    assert_eq!((&told["files"], told["lost"].as_array().unwrap().len()), (&7.into(), 0));
    assert_eq!(exit_code(&desk.run(&["verify", "--store", "new"])), 0);
    opened::store(desk.path("other"));
    for (arguments, code, words) in [
        (&["backup", "--store", "store", "--to", "store/x"][..], 2, "数据文件夹里面"),
        (&["backup", "--store", "nowhere", "--to", "stick2"], 3, "请检查数据文件夹的位置"),
        (&["backup", "--store", "store", "--to", "new"], 2, "那里是一个数据文件夹"),
        (&["restore", "--from", "store", "--store", "new2", "--keys", "store/keys"], 2, "那里没有做完的备份"),
        (&["restore", "--from", "stick", "--store", "store", "--keys", "store/keys"], 2, "已经有东西"),
        (&["restore", "--from", "stick", "--store", "new2", "--keys", "other/keys"], 2, "打不开备份里的台账"),
        (&["restore", "--from", "stick", "--store", "new2", "--keys", "nowhere"], 2, "文件无法读写：nowhere"),
        (
            &["restore", "--from", "stick", "--store", "new2", "--keys", "stick/backup.json"],
            2,
            "不是钥匙文件",
        ),
        (&["backup", "--store", "store", "--to", "/media/nobody/NO-STICK/x"], 3, "U 盘不在这台电脑上"),
    ] {
        let refused = desk.run(arguments);
        assert_eq!(exit_code(&refused), code, "{arguments:?}: {refused:?}");
        assert!(one_line(&refused).contains(words), "{refused:?}");
    }
    assert!(!desk.path("new2").exists() && !desk.path("nowhere").exists());
    let object = clerk.ledger().kept().unwrap()[0].object;
    flip(&object_in(&desk.path("stick"), object));
    let damaged = desk.run(&["restore", "--from", "stick", "--store", "damaged", "--keys", "store/keys"]);
    assert_eq!(exit_code(&damaged), 1);
    let said = out(&damaged);
    assert!(said.contains("备份里有 1 个文件缺失或损坏") && said.contains("不见了"), "{said}");
}

/// The passphrase that opens the store opens what is made of its backup; a wrong one leaves no key lying about.
#[test]
fn a_locked_store_is_restored_by_whoever_knows_its_passphrase() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    opened::lock(&home);
    drop(store(&home, 2));
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (store, stick, new, keys) = (path("store"), path("stick"), path("new"), path("store/keys"));
    let run = |arguments: &[&str], typed: &str| caiying(place.path(), arguments, &format!("{typed}\n"));
    let made = run(&["backup", "--store", &store, "--to", &stick], PASSPHRASE);
    assert_eq!(exit_code(&made), 0, "{made:?}");
    let last = opened::ledger(&home).unwrap().lines().unwrap().pop().unwrap();
    assert_eq!(last.scribe.who, "陈工", "who made it stands in the journal");
    let restore = ["restore", "--from", &stick, "--store", &new, "--keys", &keys];
    assert_eq!(exit_code(&run(&restore, "wrong")), 3);
    assert!(!place.path().join("new").exists() && !place.path().join("new.restoring").exists());
    // Its key file lies in the store: tries are counted at that store's door, and a wait holds here too.
    let failures = || unlock_log::trailing_failures(&home, 0);
    assert_eq!(failures(), 1);
    (0..11).for_each(|_| unlock_log::failed(&home, 0, Clock::start().now()).unwrap());
    std::os::unix::fs::symlink(&home, place.path().join("link")).unwrap();
    for keys in [&keys, &path("link/keys")] {
        let early = run(&["restore", "--from", &stick, "--store", &new, "--keys", keys], PASSPHRASE);
        assert!(one_line(&early).contains("口令输错太多次：请等 "), "{early:?}");
    }
    assert_eq!(failures(), 12);
    fs::remove_file(home.join("unlocks")).unwrap();
    let restored = run(&restore, PASSPHRASE);
    assert_eq!(exit_code(&restored), 0, "{restored:?}");
    assert_eq!(opened::verify(&new).unwrap().faults, []);
}
