//! The clothes: what of the person lies below the neck.

use super::grid::{Grid, median_colour};
use crate::portrait::{FaceInFrame, lab::Lab};

/// The neck ends this share of the head below the chin.
const NECK: f64 = 0.2;

/// Nearer to the silhouette than so many cells there may be cloth in the cell.
const INSIDE: u8 = 2;

/// With fewer cells nothing is said.
const LEAST: usize = 100;

/// Hue (CIELAB, degrees) and least chroma of what a person calls blue on this cloth (facts/portrait.md section 5).
const BLUE_HUE: std::ops::RangeInclusive<f64> = 200.0..=260.0;
const BLUE_CHROMA: f64 = 25.0;

/// What there is to say of the clothes.
#[derive(Debug)]
pub(in crate::portrait) struct Torso {
    /// The median colour.
    pub(in crate::portrait) colour: Lab,
    /// The share that is blue, 0 to 1.
    pub(in crate::portrait) blue: f64,
}

impl Torso {
    pub(super) fn of(grid: &Grid, face: &FaceInFrame) -> Option<Self> {
        let neck = face.chin + NECK * (face.chin - face.hair_top);
        let clothes = grid.cells.iter().filter(|cell| cell.y > neck && cell.inside_person >= INSIDE);
        let colours: Vec<Lab> = clothes.map(|cell| cell.lab()).collect();
        if colours.len() < LEAST {
            return None;
        }
        let is_blue = |colour: &&Lab| BLUE_HUE.contains(&colour.hue()) && colour.chroma() > BLUE_CHROMA;
        let blue = colours.iter().filter(is_blue).count() as f64 / colours.len() as f64;
        Some(Self { colour: median_colour(colours.iter().copied())?, blue })
    }
}
