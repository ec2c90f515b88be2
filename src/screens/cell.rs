//! A word at the left of a place of its own, so that what stands beside it begins at the same edge in every line.

use eframe::egui::{Align, Layout, Response, RichText, Ui, Vec2};

/// Draws the word into a place of this size.
pub(super) fn cell(ui: &mut Ui, size: Vec2, word: RichText) -> Response {
    let left = Layout::left_to_right(Align::Center);
    let place = ui.allocate_ui_with_layout(size, left, |ui| {
        ui.set_min_size(size);
        ui.label(word)
    });
    place.inner
}
