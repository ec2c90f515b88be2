//! Why a code that is held up is not read: so dark, so far, so bright that its owner can do something about it.
//! Pure.
//!
//! Nothing is said of a picture without a code: what looks like one are three corner marks of one size at a right
//! angle, each of which a row crosses as dark, light, dark, light, dark of 1:1:3:1:1, and a column as well.

use std::ops::Range;

use super::Luma;
use crate::{language, shot::Moment};

/// What the owner of the code can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// There is too little light for the webcam.
    TooDark,
    /// The code is too small: its modules have too few pixels.
    TooFar,
    /// A lamp is mirrored in the screen.
    Glare,
    /// The phone's screen is darker than what is around it.
    DimScreen,
}

/// Below so many pixels per module a code is hardly read (facts/window.md section 6 ends at 2).
const FEW_PIXELS: f32 = 2.2;

/// What is light of a code must be lighter than this, of 255, or the screen, or the room, is too dark.
const DIM: u8 = 80;

/// Or lighter than what is dark of it by this.
const FAINT: u8 = 40;

/// A room in which nothing is lighter than this is dark.
const DARK_ROOM: u8 = 100;

/// From here on nothing is drawn any more: the light has drowned it.
const DROWNED: u8 = 240;

/// In a code no square of so many modules each way is light throughout; masks see to that.
const SQUARE: f32 = 5.0;

/// Dark and light must differ by this to be told apart from a webcam's noise.
const LEAST_CONTRAST: u8 = 24;

/// A picture with more corner marks than this is a pattern or noise, and no code.
const MOST_MARKS: usize = 40;

/// The side of the squares whose darkest and lightest pixels tell dark from light, in pixels.
const BLOCK: usize = 16;

/// Why the code in this picture, of which the reader made nothing, was not read; `None` when there is none in sight,
/// or nothing can be said of it.
#[must_use]
pub fn hint(picture: &Luma) -> Option<Hint> {
    let marks = Ink::of(picture).marks();
    let code = code(&marks)?;
    let pitch = code.iter().map(|mark| mark.pitch).sum::<f32>() / 3.0;
    if is_drowned(picture, code, pitch) {
        return Some(Hint::Glare);
    }
    if pitch < FEW_PIXELS {
        return Some(Hint::TooFar);
    }
    let (columns, rows) = around(code, 3.5 * pitch);
    let code = picture.crop(columns, rows);
    let (dark, light) = (share(&code, 10), share(&code, 90));
    let room = share(picture, 95);
    match light < DIM || light - dark < FAINT {
        true if room < DARK_ROOM => Some(Hint::TooDark),
        true => Some(Hint::DimScreen),
        false => None,
    }
}

/// Of all pixels so many in a hundred are darker.
fn share(picture: &Luma, hundredths: usize) -> u8 {
    let mut counts = [0_usize; 256];
    for grey in &picture.pixels {
        if let Some(count) = counts.get_mut(usize::from(*grey)) {
            *count += 1;
        }
    }
    let wanted = picture.pixels.len() * hundredths / 100;
    let mut sum = 0;
    let passed = |count: &usize| {
        sum += count;
        sum > wanted
    };
    counts.iter().position(passed).map_or(255, |grey| grey as u8)
}

/// Whether light has drowned a part of a code: a square of it that has nothing dark. Only what surely is code is
/// looked at, however it is turned: a circle around its middle.
fn is_drowned(picture: &Luma, [a, b, c]: [&Mark; 3], pitch: f32) -> bool {
    let (x, y) = ((b.x + c.x) / 2.0, (b.y + c.y) / 2.0);
    let side = pitch * SQUARE;
    // To the code's edge, less half of the square's diagonal.
    let reach = a.away(b).min(a.away(c)) / 2.0 + 3.5 * pitch - 0.75 * side;
    let steps = (8.0 * reach / side) as usize + 1;
    let off = |n: usize| n as f32 * side / 4.0 - reach;
    let places = (0..steps).flat_map(|row| (0..steps).map(move |column| (off(column), off(row))));
    places.filter(|(dx, dy)| dx.hypot(*dy) < reach).any(|(dx, dy)| is_light(picture, (x + dx, y + dy), side))
}

/// Whether a square of this middle and side has nothing dark in it.
fn is_light(picture: &Luma, (x, y): (f32, f32), side: f32) -> bool {
    let range =
        |middle: f32| (middle - side / 2.0).max(0.0) as usize..(middle + side / 2.0).max(0.0) as usize;
    range(y).all(|row| range(x).all(|column| picture.at(column, row) >= DROWNED))
}

/// A corner mark: its middle, and the pixels per module it speaks for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    x: f32,
    y: f32,
    pitch: f32,
}

impl Mark {
    fn is_at(&self, other: &Self) -> bool {
        (self.x - other.x).abs() < 3.0 * other.pitch && (self.y - other.y).abs() < 3.0 * other.pitch
    }

    fn away(&self, other: &Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Whether two marks may be neighbours in one code: of one size, and as far apart as the smallest and the largest
    /// code have them, with a tenth to spare.
    fn goes_with(&self, other: &Self) -> bool {
        let (small, large) = (self.pitch.min(other.pitch), self.pitch.max(other.pitch));
        let apart = self.away(other) / small;
        large < 1.4 * small && (12.5..190.0).contains(&apart)
    }

    /// Whether this is the corner of a code that has the other two as its neighbours: as far away, at a right angle,
    /// both as nearly as a phone is held.
    fn is_corner_of(&self, b: &Self, c: &Self) -> bool {
        let (to_b, to_c) = (self.away(b), self.away(c));
        let cosine = ((b.x - self.x) * (c.x - self.x) + (b.y - self.y) * (c.y - self.y)) / (to_b * to_c);
        self.goes_with(b) && self.goes_with(c) && (to_b / to_c - 1.0).abs() < 0.2 && cosine.abs() < 0.2
    }
}

/// The three marks of one code, that at the right angle first; the largest, as small ones may be chance.
fn code(marks: &[Mark]) -> Option<[&Mark; 3]> {
    let mut best: Option<[&Mark; 3]> = None;
    for a in marks {
        let near: Vec<&Mark> = marks.iter().filter(|b| a.goes_with(b)).collect();
        for (n, b) in near.iter().enumerate() {
            let third = near.iter().skip(n + 1).filter(|c| a.is_corner_of(b, c));
            for c in third {
                if best.is_none_or(|[best, mate, _]| a.away(b) > best.away(mate)) {
                    best = Some([a, b, c]);
                }
            }
        }
    }
    best
}

/// The part of the picture between these marks, and so far around them.
fn around(marks: [&Mark; 3], reach: f32) -> (Range<usize>, Range<usize>) {
    let ends = |of: fn(&Mark) -> f32| {
        let start = (f32::MAX, f32::MIN);
        let (least, most) =
            marks.iter().map(|mark| of(mark)).fold(start, |(least, most), at| (least.min(at), most.max(at)));
        (least - reach).max(0.0) as usize..(most + reach).max(0.0) as usize
    };
    (ends(|mark| mark.x), ends(|mark| mark.y))
}

/// What is dark in a picture, each pixel by what is around it.
struct Ink {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Ink {
    fn of(picture: &Luma) -> Self {
        let (columns, rows) = (picture.width.div_ceil(BLOCK), picture.height.div_ceil(BLOCK));
        let mut extremes = vec![(u8::MAX, u8::MIN); columns * rows];
        for (row, pixels) in picture.pixels.chunks_exact(picture.width.max(1)).enumerate() {
            for (column, pixels) in pixels.chunks(BLOCK).enumerate() {
                if let Some((least, most)) = extremes.get_mut(row / BLOCK * columns + column) {
                    *least = pixels.iter().fold(*least, |least, p| least.min(*p));
                    *most = pixels.iter().fold(*most, |most, p| most.max(*p));
                }
            }
        }
        let limits = limits(&extremes, columns, rows);
        let mut dark = Vec::with_capacity(picture.pixels.len());
        for (row, pixels) in picture.pixels.chunks_exact(picture.width.max(1)).enumerate() {
            let limits = limits.chunks_exact(columns.max(1)).nth(row / BLOCK).unwrap_or_default();
            for (pixels, limit) in pixels.chunks(BLOCK).zip(limits) {
                dark.extend(pixels.iter().map(|pixel| pixel < limit));
            }
        }
        Self { width: picture.width, height: picture.height, dark }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// Every corner mark, once; none when there are too many.
    fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for y in 0..self.height {
            if marks.len() > MOST_MARKS {
                return vec![];
            }
            for mark in self.marks_of_row(y) {
                if !marks.iter().any(|known| mark.is_at(known)) {
                    marks.push(mark);
                }
            }
        }
        marks
    }

    fn marks_of_row(&self, y: usize) -> Vec<Mark> {
        let row = self.dark.get(y * self.width..(y + 1) * self.width).unwrap_or_default();
        let mut runs: Vec<(bool, usize)> = Vec::new();
        for dark in row {
            match runs.last_mut() {
                Some((last, length)) if last == dark => *length += 1,
                _ => runs.push((*dark, 1)),
            }
        }
        let mut start = 0;
        let mut marks = Vec::new();
        for window in runs.windows(5) {
            let lengths = [0, 1, 2, 3, 4].map(|n| window.get(n).map_or(0, |(_, length)| *length));
            if window.first().is_some_and(|(dark, _)| *dark)
                && let Some(pitch) = pitch(lengths)
            {
                let [a, b, middle, ..] = lengths;
                marks.extend(self.confirmed(start + a + b + middle / 2, y, pitch));
            }
            start += window.first().map_or(0, |(_, length)| *length);
        }
        marks
    }

    /// The mark that a row crosses here, if a column crosses it as well.
    fn confirmed(&self, x: usize, y: usize, across: f32) -> Option<Mark> {
        let most = (across * 6.0) as usize + 3;
        let up = self.runs_from((1..=y.min(3 * most)).map(|n| self.is_dark(x, y - n)));
        let down = self.runs_from((y + 1..self.height.min(y + 3 * most)).map(|y| self.is_dark(x, y)));
        let ([a, b, c], [d, e, f]) = (up, down);
        let along = pitch([c, b, a + d + 1, e, f])?;
        let middle = y as f32 + (d as f32 - a as f32) / 2.0;
        let alike = along < 1.6 * across && across < 1.6 * along;
        alike.then_some(Mark { x: x as f32, y: middle, pitch: (along + across) / 2.0 })
    }

    /// How long it is dark from here, then light, then dark.
    fn runs_from(&self, pixels: impl Iterator<Item = bool>) -> [usize; 3] {
        let mut pixels = pixels.peekable();
        [true, false, true].map(|wanted| std::iter::from_fn(|| pixels.next_if_eq(&wanted)).count())
    }
}

/// Where dark ends, for each block: half between the darkest and the lightest around it. Where nothing differs,
/// nothing is dark.
fn limits(extremes: &[(u8, u8)], columns: usize, rows: usize) -> Vec<u8> {
    let near = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
    let limit = |n: usize| {
        let around = near(n / columns, rows)
            .flat_map(|row| near(n % columns, columns).map(move |column| row * columns + column));
        let (least, most) = around
            .filter_map(|n| extremes.get(n))
            .fold((u8::MAX, u8::MIN), |(least, most), (a, b)| (least.min(*a), most.max(*b)));
        if most.saturating_sub(least) < LEAST_CONTRAST { 0 } else { least + (most - least) / 2 }
    };
    (0..extremes.len()).map(limit).collect()
}

/// Pixels per module, if these are the runs of a corner mark: 1:1:3:1:1, each off by half a module and what a pixel
/// more or less makes of small ones.
fn pitch(runs: [usize; 5]) -> Option<f32> {
    let pitch = runs.iter().sum::<usize>() as f32 / 7.0;
    let fits = |length: usize, modules: f32, off: f32| {
        length > 0 && (length as f32 - modules * pitch).abs() < off * pitch + 0.6
    };
    let [a, b, middle, c, d] = runs;
    let all_fit = [a, b, c, d].into_iter().all(|length| fits(length, 1.0, 0.5)) && fits(middle, 3.0, 0.8);
    (pitch >= 1.2 && all_fit).then_some(pitch)
}

/// A code must have been in sight unread for so long before its owner is told: he may still be on his way.
const SAID_AFTER_MS: i64 = 800;

/// It was in sight all the time if it was never out of it for longer than this.
const BLINK_MS: i64 = 400;

/// Says a hint only when it has been true for a while.
#[derive(Debug)]
pub struct Patience(language::Patience<Hint>);

impl Default for Patience {
    fn default() -> Self {
        Self(language::Patience::new(SAID_AFTER_MS, BLINK_MS))
    }
}

impl Patience {
    /// Takes in what was to be said of a frame; says what is to be said now. A code that was read needs no hint.
    pub fn say(&mut self, at: Moment, was_read: bool, hint: Option<Hint>) -> Option<Hint> {
        if was_read {
            self.0.forget();
            return None;
        }
        self.0.say(at.0, hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays a frame every 100 ms: `f` too far, `g` glare, `r` read, a dot nothing in sight.
    fn play(frames: &str) -> String {
        let mut patience = Patience::default();
        let looks = frames.chars().enumerate().map(|(n, seen)| {
            let hint = match seen {
                'f' => Some(Hint::TooFar),
                'g' => Some(Hint::Glare),
                _ => None,
            };
            match patience.say(Moment(n as i64 * 100), seen == 'r', hint) {
                Some(Hint::TooFar) => 'f',
                Some(_) => 'g',
                None => '.',
            }
        });
        looks.collect()
    }

    #[test]
    fn nobody_is_told_what_passes_and_a_hint_stays_while_it_is_true() {
        assert_eq!(play("fff....."), "........");
        assert_eq!(play("ffffffffffff"), "........ffff");
        assert_eq!(play("ff..ff.fff.f.."), "........ffffff", "a hand shakes");
        assert_eq!(play("ffffffffffffr..ff"), "........ffff.....", "it was read");
        assert_eq!(play("fffffffff......ff"), "........fffff....", "it has gone");
        assert_eq!(play("fffffgggggfgfg"), "........gggggg", "one thing at a time");
    }
}
