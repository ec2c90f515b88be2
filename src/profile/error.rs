//! Why a profile is refused: which file, which key, what is wrong with it.

use std::fmt;

/// A profile that cannot be used.
#[derive(Debug, Clone, thiserror::Error, PartialEq)]
#[error("profile {file}, key {key}: {reason}")]
pub struct ProfileError {
    /// The profile's name: the file without `.toml`.
    pub file: String,
    /// The key, dotted (`frame.hair_top_px`); `-` when it is about the file as a whole.
    pub key: String,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// There is no profile of this name; these there are.
    NotFound {
        /// The known names.
        known: Vec<String>,
    },
    /// The text is not TOML at this line; what the parser said.
    NotToml {
        /// The line, from 1.
        line: usize,
        /// In the parser's words.
        said: String,
    },
    /// No profile has such a key.
    UnknownKey,
    /// The key must be there.
    Missing,
    /// The value cannot be what it stands for.
    BadValue(String),
    /// The value contradicts another.
    Contradiction(String),
    /// Profiles are based on each other in a circle.
    Circle,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { known } => {
                write!(f, "there is no such profile; there are {}", known.join(", "))
            }
            Self::NotToml { line, said } => write!(f, "line {line} is not TOML: {said}"),
            Self::UnknownKey => f.write_str("there is no such key (profiles/README.md lists them all)"),
            Self::Missing => f.write_str("is missing"),
            Self::BadValue(said) | Self::Contradiction(said) => f.write_str(said),
            Self::Circle => f.write_str("profiles are based on each other in a circle"),
        }
    }
}

impl ProfileError {
    /// An error about one key.
    pub(super) fn new(file: &str, key: impl Into<String>, reason: Reason) -> Self {
        Self { file: file.to_owned(), key: key.into(), reason }
    }

    /// Nobody knows a profile of this name, or a family of cameras (`cameras/nikon`).
    #[must_use]
    pub fn not_found(name: &str) -> Self {
        let known = match name.split_once('/') {
            Some(_) => super::family_names(),
            None => super::builtin_names().map(str::to_owned).collect(),
        };
        Self::new(name, "-", Reason::NotFound { known })
    }
}
