//! 校准: what a reference portrait says of a station, and whether it is fit to be one.
//!
//! Before the first student somebody sits down before the cloth and looks straight into the lens. The portrait is made
//! as any other; what depends on the room and not on the person is read off it.

use super::{Decline, Development, Portrait, References, Verdict, lab::Lab};
use crate::{
    language::Phrase,
    profile::{Backdrop, Profile},
    settings::Calibration,
    shot::Moment,
};

/// Why a shot is no reference.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NoReference {
    /// No portrait came of it: nobody there, two people, too near.
    #[error("no portrait came of it")]
    Declined(Decline),
    /// Checks failed that a calibration does not change; in the words the operator knows them by.
    #[error("{} checks failed", .0.len())]
    Failed(Vec<Phrase>),
    /// Hardly any cloth is seen.
    #[error("hardly any cloth is seen")]
    NoCloth,
}

impl From<&Calibration> for References {
    fn from(calibration: &Calibration) -> Self {
        Self {
            cloth: Some(calibration.cloth),
            focus: Some(calibration.focus),
            edges: Some(calibration.edges),
            pitch_zero_deg: Some(calibration.pitch_zero_deg),
        }
    }
}

/// Reads a calibration off a shot that was developed without any references. The cloth is what it is where the profile
/// lets a sample count; any other check must not fail. Nor must the pitch: straight looks of different people read up
/// to 9 degrees apart (facts/portrait.md), so a reading beyond the profile's limit is a head that is held badly or a
/// camera that stands badly, and no zero.
///
/// # Errors
/// When the shot is no good reference.
pub fn calibrate(
    development: &Development,
    profile: &Profile,
    taken: Moment,
    camera: Option<String>,
) -> Result<Calibration, NoReference> {
    let portrait = development.outcome.as_ref().map_err(|why| NoReference::Declined(why.clone()))?;
    let is_measured = |check: &str| check == "backdrop_colour" && profile.backdrop.may_use_sample;
    let failed = portrait.findings.iter().filter(|finding| finding.answer.verdict == Verdict::Fail);
    let failed: Vec<Phrase> =
        failed.filter(|finding| !is_measured(finding.check)).map(|finding| finding.title.clone()).collect();
    if !failed.is_empty() {
        return Err(NoReference::Failed(failed));
    }
    let cloth = portrait.cloth.ok_or(NoReference::NoCloth)?;
    let features = development.features.as_deref().ok_or(NoReference::Declined(Decline::NoFace))?;
    Ok(Calibration {
        taken,
        camera,
        cloth,
        focus: sharpness(portrait, "focus")?,
        edges: sharpness(portrait, "edges")?,
        pitch_zero_deg: features.pitch_deg,
    })
}

/// A measure of sharpness that others can be held against.
fn sharpness(portrait: &Portrait, check: &str) -> Result<f64, NoReference> {
    let finding = portrait.findings.iter().find(|finding| finding.check == check);
    let value = finding.map_or(f64::NAN, |finding| finding.answer.value);
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(NoReference::Failed(finding.map(|finding| finding.title.clone()).into_iter().collect()))
}

/// The lightness of a pixel, L\*, 0 to 100.
#[must_use]
pub fn lightness(rgb: [u8; 3]) -> f64 {
    Lab::from_srgb(rgb.map(f64::from)).l
}

/// How far a cloth is from the nearest colour that the school names, CIEDE2000. A sample may stand for that colour; a
/// person should know how far it leads away.
#[must_use]
pub fn off_colour(cloth: [u8; 3], backdrop: &Backdrop) -> f64 {
    let lab = |rgb: [u8; 3]| Lab::from_srgb(rgb.map(f64::from));
    let named = backdrop.also.iter().copied().chain([backdrop.rgb]);
    named.map(|named| lab(cloth).difference(lab(named))).fold(f64::INFINITY, f64::min)
}

/// What is different from the last calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The cloth's lightness, in L\*; positive where it is lighter now.
    pub light: f64,
    /// The cloth's colour, lightness included, CIEDE2000.
    pub cloth: f64,
    /// Sharpness now, as a share of what it was.
    pub focus: f64,
    /// The same for `edges`.
    pub edges: f64,
    /// The pitch's zero, in degrees; positive where the chin reads further up now.
    pub pitch_deg: f64,
}

/// What is different from the last calibration.
#[must_use]
pub fn change(last: &Calibration, now: &Calibration) -> Change {
    let [before, after] = [last, now].map(|one| Lab::from_srgb(one.cloth.map(f64::from)));
    Change {
        light: after.l - before.l,
        cloth: before.difference(after),
        focus: now.focus / last.focus,
        edges: now.edges / last.edges,
        pitch_deg: now.pitch_zero_deg - last.pitch_zero_deg,
    }
}
