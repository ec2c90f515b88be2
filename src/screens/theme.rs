//! Colours and sizes, named by what they mean. Nothing else in the program knows a colour.
//!
//! Neutral dark grey around pictures, so that skin and cloth are judged without a tint; no meaning by red and
//! green alone: every state has its word and its sign.

use eframe::egui::{self, Color32, FontFamily, FontId, Stroke, TextStyle, Visuals, style::WidgetVisuals};

pub use super::fonts::{bold, bold_of};
use crate::portrait::Verdict;

/// Around pictures.
pub const GROUND: Color32 = Color32::from_gray(28);
/// Under words that stand on a picture.
pub const VEIL: Color32 = Color32::from_black_alpha(200);
/// Panels.
pub const PANEL: Color32 = Color32::from_gray(38);
/// Buttons and fields.
pub const RAISED: Color32 = Color32::from_gray(58);
/// Words.
pub const WORDS: Color32 = Color32::from_gray(235);
/// Words of less weight; still 7:1 against the panel.
pub const QUIET: Color32 = Color32::from_gray(175);
/// Words on a coloured banner.
pub const ON_COLOUR: Color32 = Color32::from_gray(16);

/// Waiting for somebody.
pub const WAITING: Color32 = Color32::from_rgb(150, 160, 170);
/// Ready: the operator's turn.
pub const READY: Color32 = Color32::from_rgb(120, 190, 255);
/// The machine's turn.
pub const WORKING: Color32 = Color32::from_rgb(200, 180, 255);
/// Good.
pub const GOOD: Color32 = Color32::from_rgb(120, 220, 150);
/// Look twice.
pub const DOUBT: Color32 = Color32::from_rgb(255, 205, 90);
/// Wrong.
pub const WRONG: Color32 = Color32::from_rgb(255, 130, 115);

/// The banner's letters, in points.
pub const HUGE: f32 = 72.0;
/// A heading's.
pub const LARGE: f32 = 30.0;
/// Everything else's: nothing is smaller.
pub const TEXT: f32 = 20.0;

/// A verdict's colour.
#[must_use]
pub fn colour_of(verdict: Verdict) -> Color32 {
    match verdict {
        Verdict::Pass => GOOD,
        Verdict::Warn => DOUBT,
        Verdict::Fail => WRONG,
    }
}

/// A verdict's sign; all of them are in the fonts we ship.
#[must_use]
pub fn sign_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Warn => "▲",
        Verdict::Fail => "×",
    }
}

/// Gives a context our fonts and colours.
pub fn apply(ctx: &egui::Context) {
    ctx.set_fonts(super::fonts::shipped());
    ctx.set_theme(egui::Theme::Dark);
    ctx.all_styles_mut(|style| {
        style.visuals = visuals();
        style.text_styles = [
            (TextStyle::Small, FontId::new(TEXT, FontFamily::Proportional)),
            (TextStyle::Body, FontId::new(TEXT, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(TEXT, FontFamily::Monospace)),
            (TextStyle::Button, FontId::new(TEXT, FontFamily::Proportional)),
            (TextStyle::Heading, bold_of(LARGE)),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(12.0, 10.0);
        style.spacing.button_padding = egui::vec2(18.0, 12.0);
    });
}

fn visuals() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.panel_fill = PANEL;
    visuals.window_fill = PANEL;
    visuals.extreme_bg_color = GROUND;
    visuals.override_text_color = None;
    let widgets = &mut visuals.widgets;
    let edge = |widget: &mut WidgetVisuals, fill: Color32, words: Color32| {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.fg_stroke = Stroke::new(1.0, words);
    };
    edge(&mut widgets.noninteractive, PANEL, WORDS);
    edge(&mut widgets.inactive, RAISED, WORDS);
    edge(&mut widgets.hovered, Color32::from_gray(76), WORDS);
    edge(&mut widgets.active, Color32::from_gray(92), WORDS);
    visuals
}
