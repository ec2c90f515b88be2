//! 核验: reads a whole store and says what is wrong with it. Changes nothing.

use std::{collections::BTreeSet, fmt};

use super::ClerkError;
use crate::{
    keys::Store,
    ledger::{Ledger, RawLine, Unsound, Witnesses},
    shot::{Digest, ShotId, SittingId},
    station::Fact,
    vault::{Binding, Kind, Vault, VaultError},
};

/// What a store holds and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Lines of the journal.
    pub lines: usize,
    /// Shots on the shelf.
    pub shots: usize,
    /// Kept portraits.
    pub kept: usize,
    /// Checkpoints that stand in the journal, or that somebody brought.
    pub checkpoints: usize,
    /// Whether their signatures were checked: nobody can without the station's key.
    pub signatures: bool,
    /// Objects without a row: unfinished business of an interruption, put right at the next start.
    pub orphans: usize,
    /// Everything that is wrong; empty when all is well.
    pub faults: Vec<Fault>,
}

/// Something that is wrong with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The journal or a table.
    Ledger(Unsound),
    /// A row speaks of an object that is not there.
    Missing(Digest),
    /// An object's bytes are not those it was named after.
    Damaged(Digest),
    /// An object's own binding says something else than its row.
    Misbound(Digest),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ledger(unsound) => unsound.fmt(f),
            Self::Missing(object) => write!(f, "object {object} is missing from the vault"),
            Self::Damaged(object) => write!(f, "object {object} was changed or damaged"),
            Self::Misbound(object) => write!(f, "object {object} says of itself something else than its row"),
        }
    }
}

/// What a row says of its object.
struct Expected {
    object: Digest,
    jpeg: Digest,
    kind: Kind,
    shot: ShotId,
    sitting: Option<SittingId>,
    /// A person gave it to the sitting, after it was bound.
    assigned: bool,
}

/// Reads a whole store: every line, every row, every byte.
///
/// # Errors
/// When there is no store, or it cannot be read at all.
pub fn verify(store: &Store) -> Result<Report, ClerkError> {
    // Nobody stops it.
    verify_while(store, &mut |_, _| true).map(Option::unwrap_or_default)
}

/// As [`verify_before`], without any witness.
///
/// # Errors
/// As [`verify`].
pub fn verify_while(
    store: &Store,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Option<Report>, ClerkError> {
    verify_before(store, &Witnesses::default(), go_on)
}

/// As [`verify`], beside these witnesses, and while a station may be writing to the store. `go_on` is told how many objects are done and how many
/// there are, and may stop it: then there is no report.
///
/// # Errors
/// As [`verify`].
pub fn verify_before(
    store: &Store,
    witnesses: &Witnesses<'_>,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Option<Report>, ClerkError> {
    let vault = Vault::existing(store)?;
    let ledger = Ledger::read(store)?;
    let mut report = Report::default();
    // A file comes before its row: what is listed before the rows are read and has none then is nobody's.
    let objects = vault.objects()?;
    let (expected, papers) = ledger.held_still(|ledger| -> Result<_, ClerkError> {
        report.faults.extend(ledger.unsound_before(witnesses)?.into_iter().map(Fault::Ledger));
        let lines = ledger.raw_lines()?;
        let is_checkpoint = |line: &&RawLine| matches!(line.fact(), Some(Fact::Checkpoint { .. }));
        report.checkpoints = lines.iter().filter(is_checkpoint).count() + witnesses.notes.len();
        (report.lines, report.signatures) = (lines.len(), witnesses.key.is_some());
        Ok((expected(ledger, &mut report)?, ledger.papers()?))
    })?;
    for (done, row) in expected.iter().enumerate() {
        if !go_on(done, expected.len()) {
            return Ok(None);
        }
        report.faults.extend(check(&vault, &ledger, row)?);
    }
    for paper in papers.roster.into_iter().chain(papers.walk_ups) {
        report.faults.extend(match vault.paper(paper) {
            Ok(_) => None,
            Err(VaultError::Missing(paper)) => Some(Fault::Missing(paper)),
            Err(VaultError::Damaged(paper) | VaultError::Foreign(paper)) => Some(Fault::Damaged(paper)),
            Err(err) => return Err(err.into()),
        });
    }
    let known: BTreeSet<Digest> = expected.iter().map(|row| row.object).collect();
    report.orphans = objects.into_iter().filter(|object| !known.contains(object)).count();
    Ok(Some(report))
}

fn expected(ledger: &Ledger, report: &mut Report) -> Result<Vec<Expected>, ClerkError> {
    let (shots, kept) = (ledger.shots()?, ledger.kept()?);
    (report.shots, report.kept) = (shots.len(), kept.len());
    let assigned = ledger.assigned()?;
    let originals = shots.into_iter().map(|row| Expected {
        object: row.object,
        jpeg: row.jpeg,
        kind: Kind::Original,
        shot: row.id,
        sitting: row.sitting,
        assigned: assigned.contains(&row.id),
    });
    let portraits = kept.into_iter().map(|row| Expected {
        object: row.object,
        jpeg: row.jpeg,
        kind: Kind::Portrait,
        shot: row.shot,
        sitting: Some(row.sitting),
        assigned: false,
    });
    Ok(originals.chain(portraits).collect())
}

fn check(vault: &Vault, ledger: &Ledger, row: &Expected) -> Result<Option<Fault>, ClerkError> {
    match vault.get(row.object) {
        Ok((binding, jpeg)) => {
            let bound = Digest::of(&jpeg) == row.jpeg && agrees(ledger, &binding, row)?;
            Ok((!bound).then_some(Fault::Misbound(row.object)))
        }
        Err(VaultError::Missing(object)) => Ok(Some(Fault::Missing(object))),
        Err(VaultError::Damaged(object) | VaultError::NoBinding(object) | VaultError::Foreign(object)) => {
            Ok(Some(Fault::Damaged(object)))
        }
        Err(err) => Err(err.into()),
    }
}

/// Whether an object's own words agree with its row. A row may know less than the binding (an adopted
/// original of an unknown sitting), never something else.
fn agrees(ledger: &Ledger, binding: &Binding, row: &Expected) -> Result<bool, ClerkError> {
    if binding.kind != row.kind {
        return Ok(false);
    }
    // Whose a stray became stands in the journal, which agrees with its row, and in its portrait's binding; and a stray
    // may have lost its number to another shot.
    let Some(sitting) = row.sitting.filter(|_| !row.assigned) else { return Ok(true) };
    let code = ledger.sitting(sitting)?.map(|row| Digest::of(row.code.expose().as_bytes()));
    Ok(binding.shot == row.shot && binding.sitting == Some(sitting) && binding.code == code)
}
