//! 取景: what the camera sees, for the operator: is the student in the picture, and looks up?
//!
//! Left and right are turned about, as in a mirror; no file ever is.

use eframe::egui::{
    self, ColorImage, Key, Rect, RichText, TextureHandle, TextureOptions, Ui, load::SizedTexture, pos2, vec2,
};

use super::{
    capture::fitted,
    offers::is_pressed,
    sample::guides_ui,
    theme,
    view::{LiveView, View},
};
use crate::{language::Phrase, portrait::Verdict, station::Phase};

/// Turns live view on and off.
const KEY: Key = Key::L;

/// A frame as in a mirror: from its right edge to its left one.
pub(super) const MIRRORED: Rect = Rect { min: pos2(1.0, 0.0), max: pos2(0.0, 1.0) };

/// The line of words below it.
const CAPTION_HEIGHT: f32 = 48.0;

/// A hint takes at most this share of the picture's width.
const HINT_WIDTH: f32 = 0.96;

/// The frame that was uploaded last. One texture serves all of them, and is painted over in its place: to give a card a
/// new one twenty times a second would cost it an allocation each time.
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
            paint_over(texture, image());
            *shown = number;
        }
        SizedTexture::from_handle(texture)
    }
}

/// Puts another picture into a texture: where it is as large, into the same memory.
pub(super) fn paint_over(texture: &mut TextureHandle, image: ColorImage) {
    if texture.size() == image.size {
        texture.set_partial([0, 0], image, TextureOptions::LINEAR);
    } else {
        texture.set(image, TextureOptions::LINEAR);
    }
}

/// Whether the operator wants live view on, or off again: nobody asks while a shot is looked at.
#[must_use]
pub fn wants_live_turned(ui: &Ui, view: &View) -> bool {
    may_be_turned(&view.phase) && is_pressed(ui, KEY)
}

fn may_be_turned(phase: &Phase) -> bool {
    matches!(phase, Phase::Idle | Phase::CodeScanned(_))
}

/// Draws what the camera sees with the guides, or says in a line why it is not seen; `false` when the place above the
/// line is free. Under the picture: the one thing to mend, or what the picture is. The ground of the whole is painted
/// around a picture, not below it.
pub(super) fn live_ui(ui: &mut Ui, view: &View, (whole, room): (Rect, Rect), film: &mut Film) -> bool {
    let words = caption_of(view);
    let words = words.in_language(view.language);
    let colours = theme::of(ui);
    let LiveView::Frame(frame) = &view.live else {
        let (_, caption) = room.split_top_bottom_at_y(room.max.y - CAPTION_HEIGHT);
        ui.put(caption, egui::Label::new(RichText::new(words).color(colours.quiet_on_ground)));
        return false;
    };
    let size = [frame.picture.width as usize, frame.picture.height as usize];
    let image = || ColorImage::from_rgb(size, &frame.picture.pixels);
    let texture = film.texture(ui, "live", frame.number, image);
    let (above, _) = room.split_top_bottom_at_y(room.max.y - CAPTION_HEIGHT);
    let place = fitted(vec2(texture.size.x, texture.size.y), above);
    let place = place.translate(vec2(0.0, room.min.y - place.min.y));
    around_ui(ui, whole, place);
    egui::Image::new(texture).uv(MIRRORED).paint_at(ui, place);
    guides_ui(ui, view, place);
    let (_, below) = room.split_top_bottom_at_y(place.max.y);
    match view.hint {
        Some(hint) => hint_ui(ui, hint.words().in_language(view.language), below),
        None => {
            ui.put(below, egui::Label::new(RichText::new(words).color(colours.quiet_on_ground)));
        }
    }
    true
}

/// The ground around a picture. What nobody sees is not painted twenty times a second: where the processor paints, that
/// took a twentieth of it.
fn around_ui(ui: &Ui, whole: Rect, picture: Rect) {
    // A little of it lies below the picture's edges, which are between two pixels.
    let hole = picture.shrink(1.0);
    let (above, rest) = whole.split_top_bottom_at_y(hole.min.y);
    let (beside, below) = rest.split_top_bottom_at_y(hole.max.y);
    let (left, rest) = beside.split_left_right_at_x(hole.min.x);
    let (_, right) = rest.split_left_right_at_x(hole.max.x);
    for part in [above, left, right, below] {
        ui.painter().rect_filled(part, 0.0, theme::of(ui).ground);
    }
}

fn caption_of(view: &View) -> Phrase {
    let (zh, en) = match (&view.live, may_be_turned(&view.phase)) {
        (LiveView::Off, true) => ("按 L 打开取景", "press L to see what the camera sees"),
        (LiveView::Off, false) => ("取景关着", "live view is off"),
        (LiveView::Awaited, _) => ("等待取景画面", "waiting for the camera's live view"),
        (LiveView::Absent, true) => (
            "没有取景画面，请看相机上的取景器；按 L 再试",
            "no live view: look through the camera's viewfinder; L tries again",
        ),
        (LiveView::Absent, false) => {
            ("没有取景画面，请看相机上的取景器", "no live view: look through the camera's viewfinder")
        }
        (LiveView::Frame(_), true) => {
            ("取景（左右如镜子），按 L 关闭", "live view, as in a mirror; L turns it off")
        }
        (LiveView::Frame(_), false) => ("取景（左右如镜子）", "live view, as in a mirror"),
    };
    Phrase::new(zh, en)
}

/// Draws the one thing to mend under the picture, where it hides nobody: as large as fits.
fn hint_ui(ui: &mut Ui, words: &str, below: Rect) {
    let colours = theme::of(ui);
    let words = format!("{} {words}", theme::sign_of(Verdict::Warn));
    let line = |size: f32| ui.painter().layout_no_wrap(words.clone(), theme::bold_of(size), colours.on_veil);
    let taken = line(theme::HUGE).size();
    let scale = (HINT_WIDTH * below.width() / taken.x.max(1.0)).min(below.height() / taken.y.max(1.0));
    let size = theme::HUGE * scale.min(1.0);
    ui.painter().rect_filled(below, 0.0, colours.veil);
    ui.put(below, egui::Label::new(RichText::new(words).font(theme::bold_of(size)).color(colours.on_veil)));
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, RawInput, TextureId};

    use super::*;

    /// How a frame of this number and size goes to the graphics card: into which texture, and from which corner of it on
    /// (`None`: as a new one).
    fn uploads(
        ctx: &Context,
        film: &mut Film,
        number: u64,
        size: [usize; 2],
    ) -> Vec<(TextureId, Option<[usize; 2]>)> {
        let image = || ColorImage::from_gray(size, &vec![90; size[0] * size[1]]);
        let mut id = None;
        let mut shown = ctx.run_ui(RawInput::default(), |ui| {
            id = Some(film.texture(ui, "live", number, image).id);
        });
        let deltas = shown.textures_delta.set.remove(&id.unwrap()).unwrap_or_default();
        let uploads = deltas.iter().map(|delta| (id.unwrap(), delta.pos)).collect();
        shown.drop_without_applying_deltas();
        uploads
    }

    #[test]
    fn frames_are_painted_over_one_another_in_the_same_memory() {
        let (ctx, mut film) = (Context::default(), Film::default());
        let [(id, None)] = uploads(&ctx, &mut film, 1, [6, 4])[..] else { panic!("the first is new") };
        assert_eq!(uploads(&ctx, &mut film, 1, [6, 4]), [], "each once");
        assert_eq!(uploads(&ctx, &mut film, 2, [6, 4]), [(id, Some([0, 0]))]);
        assert_eq!(uploads(&ctx, &mut film, 3, [4, 6]), [(id, None)], "another size is another memory");
        assert_eq!(uploads(&ctx, &mut film, 4, [4, 6]), [(id, Some([0, 0]))]);
    }
}
