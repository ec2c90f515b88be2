//! Clerks that break the order of truth on purpose, each in one way. They are made of the real clerk's own parts, and
//! every one of them must be caught, or the harness has lost its teeth.

use std::{fs, path::Path, str::FromStr};

use caiying::{
    clerk::{Clerk, ClerkError},
    portrait::{Portrait, Record},
    shot::{Digest, Moment, Shot},
    station::{Fact, How, Original, Sitting},
    vault::{Binding, Kind, VaultError},
};

use crate::{Stopped, store, world};

/// In which way a station is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mutant {
    /// In none: the real clerk.
    #[default]
    None,
    /// The row is written before the file stands.
    RowBeforeFile,
    /// What was called saved waits in memory for its row.
    AckBeforeCommit,
    /// An original without a row is given to whoever sits when it is found.
    AdoptsToCurrent,
    /// Of two portraits the one that the clock calls newer counts, and the other is not written.
    NewestByClock,
}

const NAMES: [(Mutant, &str); 5] = [
    (Mutant::None, "none"),
    (Mutant::RowBeforeFile, "row-before-file"),
    (Mutant::AckBeforeCommit, "ack-before-commit"),
    (Mutant::AdoptsToCurrent, "adopts-to-current"),
    (Mutant::NewestByClock, "newest-by-clock"),
];

impl Mutant {
    /// Its name on a command line and in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(mutant, _)| *mutant == self).map_or("", |(_, name)| name)
    }
}

impl FromStr for Mutant {
    type Err = Stopped;

    fn from_str(name: &str) -> Result<Self, Stopped> {
        let found = NAMES.iter().find(|(_, known)| *known == name).map(|(mutant, _)| *mutant);
        found.ok_or_else(|| Stopped::Misunderstood(format!("no such mutant: {name}")))
    }
}

/// What mutants remember between two orders.
#[derive(Debug, Default)]
pub struct Memory {
    /// What was called saved and has no row yet.
    unwritten: Vec<(Moment, Fact)>,
    /// When the last portrait was kept.
    newest: Option<Moment>,
}

/// Keeps a portrait, wrongly.
///
/// # Errors
/// As [`Clerk::keep`].
pub fn keep(
    mutant: Mutant,
    memory: &mut Memory,
    clerk: &mut Clerk,
    store: &Path,
    at: Moment,
    (sitting, shot, portrait): (&Sitting, &Shot, &Portrait),
) -> Result<(), ClerkError> {
    if mutant == Mutant::NewestByClock && memory.newest.replace(at).is_some_and(|newest| newest > at) {
        return Ok(());
    }
    clerk.shelve(at, shot, Some(sitting))?;
    let number = clerk.ledger().shot_with_jpeg(Digest::of(&shot.jpeg))?.map_or(shot.id, |row| row.id);
    let binding = binding(at, sitting, &Shot { id: number, ..shot.clone() }, portrait);
    let sealed = clerk.vault().seal(&binding, &portrait.jpeg)?;
    let object = sealed.name();
    clerk.vault().put(&sealed)?;
    let key = clerk.ledger().student_of(sitting.id)?;
    let before =
        clerk.ledger().current()?.into_iter().filter(|parcel| {
            key.is_some() && clerk.ledger().student_of(parcel.sitting).ok().flatten() == key
        });
    let supersedes = before.map(|parcel| parcel.object).collect();
    let kept = Fact::Kept {
        sitting: sitting.id,
        shot: number,
        object,
        portrait: portrait.sha256,
        bytes: portrait.jpeg.len(),
        quality: portrait.quality,
        how: How::default(),
        supersedes,
    };
    match mutant {
        Mutant::RowBeforeFile => row_before_file(clerk, store, at, object, &kept),
        Mutant::AckBeforeCommit => {
            memory.unwritten.push((at, kept));
            if memory.unwritten.len() < 3 {
                return Ok(());
            }
            // Whatever does not come through now is tried again at the next order.
            while let Some((at, fact)) = memory.unwritten.first() {
                if clerk.record(*at, fact).is_err() {
                    break;
                }
                memory.unwritten.remove(0);
            }
            Ok(())
        }
        Mutant::None | Mutant::AdoptsToCurrent | Mutant::NewestByClock => clerk.record(at, &kept),
    }
}

/// As the clerk binds a portrait.
fn binding(at: Moment, sitting: &Sitting, shot: &Shot, portrait: &Portrait) -> Binding {
    Binding {
        kind: Kind::Portrait,
        station: "F1".to_owned(),
        sitting: Some(sitting.id),
        code: Some(world::stands_for(&sitting.seen())),
        shot: shot.id,
        trigger: shot.trigger,
        exposed: shot.exposed,
        origin: shot.origin.clone(),
        bound: at,
        record: Some(Record::new(Digest::of(&shot.jpeg), portrait)),
    }
}

/// The row, and only then the file's rename to its place.
fn row_before_file(
    clerk: &mut Clerk,
    store: &Path,
    at: Moment,
    object: Digest,
    kept: &Fact,
) -> Result<(), ClerkError> {
    let disk = |source| VaultError::Disk { doing: "be a mutant", source };
    let place = store::place(store, object);
    let aside = store.join("vault").join("tmp").join("mutant");
    let sync = |path: &Path| fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(disk);
    fs::rename(&place, &aside).map_err(disk)?;
    place.parent().map_or(Ok(()), sync)?;
    let written = clerk.record(at, kept);
    fs::rename(&aside, &place).map_err(disk)?;
    place.parent().map_or(Ok(()), sync)?;
    written
}

/// Opens a store as somebody would who adopts by the chair and not by the binding: what has no row is put aside while
/// the store is opened, and then given to whoever sat down last.
///
/// # Errors
/// When the store refuses.
pub fn open_adopting(store: &Path, at: Moment) -> Result<Clerk, Stopped> {
    let aside = store.join("aside");
    fs::create_dir_all(&aside).map_err(crate::at("make", &aside))?;
    let mut taken = Vec::new();
    let sits = store::last_seated(store)?;
    for object in store::orphans(store)? {
        let (from, to) = (store::place(store, object), aside.join(object.to_string()));
        fs::rename(&from, &to).map_err(crate::at("take", &from))?;
        taken.push((object, from, to));
    }
    let (mut clerk, _) = store::open(store, at)?;
    for (object, place, from) in taken {
        fs::rename(&from, &place).map_err(crate::at("put back", &place))?;
        let (binding, jpeg) = clerk.vault().get(object).map_err(ClerkError::from)?;
        if binding.kind == Kind::Portrait {
            continue;
        }
        let Binding { shot, trigger, exposed, origin, .. } = binding;
        let original = Original { shot, object, jpeg: Digest::of(&jpeg), trigger, exposed, origin };
        clerk.record(at, &Fact::Adopted { sitting: sits, original })?;
    }
    Ok(clerk)
}
