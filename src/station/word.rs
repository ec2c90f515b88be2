//! On whose word a portrait is kept.

use serde::{Deserialize, Serialize};

use super::Act;

/// On whose word a portrait is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Word {
    /// The operator's: he pressed the key.
    #[default]
    Operator,
    /// The profile's: every check passed, and the school allows to do without a key.
    AllPassed,
    /// Somebody's, against checks that failed.
    Overruled(Box<Act>),
}

impl Word {
    /// The same, as the journal has it.
    #[must_use]
    pub fn how(&self) -> How {
        match self {
            Self::Operator | Self::Overruled(_) => How::ByHand,
            Self::AllPassed => How::ByItself,
        }
    }
}

/// How a portrait was kept, as the journal has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A person said so. Not written: it was always so before there was another way.
    #[default]
    ByHand,
    /// Every check had passed, and the profile allows to do without a key.
    ByItself,
}

impl How {
    /// Whether a person said so.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        *self == Self::ByHand
    }
}
