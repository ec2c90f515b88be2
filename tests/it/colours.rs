//! Every portrait leaves as sRGB with the colours that the camera meant: a known chart, in each of the colour spaces that
//! cameras write, comes out as it is.

use caiying::{
    portrait::{
        Enlarging, Expression, Eye, Face, FaceBox, Features, Found, Head, Negative, PersonMask, Point,
        Portrait, PretendFinder, Resampler, decode, develop, off_colour,
    },
    profile::{Backdrop, Profile},
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use moxcms::ColorProfile;

/// The 24 patches of the ColorChecker in sRGB (X-Rite, before November 2014); the last six are neutral.
const CHART: [[u8; 3]; 24] = [
    [115, 82, 68],
    [194, 150, 130],
    [98, 122, 157],
    [87, 108, 67],
    [133, 128, 177],
    [103, 189, 170],
    [214, 126, 44],
    [80, 91, 166],
    [193, 90, 99],
    [94, 60, 108],
    [157, 188, 64],
    [224, 163, 46],
    [56, 61, 150],
    [70, 148, 73],
    [175, 54, 60],
    [231, 199, 31],
    [187, 86, 149],
    [8, 133, 161],
    [243, 243, 243],
    [200, 200, 200],
    [160, 160, 160],
    [122, 122, 122],
    [85, 85, 85],
    [52, 52, 52],
];

/// What a camera writes.
#[derive(Clone, Copy, Debug)]
enum Space {
    Srgb,
    /// As the DCF option file says it: by a mark in EXIF alone.
    AdobeRgbByExif,
    AdobeRgbByProfile,
    DisplayP3,
}

/// To XYZ under D65: IEC 61966-2-1; Adobe RGB (1998) 4.3.5.3; SMPTE EG 432-1. With the ways back.
const SRGB: [[[f64; 3]; 3]; 2] = [
    [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ],
    [
        [3.240_454_2, -1.537_138_5, -0.498_531_4],
        [-0.969_266_0, 1.876_010_8, 0.041_556_0],
        [0.055_643_4, -0.204_025_9, 1.057_225_2],
    ],
];
const ADOBE_RGB: [[[f64; 3]; 3]; 2] = [
    [
        [0.576_730_9, 0.185_554_0, 0.188_185_2],
        [0.297_376_9, 0.627_349_1, 0.075_274_1],
        [0.027_034_3, 0.070_687_2, 0.991_108_5],
    ],
    [
        [2.041_369_0, -0.564_946_4, -0.344_694_4],
        [-0.969_266_0, 1.876_010_8, 0.041_556_0],
        [0.013_447_4, -0.118_389_7, 1.015_409_6],
    ],
];
const DISPLAY_P3: [[[f64; 3]; 3]; 2] = [
    [
        [0.486_570_9, 0.265_667_7, 0.198_217_3],
        [0.228_974_6, 0.691_738_5, 0.079_286_9],
        [0.0, 0.045_113_4, 1.043_944_4],
    ],
    [
        [2.493_496_9, -0.931_383_6, -0.402_710_8],
        [-0.829_489_0, 1.762_664_1, 0.023_624_7],
        [0.035_845_8, -0.076_172_4, 0.956_884_5],
    ],
];

/// A colour of one space in another, 0 to 255 each: worked out here, from the definitions, not by the crate under test.
fn converted(rgb: [f64; 3], from: Space, to: Space) -> [f64; 3] {
    let times = |matrix: [[f64; 3]; 3], vector: [f64; 3]| {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum::<f64>())
    };
    let xyz = times(from.matrices()[0], rgb.map(|value| from.linear(value / 255.0)));
    times(to.matrices()[1], xyz).map(|light| 255.0 * to.coded(light.clamp(0.0, 1.0)))
}

impl Space {
    const fn matrices(self) -> [[[f64; 3]; 3]; 2] {
        match self {
            Self::Srgb => SRGB,
            Self::AdobeRgbByExif | Self::AdobeRgbByProfile => ADOBE_RGB,
            Self::DisplayP3 => DISPLAY_P3,
        }
    }

    fn linear(self, value: f64) -> f64 {
        match self {
            Self::AdobeRgbByExif | Self::AdobeRgbByProfile => value.powf(563.0 / 256.0),
            _ if value <= 0.040_45 => value / 12.92,
            _ => ((value + 0.055) / 1.055).powf(2.4),
        }
    }

    fn coded(self, light: f64) -> f64 {
        match self {
            Self::AdobeRgbByExif | Self::AdobeRgbByProfile => light.powf(256.0 / 563.0),
            _ if light <= 0.003_130_8 => 12.92 * light,
            _ => 1.055 * light.powf(1.0 / 2.4) - 0.055,
        }
    }

    /// What a camera that writes this space writes for a colour.
    fn of_srgb(self, rgb: [u8; 3]) -> [u8; 3] {
        converted(rgb.map(f64::from), Self::Srgb, self).map(|value| value.round() as u8)
    }

    /// The segments that say which space it is.
    fn say(self, encoder: &mut Encoder<&mut Vec<u8>>) {
        match self {
            Self::Srgb => {}
            Self::AdobeRgbByExif => encoder.add_app_segment(1, option_file()).unwrap(),
            Self::AdobeRgbByProfile => {
                encoder.add_icc_profile(&ColorProfile::new_adobe_rgb().encode().unwrap()).unwrap();
            }
            Self::DisplayP3 => {
                encoder.add_icc_profile(&ColorProfile::new_display_p3().encode().unwrap()).unwrap();
            }
        }
    }
}

/// EXIF with an interoperability index of R03, and a colour space that is not sRGB (DCF 2.0, 3.5).
fn option_file() -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    exif.extend(*b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0");
    exif.extend(*b"\0\x02\xa0\x01\0\x03\0\0\0\x01\xff\xff\0\0");
    exif.extend(*b"\xa0\x05\0\x04\0\0\0\x01\0\0\0\x38\0\0\0\0");
    exif.extend(*b"\0\x01\0\x01\0\x02\0\0\0\x04R03\0\0\0\0\0");
    exif
}

/// The chart over and over, `tile` pixels a patch.
fn chart(space: Space, (width, height): (u32, u32), tile: u32) -> Vec<u8> {
    let colours = CHART.map(|rgb| space.of_srgb(rgb));
    let row = |y: u32| (0..width).flat_map(move |x| colours[patch_at(x, y, tile)]);
    let pixels: Vec<u8> = (0..height).flat_map(row).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 98);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_2);
    space.say(&mut encoder);
    encoder.encode(&pixels, width as u16, height as u16, ColorType::Rgb).unwrap();
    file
}

fn patch_at(x: u32, y: u32, tile: u32) -> usize {
    ((x / tile + 5 * (y / tile)) % 24) as usize
}

/// A head in the middle of a picture of 330 × 400 that is cut to a crop of so many pixels across.
fn sitter(crop: f64, up: f64) -> PretendFinder {
    let head = crop / 480.0 * 378.0;
    let hair_top = 200.0 - 0.4 * head;
    let at = |x: f64, y: f64| Point { x: (165.0 + x * head) * up, y: (hair_top + y * head) * up };
    let eye = |side: f64| Eye {
        corners: [at(side * 0.2, 0.52), at(side * 0.1, 0.52)],
        iris: at(side * 0.15, 0.52),
        iris_radius: 0.02 * head * up,
    };
    let expression = Expression {
        blink: [0.0; 2],
        look_left: 0.0,
        look_right: 0.0,
        look_up: 0.0,
        look_down: 0.0,
        jaw_open: 0.0,
        smile: 0.0,
    };
    let (left, right) = (at(-0.3, 0.3), at(0.3, 1.0));
    let face = Face {
        head: Head {
            hair_top: left.y - 0.3 * head * up,
            chin: right.y,
            eye_line: at(0.0, 0.52).y,
            face_width: 0.6 * head * up,
            center_x: at(0.0, 0.0).x,
            roll_deg: 0.0,
        },
        features: Features {
            yaw_deg: 0.0,
            pitch_deg: 0.0,
            lid_gaps: [0.08; 2],
            lip_gap: 0.0,
            hair_height: 0.2,
            nose_aside: 0.0,
            pupils_px: 0.3 * head * up,
            eyes: [eye(-1.0), eye(1.0)],
            expression,
        },
        outline: vec![left, Point { x: right.x, y: left.y }, right, Point { x: left.x, y: right.y }],
        person: PersonMask::pretend(400.0 * up, |_, _| 1.0),
    };
    let seen =
        FaceBox { x: left.x, y: left.y, width: right.x - left.x, height: right.y - left.y, score: 0.9 };
    PretendFinder { found: Found { boxes: vec![seen], face: Some(face) } }
}

/// The mean colour of each patch on the portrait, with the patch's number.
fn patches(portrait: &Portrait, tile: u32) -> Vec<(usize, [f64; 3])> {
    const AROUND: u32 = 6;
    let pixels = decode(&portrait.jpeg).unwrap();
    let (crop, scale, tile_px) = (portrait.placement.crop, portrait.placement.scale, f64::from(tile));
    let first = |from: f64| (from / tile_px).ceil() as u32;
    let mut patches = Vec::new();
    for (column, row) in
        (first(crop.y)..).take(40).flat_map(|row| (first(crop.x)..).take(40).map(move |c| (c, row)))
    {
        let to = |n: u32, from: f64| (((f64::from(n) + 0.5) * tile_px - from) * scale) as u32;
        let (x, y) = (to(column, crop.x), to(row, crop.y));
        if x + AROUND >= pixels.width || y + AROUND >= pixels.height {
            continue;
        }
        let mut sums = [0.0; 3];
        for (u, v) in (y - AROUND..y + AROUND).flat_map(|v| (x - AROUND..x + AROUND).map(move |u| (u, v))) {
            for (channel, sum) in sums.iter_mut().enumerate() {
                *sum += f64::from(pixels.pixels[(v * pixels.width + u) as usize * 3 + channel]);
            }
        }
        let patch = patch_at(column * tile, row * tile, tile);
        patches.push((patch, sums.map(|sum| sum / f64::from(4 * AROUND * AROUND))));
    }
    assert!((0..24).all(|wanted| patches.iter().any(|(patch, _)| *patch == wanted)), "all are in sight");
    patches
}

/// CIEDE2000, by the product's own measure, which the tests of `lab` hold against the published pairs.
fn apart(colour: [f64; 3], wanted: [u8; 3]) -> f64 {
    let named = Backdrop { rgb: wanted, also: vec![], ..Profile::builtin("chsi_2017_99").unwrap().backdrop };
    off_colour(colour.map(|channel| channel.round() as u8), &named)
}

/// Decoded whole, cut out of a negative, and from half of a negative's pixels.
#[test]
fn a_known_chart_keeps_its_colours_in_every_space() {
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let ways = [
        ((1320, 1600), 150, sitter(220.0, 4.0), Resampler::Lanczos3),
        ((2640, 3200), 300, sitter(220.0, 1.0), Resampler::Lanczos3),
        ((2640, 3200), 300, sitter(245.0, 1.0), Resampler::HalfThenLanczos3),
    ];
    for (sides, tile, mut finder, resampler) in ways {
        for space in [Space::Srgb, Space::AdobeRgbByExif, Space::AdobeRgbByProfile, Space::DisplayP3] {
            let file = chart(space, sides, tile);
            let what = format!("{space:?} of {sides:?} by {resampler:?}");
            assert!(Negative::open(&file).is_ok(), "{what}");
            let made = develop(&file, &profile, &mut finder, Enlarging::Forbidden);
            let portrait = made.outcome.unwrap_or_else(|why| panic!("{what}: {why}"));
            assert_eq!(portrait.making.resampler, resampler, "{what}");
            // What the file really holds, after the camera's roundings to eight bits, and converted here.
            let whole = decode(&file).unwrap();
            let held = |patch: usize| {
                let n =
                    (0..).position(|n| patch_at(n % 8 * tile, n / 8 * tile, tile) == patch).unwrap() as u32;
                let (x, y) = (n % 8 * tile + tile / 2, n / 8 * tile + tile / 2);
                let at = (y * whole.width + x) as usize * 3;
                converted([0, 1, 2].map(|channel| f64::from(whole.pixels[at + channel])), space, Space::Srgb)
            };
            for (patch, colour) in patches(&portrait, tile) {
                let (wanted, expected, [red, green, blue]) = (CHART[patch], held(patch), colour);
                let far = apart(colour, expected.map(|channel: f64| channel.round() as u8));
                assert!(far < 1.0, "{what}: {expected:?} became {colour:?}, {far} off");
                // With the file's own roundings: of its space, of Y Cb Cr.
                let far = apart(colour, wanted);
                assert!(far < 1.5, "{what}: {wanted:?} became {colour:?}, {far} off");
                let tint = (red - green).abs().max((green - blue).abs()).max((red - blue).abs());
                assert!(patch < 18 || tint <= 1.0, "{what}: {wanted:?} became {colour:?}, a tint");
            }
        }
    }
}

/// The mark alone decides: the same bytes without it are other colours, so that this chapter would notice.
#[test]
fn without_its_mark_the_chart_is_off() {
    let space = Space::AdobeRgbByExif;
    let colours = CHART.map(|rgb| space.of_srgb(rgb).map(f64::from));
    let far: Vec<f64> = colours.iter().zip(CHART).map(|(colour, wanted)| apart(*colour, wanted)).collect();
    assert!(far[..18].iter().filter(|far| **far > 2.0).count() >= 15, "{far:?}");
    assert!(far[18..].iter().all(|far| *far < 1.5), "greys are nearly alike in both: {far:?}");
}
