//! Where to cut: plain geometry, no pixels.
//!
//! A crop is an upright rectangle of the shot, resampled once by one scale: never turned, mirrored, padded or
//! enlarged. So two numbers decide everything: the scale `s` (portrait pixels per shot pixel) and the height
//! `t` at which the top of the hair lands. Every rule of 99号 and every edge of the shot is a straight line
//! in `s` and `t`; together they enclose a convex region, and the solver takes the point of that region whose
//! head size, and then whose hair top, is nearest to the target. If the region is empty, the two rules that
//! exclude each other say what the photographer must change.

mod solver;

use serde::{Deserialize, Serialize};

pub use solver::solve;

/// A head in pixels of the shot it was found in (upright, origin at the upper left).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Head {
    /// Top of the hair.
    pub hair_top: f64,
    /// Lowest point of the chin.
    pub chin: f64,
    /// Mean height of the pupils.
    pub eye_line: f64,
    /// From cheek to cheek.
    pub face_width: f64,
    /// Middle between the cheeks.
    pub center_x: f64,
    /// How far the line of the pupils leans, in degrees; positive when it falls to the right.
    pub roll_deg: f64,
}

/// The part of the shot that becomes the portrait, in (fractional) shot pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Where a head ended up, in pixels of the portrait.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FaceInFrame {
    /// Top of the hair.
    pub hair_top: f64,
    /// Chin.
    pub chin: f64,
    /// Pupils.
    pub eyes: f64,
    /// Cheek to cheek.
    pub width: f64,
    /// Middle between the cheeks.
    pub center_x: f64,
}

/// A solved frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// What to cut.
    pub crop: Crop,
    /// Portrait pixels per shot pixel; more than 1 only where enlarging was allowed for measuring.
    pub scale: f64,
    /// Where the head lands.
    pub face: FaceInFrame,
}

/// Whether a head that is too small in the shot may be enlarged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enlarging {
    /// Never: what is kept shows only what the lens saw.
    #[default]
    Forbidden,
    /// For measuring on small pictures; the result can never be kept.
    ForMeasuring,
}

/// Why no crop satisfies the rules: what the photographer must change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No room above the hair.
    #[error("the hair is too close to the upper edge of the shot")]
    NoRoomAbove,
    /// No room below the shoulders.
    #[error("the body is cut off too high by the lower edge of the shot")]
    NoRoomBelow,
    /// The sitter is too far to the left of the shot.
    #[error("the sitter is too close to the left edge of the shot")]
    NoRoomLeft,
    /// The sitter is too far to the right of the shot.
    #[error("the sitter is too close to the right edge of the shot")]
    NoRoomRight,
    /// The head has too few pixels.
    #[error("the head is too small in the shot: it would have to be enlarged")]
    TooFar,
    /// The hair stands so high that the eyes cannot be where they must.
    #[error("the hair is too high for the eyes to be inside their window")]
    HairTooHigh,
    /// The measured proportions are no head's.
    #[error("the proportions found are not those of a head before a camera")]
    NoSuchHead,
}

impl Head {
    /// Finite, inside the shot, the right way up.
    pub(super) fn is_plausible(&self, shot: (f64, f64)) -> bool {
        let finite = [self.hair_top, self.chin, self.eye_line, self.face_width, self.center_x];
        finite.iter().all(|number| number.is_finite())
            && self.hair_top >= 0.0
            && self.hair_top < self.eye_line
            && self.eye_line < self.chin
            && self.hair_top < shot.1
            && self.face_width > 0.0
            && self.center_x > 0.0
            && self.center_x < shot.0
    }
}
