//! 具名操作: what a person does on his own word where the station would not. Who he is and why he does it stay in the
//! journal for good, also after the supervised deletion: **neither may name a student**.

/// The longest name and the longest reason, in characters.
const LONGEST: usize = 200;

/// Who stands for something, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    by: String,
    reason: String,
}

/// Why something is no act of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAct {
    /// Nobody says that it is he.
    #[error("nobody stands for it: a name is needed")]
    Nobody,
    /// He does not say why.
    #[error("a reason is needed")]
    NoReason,
    /// A second person must stand for it too.
    #[error("a second person must stand for it")]
    NoSecond,
    /// The second person is the first one.
    #[error("the second person must be somebody else")]
    SamePerson,
    /// It is a letter, not a line.
    #[error("a name and a reason have at most {LONGEST} characters each")]
    TooLong,
}

impl Act {
    /// Somebody's act, without the spaces around it. Neither text may name a student.
    ///
    /// # Errors
    /// When nobody is named, no reason is given, or either is too long.
    pub fn new(by: &str, reason: &str) -> Result<Self, NotAnAct> {
        Ok(Self { by: line(by, NotAnAct::Nobody)?, reason: line(reason, NotAnAct::NoReason)? })
    }

    /// Who.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// An act for which one person stands, or two: 四眼.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    act: Act,
    second: Option<String>,
}

impl Vouched {
    /// An act and who stands for it besides; where `four_eyes` are demanded, somebody must.
    ///
    /// # Errors
    /// When nobody does although somebody must, or it is the same person.
    pub fn new(act: Act, second: &str, four_eyes: bool) -> Result<Self, NotAnAct> {
        let second = match line(second, NotAnAct::NoSecond) {
            Ok(second) if second.to_lowercase() == act.by.to_lowercase() => return Err(NotAnAct::SamePerson),
            Ok(second) => Some(second),
            Err(NotAnAct::NoSecond) if !four_eyes => None,
            Err(why) => return Err(why),
        };
        Ok(Self { act, second })
    }

    /// Who does it, and why.
    #[must_use]
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// Who stands for it besides.
    #[must_use]
    pub fn second(&self) -> Option<&str> {
        self.second.as_deref()
    }
}

/// A line that says something.
fn line(text: &str, empty: NotAnAct) -> Result<String, NotAnAct> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(empty),
        1..=LONGEST => Ok(text.to_owned()),
        _ => Err(NotAnAct::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_has_a_name_and_a_reason_of_a_line_each() {
        let act = Act::new(" 王老师 ", "\t红外矫正眼镜\n").unwrap();
        assert_eq!((act.by(), act.reason()), ("王老师", "红外矫正眼镜"));
        let long = "长".repeat(LONGEST + 1);
        for (by, reason, wrong) in [
            ("", "因", NotAnAct::Nobody),
            (" \u{3000}", "因", NotAnAct::Nobody),
            ("王", " ", NotAnAct::NoReason),
            (&long, "因", NotAnAct::TooLong),
            ("王", &long, NotAnAct::TooLong),
        ] {
            assert_eq!(Act::new(by, reason), Err(wrong));
        }
        assert!(Act::new("王", long.get(3..).unwrap()).is_ok(), "200 characters, not bytes");
    }
    #[test]
    fn four_eyes_are_two_persons() {
        let act = || Act::new("王老师", "本人现场确认").unwrap();
        assert_eq!(Vouched::new(act(), " ", true), Err(NotAnAct::NoSecond));
        assert_eq!(Vouched::new(act(), " 王老师", true), Err(NotAnAct::SamePerson));
        assert_eq!(Vouched::new(act(), "王老师", false), Err(NotAnAct::SamePerson));
        assert_eq!(Vouched::new(act(), "李老师", true).unwrap().second(), Some("李老师"));
        assert_eq!(Vouched::new(act(), "", false).unwrap().second(), None);
    }
}
