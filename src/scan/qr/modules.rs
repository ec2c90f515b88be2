//! From the plane of a code to its modules: how dark each is, and which of them are ink.

use super::{
    super::Luma,
    geometry::{Equation, least_squares},
    layout::{self, Mark},
    light::light,
    plane::Plane,
};

/// How light each module is; lower is more ink.
pub(super) struct Modules {
    side: usize,
    greys: Vec<f32>,
}

/// Which modules are ink, row by row.
#[derive(Clone)]
pub(super) struct Ink {
    pub(super) side: usize,
    pub(super) dark: Vec<bool>,
}

/// How much of each module is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// Its middle, which blur reaches last.
    Core,
    /// Nearly all of it, which evens out noise.
    Whole,
}

impl Modules {
    /// Looks at every module of a plane.
    pub(super) fn of(picture: &Luma, plane: &Plane, look: Look) -> Self {
        let side = layout::side(plane.version);
        let offsets: &[f64] = match look {
            Look::Core => &[0.375, 0.625],
            Look::Whole => &[0.2, 0.4, 0.6, 0.8],
        };
        let share = 1.0 / (offsets.len() * offsets.len()) as f32;
        let sign = if plane.dark { 1.0 } else { -1.0 };
        let mut greys = Vec::with_capacity(side * side);
        for row in 0..side {
            for column in 0..side {
                let mut sum = 0.0;
                for dy in offsets {
                    for dx in offsets {
                        sum += light(picture, plane.place.at(column as f64 + dx, row as f64 + dy));
                    }
                }
                greys.push(sign * sum * share);
            }
        }
        Self { side, greys }
    }

    /// The mean of the modules up to `reach` rows and columns away, for each module.
    fn surroundings(&self, reach: usize) -> Vec<f32> {
        let side = self.side;
        let means = |values: &[f32], out: &mut Vec<f32>| {
            for n in 0..values.len() {
                let near = values.get(n.saturating_sub(reach)..(n + reach + 1).min(values.len()));
                let near = near.unwrap_or_default();
                out.push(near.iter().sum::<f32>() / near.len().max(1) as f32);
            }
        };
        let turned = |values: &[f32]| -> Vec<f32> {
            (0..side).flat_map(|n| values.iter().skip(n).step_by(side).copied()).collect()
        };
        let mut rows = Vec::with_capacity(side * side);
        self.greys.chunks(side).for_each(|line| means(line, &mut rows));
        let mut columns = Vec::with_capacity(side * side);
        turned(&rows).chunks(side).for_each(|line| means(line, &mut columns));
        turned(&columns)
    }

    /// Ink is what is darker than its surroundings.
    pub(super) fn ink(&self) -> Ink {
        let dark = self.greys.iter().zip(self.surroundings(4)).map(|(grey, mean)| *grey < mean).collect();
        Ink { side: self.side, dark }
    }

    /// Undoes blur: learns from the modules that are known beforehand how much of its neighbours each module has
    /// taken on, and takes that away again.
    pub(super) fn sharpened(&self, marks: &[Mark]) -> Option<Self> {
        let mean = self.surroundings(4);
        let flat: Vec<f32> = self.greys.iter().zip(&mean).map(|(grey, mean)| grey - mean).collect();
        let around = |column: usize, row: usize| -> [f64; 26] {
            let mut factors = [1.0; 26];
            let places = (0..25_usize).map(|n| (column + n % 5, row + n / 5));
            for (factor, (x, y)) in factors.iter_mut().zip(places) {
                // Outside the code nothing is known.
                let (x, y) = (x.wrapping_sub(2), y.wrapping_sub(2));
                let inside = x < self.side && y < self.side;
                let value = if inside { flat.get(y * self.side + x) } else { None };
                *factor = f64::from(value.copied().unwrap_or(0.0));
            }
            factors
        };
        let spread = flat.iter().map(|v| f64::from(v * v)).sum::<f64>() / flat.len().max(1) as f64;
        let equations = marks.iter().map(|mark| Equation {
            factors: around(mark.column, mark.row),
            sum: if mark.dark { -1.0 } else { 1.0 },
            weight: 1.0,
        });
        let weights = least_squares(equations, 0.02 * spread * marks.len() as f64)?;
        let side = self.side;
        let greys = (0..side * side).map(|n| {
            let sum: f64 = around(n % side, n / side).iter().zip(weights).map(|(a, b)| a * b).sum();
            sum as f32
        });
        Some(Self { side, greys: greys.collect() })
    }

    /// Ink is what is below nought: for sharpened modules.
    pub(super) fn below_nought(&self) -> Ink {
        Ink { side: self.side, dark: self.greys.iter().map(|grey| *grey < 0.0).collect() }
    }
}

impl Ink {
    /// The version of a code of this size.
    pub(super) fn version(&self) -> usize {
        self.side.saturating_sub(17) / 4
    }

    /// With one byte turned about: the `nth` from the lower right corner upwards, where each byte is two modules
    /// wide and four tall.
    pub(super) fn damaged(&self, nth: usize) -> Self {
        let mut damaged = self.clone();
        for row in self.side.saturating_sub(4 * nth + 4)..self.side.saturating_sub(4 * nth) {
            for module in damaged.dark.iter_mut().skip(row * self.side + self.side - 2).take(2) {
                *module = !*module;
            }
        }
        damaged
    }

    /// Whether a module is ink.
    pub(super) fn at(&self, column: usize, row: usize) -> bool {
        column < self.side && self.dark.get(row * self.side + column).copied().unwrap_or(false)
    }

    /// The share of the known modules that are as they must be: a half by chance.
    pub(super) fn agreement(&self, marks: &[Mark]) -> f64 {
        let good = marks.iter().filter(|mark| self.at(mark.column, mark.row) == mark.dark).count();
        good as f64 / marks.len().max(1) as f64
    }
}
