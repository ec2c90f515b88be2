//! The readers written in Rust.

use rxing::{BarcodeFormat, DecodeHints};

use crate::scan::{Luma, qr};

/// A reader: the texts in a picture.
pub type Engine = fn(&Luma) -> Vec<Vec<u8>>;

/// Every reader and its name in the table.
pub const ENGINES: [(&str, Engine); 4] = [
    ("ours", ours),
    ("rqrr 0.11 plain", rqrr_plain),
    ("rxing 0.9, inverted too", rxing_plain),
    ("rxing 0.9 ladder", rxing_ladder),
];

/// Time this thread has spent on a processor: what others do on this machine does not count.
pub fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells");
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("its first number") / 1e6
}

fn ours(picture: &Luma) -> Vec<Vec<u8>> {
    qr::read(picture).into_iter().map(|code| code.bytes).collect()
}

fn rqrr_plain(picture: &Luma) -> Vec<Vec<u8>> {
    let read = || {
        let at = |x, y| picture.pixels[y * picture.width + x];
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, at);
        let decode = |grid: rqrr::Grid<_>| {
            let mut bytes = Vec::new();
            grid.decode_to(&mut bytes).ok().map(|_| bytes)
        };
        prepared.detect_grids().into_iter().filter_map(decode).collect()
    };
    std::panic::catch_unwind(read).unwrap_or_default()
}

fn rxing_plain(picture: &Luma) -> Vec<Vec<u8>> {
    let mut hints = DecodeHints::default().with(rxing::DecodeHintValue::TryHarder(true));
    hints = hints.with(rxing::DecodeHintValue::AlsoInverted(true));
    let (width, height) = (picture.width as u32, picture.height as u32);
    let format = Some(BarcodeFormat::QR_CODE);
    let pixels = picture.pixels.clone();
    let found = rxing::helpers::detect_in_luma_with_hints(pixels, width, height, format, &mut hints);
    found.map(|result| result.getText().as_bytes().to_vec()).into_iter().collect()
}

/// The rungs that made the most of it when it was measured (facts/window.md section 6): as it is, contrast
/// evened out, noise taken away, and twice as large.
fn rxing_ladder(picture: &Luma) -> Vec<Vec<u8>> {
    let found = rxing_plain(picture);
    if !found.is_empty() {
        return found;
    }
    let found = rxing_plain(&evened(picture));
    if !found.is_empty() {
        return found;
    }
    let soft = evened(&blurred(picture));
    let found = rxing_plain(&soft);
    if found.is_empty() { rxing_plain(&soft.doubled()) } else { found }
}

/// The mean of the nine pixels around each.
fn blurred(picture: &Luma) -> Luma {
    around(picture, 1, |_, mean, _| mean)
}

/// Each pixel against the mean and the spread of its surroundings.
fn evened(picture: &Luma) -> Luma {
    around(picture, 20, |v, mean, spread| 128.0 + (v - mean) * 50.0 / spread.max(4.0))
}

/// Each pixel from itself, and the mean and standard deviation of those up to `reach` away.
fn around(picture: &Luma, reach: usize, make: impl Fn(f64, f64, f64) -> f64) -> Luma {
    let (width, height) = (picture.width, picture.height);
    let mut sums = vec![(0.0, 0.0); (width + 1) * (height + 1)];
    for y in 0..height {
        let mut line = (0.0, 0.0);
        for x in 0..width {
            let v = f64::from(picture.pixels[y * width + x]);
            line = (line.0 + v, line.1 + v * v);
            let above = sums[y * (width + 1) + x + 1];
            sums[(y + 1) * (width + 1) + x + 1] = (above.0 + line.0, above.1 + line.1);
        }
    }
    let pixels = (0..width * height).map(|n| {
        let (x, y) = (n % width, n / width);
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
        let at = |x: usize, y: usize| sums[y * (width + 1) + x];
        let [a, b, c, d] = [at(right, bottom), at(left, bottom), at(right, top), at(left, top)];
        let count = ((right - left) * (bottom - top)) as f64;
        let (mean, squares) = ((a.0 - b.0 - c.0 + d.0) / count, (a.1 - b.1 - c.1 + d.1) / count);
        let spread = (squares - mean * mean).max(0.0).sqrt();
        make(f64::from(picture.pixels[n]), mean, spread).round().clamp(0.0, 255.0) as u8
    });
    Luma { width, height, pixels: pixels.collect() }
}
