//! Live view over the line. It is a convenience: whatever becomes of it, shots go on, and a camera whose live
//! view breaks the connection again and again is not asked for it any more.

use super::{LinkedCamera, unexpected};
use crate::camera::{
    CameraError, Jpeg,
    wire::{Answer, Request},
};

/// libgphoto2 waits 3 s for a camera that is not ready and then gives up by itself, which leaves the connection
/// whole: the first frame gets so many times what the others get.
const TO_BEGIN: u32 = 2;

/// So many connections that end over a frame, one after the other, are no accident.
const BREAKS_AT_MOST: u32 = 3;

/// What is known of a camera's live view.
#[derive(Debug, Default)]
pub(super) struct LiveView {
    /// The camera was asked for it and not told to end it.
    asked: bool,
    /// Frames have come since.
    runs: bool,
    /// The driver says that this camera has none.
    absent: bool,
    /// Connections that ended over a frame, and no frame since.
    breaks: u32,
}

impl LiveView {
    /// There is a new connection, to another camera perhaps.
    pub(super) fn begins_anew(&mut self) {
        (self.asked, self.runs, self.absent) = (false, false, false);
    }
}

impl LinkedCamera {
    /// One frame.
    pub(super) fn look(&mut self) -> Result<Option<Jpeg>, CameraError> {
        if self.live.absent || self.live.breaks >= BREAKS_AT_MOST {
            return Err(CameraError::NoLiveView);
        }
        if self.line.is_none() || self.stop.is_ordered() {
            return Err(CameraError::NotFound);
        }
        let within = if self.live.runs { self.within.frame } else { self.within.frame * TO_BEGIN };
        self.live.asked = true;
        match self.ask(&Request::Frame, within) {
            Ok((Answer::Frame, frame)) => {
                (self.live.runs, self.live.breaks) = (true, 0);
                Ok(Some(frame).filter(|frame| !frame.is_empty()).map(Jpeg))
            }
            Ok(_) => Err(unexpected()),
            Err(err) => {
                self.live.absent = err == CameraError::NoLiveView;
                self.live.breaks += u32::from(self.line.is_none());
                Err(err)
            }
        }
    }

    /// Ends live view, whose next beginning is a new attempt.
    pub(super) fn look_away(&mut self) {
        self.live.breaks = 0;
        self.live.absent = false;
        self.close_the_view();
    }

    /// If that fails, so does whatever is asked next, which tells it.
    fn close_the_view(&mut self) {
        if std::mem::take(&mut self.live.asked) && !self.stop.is_ordered() {
            self.live.runs = false;
            // The mirror comes down, which is a dial turned: a shot may wait behind it, and must not be refused for it.
            self.ask(&Request::EndLive, self.within.dial).ok();
        }
    }

    /// Before a shot, where the camera's family must not be in live view when it fires.
    pub(super) fn clear_the_view(&mut self) {
        if self.settled.is_live_off_before_shot() {
            self.close_the_view();
        }
    }
}
