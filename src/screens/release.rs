//! The one key that appears when another program holds the camera.

use eframe::egui::{Button, Key, Modifiers, Panel, RichText, Sense, Ui, vec2};

use super::{theme, view::View};
use crate::language::Phrase;

/// The key: nothing else on this screen is so far from the others.
const KEY: Key = Key::F9;

/// Draws the button while another program holds the camera; returns whether the operator wants it released.
pub fn release_ui(ui: &mut Ui, view: &View) -> bool {
    if !view.camera.held || view.camera.connected {
        return false;
    }
    let word = Phrase::new("释放相机  [F9]", "release the camera  [F9]");
    let mut clicked = false;
    Panel::bottom("release").show(ui, |ui| {
        let text = RichText::new(word.in_language(view.language)).font(theme::bold_of(theme::LARGE));
        // Never the keyboard's focus, as the other keys.
        let button = Button::new(text).sense(Sense::CLICK);
        clicked = ui.add_sized(vec2(ui.available_width(), 56.0), button).clicked();
    });
    clicked || ui.input_mut(|input| input.consume_key(Modifiers::NONE, KEY))
}
