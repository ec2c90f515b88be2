//! 缺拍名单: who of the school's roster has no portrait yet, by college, major and class. 应拍尽拍: nobody left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::student::{CaptureCode, Field, People, Student};

/// A class of the roster: how many are expected, and who is still missing. Its `Debug` form names nobody, because that
/// of [`Student`] does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// 学院; empty where the roster does not say.
    pub college: String,
    /// 专业; empty where the roster does not say.
    pub major: String,
    /// 班级; empty where the roster does not say.
    pub class: String,
    /// Students in the roster.
    pub expected: usize,
    /// Who has no portrait, in the roster's order.
    pub missing: Vec<Student>,
}

impl Class {
    /// Students with a portrait.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.expected - self.missing.len()
    }
}

/// The classes of a roster, sorted by college, major and class, also those that are complete. `kept` are the codes under
/// which portraits are kept, to the letter, as [`Ledger::current`](crate::ledger::Ledger::current) has them: who sat
/// under a code that the roster does not know counts as missing, because nobody can say that it is he.
#[must_use]
pub fn missing(people: &People, kept: impl IntoIterator<Item = CaptureCode>) -> Vec<Class> {
    // As a delivery finds a portrait's student: by the code it is kept under.
    let found = kept.into_iter().filter_map(|code| Some(people.find(&code)?.keys()));
    let kept: BTreeSet<CaptureCode> = found.flatten().collect();
    let mut classes: BTreeMap<[String; 3], Class> = BTreeMap::new();
    for student in people.roster().students() {
        let [college, major, class] = [Field::College, Field::Major, Field::Class]
            .map(|field| student.get(field).unwrap_or_default().to_owned());
        let place = [college.clone(), major.clone(), class.clone()];
        let entry = classes.entry(place).or_insert_with(|| Class {
            college,
            major,
            class,
            expected: 0,
            missing: vec![],
        });
        entry.expected += 1;
        if !student.keys().iter().any(|key| kept.contains(key)) {
            entry.missing.push(student.clone());
        }
    }
    classes.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::student::Roster;

    const ROSTER: &str = "学号,姓名,身份证号,学院,专业,班级\n\
        1001,张三,110101199003070003,信息学院,软件,2班\n\
        1002,李四,,信息学院,软件,1班\n\
        1003,王五,,信息学院,软件,1班\n\
        1004,赵六,,艺术学院,,\n";

    fn counts(people: &People, kept: &[&str]) -> Vec<(String, usize, usize)> {
        let kept = kept.iter().map(|number| CaptureCode::of_number(number));
        let classes = missing(people, kept).into_iter();
        classes.map(|class| (class.class.clone(), class.expected, class.kept())).collect()
    }

    #[test]
    fn every_student_of_the_roster_is_counted_once_and_missing_until_he_is_kept() {
        let people = People::from(Roster::read(ROSTER.as_bytes()).unwrap());
        let told = |kept: &[&str]| -> Vec<(usize, usize)> {
            counts(&people, kept).into_iter().map(|(_, expected, kept)| (expected, kept)).collect()
        };
        assert_eq!(told(&[]), [(2, 0), (1, 0), (1, 0)]);
        let names: Vec<String> = counts(&people, &[]).into_iter().map(|(class, ..)| class).collect();
        assert_eq!(names, ["1班", "2班", ""], "sorted, and nobody without a class is left out");
        // By any of his numbers; somebody who is in no roster is nobody of it.
        assert_eq!(told(&["110101199003070003", "1003", "7777"]), [(2, 1), (1, 1), (1, 0)]);
        assert_eq!(told(&["1001", "1002", "1003", "1004"]), [(2, 2), (1, 1), (1, 1)]);
        let first = missing(&people, [CaptureCode::of_number("1003")]).swap_remove(0);
        let numbers: Vec<_> = first.missing.iter().map(|student| student.get(Field::StudentNumber)).collect();
        assert_eq!(numbers, [Some("1002")]);
    }

    #[test]
    fn a_number_that_somebody_of_another_name_sat_under_is_nobodys_portrait() {
        let mut people = People::from(Roster::read(ROSTER.as_bytes()).unwrap());
        people.claim(CaptureCode::of_number("1003"), "孙七");
        assert_eq!(counts(&people, &["1003"])[0], ("1班".to_owned(), 2, 0));
    }
}
