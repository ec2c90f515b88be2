//! 名册: the list of expected students a school may hand over, as CSV with Chinese column names.
//!
//! Jobs by 采集码 need none (教学服〔2022〕10号 even forbids giving it to the capture company); freshmen
//! jobs and the naming of delivered files by 学号 or 身份证号 do. A roster is looked up by exact match
//! only: half a match on a diploma is a wrong match.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::{CaptureCode, Field, IdNumber, IdNumberError};

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
    /// The place and the line of the student each key belongs to.
    by_key: HashMap<String, (usize, usize)>,
}

impl fmt::Debug for Roster {
    /// How many students, never who.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster").field("students", &self.students.len()).finish_non_exhaustive()
    }
}

/// Why a roster is refused. Lines are counted from 1, the header included; values are never repeated.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file is not UTF-8 text.
    #[error("the roster is not UTF-8 text: save it as \"CSV UTF-8\" in the spreadsheet")]
    NotUtf8,
    /// The text is not CSV.
    #[error("line {line} of the roster cannot be read as CSV")]
    NotCsv {
        /// Which line, 0 when unknown.
        line: u64,
    },
    /// No column can identify a student.
    #[error("the roster has none of the columns 采集码, 学号, 身份证号: nobody could be found in it")]
    NoKey,
    /// A column stands there twice, perhaps under two names.
    #[error("the roster has two columns for {0}")]
    TwoColumns(Field),
    /// Two lines have the same key.
    #[error("lines {first} and {second} of the roster have the same {field}")]
    Twice {
        /// Which key column.
        field: Field,
        /// The earlier line.
        first: usize,
        /// The later line.
        second: usize,
    },
    /// An id number is mistyped.
    #[error("line {line} of the roster: {source}")]
    IdNumber {
        /// Which line.
        line: usize,
        /// What is wrong with it.
        source: IdNumberError,
    },
}

/// The columns that identify a student, each unique in a roster.
const KEYS: [Field; 3] = [Field::CaptureCode, Field::StudentNumber, Field::IdNumber];

impl Roster {
    /// Reads a roster from the bytes of a CSV file. Columns nobody knows are passed over.
    ///
    /// # Errors
    /// When it is not UTF-8 CSV, has no key column, or two lines share a key.
    pub fn read(bytes: &[u8]) -> Result<Self, RosterError> {
        let text = std::str::from_utf8(bytes).map_err(|_not_utf8| RosterError::NotUtf8)?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = columns(reader.headers().map_err(|err| not_csv(&err))?)?;
        let mut roster = Self::default();
        for record in reader.records() {
            let record = record.map_err(|err| not_csv(&err))?;
            let line = record.position().map_or(0, |position| position.line() as usize);
            let cells = columns.iter().filter_map(|(place, field)| Some((*field, record.get(*place)?)));
            let values =
                cells.filter(|(_, cell)| !cell.is_empty()).map(|(field, cell)| (field, cell.to_owned()));
            roster.add(line, Student { values: values.collect() })?;
        }
        Ok(roster)
    }

    /// How many students are expected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.students.len()
    }

    /// True when nobody is expected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.students.is_empty()
    }

    /// The student a scanned code stands for: whose 采集码, 学号 or 身份证号 it is, to the letter.
    #[must_use]
    pub fn find(&self, code: &CaptureCode) -> Option<&Student> {
        self.students.get(self.by_key.get(code.expose())?.0)
    }

    fn add(&mut self, line: usize, mut student: Student) -> Result<(), RosterError> {
        check_id_number(line, &mut student)?;
        let place = self.students.len();
        for field in KEYS {
            let Some(key) = student.get(field) else { continue };
            if let Some((other, first)) = self.by_key.insert(key.to_owned(), (place, line))
                && other != place
            {
                return Err(RosterError::Twice { field, first, second: line });
            }
        }
        self.students.push(student);
        Ok(())
    }
}

/// Where each known field stands in the header.
fn columns(header: &csv::StringRecord) -> Result<Vec<(usize, Field)>, RosterError> {
    let mut columns: Vec<(usize, Field)> = Vec::new();
    for (place, name) in header.iter().enumerate() {
        let Ok(field) = name.parse::<Field>() else { continue };
        if columns.iter().any(|(_, known)| *known == field) {
            return Err(RosterError::TwoColumns(field));
        }
        columns.push((place, field));
    }
    if columns.iter().any(|(_, field)| KEYS.contains(field)) { Ok(columns) } else { Err(RosterError::NoKey) }
}

/// An eighteen-character id number must carry its right check digit; passports and permits pass as they are.
fn check_id_number(line: usize, student: &mut Student) -> Result<(), RosterError> {
    let Some(text) = student.get(Field::IdNumber) else { return Ok(()) };
    if text.chars().count() != 18 {
        return Ok(());
    }
    match text.parse::<IdNumber>() {
        Ok(number) => {
            student.values.insert(Field::LastFour, number.last_four().to_owned());
            student.values.insert(Field::IdNumber, number.expose().to_owned());
            Ok(())
        }
        Err(source) => Err(RosterError::IdNumber { line, source }),
    }
}

fn not_csv(err: &csv::Error) -> RosterError {
    RosterError::NotCsv { line: err.position().map_or(0, csv::Position::line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\u{feff}学院,班级,学号,姓名,身份证号,备注\n艺术系,1班,2024001,张小三,11010519491231002x,\n\
                       艺术系,1班,2024002,李四,G1234567,走读\n";

    fn find<'a>(roster: &'a Roster, code: &str) -> Option<&'a Student> {
        roster.find(&code.parse().unwrap())
    }

    #[test]
    fn a_student_is_found_by_number_or_id_and_by_nothing_less() {
        let roster = Roster::read(TWO.as_bytes()).unwrap();
        assert_eq!(roster.len(), 2);
        assert_eq!(find(&roster, "2024001").unwrap().get(Field::Name), Some("张小三"));
        assert_eq!(find(&roster, "11010519491231002X").unwrap().get(Field::LastFour), Some("002X"));
        assert_eq!(find(&roster, "G1234567").unwrap().get(Field::College), Some("艺术系"));
        for half in ["202400", "2024001 ", "张小三", "1班"] {
            assert!(find(&roster, half).is_none(), "{half}");
        }
    }

    #[test]
    fn what_could_match_twice_is_refused_with_its_lines_and_without_its_values() {
        let twice = "学号,姓名\n1,甲\n2,乙\n1,丙\n";
        let said = Roster::read(twice.as_bytes()).unwrap_err().to_string();
        assert_eq!(said, "lines 2 and 4 of the roster have the same 学号");
        let mistyped = "学号,身份证号\n1,110105194912310021\n";
        let said = Roster::read(mistyped.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            said,
            "line 2 of the roster: the check digit of the id number is wrong: a digit was mistyped"
        );
    }

    #[test]
    fn what_is_no_roster_says_why() {
        assert!(matches!(Roster::read(&[0xc4, 0xe3]), Err(RosterError::NotUtf8)), "GBK");
        assert!(matches!(Roster::read(b"a,b\n1,2\n"), Err(RosterError::NoKey)));
        assert!(matches!(
            Roster::read("学院,系部,学号\n".as_bytes()),
            Err(RosterError::TwoColumns(Field::College))
        ));
    }

    #[test]
    fn a_student_never_shows_in_debug() {
        let roster = Roster::read(TWO.as_bytes()).unwrap();
        let shown = format!("{roster:?} {:?}", roster.students);
        assert!(!shown.contains("张小三") && !shown.contains("2024001"), "{shown}");
    }
}
