//! Where the person ends: the room beside the head, and the line of the shoulders.

use super::grid::median;
use crate::portrait::Subject;

/// From this probability on there is person.
const PERSON: f32 = 0.5;

/// Every how many pixels the silhouette is looked at: the mask's own pixels are about three wide.
const STEP: usize = 2;

/// Where the shoulders are looked at, in face widths from the middle: outside of the neck and of most hair, and
/// inside of the picture (1 face width is 190 to 290 px, the half picture 240).
const SHOULDERS: [f64; 4] = [0.70, 0.75, 0.80, 0.85];

/// A shoulder lies at least this share of the head below the chin; what is higher is hair.
const BELOW_CHIN: f64 = 0.05;

/// What there is to say of the silhouette.
#[derive(Debug)]
pub(in crate::portrait) struct Silhouette {
    /// Cloth to the left and to the right of the head, in pixels, where there is least of it.
    pub(in crate::portrait) margins: (f64, f64),
    /// How far the line of the shoulders leans, in degrees, positive when it falls to the right; `None` when hair
    /// hides a shoulder or the picture ends above it.
    pub(in crate::portrait) shoulders_deg: Option<f64>,
}

impl Silhouette {
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        Self { margins: margins(subject), shoulders_deg: shoulders_deg(subject) }
    }
}

fn is_person(subject: &Subject<'_>, column: usize, row: usize) -> Option<bool> {
    subject.person.probability(subject.in_shot(column, row)).map(|p| p > PERSON)
}

/// Between the top of the hair and the mouth; farther down there may be shoulders.
fn margins(subject: &Subject<'_>) -> (f64, f64) {
    let (width, face) = (subject.picture.width as usize, subject.face());
    let rows = face.hair_top.max(0.0) as usize..f64::midpoint(face.eyes, face.chin).max(0.0) as usize;
    let (mut left, mut right) = (width, width);
    for row in rows.step_by(2 * STEP) {
        let here = |column: &usize| is_person(subject, *column, row) == Some(true);
        // Only what is nearer to the edge than in the rows above is news.
        left = (0..left).step_by(STEP).find(here).unwrap_or(left);
        let from_right = |column: &usize| here(&(width - 1 - column));
        right = (0..right).step_by(STEP).find(from_right).unwrap_or(right);
    }
    (left as f64, right as f64)
}

fn shoulders_deg(subject: &Subject<'_>) -> Option<f64> {
    let face = subject.face();
    let least = face.chin + BELOW_CHIN * (face.chin - face.hair_top);
    let leans = SHOULDERS.iter().filter_map(|share| {
        let half = share * face.width;
        let top = |x: f64| shoulder_top(subject, x).filter(|top| *top > least);
        let (left, right) = (top(face.center_x - half)?, top(face.center_x + half)?);
        Some(((right - left) / (2.0 * half)).atan().to_degrees())
    });
    let leans: Vec<f64> = leans.collect();
    // One place may be hidden; if it is more, hair or a tight crop is in the way.
    (leans.len() + 1 >= SHOULDERS.len()).then(|| median(leans.into_iter())).flatten()
}

/// The highest row of the person in a column, followed up from the lowest row that was looked at; `None` when
/// that row shows no person or the column lies outside of the picture.
fn shoulder_top(subject: &Subject<'_>, x: f64) -> Option<f64> {
    let (width, height) = (subject.picture.width as usize, subject.picture.height as usize);
    if !(0.0..width as f64).contains(&x) {
        return None;
    }
    let column = x as usize;
    let mut rows =
        (0..height).rev().step_by(STEP).skip_while(|row| is_person(subject, column, *row).is_none());
    let lowest = rows.next()?;
    if is_person(subject, column, lowest) != Some(true) {
        return None;
    }
    let above = rows.find(|row| is_person(subject, column, *row) != Some(true))?;
    Some((above + STEP) as f64)
}
