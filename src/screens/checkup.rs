//! 体检: is everything fit for the day? One line each, good or not, and one key to mend it.

mod roster;

use std::cmp::Reverse;

use eframe::egui::{
    Align, Button, CentralPanel, Frame, Key, Label, Layout, Margin, RichText, ScrollArea, Sense, Ui, vec2,
};

use super::{
    cell::cell,
    offers::is_pressed,
    place::Place,
    reference::ReferenceView,
    theme::{self, Tone},
    view::View,
};
use crate::{camera::doctor::Verdict, language::Phrase};
pub use roster::{LookedView, RosterAsk, RosterFileView, RosterStage, RosterView};
pub(super) use roster::{dropped, roster_ui};

/// What a line is about has this width, in points.
const TITLES: f32 = 160.0;

/// Everything the checkup shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CheckupView {
    /// What was looked at, in the order of a morning.
    pub lines: Vec<CheckupLine>,
    /// The station's reference, while one is made.
    pub reference: Option<ReferenceView>,
    /// A roster, while one is read in.
    pub roster: Option<RosterView>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckupLine {
    /// How good it is.
    pub verdict: Verdict,
    /// What it is about.
    pub title: Phrase,
    /// How it stands.
    pub said: Phrase,
    /// What a person should do.
    pub remedy: Option<Phrase>,
    /// What a key can do about it.
    pub mend: Option<Mend>,
}

/// What a key can mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// Ask whoever holds the camera to let it go.
    ReleaseCamera,
    /// Set the camera's clock by this computer's.
    SetClock,
    /// Look through the camera's card once more.
    LookAgain,
    /// Make the station's reference: its cloth, its sharpness, its straight look.
    Reference,
    /// Read a roster in.
    Roster,
    /// Go where it can be mended.
    Go(Place),
}

impl Mend {
    fn key(self) -> Key {
        match self {
            Self::ReleaseCamera => Key::F9,
            Self::SetClock => Key::K,
            Self::LookAgain => Key::C,
            Self::Reference => Key::J,
            Self::Roster => Key::M,
            Self::Go(place) => place.key(),
        }
    }

    fn word(self) -> Phrase {
        match self {
            Self::ReleaseCamera => Phrase::new("释放相机", "release it"),
            Self::SetClock => Phrase::new("对时", "set the clock"),
            Self::LookAgain => Phrase::new("再取一遍", "look again"),
            Self::Reference => Phrase::new("拍参照", "calibrate"),
            Self::Roster => Phrase::new("读入名册", "read a roster"),
            Self::Go(place) => place.title(),
        }
    }

    /// Whether it is offered although nothing is wrong: lamps are moved at noon, and schools send another list.
    fn is_always_offered(self) -> bool {
        matches!(self, Self::Reference | Self::Roster)
    }
}

/// How good the whole is.
fn worst(checkup: &CheckupView) -> Verdict {
    checkup.lines.iter().map(|line| line.verdict).max().unwrap_or(Verdict::Good)
}

/// What is to be done stands where it is seen; among equals the order of a morning stays.
fn gravest_first(checkup: &CheckupView) -> Vec<&CheckupLine> {
    let mut lines: Vec<_> = checkup.lines.iter().collect();
    lines.sort_by_key(|line| Reverse(line.verdict));
    lines
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Good => Tone::Good,
        Verdict::Look => Tone::Doubt,
        Verdict::Act => Tone::Wrong,
    }
}

/// Draws the checkup; returns what is to be mended.
pub(super) fn checkup_ui(ui: &mut Ui, view: &View, checkup: &CheckupView) -> Option<Mend> {
    let colours = theme::of(ui);
    let frame = Frame::new().fill(colours.panel).inner_margin(Margin::symmetric(20, 12));
    let mut mend = None;
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let worst = worst(checkup);
        let words = match worst {
            Verdict::Good => Phrase::new("可以开工", "ready for the day"),
            Verdict::Look => Phrase::new("可以开工，先看一眼黄色的", "ready; look at the yellow lines"),
            Verdict::Act => Phrase::new("先处理红色的，再开工", "mend the red lines first"),
        };
        let text = format!("{} {}", tone(worst).sign(), words.in_language(view.language));
        let colour = colours.tone(tone(worst));
        ui.label(RichText::new(text).font(theme::bold_of(theme::LARGE * 1.3)).color(colour));
        ui.separator();
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for line in gravest_first(checkup) {
                mend = line_ui(ui, view, line).or(mend);
            }
        });
    });
    mend
}

fn line_ui(ui: &mut Ui, view: &View, line: &CheckupLine) -> Option<Mend> {
    let colours = theme::of(ui);
    let tone = tone(line.verdict);
    let mut wanted = None;
    ui.horizontal(|ui| {
        let words = |phrase: &Phrase| phrase.in_language(view.language).to_owned();
        let strong = |text: String| RichText::new(text).font(theme::bold_of(theme::TEXT));
        let sign = strong(tone.sign().to_owned()).color(colours.tone(tone));
        ui.add_sized(vec2(28.0, 30.0), Label::new(sign));
        cell(ui, vec2(TITLES, 30.0), strong(words(&line.title)));
        // The key first, at the right edge: the words go round it.
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if let Some(mend) =
                line.mend.filter(|mend| mend.is_always_offered() || line.verdict != Verdict::Good)
            {
                let text = format!("{}  [{}]", words(&mend.word()), mend.key().name());
                let button = Button::new(strong(text)).sense(Sense::CLICK);
                if ui.add(button).clicked() || is_pressed(ui, mend.key()) {
                    wanted = Some(mend);
                }
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.label(words(&line.said));
                if let Some(remedy) = &line.remedy {
                    ui.label(strong(words(remedy)).color(colours.tone(tone)));
                }
            });
        });
    });
    ui.add_space(2.0);
    wanted
}
