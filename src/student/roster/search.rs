//! Finding a student who has no code: by the last digits of a number, by the first letters of a name's
//! pronunciation, or by the name. It only makes a list to choose from; nobody is taken for anybody by it.

use pinyin::ToPinyinMulti as _;

use super::{
    super::Field,
    Roster, Student,
    cells::{half_width_number, plain_number},
};

/// Candidates that are shown: one number key each.
pub const MOST_SHOWN: usize = 9;
/// Fewer letters or digits than this say nothing.
const FEWEST: usize = 2;

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Found<'a> {
    /// The first of them, in the order of 学院, 班级, 学号.
    pub shown: Vec<&'a Student>,
    /// How many there are in all.
    pub all: usize,
}

impl Roster {
    /// The students that what was typed may mean.
    #[must_use]
    pub fn search(&self, typed: &str) -> Found<'_> {
        let wanted = plain_number(typed);
        if wanted.chars().count() < FEWEST {
            return Found::default();
        }
        let mut found: Vec<&Student> =
            self.students.iter().filter(|student| may_be(student, &wanted)).collect();
        let place = |student: &&Student| {
            let get = |field| student.get(field).unwrap_or_default().to_owned();
            (get(Field::College), get(Field::Class), get(Field::StudentNumber))
        };
        found.sort_by_cached_key(place);
        let all = found.len();
        found.truncate(MOST_SHOWN);
        Found { shown: found, all }
    }

    /// The places of all students that what was typed may mean, for a list that narrows; `None` while it says too little
    /// to leave anybody out. One character of a name says something.
    #[must_use]
    pub fn meant(&self, typed: &str) -> Option<Vec<usize>> {
        let wanted = plain_number(typed);
        if wanted.chars().count() < FEWEST && wanted.is_ascii() {
            return None;
        }
        let students = self.students.iter().enumerate();
        Some(students.filter(|(_, student)| may_be(student, &wanted)).map(|(place, _)| place).collect())
    }

    /// The student whose 学号 or 身份证号 this is, in characters of any width, x or X; never half a match.
    #[must_use]
    pub fn exactly(&self, typed: &str) -> Option<&Student> {
        // Of numbers only that of an identity card has its one letter in capitals for certain.
        let typed = half_width_number(typed);
        self.by_number(&typed).or_else(|| self.by_number(&typed.to_ascii_uppercase()))
    }
}

fn may_be(student: &Student, wanted: &str) -> bool {
    let numbers = [Field::StudentNumber, Field::IdNumber, Field::ExamineeNumber, Field::LastFour];
    let ends = |field| student.get(field).is_some_and(|number| number.to_ascii_uppercase().ends_with(wanted));
    // A roster may have no more of him than what is shown.
    let names = [Field::Name, Field::MaskedName];
    let says = |field| student.get(field).is_some_and(|name| name.to_uppercase().contains(wanted));
    let sounds = || student.get(Field::Name).is_some_and(|name| sounds_like(name, wanted));
    numbers.into_iter().any(ends) || names.into_iter().any(says) || sounds()
}

/// Whether these letters begin the syllables of a name, one for one. A character that is read in several ways
/// may be read in each: 单 is Shan in a name.
fn sounds_like(name: &str, letters: &str) -> bool {
    let mut characters = name.chars().filter(|c| c.to_pinyin_multi().is_some());
    let each = letters.chars().all(|letter| characters.next().is_some_and(|c| may_begin_with(c, letter)));
    each && characters.next().is_none()
}

fn may_begin_with(c: char, letter: char) -> bool {
    let readings = c.to_pinyin_multi().into_iter().flatten();
    readings.into_iter().any(|reading| reading.plain().starts_with(letter.to_ascii_lowercase()))
}
