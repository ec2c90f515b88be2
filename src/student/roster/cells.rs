//! One cell of a known column: what it says, cleaned of what means nothing, and what is wrong with it.

use super::{
    super::{Field, IdNumber, IdNumberError},
    faults::Fault,
    heading::half_width,
    names::{doubts_in_name, unsafe_in},
    table::{Cell, Made},
};

/// The longest value of a field, in characters; a name of a minority may have thirty.
const LONGEST: usize = 100;

/// Digits that a spreadsheet's numbers keep.
const KEPT_DIGITS: usize = 15;

/// What a cell says.
#[derive(Default)]
pub(super) struct Said {
    /// The value; `None` when the cell means nothing, or cannot be used.
    pub(super) value: Option<String>,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
}

impl Said {
    fn refused(fault: Fault) -> Self {
        Self { value: None, faults: vec![fault] }
    }
}

/// Reads a cell of a column.
pub(super) fn read(field: Field, cell: &Cell) -> Said {
    // A dash of whichever width stands for nothing.
    let text = cell.text.trim();
    if text.chars().all(|c| matches!(c, '-' | '—' | '–' | '－' | '/')) {
        return Said::default();
    }
    if let Some(fault) = unsafe_in(text) {
        return Said::refused(fault);
    }
    if text.chars().count() > LONGEST && field != Field::CaptureCode {
        return Said::refused(Fault::TooLong);
    }
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '＠']) {
        return Said::refused(Fault::Formula);
    }
    let computed = cell.made == Made::Formula;
    match field {
        Field::StudentNumber | Field::ExamineeNumber | Field::IdNumber if computed => {
            Said::refused(Fault::Formula)
        }
        Field::Name | Field::CaptureCode if computed => Said::refused(Fault::Formula),
        Field::StudentNumber | Field::ExamineeNumber => number(text, cell.made),
        Field::IdNumber => id_number(text, cell.made),
        Field::Name => Said { value: Some(text.to_owned()), faults: doubts_in_name(text) },
        Field::CaptureCode
        | Field::CodeNumber
        | Field::Fingerprint
        | Field::School
        | Field::SchoolCode
        | Field::College
        | Field::Major
        | Field::Class
        | Field::Level
        | Field::MaskedName
        | Field::LastFour => {
            let faults = if computed { vec![Fault::Computed] } else { vec![] };
            Said { value: Some(text.to_owned()), faults }
        }
    }
}

/// `1.10105E+17`: a quantity, and its last digits are lost.
fn is_quantity(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let Some((digits, power)) = text.split_once('E') else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit() || c == b'.');
    is_number(digits) && power.strip_prefix('+').is_some_and(is_number)
}

/// Whether a spreadsheet has put zeros in the place of what follows the fifteenth digit.
fn ends_in_lost_digits(number: &str) -> bool {
    let all_digits = number.bytes().all(|c| c.is_ascii_digit());
    all_digits
        && number.get(KEPT_DIGITS..).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c == b'0'))
}

/// A number as people write it, in half-width characters and capitals.
#[must_use]
pub fn plain_number(text: &str) -> String {
    half_width_number(text).to_ascii_uppercase()
}

/// A number as people write it, in half-width characters.
pub(super) fn half_width_number(text: &str) -> String {
    text.trim().chars().map(half_width).collect::<String>().trim().to_owned()
}

fn number(text: &str, made: Made) -> Said {
    let plain = half_width_number(text);
    let is_exact = made != Made::Number || (plain.len() <= KEPT_DIGITS && !plain.contains('.'));
    if is_quantity(&plain) || !is_exact {
        return Said::refused(Fault::Mangled);
    }
    if !plain.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_./".contains(&c)) {
        return Said::refused(Fault::OddNumber);
    }
    let faults = if ends_in_lost_digits(&plain) { vec![Fault::TrailingZeros] } else { vec![] };
    Said { value: Some(plain), faults }
}

/// Eighteen characters must carry their check digit; passports and permits pass and are told.
fn id_number(text: &str, made: Made) -> Said {
    let Said { value: Some(plain), faults } = number(text, made) else { return number(text, made) };
    let plain = plain.to_ascii_uppercase();
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let characters = plain.len();
    match plain.parse::<IdNumber>() {
        Ok(number) => Said { value: Some(number.expose().to_owned()), faults },
        Err(IdNumberError::CheckDigit) if !faults.is_empty() => Said::refused(Fault::Mangled),
        Err(IdNumberError::CheckDigit) => Said::refused(Fault::CheckDigit),
        // A resident number of which a digit is missing or doubled, or holds a letter for a digit.
        Err(IdNumberError::Shape { .. }) if characters >= 14 && digits + 1 >= characters => {
            Said::refused(Fault::IdShape { characters })
        }
        Err(IdNumberError::Shape { .. }) if characters == 18 => Said::refused(Fault::IdShape { characters }),
        Err(IdNumberError::Shape { .. }) => Said { value: Some(plain), faults: vec![Fault::OtherDocument] },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(field: Field, text: &str, made: Made) -> (Option<String>, Vec<Fault>) {
        let said = read(field, &Cell { column: 0, text: text.to_owned(), made });
        (said.value, said.faults)
    }

    #[test]
    fn numbers_a_spreadsheet_spoilt_are_refused() {
        for (text, made) in [
            ("1.10105E+17", Made::Text),
            ("1.1010519491231E+17", Made::Number),
            ("110105194912310000", Made::Number),
            ("2024.5", Made::Number),
        ] {
            assert_eq!(said(Field::IdNumber, text, made), (None, vec![Fault::Mangled]), "{text}");
            assert_eq!(said(Field::StudentNumber, text, made), (None, vec![Fault::Mangled]), "{text}");
        }
        // As CSV, the same number looks like text; its check digit gives it away.
        assert_eq!(said(Field::IdNumber, "110105194912310000", Made::Text), (None, vec![Fault::Mangled]));
        let zeros = said(Field::StudentNumber, "202400000000001000", Made::Text);
        assert_eq!(zeros, (Some("202400000000001000".to_owned()), vec![Fault::TrailingZeros]));
        assert_eq!(
            said(Field::StudentNumber, "20240001", Made::Number),
            (Some("20240001".to_owned()), vec![])
        );
    }

    #[test]
    fn numbers_are_read_in_any_width_and_nothing_else_is_guessed() {
        let full = "１１０１０５１９４９１２３１００２ｘ";
        assert_eq!(said(Field::IdNumber, full, Made::Text).0.as_deref(), Some("11010519491231002X"));
        assert_eq!(said(Field::StudentNumber, " ２０２４００１　", Made::Text).0.as_deref(), Some("2024001"));
        assert_eq!(said(Field::StudentNumber, "2024 001", Made::Text), (None, vec![Fault::OddNumber]));
        assert_eq!(said(Field::StudentNumber, "O2024〇01", Made::Text), (None, vec![Fault::OddNumber]));
        assert_eq!(said(Field::IdNumber, "G1234567", Made::Text).1, [Fault::OtherDocument]);
        assert_eq!(said(Field::IdNumber, "110105194912310021", Made::Text).1, [Fault::CheckDigit]);
        for characters in [15, 17, 19] {
            let text = &"1101051949123100211"[..characters];
            assert_eq!(said(Field::IdNumber, text, Made::Text).1, [Fault::IdShape { characters }]);
        }
        assert_eq!(said(Field::IdNumber, "—", Made::Text), (None, vec![]));
    }

    #[test]
    fn formulas_and_unseen_characters_are_refused_in_every_column() {
        for text in ["=1+1", "=\"2024001\"", "+86", "-1", "@SUM(A1)", "＝1"] {
            for field in [Field::Name, Field::StudentNumber, Field::Class] {
                assert_eq!(said(field, text, Made::Text), (None, vec![Fault::Formula]), "{text}");
            }
        }
        for c in
            ['\0', '\n', '\u{200b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{e0041}', '\u{ffff}']
        {
            let text = format!("张{c}三");
            assert_eq!(said(Field::Name, &text, Made::Text).1, [Fault::Unsafe { code: c.into() }], "{c:?}");
        }
        assert_eq!(said(Field::Name, "张三", Made::Formula), (None, vec![Fault::Formula]));
        assert_eq!(said(Field::Class, "1班", Made::Formula), (Some("1班".to_owned()), vec![Fault::Computed]));
    }

    #[test]
    fn rare_names_are_kept_and_told() {
        for (name, fault) in [
            ("王\u{e863}", Fault::PrivateUse { code: 0xe863, meant: Some(0x4dae) }),
            ("王\u{e001}", Fault::PrivateUse { code: 0xe001, meant: None }),
            ("\u{f9e1}四", Fault::Variant { code: 0xf9e1, meant: 0x674e }),
            ("阿里木•买买提", Fault::Dot { code: 0x2022 }),
            ("张 三", Fault::Blank),
            ("张?", Fault::Lost { code: 0x3f }),
        ] {
            assert_eq!(said(Field::Name, name, Made::Text), (Some(name.to_owned()), vec![fault]));
        }
        for name in ["张三", "阿里木·买买提", "𬱖", "\u{fa0e}", "〇"] {
            assert_eq!(said(Field::Name, name, Made::Text).1, [], "{name}");
        }
    }
}
