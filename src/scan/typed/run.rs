//! Keys at each other's heels: what they say if a scanner typed them, and whether one did.

use super::{Misscan, Stroke};
use crate::{settings::Scanner, shot::Moment, student::MAX_CODE_BYTES};

/// A scan has at least this many characters; people roll over two keys at once, seldom three.
pub(super) const SHORTEST: i64 = 6;

/// A person may have a lucky moment over a few keys, not over so many.
const CERTAIN: i64 = 10;

/// More characters than a code can have, with a prefix and a suffix, are not collected.
const LONGEST: i64 = MAX_CODE_BYTES as i64 + 128;

/// Keys at each other's heels.
#[derive(Debug)]
pub(super) struct Run<E> {
    /// Everything that is held back, to be passed on if it was a person.
    events: Vec<E>,
    text: String,
    doubt: Option<Misscan>,
    /// What the key before gives on an American keyboard, until its text comes.
    awaited: Option<char>,
    /// The key before has no name: its text is all there is.
    unnamed: bool,
    /// The only key of the run so far; `None` when there are several.
    only: Option<Option<char>>,
    /// Keys that type, and the first batch's part of them.
    keys: i64,
    first_keys: i64,
    ends: i64,
    /// The first batch came between these.
    first: (Moment, Moment),
    /// The last batch came between these.
    last: (Moment, Moment),
}

impl<E> Run<E> {
    pub(super) fn new(when: (Moment, Moment), lacks_its_beginning: bool) -> Self {
        Self {
            events: vec![],
            text: String::new(),
            doubt: lacks_its_beginning.then_some(Misscan::Incomplete),
            awaited: None,
            unnamed: false,
            only: None,
            keys: 0,
            first_keys: 0,
            ends: 0,
            first: when,
            last: when,
        }
    }

    /// Takes in a key, or the text of one.
    pub(super) fn add(&mut self, when: (Moment, Moment), stroke: Stroke, event: E) {
        self.last = when;
        match stroke {
            Stroke::Text(text) => self.text_came(text),
            Stroke::End => {
                self.key_without_text();
                self.ends += 1;
            }
            Stroke::Down { us, .. } => {
                self.key_without_text();
                self.count(us);
                (self.awaited, self.unnamed) = (us, us.is_none());
            }
            Stroke::Composed | Stroke::Foreign | Stroke::Quiet => {}
        }
        self.hold(event);
    }

    /// Holds back an event that says nothing.
    pub(super) fn hold(&mut self, event: E) {
        if self.keys > LONGEST {
            // So much is nobody's typing, and will not be passed on.
            self.events.clear();
        } else {
            self.events.push(event);
        }
    }

    fn count(&mut self, key: Option<char>) {
        let is_first = self.keys == 0;
        self.only = if is_first || self.only == Some(key) { Some(key) } else { None };
        self.keys += 1;
        self.first_keys += i64::from(self.last == self.first);
        if self.ends > 0 {
            self.ends = 0;
            self.doubted(Misscan::Lines);
        }
        if self.keys > LONGEST {
            self.doubted(Misscan::TooLong);
        }
    }

    fn text_came(&mut self, text: char) {
        match self.awaited.take() {
            Some(us) => {
                if us != text {
                    self.doubted(difference(us, text));
                }
            }
            None if std::mem::take(&mut self.unnamed) => {}
            // The window gave no key for it.
            None => self.count(None),
        }
        if self.keys <= LONGEST {
            self.text.push(text);
        }
    }

    /// A key that should have typed did not: a dead key of another layout.
    fn key_without_text(&mut self) {
        if self.awaited.take().is_some() {
            self.doubted(Misscan::Layout);
        }
    }

    /// The first reason is told.
    fn doubted(&mut self, why: Misscan) {
        self.doubt.get_or_insert(why);
    }

    /// When the last key was seen.
    pub(super) fn last(&self) -> Moment {
        self.last.1
    }

    pub(super) fn has_end(&self) -> bool {
        self.ends > 0
    }

    pub(super) fn is_long(&self) -> bool {
        self.keys >= SHORTEST
    }

    /// One key, whatever it is.
    pub(super) fn is_single(&self) -> bool {
        self.keys + self.ends == 1
    }

    /// Only this key so far, maybe held down.
    pub(super) fn is_only(&self, key: Option<char>) -> bool {
        self.only == Some(key) && self.ends == 0
    }

    /// Whether no person types like that. `in_doubt` decides where the window stood still so long that nobody knows.
    pub(super) fn is_fast(&self, slowest_ms: i64, in_doubt: bool) -> bool {
        let strokes = self.keys + self.ends;
        let fast = |strokes: i64, span: i64| {
            strokes >= SHORTEST && span <= strokes * slowest_ms / 2
                || strokes >= CERTAIN && span <= strokes * slowest_ms
        };
        // They came between the first batch and the last, or all of them since the time before the first.
        let surely = fast(strokes - self.first_keys, self.last.1.ms_since(self.first.1))
            || fast(strokes, self.last.1.ms_since(self.first.0));
        let maybe = self.last.0.ms_since(self.first.1) <= strokes * slowest_ms;
        self.is_long() && (surely || (in_doubt && maybe))
    }

    pub(super) fn into_events(self) -> Vec<E> {
        self.events
    }

    /// What was scanned, without what the scanner puts around it.
    pub(super) fn into_text(mut self, scanner: &Scanner) -> Result<String, Misscan> {
        self.key_without_text();
        if self.ends == 0 && scanner.ends_with_enter {
            self.doubted(Misscan::Incomplete);
        }
        if let Some(doubt) = self.doubt {
            return Err(doubt);
        }
        let text = self.text.strip_prefix(scanner.prefix.as_str()).ok_or(Misscan::NoPrefix)?;
        Ok(text.strip_suffix(scanner.suffix.as_str()).ok_or(Misscan::Incomplete)?.to_owned())
    }
}

/// Why a key gave another character than on an American keyboard.
fn difference(us: char, text: char) -> Misscan {
    if us.is_ascii_alphabetic() && us.eq_ignore_ascii_case(&text) {
        Misscan::CapsLock
    } else if matches!(text, '\u{3000}' | '\u{ff01}'..='\u{ff5e}') {
        Misscan::FullWidth
    } else {
        Misscan::Layout
    }
}
