//! A code held before a webcam thirty times a second is one event; so is its leaving.

use crate::{shot::Moment, student::CaptureCode};

/// A code must be seen in this many frames before it is believed: a misread never comes twice the same.
const BELIEVED_AFTER: u32 = 2;

/// A code counts as gone after this long out of sight, in milliseconds: hands shake, autofocus hunts.
const GONE_AFTER_MS: i64 = 1500;

/// What changed before the webcam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// This code is held up now.
    Seen(CaptureCode),
    /// No code is held up any more.
    Gone,
}

/// Turns a stream of frames into changes.
#[derive(Debug, Default)]
pub struct Steady {
    /// The code that is held up, and when it was seen last.
    current: Option<(CaptureCode, Moment)>,
    /// Another code, and in how many frames it was seen since.
    candidate: Option<(CaptureCode, u32)>,
}

impl Steady {
    /// Takes in what a frame showed; says what changed.
    pub fn look(&mut self, at: Moment, seen: Option<CaptureCode>) -> Option<Sight> {
        let Some(code) = seen else { return self.look_at_nothing(at) };
        match &mut self.current {
            Some((current, last)) if *current == code => {
                *last = at;
                self.candidate = None;
                return None;
            }
            _ => {}
        }
        let times = match self.candidate.take() {
            Some((candidate, times)) if candidate == code => times + 1,
            _ => 1,
        };
        if times < BELIEVED_AFTER {
            self.candidate = Some((code, times));
            return None;
        }
        self.current = Some((code.clone(), at));
        Some(Sight::Seen(code))
    }

    fn look_at_nothing(&mut self, at: Moment) -> Option<Sight> {
        let (_, last) = self.current.as_ref()?;
        if at.ms_since(*last) <= GONE_AFTER_MS {
            return None;
        }
        self.current = None;
        Some(Sight::Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CaptureCode {
        text.parse().unwrap()
    }

    /// Plays a frame every 33 ms: a letter is a code, a dot is none.
    fn play(frames: &str) -> Vec<Sight> {
        let mut steady = Steady::default();
        let looks = frames.chars().enumerate().map(|(n, seen)| {
            let seen = (seen != '.').then(|| code(&seen.to_string()));
            steady.look(Moment(n as i64 * 33), seen)
        });
        looks.flatten().collect()
    }

    #[test]
    fn a_code_held_up_is_one_event() {
        assert_eq!(play("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), [Sight::Seen(code("a"))]);
        assert_eq!(play("aa..a...aa....aaaa"), [Sight::Seen(code("a"))], "autofocus hunts");
    }

    #[test]
    fn the_next_code_is_taken_the_moment_it_differs() {
        assert_eq!(play("aaaabb"), [Sight::Seen(code("a")), Sight::Seen(code("b"))]);
        assert_eq!(play("aaaabaaaa"), [Sight::Seen(code("a"))], "one frame proves nothing");
    }

    #[test]
    fn a_code_that_leaves_and_comes_back_is_news() {
        let away = ".".repeat(60);
        assert_eq!(
            play(&format!("aa{away}aa")),
            [Sight::Seen(code("a")), Sight::Gone, Sight::Seen(code("a"))]
        );
    }
}
