//! What the sitter sees on the other screen: himself as in a mirror with an outline to sit in, one thing to do at a
//! time, his masked name to check, and in the end his portrait with a tick.
//!
//! He sees nothing of anybody else: a portrait stands here only when it was seen in his own sitting, and beside a code
//! that is asked about there is no picture at all.

mod drawing;
mod words;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

pub use drawing::{SitterGallery, sitter_ui};

use super::view::{LiveFrame, LiveView, View};
use crate::{
    language::{Language, Phrase},
    portrait::{Portrait, Verdict},
    shot::{Digest, SittingId},
    station::{Phase, Sitting},
    student::Fingerprint,
};

/// So long a portrait stands there after it was kept, unless the next student sits down before.
pub const FAREWELL: Duration = Duration::from_secs(6);

/// Everything the sitter's screen shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SitterView {
    /// The language of words.
    pub language: Language,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// The profile's title.
    pub job: String,
    /// Who sits, masked, to be checked by himself.
    pub who: Option<Who>,
    /// Where the sitting stands, for him.
    pub scene: Scene,
}

/// Who sits: never more than this. Its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// 姓名(脱敏).
    pub name: String,
    /// 证件号码后四位.
    pub last_four: String,
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Who").finish_non_exhaustive()
    }
}

/// Where a sitting stands, for the sitter.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// Nobody sits: the next one may show the code.
    Welcome,
    /// The operator has to decide something first.
    Asked,
    /// He sits and is to be photographed.
    Seated {
        /// What the camera sees.
        live: Option<LiveFrame>,
        /// The one thing to do now.
        hint: Phrase,
        /// Whether it is to be mended, or only to be kept up.
        is_to_mend: bool,
    },
    /// His photo is looked at.
    Checking,
    /// It has to be taken again; why, in one sentence.
    Again(Phrase),
    /// His portrait is kept; nothing of it is shown where it was not seen in his own sitting.
    Kept(Option<Kept>),
}

/// A portrait that is kept; its `Debug` form shows nobody.
#[derive(Clone)]
pub struct Kept {
    /// The file.
    pub jpeg: Arc<[u8]>,
    /// The file's SHA-256: the same picture is uploaded once.
    pub sha256: Digest,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

impl Eq for Kept {}

impl From<&Portrait> for Kept {
    fn from(portrait: &Portrait) -> Self {
        Self { jpeg: Arc::clone(&portrait.jpeg), sha256: portrait.sha256 }
    }
}

/// What was seen of the sitting until now, of which a single [`View`] tells nothing: whose portrait was looked at, what
/// was wrong with the last one, and whether it is still looked at.
#[derive(Debug, Default)]
pub struct Sitter {
    looked_at: Option<(Fingerprint, Kept)>,
    to_change: Option<(SittingId, Phrase)>,
    farewell: Farewell,
}

/// Whether whoever was kept last still sees his portrait.
#[derive(Debug, Default)]
enum Farewell {
    /// Nobody was kept since somebody sat down.
    #[default]
    Nobody,
    /// He is looking at it since then.
    Since(Fingerprint, Instant),
    /// Somebody else is before the screen.
    Over,
}

impl Sitter {
    /// What the sitter sees now. It is asked for with every view, so that nothing is missed.
    pub fn see(&mut self, view: &View, now: Instant) -> SitterView {
        self.remember(view, now);
        SitterView {
            language: view.language,
            rehearsal: view.rehearsal,
            job: view.job.clone(),
            who: view.phase.sitting().and_then(|_| who(view)),
            scene: self.scene(view, now),
        }
    }

    /// When the portrait that is shown goes by itself, if one is.
    #[must_use]
    pub fn goes_in(&self, now: Instant) -> Option<Duration> {
        let Farewell::Since(_, since) = &self.farewell else { return None };
        FAREWELL.checked_sub(now.duration_since(*since)).filter(|left| !left.is_zero())
    }

    fn remember(&mut self, view: &View, now: Instant) {
        if let Phase::Reviewing(sitting, take) | Phase::Queueing(sitting, take) = &view.phase {
            self.looked_at = Some((sitting.code.fingerprint(), Kept::from(&take.portrait)));
            self.to_change = Some((sitting.id, words::to_change(&take.portrait.findings)));
        }
        if let Some(sitting) = view.phase.sitting() {
            self.farewell = Farewell::Nobody;
            // Whoever sits there now, what was seen of another goes.
            let whose = sitting.code.fingerprint();
            self.looked_at.take_if(|(other, _)| *other != whose);
            self.to_change.take_if(|(other, _)| *other != sitting.id);
        } else if !matches!(view.phase, Phase::Idle) {
            // A question is about somebody who has just come.
            (self.farewell, self.looked_at) = (Farewell::Over, None);
        } else if let Some(whose) = &view.saved {
            match &self.farewell {
                Farewell::Over => {}
                Farewell::Since(known, _) if known == whose => {}
                Farewell::Nobody | Farewell::Since(..) => {
                    self.farewell = Farewell::Since(whose.clone(), now);
                }
            }
        }
        if matches!(self.farewell, Farewell::Since(..)) && self.goes_in(now).is_none() {
            self.looked_at = None;
        }
    }

    fn scene(&self, view: &View, now: Instant) -> Scene {
        match &view.phase {
            Phase::Idle if self.goes_in(now).is_some() => Scene::Kept(self.kept()),
            Phase::Idle => Scene::Welcome,
            Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..) => Scene::Asked,
            Phase::CodeScanned(sitting) if sitting.is_doubted() => Scene::Asked,
            Phase::CodeScanned(sitting) => self.seated(view, sitting),
            Phase::Shot(..) | Phase::Queueing(..) => Scene::Checking,
            Phase::Reviewing(_, take) if take.portrait.verdict() == Verdict::Fail => {
                Scene::Again(words::to_change(&take.portrait.findings))
            }
            Phase::Reviewing(..) => Scene::Checking,
        }
    }

    /// The portrait of whoever was kept last, if it was he who was looked at.
    fn kept(&self) -> Option<Kept> {
        let ((seen, kept), Farewell::Since(saved, _)) = (self.looked_at.as_ref()?, &self.farewell) else {
            return None;
        };
        (seen == saved).then(|| kept.clone())
    }

    fn seated(&self, view: &View, sitting: &Sitting) -> Scene {
        let live = match &view.live {
            LiveView::Frame(frame) => Some(frame.clone()),
            LiveView::Off | LiveView::Awaited | LiveView::Absent => None,
        };
        // What can be seen now goes before what was wrong with the last shot.
        let now = view.hint.filter(|_| !sitting.fired).and_then(words::of_hint);
        let declined = || sitting.declined.as_ref().map(words::of_decline);
        let last =
            || self.to_change.as_ref().filter(|(id, _)| *id == sitting.id).map(|(_, words)| words.clone());
        match now.or_else(declined).or_else(last).filter(|_| !sitting.fired) {
            Some(hint) => Scene::Seated { live, hint, is_to_mend: true },
            None => Scene::Seated { live, hint: words::look_here(), is_to_mend: false },
        }
    }
}

/// Who sits, as far as his code tells.
fn who(view: &View) -> Option<Who> {
    let card = view.card.as_ref()?;
    let name = card.name.clone()?;
    Some(Who { name, last_four: card.last_four.clone().unwrap_or_default() })
}
