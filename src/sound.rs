//! What the operator hears while he looks at the student: six sounds, told apart by their rhythm.
//!
//! They are made here, not recorded, and given to whichever program of the desktop plays sounds: linking a sound
//! library would cost half a minute of every build and a package on every station, for a few tones. A computer without
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
    /// Short and high: the portrait is kept, the next one may come.
    Saved,
    /// Low, short and long: a no, look at the screen.
    Bad,
    /// Three short ones: a shot that belongs to nobody.
    Stray,
    /// One, long and low: something comes to its limit, the disk, a battery, the light. The work goes on.
    Limit,
    /// High and low, twice, as an ambulance: a device is gone, or a disk does not write.
    Trouble,
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
            Self::Saved => &[(1760.0, 0.06)],
            Self::Bad => &[(311.1, 0.16), (0.0, 0.06), (311.1, 0.24)],
            Self::Stray => &[(523.3, 0.06), (0.0, 0.06), (523.3, 0.06), (0.0, 0.06), (523.3, 0.06)],
            Self::Limit => &[(440.0, 0.42)],
            Self::Trouble => &[
                (987.8, 0.08),
                (0.0, 0.03),
                (659.3, 0.08),
                (0.0, 0.03),
                (987.8, 0.08),
                (0.0, 0.03),
                (659.3, 0.08),
            ],
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

    const ALL: [Chime; 6] =
        [Chime::Good, Chime::Saved, Chime::Bad, Chime::Stray, Chime::Trouble, Chime::Limit];

    /// How long each tone of a sound is heard without a rest, in milliseconds.
    fn rhythm(chime: Chime) -> Vec<usize> {
        let heard: Vec<bool> = tops(&chime.samples()).chunks(RATE as usize / 200).map(is_heard).collect();
        heard.split(|heard| !heard).map(|run| run.len() * 5).filter(|ms| *ms > 0).collect()
    }

    fn is_heard(piece: &[i16]) -> bool {
        piece.iter().any(|top| *top > 1500)
    }

    #[test]
    fn every_sound_begins_and_ends_softly_and_is_short() {
        for chime in ALL {
            let tops = tops(&chime.samples());
            assert!(tops[0] < 50 && *tops.last().unwrap() < 1500, "a click");
            assert!(*tops.iter().max().unwrap() > 9_000, "too soft to be heard");
            assert!(tops.len() < RATE as usize / 2, "half a second is long at a queue");
        }
    }

    /// By their number of tones, or, where both have one, by its being twice or three times as long.
    #[test]
    fn nobody_takes_one_sound_for_another() {
        let rhythms = ALL.map(rhythm);
        assert_eq!(rhythms.each_ref().map(Vec::len), [1, 1, 2, 3, 4, 1], "{rhythms:?}");
        assert!(rhythms[0][0] >= 3 * rhythms[1][0] - 10, "{rhythms:?}");
        assert!(rhythms[5][0] >= 2 * rhythms[0][0], "{rhythms:?}");
        assert!(
            rhythms[3].iter().all(|ms| *ms <= 65) && rhythms[2].iter().all(|ms| *ms >= 150),
            "{rhythms:?}"
        );
        let lengths = ALL.map(|chime| chime.samples().len() / 2 * 1000 / RATE as usize);
        for (ms, wanted) in lengths.into_iter().zip([180, 60, 460, 300, 410]) {
            assert!(ms.abs_diff(wanted) <= 2, "{lengths:?}");
        }
    }

    #[test]
    fn a_computer_without_sound_does_not_care() {
        assert!(!Chime::Good.play_on("/nonexistent/player", &[]));
        assert!(!Chime::Good.play_on("false", &[]), "a player without a sound card");
        assert!(Chime::Good.play_on("cat", &[]), "a player that takes everything");
    }
}
