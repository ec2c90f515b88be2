//! Patterns for the names that cameras and drivers give to things.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text in which `*` stands for any characters, or none, and `#` for one digit; capitals and small letters
/// are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// Whether it describes this text, from beginning to end.
    #[must_use]
    pub fn describes(&self, text: &str) -> bool {
        let folded = |text: &str| text.trim().to_lowercase().chars().collect::<Vec<_>>();
        describes(&folded(&self.0), &folded(text))
    }

    /// How much it says: of two that describe a text, the one that says more is meant.
    #[must_use]
    pub fn says(&self) -> usize {
        self.0.chars().filter(|c| *c != '*').count()
    }

    /// Whether it says nothing at all, not even that anything will do.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The pattern as it was written: the very text, when there is neither `*` nor `#` in it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pattern {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn describes(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(('*', rest)), None) => describes(rest, text),
        (Some(('*', rest)), Some((_, later))) => describes(rest, text) || describes(pattern, later),
        (Some(_), None) => false,
        (Some((one, rest)), Some((c, later))) => {
            (one == c || (*one == '#' && c.is_ascii_digit())) && describes(rest, later)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_hashes_for_a_digit() {
        for (pattern, text, wanted) in [
            ("*", "", true),
            ("Canon EOS *", "canon eos 80D", true),
            ("Canon EOS R#*", "Canon EOS R10", true),
            ("Canon EOS R#*", "Canon EOS REBEL T6", false),
            ("*RAW + *", "mRAW + Large Fine JPEG", true),
            ("M", "M1", false),
            ("5500", " 5500 ", true),
            ("", "x", false),
            ("*a*b", "xaxbxb", true),
        ] {
            assert_eq!(Pattern::from(pattern).describes(text), wanted, "{pattern} {text}");
        }
    }
}
