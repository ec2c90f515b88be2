//! Who has sat here: by what a student is known again, and whose portrait is kept.

use std::collections::BTreeMap;

use crate::student::{Badge, Bearer, CaptureCode, StudentKey};

/// A student who has sat at this station.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Entry {
    badge: Option<Badge>,
    kept: bool,
}

/// Everybody who has sat at this station.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    students: BTreeMap<StudentKey, Entry>,
}

impl Register {
    /// The bearer of a code, as this station takes him.
    ///
    /// What a code says of itself may be a misunderstanding: when its number is another's, whose name, last four or
    /// student number are not the same, the number proves nothing. Then each of these codes stands for itself, and
    /// nobody's portrait takes the place of another's.
    #[must_use]
    pub fn distinguish(&self, code: &CaptureCode, bearer: Bearer) -> Bearer {
        let taken = self.students.get(&bearer.key).and_then(|entry| entry.badge.as_ref());
        match (taken, &bearer.badge) {
            (Some(known), Some(badge)) if known.contradicts(badge) => {
                Bearer { key: StudentKey::of_code(code), ..bearer }
            }
            _ => bearer,
        }
    }

    /// Somebody sits down.
    pub fn enter(&mut self, bearer: &Bearer) {
        let entry = self.students.entry(bearer.key.clone()).or_default();
        if entry.badge.is_none() {
            entry.badge.clone_from(&bearer.badge);
        }
    }

    /// A portrait of him is kept.
    pub fn keep(&mut self, bearer: &Bearer) {
        self.enter(bearer);
        if let Some(entry) = self.students.get_mut(&bearer.key) {
            entry.kept = true;
        }
    }

    /// Whether a portrait of him is kept.
    #[must_use]
    pub fn is_kept(&self, bearer: &Bearer) -> bool {
        self.students.get(&bearer.key).is_some_and(|entry| entry.kept)
    }

    /// Whether a portrait is kept of somebody else who seems to be the same person.
    #[must_use]
    pub fn is_kept_under_another_code(&self, bearer: &Bearer) -> bool {
        let Some(badge) = &bearer.badge else { return false };
        self.students.iter().any(|(key, entry)| {
            entry.kept
                && *key != bearer.key
                && entry.badge.as_ref().is_some_and(|other| other.resembles(badge))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(key: &str, name: &str, four: &str) -> Bearer {
        let badge = Badge {
            masked_name: Some(name.to_owned()),
            last_four: Some(four.to_owned()),
            ..Badge::default()
        };
        Bearer { key: StudentKey::of_code(&key.parse().unwrap()), badge: Some(badge) }
    }

    /// If the number in a code were the number of a whole batch, nobody's portrait may take another's place.
    #[test]
    fn a_number_that_two_persons_have_is_no_number() {
        let mut register = Register::default();
        let (one, two) = (bearer("BATCH", "张*三", "1234"), bearer("BATCH", "李*", "9876"));
        let (code_one, code_two) = ("ONE".parse().unwrap(), "TWO".parse().unwrap());
        let first = register.distinguish(&code_one, one.clone());
        assert_eq!(first, one);
        register.keep(&first);
        let second = register.distinguish(&code_two, two);
        assert_eq!(second.key, StudentKey::of_code(&code_two));
        assert!(!register.is_kept(&second));
        assert_eq!(register.distinguish(&code_two, one.clone()), one, "downloaded again: the same student");
    }

    #[test]
    fn another_code_of_the_same_person_is_noticed_once_a_portrait_is_kept() {
        let mut register = Register::default();
        let (old, new) = (bearer("OLD", "张*三", "1234"), bearer("NEW", "张*三", "1234"));
        register.enter(&old);
        assert!(!register.is_kept_under_another_code(&new), "he only sat down with the wrong one");
        register.keep(&old);
        assert!(register.is_kept_under_another_code(&new) && !register.is_kept_under_another_code(&old));
        assert!(!register.is_kept_under_another_code(&Bearer::unknown(&"X".parse().unwrap())));
    }
}
