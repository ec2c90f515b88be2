//! The keyboard's way into the program: a scanner's keys are taken out before any screen sees them.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use eframe::egui::{Context, Event, Key, Modifiers, RawInput, ViewportId};

use crate::{
    scan::{Misscan, Scan, Stroke, Typed},
    settings::Scanner,
    shot::Moment,
};

/// While a text field has the focus, keys are asked for this often: the longer nobody asks, the less is known of
/// how fast they came.
const IN_FIELD: Duration = Duration::from_millis(150);

/// Tells a scanner's keys from the operator's, in each window apart: a key that is held back comes out where it was
/// pressed, whichever window is drawn next.
#[derive(Debug)]
pub struct Keys {
    scanner: Scanner,
    windows: HashMap<ViewportId, Ears>,
}

impl Keys {
    /// With a scanner as the settings describe it.
    #[must_use]
    pub fn new(scanner: Scanner) -> Self {
        Self { scanner, windows: HashMap::new() }
    }

    /// Takes out of a window's input what a scanner typed, and holds back what may be a scanner's; returns what was
    /// scanned. `in_field`: whether a text field has the focus. `may_scan`: whether there may be a scanner; it is asked
    /// when something was typed, and where there is none nothing waits. The windows must be [woken](Self::wake) for what
    /// is held.
    pub fn listen(
        &mut self,
        now: Moment,
        in_field: bool,
        input: &mut RawInput,
        may_scan: impl FnOnce() -> bool,
    ) -> Vec<Result<Scan, Misscan>> {
        let ears = self.windows.entry(input.viewport_id).or_insert_with(|| Ears::new(self.scanner.clone()));
        ears.listen(now, in_field, input, may_scan)
    }

    /// Whether something is held back anywhere.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        self.windows.values().any(|ears| ears.soon.is_some())
    }

    /// Has each window drawn again in time for what is held back in it. To be called while the operator's is drawn: what
    /// is asked for before, when the keys are heard, is lost where another frame was wanted anyway, and a tapped key
    /// would wait for the next event, or the next minute.
    pub fn wake(&self, ctx: &Context) {
        for (id, ears) in &self.windows {
            if let Some(soon) = ears.soon {
                ctx.request_repaint_after_for(soon, *id);
            }
        }
    }
}

/// What was typed into one window.
#[derive(Debug)]
struct Ears {
    typed: Typed<Event>,
    /// Which keys are down: the window does not say which strokes are repeated.
    down: HashSet<Key>,
    /// Whether there may be a scanner, as it was when something was typed last.
    may_scan: bool,
    /// How soon keys want to be asked for again, though none may have come.
    soon: Option<Duration>,
}

impl Ears {
    fn new(scanner: Scanner) -> Self {
        Self { typed: Typed::new(scanner), down: HashSet::new(), may_scan: true, soon: None }
    }

    fn listen(
        &mut self,
        now: Moment,
        in_field: bool,
        input: &mut RawInput,
        may_scan: impl FnOnce() -> bool,
    ) -> Vec<Result<Scan, Misscan>> {
        let is_typed = |event: &Event| matches!(event, Event::Key { pressed: true, .. } | Event::Text(_));
        if input.events.iter().any(is_typed) {
            self.may_scan = may_scan();
        }
        if !self.may_scan && self.typed.wants_in_ms().is_none() {
            self.pass(now, in_field, input);
            return vec![];
        }
        let (mut others, mut strokes) = (Vec::new(), Vec::new());
        for event in input.events.drain(..) {
            match self.stroke(&event) {
                Some(stroke) => strokes.push((stroke, event)),
                None => others.push(event),
            }
        }
        let heard = self.typed.hear(now, in_field, strokes);
        input.events = others;
        input.events.extend(heard.passed);
        let held = self.typed.wants_in_ms().map(|ms| Duration::from_millis(ms.unsigned_abs()));
        self.soon = held.into_iter().chain(in_field.then_some(IN_FIELD)).min();
        heard.scans
    }

    /// Nothing is held back. Which keys are down, and when nobody typed, is known all the same: a scanner may come.
    fn pass(&mut self, now: Moment, in_field: bool, input: &RawInput) {
        for event in &input.events {
            // Only which keys are down is of use.
            let _nobodys = self.stroke(event);
        }
        self.typed.hear(now, in_field, vec![]);
        self.soon = None;
    }

    /// What an event of the keyboard means; `None` for all others.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "mouse, touch and window have nothing to do with keys"
    )]
    fn stroke(&mut self, event: &Event) -> Option<Stroke> {
        match event {
            Event::Text(text) => {
                let mut letters = text.chars();
                let only = letters.next().filter(|_| letters.next().is_none());
                Some(only.map_or(Stroke::Foreign, Stroke::Text))
            }
            Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                let repeat = !self.down.insert(*key);
                Some(pressed(*key, *physical_key, *modifiers, repeat))
            }
            Event::Key { key, .. } => {
                self.down.remove(key);
                Some(Stroke::Quiet)
            }
            Event::ModifiersChanged(_) => Some(Stroke::Quiet),
            Event::Ime(_) => Some(Stroke::Composed),
            Event::Copy | Event::Cut | Event::Paste(_) | Event::PasteImage(_) => Some(Stroke::Foreign),
            Event::WindowFocused(_) => {
                self.down.clear();
                Some(Stroke::Foreign)
            }
            _ => None,
        }
    }
}

fn pressed(key: Key, physical: Option<Key>, modifiers: Modifiers, repeat: bool) -> Stroke {
    if is_modifier(key) {
        return Stroke::Quiet;
    }
    if modifiers.ctrl || modifiers.alt || modifiers.command || types_nothing(key) {
        return Stroke::Foreign;
    }
    if matches!(key, Key::Enter | Key::Tab) {
        return Stroke::End;
    }
    Stroke::Down { us: physical.and_then(|place| on_american_keyboard(place, modifiers.shift)), repeat }
}

fn is_modifier(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
    )
}

fn types_nothing(key: Key) -> bool {
    use Key::{
        ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, BrowserBack, Copy, Cut, Delete, End, Escape,
        F1, F35, Home, Insert, PageDown, PageUp, Paste,
    };
    matches!(
        key,
        ArrowDown
            | ArrowLeft
            | ArrowRight
            | ArrowUp
            | Backspace
            | BrowserBack
            | Copy
            | Cut
            | Delete
            | End
            | Escape
            | Home
            | Insert
            | PageDown
            | PageUp
            | Paste
    ) || (F1..=F35).contains(&key)
}

/// What a key at this place types on an American keyboard, with Shift or without.
fn on_american_keyboard(place: Key, shift: bool) -> Option<char> {
    const PLACES: [(Key, char, char); 22] = [
        (Key::Space, ' ', ' '),
        (Key::Num1, '1', '!'),
        (Key::Num2, '2', '@'),
        (Key::Num3, '3', '#'),
        (Key::Num4, '4', '$'),
        (Key::Num5, '5', '%'),
        (Key::Num6, '6', '^'),
        (Key::Num7, '7', '&'),
        (Key::Num8, '8', '*'),
        (Key::Num9, '9', '('),
        (Key::Num0, '0', ')'),
        (Key::Minus, '-', '_'),
        (Key::Equals, '=', '+'),
        (Key::OpenBracket, '[', '{'),
        (Key::CloseBracket, ']', '}'),
        (Key::Backslash, '\\', '|'),
        (Key::Semicolon, ';', ':'),
        (Key::Quote, '\'', '"'),
        (Key::Backtick, '`', '~'),
        (Key::Comma, ',', '<'),
        (Key::Period, '.', '>'),
        (Key::Slash, '/', '?'),
    ];
    if (Key::A..=Key::Z).contains(&place) {
        let letter = place.name().chars().next()?;
        return Some(if shift { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() });
    }
    let (_, plain, shifted) = PLACES.into_iter().find(|(key, ..)| *key == place)?;
    Some(if shift { shifted } else { plain })
}
