//! 岗哨: the lock before a station at work. It shuts when nobody has touched the station for long, or when somebody asks
//! for it (F12), and opens for whoever works on; and it asks for the second person where two must stand for something.
//! Meanwhile the shift goes on: what arrives is kept, and nobody sits down.

use std::path::PathBuf;

use eframe::egui::{Context, Key, Ui};

use super::{LOCK_LOOKS, lock::Lock};
use crate::{
    clerk::Signer,
    keys::{Holder, KeyFile, KeysError, Unlocked, Who},
    language::Language,
    screens::{LockAsk, LockPurpose, lock_ui, trouble},
    shift::Shift,
};

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
    /// When the station was touched last, in seconds of the window; `None` before it was looked at.
    touched: Option<f64>,
}

impl Sentry {
    /// Of a store that was just unlocked.
    pub(super) fn new(folder: PathBuf, file: KeyFile, unlocked: &Unlocked) -> Self {
        let (who, ours) = (unlocked.who().clone(), unlocked.keys().public_key());
        Self { folder, file, who, ours, lock: None, touched: None }
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
        let (now, touched, asked) =
            ctx.input(|input| (input.time, !input.events.is_empty(), input.key_pressed(Key::F12)));
        let since = self.touched.filter(|_| !touched && !stirred).unwrap_or(now);
        self.touched = Some(since);
        let is_left = idle_min > 0 && now - since >= f64::from(idle_min) * 60.0;
        if self.lock.is_some() {
            return;
        }
        if shift.wants_second() {
            self.lock = Some(Lock::second(&self.folder, &self.file, &self.who));
        } else if asked || is_left {
            shift.log_out();
            self.lock = Some(Lock::again(&self.folder, &self.file));
        }
    }

    /// Draws the lock and does what was asked of it.
    pub(super) fn ui(&mut self, ui: &mut Ui, shift: &mut Shift, language: Language) {
        let Some(lock) = &mut self.lock else { return };
        let view = lock.view(language);
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
        } else if purpose == LockPurpose::Second {
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
