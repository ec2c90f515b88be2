//! Evenness of the backdrop: 99号 二 "应均匀无渐变,不得有阴影、其他人或物体". Folds and things fail differently from
//! light that falls off towards one side, so they are asked for apart.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The 90th percentile of the colour difference (CIE76) between the cloth and a plane laid through its colours.
pub(super) struct Unevenness;

/// The largest colour difference (CIEDE2000) between two corners of the cloth.
pub(super) struct Gradient;

impl Check for Unevenness {
    fn name(&self) -> &'static str {
        "backdrop_evenness"
    }

    fn title(&self) -> Phrase {
        Phrase::new("背景不匀", "unevenness of the backdrop")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(cloth) = subject.cloth() else { return Answer::unknown() };
        Answer::up_to(cloth.unevenness, profile.backdrop.unevenness, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "背景不均匀：请拉平背景布，移开杂物和旁人",
            "the backdrop is uneven: pull the cloth flat, clear away things and people",
        )
    }
}

impl Check for Gradient {
    fn name(&self) -> &'static str {
        "backdrop_gradient"
    }

    fn title(&self) -> Phrase {
        Phrase::new("背景渐变", "gradient of the backdrop")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        match subject.cloth().and_then(|cloth| cloth.gradient) {
            Some(difference) => Answer::up_to(difference, profile.backdrop.gradient, ""),
            None => Answer::unknown(),
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("背景四角明暗不一：请把背景灯光打匀", "the backdrop's corners differ: light it evenly")
    }
}
