//! The head's shadow on the cloth: 99号 二 "不得有阴影".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How much darker the cloth is beside the head than farther out, in L\*, on the worse side.
pub(super) struct HeadShadow;

impl Check for HeadShadow {
    fn name(&self) -> &'static str {
        "head_shadow"
    }

    fn title(&self) -> Phrase {
        Phrase::new("头部阴影", "shadow at the head")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        match subject.cloth().and_then(|cloth| cloth.head_shadow) {
            Some(drop) => Answer::up_to(drop, profile.backdrop.head_shadow, ""),
            None => Answer::unknown(),
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "头旁的背景上有影子：请离背景布远一些，或调整灯光",
            "the head throws a shadow: sit farther from the cloth, or move the lamps",
        )
    }
}
