//! The questions about settings and battery, put to the camera's process.

use super::{Answer, CameraError, LinkedCamera, Request};

impl LinkedCamera {
    /// Sets the camera as its family wishes, and learns what it is set to: one request for each dial, so that one
    /// that hangs is known by name.
    pub(super) fn settle(&mut self) -> Result<(), CameraError> {
        for question in self.settled.questions(&self.info) {
            match self.ask(&question, self.within.dial) {
                Ok((answer, _)) => self.settled.hear(answer),
                Err(err) if err.is_gone() => {
                    self.settled.failed(&question);
                    return Err(err);
                }
                // The camera is there and unwilling: what it is set to, the files will show.
                Err(_unwilling) => {}
            }
        }
        self.settled.conclude(&self.info);
        Ok(())
    }

    /// Reads the battery, when it is time to and nothing else is going on.
    pub(super) fn look_at_its_condition(&mut self) -> Result<(), CameraError> {
        if !self.settled.is_due() || self.arming.awaits(self.clock.now()) {
            return Ok(());
        }
        match self.ask(&Request::Condition, self.within.dial) {
            Ok((Answer::Condition(condition), _)) => self.settled.stands(condition),
            Err(err) if err.is_gone() => return Err(err),
            Ok(_) | Err(_) => self.settled.put_off(),
        }
        Ok(())
    }
}
