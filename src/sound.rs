//! The two sounds of the scanner: one for a code that seats its student, one for a code that does not.
//!
//! They are made here, not recorded, and given to whichever program of the desktop plays sounds: linking a sound
//! library would cost half a minute of every build and a package on every station, for two tones. A computer without
//! sound, or without such a program, stays silent and nobody hears of it: the screen says everything anyway.

use std::{
    f64::consts::TAU,
    io::Write as _,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What is to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chime {
    /// Up: the student may sit down.
    Good,
    /// Down, twice: look at the screen.
    Bad,
}

/// Samples a second: every sound card plays it.
const RATE: u32 = 44_100;

/// Of the largest sample: heard beside people who talk, and not a fright.
const LOUDNESS: f64 = 0.35;

/// So long a tone swells and fades, in seconds: a tone that begins at once begins with a click.
const EDGE: f64 = 0.008;

/// Programs that play raw samples from their input, the one that mixes with others first. What they are told is:
/// signed 16 bits, one channel, at [`RATE`].
const PLAYERS: [(&str, &[&str]); 2] = [
    ("paplay", &["--raw", "--format=s16le", "--rate=44100", "--channels=1"]),
    ("aplay", &["-q", "-t", "raw", "-f", "S16_LE", "-r", "44100", "-c", "1"]),
];

/// A player that is not done by then holds a sound card that somebody else has.
const PATIENCE: Duration = Duration::from_secs(2);

/// Between two looks at the player.
const LOOK: Duration = Duration::from_millis(10);

impl Chime {
    /// Its tones: hertz and seconds. 0 hertz is a rest.
    fn tones(self) -> &'static [(f64, f64)] {
        match self {
            Self::Good => &[(880.0, 0.07), (1318.5, 0.11)],
            Self::Bad => &[(311.1, 0.16), (0.0, 0.06), (311.1, 0.24)],
        }
    }

    /// Its samples as players take them: signed 16 bits, least significant byte first.
    #[must_use]
    pub fn samples(self) -> Vec<u8> {
        let tone = |&(hertz, seconds): &(f64, f64)| {
            let count = (seconds * f64::from(RATE)) as u32;
            (0..count).map(move |n| {
                let at = f64::from(n) / f64::from(RATE);
                let swell = (at / EDGE).min((seconds - at) / EDGE).clamp(0.0, 1.0);
                ((TAU * hertz * at).sin() * swell * LOUDNESS * f64::from(i16::MAX)) as i16
            })
        };
        self.tones().iter().flat_map(tone).flat_map(i16::to_le_bytes).collect()
    }

    /// Plays it, and waits for its end; `false` when nothing here can play.
    #[must_use]
    pub fn play(self) -> bool {
        PLAYERS.iter().any(|(player, how)| self.play_on(player, how))
    }

    fn play_on(self, player: &str, how: &[&str]) -> bool {
        let quiet = || Stdio::null();
        let begun =
            Command::new(player).args(how).stdin(Stdio::piped()).stdout(quiet()).stderr(quiet()).spawn();
        let Ok(mut playing) = begun else { return false };
        // A player that ends early leaves a broken pipe; its exit code says it better.
        let given = playing.stdin.take().map(|mut input| input.write_all(&self.samples()));
        given.is_some_and(|given| given.is_ok()) & ends_well(&mut playing)
    }
}

/// Waits for a player, and ends one that hangs.
fn ends_well(playing: &mut Child) -> bool {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        match playing.try_wait() {
            Ok(Some(ended)) => return ended.success(),
            Ok(None) => thread::sleep(LOOK),
            Err(_) => break,
        }
    }
    // Whether it could be ended changes nothing for us.
    playing.kill().and_then(|()| playing.wait()).is_ok_and(|_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tops(samples: &[u8]) -> Vec<i16> {
        samples.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).saturating_abs()).collect()
    }

    #[test]
    fn both_sounds_begin_and_end_softly_and_differ() {
        for chime in [Chime::Good, Chime::Bad] {
            let tops = tops(&chime.samples());
            assert!(tops[0] < 50 && *tops.last().unwrap() < 1500, "a click");
            assert!(*tops.iter().max().unwrap() > 9_000, "too soft to be heard");
            assert!(tops.len() < RATE as usize / 2, "half a second is long at a queue");
        }
        assert_ne!(Chime::Good.samples(), Chime::Bad.samples());
    }

    #[test]
    fn a_computer_without_sound_does_not_care() {
        assert!(!Chime::Good.play_on("/nonexistent/player", &[]));
        assert!(!Chime::Good.play_on("false", &[]), "a player without a sound card");
        assert!(Chime::Good.play_on("cat", &[]), "a player that takes everything");
    }
}
