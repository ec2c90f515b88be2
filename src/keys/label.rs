//! What a holder is called in the key file: in the clear, because it is chosen from before anybody typed a word.

use unicode_normalization::UnicodeNormalization as _;

/// The most bytes of a label.
pub(super) const LONGEST: usize = 48;

/// Why a holder cannot be called that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// No name at all.
    #[error("a holder needs a name")]
    Empty,
    /// Longer than its room.
    #[error("a holder's name has at most {LONGEST} bytes, which are 16 Chinese characters")]
    TooLong,
    /// Characters that nobody can see.
    #[error("a holder's name holds characters that nobody can see")]
    Invisible,
    /// Somebody is called that already.
    #[error("another holder has this name")]
    Taken,
}

/// A label as it is kept.
pub(super) fn checked(label: &str) -> Result<String, LabelFault> {
    let label: String = label.trim().nfc().collect();
    if label.is_empty() {
        Err(LabelFault::Empty)
    } else if label.len() > LONGEST {
        Err(LabelFault::TooLong)
    } else if label.chars().any(is_invisible) {
        Err(LabelFault::Invisible)
    } else {
        Ok(label)
    }
}

/// Controls, what turns the direction of writing, and what has no width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_kept_or_refused_with_the_reason() {
        for (label, kept) in [
            ("林晓梅", Ok("林晓梅")),
            ("  Zoe\u{301} ", Ok("Zo\u{e9}")),
            ("一二三四五六七八九十一二三四五六", Ok("一二三四五六七八九十一二三四五六")),
            ("一二三四五六七八九十一二三四五六七", Err(LabelFault::TooLong)),
            ("", Err(LabelFault::Empty)),
            (" \u{3000} ", Err(LabelFault::Empty)),
            ("a\u{1b}[2J", Err(LabelFault::Invisible)),
            ("a\u{202e}b", Err(LabelFault::Invisible)),
            ("a\u{200b}b", Err(LabelFault::Invisible)),
        ] {
            assert_eq!(checked(label).as_deref(), kept.as_ref().map(|kept| *kept), "{label:?}");
        }
    }
}
