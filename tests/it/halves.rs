//! Half of a negative's pixels: what a transform of half the blocks' side gives, in the right place and colour, and
//! enough for a portrait.

use std::f64::consts::PI;

use caiying::portrait::{Crop, Negative, Picture, Unsupported, decode};
use fastrand::Rng;
use jpeg_encoder::SamplingFactor;

use super::negatives::{SAMPLINGS, Way, painted, written};

fn whole(picture: (u32, u32)) -> Crop {
    Crop { x: 0.0, y: 0.0, width: picture.0.into(), height: picture.1.into() }
}

/// A cosine transform by its definition (T.81 A.3.3), of `N` values.
fn basis<const N: usize>(frequency: usize, place: usize) -> f64 {
    let scale = if frequency == 0 { 1.0 / N as f64 } else { 2.0 / N as f64 };
    scale.sqrt() * ((2 * place + 1) as f64 * frequency as f64 * PI / (2 * N) as f64).cos()
}

/// A block of 8 × 8 values, its lowest four by four frequencies transformed back to 4 × 4 values.
fn halved(block: &[[f64; 8]; 8]) -> [[f64; 4]; 4] {
    let mut out = [[0.0; 4]; 4];
    for v in 0..4 {
        for u in 0..4 {
            let all = (0..64).map(|n| (n % 8, n / 8));
            let coefficient: f64 =
                all.map(|(x, y)| block[y][x] * basis::<8>(u, x) * basis::<8>(v, y)).sum::<f64>() / 2.0;
            for (y, row) in out.iter_mut().enumerate() {
                for (x, value) in row.iter_mut().enumerate() {
                    *value += coefficient * basis::<4>(u, x) * basis::<4>(v, y);
                }
            }
        }
    }
    out
}

/// Held against the definition, worked out from the whole decode: that has whole levels, and so is off by a little.
#[test]
fn a_half_is_the_lower_quarter_of_each_blocks_frequencies() {
    let mut dice = Rng::with_seed(11);
    let (width, height) = (176, 120);
    for (restart, quality) in [(0, 98), (7, 98), (0, 60)] {
        // A coarse step leaves coefficients of many sizes, a fine one long codes.
        let pixels = painted(width, height, &mut dice);
        let jpeg = written(&pixels, width, height, Way { sampling: None, restart, orientation: 1, quality });
        let (full, negative) = (decode(&jpeg).unwrap(), Negative::open(&jpeg).unwrap());
        let half = negative.resampled_from_half(&whole((176, 120)), 88, 60).unwrap();
        let mut worst: f64 = 0.0;
        for (left, top) in (0..width / 8 * (height / 8)).map(|n| (n % (width / 8) * 8, n / (width / 8) * 8)) {
            let at = |x: usize, y: usize| f64::from(full.pixels[((top + y) * width + left + x) * 3]);
            let block = std::array::from_fn(|y| std::array::from_fn(|x| at(x, y)));
            for (y, row) in halved(&block).iter().enumerate() {
                for (x, expected) in row.iter().enumerate() {
                    let found = half.pixels[((top / 2 + y) * 88 + left / 2 + x) * 3];
                    worst = worst.max((f64::from(found) - expected.clamp(0.0, 255.0)).abs());
                }
            }
        }
        assert!(worst < 1.0, "quality {quality}, restart {restart}: off by {worst}");
    }
}

/// Mean and largest difference of two pictures, in levels.
fn apart(one: &Picture, other: &Picture) -> (f64, f64) {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let off = one.pixels.iter().zip(&other.pixels).map(|(a, b)| f64::from(a.abs_diff(*b)));
    let (sum, most) = off.fold((0.0, 0.0), |(sum, most), off| (sum + off, f64::max(most, off)));
    (sum / one.pixels.len() as f64, most)
}

/// Every sampling, every orientation, crops inside and at the edges of sides that are no multiple of anything.
#[test]
fn a_crop_from_half_of_the_pixels_is_that_of_all_of_them() {
    let mut dice = Rng::with_seed(12);
    let (width, height) = (515, 389);
    // Soft waves, as a lens draws them: what is finer than the result is not there.
    let wave = |x: usize, y: usize, phase: f64| {
        (128.0 + 90.0 * (x as f64 / 31.0 + phase).sin() * (y as f64 / 23.0 - phase).cos()) as u8
    };
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|n| [0.0, 0.9, 2.0].map(|phase| wave(n % width, n / width, phase)))
        .collect();
    for sampling in SAMPLINGS {
        for orientation in 1..=8 {
            let restart = dice.u16(0..3) * 5;
            let jpeg = written(&pixels, width, height, Way { sampling, restart, orientation, quality: 95 });
            let negative = Negative::open(&jpeg).unwrap();
            let (wide, high) = negative.upright_size();
            let inner = Crop { x: 30.25, y: 41.5, width: 240.0, height: 320.0 };
            let last = Crop { x: f64::from(wide) - 240.0, y: f64::from(high) - 320.0, ..inner };
            for crop in [inner, Crop { x: 0.0, y: 0.0, ..inner }, last] {
                let found = negative.resampled_from_half(&crop, 60, 80).unwrap();
                let (mean, most) = apart(&found, &negative.resampled(&crop, 60, 80).unwrap());
                let what = format!("{sampling:?}, orientation {orientation}, {crop:?}");
                assert!(mean < 0.7 && most < 6.0, "{what}: {mean} levels, at most {most}");
            }
        }
    }
}

/// No tint comes from chroma that was folded, nor from levels that were rounded.
#[test]
fn a_flat_colour_stays_itself() {
    for colour in [[100_u8, 197, 255], [128, 128, 128], [250, 250, 250], [12, 14, 13], [224, 172, 140]] {
        let pixels = colour.repeat(160 * 160);
        for sampling in SAMPLINGS.into_iter().flatten() {
            let way = Way { sampling: Some(sampling), restart: 0, orientation: 1, quality: 98 };
            let negative = Negative::open(&written(&pixels, 160, 160, way)).unwrap();
            let half = negative.resampled_from_half(&whole((160, 160)), 24, 32).unwrap();
            let full = negative.resampled(&whole((160, 160)), 24, 32).unwrap();
            let (_, from_full) = apart(&half, &full);
            assert!(from_full <= 1.0, "{colour:?}, {sampling:?}: {from_full} levels from the whole decode's");
            for pixel in half.pixels.chunks_exact(3) {
                let near = pixel.iter().zip(colour).all(|(found, meant)| found.abs_diff(meant) <= 2);
                assert!(near, "{colour:?} became {pixel:?} ({sampling:?})");
            }
        }
    }
}

#[test]
fn a_half_beyond_the_picture_is_refused() {
    let mut dice = Rng::with_seed(13);
    let way = Way { sampling: Some(SamplingFactor::R_4_2_2), restart: 0, orientation: 6, quality: 90 };
    let negative = Negative::open(&written(&painted(96, 64, &mut dice), 96, 64, way)).unwrap();
    assert_eq!(negative.upright_size(), (64, 96));
    for crop in [
        Crop { x: 1.0, y: 0.0, width: 64.0, height: 90.0 },
        Crop { x: -1.0, y: 0.0, width: 30.0, height: 40.0 },
        Crop { x: 0.0, y: 0.0, width: f64::NAN, height: 40.0 },
        Crop { x: 0.0, y: 0.0, width: 0.0, height: 0.0 },
    ] {
        assert_eq!(negative.resampled_from_half(&crop, 12, 16).unwrap_err(), Unsupported::Region, "{crop:?}");
    }
    assert_eq!(negative.resampled_from_half(&whole((64, 96)), 0, 16).unwrap_err(), Unsupported::Region);
}
