//! Names that every file system takes: ext4, NTFS, exFAT; and that lie nowhere but where they are put.

use unicode_normalization::is_nfc;

/// Why a name is refused. The name itself is never repeated: it may be a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeName {
    /// Nothing is left of it.
    #[error("it is empty")]
    Empty,
    /// A separator, or a character some file system refuses.
    #[error("it holds {0:?}, which some file systems refuse")]
    Character(char),
    /// An invisible character that turns the direction of writing: names look like others.
    #[error("it holds the invisible character U+{0:04X}")]
    Invisible(u32),
    /// A private-use character: an old font's rare character that means something else everywhere else.
    #[error("it holds the private-use character U+{0:04X}: ask the school for the real one")]
    PrivateUse(u32),
    /// Windows drops it silently.
    #[error("it ends in a dot or a blank")]
    Trailing,
    /// A device on Windows.
    #[error("it is a device's name on Windows")]
    Device,
    /// Longer than what all file systems take.
    #[error("it has {bytes} bytes, and only {LONGEST} are safe everywhere")]
    TooLong {
        /// Its length in UTF-8.
        bytes: usize,
    },
    /// The same name could be written in other bytes.
    #[error("it is not in Unicode's normal form C")]
    NotNormal,
}

/// The longest safe name in bytes: ext4 takes 255, a Windows path 260 characters in all.
const LONGEST: usize = 120;

/// Whether a file's or folder's name is safe.
///
/// # Errors
/// The first reason against it.
pub fn check_name(name: &str) -> Result<(), UnsafeName> {
    if name.trim().is_empty() || name == "." || name == ".." {
        return Err(UnsafeName::Empty);
    }
    for c in name.chars() {
        let code = u32::from(c);
        if c.is_control() || "/\\:*?\"<>|".contains(c) {
            return Err(UnsafeName::Character(c));
        }
        if matches!(code, 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0xfeff) {
            return Err(UnsafeName::Invisible(code));
        }
        if matches!(code, 0xe000..=0xf8ff | 0xf_0000..=0xf_fffd | 0x10_0000..=0x10_fffd) {
            return Err(UnsafeName::PrivateUse(code));
        }
    }
    if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        return Err(UnsafeName::Trailing);
    }
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    if ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT") {
        return Err(UnsafeName::Device);
    }
    if name.len() > LONGEST {
        return Err(UnsafeName::TooLong { bytes: name.len() });
    }
    if is_nfc(name) { Ok(()) } else { Err(UnsafeName::NotNormal) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_names_are_safe() {
        for name in ["计算机1班2024001张三.jpg", "11010519491231002X.jpg", "古丽·买买提.jpg", "𬱖.jpg", "a.b"]
        {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn dangerous_names_are_refused_with_the_reason() {
        for (name, why) in [
            ("", UnsafeName::Empty),
            ("..", UnsafeName::Empty),
            ("../x", UnsafeName::Character('/')),
            ("a\u{0}b", UnsafeName::Character('\0')),
            ("a:b", UnsafeName::Character(':')),
            ("张\u{202e}三", UnsafeName::Invisible(0x202e)),
            ("张\u{e863}", UnsafeName::PrivateUse(0xe863)),
            ("张三.", UnsafeName::Trailing),
            ("com1.jpg", UnsafeName::Device),
            ("e\u{301}", UnsafeName::NotNormal),
        ] {
            assert_eq!(check_name(name), Err(why), "{name:?}");
        }
        assert_eq!(check_name(&"张".repeat(41)), Err(UnsafeName::TooLong { bytes: 123 }));
    }
}
