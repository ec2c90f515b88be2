//! A morning, written from a seed: who comes in which order, what goes wrong with whom.

/// What stands before the lens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// The student, well seated.
    Good,
    /// The empty cloth.
    NoFace,
    /// Somebody looks over the student's shoulder.
    TwoFaces,
    /// The student, out of focus.
    Blurred,
    /// The student's hair at the edge of the frame.
    TooClose,
    /// The student with the head on one side.
    Tilted,
    /// The student, well seated, with somebody else's capture code in the picture.
    AnothersPhone,
}

impl Look {
    /// Everything that must not be kept.
    pub const BAD: [Self; 6] =
        [Self::NoFace, Self::TwoFaces, Self::Blurred, Self::TooClose, Self::Tilted, Self::AnothersPhone];

    /// Its short name in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NoFace => "no_face",
            Self::TwoFaces => "two_faces",
            Self::Blurred => "blurred",
            Self::TooClose => "too_close",
            Self::Tilted => "tilted",
            Self::AnothersPhone => "anothers_phone",
        }
    }
}

/// What else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// The photographer tries the button on the body before the student has shown a code, and the file comes
    /// when the student sits.
    BodyShotBefore,
    /// The next student holds up a code while this one's file is on its way.
    SecondCodeInFlight,
    /// The cable comes out and goes in again.
    CameraVanishes,
}

/// What a student in a crowded queue holds up before the right code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Approach {
    /// The right code at once.
    Plain,
    /// A payment code first.
    PaymentCode,
    /// The code of an enrolment at another school first.
    OtherSchool,
    /// The phone beside that of whoever stands behind.
    TwoPhones,
}

/// One student's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who, from 0.
    pub student: usize,
    /// Whether a portrait was kept before, so that a retake must be asked for.
    pub retake: bool,
    /// What stands before the lens at each shot; the last one is good, unless the student leaves.
    pub shots: Vec<Look>,
    /// Whether the photographer presses the button on the body.
    pub by_hand: bool,
    /// Whether the student leaves before the good shot.
    pub leaves: bool,
    /// What else happens.
    pub incident: Option<Incident>,
    /// What is held up before the right code.
    pub approach: Approach,
}

/// A morning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The turns, in their order.
    pub turns: Vec<Turn>,
    /// How many students there are.
    pub students: usize,
    /// The seed it was written from.
    pub seed: u64,
    /// Whether codes overlap: whoever comes next holds up a phone while somebody still sits.
    pub overlap: bool,
}

impl Script {
    /// Writes a morning. Every kind of trouble comes within the first dozen students; which student meets
    /// which is up to the seed.
    #[must_use]
    pub fn write(students: usize, seed: u64) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let (turn_of_bad, turn_of_incident) = (dice.usize(..2), dice.usize(..3));
        let mut bad = cycle(Look::BAD, &mut dice);
        let incidents = [Incident::BodyShotBefore, Incident::SecondCodeInFlight, Incident::CameraVanishes];
        let mut incidents = cycle(incidents, &mut dice);
        let mut turns = Vec::new();
        let mut served: Vec<usize> = Vec::new();
        for student in 0..students {
            let mut shots = Vec::new();
            if student % 2 == turn_of_bad {
                shots.push(bad.next());
                // Some sit badly twice.
                shots.extend((dice.u8(..4) == 0).then(|| bad.next()));
            }
            let leaves = student % 29 == 17 && !shots.is_empty();
            shots.extend((!leaves).then_some(Look::Good));
            let incident = (student % 3 == turn_of_incident).then(|| incidents.next());
            let by_hand = student % 7 == 3;
            let approach = Approach::Plain;
            turns.push(Turn { student, retake: false, shots, by_hand, leaves, incident, approach });
            if !leaves {
                served.push(student);
            }
            if student % 9 == 8
                && let Some(again) = dice.choice(&served)
            {
                let shots = vec![Look::Good];
                turns.push(Turn {
                    student: *again,
                    retake: true,
                    shots,
                    by_hand: false,
                    leaves: false,
                    incident: None,
                    approach,
                });
            }
        }
        Self { turns, students, seed, overlap: false }
    }

    /// The same morning with a crowd before the webcam: the next student's phone is always in view while somebody
    /// sits, and every other student holds up something else first.
    #[must_use]
    pub fn crowded(mut self) -> Self {
        let mut dice = fastrand::Rng::with_seed(self.seed ^ 0xc0_ffee);
        let all = [
            Approach::PaymentCode,
            Approach::Plain,
            Approach::OtherSchool,
            Approach::Plain,
            Approach::TwoPhones,
        ];
        let mut approaches = cycle(all, &mut dice);
        for turn in &mut self.turns {
            turn.approach = approaches.next();
        }
        self.overlap = true;
        self
    }
}

/// Goes round in a shuffled order for ever.
struct Cycle<T, const N: usize> {
    things: [T; N],
    next: usize,
}

fn cycle<T: Copy, const N: usize>(mut things: [T; N], dice: &mut fastrand::Rng) -> Cycle<T, N> {
    dice.shuffle(&mut things);
    Cycle { things, next: 0 }
}

impl<T: Copy, const N: usize> Cycle<T, N> {
    #[expect(clippy::indexing_slicing, reason = "the remainder is always inside")]
    fn next(&mut self) -> T {
        self.next += 1;
        self.things[(self.next - 1) % N]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_always_writes_the_same_morning_and_another_seed_another() {
        assert_eq!(Script::write(50, 7), Script::write(50, 7));
        assert_ne!(Script::write(50, 7).turns, Script::write(50, 8).turns);
    }

    #[test]
    fn every_morning_of_a_dozen_has_every_trouble() {
        for seed in 0..50 {
            let script = Script::write(12, seed);
            let looks: BTreeSet<Look> = script.turns.iter().flat_map(|turn| turn.shots.clone()).collect();
            assert_eq!(looks.len(), 1 + Look::BAD.len(), "seed {seed}: {looks:?}");
            let incidents: Vec<_> = script.turns.iter().filter_map(|turn| turn.incident).collect();
            for incident in [Incident::BodyShotBefore, Incident::SecondCodeInFlight, Incident::CameraVanishes]
            {
                assert!(incidents.contains(&incident), "seed {seed}: {incidents:?}");
            }
            assert!(script.turns.iter().any(|turn| turn.retake), "seed {seed}");
            assert!(script.turns.iter().any(|turn| turn.by_hand), "seed {seed}");
            let crowded = script.crowded();
            let approaches: BTreeSet<Approach> = crowded.turns.iter().map(|turn| turn.approach).collect();
            assert_eq!(approaches.len(), 4, "seed {seed}: {approaches:?}");
        }
    }
}
