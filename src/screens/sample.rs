//! 样照: what a portrait of this profile looks like, drawn from the profile's own numbers, and the same lines as guides
//! over what the camera sees.
//!
//! Drawn and not photographed: the ministry's sample pictures are of people, and a drawing shows what is measured.

use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::{theme, view::View};
use crate::{
    language::{Language, Phrase},
    portrait::CropShare,
    profile::Profile,
};

/// Of the height of what the camera sees, so much becomes the portrait when the sitter fills the guides: room for hair
/// above, and for a head that moves.
const SHARE: f32 = 0.88;

/// A head is so wide for its height, hair included.
const HEAD_WIDTH: f32 = 0.74;

/// Where a portrait's parts go, as shares of its height and width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameView {
    /// Width over height.
    pub aspect: f32,
    /// The top of the hair.
    pub hair_top: f32,
    /// The line of the pupils may lie from here …
    pub eyes_from: f32,
    /// … to here.
    pub eyes_to: f32,
    /// The chin.
    pub chin: f32,
    /// The cloth's colour in sRGB.
    pub cloth: [u8; 3],
}

impl FrameView {
    /// What a profile aims at.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let (photo, frame) = (&profile.photo, &profile.frame);
        let height = f64::from(photo.height_px.max(1));
        let share = |px: f64| (px / height) as f32;
        Self {
            aspect: (f64::from(photo.width_px) / height) as f32,
            hair_top: share(frame.target.hair_top_px),
            eyes_from: share(frame.eye_line_px.low),
            eyes_to: share(frame.eye_line_px.high),
            chin: share(frame.target.hair_top_px + frame.target.head_px),
            cloth: profile.backdrop.rgb,
        }
    }

    /// The portrait that is aimed at, within what the camera sees.
    fn within(&self, seen: Rect) -> Rect {
        let height = (seen.height() * SHARE).min(seen.width() * SHARE / self.aspect);
        Rect::from_center_size(seen.center(), vec2(height * self.aspect, height))
    }
}

/// Draws crop frame and guides over what the camera sees: the head between the two lines, the eyes within the band.
///
/// Around the sitter's head as it would be cut now; where that is not known, around where a head should be.
pub(super) fn guides_ui(ui: &Ui, view: &View, seen: Rect) {
    let frame = &view.frame;
    let crop = view.crop.map_or_else(|| frame.within(seen), |crop| mirrored(crop, seen));
    let painter = ui.painter().with_clip_rect(seen);
    // Light on dark, so that it is seen before any cloth and any hair; fainter while it is only a wish.
    let strength = if view.crop.is_some() { 220 } else { 110 };
    let (light, dark) = (Color32::from_white_alpha(strength), Color32::from_black_alpha(strength / 2));
    for (colour, width) in [(dark, 4.0), (light, 2.0)] {
        painter.rect_stroke(crop, 0.0, Stroke::new(width, colour), eframe::egui::StrokeKind::Middle);
        let stroke = Stroke::new(width, colour);
        for share in [frame.hair_top, frame.chin] {
            dashes(&painter, crop, share, stroke);
        }
        let [from, to] = [frame.eyes_from, frame.eyes_to].map(|share| at(crop, share));
        for x in [crop.min.x, crop.max.x] {
            // Short bars at both edges: a band across the eyes would hide what is looked at.
            painter.line_segment([pos2(x, from), pos2(x, to)], Stroke::new(width * 3.0, colour));
        }
    }
}

/// A crop as it lies in a picture that is shown as in a mirror.
fn mirrored(crop: CropShare, seen: Rect) -> Rect {
    let CropShare { left, top, width, height } = crop;
    let corner = vec2((1.0 - left - width) * seen.width(), top * seen.height());
    Rect::from_min_size(seen.min + corner, vec2(width * seen.width(), height * seen.height()))
}

/// Draws the sample into a place of the portrait's proportions.
pub(super) fn sample_ui(ui: &Ui, frame: &FrameView, language: Language, place: Rect) {
    let painter = ui.painter().with_clip_rect(place);
    let [r, g, b] = frame.cloth;
    painter.rect_filled(place, 0.0, Color32::from_rgb(r, g, b));
    figure(&painter, frame, place);
    let stroke = Stroke::new(2.0, Color32::from_black_alpha(170));
    for (share, word) in [
        (frame.hair_top, Phrase::new("头顶", "hair")),
        ((frame.eyes_from + frame.eyes_to) / 2.0, Phrase::new("眼睛", "eyes")),
        (frame.chin, Phrase::new("下巴", "chin")),
    ] {
        dashes(&painter, place, share, stroke);
        let word = word.in_language(language);
        let font = FontId::new(theme::TEXT, theme::bold());
        let corner = pos2(place.min.x + 6.0, at(place, share) - 2.0);
        painter.text(corner, Align2::LEFT_BOTTOM, word, font, Color32::from_gray(20));
    }
}

/// Head and shoulders of nobody.
fn figure(painter: &Painter, frame: &FrameView, place: Rect) {
    let grey = Color32::from_gray(96);
    let (top, chin) = (at(place, frame.hair_top), at(place, frame.chin));
    let (middle, head) = (place.center().x, chin - top);
    let radius = vec2(head * HEAD_WIDTH / 2.0, head / 2.0);
    let neck = Rect::from_min_max(
        pos2(middle - radius.x * 0.48, chin - head * 0.14),
        pos2(middle + radius.x * 0.48, chin + head * 0.3),
    );
    painter.rect_filled(neck, 0.0, grey);
    let shoulders = pos2(middle, chin + head * 0.62);
    painter.add(Shape::ellipse_filled(shoulders, vec2(radius.x * 1.9, head * 0.46), Color32::from_gray(60)));
    painter.add(Shape::ellipse_filled(pos2(middle, top + radius.y), radius, grey));
}

fn dashes(painter: &Painter, place: Rect, share: f32, stroke: Stroke) {
    let y = at(place, share);
    let ends: [Pos2; 2] = [pos2(place.min.x, y), pos2(place.max.x, y)];
    painter.extend(Shape::dashed_line(&ends, stroke, 12.0, 8.0));
}

fn at(place: Rect, share: f32) -> f32 {
    place.min.y + share * place.height()
}
