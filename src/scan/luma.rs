//! Grey pictures: all a QR reader needs.

use std::io::Cursor;

use image::{ImageReader, Limits};

/// Grey pixels, 0 black to 255 white, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Luma {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// One byte a pixel.
    pub pixels: Vec<u8>,
}

impl std::fmt::Debug for Luma {
    /// Without the picture: it may hold a capture code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Luma({}x{})", self.width, self.height)
    }
}

/// A file that gives no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// A file that does not begin as PNG and JPEG files do.
    #[error("the file is no PNG or JPEG picture")]
    NoPicture,
    /// Damaged, or larger than any photograph.
    #[error("the PNG or JPEG picture cannot be read")]
    Unreadable(#[source] image::ImageError),
}

/// The longest side and the memory a picture of a code may take.
const LONGEST_SIDE: u32 = 12_000;
const MEMORY: u64 = 512 * 1024 * 1024;

impl Luma {
    /// Decodes a PNG or JPEG file, whatever its name says.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn from_file(bytes: &[u8]) -> Result<Self, PictureError> {
        let io = |err: std::io::Error| PictureError::Unreadable(image::ImageError::IoError(err));
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(io)?;
        if reader.format().is_none() {
            return Err(PictureError::NoPicture);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        limits.max_alloc = Some(MEMORY);
        reader.limits(limits);
        let grey = reader.decode().map_err(PictureError::Unreadable)?.into_luma8();
        let (width, height) = (grey.width() as usize, grey.height() as usize);
        Ok(Self { width, height, pixels: grey.into_raw() })
    }

    /// Red-green-blue pixels, half as large each way: the mean green of four, which is most of what an eye calls
    /// bright.
    #[must_use]
    pub fn halved((width, height): (usize, usize), rgb: &[u8]) -> Self {
        let mut pixels = Vec::with_capacity(width / 2 * (height / 2));
        for rows in rgb.chunks_exact((6 * width).max(1)) {
            let (upper, lower) = rows.split_at(3 * width);
            for pair in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
                if let ([_, a, _, _, b, _], [_, c, _, _, d, _]) = pair {
                    let sum = u16::from(*a) + u16::from(*b) + u16::from(*c) + u16::from(*d);
                    pixels.push((sum / 4) as u8);
                }
            }
        }
        Self { width: width / 2, height: height / 2, pixels }
    }

    /// Half as large each way, the mean of four: large modules and interference become small.
    #[must_use]
    pub fn half(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for rows in self.pixels.chunks_exact((self.width * 2).max(1)) {
            let (upper, lower) = rows.split_at(self.width);
            let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            let four = |(a, b): (&[u8], &[u8])| a.iter().chain(b).map(|v| u16::from(*v)).sum::<u16>();
            pixels.extend(pairs.map(|pair| ((four(pair) + 2) / 4) as u8));
        }
        Self { width, height, pixels }
    }

    /// The pixel at a place; white outside.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> u8 {
        if column < self.width {
            self.pixels.get(row * self.width + column).copied().unwrap_or(255)
        } else {
            255
        }
    }

    /// A part of it; what lies outside is left out.
    #[must_use]
    pub fn crop(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Self {
        let (columns, rows) =
            (columns.start..columns.end.min(self.width), rows.start..rows.end.min(self.height));
        let row =
            |row: usize| self.pixels.get(row * self.width + columns.start..row * self.width + columns.end);
        let pixels: Vec<u8> = rows.clone().filter_map(row).flatten().copied().collect();
        Self { width: columns.len(), height: rows.len(), pixels }
    }

    /// Twice as large, between the pixels linearly: small codes are read better so (facts/window.md section 6).
    #[must_use]
    pub fn doubled(&self) -> Self {
        let (width, height) = (self.width * 2, self.height * 2);
        let near =
            |place: usize, most: usize| ((place.saturating_sub(1)) / 2, place.div_ceil(2).min(most - 1));
        let mut pixels = Vec::with_capacity(width * height);
        for row in 0..height {
            let (above, below) = near(row, self.height);
            for column in 0..width {
                let (left, right) = near(column, self.width);
                let four = [(left, above), (right, above), (left, below), (right, below)];
                let sum: u16 = four.into_iter().map(|(x, y)| u16::from(self.at(x, y))).sum();
                pixels.push((sum / 4) as u8);
            }
        }
        Self { width, height, pixels }
    }
}
