//! What is wrong, a line each: what it is, what to do, and the key of the screen on which it is mended.

use eframe::egui::{Align, Button, Color32, Frame, Label, Layout, Margin, Panel, RichText, Sense, Ui, vec2};

use super::{
    day::sentence,
    place::Place,
    theme::{self, Tone},
    view::{Trouble, TroubleKind, View},
};
use crate::language::Language;

impl TroubleKind {
    /// The screen on which a key mends it, or which says more of it; none where hands are wanted elsewhere: at the camera,
    /// a cable, a plug, the disk.
    fn mended_at(self) -> Option<Place> {
        match self {
            // There keys set the clock and look through the card once more, and it says what calibration and roster lack.
            Self::CameraClock | Self::CameraCard | Self::Drift | Self::Calibration | Self::Roster => {
                Some(Place::Checkup)
            }
            // There another webcam is chosen, or none.
            Self::Webcam => Some(Place::Setup),
            Self::Worker
            | Self::Swamped
            | Self::Record
            | Self::Space
            | Self::Closing
            | Self::Camera
            | Self::CameraNotice
            | Self::CameraBody
            | Self::CameraFormat
            | Self::Battery
            | Self::CameraSettings
            | Self::Clock
            | Self::Order
            | Self::Notice
            | Self::Day
            | Self::IdReader => None,
        }
    }
}

impl Trouble {
    /// The screen on which it is mended, unless its words name that key already.
    fn way(&self, language: Language) -> Option<Place> {
        let words = self.words.line(language);
        self.kind.mended_at().filter(|place| !words.contains(place.key().name()))
    }
}

/// All of them, beside the pictures, until they are over, in so much room of the height: where there is less, the least
/// grave ones say no more than what they are. Returns where the operator wants to go.
pub(super) fn troubles_ui(ui: &mut Ui, view: &View, room: f32) -> Option<Place> {
    let lines: Vec<_> = view.troubles.iter().map(|trouble| Line::of(trouble, view.language)).collect();
    let mut goes = None;
    for line in fitted(ui, lines, view.language, room) {
        if line_ui(ui, view.language, &line) {
            goes = line.way;
        }
    }
    goes
}

/// A trouble's line.
struct Line {
    words: String,
    /// What it says where there is no room for more.
    headline: String,
    way: Option<Place>,
}

impl Line {
    fn of(trouble: &Trouble, language: Language) -> Self {
        let sign = Tone::Doubt.sign();
        Self {
            words: format!("{sign} {}", trouble.words.line(language)),
            headline: format!("{sign} {}", trouble.words.headline.in_language(language)),
            way: trouble.way(language),
        }
    }

    /// How high it is where there is this width.
    fn height(&self, ui: &Ui, language: Language) -> f32 {
        let key = self.way.map(|way| format!("　{}　", key_words(way, language))).unwrap_or_default();
        let font = theme::bold_of(theme::TEXT);
        let words = format!("{}{key}", self.words);
        let galley = ui.painter().layout(words, font, Color32::WHITE, ui.available_width());
        galley.size().y + ui.spacing().item_spacing.y
    }
}

/// The lines as long as there is room for them, the first ones before the last.
fn fitted(ui: &Ui, mut lines: Vec<Line>, language: Language, room: f32) -> Vec<Line> {
    for place in (0..lines.len()).rev() {
        if lines.iter().map(|line| line.height(ui, language)).sum::<f32>() <= room {
            break;
        }
        if let Some(line) = lines.get_mut(place) {
            line.words.clone_from(&line.headline);
        }
    }
    lines
}

/// A line as wide as what stands beside the pictures, with its key behind the last word; whether that was clicked.
fn line_ui(ui: &mut Ui, language: Language, line: &Line) -> bool {
    let text = RichText::new(&line.words).font(theme::bold_of(theme::TEXT)).color(theme::of(ui).doubt);
    let Some(way) = line.way else {
        ui.add(Label::new(text).wrap());
        return false;
    };
    let row = ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        ui.add(Label::new(text).wrap());
        key_ui(ui, language, way)
    });
    row.inner
}

/// What somebody who is not at the capture screen must know all the same, above the screen he is at; returns where he
/// wants to go.
pub(super) fn told_ui(ui: &mut Ui, view: &View, here: Place) -> Option<Place> {
    let told: Vec<_> = view.troubles.iter().filter(|trouble| trouble.kind.is_told_everywhere()).collect();
    if told.is_empty() {
        return None;
    }
    let mut goes = None;
    let frame = Frame::new().fill(theme::of(ui).raised).inner_margin(Margin::symmetric(14, 4));
    Panel::top("told").frame(frame).resizable(false).show(ui, |ui| {
        for trouble in told {
            let words = trouble.words.line(view.language);
            let Some(way) = trouble.way(view.language).filter(|way| *way != here) else {
                sentence(ui, Tone::Doubt, &words, theme::TEXT);
                continue;
            };
            // The key first, at the right edge: the words go round it.
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if key_ui(ui, view.language, way) {
                    goes = Some(way);
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    sentence(ui, Tone::Doubt, &words, theme::TEXT);
                });
            });
        }
    });
    goes
}

/// The key of a screen, as it stands at the foot; whether it was clicked. Pressed it is heard everywhere.
fn key_ui(ui: &mut Ui, language: Language, place: Place) -> bool {
    ui.spacing_mut().button_padding = vec2(8.0, 0.0);
    let words = key_words(place, language);
    ui.add(Button::new(words).sense(Sense::CLICK).min_size(vec2(0.0, 26.0))).clicked()
}

fn key_words(place: Place, language: Language) -> String {
    format!("{} {}", place.key().name(), place.title().in_language(language))
}
