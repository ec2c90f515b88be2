//! Backdrop colour: 99号 二 "可选用浅蓝色(参考值RGB<100,197,255>)、白色…或浅灰色…", or the sampled colour of the
//! buyer's own cloth.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, portrait::lab::Lab, profile::Profile};

/// How different the cloth looks from what is asked (CIEDE2000): from the day's sample where there is one and the
/// profile lets it count, else from the nearest of the profile's colours.
pub(super) struct BackdropColour;

/// What stands for a cloth that cannot be seen: as different as black from white.
const NO_CLOTH: f64 = 100.0;

impl Check for BackdropColour {
    fn name(&self) -> &'static str {
        "backdrop_colour"
    }

    fn title(&self) -> Phrase {
        Phrase::new("背景色差", "backdrop colour difference")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let backdrop = &profile.backdrop;
        let sample = subject.references.cloth.filter(|_| backdrop.may_use_sample);
        let wanted = match sample {
            Some(sample) => vec![sample],
            None => [&[backdrop.rgb][..], &backdrop.also].concat(),
        };
        let wanted = wanted.into_iter().map(|rgb| Lab::from_srgb(rgb.map(f64::from)));
        // Without any cloth in sight there is no light-blue backdrop either.
        let nearest = |seen: Lab| wanted.map(|wanted| seen.difference(wanted)).fold(NO_CLOTH, f64::min);
        let value = subject.cloth().map_or(NO_CLOTH, |cloth| nearest(cloth.colour));
        Answer::at_most(value, backdrop.colour_difference, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "背景颜色不符：请检查背景布和灯光、白平衡",
            "the backdrop's colour is off: check cloth, lights and white balance",
        )
    }
}
