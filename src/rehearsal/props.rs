//! The props of a rehearsal: pictures in their order, what the boards say, phones with codes.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    RehearsalError,
    scene::Scene,
    script::{Incident, Look, Script},
};
use crate::{
    profile::{Decoder, Profile},
    scan::Luma,
};

/// Every picture of a morning, in the order they are needed.
pub(super) fn scenes(script: &Script, profile: &Profile) -> Vec<Scene> {
    let target = profile.frame.target;
    let chest = (f64::from(profile.photo.height_px) - target.hair_top_px - target.head_px) / target.head_px;
    let mut dice = fastrand::Rng::with_seed(script.seed ^ 0x5ce9e);
    let morning = Morning::of(script.seed, profile);
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
            let phone = in_hand(turn.student, *look).map(|student| code_of(&morning, student, 0));
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

/// A student's capture code in this morning, as it is downloaded for the `visit`th time: another time stamp, the same
/// student. It has the form 学信网's codes are thought to have, so that a rehearsal shows what the screen would; nobody
/// of that name or number exists.
pub(super) fn code_of(morning: &Morning, student: usize, visit: usize) -> String {
    code_at(morning, &morning.school_code, student, visit)
}

/// The code of the same person's enrolment at another school.
pub(super) fn code_elsewhere(morning: &Morning, student: usize) -> String {
    let elsewhere = if morning.school_code == NO_SCHOOL { "99998" } else { NO_SCHOOL };
    code_at(morning, elsewhere, student, 0)
}

fn code_at(morning: &Morning, school_code: &str, student: usize, visit: usize) -> String {
    let mut dice =
        fastrand::Rng::with_seed(morning.seed.wrapping_mul(1_000_003).wrapping_add(student as u64));
    let number = format!("{:016x}", dice.u64(..));
    let last_four = format!("{:04}", dice.u32(..10_000));
    let name = format!("{}*{}", pick(&SURNAMES, &mut dice), pick(&GIVEN, &mut dice));
    // 2026-11-01 08:00 in Beijing, and a minute for each download.
    let visit = if morning.looked_into { visit as u64 } else { 0 };
    let stamp = 1_793_491_200_000_u64 + visit * 60_000;
    let json = serde_json::json!({
        "sjc": stamp.to_string(), "cjm": number, "yxdm": school_code, "zjhm": last_four,
        "xh": format!("2026{student:06}"), "cc": morning.level, "xllb": "演练", "fy": "演练学院",
        "xm": name, "bh": format!("{:02}", student / 40),
    });
    STANDARD.encode(json.to_string())
}

/// What the codes of a morning have in common.
#[derive(Debug, Clone)]
pub(super) struct Morning {
    seed: u64,
    school_code: String,
    level: String,
    /// Whether the profile looks into such codes: one that does not would take every download for another student.
    looked_into: bool,
}

impl Morning {
    pub(super) fn of(seed: u64, profile: &Profile) -> Self {
        let school_code = profile.job.school_code.clone().unwrap_or_else(|| NO_SCHOOL.to_owned());
        let level = profile.job.levels.first().cloned().unwrap_or_else(|| "本科".to_owned());
        let looked_into = profile.codes.decoders.contains(&Decoder::ChsiBase64Json);
        Self { seed, school_code, level, looked_into }
    }
}

/// No school has this 院校代码.
pub(super) const NO_SCHOOL: &str = "99999";

const SURNAMES: [char; 16] =
    ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈', '褚', '卫', '蒋', '沈', '韩', '杨'];
const GIVEN: [char; 16] =
    ['一', '宁', '安', '文', '明', '洋', '雨', '欣', '华', '轩', '琪', '凡', '岚', '舟', '青', '远'];

fn pick(from: &[char; 16], dice: &mut fastrand::Rng) -> char {
    from.get(dice.usize(..16)).copied().unwrap_or('某')
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

/// Two phones side by side, as a webcam would see them.
pub(super) fn two_phones(left: &str, right: &str, pixels_per_module: usize) -> Result<Luma, RehearsalError> {
    let (left, right) = (phone(left, pixels_per_module)?, phone(right, pixels_per_module)?);
    let (width, height) = (left.width + right.width, left.height.max(right.height));
    let grey = |place: usize| {
        let (x, y) = (place % width, place / width);
        let (phone, x) = if x < left.width { (&left, x) } else { (&right, x - left.width) };
        if y < phone.height { phone.at(x, y) } else { 220 }
    };
    Ok(Luma { width, height, pixels: (0..width * height).map(grey).collect() })
}

/// What a shop's till would read.
pub(super) const PAYMENT_CODE: &str = "wxp://f2f0rehearsal-nobody-is-paid";
