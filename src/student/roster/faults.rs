//! What is wrong with a row of a roster, and the report of a whole one. Values are never repeated: rows and code
//! points lead whoever has the file to them.

use std::fmt;

use super::{super::Field, Format};

/// Something that is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another row has the same.
    Twice {
        /// The earlier row.
        first: u32,
    },
    /// A row names somebody without any number.
    NoKey,
    /// The check digit of an id number is another's.
    CheckDigit,
    /// An id number with a digit too few or too many.
    IdShape {
        /// Characters it has.
        characters: usize,
    },
    /// A number with characters that no number has.
    OddNumber,
    /// The spreadsheet took it for a quantity and lost digits.
    Mangled,
    /// A cell begins like a formula, or is one.
    Formula,
    /// A character that is not seen or changes what is seen.
    Unsafe {
        /// Its code point.
        code: u32,
    },
    /// The cell is longer than such a thing can be.
    TooLong,
    /// A private-use code point of an old font.
    PrivateUse {
        /// It.
        code: u32,
        /// What it most likely was meant to be.
        meant: Option<u32>,
    },
    /// A copy of another character.
    Variant {
        /// It.
        code: u32,
        /// The character itself.
        meant: u32,
    },
    /// A middle dot other than U+00B7.
    Dot {
        /// It.
        code: u32,
    },
    /// A blank inside a name.
    Blank,
    /// A sign that stands for a character which was lost.
    Lost {
        /// It.
        code: u32,
    },
    /// No resident identity number: a passport, a permit.
    OtherDocument,
    /// Shorter than nearly all others: leading zeros may be lost.
    Shorter,
    /// Ends in zeros where a spreadsheet would have put them.
    TrailingZeros,
    /// No name.
    Nameless,
    /// The spreadsheet computed it; what it showed last is taken.
    Computed,
}

impl Fault {
    /// Whether the row cannot be used as it is: who is meant is in doubt.
    #[must_use]
    pub fn is_grave(self) -> bool {
        match self {
            Self::Twice { .. }
            | Self::NoKey
            | Self::CheckDigit
            | Self::IdShape { .. }
            | Self::OddNumber
            | Self::Mangled
            | Self::Formula
            | Self::Unsafe { .. }
            | Self::TooLong => true,
            Self::PrivateUse { .. }
            | Self::Variant { .. }
            | Self::Dot { .. }
            | Self::Blank
            | Self::Lost { .. }
            | Self::OtherDocument
            | Self::Shorter
            | Self::TrailingZeros
            | Self::Nameless
            | Self::Computed => false,
        }
    }

    /// Its short name, for programs.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Twice { .. } => "twice",
            Self::NoKey => "no_key",
            Self::CheckDigit => "check_digit",
            Self::IdShape { .. } => "id_shape",
            Self::OddNumber => "odd_number",
            Self::Mangled => "mangled",
            Self::Formula => "formula",
            Self::Unsafe { .. } => "unsafe_character",
            Self::TooLong => "too_long",
            Self::PrivateUse { .. } => "private_use",
            Self::Variant { .. } => "variant",
            Self::Dot { .. } => "dot",
            Self::Blank => "blank",
            Self::Lost { .. } => "lost_character",
            Self::OtherDocument => "other_document",
            Self::Shorter => "shorter",
            Self::TrailingZeros => "trailing_zeros",
            Self::Nameless => "nameless",
            Self::Computed => "computed",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice { first } => write!(f, "the same as in row {first}"),
            Self::NoKey => f.write_str("has no number by which the student could be found"),
            Self::CheckDigit => f.write_str("the check digit is wrong: a digit was mistyped"),
            Self::IdShape { characters } => write!(f, "has {characters} characters, not 18"),
            Self::OddNumber => f.write_str("holds characters that no number has"),
            Self::Mangled => f.write_str("was taken for a quantity by the spreadsheet, and digits are lost"),
            Self::Formula => f.write_str("is a formula, or begins like one"),
            Self::Unsafe { code } => write!(f, "holds the invisible character U+{code:04X}"),
            Self::TooLong => f.write_str("is too long"),
            Self::PrivateUse { code, meant: Some(meant) } => {
                write!(f, "holds U+{code:04X} of an old font; most likely U+{meant:04X} is meant")
            }
            Self::PrivateUse { code, meant: None } => write!(f, "holds U+{code:04X} of an old font"),
            Self::Variant { code, meant } => write!(f, "holds U+{code:04X}, a copy of U+{meant:04X}"),
            Self::Dot { code } => write!(f, "holds the dot U+{code:04X}, not U+00B7"),
            Self::Blank => f.write_str("holds a blank"),
            Self::Lost { code } => write!(f, "holds U+{code:04X}, which stands for a lost character"),
            Self::OtherDocument => f.write_str("is no resident identity number"),
            Self::Shorter => f.write_str("is shorter than the others: leading zeros may be lost"),
            Self::TrailingZeros => f.write_str("ends in zeros as a spreadsheet writes for lost digits"),
            Self::Nameless => f.write_str("is missing"),
            Self::Computed => f.write_str("is computed; what the spreadsheet showed last is taken"),
        }
    }
}

/// A fault and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFault {
    /// The row, from 1, the heading and what is above it included.
    pub row: u32,
    /// In which column; `None` when it is about the row.
    pub field: Option<Field>,
    /// What.
    pub fault: Fault,
}

/// Faults that are told one by one; the rest is counted. Nobody mends a thousand rows by hand.
const MOST_TOLD: usize = 200;

/// What was found in a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the file is written.
    pub format: Format,
    /// The row of the heading.
    pub heading: u32,
    /// The columns that are known.
    pub fields: Vec<Field>,
    /// How many columns nobody knows.
    pub passed_over: usize,
    /// Students that can be used.
    pub students: usize,
    /// Rows that cannot.
    pub unusable: usize,
    /// The faults, in the order of their rows, the first of each kind of them.
    pub faults: Vec<RowFault>,
    /// How many grave ones there are in all.
    pub grave: usize,
    /// How many others.
    pub slight: usize,
}

impl Report {
    /// An empty one.
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            heading: 0,
            fields: vec![],
            passed_over: 0,
            students: 0,
            unusable: 0,
            faults: vec![],
            grave: 0,
            slight: 0,
        }
    }

    /// Another fault.
    pub(super) fn add(&mut self, fault: RowFault) {
        let grave = fault.fault.is_grave();
        *if grave { &mut self.grave } else { &mut self.slight } += 1;
        let told = self.faults.iter().filter(|known| known.fault.is_grave() == grave).count();
        if told < MOST_TOLD {
            self.faults.push(fault);
        }
    }

    /// The first fault that forbids using the roster as it is.
    #[must_use]
    pub fn first_grave(&self) -> Option<&RowFault> {
        self.faults.iter().find(|fault| fault.fault.is_grave())
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "row {}, {field}: {}", self.row, self.fault),
            None => write!(f, "row {}: {}", self.row, self.fault),
        }
    }
}
