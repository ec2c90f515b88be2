//! Looking for somebody in the list. What was typed is asked of the shift, which has the numbers and the names; the
//! screen has neither, and is told whom it meant.

use eframe::egui::{
    Key, TextEdit, Ui,
    text::{CCursor, CCursorRange},
    text_edit::TextEditState,
};

use super::{PersonView, RetakesAsk, RetakesDesk, RetakesView};
use crate::{
    language::{Language, Phrase},
    screens::{
        offers::is_pressed,
        theme::{self, Tone},
    },
};

/// What the screen remembers of a search.
#[derive(Default)]
pub(super) struct Search {
    typed: String,
    /// What was asked of the shift last.
    asked: String,
    /// Whether the field is gone to in the next frame: the key that leads there is not part of what is looked for.
    comes: bool,
    /// Whether somebody types what he looks for.
    in_field: bool,
    /// Whether the field was left, and whoever alone is meant is still to be looked at.
    is_over: bool,
}

impl Search {
    /// Whether anything was typed.
    fn is_on(&self) -> bool {
        !self.typed.trim().is_empty()
    }

    /// What was typed last, if the shift was not asked for it yet.
    pub(super) fn ask(&mut self) -> Option<RetakesAsk> {
        if self.asked == self.typed {
            return None;
        }
        self.asked.clone_from(&self.typed);
        Some(RetakesAsk::Search(self.typed.clone()))
    }

    /// Whether the search just came to an end: the list is of all that was typed, and the field was left.
    pub(super) fn ends(&mut self) -> bool {
        let is_answered = self.asked == self.typed;
        is_answered && std::mem::take(&mut self.is_over) && self.is_on()
    }

    /// The shift knows nothing of it any more.
    pub(super) fn is_forgotten(&mut self) {
        self.asked.clear();
    }
}

/// F goes into the field and chooses all that stands there, Enter or Esc leaves it; whether one of them just did.
/// Whoever was chosen before is not whom one looks for.
pub(super) fn search_ui(ui: &mut Ui, language: Language, desk: &mut RetakesDesk) -> bool {
    let search = &mut desk.search;
    let was_in_field = search.in_field;
    ui.horizontal(|ui| {
        let name = Phrase::new("查找  [F]", "search  [F]");
        let label = ui.label(name.in_language(language));
        let hint = Phrase::new("号码或末几位、姓名、拼音首字母", "number or its end, name, pinyin letters");
        ui.visuals_mut().weak_text_color = Some(theme::of(ui).quiet);
        let field = TextEdit::singleline(&mut search.typed)
            .hint_text(hint.in_language(language))
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY);
        let field = ui.add(field).labelled_by(label.id);
        if field.changed() {
            desk.chosen = None;
        }
        if is_pressed(ui, Key::F) {
            (search.comes, search.is_over) = (true, false);
        } else if std::mem::take(&mut search.comes) {
            field.request_focus();
            // The next student is looked for by himself: what is typed takes the place of what stands there.
            let end = CCursor::new(search.typed.chars().count());
            let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
            state.cursor.set_char_range(Some(CCursorRange::two(CCursor::default(), end)));
            state.store(ui.ctx(), field.id);
        }
        if search.comes || search.asked != search.typed {
            ui.ctx().request_repaint();
        }
        search.in_field = field.has_focus();
    });
    let has_left = was_in_field && !search.in_field;
    search.is_over |= has_left;
    has_left
}

/// Whether somebody is looked for by what was typed.
pub(super) fn is_meant(person: &PersonView, retakes: &RetakesView, desk: &RetakesDesk) -> bool {
    let meant = retakes.meant.as_ref().filter(|_| desk.search.is_on());
    meant.is_none_or(|meant| meant.contains(&person.who))
}

/// Why the list is empty: nobody has this number, or whoever has it stands in another list.
pub(super) fn nobody(retakes: &RetakesView, desk: &RetakesDesk) -> (Tone, Phrase) {
    if retakes.people.is_empty() {
        let words =
            Phrase::new("没有名册：按 F6，再按 M 读入", "there is no roster: F6, then M reads one in");
        return (Tone::Doubt, words);
    }
    if !desk.search.is_on() {
        return (Tone::Good, Phrase::new("这里没有人", "nobody here"));
    }
    let elsewhere = retakes.people.iter().filter(|person| is_meant(person, retakes, desk)).count();
    let words = match (elsewhere, &desk.class) {
        (0, _) => Phrase::new("名册里没有找到：请核对输入", "nobody is found: look at what was typed"),
        (elsewhere, None) => Phrase::new(
            format!("这一栏里没有；“全部”里有 {elsewhere} 人：按 3"),
            format!("not in this list; {elsewhere} among all: press 3"),
        ),
        (elsewhere, Some(_)) => Phrase::new(
            format!("这个班的这一栏里没有；“全部班级”的“全部”里有 {elsewhere} 人：按 0，再按 3"),
            format!("not in this list of this class; {elsewhere} among all of all classes: press 0, then 3"),
        ),
    };
    (Tone::Doubt, words)
}
