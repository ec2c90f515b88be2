//! What is tried in which order, and when to give up.

use super::{
    super::Luma,
    Code,
    finder::{Finder, finders},
    geometry::Point,
    layout::marks,
    light::{Thresholds, halved, smoothed},
    modules::{Ink, Look, Modules, corners},
    plane::{Plane, planes},
    triple::triples,
};

/// So many groups of three finder patterns are looked at in one copy of a picture.
const TRIPLES: usize = 24;

/// So many planes are sampled in one copy of a picture.
const PLANES: usize = 6;

/// Of the modules known beforehand, so many must be right before decoding is tried.
const AGREEMENT: f64 = 0.78;

/// Longer sides than this are looked at in a copy of half the size first.
const LARGE: usize = 1600;

/// Codes this close in pixels are one.
pub(super) fn climb(picture: &Luma) -> Vec<Code> {
    let mut codes = vec![];
    if picture.width.max(picture.height) > LARGE {
        codes = scaled(climb(&halved(picture)));
    }
    if codes.is_empty() {
        codes = search(picture, picture);
    }
    if codes.is_empty() {
        codes = search(&smoothed(picture), picture);
    }
    if codes.is_empty() && picture.width.max(picture.height) <= LARGE {
        let half = halved(picture);
        codes = scaled(search(&half, &half));
    }
    codes
}

fn scaled(codes: Vec<Code>) -> Vec<Code> {
    codes
        .into_iter()
        .map(|code| Code { corners: code.corners.map(|(x, y)| (x * 2, y * 2)), ..code })
        .collect()
}

/// Finds codes in one copy of a picture and reads them from another of the same size.
fn search(found_in: &Luma, picture: &Luma) -> Vec<Code> {
    let patterns: Vec<Finder> = finders(found_in, &Thresholds::of(found_in));
    let mut codes: Vec<Code> = Vec::new();
    let mut used: Vec<Point> = Vec::new();
    let mut sampled = 0;
    for triple in triples(&patterns).iter().take(TRIPLES) {
        if used.iter().any(|place| triple.holds(*place)) {
            continue;
        }
        for plane in planes(found_in, triple) {
            sampled += 1;
            if let Some(code) = read(found_in, picture, &plane) {
                used.extend([triple.corner.centre, triple.right.centre, triple.below.centre]);
                codes.push(code);
                break;
            }
        }
        if sampled >= PLANES {
            break;
        }
    }
    codes
}

/// Reads a code whose plane is known.
fn read(found_in: &Luma, picture: &Luma, plane: &Plane) -> Option<Code> {
    let marks = marks(plane.version);
    let try_out = |ink: &Ink| -> Option<Code> {
        let bytes = super::decode(ink)?;
        Some(Code { bytes, corners: corners(plane).map(|p| (p.x.round() as i32, p.y.round() as i32)) })
    };
    let core = Modules::of(picture, plane, Look::Core);
    let ink = core.ink();
    if ink.agreement(&marks) < AGREEMENT {
        return None;
    }
    try_out(&ink)
        .or_else(|| try_out(&core.sharpened(&marks)?.below_nought()))
        .or_else(|| {
            let whole = Modules::of(picture, plane, Look::Whole);
            try_out(&whole.ink()).or_else(|| try_out(&whole.sharpened(&marks)?.below_nought()))
        })
        .or_else(|| try_out(&Modules::of(found_in, plane, Look::Core).ink()))
}
