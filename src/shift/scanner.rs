//! What a scanner that types has read, and the commands on the operator's card.

use super::Shift;
use crate::{
    scan::{Command, Misscan, Scan, Sight, UnknownCommand},
    screens::{TroubleKind, Words, is_offered, trouble},
    station::Wish,
    student::CaptureCode,
};

impl Shift {
    /// A scanner has typed something.
    pub fn scanned(&mut self, scan: Result<Scan, Misscan>) {
        let text = match scan {
            Ok(Scan(text)) => text,
            Err(why) => return self.notice(trouble::misscan(why)),
        };
        if let Some(command) = Command::read(&text) {
            return self.told(command);
        }
        match text.parse::<CaptureCode>() {
            Ok(code) => self.see_once(&code),
            Err(err) => self.notice(trouble::code(&err)),
        }
    }

    /// A code that was scanned is not held up any more: it seats its student now, or he is expected, or it must be
    /// scanned again.
    fn see_once(&mut self, code: &CaptureCode) {
        let sits = self.phase().sitting().map(|sitting| sitting.code.clone());
        let waits = sits.as_ref().is_some_and(|sits| sits != code);
        self.see(Sight::Seen(code.clone()));
        self.see(Sight::Gone);
        if waits && self.line().iter().all(|next| next.seen.code != *code) {
            self.notice(trouble::somebody_sits());
        }
    }

    /// The webcam sees the operator's card. No phone is before it any more.
    pub(super) fn shown_command(&mut self, command: Result<Command, UnknownCommand>) {
        self.see(Sight::Gone);
        self.told(command);
    }

    fn told(&mut self, command: Result<Command, UnknownCommand>) {
        match command {
            Ok(command) => self.obey(command),
            Err(_unknown) => self.notice(trouble::unknown_command()),
        }
    }

    /// Does what the operator's key would do, if it meant something now.
    fn obey(&mut self, command: Command) {
        let wish = match command {
            Command::Shoot => Wish::Fire,
            Command::Keep => Wish::Keep,
            Command::Again => Wish::Again,
            Command::Dismiss => Wish::Dismiss,
            Command::Stray => Wish::Stray,
        };
        if is_offered(self.phase(), wish) {
            self.wish(wish);
        } else {
            self.notice(trouble::no_use_for_command());
        }
    }

    /// Says what is to be read once.
    pub(super) fn notice(&mut self, words: Words) {
        self.set_trouble(TroubleKind::Notice, Some(words));
    }
}
