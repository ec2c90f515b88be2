//! 拍摄: the screen the photographer works in, read from two metres.
//!
//! ```text
//! ┌───────────────────────────────┬──────────────────┐
//! │                               │ banner           │
//! │ what the camera sees, or the  ├──────────────────┤
//! │ portrait beside the sample    │ who sits         │
//! │                               │ what is thought  │
//! │ one hint                      │ of the portrait  │
//! ├───────────────────────────────┤                  │
//! │ keys                          │ the last ones    │
//! ├───────────────────────────────┴──────────────────┤
//! │ the day, other screens; how the machines stand   │
//! └──────────────────────────────────────────────────┘
//! ```

use eframe::egui::{
    self, Align2, FontId, Frame, Margin, Panel, Rect, RichText, ScrollArea, Stroke, StrokeKind, Ui, Vec2,
};

use super::{
    banner::{Banner, banner_ui},
    card::{card_ui, student_ui},
    findings::opinions_ui,
    gallery::Gallery,
    live,
    offers::{Pressed, keys_ui, pressed},
    place::Place,
    sample::sample_ui,
    sight, strip, theme, ticks,
    troubles::troubles_ui,
    view::{LiveView, View},
};
use crate::{language::Phrase, portrait::Verdict, station::Phase};

/// What the camera sees has this share of the window's width.
pub(super) const PICTURES: f32 = 0.655;

/// The row of keys, with a margin above and below.
const KEYS_HEIGHT: f32 = 58.0;

/// The coloured edge around what the camera sees, in points: the state at the edge of the eye.
const EDGE: f32 = 6.0;

/// The line under a picture that says what it is.
const CAPTION: f32 = 30.0;

/// What is thought of a portrait has at least this height, in points, or the last ones are not shown.
const OPINIONS: f32 = 130.0;

/// About so high is the line of who sits, a smaller line, the name on his card where nothing is judged, and a finding with
/// what to do, in points.
const WHO: f32 = 48.0;
const LINE: f32 = 34.0;
const CARD_NAME: f32 = 74.0;
const FINDING: f32 = 60.0;

/// Draws the capture screen above the foot; returns what was asked for.
pub fn capture_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) -> Option<Pressed> {
    let banner = Banner::of(view);
    let tone = theme::of(ui).tone(banner.tone);
    let (mut clicked, mut goes) = (None, None);
    let beside = ui.available_width() * (1.0 - PICTURES);
    let bare = Frame::new().fill(theme::of(ui).panel);
    Panel::right("beside").frame(bare).exact_size(beside).resizable(false).show(ui, |ui| {
        banner_ui(ui, view, &banner);
        let inner = Frame::new().inner_margin(Margin::symmetric(14, 6));
        goes = inner.show(ui, |ui| beside_ui(ui, view, gallery)).inner;
    });
    // Always there, so that nothing jumps when the keys change.
    let row = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(14, 0));
    Panel::bottom("keys").frame(row).exact_size(KEYS_HEIGHT).resizable(false).show(ui, |ui| {
        clicked = keys_ui(ui, view);
    });
    egui::CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        let room = ui.available_rect_before_wrap();
        pictures_ui(ui, view, room, gallery);
        ui.painter().rect_stroke(room, 0.0, Stroke::new(EDGE, tone), StrokeKind::Inside);
    });
    clicked.or_else(|| goes.map(Pressed::Go)).or_else(|| pressed(ui, view))
}

/// What the camera sees while it is the shutter's turn; else the last portrait beside the sample.
fn pictures_ui(ui: &mut Ui, view: &View, whole: Rect, gallery: &mut Gallery) {
    let is_seen = matches!(view.live, LiveView::Frame(_));
    let goes_first = is_seen && matches!(view.phase, Phase::CodeScanned(_));
    let is_its_turn = goes_first || view.portrait.is_none();
    if !(is_its_turn && is_seen) {
        ui.painter().rect_filled(whole, 0.0, theme::of(ui).ground);
    }
    let room = whole.shrink(EDGE);
    if is_its_turn && live::live_ui(ui, view, (whole, room), &mut gallery.film) {
        return;
    }
    let portrait = view.portrait.as_ref();
    let texture = portrait.and_then(|portrait| gallery.portrait(ui, &portrait.jpeg, portrait.sha256));
    let Some(texture) = texture else {
        let words = Phrase::new("照片会显示在这里", "the portrait appears here");
        let font = FontId::new(theme::LARGE, egui::FontFamily::Proportional);
        let colour = theme::of(ui).quiet_on_ground;
        let words = words.in_language(view.language);
        ui.painter().text(room.center(), Align2::CENTER_CENTER, words, font, colour);
        return;
    };
    let (pictures, captions) = room.split_top_bottom_at_y(room.max.y - CAPTION);
    let (left, right) = pictures.split_left_right_at_x(pictures.center().x);
    let (own, sample) = (left.shrink(6.0), right.shrink(6.0));
    egui::Image::new(&texture).paint_at(ui, fitted(texture.size_vec2(), own));
    let place = fitted(texture.size_vec2(), sample);
    sample_ui(ui, &view.frame, view.language, place);
    let (under_own, under_sample) = captions.split_left_right_at_x(captions.center().x);
    caption(ui, view, under_own, &Phrase::new("成品", "the portrait"));
    caption(ui, view, under_sample, &Phrase::new("样照：位置和背景照此", "the sample: places and cloth"));
}

fn caption(ui: &Ui, view: &View, place: Rect, words: &Phrase) {
    let (font, colour) = (theme::bold_of(theme::TEXT), theme::of(ui).quiet_on_ground);
    ui.painter().text(place.center(), Align2::CENTER_CENTER, words.in_language(view.language), font, colour);
}

/// Real proportions, as large as there is room.
pub(super) fn fitted(size: Vec2, room: Rect) -> Rect {
    let scale = (room.width() / size.x).min(room.height() / size.y);
    Rect::from_center_size(room.center(), size * scale)
}

/// About how high that is which must be seen whatever else is wrong: who sits, who comes next, what is thought of a
/// portrait or what the webcam sees.
fn needed(view: &View) -> f32 {
    let next = LINE * view.line.len() as f32;
    let card = view.card.as_ref().map_or(0.0, |card| {
        let name = if view.portrait.is_some() { WHO } else { CARD_NAME };
        let lines = [card.class.is_some(), card.student_number.is_some(), card.unverified];
        name + LINE * lines.into_iter().filter(|is_there| *is_there).count() as f32
    });
    let judged = match &view.portrait {
        Some(portrait) if view.declined.is_none() => {
            let wrong = portrait.findings.iter().filter(|finding| finding.answer.verdict != Verdict::Pass);
            let ticks = if portrait.verdict == Verdict::Fail { 0.0 } else { 2.0 * LINE };
            ticks + (FINDING * wrong.count() as f32).clamp(LINE, 3.0 * FINDING) + EDGE
        }
        _ if view.declined.is_some() || sight::is_shown(view) => OPINIONS,
        _ => 0.0,
    };
    WHO + next + card + judged
}

/// What is wrong; who sits; what is thought of his portrait, or what the webcam sees; the last ones. Returns where the
/// operator wants to go.
fn beside_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) -> Option<Place> {
    ui.spacing_mut().item_spacing.y = 4.0;
    // Where there is little room, who sits and what is thought of his portrait go before all that is wrong besides.
    let goes = troubles_ui(ui, view, ui.available_height() - needed(view));
    student_ui(ui, view);
    card_ui(ui, view);
    // And before the last ones.
    let judged = if view.portrait.is_some() || view.declined.is_some() { OPINIONS } else { 0.0 };
    if ui.available_height() >= strip::HEIGHT + judged {
        Panel::bottom("last")
            .frame(Frame::new())
            .exact_size(strip::HEIGHT)
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| {
                strip::strip_ui(ui, view, gallery);
            });
    }
    ui.separator();
    if sight::is_shown(view) {
        sight::sight_ui(ui, view, &mut gallery.sight);
        return goes;
    }
    ticks::ticks_ui(ui, view);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().min_scrolled_height(0.0).show(ui, |ui| {
        if let Some(why) = &view.declined {
            let text = RichText::new(why.in_language(view.language)).font(theme::bold_of(theme::LARGE));
            ui.label(text.color(theme::of(ui).wrong));
            return;
        }
        let Some(portrait) = &view.portrait else { return };
        opinions_ui(ui, view.language, &portrait.findings);
    });
    goes
}
