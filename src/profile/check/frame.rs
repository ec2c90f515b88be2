//! The finished file and the frame: windows with nothing in them, targets outside of them.

use super::Doubt;
use crate::profile::{Frame, Photo, ProfileError};

/// A smaller target cannot be meant: the face alone must be 180 px wide (99号 四).
const LEAST_HEAD_PX: f64 = 200.0;

/// A file that can be made.
pub(super) fn photo(doubt: &Doubt<'_>, photo: &Photo) -> Result<(), ProfileError> {
    let (min, max) = photo.bytes();
    doubt.refuse_unless(photo.size_kb.low >= 0.0, "photo.size_kb", || {
        format!("no file has {} KB", photo.size_kb.low)
    })?;
    doubt.refuse_unless(min <= max, "photo.size_kb", || {
        format!("no file satisfies both readings of KB: at least {min} bytes and at most {max}")
    })?;
    doubt.refuse_unless((1..=100).contains(&photo.min_quality), "photo.min_quality", || {
        format!("JPEG quality goes from 1 to 100, not {}", photo.min_quality)
    })?;
    doubt.refuse_unless(photo.colour_bits == 24, "photo.colour_bits", || {
        format!("a colour JPEG has 24 bits a pixel, not {}", photo.colour_bits)
    })?;
    doubt.refuse_unless((1..=4096).contains(&photo.width_px), "photo.width_px", || {
        format!("{} is no width for a portrait", photo.width_px)
    })?;
    doubt.refuse_unless((1..=4096).contains(&photo.height_px), "photo.height_px", || {
        format!("{} is no height for a portrait", photo.height_px)
    })?;
    doubt.refuse_unless(photo.dpi > 0, "photo.dpi", || "must be more than 0".to_owned())?;
    let good = ["jpg", "jpeg", "JPG", "JPEG"].contains(&photo.extension.as_str());
    doubt.refuse_unless(good, "photo.extension", || format!("{:?} is not a JPEG's", photo.extension))
}

/// Windows with room in them, and a target inside of them.
pub(super) fn frame(doubt: &Doubt<'_>, photo: &Photo, frame: &Frame) -> Result<(), ProfileError> {
    let (width, height) = (f64::from(photo.width_px), f64::from(photo.height_px));
    for (key, px) in [("frame.guard_px", frame.guard_px), ("frame.head_room_mm", frame.head_room_mm)] {
        doubt.refuse_unless(px.is_finite() && px >= 0.0, key, || format!("{px} is no length"))?;
    }
    for (key, window, edge) in [
        ("frame.hair_top_px", frame.hair_top_px, height),
        ("frame.eye_line_px", frame.eye_line_px, height),
        ("frame.face_width_px", frame.face_width_px, width),
    ] {
        doubt.refuse_unless(window.low >= 0.0 && window.high <= edge, key, || {
            format!("{window} reaches beyond the picture (0–{edge})")
        })?;
        doubt.refuse_unless(window.inset(frame.guard_px).is_some(), key, || {
            format!("nothing is left of {window} inside a guard of {} px", frame.guard_px)
        })?;
    }
    doubt.refuse_unless(frame.hair_top_px.low < frame.eye_line_px.high, "frame.eye_line_px", || {
        "the eyes cannot be above the hair".to_owned()
    })?;
    let target = frame.target;
    let lowest = frame.least_hair_top(photo);
    let highest = frame.hair_top_px.high - frame.guard_px;
    doubt.refuse_unless(
        (lowest..=highest).contains(&target.hair_top_px),
        "frame.target.hair_top_px",
        || {
            format!(
                "{} is outside of what window, guard and head room allow ({lowest}–{highest})",
                target.hair_top_px
            )
        },
    )?;
    let chin = target.hair_top_px + target.head_px;
    doubt.refuse_unless(target.head_px >= LEAST_HEAD_PX, "frame.target.head_px", || {
        format!("a head of {} px is none: at least {LEAST_HEAD_PX}", target.head_px)
    })?;
    doubt.refuse_unless(chin < height, "frame.target.head_px", || {
        format!("the chin would lie at {chin} of {height} px")
    })
}
