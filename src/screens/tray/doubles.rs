//! Students with two portraits of which none took the other's place, side by side: to be looked at, not to be changed. The
//! last one kept is delivered; a retake takes the place of both.

use eframe::egui::{Frame, Key, Margin, Panel, Rect, RichText, ScrollArea, Ui, pos2, vec2};

use super::{DoublePortrait, DoubleView, Page, TrayAsk, TrayDesk, TrayView, album::LARGE, foot_ui, heading};
use crate::{
    language::{Language, Phrase},
    screens::{
        day::sentence,
        offers::is_pressed,
        theme::{self, Tone},
    },
};

/// The names have this share of the width.
const NAMES: f32 = 0.28;

/// Below a picture: which it is, of which sitting, and whether it is delivered.
const CAPTION: f32 = 100.0;

/// So many portraits of a student are shown, the last ones.
const SIDE_BY_SIDE: usize = 3;

/// Draws the page.
pub(super) fn doubles_ui(
    ui: &mut Ui,
    language: Language,
    tray: &TrayView,
    desk: &mut TrayDesk,
) -> Option<TrayAsk> {
    let doubles = tray.doubles.as_deref().unwrap_or_default();
    desk.double = desk.double.min(doubles.len().saturating_sub(1));
    title_ui(ui, language, tray);
    let keys =
        [(Key::C, "C", Phrase::new("未归属", "strays")), (Key::Escape, "Esc", Phrase::new("返回", "back"))];
    if foot_ui(ui, language, &keys).is_some() {
        desk.page = Page::Strays;
    }
    if is_pressed(ui, Key::ArrowUp) {
        desk.double = desk.double.saturating_sub(1);
    } else if is_pressed(ui, Key::ArrowDown) && desk.double + 1 < doubles.len() {
        desk.double += 1;
    }
    let width = ui.available_width() * NAMES;
    let bare = Frame::new().inner_margin(Margin { left: 0, right: 16, top: 0, bottom: 0 });
    let panel =
        Panel::left("doubles").frame(bare).exact_size(width).resizable(false).show_separator_line(false);
    panel.show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            for (place, double) in doubles.iter().enumerate() {
                name_ui(ui, double, place == desk.double);
            }
        });
    });
    let marked = desk.double;
    if let Some(double) = doubles.get(marked) {
        pictures_ui(ui, language, tray, desk, double);
    }
    None
}

fn title_ui(ui: &mut Ui, language: Language, tray: &TrayView) {
    match tray.doubles.as_deref() {
        None => heading(ui, language, &Phrase::new("正在查找", "looking")),
        Some([]) => {
            let none = Phrase::new("没有考生有两张成品", "no student has two portraits");
            sentence(ui, Tone::Good, none.in_language(language), theme::LARGE);
        }
        Some(doubles) => {
            let count = doubles.len();
            let words = Phrase::new(format!("两张成品 {count} 人"), format!("two portraits: {count}"));
            heading(ui, language, &words);
            let said = Phrase::new(
                "交付最后保存的一张。要换一张：请考生到场，扫码后按 B 补拍；旧的仍保存在台账里",
                "the last one kept is delivered. For another one: scan the student's code and press B for a retake; \
                 the old ones stay on record",
            );
            ui.label(said.in_language(language));
        }
    }
}

fn name_ui(ui: &mut Ui, double: &DoubleView, is_marked: bool) {
    let colours = theme::of(ui);
    let text = RichText::new(double.who.name()).font(theme::bold_of(theme::TEXT));
    let frame = Frame::new().inner_margin(Margin::symmetric(10, 4));
    let (frame, text) =
        if is_marked { (frame.fill(colours.ready), text.color(colours.on_tone)) } else { (frame, text) };
    let row = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.label(text);
    });
    if is_marked {
        row.response.scroll_to_me(None);
    }
}

/// His portraits side by side, the oldest on the left.
fn pictures_ui(ui: &mut Ui, language: Language, tray: &TrayView, desk: &mut TrayDesk, double: &DoubleView) {
    let from = double.portraits.len().saturating_sub(SIDE_BY_SIDE);
    let shown: Vec<&DoublePortrait> = double.portraits.iter().skip(from).collect();
    let room = ui.available_rect_before_wrap();
    let width = room.width() / shown.len().max(1) as f32;
    for (place, portrait) in shown.iter().enumerate() {
        let left = room.min.x + width * place as f32;
        let column =
            Rect::from_min_size(pos2(left, room.min.y), vec2(width, room.height())).shrink2(vec2(4.0, 0.0));
        let (picture, caption) = column.split_top_bottom_at_y(column.max.y - CAPTION);
        desk.lightbox.show(ui, (&tray.album, language), (portrait.object, LARGE), picture);
        let mut ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(caption));
        caption_ui(&mut ui, language, portrait);
    }
}

fn caption_ui(ui: &mut Ui, language: Language, portrait: &DoublePortrait) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let (tone, words) = if portrait.current {
        (Tone::Good, Phrase::new("交付这一张", "this one is delivered"))
    } else {
        (Tone::Doubt, Phrase::new("不交付，等人决定", "not delivered; a person decides"))
    };
    sentence(ui, tone, words.in_language(language), theme::TEXT);
    let sitting = portrait.sitting.0;
    let of = Phrase::new(
        format!("第 {sitting} 次就座　{}", portrait.when),
        format!("sitting {sitting}, {}", portrait.when),
    );
    ui.label(of.in_language(language));
    let asked = if portrait.retake {
        Phrase::new("补拍：有人要求再拍", "a retake: somebody asked for it")
    } else {
        Phrase::new("不是补拍", "no retake")
    };
    ui.label(RichText::new(asked.in_language(language)).color(theme::of(ui).quiet));
}
