//! Students who are called by name: found in the school's roster, known by an identity card, or in no roster at all.
//!
//! The roster is in memory only while a shift lasts. What was typed makes a list, never a choice: a person chooses, and
//! a card's number must be a student's to the letter. An empty chair takes whoever is called; while somebody sits he comes
//! next, and nothing changes for who sits.

use super::Shift;
use crate::{
    clerk::{self, Clerk, ClerkError, WalkUp},
    crew::ClerkOrder,
    keys::Deed,
    profile::Profile,
    scan::{IdCard, IdReaderError},
    screens::{CandidateView, LookupView, TroubleKind, Words, trouble},
    station::{Event, Register, SeenCode},
    student::{Field, IdNumber, People, Student, StudentKey, mask_name},
};

/// Who may be called.
#[derive(Debug, Default)]
pub(super) struct Called {
    pub(super) people: People,
    /// Whom what was typed may mean.
    found: Vec<Student>,
    all: usize,
    /// Whether somebody is looked for by what was typed.
    looks: bool,
    /// A card whose number is nobody's in the roster.
    unknown_card: Option<IdCard>,
}

impl From<People> for Called {
    /// Nobody is looked for yet.
    fn from(people: People) -> Self {
        Self { people, ..Self::default() }
    }
}

impl Called {
    /// Whether somebody is looked for: what is shown is of this roster.
    pub(super) fn is_in_use(&self) -> bool {
        self.looks || !self.found.is_empty() || self.unknown_card.is_some()
    }

    /// With the store's roster, and who has sat here; also says when the roster cannot be read: whoever has a code can sit
    /// all the same.
    pub(super) fn of(
        clerk: &mut Clerk,
        profile: &Profile,
    ) -> Result<(Self, Option<Words>, Register), ClerkError> {
        let (people, unread) = match clerk.people(None) {
            Ok(people) => (people, None),
            Err(err) => (People::default(), Some(trouble::clerk(&err))),
        };
        let register = clerk.register(profile, &people)?;
        Ok((people.into(), unread, register))
    }
}

impl Shift {
    /// The operator typed something to find a student by.
    pub fn search(&mut self, typed: &str) {
        let found = self.called.people.roster().search(typed);
        let shown: Vec<Student> = found.shown.into_iter().cloned().collect();
        let all = found.all;
        (self.called.found, self.called.all) = (shown, all);
        self.called.looks = !typed.trim().is_empty();
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
        self.called.looks = false;
    }

    /// A person stands for somebody who is in no roster: it is written down for the school now, before he sits. Without a
    /// name it is he whose card lies there. A number that is in the roster after all calls the student it belongs to, if
    /// he has the name that was said; what two names claim is for a person to look into.
    pub fn let_in(&mut self, name: &str, number: &str, reason: &str) {
        if !self.may(Deed::Again) || reason.trim().is_empty() {
            return;
        }
        let card = self.called.unknown_card.take();
        // A card that was laid down while a name was typed is not what he meant who typed.
        let (name, number) = match &card {
            Some(card) if name.trim().is_empty() => (card.name.as_str(), card.number.expose()),
            _ => (name, number),
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
        let seen = clerk::let_in_as(walk_up.code.clone(), &walk_up.name, &self.shown.profile);
        // Whoever was let in a moment ago was written down then.
        if !self.is_before_us(&seen) {
            self.called.people.claim(walk_up.code.clone(), &walk_up.name);
            self.clerk.push(ClerkOrder::WalkUp(walk_up));
            self.intake.disturb();
        }
        self.seat_called(seen);
    }

    /// Whether he sits, is asked about, or was called to come next.
    fn is_before_us(&self, seen: &SeenCode) -> bool {
        let before_us = [self.station.phase().bearer(), self.station.called()];
        before_us.into_iter().flatten().any(|bearer| bearer.key == seen.bearer.key)
    }

    /// The number is a student's, the name is not: a variant character, a slip, or another person's number.
    fn ask_about(&mut self, student: Student) {
        self.set_trouble(TroubleKind::Notice, Some(trouble::number_under_another_name()));
        (self.called.found, self.called.all) = (vec![student], 1);
    }

    /// An identity card was laid on the reader.
    pub(super) fn card_laid(&mut self, card: IdCard) {
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
            // Who would be asked about is not whom the operator types for.
            if self.called.looks {
                return self.set_trouble(TroubleKind::Notice, Some(trouble::card_beside_a_list()));
            }
            return self.ask_about(student);
        }
        self.call(&student);
    }

    /// How the identity card reader stands.
    pub(super) fn reader_stands(&mut self, trouble: Option<&IdReaderError>) {
        self.set_trouble(TroubleKind::IdReader, trouble.map(trouble::id_reader));
    }

    /// Calls a student of the roster, under the key he sat under before, if he did.
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

    /// He sits down, or comes next. Whoever was called before him and did not sit is lost to nobody: it is said.
    fn seat_called(&mut self, seen: SeenCode) {
        self.stop_searching();
        self.forget_how_he_was_called();
        self.go_on();
        let before = self.station.called().map(|bearer| bearer.key.clone());
        let is_another =
            |called: Option<&StudentKey>| before.as_ref().is_some_and(|before| called != Some(before));
        let comes = seen.bearer.key.clone();
        self.tell(Event::Named(seen));
        let called = self.station.called().map(|bearer| &bearer.key);
        if is_another(Some(&comes)) && is_another(called) {
            self.set_trouble(TroubleKind::Notice, Some(trouble::another_called()));
        }
    }

    /// What was said of finding him is over. What was said of who sits is not.
    fn forget_how_he_was_called(&mut self) {
        let said = [
            trouble::card_unknown(),
            trouble::card_beside_a_list(),
            trouble::number_under_another_name(),
            trouble::number_of_another(),
        ];
        let is_free = self.is_chair_free();
        self.troubles
            .retain(|kind, words| *kind != TroubleKind::Notice || !(is_free || said.contains(words)));
    }

    pub(super) fn is_chair_free(&self) -> bool {
        self.station.phase().sitting().is_none()
    }

    /// What the screen shows of a search.
    pub(super) fn lookup(&self) -> LookupView {
        let called = &self.called;
        LookupView {
            may_search: !called.people.roster().is_empty(),
            may_let_in: !called.people.roster().is_empty() || called.unknown_card.is_some(),
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
