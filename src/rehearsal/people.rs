//! The people of a rehearsal: cut-outs that travel inside the program (`assets/rehearsal`).

use serde::Deserialize;

use super::RehearsalError;
use crate::{portrait, scan::Luma};

const INDEX: &str = include_str!("../../assets/rehearsal/index.toml");

/// Colour and matte of each, in the order of the index.
const FILES: [(&[u8], &[u8]); 4] = [
    (
        include_bytes!("../../assets/rehearsal/person_01.jpg"),
        include_bytes!("../../assets/rehearsal/person_01_alpha.png"),
    ),
    (
        include_bytes!("../../assets/rehearsal/person_02.jpg"),
        include_bytes!("../../assets/rehearsal/person_02_alpha.png"),
    ),
    (
        include_bytes!("../../assets/rehearsal/person_03.jpg"),
        include_bytes!("../../assets/rehearsal/person_03_alpha.png"),
    ),
    (
        include_bytes!("../../assets/rehearsal/person_04.jpg"),
        include_bytes!("../../assets/rehearsal/person_04_alpha.png"),
    ),
];

/// What the index says of a person; the rest of it is for people.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Entry {
    hair_top_y: f64,
    chin_y: f64,
    face_center_x: f64,
    roll_deg: f64,
}

#[derive(Debug, Deserialize)]
struct Index {
    person: Vec<Entry>,
}

/// A cut-out person, in pixels of the cut-out.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Red, green, blue and how opaque, 0 to 255.
    pub(super) pixels: Vec<[f32; 4]>,
    pub(super) hair_top: f64,
    pub(super) chin: f64,
    pub(super) center_x: f64,
    /// How far the head leans in the photograph: taken out again when the person is placed.
    pub(super) roll_deg: f64,
}

impl Person {
    /// From the hair top to the chin.
    pub(super) fn head(&self) -> f64 {
        self.chin - self.hair_top
    }

    /// Colour and opacity at a point between pixels; transparent outside.
    pub(super) fn at(&self, x: f64, y: f64) -> [f32; 4] {
        let (column, row) = (x.floor(), y.floor());
        if column < 0.0 || row < 0.0 {
            return [0.0; 4];
        }
        let (right, below) = ((x - column) as f32, (y - row) as f32);
        let (column, row) = (column as usize, row as usize);
        let mut sum = [0.0; 4];
        for (pixel, share) in [
            (self.pixel(column, row), (1.0 - right) * (1.0 - below)),
            (self.pixel(column + 1, row), right * (1.0 - below)),
            (self.pixel(column, row + 1), (1.0 - right) * below),
            (self.pixel(column + 1, row + 1), right * below),
        ] {
            for (sum, channel) in sum.iter_mut().zip(pixel) {
                *sum += channel * share;
            }
        }
        sum
    }

    fn pixel(&self, column: usize, row: usize) -> [f32; 4] {
        let place = row * self.width + column;
        if column < self.width { self.pixels.get(place).copied().unwrap_or_default() } else { [0.0; 4] }
    }

    /// The same person out of focus: averaged over squares of this radius, three times over.
    pub(super) fn blurred(&self, radius: usize) -> Self {
        let mut blurred = self.clone();
        for _ in 0..3 {
            blurred.pixels = averaged(&blurred.pixels, self.width, radius, 1);
            blurred.pixels = averaged(&blurred.pixels, self.width, radius, self.width);
        }
        blurred
    }
}

/// Each pixel replaced by the mean of its neighbours along one direction: along the row (`step` 1) or along the
/// column (`step` the width).
fn averaged(pixels: &[[f32; 4]], width: usize, radius: usize, step: usize) -> Vec<[f32; 4]> {
    let length = if step == 1 { width } else { pixels.len() / width };
    let mean_around = |place: usize| {
        let here = if step == 1 { place % width } else { place / width };
        let (first, last) = (here.saturating_sub(radius), (here + radius).min(length - 1));
        let count = (last - first + 1) as f32;
        let neighbours = pixels.iter().skip(place - (here - first) * step).step_by(step);
        let mut mean = [0.0; 4];
        for pixel in neighbours.take(last - first + 1) {
            for (mean, channel) in mean.iter_mut().zip(pixel) {
                *mean += channel / count;
            }
        }
        mean
    };
    (0..pixels.len()).map(mean_around).collect()
}

/// Everybody.
pub(super) fn everybody() -> Result<Vec<Person>, RehearsalError> {
    let index: Index = toml::from_str(INDEX).map_err(|_broken| RehearsalError::Assets)?;
    index.person.into_iter().zip(FILES).map(|(entry, (colour, matte))| person(entry, colour, matte)).collect()
}

fn person(entry: Entry, colour: &[u8], matte: &[u8]) -> Result<Person, RehearsalError> {
    let colour = portrait::decode(colour).map_err(|_broken| RehearsalError::Assets)?;
    let matte = Luma::from_file(matte).map_err(|_broken| RehearsalError::Assets)?;
    let (width, height) = (matte.width, matte.height);
    if (colour.width as usize, colour.height as usize) != (width, height) {
        return Err(RehearsalError::Assets);
    }
    let with_matte = colour.pixels.chunks_exact(3).zip(&matte.pixels);
    let pixels = with_matte.map(|(rgb, alpha)| match rgb {
        &[red, green, blue] => [red, green, blue, *alpha].map(f32::from),
        _ => [0.0; 4],
    });
    Ok(Person {
        width,
        height,
        pixels: pixels.collect(),
        hair_top: entry.hair_top_y,
        chin: entry.chin_y,
        center_x: entry.face_center_x,
        roll_deg: entry.roll_deg,
    })
}
