//! The queue before the webcam: who holds up what, in which order, while somebody else still sits.

use super::{
    RehearsalError,
    player::Player,
    props,
    script::{Approach, Turn},
};
use crate::{
    scan::{Luma, Sight, read},
    station::Phase,
    student::CaptureCode,
};

/// A phone's code is tried in these sizes; the reader misses some.
const PIXELS_PER_MODULE: [usize; 6] = [6, 5, 8, 4, 7, 3];

impl Player {
    /// Waits until it is this turn's time, if the students come by the clock.
    pub(super) fn await_slot(&mut self, place: usize) {
        let Some(every) = self.every else { return };
        let slot = self.began + every * u32::try_from(place).unwrap_or(u32::MAX);
        self.played.late += usize::from(slot + every < std::time::Instant::now());
        while std::time::Instant::now() < slot {
            self.look();
        }
    }

    /// A student holds up a phone with the code he downloaded just now.
    pub(super) fn present(&mut self, student: usize) -> Result<(), RehearsalError> {
        let visit = self.played.held_up.values().filter(|other| **other == student).count();
        let text = props::code_of(&self.morning, student, visit);
        let code = self.read_phone(&text)?;
        self.played.held_up.insert(code.clone(), student);
        self.shift.see(Sight::Seen(code));
        Ok(())
    }

    /// The picture of a code is read as a webcam's would be. One that cannot be read at all is shown to a USB
    /// scanner, and counted.
    fn read_phone(&mut self, text: &str) -> Result<CaptureCode, RehearsalError> {
        for pixels_per_module in PIXELS_PER_MODULE {
            if let Some(code) = the_only_code(&props::phone(text, pixels_per_module)?) {
                return Ok(code);
            }
            self.played.unread += 1;
        }
        text.parse().map_err(|_no_code| RehearsalError::Assets)
    }

    /// What a student in a crowded queue holds up before the right code; none of it may seat anybody.
    pub(super) fn approach(&mut self, turn: &Turn, behind: Option<&Turn>) -> Result<(), RehearsalError> {
        let sits = self.who_sits();
        match turn.approach {
            Approach::Plain => return Ok(()),
            Approach::PaymentCode => {
                let code = self.read_phone(props::PAYMENT_CODE)?;
                self.shift.see(Sight::Seen(code));
            }
            Approach::OtherSchool => {
                let code = self.read_phone(&props::code_elsewhere(&self.morning, turn.student))?;
                self.shift.see(Sight::Seen(code));
            }
            Approach::TwoPhones => self.two_phones(turn, behind)?,
        }
        // Only an empty chair says what it thinks of it; whoever sits goes on sitting.
        let refused = matches!(self.shift.phase(), Phase::Refused(..));
        let as_it_must_be = if sits.is_some() { self.who_sits() == sits } else { refused };
        self.played.slipped_in += usize::from(!as_it_must_be);
        Ok(())
    }

    fn two_phones(&mut self, turn: &Turn, behind: Option<&Turn>) -> Result<(), RehearsalError> {
        let behind = behind.map_or(turn.student + 1, |turn| turn.student);
        let codes = [turn.student, behind].map(|student| props::code_of(&self.morning, student, 0));
        let [left, right] = &codes;
        let seen = |pixels| Ok::<_, RehearsalError>(read(&props::two_phones(left, right, pixels)?).len());
        for pixels_per_module in PIXELS_PER_MODULE {
            if seen(pixels_per_module)? == 2 {
                break;
            }
            self.played.unread += 1;
        }
        self.shift.see(Sight::TwoCodes);
        Ok(())
    }

    /// While a file is on its way: whoever sits downloads his code again, and whoever comes next pushes forward.
    pub(super) fn crowd(&mut self, turn: &Turn, next: Option<&Turn>) -> Result<(), RehearsalError> {
        let sits = self.who_sits();
        self.present(turn.student)?;
        if let Some(next) = next.filter(|next| next.student != turn.student) {
            self.approach(next, None)?;
            self.present(next.student)?;
        }
        self.played.slipped_in += usize::from(self.who_sits() != sits);
        Ok(())
    }

    fn who_sits(&self) -> Option<usize> {
        let sitting = self.shift.phase().sitting()?;
        Some(self.played.held_up.get(&sitting.code).copied().unwrap_or(usize::MAX))
    }
}

fn the_only_code(picture: &Luma) -> Option<CaptureCode> {
    match read(picture).as_slice() {
        [one] => one.capture_code().ok(),
        _ => None,
    }
}
