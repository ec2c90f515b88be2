//! The pictures of the tray: which are at hand, and which of them a window has uploaded. A bounded number of both; each
//! is read from the vault when somebody looks at it, and written nowhere.

use std::{collections::BTreeMap, fmt, sync::Arc};

use eframe::egui::{Align2, ColorImage, Image, Rect, TextureHandle, TextureOptions, Ui};

use crate::{
    language::{Language, Phrase},
    portrait::Picture,
    screens::{capture::fitted, theme},
    shot::Digest,
};

/// The longer side of a small picture, in pixels.
pub(super) const SMALL: u32 = 240;

/// The longer side of a large one.
pub(super) const LARGE: u32 = 1200;

/// So many small pictures are at hand: twice what a screen shows.
const MOST_SMALL: usize = 64;

/// So many large ones.
const MOST_LARGE: usize = 8;

/// A picture by its object in the vault, and by its size.
type Name = (Digest, u32);

/// The pictures at hand, the oldest first; its `Debug` form shows nobody.
#[derive(Clone, Default)]
pub struct Album {
    prints: Vec<(Name, Option<Arc<Picture>>)>,
    is_busy: bool,
}

impl fmt::Debug for Album {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Album").field("prints", &self.prints.len()).finish_non_exhaustive()
    }
}

impl PartialEq for Album {
    /// By name: what an object of the vault shows never changes.
    fn eq(&self, other: &Self) -> bool {
        let names = |album: &Self| album.prints.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        self.is_busy == other.is_busy && names(self) == names(other)
    }
}

impl Album {
    /// A picture is to be fetched: whether it may, because none is on its way.
    pub fn await_print(&mut self) -> bool {
        !std::mem::replace(&mut self.is_busy, true)
    }

    /// Whether a picture is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// The picture that was fetched; `None` when it cannot be read. The oldest of its size goes when there are too many.
    pub fn hold(&mut self, object: Digest, longest: u32, picture: Option<Arc<Picture>>) {
        self.is_busy = false;
        self.prints.retain(|(name, _)| *name != (object, longest));
        self.prints.push(((object, longest), picture));
        let most = if longest > SMALL { MOST_LARGE } else { MOST_SMALL };
        let of_size = |name: &Name| (name.1 > SMALL) == (longest > SMALL);
        if self.prints.iter().filter(|(name, _)| of_size(name)).count() > most {
            let oldest = self.prints.iter().position(|(name, _)| of_size(name));
            oldest.map(|oldest| self.prints.remove(oldest));
        }
    }

    /// How many pictures are at hand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// Whether the large picture of an object is at hand.
    #[must_use]
    pub fn holds_large(&self, object: Digest) -> bool {
        self.find((object, LARGE)).is_some_and(Option::is_some)
    }

    fn find(&self, name: Name) -> Option<&Option<Arc<Picture>>> {
        self.prints.iter().find(|(held, _)| *held == name).map(|(_, picture)| picture)
    }
}

/// What became of showing a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is on the screen.
    Shown,
    /// It is on its way.
    Awaited,
    /// It cannot be read.
    Unreadable,
}

/// The pictures a window has uploaded.
#[derive(Default)]
pub(super) struct Lightbox {
    textures: BTreeMap<Name, TextureHandle>,
    /// What was looked at in this frame.
    looked_at: Vec<Name>,
    missing: Option<Name>,
}

impl fmt::Debug for Lightbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lightbox").field("textures", &self.textures.len()).finish_non_exhaustive()
    }
}

impl Lightbox {
    /// A frame begins: what nobody looked at in the last one is given back.
    pub(super) fn begin(&mut self) {
        let looked_at = std::mem::take(&mut self.looked_at);
        self.textures.retain(|name, _| looked_at.contains(name));
        self.missing = None;
    }

    /// The first picture that was looked at and is not at hand.
    pub(super) fn missing(&self) -> Option<Name> {
        self.missing
    }

    /// Draws a picture into its place, or why there is none.
    pub(super) fn show(
        &mut self,
        ui: &Ui,
        (album, language): (&Album, Language),
        name: Name,
        place: Rect,
    ) -> Seen {
        let colours = theme::of(ui);
        ui.painter().rect_filled(place, 0.0, colours.ground);
        let words = match album.find(name) {
            Some(Some(picture)) => {
                self.looked_at.push(name);
                let texture = self.textures.entry(name).or_insert_with(|| upload(ui, picture));
                Image::new(&*texture).paint_at(ui, fitted(texture.size_vec2(), place));
                return Seen::Shown;
            }
            Some(None) => Phrase::new("读不出", "unreadable"),
            None => Phrase::new("…", "…"),
        };
        let font = theme::bold_of(theme::TEXT);
        let words = words.in_language(language);
        ui.painter().text(place.center(), Align2::CENTER_CENTER, words, font, colours.quiet_on_ground);
        match album.find(name) {
            Some(_) => Seen::Unreadable,
            None => {
                self.missing = self.missing.or(Some(name));
                Seen::Awaited
            }
        }
    }
}

fn upload(ui: &Ui, picture: &Picture) -> TextureHandle {
    let size = [picture.width as usize, picture.height as usize];
    let image = ColorImage::from_rgb(size, &picture.pixels);
    ui.ctx().load_texture("print", image, TextureOptions::LINEAR)
}
