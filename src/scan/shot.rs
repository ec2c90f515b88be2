//! The light of a shot, for whoever looks for codes in it: only the brightness is decoded, which takes half as long as the
//! colours that a portrait is made of.

use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::Luma;
use crate::portrait::{LONGEST_SIDE, decode, inspect};

impl Luma {
    /// A shot at half its size, not turned: a code reads from every side. `None` when it is no picture.
    ///
    /// At half size a code on a phone has 2 pixels a module where a head is 1,200 pixels high in a shot of 24
    /// megapixels, and looking for it costs a quarter of what the whole shot would.
    #[must_use]
    pub fn of_shot(jpeg: &[u8]) -> Option<Self> {
        inspect(jpeg).ok()?;
        if let Some(light) = brightness(jpeg) {
            return Some(light.half());
        }
        // Whatever gives its brightness only together with its colours.
        let picture = decode(jpeg).ok()?;
        Some(Self::halved((picture.width as usize, picture.height as usize), &picture.pixels))
    }
}

fn brightness(jpeg: &[u8]) -> Option<Luma> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(LONGEST_SIDE as usize)
        .set_max_height(LONGEST_SIDE as usize);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    (pixels.len() == width * height).then_some(Luma { width, height, pixels })
}
