//! A card of codes for an operator's hands: each as bars and as a QR code, with its meaning beside it.

use super::{
    code128,
    lettering::write,
    page::{Page, PaperError},
    qr::QrModules,
};

/// A5, upright, at 300 pixels an inch: 148 by 210 mm.
const PAPER: (u32, u32) = (1748, 2480);

/// A narrow bar: 4 pixels are 0.34 mm, which the cheapest scanner reads and the worst printer prints.
const BAR: u32 = 4;

/// Bars are 15 mm high.
const BARS_HEIGHT: u32 = 177;

/// A module of a QR code: 1.1 mm, for a webcam across the table.
const MODULE: u32 = 13;

/// From the paper's edge.
const MARGIN: u32 = 90;

/// Where the first code's row begins, and how high each is.
const FIRST_ROW: u32 = 330;
const ROW: u32 = 400;

/// What one code says and means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the code says.
    pub text: String,
    /// What it means.
    pub meaning: String,
}

/// A card with a title, a few lines of small print at its foot, and these codes.
///
/// # Errors
/// When a text cannot be printed.
pub fn card(title: &str, small_print: &[&str], entries: &[Entry]) -> Result<Page, PaperError> {
    let mut page = Page::new(PAPER.0, PAPER.1);
    let left = f64::from(MARGIN);
    write(&mut page, title, (left, 170.0), 100.0)?;
    for (line, row) in small_print.iter().zip(0_u32..) {
        write(&mut page, line, (left, f64::from(PAPER.1 - 120 + 52 * row)), 36.0)?;
    }
    for (entry, n) in entries.iter().zip(0_u32..) {
        row(&mut page, FIRST_ROW + n * ROW, entry)?;
    }
    Ok(page)
}

fn row(page: &mut Page, top: u32, entry: &Entry) -> Result<(), PaperError> {
    write(page, &entry.meaning, (f64::from(MARGIN), f64::from(top + 90)), 84.0)?;
    let unprintable = || PaperError::Unprintable(entry.text.clone());
    let modules = code128::modules(&entry.text).ok_or_else(unprintable)?;
    for (_, n) in modules.iter().zip(0_u32..).filter(|(dark, _)| **dark) {
        page.bar([MARGIN + n * BAR, top + 130, BAR, BARS_HEIGHT]);
    }
    write(page, &entry.text, (f64::from(MARGIN), f64::from(top + 345)), 32.0)?;
    let code = QrModules::of(&entry.text).ok_or_else(unprintable)?;
    let left = PAPER.0 - MARGIN - code.side() as u32 * MODULE;
    for (column, row, length) in code.runs() {
        let (column, row, length) = (column as u32, row as u32, length as u32);
        page.bar([left + column * MODULE, top + 20 + row * MODULE, length * MODULE, MODULE]);
    }
    Ok(())
}
