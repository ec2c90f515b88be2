//! Two tongues for one meaning: what a person reads exists in Simplified Chinese and in English.
//!
//! Rooms below the screens speak English in their errors; whatever an operator or a sitter reads is a
//! [`Phrase`], so that `--lang en` and a later language switch change words and nothing else. [`Patience`] says
//! a word only of what lasts.

mod patience;

use serde::{Deserialize, Serialize};

pub use patience::Patience;

/// A language the interface speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Simplified Chinese, the language of the stations.
    #[default]
    Chinese,
    /// English, for developers.
    English,
}

/// One meaning in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrase {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Phrase {
    /// A phrase from its two wordings.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The wording in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}
