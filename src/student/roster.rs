//! 名册: the list of expected students a school may hand over, as CSV or a workbook with Chinese column names.
//!
//! Jobs by 采集码 need none (教学服〔2022〕10号 even forbids giving it to the capture company); freshmen
//! jobs and the naming of delivered files by 学号 or 身份证号 do. A roster is looked up by exact match
//! only: half a match on a diploma is a wrong match.
//!
//! ```text
//! bytes ─▶ text or workbook ─rows─▶ heading ─cells─▶ cleaned, judged ─▶ students + report
//! ```

mod cells;
mod faults;
mod heading;
mod intake;
mod names;
mod search;
mod table;
mod text;
mod workbook;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

pub use cells::plain_number;
pub use faults::{Fault, Report, RowFault};
pub use heading::Columns;
pub use search::{Found, MOST_SHOWN};
pub use table::{Format, Limit, MAX_FILE_BYTES};
pub use workbook::Unreadable;

use super::{CaptureCode, Field, NameMask, code, mask_name};

/// One line of a roster.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Student {
    values: BTreeMap<Field, String>,
}

impl Student {
    /// What the roster says in a column; `None` when the column is missing or the cell is blank.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values.get(&field).map(String::as_str)
    }

    /// 学院, 专业 and 班级; empty where the roster does not say.
    #[must_use]
    pub fn class(&self) -> [String; 3] {
        [Field::College, Field::Major, Field::Class]
            .map(|field| self.get(field).unwrap_or_default().to_owned())
    }

    /// 姓名(脱敏), as the roster has it or masked here; empty where it has no name.
    #[must_use]
    pub fn masked_name(&self, mask: NameMask) -> String {
        let masked = || mask_name(self.get(Field::Name).unwrap_or_default(), mask);
        self.get(Field::MaskedName).map_or_else(masked, str::to_owned)
    }

    /// The last four characters of the student number; empty where there is none.
    #[must_use]
    pub fn end_of_number(&self) -> String {
        let number = self.get(Field::StudentNumber).unwrap_or_default();
        let from = number.chars().count().saturating_sub(4);
        number.chars().skip(from).collect()
    }

    /// What stands for the student where a capture code would: of each of his numbers, the best first. The same
    /// student has the same ones on every station and from every roster that knows the number.
    #[must_use]
    pub fn keys(&self) -> Vec<CaptureCode> {
        let code = self.get(Field::CaptureCode).and_then(|code| code.parse().ok());
        let numbers = NUMBERS.into_iter().filter_map(|field| self.get(field));
        code.into_iter().chain(numbers.map(CaptureCode::of_number)).collect()
    }
}

impl fmt::Debug for Student {
    /// Which columns are filled, never with what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// A school's list of expected students.
#[derive(Clone, Default)]
pub struct Roster {
    students: Vec<Student>,
    /// The place and the row of the student each key belongs to.
    by_key: HashMap<[u8; 32], (u32, u32)>,
}

impl fmt::Debug for Roster {
    /// How many students, never who.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster").field("students", &self.students.len()).finish_non_exhaustive()
    }
}

/// Why a roster is refused. Rows are counted from 1, the heading included; values are never repeated.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum RosterError {
    /// The file is text in no encoding that spreadsheets write.
    #[error("the roster is neither a workbook nor text in UTF-8 or GB18030")]
    NotText,
    /// A quotation mark opens and is never closed.
    #[error("a quotation mark in line {line} of the roster is never closed")]
    OpenQuote {
        /// Which line.
        line: u32,
    },
    /// The workbook cannot be read.
    #[error("the workbook cannot be read: {0}")]
    Workbook(Unreadable),
    /// It is larger than any roster.
    #[error("the roster is larger than any: {0:?} beyond {number}", number = .0.number())]
    TooMuch(Limit),
    /// No column can identify a student.
    #[error("the roster has none of the columns 采集码, 学号, 身份证号: nobody could be found in it")]
    NoKey,
    /// A column stands there twice, perhaps under two names.
    #[error("the roster has two columns for {0}")]
    TwoColumns(Field),
    /// Some rows cannot be used as they are.
    #[error("{} rows of the roster cannot be used; the first: {}", .0.unusable, FirstOf(.0))]
    Faulty(Box<Report>),
}

struct FirstOf<'a>(&'a Report);

impl fmt::Display for FirstOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.first_grave().map_or(Ok(()), |first| first.fmt(f))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OldOrLocked => "it is of Excel 97, or locked with a password",
            Self::Broken => "it is damaged",
            Self::Dtd => "it holds a document type definition, which no spreadsheet writes",
            Self::TwoSheets => "two of its sheets look like a roster",
        })
    }
}

/// The columns that identify a student, each unique in a roster.
const KEYS: [Field; 3] = [Field::CaptureCode, Field::StudentNumber, Field::IdNumber];
/// Those of them that are numbers.
const NUMBERS: [Field; 2] = [Field::StudentNumber, Field::IdNumber];

impl Roster {
    /// Reads a roster of which every row can be used. Columns nobody knows are passed over.
    ///
    /// # Errors
    /// When it cannot be read, has no key column, or a row has a grave fault.
    pub fn read(bytes: &[u8]) -> Result<Self, RosterError> {
        let (roster, report) = Self::inspect(bytes, &Columns::default())?;
        if report.grave > 0 { Err(RosterError::Faulty(Box::new(report))) } else { Ok(roster) }
    }

    /// Reads whatever rows of a roster can be used, and tells what is wrong with it.
    ///
    /// # Errors
    /// When it cannot be read as a whole, or has no key column.
    pub fn inspect(bytes: &[u8], columns: &Columns) -> Result<(Self, Report), RosterError> {
        intake::read(bytes, columns)
    }

    /// How many students are expected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.students.len()
    }

    /// Everybody who is expected, in the roster's order.
    #[must_use]
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// True when nobody is expected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.students.is_empty()
    }

    /// The student a code stands for: whose 采集码, 学号 or 身份证号 it is, to the letter; or whose number the
    /// key was made of under which he sat.
    #[must_use]
    pub fn find(&self, code: &CaptureCode) -> Option<&Student> {
        match code.number_digest() {
            Some(digest) => self.at(&digest),
            None => self.by_number(code.expose()),
        }
    }

    fn by_number(&self, number: &str) -> Option<&Student> {
        self.at(&code::digest_of_number(number))
    }

    fn at(&self, digest: &[u8; 32]) -> Option<&Student> {
        self.students.get(self.by_key.get(digest)?.0 as usize)
    }

    /// The roster as a CSV file of ours, which [`Roster::read`] reads back.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing into memory cannot fail.
        writer.write_record(Field::ALL.map(|field| field.to_string())).ok();
        for student in &self.students {
            writer.write_record(Field::ALL.map(|field| student.get(field).unwrap_or_default())).ok();
        }
        writer.into_inner().unwrap_or_default()
    }
}
