//! The keys: what each of them means in a phase, on its button and under a finger. One table for both.

use eframe::egui::{Align, Button, Color32, Event, Key, Layout, RichText, Sense, Ui, Vec2, vec2};

use super::{place::Place, theme, view::View};
use crate::{
    language::{Language, Phrase},
    station::{Phase, Wish},
};

/// A key's button is at least so large, in points.
const BUTTON: Vec2 = vec2(150.0, 46.0);

/// How wide the words are that lead to all keys, in points.
const HELP_WIDTH: f32 = 140.0;

/// A key, what it is called, what it does in words, and what it wishes for.
type Offer = (Key, Phrase, Phrase, Wish);

/// What a key of the capture screen asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// This, of the station.
    Wish(Wish),
    /// The dialog in which a person keeps a portrait against the checks.
    Overrule,
    /// The dialog in which a student without a code is looked for.
    Search,
    /// The dialog in which somebody is let in who is in no roster.
    WalkUp,
    /// Another screen, on which something is mended.
    Go(Place),
}

/// Whether a person may keep the portrait that waits although checks failed: then O asks him who he is and why.
pub(super) fn may_be_overruled(phase: &Phase) -> bool {
    matches!(phase, Phase::Reviewing(_, take) if take.may_be_overruled && !take.portrait.is_acceptable())
}

/// The keys that mean something in this phase, with what is written on their buttons.
fn offers(phase: &Phase) -> Vec<Offer> {
    let letter = |key: Key, word: Phrase, wish: Wish| (key, Phrase::new(key.name(), key.name()), word, wish);
    let esc = Phrase::new("Esc", "Esc");
    let leave = (Key::Escape, esc, Phrase::new("放弃", "dismiss"), Wish::Dismiss);
    match phase {
        Phase::Idle | Phase::Queueing(..) => vec![],
        Phase::KeptBefore(_) => vec![letter(Key::B, Phrase::new("补拍", "retake"), Wish::Retake), leave],
        Phase::Awaited(_) => vec![letter(Key::Y, Phrase::new("是他，就座", "it is he"), Wish::Seat), leave],
        Phase::CodeScanned(sitting) if sitting.is_doubted() => {
            vec![letter(Key::R, Phrase::new("是他，重拍", "it is he"), Wish::Again), leave]
        }
        // The shutter was asked for: asking again would ask for nothing.
        Phase::CodeScanned(sitting) if sitting.fired => vec![leave],
        Phase::CodeScanned(_) => {
            let space = Phrase::new("空格", "Space");
            vec![(Key::Space, space, Phrase::new("拍照", "shoot"), Wish::Fire), leave]
        }
        Phase::Shot(..) => vec![leave],
        Phase::Refused(_, why) if why.may_be_overruled() => {
            vec![letter(Key::Y, Phrase::new("仍然就座", "let in"), Wish::LetIn), leave]
        }
        Phase::Refused(..) => vec![leave],
        Phase::Reviewing(_, take) => {
            let again = letter(Key::R, Phrase::new("重拍", "again"), Wish::Again);
            let keep = (Key::Enter, Phrase::new("回车", "Enter"), Phrase::new("保存", "keep"), Wish::Keep);
            let stray = letter(Key::S, Phrase::new("未归属", "stray"), Wish::Stray);
            let keep = take.portrait.is_acceptable().then_some(keep);
            keep.into_iter().chain([again, leave, stray]).collect()
        }
    }
}

/// Whether the operator may ask for this now.
#[must_use]
pub fn is_offered(phase: &Phase, wanted: Wish) -> bool {
    offers(phase).iter().any(|(.., wish)| *wish == wanted)
}

/// The keys that mean something now: nobody shoots with a camera that is not there, or that only its own button fires.
fn offered(view: &View) -> impl Iterator<Item = Offer> {
    let may_fire = view.camera.connected && !view.camera.by_hand;
    offers(&view.phase).into_iter().filter(move |(.., wish)| may_fire || *wish != Wish::Fire)
}

/// A key that was pressed, unless somebody is typing into a field: a space in a name must not fire the shutter.
pub(super) fn pressed(ui: &Ui, view: &View) -> Option<Pressed> {
    let wish = offered(view).find(|(key, ..)| is_pressed(ui, *key));
    let overrules = || may_be_overruled(&view.phase) && is_pressed(ui, Key::O);
    wish.map(|(.., wish)| Pressed::Wish(wish)).or_else(|| overrules().then_some(Pressed::Overrule))
}

/// A button that says its key; whether it was clicked, or its key pressed.
pub(super) fn key_button(
    ui: &mut Ui,
    language: Language,
    key: (Key, &str),
    word: &Phrase,
    is_first: bool,
) -> bool {
    let (key, name) = key;
    labelled_ui(ui, word.in_language(language), name, is_first) || is_pressed(ui, key)
}

/// A button with a word and its key's name on it; whether it was clicked.
fn labelled_ui(ui: &mut Ui, word: &str, key: &str, is_first: bool) -> bool {
    let text = RichText::new(format!("{word}  [{key}]")).font(theme::bold_of(theme::LARGE));
    let colours = theme::of(ui);
    let text = if is_first { text.color(colours.on_tone) } else { text };
    // Never the keyboard's focus: Enter would press whichever button has it.
    let button = Button::new(text).sense(Sense::CLICK).min_size(BUTTON);
    let button = if is_first { button.fill(colours.ready) } else { button };
    ui.add(button).clicked()
}

/// Whether a key was pressed that is nobody's letter: not while somebody types into a field, not held down, not
/// with Ctrl or Alt.
pub(super) fn is_pressed(ui: &Ui, wanted: Key) -> bool {
    !ui.ctx().text_edit_focused() && is_pressed_while_typing(ui, wanted)
}

/// The same, also while somebody types: for function keys where a field always waits, at the lock and in the set-up.
pub(super) fn is_pressed_while_typing(ui: &Ui, wanted: Key) -> bool {
    ui.input(|input| {
        input.events.iter().any(|event| {
            let Event::Key { key, pressed: true, repeat: false, modifiers, .. } = event else {
                return false;
            };
            *key == wanted && !modifiers.command && !modifiers.alt
        })
    })
}

/// Whether a button fits into what is left of the row.
fn has_room(ui: &Ui, word: &str, key: &str) -> bool {
    let font = theme::bold_of(theme::LARGE);
    let text = ui.painter().layout_no_wrap(format!("{word}  [{key}]"), font, Color32::WHITE).size().x;
    let width = text + 2.0 * ui.spacing().button_padding.x;
    width.max(BUTTON.x) <= ui.available_width()
}

/// Whether the two keys that call somebody belong into the row, beside those of the phase. Where a portrait is judged there
/// are four already, and where it is asked who sits, that is answered first; the keys mean the same everywhere.
fn offers_calls(view: &View) -> bool {
    match &view.phase {
        Phase::Idle | Phase::Shot(..) | Phase::Queueing(..) => true,
        Phase::CodeScanned(sitting) => !sitting.is_doubted(),
        Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..) | Phase::Reviewing(..) => false,
    }
}

/// Whether this is what is done with most students. What goes against a doubt is nobody's habit, and its button does not
/// ask to be pressed: leaving is as likely.
fn is_usual(wish: Wish) -> bool {
    match wish {
        Wish::Fire | Wish::Keep | Wish::Again | Wish::Seat => true,
        Wish::Dismiss | Wish::Retake | Wish::LetIn | Wish::Stray => false,
    }
}

/// Draws the buttons of a phase, the likeliest first and strongest.
pub(super) fn keys_ui(ui: &mut Ui, view: &View) -> Option<Pressed> {
    let mut pressed = None;
    ui.horizontal_centered(|ui| {
        for (place, (_, key, word, meaning)) in offered(view).enumerate() {
            let (word, key) = (word.in_language(view.language), key.in_language(view.language));
            if labelled_ui(ui, word, key, place == 0 && is_usual(meaning)) {
                pressed = Some(Pressed::Wish(meaning));
            }
        }
        if may_be_overruled(&view.phase) {
            let word = Phrase::new("仍要保存", "overrule");
            if labelled_ui(ui, word.in_language(view.language), "O", false) {
                pressed = Some(Pressed::Overrule);
            }
        }
        if offers_calls(view) {
            let search = (view.lookup.may_search, "F", Phrase::new("查找考生", "find"), Pressed::Search);
            let walk_up = (view.lookup.may_let_in, "W", Phrase::new("名册外", "walk-up"), Pressed::WalkUp);
            for (may, key, word, meaning) in [search, walk_up] {
                let word = word.in_language(view.language);
                if may && has_room(ui, word, key) && labelled_ui(ui, word, key, false) {
                    pressed = Some(meaning);
                }
            }
        }
        let help = Phrase::new("F1 全部按键", "F1 all keys");
        let help = RichText::new(help.in_language(view.language)).color(theme::of(ui).quiet);
        // Beside many buttons there is no room for it.
        if ui.available_width() > HELP_WIDTH {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(help));
        }
    });
    pressed
}
