//! 收工: what waits for delivery, what was kept today, and whether the counts agree.

use eframe::egui::{CentralPanel, Frame, Margin, RichText, Ui};

use super::{theme, view::View};
use crate::{language::Phrase, ledger::Tally};

/// Everything the day's end shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayView {
    /// Counts.
    pub tally: Tally,
}

/// What the operator asked for at the day's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayAsk {}

/// What the day's screen remembers from frame to frame.
#[derive(Debug, Default)]
pub(super) struct DayDesk {}

/// Draws the day's end.
pub(super) fn day_ui(ui: &mut Ui, view: &View, day: &DayView, _desk: &mut DayDesk) -> Option<DayAsk> {
    let frame = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::same(20));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let Tally { students, today, sittings, shots, strays, waiting } = day.tally;
        for (phrase, count) in [
            (Phrase::new("今日保存", "kept today"), today),
            (Phrase::new("共有成品的考生", "students with a portrait"), students),
            (Phrase::new("就座", "sittings"), sittings),
            (Phrase::new("原片", "shots"), shots),
            (Phrase::new("未归属", "strays"), strays),
            (Phrase::new("待交付", "waiting for delivery"), waiting),
        ] {
            ui.horizontal(|ui| {
                ui.label(RichText::new(phrase.in_language(view.language)).font(theme::bold_of(theme::LARGE)));
                ui.label(RichText::new(count.to_string()).font(theme::bold_of(theme::LARGE)));
            });
        }
    });
    None
}
