//! Backups on a disk that is pulled out, that is full, or that is an exFAT stick.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{torn::copy_folder, *};
use crate::{
    alone::{alone, is_alone},
    record::on_a_small_disk,
};

/// The stick is pulled out, and something else may stand in its place: not one file more is written there.
#[test]
fn a_stick_that_is_pulled_out_gets_no_file_more_and_goes_on_when_it_is_back() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    drop(store(&home, 4));
    let (to, pulled) = (place.path().join("stick"), place.path().join("pulled"));
    for (part, replaced) in [
        (Part::Comparing, true),
        (Part::Copying, true),
        (Part::Copying, false),
        (Part::Proving, true),
        (Part::Proving, false),
    ] {
        let ended = errand::backup(&opened::store(&home), at(500), &to, &mut |now, done, _| {
            if (now, done) == (part, 2) {
                fs::rename(&to, &pulled).unwrap();
                if replaced {
                    fs::create_dir(&to).unwrap();
                }
            }
            true
        });
        assert!(matches!(refused(ended), BackupError::Gone), "{part:?}");
        assert!(!to.exists() || files(&to).is_empty(), "{part:?}");
        // It is plugged in again.
        fs::remove_dir_all(&to).ok();
        fs::rename(&pulled, &to).unwrap();
        assert_eq!(lines_of(&to), None, "nothing was finished");
        back_up(&home, &to).unwrap();
        let again = place.path().join("again");
        restore(&to, &again).unwrap();
        assert_eq!(holds(&again), holds(&home));
        fs::remove_dir_all(&again).unwrap();
        fs::remove_dir_all(&to).unwrap();
    }
}

/// What an earlier run wrote and never read back is read back now; what reads back otherwise is not called a backup.
#[test]
fn a_disk_that_does_not_keep_what_it_is_given_is_found_out() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let clerk = store(&home, 3);
    let object = clerk.ledger().shots().unwrap()[1].object;
    let spoil = |part| {
        let home = &home;
        let to = &to;
        errand::backup(&opened::store(home), at(500), to, &mut move |now, done, _| {
            if (now, done) == (part, 0) && object_in(to, object).exists() {
                flip(&object_in(to, object));
            }
            true
        })
    };
    // While it is being read back.
    let unfaithful = refused(spoil(Part::Proving));
    assert!(matches!(unfaithful, BackupError::Unfaithful(name) if name == object), "{unfaithful:?}");
    assert!(!object_in(&to, object).exists(), "the next run copies it anew");
    assert_eq!(lines_of(&to), None);
    // Between a run that was cut short and the next.
    let stopped =
        errand::backup(&opened::store(&home), at(500), &to, &mut |part, _, _| part != Part::Proving);
    assert!(matches!(refused(stopped), BackupError::Stopped));
    flip(&object_in(&to, object));
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.replaced), (1, 1), "what nobody had read back is read back now");
    assert!(restore(&to, &place.path().join("again")).unwrap().lost.is_empty());
}

/// On a stick of two megabytes that is full: said before it is begun, or where it happens; and with room it goes on.
#[test]
fn a_full_stick_is_said_and_loses_nothing() {
    if !is_alone() {
        return on_a_small_disk("backups::sticks::a_full_stick_is_said_and_loses_nothing");
    }
    let stick = std::env::current_dir().unwrap();
    let place = tempfile::tempdir_in("/dev/shm").unwrap();
    let (home, to, ballast) = (place.path().join("store"), stick.join("to"), stick.join("ballast"));
    let mut clerk = store(&home, 4);
    back_up(&home, &to).unwrap();
    (5..=12).for_each(|n| keep(&mut clerk, n));
    let fill_but = |room: usize| {
        fs::write(&ballast, "").unwrap();
        let free = caiying::machine::free_bytes(&stick).unwrap() as usize;
        fs::write(&ballast, vec![0; free.saturating_sub(room)]).unwrap();
    };
    // No room for the ledger, none for the files; and when it is begun, somebody else fills the stick.
    for room in [30_000, 400_000, 2_000_000] {
        fill_but(room);
        let full = refused(errand::backup(&opened::store(&home), at(500), &to, &mut |part, done, _| {
            if (part, done) == (Part::Copying, 3) {
                fill_but(0);
            }
            true
        }));
        assert!(matches!(full, BackupError::NoSpace { .. }), "{room}: {full:?}");
        let again = place.path().join("again");
        let restored = restore(&to, &again).unwrap();
        assert_eq!(restored.manifest.kept, 4, "the last one that was finished");
        fs::remove_dir_all(&again).unwrap();
    }
    fs::remove_file(ballast).unwrap();
    back_up(&home, &to).unwrap();
    restore(&to, &place.path().join("again")).unwrap();
    assert_eq!(holds(&place.path().join("again")), holds(&home));
}

/// Nothing that is made beside a mounted disk can take its place: that is said before hours are spent.
#[test]
fn a_store_is_restored_into_a_folder_of_a_stick_and_not_in_its_place() {
    if !is_alone() {
        return on_a_small_disk(
            "backups::sticks::a_store_is_restored_into_a_folder_of_a_stick_and_not_in_its_place",
        );
    }
    let stick = std::env::current_dir().unwrap();
    let place = tempfile::tempdir_in("/dev/shm").unwrap();
    let (home, to, link) = (place.path().join("store"), place.path().join("to"), place.path().join("link"));
    drop(store(&home, 2));
    back_up(&home, &to).unwrap();
    std::os::unix::fs::symlink(&stick, &link).unwrap();
    for taken in [&stick, &link] {
        let refused = errand::restore(&to, taken, brought(), &mut |_, _, _| panic!("something was copied"));
        assert!(matches!(refused, Err(ErrandError::Restore(RestoreError::MountPoint))), "{refused:?}");
    }
    restore(&to, &stick.join("new")).unwrap();
    assert_eq!(holds(&stick.join("new")), holds(&home));
}

/// Made, brought up to date, restored from it and onto it; then pulled out without a word.
#[test]
fn an_exfat_stick_takes_a_backup_and_gives_it_back() {
    const TEST: &str = "backups::sticks::an_exfat_stick_takes_a_backup_and_gives_it_back";
    if !is_alone() {
        return on_exfat(TEST);
    }
    let stick = std::env::current_dir().unwrap();
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), stick.join("采影备份/A1"));
    let mut clerk = store(&home, 6);
    back_up(&home, &to).unwrap();
    (7..=9).for_each(|n| keep(&mut clerk, n));
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.already, done.place), (6, 13, CopyPlace::OtherDisk));
    // Restored from the stick, and onto it.
    for again in [place.path().join("again"), stick.join("again")] {
        restore(&to, &again).unwrap();
        assert_eq!(holds(&again), holds(&home));
    }
    let copied = place.path().join("copied");
    copy_folder(&to, &copied);
    restore(&copied, &place.path().join("of_a_copy")).unwrap();
    // Pulled out without a word: whoever serves the file system is gone.
    let pull = std::env::var("CAIYING_TEST_EXFAT").unwrap();
    keep(&mut clerk, 10);
    let ended = errand::backup(&opened::store(&home), at(900), &to, &mut |part, done, _| {
        if (part, done) == (Part::Copying, 1) {
            let killed = Command::new("sh").args(["-c", &pull]).status().unwrap();
            assert!(killed.success());
        }
        true
    });
    assert!(matches!(refused(ended), BackupError::Gone));
}

/// Runs a test again on an exFAT file system of its own: exfat-fuse over a loop device. Where there is none to be had,
/// that is said.
fn on_exfat(test: &str) {
    let place = tempfile::tempdir().unwrap();
    let (image, mount) = (place.path().join("stick.img"), place.path().join("stick"));
    fs::create_dir(&mount).unwrap();
    fs::File::create(&image).unwrap().set_len(48 << 20).unwrap();
    let not_tested = |why: &str| eprintln!("NOT TESTED: {test}: {why}");
    if !Command::new("mkfs.exfat").arg(&image).output().is_ok_and(|made| made.status.success()) {
        return not_tested("this machine has no mkfs.exfat (exfatprogs)");
    }
    let attached = Command::new("losetup").args(["--find", "--show"]).arg(&image).output();
    let Some(attached) = attached.ok().filter(|attached| attached.status.success()) else {
        return not_tested("this machine gives no loop device");
    };
    let device = String::from_utf8(attached.stdout).unwrap().trim().to_owned();
    // In the foreground, so that its process is known and is nobody else's.
    let server =
        Command::new("mount.exfat-fuse").args(["-d", &device]).arg(&mount).stderr(Stdio::null()).spawn();
    let mounted = || fs::write(mount.join("a:b"), "").is_err();
    let Ok(mut server) = server else {
        detach(&device);
        return not_tested("this machine has no mount.exfat-fuse (exfat-fuse)");
    };
    let since = Instant::now();
    while !mounted() && since.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(50));
    }
    if mounted() {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let pull = format!("kill -9 {}", server.id());
        command.args(["--exact", test, "--nocapture"]).current_dir(&mount).env("CAIYING_TEST_EXFAT", pull);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| alone(&mut command)));
        take_away(&mut server, &mount, &device);
        if let Err(said) = ended {
            std::panic::resume_unwind(said);
        }
    } else {
        take_away(&mut server, &mount, &device);
        not_tested("exfat-fuse mounts nothing here");
    }
}

fn take_away(server: &mut Child, mount: &Path, device: &str) {
    Command::new("umount").arg("-l").arg(mount).stderr(Stdio::null()).status().ok();
    server.kill().ok();
    server.wait().ok();
    detach(device);
}

fn detach(device: &str) {
    Command::new("losetup").args(["-d", device]).status().ok();
}
