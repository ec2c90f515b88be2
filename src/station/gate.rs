//! Who may sit down. Pure: a bearer, the job's rules and the register go in, an answer comes out, before the shutter
//! is enabled.

use super::{Duty, Register};
use crate::{
    profile::{NotACode, Profile},
    student::Bearer,
};

/// What a job demands of a code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// 院校代码, when the job states it.
    pub school_code: Option<String>,
    /// 层次 that are photographed; empty for all.
    pub levels: Vec<String>,
    /// For how many seconds a student is expected whose code was shown while somebody else sat; 0 for not at all.
    /// Whoever was called by name is expected until it is said what becomes of him.
    pub next_waits_s: u32,
    /// Whether a portrait that passes every check is kept without a key.
    pub auto_keep: bool,
    /// The checks that a person may overrule, by their names.
    pub may_be_overruled: Vec<String>,
    /// Whom whoever logged in may photograph.
    pub duty: Duty,
    /// Whether the disk has no room for another student.
    pub no_room: bool,
}

impl Rules {
    /// A profile's rules.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            school_code: profile.job.school_code.clone(),
            levels: profile.job.levels.clone(),
            next_waits_s: profile.station.next_waits_s,
            auto_keep: profile.station.auto_keep,
            may_be_overruled: profile.checks.may_be_overruled.clone(),
            duty: Duty::default(),
            no_room: false,
        }
    }
}

/// Whether the bearer of a code may sit down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// He may.
    Open,
    /// A portrait of him is kept already; 补拍 must be asked for.
    KeptBefore,
    /// He may not, or not without a person's word.
    Shut(Refusal),
}

/// Why nobody sits down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The code is another school's.
    WrongSchool {
        /// The 院校代码 it holds.
        holds: String,
        /// This job's.
        wanted: String,
    },
    /// The code is of a level that is not photographed in this job.
    WrongLevel {
        /// The 层次 it holds.
        holds: String,
        /// This job's.
        wanted: Vec<String>,
    },
    /// What is held up is no capture code at all.
    NotACode(NotACode),
    /// Two codes are held up at once: nobody can say whose turn it is.
    TwoCodes,
    /// A portrait is kept under another code that seems to be the same person's. A person may let him sit.
    SecondCode,
    /// What would be taken of him could not be kept.
    NoRoom,
    /// Whoever logged in does not photograph him.
    NotOnDuty {
        /// Because a portrait of him is kept already.
        retake: bool,
    },
}

impl Refusal {
    /// Its short name, for the journal.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::WrongSchool { .. } => "wrong_school",
            Self::WrongLevel { .. } => "wrong_level",
            Self::NotACode(_) => "not_a_code",
            Self::TwoCodes => "two_codes",
            Self::SecondCode => "second_code",
            Self::NoRoom => "no_room",
            Self::NotOnDuty { .. } => "not_on_duty",
        }
    }

    /// Whether the operator may let him sit all the same.
    #[must_use]
    pub fn may_be_overruled(&self) -> bool {
        match self {
            Self::SecondCode => true,
            Self::WrongSchool { .. }
            | Self::WrongLevel { .. }
            | Self::NotACode(_)
            | Self::TwoCodes
            | Self::NoRoom
            | Self::NotOnDuty { .. } => false,
        }
    }
}

/// Whether a bearer may sit down. What a code does not say is not held against him.
#[must_use]
pub fn gate(bearer: &Bearer, rules: &Rules, register: &Register) -> Gate {
    let badge = bearer.badge.as_ref();
    let school = badge.and_then(|badge| badge.school_code.as_ref());
    if let (Some(holds), Some(wanted)) = (school, &rules.school_code)
        && holds != wanted
    {
        return Gate::Shut(Refusal::WrongSchool { holds: holds.clone(), wanted: wanted.clone() });
    }
    let level = badge.and_then(|badge| badge.level.as_ref());
    if let Some(holds) = level.filter(|level| !rules.levels.is_empty() && !rules.levels.contains(level)) {
        return Gate::Shut(Refusal::WrongLevel { holds: holds.clone(), wanted: rules.levels.clone() });
    }
    if rules.no_room {
        return Gate::Shut(Refusal::NoRoom);
    }
    if register.is_kept(bearer) {
        let shut = Gate::Shut(Refusal::NotOnDuty { retake: true });
        return if rules.duty.retakes { Gate::KeptBefore } else { shut };
    }
    if !rules.duty.first {
        return Gate::Shut(Refusal::NotOnDuty { retake: false });
    }
    if register.is_kept_under_another_code(bearer) {
        return Gate::Shut(Refusal::SecondCode);
    }
    Gate::Open
}
