//! What to mend before the shutter is pressed: the questions of the checks that live view can answer, and of those
//! only the first one, in words so short that they are read from two metres.
//!
//! The frame is the live view's own, so a head is judged by where it is in it and how it is held; how many pixels the
//! shot will have is not known here. The limits are those from which the checks warn.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    Picture,
    checks::faces_that_count,
    face::{Face, FaceFinder, Features, Found},
    frame::{Crop, Enlarging, FrameError, Head, solve},
};
use crate::{language::Phrase, profile::Profile};

/// The one thing to mend first. Sides are the sitter's own: whoever sits before a lens knows no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveHint {
    /// Nobody looks into the lens.
    Nobody,
    /// Somebody else is in the picture.
    Others,
    /// The sitter must come closer.
    Closer,
    /// The sitter must go back.
    Back,
    /// The top of the hair is not in sight.
    WholeHair,
    /// The camera must look higher.
    CameraUp,
    /// The camera must look lower.
    CameraDown,
    /// The sitter must move to his left.
    SitLeft,
    /// The sitter must move to his right.
    SitRight,
    /// The hair must be flatter.
    FlatterHair,
    /// The face must turn to its left.
    TurnLeft,
    /// The face must turn to its right.
    TurnRight,
    /// The chin must go down.
    ChinIn,
    /// The chin must go up.
    ChinUp,
    /// The head leans to the sitter's right shoulder and must come up, towards the left one.
    LeanLeft,
    /// The head leans to the sitter's left shoulder and must come up, towards the right one.
    LeanRight,
    /// The eyes must open.
    OpenEyes,
    /// The lips must close.
    CloseLips,
}

impl LiveHint {
    /// Every hint.
    pub const ALL: [Self; 18] = [
        Self::Nobody,
        Self::Others,
        Self::Closer,
        Self::Back,
        Self::WholeHair,
        Self::CameraUp,
        Self::CameraDown,
        Self::SitLeft,
        Self::SitRight,
        Self::FlatterHair,
        Self::TurnLeft,
        Self::TurnRight,
        Self::ChinIn,
        Self::ChinUp,
        Self::LeanLeft,
        Self::LeanRight,
        Self::OpenEyes,
        Self::CloseLips,
    ];

    /// What is written over the picture.
    #[must_use]
    pub fn words(self) -> Phrase {
        let (zh, en) = match self {
            Self::Nobody => ("请面向镜头", "face the camera"),
            Self::Others => ("其他人请让开", "others, step aside"),
            Self::Closer => ("请坐近一点", "come closer"),
            Self::Back => ("请坐远一点", "sit further back"),
            Self::WholeHair => ("要露出整个头顶", "show the whole hair"),
            Self::CameraUp => ("镜头抬高一点", "raise the camera"),
            Self::CameraDown => ("镜头压低一点", "lower the camera"),
            Self::SitLeft => ("往自己左边坐", "move to your left"),
            Self::SitRight => ("往自己右边坐", "move to your right"),
            Self::FlatterHair => ("头发压低一点", "flatten the hair"),
            Self::TurnLeft => ("脸往自己左边转", "turn to your left"),
            Self::TurnRight => ("脸往自己右边转", "turn to your right"),
            Self::ChinIn => ("下巴收一点", "tuck your chin in"),
            Self::ChinUp => ("下巴抬一点", "lift your chin"),
            Self::LeanLeft => ("头往左肩摆正", "lean head to your left"),
            Self::LeanRight => ("头往右肩摆正", "lean head to your right"),
            Self::OpenEyes => ("请睁开眼睛", "open your eyes"),
            Self::CloseLips => ("嘴唇轻轻合上", "close your lips"),
        };
        Phrase::new(zh, en)
    }

    /// Whether it is about how somebody sits, and not about whether anybody does: an empty chair is no fault.
    #[must_use]
    pub fn is_about_a_sitter(self) -> bool {
        !matches!(self, Self::Nobody | Self::Others)
    }
}

/// What a glance at a frame of live view tells.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Glimpse {
    /// What to mend first; `None` when all is well, as far as can be seen.
    pub hint: Option<LiveHint>,
    /// What would be cut for the portrait, where it can be.
    pub crop: Option<CropShare>,
}

/// A crop in shares of a frame's width and height, 0 to 1: the same in any size of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CropShare {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// Glances at a frame of live view. A finder that fails or panics over a strange frame has nothing to say of it.
pub fn glance(
    picture: &Picture,
    profile: &Profile,
    pitch_zero_deg: f64,
    finder: &mut dyn FaceFinder,
) -> Glimpse {
    let min_score = profile.checks.one_face.min_score;
    let frame_px = (picture.width, picture.height);
    match catch_unwind(AssertUnwindSafe(|| finder.glance(picture, min_score))) {
        Ok(Ok(found)) => Glimpse {
            hint: advise(&found, frame_px, profile, pitch_zero_deg),
            crop: found.face.as_ref().and_then(|face| crop(&face.head, frame_px, profile)),
        },
        Ok(Err(_)) | Err(_) => Glimpse::default(),
    }
}

/// What would be cut of a frame for this head.
fn crop(head: &Head, frame_px: (u32, u32), profile: &Profile) -> Option<CropShare> {
    let placed = solve(head, frame_px, profile, Enlarging::ForMeasuring).ok()?;
    let (across, down) = (f64::from(frame_px.0.max(1)), f64::from(frame_px.1.max(1)));
    let Crop { x, y, width, height } = placed.crop;
    let [left, top, width, height] =
        [x / across, y / down, width / across, height / down].map(|share| share as f32);
    Some(CropShare { left, top, width, height })
}

/// What to mend first in a frame of `frame_px` (width, height); `None` when all is well, as far as can be seen.
/// `pitch_zero_deg` is what the pitch reads for a face that looks straight into this station's lens.
#[must_use]
pub fn advise(
    found: &Found,
    frame_px: (u32, u32),
    profile: &Profile,
    pitch_zero_deg: f64,
) -> Option<LiveHint> {
    let Some(largest) = found.boxes.first() else { return Some(LiveHint::Nobody) };
    if faces_that_count(&found.boxes, profile) > 1 {
        return Some(LiveHint::Others);
    }
    if largest.height < profile.checks.one_face.min_height * f64::from(frame_px.1) {
        return Some(LiveHint::Closer);
    }
    let Some(face) = &found.face else { return Some(LiveHint::WholeHair) };
    let framing = || framing(&face.head, frame_px, profile);
    framing().or_else(|| bearing(face, profile, pitch_zero_deg)).or_else(|| look(&face.features, profile))
}

/// Where the head is. Left and right of the picture are the sitter's right and left.
fn framing(head: &Head, frame_px: (u32, u32), profile: &Profile) -> Option<LiveHint> {
    // The shot has more pixels than the frame: whether they are enough is for the shot to say.
    let err = solve(head, frame_px, profile, Enlarging::ForMeasuring).err()?;
    let edge = match err {
        FrameError::NoRoomAbove => LiveHint::CameraUp,
        FrameError::NoRoomBelow => LiveHint::CameraDown,
        FrameError::NoRoomLeft => LiveHint::SitLeft,
        FrameError::NoRoomRight => LiveHint::SitRight,
        FrameError::HairTooHigh => return Some(LiveHint::FlatterHair),
        FrameError::TooFar => return Some(LiveHint::Closer),
        // Numbers that are no head's are not known; the next frame comes soon.
        FrameError::NoSuchHead => return None,
    };
    Some(if fills_the_frame(head, frame_px, profile) { LiveHint::Back } else { edge })
}

/// Whether the portrait that is aimed at would be larger than the frame: then no place in it would do.
fn fills_the_frame(head: &Head, (width, height): (u32, u32), profile: &Profile) -> bool {
    let (across, down) = (f64::from(width), f64::from(height));
    let boundless = (width.saturating_mul(3), height.saturating_mul(3));
    let moved = Head {
        hair_top: head.hair_top + down,
        chin: head.chin + down,
        eye_line: head.eye_line + down,
        center_x: head.center_x + across,
        ..*head
    };
    solve(&moved, boundless, profile, Enlarging::ForMeasuring)
        .is_ok_and(|placed| placed.crop.width > across || placed.crop.height > down)
}

/// How the head is held. A number that is not known is no fault.
fn bearing(face: &Face, profile: &Profile, pitch_zero_deg: f64) -> Option<LiveHint> {
    let (features, checks) = (&face.features, &profile.checks);
    let beyond = |value: f64, limit: f64, over: LiveHint, under: LiveHint| {
        (value.abs() > limit).then_some(if value > 0.0 { over } else { under })
    };
    // Towards the right of the picture is towards the sitter's left.
    beyond(features.yaw_deg, checks.yaw_deg.warn, LiveHint::TurnRight, LiveHint::TurnLeft)
        .or_else(|| {
            let pitch = features.pitch_deg - pitch_zero_deg;
            beyond(pitch, checks.pitch_deg.warn, LiveHint::ChinIn, LiveHint::ChinUp)
        })
        .or_else(|| beyond(face.head.roll_deg, checks.roll_deg.warn, LiveHint::LeanRight, LiveHint::LeanLeft))
}

/// Eyes and mouth. Narrow eyes are open: only where the lids are close together and the network sees a blink as well
/// is anybody told to open them.
fn look(features: &Features, profile: &Profile) -> Option<LiveHint> {
    let (eyes, mouth) = (&profile.checks.eyes, &profile.checks.mouth);
    let [right_gap, left_gap] = features.lid_gaps;
    let [right_blink, left_blink] = features.expression.blink;
    if right_gap.min(left_gap) < eyes.lid_gap.warn && right_blink.max(left_blink) > eyes.blink.warn {
        return Some(LiveHint::OpenEyes);
    }
    let speaks = features.lip_gap > mouth.lip_gap.warn || features.expression.jaw_open > mouth.jaw_open.warn;
    speaks.then_some(LiveHint::CloseLips)
}
