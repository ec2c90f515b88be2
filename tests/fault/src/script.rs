//! What a station does all day, as orders to its clerk. The same seed gives the same day.

use std::collections::BTreeMap;

use caiying::{
    clerk::Clerk,
    portrait::Portrait,
    shot::{Digest, Moment, Shot, ShotId, SittingId, Trigger},
    station::{Fact, SeenCode, Sitting},
};

use crate::{Stopped, world};

/// An order to the clerk, with everything that belongs to it: asked again, it is the very same one.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its number in this program.
    pub seq: u64,
    /// When it was given.
    pub at: Moment,
    /// What is to be done.
    pub what: What,
}

/// What a clerk is asked for.
#[derive(Debug, Clone)]
pub enum What {
    /// Write down that a student sat down.
    Seat(Sitting),
    /// Put an original on the shelf, for a sitting or as a stray.
    Shelve(Shot, Option<Sitting>),
    /// Keep a portrait.
    Keep(Box<(Sitting, Shot, Portrait)>),
    /// Write down that a shot is nobody's after all; the SHA-256 of its file stands beside it.
    Disown(Fact, Digest),
    /// Write a fact down that is about no picture.
    Record(Fact),
    /// Give a stray to a student; the SHA-256 of its file stands beside it.
    Assign(Box<Gift>),
    /// Write down that everything that waits was delivered.
    Deliver,
}

/// A stray and whose it is.
#[derive(Debug, Clone)]
pub struct Gift {
    /// Which shot.
    pub shot: ShotId,
    /// SHA-256 of its file.
    pub file: Digest,
    /// The portrait made of it.
    pub portrait: Portrait,
    /// Whose a person says it is.
    pub owner: SeenCode,
    /// The number of a new sitting, if he needs one.
    pub spare: SittingId,
}

/// One step of a block; the number tells the block's students apart.
enum Step {
    Seat(u64),
    Retake(u64),
    /// The camera's file of whoever sits.
    Shelve(u64),
    /// The camera hands the very same file over again.
    Twice(u64),
    Keep(u64),
    Stray(u64),
    Disown(u64),
    Dismiss(u64),
    Assign(u64),
    Deliver,
}

/// A quarter of an hour: the next student sits before the one before is kept; somebody is shot again; somebody's shot
/// is disowned and given back to him; a stray is given to whoever never sat; somebody comes for a retake.
const BLOCK: &[Step] = &[
    Step::Seat(0),
    Step::Seat(1),
    Step::Shelve(0),
    Step::Keep(0),
    Step::Shelve(1),
    Step::Twice(1),
    Step::Shelve(1),
    Step::Seat(2),
    Step::Keep(1),
    Step::Shelve(2),
    Step::Stray(4),
    Step::Disown(2),
    Step::Dismiss(2),
    Step::Seat(3),
    Step::Assign(2),
    Step::Keep(3),
    Step::Deliver,
    Step::Retake(0),
    Step::Shelve(0),
    Step::Assign(4),
    Step::Keep(0),
];

/// How many students a block has.
const STUDENTS: u64 = 5;

/// Orders a block has.
pub const BLOCK_ORDERS: usize = BLOCK.len();

/// A station's day, order by order.
#[derive(Debug)]
pub struct Script {
    seed: u64,
    /// The number of this block's first student.
    first: u64,
    step: usize,
    seq: u64,
    jumping: bool,
    next_sitting: u64,
    next_shot: u64,
    sittings: BTreeMap<u64, Sitting>,
    /// The last shot of each student.
    shots: BTreeMap<u64, Shot>,
}

impl Script {
    /// A day that begins with this student, and with the numbers that the store has free.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn begin(clerk: &Clerk, seed: u64, first: u64, jumping: bool) -> Result<Self, Stopped> {
        let (sitting, shot) = clerk.next_numbers()?;
        let (next_sitting, next_shot) = (sitting.0, shot.0);
        let (sittings, shots) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { seed, first, step: 0, seq: 0, jumping, next_sitting, next_shot, sittings, shots })
    }

    /// Leaves this block as it is; the next order is about new students.
    pub fn turn_the_page(&mut self) {
        (self.step, self.first) = (0, self.first + STUDENTS);
        self.sittings.clear();
        self.shots.clear();
    }

    /// The next order. Steps that nothing can be made of (nobody sits) are passed over.
    pub fn next_order(&mut self) -> Option<Order> {
        loop {
            if self.step == BLOCK.len() {
                self.turn_the_page();
            }
            let step = BLOCK.get(self.step)?;
            self.step += 1;
            self.seq += 1;
            let at = world::moment(self.seq, self.jumping);
            if let Some(what) = self.what(step, at) {
                return Some(Order { seq: self.seq, at, what });
            }
        }
    }

    fn what(&mut self, step: &Step, at: Moment) -> Option<What> {
        match step {
            Step::Seat(student) => self.seat(*student, at, false),
            Step::Retake(student) => self.seat(*student, at, true),
            Step::Shelve(student) => {
                let sitting = self.sittings.get(student)?.clone();
                let shot = self.shoot(*student, Trigger::Station(sitting.id), at)?;
                Some(What::Shelve(shot, Some(sitting)))
            }
            Step::Twice(student) => {
                let again = Shot { id: self.shot_number(), ..self.shots.get(student)?.clone() };
                Some(What::Shelve(again, self.sittings.get(student).cloned()))
            }
            Step::Keep(student) => {
                let sitting = self.sittings.get(student)?.clone();
                let known = self.shots.get(student).cloned();
                let shot = known.or_else(|| self.shoot(*student, Trigger::Body, at))?;
                let portrait = world::portrait(&self.student(*student)?, self.serial(shot.id));
                Some(What::Keep(Box::new((sitting, shot, portrait))))
            }
            Step::Stray(student) => {
                let shot = self.shoot(*student, Trigger::Body, at)?;
                Some(What::Shelve(shot, None))
            }
            Step::Disown(student) => {
                let (sitting, shot) = (self.sittings.get(student)?.id, self.shots.get(student)?);
                let fact = Fact::Disowned { sitting, shot: shot.id, reason: "operator".to_owned() };
                Some(What::Disown(fact, Digest::of(&shot.jpeg)))
            }
            Step::Dismiss(student) => {
                Some(What::Record(Fact::Dismissed { sitting: self.sittings.get(student)?.id }))
            }
            Step::Assign(student) => self.give(*student),
            Step::Deliver => Some(What::Deliver),
        }
    }

    fn seat(&mut self, student: u64, at: Moment, retake: bool) -> Option<What> {
        let seen = self.student(student)?;
        let sitting = Sitting { takes: 1, ..Sitting::new(self.sitting_number(), seen, at, retake) };
        self.sittings.insert(student, sitting.clone());
        self.shots.remove(&student);
        Some(What::Seat(sitting))
    }

    fn shoot(&mut self, student: u64, trigger: Trigger, at: Moment) -> Option<Shot> {
        let id = self.shot_number();
        let shot = world::shot(&self.student(student)?, self.serial(id), id, trigger, at);
        self.shots.insert(student, shot.clone());
        Some(shot)
    }

    fn give(&mut self, student: u64) -> Option<What> {
        let (owner, spare) = (self.student(student)?, self.sitting_number());
        let shot = self.shots.get(&student)?;
        let portrait = world::portrait(&owner, self.serial(shot.id));
        let file = Digest::of(&shot.jpeg);
        Some(What::Assign(Box::new(Gift { shot: shot.id, file, portrait, owner, spare })))
    }

    fn student(&self, student: u64) -> Option<SeenCode> {
        world::student(self.seed, self.first + student)
    }

    /// What no other picture has: shot numbers may be given again after a power cut, to other students.
    fn serial(&self, shot: ShotId) -> u64 {
        self.first << 24 | shot.0
    }

    fn sitting_number(&mut self) -> SittingId {
        self.next_sitting += 1;
        SittingId(self.next_sitting - 1)
    }

    fn shot_number(&mut self) -> ShotId {
        self.next_shot += 1;
        ShotId(self.next_shot - 1)
    }
}
