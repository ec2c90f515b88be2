//! 查找: a student without a code is called by name.
//!
//! F opens it. What is typed makes a list; Enter ends the typing, and from then on a number key chooses: two keys
//! after typing. W lets somebody in who is in no roster, with a reason. Everything shown is masked.

use std::fmt;

use eframe::egui::{self, Align2, Frame, Key, Modifiers, Response, RichText, TextEdit, Ui, vec2};

use super::{
    offers::is_pressed,
    theme,
    view::{CandidateView, LookupView, View},
};
use crate::language::Phrase;

/// What the operator wants of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Ask {
    /// Look for this.
    Search(String),
    /// Call the one at this place of the list, from 0.
    Choose(usize),
    /// Let in somebody who is in no roster.
    LetIn {
        /// His name; not asked for when his card lies there.
        name: String,
        /// His number, if he knows one.
        number: String,
        /// Why.
        reason: String,
    },
    /// Nothing after all.
    Close,
}

impl fmt::Debug for Ask {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Search(_) => f.write_str("Search"),
            Self::Choose(place) => write!(f, "Choose({place})"),
            Self::LetIn { .. } => f.write_str("LetIn"),
            Self::Close => f.write_str("Close"),
        }
    }
}

/// What is open, and what was typed.
#[derive(Default)]
pub struct Lookup {
    page: Page,
    typed: String,
    name: String,
    number: String,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    Shut,
    Typing,
    Choosing,
    LettingIn,
}

impl fmt::Debug for Lookup {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup").field("page", &self.page).finish_non_exhaustive()
    }
}

impl Lookup {
    /// Whether it lies over the screen: the other keys mean nothing then.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.page != Page::Shut
    }

    /// Opens it: a student without a code is looked for.
    pub(super) fn search(&mut self) {
        self.page = Page::Typing;
    }

    /// Opens it: somebody is let in who is in no roster.
    pub(super) fn walk_up(&mut self) {
        self.page = Page::LettingIn;
    }

    fn shut(&mut self) -> Option<Ask> {
        *self = Self::default();
        Some(Ask::Close)
    }
}

/// Draws the search over the screen, and says what the operator asked for.
pub fn lookup_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    let LookupView { may_search, may_let_in, found, card, .. } = &view.lookup;
    if !may_search && !may_let_in {
        // Somebody sits: whoever was looked for must be looked for again.
        return if lookup.is_open() { lookup.shut() } else { None };
    }
    if lookup.page == Page::Shut {
        lookup.page = opened(ui, *may_search, *may_let_in, !found.is_empty());
        if lookup.page == Page::Shut {
            return None;
        }
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        return lookup.shut();
    }
    let mut ask = None;
    let width = (ui.ctx().content_rect().width() * 0.72).min(980.0);
    let frame = Frame::window(ui.style()).fill(theme::of(ui).panel).inner_margin(24.0);
    egui::Window::new("lookup")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .fixed_size(vec2(width, 0.0))
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ui.ctx(), |ui| {
            ask = match lookup.page {
                Page::Shut => None,
                Page::Typing => typing_ui(ui, view, lookup),
                Page::Choosing => choosing_ui(ui, view, lookup),
                Page::LettingIn => letting_in_ui(ui, view, lookup, card.as_deref()),
            };
        });
    if matches!(ask, Some(Ask::Choose(_) | Ask::LetIn { .. })) {
        *lookup = Lookup::default();
    }
    ask
}

/// What a key opens; a card of another name than the roster's opens the list by itself.
fn opened(ui: &Ui, may_search: bool, may_let_in: bool, is_found: bool) -> Page {
    if is_found {
        Page::Choosing
    } else if may_search && is_pressed(ui, Key::F) {
        Page::Typing
    } else if may_let_in && is_pressed(ui, Key::W) {
        Page::LettingIn
    } else {
        Page::Shut
    }
}

fn typing_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    title(ui, view, &Phrase::new("查找考生", "find a student"));
    let asked = hint(
        ui,
        view,
        &Phrase::new(
            "输入学号或证件号末几位、姓名拼音首字母或姓名，然后按回车",
            "type the last digits, the first letters of the name's pinyin, or the name; then Enter",
        ),
    );
    let font = theme::bold_of(theme::LARGE);
    let field = ui.add(
        TextEdit::singleline(&mut lookup.typed)
            .font(font)
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY),
    );
    field.clone().labelled_by(asked.id);
    // The key that opened the window is not part of what is looked for.
    if !field.has_focus() && !field.lost_focus() {
        field.request_focus();
        lookup.typed.clear();
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    list_ui(ui, view, "请多输入几位", "type more of it");
    if view.lookup.found.is_empty() && lookup.typed.trim().chars().count() > 1 {
        let word =
            Phrase::new("名册里没有找到；名册外的按 Esc 再按 W", "nobody is found; Esc, then W, for others");
        ui.label(RichText::new(word.in_language(view.language)).color(theme::of(ui).doubt));
    }
    // What was typed together with it is not looked for yet: the list is of what was typed before.
    if entered && !field.changed() && !view.lookup.found.is_empty() {
        lookup.page = Page::Choosing;
        return None;
    }
    if entered {
        field.request_focus();
    }
    field.changed().then(|| Ask::Search(lookup.typed.clone()))
}

fn choosing_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    let word = Phrase::new("核对本人，按数字键就座", "compare, then press the number");
    title(ui, view, &word);
    list_ui(ui, view, "按 F 多输入几位", "F, then type more of it");
    hint(ui, view, &Phrase::new("F 再找    Esc 放弃", "F to look again    Esc to leave"));
    if view.lookup.may_search && is_pressed(ui, Key::F) {
        lookup.page = Page::Typing;
        return None;
    }
    let only = view.lookup.found.len() == 1 && is_pressed(ui, Key::Enter);
    let keys =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    let chosen = keys.into_iter().position(|key| is_pressed(ui, key)).or(only.then_some(0));
    chosen.filter(|place| *place < view.lookup.found.len()).map(Ask::Choose)
}

fn letting_in_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup, card: Option<&str>) -> Option<Ask> {
    title(ui, view, &Phrase::new("名册外拍摄", "not in the roster"));
    hint(ui, view, &Phrase::new("会单独记下，交学校核对", "it is written down for the school to look at"));
    let mut entered = false;
    if let Some(card) = card {
        ui.label(RichText::new(card).font(theme::bold_of(theme::LARGE)));
    } else {
        entered |= field_ui(ui, view, &Phrase::new("姓名", "name"), &mut lookup.name);
        entered |=
            field_ui(ui, view, &Phrase::new("学号或证件号（可空）", "number, if known"), &mut lookup.number);
    }
    entered |= field_ui(ui, view, &Phrase::new("理由", "reason"), &mut lookup.reason);
    let is_whole = (card.is_some() || is_said(&lookup.name)) && is_said(&lookup.reason);
    let word = if is_whole {
        Phrase::new("回车 就座    Esc 放弃", "Enter to seat    Esc to leave")
    } else {
        Phrase::new("姓名和理由都要填    Esc 放弃", "name and reason are needed    Esc to leave")
    };
    hint(ui, view, &word);
    (entered && is_whole).then(|| Ask::LetIn {
        name: lookup.name.clone(),
        number: lookup.number.clone(),
        reason: lookup.reason.clone(),
    })
}

/// A field with its name; whether Enter was pressed in it.
fn field_ui(ui: &mut Ui, view: &View, name: &Phrase, text: &mut String) -> bool {
    let called = ui.label(RichText::new(name.in_language(view.language)).color(theme::of(ui).quiet));
    let font = theme::bold_of(theme::LARGE);
    let field = ui.add(
        TextEdit::singleline(text)
            .font(font)
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY),
    );
    field.clone().labelled_by(called.id);
    let nobody_types = !ui.ctx().text_edit_focused();
    if nobody_types && text.is_empty() && !field.lost_focus() {
        field.request_focus();
    }
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn is_said(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// Who was found; and where that is not everybody, how to come nearer.
fn list_ui(ui: &mut Ui, view: &View, nearer: &str, nearer_en: &str) {
    ui.add_space(12.0);
    for (place, candidate) in view.lookup.found.iter().enumerate() {
        candidate_ui(ui, view, place + 1, candidate);
    }
    let more = view.lookup.all.saturating_sub(view.lookup.found.len());
    if more > 0 {
        let word = Phrase::new(format!("另有 {more} 人：{nearer}"), format!("{more} more: {nearer_en}"));
        ui.label(RichText::new(word.in_language(view.language)).color(theme::of(ui).doubt));
    }
}

fn candidate_ui(ui: &mut Ui, view: &View, key: usize, candidate: &CandidateView) {
    let CandidateView { name, number, last_four, place, kept } = candidate;
    let font = || theme::bold_of(theme::LARGE);
    ui.horizontal(|ui| {
        ui.label(RichText::new(key.to_string()).font(font()).color(theme::of(ui).ready));
        ui.label(RichText::new(name).font(font()));
        let tail = |zh: &str, en: &str, end: &str| {
            if end.is_empty() {
                Phrase::default()
            } else {
                Phrase::new(format!("{zh}…{end}"), format!("{en} …{end}"))
            }
        };
        for phrase in [tail("学号", "no.", number), tail("证件", "id", last_four)] {
            ui.label(RichText::new(phrase.in_language(view.language)).font(font()));
        }
        ui.label(RichText::new(place).color(theme::of(ui).quiet));
        if *kept {
            let word = Phrase::new("已有照片", "kept before");
            ui.label(RichText::new(word.in_language(view.language)).color(theme::of(ui).doubt));
        }
    });
}

fn title(ui: &mut Ui, view: &View, word: &Phrase) {
    let text = RichText::new(word.in_language(view.language)).font(theme::bold_of(theme::HUGE));
    ui.label(text.color(theme::of(ui).words));
}

fn hint(ui: &mut Ui, view: &View, word: &Phrase) -> Response {
    ui.label(
        RichText::new(word.in_language(view.language))
            .font(theme::bold_of(theme::TEXT))
            .color(theme::of(ui).quiet),
    )
}
