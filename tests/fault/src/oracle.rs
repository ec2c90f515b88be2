//! The oracle: what a station said on its pipe, a line each. It lies outside the program and outside its disk.
//!
//! ```text
//! TRY seq what sitting shot file code     the clerk is asked
//! ACK seq what sitting shot file code     the clerk said that it is safe: a screen would turn green
//! NAK seq kind                            the clerk refused
//! OPEN adopted                            the store was opened, and so many originals got their rows back
//! ```
//!
//! `file` is the SHA-256 of the picture's file, `code` that of its student's capture code, `-` stands for nothing.

use std::{fmt, str::FromStr};

use caiying::shot::Digest;

use crate::Stopped;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The clerk is asked.
    Try(u64, Deed),
    /// The clerk said yes.
    Ack(u64, Deed),
    /// The clerk said no; why, in a word.
    Nak(u64, String),
    /// The store was opened; so many originals were adopted.
    Open(usize),
}

/// What a clerk was asked for, and about which picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub what: Did,
    /// In which sitting.
    pub sitting: Option<u64>,
    /// Which shot.
    pub shot: Option<u64>,
    /// SHA-256 of the file; of a delivery, the object.
    pub file: Option<Digest>,
    /// SHA-256 of the capture code; nothing for a stray.
    pub code: Option<Digest>,
}

/// What a clerk can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// A student sat down.
    Seated,
    /// An original is on the shelf.
    Shelved,
    /// A portrait is kept.
    Kept,
    /// A shot became a stray.
    Disowned,
    /// A stray became somebody's.
    Assigned,
    /// A portrait was delivered.
    Delivered,
    /// A fact about no picture was written down.
    Noted,
}

const NAMES: [(Did, &str); 7] = [
    (Did::Seated, "seated"),
    (Did::Shelved, "shelved"),
    (Did::Kept, "kept"),
    (Did::Disowned, "disowned"),
    (Did::Assigned, "assigned"),
    (Did::Delivered, "delivered"),
    (Did::Noted, "noted"),
];

/// A word of a line, or the dash that stands for nothing.
struct Maybe<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(word) => write!(f, " {word}"),
            None => f.write_str(" -"),
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(did, _)| *did == self.what).map_or("?", |(_, name)| name);
        let (sitting, shot) = (Maybe(self.sitting), Maybe(self.shot));
        write!(f, "{name}{sitting}{shot}{}{}", Maybe(self.file), Maybe(self.code))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Try(seq, deed) => write!(f, "TRY {seq} {deed}"),
            Self::Ack(seq, deed) => write!(f, "ACK {seq} {deed}"),
            Self::Nak(seq, kind) => write!(f, "NAK {seq} {kind}"),
            Self::Open(adopted) => write!(f, "OPEN {adopted}"),
        }
    }
}

impl FromStr for Said {
    type Err = Stopped;

    fn from_str(line: &str) -> Result<Self, Stopped> {
        read(line).ok_or_else(|| Stopped::Misunderstood(format!("no line of an oracle: {line}")))
    }
}

fn read(line: &str) -> Option<Said> {
    let words: Vec<&str> = line.split(' ').collect();
    match *words.as_slice() {
        ["OPEN", adopted] => Some(Said::Open(adopted.parse().ok()?)),
        ["NAK", seq, kind] => Some(Said::Nak(seq.parse().ok()?, kind.to_owned())),
        [how, seq, what, sitting, shot, file, code] => {
            let (what, _) = NAMES.iter().find(|(_, name)| *name == what)?;
            let deed = Deed {
                what: *what,
                sitting: maybe(sitting)?,
                shot: maybe(shot)?,
                file: maybe(file)?,
                code: maybe(code)?,
            };
            let seq = seq.parse().ok()?;
            match how {
                "TRY" => Some(Said::Try(seq, deed)),
                "ACK" => Some(Said::Ack(seq, deed)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A word that may be the dash; `None` when it is neither.
#[expect(clippy::option_option, reason = "no word, and the word for nothing, are two things")]
fn maybe<T: FromStr>(word: &str) -> Option<Option<T>> {
    if word == "-" { Some(None) } else { word.parse().ok().map(Some) }
}

/// Everything a station said, or several one after the other on the same store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oracle(pub Vec<Said>);

impl Oracle {
    /// Reads an oracle's lines. A last line without its end was cut off by a kill, and says nothing.
    ///
    /// # Errors
    /// When a line is none of an oracle's.
    pub fn read(text: &str) -> Result<Self, Stopped> {
        let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
        whole.lines().map(str::parse).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// The lines, as they are read.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|said| format!("{said}\n")).collect()
    }

    /// How often the clerk said yes.
    #[must_use]
    pub fn acks(&self) -> usize {
        self.0.iter().filter(|said| matches!(said, Said::Ack(..))).count()
    }

    /// How often it said no.
    #[must_use]
    pub fn naks(&self) -> usize {
        self.0.iter().filter(|said| matches!(said, Said::Nak(..))).count()
    }

    /// What was asked for, and whether the clerk said yes, in their order.
    pub fn deeds(&self) -> impl Iterator<Item = (bool, &Deed)> {
        self.0.iter().filter_map(|said| match said {
            Said::Try(_, deed) => Some((false, deed)),
            Said::Ack(_, deed) => Some((true, deed)),
            Said::Nak(..) | Said::Open(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_said_and_half_a_line_says_nothing() {
        let deed = Deed {
            what: Did::Kept,
            sitting: Some(3),
            shot: None,
            file: Some(Digest::of(b"file")),
            code: None,
        };
        let said = vec![
            Said::Open(2),
            Said::Try(1, deed.clone()),
            Said::Ack(1, deed),
            Said::Nak(2, "disk".to_owned()),
        ];
        let oracle = Oracle(said);
        assert_eq!(Oracle::read(&oracle.text()).unwrap(), oracle);
        assert_eq!((oracle.acks(), oracle.naks(), oracle.deeds().count()), (1, 1, 2));
        let cut = format!("{}ACK 3 kept 4 5 abc", oracle.text());
        assert_eq!(Oracle::read(&cut).unwrap(), oracle);
        for wrong in ["ACK 1 kept 1 2 3 -\n", "ACK x kept 1 2 - -\n", "YES\n", "SAY 1 kept 1 2 - -\n"] {
            assert!(Oracle::read(wrong).is_err(), "{wrong}");
        }
    }
}
