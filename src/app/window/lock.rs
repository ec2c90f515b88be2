//! A store that is still shut, or has no keys yet: whoever works here opens it, or makes them.

use std::{
    collections::BTreeMap,
    iter,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{
    app::failure::Failure,
    crew::Ahead,
    keys::{Attempts, Deed, Holder, KeyFile, KeysError, Passphrase, Recipient, Unlocked, Who, Wholeness},
    language::Language,
    screens::{LockDesk, LockPurpose, LockView, Words, trouble},
    shot::{Clock, Moment},
    vault::{
        key_file::{self, KeyFileError},
        unlock_log::{self, Shut},
    },
};

/// A store before it opens.
pub(super) struct Lock {
    folder: PathBuf,
    /// `None` for a new store.
    file: Option<KeyFile>,
    /// The wait of each slot.
    attempts: BTreeMap<usize, Attempts>,
    /// A passphrase that is being tried: half a second of work, and the window is drawn meanwhile.
    trying: Option<(usize, Ahead<Result<Unlocked, Shut>>)>,
    trouble: Option<Words>,
    /// What it asks for.
    purpose: LockPurpose,
    /// Who is not asked: the first of two.
    except: Option<usize>,
    pub(super) desk: LockDesk,
}

impl Lock {
    /// The lock of a store. One that holds anything and has no keys is no new one.
    pub(super) fn of(folder: PathBuf) -> Result<Self, Failure> {
        let file = match key_file::read(&folder) {
            Ok((file, wholeness)) => {
                if file.is_open() {
                    return Err(Failure::misused(trouble::rehearsed()));
                }
                if wholeness != Wholeness::Whole {
                    // The other copy still opens it; a disk that refuses is told of when something is kept.
                    key_file::update(&folder, &file).ok();
                }
                Some(file)
            }
            Err(KeyFileError::Missing) if key_file::is_new(&folder) => None,
            Err(err) => return Err(err.into()),
        };
        Ok(Self::new(folder, file, LockPurpose::Open))
    }

    fn new(folder: PathBuf, file: Option<KeyFile>, purpose: LockPurpose) -> Self {
        // Starting the program anew forgives nothing.
        let holders = file.as_ref().map(KeyFile::holders).unwrap_or_default();
        let of = |slot| unlock_log::attempts(&folder, slot, wall_clock(), Instant::now());
        let attempts = holders.iter().map(|holder| (holder.slot, of(holder.slot))).collect();
        let desk = LockDesk::default();
        Self { folder, file, attempts, trying: None, trouble: None, purpose, except: None, desk }
    }

    /// The lock of a station at work. Whoever was removed meanwhile is in the list no more; where the file cannot be read
    /// just now, those whom it named before are.
    pub(super) fn again(folder: &Path, known: &KeyFile) -> Self {
        let file = key_file::read(folder).map_or_else(|_unread| known.clone(), |(file, _)| file);
        Self::new(folder.to_owned(), Some(file), LockPurpose::Return)
    }

    /// The same for the second of two.
    pub(super) fn second(folder: &Path, known: &KeyFile, first: &Who, deed: Deed) -> Self {
        let except = if let Who::Holder(first) = first { Some(first.slot) } else { None };
        Self { purpose: LockPurpose::Second(deed), except, ..Self::again(folder, known) }
    }

    /// Who may open it, once somebody has.
    pub(super) fn file(&self) -> Option<&KeyFile> {
        self.file.as_ref()
    }

    /// It opened, and yet whoever opened it may not go on.
    pub(super) fn refuse(&mut self, words: Words) {
        self.trouble = Some(words);
    }

    /// What the screen shows of it.
    pub(super) fn view(&self, language: Language) -> LockView {
        let holders = self.holders();
        let wait_s = |holder: &Holder| self.left(holder.slot).as_millis().div_ceil(1000) as u64;
        LockView {
            language,
            purpose: self.purpose,
            waits_s: holders.iter().map(wait_s).collect(),
            holders,
            is_trying: self.trying.is_some(),
            trouble: self.trouble.clone(),
            told: Vec::new(),
        }
    }

    fn holders(&self) -> Vec<Holder> {
        let holders = self.file.as_ref().map(KeyFile::holders).unwrap_or_default();
        holders.into_iter().filter(|holder| Some(holder.slot) != self.except).collect()
    }

    /// Whether the screen changes by itself.
    pub(super) fn is_waiting(&self) -> bool {
        self.trying.is_some() || self.attempts.keys().any(|slot| !self.left(*slot).is_zero())
    }

    /// How long nobody may try this slot.
    fn left(&self, slot: usize) -> Duration {
        self.attempts.get(&slot).copied().unwrap_or_default().left(Instant::now())
    }

    /// Tries a passphrase, unless it is too early for another one.
    pub(super) fn try_out(&mut self, slot: usize, passphrase: Passphrase) {
        let Some(file) = self.file.clone() else { return };
        if self.trying.is_some() || !self.left(slot).is_zero() {
            return;
        }
        let folder = self.folder.clone();
        let once = iter::once_with(move || {
            unlock_log::try_out(&folder, slot, wall_clock, || file.unlock(slot, &passphrase))
        });
        match Ahead::start("locksmith", 1, once) {
            Ok(trying) => (self.trying, self.trouble) = (Some((slot, trying)), None),
            Err(_no_thread) => self.trouble = Some(trouble::worker_ended("locksmith")),
        }
    }

    /// Makes the keys of a new store and opens it.
    pub(super) fn create(&mut self, name: &str, passphrase: &Passphrase, recovery: &str) -> Option<Unlocked> {
        let made = self.made(name, passphrase, recovery);
        made.inspect_err(|failure| self.trouble = Some(failure.words())).ok()
    }

    fn made(&mut self, name: &str, passphrase: &Passphrase, recovery: &str) -> Result<Unlocked, Failure> {
        let recipient = (!recovery.is_empty())
            .then(|| recovery.parse::<Recipient>())
            .transpose()
            .map_err(KeysError::from)?;
        let (file, unlocked) = KeyFile::create(name, passphrase, recipient.as_ref())?;
        key_file::create(&self.folder, &file)?;
        self.file = Some(file);
        Ok(unlocked)
    }

    /// What came of trying; `None` while nothing has.
    pub(super) fn opened(&mut self) -> Option<Unlocked> {
        let (slot, trying) = self.trying.as_mut()?;
        let (slot, tried) = (*slot, trying.try_take()?);
        self.trying = None;
        let attempts = self.attempts.entry(slot).or_default();
        match tried {
            Ok(unlocked) => {
                attempts.succeeded();
                return Some(unlocked);
            }
            // Another program was faster.
            Err(Shut::TooEarly(since)) => {
                *attempts = since;
                self.trouble = Some(trouble::too_early(since.left(Instant::now())));
            }
            Err(Shut::Keys(err)) => {
                if err == KeysError::WrongPassphrase {
                    attempts.failed(Instant::now());
                }
                self.trouble = Some(trouble::keys(&err));
            }
        }
        None
    }

    /// Where the store lies.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The time by this computer, which whoever starts the next program will ask too.
pub(super) fn wall_clock() -> Moment {
    Clock::start().now()
}
