//! Letters as outlines, from the font that travels with the program. The door of the crate `skrifa`.

use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};

use super::page::{Page, PaperError, Place};

const BOLD: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Bold.ttf");

/// Straight pieces that a curve becomes.
const PIECES: u32 = 6;

/// Writes a line of text from `left` on; `baseline` is where its letters stand, `size` their height with all room.
pub(super) fn write(
    page: &mut Page,
    text: &str,
    (left, baseline): Place,
    size: f32,
) -> Result<(), PaperError> {
    let font = FontRef::new(BOLD).map_err(|_damaged| PaperError::Font)?;
    let (letters, shapes) = (font.charmap(), font.outline_glyphs());
    let widths = font.glyph_metrics(Size::new(size), LocationRef::default());
    let mut pen_at = left;
    for c in text.chars() {
        let unprintable = || PaperError::Unprintable(c.to_string());
        let letter = letters.map(c).ok_or_else(unprintable)?;
        let mut pen = Pen { origin: (pen_at, baseline), outlines: vec![], at: (0.0, 0.0) };
        let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
        let shape = shapes.get(letter).ok_or_else(unprintable)?;
        shape.draw(settings, &mut pen).map_err(|_damaged| PaperError::Font)?;
        page.letter(pen.outlines);
        pen_at += f64::from(widths.advance_width(letter).unwrap_or_default());
    }
    Ok(())
}

/// Whether the font has a character.
pub(super) fn has(c: char) -> Result<bool, PaperError> {
    let font = FontRef::new(BOLD).map_err(|_damaged| PaperError::Font)?;
    Ok(font.charmap().map(c).is_some())
}

/// How wide a line of this size is; what the font lacks has no width.
pub(super) fn width(text: &str, size: f32) -> Result<f64, PaperError> {
    let font = FontRef::new(BOLD).map_err(|_damaged| PaperError::Font)?;
    let (letters, widths) = (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
    let advance = |c| letters.map(c).and_then(|letter| widths.advance_width(letter)).unwrap_or_default();
    Ok(text.chars().map(|c| f64::from(advance(c))).sum())
}

/// A line of text on a page of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Just large enough for it.
    pub page: Page,
    /// Its letters stand so many pixels below the upper edge.
    pub baseline: u32,
}

/// Writes a line of text of this size, in pixels: the height of its letters with all room.
///
/// # Errors
/// When the font that travels with the program lacks a letter.
pub fn line(text: &str, size: f32) -> Result<Line, PaperError> {
    let font = FontRef::new(BOLD).map_err(|_damaged| PaperError::Font)?;
    let letters = font.charmap();
    let metrics = font.metrics(Size::new(size), LocationRef::default());
    let widths = font.glyph_metrics(Size::new(size), LocationRef::default());
    let advance = |c| letters.map(c).and_then(|letter| widths.advance_width(letter)).unwrap_or_default();
    let width: f32 = text.chars().map(advance).sum();
    let baseline = metrics.ascent.ceil().max(0.0) as u32;
    let below = (-metrics.descent).ceil().max(0.0) as u32;
    let mut page = Page::new((width.ceil() as u32).max(1), (baseline + below).max(1));
    write(&mut page, text, (0.0, f64::from(baseline)), size)?;
    Ok(Line { page, baseline })
}

/// Collects outlines, with curves as short straight pieces.
struct Pen {
    origin: Place,
    outlines: Vec<Vec<Place>>,
    at: (f32, f32),
}

impl Pen {
    fn to(&mut self, x: f32, y: f32) {
        self.at = (x, y);
        // A font's letters stand up, a page's rows count down.
        let place = (self.origin.0 + f64::from(x), self.origin.1 - f64::from(y));
        if let Some(outline) = self.outlines.last_mut() {
            outline.push(place);
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outlines.push(vec![]);
        self.to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (x0, y0) = self.at;
        // The cubic of the same shape.
        let near = |from: f32, control: f32| from + 2.0 / 3.0 * (control - from);
        self.curve_to(near(x0, cx), near(y0, cy), near(x, cx), near(y, cy), x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (x0, y0) = self.at;
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let s = 1.0 - t;
            let along = |from: f32, first: f32, second: f32, to: f32| {
                s * s * s * from + 3.0 * s * s * t * first + 3.0 * s * t * t * second + t * t * t * to
            };
            self.to(along(x0, cx0, cx1, x), along(y0, cy0, cy1, y));
        }
    }

    fn close(&mut self) {}
}
