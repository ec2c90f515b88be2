//! What a webcam offers, and which of it is best for reading codes. Pure.

use std::{cmp::Reverse, fmt};

/// Fewer frames a second make an operator wait: a code is believed when two frames show it.
const LEAST_RATE: u32 = 15;

/// More frames a second than this show nothing new.
const MOST_RATE: u32 = 30;

/// As many pixels as reading needs (facts/window.md section 6 was measured with them); more make it slow, on the
/// core that portraits are made on.
const ENOUGH: (u32, u32) = (1280, 720);

/// More pixels than this are not asked for even if there is nothing else that is fast enough.
const MOST_WIDTH: u32 = 1920;

/// Sizes to ask for where any will do.
const USUAL_SIZES: [(u32, u32); 5] = [(1280, 720), (1920, 1080), (1280, 960), (800, 600), (640, 480)];

/// How the grey lies in the bytes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// It comes first, a byte a pixel; colours may follow.
    First,
    /// It is the first of every two bytes.
    Even,
    /// It is the second of every two bytes.
    Odd,
    /// A JPEG.
    Jpeg,
}

/// A format a webcam offers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// V4L2's name of the kind of bytes.
    pub fourcc: [u8; 4],
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Seconds a frame, as a fraction; `None` when it does not say.
    pub interval: Option<(u32, u32)>,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Offer {
    /// As people write it: `MJPG 1280×720 30/s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = String::from_utf8_lossy(&self.fourcc);
        write!(f, "{} {}×{}", kind.trim_end(), self.width, self.height)?;
        match self.interval {
            Some((numerator, denominator)) if numerator > 0 => {
                let rate = f64::from(denominator) / f64::from(numerator);
                let digits = usize::from(rate.fract() >= 0.05);
                write!(f, " {rate:.digits$}/s")
            }
            _ => Ok(()),
        }
    }
}

impl Offer {
    /// How its grey lies in its bytes; `None` when we cannot read it.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        match &self.fourcc {
            b"GREY" | b"NV12" | b"NV21" | b"NV16" | b"YU12" | b"YV12" => Some(Layout::First),
            b"YUYV" | b"YVYU" => Some(Layout::Even),
            b"UYVY" | b"VYUY" => Some(Layout::Odd),
            b"MJPG" | b"JPEG" => Some(Layout::Jpeg),
            _ => None,
        }
    }

    /// Whole frames a second; one that does not say is believed to be just fast enough.
    fn rate(&self) -> u32 {
        self.interval.map_or(LEAST_RATE, |(numerator, denominator)| {
            denominator.checked_div(numerator).unwrap_or_default()
        })
    }

    /// The greater the better: fast enough, then enough pixels but not too many, then fast, then uncompressed.
    fn worth(&self) -> impl Ord + use<> {
        let (pixels, enough) = (self.width * self.height, ENOUGH.0 * ENOUGH.1);
        let size = if pixels >= enough { (enough, Reverse(pixels)) } else { (pixels, Reverse(0)) };
        let is_raw = self.layout() != Some(Layout::Jpeg);
        (self.rate().min(LEAST_RATE), size, self.rate().min(MOST_RATE), is_raw)
    }
}

/// The format we would take of these.
#[must_use]
pub fn best(offers: &[Offer]) -> Option<Offer> {
    by_worth(offers.to_vec()).first().copied()
}

/// The formats we can read, best first.
pub(super) fn by_worth(mut offers: Vec<Offer>) -> Vec<Offer> {
    offers.retain(|offer| offer.width <= MOST_WIDTH && offer.layout().is_some());
    offers.sort_by_cached_key(|offer| Reverse(offer.worth()));
    offers.dedup();
    offers
}

/// Of a webcam that takes any size in steps: the usual sizes it can have, or its largest. A range is the least, the
/// greatest, and the step.
pub(super) fn stepped(widths: (u32, u32, u32), heights: (u32, u32, u32)) -> Vec<(u32, u32)> {
    let fits = |length: u32, (least, most, step): (u32, u32, u32)| {
        (least..=most).contains(&length) && (length - least).checked_rem(step).unwrap_or_default() == 0
    };
    let usual: Vec<_> = USUAL_SIZES
        .into_iter()
        .filter(|(width, height)| fits(*width, widths) && fits(*height, heights))
        .collect();
    if usual.is_empty() { vec![(widths.1, heights.1)] } else { usual }
}

/// A thirtieth of a second if it lies between these, or what is nearest to it.
pub(super) fn nearest_interval(least: (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let seconds = |(numerator, denominator): (u32, u32)| f64::from(numerator) / f64::from(denominator.max(1));
    let usual = (1, MOST_RATE);
    if seconds(least) > seconds(usual) {
        least
    } else if seconds(most) < seconds(usual) {
        most
    } else {
        usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(kind: &str, width: u32, rate: u32) -> Offer {
        let fourcc = kind.as_bytes().try_into().unwrap();
        Offer { fourcc, width, height: width * 9 / 16, interval: Some((1, rate)) }
    }

    #[test]
    fn a_fast_format_wins_over_a_large_one_and_enough_pixels_are_enough() {
        let offers = [
            offer("MJPG", 3840, 30),
            offer("YUYV", 1920, 5),
            offer("MJPG", 1920, 30),
            offer("YUYV", 1280, 15),
            offer("MJPG", 1280, 30),
            offer("YUYV", 1280, 10),
            offer("YUYV", 640, 30),
        ];
        assert_eq!(best(&offers), Some(offers[4]));
        assert_eq!(by_worth(offers.to_vec())[1], offers[3], "and the next if it is refused");
        assert_eq!(best(&offers[..2]), Some(offers[1]), "a slow one is better than none");
        assert_eq!(best(&offers[..3]), Some(offers[2]), "too many pixels are better than too slow ones");
        assert_eq!(best(&[offers[5], offers[6]]), Some(offers[6]), "few pixels are better than slow ones");
        assert_eq!(best(&[offer("YUYV", 1280, 30), offers[4]]).unwrap().fourcc, *b"YUYV", "raw if as fast");
        assert_eq!(best(&[offer("H264", 1280, 30), offer("RGB3", 640, 30)]), None);
    }

    #[test]
    fn a_rate_may_be_odd_untold_or_nonsense() {
        let of = |interval| Offer { interval, ..offer("YUYV", 1280, 30) };
        assert_eq!(of(Some((2, 15))).rate(), 7, "nokhwa calls it 15");
        assert_eq!(of(Some((1001, 30_000))).rate(), 29);
        assert_eq!(of(Some((0, 30))).rate(), 0);
        assert_eq!(of(None).rate(), LEAST_RATE);
        assert_eq!(of(Some((2, 15))).to_string(), "YUYV 1280×720 7.5/s");
        assert_eq!(of(Some((0, 30))).to_string(), "YUYV 1280×720");
    }

    #[test]
    fn of_a_webcam_that_takes_any_size_the_usual_are_asked_for() {
        assert_eq!(stepped((2, 1280, 2), (2, 1024, 2))[0], (1280, 720));
        assert_eq!(stepped((16, 100, 0), (16, 80, 16)), [(100, 80)]);
        assert_eq!(nearest_interval((1, 60), (1, 1)), (1, 30));
        assert_eq!(nearest_interval((1, 10), (1, 1)), (1, 10));
        assert_eq!(nearest_interval((1, 120), (1, 60)), (1, 60));
    }
}
