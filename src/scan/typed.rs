//! Scanners that plug in as keyboards, told from fingers by their pace alone: no window tells which keyboard a key
//! came from.
//!
//! A scanner types a character every 1 to 30 ms and ends with Enter or Tab; a person takes more than 40 ms over
//! each, but may roll over two keys at once. So every key is held back for [`HOLD_MS`]: by then it stood alone, and
//! is passed on, or others have come at its heels, and the whole [run](Run) waits for its end. A run as fast and as
//! long as no person types is a scan, and nothing of it is passed on. What is neither reaches a text field if one
//! has the focus, else nobody: **a key means something only when it stands alone**, so that no letter of a code
//! that broke off keeps, dismisses or fires.
//!
//! A window sees keys in batches, one each time it draws, and a window that stands still for a moment gets many at
//! once. So a key's moment is known as an interval, and a person who typed meanwhile is not taken for a scanner.
//!
//! A code that may lack a piece is refused, never guessed: its beginning must be preceded by silence, its end must
//! be Enter or Tab (unless the settings say that this scanner sends none), and each character must be what the key
//! gives on an American keyboard, which is what scanners send.

mod run;

use std::fmt;

use run::Run;

use crate::{settings::Scanner, shot::Moment};

/// A key waits this long for company, in milliseconds: twice what the slowest scanner takes for a character.
pub const HOLD_MS: i64 = 60;

/// A scan that has not come to its end waits this long for more: wireless scanners pause.
const PAUSE_MS: i64 = 300;

/// After an unfinished scan, so long anything that comes as fast may be its rest.
const REST_MS: i64 = 1000;

/// What a keyboard event means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A key that types goes down.
    Down {
        /// The character it gives on an American keyboard; `None` where nobody knows.
        us: Option<char>,
        /// It is down already: somebody holds it.
        repeat: bool,
    },
    /// The character that the system made of the key before.
    Text(char),
    /// Enter or Tab goes down.
    End,
    /// What an input method makes of keys that it keeps for itself.
    Composed,
    /// A key or a chord that no scanner sends.
    Foreign,
    /// What belongs to other strokes: a key that goes up, Shift.
    Quiet,
}

/// Why a scan is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misscan {
    /// Something may be missing at its beginning or its end.
    #[error("the scan may be incomplete")]
    Incomplete,
    /// The scanner's prefix, which the settings promise, is not there.
    #[error("the scan lacks the prefix of the settings")]
    NoPrefix,
    /// Caps Lock is on: whether small letters are small cannot be known.
    #[error("Caps Lock is on")]
    CapsLock,
    /// The keyboard's layout is not the American one that scanners type on.
    #[error("the keyboard's layout is not American English")]
    Layout,
    /// The input method writes full-width characters.
    #[error("the input method writes full-width characters")]
    FullWidth,
    /// The input method composed Chinese of it.
    #[error("the input method took the scan for Chinese")]
    InputMethod,
    /// More than one line: no capture code.
    #[error("the scan has several lines")]
    Lines,
    /// Longer than any code.
    #[error("the scan is longer than a code can be")]
    TooLong,
}

/// The text of a scan; its `Debug` form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan(pub String);

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan({} bytes)", self.0.len())
    }
}

/// What came of the keys so far.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard<E> {
    /// The events that are the program's to see, in their order.
    pub passed: Vec<E>,
    /// What was scanned.
    pub scans: Vec<Result<Scan, Misscan>>,
}

/// What was typed last before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A code with its end: the next may follow at once.
    Scan,
    /// Keys.
    Keys(Moment),
    /// A scan without its end.
    Unfinished(Moment),
}

/// An input method's haste.
#[derive(Debug, Clone, Copy)]
struct Composing {
    since: Moment,
    last: Moment,
    changes: i64,
}

/// Tells scanners from fingers. `E` are the window's events.
#[derive(Debug)]
pub struct Typed<E> {
    scanner: Scanner,
    run: Option<Run<E>>,
    before: Before,
    /// When keys were asked for last: what is new came after that.
    polled: Moment,
    /// A key that is held down was passed on, and its text follows.
    repeating: bool,
    composing: Option<Composing>,
}

impl<E> Typed<E> {
    /// For a scanner as the settings describe it.
    #[must_use]
    pub fn new(scanner: Scanner) -> Self {
        let (before, polled) = (Before::Scan, Moment::UNKNOWN);
        Self { scanner, run: None, before, polled, repeating: false, composing: None }
    }

    /// Takes in what the keyboard did since this was called last. `in_field`: whether a text field has the focus.
    pub fn hear(&mut self, now: Moment, in_field: bool, strokes: Vec<(Stroke, E)>) -> Heard<E> {
        let since = std::mem::replace(&mut self.polled, now);
        let mut heard = Heard { passed: vec![], scans: vec![] };
        // What is new may have come just after the last time.
        let silent_until =
            if strokes.iter().any(|(stroke, _)| *stroke != Stroke::Quiet) { since } else { now };
        if self.run.as_ref().is_some_and(|run| silent_until.ms_since(run.last()) >= self.patience(run)) {
            self.close(true, in_field, &mut heard);
        }
        self.end_composing(silent_until, &mut heard);
        for (stroke, event) in strokes {
            self.stroke((since, now), in_field, stroke, event, &mut heard);
        }
        heard
    }

    /// How soon this wants to be asked again, in milliseconds, though no key may have come.
    #[must_use]
    pub fn wants_in_ms(&self) -> Option<i64> {
        let run = self.run.as_ref().map(|run| run.last().plus_ms(self.patience(run)).ms_since(self.polled));
        let composing = self.composing.map(|it| it.last.plus_ms(PAUSE_MS).ms_since(self.polled));
        run.into_iter().chain(composing).min().map(|ms| ms.max(1))
    }

    fn patience(&self, run: &Run<E>) -> i64 {
        if run.is_long() && !run.has_end() { PAUSE_MS } else { HOLD_MS }
    }

    fn stroke(
        &mut self,
        when: (Moment, Moment),
        in_field: bool,
        stroke: Stroke,
        event: E,
        heard: &mut Heard<E>,
    ) {
        match stroke {
            Stroke::Quiet => match &mut self.run {
                Some(run) => run.hold(event),
                None => heard.passed.push(event),
            },
            Stroke::Down { repeat: true, us } if self.run.as_ref().is_none_or(|run| run.is_only(us)) => {
                self.close(false, in_field, heard);
                self.repeating = true;
                self.before = Before::Keys(when.1);
                heard.passed.push(event);
            }
            Stroke::Text(_) if self.repeating => heard.passed.push(event),
            Stroke::Down { .. } | Stroke::Text(_) | Stroke::End => {
                self.repeating = false;
                let before = self.before;
                let run =
                    self.run.get_or_insert_with(|| Run::new(when, may_lack_its_beginning(before, when.0)));
                run.add(when, stroke, event);
            }
            Stroke::Composed => {
                self.close(false, in_field, heard);
                self.compose(when.1, event, heard);
            }
            Stroke::Foreign => {
                self.close(false, in_field, heard);
                heard.passed.push(event);
            }
        }
    }

    /// Ends the run, and says what it was. `alone`: nothing came right after it.
    fn close(&mut self, alone: bool, in_field: bool, heard: &mut Heard<E>) {
        let Some(run) = self.run.take() else { return };
        self.before = Before::Keys(run.last());
        if run.is_fast(self.scanner.slowest_ms.into(), !in_field) {
            let finished = run.has_end() || !self.scanner.ends_with_enter;
            self.before = if finished { Before::Scan } else { Before::Unfinished(run.last()) };
            heard.scans.push(run.into_text(&self.scanner).map(Scan));
        } else if in_field || (alone && run.is_single()) {
            heard.passed.extend(run.into_events());
        }
    }

    /// An input method composes as fast as its keys come. When no person types so fast, the rest is kept from the
    /// field it would be written into.
    fn compose(&mut self, now: Moment, event: E, heard: &mut Heard<E>) {
        let composing = self.composing.get_or_insert(Composing { since: now, last: now, changes: 0 });
        composing.last = now;
        composing.changes += 1;
        if !composing.is_a_scan(self.scanner.slowest_ms.into()) {
            heard.passed.push(event);
        }
    }

    fn end_composing(&mut self, silent_until: Moment, heard: &mut Heard<E>) {
        if let Some(ended) = self.composing.take_if(|it| silent_until.ms_since(it.last) >= PAUSE_MS)
            && ended.is_a_scan(self.scanner.slowest_ms.into())
        {
            heard.scans.push(Err(Misscan::InputMethod));
        }
    }
}

impl Composing {
    /// Two changes a key at most, and twice as many keys as a run needs: pinyin is typed fast.
    fn is_a_scan(self, slowest_ms: i64) -> bool {
        let keys = self.changes / 2;
        keys >= 2 * run::SHORTEST && self.last.ms_since(self.since) <= keys * slowest_ms
    }
}

/// Whether something that belongs to a run came before it and was taken for something else.
fn may_lack_its_beginning(before: Before, begins_after: Moment) -> bool {
    match before {
        Before::Scan => false,
        Before::Keys(last) => begins_after.ms_since(last) < PAUSE_MS,
        Before::Unfinished(last) => begins_after.ms_since(last) < REST_MS,
    }
}
