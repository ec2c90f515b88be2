//! 取景: what the camera sees, for the operator: is the student in the picture, and looks up?
//!
//! Left and right are turned about, as in a mirror; no file ever is.

use eframe::egui::{
    self, ColorImage, Key, Rect, RichText, TextureHandle, TextureOptions, Ui, load::SizedTexture, pos2, vec2,
};

use super::{
    capture::{fitted, is_pressed},
    theme,
    view::{LiveView, View},
};
use crate::{language::Language, portrait::Verdict, station::Phase};

/// Turns live view on and off.
const KEY: Key = Key::L;

/// A frame as in a mirror: from its right edge to its left one.
pub(super) const MIRRORED: Rect = Rect { min: pos2(1.0, 0.0), max: pos2(0.0, 1.0) };

/// The line of words below it.
const CAPTION_HEIGHT: f32 = 34.0;

/// A hint takes at most this share of the picture's width.
const HINT_WIDTH: f32 = 0.96;

/// The frame that was uploaded last. One texture serves all of them.
#[derive(Default)]
pub(super) struct Film(Option<(u64, TextureHandle)>);

impl Film {
    /// The frame of this number, which is made only if it is not there yet.
    pub(super) fn texture(
        &mut self,
        ui: &Ui,
        name: &str,
        number: u64,
        image: impl Fn() -> ColorImage,
    ) -> SizedTexture {
        let (shown, texture) = self.0.get_or_insert_with(|| {
            let texture = ui.ctx().load_texture(name, image(), TextureOptions::LINEAR);
            (number, texture)
        });
        if *shown != number {
            texture.set(image(), TextureOptions::LINEAR);
            *shown = number;
        }
        SizedTexture::from_handle(texture)
    }
}

/// Whether the operator wants live view on, or off again: nobody asks while a shot is looked at.
#[must_use]
pub fn wants_live_turned(ui: &Ui, view: &View) -> bool {
    matches!(view.phase, Phase::Idle | Phase::CodeScanned(_)) && is_pressed(ui, KEY)
}

/// Draws what the camera sees, or says in a line why it is not seen; `false` when the place above the line is free.
pub(super) fn live_ui(ui: &mut Ui, view: &View, room: Rect, film: &mut Film) -> bool {
    let (picture_room, caption) = room.split_top_bottom_at_y(room.max.y - CAPTION_HEIGHT);
    let zh = view.language == Language::Chinese;
    let words = match (&view.live, zh) {
        (LiveView::Off, true) => "按 L 打开取景",
        (LiveView::Off, false) => "press L to see what the camera sees",
        (LiveView::Awaited, true) => "等待取景画面",
        (LiveView::Awaited, false) => "waiting for the camera's live view",
        (LiveView::Absent, true) => "没有取景画面，请看相机上的取景器；按 L 再试",
        (LiveView::Absent, false) => "no live view: look through the camera's viewfinder; L tries again",
        (LiveView::Frame(_), true) => "取景（左右如镜子），按 L 关闭",
        (LiveView::Frame(_), false) => "live view, as in a mirror; L turns it off",
    };
    ui.put(caption, egui::Label::new(RichText::new(words).color(theme::QUIET)));
    let LiveView::Frame(frame) = &view.live else { return false };
    let size = [frame.picture.width as usize, frame.picture.height as usize];
    let image = || ColorImage::from_rgb(size, &frame.picture.pixels);
    let texture = film.texture(ui, "live", frame.number, image);
    let place = fitted(vec2(texture.size.x, texture.size.y), picture_room);
    egui::Image::new(texture).uv(MIRRORED).paint_at(ui, place);
    if let Some(hint) = view.hint {
        hint_ui(ui, hint.words().in_language(view.language), place);
    }
    true
}

/// Draws the one thing to mend over the lower edge of the picture, where no face is: as large as fits.
fn hint_ui(ui: &mut Ui, words: &str, picture: Rect) {
    let words = format!("{} {words}", theme::sign_of(Verdict::Warn));
    let line = |size: f32| ui.painter().layout_no_wrap(words.clone(), theme::bold_of(size), theme::DOUBT);
    let width = line(theme::HUGE).size().x;
    let size = theme::HUGE * (HINT_WIDTH * picture.width() / width.max(1.0)).min(1.0);
    let height = line(size).size().y;
    let (_, band) = picture.split_top_bottom_at_y(picture.max.y - height);
    ui.painter().rect_filled(band, 0.0, theme::VEIL);
    ui.put(band, egui::Label::new(RichText::new(words).font(theme::bold_of(size)).color(theme::DOUBT)));
}
