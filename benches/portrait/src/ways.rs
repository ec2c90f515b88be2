//! The ways from a file to a portrait: the bare decode that is the measure, ours, and the peers'.

use image::codecs::jpeg::JpegEncoder;
use turbojpeg::{Decompressor, Image, PixelFormat};

use crate::portrait::{ByteWindow, Crop, Demand, Negative, Picture, Rgb, fit};

/// The largest file the standard takes under both readings of a KB, and the smallest.
const LIMIT: usize = 40_000;
const LEAST: usize = 20_480;

/// T: libjpeg-turbo decodes the whole file to RGB, into a buffer that is there already.
pub struct Bare {
    decoder: Decompressor,
    pixels: Vec<u8>,
}

impl Bare {
    pub fn new() -> Self {
        Self { decoder: Decompressor::new().expect("libjpeg-turbo"), pixels: Vec::new() }
    }

    pub fn decode(&mut self, jpeg: &[u8]) {
        let header = self.decoder.read_header(jpeg).expect("a JPEG");
        let pitch = header.width * 3;
        self.pixels.resize(pitch * header.height, 0);
        let (width, height) = (header.width, header.height);
        let image =
            Image { pixels: self.pixels.as_mut_slice(), width, pitch, height, format: PixelFormat::RGB };
        self.decoder.decompress(jpeg, image).expect("a whole JPEG");
    }
}

/// G3: the index, and the eighth from it.
pub fn eighth(jpeg: &[u8]) -> Picture {
    Negative::open(jpeg).expect("a camera's file").eighth().expect("an eighth")
}

/// G1 and G2: index, eighth, the crop resampled and compressed; as `develop` does, finding the face excluded.
pub fn pixels(jpeg: &[u8], crop: &Crop) -> Vec<u8> {
    let negative = Negative::open(jpeg).expect("a camera's file");
    std::hint::black_box(negative.eighth().expect("an eighth"));
    let picture = if from_half(crop) { negative.resampled_from_half(crop, 480, 640) } else { negative.resampled(crop, 480, 640) };
    let picture = picture.expect("a crop inside");
    drop(negative);
    compressed(&picture)
}

/// Whether `develop` takes half of a crop's pixels (`Opened::resampler`).
pub fn from_half(crop: &Crop) -> bool {
    crop.width >= 4.0 * 480.0
}

/// The largest quality that fits.
pub fn compressed(picture: &Picture) -> Vec<u8> {
    let rgb = Rgb::new(picture.width, picture.height, &picture.pixels).expect("a picture");
    let demand = Demand { window: ByteWindow { min: LEAST, max: LIMIT }, min_quality: 60, dpi: 300 };
    fit(&rgb, &demand).expect("a portrait that fits").bytes
}

/// G5: the image crate alone, the crop for free: decode, crop, resize, and the usual loop down from quality 95.
pub fn image_crate(jpeg: &[u8], crop: &Crop, orientation: u8) -> Vec<u8> {
    let mut picture = image::load_from_memory(jpeg).expect("a JPEG");
    if let Some(turn) = image::metadata::Orientation::from_exif(orientation) {
        picture.apply_orientation(turn);
    }
    let (x, y, width, height) = (crop.x as u32, crop.y as u32, crop.width as u32, crop.height as u32);
    let part = picture.crop_imm(x, y, width, height).into_rgb8();
    let small = image::imageops::resize(&part, 480, 640, image::imageops::FilterType::Lanczos3);
    for quality in (10..=95).rev().step_by(5) {
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, quality).encode_image(&small).expect("a JPEG");
        if file.len() <= LIMIT {
            return file;
        }
    }
    Vec::new()
}
