//! From a shot to a portrait that meets the school's demands: decode, find, frame, scale, compress, judge.
//!
//! Pure: bytes and a [`Profile`] in, bytes and findings out. Declining ranks above a bad crop: whatever is
//! not certain is refused with the reason in words. Nothing is turned, mirrored, padded or retouched; the
//! portrait is one crop of the shot, resampled once.

mod calibration;
mod checks;
mod colour;
mod consistency;
mod decline;
mod decode;
mod drift;
mod explain;
mod face;
mod frame;
mod jpeg;
mod lab;
mod live;
mod making;
mod negative;
mod opened;
mod pixels;
mod scale;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

pub use calibration::{Change, NoReference, calibrate, change, lightness, off_colour};
pub use checks::{Answer, CHECKS, Check, Finding, Subject, Verdict};
pub use consistency::{Difference, Look, differences};
pub use decline::Decline;
pub use decode::{Colours, DecodeError, LONGEST_SIDE, Named, Picture, decode, inspect};
pub use drift::{Away, Drift};
pub use explain::explain;
pub use face::{
    Expression, Eye, Face, FaceBox, FaceFinder, Features, FinderError, Found, ModelFinder, PersonMask, Point,
    PretendFinder,
};
pub use frame::{Crop, Enlarging, FaceInFrame, FrameError, Head, Placement, solve};
pub use jpeg::{
    ByteWindow, Demand, Encoded, FitError, MarkerError, Markers, Rgb, RgbError, fit, fit_by_rounding, markers,
};
pub use live::{CropShare, Glimpse, LiveHint, advise, glance};
pub use making::{Making, Record, Resampler, remake};
pub use negative::{Negative, Part, Region, Unsupported};
pub use pixels::{Pixels, References};
pub use scale::ScaleError;

use crate::{profile::Profile, shot::Digest};
use opened::Opened;

/// A finished portrait and what we think of it.
#[derive(Clone, PartialEq)]
pub struct Portrait {
    /// The file, as it will be delivered.
    pub jpeg: Arc<[u8]>,
    /// The file's SHA-256.
    pub sha256: Digest,
    /// Its JPEG quality on the IJG scale.
    pub quality: u8,
    /// Where it was cut and where the head is in it.
    pub placement: Placement,
    /// How it was made.
    pub making: Arc<Making>,
    /// The median colour of the cloth in sRGB; `None` when hardly any is seen.
    pub cloth: Option<[u8; 3]>,
    /// What the checks say.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Portrait {
    /// Without the picture: a face has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portrait")
            .field("bytes", &self.jpeg.len())
            .field("quality", &self.quality)
            .field("failed", &self.failed_checks().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Portrait {
    /// Whether it may be kept: no check failed, and nothing was enlarged.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        !self.is_enlarged() && self.failed_checks().next().is_none()
    }

    /// Whether it shows more pixels than the lens saw. Such a portrait is for measuring and never kept.
    #[must_use]
    pub fn is_enlarged(&self) -> bool {
        self.placement.scale > 1.0
    }

    /// The names of the checks that failed.
    pub fn failed_checks(&self) -> impl Iterator<Item = &'static str> {
        let failed = self.findings.iter().filter(|finding| finding.answer.verdict == Verdict::Fail);
        failed.map(|finding| finding.check)
    }

    /// The worst verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.answer.verdict).max().unwrap_or(Verdict::Pass)
    }
}

/// How long each step took, in milliseconds of wall time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepTimes {
    /// The file to upright pixels.
    pub decode: f64,
    /// Face, landmarks, hair.
    pub find: f64,
    /// Solving the frame and resampling.
    pub frame: f64,
    /// Compressing and judging.
    pub encode: f64,
}

impl StepTimes {
    /// All steps together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.decode + self.find + self.frame + self.encode
    }
}

/// What became of a shot.
#[derive(Debug, Clone)]
pub struct Development {
    /// A portrait, or why there is none.
    pub outcome: Result<Portrait, Decline>,
    /// The head that was found, in pixels of the upright shot, even if no portrait came of it.
    pub head: Option<Head>,
    /// How that head is held and what the face does.
    pub features: Option<Box<Features>>,
    /// How long it took.
    pub times: StepTimes,
}

/// Makes a portrait of a camera's file, at a station that measured nothing before.
pub fn develop(
    jpeg: &[u8],
    profile: &Profile,
    finder: &mut dyn FaceFinder,
    enlarging: Enlarging,
) -> Development {
    develop_with(jpeg, profile, &References::default(), finder, enlarging)
}

/// The same at a station with references of its own.
pub fn develop_with(
    jpeg: &[u8],
    profile: &Profile,
    references: &References,
    finder: &mut dyn FaceFinder,
    enlarging: Enlarging,
) -> Development {
    let mut watch = Stopwatch::start();
    let outcome = sheltered(|| {
        let opened = Opened::new(jpeg).map_err(Decline::Unreadable);
        watch.lap(|times| &mut times.decode);
        steps(&opened?, profile, references, finder, enlarging, &mut watch)
    });
    Development { outcome, head: watch.head, features: watch.features, times: watch.times }
}

/// Does some work on a file. A decoder's or a model's panic over one strange file must not end the darkroom: the shot is
/// declined.
fn sheltered<T>(work: impl FnOnce() -> Result<T, Decline>) -> Result<T, Decline> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|_panic| Err(Decline::Darkroom("a step panicked".to_owned())))
}

/// A picture for the screen alone: decoded, and made smaller until its longer side is at most `longest`. `None`
/// when it cannot be decoded, whatever it does to the decoder.
#[must_use]
pub fn preview(jpeg: &[u8], longest: u32) -> Option<Picture> {
    catch_unwind(|| {
        let picture = decode(jpeg).ok()?;
        let fits = picture.width.max(picture.height) <= longest;
        if fits { Some(picture) } else { scale::shrink(&picture, longest).ok() }
    })
    .unwrap_or_default()
}

/// The same for many small pictures: of a large file its exact eighth is read, which takes a third of the time.
#[must_use]
pub fn miniature(jpeg: &[u8], longest: u32) -> Option<Picture> {
    let (width, height) = decode::inspect(jpeg).ok()?;
    let eighth = || -> Option<Picture> {
        catch_unwind(|| {
            let eighth = Negative::open(jpeg).ok()?.eighth().ok()?;
            scale::shrink(&eighth, longest).ok()
        })
        .unwrap_or_default()
    };
    let is_enough = width.max(height) / 8 >= longest;
    is_enough.then(eighth).flatten().or_else(|| preview(jpeg, longest))
}

fn steps(
    shot: &Opened<'_>,
    profile: &Profile,
    references: &References,
    finder: &mut dyn FaceFinder,
    enlarging: Enlarging,
    watch: &mut Stopwatch,
) -> Result<Portrait, Decline> {
    let found = look(shot, profile, finder);
    watch.lap(|times| &mut times.find);
    let (boxes, face) = found?;
    (watch.head, watch.features) = (Some(face.head), Some(Box::new(face.features)));
    let framed = cut(shot, &face, profile, enlarging);
    watch.lap(|times| &mut times.frame);
    let (placement, making, portrait) = framed?;
    let finished = finish(&portrait, &boxes, &face, placement, making, profile, references);
    watch.lap(|times| &mut times.encode);
    finished
}

/// Exactly one person, near enough, with the hair in sight.
fn look(
    shot: &Opened<'_>,
    profile: &Profile,
    finder: &mut dyn FaceFinder,
) -> Result<(Vec<FaceBox>, Face), Decline> {
    let limits = profile.checks.one_face;
    let Found { boxes, face } = shot.find(finder, limits.min_score)?;
    let Some(largest) = boxes.first() else { return Err(Decline::NoFace) };
    if largest.height < limits.min_height * f64::from(shot.size().1) {
        return Err(Decline::Frame(FrameError::TooFar));
    }
    let faces = checks::faces_that_count(&boxes, profile);
    if faces > 1 {
        return Err(Decline::ManyFaces { faces });
    }
    match face {
        Some(face) => Ok((boxes, face)),
        None => Err(Decline::HairOutOfSight),
    }
}

/// The crop, resampled to the portrait's size, in sRGB.
fn cut(
    shot: &Opened<'_>,
    face: &Face,
    profile: &Profile,
    enlarging: Enlarging,
) -> Result<(Placement, Making, Picture), Decline> {
    let placement = solve(&face.head, shot.size(), profile, enlarging)?;
    let making = Making::new(shot, placement.crop, profile);
    let framed = making.frame(shot)?;
    Ok((placement, making, framed))
}

/// Compresses, reads the file back, and judges it.
fn finish(
    picture: &Picture,
    boxes: &[FaceBox],
    face: &Face,
    placement: Placement,
    making: Making,
    profile: &Profile,
    references: &References,
) -> Result<Portrait, Decline> {
    let Encoded { bytes, quality, .. } = making.compress(picture)?;
    let markers = markers(&bytes).map_err(Decline::BadOutput)?;
    // Decoded back by the library, not by us: a file nobody else can read is no portrait.
    decode(&bytes).map_err(Decline::Unreadable)?;
    let subject = Subject {
        picture,
        boxes,
        placement: &placement,
        roll_deg: face.head.roll_deg,
        features: &face.features,
        pitch_zero_deg: references.pitch_zero_deg.unwrap_or(profile.checks.pitch_zero_deg),
        outline: &face.outline,
        person: &face.person,
        bytes: bytes.len(),
        markers: &markers,
        references,
        pixels: Pixels::default(),
    };
    let findings = checks::judge(&subject, profile);
    let cloth = subject.cloth().map(|cloth| cloth.colour.to_srgb());
    let (sha256, making) = (Digest::of(&bytes), Arc::new(making));
    Ok(Portrait { jpeg: bytes.into(), sha256, quality, placement, making, cloth, findings })
}

/// Watches a development: how long each step takes, and what was found on the way.
struct Stopwatch {
    since: Instant,
    times: StepTimes,
    head: Option<Head>,
    features: Option<Box<Features>>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { since: Instant::now(), times: StepTimes::default(), head: None, features: None }
    }

    fn lap(&mut self, step: impl FnOnce(&mut StepTimes) -> &mut f64) {
        *step(&mut self.times) = self.since.elapsed().as_secs_f64() * 1000.0;
        self.since = Instant::now();
    }
}
