//! 补拍: who is missing, by college, major and class; who came and left without a portrait, and why; what happened to
//! whom. One key seats whoever is chosen.

mod classes;
mod history;
mod search;

use std::{collections::BTreeSet, fmt, sync::Arc};

pub use classes::ClassView;
use classes::classes_ui;
use eframe::egui::{Button, CentralPanel, Frame, Key, Margin, Panel, RichText, ScrollArea, Sense, Ui, vec2};
use history::history_ui;
pub use history::{HistoryView, PastView};
use search::{Search, is_meant, nobody, search_ui};

use super::{
    gallery::Gallery,
    offers::is_pressed,
    theme::{self, Tone},
    view::View,
};
use crate::{
    language::{Language, Phrase},
    station::Fact,
    student::Fingerprint,
};

/// How high a person's line is, in points.
const ROW: f32 = 34.0;

/// Everything the screen of retakes shows; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Default)]
pub struct RetakesView {
    /// The classes of the roster, sorted.
    pub classes: Vec<ClassView>,
    /// The students of the roster in its order, then whoever sat without being in it.
    pub people: Arc<[PersonView]>,
    /// Whom the search that was asked for last may mean; `None` while it says too little to look for anybody.
    pub meant: Option<Arc<BTreeSet<Person>>>,
    /// What happened to whoever is looked at, once it is known.
    pub history: Option<HistoryView>,
}

impl fmt::Debug for RetakesView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetakesView").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

/// Who is meant, whoever else joins the list or leaves it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// The student at this place of the roster.
    Listed(usize),
    /// Who is in no roster, by the code he sat with: only his own code can seat him.
    Unlisted(Fingerprint),
}

/// A student, masked.
#[derive(Clone, PartialEq)]
pub struct PersonView {
    /// Who it is.
    pub who: Person,
    /// 姓名(脱敏), or the code's fingerprint of somebody who is in no roster.
    pub name: String,
    /// The last four characters of the student number.
    pub number: String,
    /// 证件号码后四位.
    pub last_four: String,
    /// 学院, 专业, 班级.
    pub class: [String; 3],
    /// How it stands with his portrait.
    pub stands: Stands,
}

impl PersonView {
    /// Whether the roster has him.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        matches!(self.who, Person::Listed(_))
    }
}

/// How it stands with somebody's portrait.
#[derive(Debug, Clone, PartialEq)]
pub enum Stands {
    /// He has not been here.
    Missing,
    /// He was here and has none; what was last said against a shot of his.
    Left(Option<Box<Fact>>),
    /// He has one.
    Kept,
}

/// What the operator asked for.
#[derive(Clone, PartialEq, Eq)]
pub enum RetakesAsk {
    /// Whom this may mean: the end of a number or all of it, a name, the first letters of its pinyin. Nothing, when the
    /// search is over.
    Search(String),
    /// What happened to somebody.
    Look(Person),
    /// That he sits down.
    Seat(Person),
}

impl fmt::Debug for RetakesAsk {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Search(_) => f.write_str("Search"),
            Self::Look(person) => f.debug_tuple("Look").field(person).finish(),
            Self::Seat(person) => f.debug_tuple("Seat").field(person).finish(),
        }
    }
}

/// Of whom the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Whom {
    #[default]
    Missing,
    Left,
    All,
}

impl Whom {
    const ALL: [(Self, Key); 3] =
        [(Self::Missing, Key::Num1), (Self::Left, Key::Num2), (Self::All, Key::Num3)];

    fn title(self) -> Phrase {
        match self {
            Self::Missing => Phrase::new("缺拍", "missing"),
            Self::Left => Phrase::new("来过没拍成", "left without"),
            Self::All => Phrase::new("全部", "all"),
        }
    }

    fn takes(self, stands: &Stands) -> bool {
        match self {
            Self::Missing => *stands != Stands::Kept,
            Self::Left => matches!(stands, Stands::Left(_)),
            Self::All => true,
        }
    }
}

/// What the screen remembers from frame to frame; its `Debug` form shows nothing that was typed.
#[derive(Default)]
pub(super) struct RetakesDesk {
    whom: Whom,
    /// The class that is looked at; none for all of them.
    class: Option<[String; 3]>,
    search: Search,
    chosen: Option<Person>,
    /// Whose history was asked for last.
    looked_at: Option<Person>,
}

impl RetakesDesk {
    /// The operator is elsewhere: what was asked for the shift has put away, and is asked anew when he comes back.
    pub(super) fn is_left(&mut self) {
        self.looked_at = None;
        self.search.is_forgotten();
    }

    fn look_at_class(&mut self, class: Option<[String; 3]>) {
        (self.class, self.chosen) = (class, None);
    }

    /// Whether somebody is of the class that is looked at.
    fn is_of_class(&self, person: &PersonView) -> bool {
        self.class.as_ref().is_none_or(|class| *class == person.class)
    }
}

impl fmt::Debug for RetakesDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetakesDesk").field("whom", &self.whom).finish_non_exhaustive()
    }
}

/// Draws the screen; returns what was asked for, in order.
pub(super) fn retakes_ui(
    ui: &mut Ui,
    view: &View,
    retakes: &RetakesView,
    desk: &mut RetakesDesk,
    gallery: &mut Gallery,
) -> Vec<RetakesAsk> {
    let colours = theme::of(ui);
    let frame = |margin: i8| Frame::new().fill(colours.panel).inner_margin(Margin::symmetric(margin, 10));
    let width = ui.available_width();
    let left = frame(12).fill(colours.raised);
    Panel::left("classes").frame(left).exact_size(width * 0.25).resizable(false).show(ui, |ui| {
        classes_ui(ui, view.language, retakes, desk);
    });
    Panel::right("history").frame(frame(14)).exact_size(width * 0.31).resizable(false).show(ui, |ui| {
        let person = retakes.people.iter().find(|person| Some(&person.who) == desk.chosen.as_ref());
        // What is told late may be of somebody who was looked at before.
        let history = retakes.history.as_ref().filter(|history| Some(&history.of) == desk.chosen.as_ref());
        history_ui(ui, view.language, person, history, gallery);
    });
    let mut seat = None;
    CentralPanel::default().frame(frame(14)).show(ui, |ui| {
        seat = people_ui(ui, view.language, retakes, desk);
    });
    let look = look(retakes, desk);
    desk.search.ask().into_iter().chain(look).chain(seat.map(RetakesAsk::Seat)).collect()
}

/// Asks what happened to whoever is chosen, unless it was asked before: he may stand in another list meanwhile, but his
/// name stands beside it.
fn look(retakes: &RetakesView, desk: &mut RetakesDesk) -> Option<RetakesAsk> {
    let is_here = |who: &Person| retakes.people.iter().any(|person| person.who == *who);
    let chosen = desk.chosen.clone().filter(|_| desk.chosen != desk.looked_at);
    desk.looked_at.clone_from(&desk.chosen);
    chosen.filter(is_here).map(RetakesAsk::Look)
}

/// The list, the keys above it, and the way to search in it; who is to sit down.
fn people_ui(
    ui: &mut Ui,
    language: Language,
    retakes: &RetakesView,
    desk: &mut RetakesDesk,
) -> Option<Person> {
    whom_ui(ui, language, retakes, desk);
    let has_left = search_ui(ui, language, desk);
    let shown = shown(retakes, desk);
    let before = desk.chosen.clone();
    let is_at = |who: &Option<Person>, person: &PersonView| Some(&person.who) == who.as_ref();
    let at = shown.iter().position(|person| is_at(&before, person));
    let step = [(Key::ArrowDown, 1_isize), (Key::ArrowUp, -1), (Key::PageDown, 12), (Key::PageUp, -12)];
    let step = step.into_iter().find(|(key, _)| is_pressed(ui, *key)).map(|(_, step)| step);
    let moved =
        step.map(|step| at.map_or(0, |at| at.saturating_add_signed(step).min(shown.len().saturating_sub(1))));
    let mut clicked = None;
    ui.separator();
    if shown.is_empty() {
        let (tone, words) = nobody(retakes, desk);
        ui.label(RichText::new(words.in_language(language)).color(theme::of(ui).tone(tone)));
    }
    let mut list = ScrollArea::vertical().auto_shrink([false, false]);
    if let Some(moved) = moved {
        list =
            list.vertical_scroll_offset((moved as f32 - 5.0).max(0.0) * (ROW + ui.spacing().item_spacing.y));
    }
    list.show_rows(ui, ROW, shown.len(), |ui, rows| {
        for person in shown.get(rows).into_iter().flatten() {
            if person_ui(ui, language, person, is_at(&before, person)) {
                clicked = Some(*person);
            }
        }
    });
    let newly = clicked.or_else(|| moved.and_then(|at| shown.get(at).copied()));
    // Whoever alone is found is looked at as soon as the search is over.
    let is_only = desk.search.ends() && shown.len() == 1;
    if let Some(person) = newly.or_else(|| shown.first().copied().filter(|_| is_only)) {
        desk.chosen = Some(person.who.clone());
    }
    let chosen = shown.iter().find(|person| is_at(&desk.chosen, person))?;
    // The key that leaves the field seats nobody.
    let is_seated = !has_left && is_pressed(ui, Key::Enter) && chosen.is_listed();
    is_seated.then(|| chosen.who.clone())
}

/// Of whom the list is, on number keys, with how many of the class that is looked at.
fn whom_ui(ui: &mut Ui, language: Language, retakes: &RetakesView, desk: &mut RetakesDesk) {
    let colours = theme::of(ui);
    ui.horizontal_wrapped(|ui| {
        for (whom, key) in Whom::ALL {
            let people = retakes.people.iter();
            let count =
                people.filter(|person| whom.takes(&person.stands) && desk.is_of_class(person)).count();
            let text = format!("{} {count}  [{}]", whom.title().in_language(language), key.name());
            let here = whom == desk.whom;
            let text = RichText::new(text).font(theme::bold_of(theme::TEXT));
            let text = if here { text.color(colours.on_tone) } else { text };
            let button = Button::new(text).sense(Sense::CLICK);
            let button = if here { button.fill(colours.ready) } else { button };
            if ui.add(button).clicked() || is_pressed(ui, key) {
                (desk.whom, desk.chosen) = (whom, None);
            }
        }
    });
}

/// Who is shown.
fn shown<'a>(retakes: &'a RetakesView, desk: &RetakesDesk) -> Vec<&'a PersonView> {
    let is_shown = |person: &&PersonView| {
        desk.whom.takes(&person.stands) && desk.is_of_class(person) && is_meant(person, retakes, desk)
    };
    retakes.people.iter().filter(is_shown).collect()
}

/// A person's line; whether it was clicked.
fn person_ui(ui: &mut Ui, language: Language, person: &PersonView, here: bool) -> bool {
    // As high as the list takes a line for: else its end is never reached.
    ui.spacing_mut().button_padding.y = 2.0;
    let colours = theme::of(ui);
    let (sign, tone) = match person.stands {
        Stands::Missing => ("　", Tone::Waiting),
        Stands::Left(_) => (Tone::Doubt.sign(), Tone::Doubt),
        Stands::Kept => (Tone::Good.sign(), Tone::Good),
    };
    let tail = |zh: &str, en: &str, end: &str| match language {
        _ if end.is_empty() => String::new(),
        Language::Chinese => format!("　{zh}…{end}"),
        Language::English => format!("  {en} …{end}"),
    };
    let text = format!(
        "{sign} {}{}{}　{}",
        person.name,
        tail("学号", "no.", &person.number),
        tail("证件", "id", &person.last_four),
        person.class.last().map(String::as_str).unwrap_or_default()
    );
    let text = RichText::new(text).color(if here { colours.on_tone } else { colours.words });
    let button = Button::new(text).sense(Sense::CLICK).truncate().min_size(vec2(ui.available_width(), ROW));
    let button = button.fill(if here { colours.ready } else { colours.panel });
    let button =
        if tone == Tone::Waiting || here { button } else { button.stroke((1.0, colours.tone(tone))) };
    ui.add(button).clicked()
}
