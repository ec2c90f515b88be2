//! 补拍 of a shift: who of the roster has no portrait, who came and left without one, and what happened to whom. Made
//! while somebody looks at it, and anew when a portrait was kept meanwhile.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::Shift;
use crate::{
    clerk::Past,
    crew::CourierOrder,
    ledger::{LedgerError, Unkept},
    screens::{
        ClassView, HistoryView, PastView, Person, PersonView, Place, RetakesAsk, RetakesView, Stands,
        TroubleKind, trouble,
    },
    station::Fact,
    student::{Student, StudentKey},
};

/// What the screen of retakes is made of; its `Debug` form shows nothing that was typed.
#[derive(Default)]
pub(super) struct Retakes {
    here: Place,
    /// Whether the record has been written in since it was made.
    stale: bool,
    /// Who came and left without a portrait, as the record says it.
    unkept: Vec<Unkept>,
    view: Arc<RetakesView>,
    /// Whose history is looked at.
    asked: Option<(Person, StudentKey)>,
    /// What somebody is looked for by.
    wanted: String,
}

impl fmt::Debug for Retakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retakes").field("here", &self.here).field("view", &self.view).finish_non_exhaustive()
    }
}

impl Retakes {
    /// Where the operator is.
    pub(super) fn here(&self) -> Place {
        self.here
    }

    /// The clerk wrote something: what was read before holds no longer.
    pub(super) fn grow_stale(&mut self) {
        self.stale = true;
    }

    /// What the screen shows of it.
    pub(super) fn view(&self) -> Arc<RetakesView> {
        Arc::clone(&self.view)
    }
}

impl Shift {
    /// The operator looks at this screen: what it shows is made ready, if that takes longer than a frame.
    pub fn look_at(&mut self, here: Place) {
        let came = std::mem::replace(&mut self.retakes.here, here) != here;
        if here != Place::Checkup {
            // Whoever turns away makes no reference, and reads nothing in.
            self.stop_calibrating();
            self.shut_rosters();
        }
        if here == Place::Retakes && (came || std::mem::take(&mut self.retakes.stale)) {
            self.day.order(CourierOrder::Unkept);
            // What stands there already is made anew when he has told.
            if came {
                self.list_people();
            }
        }
        if here != Place::Retakes && came {
            // Nobody's history stays for whoever comes to the screen next: the screen asks anew for what it wants.
            let retakes = &mut self.retakes;
            (retakes.asked, retakes.view) = (None, Arc::default());
            retakes.wanted.clear();
        }
    }

    /// What the operator asked for there.
    pub fn retakes_ask(&mut self, ask: RetakesAsk) {
        match ask {
            RetakesAsk::Search(typed) => {
                self.retakes.wanted = typed;
                let meant = self.meant();
                self.turn(|view| view.meant = meant);
            }
            RetakesAsk::Look(person) => {
                self.turn(|view| view.history = None);
                let key = self.key_of(&person);
                self.retakes.asked = key.clone().map(|key| (person, key));
                if let Some(key) = key {
                    self.day.order(CourierOrder::History(key));
                }
            }
            // Nobody is seated by a fingerprint.
            RetakesAsk::Seat(Person::Unlisted(_)) => {}
            RetakesAsk::Seat(Person::Listed(place)) => {
                if !self.is_chair_free() {
                    return self.set_trouble(TroubleKind::Notice, Some(trouble::not_while_seated()));
                }
                let student = self.called_roster().get(place).cloned();
                if let Some(student) = student {
                    self.call(&student);
                }
            }
        }
    }

    /// The courier says who left without a portrait.
    pub(super) fn unkept_told(&mut self, told: Result<Vec<Unkept>, LedgerError>) {
        match told {
            Ok(unkept) => self.retakes.unkept = unkept,
            Err(err) => return self.set_trouble(TroubleKind::Day, Some(trouble::ledger(&err))),
        }
        if self.retakes.here == Place::Retakes {
            self.list_people();
        }
    }

    /// The courier tells what happened to a student; somebody else may be looked at by now.
    pub(super) fn past_told(&mut self, student: &StudentKey, past: Vec<Past>) {
        let Some((of, _)) = self.retakes.asked.clone().filter(|(_, asked)| asked == student) else { return };
        let clock = self.clock;
        let sitting = |past: Past| PastView {
            when: clock.date_and_time(past.sitting.since),
            retake: past.sitting.retake,
            facts: past.facts,
            portrait: past.portrait,
            unreadable: past.unreadable,
            current: past.current,
        };
        let history = HistoryView { of, sittings: past.into_iter().map(sitting).collect() };
        self.turn(|view| view.history = Some(history));
    }

    fn turn(&mut self, turn: impl FnOnce(&mut RetakesView)) {
        turn(Arc::make_mut(&mut self.retakes.view));
    }

    /// Whom what was typed may mean: by what the roster says of him, or by the code's fingerprint of somebody who is in
    /// none. The screen is told who they are, and never a number or a name.
    fn meant(&self) -> Option<Arc<BTreeSet<Person>>> {
        let wanted = self.retakes.wanted.trim().to_lowercase();
        let listed = self.called.people.roster().meant(&wanted)?.into_iter().map(Person::Listed);
        let people = self.retakes.view.people.iter();
        let unlisted = people.filter(|person| !person.is_listed() && person.name.contains(&wanted));
        Some(Arc::new(listed.chain(unlisted.map(|person| person.who.clone())).collect()))
    }

    /// By what somebody of the list is known again.
    fn key_of(&self, person: &Person) -> Option<StudentKey> {
        match person {
            Person::Listed(place) => {
                let sat = |key: &StudentKey| {
                    self.retakes.unkept.iter().any(|unkept| unkept.sitting.student == *key)
                };
                let student = self.called_roster().get(*place)?;
                let keys: Vec<_> = self.seen_as(student).map(|seen| seen.bearer).collect();
                let known =
                    keys.iter().find(|bearer| self.station.has_kept(bearer) || sat(&bearer.key)).cloned();
                known.or_else(|| keys.into_iter().next()).map(|bearer| bearer.key)
            }
            Person::Unlisted(fingerprint) => {
                let unlisted = self.unlisted();
                let unkept = unlisted.iter().find(|unkept| unkept.sitting.fingerprint == *fingerprint)?;
                Some(unkept.sitting.student.clone())
            }
        }
    }

    /// Who left without a portrait and is in no roster.
    fn unlisted(&self) -> Vec<&Unkept> {
        let listed: std::collections::BTreeSet<StudentKey> = self
            .called_roster()
            .iter()
            .flat_map(|student| self.seen_as(student))
            .map(|seen| seen.bearer.key)
            .collect();
        self.retakes.unkept.iter().filter(|unkept| !listed.contains(&unkept.sitting.student)).collect()
    }

    fn list_people(&mut self) {
        let unkept: BTreeMap<&StudentKey, &Unkept> =
            self.retakes.unkept.iter().map(|unkept| (&unkept.sitting.student, unkept)).collect();
        let mut classes: BTreeMap<[String; 3], ClassView> = BTreeMap::new();
        let mut people = Vec::new();
        for (place, student) in self.called_roster().iter().enumerate() {
            let named = student.class();
            let stands = self.stands(student, &unkept);
            let class = classes.entry(named.clone()).or_insert_with(|| ClassView::of(named.clone()));
            class.expected += 1;
            class.kept += usize::from(stands == Stands::Kept);
            class.left += usize::from(matches!(stands, Stands::Left(_)));
            let candidate = self.candidate(student);
            people.push(PersonView {
                who: Person::Listed(place),
                name: candidate.name,
                number: candidate.number,
                last_four: candidate.last_four,
                class: named,
                stands,
            });
        }
        people.extend(self.unlisted().into_iter().map(|unkept| PersonView {
            who: Person::Unlisted(unkept.sitting.fingerprint.clone()),
            name: unkept.sitting.fingerprint.to_string(),
            number: String::new(),
            last_four: String::new(),
            class: Default::default(),
            stands: Stands::Left(reason(unkept)),
        }));
        let (classes, people) = (classes.into_values().collect(), people.into());
        self.turn(|view| (view.classes, view.people) = (classes, people));
        // Whoever joined the list may be who is looked for.
        let meant = self.meant();
        self.turn(|view| view.meant = meant);
    }

    fn stands(&self, student: &Student, unkept: &BTreeMap<&StudentKey, &Unkept>) -> Stands {
        let bearers = || self.seen_as(student).map(|seen| seen.bearer);
        if bearers().any(|bearer| self.station.has_kept(&bearer)) {
            return Stands::Kept;
        }
        let left = bearers().find_map(|bearer| unkept.get(&bearer.key).copied());
        left.map_or(Stands::Missing, |left| Stands::Left(reason(left)))
    }
}

/// What was last said against a shot of his.
fn reason(unkept: &Unkept) -> Option<Box<Fact>> {
    unkept.reason.as_ref().map(|line| Box::new(line.fact.clone()))
}
