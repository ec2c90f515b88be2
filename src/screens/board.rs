//! The window: where the operator is, what lies open over it, and what he asked for. What happens next is decided
//! elsewhere: this only draws a [`View`] and listens to keys.

use eframe::egui::{self, Event, Frame, Key, Margin, Panel, RichText, Ui, vec2};

use super::{
    banner::Banner,
    capture::capture_ui,
    checkup::{CheckupView, Mend, RosterAsk, checkup_ui, dropped, roster_ui},
    day::{DayAsk, DayDesk, day_ui},
    devices::foot_ui,
    gallery::Gallery,
    help::help_ui,
    live::wants_live_turned,
    lookup::{Ask, Lookup, lookup_ui},
    offers::{Pressed, is_pressed, is_pressed_while_typing},
    overrule::{OverruleDesk, overrule_ui},
    place::Place,
    reference::{ReferenceAsk, reference_ui},
    release::release_ui,
    retakes::{RetakesAsk, RetakesDesk, retakes_ui},
    setup::{SetupAsk, SetupDesk, setup_ui},
    theme,
    tray::{TrayAsk, TrayDesk, tray_ui},
    troubles::told_ui,
    view::{DeskView, View},
};
use crate::{language::Phrase, station::Wish};

/// What the operator asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Something of the station.
    Wish(Wish),
    /// Something of the search for a student.
    Lookup(Ask),
    /// Live view on, or off.
    TurnLive,
    /// Something of retakes.
    Retakes(RetakesAsk),
    /// That something is mended that the checkup found.
    Mend(Mend),
    /// Something of the station's reference.
    Reference(ReferenceAsk),
    /// Something of a roster that is read in.
    Roster(RosterAsk),
    /// To begin anew with other settings.
    Setup(SetupAsk),
    /// Something at the day's end.
    Day(DayAsk),
    /// Something about shots that belong to nobody.
    Tray(TrayAsk),
    /// That the portrait that waits is kept against the checks, on a person's word.
    Overrule {
        /// Who stands for it.
        by: String,
        /// Why.
        reason: String,
    },
    /// That another program lets the camera go.
    ReleaseCamera,
}

/// What a window remembers from frame to frame.
#[derive(Debug, Default)]
pub struct Board {
    here: Place,
    help: bool,
    gallery: Gallery,
    lookup: Lookup,
    day: DayDesk,
    retakes: RetakesDesk,
    setup: SetupDesk,
    tray: TrayDesk,
    overrule: OverruleDesk,
    /// Keys mean nothing before this moment of the window's, in seconds: somebody was typing.
    hushed_until: f64,
}

/// Whoever was typing when his field went away has noticed it when he has typed nothing for so long, in seconds.
const NOTICES: f64 = 1.0;

impl Board {
    /// A window that opens here.
    #[must_use]
    pub fn at(here: Place) -> Self {
        Self { here, ..Self::default() }
    }

    /// Keys mean nothing for a moment: somebody was typing elsewhere.
    pub fn hush(&mut self, ui: &Ui) {
        self.hushed_until = ui.input(|input| input.time) + NOTICES;
    }

    fn is_hushed_at(&self, now: f64) -> bool {
        now < self.hushed_until
    }

    /// Whether a search for a student lies over the screen.
    #[must_use]
    pub fn is_searching(&self) -> bool {
        self.lookup.is_open()
    }

    /// Whether the dialog lies over the screen in which a person keeps a portrait against the checks.
    #[must_use]
    pub fn is_overruling(&self) -> bool {
        self.overrule.is_open()
    }

    /// The step of the set-up that is looked at, from 0.
    #[must_use]
    pub fn setup_step(&self) -> usize {
        self.setup.step()
    }

    /// Where the operator is.
    #[must_use]
    pub fn here(&self) -> Place {
        self.here
    }
}

/// Draws the window; returns what was asked for, in order.
pub fn window_ui(ui: &mut Ui, view: &View, board: &mut Board) -> Vec<Asked> {
    let mut asked = Vec::new();
    theme::fit(ui.ctx());
    let was_helping = board.help;
    go(ui, board);
    if is_pressed(ui, Key::F8) {
        theme::turn(ui.ctx());
    }
    if was_helping {
        keep_keys(ui);
    }
    if release_ui(ui, view) {
        asked.push(Asked::ReleaseCamera);
    }
    let foot = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(14, 4));
    Panel::bottom("foot").frame(foot).resizable(false).show(ui, |ui| {
        board.here = foot_ui(ui, view, board.here).unwrap_or(board.here);
    });
    if board.help {
        help_ui(ui, view, board.here);
    }
    if board.here != Place::Capture {
        board.here = standing_ui(ui, view, board.here).unwrap_or(board.here);
    }
    if !matches!(view.desk, DeskView::Retakes(_)) {
        board.retakes.is_left();
    }
    match &view.desk {
        // In the frame in which a key leads to another screen, what that one shows is still to be made.
        DeskView::Capture if board.here != Place::Capture => {}
        DeskView::Capture => capturing_ui(ui, view, board, &mut asked),
        DeskView::Retakes(retakes) => {
            let asks = retakes_ui(ui, view, retakes, &mut board.retakes, &mut board.gallery);
            // Whoever is called sits down where he can be seen.
            if asks.iter().any(|ask| matches!(ask, RetakesAsk::Seat(_))) && view.student.is_none() {
                board.here = Place::Capture;
            }
            asked.extend(asks.into_iter().map(Asked::Retakes));
        }
        DeskView::Checkup(checkup) => checking_ui(ui, view, checkup, board, &mut asked),
        DeskView::Setup(setup) => asked.extend(setup_ui(ui, setup, &mut board.setup).map(Asked::Setup)),
        DeskView::Day(day) => asked.extend(day_ui(ui, view, day, &mut board.day).into_iter().map(Asked::Day)),
        DeskView::Tray(tray) => {
            let asks = tray_ui(ui, view, tray, (&mut board.tray, &mut board.gallery));
            asked.extend(asks.into_iter().map(Asked::Tray));
        }
    }
    asked
}

/// The checkup, or the reference that is made there, or the roster that is read in.
fn checking_ui(ui: &mut Ui, view: &View, checkup: &CheckupView, board: &mut Board, asked: &mut Vec<Asked>) {
    if let Some(reference) = &checkup.reference {
        let ask = reference_ui(ui, view, reference, &mut board.gallery).map(Asked::Reference);
        let turned = wants_live_turned(ui, view).then_some(Asked::TurnLive);
        return asked.extend(ask.or(turned).filter(|_| !board.help));
    }
    let ask = match &checkup.roster {
        Some(roster) => roster_ui(ui, view.language, roster).filter(|_| !board.help),
        None => None,
    };
    asked.extend(ask.or_else(|| dropped(ui)).map(Asked::Roster));
    if checkup.roster.is_some() {
        return;
    }
    match checkup_ui(ui, view, checkup) {
        Some(Mend::Go(place)) => board.here = place,
        Some(Mend::Roster) => asked.push(Asked::Roster(RosterAsk::Look)),
        Some(Mend::Reference) => asked.push(Asked::Reference(ReferenceAsk::Begin)),
        mend => asked.extend(mend.map(Asked::Mend)),
    }
}

/// Follows the keys that lead from screen to screen.
fn go(ui: &Ui, board: &mut Board) {
    if is_pressed(ui, Key::F1) {
        board.help = !board.help;
    } else if board.help && ui.input(|input| input.key_pressed(Key::Escape)) {
        board.help = false;
    }
    // In the set-up a field waits for the station's name, and nothing is begun there that could be lost.
    let is_wanted =
        |key| is_pressed(ui, key) || board.here == Place::Setup && is_pressed_while_typing(ui, key);
    if let Some(place) = Place::ALL.into_iter().find(|place| is_wanted(place.key())) {
        (board.here, board.help) = (place, false);
    }
}

/// A page lies over the screen, or was just closed: nothing below hears this frame's keys.
fn keep_keys(ui: &Ui) {
    ui.input_mut(|input| {
        input.events.retain(|event| !matches!(event, Event::Key { .. } | Event::Text(_)));
    });
}

fn capturing_ui(ui: &mut Ui, view: &View, board: &mut Board, asked: &mut Vec<Asked>) {
    let typed = ui.ctx().text_edit_focused();
    let was_covered = board.lookup.is_open() || board.overrule.is_open();
    // Nobody is called while a person says why he keeps a portrait, or by what was typed for something else.
    let may_open = !was_covered && !board.help && !board.is_hushed_at(ui.input(|input| input.time));
    let may_call = board.lookup.is_open() || may_open;
    let ask = if may_call { lookup_ui(ui, view, &mut board.lookup) } else { None };
    let said = if board.help { None } else { overrule_ui(ui, view, &mut board.overrule) };
    let is_open = board.lookup.is_open() || board.overrule.is_open();
    let is_decided = matches!(ask, Some(Ask::Choose(_) | Ask::LetIn { .. }));
    let went_away = typed && was_covered && !is_open && !is_decided;
    let surprises = board.lookup.take_surprise();
    let is_hushed = is_hushed(ui, board, went_away || surprises);
    let pressed = capture_ui(ui, view, &mut board.gallery);
    // What lies over the screen has the keys, and the one that closes it means nothing else.
    let is_covered = was_covered || is_open || board.help || is_hushed;
    if let Some(ask) = ask {
        asked.push(Asked::Lookup(ask));
    }
    match pressed.filter(|_| !is_covered) {
        Some(Pressed::Wish(wish)) => asked.push(Asked::Wish(wish)),
        Some(Pressed::Overrule) => board.overrule.open(view),
        Some(Pressed::Search) => board.lookup.search(view),
        Some(Pressed::WalkUp) => board.lookup.walk_up(view),
        Some(Pressed::Go(place)) => board.here = place,
        None => asked.extend(said.map(|said| Asked::Overrule { by: said.by, reason: said.reason })),
    }
    if !is_covered && wants_live_turned(ui, view) {
        asked.push(Asked::TurnLive);
    }
}

/// Whether keys mean nothing because somebody types into a field that went away: whoever showed his code meanwhile sat
/// down, and the next letter would dismiss him, the next space fire.
fn is_hushed(ui: &Ui, board: &mut Board, went_away: bool) -> bool {
    let (now, types) = ui.input(|input| {
        let types = input.events.iter().any(|event| matches!(event, Event::Text(_) | Event::Key { .. }));
        (input.time, types)
    });
    if went_away || types && now < board.hushed_until {
        board.hushed_until = now + NOTICES;
    }
    board.is_hushed_at(now)
}

/// On other screens, how capturing stands: whoever sits meanwhile must not be forgotten. Returns where the operator wants
/// to go.
fn standing_ui(ui: &mut Ui, view: &View, here: Place) -> Option<Place> {
    let banner = Banner::of(view);
    let colours = theme::of(ui);
    let frame = Frame::new().fill(colours.tone(banner.tone)).inner_margin(Margin::symmetric(14, 6));
    Panel::top("standing").frame(frame).resizable(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_min_size(vec2(ui.available_width(), 0.0));
            let word = banner.word(view.language);
            let text =
                |text: &str| RichText::new(text).font(theme::bold_of(theme::LARGE)).color(colours.on_tone);
            ui.label(text(&format!("{} {word}", banner.tone.sign())));
            let back = Phrase::new("按 F2 回到拍摄", "F2 goes back");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(text(back.in_language(view.language)));
                if view.rehearsal {
                    ui.label(text(Phrase::new("演练", "REHEARSAL").in_language(view.language)));
                }
            });
        });
    });
    told_ui(ui, view, here)
}
