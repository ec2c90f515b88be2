//! The pictures a window has uploaded. Each is uploaded once, and given back when nothing shows it any more.

use std::{collections::BTreeMap, fmt};

use eframe::egui::{ColorImage, TextureHandle, TextureOptions, Ui};

use super::live::Film;
use crate::{portrait, shot::Digest};

/// Portraits that are kept at hand: those of the strip, of a student's history, and the one that is looked at.
const MOST: usize = 48;

/// The pictures a window has uploaded.
#[derive(Default)]
pub struct Gallery {
    portraits: BTreeMap<Digest, (u64, TextureHandle)>,
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
        if let Some((looked, texture)) = self.portraits.get_mut(&sha256) {
            *looked = self.looks;
            return Some(texture.clone());
        }
        let picture = portrait::decode(jpeg).ok()?;
        let size = [picture.width as usize, picture.height as usize];
        let image = ColorImage::from_rgb(size, &picture.pixels);
        let texture = ui.ctx().load_texture("portrait", image, TextureOptions::LINEAR);
        self.portraits.insert(sha256, (self.looks, texture.clone()));
        if self.portraits.len() > MOST {
            let oldest =
                self.portraits.iter().min_by_key(|(_, (looked, _))| *looked).map(|(sha256, _)| *sha256);
            oldest.and_then(|sha256| self.portraits.remove(&sha256));
        }
        Some(texture)
    }
}
