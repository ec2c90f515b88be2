//! Who bears a code: by what we know him again, and what may be shown of him.
//!
//! What a code says of a person is for one purpose only: that an operator compares the student's phone, the
//! student's face and the screen before the shutter is enabled. So nothing is kept here that could not be printed
//! masked, and nothing shows in a log.

use std::{collections::BTreeMap, fmt};

use super::{CaptureCode, Field, NameMask, mask_name};

/// By what a student is known again: (school code, the code's number), else (school code, student number, level),
/// else the code to the letter. A code that was downloaded again has another time stamp and the same key.
///
/// It holds a student number: its `Debug` form shows nothing, and it leaves the ledger's table no more than the
/// code itself does.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StudentKey(String);

/// Between the parts of a key: no value has it, because control characters are refused in codes and in values.
const BETWEEN: char = '\u{1f}';

impl StudentKey {
    /// A key as a ledger has it, which was written there by [`Self::expose`].
    #[must_use]
    pub fn of_ledger(text: String) -> Self {
        Self(text)
    }

    /// The key of a code nobody can look into.
    #[must_use]
    pub fn of_code(code: &CaptureCode) -> Self {
        Self(format!("code{BETWEEN}{}", code.expose()))
    }

    fn of_parts(kind: &str, parts: &[&str]) -> Self {
        Self(parts.iter().fold(kind.to_owned(), |key, part| format!("{key}{BETWEEN}{part}")))
    }

    /// The key to the letter: for the ledger only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StudentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StudentKey(..)")
    }
}

/// What a code shows of its bearer, for the human cross-check; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Badge {
    /// 姓名(脱敏).
    pub masked_name: Option<String>,
    /// 证件号码后四位.
    pub last_four: Option<String>,
    /// 院校代码.
    pub school_code: Option<String>,
    /// 层次.
    pub level: Option<String>,
    /// 学号.
    pub student_number: Option<String>,
    /// 班级.
    pub class: Option<String>,
    /// How the code was read is a hypothesis about 学信网's codes that nobody has confirmed.
    pub unverified: bool,
}

impl fmt::Debug for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Badge").field("unverified", &self.unverified).finish_non_exhaustive()
    }
}

impl Badge {
    /// Whether both seem to speak of one person: the same masked name and last four, or the same school and student
    /// number. Masked names are short, so this is a reason to ask, never to refuse.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        same(&self.masked_name, &other.masked_name) && same(&self.last_four, &other.last_four)
            || same(&self.school_code, &other.school_code)
                && same(&self.student_number, &other.student_number)
    }

    /// Whether both cannot speak of one person: something that stays the same in every download of a code differs.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        differ(&self.masked_name, &other.masked_name)
            || differ(&self.last_four, &other.last_four)
            || differ(&self.student_number, &other.student_number)
    }
}

/// Who bears a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// By what he is known again.
    pub key: StudentKey,
    /// What the code shows of him; `None` for a code nobody can look into.
    pub badge: Option<Badge>,
}

impl Bearer {
    /// The bearer of a code nobody can look into.
    #[must_use]
    pub fn unknown(code: &CaptureCode) -> Self {
        Self { key: StudentKey::of_code(code), badge: None }
    }

    /// The bearer a decoder found; `None` when what it found is no person: no number to know him by, or a value
    /// that has not the shape of its kind. Such a code is carried without being looked into.
    #[must_use]
    pub fn found(said: &BTreeMap<Field, String>, mask: NameMask, unverified: bool) -> Option<Self> {
        // A class is called whatever its college likes; what it is called makes nobody somebody else.
        let mut tells = said.iter().filter(|(field, _)| **field != Field::Class);
        if !tells.all(|(field, value)| has_shape(*field, value)) {
            return None;
        }
        let get =
            |field| said.get(&field).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let (school_code, level) = (get(Field::SchoolCode), get(Field::Level));
        let student_number = get(Field::StudentNumber);
        let school = school_code.as_deref().unwrap_or_default();
        let key = match (get(Field::CodeNumber), &student_number) {
            (Some(number), _) => StudentKey::of_parts("number", &[school, &number]),
            (None, Some(number)) => {
                StudentKey::of_parts("student", &[school, number, level.as_deref().unwrap_or_default()])
            }
            (None, None) => return None,
        };
        let class = get(Field::Class).filter(|class| has_shape(Field::Class, class));
        let masked_name = get(Field::Name).map(|name| masked(&name, mask));
        let last_four = get(Field::IdNumber).map(|number| last_four(&number));
        Some(Self {
            key,
            badge: Some(Badge {
                masked_name,
                last_four,
                school_code,
                level,
                student_number,
                class,
                unverified,
            }),
        })
    }
}

/// A name that came masked stays as it came, because its characters are compared with the phone; one that hides fewer
/// characters than ours would hide of as long a name is masked here and now, whatever else its asterisk means.
fn masked(name: &str, mask: NameMask) -> String {
    let hidden = |name: &str| name.chars().filter(|c| matches!(c, '*' | '＊')).count();
    let as_long: String = name.chars().map(|_| '人').collect();
    if hidden(name) >= hidden(&mask_name(&as_long, mask)) { name.to_owned() } else { mask_name(name, mask) }
}

fn last_four(number: &str) -> String {
    let from = number.chars().count().saturating_sub(4);
    number.chars().skip(from).collect()
}

/// The longest value of any kind: the 学籍 database has 40 characters for a name.
const LONGEST: usize = 40;

/// Whether a value can be what it stands for. Whatever else a code holds (paths, SQL, characters that turn the
/// line about or cannot be seen) is never shown.
fn has_shape(field: Field, value: &str) -> bool {
    let value = value.trim();
    let fits: fn(char) -> bool = match field {
        Field::SchoolCode | Field::CodeNumber | Field::StudentNumber => is_of_number,
        Field::IdNumber | Field::LastFour => |c| c.is_ascii_alphanumeric() || matches!(c, '*' | '(' | ')'),
        Field::Name | Field::MaskedName => is_of_name,
        Field::Class => |c| c.is_alphanumeric() || "()（）-. ·#".contains(c),
        Field::CaptureCode
        | Field::Fingerprint
        | Field::School
        | Field::College
        | Field::Major
        | Field::Level
        | Field::ExamineeNumber => |c| c.is_alphanumeric() || matches!(c, '(' | ')' | '（' | '）' | '-'),
    };
    value.chars().count() <= LONGEST && value.chars().all(fits)
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Letters of any script, marks between names, and the private characters that rare names are still written with.
fn is_of_name(c: char) -> bool {
    let private =
        matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}');
    c.is_alphabetic() || private || matches!(c, '*' | '＊' | '·' | '•' | '・' | '.' | '-' | '\'' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[(Field, &str)]) -> BTreeMap<Field, String> {
        values.iter().map(|(field, value)| (*field, (*value).to_owned())).collect()
    }

    fn found(values: &[(Field, &str)]) -> Option<Bearer> {
        Bearer::found(&said(values), NameMask::FirstAndLast, false)
    }

    #[test]
    fn the_number_of_the_code_goes_before_the_number_of_the_student() {
        use Field::{CodeNumber, Level, SchoolCode, StudentNumber};
        let both = |code, student| {
            found(&[(SchoolCode, "10001"), (CodeNumber, code), (StudentNumber, student), (Level, "本科")])
        };
        assert_eq!(both("A", "1").unwrap().key, both("A", "2").unwrap().key);
        assert_ne!(both("A", "1").unwrap().key, both("B", "1").unwrap().key);
        let student = |school, number, level| {
            found(&[(SchoolCode, school), (StudentNumber, number), (Level, level)]).unwrap().key
        };
        assert_ne!(student("10001", "1", "本科"), student("10001", "1", "专科"));
        assert_ne!(student("10001", "1", "本科"), student("10002", "1", "本科"));
        assert_eq!(student("10001", " 1 ", "本科"), student("10001", "1", "本科"));
        assert_eq!(found(&[(SchoolCode, "10001"), (Level, "本科")]), None, "no number, no person");
    }

    #[test]
    fn a_name_in_full_and_a_whole_id_number_never_come_through() {
        let bearer = found(&[
            (Field::StudentNumber, "1"),
            (Field::Name, "张小三"),
            (Field::IdNumber, "11010519491231002X"),
        ]);
        let badge = bearer.unwrap().badge.unwrap();
        assert_eq!((badge.masked_name.as_deref(), badge.last_four.as_deref()), (Some("张*三"), Some("002X")));
        assert!(!format!("{badge:?}").contains('张'));
    }

    #[test]
    fn a_strange_class_is_not_shown_and_its_student_is_known_all_the_same() {
        for (class, shown) in [
            ("护理 2 班", Some("护理 2 班")),
            ("2024-1班（专升本）", Some("2024-1班（专升本）")),
            ("甲/乙", None),
            ("甲\u{202e}乙", None),
            (" ", None),
        ] {
            let bearer = found(&[(Field::StudentNumber, "1"), (Field::Name, "张*三"), (Field::Class, class)]);
            let badge = bearer.unwrap().badge.unwrap();
            assert_eq!(badge.masked_name.as_deref(), Some("张*三"));
            assert_eq!(badge.class.as_deref(), shown, "{class}");
        }
    }

    #[test]
    fn a_name_that_came_masked_stays_and_one_that_shows_too_much_does_not() {
        for (came, mask, shown) in [
            ("张*三", NameMask::FirstAndLast, "张*三"),
            ("*四", NameMask::FirstAndLast, "*四"),
            ("*小三", NameMask::FirstAndLast, "*小三"),
            ("张＊", NameMask::FirstAndLast, "张＊"),
            ("*", NameMask::FirstAndLast, "*"),
            ("张小三*", NameMask::FirstAndLast, "张***"),
            ("欧阳娜娜*", NameMask::FirstAndLast, "欧****"),
            ("张**", NameMask::First, "张**"),
            ("张*三", NameMask::First, "张**"),
        ] {
            assert_eq!(masked(came, mask), shown, "{came}");
        }
    }

    #[test]
    fn what_has_not_the_shape_of_its_kind_is_not_looked_into() {
        for (field, value) in [
            (Field::Name, "张\u{202e}三"),
            (Field::Name, "张\u{200b}三"),
            (Field::Name, "'; DROP TABLE sitting; --"),
            (Field::StudentNumber, "../../etc/passwd"),
            (Field::StudentNumber, "1\u{1f}2"),
            (Field::Level, "<b>本科</b>"),
            (Field::SchoolCode, "１０００１"),
            (Field::Name, "欧".repeat(41).as_str()),
        ] {
            assert_eq!(found(&[(Field::CodeNumber, "A"), (field, value)]), None, "{value:?}");
        }
        for name in ["张*三", "阿*·买买提", "O'N*", "\u{e815}*", "𬱖*"] {
            assert!(found(&[(Field::CodeNumber, "A"), (Field::Name, name)]).is_some(), "{name}");
        }
    }

    #[test]
    fn two_badges_of_one_person_and_of_two() {
        let badge = |name: &str, four: &str, number: &str| Badge {
            masked_name: Some(name.to_owned()),
            last_four: Some(four.to_owned()),
            school_code: Some("10001".to_owned()),
            student_number: Some(number.to_owned()),
            ..Badge::default()
        };
        let one = badge("张*三", "1234", "7");
        assert!(one.resembles(&badge("张*三", "1234", "8")) && one.resembles(&badge("李*", "9999", "7")));
        assert!(!one.resembles(&badge("张*三", "1235", "8")));
        assert!(!Badge::default().resembles(&Badge::default()), "nothing known is nothing alike");
        assert!(one.contradicts(&badge("张*三", "1235", "7")) && !one.contradicts(&Badge::default()));
    }
}
