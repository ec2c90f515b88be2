//! A stray is given to a student by a named act, and by nothing else; once; and a kill leaves it the stray it was.

use caiying::{
    clerk::{Assignment, ClerkError, Owner},
    ledger::LedgerError,
    portrait::Verdict,
    station::{Act, Fact, Vouched},
};

use super::*;
use crate::opened;

/// Student 1 was kept; shot 2 of student 2 was disowned, and he left without a portrait; shot 3 was nobody's ever.
pub(crate) fn with_strays(store: &Path) -> Clerk {
    let (mut clerk, _) = open(store);
    clerk.seat(at(1), &sitting(1)).unwrap();
    keep(&mut clerk, 1).unwrap();
    clerk.seat(at(1), &sitting(2)).unwrap();
    clerk.shelve(at(2), &take(2).shot, Some(&sitting(2))).unwrap();
    let disowned = Fact::Disowned { sitting: SittingId(2), shot: ShotId(2), reason: "operator".to_owned() };
    clerk.record(at(3), &disowned).unwrap();
    clerk.record(at(4), &Fact::Dismissed { sitting: SittingId(2) }).unwrap();
    clerk.shelve(at(5), &take(3).shot, None).unwrap();
    clerk
}

pub(crate) fn given(clerk: &Clerk, n: u64, owner: Owner) -> Assignment {
    let shot = clerk.fetch_stray(ShotId(n)).unwrap();
    let act = Act::new("王老师", "本人现场确认").unwrap();
    let vouched = Vouched::new(act, "李老师", true).unwrap();
    Assignment { take: Take::of(shot, portrait(ShotId(n))), owner, spare: SittingId(70 + n), vouched }
}

fn student(n: u64) -> Owner {
    let Sitting { code, bearer, .. } = sitting(n);
    Owner::Student(SeenCode { code, bearer })
}

fn strays(clerk: &Clerk) -> Vec<u64> {
    let shots = clerk.ledger().shots().unwrap().into_iter();
    shots.filter(|shot| shot.sitting.is_none()).map(|shot| shot.id.0).collect()
}

#[test]
fn a_stray_goes_to_the_sitting_it_came_from_or_that_has_none_or_to_a_new_one() {
    for (n, owner, into, retake) in [
        (2, student(2), 2, false),
        (2, Owner::Sitting(SittingId(2)), 2, false),
        (3, student(2), 2, false),
        (3, Owner::Sitting(SittingId(1)), 73, true),
        (3, student(1), 73, true),
        (3, student(9), 73, true),
    ] {
        let store = tempfile::tempdir().unwrap();
        let mut clerk = with_strays(store.path());
        assert_eq!(strays(&clerk), [2, 3]);
        let assignment = given(&clerk, n, owner.clone());
        let sitting = clerk.assign(at(9), &assignment).unwrap();
        assert_eq!((sitting.id, sitting.retake), (SittingId(into), retake), "{n} {owner:?}");
        let kept = clerk.ledger().kept().unwrap();
        let row = kept.iter().find(|row| row.shot == ShotId(n)).unwrap();
        let (binding, jpeg) = clerk.vault().get(row.object).unwrap();
        assert_eq!((row.sitting, binding.sitting), (sitting.id, Some(sitting.id)), "bound inside the file");
        assert_eq!(binding.code, Some(Digest::of(sitting.code.expose().as_bytes())));
        assert_eq!(jpeg, portrait(ShotId(n)).jpeg.to_vec());
        let current = clerk.ledger().current().unwrap();
        assert_eq!(current.iter().filter(|parcel| parcel.code == sitting.code).count(), 1);
        let facts: Vec<Fact> = clerk.ledger().lines().unwrap().into_iter().map(|line| line.fact).collect();
        let [.., Fact::Assigned { by, second, reason, .. }, Fact::Kept { .. }] = &facts[..] else {
            panic!("{facts:?}");
        };
        assert_eq!(
            (by.as_str(), second.as_deref(), reason.as_str()),
            ("王老师", Some("李老师"), "本人现场确认")
        );
        // Never twice.
        let again = clerk.assign(at(10), &assignment);
        assert!(matches!(again, Err(ClerkError::Ledger(LedgerError::NotAStray { .. }))), "{again:?}");
        assert_eq!(clerk.ledger().kept().unwrap().len(), 2);
        drop(clerk);
        assert_eq!(opened::verify(store.path()).unwrap().faults, []);
        let (clerk, recovery) = open(store.path());
        assert_eq!(recovery, Recovery::default());
        assert_eq!(strays(&clerk).len(), 1);
    }
}

#[test]
fn what_is_no_stray_or_may_not_be_kept_or_whose_student_sits_is_given_to_nobody() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = with_strays(store.path());
    let no_stray = clerk.fetch_stray(ShotId(1));
    assert!(matches!(no_stray, Err(ClerkError::Ledger(LedgerError::NotAStray { .. }))), "kept for somebody");
    let good = given(&clerk, 3, student(2));
    let mut others = good.clone();
    others.take.shot.id = ShotId(1);
    let mut forged = good.clone();
    forged.take.shot.jpeg = b"another file".as_slice().into();
    let mut failed = good.clone();
    failed.take.portrait.findings = vec![crate::station_promise::finding("roll", Verdict::Fail)];
    let mut enlarged = good.clone();
    enlarged.take.portrait.placement.scale = 1.5;
    let nowhere = Assignment { owner: Owner::Sitting(SittingId(40)), ..good.clone() };
    for wrong in [others, forged, failed, enlarged, nowhere] {
        clerk.assign(at(9), &wrong).unwrap_err();
    }
    // He sits again just now: what comes of that is not known yet.
    let again = Sitting { id: SittingId(5), ..sitting(2) };
    clerk.seat(at(10), &again).unwrap();
    for owner in [student(2), Owner::Sitting(SittingId(2)), Owner::Sitting(SittingId(5))] {
        let refused = clerk.assign(at(11), &Assignment { owner, ..good.clone() });
        assert!(matches!(refused, Err(ClerkError::StillSits)), "{refused:?}");
    }
    assert_eq!((strays(&clerk), clerk.ledger().kept().unwrap().len()), (vec![2, 3], 1));
    drop(clerk);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
}

#[test]
fn a_kill_between_the_file_and_the_row_leaves_the_stray_it_was() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = with_strays(store.path());
    let lines = clerk.ledger().lines().unwrap().len();
    let assignment = given(&clerk, 3, student(9));
    clerk.assign(at(9), &assignment).unwrap();
    drop(clerk);
    // The power failed before the transaction: the portrait stands in the vault, and no row speaks of it.
    sql(
        store.path(),
        &format!(
            "PRAGMA foreign_keys=OFF; DELETE FROM kept WHERE shot = 3; UPDATE shot SET sitting = NULL WHERE id = 3;
             DELETE FROM sitting WHERE id = 73; DELETE FROM journal WHERE seq > {lines}"
        ),
    );
    let report = opened::verify(store.path()).unwrap();
    assert_eq!((report.orphans, report.faults), (1, vec![]));
    let (mut clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, recovery.interrupted, recovery.never_saved), (0, 0, 0), "{recovery:?}");
    assert_eq!(strays(&clerk), [2, 3]);
    let assignment = given(&clerk, 3, student(9));
    clerk.assign(at(9), &assignment).unwrap();
    drop(clerk);
    let report = opened::verify(store.path()).unwrap();
    // Sealed again it is another file: the one that was never called kept lies there and counts for nothing.
    assert_eq!((report.kept, report.orphans, report.faults), (2, 1, vec![]));
}

/// The disk refuses the file: nothing is written anywhere, and the same act succeeds when it can.
#[test]
fn when_the_file_cannot_be_kept_the_stray_is_given_to_nobody() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = with_strays(store.path());
    let assignment = given(&clerk, 2, student(2));
    let tmp = store.path().join("vault/tmp");
    fs::remove_dir(&tmp).unwrap();
    fs::write(&tmp, "in the way").unwrap();
    let refused = clerk.assign(at(9), &assignment);
    assert!(matches!(refused, Err(ClerkError::Vault(VaultError::Disk { .. }))), "{refused:?}");
    assert_eq!(strays(&clerk), [2, 3]);
    fs::remove_file(&tmp).unwrap();
    fs::create_dir(&tmp).unwrap();
    clerk.assign(at(9), &assignment).unwrap();
    drop(clerk);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
}

#[test]
fn whoever_moves_a_stray_by_hand_is_found() {
    for (tampering, said) in [
        ("UPDATE shot SET sitting = 1 WHERE id = 3", "the tables say something else"),
        ("UPDATE shot SET sitting = 2 WHERE id = 2", "the tables say something else"),
    ] {
        let store = tempfile::tempdir().unwrap();
        drop(with_strays(store.path()));
        sql(store.path(), tampering);
        let told: Vec<String> =
            opened::verify(store.path()).unwrap().faults.iter().map(Fault::to_string).collect();
        assert!(told.iter().any(|fault| fault.contains(said)), "{tampering}: {told:?}");
    }
}

/// Beside a portrait that is kept, another one must say that it is a retake, unless a person named the sitting.
#[test]
fn what_takes_the_place_of_a_portrait_is_a_retake_unless_a_person_named_the_sitting() {
    for (owner, into) in [(student(1), 73), (Owner::Sitting(SittingId(4)), 4)] {
        let store = tempfile::tempdir().unwrap();
        let mut clerk = with_strays(store.path());
        clerk.seat(at(6), &Sitting { id: SittingId(4), ..sitting(1) }).unwrap();
        clerk.record(at(7), &Fact::Dismissed { sitting: SittingId(4) }).unwrap();
        let given = given(&clerk, 3, owner);
        assert_eq!(clerk.assign(at(9), &given).unwrap().id, SittingId(into));
    }
}
