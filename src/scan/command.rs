//! 命令码: what an operator's hands would do, as codes on a card, for a scanner or the webcam to read.
//!
//! A command's text is `CAIYING-WORD-CHECK`: capitals, digits and the hyphen, which every barcode and every scanner
//! has. The check is of the word's SHA-256, so that no other text is a command by accident; and whatever begins like
//! a command is never taken for a capture code.

use crate::{shot::Digest, student::CaptureCode};

/// What every command begins with.
const BEGINNING: &str = "CAIYING-";

/// What an operator can ask for with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// 拍照.
    Shoot,
    /// 保存.
    Keep,
    /// 重拍.
    Again,
    /// 放弃.
    Dismiss,
    /// 不属于他: the shot goes to the strays.
    Stray,
}

/// A code begins like a command and is none: another version's card, or a bad print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this command code is not known")]
pub struct UnknownCommand;

impl Command {
    /// All of them, in the order of a sitting.
    pub const ALL: [Self; 5] = [Self::Shoot, Self::Keep, Self::Again, Self::Dismiss, Self::Stray];

    fn word(self) -> &'static str {
        match self {
            Self::Shoot => "SHOOT",
            Self::Keep => "KEEP",
            Self::Again => "AGAIN",
            Self::Dismiss => "LEAVE",
            Self::Stray => "STRAY",
        }
    }

    /// What its code says.
    #[must_use]
    pub fn text(self) -> String {
        let word = self.word();
        let digest = Digest::of(format!("caiying command {word}").as_bytes()).to_string().to_uppercase();
        format!("{BEGINNING}{word}-{}", digest.get(..4).unwrap_or_default())
    }

    /// The command of a text; `None` when it does not begin like one.
    #[must_use]
    pub fn read(text: &str) -> Option<Result<Self, UnknownCommand>> {
        let begins = text.get(..BEGINNING.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEGINNING));
        begins.then(|| Self::ALL.into_iter().find(|command| command.text() == text).ok_or(UnknownCommand))
    }

    /// The same for what a webcam took for a capture code.
    #[must_use]
    pub fn of(code: &CaptureCode) -> Option<Result<Self, UnknownCommand>> {
        Self::read(code.expose())
    }
}
