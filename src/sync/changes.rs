//! What an export changes in a folder where an earlier one may have been: decided as a whole before a byte is
//! written.
//!
//! The folder's list says what we delivered there. A file that stands there as listed is ours: it goes when its
//! student's portrait belongs elsewhere now or was not his, and gives way to a newer one. A file that is neither as listed nor
//! as planned is somebody else's, or was edited, and stops the export. What another store delivered of other
//! students stays, and stays listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::plan::{Item, Plan};
use crate::{
    shot::Digest,
    student::{Field, Fingerprint},
};

/// One line of the list; its `Debug` form leaves out the path, which may be a name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Folders and name, from the delivery's root.
    pub(super) path: Vec<String>,
    /// SHA-256 of the file.
    pub(super) jpeg: Digest,
    /// Its length.
    pub(super) bytes: usize,
    /// Whose it is.
    pub(super) fingerprint: Fingerprint,
    /// The fields that nobody told, as people read them.
    pub(super) missing: String,
    /// What an export that has not come to its end means to do with it.
    pub(super) pending: Pending,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// What is still to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    /// Nothing: it is there.
    Nothing,
    /// It is to be written.
    Write,
    /// It is to go.
    Remove,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Nothing,
    /// A file of this content.
    File(Digest),
    /// A folder, or something that is no file.
    Other,
}

/// Why nothing may be changed.
#[derive(Debug)]
pub(super) enum Obstacle<E> {
    /// At a place of this student stands what we did not put there.
    Foreign(Fingerprint),
    /// The folder cannot be read.
    Unreadable(E),
}

/// Everything an export does, in this order: remove, write.
#[derive(Debug, Default)]
pub(super) struct Changes<'a> {
    /// Files under a name that is not theirs any more.
    pub(super) remove: Vec<Line>,
    /// Files to write, over what stands there.
    pub(super) write: Vec<&'a Item>,
    /// How many stand there already.
    pub(super) already: usize,
    /// How many are removed without another taking the place.
    pub(super) removed: usize,
    /// How many of the written take the place of an older one.
    pub(super) replaced: usize,
    /// The list while this goes on: everything that may stand there at any moment of it.
    pub(super) meanwhile: Vec<Line>,
    /// The list afterwards.
    pub(super) afterwards: Vec<Line>,
}

/// NTFS and exFAT take upper and lower case for the same.
fn key(path: &[String]) -> String {
    path.join("/").to_lowercase()
}

impl Line {
    fn of(item: &Item, pending: Pending) -> Self {
        let missing: Vec<String> = item.missing.iter().map(Field::to_string).collect();
        Self {
            path: item.path.clone(),
            jpeg: item.jpeg,
            bytes: item.bytes,
            fingerprint: item.fingerprint.clone(),
            missing: missing.join("、"),
            pending,
        }
    }
}

/// Decides what is to be done, from the plan, from what an earlier export listed, and from what stands there.
pub(super) fn changes<'a, E>(
    plan: &'a Plan,
    listed: &[Line],
    mut standing: impl FnMut(&[String]) -> Result<Standing, E>,
) -> Result<Changes<'a>, Obstacle<E>> {
    let mut standing = |path: &[String]| standing(path).map_err(Obstacle::Unreadable);
    let mut scene = Scene::new(plan, listed);
    for line in listed {
        scene.look_at_listed(line, standing(&line.path)?)?;
    }
    for item in &plan.items {
        scene.look_at_planned(item, standing(&item.path)?)?;
    }
    Ok(scene.summed_up(plan))
}

/// What is known while deciding.
struct Scene<'a, 'b> {
    planned: BTreeMap<String, &'a Item>,
    students: BTreeSet<&'a Fingerprint>,
    overtaken: &'a BTreeSet<(Fingerprint, Digest)>,
    listed: BTreeMap<String, Vec<&'b Line>>,
    /// Places that removing empties.
    emptied: BTreeSet<String>,
    /// Listed files of other stores.
    others: Vec<Line>,
    /// What the written take the place of.
    superseded: Vec<Line>,
    changes: Changes<'a>,
}

impl<'a, 'b> Scene<'a, 'b> {
    fn new(plan: &'a Plan, lines: &'b [Line]) -> Self {
        let mut listed: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
        for line in lines {
            listed.entry(key(&line.path)).or_default().push(line);
        }
        Self {
            planned: plan.items.iter().map(|item| (key(&item.path), item)).collect(),
            students: plan.items.iter().map(|item| &item.fingerprint).collect(),
            overtaken: &plan.overtaken,
            listed,
            emptied: BTreeSet::new(),
            others: vec![],
            superseded: vec![],
            changes: Changes::default(),
        }
    }

    /// The line that speaks of this content at this place, whatever its case.
    fn line_of(&self, key: &str, content: Digest) -> Option<&'b Line> {
        self.listed.get(key)?.iter().find(|line| line.jpeg == content).copied()
    }

    /// Whether a listed file is ours to take away: its student is in this plan, this store kept it once and does not
    /// deliver it any more, or an export that was interrupted meant to.
    fn is_ours(&self, line: &Line) -> bool {
        line.pending == Pending::Remove
            || self.students.contains(&line.fingerprint)
            || self.overtaken.contains(&(line.fingerprint.clone(), line.jpeg))
    }

    /// A file that was listed: does it still belong there?
    fn look_at_listed<E>(&mut self, line: &Line, stands: Standing) -> Result<(), Obstacle<E>> {
        let key = key(&line.path);
        let planned = self.planned.get(&key);
        if planned.is_some_and(|item| item.path == line.path) {
            return Ok(());
        }
        match stands {
            Standing::Nothing => {}
            Standing::File(content) if content == line.jpeg => {
                if self.is_ours(line) {
                    self.changes.remove.push(Line { pending: Pending::Remove, ..line.clone() });
                    self.changes.removed += 1;
                    self.emptied.insert(key);
                } else if planned.is_some() {
                    return Err(Obstacle::Foreign(line.fingerprint.clone()));
                } else {
                    self.others.push(Line { pending: Pending::Nothing, ..line.clone() });
                }
            }
            // Another line speaks of it: an interrupted export lists what was and what shall be.
            Standing::File(content) if self.line_of(&key, content).is_some() => {}
            Standing::File(_) | Standing::Other => return Err(Obstacle::Foreign(line.fingerprint.clone())),
        }
        Ok(())
    }

    /// A file that is planned: is it there, may it be written?
    fn look_at_planned<E>(&mut self, item: &'a Item, stands: Standing) -> Result<(), Obstacle<E>> {
        let key = key(&item.path);
        match stands {
            Standing::Nothing => self.changes.write.push(item),
            Standing::File(content) if content == item.jpeg => {
                // Where case does not count, removing the old name takes the new one away.
                if self.emptied.contains(&key) {
                    self.changes.write.push(item);
                } else {
                    self.changes.already += 1;
                }
            }
            Standing::File(content) => {
                let line = self.line_of(&key, content).filter(|line| self.is_ours(line));
                let line = line.ok_or_else(|| Obstacle::Foreign(item.fingerprint.clone()))?;
                let old = Line { pending: Pending::Remove, ..line.clone() };
                if line.fingerprint == item.fingerprint {
                    self.superseded.push(old);
                } else {
                    // Another student's portrait must not stand here a moment longer.
                    self.changes.remove.push(Line { path: item.path.clone(), ..old });
                }
                self.changes.replaced += 1;
                self.changes.write.push(item);
            }
            Standing::Other => return Err(Obstacle::Foreign(item.fingerprint.clone())),
        }
        Ok(())
    }

    fn summed_up(self, plan: &'a Plan) -> Changes<'a> {
        let Self { others, superseded, mut changes, .. } = self;
        let settled = plan.items.iter().map(|item| Line::of(item, Pending::Nothing));
        changes.afterwards = settled.chain(others.iter().cloned()).collect();
        let written: BTreeSet<&[String]> = changes.write.iter().map(|item| &item.path[..]).collect();
        let pending =
            |item: &Item| if written.contains(&item.path[..]) { Pending::Write } else { Pending::Nothing };
        let planned = plan.items.iter().map(|item| Line::of(item, pending(item)));
        let leaving = changes.remove.iter().chain(&superseded).cloned();
        changes.meanwhile = planned.chain(others.iter().cloned()).chain(leaving).collect();
        for list in [&mut changes.afterwards, &mut changes.meanwhile] {
            list.sort_by_cached_key(|line| key(&line.path));
        }
        changes
    }
}
