//! Finding QR codes in a picture and reading them; the door of the crate `rqrr`, which decodes.
//!
//! rqrr's decoder is better than any we measured, its locator is worse (facts/window.md section 6), so the
//! locator is ours. A code goes this way:
//!
//! ```text
//! light ─▶ finder ─▶ triple ─▶ square ─▶ plane ─▶ modules ─▶ decode
//! ink or    three     which     their     where     how dark   what it
//! paper     squares   belong    lines     it lies   each is    holds
//! ```
//!
//! [`ladder`] says what is tried in which order; [`layout`] knows what every code looks like, [`geometry`] what
//! a plane is.

mod finder;
mod geometry;
mod ladder;
mod layout;
mod light;
mod modules;
mod plane;
mod square;
mod triple;

use std::panic::{AssertUnwindSafe, catch_unwind};

use self::modules::Ink;
use super::Luma;
use crate::student::{CaptureCode, CodeError};

/// A QR code found in a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// What it holds, to the byte.
    pub bytes: Vec<u8>,
    /// Its corners in pixels of the picture: upper left, upper right, lower right, lower left of the code.
    pub corners: [(i32, i32); 4],
}

impl std::fmt::Debug for Code {
    /// Without what it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code").field("bytes", &self.bytes.len()).field("corners", &self.corners).finish()
    }
}

impl Code {
    /// The code as a capture code.
    ///
    /// # Errors
    /// When it cannot be one.
    pub fn capture_code(&self) -> Result<CaptureCode, CodeError> {
        CaptureCode::try_from(self.bytes.as_slice())
    }
}

/// Every code in a still picture, from left to right, tried by all means.
#[must_use]
pub fn read(picture: &Luma) -> Vec<Code> {
    in_order(ladder::climb(picture))
}

/// Every code in a still picture, from left to right, also small ones beside one that is read at once. It costs as much
/// where there is none, and very faint ones are left to [`read`].
#[must_use]
pub fn read_all(picture: &Luma) -> Vec<Code> {
    let mut codes = ladder::look_around(picture);
    codes.sort_by(|a, b| a.bytes.cmp(&b.bytes));
    codes.dedup_by(|a, b| a.bytes == b.bytes);
    in_order(codes)
}

/// Reads the frames of a live stream: quicker than [`read`] where there is no code, because the next frame comes
/// in a moment, and more thorough where one was read a moment ago.
#[derive(Debug, Default)]
pub struct Reader(ladder::Stream);

impl Reader {
    /// Every code in the next frame, from left to right.
    #[must_use]
    pub fn read(&mut self, frame: &Luma) -> Vec<Code> {
        in_order(self.0.read(frame))
    }
}

fn in_order(mut codes: Vec<Code>) -> Vec<Code> {
    codes.sort_by_key(|code| code.corners);
    codes.dedup_by(|a, b| a.bytes == b.bytes);
    codes
}

/// What a code's modules hold. rqrr panics on some pictures; a panic is caught and becomes "no code".
fn decode(ink: &Ink) -> Option<Vec<u8>> {
    let decode = || {
        let grid = rqrr::SimpleGrid::from_func(ink.side, |column, row| ink.at(column, row));
        let mut bytes = Vec::new();
        rqrr::Grid::new(grid).decode_to(&mut bytes).ok()?;
        Some(bytes)
    };
    catch_unwind(AssertUnwindSafe(decode)).ok().flatten()
}
