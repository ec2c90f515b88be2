//! The questions a portrait must answer. One file each with its words; [`CHECKS`] is the only list.
//!
//! A pass here is ours, not 学信网's: its limits are not public.

mod backdrop_colour;
mod backdrop_evenness;
mod brightness;
mod centring;
mod clothes;
mod colour_cast;
mod exposure;
mod eye_line;
mod face_width;
mod file_format;
mod file_size;
mod gaze;
mod glare;
mod hair_height;
mod hair_top;
mod head_shadow;
mod lids;
mod light_evenness;
mod motion;
mod mouth;
mod nose_aside;
mod one_face;
mod pitch;
mod pupil_distance;
mod quality;
mod red_eye;
mod roll;
mod sharpness;
mod shoulders;
mod side_margin;
mod smile;
mod soft;
mod yaw;

use super::{
    FaceInFrame, Markers, Picture, Pixels, References,
    face::{Eye, FaceBox, Features, PersonMask, Point},
    frame::Placement,
};
use crate::{
    language::Phrase,
    profile::{Limit, Profile, Window},
};

/// Every check, in the order the operator reads them.
pub const CHECKS: &[&dyn Check] = &[
    &one_face::OneFace,
    &hair_top::HairTop,
    &eye_line::EyeLine,
    &face_width::FaceWidth,
    &centring::Centring,
    &roll::Roll,
    &yaw::Yaw,
    &nose_aside::NoseAside,
    &pitch::Pitch,
    &lids::LidGap,
    &lids::Blink,
    &gaze::Gaze,
    &mouth::LipGap,
    &mouth::JawOpen,
    &smile::Smile,
    &glare::Glare,
    &red_eye::RedEye,
    &hair_height::HairHeight,
    &pupil_distance::PupilDistance,
    &sharpness::Focus,
    &sharpness::Edges,
    &motion::Motion,
    &exposure::OverExposure,
    &exposure::UnderExposure,
    &light_evenness::LightEvenness,
    &colour_cast::ColourCast,
    &brightness::Brightness,
    &brightness::DynamicRange,
    &backdrop_colour::BackdropColour,
    &backdrop_evenness::Unevenness,
    &backdrop_evenness::Gradient,
    &head_shadow::HeadShadow,
    &clothes::ClothesContrast,
    &clothes::BlueClothes,
    &shoulders::Shoulders,
    &side_margin::SideMargin,
    &file_size::FileSize,
    &quality::Quality,
    &file_format::FileFormat,
];

/// One question about a portrait.
pub trait Check: Sync {
    /// A short stable name, as findings and the journal carry it.
    fn name(&self) -> &'static str;

    /// What the operator reads beside the value.
    fn title(&self) -> Phrase;

    /// The answer, judged by the profile.
    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer;

    /// What the photographer should do when the answer is not yes, for the value that was measured.
    fn advice(&self, answer: &Answer) -> Phrase;

    /// What to tell the sitter then, in words to be read aloud; `None` where the sitter can do nothing about it.
    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        None
    }
}

/// What the checks may look at.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The portrait's pixels, before compression.
    pub picture: &'a Picture,
    /// Every face in the shot, the largest first; in shot pixels.
    pub boxes: &'a [FaceBox],
    /// Where the portrait was cut.
    pub placement: &'a Placement,
    /// How far the line of the pupils leans, in degrees.
    pub roll_deg: f64,
    /// How the face is held and what it does.
    pub features: &'a Features,
    /// What `features.pitch_deg` reads for a face that looks straight into this station's lens, in degrees.
    pub pitch_zero_deg: f64,
    /// The outline of the face, in shot pixels.
    pub outline: &'a [Point],
    /// What is person and what is not, in shot pixels.
    pub person: &'a PersonMask,
    /// The file's length in bytes.
    pub bytes: usize,
    /// What the file says about itself, read back from its bytes.
    pub markers: &'a Markers,
    /// What the station measured before; nothing where it did not.
    pub references: &'a References,
    /// What several checks ask of the pixels; empty at first.
    pub pixels: Pixels,
}

impl Subject<'_> {
    /// Where the head is, in portrait pixels.
    #[must_use]
    pub fn face(&self) -> &FaceInFrame {
        &self.placement.face
    }

    /// A point of the shot, in portrait pixels.
    pub(super) fn in_portrait(&self, at: Point) -> Point {
        let (crop, scale) = (self.placement.crop, self.placement.scale);
        Point { x: (at.x - crop.x) * scale, y: (at.y - crop.y) * scale }
    }

    /// The colours inside a shape that lies within `width` × `height` portrait pixels around a point of the
    /// portrait. `inside` is asked with the distance of each pixel's middle from that point.
    fn colours_around(
        &self,
        at: Point,
        (width, height): (f64, f64),
        inside: impl Fn(f64, f64) -> bool,
    ) -> Vec<[u8; 3]> {
        let across = self.picture.width as usize;
        let stretch = |middle: f64, length: f64, end: u32| {
            let (from, to) = (middle - length / 2.0, middle + length / 2.0);
            (from.floor().max(0.0) as usize)..(to.ceil().clamp(0.0, f64::from(end)) as usize)
        };
        let (columns, rows) =
            (stretch(at.x, width, self.picture.width), stretch(at.y, height, self.picture.height));
        let mut colours = Vec::new();
        for row in rows {
            for column in columns.clone() {
                let (dx, dy) = (column as f64 + 0.5 - at.x, row as f64 + 0.5 - at.y);
                let start = 3 * (row * across + column);
                if let Some(&[red, green, blue]) = self.picture.pixels.get(start..start + 3)
                    && inside(dx, dy)
                {
                    colours.push([red, green, blue]);
                }
            }
        }
        colours
    }

    /// The middle of a portrait pixel, in shot pixels.
    pub(super) fn in_shot(&self, column: usize, row: usize) -> Point {
        let (crop, scale) = (self.placement.crop, self.placement.scale);
        Point { x: crop.x + (column as f64 + 0.5) / scale, y: crop.y + (row as f64 + 0.5) / scale }
    }
}

/// A check's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As demanded.
    Pass,
    /// Allowed, but look twice.
    Warn,
    /// Must be taken again.
    Fail,
}

impl Verdict {
    /// Its short stable name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// A measured value and what it means.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it means.
    pub verdict: Verdict,
    /// What was measured, in the check's unit; no number (NaN) where it could not be seen.
    pub value: f64,
    /// What is demanded, as people write it: `≤ 5°`, `50–110 px`.
    pub limit: String,
}

impl Answer {
    /// Good up to `limit.warn`, bad beyond `limit.fail`; `unit` follows the numbers. A value that is no number is
    /// not known: a person looks.
    fn at_most(value: f64, limit: Limit, unit: &str) -> Self {
        let verdict = if value > limit.fail {
            Verdict::Fail
        } else if value <= limit.warn {
            Verdict::Pass
        } else {
            Verdict::Warn
        };
        Self { verdict, value, limit: format!("≤ {}{unit}", limit.warn) }
    }

    /// Good from `limit.warn` on, bad below `limit.fail`. A value that is no number is not known: a person looks.
    fn at_least(value: f64, limit: Limit, unit: &str) -> Self {
        let verdict = if value < limit.fail {
            Verdict::Fail
        } else if value >= limit.warn {
            Verdict::Pass
        } else {
            Verdict::Warn
        };
        Self { verdict, value, limit: format!("≥ {}{unit}", limit.warn) }
    }

    /// Good up to `most`, doubtful beyond it and never bad: for measures that nobody could hold against pictures of
    /// both kinds yet, and for what is no fault in itself.
    fn doubtful_above(value: f64, most: f64, unit: &str) -> Self {
        Self::at_most(value, Limit { warn: most, fail: f64::INFINITY }, unit)
    }

    /// Bad outside of the window, doubtful within `guard` of its ends.
    fn inside(value: f64, window: Window, guard: f64, unit: &str) -> Self {
        // The solver may stop exactly on the guard; rounding must not turn that into a doubt.
        const ROUNDING: f64 = 1e-6;
        let safe = window.inset(guard - ROUNDING).is_some_and(|inner| inner.contains(value));
        let verdict = match (window.contains(value), safe) {
            (false, _) => Verdict::Fail,
            (true, false) => Verdict::Warn,
            (true, true) => Verdict::Pass,
        };
        Self { verdict, value, limit: format!("{window}{unit}") }
    }
}

/// A check's name with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// What the operator reads.
    pub title: Phrase,
    /// Its answer.
    pub answer: Answer,
    /// What the photographer should do; `None` when it passed.
    pub advice: Option<Phrase>,
    /// What to tell the sitter; `None` when it passed, or when the sitter can do nothing about it.
    pub sitter: Option<Phrase>,
}

/// Asks every question.
#[must_use]
pub(super) fn judge(subject: &Subject<'_>, profile: &Profile) -> Vec<Finding> {
    CHECKS.iter().map(|check| ask(*check, subject, profile)).collect()
}

fn ask(check: &dyn Check, subject: &Subject<'_>, profile: &Profile) -> Finding {
    let answer = check.judge(subject, profile);
    let (advice, sitter) = match answer.verdict {
        Verdict::Pass => (None, None),
        Verdict::Warn | Verdict::Fail => (Some(check.advice(&answer)), check.sitter(&answer)),
    };
    Finding { check: check.name(), title: check.title(), answer, advice, sitter }
}

/// How many faces count, and what is wrong when it is not one: asked before anything is cut.
pub(super) fn faces_that_count(boxes: &[FaceBox], profile: &Profile) -> usize {
    one_face::count(boxes, profile)
}
