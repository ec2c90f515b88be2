//! Clothes: 99号 二 "应与背景色区分明显". A checker looks for the edge between shoulder and cloth (黑边检测).

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The colour difference (CIEDE2000) between the clothes and the cloth behind them.
pub(super) struct ClothesContrast;

/// The share of the clothes that is blue, in per cent.
pub(super) struct BlueClothes;

impl Check for ClothesContrast {
    fn name(&self) -> &'static str {
        "clothes_contrast"
    }

    fn title(&self) -> Phrase {
        Phrase::new("衣服与背景区分", "clothes against the backdrop")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        match (subject.torso(), subject.cloth()) {
            (Some(torso), Some(cloth)) => {
                let difference = torso.colour.difference(cloth.colour);
                Answer::from_on(difference, profile.checks.clothes.contrast, "")
            }
            _ => Answer::unknown(),
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "衣服颜色太接近背景：请换一件或披一件深色的",
            "the clothes look like the backdrop: change them or put something dark on",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new(
            "请换一件深色的衣服，或披上一件",
            "please change into something darker, or put it on top",
        ))
    }
}

impl Check for BlueClothes {
    fn name(&self) -> &'static str {
        "blue_clothes"
    }

    fn title(&self) -> Phrase {
        Phrase::new("蓝色衣服", "blue clothes")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        match subject.torso() {
            Some(torso) => Answer::up_to(100.0 * torso.blue, profile.checks.clothes.blue, "%"),
            None => Answer::unknown(),
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "衣服是蓝色的，可能与背景混在一起：请换一件",
            "the clothes are blue and may melt into the backdrop: change them",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请换一件不是蓝色的衣服", "please change into something that is not blue"))
    }
}
