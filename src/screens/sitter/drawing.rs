//! How the sitter's screen is drawn: everything grows with the window, because nobody knows how large that is.

use std::f32::consts::TAU;

use eframe::egui::{
    self, Color32, ColorImage, CornerRadius, FontId, Label, Pos2, Rect, RichText, Shape, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2,
};

use super::{Kept, Scene, SitterView, Who};
use crate::{
    language::Phrase,
    portrait,
    screens::{
        capture::fitted,
        live::{Film, MIRRORED},
        theme,
        view::LiveFrame,
    },
    shot::Digest,
};

/// The line at the top and the one at the bottom, as shares of the window's height.
const TOP: f32 = 0.1;
const BOTTOM: f32 = 0.2;

/// Letters, as shares of the window's height.
const NAME: f32 = 0.06;
const SENTENCE: f32 = 0.09;

/// A sentence takes at most this share of the window's width.
const WIDEST: f32 = 0.94;

/// Straight pieces of an ellipse.
const PIECES: u16 = 72;

/// A code's corner mark has this many modules a side.
const MARK: f32 = 7.0;

/// And the drawn code so many.
const MODULES: f32 = 21.0;

/// The pictures that the sitter's window has uploaded; each is uploaded once. It has its own, apart from those of the
/// operator's window: the frames are decoded by the viewfinder's thread for both.
#[derive(Default)]
pub struct SitterGallery {
    film: Film,
    kept: Option<(Digest, TextureHandle)>,
}

impl std::fmt::Debug for SitterGallery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SitterGallery").finish_non_exhaustive()
    }
}

impl SitterGallery {
    /// Of nobody a picture stays longer than it is shown.
    fn forget_but(&mut self, scene: &Scene) {
        if !matches!(scene, Scene::Kept(_)) {
            self.kept = None;
        }
        if !matches!(scene, Scene::Seated { live: Some(_), .. }) {
            self.film = Film::default();
        }
    }

    fn kept(&mut self, ui: &Ui, kept: &Kept) -> Option<&TextureHandle> {
        if self.kept.as_ref().is_none_or(|(shown, _)| *shown != kept.sha256) {
            let picture = portrait::decode(&kept.jpeg).ok()?;
            let size = [picture.width as usize, picture.height as usize];
            let image = ColorImage::from_rgb(size, &picture.pixels);
            let texture = ui.ctx().load_texture("kept", image, TextureOptions::LINEAR);
            self.kept = Some((kept.sha256, texture));
        }
        self.kept.as_ref().map(|(_, texture)| texture)
    }
}

/// Draws the sitter's screen.
pub fn sitter_ui(ui: &mut Ui, view: &SitterView, gallery: &mut SitterGallery) {
    gallery.forget_but(&view.scene);
    let window = ui.max_rect();
    ui.painter().rect_filled(window, 0.0, theme::DARK.ground);
    let (top, rest) = window.split_top_bottom_at_y(window.min.y + TOP * window.height());
    let (middle, bottom) = rest.split_top_bottom_at_y(rest.max.y - BOTTOM * window.height());
    let say = |words: &Phrase| words.in_language(view.language).to_owned();
    top_ui(ui, view, top);
    match &view.scene {
        Scene::Welcome => {
            phone_ui(ui, middle);
            sentence_ui(ui, bottom, &say(&show_the_code()), theme::DARK.words);
        }
        Scene::Asked => {
            let words = Phrase::new("工作人员正在核对，请稍等", "one moment: the operator is checking");
            sentence_ui(ui, middle, &say(&words), theme::DARK.words);
        }
        Scene::Seated { live, hint, is_to_mend } => {
            live_ui(ui, live.as_ref(), middle, gallery);
            let (sign, colour) =
                if *is_to_mend { ("▲", theme::DARK.doubt) } else { ("●", theme::DARK.words) };
            sentence_ui(ui, bottom, &format!("{sign} {}", say(hint)), colour);
        }
        Scene::Checking => {
            sentence_ui(
                ui,
                middle,
                &say(&Phrase::new("请稍候，先别起身", "one moment, stay seated")),
                theme::DARK.working,
            );
        }
        Scene::Again(why) => {
            sentence_ui(ui, middle, &format!("▲ {}", say(why)), theme::DARK.doubt);
            sentence_ui(ui, bottom, &say(&Phrase::new("先别起身", "stay seated")), theme::DARK.words);
        }
        Scene::Kept(kept) => kept_ui(ui, kept.as_ref(), (middle, bottom), gallery, &say(&done())),
    }
}

fn show_the_code() -> Phrase {
    Phrase::new("请出示采集码", "please show your capture code")
}

fn done() -> Phrase {
    Phrase::new("✓ 拍好了", "✓ done")
}

/// Who sits, or what this is all about; and whether it is earnest.
fn top_ui(ui: &mut Ui, view: &SitterView, line: Rect) {
    let size = NAME * line.height() / TOP;
    let line = line.shrink2(vec2(size * 0.6, 0.0));
    let mark = view.rehearsal.then(|| Phrase::new("演练", "REHEARSAL"));
    let mark = mark.as_ref().map(|mark| mark.in_language(view.language));
    let mark_width = mark.map_or(0.0, |mark| width(ui, mark, size));
    let (left, right) = line.split_left_right_at_x(line.max.x - mark_width);
    if let Some(mark) = mark {
        let text = RichText::new(mark).font(theme::bold_of(size)).color(theme::DARK.doubt);
        ui.put(right, Label::new(text));
    }
    let (words, colour) = match &view.who {
        Some(Who { name, last_four }) => {
            let check = Phrase::new("请核对姓名", "is this you?");
            (format!("{name}  {last_four}　{}", check.in_language(view.language)), theme::DARK.words)
        }
        None => (view.job.clone(), theme::DARK.quiet),
    };
    put_words(ui, left, &words, size, colour);
}

/// One sentence in the middle of a place, as large as it fits.
fn sentence_ui(ui: &mut Ui, place: Rect, words: &str, colour: Color32) {
    let size = SENTENCE * ui.max_rect().height();
    put_words(ui, place, words, size, colour);
}

/// Words in the middle of a place, smaller where they would be too wide.
fn put_words(ui: &mut Ui, place: Rect, words: &str, size: f32, colour: Color32) {
    let wide = width(ui, words, size).max(1.0);
    let size = (size * (WIDEST * place.width() / wide).min(1.0)).max(theme::TEXT);
    ui.put(place, Label::new(RichText::new(words).font(theme::bold_of(size)).color(colour)));
}

fn width(ui: &Ui, words: &str, size: f32) -> f32 {
    let font: FontId = theme::bold_of(size);
    ui.painter().layout_no_wrap(words.to_owned(), font, theme::DARK.words).size().x
}

/// Himself as in a mirror, and the outline to sit in.
fn live_ui(ui: &mut Ui, live: Option<&LiveFrame>, room: Rect, gallery: &mut SitterGallery) {
    let mut place = fitted(vec2(3.0, 2.0), room);
    if let Some(frame) = live {
        let size = [frame.picture.width as usize, frame.picture.height as usize];
        let image = || ColorImage::from_rgb(size, &frame.picture.pixels);
        let texture = gallery.film.texture(ui, "sitter", frame.number, image);
        place = fitted(texture.size, room);
        egui::Image::new(texture).uv(MIRRORED).paint_at(ui, place);
    }
    outline(ui, place);
}

/// Head and shoulders: light upon dark, so that it is seen on every picture. A head of a third of the picture's height
/// leaves room for the crop on all sides.
fn outline(ui: &Ui, picture: Rect) {
    let painter = ui.painter().with_clip_rect(picture);
    let height = picture.height();
    let middle = |y: f32| pos2(picture.center().x, picture.min.y + y * height);
    let head = ellipse(middle(0.53), vec2(0.125, 0.165) * height);
    let shoulders = ellipse(middle(1.04), vec2(0.38, 0.3) * height);
    for (thickness, colour) in [(9.0, theme::DARK.veil), (4.0, theme::DARK.words)] {
        for line in [&head, &shoulders] {
            painter.add(Shape::closed_line(line.clone(), Stroke::new(thickness, colour)));
        }
    }
}

fn ellipse(middle: Pos2, half: Vec2) -> Vec<Pos2> {
    let at = |n: u16| TAU * f32::from(n) / f32::from(PIECES);
    (0..PIECES).map(|n| middle + vec2(at(n).cos() * half.x, at(n).sin() * half.y)).collect()
}

/// His portrait at its real proportions, with a tick below it; only the tick where the portrait is not his for sure.
fn kept_ui(
    ui: &mut Ui,
    kept: Option<&Kept>,
    (middle, bottom): (Rect, Rect),
    gallery: &mut SitterGallery,
    words: &str,
) {
    let texture = kept.and_then(|kept| gallery.kept(ui, kept));
    let Some(texture) = texture else {
        return sentence_ui(ui, middle, words, theme::DARK.good);
    };
    egui::Image::new(texture).paint_at(ui, fitted(texture.size_vec2(), middle));
    sentence_ui(ui, bottom, words, theme::DARK.good);
}

/// A phone with a code on it: a sign, and no code that could be read.
fn phone_ui(ui: &Ui, room: Rect) {
    let phone = fitted(vec2(9.0, 16.0), room.shrink(room.height() * 0.06));
    let painter = ui.painter();
    let thick = phone.width() * 0.05;
    let round = CornerRadius::same((thick * 2.0).min(250.0) as u8);
    painter.rect(phone, round, theme::DARK.raised, Stroke::new(thick, theme::DARK.words), StrokeKind::Inside);
    let screen = Rect::from_center_size(phone.center(), Vec2::splat(phone.width() * 0.72));
    painter.rect_filled(screen, 0.0, theme::DARK.words);
    let module = screen.width() / (MODULES + 2.0);
    let at = |x: f32, y: f32, side: f32| {
        let corner = screen.min + vec2(x + 1.0, y + 1.0) * module;
        Rect::from_min_size(corner, Vec2::splat(side * module))
    };
    let far = MODULES - MARK;
    for (x, y) in [(0.0, 0.0), (far, 0.0), (0.0, far)] {
        painter.rect_filled(at(x, y, MARK), 0.0, theme::DARK.ground);
        painter.rect_filled(at(x + 1.0, y + 1.0, MARK - 2.0), 0.0, theme::DARK.words);
        painter.rect_filled(at(x + 2.0, y + 2.0, MARK - 4.0), 0.0, theme::DARK.ground);
    }
    for (x, y) in [(9, 1), (11, 4), (9, 9), (1, 9), (4, 11), (12, 12), (16, 10), (10, 16), (14, 18), (18, 14)]
    {
        painter.rect_filled(at(f32::from(x as u8), f32::from(y as u8), 2.0), 0.0, theme::DARK.ground);
    }
}
