//! The clothes: what of the person lies below the neck.

use super::grid::{Cell, Grid, median_colour};
use crate::portrait::{FaceInFrame, lab::Lab};

/// The neck ends this share of the head below the chin.
const NECK: f64 = 0.2;

/// Nearer to the silhouette than so many cells there may be cloth in the cell.
const INSIDE: u8 = 2;

/// With fewer cells nothing is said.
const LEAST: usize = 100;

/// Hue (of HSL, in degrees: the reference cloth has 202) and least chroma (CIELAB) of what a person calls blue
/// (facts/portrait.md section 5). Navy and black-blue have less and stand out well.
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
        let clothes: Vec<&Cell> =
            grid.cells.iter().filter(|cell| cell.y > neck && cell.inside_person >= INSIDE).collect();
        if clothes.len() < LEAST {
            return None;
        }
        let colours: Vec<(Lab, f64)> = clothes.into_iter().map(|cell| (cell.lab(), cell.hue_deg())).collect();
        let is_blue = |(colour, hue): &&(Lab, f64)| BLUE_HUE.contains(hue) && colour.chroma() > BLUE_CHROMA;
        let blue = colours.iter().filter(is_blue).count() as f64 / colours.len() as f64;
        let colours = colours.iter().map(|(colour, _)| *colour);
        Some(Self { colour: median_colour(colours)?, blue })
    }
}
