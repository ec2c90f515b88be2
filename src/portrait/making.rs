//! How a portrait was made of its shot: every number that decides its bytes. Whoever has the camera's file and this
//! record makes the same file again, bit for bit, and so proves that nothing was retouched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Crop, Decline, Demand, Encoded, FaceInFrame, Picture, Portrait, Rgb, colour,
    jpeg::{ByteWindow, fit},
    opened::Opened,
    sheltered,
};
use crate::{profile::Profile, shot::Digest};

/// The longest side a portrait may have, in pixels: as long as a profile may ask for. A record is read from a file, and
/// whoever tampered with it could else ask for all the memory there is.
const LONGEST_SIDE: u32 = 4096;

/// What was done to a shot: cut, resampled once, turned into sRGB, compressed. There is nothing else to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Making {
    /// What was cut, in pixels of the upright shot.
    pub crop: Crop,
    /// Width of the portrait in pixels.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// How the crop became so many pixels.
    pub resampler: Resampler,
    /// What was asked of the file; the highest quality that meets it was taken.
    pub demand: Demand,
    /// The version of the program that made it: another one may compress otherwise.
    pub program: String,
}

/// How pixels are made of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resampler {
    /// A separable Lanczos filter of three lobes, in the shot's own values.
    Lanczos3,
    /// The same, of the coded planes at half their size: the lower four by four of each block's frequencies. For crops
    /// with at least four times the portrait's pixels a side.
    HalfThenLanczos3,
}

/// A portrait's record: what it was made of, how, and what was measured on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// SHA-256 of the camera's file.
    pub original: Digest,
    /// How it was made.
    pub making: Making,
    /// Where the head is in the portrait.
    pub face: FaceInFrame,
    /// What each check measured, in the check's unit, so that a school can judge by other limits.
    pub measured: BTreeMap<String, f64>,
}

impl Record {
    /// The record of a portrait that was made of a camera's file with this SHA-256.
    #[must_use]
    pub fn new(original: Digest, portrait: &Portrait) -> Self {
        let values = portrait.findings.iter().map(|found| (found.check.to_owned(), found.answer.value));
        Self {
            original,
            making: (*portrait.making).clone(),
            face: portrait.placement.face,
            measured: values.filter(|(_, value)| value.is_finite()).collect(),
        }
    }
}

impl Making {
    /// Makes a portrait of this crop of a shot as the profile demands.
    pub(super) fn new(shot: &Opened<'_>, crop: Crop, profile: &Profile) -> Self {
        let (min, max) = profile.photo.bytes();
        let (width_px, height_px) = (profile.photo.width_px, profile.photo.height_px);
        Self {
            crop,
            width_px,
            height_px,
            resampler: shot.resampler(&crop, width_px),
            demand: Demand {
                window: ByteWindow { min, max },
                min_quality: profile.photo.min_quality,
                dpi: profile.photo.dpi,
            },
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The crop, resampled to the portrait's size, in sRGB.
    pub(super) fn frame(&self, shot: &Opened<'_>) -> Result<Picture, Decline> {
        if !self.is_sound() {
            return Err(Decline::Darkroom("the record is no making of ours".to_owned()));
        }
        let resampled = shot.resampled(self.resampler, &self.crop, self.width_px, self.height_px)?;
        Ok(colour::to_srgb(resampled))
    }

    /// Whether anybody could have made a portrait this way: a piece of a picture, and sides of a portrait.
    fn is_sound(&self) -> bool {
        let Crop { x, y, width, height } = self.crop;
        let sides = 1..=LONGEST_SIDE;
        // What is no number is in no range.
        (0.0..f64::INFINITY).contains(&x)
            && (0.0..f64::INFINITY).contains(&y)
            && (1.0..f64::INFINITY).contains(&width)
            && (1.0..f64::INFINITY).contains(&height)
            && sides.contains(&self.width_px)
            && sides.contains(&self.height_px)
    }

    /// The file.
    pub(super) fn compress(&self, framed: &Picture) -> Result<Encoded, Decline> {
        Ok(fit(&Rgb::new(framed.width, framed.height, &framed.pixels)?, &self.demand)?)
    }
}

/// Makes a portrait again from the camera's file.
///
/// # Errors
/// When the file is not the one the record speaks of, or the record is no making of ours.
pub fn remake(original: &[u8], making: &Making) -> Result<Vec<u8>, Decline> {
    sheltered(|| {
        let shot = Opened::new(original).map_err(Decline::Unreadable)?;
        Ok(making.compress(&making.frame(&shot)?)?.bytes)
    })
}
