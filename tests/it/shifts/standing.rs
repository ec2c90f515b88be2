//! Who has logged in, and what he may do: alone, with a second person, or not at all.

use caiying::{
    keys::{Deed, Holder, Refused, Who},
    ledger::{Kind, Line},
    profile::Role,
    scan::Sight,
    screens::{DayAsk, TroubleKind, theme::Tone},
    station::{Fact, Phase, Refusal},
    student::CaptureCode,
};

use super::{
    day::{day, ended, export, shift_of, store, until_day},
    *,
};
use crate::opened;

/// Somebody of a role, called this.
pub(crate) fn works(label: &str, role: Role) -> Who {
    Who::Holder(Holder { slot: role as usize, label: label.to_owned(), role })
}

fn code(text: &str) -> CaptureCode {
    text.parse().unwrap()
}

/// Who is kept already, and who is not, by what a shift says of their codes.
fn seen(shift: &mut Shift, text: &str) -> Phase {
    shift.see(Sight::Gone);
    shift.see(Sight::Seen(code(text)));
    let phase = shift.phase().clone();
    shift.wish(Wish::Dismiss);
    phase
}

fn not_on_duty(phase: &Phase) -> Option<bool> {
    match phase {
        Phase::Refused(Some(_), Refusal::NotOnDuty { retake }) => Some(*retake),
        _ => None,
    }
}

fn is_noticed(shift: &Shift) -> bool {
    shift.view().troubles.iter().any(|trouble| trouble.kind == TroubleKind::Notice)
}

#[test]
fn each_role_seats_whom_it_photographs_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut shift = shift_of(&store, "tender_freshmen");
    let (kept, new) = ("B00001", "2024001");
    shift.log_in(&works("摄影", Role::Photographer), None);
    assert_eq!(not_on_duty(&seen(&mut shift, kept)), Some(true));
    assert!(matches!(seen(&mut shift, new), Phase::CodeScanned(_)));
    for role in [Role::RetakeOperator, Role::Administrator] {
        shift.log_in(&works("补拍", role), None);
        assert!(matches!(seen(&mut shift, kept), Phase::KeptBefore(_)), "{role:?}");
        assert!(matches!(seen(&mut shift, new), Phase::CodeScanned(_)), "{role:?}");
    }
    shift.log_in(&works("监督", Role::Supervisor), None);
    assert_eq!(not_on_duty(&seen(&mut shift, kept)), Some(true));
    assert_eq!(not_on_duty(&seen(&mut shift, new)), Some(false));
    shift.log_out();
    assert_eq!(not_on_duty(&seen(&mut shift, new)), Some(false));
}

/// Whoever held his code up in vain sits down when somebody logs in who photographs him; who sits when the station is
/// locked sits on, and nothing can be done with him but to let him go.
#[test]
fn a_lock_loses_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut shift = shift_of(&store, "tender_freshmen");
    let photographer = works("摄影", Role::Photographer);
    shift.log_out();
    shift.see(Sight::Seen(code("2024001")));
    assert_eq!(not_on_duty(shift.phase()), Some(false));
    shift.log_in(&photographer, None);
    let Phase::CodeScanned(sitting) = shift.phase().clone() else { panic!("{:?}", shift.phase()) };
    shift.log_out();
    shift.wish(Wish::Fire);
    assert!(is_noticed(&shift));
    let Phase::CodeScanned(still) = shift.phase().clone() else { panic!("{:?}", shift.phase()) };
    assert_eq!((still.id, still.fired), (sitting.id, false));
    shift.log_in(&photographer, None);
    shift.wish(Wish::Fire);
    assert!(
        !is_noticed(&shift)
            && shift.phase().sitting().is_some_and(|sitting| sitting.fired || sitting.takes > 0)
    );
}

/// What one opened the next one need not be allowed to read.
#[test]
fn a_book_is_shut_when_whoever_opened_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut shift = shift_of(&store(folder.path()), "tender_freshmen");
    let supervisor = works("监督", Role::Supervisor);
    for (leaves, next) in
        [(true, works("监督", Role::Supervisor)), (false, works("摄影", Role::Photographer))]
    {
        shift.log_in(&supervisor, None);
        shift.day_asks(DayAsk::OpenJournal(Kind::All));
        until_day(&mut shift, "it is read", |day| day.journal.as_ref().is_some_and(|book| !book.is_reading));
        if leaves {
            shift.log_out();
            assert!(day(&shift).journal.is_none(), "at the lock nobody reads");
        }
        shift.log_in(&next, None);
        assert!(day(&shift).journal.is_none(), "{next:?}");
    }
}

#[test]
fn a_delivery_that_shows_names_waits_for_the_supervisor() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "anqing_2026_freshmen");
    shift.log_in(&works("摄影", Role::Photographer), None);
    let view = day(&shift);
    assert!(view.two_must_stand && view.unlocked_by.is_empty());
    // To say that somebody is there is not enough.
    export(&mut shift, &to, Some(Role::Supervisor));
    assert!(shift.wants_second() == Some(Deed::ExportWithIdentity) && ended(&day(&shift)).is_none());
    for other in [
        works("摄影", Role::Photographer),
        works("管理员", Role::Administrator),
        works("补拍", Role::RetakeOperator),
    ] {
        assert!(shift.second_stands(&other).is_err(), "{other:?}");
        assert!(shift.wants_second().is_some());
    }
    shift.send_second_away();
    assert_eq!(shift.wants_second(), None);
    assert_eq!(
        shift.second_stands(&works("监督", Role::Supervisor)),
        Ok(()),
        "nothing waits, nothing is done"
    );
    assert!(!to.exists());
    export(&mut shift, &to, None);
    shift.second_stands(&works("监督", Role::Supervisor)).unwrap();
    until_day(&mut shift, "it is delivered", |day| ended(day).is_some());
    until(&mut shift, "it is written down", |view| view.tally.waiting == 1);
    drop(shift);
    let lines = opened::ledger(&store).unwrap().lines().unwrap();
    let shown = |line: &Line| match &line.fact {
        Fact::Unlocked { purpose, role, by } => {
            Some((purpose.clone(), *role, by.clone(), line.scribe.who.clone()))
        }
        _ => None,
    };
    let of = |purpose: &str, role, by: &str| (purpose.to_owned(), role, by.to_owned(), "摄影".to_owned());
    let came = of(Fact::LOGIN, Role::Photographer, "摄影");
    let stood = of("export", Role::Supervisor, "监督");
    assert_eq!(lines.iter().filter_map(shown).collect::<Vec<_>>(), [came, stood]);
}

#[test]
fn who_may_not_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "tender_freshmen");
    shift.log_in(&works("补拍", Role::RetakeOperator), None);
    export(&mut shift, &to, None);
    let day_now = day(&shift);
    assert!(matches!(ended(&day_now), Some((Tone::Wrong, words)) if words.contains("无权")), "{day_now:?}");
    for ask in [DayAsk::OpenJournal(Kind::All), DayAsk::SaveJournal] {
        shift.day_asks(ask);
        assert!(is_noticed(&shift) && day(&shift).journal.is_none());
    }
    assert_eq!(shift.refused(Deed::ChangeSettings), Some(Refused::NotTheirs));
    shift.log_in(&works("监督", Role::Supervisor), None);
    shift.day_asks(DayAsk::OpenJournal(Kind::All));
    assert!(day(&shift).journal.is_some());
    shift.log_in(&works("管理员", Role::Administrator), None);
    assert_eq!(shift.refused(Deed::ChangeSettings), None);
}
