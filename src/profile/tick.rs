//! What no model we may use can judge, and a person must look at: 99号 二 names hair over brows and ears, jewellery,
//! make-up, tinted lenses, head coverings.

use serde::Deserialize;

use crate::language::Phrase;

/// One thing to look at, as the operator reads it: what a good portrait shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// A short stable name, as records will carry it.
    pub id: String,
    /// In Simplified Chinese, a few characters.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Whether it must be ticked before a portrait is kept. By default it is only shown: an operator has two keys
    /// for a student, and a third for nothing would be pressed blindly.
    #[serde(default)]
    pub required: bool,
}

impl Tick {
    /// All of them in one line; `None` when there is nothing to look at.
    #[must_use]
    pub fn line(ticks: &[Self]) -> Option<Phrase> {
        if ticks.is_empty() {
            return None;
        }
        let zh: Vec<&str> = ticks.iter().map(|tick| tick.zh.as_str()).collect();
        let en: Vec<&str> = ticks.iter().map(|tick| tick.en.as_str()).collect();
        Some(Phrase::new(format!("目视：{}", zh.join(" · ")), format!("look: {}", en.join(" · "))))
    }

    /// Whether its name is one a record can carry: small letters, digits and underscores.
    pub(super) fn has_good_id(&self) -> bool {
        let good = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        !self.id.is_empty() && self.id.chars().all(good)
    }

    /// Whether it says something in both languages.
    pub(super) fn has_words(&self) -> bool {
        !self.zh.trim().is_empty() && !self.en.trim().is_empty()
    }
}
