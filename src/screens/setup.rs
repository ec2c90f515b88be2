//! 设置: what belongs to this station, a step at a time; the first thing a new computer shows.
//!
//! A number chooses, Enter goes on, Backspace goes back; the last step writes everything down and begins, as a
//! rehearsal or in earnest. The same screen shows and changes the settings later.

mod steps;

use eframe::egui::{
    self, Button, CentralPanel, Frame, Key, Margin, Panel, RichText, ScrollArea, Sense, TextEdit, Ui, vec2,
};

use steps::{Choice, Row, STEPS, Step};

use super::{
    Words,
    offers::{is_pressed, key_button},
    theme,
};
use crate::{
    language::{Language, Phrase},
    settings::{STATION_CHARS, Settings},
};

/// What there is to choose from on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetupView {
    /// The settings as they are.
    pub settings: Settings,
    /// Whether nobody has written any down yet.
    pub first_run: bool,
    /// Whether this is a rehearsal now.
    pub rehearsal: bool,
    /// Profiles: the name, and the title people know.
    pub profiles: Vec<(String, String)>,
    /// Cameras on the USB bus.
    pub cameras: Vec<String>,
    /// Webcams, by the name that `webcam` takes.
    pub webcams: Vec<String>,
    /// Whether there is something to go back to without writing anything: the lock of a store.
    pub may_leave: bool,
    /// Why the last attempt to begin failed.
    pub trouble: Option<Words>,
}

/// What the operator asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupAsk {
    /// Write this down and begin work with it.
    Work(Box<Settings>),
    /// Write this down and begin a rehearsal with it.
    Rehearse(Box<Settings>),
    /// Go back, and write nothing down.
    Leave,
}

/// What was chosen so far.
#[derive(Debug, Default)]
pub struct SetupDesk {
    draft: Option<Settings>,
    step: usize,
    /// The field of a step is left alone: whoever came back with a key, or left the field with one, goes on with keys.
    hands_off: bool,
}

impl SetupDesk {
    /// The step that is looked at, from 0.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }
}

/// Draws the set-up; returns what was asked for.
pub fn setup_ui(ui: &mut Ui, setup: &SetupView, desk: &mut SetupDesk) -> Option<SetupAsk> {
    theme::fit(ui.ctx());
    let draft = desk.draft.get_or_insert_with(|| setup.settings.clone());
    let language = draft.language;
    let panel = |ui: &Ui| Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::same(20));
    let (mut go, mut ask) = (Go::Stay, None);
    let left = panel(ui).fill(theme::of(ui).raised);
    Panel::left("steps").frame(left).exact_size(250.0).resizable(false).show(ui, |ui| {
        ask = (setup.may_leave && leave_ui(ui, language)).then_some(SetupAsk::Leave);
        go = steps_ui(ui, language, desk.step);
    });
    CentralPanel::default().frame(panel(ui)).show(ui, |ui| {
        let Some(step) = STEPS.get(desk.step) else { return };
        heading(ui, language, step);
        if let Some(words) = &setup.trouble {
            let line = format!("▲ {}", words.line(language));
            let text = RichText::new(line).font(theme::bold_of(theme::TEXT)).color(theme::of(ui).wrong);
            ui.add(egui::Label::new(text).wrap());
        }
        let field = field_ui(ui, step, draft, &mut desk.hands_off);
        let (goes, asks) = step_ui(ui, step, setup, draft);
        ask = ask.take().or(asks);
        go = go.or(field).or(goes);
    });
    if go != Go::Stay {
        desk.hands_off = go == Go::Back;
    }
    desk.step = match go {
        Go::Stay => desk.step,
        Go::On => (desk.step + 1).min(STEPS.len() - 1),
        Go::Back => desk.step.saturating_sub(1),
        Go::To(step) => step,
    };
    ask
}

/// Where to, among the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Go {
    Stay,
    On,
    Back,
    To(usize),
}

impl Go {
    fn or(self, other: Self) -> Self {
        if self == Self::Stay { other } else { self }
    }
}

/// A step's line has this height, in points.
const LINE: f32 = 30.0;

/// The list of steps, each with a sign: done, here, still to come.
fn steps_ui(ui: &mut Ui, language: Language, here: usize) -> Go {
    let colours = theme::of(ui);
    let title = Phrase::new("采影  设置", "caiying  set-up");
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::LARGE)));
    ui.add_space(16.0);
    // In a low window they stand closer together.
    let high = ui.available_height() / STEPS.len() as f32 - LINE;
    ui.spacing_mut().item_spacing.y = high.floor().clamp(0.0, ui.spacing().item_spacing.y);
    let mut go = Go::Stay;
    for (place, step) in STEPS.iter().enumerate() {
        let sign = match place.cmp(&here) {
            std::cmp::Ordering::Less => "✓",
            std::cmp::Ordering::Equal => "▶",
            std::cmp::Ordering::Greater => "●",
        };
        let title = step.title();
        let text = RichText::new(format!("{sign}  {}", title.in_language(language)));
        let text = text.font(theme::bold_of(theme::TEXT));
        let text = if place == here { text.color(colours.ready) } else { text };
        if ui.add(Button::new(text).frame(false).sense(Sense::CLICK)).clicked() {
            go = Go::To(place);
        }
    }
    go
}

fn heading(ui: &mut Ui, language: Language, step: &Step) {
    ui.label(RichText::new(step.question().in_language(language)).font(theme::bold_of(theme::HUGE * 0.6)));
    let how = step.how();
    ui.label(RichText::new(how.in_language(language)).color(theme::of(ui).quiet));
    ui.add_space(12.0);
}

/// The field of a step that has one.
fn field_ui(ui: &mut Ui, step: &Step, draft: &mut Settings, hands_off: &mut bool) -> Go {
    let language = draft.language;
    let Some(text) = step.field(draft) else { return Go::Stay };
    let field = TextEdit::singleline(text)
        .char_limit(STATION_CHARS)
        .font(theme::bold_of(theme::LARGE))
        .desired_width(520.0);
    let label = ui.label(step.field_name().in_language(language));
    let field = ui.add(field.background_color(theme::of(ui).raised));
    field.clone().labelled_by(label.id);
    let (entered, escaped) =
        ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
    if field.lost_focus() {
        if text.trim().is_empty() {
            // A station without a name is none.
            *text = Settings::default().station;
        }
        *hands_off = escaped;
        return if entered { Go::On } else { Go::Stay };
    }
    if *hands_off && !field.has_focus() {
        let how = Phrase::new("要改就按 Tab", "Tab to change it");
        ui.label(RichText::new(how.in_language(language)).color(theme::of(ui).quiet));
    } else if !ui.ctx().text_edit_focused() {
        field.request_focus();
    }
    ui.add_space(12.0);
    Go::Stay
}

/// The way back to where nothing is written, below the steps; whether it was taken.
fn leave_ui(ui: &mut Ui, language: Language) -> bool {
    let back = Phrase::new("返回", "back");
    let below = Panel::bottom("leave").frame(Frame::new()).resizable(false).show_separator_line(false);
    below.show(ui, |ui| key_button(ui, language, (Key::Escape, "Esc"), &back, false)).inner
}

/// The rows of a step, and what its keys ask for.
fn step_ui(ui: &mut Ui, step: &Step, setup: &SetupView, draft: &mut Settings) -> (Go, Option<SetupAsk>) {
    let language = draft.language;
    let mut go = Go::Stay;
    let rows = step.rows(setup, draft);
    let mut chosen = None;
    ScrollArea::vertical().auto_shrink([false, true]).show(ui, |ui| {
        for (place, row) in rows.iter().enumerate() {
            if row_ui(ui, language, place, row) {
                chosen = Some(place);
            }
        }
    });
    if let Some(choice) = chosen.and_then(|place| rows.into_iter().nth(place)).map(|row| row.choice) {
        match choice {
            Choice::Set(set) => {
                set.apply(draft);
                // Seen at once: nobody chooses a look by its name.
                theme::show(ui.ctx(), draft.look);
            }
            Choice::Ask(ask) => return (Go::Stay, Some(ask)),
        }
    }
    if is_pressed(ui, Key::Enter) && !step.is_last() {
        go = Go::On;
    }
    if is_pressed(ui, Key::Backspace) {
        go = Go::Back;
    }
    (go, None)
}

/// A row with its number; whether it was chosen by key or click.
fn row_ui(ui: &mut Ui, language: Language, place: usize, row: &Row) -> bool {
    const NUMBERS: [Key; 9] =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    let colours = theme::of(ui);
    let key = NUMBERS.get(place).copied();
    let number = key.map_or_else(|| "  ".to_owned(), |key| key.name().to_owned());
    let sign = if row.chosen { "✓" } else { "　" };
    let text = RichText::new(format!("{number}  {sign}  {}", row.words.in_language(language)));
    let text = text.font(theme::bold_of(theme::LARGE * 0.85));
    let text = if row.chosen { text.color(colours.on_tone) } else { text };
    let button = Button::new(text).sense(Sense::CLICK).min_size(vec2(ui.available_width(), 46.0));
    let button = if row.chosen { button.fill(colours.ready) } else { button };
    let clicked = ui.add(button).clicked();
    clicked || key.is_some_and(|key| is_pressed(ui, key))
}
