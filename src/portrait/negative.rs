//! A camera's coded file, from which an exact eighth and any region are had without decoding the rest.
//!
//! Finding where a block of a JPEG file ends takes a third of the time that decoding it takes: its values are
//! not needed, so that one look into a table passes several of them. One such pass over all blocks leaves an
//! index: where every unit begins, and every block's mean. The means alone are the picture at an eighth of its
//! size, exactly as a decoder that scales would make it: enough to find faces. With the index, any rectangle is cut
//! out as a small JPEG file without loss, and the ordinary decoder decodes that (facts/speed.md section 3b); or, where
//! half of its pixels are enough, decoded to these at once.
//!
//! What is not a plain baseline file as cameras write it is [`Unsupported`], never guessed at: the caller
//! falls back to [`decode()`](super::decode()). Pixels of a region are those of the whole decode, to the bit.

mod bits;
mod cut;
mod eighth;
mod half;
mod header;
mod index;
mod tables;
mod turn;
mod values;

use std::fmt;

pub use turn::Region;

use super::{
    Crop, LONGEST_SIDE, Picture,
    decode::{self, Colours},
    scale,
};
use bits::Coded;
use cut::UnitRect;
use header::Header;
use index::{Index, Units};
use turn::Turn;

/// How many units a cut has at least, across and down, if the picture has them: decoders take ways of their own
/// with very small pictures.
const LEAST_UNITS: usize = 4;

/// How far beyond the edge of a crop the three-lobed Lanczos filter looks, in pixels of the result, and one more.
const FILTER_REACH: f64 = 4.0;

/// Why a file is not read this way. The ordinary decoder may still read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// Another kind of JPEG than cameras write: progressive, several scans, unusual planes.
    #[error("this kind of JPEG is not indexed: {0}")]
    Kind(&'static str),
    /// The file contradicts itself, or breaks off.
    #[error("the JPEG file is damaged and not indexed: {0}")]
    Damaged(&'static str),
    /// A part of the picture is missing, though the file has an end. Decoders paint it grey and call it success.
    #[error("the JPEG file lacks a part of its picture")]
    Torn,
    /// More pixels or more bytes than the index can hold.
    #[error("the JPEG file is too large to be indexed")]
    TooLarge,
    /// The region is not inside the picture, or has no pixels.
    #[error("the region leaves the picture")]
    Region,
    /// The ordinary decoder refused the header or a cut.
    #[error("the decoder refused a cut")]
    Decoder,
}

/// A part of an upright picture.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its pixels.
    pub picture: Picture,
    /// Where its left edge is in the whole picture, in pixels.
    pub x: u32,
    /// Where its upper edge is.
    pub y: u32,
}

/// A camera's file, indexed.
pub struct Negative {
    header: Header,
    units: Units,
    coded: Coded,
    index: Index,
    turn: Turn,
    colours: Colours,
}

impl fmt::Debug for Negative {
    /// Without the picture: a face has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = self.upright_size();
        write!(f, "Negative({width}x{height})")
    }
}

impl Negative {
    /// Indexes a file. Keeps its coded bits, so that the file itself is not needed afterwards.
    ///
    /// # Errors
    /// [`Unsupported`], whatever the bytes are.
    pub fn open(jpeg: &[u8]) -> Result<Self, Unsupported> {
        let header = Header::read(jpeg)?;
        if header.width.max(header.height) > LONGEST_SIDE as usize {
            return Err(Unsupported::TooLarge);
        }
        let (head, scan) = jpeg.split_at_checked(header.scan).ok_or(Unsupported::Damaged("no scan"))?;
        let (orientation, colours) = decode::preamble(head).map_err(|_refused| Unsupported::Decoder)?;
        let coded = Coded::read(scan)?;
        let units = Units::new(&header)?;
        let index = Index::build(&header, &units, &coded)?;
        Ok(Self { header, units, coded, index, turn: Turn::of(orientation), colours })
    }

    /// Width and height in pixels, upright.
    #[must_use]
    pub fn upright_size(&self) -> (u32, u32) {
        self.turn.sides(self.stored_size())
    }

    /// The colours that the pixels mean.
    #[must_use]
    pub const fn colours(&self) -> &Colours {
        &self.colours
    }

    /// The whole picture at an eighth of its size, upright. Its blocks are counted from the stored picture's upper
    /// left, so that [`Self::from_eighth`] tells where a pixel of it lies.
    ///
    /// # Errors
    /// Never for a negative that was opened; the type says so because nothing here may panic.
    pub fn eighth(&self) -> Result<Picture, Unsupported> {
        let lost = Unsupported::Damaged("index");
        let (width, height, pixels) = eighth::eighth(&self.header, &self.index).ok_or(lost)?;
        let all = Region { x: 0, y: 0, width: width as u32, height: height as u32 };
        let stands = self.turn == Turn::of(1);
        let pixels = if stands { pixels } else { self.turn.upright(&pixels, width, all).ok_or(lost)? };
        let (width, height) = self.turn.sides((all.width, all.height));
        Ok(Picture { width, height, pixels, colours: self.colours.clone() })
    }

    /// A place in the eighth in pixels of the upright picture: 8 times as far, less what the last block of a row or
    /// column has beyond the picture where these are counted from the other end.
    #[must_use]
    pub fn from_eighth(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (width, height) = self.stored_size();
        let blocks = |side: u32| f64::from(side.div_ceil(8) * 8);
        let (right, below) = self.turn.sides((width, height));
        let (right, below) = (blocks(right), blocks(below));
        let [x, y, ..] = self.turn.stored_exactly((right, below), [x * 8.0, y * 8.0, 0.0, 0.0]);
        self.turn.upright_point((f64::from(width), f64::from(height)), (x, y))
    }

    /// A region of the upright picture, pixel for pixel as [`decode()`](super::decode()) gives it.
    ///
    /// # Errors
    /// [`Unsupported::Region`] if it leaves the picture; others if the file turns out to be damaged.
    pub fn region(&self, region: Region) -> Result<Part, Unsupported> {
        if !inside(region, self.upright_size()) {
            return Err(Unsupported::Region);
        }
        let stored = self.turn.stored(self.upright_size(), region);
        let (picture, x, y) = self.stored_part(stored)?;
        let inner = Region { x: stored.x - x, y: stored.y - y, ..stored };
        let pixels = self.turn.upright(&picture.pixels, picture.width as usize, inner);
        let pixels = pixels.ok_or(Unsupported::Decoder)?;
        let Region { x, y, width, height } = region;
        Ok(Part { picture: Picture { width, height, pixels, colours: self.colours.clone() }, x, y })
    }

    /// A crop of the upright picture, resampled to `width` x `height` as by
    /// the room's own resampling: only the small result is turned upright.
    ///
    /// # Errors
    /// [`Unsupported::Region`] if the crop leaves the picture; others if the file turns out to be damaged.
    pub fn resampled(&self, crop: &Crop, width: u32, height: u32) -> Result<Picture, Unsupported> {
        let wanted = self.wanted(crop, width, height)?;
        let (picture, left, top) = self.stored_part(wanted.region)?;
        let crop = wanted.crop.from((left, top), (1.0, 1.0));
        let (wide, high) = wanted.sides;
        let small = scale::resample(&picture, &crop, wide, high).map_err(|_refused| Unsupported::Region)?;
        self.turned(&small.pixels, wanted.sides)
    }

    /// The same from pixels of half the size, which cost a third as much. Meant for crops of at least four times the
    /// result's sides: the half then still has twice as many, and what the result shows lies well below what was left
    /// out.
    ///
    /// # Errors
    /// As for [`Self::resampled`].
    pub fn resampled_from_half(&self, crop: &Crop, width: u32, height: u32) -> Result<Picture, Unsupported> {
        let wanted = self.wanted(crop, width, height)?;
        // Nothing is smoothed across blocks: no unit beyond the region matters.
        let rect = self.units_around(wanted.region, 0);
        let planes = half::half(&self.header, &self.units, &self.coded, &self.index, rect)?;
        let corner = (rect.left * self.header.unit_width(), rect.top * self.header.unit_height());
        let (wide, high) = wanted.sides;
        let resampled = |half::HalfPlane { plane, pixels }: half::HalfPlane| {
            let crop = wanted.crop.from((corner.0 as u32, corner.1 as u32), pixels);
            scale::resample_plane(plane, &crop, wide, high).map_err(|_refused| Unsupported::Region)
        };
        let planes: Vec<Vec<u16>> = planes.into_iter().map(resampled).collect::<Result<_, _>>()?;
        let pixels = half::coloured(&planes).ok_or(Unsupported::Damaged("planes"))?;
        self.turned(&pixels, wanted.sides)
    }

    /// What a crop of the upright picture needs of the stored one.
    fn wanted(&self, crop: &Crop, width: u32, height: u32) -> Result<Wanted, Unsupported> {
        let (across, down) = self.upright_size();
        let upright = (f64::from(across), f64::from(down));
        let [x, y, wide, high] = self.turn.stored_exactly(upright, [crop.x, crop.y, crop.width, crop.height]);
        let sides = self.turn.sides((width, height));
        if sides.0 == 0 || sides.1 == 0 {
            return Err(Unsupported::Region);
        }
        let reach = |from: f64, to: u32| FILTER_REACH * (from / f64::from(to)).max(1.0);
        let (stored_width, stored_height) = self.stored_size();
        let (x, wide) = scale::settled((x, wide), stored_width);
        let (y, high) = scale::settled((y, high), stored_height);
        let (left, right) = span(x, wide, reach(wide, sides.0), stored_width).ok_or(Unsupported::Region)?;
        let (top, bottom) = span(y, high, reach(high, sides.1), stored_height).ok_or(Unsupported::Region)?;
        let region = Region { x: left, y: top, width: right - left, height: bottom - top };
        Ok(Wanted { crop: StoredCrop([x, y, wide, high]), region, sides })
    }

    /// A small picture as stored, upright.
    fn turned(&self, pixels: &[u8], stored: (u32, u32)) -> Result<Picture, Unsupported> {
        let all = Region { x: 0, y: 0, width: stored.0, height: stored.1 };
        let pixels = self.turn.upright(pixels, stored.0 as usize, all).ok_or(Unsupported::Region)?;
        let (width, height) = self.turn.sides(stored);
        Ok(Picture { width, height, pixels, colours: self.colours.clone() })
    }

    /// Width and height in pixels, as stored.
    const fn stored_size(&self) -> (u32, u32) {
        (self.header.width as u32, self.header.height as u32)
    }

    /// At least a region of the stored picture, and where the part begins.
    fn stored_part(&self, region: Region) -> Result<(Picture, u32, u32), Unsupported> {
        let rect = self.units_around(region, usize::from(self.smooths_chroma()));
        let file = cut::cut(&self.header, &self.units, &self.coded, &self.index, rect)?;
        let picture = decode::decode_cut(&file, &self.colours).map_err(|_refused| Unsupported::Decoder)?;
        let (x, y) = (rect.left * self.header.unit_width(), rect.top * self.header.unit_height());
        Ok((picture, x as u32, y as u32))
    }

    /// Whether a decoder makes chroma larger, and so smooths it across the edges of units.
    fn smooths_chroma(&self) -> bool {
        self.header.unit_width().max(self.header.unit_height()) > 8
    }

    /// The units of a region, and so many more around.
    fn units_around(&self, region: Region, margin: usize) -> UnitRect {
        let header = &self.header;
        let (left, right) =
            units_of(region.x, region.width, header.unit_width(), header.units_across(), margin);
        let (top, bottom) =
            units_of(region.y, region.height, header.unit_height(), header.units_down(), margin);
        UnitRect { left, top, right, bottom }
    }
}

/// A crop of the stored picture: left, top, width and height in pixels.
struct StoredCrop([f64; 4]);

impl StoredCrop {
    /// The same in a part that begins at a corner and has one sample for so many pixels across and down.
    fn from(&self, corner: (u32, u32), pixels: (f64, f64)) -> Crop {
        let [x, y, width, height] = self.0;
        Crop {
            x: (x - f64::from(corner.0)) / pixels.0,
            y: (y - f64::from(corner.1)) / pixels.1,
            width: width / pixels.0,
            height: height / pixels.1,
        }
    }
}

/// What a crop of the upright picture needs of the stored one.
struct Wanted {
    crop: StoredCrop,
    /// The crop, and what the filter sees around it.
    region: Region,
    /// The result's sides as stored.
    sides: (u32, u32),
}

/// The units of a stretch of pixels, `margin` more at each end, and no fewer than [`LEAST_UNITS`], as far as there
/// are any.
fn units_of(from: u32, length: u32, unit: usize, all: usize, margin: usize) -> (usize, usize) {
    let first = (from as usize / unit).saturating_sub(margin);
    let behind = (from as usize + length as usize).div_ceil(unit) + margin;
    let behind = behind.max(first + LEAST_UNITS).min(all);
    (first.min(behind.saturating_sub(LEAST_UNITS)), behind)
}

fn inside(region: Region, (width, height): (u32, u32)) -> bool {
    let fits = |from: u32, length: u32, side: u32| {
        length > 0 && from.checked_add(length).is_some_and(|behind| behind <= side)
    };
    fits(region.x, region.width, width) && fits(region.y, region.height, height)
}

/// The whole pixels that a filter looks at, within a side; `None` if the stretch itself leaves the side.
fn span(from: f64, length: f64, reach: f64, side: u32) -> Option<(u32, u32)> {
    let end = from + length;
    if !(from >= 0.0 && length > 0.0 && end <= f64::from(side)) {
        return None;
    }
    let first = (from - reach).floor().max(0.0);
    let behind = (end + reach).ceil().min(f64::from(side));
    Some((first as u32, behind as u32))
}
