//! What is said of a code that is not read, on drawn frames: a phone before a wall, far, dim, mirrored in, in the
//! dark; and nothing where there is no code.

use caiying::scan::{Hint, Luma, hint};

/// How a phone is lit.
pub(crate) struct Light {
    /// Grey of the wall.
    wall: f32,
    /// Grey of the screen where it is light, and where it is dark.
    screen: (f32, f32),
    /// Whether a lamp is mirrored in it.
    lamp: bool,
    /// How far the picture is out of focus, in pixels.
    blur: f32,
    /// How much each pixel is off.
    noise: f32,
}

impl Default for Light {
    fn default() -> Self {
        Self { wall: 120.0, screen: (225.0, 30.0), lamp: false, blur: 0.6, noise: 3.0 }
    }
}

fn dice(seed: &mut u64) -> f32 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
}

/// A phone that shows a code of so many pixels per module, turned and placed by the seed; 800 × 480.
pub(crate) fn phone(pitch: f32, light: &Light, seed: u64) -> Luma {
    let mut dice_of = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = || dice(&mut dice_of);
    let text = format!("STUDENT-{seed}-{}", "abcdefghij0123456789".repeat(8));
    let code = qrcode::QrCode::new(text).unwrap();
    let (colours, modules) = (code.to_colors(), code.width() as f32);
    let (angle, middle) = (roll() * 0.5, (400.0 + roll() * 200.0, 240.0 + roll() * 60.0));
    let lamp = (roll() * 0.4 * modules, roll() * 0.4 * modules, (0.12 + 0.08 * roll()) * modules);
    let (sin, cos) = angle.sin_cos();
    // In modules, from the code's middle.
    let place = |x: f32, y: f32| {
        let (dx, dy) = ((x - middle.0) / pitch, (y - middle.1) / pitch);
        (dx * cos + dy * sin, dy * cos - dx * sin)
    };
    let grey = |x: f32, y: f32| {
        let (u, v) = place(x, y);
        if u.abs() > modules * 0.7 || v.abs() > modules * 1.1 {
            return light.wall;
        }
        if light.lamp && (u - lamp.0).hypot(v - lamp.1) < lamp.2 {
            return 255.0;
        }
        let (column, row) = ((u + modules / 2.0).floor(), (v + modules / 2.0).floor());
        let inside = (0.0..modules).contains(&column) && (0.0..modules).contains(&row);
        let dark = inside && colours[(row * modules + column) as usize] == qrcode::Color::Dark;
        if dark { light.screen.1 } else { light.screen.0 }
    };
    let sharp = Luma { width: 800, height: 480, pixels: drawn(&grey, place, modules) };
    blurred(&sharp, light, &mut roll)
}

/// Each pixel the mean of sixteen places in it; away from the phone one will do.
fn drawn(grey: &impl Fn(f32, f32) -> f32, place: impl Fn(f32, f32) -> (f32, f32), modules: f32) -> Vec<u8> {
    let quarter = |n: usize| n as f32 / 4.0 + 0.125;
    let pixel = |n: usize| {
        let (x, y) = ((n % 800) as f32, (n / 800) as f32);
        let (u, v) = place(x, y);
        if u.abs() > modules || v.abs() > modules * 1.3 {
            return grey(x, y) as u8;
        }
        let sum: f32 = (0..16).map(|n| grey(x + quarter(n % 4), y + quarter(n / 4))).sum();
        (sum / 16.0) as u8
    };
    (0..800 * 480).map(pixel).collect()
}

/// Out of focus, and noisy: a Gaussian along the rows, then along the columns.
fn blurred(sharp: &Luma, light: &Light, roll: &mut impl FnMut() -> f32) -> Luma {
    let weights: Vec<f32> = (-4..=4).map(|n| (-0.5 * (n as f32 / light.blur).powi(2)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    let along = |from: &[f32], step: i64| -> Vec<f32> {
        (0..from.len() as i64)
            .map(|n| {
                let near = (-4..=4).zip(&weights).map(|(off, weight)| {
                    let at = (n + off * step).clamp(0, from.len() as i64 - 1);
                    from[at as usize] * weight
                });
                near.sum::<f32>() / sum
            })
            .collect()
    };
    let pixels: Vec<f32> = sharp.pixels.iter().map(|grey| f32::from(*grey)).collect();
    let pixels = along(&along(&pixels, 1), 800);
    let noisy = |grey: f32| (grey + (roll() + roll() + roll()) * 2.0 * light.noise) as u8;
    Luma { width: 800, height: 480, pixels: pixels.into_iter().map(noisy).collect() }
}

/// How many of eight phones get this word.
fn told(pitch: f32, light: &Light, wanted: Option<Hint>) -> usize {
    let said: Vec<_> = (0..8).map(|seed| hint(&phone(pitch, light, seed + 1))).collect();
    let good = said.iter().filter(|said| **said == wanted).count();
    eprintln!("pitch {pitch}: {wanted:?} {good} of 8; {said:?}");
    good
}

#[test]
fn each_fault_gets_its_word() {
    let dim = Light { screen: (55.0, 20.0), ..Light::default() };
    let night = Light { wall: 25.0, screen: (60.0, 18.0), ..Light::default() };
    let lamp = Light { lamp: true, ..Light::default() };
    for (pitch, light, wanted) in [
        (1.5, &Light::default(), Hint::TooFar),
        (1.8, &Light::default(), Hint::TooFar),
        (4.0, &dim, Hint::DimScreen),
        (3.0, &dim, Hint::DimScreen),
        (4.0, &night, Hint::TooDark),
        (4.0, &lamp, Hint::Glare),
        (6.0, &lamp, Hint::Glare),
    ] {
        assert!(told(pitch, light, Some(wanted)) >= 6, "{wanted:?} at {pitch}");
    }
}

/// Of a good code nothing is said, should the reader ever miss it; and nothing at all of what is no code.
#[test]
fn nothing_is_said_of_what_is_well_or_is_no_code() {
    assert!(told(3.5, &Light::default(), None) == 8);
    assert!(told(5.0, &Light { screen: (250.0, 30.0), ..Light::default() }, None) == 8);
    let mut seed = 7;
    let noise = (0..800 * 480).map(|_| ((dice(&mut seed) + 0.5) * 255.0) as u8).collect();
    let stripes = (0..800 * 480).map(|n| if n % 800 / 3 % 2 == 0 { 20 } else { 230 }).collect();
    let board = (0..800 * 480).map(|n| if (n % 800 / 9 + n / 800 / 9) % 2 == 0 { 20 } else { 230 }).collect();
    for pixels in [noise, stripes, board, vec![10; 800 * 480]] {
        assert_eq!(hint(&Luma { width: 800, height: 480, pixels }), None);
    }
    for (width, height) in [(0, 0), (1, 1), (3, 700), (700, 2)] {
        assert_eq!(hint(&Luma { width, height, pixels: vec![9; width * height] }), None);
    }
}
