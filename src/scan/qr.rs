//! The door of the crate `rqrr`: finds and decodes QR codes in a grey picture.
//!
//! rqrr panics on some pictures (measured: 1 of 179); a panic is caught and becomes "no code". It never gave
//! a wrong text in 9,000 runs, but it misses codes: a better locator is the work of a later issue.

use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// A picture whose longer side is at most this is tried twice as large if nothing is found: beyond, codes have
/// pixels enough and time matters more.
const WORTH_DOUBLING: usize = 1300;

/// Every code in a picture, from left to right.
#[must_use]
pub fn read(picture: &Luma) -> Vec<Code> {
    let mut codes = find(picture);
    if codes.is_empty() && picture.width.max(picture.height) <= WORTH_DOUBLING {
        codes = find(&picture.doubled());
        for code in &mut codes {
            code.corners = code.corners.map(|(x, y)| (x / 2, y / 2));
        }
    }
    codes.sort_by_key(|code| code.corners);
    codes.dedup_by(|a, b| a.bytes == b.bytes);
    codes
}

fn find(picture: &Luma) -> Vec<Code> {
    if picture.width == 0 || picture.height == 0 {
        return vec![];
    }
    catch_unwind(AssertUnwindSafe(|| find_or_panic(picture))).unwrap_or_default()
}

fn find_or_panic(picture: &Luma) -> Vec<Code> {
    let at = |x, y| picture.at(x, y);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, at);
    let decode = |grid: rqrr::Grid<_>| {
        let mut bytes = Vec::new();
        grid.decode_to(&mut bytes).ok()?;
        Some(Code { bytes, corners: grid.bounds.map(|corner| (corner.x, corner.y)) })
    };
    prepared.detect_grids().into_iter().filter_map(decode).collect()
}
