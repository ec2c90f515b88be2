//! Everything that can go wrong, ordered from outside.
//!
//! A fault stays until it has happened as often as ordered, or until it is cleared. Each has a line
//! of words too, for the stagehand port: `busy 0x9128 3`.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::hostile::Lie;

/// One way in which the camera fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `busy OPCODE TIMES`: the operation answers DeviceBusy (0x2019) that many times.
    Busy {
        /// The operation, `0x9128`.
        opcode: u16,
        /// How many times.
        times: u32,
    },
    /// `respond OPCODE CODE [TIMES]`: the operation is not carried out and answers with that code;
    /// without a number of times until cleared.
    Respond {
        /// The operation.
        opcode: u16,
        /// The response code, `0x200f`.
        code: u16,
        /// How many times; `None` is until cleared.
        times: Option<u32>,
    },
    /// `hang OPCODE`: the operation does not answer until the fault is cleared or the host gives up.
    Hang {
        /// The operation.
        opcode: u16,
    },
    /// `slow OPCODE MS`: the operation takes that many milliseconds longer.
    Slow {
        /// The operation.
        opcode: u16,
        /// How much longer.
        ms: u64,
    },
    /// `chatter`: a hundred times a second there is an event of no interest.
    Chatter,
    /// `throttle BYTES`: objects are sent at that many bytes a second.
    Throttle {
        /// Bytes a second.
        bytes_per_second: u64,
    },
    /// `cut BYTES`: once, after that many further bytes of objects, both lines are dropped.
    Cut {
        /// Bytes of objects still sent.
        after: u64,
    },
    /// `short BYTES [TIMES]`: objects end after that many bytes although their info says more, for
    /// that many downloads (1). libgphoto2 takes such a file for complete.
    Short {
        /// Bytes of an object that can be read.
        at: u64,
        /// How many downloads.
        times: u32,
    },
    /// `no-focus`: autofocus finds nothing; neither host nor finger can release the shutter.
    NoFocus,
    /// `card-full`: no room on the card, whatever lies on it.
    CardFull,
    /// `no-card`: the slot is empty or its door open.
    NoCard,
    /// `claimed`: another program holds the USB device and goes on holding it.
    Claimed,
    /// `lie OPCODE oversize|garbage|truncated|empty|transaction [TIMES]`: the answer is one no camera should
    /// give; without a number of times until cleared.
    Lie {
        /// The operation.
        opcode: u16,
        /// In which way.
        lie: Lie,
        /// How many times; `None` is until cleared.
        times: Option<u32>,
    },
    /// `says BYTES`: listings and infos say that files are that large; where they are not, they go on in zeros.
    Says {
        /// The size all files are said to have.
        bytes: u32,
    },
    /// `loop`: the folder of the pictures holds itself, without end.
    Loop,
    /// `name NAME`: the next files bear that name; bytes may be written as `%2F`.
    Name {
        /// The name, as the camera spells it.
        name: String,
    },
    /// `empty-frames TIMES`: so many frames of live view come without a picture.
    EmptyFrames {
        /// How many frames.
        times: u32,
    },
}

/// A line of words that names no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no such fault: {}", self.0)
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(line: &str) -> Result<Self, UnknownFault> {
        let words: Vec<&str> = line.split_whitespace().collect();
        parse(&words).ok_or_else(|| UnknownFault(line.to_owned()))
    }
}

fn parse(words: &[&str]) -> Option<Fault> {
    Some(match *words {
        ["busy", opcode, times] => Fault::Busy { opcode: code(opcode)?, times: times.parse().ok()? },
        ["respond", opcode, answer] => {
            Fault::Respond { opcode: code(opcode)?, code: code(answer)?, times: None }
        }
        ["respond", opcode, answer, times] => {
            Fault::Respond { opcode: code(opcode)?, code: code(answer)?, times: Some(times.parse().ok()?) }
        }
        ["hang", opcode] => Fault::Hang { opcode: code(opcode)? },
        ["slow", opcode, ms] => Fault::Slow { opcode: code(opcode)?, ms: ms.parse().ok()? },
        ["chatter"] => Fault::Chatter,
        ["throttle", bytes] => Fault::Throttle { bytes_per_second: bytes.parse().ok()? },
        ["cut", bytes] => Fault::Cut { after: bytes.parse().ok()? },
        ["short", bytes] => Fault::Short { at: bytes.parse().ok()?, times: 1 },
        ["short", bytes, times] => Fault::Short { at: bytes.parse().ok()?, times: times.parse().ok()? },
        ["no-focus"] => Fault::NoFocus,
        ["card-full"] => Fault::CardFull,
        ["no-card"] => Fault::NoCard,
        ["claimed"] => Fault::Claimed,
        ["lie", opcode, lie] => Fault::Lie { opcode: code(opcode)?, lie: Lie::named(lie)?, times: None },
        ["lie", opcode, lie, times] => {
            Fault::Lie { opcode: code(opcode)?, lie: Lie::named(lie)?, times: Some(times.parse().ok()?) }
        }
        ["says", bytes] => Fault::Says { bytes: bytes.parse().ok()? },
        ["loop"] => Fault::Loop,
        ["name", name] => Fault::Name { name: unescaped(name)? },
        ["empty-frames", times] => Fault::EmptyFrames { times: times.parse().ok()? },
        _ => return None,
    })
}

/// A PTP code in hex, with or without its `0x`.
fn code(word: &str) -> Option<u16> {
    u16::from_str_radix(word.trim_start_matches("0x"), 16).ok()
}

/// A word in which `%2F` stands for the byte 0x2F.
fn unescaped(word: &str) -> Option<String> {
    let mut parts = word.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The faults now in force; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Puts a fault in force, beside those that are.
    pub fn set(&self, fault: Fault) {
        self.list().push(fault);
    }

    /// Mends everything.
    pub fn clear(&self) {
        self.list().clear();
    }

    fn list(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has(&self, fault: &Fault) -> bool {
        self.list().contains(fault)
    }

    /// The code with which this operation fails this time, if it does; counts it.
    pub(crate) fn answer(&self, operation: u16) -> Option<u16> {
        self.list().iter_mut().find_map(|fault| match fault {
            Fault::Busy { opcode, times } if *opcode == operation => {
                *times = times.checked_sub(1)?;
                Some(crate::ptp::rc::DEVICE_BUSY)
            }
            Fault::Respond { opcode, code, times } if *opcode == operation => {
                if let Some(times) = times {
                    *times = times.checked_sub(1)?;
                }
                Some(*code)
            }
            Fault::Busy { .. }
            | Fault::Respond { .. }
            | Fault::Hang { .. }
            | Fault::Slow { .. }
            | Fault::Chatter
            | Fault::Throttle { .. }
            | Fault::Cut { .. }
            | Fault::Short { .. }
            | Fault::NoFocus
            | Fault::CardFull
            | Fault::NoCard
            | Fault::Claimed
            | Fault::Lie { .. }
            | Fault::Says { .. }
            | Fault::Loop
            | Fault::Name { .. }
            | Fault::EmptyFrames { .. } => None,
        })
    }

    /// The lie with which this operation is answered this time, if it is; counts it.
    pub(crate) fn lie(&self, operation: u16) -> Option<Lie> {
        self.list().iter_mut().find_map(|fault| {
            let Fault::Lie { opcode, lie, times } = fault else { return None };
            if *opcode != operation {
                return None;
            }
            if let Some(times) = times {
                *times = times.checked_sub(1)?;
            }
            Some(*lie)
        })
    }

    /// The size all files are said to have.
    pub(crate) fn said_size(&self) -> Option<u32> {
        self.list().iter().find_map(|fault| {
            let Fault::Says { bytes } = fault else { return None };
            Some(*bytes)
        })
    }

    /// The name of the next files.
    pub(crate) fn odd_name(&self) -> Option<String> {
        self.list().iter().find_map(|fault| {
            let Fault::Name { name } = fault else { return None };
            Some(name.clone())
        })
    }

    /// Whether this frame of live view comes without a picture; counts it.
    pub(crate) fn empty_frame(&self) -> bool {
        let mut list = self.list();
        let empty = list.iter_mut().find_map(|fault| {
            let Fault::EmptyFrames { times } = fault else { return None };
            (*times > 0).then_some(times)
        });
        empty.map(|times| *times -= 1).is_some()
    }

    /// How much longer this operation takes.
    pub(crate) fn slow(&self, operation: u16) -> Option<Duration> {
        self.list().iter().find_map(|fault| {
            let Fault::Slow { opcode, ms } = fault else { return None };
            (*opcode == operation).then(|| Duration::from_millis(*ms))
        })
    }

    /// Bytes a second at which objects are sent.
    pub(crate) fn throttle(&self) -> Option<u64> {
        self.list().iter().find_map(|fault| {
            let Fault::Throttle { bytes_per_second } = fault else { return None };
            Some((*bytes_per_second).max(1))
        })
    }

    /// Counts object bytes about to be sent; when the line is to be cut among them, says after how
    /// many, and forgets the fault.
    pub(crate) fn cut_within(&self, sending: usize) -> Option<usize> {
        let mut list = self.list();
        let place = list.iter().position(|fault| matches!(fault, Fault::Cut { .. }))?;
        let Some(Fault::Cut { after }) = list.get_mut(place) else { return None };
        let (left, sending) = (*after, sending as u64);
        if left >= sending {
            *after = left - sending;
            return None;
        }
        list.remove(place);
        usize::try_from(left).ok()
    }

    /// After how many bytes objects end.
    pub(crate) fn short(&self) -> Option<u64> {
        self.list().iter().find_map(|fault| {
            let Fault::Short { at, times: 1.. } = fault else { return None };
            Some(*at)
        })
    }

    /// One download has been cut short.
    pub(crate) fn count_short(&self) {
        let mut list = self.list();
        let short = list.iter_mut().find_map(|fault| {
            let Fault::Short { times, .. } = fault else { return None };
            (*times > 0).then_some(times)
        });
        if let Some(times) = short {
            *times -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_faults() {
        let busy = Fault::Busy { opcode: 0x9128, times: 3 };
        assert_eq!("busy 0x9128 3".parse(), Ok(busy));
        assert_eq!("short 1048576".parse(), Ok(Fault::Short { at: 1 << 20, times: 1 }));
        assert_eq!("slow 0x1008 70".parse(), Ok(Fault::Slow { opcode: 0x1008, ms: 70 }));
        assert_eq!("no-card".parse(), Ok(Fault::NoCard));
        assert_eq!("name a%2F..%0A.JPG".parse(), Ok(Fault::Name { name: "a/..\n.JPG".to_owned() }));
        let lie = Fault::Lie { opcode: 0x1008, lie: Lie::Garbage, times: Some(2) };
        assert_eq!("lie 0x1008 garbage 2".parse(), Ok(lie));
        for nonsense in ["lie 0x1008 kind", "name %zz", "", "busy", "busy 0x9128 -1", "hang 0x12345", "melt"]
        {
            assert!(nonsense.parse::<Fault>().is_err());
        }
    }

    #[test]
    fn busy_ends_by_itself() {
        let faults = Faults::default();
        faults.set(Fault::Busy { opcode: 0x1009, times: 2 });
        assert_eq!(faults.answer(0x1009), Some(0x2019));
        assert_eq!(faults.answer(0x1008), None);
        assert_eq!(faults.answer(0x1009), Some(0x2019));
        assert_eq!(faults.answer(0x1009), None);
    }

    #[test]
    fn the_cut_counts_bytes_over_several_pieces() {
        let faults = Faults::default();
        faults.set(Fault::Cut { after: 150 });
        assert_eq!(faults.cut_within(100), None);
        assert_eq!(faults.cut_within(100), Some(50));
        assert_eq!(faults.cut_within(100), None);
    }
}
