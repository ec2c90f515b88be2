//! Who stands behind the keys of students without a code: the school's roster, and who sat on his own word.
//!
//! A number typed at a walk-up is a claim, not knowledge. Where the roster, or another claim, gives the same number to
//! somebody else, the portrait is nobody's by that number until a person has looked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Badge, CaptureCode, Field, Roster, Student, mask::may_be_masked};

/// Everybody who is known by a number.
#[derive(Clone, Default)]
pub struct People {
    roster: Roster,
    /// Under which names somebody walked up with a number; more than one only in stores of before this was asked.
    claims: BTreeMap<CaptureCode, BTreeSet<String>>,
}

impl fmt::Debug for People {
    /// How many, never who.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People")
            .field("roster", &self.roster.len())
            .field("claims", &self.claims.len())
            .finish()
    }
}

impl From<Roster> for People {
    fn from(roster: Roster) -> Self {
        Self { roster, claims: BTreeMap::new() }
    }
}

impl People {
    /// The school's roster.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Somebody walks up under a key and says who he is.
    pub fn claim(&mut self, code: CaptureCode, name: &str) {
        self.claims.entry(code).or_default().insert(name.to_owned());
    }

    /// The name somebody walked up with under a key.
    #[must_use]
    pub fn claimed(&self, code: &CaptureCode) -> Option<&str> {
        self.claims.get(code)?.first().map(String::as_str)
    }

    /// Whether somebody of another name walked up under this key.
    #[must_use]
    pub fn is_anothers(&self, code: &CaptureCode, name: &str) -> bool {
        self.claims.get(code).is_some_and(|names| names.iter().any(|claimed| claimed != name))
    }

    /// The student of the roster whom a key stands for; nobody while a person of another name sat under it.
    #[must_use]
    pub fn find(&self, code: &CaptureCode) -> Option<&Student> {
        self.roster.find(code).filter(|student| self.is_free_for(code, student))
    }

    /// What may stand for a student of the roster: his keys, the best first, without those that somebody of another
    /// name sat under.
    #[must_use]
    pub fn keys(&self, student: &Student) -> Vec<CaptureCode> {
        student.keys().into_iter().filter(|code| self.is_free_for(code, student)).collect()
    }

    fn is_free_for(&self, code: &CaptureCode, student: &Student) -> bool {
        self.claims.get(code).is_none_or(|names| names.iter().all(|name| student.may_be_called(name)))
    }
}

impl Student {
    /// Whether the roster does not speak against a name: it has the same, the same masked, or none.
    #[must_use]
    pub fn may_be_called(&self, name: &str) -> bool {
        match (self.get(Field::Name), self.get(Field::MaskedName)) {
            (Some(known), _) => known == name,
            (None, Some(masked)) => may_be_masked(name, masked),
            (None, None) => true,
        }
    }

    /// Whether the roster does not speak against what a code shows of its bearer. Numbers are stronger than names,
    /// which every source masks in its own way.
    #[must_use]
    pub fn may_bear(&self, badge: &Badge) -> bool {
        let alike = |field, said: &Option<String>| Some(self.get(field)? == said.as_deref()?);
        let numbers =
            [alike(Field::LastFour, &badge.last_four), alike(Field::StudentNumber, &badge.student_number)];
        if numbers.iter().any(Option::is_some) {
            return !numbers.contains(&Some(false));
        }
        match (self.get(Field::Name), self.get(Field::MaskedName), &badge.masked_name) {
            (Some(known), _, Some(said)) => may_be_masked(known, said),
            (None, Some(known), Some(said)) => known == said,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(roster: &str) -> People {
        Roster::read(roster.as_bytes()).unwrap().into()
    }

    #[test]
    fn a_number_somebody_else_sat_under_is_nobodys() {
        let mut people = people("学号,姓名,身份证号\n1001,李四,440524188001010014\n1002,王五,\n");
        let (by_number, by_id) =
            (CaptureCode::of_number("1001"), CaptureCode::of_number("440524188001010014"));
        let four = people.find(&by_number).unwrap().clone();
        people.claim(by_number.clone(), "王五");
        assert_eq!(people.find(&by_number), None);
        assert_eq!(people.find(&by_id), Some(&four), "his other number is his");
        assert_eq!(people.keys(&four), [by_id]);
        assert!(people.is_anothers(&by_number, "李四") && !people.is_anothers(&by_number, "王五"));
        let five = CaptureCode::of_number("1002");
        people.claim(five.clone(), "王五");
        assert!(people.find(&five).is_some(), "he claimed his own");
        assert!(!format!("{people:?}").contains("王五"));
    }

    #[test]
    fn a_roster_of_masked_names_speaks_as_far_as_it_can() {
        let people = people("学号,姓名(脱敏)\n1001,李*\n1002,张*三\n");
        let student = |number| people.find(&CaptureCode::of_number(number)).unwrap();
        for (number, name, may_be) in [
            ("1001", "李四", true),
            ("1001", "李四光", false),
            ("1001", "王四", false),
            ("1002", "张小三", true),
            ("1002", "张小四", false),
        ] {
            assert_eq!(student(number).may_be_called(name), may_be, "{number} {name}");
        }
    }

    #[test]
    fn numbers_are_stronger_than_names_in_what_a_code_says() {
        let people = people("学号,姓名,身份证号\n1001,李四,440524188001010014\n1002,张小三,\n");
        let bears = |number, name: &str, four: Option<&str>, own: Option<&str>| {
            let badge = Badge {
                masked_name: Some(name.to_owned()),
                last_four: four.map(str::to_owned),
                student_number: own.map(str::to_owned),
                ..Badge::default()
            };
            people.find(&CaptureCode::of_number(number)).unwrap().may_bear(&badge)
        };
        assert!(bears("1001", "李*", Some("0014"), Some("1001")));
        assert!(bears("1001", "李", Some("0014"), None), "masked in another way");
        assert!(
            !bears("1001", "李*", Some("0015"), Some("1001")) && !bears("1001", "李*", None, Some("1002"))
        );
        assert!(bears("1002", "张*三", Some("0015"), None) && !bears("1002", "王*", None, None));
    }
}
