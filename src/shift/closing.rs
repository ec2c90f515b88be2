//! The end of a shift: nothing that arrived is left behind, and nobody closes by mistake over unsaved photos.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::Shift;
use crate::{
    crew::Refused,
    screens::{TroubleKind, trouble},
    station::Phase,
};

/// A camera that hangs is not waited for longer: what it holds stays on its card.
const CAMERA_WITHIN: Duration = Duration::from_secs(4);

/// Between two looks at what the workers say.
const LOOK: Duration = Duration::from_millis(5);

impl Shift {
    /// Whether something would be lost if the program ended now.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        matches!(self.phase(), Phase::Queueing(..)) || self.troubles.contains_key(&TroubleKind::Record)
    }

    /// The operator wants to leave: whether he may. With something unsaved he is told first, and may leave when he
    /// insists.
    pub fn may_close(&mut self) -> bool {
        if !self.has_unsaved() || self.troubles.contains_key(&TroubleKind::Closing) {
            return true;
        }
        self.set_trouble(TroubleKind::Closing, Some(trouble::unsaved()));
        false
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
