//! From a shot to what becomes of its portrait: kept, taken again, set aside.

use super::{
    Act, Effect, Event, Fact, Phase, SeenCode, Sitting, Station, Take, Wish, Word, when_empty, witness,
};
use crate::{
    portrait::{Decline, Portrait, Verdict},
    shot::{Moment, Shot, ShotId},
};

impl Station {
    pub(super) fn when_shot(
        &mut self,
        at: Moment,
        event: Event,
        mut sitting: Sitting,
        shot: Shot,
    ) -> Vec<Effect> {
        match event {
            Event::Developed(id, portrait) if id == shot.id => self.review(sitting, Take::of(shot, portrait)),
            Event::Spoilt(id, why) if id == shot.id => {
                let effects = vec![declined(&sitting, id, &why)];
                sitting.declined = Some(why);
                self.phase = Phase::CodeScanned(sitting);
                effects
            }
            Event::Witnessed(id, codes) if id == shot.id && self.speaks_against(&sitting.seen(), &codes) => {
                self.disown(sitting, id, Some(Decline::AnothersCode))
            }
            Event::Wished(Wish::Dismiss) => self.dismiss(at, &sitting),
            other => {
                self.phase = Phase::Shot(sitting, shot);
                when_empty(other)
            }
        }
    }

    /// A portrait is there: it waits for the operator's word, unless the school allows to do without.
    fn review(&mut self, sitting: Sitting, take: Take) -> Vec<Effect> {
        let take = Take { may_be_overruled: self.may_overrule(&take.portrait), ..take };
        let passed = take.portrait.is_acceptable() && take.portrait.verdict() == Verdict::Pass;
        // Codes in the shot were looked for before it was developed. Where a person had to say who sits, he looks.
        if self.rules.auto_keep && passed && !sitting.is_doubted() && !sitting.vouched_for {
            return self.keep(sitting, Take { word: Word::AllPassed, ..take });
        }
        self.phase = Phase::Reviewing(sitting, take);
        vec![]
    }

    /// Whether a person may keep a portrait against the checks that failed: the school lets him, for each of them.
    fn may_overrule(&self, portrait: &Portrait) -> bool {
        let mut failed = portrait.failed_checks().peekable();
        let may = |check: &str| self.rules.may_be_overruled.iter().any(|may| may == check);
        !portrait.is_enlarged() && failed.peek().is_some() && failed.all(may)
    }

    /// A person keeps what the checks would not, and stands for it with name and reason.
    fn overrule(&mut self, sitting: Sitting, take: Take, by: &str, reason: &str) -> Vec<Effect> {
        match Act::new(by, reason) {
            Ok(act) => self.keep(sitting, Take { word: Word::Overruled(Box::new(act)), ..take }),
            Err(_no_act) => {
                self.phase = Phase::Reviewing(sitting, take);
                vec![]
            }
        }
    }

    fn keep(&mut self, sitting: Sitting, take: Take) -> Vec<Effect> {
        let effects = vec![Effect::Keep { sitting: sitting.clone(), take: take.clone() }];
        self.phase = Phase::Queueing(sitting, take);
        effects
    }

    pub(super) fn when_reviewing(
        &mut self,
        at: Moment,
        event: Event,
        sitting: Sitting,
        take: Take,
    ) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Keep) if take.portrait.is_acceptable() => {
                self.keep(sitting, Take { word: Word::Operator, ..take })
            }
            Event::Overruled { by, reason } if take.may_be_overruled => {
                self.overrule(sitting, take, &by, &reason)
            }
            Event::Wished(Wish::Again) => {
                let effects = vec![refused(&sitting, take.shot.id, &take.portrait)];
                self.phase = Phase::CodeScanned(sitting);
                effects
            }
            Event::Witnessed(id, codes)
                if id == take.shot.id && self.speaks_against(&sitting.seen(), &codes) =>
            {
                self.disown(sitting, id, Some(Decline::AnothersCode))
            }
            Event::Wished(Wish::Stray) => self.disown(sitting, take.shot.id, None),
            Event::Wished(Wish::Dismiss) => self.dismiss(at, &sitting),
            other => {
                self.phase = Phase::Reviewing(sitting, take);
                when_empty(other)
            }
        }
    }

    /// Whether one of the codes in a shot is another student's than the one who has this code, by what the register
    /// knows of both.
    #[must_use]
    pub fn speaks_against(&self, his: &SeenCode, codes: &[SeenCode]) -> bool {
        codes.iter().any(|seen| witness::is_anothers(&self.as_known(seen.clone()), his))
    }

    /// A shot that was taken for somebody is a stray after all: a code in it speaks against him, or the operator
    /// does.
    fn disown(&mut self, mut sitting: Sitting, shot: ShotId, why: Option<Decline>) -> Vec<Effect> {
        let reason = why.as_ref().map_or("operator", Decline::slug).to_owned();
        let effects = vec![Effect::Record(Fact::Disowned { sitting: sitting.id, shot, reason })];
        sitting.declined = why;
        self.phase = Phase::CodeScanned(sitting);
        effects
    }

    pub(super) fn when_queueing(
        &mut self,
        at: Moment,
        event: Event,
        sitting: Sitting,
        take: Take,
    ) -> Vec<Effect> {
        match event {
            Event::Filed(id) if id == take.shot.id => {
                self.register.keep(&sitting.bearer);
                self.rest(at, &sitting.bearer.key)
            }
            Event::NotFiled(id) if id == take.shot.id => {
                self.phase = Phase::Reviewing(sitting, take);
                vec![]
            }
            other => {
                self.phase = Phase::Queueing(sitting, take);
                when_empty(other)
            }
        }
    }
}

fn declined(sitting: &Sitting, shot: ShotId, why: &Decline) -> Effect {
    Effect::Record(Fact::Declined { sitting: sitting.id, shot, reason: why.slug().to_owned() })
}

/// The operator wants another take; the checks that failed are the reason, if there are any.
fn refused(sitting: &Sitting, shot: ShotId, portrait: &Portrait) -> Effect {
    let failed = portrait.failed_checks().map(str::to_owned).collect();
    Effect::Record(Fact::Refused { sitting: sitting.id, shot, failed })
}
