//! Resampling: once, uniformly, from a crop of the shot; never turned, mirrored, padded.
//!
//! The door of the crate `fast_image_resize`, thirteen times faster than `image::imageops` at the same filter
//! (facts/speed.md section 4).

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeError, ResizeOptions, Resizer,
    images::{Image, ImageRef, TypedImage},
    pixels::U16,
};

use super::{Picture, frame::Crop};

/// Why a picture could not be resampled: a mistake of ours, never the operator's.
#[derive(Debug, thiserror::Error)]
pub enum ScaleError {
    /// The pixels are fewer than the picture's sides say, or a side is nothing.
    #[error("the picture's sides and pixels disagree")]
    Buffer,
    /// The crop leaves the picture.
    #[error("the crop leaves the picture")]
    Crop(#[source] ResizeError),
}

/// The crop of a picture, resampled to `width` × `height` with a three-lobed Lanczos filter.
///
/// # Errors
/// When the crop leaves the picture.
pub(super) fn resample(
    picture: &Picture,
    crop: &Crop,
    width: u32,
    height: u32,
) -> Result<Picture, ScaleError> {
    with_options(picture, width, height, &lanczos(crop, (picture.width, picture.height)))
}

fn lanczos(crop: &Crop, (width, height): (u32, u32)) -> ResizeOptions {
    let (left, wide) = settled((crop.x, crop.width), width);
    let (top, high) = settled((crop.y, crop.height), height);
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(left, top, wide, high)
}

/// A stretch (its beginning and length) without what rounding put beyond the ends of a side: a crop against an edge of
/// the shot is inside of it, but counted from another origin its last bit may not be.
pub(super) fn settled((from, length): (f64, f64), side: u32) -> (f64, f64) {
    /// In pixels: a thousand times what rounding amounts to, and nothing that anybody sees.
    const ROUNDING: f64 = 1e-9;
    let from = if (-ROUNDING..0.0).contains(&from) { 0.0 } else { from };
    let beyond = from + length - f64::from(side);
    (from, if beyond > 0.0 && beyond < ROUNDING { f64::from(side) - from } else { length })
}

/// One plane of a picture, sixteen bits a sample, row by row.
#[derive(Clone)]
pub(super) struct Plane {
    /// Samples across.
    pub(super) width: u32,
    /// Samples down.
    pub(super) height: u32,
    /// The samples.
    pub(super) samples: Vec<u16>,
}

/// The crop of a plane, as by [`resample`].
///
/// # Errors
/// When the crop leaves the plane.
pub(super) fn resample_plane(
    plane: Plane,
    crop: &Crop,
    width: u32,
    height: u32,
) -> Result<Vec<u16>, ScaleError> {
    // Of the same size and layout: the memory stays where it is.
    let options = lanczos(crop, (plane.width, plane.height));
    let samples = plane.samples.into_iter().map(U16::new).collect();
    let source = TypedImage::from_pixels(plane.width, plane.height, samples);
    let source = source.map_err(|_wrong_size| ScaleError::Buffer)?;
    let mut target = TypedImage::<U16>::new(width, height);
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(ScaleError::Crop)?;
    Ok(target.pixels().iter().map(|sample| sample.0).collect())
}

/// The whole picture, made smaller by averaging, so that its longer side is at most `longest`; a picture
/// that is small enough already is copied as it is.
///
/// # Errors
/// When the picture has no pixels.
pub(super) fn shrink(picture: &Picture, longest: u32) -> Result<Picture, ScaleError> {
    let side = picture.width.max(picture.height);
    if side <= longest {
        return Ok(picture.clone());
    }
    let shorter =
        |length: u32| (f64::from(length) * f64::from(longest) / f64::from(side)).round().max(1.0) as u32;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    with_options(picture, shorter(picture.width), shorter(picture.height), &options)
}

fn with_options(
    picture: &Picture,
    width: u32,
    height: u32,
    options: &ResizeOptions,
) -> Result<Picture, ScaleError> {
    let source = ImageRef::new(picture.width, picture.height, &picture.pixels, PixelType::U8x3)
        .map_err(|_wrong_size| ScaleError::Buffer)?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    Resizer::new().resize(&source, &mut target, options).map_err(ScaleError::Crop)?;
    Ok(Picture { width, height, pixels: target.into_vec(), colours: picture.colours.clone() })
}
