//! Camera files, made from a seed: a person before a cloth, a sensor's noise, a camera's tables.

use std::path::Path;

use fastrand::Rng;
use image::{GrayImage, RgbImage};
use jpeg_encoder::{ColorType, Encoder, QuantizationTableType, SamplingFactor};

use crate::portrait::Crop;

/// How a frame is composed.
#[derive(Clone, Copy)]
pub struct Composition {
    /// Its name in the table.
    pub name: &'static str,
    /// Sides of the upright picture.
    pub upright: (usize, usize),
    /// How the camera was held (EXIF).
    pub orientation: u8,
    /// The crop that becomes the portrait, in upright pixels.
    pub crop: Crop,
    /// Standard deviation of the sensor's noise at middle grey, in levels.
    pub noise: f32,
}

/// Loose and tight framings of facts/speed.md section 2.
pub const COMPOSITIONS: [Composition; 3] = [
    Composition {
        name: "24 MP loose",
        upright: (6000, 4000),
        orientation: 1,
        crop: Crop { x: 2264.0, y: 288.0, width: 1476.0, height: 1968.0 },
        noise: 4.4,
    },
    Composition {
        name: "24 MP tight, turned",
        upright: (4000, 6000),
        orientation: 8,
        crop: Crop { x: 620.0, y: 900.0, width: 2760.0, height: 3680.0 },
        noise: 3.4,
    },
    Composition {
        name: "45 MP loose, turned",
        upright: (5464, 8192),
        orientation: 6,
        crop: Crop { x: 1724.0, y: 1100.0, width: 2016.0, height: 2688.0 },
        noise: 3.4,
    },
];

/// The quantisation tables of Canon's "fine", in rows.
const LUMA: [u16; 64] = [
    1, 1, 1, 2, 3, 6, 8, 10, 1, 1, 2, 3, 4, 8, 9, 8, 2, 2, 2, 3, 6, 8, 10, 8, 2, 2, 3, 4, 7, 12, 11, 9, 3, 3,
    8, 11, 10, 16, 15, 11, 3, 5, 8, 10, 12, 15, 16, 13, 7, 10, 11, 12, 15, 17, 17, 14, 14, 13, 13, 15, 15,
    14, 14, 14,
];
const CHROMA: [u16; 64] = [
    4, 4, 5, 9, 15, 26, 26, 26, 4, 4, 5, 10, 19, 26, 26, 26, 5, 5, 8, 9, 26, 26, 26, 26, 9, 10, 9, 13, 26,
    26, 26, 26, 15, 19, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26,
    26, 26, 26, 26, 26, 26, 26, 26, 26,
];

/// A person's cut-out and where the head is in it (assets/rehearsal/index.toml, person_01).
struct Person {
    colour: RgbImage,
    alpha: GrayImage,
}
const HAIR_TOP: f32 = 24.0;
const HEAD: f32 = 519.0;
const MIDDLE: f32 = 489.0;

/// Makes a camera's file.
pub fn frame(composition: &Composition, seed: u64, assets: &Path) -> Vec<u8> {
    let open =
        |name: &str| image::open(assets.join("rehearsal").join(name)).expect("the rehearsal's pictures");
    let person =
        Person { colour: open("person_01.jpg").into_rgb8(), alpha: open("person_01_alpha.png").into_luma8() };
    let (width, height) = composition.upright;
    let upright = painted(composition, &person, seed);
    // As the sensor lies: what was turned by the orientation is turned back.
    let at = |x: usize, y: usize| (y * width + x) * 3;
    let (stored_width, stored_height) =
        if composition.orientation > 4 { (height, width) } else { (width, height) };
    let mut stored = Vec::with_capacity(upright.len());
    for row in 0..stored_height {
        for column in 0..stored_width {
            let from = match composition.orientation {
                6 => at(width - 1 - row, column),
                8 => at(row, height - 1 - column),
                _ => at(column, row),
            };
            stored.extend_from_slice(&upright[from..from + 3]);
        }
    }
    written(&stored, (stored_width, stored_height), composition.orientation, SamplingFactor::R_4_2_2, 0)
}

/// A file as cameras write it.
pub fn written(
    pixels: &[u8],
    (width, height): (usize, usize),
    orientation: u8,
    sampling: SamplingFactor,
    restart: u16,
) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 95);
    encoder.set_sampling_factor(sampling);
    encoder.set_restart_interval(restart);
    let table = |steps: [u16; 64]| QuantizationTableType::Custom(Box::new(steps));
    encoder.set_quantization_tables(table(LUMA), table(CHROMA));
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    encoder.add_app_segment(1, exif).expect("a short segment");
    encoder.encode(pixels, width as u16, height as u16, ColorType::Rgb).expect("a JPEG");
    jpeg
}

fn painted(composition: &Composition, person: &Person, seed: u64) -> Vec<u8> {
    let mut dice = Rng::with_seed(seed);
    let (width, height) = composition.upright;
    let Crop { x, y, width: wide, height: high } = composition.crop;
    // 99号: hair top and chin at 0.106 and 0.697 of the portrait's height.
    let scale = 0.59 * high as f32 / HEAD;
    let (middle, top) = ((x + wide / 2.0) as f32, (y + high * 0.106) as f32);
    let mut pixels = Vec::with_capacity(width * height * 3);
    // Noise of a row before and of the pixel before: what demosaicing smears.
    let mut before = vec![0.0_f32; width + 1];
    for row in 0..height {
        let mut left = 0.0;
        for column in 0..width {
            let from = ((column as f32 - middle) / scale + MIDDLE, (row as f32 - top) / scale + HAIR_TOP);
            let (far_x, far_y) = (column as f32 / width as f32 - 0.5, row as f32 / height as f32 - 0.5);
            let shade = 1.0 - 0.25 * (far_x * far_x + far_y * far_y);
            let cloth = [100.0 * shade, 197.0 * shade, 250.0 * shade];
            let colour = person.over(cloth, from);
            let grain = (0..3).map(|_| dice.f32()).sum::<f32>() * 2.0 - 3.0;
            let smeared = 0.6 * grain + 0.25 * left + 0.15 * before[column];
            (left, before[column]) = (grain, grain);
            let luma = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2];
            // Photons: the square root of the light; and what the amplifier adds.
            let noise = composition.noise * (0.3 + 0.7 * (luma / 128.0).sqrt()) * smeared * 1.5;
            let tint = (dice.f32() - 0.5) * composition.noise * 0.5;
            let grains = [noise + tint, noise, noise - tint];
            pixels.extend(colour.iter().zip(grains).map(|(v, n)| (v + n).round().clamp(0.0, 255.0) as u8));
        }
    }
    pixels
}

impl Person {
    /// The colour at a place of the cut-out, before a cloth. Below the cut-out its last row goes on.
    fn over(&self, cloth: [f32; 3], (x, y): (f32, f32)) -> [f32; 3] {
        let (width, height) = (self.colour.width() as f32, self.colour.height() as f32);
        let y = y.min(height - 2.0);
        if !(0.0..width - 1.0).contains(&x) || y < 0.0 {
            return cloth;
        }
        let (left, up) = (x as u32, y as u32);
        let (right, down) = (x - left as f32, y - up as f32);
        let mix = |at: &dyn Fn(u32, u32) -> f32| {
            let row = |v: u32| at(left, v) * (1.0 - right) + at(left + 1, v) * right;
            row(up) * (1.0 - down) + row(up + 1) * down
        };
        let alpha = mix(&|u, v| f32::from(self.alpha.get_pixel(u, v)[0])) / 255.0;
        if alpha <= 0.0 {
            return cloth;
        }
        std::array::from_fn(|c| {
            let colour = mix(&|u, v| f32::from(self.colour.get_pixel(u, v)[c]));
            colour * alpha + cloth[c] * (1.0 - alpha)
        })
    }
}
