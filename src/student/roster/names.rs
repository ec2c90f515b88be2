//! Characters that a name or a number should not hold, and those it may hold only after a person looked.

use super::{faults::Fault, text::meant_by};

/// Whether a code point is for private use: every font shows another character there, or none.
pub(super) fn is_private(c: char) -> bool {
    matches!(u32::from(c), 0xe000..=0xf8ff | 0xf0000..=0xffffd | 0x10_0000..=0x10_fffd)
}

/// Whether a character is not seen, or changes how others are seen: controls, directions, zero widths, fillers,
/// tags, what is no character at all.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xad | 0x34f
                | 0x61c
                | 0x115f..=0x1160
                | 0x17b4..=0x17b5
                | 0x180b..=0x180f
                | 0x200b..=0x200f
                | 0x2028..=0x202e
                | 0x2060..=0x206f
                | 0x3164
                | 0xfeff
                | 0xffa0
                | 0xfff0..=0xfffc
                | 0xfdd0..=0xfdef
                | 0xe0000..=0xe0fff
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Compatibility ideographs: copies of unified ones, which turn into them as soon as a program normalises. Twelve
/// of the block are unified (Unicode, chapter 18.1).
fn unified_form(c: char) -> Option<char> {
    use unicode_normalization::UnicodeNormalization as _;
    matches!(u32::from(c), 0xf900..=0xfaff | 0x2f800..=0x2fa1f | 0x2e80..=0x2fdf).then_some(())?;
    std::iter::once(c).nfkc().next().filter(|unified| *unified != c)
}

/// 间隔号 of names in translation is U+00B7; these look like it.
fn is_other_dot(c: char) -> bool {
    matches!(
        u32::from(c),
        0x2e | 0x387
            | 0x2022
            | 0x2024
            | 0x2027
            | 0x2219
            | 0x22c5
            | 0x2e31
            | 0x2e33
            | 0x30fb
            | 0xff0e
            | 0xff65
            | 0x16eb
            | 0x3002
    )
}

/// The first thing that is unsafe in a text, if any.
pub(super) fn unsafe_in(text: &str) -> Option<Fault> {
    text.chars().find(|c| is_unsafe(*c)).map(|c| Fault::Unsafe { code: u32::from(c) })
}

/// What a person should look at in a name.
pub(super) fn doubts_in_name(name: &str) -> Vec<Fault> {
    let mut doubts: Vec<Fault> = name.chars().filter_map(doubt).collect();
    doubts.dedup();
    doubts
}

fn doubt(c: char) -> Option<Fault> {
    let code = u32::from(c);
    if is_private(c) {
        return Some(Fault::PrivateUse { code, meant: meant_by(c).map(u32::from) });
    }
    if let Some(unified) = unified_form(c) {
        return Some(Fault::Variant { code, meant: u32::from(unified) });
    }
    if is_other_dot(c) {
        return Some(Fault::Dot { code });
    }
    if c.is_whitespace() {
        return Some(Fault::Blank);
    }
    // What programs write for a character they have not: ?, ？, 〓, □, U+FFFD, and masks.
    matches!(c, '?' | '\u{ff1f}' | '\u{3013}' | '\u{25a1}' | '\u{fffd}' | '*' | '\u{ff0a}')
        .then_some(Fault::Lost { code })
}
