//! Hair that towers: a bun, a hat, a scarf (99号 二 "不得使用头部覆盖物"). Big hair is nobody's fault and a scarf may be
//! allowed, so this is never more than a doubt.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// From the top of the forehead to the top of the hair, in lengths from the top of the forehead to the chin.
pub(super) struct HairHeight;

impl Check for HairHeight {
    fn name(&self) -> &'static str {
        "hair_height"
    }

    fn title(&self) -> Phrase {
        Phrase::new("头发高度", "height of the hair")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::doubtful_above(subject.features.hair_height, profile.checks.hair_height, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("头顶偏高：请看是否戴帽、扎高丸子头", "the top of the head is high: a hat, a bun?")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请摘下帽子，把高发髻放低", "take your hat off and lower a bun, please"))
    }
}
