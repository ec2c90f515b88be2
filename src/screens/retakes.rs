//! 补拍: who is missing, by college, major and class; who came and left without a portrait, and why; what happened to
//! whom. One key seats whoever is chosen.

mod history;

use std::{fmt, sync::Arc};

use eframe::egui::{
    Button, CentralPanel, Frame, Key, Margin, Panel, RichText, ScrollArea, Sense, TextEdit, Ui, vec2,
};

use history::history_ui;
pub use history::{HistoryView, PastView};

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
    /// What happened to whoever is looked at, once it is known.
    pub history: Option<HistoryView>,
}

impl fmt::Debug for RetakesView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetakesView").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

/// A class of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassView {
    /// 学院, 专业, 班级; empty where the roster does not say.
    pub place: [String; 3],
    /// Students in the roster.
    pub expected: usize,
    /// Students with a portrait.
    pub kept: usize,
}

impl ClassView {
    /// A class nobody was counted of yet.
    #[must_use]
    pub fn of(place: [String; 3]) -> Self {
        Self { place, expected: 0, kept: 0 }
    }
}

/// Who is meant, whoever else joins the list or leaves it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetakesAsk {
    /// What happened to somebody.
    Look(Person),
    /// That he sits down.
    Seat(Person),
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
    typed: String,
    chosen: Option<Person>,
    searching: bool,
    /// Whether somebody types what he looks for.
    in_field: bool,
}

impl fmt::Debug for RetakesDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetakesDesk").field("whom", &self.whom).finish_non_exhaustive()
    }
}

/// Draws the screen; returns what was asked for.
pub(super) fn retakes_ui(
    ui: &mut Ui,
    view: &View,
    retakes: &RetakesView,
    desk: &mut RetakesDesk,
    gallery: &mut Gallery,
) -> Option<RetakesAsk> {
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
    let mut ask = None;
    CentralPanel::default().frame(frame(14)).show(ui, |ui| ask = people_ui(ui, view.language, retakes, desk));
    ask
}

/// The classes with how many are missing; all of them on top.
fn classes_ui(ui: &mut Ui, language: Language, retakes: &RetakesView, desk: &mut RetakesDesk) {
    let (expected, kept) =
        retakes.classes.iter().fold((0, 0), |(all, kept), class| (all + class.expected, kept + class.kept));
    let title = Phrase::new("班级（还缺 / 应拍）", "classes (missing / expected)");
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::TEXT)));
    let everybody = Phrase::new("全部班级", "all classes");
    let mut go = None;
    if class_ui(ui, everybody.in_language(language), expected - kept, expected, desk.class.is_none()) {
        go = Some(None);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for class in &retakes.classes {
            // The class first: of a college there are many, and a line has an end.
            let named: Vec<&str> =
                class.place.iter().rev().map(String::as_str).filter(|part| !part.is_empty()).collect();
            let name = if named.is_empty() { "—".to_owned() } else { named.join(" ") };
            let here = desk.class.as_ref() == Some(&class.place);
            if class_ui(ui, &name, class.expected - class.kept, class.expected, here) {
                go = Some(Some(class.place.clone()));
            }
        }
    });
    if let Some(class) = go {
        (desk.class, desk.chosen) = (class, None);
    }
}

fn class_ui(ui: &mut Ui, name: &str, missing: usize, expected: usize, here: bool) -> bool {
    ui.spacing_mut().button_padding.y = 2.0;
    let colours = theme::of(ui);
    let sign = if missing == 0 { Tone::Good.sign() } else { "　" };
    let text = RichText::new(format!("{sign} {missing} / {expected}　{name}"));
    let text = if here { text.color(colours.on_tone) } else { text };
    let button = Button::new(text).sense(Sense::CLICK).truncate().min_size(vec2(ui.available_width(), ROW));
    let fill = if here { colours.ready } else { colours.panel };
    ui.add(button.fill(fill)).clicked()
}

/// The list, the keys above it, and the way to search in it.
fn people_ui(
    ui: &mut Ui,
    language: Language,
    retakes: &RetakesView,
    desk: &mut RetakesDesk,
) -> Option<RetakesAsk> {
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
    let is_only = has_left && !desk.typed.trim().is_empty() && shown.len() == 1;
    if let Some(person) = newly.or_else(|| shown.first().copied().filter(|_| is_only)) {
        desk.chosen = Some(person.who.clone());
    }
    let chosen = shown.iter().find(|person| is_at(&desk.chosen, person))?;
    // The key that leaves the field seats nobody.
    if !has_left && is_pressed(ui, Key::Enter) && chosen.is_listed() {
        return Some(RetakesAsk::Seat(chosen.who.clone()));
    }
    (desk.chosen != before).then(|| RetakesAsk::Look(chosen.who.clone()))
}

/// Why the list is empty: nobody has this number, or whoever has it stands in another list.
fn nobody(retakes: &RetakesView, desk: &RetakesDesk) -> (Tone, Phrase) {
    if retakes.people.is_empty() {
        let words = Phrase::new(
            "没有名册：先关闭窗口，运行 caiying roster import 名册.xlsx",
            "there is no roster: close the window and run caiying roster import",
        );
        return (Tone::Doubt, words);
    }
    if desk.typed.trim().is_empty() {
        return (Tone::Good, Phrase::new("这里没有人", "nobody here"));
    }
    let elsewhere = retakes.people.iter().filter(|person| is_meant(person, desk)).count();
    let words = if elsewhere > 0 {
        Phrase::new(
            format!("这一栏里没有；“全部班级”的“全部”里有 {elsewhere} 人：按 3"),
            format!("not in this list; {elsewhere} among all of all classes: press 3"),
        )
    } else {
        Phrase::new("名册里没有找到：请核对输入", "nobody is found: look at what was typed")
    };
    (Tone::Doubt, words)
}

/// Of whom the list is, on number keys, with how many.
fn whom_ui(ui: &mut Ui, language: Language, retakes: &RetakesView, desk: &mut RetakesDesk) {
    let colours = theme::of(ui);
    ui.horizontal_wrapped(|ui| {
        for (whom, key) in Whom::ALL {
            let count = retakes.people.iter().filter(|person| whom.takes(&person.stands)).count();
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

/// F goes into the field, Enter or Esc leaves it; whether one of them just did. Whoever was chosen before is not whom
/// one looks for.
fn search_ui(ui: &mut Ui, language: Language, desk: &mut RetakesDesk) -> bool {
    let was_in_field = desk.in_field;
    ui.horizontal(|ui| {
        let name = Phrase::new("查找  [F]", "search  [F]");
        let label = ui.label(name.in_language(language));
        let field = TextEdit::singleline(&mut desk.typed)
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY);
        let field = ui.add(field).labelled_by(label.id);
        if field.changed() {
            desk.chosen = None;
        }
        if is_pressed(ui, Key::F) {
            desk.searching = true;
        } else if std::mem::take(&mut desk.searching) {
            // In the next frame: the key that led here is not part of what is looked for.
            field.request_focus();
        }
        if desk.searching {
            ui.ctx().request_repaint();
        }
        desk.in_field = field.has_focus();
    });
    was_in_field && !desk.in_field
}

/// Who is shown.
fn shown<'a>(retakes: &'a RetakesView, desk: &RetakesDesk) -> Vec<&'a PersonView> {
    let of_class = |person: &PersonView| desk.class.as_ref().is_none_or(|class| *class == person.class);
    let people = retakes.people.iter();
    people
        .filter(|person| desk.whom.takes(&person.stands) && of_class(person) && is_meant(person, desk))
        .collect()
}

/// Whether somebody is looked for by what was typed.
fn is_meant(person: &PersonView, desk: &RetakesDesk) -> bool {
    let typed = desk.typed.trim().to_lowercase();
    let said = [&person.name, &person.number, &person.last_four];
    typed.is_empty() || said.iter().any(|said| said.to_lowercase().contains(&typed))
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
