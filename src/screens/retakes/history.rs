//! What happened to one student: his sittings side by side, the newest first, each with its portrait and what was said.

use std::{fmt, sync::Arc};

use eframe::egui::{Image, Label, Rect, RichText, ScrollArea, Sense, Ui, vec2};

use super::{Person, PersonView, Stands};
use crate::{
    language::{Language, Phrase},
    screens::{
        capture::fitted,
        day::fact_words,
        gallery::Gallery,
        theme::{self, Tone},
    },
    shot::Digest,
    station::Fact,
};

/// A portrait of the past, in points.
const HEIGHT: f32 = 190.0;

/// What happened to one student.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// To whom.
    pub of: Person,
    /// His sittings, oldest first.
    pub sittings: Vec<PastView>,
}

/// One sitting; its `Debug` form shows nobody.
#[derive(Clone, PartialEq)]
pub struct PastView {
    /// Date and time of day.
    pub when: String,
    /// Whether it was an explicit retake.
    pub retake: bool,
    /// What was written down of it, in its order.
    pub facts: Vec<Fact>,
    /// The portrait and the SHA-256 of its file, if one was kept.
    pub portrait: Option<(Digest, Arc<[u8]>)>,
    /// Whether one was kept whose file is missing or damaged.
    pub unreadable: bool,
    /// Whether it is the one that is delivered.
    pub current: bool,
}

impl fmt::Debug for PastView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastView").field("when", &self.when).finish_non_exhaustive()
    }
}

/// Draws the history of whoever is chosen.
pub(super) fn history_ui(
    ui: &mut Ui,
    language: Language,
    person: Option<&PersonView>,
    history: Option<&HistoryView>,
    gallery: &mut Gallery,
) {
    let colours = theme::of(ui);
    let strong = |words: &str, size: f32| RichText::new(words).font(theme::bold_of(size));
    let Some(person) = person else {
        let words = Phrase::new(
            "上下键选一位考生，这里显示他每次就座的经过",
            "choose somebody with the arrow keys to see what happened",
        );
        ui.add(Label::new(RichText::new(words.in_language(language)).color(colours.quiet)).wrap());
        return;
    };
    ui.label(strong(&person.name, theme::LARGE));
    let (tone, words) = stands(person);
    let text = format!("{} {}", tone.sign(), words.in_language(language));
    ui.add(Label::new(strong(&text, theme::TEXT).color(colours.tone(tone))).wrap());
    ui.separator();
    let Some(history) = history else { return };
    if history.sittings.is_empty() {
        let words = Phrase::new("这台采集站上没有他的记录", "nothing is on record here");
        ui.label(RichText::new(words.in_language(language)).color(colours.quiet));
    }
    portraits_ui(ui, language, history, gallery);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for past in history.sittings.iter().rev() {
            let kind = match (past.retake, language) {
                (true, Language::Chinese) => "（补拍）",
                (true, Language::English) => " (retake)",
                (false, _) => "",
            };
            ui.label(strong(&format!("{}{kind}", past.when), theme::TEXT));
            if past.unreadable {
                let words = Phrase::new(
                    "× 成品文件读不出：按 F5 核验数据，请技术人员处理",
                    "× its portrait cannot be read: verify the store (F5), and call for help",
                );
                let text = RichText::new(words.in_language(language)).color(colours.wrong);
                ui.add(Label::new(text).wrap());
            }
            for fact in &past.facts {
                let words = fact_words(fact);
                ui.add(Label::new(RichText::new(words.in_language(language)).color(colours.quiet)).wrap());
            }
        }
    });
}

/// The portraits side by side, the newest first; which one is delivered stands below it.
fn portraits_ui(ui: &mut Ui, language: Language, history: &HistoryView, gallery: &mut Gallery) {
    let colours = theme::of(ui);
    ScrollArea::horizontal().id_salt("portraits").show(ui, |ui| {
        ui.horizontal(|ui| {
            for past in history.sittings.iter().rev() {
                let Some((sha256, jpeg)) = &past.portrait else { continue };
                let Some(texture) = gallery.portrait(ui, jpeg, *sha256) else { continue };
                ui.vertical(|ui| {
                    let size = texture.size_vec2();
                    let width = HEIGHT * size.x / size.y.max(1.0);
                    let (place, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
                    Image::new(&texture)
                        .paint_at(ui, fitted(size, Rect::from_min_size(place.min, place.size())));
                    let (tone, words) = if past.current {
                        (Tone::Good, Phrase::new("交付这张", "delivered"))
                    } else {
                        (Tone::Waiting, Phrase::new("已被取代", "superseded"))
                    };
                    let text = format!("{} {}", tone.sign(), words.in_language(language));
                    ui.label(RichText::new(text).color(colours.tone(tone)));
                });
            }
        });
    });
}

/// How it stands with him, and what to do.
fn stands(person: &PersonView) -> (Tone, Phrase) {
    match (&person.stands, person.is_listed()) {
        (Stands::Missing, _) => {
            (Tone::Ready, Phrase::new("还没有拍：回车就座", "not here yet: Enter seats him"))
        }
        (Stands::Kept, true) => (
            Tone::Good,
            Phrase::new("已有成品：确需补拍，回车后按 B", "has one: Enter, then B, for a retake"),
        ),
        (Stands::Kept, false) => (Tone::Good, Phrase::new("已有成品", "has one")),
        (Stands::Left(Some(fact)), _) => {
            let said = fact_words(fact);
            (
                Tone::Doubt,
                Phrase::new(format!("来过没有成品。{}", said.zh), format!("left without one. {}", said.en)),
            )
        }
        (Stands::Left(None), _) => {
            (Tone::Doubt, Phrase::new("来过没有成品：请他再来", "left without one: ask him to come again"))
        }
    }
}
