//! Somebody who sits before the cloth, for tests of the portrait: a person of the rehearsal on a plain backdrop.

use image::{Rgb, RgbImage};

/// The reference cloth.
pub(crate) const CLOTH: [u8; 3] = [100, 197, 255];

/// Where the cut-out's upper left corner lies on the cloth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat {
    pub(crate) x: i64,
    pub(crate) y: i64,
}

/// A frame of bare cloth.
pub(crate) fn cloth(width: u32, height: u32) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(CLOTH))
}

/// Puts person 01 (head 519 px, hair top at 24, chin at 543, face centre at 489 of 962 × 867) on a frame.
pub(crate) fn sit(frame: &mut RgbImage, seat: Seat) {
    let colour = include_bytes!("../../assets/rehearsal/person_01.jpg");
    let matte = include_bytes!("../../assets/rehearsal/person_01_alpha.png");
    let colour = image::load_from_memory(colour).unwrap().into_rgb8();
    let matte = image::load_from_memory(matte).unwrap().into_luma8();
    for (x, y, pixel) in colour.enumerate_pixels() {
        let (Ok(to_x), Ok(to_y)) =
            (u32::try_from(i64::from(x) + seat.x), u32::try_from(i64::from(y) + seat.y))
        else {
            continue;
        };
        let Some(below) = frame.get_pixel_mut_checked(to_x, to_y) else { continue };
        let share = f32::from(matte.get_pixel(x, y).0[0]) / 255.0;
        for (below, above) in below.0.iter_mut().zip(pixel.0) {
            *below = (f32::from(*below) + (f32::from(above) - f32::from(*below)) * share) as u8;
        }
    }
}

/// A frame of 1,400 × 1,100 with the person in its middle, bust on the lower edge.
pub(crate) fn well_seated() -> RgbImage {
    let mut frame = cloth(1400, 1100);
    sit(&mut frame, Seat { x: 219, y: 233 });
    frame
}

/// As a camera's file.
pub(crate) fn jpeg(frame: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 95).encode_image(frame).unwrap();
    file
}
