//! The heading of a roster: which column is which, by the names that stand there.

use super::{super::Field, RosterError, table::Row};

/// The names by which columns are known: those every field has, and those a school's profile adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    names: Vec<(String, Field)>,
}

impl Default for Columns {
    /// The names every field has.
    fn default() -> Self {
        let all = Field::ALL.into_iter();
        Self {
            names: all.flat_map(|field| field.names().iter().map(move |name| (plain(name), field))).collect(),
        }
    }
}

/// The rows in which a heading is looked for: above it stand titles and remarks.
const LOOK_FOR_HEADING: u32 = 20;

impl Columns {
    /// The same, and this name for this field.
    #[must_use]
    pub fn with(mut self, name: &str, field: Field) -> Self {
        self.names.retain(|(known, _)| *known != plain(name));
        self.names.push((plain(name), field));
        self
    }

    fn field(&self, name: &str) -> Option<Field> {
        let name = plain(name);
        self.names.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }
}

/// A column's name without what people put around it: blanks, a star or "(必填)" for what must be filled in.
fn plain(name: &str) -> String {
    let half: String = name.chars().map(half_width).filter(|c| !c.is_whitespace() && *c != '*').collect();
    half.trim_start_matches('\u{feff}').trim_end_matches("(必填)").to_uppercase()
}

/// A full-width letter, digit or sign as the one of ASCII.
pub(super) fn half_width(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

/// A heading that was found.
pub(super) struct Heading {
    /// Its row.
    pub(super) row: u32,
    /// Known columns, by their place.
    pub(super) fields: Vec<(usize, Field)>,
    /// How many columns nobody knows.
    pub(super) passed_over: usize,
}

impl Heading {
    /// Takes a row for the heading, if it is one.
    pub(super) fn of(row: &Row, columns: &Columns) -> Result<Option<Self>, RosterError> {
        let mut fields: Vec<(usize, Field)> = Vec::new();
        for cell in &row.cells {
            let Some(field) = columns.field(&cell.text) else { continue };
            if fields.iter().any(|(_, known)| *known == field) {
                return Err(RosterError::TwoColumns(field));
            }
            fields.push((cell.column, field));
        }
        let has_key = fields.iter().any(|(_, field)| super::KEYS.contains(field));
        let passed_over = row.cells.len() - fields.len();
        Ok(has_key.then_some(Self { row: row.number, fields, passed_over }))
    }

    /// Whether it is too late for a heading.
    pub(super) fn is_too_late(row: &Row) -> bool {
        row.number > LOOK_FOR_HEADING
    }
}
