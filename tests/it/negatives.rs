//! The negative: every region as the whole decode has it, and an exact eighth; for every file, or an error.

use caiying::portrait::{ByteWindow, Crop, Demand, Negative, Picture, Region, Rgb, Unsupported, decode, fit};
use fastrand::Rng;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A picture with everything that matters: slopes, edges, flats and noise.
pub(crate) fn painted(width: usize, height: usize, dice: &mut Rng) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let noise = if (x / 40 + y / 40) % 2 == 0 { dice.i32(-20..=20) } else { 0 };
            let edge = if (x + 2 * y) % 90 < 30 { 70 } else { 0 };
            let [r, g, b] = [60 + x * 100 / width, 60 + y * 100 / height, 150 - x * 90 / width];
            pixels.extend([r + edge, g, b + edge / 2].map(|v| (v as i32 + noise).clamp(0, 255) as u8));
        }
    }
    pixels
}

/// An EXIF segment that says nothing but the orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) sampling: Option<SamplingFactor>,
    pub(crate) restart: u16,
    pub(crate) orientation: u8,
    pub(crate) quality: u8,
}

/// Grey where there is no sampling.
pub(crate) fn written(pixels: &[u8], width: usize, height: usize, way: Way) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, way.quality);
    encoder.set_restart_interval(way.restart);
    encoder.add_app_segment(1, exif(way.orientation)).unwrap();
    let (width, height) = (width as u16, height as u16);
    if let Some(sampling) = way.sampling {
        encoder.set_sampling_factor(sampling);
        encoder.encode(pixels, width, height, ColorType::Rgb).unwrap();
    } else {
        let grey: Vec<u8> = pixels.iter().skip(1).step_by(3).copied().collect();
        encoder.encode(&grey, width, height, ColorType::Luma).unwrap();
    }
    jpeg
}

pub(crate) const SAMPLINGS: [Option<SamplingFactor>; 5] = [
    None,
    Some(SamplingFactor::R_4_4_4),
    Some(SamplingFactor::R_4_2_2),
    Some(SamplingFactor::R_4_4_0),
    Some(SamplingFactor::R_4_2_0),
];

fn part(picture: &Picture, region: Region) -> Vec<u8> {
    let Region { x, y, width, height } = region;
    let row = |y: u32| {
        let from = (y * picture.width + x) as usize * 3;
        &picture.pixels[from..from + width as usize * 3]
    };
    (y..y + height).flat_map(|y| row(y).iter().copied()).collect()
}

/// Corners, edges, the whole, a single pixel, and some by chance.
fn regions((width, height): (u32, u32), dice: &mut Rng) -> Vec<Region> {
    let (w, h) = (width.min(37), height.min(29));
    let mut regions = vec![
        Region { x: 0, y: 0, width, height },
        Region { x: 0, y: 0, width: w, height: h },
        Region { x: width - w, y: 0, width: w, height: h },
        Region { x: 0, y: height - h, width: w, height: h },
        Region { x: width - w, y: height - h, width: w, height: h },
        Region { x: width / 2, y: height / 2, width: 1, height: 1 },
        Region { x: 0, y: height / 3, width, height: 1 },
    ];
    for _ in 0..4 {
        let (x, y) = (dice.u32(0..width), dice.u32(0..height));
        regions.push(Region { x, y, width: dice.u32(1..=width - x), height: dice.u32(1..=height - y) });
    }
    regions
}

fn assert_like_decode(jpeg: &[u8], dice: &mut Rng, what: &str) {
    let whole = decode(jpeg).unwrap();
    let negative = Negative::open(jpeg).unwrap_or_else(|err| panic!("{what}: {err}"));
    assert_eq!(negative.upright_size(), (whole.width, whole.height), "{what}");
    for region in regions((whole.width, whole.height), dice) {
        let found = negative.region(region).unwrap_or_else(|err| panic!("{what} {region:?}: {err}"));
        assert_eq!((found.x, found.y), (region.x, region.y));
        assert_eq!((found.picture.width, found.picture.height), (region.width, region.height));
        assert_eq!(found.picture.colours, whole.colours);
        let wanted = part(&whole, region);
        let differing = wanted.iter().zip(&found.picture.pixels).filter(|(a, b)| a != b).count();
        assert!(
            wanted.len() == found.picture.pixels.len() && differing == 0,
            "{what} {region:?}: {differing}"
        );
    }
}

#[test]
fn every_region_is_that_of_the_whole_decode() {
    let mut dice = Rng::with_seed(1);
    // Neither side, one, or both a multiple of a unit; wide, high, and smaller than a unit.
    for (width, height) in [(160, 128), (203, 117), (97, 250), (176, 99), (70, 33), (33, 70)] {
        let pixels = painted(width, height, &mut dice);
        for sampling in SAMPLINGS {
            for restart in [0, 1, 3, 7, 13] {
                let orientation = dice.u8(1..=8);
                let way = Way { sampling, restart, orientation, quality: dice.u8(40..=97) };
                let jpeg = written(&pixels, width, height, way);
                assert_like_decode(&jpeg, &mut dice, &format!("{width}x{height} {way:?}"));
            }
        }
    }
}

#[test]
fn every_orientation_comes_out_upright() {
    let mut dice = Rng::with_seed(2);
    let pixels = painted(157, 106, &mut dice);
    for orientation in 1..=8 {
        for sampling in [None, Some(SamplingFactor::R_4_2_2), Some(SamplingFactor::R_4_2_0)] {
            let way = Way { sampling, restart: 0, orientation, quality: 90 };
            assert_like_decode(&written(&pixels, 157, 106, way), &mut dice, &format!("{way:?}"));
        }
    }
}

/// Tables made for the file lack the categories that do not occur in it: the cut needs some of them.
#[test]
fn optimised_tables_are_no_hindrance() {
    let mut dice = Rng::with_seed(3);
    for (width, height) in [(480, 640), (171, 230)] {
        let pixels = painted(width, height, &mut dice);
        let rgb = Rgb::new(width as u32, height as u32, &pixels).unwrap();
        for max in [8_000, 60_000] {
            let demand = Demand { window: ByteWindow { min: 0, max }, min_quality: 1, dpi: 300 };
            let file = fit(&rgb, &demand).unwrap().bytes;
            assert_like_decode(&file, &mut dice, &format!("{width}x{height} in {max} bytes"));
        }
    }
}

/// A block's mean colour, from the pixels of the whole decode; `None` where one of them was clipped.
fn mean(picture: &Picture, x: usize, y: usize) -> Option<[f64; 3]> {
    let mut sums = [0.0; 3];
    for n in 0..64 {
        let at = ((y * 8 + n / 8) * picture.width as usize + x * 8 + n % 8) * 3;
        for (sum, value) in sums.iter_mut().zip(&picture.pixels[at..at + 3]) {
            if [0, 255].contains(value) {
                return None;
            }
            *sum += f64::from(*value) / 64.0;
        }
    }
    Some(sums)
}

#[test]
fn an_eighth_holds_the_mean_of_every_block() {
    let mut dice = Rng::with_seed(4);
    let (width, height) = (207, 118);
    let pixels = painted(width, height, &mut dice);
    for sampling in SAMPLINGS {
        let way = Way { sampling, restart: 0, orientation: 1, quality: 95 };
        let jpeg = written(&pixels, width, height, way);
        let (whole, eighth) = (decode(&jpeg).unwrap(), Negative::open(&jpeg).unwrap().eighth().unwrap());
        assert_eq!((eighth.width, eighth.height), (26, 15));
        // Where chroma is halved, its blocks lie under two or four of luma's: luma alone is compared.
        let whole_chroma = sampling.is_none() || sampling == Some(SamplingFactor::R_4_4_4);
        let luma = |rgb: [f64; 3]| rgb[0] * 0.299 + rgb[1] * 0.587 + rgb[2] * 0.114;
        let mut compared = 0;
        for (x, y) in (0..height / 8).flat_map(|y| (0..width / 8).map(move |x| (x, y))) {
            let Some(theirs) = mean(&whole, x, y) else { continue };
            let ours: [f64; 3] = std::array::from_fn(|c| eighth.pixels[(y * 26 + x) * 3 + c].into());
            let off = (luma(ours) - luma(theirs)).abs();
            assert!(off <= 1.0, "{way:?} at {x},{y}: {ours:?} {theirs:?}");
            // Half a level of luma, 1.772 times half a level of chroma, and half a level of the result.
            let off = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(!whole_chroma || off <= 2.0, "{way:?} at {x},{y}: {ours:?} {theirs:?}");
            compared += 1;
        }
        assert!(compared > 100, "{way:?}: {compared} blocks without clipping");
    }
}

/// A bright block on dark ground, found again in the eighth of every orientation.
#[test]
fn a_place_in_the_eighth_is_a_place_in_the_picture() {
    let (width, height) = (207, 118);
    let mut pixels = vec![40; width * height * 3];
    for y in 64..72 {
        for x in 160..168 {
            pixels[(y * width + x) * 3..][..3].fill(250);
        }
    }
    for orientation in 1..=8 {
        let way = Way { sampling: None, restart: 0, orientation, quality: 95 };
        let jpeg = written(&pixels, width, height, way);
        let (whole, negative) = (decode(&jpeg).unwrap(), Negative::open(&jpeg).unwrap());
        let bright = |picture: &Picture| {
            let at = picture.pixels.iter().step_by(3).position(|v| *v > 200).unwrap();
            (at as u32 % picture.width, at as u32 / picture.width)
        };
        let ((x, y), small) = (bright(&whole), bright(&negative.eighth().unwrap()));
        let place = negative.from_eighth((f64::from(small.0), f64::from(small.1)));
        assert_eq!(place, (f64::from(x), f64::from(y)), "orientation {orientation}");
    }
}

/// Resampled from a cut of its own, a crop is what it is from the whole decode; turned afterwards, nearly.
#[test]
fn a_crop_is_resampled_as_from_the_whole() {
    let mut dice = Rng::with_seed(5);
    let (width, height) = (640, 480);
    let pixels = painted(width, height, &mut dice);
    for orientation in 1..=8 {
        let way = Way { sampling: Some(SamplingFactor::R_4_2_2), restart: 0, orientation, quality: 92 };
        let jpeg = written(&pixels, width, height, way);
        let (whole, negative) = (decode(&jpeg).unwrap(), Negative::open(&jpeg).unwrap());
        for crop in [
            Crop { x: 100.25, y: 90.5, width: 180.0, height: 240.0 },
            Crop { x: 0.0, y: 0.0, width: 300.0, height: 400.0 },
            Crop {
                x: f64::from(whole.width) - 240.0,
                y: f64::from(whole.height) - 320.0,
                width: 240.0,
                height: 320.0,
            },
        ] {
            let found = negative.resampled(&crop, 60, 80).unwrap();
            assert_eq!((found.width, found.height), (60, 80));
            let region = Region { x: 0, y: 0, width: whole.width, height: whole.height };
            let upright = negative.region(region).unwrap().picture;
            assert_eq!(upright.pixels, whole.pixels);
            let far = (0..80 * 60).map(|n| {
                let (x, y) = (n % 60, n / 60);
                // The mean of the pixels under this one: an independent, coarser resampling.
                let scale = crop.width / 60.0;
                let (left, top) = (crop.x + f64::from(x) * scale, crop.y + f64::from(y) * scale);
                let (mut sum, mut count) = (0.0, 0.0);
                for v in top.round() as u32..(top + scale).round() as u32 {
                    for u in left.round() as u32..(left + scale).round() as u32 {
                        let at = (v.min(whole.height - 1) * whole.width + u.min(whole.width - 1)) as usize;
                        sum += f64::from(whole.pixels[at * 3 + 1]);
                        count += 1.0;
                    }
                }
                (sum / count - f64::from(found.pixels[n as usize * 3 + 1])).abs()
            });
            let mean: f64 = far.sum::<f64>() / f64::from(80 * 60);
            assert!(mean < 4.0, "orientation {orientation}, {crop:?}: {mean}");
        }
        let outside = Crop { x: 500.0, y: 300.0, width: 180.0, height: 240.0 };
        assert_eq!(negative.resampled(&outside, 60, 80).unwrap_err(), Unsupported::Region);
    }
}

/// The frame solver puts crops against the edges of the shot, where the last bit of a sum decides whether one is inside.
#[test]
fn a_crop_at_the_very_edge_is_inside() {
    let mut dice = Rng::with_seed(8);
    let (width, height) = (640, 480);
    let pixels = painted(width, height, &mut dice);
    let mut beyond = 0;
    for orientation in [1, 3, 6] {
        let way = Way { sampling: Some(SamplingFactor::R_4_2_2), restart: 0, orientation, quality: 60 };
        let negative = Negative::open(&written(&pixels, width, height, way)).unwrap();
        let (across, down) = negative.upright_size();
        for _ in 0..60 {
            let (wide, high) = (96.0 + 50.0 * dice.f64(), 128.0 + 60.0 * dice.f64());
            let crop =
                Crop { x: f64::from(across) - wide, y: f64::from(down) - high, width: wide, height: high };
            assert!(crop.x + crop.width <= f64::from(across) && crop.y + crop.height <= f64::from(down));
            let moved =
                |from: f64, length: f64, side: u32, by: f64| from - by + length > f64::from(side) - by;
            beyond += usize::from((0..400).any(|by| moved(crop.x, crop.width, across, f64::from(by))));
            for found in [negative.resampled(&crop, 24, 32), negative.resampled_from_half(&crop, 24, 32)] {
                assert!(found.is_ok(), "orientation {orientation}, {crop:?}: {found:?}");
            }
        }
    }
    assert!(beyond > 20, "crops that another origin would put outside: {beyond}");
}

#[test]
fn what_is_no_plain_baseline_file_is_left_to_the_decoder() {
    let mut dice = Rng::with_seed(6);
    let pixels = painted(120, 90, &mut dice);
    let way = Way { sampling: Some(SamplingFactor::R_4_2_0), restart: 0, orientation: 1, quality: 90 };
    let good = written(&pixels, 120, 90, way);
    let mut progressive = Vec::new();
    let mut encoder = Encoder::new(&mut progressive, 90);
    encoder.set_progressive(true);
    encoder.encode(&pixels, 120, 90, ColorType::Rgb).unwrap();
    // jpeg-encoder's optimised mode writes a scan for each plane.
    let mut scans = Vec::new();
    let mut encoder = Encoder::new(&mut scans, 90);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&pixels, 120, 90, ColorType::Rgb).unwrap();
    let odd = written(&pixels, 120, 90, Way { sampling: Some(SamplingFactor::R_4_1_1), ..way });
    for (what, file) in [("progressive", progressive), ("scans", scans), ("4:1:1", odd)] {
        assert!(matches!(Negative::open(&file), Err(Unsupported::Kind(_))), "{what}");
    }
    assert!(Negative::open(&[]).is_err());
    assert!(Negative::open(b"GIF89a").is_err());
    for length in (0..good.len()).step_by(7) {
        assert!(Negative::open(&good[..length]).is_err(), "broken off after {length}");
    }
    let negative = Negative::open(&good).unwrap();
    for region in [(0, 0, 121, 1), (0, 90, 1, 1), (5, 5, 0, 5), (u32::MAX, 0, 2, 2)] {
        let (x, y, width, height) = region;
        assert_eq!(negative.region(Region { x, y, width, height }).unwrap_err(), Unsupported::Region);
    }
}

/// Random damage: an error, or the pixels of the whole decode; never a panic.
#[test]
fn damage_is_an_error_or_does_not_show() {
    let mut dice = Rng::with_seed(7);
    let mut seeds = Vec::new();
    for sampling in SAMPLINGS {
        for restart in [0, 4] {
            let pixels = painted(90, 70, &mut dice);
            seeds.push(written(&pixels, 90, 70, Way { sampling, restart, orientation: 6, quality: 85 }));
        }
    }
    let (mut indexed, mut refused) = (0, 0);
    for round in 0..3_000 {
        let mut bytes = dice.choice(&seeds).unwrap().clone();
        for _ in 0..dice.usize(1..4) {
            let at = dice.usize(2..bytes.len());
            match round % 4 {
                0 => bytes[at] = dice.u8(..),
                1 => bytes[at] ^= 1 << dice.u8(0..8),
                2 => drop(bytes.drain(at..(at + dice.usize(0..9)).min(bytes.len()))),
                _ => bytes.insert(at, if dice.bool() { 0xFF } else { dice.u8(..) }),
            }
        }
        let Ok(negative) = Negative::open(&bytes) else {
            refused += 1;
            continue;
        };
        negative.eighth().unwrap();
        let (width, height) = negative.upright_size();
        if width * height > 200_000 {
            continue;
        }
        let Ok(whole) = decode(&bytes) else { continue };
        indexed += 1;
        let (x, y) = (dice.u32(0..width), dice.u32(0..height));
        let region = Region { x, y, width: dice.u32(1..=width - x), height: dice.u32(1..=height - y) };
        let all = Crop { x: 0.0, y: 0.0, width: width.into(), height: height.into() };
        negative.resampled_from_half(&all, 8, 8).expect("what is indexed has a half");
        if let Ok(found) = negative.region(region) {
            assert!(found.picture.pixels == part(&whole, region), "round {round}, {region:?}");
        }
    }
    assert!(indexed > 200 && refused > 200, "{indexed} indexed, {refused} refused: the dice are loaded");
}
