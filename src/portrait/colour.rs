//! Everything leaves as sRGB: 99号 asks for true colours, and a checker ignores colour profiles.
//!
//! The door of the crate `moxcms`. Converting the finished 480×640 pixels costs half a millisecond; the shot
//! itself would cost fifty times that.

use moxcms::{ColorProfile, Layout, TransformOptions};

use super::{Picture, decode::Colours};

/// Makes a picture sRGB. A profile that cannot be read leaves the pixels as they are: taking unknown colours
/// for sRGB is what every viewer does with them.
#[must_use]
pub(super) fn to_srgb(picture: Picture) -> Picture {
    let profile = match &picture.colours {
        Colours::Srgb => return picture,
        Colours::AdobeRgb => Some(ColorProfile::new_adobe_rgb()),
        Colours::Icc(bytes) => ColorProfile::new_from_slice(bytes).ok(),
    };
    let converted = profile.and_then(|profile| converted(&profile, &picture.pixels));
    let pixels = converted.unwrap_or(picture.pixels);
    Picture { pixels, colours: Colours::Srgb, ..picture }
}

fn converted(from: &ColorProfile, pixels: &[u8]) -> Option<Vec<u8>> {
    let srgb = ColorProfile::new_srgb();
    let transform =
        from.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut out = vec![0; pixels.len()];
    transform.transform(pixels, &mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_pixel(rgb: [u8; 3], colours: Colours) -> Picture {
        Picture { width: 1, height: 1, pixels: rgb.to_vec(), colours }
    }

    #[test]
    fn adobe_rgb_becomes_srgb_and_srgb_stays_to_the_bit() {
        // sRGB 100, 197, 255 is the cloth; AdobeRGB writes the same colour as 136, 196, 253 (worked out by hand:
        // through XYZ with the matrices of IEC 61966-2-1 and AdobeRGB 1998, gamma 2.2).
        let cloth = to_srgb(one_pixel([136, 196, 253], Colours::AdobeRgb));
        for (channel, wanted) in cloth.pixels.iter().zip([100_u8, 197, 255]) {
            assert!(channel.abs_diff(wanted) <= 2, "{:?}", cloth.pixels);
        }
        assert_eq!(to_srgb(one_pixel([1, 2, 3], Colours::Srgb)).pixels, [1, 2, 3]);
    }

    #[test]
    fn a_broken_profile_changes_nothing() {
        let picture = to_srgb(one_pixel([1, 2, 3], Colours::Icc(b"no profile".to_vec())));
        assert_eq!((picture.pixels, picture.colours), (vec![1, 2, 3], Colours::Srgb));
    }

    /// Profiles come out of strangers' files: damaged in any way they give colours of some kind, at once.
    #[test]
    fn a_damaged_profile_does_no_harm() {
        let seeds = [
            ColorProfile::new_adobe_rgb(),
            ColorProfile::new_display_p3(),
            ColorProfile::new_pro_photo_rgb(),
        ];
        let seeds = seeds.map(|profile| profile.encode().unwrap());
        let mut dice = fastrand::Rng::with_seed(9);
        for _ in 0..5_000 {
            let mut bytes = dice.choice(&seeds).unwrap().clone();
            for _ in 0..dice.usize(1..4) {
                let at = dice.usize(0..bytes.len());
                match dice.u8(0..4) {
                    0 => bytes[at] = dice.u8(..),
                    1 => bytes[at] = [0, 0x7F, 0x80, 0xFF][dice.usize(0..4)],
                    2 => bytes.truncate(at.max(1)),
                    _ => bytes[at] ^= 1 << dice.u8(0..8),
                }
            }
            let picture = to_srgb(one_pixel([136, 196, 253], Colours::Icc(bytes)));
            assert_eq!((picture.pixels.len(), picture.colours), (3, Colours::Srgb));
        }
    }
}
