//! What only a person can judge, in one calm line beside a portrait.

use eframe::egui::{RichText, Ui};

use super::{theme, view::View};
use crate::{profile::Tick, station::Phase};

/// Draws the line while a portrait is looked at that may be kept; nothing otherwise.
pub(super) fn ticks_ui(ui: &mut Ui, view: &View) {
    let is_looked_at = matches!(&view.phase, Phase::Reviewing(_, take) if take.portrait.is_acceptable());
    if let Some(line) = Tick::line(&view.ticks).filter(|_| is_looked_at) {
        ui.label(RichText::new(line.in_language(view.language)).color(theme::of(ui).quiet));
    }
}
