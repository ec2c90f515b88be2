//! The end of a shift: nothing that arrived is left behind, and nobody closes by mistake over unsaved photos.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::Shift;
use crate::{
    crew::{CameraOrder, Refused},
    screens::{TroubleKind, Words, trouble},
    station::Phase,
};

/// A camera that hangs is not waited for longer: what it holds stays on its card.
const CAMERA_WITHIN: Duration = Duration::from_secs(4);

/// Between two looks at what the workers say.
const LOOK: Duration = Duration::from_millis(5);

/// How far the last look at the camera's card is: when the operator wants to leave, it is compared with the store
/// once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LastLook {
    /// Nobody wants to leave.
    #[default]
    NotAsked,
    /// The camera is at it, or could not end it.
    UnderWay,
    /// The store has everything.
    Done,
}

impl Shift {
    /// Whether something would be lost if the program ended now.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        matches!(self.phase(), Phase::Queueing(..))
            || self.is_assigning()
            || self.troubles.contains_key(&TroubleKind::Record)
    }

    /// Why no other shift may begin in the place of this one yet: somebody sits, something is
    /// still to be written, or an errand would be cut short. Whoever sits in a rehearsal is nobody: the next one comes
    /// before a person at the keys could be faster.
    #[must_use]
    pub fn why_not_anew(&self) -> Option<Words> {
        if self.phase().sitting().is_some() && !self.shown.rehearsal {
            return Some(trouble::not_while_seated());
        }
        if self.has_unsaved() {
            return Some(trouble::unsaved_yet());
        }
        self.day.under_way().map(trouble::errand_first)
    }

    /// The operator wants to leave: whether he may. With something unsaved he is told first, and may leave when he
    /// insists.
    pub fn may_close(&mut self) -> bool {
        if self.troubles.contains_key(&TroubleKind::Closing) || self.is_over() {
            return true;
        }
        if self.has_unsaved() {
            self.set_trouble(TroubleKind::Closing, Some(trouble::unsaved()));
            return false;
        }
        if let Some(errand) = self.day.under_way() {
            self.set_trouble(TroubleKind::Closing, Some(trouble::errand_under_way(errand)));
            return false;
        }
        if !self.has_camera() {
            return true;
        }
        self.last_look = LastLook::UnderWay;
        self.camera.push(CameraOrder::LookAgain);
        self.set_trouble(TroubleKind::Closing, Some(trouble::last_look()));
        self.hand_over();
        false
    }

    /// Whether the operator wanted to leave, and now nothing is left to be done.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.last_look == LastLook::Done && !self.has_unsaved() && self.day.under_way().is_none()
    }

    /// Work goes on: nobody leaves.
    pub(super) fn go_on(&mut self) {
        if std::mem::take(&mut self.last_look) != LastLook::NotAsked {
            self.set_trouble(TroubleKind::Closing, None);
        }
    }

    /// The card was looked at once more.
    pub(super) fn card_checked(&mut self, left: Option<usize>) {
        self.day.card_checked(left);
        if self.last_look != LastLook::UnderWay {
            return;
        }
        if left == Some(0) {
            self.last_look = LastLook::Done;
            self.set_trouble(TroubleKind::Closing, None);
        } else {
            self.set_trouble(TroubleKind::Closing, Some(trouble::left_on_card(left)));
        }
    }

    /// What was said about closing holds no longer.
    pub(super) fn forget_closing(&mut self) {
        let is_busy = self.has_unsaved() || self.day.under_way().is_some();
        if !is_busy && self.last_look != LastLook::UnderWay {
            self.set_trouble(TroubleKind::Closing, None);
        }
    }
}

impl Drop for Shift {
    /// First the camera stops, and what it has handed over is put on the shelf; then the clerk gets everything
    /// that waits for him. Workers are joined when their desks go.
    fn drop(&mut self) {
        self.camera.close();
        let since = Instant::now();
        while !self.camera.has_ended() && since.elapsed() < CAMERA_WITHIN {
            self.pump();
            thread::sleep(LOOK);
        }
        self.camera.hurry();
        self.pump();
        while self.clerk.hand_over() == Err(Refused::Full) {
            self.pump();
            thread::sleep(LOOK);
        }
    }
}
