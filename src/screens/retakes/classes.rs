//! The classes of the roster: how many of each are missing, and how many of those came and left without a portrait. The
//! arrows to the sides go from one to the next, 0 to all of them.

use eframe::egui::{Align, Button, Key, Label, Layout, Response, RichText, ScrollArea, Sense, Ui, vec2};

use super::{ROW, RetakesDesk, RetakesView};
use crate::{
    language::{Language, Phrase},
    screens::{
        offers::is_pressed,
        theme::{self, Tone},
    },
};

/// A class of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassView {
    /// 学院, 专业, 班级; empty where the roster does not say.
    pub place: [String; 3],
    /// Students in the roster.
    pub expected: usize,
    /// Students with a portrait.
    pub kept: usize,
    /// Students who came and left without a portrait.
    pub left: usize,
}

impl ClassView {
    /// A class nobody was counted of yet.
    #[must_use]
    pub fn of(place: [String; 3]) -> Self {
        Self { place, expected: 0, kept: 0, left: 0 }
    }

    /// Who of it was here and left, where somebody did; then how many are missing, of how many.
    fn counts(&self) -> String {
        let missing = self.expected - self.kept;
        let sign = match (missing, self.left) {
            (0, _) if self.expected > 0 => format!("{} ", Tone::Good.sign()),
            (_, 0) => String::new(),
            (_, left) => format!("{}{left}  ", Tone::Doubt.sign()),
        };
        format!("{sign}{missing} / {}", self.expected)
    }

    /// The class first: of a college there are many, and a line has an end.
    fn name(&self) -> String {
        let named: Vec<&str> =
            self.place.iter().rev().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if named.is_empty() { "—".to_owned() } else { named.join(" ") }
    }
}

/// The classes with how many are missing; all of them on top.
pub(super) fn classes_ui(ui: &mut Ui, language: Language, retakes: &RetakesView, desk: &mut RetakesDesk) {
    let title = Phrase::new("班级  [← →]  全部 [0]", "classes  [← →]  all [0]");
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::TEXT)));
    let sign = Tone::Doubt.sign();
    let counts =
        Phrase::new(format!("{sign}来过没拍成  还缺 / 应拍"), format!("{sign}left without  missing / all"));
    let counts = RichText::new(counts.in_language(language)).color(theme::of(ui).quiet);
    // Above the counts, which end at the right.
    ui.with_layout(Layout::top_down(Align::Max), |ui| ui.add(Label::new(counts).wrap()));
    let everybody = Phrase::new("全部班级", "all");
    let mut all = ClassView::of(Default::default());
    for class in &retakes.classes {
        all.expected += class.expected;
        all.kept += class.kept;
        all.left += class.left;
    }
    let moved = stepped(ui, retakes, desk);
    if let Some(class) = moved.clone() {
        desk.look_at_class(class);
    }
    let mut clicked = None;
    if class_ui(ui, &all, everybody.in_language(language), desk.class.is_none()).clicked() {
        clicked = Some(None);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for class in &retakes.classes {
            let here = desk.class.as_ref() == Some(&class.place);
            let line = class_ui(ui, class, &class.name(), here);
            if here && moved.is_some() {
                line.scroll_to_me(Some(Align::Center));
            }
            if line.clicked() {
                clicked = Some(Some(class.place.clone()));
            }
        }
    });
    if let Some(class) = clicked {
        desk.look_at_class(class);
    }
}

/// The class a key leads to, if one was pressed; before the first are all of them.
fn stepped(ui: &Ui, retakes: &RetakesView, desk: &RetakesDesk) -> Option<Option<[String; 3]>> {
    let classes = &retakes.classes;
    let at = classes.iter().position(|class| Some(&class.place) == desk.class.as_ref());
    let to = if is_pressed(ui, Key::Num0) {
        None
    } else if is_pressed(ui, Key::ArrowRight) {
        // From the last one there is nowhere to go.
        let next = at.map_or(0, |at| at + 1);
        Some(classes.get(next)?)
    } else if is_pressed(ui, Key::ArrowLeft) {
        let before = at?.checked_sub(1);
        before.and_then(|before| classes.get(before))
    } else {
        return None;
    };
    Some(to.map(|class| class.place.clone()))
}

/// A class's line: its counts are always whole, and its name has what room is left.
fn class_ui(ui: &mut Ui, class: &ClassView, name: &str, here: bool) -> Response {
    ui.spacing_mut().button_padding = vec2(8.0, 2.0);
    let colours = theme::of(ui);
    let text = |words: &str| RichText::new(words).color(if here { colours.on_tone } else { colours.words });
    let button = Button::new(text(name)).right_text(text(&class.counts())).sense(Sense::CLICK).truncate();
    let fill = if here { colours.ready } else { colours.panel };
    ui.add(button.fill(fill).min_size(vec2(ui.available_width(), ROW)))
}
