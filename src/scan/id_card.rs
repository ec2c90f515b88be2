//! 二代居民身份证: what a reader's security module (SAM) is asked and answers, byte by byte.
//!
//! From published descriptions of the SAM_V protocol, which agree with one another: a frame is `AA AA AA 96 69`, a
//! length of two bytes (the most significant first) that counts what follows it, then command and parameter (to the
//! module) or three status bytes (from it), data, and the exclusive or of everything after the preamble. Commands:
//! find `20 01`, select `20 02`, read `30 01`. Answers: found `9F`, done `90`, no card `80`, not selected `81`, not read
//! `41`. The text is 256 bytes of UTF-16, the least significant first, in fields of fixed length.
//!
//! Not known from any source, and so not relied upon: whether a card that stays on a reader is found again. Never
//! tried: a real reader; only a simulated one (`tests/it/id_cards.rs`).

use std::fmt;

use zeroize::Zeroizing;

use crate::student::IdNumber;

/// What every frame begins with.
pub(super) const PREAMBLE: [u8; 5] = [0xaa, 0xaa, 0xaa, 0x96, 0x69];

/// The longest answer that is believed: text, photo and fingerprints are 2,321 bytes with the preamble.
pub(super) const LONGEST: usize = 2_400;

/// What the module is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// 寻找证卡.
    Find,
    /// 选取证卡.
    Select,
    /// 读固定信息: text and photo.
    Read,
}

impl Command {
    /// The frame that asks it.
    pub(super) fn frame(self) -> Vec<u8> {
        let [command, parameter] = match self {
            Self::Find => [0x20, 0x01],
            Self::Select => [0x20, 0x02],
            Self::Read => [0x30, 0x01],
        };
        // Command, parameter, check sum.
        let body = [0x00, 0x03, command, parameter];
        [&PREAMBLE[..], &body, &[check_sum(&body)]].concat()
    }
}

/// The exclusive or of all bytes.
pub(super) fn check_sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// An answer whose check sum is right; it is wiped when it is dropped.
pub(super) struct Answer {
    /// How it went: the third status byte, which is the module's own.
    pub(super) status: u8,
    /// What comes with it.
    pub(super) data: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// Reads an answer: the bytes after the preamble, length and check sum included.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (sum, body) = bytes.split_last()?;
        let [_, _, _, _, status, data @ ..] = body else { return None };
        let whole = check_sum(body) == *sum;
        whole.then(|| Self { status: *status, data: Zeroizing::new(data.to_vec()) })
    }
}

/// What is kept of a card: nothing else of it ever leaves this file. Its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct IdCard {
    /// 姓名.
    pub name: String,
    /// 公民身份号码, its check digit proven.
    pub number: IdNumber,
}

impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdCard(..)")
    }
}

/// Where name and number lie in the text: 30 bytes of name, 2 sex, 4 nation, 16 birth, 70 address, 36 number.
const NAME: std::ops::Range<usize> = 0..30;
const NUMBER: std::ops::Range<usize> = 122..158;
/// The text's bytes.
const TEXT: usize = 256;

impl IdCard {
    /// Takes name and number from what `30 01` answers: two lengths (text, photo), the text, the photo. `None` when
    /// it is no resident identity card: permits of residence for foreigners lie otherwise.
    pub(super) fn of(data: &[u8]) -> Option<Self> {
        let (lengths, rest) = data.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([lengths[0], lengths[1]]));
        let text = rest.get(..length).filter(|text| text.len() >= TEXT)?;
        let field = |place| {
            let units = Zeroizing::new(units(text.get(place)?));
            String::from_utf16(&units).ok().map(Zeroizing::new)
        };
        let name = field(NAME)?.trim_end_matches([' ', '\u{3000}', '\0']).to_owned();
        let number = field(NUMBER)?.parse().ok()?;
        let is_name = !name.is_empty() && !name.chars().any(char::is_control);
        is_name.then_some(Self { name, number })
    }
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).filter_map(|pair| Some(u16::from_le_bytes(pair.try_into().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_that_are_published() {
        let hex = |command: Command| command.frame().iter().map(|b| format!("{b:02X}")).collect::<String>();
        assert_eq!(hex(Command::Find), "AAAAAA96690003200122");
        assert_eq!(hex(Command::Select), "AAAAAA96690003200221");
        assert_eq!(hex(Command::Read), "AAAAAA96690003300132");
        let found = [0x00, 0x08, 0x00, 0x00, 0x9f, 0x00, 0x00, 0x00, 0x00, 0x97];
        assert_eq!(Answer::read(&found).unwrap().status, 0x9f);
        let selected = [0, 0x0c, 0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0x9c];
        assert_eq!(Answer::read(&selected).unwrap().data.len(), 8);
        assert!(Answer::read(&[0x00, 0x04, 0x00, 0x00, 0x80, 0x85]).is_none(), "84 would be right");
    }

    #[test]
    fn a_card_never_shows_in_debug() {
        let card = IdCard { name: "张小三".to_owned(), number: "11010519491231002X".parse().unwrap() };
        assert_eq!(format!("{card:?}"), "IdCard(..)");
    }
}
