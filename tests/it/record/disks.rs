//! A disk that goes away and comes back, one that only reads, a clock a year behind: each with words, and nothing lost.

use std::{fs, process::Command};

use caiying::{
    clerk::{Clerk, ClerkError},
    screens::trouble,
    shot::{Moment, ShotId, SittingId, Trigger},
    station::{SeenCode, Sitting, Take},
};

use crate::{
    opened,
    world::{at, portrait, shot},
};

const YEAR_MS: i64 = 365 * 86_400_000;

fn sitting(n: u64) -> Sitting {
    let seen = SeenCode::unread(format!("C{n:05}").parse().unwrap());
    Sitting { takes: 1, ..Sitting::new(SittingId(n), seen, at(n as i64), false) }
}

fn keep(clerk: &mut Clerk, n: u64, at: Moment) -> Result<(), ClerkError> {
    let id = SittingId(n);
    let taken = shot(n, Trigger::Station(id), n as i64);
    clerk.keep(at, &sitting(n), &Take::of(taken, portrait(ShotId(n))))
}

#[test]
fn a_disk_that_comes_back_goes_on_where_it_was_without_a_new_start() {
    let place = tempfile::tempdir().unwrap();
    let (store, away) = (place.path().join("store"), place.path().join("away"));
    let (mut clerk, _) = opened::clerk(&store, "A1", "p", at(0)).unwrap();
    keep(&mut clerk, 1, at(1)).unwrap();
    fs::rename(&store, &away).unwrap();
    let gone = keep(&mut clerk, 2, at(2)).unwrap_err();
    let words = trouble::clerk(&gone);
    assert!(words.headline.zh.contains("找不到数据文件夹") && words.remedy.zh.contains("插回"), "{words:?}");
    assert!(!gone.is_permanent());
    fs::rename(&away, &store).unwrap();
    clerk.refresh().unwrap();
    keep(&mut clerk, 2, at(3)).unwrap();
    drop(clerk);
    let (_, recovery) = opened::clerk(&store, "A1", "p", at(4)).unwrap();
    assert_eq!((recovery.lost, recovery.adopted), (0, 0));
    assert_eq!(opened::ledger(&store).unwrap().current().unwrap().len(), 2);
    assert_eq!(opened::verify(&store).unwrap().faults, []);
}

#[test]
fn a_clock_that_was_set_back_a_year_is_told_and_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let store = place.path().join("store");
    let now = Moment(1_800_000_000_000);
    let (mut clerk, first) = opened::clerk(&store, "A1", "p", now).unwrap();
    assert_eq!(first.clock_behind_ms, 0);
    keep(&mut clerk, 1, Moment(now.0 + 1)).unwrap();
    drop(clerk);
    let before = Moment(now.0 - YEAR_MS);
    let (mut clerk, recovery) = opened::clerk(&store, "A1", "p", before).unwrap();
    assert!((YEAR_MS..YEAR_MS + 1000).contains(&recovery.clock_behind_ms), "{recovery:?}");
    let words = trouble::clock_behind(recovery.clock_behind_ms);
    assert!(words.headline.zh.contains("365 天") && words.remedy.zh.contains("校准"), "{words:?}");
    keep(&mut clerk, 2, before).unwrap();
    // The first one once more, by the same code: the newest is the one that was written last.
    let again = Sitting { id: SittingId(3), code: sitting(1).code, bearer: sitting(1).bearer, ..sitting(3) };
    clerk
        .keep(before, &again, &Take::of(shot(3, Trigger::Station(again.id), 3), portrait(ShotId(3))))
        .unwrap();
    drop(clerk);
    let ledger = opened::ledger(&store).unwrap();
    let current: Vec<u64> = ledger.current().unwrap().iter().map(|parcel| parcel.sitting.0).collect();
    assert_eq!(current, [2, 3]);
    assert_eq!(opened::verify(&store).unwrap().faults, []);
    // Set right again, nothing is said any more.
    drop(ledger);
    let (_, recovery) = opened::clerk(&store, "A1", "p", Moment(now.0 + 2)).unwrap();
    assert_eq!(recovery.clock_behind_ms, 0);
}

/// Nothing but a file system that refuses is a read-only disk: root writes wherever permissions forbid it.
#[test]
fn a_disk_that_only_reads_is_said_to_and_its_photos_can_be_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let disk = place.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs none "$DISK" || exit 77
        "$CAIYING" rehearse --students 1 --seed 3 --store "$DISK/store" >/dev/null || exit 78
        mount -o remount,ro "$DISK" || exit 77
        "$CAIYING" verify --store "$DISK/store" || exit 79
        "$CAIYING" rehearse --students 1 --seed 3 --store "$DISK/new"
    "#;
    let ended = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script])
        .env("DISK", &disk)
        .env("CAIYING", env!("CARGO_BIN_EXE_caiying"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    if ended.status.code() == Some(77) || said.contains("unshare:") {
        eprintln!("this machine lets nobody mount a disk: {said}");
        return;
    }
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("磁盘只读") && said.contains("写保护"), "{said}");
}
