//! What people ask the record, on a real store that is only read.

use caiying::{
    clerk::Owner,
    ledger::{Line, StrayNote},
    shot::Exposure,
    student::{CaptureCode, StudentKey},
};

use super::{assigning::given, *};
use crate::opened;

fn key(n: u64) -> StudentKey {
    sitting(n).bearer.key
}

/// A morning: student 1 kept at 3 s, and again in a retake at 30 s; student 2 declined, refused, disowned, gone;
/// student 4 came and went; student 5 sits; shot 9 is nobody's.
fn morning(store: &Path) -> Clerk {
    let (mut clerk, _) = open(store);
    clerk.seat(at(1), &sitting(1)).unwrap();
    keep(&mut clerk, 1).unwrap();
    clerk.seat(at(10), &Sitting { since: at(10), ..sitting(2) }).unwrap();
    let (of, why) = (SittingId(2), "no_face".to_owned());
    clerk.shelve(at(11), &take(2).shot, Some(&sitting(2))).unwrap();
    clerk.record(at(12), &Fact::Declined { sitting: of, shot: ShotId(2), reason: why }).unwrap();
    clerk.shelve(at(13), &take(3).shot, Some(&sitting(2))).unwrap();
    clerk
        .record(at(14), &Fact::Refused { sitting: of, shot: ShotId(3), failed: vec!["roll".to_owned()] })
        .unwrap();
    clerk.shelve(at(15), &take(4).shot, Some(&sitting(2))).unwrap();
    let reason = "operator".to_owned();
    clerk.record(at(16), &Fact::Disowned { sitting: of, shot: ShotId(4), reason }).unwrap();
    clerk.record(at(17), &Fact::Dismissed { sitting: of }).unwrap();
    let again = Sitting { id: SittingId(3), retake: true, ..sitting(1) };
    clerk.seat(at(29), &again).unwrap();
    clerk.keep(at(30), &again, &Take::of(take(5).shot, portrait(ShotId(5)))).unwrap();
    clerk.seat(at(40), &sitting(4)).unwrap();
    clerk.record(at(41), &Fact::Dismissed { sitting: SittingId(4) }).unwrap();
    clerk.seat(at(50), &sitting(5)).unwrap();
    clerk.shelve(at(51), &shot(9, Trigger::Body, 49), None).unwrap();
    clerk
}

#[test]
fn strays_say_when_by_whom_and_whose_they_were() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = morning(store.path());
    let ledger = opened::ledger(store.path()).unwrap();
    let strays = ledger.strays().unwrap();
    let told: Vec<_> = strays.iter().map(|stray| (stray.shot.0, stray.at, stray.trigger)).collect();
    assert_eq!(told, [(4, at(15), Trigger::Station(SittingId(4))), (9, at(51), Trigger::Body)]);
    assert_eq!(strays[0].disowned, Some((SittingId(2), "operator".to_owned())));
    assert_eq!((&strays[1].disowned, strays[1].exposed.earliest), (&None, at(49)));
    assert!(clerk.vault().get(strays[1].object).is_ok());
    let assignment = given(&clerk, 4, Owner::Sitting(SittingId(2)));
    clerk.assign(at(60), &assignment).unwrap();
    assert_eq!(ledger.strays().unwrap().len(), 1, "given away");
}

#[test]
fn whose_may_it_be_is_whoever_sat_then() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = morning(store.path());
    let ledger = opened::ledger(store.path()).unwrap();
    let around = |second: i64, within: i64| -> Vec<u64> {
        let found = ledger.sittings_around(at(second), within * 1000).unwrap();
        found.into_iter().map(|note| note.id.0).collect()
    };
    assert_eq!(around(20, 2), Vec::<u64>::new());
    assert_eq!(around(20, 3), [2], "it ended at 17");
    assert_eq!(around(20, 9), [2, 3], "and the next one began at 29");
    assert_eq!(around(20, 600), [1, 2, 3, 4, 5]);
    assert_eq!(around(500, 1), [5], "who still sits, sits");
    let notes = ledger.sittings_around(at(20), 9_000).unwrap();
    assert_eq!(notes[0].fingerprint, sitting(2).code.fingerprint());
    assert!(!notes[0].is_kept() && !notes[0].retake && notes[1].is_kept() && notes[1].retake);
    assert_eq!((notes[0].ended, notes[0].ending.as_deref()), (Some(at(17)), Some("dismissed")));
    // A stray that was given to a sitting later does not make it last until then.
    let assignment = given(&clerk, 4, Owner::Sitting(SittingId(2)));
    clerk.assign(at(60), &assignment).unwrap();
    assert_eq!(around(59, 1), [5]);
}

#[test]
fn a_students_history_is_all_of_it_and_nobody_elses() {
    let store = tempfile::tempdir().unwrap();
    drop(morning(store.path()));
    let ledger = opened::ledger(store.path()).unwrap();
    let first = ledger.history(&key(1)).unwrap();
    let kept: Vec<_> =
        first.iter().map(|part| part.kept.map(|kept| (kept.row.shot.0, kept.current))).collect();
    assert_eq!(kept, [Some((1, false)), Some((5, true))], "superseded, and delivered");
    let second = ledger.history(&key(2)).unwrap();
    assert_eq!((second.len(), second[0].kept), (1, None));
    let said: Vec<(Moment, String)> = second[0]
        .lines
        .iter()
        .map(|Line { at, fact, .. }| {
            (*at, serde_json::to_value(fact).unwrap()["fact"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = ["seated", "taken", "declined", "taken", "refused", "taken", "disowned", "dismissed"];
    assert_eq!(said, (10..).map(at).zip(expected.map(str::to_owned)).collect::<Vec<_>>());
    assert_eq!(ledger.history(&key(77)).unwrap(), []);
}

#[test]
fn who_has_two_portraits_and_who_has_none() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = morning(store.path());
    let ledger = opened::ledger(store.path()).unwrap();
    assert_eq!(ledger.conflicts().unwrap(), [], "a retake says whose place it takes");
    let unkept = || {
        let unkept = ledger.unkept().unwrap().into_iter();
        unkept.map(|who| (who.sitting.id.0, who.reason.map(|line| line.at))).collect::<Vec<_>>()
    };
    assert_eq!(unkept(), [(2, Some(at(16))), (4, None)], "who sits now is not refused yet");
    let assignment = given(&clerk, 4, Owner::Sitting(SittingId(2)));
    clerk.assign(at(60), &assignment).unwrap();
    assert_eq!(unkept(), [(4, None)]);
}

/// Those without a portrait first, and of these the nearest; with the portrait to compare.
#[test]
fn whose_a_stray_may_be_is_told_with_their_portraits() {
    let store = tempfile::tempdir().unwrap();
    let clerk = morning(store.path());
    let ledger = opened::ledger(store.path()).unwrap();
    let strays = ledger.strays().unwrap();
    let told = |n: usize| -> Vec<(u64, i64, bool, bool)> {
        let found = ledger.candidates(&strays[n]).unwrap().into_iter();
        found.map(|one| (one.sitting.id.0, one.away_ms, one.portrait.is_some(), one.disowned)).collect()
    };
    // Shot 9 was exposed at 49 s: 5 sat down a second later, 4 left at 41 s, 2 at 17 s; 1 was kept at 3 s and 30 s.
    let nearest = [(5, 1000, false, false), (4, 8000, false, false), (2, 32_000, false, false)];
    assert_eq!(told(1)[..3], nearest);
    assert_eq!(told(1)[3..], [(3, 19_000, true, false), (1, 46_000, true, false)]);
    // Shot 4 was student 2's until it was disowned.
    assert!(told(0).contains(&(2, 8000, false, true)), "{:?}", told(0));
    let current = ledger.history(&key(1)).unwrap()[1].kept.unwrap();
    let candidates = ledger.candidates(&strays[1]).unwrap();
    assert!(candidates[3..].iter().all(|one| one.portrait == Some(current.row.object)));
    assert!(candidates.iter().all(|one| one.code.fingerprint() == one.sitting.fingerprint));
    assert!(clerk.vault().get(current.row.object).is_ok());

    // Of a shot whose moment nobody knows, the last moment it may have is looked around.
    let undated = StrayNote { exposed: Exposure::some_time_before(at(20)), ..strays[1].clone() };
    assert!(strays[1].is_dated() && !undated.is_dated());
    let near: Vec<i64> = ledger.candidates(&undated).unwrap().iter().map(|one| one.away_ms).collect();
    assert_eq!(near[0], 3000, "2 left at 17 s");
    let hours_later = StrayNote { exposed: Exposure::exactly(at(7200)), ..strays[1].clone() };
    let found = ledger.candidates(&hours_later).unwrap();
    assert_eq!(found.len(), 1, "who still sits, sits");
}

/// Student 6 is kept; later it turns out that he is student 1, who had retaken already.
#[test]
fn who_has_two_portraits_is_told_with_both() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = morning(store.path());
    keep(&mut clerk, 6).unwrap();
    let one = |code: &CaptureCode, _kept| {
        if *code == sitting(6).code { key(1) } else { StudentKey::of_code(code) }
    };
    clerk.name_students(one).unwrap();
    let conflicts = clerk.ledger().conflicts().unwrap();
    let told: Vec<_> = conflicts.iter().map(|two| (two.student.clone(), two.sittings.len())).collect();
    assert_eq!(told, [(key(1), 2)]);
    let doubles = opened::ledger(store.path()).unwrap().doubles().unwrap();
    let [double] = doubles.as_slice() else { panic!("{doubles:?}") };
    assert_eq!(double.code.fingerprint(), sitting(6).code.fingerprint());
    let told: Vec<_> = double
        .portraits
        .iter()
        .map(|(note, kept)| (note.id.0, note.retake, kept.row.shot.0, kept.current))
        .collect();
    assert_eq!(told, [(3, true, 5, false), (6, false, 6, true)], "not the first, whose place was taken");
    for (_, kept) in &double.portraits {
        assert!(clerk.vault().get(kept.row.object).is_ok());
    }
}
