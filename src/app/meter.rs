//! How far a long command is: a line on the terminal that is written over and goes when it has ended. Whoever has no
//! terminal on the error output, a script or a log, gets nothing.

use std::{
    io::{self, IsTerminal as _, Write},
    time::{Duration, Instant},
};

use crate::{
    errand::{Part, Pedometer},
    language::Language,
    screens::how_far,
};

/// Nobody reads faster, and a terminal over a network is slow.
const EVERY: Duration = Duration::from_millis(200);

/// Back to the line's beginning, and what stands there wiped out (ECMA-48, EL).
const WIPED: &str = "\r\x1b[K";

/// A line that says how far something is.
#[derive(Debug)]
pub(super) struct Meter<W: Write> {
    terminal: Option<W>,
    language: Language,
    pedometer: Pedometer,
    shown: Option<Instant>,
}

impl Meter<io::Stderr> {
    /// On the error output, if somebody looks at it.
    pub(super) fn on_terminal(language: Language) -> Self {
        let stderr = io::stderr();
        Self::on(stderr.is_terminal().then_some(stderr), language)
    }
}

impl<W: Write> Meter<W> {
    fn on(terminal: Option<W>, language: Language) -> Self {
        Self { terminal, language, pedometer: Pedometer::default(), shown: None }
    }

    /// So far it is; it goes on, whatever happens.
    pub(super) fn step(&mut self, part: Part, done: usize, of: usize) -> bool {
        let now = Instant::now();
        let progress = self.pedometer.step(now, part, done, of);
        let is_due = self.shown.is_none_or(|shown| now.duration_since(shown) >= EVERY);
        if is_due && let Some(terminal) = &mut self.terminal {
            // Nobody is told that he cannot be told how far it is.
            write!(terminal, "{WIPED}{}", how_far(progress, self.language))
                .and_then(|()| terminal.flush())
                .ok();
            self.shown = Some(now);
        }
        true
    }
}

impl<W: Write> Drop for Meter<W> {
    fn drop(&mut self) {
        if self.shown.is_some()
            && let Some(terminal) = &mut self.terminal
        {
            write!(terminal, "{WIPED}").and_then(|()| terminal.flush()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_now_and_then_and_is_left_clean() {
        let mut written = Vec::new();
        let mut meter = Meter::on(Some(&mut written), Language::Chinese);
        for done in 0..1000 {
            assert!(meter.step(Part::Fetching, done, 1000));
        }
        drop(meter);
        let written = String::from_utf8(written).unwrap();
        assert!(written.starts_with("\r\x1b[K取回照片 0 / 1000"), "{written:?}");
        assert!(written.ends_with(WIPED) && written.matches(WIPED).count() < 500, "{written:?}");
    }

    #[test]
    fn who_has_no_terminal_gets_nothing() {
        let mut meter = Meter::on(None::<Vec<u8>>, Language::English);
        assert!(meter.step(Part::Verifying, 1, 2) && meter.shown.is_none());
    }
}
