//! 检查点: the journal counted and signed, as a code and as text, for the school to keep. Whoever has it can say later
//! whether anything before it was changed.

use eframe::egui::{Color32, Key, Label, Rect, RichText, ScrollArea, Sense, Ui, Vec2, pos2, vec2};

use super::{CheckpointView, DayAsk, key_button, sentence};
use crate::{
    language::{Language, Phrase},
    ledger::Note,
    paper::QrModules,
    screens::theme::{self, Tone},
};

/// A reader wants so many light modules around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code has at most this share of the width.
const SHARE: f32 = 0.5;

/// Draws the page.
pub(super) fn checkpoint_ui(ui: &mut Ui, language: Language, view: &CheckpointView) -> Option<DayAsk> {
    for (tone, words) in said(view) {
        sentence(ui, tone, words.in_language(language), theme::LARGE);
    }
    let mut ask = None;
    ui.horizontal(|ui| {
        let again = Phrase::new("重新生成", "make it anew");
        if !view.is_making && key_button(ui, language, (Key::Q, "Q"), &again, false) {
            ask = Some(DayAsk::OpenCheckpoint);
        }
        if key_button(ui, language, (Key::Escape, "Esc"), &Phrase::new("返回", "back"), false) {
            ask = Some(DayAsk::CloseCheckpoint);
        }
    });
    ui.add_space(10.0);
    if let Some(noted) = &view.noted {
        ui.horizontal_top(|ui| {
            let room = ui.available_size();
            if let Some(code) = &noted.code {
                code_ui(ui, code, room.y.min(room.x * SHARE));
                ui.add_space(20.0);
            }
            text_ui(ui, language, &noted.note);
        });
    }
    ask
}

/// How it stands, and what to do with it.
fn said(view: &CheckpointView) -> Vec<(Tone, Phrase)> {
    if let Some(words) = &view.trouble {
        let line = |language| words.line(language);
        return vec![(Tone::Wrong, Phrase::new(line(Language::Chinese), line(Language::English)))];
    }
    if view.is_making {
        return vec![(Tone::Working, Phrase::new("正在生成检查点", "the checkpoint is being made"))];
    }
    let mut said = Vec::new();
    if view.is_unsigned {
        said.push((
            Tone::Doubt,
            Phrase::new(
                "没有人登录，本站的密钥没有打开：不能生成新的检查点",
                "nobody has logged in, and the station's key is locked: no new checkpoint can be made",
            ),
        ));
    }
    said.push(match &view.noted {
        Some(noted) => {
            let (checkpoint, when) = (&noted.note.checkpoint, &noted.when);
            let (size, shots, kept) = (checkpoint.size, checkpoint.shots, checkpoint.kept);
            (
                if view.is_unsigned { Tone::Waiting } else { Tone::Good },
                Phrase::new(
                    format!("{when} 检查点：流水 {size} 行，原片 {shots} 张，成品 {kept} 张"),
                    format!("checkpoint of {when}: {size} lines, {shots} shots, {kept} portraits"),
                ),
            )
        }
        None => (Tone::Waiting, Phrase::new("还没有检查点", "there is no checkpoint yet")),
    });
    said
}

/// Draws a code: dark on light in either theme, or no phone reads it.
fn code_ui(ui: &mut Ui, code: &QrModules, side: f32) {
    let (place, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(place, 0.0, Color32::WHITE);
    // Whole points, so that no module is narrower than another.
    let module = (side / (code.side() + 2 * QUIET) as f32).floor();
    let corner = place.center() - Vec2::splat(module * code.side() as f32 / 2.0);
    let corner = pos2(corner.x.round(), corner.y.round());
    for (column, row, length) in code.runs() {
        let from = corner + vec2(column as f32, row as f32) * module;
        let run = Rect::from_min_size(from, vec2(length as f32 * module, module));
        painter.rect_filled(run, 0.0, Color32::BLACK);
    }
}

fn text_ui(ui: &mut Ui, language: Language, note: &Note) {
    ui.vertical(|ui| {
        let what = Phrase::new(
            "请学校拍下或抄下这个码，当天保存在自己手里。以后用 caiying verify --checkpoint 核对：\
             在它之前的流水少一行、改一字都能发现",
            "the school photographs this code and keeps it. Later caiying verify --checkpoint finds whatever was \
             changed or removed before it",
        );
        ui.add(Label::new(what.in_language(language)).wrap());
        ui.add_space(8.0);
        ScrollArea::vertical().id_salt("note").show(ui, |ui| {
            let text = RichText::new(note.text()).color(theme::of(ui).quiet);
            ui.add(Label::new(text).wrap());
        });
    });
}
