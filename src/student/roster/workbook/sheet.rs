//! One sheet: rows and cells as they come.

use quick_xml::events::{BytesStart, Event};

use super::{
    Shared, TakesSheet, Unreadable,
    parts::{Parts, attribute},
};
use crate::student::{
    RosterError,
    roster::table::{Cell, Limit, MAX_CELL_BYTES, MAX_COLUMN, Made, Row},
};

/// Follows the elements of a text: `<t>`, in runs or not, without the pronunciation that may stand beside it.
#[derive(Default)]
pub(super) struct Reading {
    inside: bool,
    spoken: bool,
}

impl Reading {
    /// Appends what belongs to the text.
    pub(super) fn follow(&mut self, event: &Event<'_>, text: &mut String) -> Result<(), RosterError> {
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                b"rPh" => self.spoken = true,
                b"t" | b"v" => self.inside = !self.spoken,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                b"rPh" => self.spoken = false,
                b"t" | b"v" => self.inside = false,
                _ => {}
            },
            Event::Text(bytes) if self.inside => text.push_str(utf8(bytes)?),
            Event::CData(bytes) if self.inside => text.push_str(utf8(bytes)?),
            Event::GeneralRef(name) if self.inside => text.push(entity(utf8(name)?)?),
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::Eof => {}
        }
        Ok(())
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, RosterError> {
    std::str::from_utf8(bytes).map_err(|_not_utf8| Unreadable::Broken.into())
}

/// The five names of XML, and numbers; without a DTD there are no others.
fn entity(name: &str) -> Result<char, RosterError> {
    let number = || match name.strip_prefix('#')?.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => name.strip_prefix('#')?.parse().ok(),
    };
    let known = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => number().and_then(char::from_u32),
    };
    known.ok_or_else(|| Unreadable::Broken.into())
}

/// A cell whose end has not come yet.
struct Open {
    column: usize,
    kind: String,
    formula: bool,
    text: String,
}

/// Reads a sheet into whoever takes it.
pub(super) fn read(
    parts: &mut Parts<'_>,
    name: &str,
    shared: &Shared,
    taker: &mut dyn TakesSheet,
) -> Result<(), RosterError> {
    let Some(mut elements) = parts.elements(name)? else { return Err(Unreadable::Broken.into()) };
    let mut row = Row { number: 0, cells: vec![] };
    let mut next_column = 0;
    let mut open: Option<Open> = None;
    let mut reading = Reading::default();
    while let Some(event) = elements.next()? {
        match &event {
            Event::Start(start) => match (start.local_name().as_ref(), &mut open) {
                (b"row", _) => {
                    row = Row { number: row_number(start, row.number)?, cells: vec![] };
                    next_column = 0;
                }
                (b"c", _) => {
                    let cell = open_cell(start, next_column)?;
                    next_column = cell.column + 1;
                    open = Some(cell);
                }
                (b"f", Some(cell)) => cell.formula = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                b"c" => row.cells.extend(open.take().map(|cell| closed(cell, shared)).transpose()?.flatten()),
                b"row" if !row.cells.is_empty() => {
                    let cells = std::mem::take(&mut row.cells);
                    if !taker.take(Row { number: row.number, cells })? {
                        return Ok(());
                    }
                }
                _ => {}
            },
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_)
            | Event::Eof => {}
        }
        if let Some(cell) = &mut open {
            reading.follow(&event, &mut cell.text)?;
            if cell.text.len() > MAX_CELL_BYTES {
                return Err(RosterError::TooMuch(Limit::Cell));
            }
        }
    }
    Ok(())
}

/// Rows are numbered upwards; where nothing is said, the next one is meant.
fn row_number(start: &BytesStart<'_>, before: u32) -> Result<u32, RosterError> {
    let Some(said) = attribute(start, b"r") else { return Ok(before.saturating_add(1)) };
    let number = said.parse().ok().filter(|number| *number > before);
    number.ok_or_else(|| Unreadable::Broken.into())
}

fn open_cell(start: &BytesStart<'_>, next: usize) -> Result<Open, RosterError> {
    let said = attribute(start, b"r").map(|place| column(&place).ok_or(Unreadable::Broken)).transpose()?;
    let column = said.unwrap_or(next);
    if column < next {
        return Err(Unreadable::Broken.into());
    }
    let kind = attribute(start, b"t").unwrap_or_default();
    Ok(Open { column, kind, formula: false, text: String::new() })
}

/// The column of a place such as `AB12`, from 0. Excel has three letters at most.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let letters: Vec<u8> = letters.map(|letter| letter.to_ascii_uppercase() - b'A' + 1).collect();
    let one_based = letters.iter().fold(0_usize, |column, letter| column * 26 + usize::from(*letter));
    (1..=3).contains(&letters.len()).then(|| one_based.checked_sub(1))?
}

/// A cell with what it shows; `None` when that is nothing.
fn closed(open: Open, shared: &Shared) -> Result<Option<Cell>, RosterError> {
    let Open { column, kind, formula, text } = open;
    let (text, mut made) = match kind.as_str() {
        "s" => {
            let place = text.trim().parse().map_err(|_no_number| Unreadable::Broken)?;
            (unescaped(shared.get(place).ok_or(Unreadable::Broken)?), Made::Text)
        }
        "str" | "inlineStr" => (unescaped(&text), Made::Text),
        // #N/A and its like: what is shown is nobody's.
        "e" => (text, Made::Formula),
        _ => (number(text.trim()), Made::Number),
    };
    if formula {
        made = Made::Formula;
    }
    if text.trim().is_empty() {
        return Ok(None);
    }
    if column > MAX_COLUMN {
        return Err(RosterError::TooMuch(Limit::Columns));
    }
    Ok(Some(Cell { column, text, made }))
}

/// A number as a person reads it: `2.0240001E7` is 20240001. Beyond fifteen digits it stays as it is, and is
/// refused where it matters.
fn number(text: &str) -> String {
    let value: Option<f64> = text.parse().ok();
    match value.filter(|value| value.fract() == 0.0 && value.abs() < 1e15) {
        Some(value) => format!("{value:.0}"),
        None => text.to_owned(),
    }
}

/// `_x000D_` stands for the character of that number (ECMA-376, 22.9.2.19).
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let hex = here.get(2..6).filter(|hex| hex.bytes().all(|c| c.is_ascii_hexdigit()));
        let closed = here.get(6..7) == Some("_");
        let meant = hex.filter(|_| closed).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let (taken, length) = match meant.and_then(char::from_u32) {
            Some(c) => (c, 7),
            None => ('_', 1),
        };
        out.push(taken);
        rest = here.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_numbers_and_escapes_are_read_as_excel_means_them() {
        assert_eq!((column("A1"), column("AB12"), column("XFD1048576")), (Some(0), Some(27), Some(16_383)));
        assert_eq!((column("12"), column("AAAA1"), column("")), (None, None, None));
        assert_eq!((number("2.0240001E7"), number("007")), ("20240001".to_owned(), "7".to_owned()));
        assert_eq!(number("1.1010519491231E+17"), "1.1010519491231E+17");
        assert_eq!(unescaped("a_x000D_b_x_"), "a\rb_x_");
        assert_eq!(unescaped("张_x200B_"), "张\u{200b}");
    }
}
