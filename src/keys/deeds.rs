//! Who may do what: alone, before four eyes, or never.
//!
//! Four eyes are the school's and ours: a supervisor, and somebody who is none. Two people of one side are not enough,
//! and nobody becomes a supervisor without a supervisor (except the first, and by the school's recovery key).

use super::Holder;
use crate::profile::Role;

/// What needs leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// 采集: photograph somebody for the first time.
    Capture,
    /// 重拍: shoot again in the same sitting.
    Again,
    /// 补拍: a new sitting of somebody who sat before.
    Retake,
    /// Read how far the day is.
    ReadTally,
    /// Read the journal.
    ReadJournal,
    /// Export a delivery that shows nobody's identity.
    Export,
    /// Export a delivery whose names show who people are.
    ExportWithIdentity,
    /// Read a school's roster in.
    ImportRoster,
    /// 勘误: give a kept photo to another student.
    MovePhoto,
    /// 归属: give a stray to a student, where the profile has two stand for it.
    GiveStray,
    /// 监督删除: destroy the store.
    Delete,
    /// Change the station's settings.
    ChangeSettings,
    /// Choose or change the school's profile.
    ChangeProfile,
    /// Let a holder in or out.
    ChangeHolders,
    /// Let a supervisor in or out where there is one.
    ChangeSupervisors,
}

/// What a role may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// By itself.
    Alone,
    /// As one of two.
    WithSecond,
    /// Not at all.
    Never,
}

/// Who unlocked a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody with a passphrase.
    Holder(Holder),
    /// Whoever has the school's recovery secret: lets holders in, does nothing else.
    Recovery,
    /// Anybody: a rehearsal.
    Everybody,
}

/// Why a deed is refused to those who stand for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not this role's.
    #[error("this is not for this holder to do")]
    NotTheirs,
    /// A second person must stand for it.
    #[error("a second person has to stand for this")]
    NeedsSecond,
    /// The second person is the first.
    #[error("the second person has to be another one")]
    SamePerson,
    /// Nobody of the two is a supervisor.
    #[error("one of the two has to be the school's supervisor")]
    NeedsSupervisor,
    /// Both are supervisors.
    #[error("one of the two has to be somebody else than a supervisor")]
    OnlySupervisors,
}

impl Who {
    /// What whoever opened it is called in the journal; nothing where nobody has a name.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Holder(holder) => &holder.label,
            Self::Recovery | Self::Everybody => "",
        }
    }
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Capture,
        Self::Again,
        Self::Retake,
        Self::ReadTally,
        Self::ReadJournal,
        Self::Export,
        Self::ExportWithIdentity,
        Self::ImportRoster,
        Self::MovePhoto,
        Self::GiveStray,
        Self::Delete,
        Self::ChangeSettings,
        Self::ChangeProfile,
        Self::ChangeHolders,
        Self::ChangeSupervisors,
    ];

    /// Its short name, as the journal has it. Never changed: journals are read for years.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Again => "again",
            Self::Retake => "retake",
            Self::ReadTally => "read_tally",
            Self::ReadJournal => "read_journal",
            Self::Export | Self::ExportWithIdentity => "export",
            Self::ImportRoster => "import_roster",
            Self::MovePhoto => "correct",
            Self::GiveStray => "assign",
            Self::Delete => "destroy",
            Self::ChangeSettings => "settings",
            Self::ChangeProfile => "profile",
            Self::ChangeHolders => "holders",
            Self::ChangeSupervisors => "supervisors",
        }
    }

    /// The table: photographer, retake operator, supervisor, administrator.
    ///
    /// A retake day also seats those who missed theirs, so a retake operator may photograph for the first time. An
    /// administrator lets holders in, himself as photographer too: refusing him the shutter would add a step and no
    /// safety. A supervisor watches and never shoots.
    const fn row(self) -> [Permission; 4] {
        use Permission::{Alone, Never, WithSecond};
        match self {
            Self::Capture | Self::Again => [Alone, Alone, Never, Alone],
            Self::Retake => [Never, Alone, Never, Alone],
            Self::ReadTally => [Alone, Alone, Alone, Alone],
            Self::ReadJournal => [Never, Never, Alone, Alone],
            Self::Export => [Alone, Never, Never, Alone],
            Self::ExportWithIdentity | Self::ImportRoster | Self::MovePhoto => {
                [WithSecond, Never, WithSecond, WithSecond]
            }
            // Retakes make strays too.
            Self::GiveStray => [WithSecond, WithSecond, WithSecond, WithSecond],
            Self::Delete | Self::ChangeSupervisors => [Never, Never, WithSecond, WithSecond],
            Self::ChangeSettings | Self::ChangeProfile | Self::ChangeHolders => [Never, Never, Never, Alone],
        }
    }
}

/// What a role may.
#[must_use]
pub const fn may(role: Role, deed: Deed) -> Permission {
    let [photographer, retake_operator, supervisor, administrator] = deed.row();
    match role {
        Role::Photographer => photographer,
        Role::RetakeOperator => retake_operator,
        Role::Supervisor => supervisor,
        Role::Administrator => administrator,
    }
}

/// Whether one person, or two, may do it: both have shown their passphrases.
///
/// # Errors
/// Why not.
pub fn stand_for(deed: Deed, first: &Who, second: Option<&Who>) -> Result<(), Refused> {
    let first = match first {
        Who::Everybody => return Ok(()),
        Who::Recovery if matches!(deed, Deed::ChangeHolders | Deed::ChangeSupervisors) => return Ok(()),
        Who::Recovery => return Err(Refused::NotTheirs),
        Who::Holder(first) => first,
    };
    match may(first.role, deed) {
        Permission::Alone => Ok(()),
        Permission::Never => Err(Refused::NotTheirs),
        Permission::WithSecond => match second {
            None => Err(Refused::NeedsSecond),
            Some(Who::Recovery | Who::Everybody) => Err(Refused::NotTheirs),
            Some(Who::Holder(second)) => four_eyes(deed, first, second),
        },
    }
}

fn four_eyes(deed: Deed, first: &Holder, second: &Holder) -> Result<(), Refused> {
    let supervisors = [first, second].iter().filter(|holder| holder.role == Role::Supervisor).count();
    if first.slot == second.slot {
        Err(Refused::SamePerson)
    } else if may(second.role, deed) != Permission::WithSecond {
        Err(Refused::NotTheirs)
    } else {
        match supervisors {
            0 => Err(Refused::NeedsSupervisor),
            1 => Ok(()),
            _ => Err(Refused::OnlySupervisors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 4] =
        [Role::Photographer, Role::RetakeOperator, Role::Supervisor, Role::Administrator];

    fn who(slot: usize, role: Role) -> Who {
        Who::Holder(Holder { slot, label: format!("holder {slot}"), role })
    }

    /// Issue 7, item 2, word by word; the rows are written here a second time, so that nobody changes one unseen.
    #[test]
    fn each_role_has_its_deeds() {
        let written = |permission| match permission {
            Permission::Alone => '1',
            Permission::WithSecond => '2',
            Permission::Never => '-',
        };
        for (deed, row) in Deed::ALL.into_iter().zip([
            "11-1", "11-1", "-1-1", "1111", "--11", "1--1", "2-22", "2-22", "2-22", "2222", "--22", "---1",
            "---1", "---1", "--22",
        ]) {
            let found: String = ROLES.iter().map(|role| written(may(*role, deed))).collect();
            assert_eq!(found, row, "{deed:?}");
        }
    }

    #[test]
    fn a_retake_operator_exports_nothing_and_a_photographer_reads_no_journal() {
        for deed in [Deed::Export, Deed::ExportWithIdentity] {
            assert_eq!(may(Role::RetakeOperator, deed), Permission::Never);
        }
        assert_eq!(stand_for(Deed::ReadJournal, &who(0, Role::Photographer), None), Err(Refused::NotTheirs));
    }

    #[test]
    fn four_eyes_are_the_schools_and_ours() {
        use Role::{Administrator as A, Photographer as P, RetakeOperator as R, Supervisor as S};
        for (deed, first, second, said) in [
            (Deed::ExportWithIdentity, P, S, Ok(())),
            (Deed::ExportWithIdentity, S, A, Ok(())),
            (Deed::ExportWithIdentity, P, A, Err(Refused::NeedsSupervisor)),
            (Deed::ExportWithIdentity, P, P, Err(Refused::NeedsSupervisor)),
            (Deed::ExportWithIdentity, S, S, Err(Refused::OnlySupervisors)),
            (Deed::ExportWithIdentity, R, S, Err(Refused::NotTheirs)),
            (Deed::ExportWithIdentity, S, R, Err(Refused::NotTheirs)),
            (Deed::ImportRoster, A, S, Ok(())),
            (Deed::MovePhoto, P, S, Ok(())),
            (Deed::MovePhoto, A, A, Err(Refused::NeedsSupervisor)),
            (Deed::GiveStray, R, S, Ok(())),
            (Deed::GiveStray, P, R, Err(Refused::NeedsSupervisor)),
            (Deed::Delete, S, A, Ok(())),
            (Deed::Delete, A, S, Ok(())),
            (Deed::Delete, S, P, Err(Refused::NotTheirs)),
            (Deed::Delete, P, S, Err(Refused::NotTheirs)),
            (Deed::Delete, A, A, Err(Refused::NeedsSupervisor)),
            (Deed::ChangeSupervisors, A, S, Ok(())),
        ] {
            assert_eq!(
                stand_for(deed, &who(0, first), Some(&who(1, second))),
                said,
                "{deed:?} {first:?} {second:?}"
            );
            assert_ne!(stand_for(deed, &who(0, first), None), Ok(()), "nobody does it alone");
        }
        let one = who(3, S);
        assert_eq!(stand_for(Deed::Delete, &one, Some(&one)), Err(Refused::SamePerson));
        for stranger in [Who::Recovery, Who::Everybody] {
            assert_eq!(stand_for(Deed::Delete, &one, Some(&stranger)), Err(Refused::NotTheirs));
        }
    }

    #[test]
    fn a_rehearsal_asks_nobody_and_a_recovery_secret_only_lets_people_in() {
        for deed in Deed::ALL {
            assert_eq!(stand_for(deed, &Who::Everybody, None), Ok(()));
            let lets_in = matches!(deed, Deed::ChangeHolders | Deed::ChangeSupervisors);
            assert_eq!(stand_for(deed, &Who::Recovery, None).is_ok(), lets_in, "{deed:?}");
        }
    }
}
