//! Students who are called by name: found in the school's roster, known by an identity card, or in no roster at all.
//!
//! The roster is in memory only while a shift lasts. What was typed makes a list, never a choice: a person chooses, and
//! a card's number must be a student's to the letter.

use super::Shift;
use crate::{
    clerk::{self, Clerk, WalkUp},
    crew::ClerkOrder,
    keys::Deed,
    scan::{IdCard, IdReaderError},
    screens::{CandidateView, LookupView, TroubleKind, Words, trouble},
    station::{Event, SeenCode},
    student::{Field, IdNumber, People, Student, mask_name},
};

/// Who may be called.
#[derive(Debug, Default)]
pub(super) struct Called {
    pub(super) people: People,
    /// Whom what was typed may mean.
    found: Vec<Student>,
    all: usize,
    /// A card whose number is nobody's in the roster.
    unknown_card: Option<IdCard>,
}

impl Called {
    /// With the store's roster; also says when it cannot be read: whoever has a code can sit all the same.
    pub(super) fn of(clerk: &Clerk) -> (Self, Option<Words>) {
        match clerk.people(None) {
            Ok(people) => (Self { people, ..Self::default() }, None),
            Err(err) => (Self::default(), Some(trouble::clerk(&err))),
        }
    }
}

impl Shift {
    /// The operator typed something to find a student by.
    pub fn search(&mut self, typed: &str) {
        let found = self.called.people.roster().search(typed);
        let shown: Vec<Student> = found.shown.into_iter().cloned().collect();
        let all = found.all;
        (self.called.found, self.called.all) = (shown, all);
    }

    /// The roster's students.
    pub(super) fn called_roster(&self) -> &[Student] {
        self.called.people.roster().students()
    }

    /// How many students the roster has.
    pub(super) fn roster_len(&self) -> usize {
        self.called.people.roster().len()
    }

    /// The operator chose one of those who were found, from 0.
    pub fn choose(&mut self, place: usize) {
        let Some(student) = self.called.found.get(place).cloned() else { return };
        self.call(&student);
    }

    /// The operator gave up looking.
    pub fn stop_searching(&mut self) {
        (self.called.found, self.called.all, self.called.unknown_card) = (vec![], 0, None);
    }

    /// A person stands for somebody who is in no roster: it is written down for the school before he sits. A number
    /// that is in the roster after all calls the student it belongs to, if he has the name that was said; what two
    /// names claim is for a person to look into.
    pub fn let_in(&mut self, name: &str, number: &str, reason: &str) {
        if !self.may(Deed::Again) {
            return;
        }
        if !self.is_chair_free() || reason.trim().is_empty() {
            return;
        }
        let card = self.called.unknown_card.take();
        let (name, number) = match &card {
            Some(card) => (card.name.as_str(), card.number.expose()),
            None => (name, number),
        };
        if name.trim().is_empty() {
            return;
        }
        if let Some(student) = self.called.people.roster().exactly(number).cloned() {
            let ask = !student.may_be_called(name.trim());
            return if ask { self.ask_about(student) } else { self.call(&student) };
        }
        let walk_up = WalkUp::new(name, number, reason, self.clock.now());
        if self.called.people.is_anothers(&walk_up.code, &walk_up.name) {
            return self.set_trouble(TroubleKind::Notice, Some(trouble::number_of_another()));
        }
        self.called.people.claim(walk_up.code.clone(), &walk_up.name);
        let seen = clerk::let_in_as(walk_up.code.clone(), &walk_up.name, &self.shown.profile);
        self.clerk.push(ClerkOrder::WalkUp(walk_up));
        self.seat_called(seen);
    }

    /// The number is a student's, the name is not: a variant character, a slip, or another person's number.
    fn ask_about(&mut self, student: Student) {
        self.set_trouble(TroubleKind::Notice, Some(trouble::number_under_another_name()));
        (self.called.found, self.called.all) = (vec![student], 1);
    }

    /// An identity card was laid on the reader.
    pub(super) fn card_laid(&mut self, card: IdCard) {
        if !self.is_chair_free() {
            return self.set_trouble(TroubleKind::Notice, Some(trouble::card_too_early()));
        }
        // A list stands on number keys: nobody else takes a place in it under the operator's finger.
        if !self.called.found.is_empty() {
            return self.set_trouble(TroubleKind::Notice, Some(trouble::card_beside_a_list()));
        }
        let number: &IdNumber = &card.number;
        let Some(student) = self.called.people.roster().exactly(number.expose()).cloned() else {
            self.set_trouble(TroubleKind::Notice, Some(trouble::card_unknown()));
            self.called.unknown_card = Some(card);
            return;
        };
        if student.get(Field::Name).is_some_and(|name| name != card.name) {
            return self.ask_about(student);
        }
        self.call(&student);
    }

    /// How the identity card reader stands.
    pub(super) fn reader_stands(&mut self, trouble: Option<&IdReaderError>) {
        self.set_trouble(TroubleKind::IdReader, trouble.map(trouble::id_reader));
    }

    /// Seats a student of the roster, under the key he sat under before, if he did.
    pub(super) fn call(&mut self, student: &Student) {
        let kept = self.seen_as(student).find(|seen| self.station.has_kept(&seen.bearer));
        let chosen = kept.or_else(|| self.seen_as(student).next());
        match chosen {
            Some(seen) => self.seat_called(seen),
            None => self.set_trouble(TroubleKind::Notice, Some(trouble::number_of_another())),
        }
    }

    /// A student of the roster under each of his keys, the best first.
    pub(super) fn seen_as(&self, student: &Student) -> impl Iterator<Item = SeenCode> {
        let seen = clerk::seen_as(student, &self.shown.profile, &self.called.people);
        seen.map(|seen| self.station.as_known(seen))
    }

    fn seat_called(&mut self, seen: SeenCode) {
        self.stop_searching();
        self.troubles.remove(&TroubleKind::Notice);
        self.go_on();
        self.tell(Event::Named(seen));
    }

    pub(super) fn is_chair_free(&self) -> bool {
        self.station.phase().sitting().is_none()
    }

    /// What the screen shows of a search.
    pub(super) fn lookup(&self) -> LookupView {
        let called = &self.called;
        LookupView {
            may_search: self.is_chair_free() && !called.people.roster().is_empty(),
            may_let_in: self.is_chair_free()
                && (!called.people.roster().is_empty() || called.unknown_card.is_some()),
            found: called.found.iter().map(|student| self.candidate(student)).collect(),
            all: called.all,
            card: called.unknown_card.as_ref().map(|card| {
                let mask = self.shown.profile.privacy.name_mask;
                format!("{} {}", mask_name(&card.name, mask), card.number.last_four())
            }),
        }
    }

    pub(super) fn candidate(&self, student: &Student) -> CandidateView {
        let get = |field| student.get(field).unwrap_or_default().to_owned();
        let mask = self.shown.profile.privacy.name_mask;
        CandidateView {
            name: student.masked_name(mask),
            number: student.end_of_number(),
            last_four: get(Field::LastFour),
            place: [get(Field::College), get(Field::Class)].join(" ").trim().to_owned(),
            kept: self.seen_as(student).any(|seen| self.station.has_kept(&seen.bearer)),
        }
    }
}
