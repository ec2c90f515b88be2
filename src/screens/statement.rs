//! 具名: the fields in which a person says who he is and why he does what the station would not. The tray and the
//! overruling of checks share them. While one of them has the focus, no key means anything else.

use std::fmt;

use eframe::egui::{Key, Margin, RichText, TextEdit, Ui, vec2};

use super::{cell::cell, offers::is_pressed, theme, trouble};
use crate::{
    language::{Language, Phrase},
    station::{Act, NotAnAct, Vouched},
};

/// The most characters a field takes: as many as an act may have.
const LONGEST: usize = 200;

/// How wide the names of the fields are, in points.
const NAMES: f32 = 150.0;

/// How high a field is, in points.
const HEIGHT: f32 = 34.0;

/// What was typed, and where somebody types.
#[derive(Default)]
pub(super) struct StatementDesk {
    by: String,
    second: String,
    reason: String,
    /// The field that is to have the focus next.
    wants: Option<usize>,
    /// Whether a field has the focus, and whether one had it in the frame before: the key that leaves it means
    /// nothing else.
    in_field: bool,
    was_in_field: bool,
}

impl fmt::Debug for StatementDesk {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatementDesk").field("in_field", &self.in_field).finish_non_exhaustive()
    }
}

/// What a person said.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) by: String,
    pub(super) second: String,
    pub(super) reason: String,
}

impl StatementDesk {
    /// Empty, and the first field has the focus.
    pub(super) fn begun() -> Self {
        Self { wants: Some(0), ..Self::default() }
    }

    /// Whether keys mean anything but letters.
    pub(super) fn is_resting(&self) -> bool {
        !self.in_field && !self.was_in_field && self.wants.is_none()
    }

    /// Whether it is an act of a person, and of two where two are asked.
    pub(super) fn lacks(&self, four_eyes: bool) -> Option<NotAnAct> {
        let act = Act::new(&self.by, &self.reason);
        act.and_then(|act| Vouched::new(act, &self.second, four_eyes)).err()
    }

    /// As it was typed.
    pub(super) fn said(&self) -> Said {
        let [by, second, reason] = [&self.by, &self.second, &self.reason].map(|text| text.trim().to_owned());
        Said { by, second, reason }
    }
}

/// Draws the fields, the second person's where he is asked for. Enter goes on to the next empty one, and out of the
/// last; T goes back in.
pub(super) fn statement_ui(ui: &mut Ui, language: Language, desk: &mut StatementDesk, four_eyes: bool) {
    desk.was_in_field = desk.in_field;
    let by = Phrase::new("操作人", "your name");
    let second = Phrase::new("第二人", "second person");
    let reason = Phrase::new("理由", "reason");
    let mut texts = vec![(by, &mut desk.by)];
    if four_eyes {
        texts.push((second, &mut desk.second));
    }
    texts.push((reason, &mut desk.reason));
    let (mut in_field, mut left) = (false, None);
    let wanted = desk.wants.take();
    for (place, (name, text)) in texts.iter_mut().enumerate() {
        let (has_focus, entered) = field_ui(ui, language, name, text, wanted == Some(place));
        in_field |= has_focus;
        left = entered.then_some(place).or(left);
    }
    let is_empty = |place: &usize| texts.get(*place).is_some_and(|(_, text)| text.trim().is_empty());
    let empty: Vec<usize> = (0..texts.len()).filter(is_empty).collect();
    desk.in_field = in_field;
    if let Some(left) = left {
        desk.wants = empty.iter().find(|place| **place > left).or(empty.first()).copied();
    } else if desk.is_resting() && is_pressed(ui, Key::T) {
        desk.wants = Some(empty.first().copied().unwrap_or(0));
    }
    if desk.wants.is_some() {
        ui.ctx().request_repaint();
    }
    hint_ui(ui, language, desk, four_eyes);
}

/// What the keys mean now; once nobody types, what is still missing.
fn hint_ui(ui: &mut Ui, language: Language, desk: &StatementDesk, four_eyes: bool) {
    let typing = Phrase::new(
        "正在输入：回车到下一格。不要写考生姓名和证件号",
        "typing: Enter goes on. Name no student",
    );
    let resting = Phrase::new("T 修改。会写进流水", "T changes them. This goes into the journal");
    let colours = theme::of(ui);
    let (words, colour) = match desk.lacks(four_eyes).filter(|_| desk.is_resting()) {
        Some(why) => (format!("▲ {}　[T]", trouble::not_an_act(why).line(language)), colours.doubt),
        None if desk.is_resting() => (resting.in_language(language).to_owned(), colours.quiet),
        None => (typing.in_language(language).to_owned(), colours.quiet),
    };
    ui.label(RichText::new(words).color(colour));
}

/// A field beside its name; whether it has the focus, and whether Enter left it.
fn field_ui(ui: &mut Ui, language: Language, name: &Phrase, text: &mut String, wanted: bool) -> (bool, bool) {
    ui.horizontal(|ui| {
        let font = theme::bold_of(theme::TEXT);
        let name = RichText::new(name.in_language(language)).font(font.clone());
        let called = cell(ui, vec2(NAMES, HEIGHT), name);
        let field = TextEdit::singleline(text)
            .font(font)
            .char_limit(LONGEST)
            .margin(Margin::symmetric(8, 2))
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY);
        let field = ui.add(field).labelled_by(called.id);
        if wanted {
            field.request_focus();
        }
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        (wanted || field.has_focus(), entered)
    })
    .inner
}
