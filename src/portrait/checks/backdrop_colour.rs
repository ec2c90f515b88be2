//! Backdrop colour: 99号 二 "浅蓝色(参考值RGB<100,197,255>)", or the sampled colour of the buyer's own cloth.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, portrait::lab::Lab, profile::Profile};

/// How different the cloth looks from what the profile asks (CIEDE2000).
pub(super) struct BackdropColour;

/// Below this probability of being person a pixel is cloth.
const CLOTH: f32 = 0.1;

/// Every how many pixels the cloth is looked at, across and down: 5,000 samples are plenty for a median.
const STRIDE: usize = 4;

impl Check for BackdropColour {
    fn name(&self) -> &'static str {
        "backdrop_colour"
    }

    fn title(&self) -> Phrase {
        Phrase::new("背景色差", "backdrop colour difference")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let wanted = Lab::from_srgb(profile.backdrop.rgb.map(f64::from));
        // Without any cloth in sight there is no light-blue backdrop either.
        let value = cloth(subject).map_or(100.0, |seen| Lab::from_srgb(seen).difference(wanted));
        Answer::at_most(value, profile.backdrop.colour_difference, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "背景颜色不符：请检查背景布和灯光、白平衡",
            "the backdrop's colour is off: check cloth, lights and white balance",
        )
    }
}

/// The median colour of the cloth above the chin; `None` when no cloth is seen.
fn cloth(subject: &Subject<'_>) -> Option<[f64; 3]> {
    let width = subject.picture.width as usize;
    let rows = (subject.face().chin.max(0.0) as usize).min(subject.picture.height as usize);
    let mut channels = [Vec::new(), Vec::new(), Vec::new()];
    for row in (0..rows).step_by(STRIDE) {
        for column in (0..width).step_by(STRIDE) {
            let is_cloth =
                subject.person.probability(subject.in_shot(column, row)).is_some_and(|p| p < CLOTH);
            let start = 3 * (row * width + column);
            let pixel = subject.picture.pixels.get(start..start + 3).unwrap_or_default();
            if is_cloth {
                for (channel, byte) in channels.iter_mut().zip(pixel) {
                    channel.push(*byte);
                }
            }
        }
    }
    let [red, green, blue] = channels.map(median);
    Some([red?, green?, blue?])
}

fn median(mut values: Vec<u8>) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let (_, median, _) = values.select_nth_unstable(middle);
    Some(f64::from(*median))
}
