//! Portraits to encode, drawn from the rehearsal's people by seed.
//!
//! Each drawn one is a person cut out of a photograph, laid on a cloth of its own colour and light, framed,
//! exposed, brought to 480 x 640 and given a camera's noise. No two seeds have the same head size, place,
//! light, cloth or noise; people alternate.

use std::{error::Error, path::Path};

use fastrand::Rng;
use image::{Rgb, RgbImage, imageops};

/// A picture's sides.
pub const SIZE: (u32, u32) = (480, 640);

/// One person of assets/rehearsal/index.toml: number, hair top, chin, face centre.
const PEOPLE: [(&str, f32, f32, f32); 4] = [
    ("person_01", 24.0, 543.0, 489.0),
    ("person_02", 22.0, 522.0, 456.0),
    ("person_03", 22.0, 429.0, 337.0),
    ("person_04", 23.0, 510.0, 470.0),
];

/// A picture of [`SIZE`], three bytes a pixel.
pub struct Portrait {
    pub pixels: Vec<u8>,
}

/// `count` portraits of the rehearsal's people.
pub fn drawn(rehearsal: &Path, count: u64) -> Result<Vec<Portrait>, Box<dyn Error>> {
    let mut cut_outs = Vec::new();
    for (person, hair_top, chin, centre) in PEOPLE {
        let colour = image::open(rehearsal.join(format!("{person}.jpg")))?.into_rgb8();
        let alpha = image::open(rehearsal.join(format!("{person}_alpha.png")))?.into_luma8();
        cut_outs.push((colour, alpha, hair_top, chin, centre));
    }
    let draw = |seed: u64| {
        let (colour, alpha, hair_top, chin, centre) = &cut_outs[(seed % 4) as usize];
        let mut rng = Rng::with_seed(seed);
        let mut between = |low: f32, high: f32| low + (high - low) * rng.f32();
        let scale = (chin - hair_top) / between(370.0, 430.0);
        let left = centre - between(228.0, 252.0) * scale;
        let top = hair_top - between(64.0, 96.0) * scale;
        let cloth = [between(60.0, 190.0), between(150.0, 215.0), between(215.0, 252.0)];
        let (light_x, light_y) = (between(-0.15, 0.15), between(-0.1, 0.1));
        let gain = [between(0.8, 1.1), 1.0, between(0.95, 1.05)];
        let tint = [gain[0] * gain[2], gain[0], gain[0] / gain[2]];
        let mirrored = between(0.0, 1.0) < 0.5;
        let sides = ((SIZE.0 as f32 * scale) as u32, (SIZE.1 as f32 * scale) as u32);
        let canvas = RgbImage::from_fn(sides.0, sides.1, |x, y| {
            let (u, v) = (x as f32 / sides.0 as f32 - 0.5, y as f32 / sides.1 as f32 - 0.5);
            let light = 1.0 + light_x * u + light_y * v;
            let (from_x, from_y) = ((x as f32 + left) as i64, (y as f32 + top) as i64);
            let inside = from_x >= 0
                && from_y >= 0
                && from_x < i64::from(colour.width())
                && from_y < i64::from(colour.height());
            let (person, cover) = if inside {
                let (x, y) = (from_x as u32, from_y as u32);
                (colour.get_pixel(x, y).0.map(f32::from), f32::from(alpha.get_pixel(x, y).0[0]) / 255.0)
            } else {
                ([0.0; 3], 0.0)
            };
            Rgb(std::array::from_fn(|c| {
                let value = person[c] * cover + cloth[c] * light * (1.0 - cover);
                (value * tint[c]).round().clamp(0.0, 255.0) as u8
            }))
        });
        let mut small = imageops::resize(&canvas, SIZE.0, SIZE.1, imageops::FilterType::Lanczos3);
        if mirrored {
            imageops::flip_horizontal_in_place(&mut small);
        }
        let noise = 0.4 * 6.0_f32.powf(rng.f32());
        add_noise(&mut small, noise, &mut rng);
        Portrait { pixels: small.into_raw() }
    };
    Ok((0..count).map(draw).collect())
}

/// Noise of a sensor: more where it is bright, the same in no two pixels.
fn add_noise(picture: &mut RgbImage, strength: f32, rng: &mut Rng) {
    for pixel in picture.pixels_mut() {
        for value in &mut pixel.0 {
            // Four dice are near enough to a bell; their deviation is 1/√3.
            let bell = (0..4).map(|_| rng.f32() - 0.5).sum::<f32>() * 3.0_f32.sqrt();
            let deviation = strength * (0.5 + 0.5 * (f32::from(*value) / 255.0).sqrt());
            *value = (f32::from(*value) + deviation * bell).round().clamp(0.0, 255.0) as u8;
        }
    }
}
