//! Room around a picture that was cropped too tightly for a portrait: more cloth above and beside, more of the clothes
//! below. Nothing inside of the picture is changed.
//!
//! The cloth goes on as its nearest neighbourhood is, with its own grain; hair and shoulders that the picture's edge
//! cuts off go on and round off.

use caiying::portrait::{FaceFinder as _, ModelFinder, PersonMask, Point};

use super::canvas::{Canvas, Light};

/// How many pixels are added on each side.
pub(crate) struct Margins {
    pub(crate) above: usize,
    pub(crate) beside: usize,
    pub(crate) below: usize,
}

/// Enough for pictures of 225 × 275 px, a third or half of each side.
pub(crate) const MARGINS: Margins = Margins { above: 130, beside: 120, below: 120 };

/// Surely cloth, as far as so many pixels around, and rather person than not.
const CLOTH: f32 = 0.05;
const AROUND: usize = 3;
const PERSON: f32 = 0.5;

/// More than this, of linear light, is no grain of a cloth: a wisp of hair.
const GRAIN: f32 = 0.03;

/// What goes on beyond an edge is taken from so many pixels inside of it, to and fro.
const TEXTURE: i64 = 10;

/// Rows by which hair and shoulders close in per column beyond the edge.
const CLOSING: i64 = 5;

/// Columns by which the arms widen per row below the edge.
const WIDENING: f64 = 0.3;

/// A tight picture, what of it is person, and sums over its cloth.
struct Tight<'a> {
    canvas: &'a Canvas,
    person: Vec<f32>,
    cloth: Vec<bool>,
    /// Red, green, blue and count of the cloth above and to the left of each corner.
    sums: Vec<[f64; 4]>,
    /// The first and the last column of the person in the lowest row.
    foot: Option<(i64, i64)>,
}

/// The picture with room around it.
pub(crate) fn extended(tight: &Canvas, finder: &mut ModelFinder) -> Canvas {
    let Margins { above, beside, below } = MARGINS;
    let (left, up) = (i64::try_from(beside).unwrap(), i64::try_from(above).unwrap());
    let size = (tight.width + 2 * beside, tight.height + above + below);
    // The finder needs room, too. For it one colour will do for the cloth, that of the upper corners, and the lowest row
    // for the clothes.
    let corners = [0, tight.width as i64 - 1].map(|column| (0..8).map(move |row| tight.pixel(column, row)));
    let sum = corners.into_iter().flatten().fold([0.0; 3], |sum, one| [0, 1, 2].map(|n| sum[n] + one[n]));
    let cloth = sum.map(|channel| channel / 16.0);
    let rough = Canvas::new(size.0, size.1, |at| {
        let (x, y) = (at.x as i64 - left, at.y as i64 - up);
        let seen = (0..tight.width as i64).contains(&x) && y >= 0;
        if seen { tight.pixel(x, y) } else { cloth }
    });
    let found = finder.find(&rough.picture(), 0.6).unwrap();
    let tight =
        Tight::new(tight, &found.face.expect("a face with its hair in sight").person, (beside, above));
    Canvas::new(size.0, size.1, |at| tight.at(at.x as i64 - left, at.y as i64 - up))
}

/// 0, 1, 2 … up to a texture's depth, back to 0 and so on.
fn to_and_fro(far: i64) -> i64 {
    let turn = far.rem_euclid(2 * TEXTURE);
    turn.min(2 * TEXTURE - turn)
}

impl<'a> Tight<'a> {
    fn new(canvas: &'a Canvas, mask: &PersonMask, (left, up): (usize, usize)) -> Self {
        let (width, height) = (canvas.width, canvas.height);
        let middle = |n: usize, offset: usize| (n + offset) as f64 + 0.5;
        let mut person = Vec::with_capacity(width * height);
        for n in 0..width * height {
            let seen = mask.probability(Point { x: middle(n % width, left), y: middle(n / width, up) });
            // Below of what the mask shows it goes on as above.
            let above = n.checked_sub(width).map_or(0.0, |above: usize| person[above]);
            person.push(seen.unwrap_or(above));
        }
        let cloth: Vec<bool> = (0..width * height)
            .map(|n| {
                let near = |place: usize, length: usize| {
                    place.saturating_sub(AROUND)..(place + AROUND + 1).min(length)
                };
                near(n / width, height)
                    .all(|row| near(n % width, width).all(|column| person[row * width + column] < CLOTH))
            })
            .collect();
        let mut sums = vec![[0.0; 4]; (width + 1) * (height + 1)];
        for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
            let is_cloth = cloth[row * width + column];
            let [r, g, b] = canvas.pixel(column as i64, row as i64).map(f64::from);
            let here = if is_cloth { [r, g, b, 1.0] } else { [0.0; 4] };
            let sum = |row: usize, column: usize| sums[row * (width + 1) + column];
            let (above, before, both) = (sum(row, column + 1), sum(row + 1, column), sum(row, column));
            sums[(row + 1) * (width + 1) + column + 1] =
                [0, 1, 2, 3].map(|n| here[n] + above[n] + before[n] - both[n]);
        }
        let feet: Vec<i64> = (0..width)
            .filter(|column| person[(height - 1) * width + column] > PERSON)
            .map(|column| column as i64)
            .collect();
        let foot = feet.first().copied().zip(feet.last().copied());
        Self { canvas, person, cloth, sums, foot }
    }

    fn size(&self) -> (i64, i64) {
        (self.canvas.width as i64, self.canvas.height as i64)
    }

    fn probability(&self, column: i64, row: i64) -> f32 {
        let (width, height) = self.size();
        let place = row.clamp(0, height - 1) * width + column.clamp(0, width - 1);
        self.person[usize::try_from(place).unwrap()]
    }

    /// What is seen there; the first pixel of the tight picture is (0, 0).
    fn at(&self, x: i64, y: i64) -> Light {
        let (width, height) = self.size();
        if (0..width).contains(&x) && (0..height).contains(&y) {
            self.canvas.pixel(x, y)
        } else if self.is_person(x, y) {
            self.clothes_or_hair(x, y)
        } else {
            self.cloth(x, y)
        }
    }

    fn is_person(&self, x: i64, y: i64) -> bool {
        let (width, height) = self.size();
        let beyond = (x - x.clamp(0, width - 1)).abs();
        let row = y.min(height - 1);
        if y < 0 {
            return false;
        }
        // Beside: as long as the edge is person for some rows up and down.
        let stretch = (y - CLOSING * beyond).min(height - 1)..=(row + CLOSING * beyond).min(height - 1);
        let goes_on = beyond > 0
            && stretch.start() >= &0
            && stretch.clone().all(|row| self.probability(x, row) > PERSON);
        // Below: between the arms.
        let wider = ((y - height + 1).max(0) as f64 * WIDENING) as i64;
        let between = self.foot.is_some_and(|(first, last)| (first - wider..=last + wider).contains(&x));
        goes_on || (y >= height && between)
    }

    fn clothes_or_hair(&self, x: i64, y: i64) -> Light {
        let (width, height) = self.size();
        let (first, last) = self.foot.unwrap_or((0, width - 1));
        let (low, high) = if y >= height { (first, last) } else { (0, width - 1) };
        let column = if x < low {
            low + to_and_fro(low - x)
        } else if x > high {
            high - to_and_fro(x - high)
        } else {
            x
        };
        let row = if y >= height { height - 1 - to_and_fro(y - height + 1) } else { y };
        if self.probability(column, row) > PERSON {
            self.canvas.pixel(column, row)
        } else {
            self.canvas.pixel(x.clamp(low, high), y.min(height - 1))
        }
    }

    /// The cloth around the nearest pixel, the more of it the farther away, and the grain of what lies as far inside.
    fn cloth(&self, x: i64, y: i64) -> Light {
        let (width, height) = self.size();
        let near = (x.clamp(0, width - 1), y.clamp(0, height - 1));
        let far = (x - near.0).abs().max((y - near.1).abs());
        let smooth = self.mean(near, 4 + far / 2);
        let inside = (mirrored(x, width), mirrored(y, height));
        if !self.cloth[usize::try_from(inside.1 * width + inside.0).unwrap()] {
            return smooth;
        }
        let (seen, around) = (self.canvas.pixel(inside.0, inside.1), self.mean(inside, 4));
        let grain = |n: usize| seen[n] - around[n];
        if (0..3).any(|n| grain(n).abs() > GRAIN) { smooth } else { [0, 1, 2].map(|n| smooth[n] + grain(n)) }
    }

    /// The mean cloth in a square around a pixel, wider where there is hardly any.
    fn mean(&self, (x, y): (i64, i64), reach: i64) -> Light {
        let (width, height) = self.size();
        let sum = |column: i64, row: i64| {
            let place = row.clamp(0, height) * (width + 1) + column.clamp(0, width);
            self.sums[usize::try_from(place).unwrap()]
        };
        let square = |reach: i64| {
            let (left, right, top, end) = (x - reach, x + reach + 1, y - reach, y + reach + 1);
            let (all, above, before, both) =
                (sum(right, end), sum(right, top), sum(left, end), sum(left, top));
            [0, 1, 2, 3].map(|n| all[n] - above[n] - before[n] + both[n])
        };
        let mut reaches = (0..8).map(|n| square(reach << n));
        let found = reaches.find(|[.., count]| *count >= 20.0).unwrap_or([0.3, 0.3, 0.3, 1.0]);
        [0, 1, 2].map(|n| (found[n] / found[3]) as f32)
    }
}

/// As far inside as it lies outside.
fn mirrored(place: i64, length: i64) -> i64 {
    let turned = if place < 0 {
        -1 - place
    } else if place >= length {
        2 * length - 1 - place
    } else {
        place
    };
    turned.clamp(0, length - 1)
}
