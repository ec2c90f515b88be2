//! The strays as small pictures, newest first, and what is known of the one that is marked.

use eframe::egui::{
    Align2, Frame, Key, Margin, Panel, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, vec2,
};

use super::{Page, StrayView, TrayAsk, TrayDesk, TrayView, album::SMALL, foot_ui, heading, particulars};
use crate::{
    language::{Language, Phrase},
    screens::{
        day::sentence,
        offers::is_pressed,
        theme::{self, Tone},
    },
};

/// A small picture with its time below, in points.
const CELL: Vec2 = vec2(172.0, 152.0);

/// From one to the next.
const GAP: f32 = 8.0;

/// The time below a picture.
const CAPTION: f32 = 30.0;

/// What is known of the marked one has this share of the width.
const BESIDE: f32 = 0.34;

/// Draws the strays.
pub(super) fn grid_ui(
    ui: &mut Ui,
    language: Language,
    tray: &TrayView,
    desk: &mut TrayDesk,
) -> Option<TrayAsk> {
    let strays = tray.strays.as_deref().unwrap_or_default();
    let marked = marked(strays, desk);
    title_ui(ui, language, tray);
    let open = (Key::Enter, Phrase::new("回车", "Enter"), Phrase::new("打开", "open"));
    let doubles = tray.doubles.as_deref().map_or(0, <[_]>::len);
    let doubles = Phrase::new(format!("两张成品 {doubles} 人"), format!("two portraits: {doubles}"));
    let mut keys = vec![(Key::C, "C", doubles)];
    if marked.is_some() {
        keys.insert(0, (open.0, open.1.in_language(language), open.2));
    }
    let pressed = foot_ui(ui, language, &keys);
    let beside = ui.available_width() * BESIDE;
    let bare = Frame::new().inner_margin(Margin { left: 16, right: 0, top: 0, bottom: 0 });
    let panel =
        Panel::right("marked").frame(bare).exact_size(beside).resizable(false).show_separator_line(false);
    panel.show(ui, |ui| {
        if let Some(stray) = marked {
            marked_ui(ui, language, stray);
        }
    });
    let across = ((ui.available_width() - 12.0 + GAP) / (CELL.x + GAP)).floor().max(1.0) as usize;
    let marked = marked.map(|stray| stray.shot);
    let moved = moved(ui, strays, marked, across);
    let clicked = cells_ui(ui, language, tray, desk, (strays, across));
    desk.marked = clicked.or(moved).or(marked);
    match pressed {
        Some(Key::C) => {
            desk.page = Page::Doubles;
            None
        }
        Some(_) => marked.map(TrayAsk::Open),
        None => None,
    }
}

/// The stray that is marked; the newest when the one that was has gone.
fn marked<'a>(strays: &'a [StrayView], desk: &TrayDesk) -> Option<&'a StrayView> {
    let found = strays.iter().find(|stray| Some(stray.shot) == desk.marked);
    found.or(strays.first())
}

fn title_ui(ui: &mut Ui, language: Language, tray: &TrayView) {
    match tray.strays.as_deref() {
        None => heading(ui, language, &Phrase::new("正在查找未归属的照片", "looking for strays")),
        Some([]) => {
            let none = Phrase::new("没有未归属的照片", "no strays");
            sentence(ui, Tone::Good, none.in_language(language), theme::LARGE);
        }
        Some(strays) => {
            let count = strays.len();
            let words = Phrase::new(
                format!("未归属 {count} 张：方向键选一张，回车打开"),
                format!("strays: {count}. Arrows choose one, Enter opens it"),
            );
            heading(ui, language, &words);
        }
    }
}

/// Where an arrow leads.
fn moved(
    ui: &Ui,
    strays: &[StrayView],
    marked: Option<crate::shot::ShotId>,
    across: usize,
) -> Option<crate::shot::ShotId> {
    let here = strays.iter().position(|stray| Some(stray.shot) == marked)?;
    let steps = [
        (Key::ArrowLeft, here.checked_sub(1)),
        (Key::ArrowRight, here.checked_add(1)),
        (Key::ArrowUp, here.checked_sub(across)),
        (Key::ArrowDown, here.checked_add(across)),
    ];
    let there = steps.into_iter().find(|(key, _)| is_pressed(ui, *key)).and_then(|(_, there)| there)?;
    strays.get(there).map(|stray| stray.shot)
}

/// The pictures; only those in sight are asked for. Returns the one that was clicked.
fn cells_ui(
    ui: &mut Ui,
    language: Language,
    tray: &TrayView,
    desk: &mut TrayDesk,
    (strays, across): (&[StrayView], usize),
) -> Option<crate::shot::ShotId> {
    let marked = marked(strays, desk).map(|stray| stray.shot);
    let mut clicked = None;
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, GAP);
        for row in strays.chunks(across) {
            ui.horizontal(|ui| {
                for stray in row {
                    let (place, response) = ui.allocate_exact_size(CELL, Sense::CLICK);
                    let is_marked = Some(stray.shot) == marked;
                    if is_marked && desk.marked != marked {
                        desk.marked = marked;
                        response.scroll_to_me(None);
                    }
                    if ui.is_rect_visible(place) {
                        cell_ui(ui, language, (tray, desk), stray, (place, is_marked));
                    }
                    if response.clicked() {
                        clicked = Some(stray.shot);
                    }
                }
            });
        }
    });
    clicked
}

fn cell_ui(
    ui: &Ui,
    language: Language,
    (tray, desk): (&TrayView, &mut TrayDesk),
    stray: &StrayView,
    (place, is_marked): (Rect, bool),
) {
    let colours = theme::of(ui);
    let (picture, caption) = place.split_top_bottom_at_y(place.max.y - CAPTION);
    desk.lightbox.show(ui, (&tray.album, language), (stray.object, SMALL), picture);
    let (fill, words) =
        if is_marked { (colours.ready, colours.on_tone) } else { (colours.raised, colours.words) };
    ui.painter().rect_filled(caption, 0.0, fill);
    let sign = if stray.disowned.is_some() || !stray.is_dated { "▲ " } else { "" };
    let text = format!("{sign}{}", stray.when);
    ui.painter().text(caption.center(), Align2::CENTER_CENTER, text, theme::bold_of(theme::TEXT), words);
    if is_marked {
        ui.painter().rect_stroke(place, 0.0, Stroke::new(4.0, colours.ready), StrokeKind::Inside);
    }
}

/// What is known of the marked one.
fn marked_ui(ui: &mut Ui, language: Language, stray: &StrayView) {
    let number = stray.shot.0;
    let title =
        Phrase::new(format!("原片 {number}　{}", stray.when), format!("shot {number}, {}", stray.when));
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::LARGE)));
    for (tone, words) in particulars(stray, language) {
        sentence(ui, tone, &words, theme::TEXT);
    }
}
