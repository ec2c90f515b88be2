//! CSV as it comes: UTF-8 with or without its mark, GB18030, UTF-16 with tabs; any line ends.

use std::borrow::Cow;

use csv_core::ReadFieldResult;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{
    RosterError,
    table::{Cell, Format, Limit, MAX_CELL_BYTES, MAX_COLUMN, Made, Row, TakesRows},
};

/// The text of a file, and how it was written.
pub(super) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Format), RosterError> {
    let whole = |encoding: &'static encoding_rs::Encoding, bytes, format| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.map(|text| (text, format)).ok_or(RosterError::NotText)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => whole(UTF_16LE, rest, Format::Utf16),
        [0xfe, 0xff, rest @ ..] => whole(UTF_16BE, rest, Format::Utf16),
        _ => match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => Ok((Cow::Borrowed(text), Format::Utf8)),
            Err(_not_utf8) => whole(GB18030, bytes, Format::Gb18030),
        },
    }
}

/// Reads a text field by field: a field longer than any and a row wider than any end it, before they take room.
pub(super) fn read(text: &str, intake: &mut dyn TakesRows) -> Result<(), RosterError> {
    let mut core = csv_core::ReaderBuilder::new().delimiter(delimiter(text)).build();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut field = vec![0; MAX_CELL_BYTES];
    let (mut at, mut filled, mut column) = (0, 0, 0);
    let mut row = Row { number: 1, cells: vec![] };
    loop {
        if column == 0 && filled == 0 {
            row.number = lines.at(at);
        }
        let (input, room) = (text.as_bytes().get(at..), field.get_mut(filled..));
        let (said, read, written) = core.read_field(input.unwrap_or_default(), room.unwrap_or_default());
        (at, filled) = (at + read, filled + written);
        let ends_row = match said {
            ReadFieldResult::InputEmpty => continue,
            ReadFieldResult::OutputFull => return Err(too_long(&field, row.number)),
            ReadFieldResult::End => return Ok(()),
            ReadFieldResult::Field { record_end } => record_end,
        };
        row.cells.extend(cell(column, field.get(..filled).unwrap_or_default())?);
        (filled, column) = (0, column + 1);
        if ends_row {
            column = 0;
            let cells = std::mem::take(&mut row.cells);
            if !cells.is_empty() && !intake.take(Row { number: row.number, cells })? {
                return Ok(());
            }
        }
    }
}

fn cell(column: usize, bytes: &[u8]) -> Result<Option<Cell>, RosterError> {
    if column > MAX_COLUMN {
        return Err(RosterError::TooMuch(Limit::Columns));
    }
    // It was text before it was cut at ASCII signs.
    let text = std::str::from_utf8(bytes).map_err(|_not_text| RosterError::NotText)?;
    Ok((!text.trim().is_empty()).then(|| Cell { column, text: text.to_owned(), made: Made::Text }))
}

/// A field that swallows lines began with a quotation mark that nobody closed.
fn too_long(field: &[u8], line: u32) -> RosterError {
    if field.contains(&b'\n') { RosterError::OpenQuote { line } } else { RosterError::TooMuch(Limit::Cell) }
}

/// Tabs, when the first line that says anything has more of them than commas.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| line.contains([',', '\t'])).unwrap_or_default();
    let count = |c| first.chars().filter(|other| *other == c).count();
    if count('\t') > count(',') { b'\t' } else { b',' }
}

/// Counts lines as people do: `\r\n`, `\n` and `\r` each end one.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the first record at or after this byte: blank lines before it are passed.
    fn at(&mut self, byte: usize) -> u32 {
        while let Some(here) = self.text.get(self.at) {
            let ends = match here {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ if self.at >= byte => break,
                _ => false,
            };
            self.line += u32::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// What a character of a rare name was meant to be, when it stands where GBK of 1995 had no code point for it:
/// U+E815 to U+E864 were 0xFE50 to 0xFEA0 there, and GB18030 gives these bytes real characters.
pub(super) fn meant_by(private: char) -> Option<char> {
    let place = u32::from(private).checked_sub(0xe815).filter(|place| *place <= 0xe864 - 0xe815)?;
    let trail = u8::try_from(0x50 + place + u32::from(0x50 + place >= 0x7f)).ok()?;
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&[0xfe, trail])?.into_owned();
    let mut characters = text.chars();
    let meant = characters.next().filter(|c| !super::names::is_private(*c))?;
    characters.next().is_none().then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_code_points_of_old_fonts_are_known_by_what_they_meant() {
        // 䶮 and 㑳, U+E863 and U+E81A of GBK fonts: the pairs of GB 18030-2000, annex.
        assert_eq!(meant_by('\u{e863}'), Some('\u{4dae}'));
        assert_eq!(meant_by('\u{e81a}'), Some('\u{3473}'));
        assert_eq!(meant_by('\u{e001}'), None);
        assert_eq!(meant_by('张'), None);
    }

    #[test]
    fn lines_are_counted_as_people_count_them() {
        let mut lines = Lines { text: b"a\r\n\r\nb\rc\n\nd", at: 0, line: 1 };
        // The starts of a, b, c, d; the reader says where the line before ended.
        assert_eq!((lines.at(0), lines.at(3), lines.at(7), lines.at(9)), (1, 3, 4, 6));
    }
}
