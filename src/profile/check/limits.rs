//! The limits of the checks: a doubt comes before a refusal, and every number is one that can be measured.

use super::Doubt;
use crate::{
    profile::{Limit, Profile, ProfileError, SoftLimit, overruling},
    shot::PITCH_ZERO_DEG,
};

/// Refuses limits that cannot be meant.
pub(super) fn check(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    pairs(doubt, profile)?;
    soft_limits(doubt, profile)?;
    single(doubt, profile)?;
    if let Some(said) = overruling::doubt(&profile.checks.may_be_overruled) {
        doubt.refuse_unless(false, "checks.may_be_overruled", || said)?;
    }
    shares(doubt, profile)
}

/// `warn` must be met before `fail`, in whichever direction the measure gets worse.
fn pairs(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let rising = |limit: Limit| limit.warn <= limit.fail;
    let falling = |limit: Limit| limit.warn >= limit.fail;
    let checks = &profile.checks;
    for (key, limit, holds) in [
        ("backdrop.colour_difference", profile.backdrop.colour_difference, rising as fn(Limit) -> bool),
        ("frame.off_centre_px", profile.frame.off_centre_px, rising),
        ("checks.roll_deg", checks.roll_deg, rising),
        ("checks.sharpness.focus", checks.sharpness.focus, falling),
        ("checks.sharpness.edges", checks.sharpness.edges, falling),
        ("checks.sharpness.motion", checks.sharpness.motion, falling),
        ("checks.yaw_deg", checks.yaw_deg, rising),
        ("checks.nose_aside_percent", checks.nose_aside_percent, rising),
        ("checks.pitch_deg", checks.pitch_deg, rising),
        ("checks.pupil_distance_px", checks.pupil_distance_px, falling),
        ("checks.eyes.lid_gap", checks.eyes.lid_gap, falling),
        ("checks.eyes.blink", checks.eyes.blink, rising),
        ("checks.eyes.glare_percent", checks.eyes.glare_percent, rising),
        ("checks.eyes.red", checks.eyes.red, rising),
        ("checks.mouth.lip_gap", checks.mouth.lip_gap, rising),
        ("checks.mouth.jaw_open", checks.mouth.jaw_open, rising),
    ] {
        let numbers = [limit.warn, limit.fail].iter().all(|number| number.is_finite() && *number >= 0.0);
        doubt.refuse_unless(numbers && holds(limit), key, || {
            format!("a value would fail ({}) before it warns ({})", limit.fail, limit.warn)
        })?;
    }
    Ok(())
}

/// Limits of one number.
fn single(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let (batch, checks) = (profile.consistency, &profile.checks);
    for (key, value) in [
        ("consistency.head_px", batch.head_px),
        ("consistency.light", batch.light),
        ("consistency.cloth", batch.cloth),
    ] {
        doubt.refuse_unless(value.is_finite() && value > 0.0, key, || format!("{value} is no difference"))?;
    }
    for (key, most) in [
        ("checks.hair_height", checks.hair_height),
        ("checks.eyes.gaze", checks.eyes.gaze),
        ("checks.mouth.smile", checks.mouth.smile),
    ] {
        doubt.refuse_unless(most.is_finite() && most >= 0.0, key, || format!("{most} is no limit"))?;
    }
    let zero = checks.pitch_zero_deg;
    doubt.refuse_unless(PITCH_ZERO_DEG.contains(&zero), "checks.pitch_zero_deg", || {
        format!("no camera stands so that a straight look reads {zero}°")
    })
}

/// Shares of a whole.
fn shares(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let one = profile.checks.one_face;
    for (key, share) in [
        ("checks.one_face.min_score", one.min_score),
        ("checks.one_face.min_height", one.min_height),
        ("checks.one_face.second_area", one.second_area),
        ("acceptance.first_pass_rate", profile.acceptance.first_pass_rate),
        ("acceptance.visible_outliers", profile.acceptance.visible_outliers),
        ("frame.head_room", profile.frame.head_room),
    ] {
        doubt.refuse_unless((0.0..=1.0).contains(&share), key, || {
            format!("{share} is not a share between 0 and 1")
        })?;
    }
    Ok(())
}

/// The same where either half may be missing.
fn soft_limits(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let (backdrop, checks) = (&profile.backdrop, &profile.checks);
    let (light, clothes) = (checks.light, checks.clothes);
    let (rising, falling) =
        (SoftLimit::is_rising as fn(SoftLimit) -> bool, SoftLimit::is_falling as fn(SoftLimit) -> bool);
    for (key, limit, holds) in [
        ("backdrop.unevenness", backdrop.unevenness, rising),
        ("backdrop.gradient", backdrop.gradient, rising),
        ("backdrop.head_shadow", backdrop.head_shadow, rising),
        ("checks.sharpness.of_reference", checks.sharpness.of_reference, falling),
        ("checks.light.over_exposure", light.over_exposure, rising),
        ("checks.light.under_exposure", light.under_exposure, rising),
        ("checks.light.dynamic_range", light.dynamic_range, falling),
        ("checks.light.evenness", light.evenness, falling),
        ("checks.light.colour_cast", light.colour_cast, rising),
        ("checks.clothes.contrast", clothes.contrast, falling),
        ("checks.clothes.blue", clothes.blue, rising),
        ("checks.clothes.shoulders_deg", clothes.shoulders_deg, rising),
        ("checks.side_margin_px", checks.side_margin_px, falling),
    ] {
        doubt.refuse_unless(holds(limit), key, || {
            let half = |number: Option<f64>| number.map_or("never".to_owned(), |number| number.to_string());
            format!("a value would fail ({}) before it warns ({})", half(limit.fail), half(limit.warn))
        })?;
    }
    Ok(())
}
