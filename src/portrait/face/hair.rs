//! Where the hair ends: a network tells person from cloth, and the highest row of the person above the
//! face is the top of the hair (facts/portrait.md section 4b; median error 0.3 % of the head before a cloth).

use super::{
    FinderError, Point,
    mesh::Mesh,
    models::Net,
    sample::{SIDE, Window},
};
use crate::portrait::Picture;

/// The window reaches this many face heights across: hair, ears and shoulders of every head measured.
const WINDOW_FACE_HEIGHTS: f64 = 2.6;

/// Its centre lies this many face heights above the chin.
const CENTRE_ABOVE_CHIN: f64 = 0.75;

/// From this probability on a pixel is person.
const PERSON: f32 = 0.5;

/// A row belongs to the hair when this many of its pixels are person: a stray hair is not the top.
const PIXELS_IN_ROW: usize = 6;

/// The hair's search starts from the person pixels this many rows around the forehead.
const ROWS_AROUND_FOREHEAD: usize = 3;

/// For each place of a square window: how probably it shows the person.
#[derive(Debug, Clone)]
pub struct PersonMask {
    probabilities: Vec<f32>,
    /// The middle of the first pixel, in pixels of the picture.
    origin: Point,
    /// Picture pixels per mask pixel.
    step: f64,
}

impl PersonMask {
    /// A mask made by hand, for tests: `at(x, y)` in picture pixels says how probably there is person, for a
    /// window whose upper left corner is the picture's and which spans `side` picture pixels.
    #[must_use]
    pub fn pretend(side: f64, at: impl Fn(f64, f64) -> f32) -> Self {
        let step = side / SIDE as f64;
        let place = |n: usize| (n as f64 + 0.5) * step;
        let probabilities = (0..SIDE * SIDE).map(|n| at(place(n % SIDE), place(n / SIDE))).collect();
        Self { probabilities, origin: Point { x: step / 2.0, y: step / 2.0 }, step }
    }

    /// How probably a point of the picture shows the person; `None` outside of what was looked at.
    #[must_use]
    pub fn probability(&self, at: Point) -> Option<f32> {
        let column = ((at.x - self.origin.x) / self.step).round();
        let row = ((at.y - self.origin.y) / self.step).round();
        let inside = 0.0..SIDE as f64;
        if inside.contains(&column) && inside.contains(&row) {
            self.probabilities.get(row as usize * SIDE + column as usize).copied()
        } else {
            None
        }
    }

    /// The same mask in a picture `up` times as large.
    pub(super) fn scaled(self, up: f64) -> Self {
        let origin = Point { x: self.origin.x * up, y: self.origin.y * up };
        Self { origin, step: self.step * up, ..self }
    }

    /// The same mask in a picture whose corner lies there.
    pub(super) fn moved(self, corner: Point) -> Self {
        let origin = Point { x: self.origin.x + corner.x, y: self.origin.y + corner.y };
        Self { origin, ..self }
    }

    fn is_person(&self, column: usize, row: usize) -> bool {
        self.probabilities.get(row * SIDE + column).is_some_and(|p| *p > PERSON)
    }

    fn column_of(&self, x: f64) -> usize {
        (((x - self.origin.x) / self.step).round().max(0.0) as usize).min(SIDE - 1)
    }

    fn row_of(&self, y: f64) -> usize {
        (((y - self.origin.y) / self.step).round().max(0.0) as usize).min(SIDE - 1)
    }

    /// The pixels of a stretch of columns that are person and hang together with the forehead.
    fn connected_to_forehead(&self, columns: std::ops::RangeInclusive<usize>, forehead: usize) -> Vec<bool> {
        let mut connected = vec![false; SIDE * SIDE];
        let rows = forehead.saturating_sub(ROWS_AROUND_FOREHEAD)..(forehead + ROWS_AROUND_FOREHEAD).min(SIDE);
        let mut open: Vec<(usize, usize)> =
            rows.flat_map(|row| columns.clone().map(move |column| (column, row))).collect();
        while let Some((column, row)) = open.pop() {
            let Some(seen) = connected.get_mut(row * SIDE + column) else { continue };
            if *seen || !self.is_person(column, row) {
                continue;
            }
            *seen = true;
            open.extend((column > 0).then(|| (column - 1, row)));
            open.extend((column + 1 < SIDE).then(|| (column + 1, row)));
            open.extend((row > 0).then(|| (column, row - 1)));
            open.extend((row + 1 < SIDE).then(|| (column, row + 1)));
        }
        connected
    }

    /// The sixth largest probability of a row's stretch: what decides whether the row belongs to the hair.
    fn deciding_probability(&self, row: usize, columns: &std::ops::RangeInclusive<usize>) -> f32 {
        let row = self.probabilities.get(row * SIDE..(row + 1) * SIDE).unwrap_or_default();
        let mut stretch = row.get(columns.clone()).unwrap_or_default().to_vec();
        stretch.sort_by(|a, b| b.total_cmp(a));
        stretch.get(PIXELS_IN_ROW - 1).copied().unwrap_or_default()
    }
}

/// Tells person from cloth around a face.
pub(super) fn segment(net: &Net, picture: &Picture, mesh: &Mesh) -> Result<PersonMask, FinderError> {
    let height = mesh.face_height();
    let centre = Point { x: mesh.center_x(), y: mesh.chin_point().y - CENTRE_ABOVE_CHIN * height };
    let window = Window::new(centre, WINDOW_FACE_HEIGHTS * height, 0.0);
    let outputs = net.run(window.planes_rgb(picture), SIDE, SIDE)?;
    match outputs.into_iter().next() {
        Some(probabilities) if probabilities.len() == SIDE * SIDE => {
            Ok(PersonMask { probabilities, origin: window.to_picture(0.5, 0.5), step: window.step() })
        }
        _ => Err(net.bad_shape()),
    }
}

/// The top of the hair above a face, in pixels of the picture the mask was made in.
///
/// `None` when nothing of the person hangs together with the forehead, or when it reaches the upper end of
/// the window or of the picture: then the true top is out of sight.
pub(super) fn top(mask: &PersonMask, mesh: &Mesh) -> Option<f64> {
    let half = 0.5 * mesh.face_width();
    let columns = mask.column_of(mesh.center_x() - half)..=mask.column_of(mesh.center_x() + half);
    let connected = mask.connected_to_forehead(columns.clone(), mask.row_of(mesh.forehead().y));
    let belongs = |row: usize| {
        let stretch = connected.get(row * SIDE..(row + 1) * SIDE).and_then(|row| row.get(columns.clone()));
        stretch.is_some_and(|stretch| stretch.iter().filter(|seen| **seen).count() >= PIXELS_IN_ROW)
    };
    let row = (0..SIDE).find(|row| belongs(*row))?;
    if row == 0 {
        return None;
    }
    // Between the last row of cloth and the first row of hair, where the deciding probability crosses a half.
    let (above, here) =
        (mask.deciding_probability(row - 1, &columns), mask.deciding_probability(row, &columns));
    let share = if above < PERSON && here > PERSON { (PERSON - above) / (here - above) } else { 1.0 };
    let y = (row as f64 - 1.0 + f64::from(share)).mul_add(mask.step, mask.origin.y);
    Some(y.max(0.0))
}
