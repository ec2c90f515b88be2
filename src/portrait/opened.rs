//! A camera's file, opened just as far as each step needs: an eighth of it to find the face in, the crop to make the
//! portrait of. What is no negative is decoded as a whole.

use std::cell::OnceCell;

use super::{
    Crop, Decline, DecodeError, FaceFinder, FinderError, Found, Negative, Picture, Point, Resampler,
    Unsupported, decode, decode::inspect, scale,
};

/// From so many pixels on a file is used as a negative. Below, it is only looked through for what is missing: decoding
/// it whole takes a few milliseconds, and an eighth of it shows no face in detail.
const LEAST_PIXELS: u64 = 8_000_000;

/// A head of fewer pixels in the eighth is looked at in the whole picture. Measured on 20 faces that were made smaller,
/// 145 px from hair to chin move no landmark by more than 1.2 per cent of the head (hair 0.3, chin 0.7), 110 px by 1.4,
/// 80 px by 2.0; the networks themselves see 256 px of a face.
const LEAST_HEAD_PX: f64 = 110.0;

/// A crop of so many times the portrait's pixels a side is made from half of its pixels: these are still twice as many,
/// and the 40 kB files differ by 0.2 to 0.3 of 80.7 SSIMULACRA2, in either direction (`./dev bench portrait`).
const LEAST_FOR_HALF: f64 = 4.0;

/// A camera's file, opened.
pub(super) struct Opened<'a> {
    jpeg: &'a [u8],
    /// With its eighth.
    negative: Option<(Negative, Picture)>,
    whole: OnceCell<Picture>,
    size: (u32, u32),
}

impl<'a> Opened<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// As [`decode()`]; of a negative's coded bits only as far as they have to do with a step.
    pub(super) fn new(jpeg: &'a [u8]) -> Result<Self, DecodeError> {
        let negative = Negative::open(jpeg);
        if matches!(negative, Err(Unsupported::Torn)) {
            // What else may be wrong is told first.
            inspect(jpeg)?;
            return Err(DecodeError::Truncated);
        }
        if let Ok(negative) = negative
            && let size = negative.upright_size()
            && u64::from(size.0) * u64::from(size.1) >= LEAST_PIXELS
            && let Ok(eighth) = negative.eighth()
        {
            return Ok(Self { jpeg, negative: Some((negative, eighth)), whole: OnceCell::new(), size });
        }
        let whole = decode(jpeg)?;
        let size = (whole.width, whole.height);
        Ok(Self { jpeg, negative: None, whole: OnceCell::from(whole), size })
    }

    /// Width and height in pixels, upright.
    pub(super) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Looks for faces: in the eighth, where that shows the head large enough. Places are in pixels of the whole.
    pub(super) fn find(&self, finder: &mut dyn FaceFinder, min_score: f64) -> Result<Found, Decline> {
        if let Some((negative, eighth)) = &self.negative {
            let found = finder.find(eighth, min_score)?;
            if found.face.as_ref().is_some_and(|face| face.head.chin - face.head.hair_top >= LEAST_HEAD_PX) {
                let (x, y) = negative.from_eighth((0.0, 0.0));
                return Ok(found.placed(8.0, Point { x, y }));
            }
        }
        Ok(finder.find(self.whole()?, min_score)?)
    }

    /// How a crop is best made so many pixels wide: always the same for one file and crop.
    pub(super) fn resampler(&self, crop: &Crop, width: u32) -> Resampler {
        let many = crop.width >= LEAST_FOR_HALF * f64::from(width);
        if many && self.negative.is_some() { Resampler::HalfThenLanczos3 } else { Resampler::Lanczos3 }
    }

    /// A crop, resampled to `width` × `height`. Of one file, resampler and crop it is always the same, whatever was
    /// looked at before.
    pub(super) fn resampled(
        &self,
        resampler: Resampler,
        crop: &Crop,
        width: u32,
        height: u32,
    ) -> Result<Picture, Decline> {
        match (resampler, &self.negative) {
            (Resampler::HalfThenLanczos3, Some((negative, _))) => {
                let damaged = |err: Unsupported| Decline::Unreadable(DecodeError::Damaged(err.to_string()));
                negative.resampled_from_half(crop, width, height).map_err(damaged)
            }
            (Resampler::HalfThenLanczos3, None) => Err(Decline::Darkroom("no half of this file".to_owned())),
            (Resampler::Lanczos3, negative) => {
                let part =
                    negative.as_ref().and_then(|(opened, _)| opened.resampled(crop, width, height).ok());
                part.map_or_else(|| Ok(scale::resample(self.whole()?, crop, width, height)?), Ok)
            }
        }
    }

    /// The whole picture.
    fn whole(&self) -> Result<&Picture, Decline> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        let whole = decode(self.jpeg).map_err(Decline::Unreadable)?;
        Ok(self.whole.get_or_init(|| whole))
    }

    /// The whole picture, made smaller for the screen until its longer side is at most `longest`; of a negative its
    /// eighth, if that is large enough.
    pub(super) fn shown(&self, longest: u32) -> Result<Picture, Decline> {
        let eighth = self.negative.as_ref().map(|(_, eighth)| eighth);
        let large_enough = eighth.filter(|eighth| eighth.width.max(eighth.height) >= longest);
        let picture = large_enough.map_or_else(|| self.whole(), Ok)?;
        Ok(scale::shrink(picture, longest).map_err(FinderError::from)?)
    }
}
