//! Portraits as JPEG files of a prescribed size: the highest quality whose file fits a window of bytes.
//!
//! A registration system takes 480x640 pixels in, say, 20 to 40 KB, and may refuse anything unusual. So
//! the file is the plainest there is: baseline sequential (ITU-T T.81, SOF0), Y Cb Cr at 4:2:0 in one
//! interleaved scan, JFIF 1.01 with the density in dots per inch, quantisation tables as the Independent JPEG
//! Group scales them (a checker reads our quality back exactly), and nothing else. Bytes are saved only where
//! nobody sees it: Huffman tables are made for each picture, and the transform is never rounded early.
//! Nothing is ever padded: a picture too poor for its window is a conflict to be told, not to be hidden.
//!
//! # The search
//! Colour conversion and cosine transform do not depend on quality and happen once. Then qualities are tried
//! from 100 downwards, and the first whose file fits is the answer: an exhaustive search by construction.
//! It has to be: size does not rise steadily with quality (a test shows a picture), so that bisection may
//! miss the best. It is cheap because each quality passes three sieves, each a lower bound of the next:
//!
//! 1. `bound`: a bound from tallies of coefficients, some ten microseconds;
//! 2. `recipe`: all bits counted with the best Huffman tables, but no stuffed bytes, some 0.2 ms;
//! 3. `write`: the file itself.
//!
//! Nearly always one file is written in all.
//!
//! # The filling
//! That answer leaves room in the window, and rounding is not the best use of bits. `fill` takes a higher quality
//! and gives up what is least worth its bits until the file fills the window. The search itself stays: it is the
//! proof that an answer exists, and what the filling has to beat.

mod bound;
mod coefficients;
mod colour;
mod dct;
mod fill;
#[cfg(test)]
mod filling_tests;
mod huffman;
mod markers;
mod prices;
mod quant;
#[cfg(test)]
mod reading_back;
mod recipe;
mod segments;
#[cfg(test)]
mod test_pictures;
mod trellis;
mod weights;
mod write;

use serde::{Deserialize, Serialize};

pub use markers::{MarkerError, Markers, markers};

use bound::Bound;
use coefficients::{Coefficients, Terms};
use fill::{Filling, Tempting};
use quant::Dividers;
use recipe::Recipe;
use write::Frame;

/// Eight-bit sRGB pixels, row by row, no padding.
#[derive(Clone, Copy)]
pub struct Rgb<'a> {
    width: u16,
    height: u16,
    pixels: &'a [u8],
}

/// Why bytes are not a picture. Always the caller's mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RgbError {
    /// A side is nothing or longer than a JPEG frame header can say.
    #[error("a JPEG picture has 1 to 65535 pixels on a side, not {width} x {height}")]
    Sides {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The bytes are more or fewer than three for every pixel.
    #[error("{width} x {height} pixels of three bytes each are not {bytes} bytes")]
    Length {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Bytes given.
        bytes: usize,
    },
}

impl<'a> Rgb<'a> {
    /// A view of `pixels` as a picture `width` pixels across and `height` down, three bytes each: red, green,
    /// blue.
    ///
    /// # Errors
    /// [`RgbError`] if a side is not in 1..=65535 or `pixels` has not exactly `3 * width * height` bytes.
    pub fn new(width: u32, height: u32, pixels: &'a [u8]) -> Result<Self, RgbError> {
        let sides = (u16::try_from(width), u16::try_from(height));
        let (Ok(across @ 1..), Ok(down @ 1..)) = sides else { return Err(RgbError::Sides { width, height }) };
        if pixels.len() as u64 != 3 * u64::from(width) * u64::from(height) {
            return Err(RgbError::Length { width, height, bytes: pixels.len() });
        }
        Ok(Self { width: across, height: down, pixels })
    }

    /// The bytes of the `n`-th row; none below the picture.
    fn row(&self, n: usize) -> &'a [u8] {
        let length = 3 * usize::from(self.width);
        self.pixels.get(n * length..(n + 1) * length).unwrap_or_default()
    }
}

/// Bytes a file may have: both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteWindow {
    /// Fewest bytes allowed.
    pub min: usize,
    /// Most bytes allowed.
    pub max: usize,
}

/// What is asked of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Demand {
    /// The size the file must have.
    pub window: ByteWindow,
    /// The lowest quality allowed, on the IJG scale 1..=100.
    pub min_quality: u8,
    /// The density written into the file, in pixels per inch, at least 1. It changes no pixel.
    pub dpi: u16,
}

/// A file that meets a [`Demand`].
#[derive(Clone, PartialEq, Debug)]
pub struct Encoded {
    /// The whole JPEG file.
    pub bytes: Vec<u8>,
    /// Its quality on the IJG scale.
    pub quality: u8,
    /// The price of a bit by which levels were chosen, in squared steps of luma DC: 0 where every coefficient
    /// was simply rounded, at most 1.
    pub lambda: f32,
}

/// Why no file meets a [`Demand`]. All are permanent: the same picture and demand fail the same way again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FitError {
    /// Even the lowest quality allowed makes too big a file: quality floor and size limit contradict each
    /// other for this picture. A plainer background helps; so does less noise.
    #[error(
        "at the lowest quality allowed, {quality}, the file has {bytes} bytes, but at most {max} are allowed"
    )]
    TooBig {
        /// The lowest quality allowed.
        quality: u8,
        /// Bytes of the file at that quality.
        bytes: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// The highest quality whose file is not too big makes too small a one: either the picture is so plain
    /// that even quality 100 does not fill the window, or the window is so narrow that sizes step over it.
    #[error(
        "at quality {quality}, the highest that is not too big, the file has only {bytes} bytes, \
         but at least {min} are demanded"
    )]
    TooSmall {
        /// The highest quality whose file has not too many bytes.
        quality: u8,
        /// Bytes of the file at that quality.
        bytes: usize,
        /// Fewest bytes allowed.
        min: usize,
    },
    /// The window's ends are the wrong way round.
    #[error("no file has at least {min} bytes and at most {max}")]
    EmptyWindow {
        /// Fewest bytes allowed.
        min: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// The lowest quality allowed is not on the scale.
    #[error("the lowest quality allowed must be 1 to 100, not {0}")]
    NotAQuality(u8),
    /// JFIF 1.01 demands densities other than zero.
    #[error("a density of 0 dots per inch cannot be written")]
    NoDensity,
}

/// Encodes `image` as well as a file of at most `demand.window.max` bytes can be, and hands it out if it has at
/// least `demand.window.min`.
///
/// The same picture and demand give the same bytes, and whatever is returned has the size and quality demanded.
/// It distorts no more than what [`fit_by_rounding`] would return, and where that finds a conflict, this may
/// still find a file.
///
/// # Errors
/// [`FitError`] says which parts of the demand contradict each other, or which one makes no sense.
pub fn fit(image: &Rgb<'_>, demand: &Demand) -> Result<Encoded, FitError> {
    check(demand)?;
    let coefficients = Coefficients::of(image);
    let frame = Frame { width: image.width, height: image.height, dpi: demand.dpi };
    let Search { outcome, terms, tempting } = Search::through(&coefficients, frame, demand);
    let Some(tempting) = tempting else { return outcome };
    let filling = Filling::new(&coefficients, &terms, frame, demand.window.max);
    match (filling.at(&tempting), &outcome) {
        (Some(filled), _) if filled.file.bytes.len() < demand.window.min => outcome,
        (Some(filled), Ok(plain)) if filled.distortion >= filling.rounded(plain.quality) => outcome,
        (Some(filled), _) => Ok(filled.file),
        (None, _) => outcome,
    }
}

/// Encodes `image` at the highest quality whose file has at most `demand.window.max` bytes with every coefficient
/// rounded to the nearest level, and hands it out if it has at least `demand.window.min`.
///
/// The answer is that of trying every quality from `demand.min_quality` to 100: no allowed quality above the
/// one returned has a file that is small enough.
///
/// # Errors
/// [`FitError`] says which parts of the demand contradict each other, or which one makes no sense.
pub fn fit_by_rounding(image: &Rgb<'_>, demand: &Demand) -> Result<Encoded, FitError> {
    check(demand)?;
    let frame = Frame { width: image.width, height: image.height, dpi: demand.dpi };
    Search::through(&Coefficients::of(image), frame, demand).outcome
}

/// What came of trying all qualities by rounding.
struct Search<'a> {
    outcome: Result<Encoded, FitError>,
    /// All coefficients that matter up to the highest quality that was possible.
    terms: Terms<'a>,
    /// The quality worth filling the window with; none if there is no higher one than the answer.
    tempting: Option<Tempting>,
}

impl<'a> Search<'a> {
    fn through(coefficients: &'a Coefficients, frame: Frame, demand: &Demand) -> Self {
        let Demand { window, min_quality, .. } = *demand;
        let bound = Bound::of(coefficients);
        let possible = |quality: &u8| !bound.rules_out(*quality, window.max);
        let highest = (min_quality..=100).rev().find(possible).unwrap_or(min_quality);
        let terms = coefficients.terms(&Dividers::new(highest));
        let mut tempting = None;
        for quality in (min_quality..=highest).rev().filter(possible) {
            let recipe = Recipe::new(&terms, quality);
            let too_big = recipe.bytes_before_stuffing > window.max;
            let file = if too_big { None } else { Some(write::file(frame, &terms, &recipe)) };
            let Some(bytes) = file.filter(|file| file.len() <= window.max) else {
                if tempting.is_none() {
                    tempting = Tempting::new(recipe, quality, window.max);
                }
                continue;
            };
            let outcome = if bytes.len() < window.min {
                Err(FitError::TooSmall { quality, bytes: bytes.len(), min: window.min })
            } else {
                Ok(Encoded { bytes, quality, lambda: 0.0 })
            };
            return Self { outcome, terms, tempting };
        }
        let recipe = Recipe::new(&terms, min_quality);
        let bytes = write::file(frame, &terms, &recipe).len();
        let outcome = Err(FitError::TooBig { quality: min_quality, bytes, max: window.max });
        let tempting = tempting.or(Some(Tempting { recipe, quality: min_quality }));
        Self { outcome, terms, tempting }
    }
}

/// Refuses what no picture could meet.
fn check(demand: &Demand) -> Result<(), FitError> {
    let ByteWindow { min, max } = demand.window;
    match demand {
        _ if min > max => Err(FitError::EmptyWindow { min, max }),
        Demand { min_quality: 0 | 101.., .. } => Err(FitError::NotAQuality(demand.min_quality)),
        Demand { dpi: 0, .. } => Err(FitError::NoDensity),
        Demand { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file at a quality, by the straight way: no bound, no search.
    fn at_quality(image: &Rgb<'_>, quality: u8) -> Vec<u8> {
        let coefficients = Coefficients::of(image);
        let terms = coefficients.terms(&Dividers::new(100));
        let frame = Frame { width: image.width, height: image.height, dpi: 300 };
        write::file(frame, &terms, &Recipe::new(&terms, quality))
    }

    fn demand(min: usize, max: usize) -> Demand {
        Demand { window: ByteWindow { min, max }, min_quality: 60, dpi: 300 }
    }

    /// Every limit at which the answer can change, for every picture, against trying all 41 qualities.
    #[test]
    fn the_answer_is_that_of_trying_every_quality() {
        let mut descents = 0;
        for (name, picture) in test_pictures::all() {
            let files: Vec<(u8, Vec<u8>)> =
                (60..=100).map(|quality| (quality, at_quality(&picture.rgb(), quality))).collect();
            descents += files.windows(2).filter(|pair| pair[0].1.len() > pair[1].1.len()).count();
            for max in files.iter().flat_map(|(_, file)| [file.len() - 1, file.len()]) {
                let expected = match files.iter().rev().find(|(_, file)| file.len() <= max) {
                    Some((quality, bytes)) => {
                        Ok(Encoded { bytes: bytes.clone(), quality: *quality, lambda: 0.0 })
                    }
                    None => Err(FitError::TooBig { quality: 60, bytes: files[0].1.len(), max }),
                };
                assert!(
                    fit_by_rounding(&picture.rgb(), &demand(0, max)) == expected,
                    "{name} in {max} bytes"
                );
            }
        }
        assert!(descents > 0, "some size must fall as quality rises, or bisection would do as well");
    }

    /// The same at the real size and the limits of real systems.
    #[test]
    fn a_full_portrait_fills_its_window() {
        let picture = test_pictures::portrait(480, 640);
        let sizes: Vec<usize> = (60..=100).map(|quality| at_quality(&picture.rgb(), quality).len()).collect();
        for max in [30_000, 40_000, 40_960, 61_440] {
            let encoded = fit_by_rounding(&picture.rgb(), &demand(20_480, max)).unwrap();
            let best = (60..=100).zip(&sizes).rev().find(|(_, size)| **size <= max).unwrap();
            assert_eq!((encoded.quality, &encoded.bytes.len()), best);
            let said = markers(&encoded.bytes).unwrap();
            assert_eq!((said.width, said.height, said.quality), (480, 640, Some(encoded.quality)));
            assert_eq!((said.dpi, said.baseline, said.scans, said.trailing), (Some((300, 300)), true, 1, 0));
        }
    }

    #[test]
    fn conflicts_are_told_not_hidden() {
        let flat = test_pictures::flat(480, 640, [171, 205, 239]);
        let bytes = at_quality(&flat.rgb(), 100).len();
        let too_small = FitError::TooSmall { quality: 100, bytes, min: 20_480 };
        assert_eq!(fit(&flat.rgb(), &demand(20_480, 40_000)), Err(too_small));

        let noise = test_pictures::noise(72, 56);
        let [at_60, at_80, at_81] = [60, 80, 81].map(|quality| at_quality(&noise.rgb(), quality).len());
        let too_big = FitError::TooBig { quality: 60, bytes: at_60, max: at_60 - 1 };
        assert_eq!(fit_by_rounding(&noise.rgb(), &demand(0, at_60 - 1)), Err(too_big));
        assert!(fit_by_rounding(&noise.rgb(), &demand(0, at_60)).is_ok_and(|encoded| encoded.quality == 60));

        // Between the sizes of two neighbouring qualities there is no file.
        let gap = demand(at_80 + 1, at_81 - 1);
        let stepped_over = FitError::TooSmall { quality: 80, bytes: at_80, min: at_80 + 1 };
        assert_eq!(fit_by_rounding(&noise.rgb(), &gap), Err(stepped_over));
    }

    #[test]
    fn senseless_demands_are_refused() {
        let picture = test_pictures::flat(8, 8, [0; 3]);
        let good = demand(0, 40_000);
        let refusal = |demand: Demand| fit(&picture.rgb(), &demand).unwrap_err();
        let window = ByteWindow { min: 2, max: 1 };
        assert_eq!(refusal(Demand { window, ..good }), FitError::EmptyWindow { min: 2, max: 1 });
        assert_eq!(refusal(Demand { min_quality: 0, ..good }), FitError::NotAQuality(0));
        assert_eq!(refusal(Demand { min_quality: 101, ..good }), FitError::NotAQuality(101));
        assert_eq!(refusal(Demand { dpi: 0, ..good }), FitError::NoDensity);
        assert_eq!(
            FitError::TooBig { quality: 60, bytes: 41_000, max: 40_000 }.to_string(),
            "at the lowest quality allowed, 60, the file has 41000 bytes, but at most 40000 are allowed"
        );
    }

    #[test]
    fn pixels_must_be_exactly_as_many_as_the_sides_say() {
        assert!(Rgb::new(2, 3, &[0; 18]).is_ok());
        let length = |bytes| RgbError::Length { width: 2, height: 3, bytes };
        assert_eq!(Rgb::new(2, 3, &[0; 17]).err(), Some(length(17)));
        assert_eq!(Rgb::new(2, 3, &[0; 19]).err(), Some(length(19)));
        for (width, height) in [(0, 1), (1, 0), (65_536, 1), (1, 65_536), (1 << 31, 1 << 31)] {
            assert_eq!(Rgb::new(width, height, &[0; 3]).err(), Some(RgbError::Sides { width, height }));
        }
        assert!(Rgb::new(65_535, 1, &[0; 3 * 65_535]).is_ok());
    }
}
