//! 余地 of a shift: what the watchman saw of this computer, and whether there is room for another student.

use super::Shift;
use crate::{
    machine::{Condition, Room},
    screens::{TroubleKind, trouble},
    station::Event,
};

impl Shift {
    /// The watchman looked. A disk that is nearly full is told of before it is too late; one that is too full for another
    /// student seats nobody, and whoever sits is finished.
    pub(super) fn mind_the_machine(&mut self, condition: Condition) {
        let (before, room) = (Room::of(self.shown.machine.free_bytes), Room::of(condition.free_bytes));
        self.shown.machine = condition;
        self.set_trouble(TroubleKind::Space, trouble::little_room(room));
        if before.is_for_another() != room.is_for_another() {
            self.tell(Event::Room(room.is_for_another()));
        }
    }
}
