//! What several checks ask of a portrait's pixels: measured once, and only when the first of them asks.
//!
//! All colours are sRGB bytes of the finished portrait before compression; all lengths are portrait pixels.

mod cheeks;
mod cloth;
mod directions;
mod face_pixels;
mod grid;
mod luminance;
mod silhouette;
mod torso;

use std::cell::OnceCell;

pub(super) use self::{
    cheeks::Cheeks, cloth::Cloth, face_pixels::FacePixels, silhouette::Silhouette, torso::Torso,
};

use self::grid::Grid;
use super::Subject;

/// What a station measured before the first student came; nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct References {
    /// The colour of the buyer's own cloth in sRGB, as it looks on a portrait of this day.
    pub cloth: Option<[u8; 3]>,
    /// What the check `focus` measured on the session's reference portrait.
    pub focus: Option<f64>,
    /// What the check `edges` measured on it.
    pub edges: Option<f64>,
    /// What the pitch reads there for a straight look into the lens, in degrees; the profile's where it is missing.
    pub pitch_zero_deg: Option<f64>,
}

/// Measurements of one portrait's pixels that checks share. Empty until somebody asks.
#[derive(Debug, Default)]
pub struct Pixels {
    grid: OnceCell<Grid>,
    face: OnceCell<Option<FacePixels>>,
    cheeks: OnceCell<Option<Cheeks>>,
    cloth: OnceCell<Option<Cloth>>,
    torso: OnceCell<Option<Torso>>,
    silhouette: OnceCell<Silhouette>,
}

impl Subject<'_> {
    fn grid(&self) -> &Grid {
        self.pixels.grid.get_or_init(|| Grid::of(self))
    }

    /// The face, inside its outline; `None` when there is nothing in it.
    pub(super) fn face_pixels(&self) -> Option<&FacePixels> {
        self.pixels.face.get_or_init(|| FacePixels::of(self)).as_ref()
    }

    /// Both cheeks; `None` when they lie outside of the picture.
    pub(super) fn cheeks(&self) -> Option<&Cheeks> {
        self.pixels.cheeks.get_or_init(|| Cheeks::of(self)).as_ref()
    }

    /// The cloth above the chin; `None` when hardly any is seen.
    pub(super) fn cloth(&self) -> Option<&Cloth> {
        self.pixels.cloth.get_or_init(|| Cloth::of(self.grid(), self.face())).as_ref()
    }

    /// The clothes; `None` when hardly any are seen.
    pub(super) fn torso(&self) -> Option<&Torso> {
        self.pixels.torso.get_or_init(|| Torso::of(self.grid(), self.face())).as_ref()
    }

    /// Where the person ends.
    pub(super) fn silhouette(&self) -> &Silhouette {
        self.pixels.silhouette.get_or_init(|| Silhouette::of(self))
    }
}
