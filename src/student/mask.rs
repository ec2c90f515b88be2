//! 脱敏: what may be shown of a name.

use serde::Deserialize;

/// Which characters of a masked name stay. Only "姓名(脱敏)" is prescribed anywhere, not how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMask {
    /// Of two characters the first, of more the first and the last: 张*, 张*三, 欧**娜. What 学信网's own pages are
    /// reported to do (facts/standard.md section 5), unverified.
    #[default]
    FirstAndLast,
    /// The first only: 张*, 张**, 欧***.
    First,
}

/// Masks a name.
#[must_use]
pub fn mask_name(name: &str, mask: NameMask) -> String {
    let characters: Vec<char> = name.trim().chars().collect();
    match (characters.as_slice(), mask) {
        ([], _) => String::new(),
        ([_], _) => "*".to_owned(),
        ([first, middle @ .., last], NameMask::FirstAndLast) if !middle.is_empty() => {
            format!("{first}{}{last}", "*".repeat(middle.len()))
        }
        ([first, rest @ ..], _) => format!("{first}{}", "*".repeat(rest.len())),
    }
}

/// Whether a masked name may be this name's: as many characters, and those that are shown the same.
pub(super) fn may_be_masked(name: &str, masked: &str) -> bool {
    let (mut name, mut masked) = (name.trim().chars(), masked.trim().chars());
    loop {
        match (name.next(), masked.next()) {
            (None, None) => return true,
            (Some(_), Some('*' | '＊')) => {}
            (Some(shown), Some(same)) if shown == same => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_keeps_its_length_and_hides_its_middle() {
        for (name, masked) in [
            ("张三", "张*"),
            ("张小三", "张*三"),
            ("欧阳娜娜", "欧**娜"),
            ("𬱖", "*"),
            ("", ""),
            (" 李四 ", "李*"),
        ] {
            assert_eq!(mask_name(name, NameMask::FirstAndLast), masked);
        }
        assert_eq!(mask_name("张小三", NameMask::First), "张**");
    }
}
