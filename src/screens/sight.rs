//! What the webcam sees, beside the keys: the code's outline when it is read, and a word when it is not.
//!
//! Left and right are turned about, as in a mirror, so that a hand finds its way.

use eframe::egui::{self, ColorImage, Rect, RichText, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::{
    capture::fitted,
    live::{Film, MIRRORED},
    theme::{self, Tone},
    trouble,
    view::{SightFrame, View},
};
use crate::{
    language::{Language, Phrase},
    station::Phase,
};

/// The line of words below it.
const CAPTION_HEIGHT: f32 = 44.0;

/// How thick an outline is, in points: seen from two metres.
const OUTLINE: f32 = 5.0;

/// Whether it is shown: not in the place of what is thought of a portrait.
pub(super) fn is_shown(view: &View) -> bool {
    let nobody_is_judged = match view.phase {
        Phase::Idle | Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..) => true,
        // Beside his card there is no room for a picture that anybody could make out.
        Phase::CodeScanned(_) => view.declined.is_none() && view.card.is_none(),
        Phase::Shot(..) | Phase::Reviewing(..) | Phase::Queueing(..) => false,
    };
    nobody_is_judged && view.sight.is_some()
}

/// Draws what the webcam sees into what is left of a panel; nothing when nothing is seen.
pub(super) fn sight_ui(ui: &mut Ui, view: &View, film: &mut Film) {
    let Some(frame) = &view.sight else { return };
    let room = ui.available_rect_before_wrap();
    let (room, caption) = room.split_top_bottom_at_y(room.max.y - CAPTION_HEIGHT);
    let picture = &frame.preview.picture;
    let size = [picture.width, picture.height];
    let texture = film.texture(ui, "webcam", frame.number, || ColorImage::from_gray(size, &picture.pixels));
    let place = top_of(room, fitted(texture.size, room));
    ui.allocate_rect(place, Sense::hover());
    egui::Image::new(texture).uv(MIRRORED).paint_at(ui, place);
    let (tone, words) = said(frame);
    let (colour, sign) = (theme::of(ui).tone(tone), tone.sign());
    for corners in &frame.preview.outlines {
        let points =
            corners.map(|(x, y)| pos2(place.max.x - x * place.width(), place.min.y + y * place.height()));
        ui.painter().add(Shape::closed_line(points.to_vec(), Stroke::new(OUTLINE, colour)));
    }
    let words = format!("{sign} {}", words.in_language(view.language));
    let words = RichText::new(words).font(theme::bold_of(theme::LARGE)).color(colour);
    let caption = caption.translate(vec2(0.0, place.max.y - caption.min.y));
    ui.put(caption, egui::Label::new(words));
}

/// A picture as high up as there is room.
fn top_of(room: Rect, picture: Rect) -> Rect {
    picture.translate(Vec2::new(0.0, room.min.y - picture.min.y))
}

/// What there is to say of a frame.
fn said(frame: &SightFrame) -> (Tone, Phrase) {
    match (frame.preview.outlines.len(), frame.preview.hint) {
        (0, Some(hint)) => {
            let words = trouble::unread(hint);
            let line = |language| words.line(language);
            (Tone::Doubt, Phrase::new(line(Language::Chinese), line(Language::English)))
        }
        (0, None) => (Tone::Waiting, Phrase::new("把采集码对准摄像头", "hold the code up here")),
        (1, _) => (Tone::Good, Phrase::new("已读到二维码", "a code is read")),
        _ => (Tone::Wrong, Phrase::new("请只出示一个采集码", "show one code only")),
    }
}
