//! File and folder name patterns such as `{班级}{学号}{姓名}.jpg`.

use std::str::FromStr;

use serde::Deserialize;

use crate::student::{Field, UnknownField};

/// The folder of a delivery for portraits whose names cannot be filled; no set of files may be called so.
pub const NAMELESS_FOLDER: &str = "待补信息";

/// A checked pattern: plain text and fields in braces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NamePattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

/// Why a pattern is refused.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum PatternError {
    /// A brace has no partner.
    #[error("{0:?} has a brace without its partner")]
    Brace(String),
    /// A field nobody knows.
    #[error("{pattern:?}: {source}")]
    Field {
        /// The pattern.
        pattern: String,
        /// The field.
        source: UnknownField,
    },
    /// The capture code to the letter is never written out.
    #[error("{0:?}: the 采集码 itself never names a file; 指纹 does")]
    CaptureCode(String),
    /// A separator or a character that some file system refuses.
    #[error("{pattern:?} holds {character:?}, which some file systems refuse")]
    Unsafe {
        /// The pattern.
        pattern: String,
        /// The character.
        character: char,
    },
}

/// Refused in names by Windows file systems, which every U盘 has (NTFS, exFAT).
const REFUSED: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

impl FromStr for NamePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if let Some(character) = text.chars().find(|c| REFUSED.contains(c) || c.is_control()) {
            return Err(PatternError::Unsafe { pattern: text.to_owned(), character });
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or_else(|| PatternError::Brace(text.to_owned()))?;
            parts.extend(plain(before, text)?);
            let unknown = |source| PatternError::Field { pattern: text.to_owned(), source };
            let field = name.parse().map_err(unknown)?;
            if field == Field::CaptureCode {
                return Err(PatternError::CaptureCode(text.to_owned()));
            }
            parts.push(Part::Field(field));
            rest = tail;
        }
        parts.extend(plain(rest, text)?);
        Ok(Self(parts))
    }
}

/// A stretch of plain text, if there is any.
fn plain(stretch: &str, pattern: &str) -> Result<Option<Part>, PatternError> {
    if stretch.contains('}') {
        return Err(PatternError::Brace(pattern.to_owned()));
    }
    Ok((!stretch.is_empty()).then(|| Part::Text(stretch.to_owned())))
}

impl TryFrom<String> for NamePattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl NamePattern {
    /// Fills the pattern, asking `value` for each field.
    ///
    /// # Errors
    /// The fields that have no value.
    pub fn fill(&self, value: impl Fn(Field) -> Option<String>) -> Result<String, Vec<Field>> {
        let mut filled = String::new();
        let mut missing = Vec::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Field(field) => match value(*field) {
                    Some(text) => filled.push_str(&text),
                    None => missing.push(*field),
                },
            }
        }
        if missing.is_empty() { Ok(filled) } else { Err(missing) }
    }

    /// What it ends in, when that is plain text.
    #[must_use]
    pub fn ending(&self) -> &str {
        match self.0.last() {
            Some(Part::Text(text)) => text,
            Some(Part::Field(_)) | None => "",
        }
    }

    /// The fields it asks for.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().filter_map(|part| match part {
            Part::Field(field) => Some(*field),
            Part::Text(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fills_its_fields_or_says_which_are_missing() {
        let pattern: NamePattern = "{班级}-{学号}{姓名}.jpg".parse().unwrap();
        let told = [(Field::Class, "1班"), (Field::StudentNumber, "2024001")];
        let known = |field| told.iter().find(|(told, _)| *told == field).map(|(_, text)| (*text).to_owned());
        assert_eq!(pattern.fill(known), Err(vec![Field::Name]));
        let all = |field| known(field).or(Some("张三".to_owned()));
        assert_eq!(pattern.fill(all).unwrap(), "1班-2024001张三.jpg");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (text, said) in [
            ("{学号", "has a brace without its partner"),
            ("学号}.jpg", "has a brace without its partner"),
            ("{学号}}.jpg", "has a brace without its partner"),
            ("{采集码}.jpg", "never names a file"),
            ("{血型}.jpg", "there is no field named"),
            ("{班级}/{学号}.jpg", "some file systems refuse"),
        ] {
            let err = text.parse::<NamePattern>().unwrap_err().to_string();
            assert!(err.contains(said), "{err}");
        }
    }
}
