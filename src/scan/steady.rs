//! A code held before a webcam thirty times a second is one event; so is its leaving.

use crate::{
    settings::CODE_REST_MS,
    shot::Moment,
    student::{CaptureCode, CodeError},
};

/// A code must be seen in this many frames before it is believed: a misread never comes twice the same.
const BELIEVED_AFTER: u32 = 2;

/// What a frame showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// One code.
    Code(CaptureCode),
    /// One QR code that cannot be a capture code.
    NotACode(CodeError),
    /// Two codes or more.
    TwoCodes,
}

/// What changed before the webcam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// This code is held up now.
    Seen(CaptureCode),
    /// No code is held up any more.
    Gone,
    /// A QR code is held up that cannot be a capture code.
    NotACode(CodeError),
    /// Two codes are held up: nobody can say whose turn it is.
    TwoCodes,
}

impl From<Shown> for Sight {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Code(code) => Self::Seen(code),
            Shown::NotACode(why) => Self::NotACode(why),
            Shown::TwoCodes => Self::TwoCodes,
        }
    }
}

/// Turns a stream of frames into changes.
#[derive(Debug)]
pub struct Steady {
    /// A code counts as gone after this long out of sight, in milliseconds.
    rest_ms: i64,
    /// What is held up, and when it was seen last.
    current: Option<(Shown, Moment)>,
    /// Something else, and in how many frames it was seen since.
    candidate: Option<(Shown, u32)>,
}

impl Default for Steady {
    fn default() -> Self {
        Self::resting(CODE_REST_MS.into())
    }
}

impl Steady {
    /// One that takes a code for gone after this long out of sight, in milliseconds.
    #[must_use]
    pub fn resting(rest_ms: i64) -> Self {
        Self { rest_ms, current: None, candidate: None }
    }

    /// Takes in what a frame showed, a code or nothing; says what changed.
    pub fn look(&mut self, at: Moment, seen: Option<CaptureCode>) -> Option<Sight> {
        self.watch(at, seen.map(Shown::Code))
    }

    /// Takes in what a frame showed; says what changed.
    pub fn watch(&mut self, at: Moment, shown: Option<Shown>) -> Option<Sight> {
        let Some(shown) = shown else { return self.watch_nothing(at) };
        match &mut self.current {
            Some((current, last)) if *current == shown => {
                *last = at;
                self.candidate = None;
                return None;
            }
            _ => {}
        }
        let times = match self.candidate.take() {
            Some((candidate, times)) if candidate == shown => times + 1,
            _ => 1,
        };
        if times < BELIEVED_AFTER {
            self.candidate = Some((shown, times));
            return None;
        }
        self.current = Some((shown.clone(), at));
        Some(shown.into())
    }

    fn watch_nothing(&mut self, at: Moment) -> Option<Sight> {
        let (_, last) = self.current.as_ref()?;
        if at.ms_since(*last) <= self.rest_ms {
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

    /// Plays a frame every 33 ms: a letter is a code, a dot is none, 2 are two, an exclamation mark is no capture code.
    fn play_resting(rest_ms: i64, frames: &str) -> Vec<Sight> {
        let mut steady = Steady::resting(rest_ms);
        let looks = frames.chars().enumerate().map(|(n, seen)| {
            let shown = match seen {
                '.' => None,
                '2' => Some(Shown::TwoCodes),
                '!' => Some(Shown::NotACode(CodeError::Empty)),
                seen => Some(Shown::Code(code(&seen.to_string()))),
            };
            steady.watch(Moment(n as i64 * 33), shown)
        });
        looks.flatten().collect()
    }

    fn play(frames: &str) -> Vec<Sight> {
        play_resting(CODE_REST_MS.into(), frames)
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

    #[test]
    fn two_codes_are_told_once_and_the_one_that_stays_is_news() {
        let (a, b) = (Sight::Seen(code("a")), Sight::Seen(code("b")));
        assert_eq!(play("aaaa2222bbbb"), [a.clone(), Sight::TwoCodes, b]);
        assert_eq!(
            play("aaaa2222aaaa"),
            [a.clone(), Sight::TwoCodes, a.clone()],
            "told again: whose turn it is"
        );
        assert_eq!(play("aa2a2a2a").len(), 1, "a reflection flickers");
        assert_eq!(play(&format!("aa22{}", ".".repeat(60))), [a.clone(), Sight::TwoCodes, Sight::Gone]);
        assert_eq!(play("aa!!aa"), [a.clone(), Sight::NotACode(CodeError::Empty), a]);
    }

    #[test]
    fn how_long_a_code_rests_is_for_the_station_to_say() {
        let away = format!("aa{}aa", ".".repeat(30));
        assert_eq!(play_resting(CODE_REST_MS.into(), &away), [Sight::Seen(code("a"))]);
        let news = [Sight::Seen(code("a")), Sight::Gone, Sight::Seen(code("a"))];
        assert_eq!(play_resting(500, &away), news);
    }
}
