//! The pictures a window has uploaded. Each is uploaded once, and given back when nothing shows it any more.

use std::{collections::BTreeMap, fmt};

use eframe::egui::{ColorImage, TextureHandle, TextureOptions, Ui};

use super::live::{Film, paint_over};
use crate::{portrait, shot::Digest};

/// Portraits that are kept at hand: those of the strip, of a student's history, and the one that is looked at.
const MOST: usize = 48;

/// A portrait that was uploaded.
struct Print {
    /// The look at which it was looked at last.
    looked: u64,
    /// The pass of the window in which that was.
    pass: u64,
    texture: TextureHandle,
}

/// The pictures a window has uploaded.
#[derive(Default)]
pub struct Gallery {
    portraits: BTreeMap<Digest, Print>,
    /// Counts the looks: whoever was not looked at for longest goes first.
    looks: u64,
    pub(super) film: Film,
    pub(super) sight: Film,
}

impl fmt::Debug for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gallery").field("portraits", &self.portraits.len()).finish_non_exhaustive()
    }
}

impl Gallery {
    /// A portrait as a texture; `None` when its file cannot be decoded, which was proven when it was made.
    pub(super) fn portrait(&mut self, ui: &Ui, jpeg: &[u8], sha256: Digest) -> Option<TextureHandle> {
        self.looks += 1;
        let (looked, pass) = (self.looks, ui.ctx().cumulative_pass_nr());
        if let Some(print) = self.portraits.get_mut(&sha256) {
            (print.looked, print.pass) = (looked, pass);
            return Some(print.texture.clone());
        }
        let picture = portrait::decode(jpeg).ok()?;
        let size = [picture.width as usize, picture.height as usize];
        let image = ColorImage::from_rgb(size, &picture.pixels);
        let texture = match self.oldest().filter(|print| print.pass != pass && print.texture.size() == size) {
            // Painted over: textures that come and go leave holes, in which memory is lost over a day (measured: 17 MB
            // in 200 students, with Mesa's software renderer).
            Some(mut print) => {
                paint_over(&mut print.texture, image);
                print.texture
            }
            // One that this very pass shows stays what it is until the window is painted.
            None => ui.ctx().load_texture("portrait", image, TextureOptions::LINEAR),
        };
        self.portraits.insert(sha256, Print { looked, pass, texture: texture.clone() });
        Some(texture)
    }

    /// Gives up whoever was not looked at for longest, once there are as many as are kept at hand.
    fn oldest(&mut self) -> Option<Print> {
        if self.portraits.len() < MOST {
            return None;
        }
        let oldest = self.portraits.iter().min_by_key(|(_, print)| print.looked).map(|(sha256, _)| *sha256);
        self.portraits.remove(&oldest?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use eframe::egui::{Context, RawInput, TextureId};
    use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};

    use super::*;

    fn portrait_of(size: u32) -> Vec<u8> {
        let mut file = vec![];
        let grey = vec![90; (size * size * 3) as usize];
        JpegEncoder::new(&mut file).write_image(&grey, size, size, ExtendedColorType::Rgb8).unwrap();
        file
    }

    /// The textures of portraits that are looked at in one pass.
    fn pass(
        ctx: &Context,
        gallery: &mut Gallery,
        portraits: std::ops::Range<u16>,
        size: u32,
    ) -> Vec<TextureId> {
        let (mut ids, file) = (vec![], portrait_of(size));
        let shown = ctx.run_ui(RawInput::default(), |ui| {
            for number in portraits.clone() {
                let [high, low] = number.to_be_bytes();
                let digest = Digest::of(&[high, low]);
                ids.push(gallery.portrait(ui, &file, digest).unwrap().id());
            }
        });
        shown.drop_without_applying_deltas();
        ids
    }

    #[test]
    fn a_day_of_portraits_takes_the_textures_of_the_first_ones() {
        let (ctx, mut gallery) = (Context::default(), Gallery::default());
        let most = u16::try_from(MOST).unwrap();
        let first: BTreeSet<_> = (0..most).flat_map(|n| pass(&ctx, &mut gallery, n..n + 1, 8)).collect();
        let later: BTreeSet<_> =
            (most..4 * most).flat_map(|n| pass(&ctx, &mut gallery, n..n + 1, 8)).collect();
        assert_eq!((first.len(), &later), (MOST, &first));
        // What is still at hand is not uploaded anew, and is who it was.
        let seen = pass(&ctx, &mut gallery, 3 * most..4 * most, 8);
        assert_eq!(seen, pass(&ctx, &mut gallery, 3 * most..4 * most, 8));
        let other = pass(&ctx, &mut gallery, 900..901, 16);
        assert!(!first.contains(&other[0]), "another size is another texture");
    }

    /// A texture that is shown is nobody else's before it was painted, or one student had another's face.
    #[test]
    fn whoever_is_shown_in_a_pass_keeps_his_face_in_it() {
        let (ctx, mut gallery) = (Context::default(), Gallery::default());
        let many = 2 * u16::try_from(MOST).unwrap();
        for _ in 0..3 {
            let seen = pass(&ctx, &mut gallery, 0..many, 8);
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
        }
        assert!(gallery.portraits.len() <= MOST);
    }
}
