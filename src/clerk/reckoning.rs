//! 对账: who was expected, who sat, whose portrait is kept, whose is delivered. 一个不多、一个不少、一个不错: nobody too many,
//! nobody missing, nothing wrong. Pure: what the books say goes in, what does not add up comes out.

mod books;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use books::reconcile;

use crate::{
    ledger::{KeptPortrait, Sitter},
    shot::{Digest, ShotId},
    student::{Fingerprint, StudentKey},
};

/// A student of the roster, as far as he may be shown; his `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// 姓名(脱敏).
    pub name: String,
    /// The last four characters of the student number; empty where the roster has none.
    pub number: String,
    /// 学院, 专业, 班级; empty where the roster does not say.
    pub class: [String; 3],
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// Somebody whom the books know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A student of the roster.
    Listed(Person),
    /// Who is in no roster, or there is none: by the code he sat with.
    Unlisted(Fingerprint),
}

/// How somebody without a portrait stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// He never sat.
    Absent,
    /// He sat, and left.
    Left,
    /// He sits at this moment.
    Sits,
}

/// Something that does not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A portrait that is to be delivered, or was, has no file in the vault.
    Lost {
        /// Whose.
        who: Who,
        /// Which.
        object: Digest,
        /// Whether it was delivered.
        delivered: bool,
    },
    /// What was delivered of him was not his: it was withdrawn since.
    Withdrawn {
        /// Who.
        who: Who,
    },
    /// A student has more than one portrait of which none took the other's place: a person must decide.
    Double {
        /// Who.
        who: Who,
        /// How many.
        portraits: usize,
    },
    /// What was delivered of him is not his last portrait.
    Outdated {
        /// Who.
        who: Who,
    },
    /// Another number of portraits than was expected.
    Count {
        /// How many were expected.
        expected: usize,
        /// How many students have one.
        kept: usize,
    },
    /// The roster has another number of students than was expected.
    RosterSize {
        /// How many were expected.
        expected: usize,
        /// How many it has.
        listed: usize,
    },
    /// Nobody said how many were expected, and there is no roster: that nobody is missing cannot be said.
    NobodyExpected,
    /// He has no portrait.
    Missing {
        /// Who.
        who: Who,
        /// How he stands.
        stands: Stands,
    },
    /// A portrait is kept of somebody who is not in the roster.
    Unlisted {
        /// Who.
        fingerprint: Fingerprint,
    },
    /// His portrait is kept and was delivered nowhere.
    Undelivered {
        /// Who.
        who: Who,
    },
    /// Shots that belong to nobody yet.
    Strays {
        /// Which.
        shots: Vec<ShotId>,
    },
}

/// How many students of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// 应拍; `None` where nobody said.
    pub expected: Option<usize>,
    /// 就座: who sat at least once.
    pub sat: usize,
    /// 成品: whose portrait is kept.
    pub kept: usize,
    /// 交付: whose current portrait was delivered.
    pub delivered: usize,
}

/// A class of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCounts {
    /// 学院, 专业, 班级.
    pub class: [String; 3],
    /// Its students.
    pub counts: Counts,
}

/// What came of closing the books.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reckoning {
    /// Everybody.
    pub all: Counts,
    /// The roster's classes, sorted; none without a roster.
    pub classes: Vec<ClassCounts>,
    /// Who sat without being in the roster; without a roster, everybody.
    pub outside: Counts,
    /// Everything that does not add up, the gravest first.
    pub findings: Vec<Finding>,
}

impl Reckoning {
    /// Whether nobody is missing, nobody is too many, and everybody's last portrait is delivered.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.findings.is_empty()
    }
}

/// A student of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As he may be shown.
    pub person: Person,
    /// By what he may be known again.
    pub keys: Vec<StudentKey>,
}

/// What the books say, all of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Books {
    /// How many students were expected, if a person said so.
    pub expected: Option<usize>,
    /// The roster, if there is one.
    pub roster: Option<Vec<Listed>>,
    /// Everybody who sat.
    pub sitters: Vec<Sitter>,
    /// Shots that belong to nobody.
    pub strays: Vec<ShotId>,
    /// Objects of portraits that are not in the vault.
    pub lost: BTreeSet<Digest>,
}

/// Closes the books.
#[must_use]
pub fn reckon(books: &Books) -> Reckoning {
    let listed = books.roster.as_deref().unwrap_or_default();
    let mut places: HashMap<&StudentKey, usize> = HashMap::new();
    for (place, student) in listed.iter().enumerate() {
        for key in &student.keys {
            places.entry(key).or_insert(place);
        }
    }
    let mut of_listed: Vec<Vec<&Sitter>> = vec![vec![]; listed.len()];
    let mut reckoner = Reckoner { books, reckoning: Reckoning::default() };
    for sitter in &books.sitters {
        match places.get(&sitter.student).and_then(|place| of_listed.get_mut(*place)) {
            Some(his) => his.push(sitter),
            None => reckoner.unlisted(sitter),
        }
    }
    let mut classes: BTreeMap<&[String; 3], Counts> = BTreeMap::new();
    for (student, his) in listed.iter().zip(&of_listed) {
        let class = classes.entry(&student.person.class).or_default();
        class.expected = Some(class.expected.unwrap_or(0) + 1);
        let who = Who::Listed(student.person.clone());
        reckoner.student(&who, his, class);
    }
    reckoner.finish(classes)
}

struct Reckoner<'a> {
    books: &'a Books,
    reckoning: Reckoning,
}

impl Reckoner<'_> {
    fn find(&mut self, finding: Finding) {
        self.reckoning.findings.push(finding);
    }

    /// Who sat without being in the roster.
    fn unlisted(&mut self, sitter: &Sitter) {
        let Some(code) = sitter.codes.first() else { return };
        let fingerprint = code.fingerprint();
        if self.books.roster.is_some() && sitter.kept.iter().any(|portrait| portrait.current) {
            self.find(Finding::Unlisted { fingerprint: fingerprint.clone() });
        }
        let mut counts = self.reckoning.outside;
        self.student(&Who::Unlisted(fingerprint), &[sitter], &mut counts);
        self.reckoning.outside = counts;
    }

    /// One student: whom he sat as, one key for each.
    fn student(&mut self, who: &Who, his: &[&Sitter], counts: &mut Counts) {
        counts.sat += usize::from(!his.is_empty());
        let (withdrawn, kept): (Vec<&KeptPortrait>, Vec<_>) =
            his.iter().flat_map(|sitter| &sitter.kept).partition(|portrait| portrait.withdrawn);
        let is_right_by_now = kept.iter().any(|portrait| portrait.current && portrait.delivered);
        if !is_right_by_now && withdrawn.iter().any(|portrait| portrait.delivered) {
            self.find(Finding::Withdrawn { who: who.clone() });
        }
        let current: Vec<&KeptPortrait> = kept.iter().copied().filter(|portrait| portrait.current).collect();
        if current.is_empty() {
            let stands = match his {
                [] => Stands::Absent,
                his if his.iter().any(|sitter| sitter.sits) => Stands::Sits,
                _ => Stands::Left,
            };
            return self.find(Finding::Missing { who: who.clone(), stands });
        }
        counts.kept += 1;
        let portraits = kept.iter().filter(|portrait| portrait.stands).count();
        if portraits > 1 {
            self.find(Finding::Double { who: who.clone(), portraits });
        }
        if current.iter().all(|portrait| portrait.delivered) {
            counts.delivered += 1;
        } else if kept.iter().any(|portrait| portrait.delivered) {
            self.find(Finding::Outdated { who: who.clone() });
        } else {
            self.find(Finding::Undelivered { who: who.clone() });
        }
        for portrait in kept.iter().filter(|portrait| portrait.current || portrait.delivered) {
            if self.books.lost.contains(&portrait.object) {
                let KeptPortrait { object, delivered, .. } = **portrait;
                self.find(Finding::Lost { who: who.clone(), object, delivered });
            }
        }
    }

    fn finish(mut self, classes: BTreeMap<&[String; 3], Counts>) -> Reckoning {
        let books = self.books;
        let mut all = self.reckoning.outside;
        for counts in classes.values() {
            all.sat += counts.sat;
            all.kept += counts.kept;
            all.delivered += counts.delivered;
        }
        let listed = books.roster.as_ref().map(Vec::len);
        all.expected = books.expected.or(listed);
        if all.expected.is_none() {
            self.find(Finding::NobodyExpected);
        }
        if let Some(expected) = books.expected {
            if expected != all.kept {
                self.find(Finding::Count { expected, kept: all.kept });
            }
            if let Some(listed) = listed.filter(|listed| *listed != expected) {
                self.find(Finding::RosterSize { expected, listed });
            }
        }
        if !books.strays.is_empty() {
            self.find(Finding::Strays { shots: books.strays.clone() });
        }
        let mut reckoning = self.reckoning;
        reckoning.findings.sort_by_key(gravity);
        let classes = classes.into_iter();
        reckoning.classes =
            classes.map(|(class, counts)| ClassCounts { class: class.clone(), counts }).collect();
        Reckoning { all, ..reckoning }
    }
}

/// The lower, the graver.
fn gravity(finding: &Finding) -> u8 {
    match finding {
        Finding::Lost { .. } => 0,
        Finding::Withdrawn { .. } => 1,
        Finding::Double { .. } => 2,
        Finding::Outdated { .. } => 3,
        Finding::Count { .. } | Finding::RosterSize { .. } | Finding::NobodyExpected => 4,
        Finding::Missing { .. } => 5,
        Finding::Unlisted { .. } => 6,
        Finding::Undelivered { .. } => 7,
        Finding::Strays { .. } => 8,
    }
}
