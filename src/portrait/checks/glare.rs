//! Glare on glasses: 99号 二 "眼镜不能有反光". What is white and colourless around the eyes is light from a lamp.

use super::{Answer, Check, Eye, Point, Subject};
use crate::{language::Phrase, profile::Profile};

/// The share of pixels around the worse eye that are glare, in per cent.
pub(super) struct Glare;

/// What is looked at, in distances between the corners of the eye: a lens of a pair of glasses, brow excluded. Not
/// measured by how far the eye is open, so that narrow eyes are looked at alike.
const LOOKED_AT: (f64, f64) = (1.4, 0.8);

impl Check for Glare {
    fn name(&self) -> &'static str {
        "glare"
    }

    fn title(&self) -> Phrase {
        Phrase::new("眼镜反光", "glare on glasses")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let worst = subject.features.eyes.iter().map(|eye| percent(subject, eye)).fold(f64::NAN, f64::max);
        Answer::at_most(worst, profile.checks.eyes.glare_percent, " %")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "眼睛处有反光：请升高灯，或请考生把眼镜稍向下压",
            "glare at the eyes: raise the lamps, or tip the glasses down a little",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new(
            "请把头稍低一点，或把眼镜腿抬高一点",
            "lower your head a little, or lift the arms of your glasses",
        ))
    }
}

fn percent(subject: &Subject<'_>, eye: &Eye) -> f64 {
    let [outer, inner] = eye.corners.map(|corner| subject.in_portrait(corner));
    let middle = Point { x: f64::midpoint(outer.x, inner.x), y: f64::midpoint(outer.y, inner.y) };
    let size = outer.distance(inner);
    let colours = subject.colours_around(middle, (LOOKED_AT.0 * size, LOOKED_AT.1 * size), |_, _| true);
    let glares = colours.iter().filter(|colour| is_glare(**colour)).count();
    // Without a pixel to look at it is not known.
    if colours.is_empty() { f64::NAN } else { 100.0 * glares as f64 / colours.len() as f64 }
}

/// As bright as a pixel gets, and hardly any colour in it (value 250 of 255, saturation 30 of 255 in HSV).
fn is_glare(colour: [u8; 3]) -> bool {
    let (most, least) =
        colour.iter().fold((0, u8::MAX), |(most, least), byte| (most.max(*byte), least.min(*byte)));
    most >= 250 && 255 * u32::from(most - least) < 30 * u32::from(most)
}
