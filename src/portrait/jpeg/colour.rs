//! From sRGB bytes to the planes JPEG codes: Y at full size, Cb and Cr at half size both ways.
//!
//! JFIF 1.01 ("Conversion to and from RGB") takes the weights of ITU-R BT.601 over the full range of eight
//! bits. Chroma is the mean of four pixels: a box filter puts the sample in the middle of them, which is
//! where JFIF sites it. Nothing is rounded to whole numbers before the transform.
//!
//! Work goes in strips of sixteen pixel rows, one row of MCUs, so that a strip stays in the nearest cache.
#![expect(clippy::indexing_slicing, reason = "every buffer of a strip is sized from the same `across`")]

use super::Rgb;
use super::dct::Samples;

/// Pixels on a side of an MCU: two luma blocks each way over one block of Cb and one of Cr (4:2:0).
pub(super) const MCU: usize = 16;

/// Samples are computed in 65536ths, in which the BT.601 weights add up to exactly one (luma) and exactly
/// nothing (chroma): grey pixels stay perfectly grey.
const UNIT: f32 = 65536.0;
const Y: [i32; 3] = [19595, 38470, 7471];
const CB: [i32; 3] = [-11059, -21709, 32768];
const CR: [i32; 3] = [32768, -27439, -5329];

/// One row of MCUs as planes, brightness 128 and neutral colour both taken as zero.
pub(super) struct Strip {
    across: usize,
    pixels: [Vec<u8>; 2],
    y: Vec<f32>,
    cb: Vec<f32>,
    cr: Vec<f32>,
}

impl Strip {
    /// Buffers for a picture of this width.
    pub(super) fn new(image: &Rgb<'_>) -> Self {
        let across = usize::from(image.width).div_ceil(MCU);
        Self {
            across,
            pixels: [vec![0; across * MCU * 3], vec![0; across * MCU * 3]],
            y: vec![0.0; across * MCU * MCU],
            cb: vec![0.0; across * 64],
            cr: vec![0.0; across * 64],
        }
    }

    /// Takes in the `down`-th row of MCUs. Beyond the right and lower edges the last pixel is repeated
    /// (T.81 A.2.4 recommends it: the decoder cuts it off and it costs the fewest bits).
    pub(super) fn load(&mut self, image: &Rgb<'_>, down: usize) {
        let (width, height) = (self.across * MCU, usize::from(image.height));
        for pair in 0..MCU / 2 {
            for (n, padded) in self.pixels.iter_mut().enumerate() {
                let row = (down * MCU + 2 * pair + n).min(height - 1);
                pad(padded, image.row(row));
            }
            let [upper, lower] = &self.pixels;
            let (y0, y1) = self.y[2 * pair * width..][..2 * width].split_at_mut(width);
            let cb = &mut self.cb[pair * width / 2..][..width / 2];
            let cr = &mut self.cr[pair * width / 2..][..width / 2];
            convert_two_rows([upper, lower], [y0, y1], [cb, cr]);
        }
    }

    /// How many MCUs lie side by side.
    pub(super) fn across(&self) -> usize {
        self.across
    }

    /// The six blocks of the `n`-th MCU in the order of an interleaved scan (T.81 A.2.3): Y upper left, upper
    /// right, lower left, lower right, Cb, Cr.
    pub(super) fn mcu(&self, n: usize) -> [Samples; 6] {
        let (wide, narrow) = (self.across * MCU, self.across * 8);
        [
            block(&self.y, wide, 2 * n, 0),
            block(&self.y, wide, 2 * n + 1, 0),
            block(&self.y, wide, 2 * n, 1),
            block(&self.y, wide, 2 * n + 1, 1),
            block(&self.cb, narrow, n, 0),
            block(&self.cr, narrow, n, 0),
        ]
    }
}

fn pad(padded: &mut [u8], row: &[u8]) {
    let (inside, beyond) = padded.split_at_mut(row.len());
    inside.copy_from_slice(row);
    let last = &row[row.len() - 3..];
    beyond.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(last));
}

fn block(plane: &[f32], stride: usize, right: usize, down: usize) -> Samples {
    let mut samples = [[0.0; 8]; 8];
    for (row, line) in samples.iter_mut().enumerate() {
        line.copy_from_slice(&plane[(8 * down + row) * stride + 8 * right..][..8]);
    }
    samples
}

/// Two pixel rows make two rows of Y and one row of Cb and Cr.
fn convert_two_rows(pixels: [&[u8]; 2], y: [&mut [f32]; 2], chroma: [&mut [f32]; 2]) {
    let ([upper, lower], [y0, y1], [cb, cr]) = (pixels, y, chroma);
    for (pixels, y) in [(upper, y0), (lower, y1)] {
        for (pixel, y) in pixels.chunks_exact(3).zip(y) {
            *y = weigh([pixel[0], pixel[1], pixel[2]].map(i32::from), Y) / UNIT - 128.0;
        }
    }
    let squares = upper.chunks_exact(6).zip(lower.chunks_exact(6));
    for ((a, b), (cb, cr)) in squares.zip(cb.iter_mut().zip(cr)) {
        let sum =
            [0, 1, 2].map(|n| i32::from(a[n]) + i32::from(a[n + 3]) + i32::from(b[n]) + i32::from(b[n + 3]));
        *cb = weigh(sum, CB) / (4.0 * UNIT);
        *cr = weigh(sum, CR) / (4.0 * UNIT);
    }
}

#[inline]
fn weigh(rgb: [i32; 3], weights: [i32; 3]) -> f32 {
    (rgb[0] * weights[0] + rgb[1] * weights[1] + rgb[2] * weights[2]) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of `width` x `height` pixels, painted point by point, and its first strip.
    fn strip(width: u32, height: u32, paint: impl Fn(u32, u32) -> [u8; 3]) -> Strip {
        let pixels: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| paint(x, y))
            .collect();
        let image = Rgb::new(width, height, &pixels).unwrap();
        let mut strip = Strip::new(&image);
        strip.load(&image, 0);
        strip
    }

    #[test]
    fn grey_is_exact_and_has_no_colour() {
        for grey in 0..=255 {
            let [y, .., cb, cr] = strip(16, 16, |_, _| [grey; 3]).mcu(0);
            assert!(y.iter().flatten().all(|&y| y == f32::from(grey) - 128.0));
            assert!(cb.iter().chain(&cr).flatten().all(|&c| c == 0.0));
        }
    }

    /// The formulas of JFIF 1.01, in double precision.
    #[test]
    fn colours_follow_jfif() {
        for rgb in [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [200, 150, 120], [1, 2, 3]] {
            let [r, g, b] = rgb.map(f64::from);
            let expected = [
                0.299 * r + 0.587 * g + 0.114 * b - 128.0,
                -0.168_735_892 * r - 0.331_264_108 * g + 0.5 * b,
                0.5 * r - 0.418_687_589 * g - 0.081_312_411 * b,
            ];
            let [y, .., cb, cr] = strip(16, 16, |_, _| rgb).mcu(0);
            for (ours, exact) in [y, cb, cr].into_iter().zip(expected) {
                assert!((f64::from(ours[3][5]) - exact).abs() < 0.005, "{rgb:?}: {} {exact}", ours[3][5]);
            }
        }
    }

    /// Each pixel of a square counts a quarter, and for no other square.
    #[test]
    fn chroma_is_the_mean_of_four_pixels() {
        for lit in [(4, 2), (5, 2), (4, 3), (5, 3)] {
            let [.., cb, cr] = strip(16, 16, |x, y| if (x, y) == lit { [0, 0, 255] } else { [0; 3] }).mcu(0);
            assert_eq!(cb[1][2], 255.0 / 8.0);
            assert!((cr[1][2] + 255.0 * 0.081_312 / 4.0).abs() < 0.005);
            assert_eq!(cb.iter().flatten().filter(|&&sample| sample != 0.0).count(), 1);
        }
    }

    #[test]
    fn edges_are_repeated_beyond_the_picture() {
        let strip = strip(17, 3, |x, y| [if x == 16 { 40 * y as u8 } else { 255 }; 3]);
        assert_eq!(strip.across(), 2);
        let [left_top, right_top, left_low, right_low, cb, _] = strip.mcu(1);
        for block in [left_top, right_top] {
            let columns_equal = block.iter().all(|row| row.iter().all(|&sample| sample == row[0]));
            assert!(columns_equal, "the last column goes on to the right");
            assert_eq!([0, 1, 2, 3, 7].map(|y| block[y][0] + 128.0), [0.0, 40.0, 80.0, 80.0, 80.0]);
        }
        assert!(left_low.iter().chain(&right_low).flatten().all(|&sample| sample + 128.0 == 80.0));
        assert!(cb.iter().flatten().all(|&sample| sample == 0.0));
    }
}
