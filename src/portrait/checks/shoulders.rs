//! Shoulders: 99号 二 "左右肩膀平衡".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the line of the shoulders leans, in degrees; positive when it falls to the right. No number where hair
/// hides a shoulder or the picture ends above it.
pub(super) struct Shoulders;

impl Check for Shoulders {
    fn name(&self) -> &'static str {
        "shoulders"
    }

    fn title(&self) -> Phrase {
        Phrase::new("双肩倾斜", "lean of the shoulders")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        match subject.silhouette().shoulders_deg {
            Some(lean) => {
                let answer = Answer::up_to(lean.abs(), profile.checks.clothes.shoulders_deg, "°");
                Answer { value: lean, ..answer }
            }
            None => Answer::unknown(),
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("两肩不平：请坐正放平双肩", "the shoulders lean: sit straight, shoulders level")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐正，两肩放平", "please sit straight with your shoulders level"))
    }
}
