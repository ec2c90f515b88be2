//! The dials on the body: what is engraved on them, how EOS writes it, and what a picture says of it.
//!
//! EOS numbers are those of libgphoto2 `config.c` (`canon_aperture`, `canon_shutterspeed`, `canon_isospeed`,
//! `canon_eos_whitebalance`, `eos_focusmodes`, `canon_eos_image_format`). Nominal values, as bodies write them into
//! pictures: 5.6 and not 5.657.

use std::fmt;

use crate::properties::{Properties, code};

/// A dial that this camera does not have, or a stop that is not on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchStop(String);

impl fmt::Display for NoSuchStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no such stop: {}", self.0)
    }
}

impl std::error::Error for NoSuchStop {}

/// Numerator and denominator.
pub(crate) type Ratio = (u32, u32);

/// EOS number, and the f-number in tenths.
const APERTURES: &[(u32, u32)] = &[
    (0x28, 40),
    (0x2B, 45),
    (0x2D, 50),
    (0x30, 56),
    (0x33, 63),
    (0x35, 71),
    (0x38, 80),
    (0x3B, 90),
    (0x3D, 100),
    (0x40, 110),
    (0x43, 130),
    (0x45, 140),
    (0x48, 160),
    (0x4B, 180),
    (0x4D, 200),
    (0x50, 220),
];

/// EOS number, and the time in seconds.
const TIMES: &[(u32, Ratio)] = &[
    (0x10, (30, 1)),
    (0x20, (8, 1)),
    (0x30, (2, 1)),
    (0x38, (1, 1)),
    (0x40, (1, 2)),
    (0x48, (1, 4)),
    (0x50, (1, 8)),
    (0x58, (1, 15)),
    (0x5D, (1, 25)),
    (0x60, (1, 30)),
    (0x63, (1, 40)),
    (0x65, (1, 50)),
    (0x68, (1, 60)),
    (0x6B, (1, 80)),
    (0x6D, (1, 100)),
    (0x70, (1, 125)),
    (0x73, (1, 160)),
    (0x75, (1, 200)),
    (0x78, (1, 250)),
    (0x7B, (1, 320)),
    (0x7D, (1, 400)),
    (0x80, (1, 500)),
    (0x88, (1, 1000)),
    (0x90, (1, 2000)),
    (0x98, (1, 4000)),
    (0xA0, (1, 8000)),
];

/// EOS number, and the speed; 0 is automatic, for which the camera then takes 400.
const SPEEDS: &[(u32, u32)] = &[
    (0x00, 0),
    (0x48, 100),
    (0x4B, 125),
    (0x4D, 160),
    (0x50, 200),
    (0x53, 250),
    (0x55, 320),
    (0x58, 400),
    (0x5B, 500),
    (0x5D, 640),
    (0x60, 800),
    (0x63, 1000),
    (0x65, 1250),
    (0x68, 1600),
    (0x6B, 2000),
    (0x6D, 2500),
    (0x70, 3200),
    (0x73, 4000),
    (0x75, 5000),
    (0x78, 6400),
    (0x7B, 8000),
    (0x7D, 10_000),
    (0x80, 12_800),
    (0x83, 16_000),
];
const AUTOMATIC_SPEED: u16 = 400;

/// What is engraved, by dial.
const WORDS: &[(u16, &[(&str, u32)])] = &[
    (
        code::WHITE_BALANCE,
        &[("auto", 0), ("daylight", 1), ("cloudy", 2), ("flash", 5), ("manual", 6), ("kelvin", 9)],
    ),
    (code::FOCUS_MODE, &[("one-shot", 0), ("servo", 1), ("manual", 3)]),
    (
        code::IMAGE_FORMAT,
        &[("large", 0x0300), ("medium", 0x1300), ("small", 0xD300), ("raw", 0x0C00), ("raw+large", 0x0C03)],
    ),
];

/// The property behind a dial's name.
pub(crate) fn property(dial: &str) -> Result<u16, NoSuchStop> {
    Ok(match dial {
        "aperture" => code::APERTURE,
        "shutter" => code::SHUTTER_SPEED,
        "iso" => code::ISO_SPEED,
        "whitebalance" => code::WHITE_BALANCE,
        "kelvin" => code::COLOR_TEMPERATURE,
        "focus" => code::FOCUS_MODE,
        "format" => code::IMAGE_FORMAT,
        _ => return Err(NoSuchStop(dial.to_owned())),
    })
}

/// The property behind a dial's name, and the EOS number of a stop: `aperture` `5.6`, `shutter` `1/125`, `iso` `auto`,
/// `whitebalance` `kelvin`, `kelvin` `5500`, `focus` `manual`, `format` `raw+large`.
pub(crate) fn stop(dial: &str, engraved: &str) -> Result<(u16, u32), NoSuchStop> {
    let code = property(dial)?;
    let number = match code {
        code::APERTURE => named(APERTURES, |tenths| (f64::from(tenths) / 10.0).to_string(), engraved),
        code::SHUTTER_SPEED => named(
            TIMES,
            |(above, below)| if below == 1 { above.to_string() } else { format!("{above}/{below}") },
            engraved,
        ),
        code::ISO_SPEED => {
            named(SPEEDS, |iso| if iso == 0 { "auto".to_owned() } else { iso.to_string() }, engraved)
        }
        code::COLOR_TEMPERATURE => engraved.parse().ok(),
        _ => WORDS
            .iter()
            .filter(|(dial, _)| *dial == code)
            .flat_map(|(_, words)| words.iter())
            .find_map(|(word, number)| (*word == engraved).then_some(*number)),
    };
    number.map(|number| (code, number)).ok_or_else(|| NoSuchStop(format!("{dial} {engraved}")))
}

fn named<T: Copy>(stops: &[(u32, T)], name: impl Fn(T) -> String, engraved: &str) -> Option<u32> {
    stops.iter().find_map(|(number, value)| (name(*value) == engraved).then_some(*number))
}

/// How a picture was exposed, as it says itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exposed {
    pub(crate) time: Ratio,
    pub(crate) f_number: Ratio,
    pub(crate) iso: u16,
    pub(crate) auto_white_balance: bool,
}

impl Exposed {
    /// As the dials stand now.
    pub(crate) fn with(properties: &Properties) -> Self {
        fn at<T: Copy>(stops: &[(u32, T)], number: u32) -> Option<T> {
            stops.iter().find_map(|(other, value)| (*other == number).then_some(*value))
        }
        let speed = at(SPEEDS, properties.number(code::ISO_SPEED)).filter(|iso| *iso > 0);
        Self {
            time: at(TIMES, properties.number(code::SHUTTER_SPEED)).unwrap_or((0, 1)),
            f_number: (at(APERTURES, properties.number(code::APERTURE)).unwrap_or(0), 10),
            iso: speed.and_then(|iso| u16::try_from(iso).ok()).unwrap_or(AUTOMATIC_SPEED),
            auto_white_balance: properties.number(code::WHITE_BALANCE) == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_the_host_may_choose_is_engraved() {
        let properties = Properties::new("1");
        for (code, known) in [
            (code::APERTURE, APERTURES.iter().map(|(n, _)| *n).collect::<Vec<_>>()),
            (code::SHUTTER_SPEED, TIMES.iter().map(|(n, _)| *n).collect()),
            (code::ISO_SPEED, SPEEDS.iter().map(|(n, _)| *n).collect()),
        ] {
            let choices = properties.get(code).map(|property| property.choices);
            assert_eq!(choices, Some(&known[..]), "{code:#x}");
        }
    }

    #[test]
    fn stops_are_found_by_what_is_engraved() {
        assert_eq!(stop("aperture", "5.6"), Ok((code::APERTURE, 0x30)));
        assert_eq!(stop("shutter", "1/125"), Ok((code::SHUTTER_SPEED, 0x70)));
        assert_eq!(stop("iso", "auto"), Ok((code::ISO_SPEED, 0)));
        assert_eq!(stop("kelvin", "5600"), Ok((code::COLOR_TEMPERATURE, 5600)));
        assert!(stop("aperture", "5.7").is_err());
        assert!(stop("zoom", "1").is_err());
    }
}
