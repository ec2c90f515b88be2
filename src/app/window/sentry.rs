//! 岗哨: the lock before a station at work. It shuts when nobody has touched the station for long, or when somebody asks
//! for it (F12), and opens for whoever works on; and it asks for the second person where two must stand for something.
//! Meanwhile the shift goes on: what arrives is kept, and nobody sits down.

use std::path::PathBuf;

use eframe::egui::{Context, Key, Ui};

use super::{
    LOCK_LOOKS,
    lock::{Lock, wall_clock},
};
use crate::{
    clerk::Signer,
    keys::{Holder, KeyFile, KeysError, Unlocked, Who},
    screens::{LockAsk, LockPurpose, LockView, View, lock_ui, trouble},
    shift::Shift,
    shot::Moment,
};

/// How long nobody has touched the station, by the computer's clock: that goes on while the window is hidden and nothing of
/// it is drawn, and while the computer sleeps.
#[derive(Debug, Default)]
struct Idle {
    /// When it was touched last; `None` before it was looked at.
    since: Option<Moment>,
}

impl Idle {
    /// Whether nobody touched it for so many minutes until now, 0 for never; whoever comes back after that finds it shut,
    /// however he announces himself.
    fn is_left(&mut self, now: Moment, touched: bool, idle_min: u32) -> bool {
        // A clock that was set back begins anew.
        let since = self.since.filter(|since| *since <= now).unwrap_or(now);
        let is_left = idle_min > 0 && (now.0 - since.0) >= i64::from(idle_min) * 60_000;
        self.since = Some(if touched || is_left { now } else { since });
        is_left
    }
}

/// Who stands before a station at work.
pub(super) struct Sentry {
    folder: PathBuf,
    /// Who may open it, as the file said when it was opened.
    file: KeyFile,
    /// Who has logged in.
    who: Who,
    /// The public half of the store's key: a key file that was exchanged meanwhile opens another store's.
    ours: [u8; 32],
    lock: Option<Lock>,
    idle: Idle,
}

impl Sentry {
    /// Of a store that was just unlocked.
    pub(super) fn new(folder: PathBuf, file: KeyFile, unlocked: &Unlocked) -> Self {
        let (who, ours) = (unlocked.who().clone(), unlocked.keys().public_key());
        Self { folder, file, who, ours, lock: None, idle: Idle::default() }
    }

    /// Who may.
    pub(super) fn holders(&self) -> Vec<Holder> {
        self.file.holders()
    }

    /// Who has logged in.
    pub(super) fn who(&self) -> &Who {
        &self.who
    }

    /// Whether nothing but the lock is to be seen.
    pub(super) fn is_shut(&self) -> bool {
        self.lock.is_some()
    }

    /// Shuts, if it is time to: after so many minutes without a touch, 0 for never; `stirred` when something happened at
    /// the station.
    pub(super) fn watch(&mut self, ctx: &Context, shift: &mut Shift, idle_min: u32, stirred: bool) {
        let (touched, asked) = ctx.input(|input| (!input.events.is_empty(), input.key_pressed(Key::F12)));
        let is_left = self.idle.is_left(wall_clock(), touched || stirred, idle_min);
        let wanted = shift.wants_second();
        // Whoever was to stand for something never came, and whoever waited for him has gone too.
        let is_given_up = is_left && wanted.is_some();
        if self.lock.is_some() && !is_given_up {
            return;
        }
        if let Some(deed) = wanted.filter(|_| !is_given_up) {
            self.lock = Some(Lock::second(&self.folder, &self.file, &self.who, deed));
        } else if asked || is_left {
            shift.log_out();
            self.lock = Some(Lock::again(&self.folder, &self.file));
        }
    }

    /// Draws the lock and does what was asked of it; `behind` is what the screen would show.
    pub(super) fn ui(&mut self, ui: &mut Ui, shift: &mut Shift, behind: &View) {
        let Some(lock) = &mut self.lock else { return };
        let told = behind.troubles.iter().filter(|trouble| trouble.kind.is_of_losing());
        let told = told.map(|trouble| trouble.words.clone()).collect();
        let view = LockView { told, ..lock.view(behind.language) };
        match lock_ui(ui, &view, &mut lock.desk) {
            Some(LockAsk::Unlock { slot, passphrase }) => lock.try_out(slot, passphrase),
            Some(LockAsk::Back) => {
                shift.send_second_away();
                self.lock = None;
                return ui.ctx().request_repaint();
            }
            Some(LockAsk::Create { .. } | LockAsk::SetUp) | None => {}
        }
        if lock.is_waiting() {
            ui.ctx().request_repaint_after(LOCK_LOOKS);
        }
        if let Some(unlocked) = lock.opened() {
            self.admit(&unlocked, view.purpose, shift);
            ui.ctx().request_repaint();
        }
    }

    /// Somebody typed his passphrase.
    fn admit(&mut self, unlocked: &Unlocked, purpose: LockPurpose, shift: &mut Shift) {
        let Some(lock) = &mut self.lock else { return };
        let admitted = if unlocked.keys().public_key() != self.ours {
            Err(trouble::keys(&KeysError::AnotherStore))
        } else if let LockPurpose::Second(_) = purpose {
            shift.second_stands(unlocked.who())
        } else {
            self.who = unlocked.who().clone();
            // Whoever got a passphrase since this program began is called by his name from now on.
            self.file = lock.file().cloned().unwrap_or_else(|| self.file.clone());
            shift.log_in(unlocked.who(), Some(Signer::of(unlocked.keys().clone())));
            shift.note_unlocks(self.file.holders());
            Ok(())
        };
        match admitted {
            Ok(()) => self.lock = None,
            Err(words) => lock.refuse(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_back_too_late_finds_it_shut_whatever_he_touches_first() {
        let at = |minutes: i64| Moment(1_000_000 + minutes * 60_000);
        let mut idle = Idle::default();
        assert!(!idle.is_left(at(0), false, 10), "nobody had looked at it before");
        assert!(!idle.is_left(at(9), false, 10));
        assert!(idle.is_left(at(10), false, 10));
        assert!(!idle.is_left(at(11), true, 10));
        assert!(!idle.is_left(at(20), true, 10), "touched in time");
        // A hidden window draws nothing; the first frame afterwards brings the touch of whoever shows it.
        assert!(idle.is_left(at(140), true, 10));
        assert!(!idle.is_left(at(141), false, 10), "whoever unlocked it works");
        assert!(!idle.is_left(at(500), false, 0), "no minutes: never");
        // The computer's clock was set back: it counts from there.
        assert!(!idle.is_left(at(5), false, 10));
        assert!(!idle.is_left(at(14), false, 10));
        assert!(idle.is_left(at(15), false, 10));
    }
}
