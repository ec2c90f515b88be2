//! A reader of identity cards on a serial port: 115200 bits a second, 8 data bits, no parity, one stop bit.
//!
//! Blocking, with a deadline for every answer. One look is one round of find, select, read; whoever looks again and
//! again is in `crew`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use rustix::{
    fs::OFlags,
    termios::{OptionalActions, QueueSelector, SpecialCodeIndex, tcflush, tcgetattr, tcsetattr},
};
use zeroize::Zeroizing;

use super::id_card::{Answer, Command, IdCard, LONGEST, PREAMBLE};

/// Bits a second; what the module begins with.
const SPEED: u32 = 115_200;

/// An answer that has not come by then will not: a card takes less than a second to read.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Between two reads of a port that gives nothing.
const BREATH: Duration = Duration::from_millis(5);

/// Bytes before a preamble that are passed over; more is no reader's talk.
const MOST_NOISE: usize = 4_096;

/// Why a card could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IdReaderError {
    /// The port cannot be opened, or has gone.
    #[error("the id card reader's port cannot be used")]
    Port(#[from] io::Error),
    /// Nothing answers.
    #[error("the id card reader does not answer")]
    Silent,
    /// What answers is not a reader, or the cable is bad.
    #[error("the id card reader's answer is garbled")]
    Garbled,
    /// The card was taken away too early, or lies badly.
    #[error("the card was taken away before it was read")]
    TakenAway,
    /// It is some other document.
    #[error("this card is no resident identity card")]
    OtherCard,
    /// The module reports a fault of its own.
    #[error("the id card reader reports fault {0:02X}")]
    Module(u8),
}

impl IdReaderError {
    /// Whether it is about this card, and the next one may be read.
    #[must_use]
    pub fn is_of_the_card(&self) -> bool {
        match self {
            Self::TakenAway | Self::OtherCard => true,
            Self::Port(_) | Self::Silent | Self::Garbled | Self::Module(_) => false,
        }
    }
}

/// A reader.
#[derive(Debug)]
pub struct IdReader {
    port: File,
}

impl IdReader {
    /// Opens a port and sets it up.
    ///
    /// # Errors
    /// When it is not there, not allowed, or no terminal.
    pub fn open(port: &Path) -> Result<Self, IdReaderError> {
        // A port waits for a modem's carrier unless it is told not to.
        let flags = (OFlags::NOCTTY | OFlags::NONBLOCK).bits();
        let open = OpenOptions::new().read(true).write(true).custom_flags(flags.cast_signed()).open(port)?;
        let mut settings = tcgetattr(&open).map_err(io::Error::from)?;
        settings.make_raw();
        settings.set_speed(SPEED).map_err(io::Error::from)?;
        // A read comes back after a tenth of a second at most.
        settings.special_codes[SpecialCodeIndex::VMIN] = 0;
        settings.special_codes[SpecialCodeIndex::VTIME] = 1;
        tcsetattr(&open, OptionalActions::Flush, &settings).map_err(io::Error::from)?;
        let blocking = rustix::fs::fcntl_getfl(&open).map_err(io::Error::from)? - OFlags::NONBLOCK;
        rustix::fs::fcntl_setfl(&open, blocking).map_err(io::Error::from)?;
        Ok(Self { port: open })
    }

    /// Looks once whether a card lies there, and reads it; `None` when there is none.
    ///
    /// # Errors
    /// When nothing answers, the answer is garbled, or the card was taken away meanwhile.
    pub fn look(&mut self) -> Result<Option<IdCard>, IdReaderError> {
        match self.ask(Command::Find)?.status {
            0x9f => {}
            0x80 => return Ok(None),
            other => return Err(IdReaderError::Module(other)),
        }
        match self.ask(Command::Select)?.status {
            0x90 => {}
            0x80 | 0x81 => return Err(IdReaderError::TakenAway),
            other => return Err(IdReaderError::Module(other)),
        }
        let answer = self.ask(Command::Read)?;
        match answer.status {
            0x90 => IdCard::of(&answer.data).map(Some).ok_or(IdReaderError::OtherCard),
            0x31..=0x33 | 0x40 => Err(IdReaderError::OtherCard),
            0x41 | 0x47 | 0x80 | 0x81 => Err(IdReaderError::TakenAway),
            other => Err(IdReaderError::Module(other)),
        }
    }

    fn ask(&mut self, command: Command) -> Result<Answer, IdReaderError> {
        // What is left of an earlier answer must not be taken for this one's.
        tcflush(&self.port, QueueSelector::IFlush).map_err(io::Error::from)?;
        self.port.write_all(&command.frame())?;
        let until = Instant::now() + PATIENCE;
        self.find_preamble(until)?;
        let mut bytes = Zeroizing::new(vec![0; 2]);
        self.fill(&mut bytes, 0, until)?;
        let length = usize::from(u16::from_be_bytes([
            bytes.first().copied().unwrap_or_default(),
            bytes.get(1).copied().unwrap_or_default(),
        ]));
        if !(4..=LONGEST).contains(&length) {
            return Err(IdReaderError::Garbled);
        }
        bytes.reserve_exact(length);
        bytes.resize(2 + length, 0);
        self.fill(&mut bytes, 2, until)?;
        Answer::read(&bytes).ok_or(IdReaderError::Garbled)
    }

    fn find_preamble(&mut self, until: Instant) -> Result<(), IdReaderError> {
        let mut last = [0; PREAMBLE.len()];
        for _ in 0..MOST_NOISE {
            let mut next = [0];
            self.fill(&mut next, 0, until)?;
            last.rotate_left(1);
            if let Some(place) = last.last_mut() {
                *place = next[0];
            }
            if last == PREAMBLE {
                return Ok(());
            }
        }
        Err(IdReaderError::Garbled)
    }

    /// Reads until the buffer is full from `from` on.
    fn fill(&mut self, buffer: &mut [u8], from: usize, until: Instant) -> Result<(), IdReaderError> {
        let mut at = from;
        while let Some(room) = buffer.get_mut(at..).filter(|room| !room.is_empty()) {
            if Instant::now() >= until {
                return Err(IdReaderError::Silent);
            }
            at += match self.port.read(room) {
                Err(err) if err.kind() == io::ErrorKind::Interrupted => 0,
                // A port whose cable was pulled says so at once, again and again.
                Ok(0) => {
                    std::thread::sleep(BREATH);
                    0
                }
                read => read?,
            };
        }
        Ok(())
    }
}
