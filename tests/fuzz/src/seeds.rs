//! Files to begin with: a fuzzer that starts from nothing takes hours to find out what a JPEG is.

use std::{env, fs, iter::once, path::Path};

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// The seeds of a target; none for those that libFuzzer finds its own way into.
#[must_use]
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "negative" => negative(),
        "develop" => develop(),
        _ => vec![],
    }
}

/// Writes the seeds of a target into the folder that `./dev fuzz` names, before libFuzzer reads it.
///
/// # Panics
/// When the folder cannot be written.
pub fn sow(target: &str) {
    let Ok(folder) = env::var("FUZZ_SEEDS") else { return };
    for (number, seed) in of(target).into_iter().enumerate() {
        fs::write(Path::new(&folder).join(format!("seed-{number}")), seed).expect("a folder for seeds");
    }
}

/// Small pictures with everything in them, one of each sampling, with and without restart markers.
pub(crate) fn negative() -> Vec<Vec<u8>> {
    let mut dice = fastrand::Rng::with_seed(2);
    let samplings = [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_2, SamplingFactor::R_4_2_0];
    let file = |(restart, sampling): (usize, SamplingFactor)| {
        let pixels: Vec<u8> = (0..40 * 56 * 3).map(|n| (n / 9) as u8 / 2 + dice.u8(0..90)).collect();
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 80);
        encoder.set_sampling_factor(sampling);
        encoder.set_restart_interval(restart as u16);
        encoder.encode(&pixels, 40, 56, ColorType::Rgb).expect("a picture");
        file
    };
    samplings.into_iter().enumerate().map(file).collect()
}

/// How a camera writes a picture.
#[derive(Clone, Copy)]
struct Camera {
    width: u16,
    height: u16,
    /// Sampling factors of luma, one after the other in hexadecimal; nought for a grey picture.
    sampling: u8,
    orientation: u8,
    adobe_rgb: bool,
    /// Units between two restart markers, a divisor of all; nought for none.
    restart: u16,
}

/// The large ones are opened as negatives, the small ones decoded; what stands behind a file see `develop`.
fn develop() -> Vec<Vec<u8>> {
    let large =
        Camera { width: 2640, height: 3200, sampling: 0x22, orientation: 1, adobe_rgb: false, restart: 0 };
    let cameras = [
        large,
        Camera { width: 3200, height: 2640, orientation: 6, sampling: 0x21, ..large },
        Camera { orientation: 8, width: 3450, height: 2430, sampling: 0x11, ..large },
        Camera { orientation: 3, adobe_rgb: true, sampling: 0x12, ..large },
        Camera { orientation: 5, sampling: 0, ..large },
        Camera { restart: 8, ..large },
        Camera { width: 600, height: 720, sampling: 0x22, ..large },
        Camera { width: 720, height: 600, orientation: 6, sampling: 0x21, restart: 3, ..large },
    ];
    let record = br#"{"crop":{"x":100.5,"y":60.0,"width":1200.0,"height":1600.0},"width_px":480,"height_px":640,"resampler":"lanczos3","demand":{"window":{"min":20480,"max":40000},"min_quality":60,"dpi":300},"program":"0.1.0"}"#;
    let numbers: Vec<u8> = [100.5_f64, 60.0, 1200.0, 1600.0].into_iter().flat_map(f64::to_le_bytes).collect();
    let mut files: Vec<Vec<u8>> =
        cameras.into_iter().map(|camera| flat(camera, &numbers, &[480, 640])).collect();
    files.push(flat(large, record, &[]));
    let progressive = {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 60);
        encoder.set_progressive(true);
        let pixels: Vec<u8> = (0..96 * 128 * 3).map(|n| (n / 9) as u8).collect();
        encoder.encode(&pixels, 96, 128, ColorType::Rgb).expect("a picture");
        file
    };
    files.push(progressive);
    files
}

/// A plain picture whose tables have a code of one bit for "as before" and for "no more", so that noughts are blocks.
fn flat(camera: Camera, record: &[u8], sides: &[u16]) -> Vec<u8> {
    let Camera { width, height, sampling, orientation, adobe_rgb, restart } = camera;
    let (across, down) = (u32::from(sampling >> 4).max(1), u32::from(sampling & 15).max(1));
    let (luma, planes) = (across * down, if sampling == 0 { 1_u8 } else { 3 });
    let mut file = vec![0xFF, 0xD8];
    segment(&mut file, 0xE1, &exif(orientation, adobe_rgb));
    segment(&mut file, 0xDB, &[&[0][..], &[2; 64]].concat());
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes().into_iter().chain(width.to_be_bytes()));
    frame.push(planes);
    let mut scan = vec![planes];
    for plane in 0..planes {
        frame.extend([plane + 1, if plane == 0 && planes == 3 { sampling } else { 0x11 }, 0]);
        scan.extend([plane + 1, 0]);
    }
    segment(&mut file, 0xC0, &frame);
    // Codes of 1, 2, 3, ... bits; the all-ones code stays free.
    let codes = |which: u8, symbols: &[u8]| {
        let mut counts = [0; 16];
        counts[..symbols.len()].fill(1);
        once(which).chain(counts).chain(symbols.iter().copied()).collect::<Vec<u8>>()
    };
    segment(&mut file, 0xC4, &codes(0x00, &[0, 3, 6, 8, 1, 2, 4, 5, 7, 9, 10, 11]));
    segment(&mut file, 0xC4, &codes(0x10, &[0, 0x01, 0x02, 0x11, 0x05, 0xF0, 0x21, 0x0A]));
    if restart > 0 {
        segment(&mut file, 0xDD, &restart.to_be_bytes());
    }
    scan.extend([0, 63, 0]);
    segment(&mut file, 0xDA, &scan);

    let unit_bits = 2 * (luma + u32::from(planes) - 1);
    let across_units = u32::from(width).div_ceil(8 * across);
    let units = across_units * u32::from(height).div_ceil(8 * down);
    // A first difference of six bits, which the fuzzer may turn into any other: eight bits more than "as before".
    file.extend([0b1101_0110, 0b1000_0000]);
    let (period, times) = if restart == 0 {
        file.push(0);
        let bytes = (units * unit_bits + 8).div_ceil(8) - 3;
        (1, bytes)
    } else {
        // The first stretch is a byte longer; then eight markers and what is behind each, over and over.
        let stretch = (u32::from(restart) * unit_bits).div_ceil(8) as usize;
        file.extend(vec![0; stretch - 1]);
        let behind = units / u32::from(restart) - 1;
        let marked = |n: u32| [&[0xFF, 0xD0 | (n % 8) as u8][..], &vec![0; stretch]].concat();
        file.extend((0..behind % 8).flat_map(marked));
        let round: Vec<u8> = (behind % 8..behind % 8 + 8).flat_map(marked).collect();
        file.extend(&round);
        (round.len() as u32, behind / 8 - 1)
    };
    file.extend([0xFF, 0xD9]);
    // What `develop` reads behind the end.
    file.push(u8::from(sides.is_empty()));
    file.extend((period as u16).to_le_bytes());
    file.extend(times.to_le_bytes());
    file.extend(record);
    file.extend(sides.iter().flat_map(|side| u32::from(*side).to_le_bytes()));
    file
}

/// An orientation, and the DCF option file's mark of AdobeRGB.
fn exif(orientation: u8, adobe_rgb: bool) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(*b"\x01\x12\0\x03\0\0\0\x01\0");
    exif.extend([orientation, 0, 0]);
    exif.extend(*b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    // The EXIF directory at 38: where the interoperability directory is. That one at 56: its index.
    exif.extend(*b"\0\x01\xa0\x05\0\x04\0\0\0\x01\0\0\0\x38\0\0\0\0");
    exif.extend(*b"\0\x01\0\x01\0\x02\0\0\0\x04");
    exif.extend(if adobe_rgb { *b"R03\0" } else { *b"R98\0" });
    exif.extend([0; 4]);
    exif
}

fn segment(file: &mut Vec<u8>, marker: u8, body: &[u8]) {
    file.extend([0xFF, marker]);
    file.extend((body.len() as u16 + 2).to_be_bytes());
    file.extend(body);
}
