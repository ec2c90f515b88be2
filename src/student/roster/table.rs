//! What a spreadsheet hands over, whatever its format: rows of cells, one at a time, within limits.
//!
//! A roster comes by mail from somebody's office computer. None of its claims about sizes is believed: a workbook
//! of 1.2 KB can ask for 512 GiB (facts/record.md, measured). So nothing is reserved by what a file says of
//! itself, and whatever is read is counted.

use super::RosterError;

/// The longest file that is looked at, in bytes. 12,300 students (the largest contract) with twenty columns are
/// about 2.5 MB of CSV and 1.2 MB of workbook.
pub const MAX_FILE_BYTES: u64 = 16 << 20;
/// The most rows with anything in them.
pub(super) const MAX_ROWS: usize = 40_000;
/// The furthest column that may hold anything, from 0.
pub(super) const MAX_COLUMN: usize = 255;
/// The longest cell, in bytes; a name or a number has at most some forty characters.
pub(super) const MAX_CELL_BYTES: usize = 4_000;

/// A limit that a file went beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The file's bytes ([`MAX_FILE_BYTES`]).
    File,
    /// Rows.
    Rows,
    /// Columns.
    Columns,
    /// The text of one cell.
    Cell,
    /// What a workbook unpacks to.
    Unpacked,
    /// The texts a workbook's cells share.
    SharedTexts,
    /// The files inside a workbook.
    Parts,
    /// How deep a workbook's elements are nested.
    Depth,
}

impl Limit {
    /// The number that was gone beyond, as people say it.
    #[must_use]
    pub fn number(self) -> String {
        match self {
            Self::File => format!("{} MB", MAX_FILE_BYTES >> 20),
            Self::Rows => MAX_ROWS.to_string(),
            Self::Columns => (MAX_COLUMN + 1).to_string(),
            Self::Cell => MAX_CELL_BYTES.to_string(),
            Self::Unpacked => format!("{} MB", super::workbook::MAX_UNPACKED >> 20),
            Self::SharedTexts => super::workbook::MAX_SHARED.to_string(),
            Self::Parts => super::workbook::MAX_PARTS.to_string(),
            Self::Depth => super::workbook::MAX_DEPTH.to_string(),
        }
    }
}

/// How a cell came by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// Somebody typed it, and it is text.
    Text,
    /// It is a number: leading zeros are lost, and digits after the fifteenth.
    Number,
    /// The spreadsheet computed it.
    Formula,
}

/// A cell that holds something.
#[derive(Clone)]
pub(super) struct Cell {
    /// Its column, from 0.
    pub(super) column: usize,
    /// What is shown.
    pub(super) text: String,
    /// How it came by its text.
    pub(super) made: Made,
}

/// A row that holds something.
#[derive(Clone)]
pub(super) struct Row {
    /// Its number, from 1, as the spreadsheet shows it.
    pub(super) number: u32,
    /// Its cells, blank ones left out.
    pub(super) cells: Vec<Cell>,
}

/// Takes rows in, in their order.
pub(super) trait TakesRows {
    /// Another row; `false` when it needs no more.
    fn take(&mut self, row: Row) -> Result<bool, RosterError>;
}

/// Which format a roster has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV in UTF-8.
    Utf8,
    /// CSV in GB18030, as Excel in China saves it by itself.
    Gb18030,
    /// "Unicode text": UTF-16.
    Utf16,
    /// An Excel workbook.
    Workbook,
}
