//! 脱敏: what may be shown of a name.

/// Masks a name: of two characters the first stays, of more the first and the last (张*, 张*三, 欧**娜).
///
/// Only "姓名(脱敏)" is prescribed; which characters fall is not. This is what 学信网's own pages are
/// reported to do (facts/standard.md section 5), unverified.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let characters: Vec<char> = name.trim().chars().collect();
    match characters.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::mask_name;

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
            assert_eq!(mask_name(name), masked);
        }
    }
}
