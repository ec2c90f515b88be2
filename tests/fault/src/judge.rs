//! Opens a store after a fault and holds it against the oracle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use caiying::{
    clerk::{Clerk, Fault, Recovery},
    ledger::Parcel,
    shot::{Digest, SittingId},
    station::Fact,
};

use crate::{
    Stopped,
    oracle::{Deed, Did, Oracle},
    station::TARGET,
    store, world,
};

/// What became of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Originals that recovery gave their rows back.
    pub adopted: usize,
    /// What was called saved and is not there, or is damaged; and rows without their object.
    pub lost: usize,
    /// Pictures that are another student's.
    pub mismatched: usize,
    /// Pictures that are there twice.
    pub doubled: usize,
    /// Everything else that must hold and does not.
    pub unsound: usize,
    /// All of it in words.
    pub words: Vec<String>,
}

impl Verdict {
    /// Whether all is well.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.lost + self.mismatched + self.doubled + self.unsound == 0
    }

    /// As a line and the words below it.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { adopted, lost, mismatched, doubled, unsound, words } = self;
        let words: String = words.iter().map(|words| format!("{}\n", words.replace('\n', " "))).collect();
        format!("VERDICT {adopted} {lost} {mismatched} {doubled} {unsound}\n{words}")
    }

    /// Reads what [`Self::text`] wrote; `None` when it is no verdict.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let numbers = lines.next()?.strip_prefix("VERDICT ")?.split(' ').map(|number| number.parse().ok());
        let numbers: Vec<usize> = numbers.collect::<Option<_>>()?;
        let [adopted, lost, mismatched, doubled, unsound] = *numbers.as_slice() else { return None };
        Some(Self { adopted, lost, mismatched, doubled, unsound, words: lines.map(str::to_owned).collect() })
    }

    /// What could not be judged because the check itself ended badly.
    #[must_use]
    pub fn unjudged(words: String) -> Self {
        Self { unsound: 1, words: vec![words], ..Self::default() }
    }

    fn lose(&mut self, words: &str) {
        self.lost += 1;
        self.words.push(format!("lost: {words}"));
    }

    fn mismatch(&mut self, words: &str) {
        self.mismatched += 1;
        self.words.push(format!("mismatched: {words}"));
    }

    fn double(&mut self, words: &str) {
        self.doubled += 1;
        self.words.push(format!("doubled: {words}"));
    }

    fn doubt(&mut self, words: &str) {
        self.unsound += 1;
        self.words.push(format!("unsound: {words}"));
    }
}

/// Judges a store by an oracle. It is opened twice.
///
/// # Errors
/// When it cannot be opened or read.
pub fn judge(path: &Path, oracle: &Oracle) -> Result<Verdict, Stopped> {
    let mut verdict = Verdict::default();
    let read_before = bytes_read();
    let (clerk, recovery) = store::open(path, world::moment(0, false))?;
    let read = bytes_read() - read_before;
    verdict.adopted = recovery.adopted;
    if recovery.unreadable > 0 {
        verdict.doubt(&format!("{} files unreadable at the start", recovery.unreadable));
    }
    if recovery.lost > 0 {
        verdict.lose(&format!("{} photos, as the start itself says", recovery.lost));
    }
    bounded(path, &clerk, read, &mut verdict)?;
    let seen = Seen::of(&clerk, &mut verdict)?;
    promises(oracle, &seen, &mut verdict);
    let lines = clerk.ledger().lines()?.len();
    drop(clerk);
    soundness(path, &mut verdict)?;
    again(path, lines, &seen, &mut verdict)?;
    Ok(verdict)
}

/// What this process read so far, in bytes.
fn bytes_read() -> u64 {
    let io = fs::read_to_string("/proc/self/io").unwrap_or_default();
    io.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok()).unwrap_or_default()
}

/// I5: a start reads the ledger, and of the pictures only those without a row. So it takes no longer in the season's
/// last week than in its first.
fn bounded(path: &Path, clerk: &Clerk, read: u64, verdict: &mut Verdict) -> Result<(), Stopped> {
    /// How often the ledger may be read over: its checks, the journal, the tables.
    const OVER: u64 = 8;
    const A_LITTLE: u64 = 1 << 20;
    /// A start looks into so many of the newest objects, each no longer than the longest of this world.
    const NEWEST: u64 = 12;
    const LONGEST: u64 = 500_000;
    let length = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    let ledger: u64 =
        ["ledger.sqlite", "ledger.sqlite-wal"].iter().map(|name| length(&path.join(name))).sum();
    let adopted = clerk.ledger().lines()?.into_iter();
    let adopted = adopted.filter_map(|line| {
        let Fact::Adopted { original, .. } = line.fact else { return None };
        Some(original.object)
    });
    let owed: BTreeSet<Digest> = adopted.chain(store::orphans(path)?).collect();
    let owed: u64 = owed.into_iter().map(|object| length(&store::place(path, object))).sum();
    let allowed = OVER * ledger + 2 * owed + NEWEST * LONGEST + A_LITTLE;
    if read > allowed {
        verdict.doubt(&format!("the start read {read} bytes, more than the {allowed} that are its business"));
    }
    Ok(())
}

/// A picture that has a row.
struct Row {
    object: Digest,
    /// Whose the row says it is; nothing for a stray.
    code: Option<Digest>,
}

/// What a store holds, by the SHA-256 of each picture's file.
struct Seen {
    shots: BTreeMap<Digest, Row>,
    kept: BTreeMap<Digest, Row>,
    /// Each student's current portrait.
    current: BTreeMap<Digest, Digest>,
    delivered: BTreeSet<Digest>,
    /// The names of all objects.
    objects: Vec<Digest>,
}

impl Seen {
    /// Looks at everything in a store, and at every picture's face.
    fn of(clerk: &Clerk, verdict: &mut Verdict) -> Result<Self, Stopped> {
        let ledger = clerk.ledger();
        let mut codes: BTreeMap<SittingId, Option<Digest>> = BTreeMap::new();
        let mut code = |sitting: SittingId| -> Result<Option<Digest>, Stopped> {
            if let Some(known) = codes.get(&sitting) {
                return Ok(*known);
            }
            let row = ledger.sitting(sitting)?;
            let code = row.map(|row| Digest::of(row.code.expose().as_bytes()));
            codes.insert(sitting, code);
            Ok(code)
        };
        let (mut shots, mut kept) = (BTreeMap::new(), BTreeMap::new());
        for shot in ledger.shots()? {
            let owner = shot.sitting.map(&mut code).transpose()?.flatten();
            let row = Row { object: shot.object, code: owner };
            face(clerk, &row, shot.jpeg, shot.sitting.is_some(), verdict);
            if shots.insert(shot.jpeg, row).is_some() {
                verdict.double(&format!("original {} has two rows", shot.jpeg));
            }
        }
        for portrait in ledger.kept()? {
            let row = Row { object: portrait.object, code: code(portrait.sitting)? };
            face(clerk, &row, portrait.jpeg, true, verdict);
            if kept.insert(portrait.jpeg, row).is_some() {
                verdict.double(&format!("portrait {} has two rows", portrait.jpeg));
            }
        }
        let mut current = BTreeMap::new();
        for Parcel { code, jpeg, .. } in ledger.current()? {
            if current.insert(Digest::of(code.expose().as_bytes()), jpeg).is_some() {
                verdict.double(&format!("two current portraits of one student, one of them {jpeg}"));
            }
        }
        let mut delivered = BTreeSet::new();
        for row in kept.values() {
            if ledger.is_delivered(TARGET, row.object)? {
                delivered.insert(row.object);
            }
        }
        let objects = clerk.vault().objects()?;
        Ok(Self { shots, kept, current, delivered, objects })
    }
}

/// I4: whoever looks at a picture sees the student that its row names.
fn face(clerk: &Clerk, row: &Row, file: Digest, belongs: bool, verdict: &mut Verdict) {
    match clerk.vault().get(row.object) {
        // Told by the check of the whole store.
        Err(_) => {}
        Ok((_, jpeg)) if Digest::of(&jpeg) != file => {
            verdict.mismatch(&format!("the object of {file} holds another file"));
        }
        Ok((_, jpeg)) => {
            let shown = world::shown(&jpeg);
            if shown.is_none() || (belongs && shown != row.code) {
                verdict.mismatch(&format!("{file} shows {shown:?}, its row says {:?}", row.code));
            }
        }
    }
}

/// I1: everything that was called saved.
fn promises(oracle: &Oracle, seen: &Seen, verdict: &mut Verdict) {
    let deeds: Vec<(bool, &Deed)> = oracle.deeds().collect();
    let tried = |what: Did, file| deeds.iter().any(|(_, deed)| deed.what == what && deed.file == Some(file));
    let acked = |what: Did, file| {
        deeds.iter().any(|(ack, deed)| *ack && deed.what == what && deed.file == Some(file))
    };
    for (_, deed) in deeds.iter().filter(|(ack, _)| *ack) {
        let Some(file) = deed.file else { continue };
        match deed.what {
            Did::Shelved | Did::Assigned => match seen.shots.get(&file) {
                None => verdict.lose(&format!("original {file} ({deed})")),
                // Somebody may have asked to make it a stray, or to give it to somebody.
                Some(row) => {
                    let left = tried(Did::Disowned, file) && !acked(Did::Assigned, file);
                    let given = tried(Did::Assigned, file);
                    let stands = row.code == deed.code
                        || (row.code.is_none() && left)
                        || (deed.code.is_none() && given);
                    if !stands {
                        verdict.mismatch(&format!("original {file} ({deed}) is {:?}'s", row.code));
                    }
                }
            },
            Did::Kept => match seen.kept.get(&file) {
                None => verdict.lose(&format!("portrait {file} ({deed})")),
                Some(row) if row.code != deed.code => {
                    verdict.mismatch(&format!("portrait {file} ({deed}) is {:?}'s", row.code));
                }
                Some(_) => {}
            },
            Did::Delivered if !seen.delivered.contains(&file) => {
                verdict.lose(&format!("the word that {file} was delivered"));
            }
            Did::Disowned => {
                let row = seen.shots.get(&file).filter(|row| row.code.is_some());
                if row.is_some() && !tried(Did::Assigned, file) {
                    verdict.mismatch(&format!("original {file} was disowned and is somebody's"));
                }
            }
            Did::Delivered | Did::Seated | Did::Noted => {}
        }
    }
    newest(&deeds, seen, verdict);
}

/// A student's current portrait is the last one that was called saved, or one that was asked for after it.
fn newest(deeds: &[(bool, &Deed)], seen: &Seen, verdict: &mut Verdict) {
    let mut due: BTreeMap<Digest, Vec<Digest>> = BTreeMap::new();
    for (ack, deed) in deeds.iter().filter(|(_, deed)| deed.what == Did::Kept) {
        if let (Some(code), Some(file)) = (deed.code, deed.file) {
            let due = due.entry(code).or_default();
            if *ack {
                due.clear();
            }
            due.push(file);
        }
    }
    let saved = deeds.iter().filter(|(ack, deed)| *ack && deed.what == Did::Kept);
    let students: BTreeSet<Digest> = saved.filter_map(|(_, deed)| deed.code).collect();
    for code in students {
        let current = seen.current.get(&code);
        if !due.get(&code).is_some_and(|due| current.is_some_and(|file| due.contains(file))) {
            verdict.lose(&format!("the newest portrait of {code}: {current:?} counts"));
        }
    }
}

/// I2, I3 and the bindings, by the program's own check of the whole store.
fn soundness(path: &Path, verdict: &mut Verdict) -> Result<(), Stopped> {
    for fault in store::verified(path)?.faults {
        match &fault {
            Fault::Missing(_) | Fault::Damaged(_) => verdict.lose(&fault.to_string()),
            Fault::Misbound(_) => verdict.mismatch(&fault.to_string()),
            Fault::Ledger(_) => verdict.doubt(&fault.to_string()),
        }
    }
    Ok(())
}

/// I5: a second start finds nothing to put right and changes nothing but that it was one.
fn again(path: &Path, lines: usize, before: &Seen, verdict: &mut Verdict) -> Result<(), Stopped> {
    let (clerk, recovery) = store::open(path, world::moment(1, false))?;
    let Recovery { swept, adopted, interrupted, never_saved, .. } = recovery;
    if swept + adopted + interrupted + never_saved > 0 {
        verdict.doubt(&format!("the second start found something to put right: {recovery:?}"));
    }
    let now = clerk.ledger().lines()?.len();
    if now != lines + 1 {
        verdict.doubt(&format!("the second start found {lines} lines of the journal and left {now}"));
    }
    let after = Seen::of(&clerk, &mut Verdict::default())?;
    let same = after.objects == before.objects
        && after.shots.keys().eq(before.shots.keys())
        && after.kept.keys().eq(before.kept.keys())
        && after.current == before.current;
    if !same {
        verdict.doubt("the second start changed the store");
    }
    Ok(())
}
