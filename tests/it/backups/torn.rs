//! A backup that is cut short, beside a clerk who writes, or damaged afterwards.

use std::{io::Write as _, time::Duration};

use super::*;
use crate::record::killed;

/// Stopped between any two steps: the last one that was finished is whole, and the next goes on to the end.
#[test]
fn a_backup_that_is_stopped_anywhere_leaves_the_last_one_whole() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, 2);
    let first = place.path().join("first");
    back_up(&home, &first).unwrap();
    keep(&mut clerk, 3);
    let mut steps = 0;
    loop {
        let to = place.path().join(format!("stick{steps}"));
        copy_folder(&first, &to);
        let mut asked = 0;
        let ended = errand::backup(&opened::store(&home), at(600), &to, &mut |_, _, _| {
            asked += 1;
            asked <= steps
        });
        let stopped = matches!(ended, Err(ErrandError::Backup(BackupError::Stopped)));
        assert!(stopped || ended.is_ok(), "{ended:?}");
        let (again, students) = (place.path().join(format!("again{steps}")), if stopped { 2 } else { 3 });
        restore(&to, &again).unwrap();
        assert_eq!(holds(&again).1.len(), students, "step {steps}");
        back_up(&home, &to).unwrap();
        let whole = place.path().join(format!("whole{steps}"));
        restore(&to, &whole).unwrap();
        assert_eq!(holds(&whole), holds(&home), "step {steps}");
        assert!(!to.join("ledger.part").exists());
        if !stopped {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 11, "the comparing, the copying and the reading back were each stopped: {steps}");
}

pub(super) fn copy_folder(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let file = to.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

#[test]
fn restoring_that_is_stopped_makes_no_store_and_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, again) =
        (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    drop(store(&home, 3));
    back_up(&home, &to).unwrap();
    for steps in 0..7 {
        let mut asked = 0;
        let ended = errand::restore(&to, &again, brought(), &mut |_, _, _| {
            asked += 1;
            asked <= steps
        });
        assert!(matches!(ended, Err(ErrandError::Restore(RestoreError::Stopped))), "{ended:?}");
        assert!(!again.exists(), "a store that is not whole has no name");
    }
    // Another backup is not mixed with it.
    let (other, of_other) = (place.path().join("other"), place.path().join("of_other"));
    drop(open(&other, "B2"));
    drop(store(&other, 1));
    back_up(&other, &of_other).unwrap();
    let mixed = restore(&of_other, &again);
    assert!(matches!(mixed, Err(ErrandError::Restore(RestoreError::Occupied(_)))), "{mixed:?}");
    restore(&to, &again).unwrap();
    assert_eq!(holds(&again), holds(&home));
    assert!(!place.path().join("new.restoring").exists() && !again.join("RESTORING").exists());
}

/// Everything was brought, and the folder does not get its name: the next run has nothing left to bring.
#[test]
fn restoring_that_fails_at_its_last_step_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (home, to, again) =
        (place.path().join("store"), place.path().join("stick"), place.path().join("new"));
    drop(store(&home, 3));
    back_up(&home, &to).unwrap();
    fs::create_dir(&again).unwrap();
    let ended = errand::restore(&to, &again, brought(), &mut |_, _, _| {
        fs::write(again.join("somebody's"), "").unwrap();
        true
    });
    assert!(matches!(ended, Err(ErrandError::Restore(RestoreError::Store(_)))), "{ended:?}");
    fs::remove_file(again.join("somebody's")).unwrap();
    restore(&to, &again).unwrap();
    assert_eq!(holds(&again), holds(&home));
    assert!(!place.path().join("new.restoring").exists() && !again.join("RESTORING").exists());
    // The power failed between the name and the mark: whoever opens it takes the mark away.
    fs::write(again.join("RESTORING"), "of a backup").unwrap();
    drop(opened::clerk(&again, "A1", "chsi_2017_99", at(900)).unwrap());
    assert!(!again.join("RESTORING").exists());
}

/// One bit anywhere in a backup: what can be had is restored, and what cannot is named.
#[test]
fn a_flipped_bit_is_found_and_costs_only_its_own_file() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 3);
    back_up(&home, &to).unwrap();
    keep(&mut clerk, 4);
    back_up(&home, &to).unwrap();
    let mentioned = clerk.ledger().mentioned().unwrap();
    for (n, name) in mentioned.objects.iter().chain(&mentioned.papers).enumerate() {
        let (bad, again) = (place.path().join(format!("bad{n}")), place.path().join(format!("again{n}")));
        copy_folder(&to, &bad);
        let object = object_in(&bad, *name);
        flip(&if object.exists() { object } else { bad.join("vault/papers").join(name.to_string()) });
        let (restored, report) = errand::restore(&bad, &again, brought(), &mut |_, _, _| true).unwrap();
        assert_eq!(restored.lost.into_iter().collect::<Vec<_>>(), [*name]);
        assert_eq!((restored.files, report.faults.len()), (8, 1), "{report:?}");
    }
    // The newest ledger is damaged: the one before is taken. Both are: there is nothing to be had.
    let manifest: Value = serde_json::from_slice(&fs::read(to.join("backup.json")).unwrap()).unwrap();
    let newest = format!("ledger-{}.sqlite", &manifest["ledger_sha256"].as_str().unwrap()[..16]);
    flip(&to.join(&newest));
    let older = restore(&to, &place.path().join("older")).unwrap();
    assert!(older.is_older);
    assert_eq!(holds(&place.path().join("older")).1.len(), 3);
    for (name, _) in files(&to).into_iter().filter(|(name, _)| name.starts_with("ledger-") && *name != newest)
    {
        flip(&to.join(name));
    }
    let none = restore(&to, &place.path().join("none"));
    assert!(matches!(none, Err(ErrandError::Restore(RestoreError::LedgerDamaged))), "{none:?}");
    // The next backup mends that: its ledger is written anew.
    drop(clerk);
    back_up(&home, &to).unwrap();
    restore(&to, &place.path().join("mended")).unwrap();
    assert_eq!(holds(&place.path().join("mended")), holds(&home));
}

/// A manifest that is torn is no manifest: the one before counts.
#[test]
fn a_torn_manifest_takes_no_true_ones_place() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 1);
    back_up(&home, &to).unwrap();
    keep(&mut clerk, 2);
    back_up(&home, &to).unwrap();
    let text = fs::read(to.join("backup.json")).unwrap();
    fs::write(to.join("backup.json"), &text[..text.len() / 2]).unwrap();
    let older = restore(&to, &place.path().join("older")).unwrap();
    assert_eq!(older.manifest.kept, 1);
    back_up(&home, &to).unwrap();
    assert_eq!(restore(&to, &place.path().join("new")).unwrap().manifest.kept, 2);
    fs::write(to.join("backup.json"), "{}").unwrap();
    assert_eq!(
        restore(&to, &place.path().join("old")).unwrap().manifest.kept,
        1,
        "the one before is still true"
    );
}

/// While a clerk keeps portraits, one after the other, each backup is of one moment: whatever it speaks of is in it.
#[test]
fn a_backup_beside_a_clerk_who_keeps_portraits_is_consistent() {
    const BACKUPS: usize = 6;
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 1);
    let done = std::sync::atomic::AtomicBool::new(false);
    let mut counts = vec![];
    std::thread::scope(|scope| {
        let keeping = scope.spawn(|| {
            let mut n = 1;
            while !done.load(std::sync::atomic::Ordering::Relaxed) && n < 2000 {
                n += 1;
                keep(&mut clerk, n);
                if n % 25 == 0 {
                    clerk.take_roster(at(n as i64), &roster(n)).unwrap();
                }
            }
            n
        });
        for n in 0..BACKUPS {
            let made = back_up(&home, &to).unwrap();
            let again = place.path().join(format!("again{n}"));
            let restored = restore(&to, &again).unwrap();
            assert_eq!((restored.lost.len(), restored.manifest.lines), (0, made.manifest.lines));
            assert_eq!(holds(&again).1.len(), made.manifest.kept);
            counts.push(made.manifest.kept);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(keeping.join().unwrap() > counts[BACKUPS - 1] as u64);
    });
    assert!(counts.windows(2).all(|pair| pair[0] < pair[1]), "it wrote all the while: {counts:?}");
}

/// Killed at any moment, again and again: the last backup that was called finished is there and whole, and the next goes
/// on.
#[test]
fn a_backup_that_was_called_finished_survives_kill_9() {
    const KILLS: u64 = 20;
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    drop(store(&home, 2));
    let mut finished = 0;
    for round in 0..KILLS {
        let killed_after = (1 + round % 2, Duration::from_micros(round * 1_300));
        killed("backups::torn::child_backs_up_until_it_is_killed", place.path(), killed_after, |line| {
            remember(line, &mut finished)
        });
        let again = place.path().join(format!("again{round}"));
        let restored = restore(&to, &again).unwrap();
        assert!(restored.manifest.lines >= finished && restored.lost.is_empty(), "{finished}: {restored:?}");
        assert!(!restored.is_older, "the newest is the true one");
        fs::remove_dir_all(&again).unwrap();
    }
    back_up(&home, &to).unwrap();
    restore(&to, &place.path().join("last")).unwrap();
    assert_eq!(holds(&place.path().join("last")), holds(&home));
}

/// `DONE lines`.
fn remember(line: &str, finished: &mut i64) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| *word != "DONE");
    let (Some(_), Some(lines)) = (words.next(), words.next()) else { return false };
    *finished = lines.parse().unwrap();
    true
}

#[test]
#[ignore = "the child of the kill test"]
fn child_backs_up_until_it_is_killed() {
    let place = std::env::var_os("CAIYING_TEST_STORE").expect("only the kill test runs this");
    let (home, to) = (Path::new(&place).join("store"), Path::new(&place).join("stick"));
    let (mut clerk, _) = opened::clerk(&home, "A1", "chsi_2017_99", at(0)).unwrap();
    // A kill may have left a shot without its row, or a sitting without its shot.
    let (SittingId(sitting), ShotId(shot)) = clerk.next_numbers().unwrap();
    for n in sitting.max(shot).. {
        keep(&mut clerk, n);
        let done = back_up(&home, &to).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "DONE {}", done.manifest.lines).unwrap();
        out.flush().unwrap();
    }
}
