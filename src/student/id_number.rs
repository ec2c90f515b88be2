//! 身份证号: eighteen characters with a check digit (GB 11643-1999, ISO 7064 mod 11-2).

use std::{fmt, str::FromStr};

/// A checked id number. Its `Debug` form shows the last four characters only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

/// Why a text is not an id number.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum IdNumberError {
    /// Not seventeen digits and a digit or X.
    #[error("an id number has 17 digits and a check digit or X; this has {characters} characters")]
    Shape {
        /// Characters given.
        characters: usize,
    },
    /// The check digit belongs to another number: a digit was mistyped.
    #[error("the check digit of the id number is wrong: a digit was mistyped")]
    CheckDigit,
}

/// Weights of the seventeen digits (GB 11643-1999, section 5.2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder (GB 11643-1999, table 2).
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

impl FromStr for IdNumber {
    type Err = IdNumberError;

    /// Takes a lower-case x for X, as ministries' systems do.
    fn from_str(text: &str) -> Result<Self, IdNumberError> {
        let text = text.trim().to_ascii_uppercase();
        let digits: Vec<u32> = text.chars().take(17).filter_map(|c| c.to_digit(10)).collect();
        let last = text.chars().nth(17);
        let (17, Some(last), 18) = (digits.len(), last, text.chars().count()) else {
            return Err(IdNumberError::Shape { characters: text.chars().count() });
        };
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        match CHECKS.get((sum % 11) as usize) {
            Some(check) if *check == last => Ok(Self(text)),
            _ => Err(IdNumberError::CheckDigit),
        }
    }
}

impl IdNumber {
    /// The whole number, X in upper case: for names a profile demands, never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// 后四位, which may be shown.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0.get(14..).unwrap_or_default()
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber(**************{})", self.last_four())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_hold() {
        // The two worked examples of GB 11643-1999.
        for number in ["11010519491231002X", "440524188001010014"] {
            assert_eq!(number.parse::<IdNumber>().unwrap().expose(), number);
        }
        assert_eq!("11010519491231002x".parse::<IdNumber>().unwrap().last_four(), "002X");
    }

    #[test]
    fn every_single_mistyped_digit_is_caught() {
        let right = "11010519491231002X";
        for place in 0..17 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = right.chars().collect();
                if wrong[place] == digit {
                    continue;
                }
                wrong[place] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(wrong.parse::<IdNumber>(), Err(IdNumberError::CheckDigit), "{wrong}");
            }
        }
    }

    #[test]
    fn other_shapes_are_refused_and_never_shown() {
        assert_eq!("G12345678".parse::<IdNumber>(), Err(IdNumberError::Shape { characters: 9 }));
        assert_eq!("".parse::<IdNumber>(), Err(IdNumberError::Shape { characters: 0 }));
        let shown = format!("{:?}", "11010519491231002X".parse::<IdNumber>().unwrap());
        assert!(!shown.contains("1101051949"), "{shown}");
    }
}
