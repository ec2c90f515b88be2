//! A picture in linear light: what is done to it here is what a lamp, a lens or a sensor would have done.

use caiying::portrait::{Colours, Picture, Point};
use image::RgbImage;

/// Linear red, green and blue, 0 to 1.
pub(crate) type Light = [f32; 3];

/// A picture that can be bent, blurred and painted on. The middle of its first pixel is at (0.5, 0.5).
#[derive(Clone)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<Light>,
}

/// Linear light of an sRGB colour (IEC 61966-2-1).
pub(crate) fn light(colour: [u8; 3]) -> Light {
    colour.map(|byte| {
        let share = f32::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

/// The sRGB colour of linear light; what is too bright is burnt out.
pub(crate) fn colour(light: Light) -> [u8; 3] {
    light.map(|share| {
        let share = share.clamp(0.0, 1.0);
        let encoded =
            if share <= 0.003_130_8 { 12.92 * share } else { 1.055 * share.powf(1.0 / 2.4) - 0.055 };
        (255.0 * encoded).round() as u8
    })
}

/// Luminance, 0 to 1.
pub(crate) fn luminance([red, green, blue]: Light) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// So much of the second colour, the rest of the first.
pub(crate) fn mixed(one: Light, other: Light, share: f32) -> Light {
    [0, 1, 2].map(|n| one[n] + share.clamp(0.0, 1.0) * (other[n] - one[n]))
}

/// Every channel times so much.
pub(crate) fn scaled(light: Light, factor: f32) -> Light {
    light.map(|channel| channel * factor)
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, at: impl Fn(Point) -> Light) -> Self {
        let middle = |n: usize| n as f64 + 0.5;
        let pixels =
            (0..width * height).map(|n| at(Point { x: middle(n % width), y: middle(n / width) })).collect();
        Self { width, height, pixels }
    }

    pub(crate) fn of(picture: &RgbImage) -> Self {
        let pixels = picture.pixels().map(|pixel| light(pixel.0)).collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, pixels }
    }

    /// The pixel of this column and row; the nearest one beyond the edges.
    pub(crate) fn pixel(&self, column: i64, row: i64) -> Light {
        let inside = |place: i64, length: usize| usize::try_from(place).unwrap_or(0).min(length - 1);
        self.pixels[inside(row, self.height) * self.width + inside(column, self.width)]
    }

    /// Between pixels, by their distance.
    fn between(&self, at: Point) -> Light {
        let (x, y) = (at.x - 0.5, at.y - 0.5);
        let (column, row) = (x.floor(), y.floor());
        let (right, down) = ((x - column) as f32, (y - row) as f32);
        let (column, row) = (column as i64, row as i64);
        let line = |row| mixed(self.pixel(column, row), self.pixel(column + 1, row), right);
        mixed(line(row), line(row + 1), down)
    }

    /// Between pixels, as sharp as they are (Catmull-Rom over four by four of them).
    pub(crate) fn sharp(&self, at: Point) -> Light {
        let weights = |t: f32| {
            let (t2, t3) = (t * t, t * t * t);
            let outer = |t: f32, t2: f32, t3: f32| 0.5 * (-t + 2.0 * t2 - t3);
            let inner = |t2: f32, t3: f32| 0.5 * (2.0 - 5.0 * t2 + 3.0 * t3);
            let back = 1.0 - t;
            [outer(t, t2, t3), inner(t2, t3), inner(back * back, back * back * back), {
                outer(back, back * back, back * back * back)
            }]
        };
        let (x, y) = (at.x - 0.5, at.y - 0.5);
        let (column, row) = (x.floor() as i64, y.floor() as i64);
        let (across, down) = (weights((x - x.floor()) as f32), weights((y - y.floor()) as f32));
        let mut sum = [0.0; 3];
        for (wy, row) in down.into_iter().zip(row - 1..) {
            for (wx, column) in across.into_iter().zip(column - 1..) {
                let pixel = self.pixel(column, row);
                sum = [0, 1, 2].map(|n| sum[n] + wx * wy * pixel[n]);
            }
        }
        sum.map(|channel| channel.max(0.0))
    }

    /// Each place shows what lay at `from` of it.
    pub(crate) fn bent(&self, from: impl Fn(Point) -> Point) -> Self {
        Self::new(self.width, self.height, |at| {
            let source = from(at);
            // What is not moved is not resampled either.
            if source.distance(at) < 1e-9 { self.pixel(at.x as i64, at.y as i64) } else { self.sharp(source) }
        })
    }

    /// Each place in another light.
    pub(crate) fn painted(&self, paint: impl Fn(Point, Light) -> Light) -> Self {
        Self::new(self.width, self.height, |at| paint(at, self.pixel(at.x as i64, at.y as i64)))
    }

    /// Each place as the mean of the places at these offsets from it.
    pub(crate) fn smeared(&self, offsets: &[(f64, f64)]) -> Self {
        let share = 1.0 / offsets.len() as f32;
        Self::new(self.width, self.height, |at| {
            let mut sum = [0.0; 3];
            for (dx, dy) in offsets {
                let seen = self.between(Point { x: at.x + dx, y: at.y + dy });
                sum = [0, 1, 2].map(|n| sum[n] + share * seen[n]);
            }
            sum
        })
    }

    /// From (x, y) on, so many pixels; beyond the edges the nearest pixel.
    pub(crate) fn cut(&self, (x, y): (i64, i64), (width, height): (usize, usize)) -> Self {
        Self::new(width, height, |at| self.pixel(at.x as i64 + x, at.y as i64 + y))
    }

    /// Smaller, each pixel as the mean of what it covers.
    pub(crate) fn smaller(&self, factor: f64) -> Self {
        let steps = || (0..4).map(|n| (f64::from(n) + 0.5) / 4.0 - 0.5);
        let places: Vec<(f64, f64)> = steps().flat_map(|y| steps().map(move |x| (x, y))).collect();
        let (width, height) = (self.width as f64 * factor, self.height as f64 * factor);
        Self::new(width as usize, height as usize, |at| {
            let mut sum = [0.0; 3];
            for (dx, dy) in &places {
                let seen = self.between(Point { x: (at.x + dx) / factor, y: (at.y + dy) / factor });
                sum = [0, 1, 2].map(|n| sum[n] + seen[n] / 16.0);
            }
            sum
        })
    }

    fn bytes(&self) -> Vec<u8> {
        self.pixels.iter().flat_map(|pixel| colour(*pixel)).collect()
    }

    /// As the face finder takes it.
    pub(crate) fn picture(&self) -> Picture {
        let side = |length: usize| u32::try_from(length).unwrap();
        let pixels = self.bytes();
        Picture { width: side(self.width), height: side(self.height), pixels, colours: Colours::Srgb }
    }

    /// As a camera's file.
    pub(crate) fn jpeg(&self) -> Vec<u8> {
        let Picture { width, height, pixels, .. } = self.picture();
        let mut file = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 97)
            .encode(&pixels, width, height, image::ExtendedColorType::Rgb8)
            .unwrap();
        file
    }
}
