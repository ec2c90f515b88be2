//! What is held before the webcam: looked into, and told to the station.

use super::Shift;
use crate::{
    profile::{NotACode, Profile},
    scan::{Command, Sight},
    settings,
    station::{Event, SeenCode},
    student::CaptureCode,
};

/// How codes are taken in at this station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reception {
    /// A code counts as gone when it has been out of sight for so long, in milliseconds; shown again after that, it
    /// is news.
    pub rest_ms: i64,
    /// Whether the operator hears what happens.
    pub sounds: bool,
}

impl Default for Reception {
    /// Silent: sounds are for a window with a person before it.
    fn default() -> Self {
        Self { rest_ms: settings::CODE_REST_MS.into(), sounds: false }
    }
}

impl Shift {
    /// Something changed before the webcam.
    pub fn see(&mut self, sight: Sight) {
        let event = match sight {
            Sight::Seen(code) => {
                if let Some(command) = Command::of(&code) {
                    return self.shown_command(command);
                }
                self.go_on();
                look_into(&self.shown.profile, code)
            }
            Sight::Gone => Event::CodeGone,
            Sight::NotACode(why) => Event::NotACode(NotACode::Unfit(why)),
            Sight::TwoCodes => Event::TwoCodes,
        };
        self.tell(event);
    }
}

/// The capture codes among those that a shot shows.
pub(super) fn witnesses(profile: &Profile, codes: Vec<CaptureCode>) -> Vec<SeenCode> {
    let read = |code: CaptureCode| {
        let bearer = profile.codes.read(&code, profile.privacy.name_mask).ok()?;
        Some(SeenCode { code, bearer })
    };
    codes.into_iter().filter_map(read).collect()
}

fn look_into(profile: &Profile, code: CaptureCode) -> Event {
    match profile.codes.read(&code, profile.privacy.name_mask) {
        Ok(bearer) => Event::CodeSeen(SeenCode { code, bearer }),
        Err(what) => Event::NotACode(what),
    }
}
