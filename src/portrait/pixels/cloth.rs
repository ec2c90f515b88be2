//! The cloth above the chin: its colour, how even it is, and whether the head throws a shadow on it.

use super::grid::{CELL, Cell, Grid, median, median_colour, percentile};
use crate::portrait::{FaceInFrame, lab::Lab};

/// Nearer to the person than so many cells the mask may be wrong by a wisp of hair.
const AWAY: u8 = 2;

/// With fewer pieces of cloth nothing is said of it: less than one per cent of the picture.
const LEAST: usize = 75;

/// A shadow is looked for in two bands beside the head, 8 to 20 and 24 to 40 px from it, and held against the cloth
/// farther out: of a head close to the cloth it is narrow, and in one wide band it would be the smaller half.
const BESIDE: [std::ops::RangeInclusive<u8>; 2] = [2..=5, 6..=10];

/// From so many cells on the cloth lies farther out than any band.
const FARTHER_OUT: u8 = 11;

/// A sector of the band beside the head, or a corner, counts from so many pieces on.
const LEAST_OF_PART: usize = 10;

/// A corner is this share of the width, and of the height above the chin.
const CORNER: f64 = 0.2;

/// What there is to say of the cloth.
#[derive(Debug)]
pub(in crate::portrait) struct Cloth {
    /// Its median colour.
    pub(in crate::portrait) colour: Lab,
    /// The 90th percentile of the distance (CIE76) from a plane through its colours.
    pub(in crate::portrait) unevenness: f64,
    /// The largest difference (CIEDE2000) between two of its corners; `None` when fewer than two are seen.
    pub(in crate::portrait) gradient: Option<f64>,
    /// How much darker (L\*) it is beside the head than the cloth farther out would have it, on the worst side and in
    /// the worse band; `None` when there is too little of either.
    pub(in crate::portrait) head_shadow: Option<f64>,
}

/// A piece of cloth: every second cell, as the white fields of a chessboard. Thousands are left, and it halves the
/// work, which is the largest part of judging a portrait.
struct Piece {
    x: f64,
    y: f64,
    lab: Lab,
    from_person: u8,
}

impl Cloth {
    pub(super) fn of(grid: &Grid, face: &FaceInFrame) -> Option<Self> {
        let is_white = |cell: &Cell| (((cell.x + cell.y) / CELL as f64) as usize).is_multiple_of(2);
        let is_cloth = |cell: &&Cell| cell.from_person >= AWAY && cell.y < face.chin && is_white(cell);
        let pieces: Vec<Piece> = grid
            .cells
            .iter()
            .filter(is_cloth)
            .map(|cell| Piece { x: cell.x, y: cell.y, lab: cell.lab(), from_person: cell.from_person })
            .collect();
        if pieces.len() < LEAST {
            return None;
        }
        let colour = median_colour(pieces.iter().map(|piece| piece.lab))?;
        let plane = Plane::through(pieces.iter())?;
        let unevenness = percentile(pieces.iter().map(|piece| plane.distance(piece)), 0.9)?;
        let gradient = gradient(&pieces, (grid.width, face.chin.min(grid.height)));
        let head_shadow = head_shadow(&pieces, face);
        Some(Self { colour, unevenness, gradient, head_shadow })
    }
}

fn gradient(pieces: &[Piece], (width, height): (f64, f64)) -> Option<f64> {
    let corner = |right: bool, lower: bool| {
        let inside = move |piece: &&Piece| {
            let (x, y) = (piece.x / width, piece.y / height);
            (if right { x > 1.0 - CORNER } else { x < CORNER })
                && (if lower { y > 1.0 - CORNER } else { y < CORNER })
        };
        let colours = pieces.iter().filter(inside).map(|piece| piece.lab);
        (colours.clone().count() >= LEAST_OF_PART).then(|| median_colour(colours)).flatten()
    };
    let corners: Vec<Lab> = [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .filter_map(|(r, l)| corner(r, l))
        .collect();
    let pairs = corners
        .iter()
        .enumerate()
        .flat_map(|(n, one)| corners.iter().skip(n + 1).map(|other| one.difference(*other)));
    pairs.reduce(f64::max)
}

fn head_shadow(pieces: &[Piece], face: &FaceInFrame) -> Option<f64> {
    let far = pieces.iter().filter(|piece| piece.from_person >= FARTHER_OUT);
    if far.clone().count() < LEAST {
        return None;
    }
    let plane = Plane::through(far)?;
    let rows = face.hair_top..face.chin;
    let beside = |side: fn(f64) -> bool, band: &std::ops::RangeInclusive<u8>| {
        let drops = pieces
            .iter()
            .filter(|piece| band.contains(&piece.from_person) && rows.contains(&piece.y))
            .filter(|piece| side(piece.x - face.center_x))
            .map(|piece| plane.at(piece.x, piece.y).l - piece.lab.l);
        (drops.clone().count() >= LEAST_OF_PART).then(|| median(drops)).flatten()
    };
    let bands = BESIDE.iter().flat_map(|band| [beside(|x| x < 0.0, band), beside(|x| x > 0.0, band)]);
    // A head that is brighter around than the cloth farther out throws no shadow.
    bands.flatten().reduce(f64::max).map(|drop| drop.max(0.0))
}

/// A plane through colours: each of L\*, a\* and b\* as a linear function of the place.
struct Plane {
    /// At the origin, and what a step to the right and a step down add.
    terms: [Lab; 3],
}

/// Places in a plane count in this many pixels, so that sums stay small.
const UNIT: f64 = 100.0 * CELL as f64;

impl Plane {
    /// The least-squares plane; `None` when the places lie on a line.
    fn through<'a>(pieces: impl Iterator<Item = &'a Piece>) -> Option<Self> {
        let (mut n, mut sx, mut sy, mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let mut sums = [[0.0; 3]; 3];
        for Piece { x, y, lab, .. } in pieces {
            let (x, y) = (x / UNIT, y / UNIT);
            n += 1.0;
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
            syy += y * y;
            for (sums, value) in sums.iter_mut().zip([lab.l, lab.a, lab.b]) {
                for (sum, factor) in sums.iter_mut().zip([1.0, x, y]) {
                    *sum += factor * value;
                }
            }
        }
        // The inverse of the symmetric matrix [n sx sy; sx sxx sxy; sy sxy syy], by cofactors.
        let (c00, c01, c02) = (sxx * syy - sxy * sxy, sy * sxy - sx * syy, sx * sxy - sy * sxx);
        let (c11, c12, c22) = (n * syy - sy * sy, sx * sy - n * sxy, n * sxx - sx * sx);
        let determinant = n * c00 + sx * c01 + sy * c02;
        if determinant.abs() <= f64::EPSILON * n {
            return None;
        }
        let solved = |row: [f64; 3]| {
            let value =
                |sums: [f64; 3]| row.iter().zip(sums).map(|(c, sum)| c * sum).sum::<f64>() / determinant;
            let [l, a, b] = sums.map(value);
            Lab { l, a, b }
        };
        Some(Self { terms: [solved([c00, c01, c02]), solved([c01, c11, c12]), solved([c02, c12, c22])] })
    }

    fn at(&self, x: f64, y: f64) -> Lab {
        let [origin, right, down] = self.terms;
        let value = |o: f64, r: f64, d: f64| o + r * x / UNIT + d * y / UNIT;
        Lab {
            l: value(origin.l, right.l, down.l),
            a: value(origin.a, right.a, down.a),
            b: value(origin.b, right.b, down.b),
        }
    }

    fn distance(&self, piece: &Piece) -> f64 {
        let Lab { l, a, b } = self.at(piece.x, piece.y);
        ((piece.lab.l - l).powi(2) + (piece.lab.a - a).powi(2) + (piece.lab.b - b).powi(2)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_goes_through_what_lies_on_it() {
        let on = |x: f64, y: f64| Lab { l: 70.0 + 0.01 * x, a: -12.0, b: 0.02 * y - 37.0 };
        let places = (0..40).map(|n| (f64::from(n % 8) * 55.0, f64::from(n / 8) * 77.0));
        let pieces: Vec<Piece> = places.map(|(x, y)| Piece { x, y, lab: on(x, y), from_person: 9 }).collect();
        let plane = Plane::through(pieces.iter()).unwrap();
        assert!(pieces.iter().all(|piece| plane.distance(piece) < 1e-9));
        let off = Piece { x: 10.0, y: 20.0, lab: Lab { l: 75.0, ..on(10.0, 20.0) }, from_person: 9 };
        assert!((plane.distance(&off) - 4.9).abs() < 1e-9);
        assert!(Plane::through(pieces.iter().take(8)).is_none(), "one row is no plane");
    }
}
