//! Pictures for the tests, painted by rule, so that no test depends on a file.

use super::Rgb;

/// A fixed sequence of pseudo-random numbers (xorshift64*, Vigna 2016).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8
    }
}

/// A picture that owns its pixels.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<u8>,
}

impl Picture {
    pub(super) fn rgb(&self) -> Rgb<'_> {
        Rgb::new(self.width, self.height, &self.pixels).unwrap()
    }
}

fn painted(width: u32, height: u32, mut paint: impl FnMut(u32, u32) -> [u8; 3]) -> Picture {
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            pixels.extend(paint(x, y));
        }
    }
    Picture { width, height, pixels }
}

pub(super) fn flat(width: u32, height: u32, colour: [u8; 3]) -> Picture {
    painted(width, height, |_, _| colour)
}

/// Every channel of every pixel by chance: the worst there is to compress.
pub(super) fn noise(width: u32, height: u32) -> Picture {
    let mut dice = Dice::new(42);
    painted(width, height, |_, _| [dice.byte(), dice.byte(), dice.byte()])
}

/// Brightness to the right, colour downwards.
pub(super) fn gradient(width: u32, height: u32) -> Picture {
    painted(width, height, |x, y| {
        let (across, down) = ((255 * x / width.max(2)) as u8, (255 * y / height.max(2)) as u8);
        [across, down, 255 - across]
    })
}

/// Stripes and squares of fully saturated colours: the largest chroma there is.
pub(super) fn saturated(width: u32, height: u32) -> Picture {
    const COLOURS: [[u8; 3]; 6] =
        [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 0, 255], [0, 255, 255]];
    painted(width, height, |x, y| COLOURS[(x / 11 + y / 7) as usize % 6])
}

/// Something like a portrait: a light-blue backdrop, a shaded oval with dark curly hair above dark
/// shoulders, and the grain of a camera.
pub(super) fn portrait(width: u32, height: u32) -> Picture {
    let mut dice = Dice::new(5);
    painted(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height));
        let face = (u / 0.24).powi(2) + ((v - 0.42) / 0.27).powi(2);
        let hair = (u / 0.29).powi(2) + ((v - 0.36) / 0.29).powi(2);
        let light = 1.0 - 0.5 * u - 0.3 * (v - 0.4).abs();
        let base = if face < 1.0 && v > 0.27 {
            let feature = ((u * 40.0).sin() * (v * 55.0).cos()).max(0.0) * 25.0;
            [225.0 - feature, 180.0 - feature, 150.0 - feature].map(|c| c * light * (1.05 - 0.25 * face))
        } else if hair < 1.0 {
            let curl = ((u * 230.0 + (v * 60.0).sin() * 3.0).sin() * (v * 90.0).cos()).abs() * 45.0;
            [30.0 + curl, 25.0 + curl, 22.0 + curl]
        } else if v > 0.74 + u * u {
            let weave = ((u * 300.0).sin() + (v * 380.0).sin()) * 9.0;
            [50.0 + weave, 55.0 + weave, 80.0 + weave]
        } else {
            [170.0, 205.0, 240.0].map(|c| c * (1.0 - 0.12 * u.abs()))
        };
        base.map(|c| {
            (c + f64::from(dice.byte() % 8) + f64::from(dice.byte() % 8) - 7.0).clamp(0.0, 255.0) as u8
        })
    })
}

/// Something of everything, sides of all kinds.
pub(super) fn all() -> Vec<(&'static str, Picture)> {
    vec![
        ("one pixel", flat(1, 1, [250, 3, 77])),
        ("flat", flat(64, 48, [171, 205, 239])),
        ("white", flat(33, 16, [255; 3])),
        ("black", flat(16, 40, [0; 3])),
        ("noise", noise(72, 56)),
        ("odd noise", noise(17, 33)),
        ("gradient", gradient(120, 90)),
        ("thin", gradient(200, 1)),
        ("saturated", saturated(97, 63)),
        ("portrait", portrait(180, 240)),
    ]
}
