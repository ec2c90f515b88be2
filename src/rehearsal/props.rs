//! The props of a rehearsal: pictures in their order, what the boards say, phones with codes.

use std::collections::BTreeMap;

use super::{
    RehearsalError,
    scene::Scene,
    script::{Incident, Look, Script},
};
use crate::{profile::Profile, scan::Luma};

/// Every picture of a morning, in the order they are needed.
pub(super) fn scenes(script: &Script, profile: &Profile) -> Vec<Scene> {
    let target = profile.frame.target;
    let chest = (f64::from(profile.photo.height_px) - target.hair_top_px - target.head_px) / target.head_px;
    let mut dice = fastrand::Rng::with_seed(script.seed ^ 0x5ce9e);
    let mut takes: BTreeMap<usize, usize> = BTreeMap::new();
    let mut scenes = Vec::new();
    for (place, turn) in script.turns.iter().enumerate() {
        let person = turn.student;
        if turn.incident == Some(Incident::BodyShotBefore) {
            let label = format!("P{place:04}");
            let (look, person, seed) = (Look::Good, person + 1, dice.u64(..));
            scenes.push(Scene { label, look, person, seed, chest, phone: None });
        }
        for look in &turn.shots {
            let take = takes.entry(turn.student).or_default();
            *take += 1;
            let label = label_of(turn.student, *take);
            let phone = in_hand(turn.student, *look).map(|student| code_of(script.seed, student));
            scenes.push(Scene { label, look: *look, person, seed: dice.u64(..), chest, phone });
        }
    }
    scenes
}

/// Whose phone a student holds into the picture: some hold their own, which is no harm.
fn in_hand(student: usize, look: Look) -> Option<usize> {
    match look {
        Look::AnothersPhone => Some(student + 1),
        Look::Good => student.is_multiple_of(3).then_some(student),
        Look::NoFace | Look::TwoFaces | Look::Blurred | Look::TooClose | Look::Tilted => None,
    }
}

/// What the board says on a student's chest.
fn label_of(student: usize, take: usize) -> String {
    format!("S{student:04}K{take}")
}

/// The student a board speaks of.
pub(super) fn student_of(label: &str) -> Option<usize> {
    label.strip_prefix('S')?.split('K').next()?.parse().ok()
}

/// A student's capture code in this morning.
pub(super) fn code_of(seed: u64, student: usize) -> String {
    let mut dice = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(student as u64));
    format!("REHEARSAL-{student:05}-{:016x}{:016x}", dice.u64(..), dice.u64(..))
}

/// A phone's screen with a code on it, as a webcam would see it.
pub(super) fn phone(code: &str, pixels_per_module: usize) -> Result<Luma, RehearsalError> {
    let code = qrcode::QrCode::new(code).map_err(|_too_long| RehearsalError::Assets)?;
    let modules: Vec<bool> =
        code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    let quiet = 6;
    let side = (code.width() + 2 * quiet) * pixels_per_module;
    let grey = |place: usize| {
        let module = |n: usize| (n / pixels_per_module).checked_sub(quiet).filter(|n| *n < code.width());
        match (module(place % side), module(place / side)) {
            (Some(column), Some(row)) if modules.get(row * code.width() + column) == Some(&true) => 30,
            _ => 220,
        }
    };
    Ok(Luma { width: side, height: side, pixels: (0..side * side).map(grey).collect() })
}
