//! 查找: a student without a code is called by name.
//!
//! F opens it. What is typed makes a list; Enter ends the typing, and from then on a number key chooses: two keys
//! after typing. W lets somebody in who is in no roster, with a reason. Everything shown is masked.
//!
//! Both work while somebody sits: whoever is called comes next then, and the dialog says so. It lies over the pictures and
//! leaves the banner free, stays open whatever becomes of who sits, and none of its keys reaches the screen below.

use std::fmt;

use eframe::egui::{self, Align2, Frame, Key, Label, Modifiers, Response, RichText, TextEdit, Ui, vec2};

use super::{
    capture::PICTURES,
    offers::is_pressed,
    theme,
    view::{CandidateView, LookupView, View},
};
use crate::{language::Phrase, shot::SittingId};

/// What opened or changed by itself under a finger hears no key for so long, in seconds: it must be seen first.
const SEEN_AFTER: f64 = 1.0;

/// What lies around the dialog's contents, and between it and the edge of the pictures, in points.
const MARGIN: f32 = 24.0;
const APART: f32 = 8.0;

/// What the operator wants of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Ask {
    /// Look for this.
    Search(String),
    /// Call the one at this place of the list, from 0.
    Choose(usize),
    /// Let in somebody who is in no roster.
    LetIn {
        /// His name; empty when it is he whose card lies there.
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
    /// Whose card lay there when it was looked at last, masked.
    card: Option<String>,
    /// In whose sitting it was opened.
    over: Option<SittingId>,
    /// No key is heard before this moment of the window's, in seconds.
    deaf_until: f64,
    /// Somebody was called, and somebody else sits by now than when the dialog was opened.
    surprise: bool,
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
    pub(super) fn search(&mut self, view: &View) {
        self.open(Page::Typing, view);
    }

    /// Opens it: somebody is let in who is in no roster.
    pub(super) fn walk_up(&mut self, view: &View) {
        self.open(Page::LettingIn, view);
    }

    /// Whether it was shut by calling somebody, while the chair was no more as it was when it was opened: whoever typed
    /// has not seen who sits there. Said once.
    pub(super) fn take_surprise(&mut self) -> bool {
        std::mem::take(&mut self.surprise)
    }

    fn open(&mut self, page: Page, view: &View) {
        *self = Self { page, over: sits(view), card: view.lookup.card.clone(), ..Self::default() };
    }

    fn shut(&mut self) -> Option<Ask> {
        *self = Self::default();
        Some(Ask::Close)
    }

    /// Opens what a key opens; a card of another name than the roster's opens the list by itself. Whether it is open.
    fn is_opened(&mut self, ui: &Ui, view: &View) -> bool {
        let LookupView { may_search, may_let_in, found, .. } = &view.lookup;
        if !found.is_empty() {
            self.open(Page::Choosing, view);
            self.grow_deaf(ui);
        } else if *may_search && is_pressed(ui, Key::F) {
            self.search(view);
        } else if *may_let_in && is_pressed(ui, Key::W) {
            self.walk_up(view);
        }
        self.is_open()
    }

    /// Another card lies there, or none: whoever is let in is not whom the operator has read.
    fn mind_the_card(&mut self, ui: &Ui, view: &View) {
        if self.card != view.lookup.card {
            self.card.clone_from(&view.lookup.card);
            if self.page == Page::LettingIn {
                self.grow_deaf(ui);
            }
        }
    }

    fn grow_deaf(&mut self, ui: &Ui) {
        self.deaf_until = ui.input(|input| input.time) + SEEN_AFTER;
    }

    fn hears(&self, ui: &Ui) -> bool {
        ui.input(|input| input.time) >= self.deaf_until
    }
}

/// Whose sitting it is.
fn sits(view: &View) -> Option<SittingId> {
    view.phase.sitting().map(|sitting| sitting.id)
}

/// Draws the search over the screen, and says what the operator asked for.
pub fn lookup_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    if !view.lookup.may_search && !view.lookup.may_let_in {
        // There is nobody any more who could be called.
        return if lookup.is_open() { lookup.shut() } else { None };
    }
    if !lookup.is_open() && !lookup.is_opened(ui, view) {
        return None;
    }
    lookup.mind_the_card(ui, view);
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) && lookup.hears(ui) {
        return lookup.shut();
    }
    let mut ask = None;
    let mut place = ui.ctx().content_rect();
    place.set_width(place.width() * PICTURES);
    let frame = Frame::window(ui.style()).fill(theme::of(ui).panel).inner_margin(MARGIN);
    egui::Window::new("lookup")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .fixed_size(vec2(place.width() - 2.0 * (MARGIN + APART), 0.0))
        .pivot(Align2::CENTER_CENTER)
        .fixed_pos(place.center())
        .show(ui.ctx(), |ui| {
            ask = match lookup.page {
                Page::Shut => None,
                Page::Typing => typing_ui(ui, view, lookup),
                Page::Choosing => choosing_ui(ui, view, lookup),
                Page::LettingIn => letting_in_ui(ui, view, lookup),
            };
        });
    if matches!(ask, Some(Ask::Choose(_) | Ask::LetIn { .. })) {
        *lookup = Lookup { surprise: lookup.over != sits(view), ..Lookup::default() };
    }
    ask
}

/// What is said where nobody sits, or else of who comes next.
fn said<'a>(view: &View, seats: &'a Phrase, comes_next: &'a Phrase) -> &'a Phrase {
    if sits(view).is_some() { comes_next } else { seats }
}

fn typing_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    let (seats, comes_next) =
        (Phrase::new("查找考生", "find a student"), Phrase::new("查找下一位", "find the next one"));
    title(ui, view, said(view, &seats, &comes_next));
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
    let seats = Phrase::new("核对本人，按数字键就座", "compare, then press the number");
    let comes_next = Phrase::new("核对下一位，按数字键", "the next one: compare, press the number");
    title(ui, view, said(view, &seats, &comes_next));
    list_ui(ui, view, "按 F 多输入几位", "F, then type more of it");
    hint(ui, view, &Phrase::new("F 再找    Esc 放弃", "F to look again    Esc to leave"));
    if !lookup.hears(ui) {
        return None;
    }
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

fn letting_in_ui(ui: &mut Ui, view: &View, lookup: &mut Lookup) -> Option<Ask> {
    let hears = lookup.hears(ui);
    title(ui, view, &Phrase::new("名册外拍摄", "not in the roster"));
    hint(ui, view, &Phrase::new("会单独记下，交学校核对", "it is written down for the school to look at"));
    let mut entered = false;
    let has_card = lookup.card.is_some();
    if let Some(card) = &lookup.card {
        ui.label(RichText::new(card).font(theme::bold_of(theme::LARGE)));
    } else {
        let number = Phrase::new("学号或证件号（可空）", "number, if known");
        entered |= field_ui(ui, view, &Phrase::new("姓名", "name"), &mut lookup.name, hears);
        entered |= field_ui(ui, view, &number, &mut lookup.number, hears);
    }
    entered |= field_ui(ui, view, &Phrase::new("理由", "reason"), &mut lookup.reason, hears);
    let is_whole = (has_card || is_said(&lookup.name)) && is_said(&lookup.reason);
    let seats = Phrase::new("回车 就座    Esc 放弃", "Enter to seat    Esc to leave");
    let comes_next = Phrase::new("回车 定为下一位    Esc 放弃", "Enter to come next    Esc to leave");
    let lacks = Phrase::new("姓名和理由都要填    Esc 放弃", "name and reason are needed    Esc to leave");
    hint(ui, view, if is_whole { said(view, &seats, &comes_next) } else { &lacks });
    let typed = |text: &str| if has_card { String::new() } else { text.to_owned() };
    (entered && is_whole).then(|| Ask::LetIn {
        name: typed(&lookup.name),
        number: typed(&lookup.number),
        reason: lookup.reason.clone(),
    })
}

/// A field with its name; whether Enter was pressed in it, and is heard.
fn field_ui(ui: &mut Ui, view: &View, name: &Phrase, text: &mut String, hears: bool) -> bool {
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
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered && !hears {
        field.request_focus();
    }
    entered && hears
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
        if *kept {
            let word = Phrase::new("已有照片", "kept before");
            ui.label(RichText::new(word.in_language(view.language)).color(theme::of(ui).doubt));
        }
        // A long one must not push the dialog over the banner.
        ui.add(Label::new(RichText::new(place).color(theme::of(ui).quiet)).truncate());
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
