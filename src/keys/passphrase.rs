//! 口令: what a holder knows by heart.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The fewest characters of a passphrase that is chosen here.
pub const LEAST_CHARACTERS: usize = 8;

/// The fewest different characters among them.
const LEAST_DIFFERENT: usize = 5;

/// What is tried first by everybody who guesses; digits and marks behind it change nothing.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "passwd",
    "admin",
    "administrator",
    "caiying",
    "iloveyou",
    "woaini",
    "welcome",
    "zhaopian",
    "xuexin",
    "chsi",
    "qwer",
    "asdf",
    "abc",
    "test",
];

/// Rows and columns of a keyboard.
const ROWS: &[&str] =
    &["`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol."];

/// What somebody typed to open a store. Two ways of typing the same letters are the same passphrase (NFC). It shows
/// nothing of itself and leaves nothing in memory.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

/// Why a passphrase must not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Too few characters.
    #[error("a passphrase has at least {LEAST_CHARACTERS} characters")]
    TooShort,
    /// The same few characters again and again.
    #[error("this passphrase repeats the same few characters")]
    TooAlike,
    /// A row of the keyboard, a count, or a word that everybody takes.
    #[error("this passphrase is among the first that anybody would try")]
    Common,
    /// The holder's own name is most of it.
    #[error("this passphrase is the holder's own name")]
    OwnName,
}

impl Passphrase {
    /// What was typed. Whether it may be chosen is asked when it is: an old one that is weak still opens its store.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        // Normalising makes a text at most three times as long; growing would leave a copy behind.
        let mut kept = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(3)));
        kept.extend(typed.nfc());
        Self(kept)
    }

    /// Why this must not be chosen by the holder of this name; `None` when it may.
    #[must_use]
    pub fn weakness(&self, label: &str) -> Option<Weakness> {
        if self.0.chars().count() < LEAST_CHARACTERS {
            return Some(Weakness::TooShort);
        }
        let small = Zeroizing::new(self.0.to_lowercase());
        let different = |(n, c): &(usize, char)| !small.chars().take(*n).any(|before| before == *c);
        if small.chars().enumerate().filter(different).count() < LEAST_DIFFERENT {
            return Some(Weakness::TooAlike);
        }
        let core = small.trim_end_matches(|c: char| !c.is_alphabetic());
        if is_a_count(&small) || is_a_row(&small) || COMMON.contains(&core) {
            return Some(Weakness::Common);
        }
        let own = label.to_lowercase().nfc().collect::<String>();
        (small.trim() == own.trim() || core == own.trim()).then_some(Weakness::OwnName)
    }

    /// Whether the same was typed: a new one is typed twice.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// 12345678, hgfedcba.
fn is_a_count(text: &str) -> bool {
    let steps = |step: i64| {
        text.chars()
            .zip(text.chars().skip(1))
            .all(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)) == step)
    };
    steps(1) || steps(-1)
}

/// qwertyui, and back.
fn is_a_row(text: &str) -> bool {
    let back = Zeroizing::new(text.chars().rev().collect::<String>());
    ROWS.iter().any(|row| row.contains(text) || row.contains(back.as_str()))
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_typing_the_same_letters_are_one_passphrase() {
        let composed = Passphrase::new("Zo\u{e9} fotografiert");
        let decomposed = Passphrase::new("Zoe\u{301} fotografiert");
        assert_eq!(composed.bytes(), decomposed.bytes());
        assert_ne!(composed.bytes(), Passphrase::new("Zoe fotografiert").bytes());
    }

    #[test]
    fn weak_passphrases_are_told_from_strong_ones() {
        for (text, weakness) in [
            ("", Some(Weakness::TooShort)),
            ("张三李四王五赵", Some(Weakness::TooShort)),
            ("张三李四王五赵六", None),
            ("aaaaaaaa", Some(Weakness::TooAlike)),
            ("AaBbAaBbAaBb", Some(Weakness::TooAlike)),
            ("        ", Some(Weakness::TooAlike)),
            ("12345678", Some(Weakness::Common)),
            ("987654321", Some(Weakness::Common)),
            ("ABCDEFGHIJ", Some(Weakness::Common)),
            ("qwertyuiop", Some(Weakness::Common)),
            ("lkjhgfdsa", Some(Weakness::Common)),
            ("1qaz2wsx", Some(Weakness::Common)),
            ("Password1!", Some(Weakness::Common)),
            ("admin123456", Some(Weakness::Common)),
            ("lin xiaomei", Some(Weakness::OwnName)),
            ("Lin Xiaomei 2026", Some(Weakness::OwnName)),
            ("lin xiaomei has a bicycle", None),
            ("gj8-Qm2-xLw", None),
            ("三月的雨落在东门外", None),
        ] {
            assert_eq!(Passphrase::new(text).weakness("Lin Xiaomei"), weakness, "{text}");
        }
    }

    #[test]
    fn a_passphrase_shows_nothing_and_is_never_copied_by_growing() {
        assert_eq!(format!("{:?}", Passphrase::new("gj8-Qm2-xLw")), "Passphrase");
        // U+1D160 is the character that grows most: one of four bytes becomes three of four.
        for typed in ["\u{1d160}".repeat(40), "\u{fb2c}".repeat(40)] {
            let kept = Passphrase::new(&typed);
            assert_eq!(kept.0.capacity(), typed.len() * 3, "{} bytes", kept.0.len());
        }
    }
}
