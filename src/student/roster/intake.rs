//! Rows become students here; what is wrong with them goes into the report.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Columns, KEYS, Report, Roster, RosterError, RowFault, Student,
    cells::{self, Said},
    faults::Fault,
    heading::Heading,
    table::{Format, Limit, MAX_FILE_BYTES, MAX_ROWS, Row, TakesRows},
    text,
    workbook::{self, TakesSheet, Unreadable},
};
use crate::student::{Field, IdNumber, code};

/// Reads a file of whichever format.
pub(super) fn read(bytes: &[u8], columns: &Columns) -> Result<(Roster, Report), RosterError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(RosterError::TooMuch(Limit::File));
    }
    if workbook::is_old(bytes) {
        return Err(Unreadable::OldOrLocked.into());
    }
    if workbook::is_one(bytes) {
        let mut intake = Intake::new(columns, Format::Workbook);
        let mut probe = Probe { columns, is_roster: false };
        workbook::read(bytes, &mut intake, &mut probe)?;
        return intake.finish();
    }
    let (text, format) = text::decoded(bytes)?;
    let mut intake = Intake::new(columns, format);
    text::read(&text, &mut intake)?;
    intake.finish()
}

/// Looks whether a further sheet is a roster too.
struct Probe<'a> {
    columns: &'a Columns,
    is_roster: bool,
}

impl TakesRows for Probe<'_> {
    fn take(&mut self, row: Row) -> Result<bool, RosterError> {
        if Heading::is_too_late(&row) {
            return Ok(false);
        }
        self.is_roster |= Heading::of(&row, self.columns)?.is_some();
        Ok(!self.is_roster)
    }
}

impl TakesSheet for Probe<'_> {
    fn is_roster(&self) -> bool {
        self.is_roster
    }

    fn begin(&mut self) {}
}

/// The place of whoever cannot be used: nobody is found there.
const NOBODY: u32 = u32::MAX;

struct Intake<'a> {
    columns: &'a Columns,
    heading: Option<Heading>,
    rows: usize,
    roster: Roster,
    report: Report,
    /// Students of whom a later row says the same number: neither row can be believed.
    doubted: BTreeSet<u32>,
    /// Rows by the length of the student numbers in them: to tell which are shorter than the others.
    lengths: BTreeMap<usize, Vec<u32>>,
}

impl<'a> Intake<'a> {
    fn new(columns: &'a Columns, format: Format) -> Self {
        Self {
            columns,
            heading: None,
            rows: 0,
            roster: Roster::default(),
            report: Report::new(format),
            doubted: BTreeSet::new(),
            lengths: BTreeMap::new(),
        }
    }

    fn finish(mut self) -> Result<(Roster, Report), RosterError> {
        let Some(heading) = self.heading.take() else { return Err(RosterError::NoKey) };
        self.tell_shorter_numbers();
        self.leave_out_the_doubted();
        self.report.heading = heading.row;
        self.report.fields = heading.fields.into_iter().map(|(_, field)| field).collect();
        self.report.passed_over = heading.passed_over;
        self.report.students = self.roster.len();
        self.report.faults.sort_by_key(|fault| fault.row);
        Ok((self.roster, self.report))
    }

    fn add(&mut self, row: &Row) {
        let Some(heading) = &self.heading else { return };
        let mut student = Student::default();
        let mut faults = Vec::new();
        for (place, field) in &heading.fields {
            let Some(cell) = row.cells.iter().find(|cell| cell.column == *place) else { continue };
            let Said { value, faults: found } = cells::read(*field, cell);
            faults.extend(found.into_iter().map(|fault| (Some(*field), fault)));
            student.values.extend(value.map(|value| (*field, value)));
        }
        complete(&mut student);
        faults.extend(self.lacking(&student, &faults));
        faults.extend(self.twice(&student));
        let grave = faults.iter().any(|(_, fault)| fault.is_grave());
        for (field, fault) in faults {
            self.report.add(RowFault { row: row.number, field, fault });
        }
        if grave {
            self.report.unusable += 1;
        }
        self.keep(row.number, student, !grave);
    }

    /// Who cannot be found, or called.
    fn lacking(&self, student: &Student, told: &[(Option<Field>, Fault)]) -> Vec<(Option<Field>, Fault)> {
        let is_told = told.iter().any(|(_, fault)| fault.is_grave());
        let known =
            |field: &Field| self.heading.as_ref().is_some_and(|h| h.fields.iter().any(|(_, f)| f == field));
        let mut lacking = Vec::new();
        if !is_told && KEYS.into_iter().all(|field| student.get(field).is_none()) {
            lacking.push((None, Fault::NoKey));
        }
        if !is_told && known(&Field::Name) && student.get(Field::Name).is_none() {
            lacking.push((Some(Field::Name), Fault::Nameless));
        }
        lacking
    }

    /// Keys another row has already.
    fn twice(&mut self, student: &Student) -> Vec<(Option<Field>, Fault)> {
        let mut faults = Vec::new();
        for field in KEYS {
            let key = student.get(field).map(code::digest_of_number);
            let Some((place, first)) = key.and_then(|key| self.roster.by_key.get(&key)) else { continue };
            faults.push((Some(field), Fault::Twice { first: *first }));
            self.doubted.insert(*place);
        }
        faults
    }

    /// Of two rows with one number, who is to say which is right?
    fn leave_out_the_doubted(&mut self) {
        self.doubted.remove(&NOBODY);
        if self.doubted.is_empty() {
            return;
        }
        let students = std::mem::take(&mut self.roster.students).into_iter().zip(0_u32..);
        let kept = students.filter(|(_, place)| !self.doubted.contains(place));
        self.roster.students = kept.map(|(student, _)| student).collect();
        let before = |place: u32| self.doubted.range(..place).count() as u32;
        for (place, _) in self.roster.by_key.values_mut().filter(|(place, _)| *place != NOBODY) {
            *place = if self.doubted.contains(place) { NOBODY } else { *place - before(*place) };
        }
        self.report.unusable += self.doubted.len();
    }

    /// Remembers a student; of one who cannot be used the keys only, so that others are not taken for him.
    fn keep(&mut self, row: u32, student: Student, usable: bool) {
        if let Some(number) = student.get(Field::StudentNumber) {
            self.lengths.entry(number.len()).or_default().push(row);
        }
        let place = u32::try_from(self.roster.students.len()).unwrap_or(NOBODY);
        for key in KEYS.into_iter().filter_map(|field| student.get(field)) {
            let place = if usable { place } else { NOBODY };
            self.roster.by_key.entry(code::digest_of_number(key)).or_insert((place, row));
        }
        if usable {
            self.roster.students.push(student);
        }
    }

    /// Student numbers of one school have one length; where nine of ten do, the rest is worth a look.
    fn tell_shorter_numbers(&mut self) {
        let all: usize = self.lengths.values().map(Vec::len).sum();
        let Some((usual, rows)) = self.lengths.iter().max_by_key(|(_, rows)| rows.len()) else { return };
        if rows.len() * 10 < all * 9 || all < 10 {
            return;
        }
        let shorter = self.lengths.range(..*usual).flat_map(|(_, rows)| rows.clone());
        for row in shorter.collect::<Vec<_>>() {
            let field = Some(Field::StudentNumber);
            self.report.add(RowFault { row, field, fault: Fault::Shorter });
        }
    }
}

/// What follows from the rest: the last four of an id number.
fn complete(student: &mut Student) {
    let number = student.get(Field::IdNumber).and_then(|number| number.parse::<IdNumber>().ok());
    student.values.extend(number.map(|number| (Field::LastFour, number.last_four().to_owned())));
}

impl TakesRows for Intake<'_> {
    fn take(&mut self, row: Row) -> Result<bool, RosterError> {
        if self.heading.is_some() {
            self.rows += 1;
            if self.rows > MAX_ROWS {
                return Err(RosterError::TooMuch(Limit::Rows));
            }
            self.add(&row);
            return Ok(true);
        }
        if Heading::is_too_late(&row) {
            return Ok(false);
        }
        self.heading = Heading::of(&row, self.columns)?;
        Ok(true)
    }
}

impl TakesSheet for Intake<'_> {
    fn is_roster(&self) -> bool {
        self.heading.is_some()
    }

    fn begin(&mut self) {}
}
