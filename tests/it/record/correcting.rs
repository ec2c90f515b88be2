//! 补拍 and 勘误: a new portrait names those whose place it takes; one that is another student's is taken from him by two
//! persons; and nothing is ever overwritten.

use caiying::{
    clerk::{Correction, Owner},
    ledger::{Filter, Ledger, LedgerError},
    station::Vouched,
    student::StudentKey,
};

use super::{assigning::with_strays, *};
use crate::opened;

fn student(n: u64) -> Owner {
    let Sitting { code, bearer, .. } = sitting(n);
    Owner::Student(SeenCode { code, bearer })
}

fn key(n: u64) -> StudentKey {
    sitting(n).bearer.key
}

/// Two persons say that what was kept in a sitting is this one's.
fn correction(sitting: u64, owner: Option<Owner>) -> Correction {
    let act = Act::new("王老师", "两位考生对调").unwrap();
    let vouched = Vouched::new(act, "李老师", true).unwrap();
    Correction { sitting: SittingId(sitting), owner, spare: SittingId(80 + sitting), vouched }
}

/// Sitting and shot of every student's current portrait.
fn current(ledger: &Ledger) -> Vec<(u64, u64)> {
    let current = ledger.current().unwrap().into_iter();
    current.map(|parcel| (parcel.sitting.0, parcel.shot.0)).collect()
}

fn retake(clerk: &mut Clerk, sitting_id: u64, of: u64, shot_id: u64) {
    let again = Sitting { id: SittingId(sitting_id), retake: true, ..sitting(of) };
    clerk.keep(at(9), &again, &Take::of(take(shot_id).shot, portrait(ShotId(shot_id)))).unwrap();
}

fn sound(store: &Path) {
    assert_eq!(opened::verify(store).unwrap().faults, []);
}

/// The line that kept a shot's portrait: its object, and those it superseded.
fn kept_line(clerk: &Clerk, of: u64) -> (Digest, Vec<Digest>) {
    let lines = clerk.ledger().lines().unwrap().into_iter().rev();
    let mut kept = lines.filter_map(|line| match line.fact {
        Fact::Kept { shot, object, supersedes, .. } if shot == ShotId(of) => Some((object, supersedes)),
        _ => None,
    });
    kept.next().unwrap()
}

#[test]
fn a_retake_names_every_portrait_whose_place_it_takes() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    retake(&mut clerk, 4, 2, 4);
    retake(&mut clerk, 5, 2, 5);
    let [first, second, third] = [2, 4, 5].map(|shot| kept_line(&clerk, shot));
    assert_eq!(first.1, []);
    assert_eq!(second.1, [first.0]);
    assert_eq!(third.1, [first.0, second.0]);
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3), (5, 5)]);
    assert_eq!(clerk.ledger().conflicts().unwrap(), [], "nobody need decide: it was said");
    drop(clerk);
    sound(store.path());
    for tampering in [
        "DELETE FROM superseding WHERE later = (SELECT max(later) FROM superseding)",
        "INSERT INTO superseding SELECT object, (SELECT max(seq) FROM kept) FROM kept WHERE sitting = 1",
    ] {
        let copy = tempfile::tempdir().unwrap();
        let done = Command::new("cp").args(["-a", "--"]).arg(store.path()).arg(copy.path()).status().unwrap();
        assert!(done.success());
        let copy = copy.path().join(store.path().file_name().unwrap());
        sql(&copy, tampering);
        let told: Vec<String> = opened::verify(&copy).unwrap().faults.iter().map(Fault::to_string).collect();
        assert!(
            told.iter().any(|fault| fault.contains("the tables say something else")),
            "{tampering}: {told:?}"
        );
    }
}

/// Two codes, two students, two portraits; then it turns out that it is one person. Neither portrait knows of the other:
/// a person decides, and a retake settles it.
#[test]
fn two_portraits_of_which_none_superseded_the_other_go_to_a_person() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    let one = |code: &caiying::student::CaptureCode, _kept| {
        if *code == sitting(3).code { key(2) } else { StudentKey::of_code(code) }
    };
    clerk.name_students(one).unwrap();
    let doubles = clerk.ledger().doubles().unwrap();
    let [double] = doubles.as_slice() else { panic!("{doubles:?}") };
    let told: Vec<_> = double.portraits.iter().map(|(note, kept)| (note.id.0, kept.current)).collect();
    assert_eq!(told, [(2, false), (3, true)], "until then the last one is delivered");
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3)], "one delivery");
    retake(&mut clerk, 6, 2, 6);
    assert_eq!(clerk.ledger().doubles().unwrap(), []);
    assert_eq!(current(clerk.ledger()), [(1, 1), (6, 6)]);
    // They were two persons after all: nobody loses his portrait.
    clerk.name_students(|code, _kept| StudentKey::of_code(code)).unwrap();
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3), (6, 6)]);
    drop(clerk);
    sound(store.path());
}

#[test]
fn a_portrait_is_taken_from_whom_it_is_not_by_two_persons_and_its_row_stays() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    // Student 2's retake shows student 3, who has one, and sat for another as well.
    retake(&mut clerk, 4, 2, 4);
    let before = clerk.ledger().kept().unwrap();
    let wrong = kept_line(&clerk, 4).0;
    let went = clerk.correct(at(30), &correction(4, Some(student(3)))).unwrap().unwrap();
    assert_eq!((went.id, went.retake), (SittingId(84), true));
    assert_eq!(current(clerk.ledger()), [(1, 1), (2, 2), (84, 4)], "what it had superseded counts again");
    let after = clerk.ledger().kept().unwrap();
    assert_eq!(after.len(), before.len() + 1, "nothing is gone");
    let row = after.iter().find(|row| row.object == wrong).unwrap();
    assert!(row.withdrawn && row.sitting == SittingId(4));
    // The same picture, bound to whom it is.
    let (binding, jpeg) = clerk.vault().get(after.last().unwrap().object).unwrap();
    assert_eq!((binding.sitting, jpeg), (Some(SittingId(84)), portrait(ShotId(4)).jpeg.to_vec()));
    assert_eq!(binding.code, Some(Digest::of(sitting(3).code.expose().as_bytes())));
    let facts: Vec<Fact> = clerk.ledger().lines().unwrap().into_iter().map(|line| line.fact).collect();
    let [.., Fact::Seated { .. }, Fact::Corrected { from, to, by, second, reason, .. }, Fact::Kept { .. }] =
        &facts[..]
    else {
        panic!("{facts:?}");
    };
    assert_eq!((*from, *to), (SittingId(4), Some(SittingId(84))));
    assert_eq!((by.as_str(), second.as_str(), reason.as_str()), ("王老师", "李老师", "两位考生对调"));
    assert_eq!(kept_line(&clerk, 4).1, [kept_line(&clerk, 3).0], "it takes the place of his own");
    // Read from either side, and never under another's name.
    let of = |sitting| Filter { sitting: Some(SittingId(sitting)), ..Filter::default() };
    for (sitting, lines) in [(4, 4), (84, 3)] {
        assert_eq!(
            clerk.ledger().page(&of(sitting), None, 99).unwrap().lines.len(),
            lines,
            "sitting {sitting}"
        );
    }
    let history = clerk.ledger().history(&key(2)).unwrap();
    assert_eq!(
        history.iter().map(|part| part.kept.map(|kept| kept.row.shot.0)).collect::<Vec<_>>(),
        [Some(2), None]
    );
    drop(clerk);
    sound(store.path());
    let (mut clerk, recovery) = open(store.path());
    assert_eq!(recovery, Recovery::default());
    // And back again, because it was right the first time.
    let back = clerk.correct(at(40), &correction(84, Some(student(2)))).unwrap().unwrap();
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3), (back.id.0, 4)]);
    drop(clerk);
    sound(store.path());
}

/// The folder holds what was delivered last: where that was another's, what counts again has to be delivered again.
#[test]
fn what_gave_way_to_anothers_portrait_waits_for_delivery_again() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    let waiting = |clerk: &Clerk| {
        let queue = clerk.ledger().queue().unwrap().into_iter();
        queue.map(|parcel| parcel.shot.0).collect::<Vec<_>>()
    };
    let all = |clerk: &Clerk| {
        clerk.ledger().current().unwrap().iter().map(|parcel| parcel.object).collect::<Vec<_>>()
    };
    let (at_first, first) = (all(&clerk), kept_line(&clerk, 2).0);
    clerk.note_delivered(at(20), "folder", &at_first).unwrap();
    retake(&mut clerk, 4, 2, 4);
    assert_eq!(waiting(&clerk), [4]);
    let second = all(&clerk);
    clerk.note_delivered(at(21), "folder", &second).unwrap();
    assert_eq!(waiting(&clerk), Vec::<u64>::new());
    clerk.correct(at(30), &correction(4, None)).unwrap();
    assert_eq!(waiting(&clerk), [2], "the folder has what was taken from him");
    let his = |clerk: &Clerk| {
        let sitters = clerk.ledger().sitters().unwrap();
        let portraits = sitters.into_iter().flat_map(|sitter| sitter.kept);
        portraits
            .filter(|kept| kept.object == first)
            .map(|kept| (kept.current, kept.delivered))
            .collect::<Vec<_>>()
    };
    assert_eq!(his(&clerk), [(true, false)]);
    let again = all(&clerk);
    clerk.note_delivered(at(31), "folder", &again).unwrap();
    clerk.note_delivered(at(32), "folder", &again).unwrap();
    assert_eq!((waiting(&clerk), his(&clerk)), (vec![], vec![(true, true)]));
    let lines = clerk.ledger().lines().unwrap();
    let told =
        lines.iter().filter(|line| matches!(line.fact, Fact::Delivered { object, .. } if object == first));
    assert_eq!(
        told.map(|line| line.at).collect::<Vec<_>>(),
        [at(20), at(31)],
        "told when it was done, and once"
    );
    // A delivery that was on its way when its portrait was taken back.
    retake(&mut clerk, 5, 2, 5);
    let on_its_way = all(&clerk);
    clerk.correct(at(40), &correction(5, None)).unwrap();
    assert_eq!(waiting(&clerk), Vec::<u64>::new());
    clerk.note_delivered(at(41), "folder", &on_its_way).unwrap();
    assert_eq!(waiting(&clerk), [2]);
    drop(clerk);
    sound(store.path());
}

#[test]
fn whose_portrait_nobody_knows_goes_back_to_the_strays() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    assert_eq!(clerk.correct(at(30), &correction(2, None)).unwrap(), None);
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3)]);
    let strays: Vec<_> = clerk.ledger().strays().unwrap().into_iter().map(|stray| stray.shot.0).collect();
    assert_eq!(strays, [2]);
    let unkept = clerk.ledger().unkept().unwrap();
    assert_eq!((unkept.len(), unkept[0].sitting.id), (1, SittingId(2)), "he is asked to come again");
    assert!(matches!(unkept[0].reason.as_ref().unwrap().fact, Fact::Corrected { .. }));
    let day = clerk.ledger().day(at(0)).unwrap();
    assert_eq!((day.tally.students, day.tally.today, day.without, day.strays), (2, 2, 1, 1));
    // It was his after all.
    let given = super::assigning::given(&clerk, 2, student(2));
    assert_eq!(clerk.assign(at(40), &given).unwrap().id, SittingId(2));
    assert_eq!(current(clerk.ledger()), [(1, 1), (3, 3), (2, 2)]);
    drop(clerk);
    sound(store.path());
}

#[test]
fn what_is_no_correction_changes_nothing() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = with_strays(store.path());
    let lines = clerk.ledger().lines().unwrap().len();
    let alone = Act::new("王老师", "两位考生对调").unwrap();
    let alone =
        Correction { vouched: Vouched::new(alone, "", false).unwrap(), ..correction(1, Some(student(2))) };
    assert!(matches!(clerk.correct(at(9), &alone), Err(ClerkError::TwoMustStand)));
    let to_himself = clerk.correct(at(9), &correction(1, Some(student(1))));
    assert!(matches!(to_himself, Err(ClerkError::SameStudent)), "{to_himself:?}");
    for sitting in [2, 40] {
        let nothing = clerk.correct(at(9), &correction(sitting, Some(student(1))));
        assert!(matches!(nothing, Err(ClerkError::Ledger(LedgerError::NotHis { .. }))), "{nothing:?}");
    }
    let nowhere = clerk.correct(at(9), &correction(1, Some(Owner::Sitting(SittingId(40)))));
    assert!(matches!(nowhere, Err(ClerkError::NoSuchSitting)), "{nowhere:?}");
    // Neither of the two may sit meanwhile.
    for n in [1, 2] {
        let again = Sitting { id: SittingId(4 + n), ..sitting(n) };
        clerk.seat(at(10), &again).unwrap();
        let sits = clerk.correct(at(11), &correction(1, Some(student(2))));
        assert!(matches!(sits, Err(ClerkError::StillSits)), "{sits:?}");
        clerk.record(at(12), &Fact::Dismissed { sitting: again.id }).unwrap();
    }
    let written = clerk.ledger().lines().unwrap().len();
    assert_eq!((written, current(clerk.ledger())), (lines + 4, vec![(1, 1)]));
    clerk.correct(at(20), &correction(1, Some(student(2)))).unwrap();
    let twice = clerk.correct(at(21), &correction(1, Some(student(2))));
    assert!(matches!(twice, Err(ClerkError::Ledger(LedgerError::NotHis { .. }))), "{twice:?}");
    drop(clerk);
    sound(store.path());
}

/// The disk refuses the file: nothing has changed. A kill after the file and before the row: likewise, and it is done again.
#[test]
fn a_correction_that_was_cut_short_is_none() {
    let store = tempfile::tempdir().unwrap();
    three_students(store.path());
    let (mut clerk, _) = open(store.path());
    let tmp = store.path().join("vault/tmp");
    fs::remove_dir(&tmp).unwrap();
    fs::write(&tmp, "in the way").unwrap();
    let refused = clerk.correct(at(30), &correction(2, Some(student(3))));
    assert!(matches!(refused, Err(ClerkError::Vault(VaultError::Disk { .. }))), "{refused:?}");
    fs::remove_file(&tmp).unwrap();
    fs::create_dir(&tmp).unwrap();
    assert_eq!(current(clerk.ledger()), [(1, 1), (2, 2), (3, 3)]);
    let lines = clerk.ledger().lines().unwrap().len();
    clerk.correct(at(30), &correction(2, Some(student(3)))).unwrap();
    drop(clerk);
    sql(
        store.path(),
        &format!(
            "PRAGMA foreign_keys=OFF; DELETE FROM superseding WHERE later > {lines}; DELETE FROM kept WHERE seq > {lines};
             UPDATE kept SET withdrawn = NULL; UPDATE shot SET sitting = 2 WHERE id = 2;
             UPDATE sitting SET ending = 'kept' WHERE id = 2; DELETE FROM sitting WHERE id = 82;
             DELETE FROM journal WHERE seq > {lines}"
        ),
    );
    let report = opened::verify(store.path()).unwrap();
    assert_eq!((report.orphans, report.faults), (1, vec![]));
    let (mut clerk, recovery) = open(store.path());
    assert_eq!((recovery.adopted, recovery.never_saved, recovery.interrupted), (0, 0, 0), "{recovery:?}");
    assert_eq!(current(clerk.ledger()), [(1, 1), (2, 2), (3, 3)]);
    clerk.correct(at(30), &correction(2, Some(student(3)))).unwrap();
    drop(clerk);
    let report = opened::verify(store.path()).unwrap();
    // Sealed again it is another file: the one that was never called kept lies there and counts for nothing.
    assert_eq!((report.orphans, report.faults), (1, vec![]));
}

#[test]
fn whoever_moves_a_portrait_by_hand_is_found() {
    for tampering in [
        "UPDATE kept SET withdrawn = 4 WHERE sitting = 2; UPDATE shot SET sitting = 3 WHERE id = 2",
        "UPDATE kept SET withdrawn = NULL WHERE sitting = 1",
    ] {
        let store = tempfile::tempdir().unwrap();
        three_students(store.path());
        let (mut clerk, _) = open(store.path());
        clerk.correct(at(30), &correction(1, None)).unwrap();
        drop(clerk);
        sound(store.path());
        sql(store.path(), &format!("PRAGMA foreign_keys=OFF; {tampering}"));
        let told: Vec<String> =
            opened::verify(store.path()).unwrap().faults.iter().map(Fault::to_string).collect();
        assert!(
            told.iter().any(|fault| fault.contains("the tables say something else")),
            "{tampering}: {told:?}"
        );
    }
}
