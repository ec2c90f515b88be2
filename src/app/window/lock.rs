//! A store that is still shut, or has no keys yet: whoever works here opens it, or makes them.

use std::{
    iter,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    app::failure::Failure,
    crew::Ahead,
    keys::{Attempts, Holder, KeyFile, KeysError, Passphrase, Recipient, Unlocked, Who, Wholeness},
    language::Language,
    screens::{LockDesk, LockPurpose, LockView, Words, trouble},
    shot::{Clock, Moment},
    vault::{
        key_file::{self, KeyFileError},
        unlock_log,
    },
};

/// A store before it opens.
pub(super) struct Lock {
    folder: PathBuf,
    /// `None` for a new store.
    file: Option<KeyFile>,
    attempts: Attempts,
    /// A passphrase that is being tried: half a second of work, and the window is drawn meanwhile.
    trying: Option<(usize, Ahead<Result<Unlocked, KeysError>>)>,
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
        let attempts = unlock_log::attempts(&folder, wall_clock(), Instant::now());
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
    pub(super) fn second(folder: &Path, known: &KeyFile, first: &Who) -> Self {
        let except = if let Who::Holder(first) = first { Some(first.slot) } else { None };
        Self { purpose: LockPurpose::Second, except, ..Self::again(folder, known) }
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
        LockView {
            language,
            purpose: self.purpose,
            holders: self.holders(),
            is_trying: self.trying.is_some(),
            wait_s: self.attempts.left(Instant::now()).as_millis().div_ceil(1000) as u64,
            trouble: self.trouble.clone(),
        }
    }

    fn holders(&self) -> Vec<Holder> {
        let holders = self.file.as_ref().map(KeyFile::holders).unwrap_or_default();
        holders.into_iter().filter(|holder| Some(holder.slot) != self.except).collect()
    }

    /// Whether the screen changes by itself.
    pub(super) fn is_waiting(&self) -> bool {
        self.trying.is_some() || !self.attempts.left(Instant::now()).is_zero()
    }

    /// Tries a passphrase, unless it is too early for another one.
    pub(super) fn try_out(&mut self, slot: usize, passphrase: Passphrase) {
        let Some(file) = self.file.clone() else { return };
        if self.is_waiting() {
            return;
        }
        let once = iter::once_with(move || file.unlock(slot, &passphrase));
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
        // A disk that cannot be written keeps nobody out who knows a passphrase, and lets nobody in who does not.
        match tried {
            Ok(unlocked) => {
                self.attempts.succeeded();
                unlock_log::succeeded(&self.folder, slot, wall_clock()).ok();
                Some(unlocked)
            }
            Err(err) => {
                if err == KeysError::WrongPassphrase {
                    self.attempts.failed(Instant::now());
                    unlock_log::failed(&self.folder, slot, wall_clock()).ok();
                }
                self.trouble = Some(trouble::keys(&err));
                None
            }
        }
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
