//! The words of dials and files: what they mean, and when two of them mean the same.
//!
//! Drivers write `8`, `f/8`, `1/125`, `0.0080s`; files write numbers. Numbers are compared as numbers, because a
//! nominal 1/60 may be 1/64 in one place; all else is opaque text.

use crate::{profile::Setting, shot::AsShot};

/// Numbers are the same below half a third of a stop, which is 12 % of an aperture, and 26 % of a time or a speed.
const SAME_APERTURE: f64 = 0.055;
const SAME_EXPOSURE: f64 = 0.11;
const SAME_NUMBER: f64 = 0.005;

/// What the file of a camera that chooses by itself says of its white balance, and of one that does not.
const AUTOMATIC: &str = "auto";
const FIXED: &str = "fixed";

/// The number that a text means, where the setting is a number.
fn number(setting: Setting, text: &str) -> Option<f64> {
    let text = text.trim();
    let number = match setting {
        Setting::Aperture => text.trim_start_matches("f/").parse().ok(),
        Setting::Shutter => {
            let text = text.trim_end_matches('s').trim();
            match text.split_once('/') {
                Some((above, below)) => {
                    above.parse::<f64>().ok().zip(below.parse::<f64>().ok()).map(|(a, b)| a / b)
                }
                None => text.parse().ok(),
            }
        }
        Setting::Iso | Setting::ColourTemperature => text.parse().ok(),
        Setting::CaptureTarget
        | Setting::ImageFormat
        | Setting::ImageSize
        | Setting::WhiteBalance
        | Setting::FocusMode
        | Setting::Pixels => None,
    };
    number.filter(|number: &f64| number.is_finite() && *number > 0.0)
}

/// Whether two texts mean the same.
pub(super) fn same(setting: Setting, one: &str, other: &str) -> bool {
    if setting == Setting::WhiteBalance && is_of_a_file(one) != is_of_a_file(other) {
        let (dial, file) = if is_of_a_file(one) { (other, one) } else { (one, other) };
        return is_automatic(dial) == (file == AUTOMATIC);
    }
    match (number(setting, one), number(setting, other)) {
        (Some(one), Some(other)) => {
            let within = match setting {
                Setting::Aperture => SAME_APERTURE,
                Setting::Shutter | Setting::Iso => SAME_EXPOSURE,
                Setting::CaptureTarget
                | Setting::ImageFormat
                | Setting::ImageSize
                | Setting::WhiteBalance
                | Setting::ColourTemperature
                | Setting::FocusMode
                | Setting::Pixels => SAME_NUMBER,
            };
            (one / other).ln().abs() < within
        }
        _ => one == other,
    }
}

/// Whether what a file says agrees with what a dial stands at. A dial that leaves the choice to the camera agrees
/// with everything.
pub(super) fn agrees(setting: Setting, dial: &str, file: &str) -> bool {
    let is_exposure = matches!(setting, Setting::Aperture | Setting::Shutter | Setting::Iso);
    let is_automatic = is_exposure && number(setting, dial).is_none();
    is_automatic || same(setting, dial, file)
}

fn is_of_a_file(white_balance: &str) -> bool {
    [AUTOMATIC, FIXED].contains(&white_balance)
}

/// Canon's `Auto` and `AWB White`, Nikon's `Automatic` and `Natural light auto`.
fn is_automatic(white_balance: &str) -> bool {
    let text = white_balance.to_lowercase();
    text.contains("auto") || text.starts_with("awb")
}

/// How a photographer writes it: `f/5.6`, `1/125`.
pub(super) fn shown(setting: Setting, text: &str) -> String {
    match (setting, number(setting, text)) {
        (Setting::Aperture, Some(f)) => format!("f/{}", (f * 10.0).round() / 10.0),
        (Setting::Shutter, Some(s)) if s < 0.28 => format!("1/{:.0}", 1.0 / s),
        (Setting::Shutter, Some(s)) => format!("{} s", (s * 10.0).round() / 10.0),
        _ => text.to_owned(),
    }
}

/// What a file says of how it was exposed, in the same words.
pub(super) fn of_a_shot(as_shot: &AsShot) -> Vec<(Setting, String)> {
    let white_balance = as_shot.auto_white_balance.map(|auto| if auto { AUTOMATIC } else { FIXED });
    // A camera held upright may write them the other way round.
    let pixels = as_shot.pixels.map(|[a, b]| format!("{}×{}", a.max(b), a.min(b)));
    let said = [
        (Setting::Aperture, as_shot.f_number.map(|f| f.to_string())),
        (Setting::Shutter, as_shot.exposure_s.map(|s| s.to_string())),
        (Setting::Iso, as_shot.iso.map(|iso| iso.to_string())),
        (Setting::WhiteBalance, white_balance.map(str::to_owned)),
        (Setting::Pixels, pixels),
    ];
    said.into_iter().filter_map(|(setting, value)| Some((setting, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drivers_and_files_mean_the_same_in_other_words() {
        for (setting, one, other) in [
            (Setting::Aperture, "8", "f/8"),
            (Setting::Shutter, "1/125", "0.0080s"),
            (Setting::Shutter, "1/60", "0.015625"),
            (Setting::Shutter, "0.3", "0.3"),
            (Setting::Iso, "100", "100"),
            (Setting::FocusMode, "One Shot", "One Shot"),
        ] {
            assert!(same(setting, one, other), "{one} {other}");
        }
        for (setting, one, other) in [
            (Setting::Aperture, "8", "f/7.1"),
            (Setting::Shutter, "1/125", "1/100"),
            (Setting::Iso, "100", "125"),
            (Setting::Iso, "Auto", "100"),
            (Setting::Pixels, "6000×4000", "3984×2656"),
            (Setting::ColourTemperature, "5200", "5600"),
        ] {
            assert!(!same(setting, one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_dial_that_leaves_the_choice_to_the_camera_agrees_with_every_file() {
        assert!(agrees(Setting::Iso, "Auto", "640"));
        assert!(!agrees(Setting::Iso, "100", "640"));
        assert!(agrees(Setting::WhiteBalance, "AWB White", AUTOMATIC));
        assert!(!agrees(Setting::WhiteBalance, "Color Temperature", AUTOMATIC));
        assert!(agrees(Setting::WhiteBalance, "Color Temperature", FIXED));
        assert!(!agrees(Setting::WhiteBalance, FIXED, AUTOMATIC), "the first file set the standard");
    }

    #[test]
    fn values_are_shown_as_photographers_write_them() {
        for (setting, text, wanted) in [
            (Setting::Aperture, "8", "f/8"),
            (Setting::Aperture, "5.6", "f/5.6"),
            (Setting::Shutter, "0.008", "1/125"),
            (Setting::Shutter, "0.5", "0.5 s"),
            (Setting::Iso, "Auto", "Auto"),
        ] {
            assert_eq!(shown(setting, text), wanted);
        }
    }
}
