//! Exposure: 99号 三 "脸部曝光均匀,无明显可见或不对称的高光、光斑". OFIQ's shares of the face's pixels.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The share of the face's pixels whose linear luminance is 247 to 255, in per cent.
pub(super) struct OverExposure;

/// The share of the face's pixels whose linear luminance is 0 to 25, in per cent. Never a reason to fail by itself:
/// dark skin in good light has many of them.
pub(super) struct UnderExposure;

/// Linear luminance that is burnt out, and that is lost in the dark (OFIQ 1.0.3).
const BURNT: std::ops::RangeInclusive<usize> = 247..=255;
const LOST: std::ops::RangeInclusive<usize> = 0..=25;

impl Check for OverExposure {
    fn name(&self) -> &'static str {
        "over_exposure"
    }

    fn title(&self) -> Phrase {
        Phrase::new("脸部过曝", "over-exposure of the face")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(face) = subject.face_pixels() else { return Answer::unknown() };
        Answer::up_to(100.0 * face.luminance.share(BURNT), profile.checks.light.over_exposure, "%")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "脸上有过亮的地方：请调暗灯光或移开光斑，擦去油光",
            "parts of the face are burnt out: dim or turn the lamps, dab shiny skin",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请擦一下脸上的油光", "please dab the shine off your face"))
    }
}

impl Check for UnderExposure {
    fn name(&self) -> &'static str {
        "under_exposure"
    }

    fn title(&self) -> Phrase {
        Phrase::new("脸部过暗", "under-exposure of the face")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(face) = subject.face_pixels() else { return Answer::unknown() };
        Answer::up_to(100.0 * face.luminance.share(LOST), profile.checks.light.under_exposure, "%")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("脸部太暗：请检查灯光和曝光", "the face is too dark: check lamps and exposure")
    }
}
