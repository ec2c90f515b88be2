//! 余地: whether there is room for more photos. A shot is about 8 MB, its portrait 40 kB, and who sits may be shot again.

use std::mem;

/// With less than this the day's photos may not all find room: half a day's originals, about 1,000 students, in bytes.
const SHORT: u64 = 8_000_000_000;

/// With less than this it is said while there is still time to do something: about 400 students, in bytes.
const LITTLE: u64 = 3_000_000_000;

/// With less than this nobody sits down any more, and whoever sits can be finished: 60 shots, in bytes.
const HARDLY: u64 = 500_000_000;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// Enough, or nobody can tell.
    #[default]
    Enough,
    /// Perhaps not for the whole day.
    Short,
    /// Something must be done now.
    Little {
        /// What is left, in bytes.
        free_bytes: u64,
    },
    /// None for another student.
    Hardly {
        /// What is left, in bytes.
        free_bytes: u64,
    },
}

impl Room {
    /// How much so many free bytes are.
    #[must_use]
    pub fn of(free_bytes: Option<u64>) -> Self {
        match free_bytes {
            Some(free_bytes) if free_bytes < HARDLY => Self::Hardly { free_bytes },
            Some(free_bytes) if free_bytes < LITTLE => Self::Little { free_bytes },
            Some(free_bytes) if free_bytes < SHORT => Self::Short,
            Some(_) | None => Self::Enough,
        }
    }

    /// Whether so much and so much are two different things to whoever works here.
    #[must_use]
    pub fn differs(self, other: Self) -> bool {
        mem::discriminant(&self) != mem::discriminant(&other)
    }

    /// Whether another student may sit down.
    #[must_use]
    pub fn is_for_another(self) -> bool {
        !matches!(self, Self::Hardly { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_long_before_it_is_too_late() {
        assert_eq!((Room::of(None), Room::of(Some(SHORT))), (Room::Enough, Room::Enough));
        assert_eq!((Room::of(Some(SHORT - 1)), Room::of(Some(LITTLE))), (Room::Short, Room::Short));
        assert_eq!(Room::of(Some(LITTLE - 1)), Room::Little { free_bytes: LITTLE - 1 });
        assert!(Room::of(Some(HARDLY)).is_for_another());
        assert!(!Room::of(Some(HARDLY - 1)).is_for_another());
    }
}
