//! The last ones: a small picture of each portrait that was saved, and a sign for what was not.

use std::{fmt, sync::Arc};

use eframe::egui::{Align2, FontId, Rect, Sense, Stroke, StrokeKind, Ui, vec2};

use super::{
    gallery::Gallery,
    theme::{self, Tone},
    view::View,
};
use crate::shot::Digest;

/// How high a small picture is, in points.
pub(super) const HEIGHT: f32 = 84.0;

/// One of the last shots; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub enum Last {
    /// A portrait that is safe on disk.
    Saved {
        /// The file.
        jpeg: Arc<[u8]>,
        /// Its SHA-256.
        sha256: Digest,
    },
    /// A shot that is taken again.
    Again,
    /// A shot that belongs to nobody.
    Stray,
}

impl fmt::Debug for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Saved { .. } => "Saved",
            Self::Again => "Again",
            Self::Stray => "Stray",
        })
    }
}

impl Last {
    fn tone(&self) -> Tone {
        match self {
            Self::Saved { .. } => Tone::Good,
            Self::Again => Tone::Wrong,
            Self::Stray => Tone::Doubt,
        }
    }
}

/// Draws the last shots, the newest first, as many as there is room for.
pub(super) fn strip_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) {
    let colours = theme::of(ui);
    let aspect = view.frame.aspect;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let room = ui.available_width() + 6.0;
        let fits = (room / (HEIGHT * aspect + 6.0)).floor() as usize;
        for last in view.last.iter().take(fits) {
            let (place, _) = ui.allocate_exact_size(vec2(HEIGHT * aspect, HEIGHT), Sense::hover());
            let (picture, mark) = place.split_top_bottom_at_y(place.max.y - 22.0);
            ui.painter().rect_filled(place, 0.0, colours.ground);
            if let Last::Saved { jpeg, sha256 } = last
                && let Some(texture) = gallery.portrait(ui, jpeg, *sha256)
            {
                let size = texture.size_vec2();
                let shown = super::capture::fitted(size, Rect::from_min_max(picture.min, picture.max));
                eframe::egui::Image::new(&texture).paint_at(ui, shown);
            }
            let colour = colours.tone(last.tone());
            ui.painter().rect_filled(mark, 0.0, colour);
            let font = FontId::new(theme::TEXT, theme::bold());
            ui.painter().text(
                mark.center(),
                Align2::CENTER_CENTER,
                last.tone().sign(),
                font,
                colours.on_tone,
            );
            ui.painter().rect_stroke(place, 0.0, Stroke::new(1.0, colour), StrokeKind::Inside);
        }
    });
}
