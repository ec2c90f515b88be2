//! A store that is still shut, or has no keys yet: whoever works here opens it, or makes them.

use std::{
    iter,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    app::failure::Failure,
    crew::Ahead,
    keys::{Attempts, KeyFile, KeysError, Passphrase, Recipient, Unlocked, Wholeness},
    language::Language,
    screens::{LockDesk, LockView, Words, trouble},
    vault::key_file::{self, KeyFileError},
};

/// A store before it opens.
pub(super) struct Lock {
    folder: PathBuf,
    /// `None` for a new store.
    file: Option<KeyFile>,
    attempts: Attempts,
    /// A passphrase that is being tried: half a second of work, and the window is drawn meanwhile.
    trying: Option<Ahead<Result<Unlocked, KeysError>>>,
    trouble: Option<Words>,
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
        Ok(Self {
            folder,
            file,
            attempts: Attempts::default(),
            trying: None,
            trouble: None,
            desk: LockDesk::default(),
        })
    }

    /// What the screen shows of it.
    pub(super) fn view(&self, language: Language) -> LockView {
        LockView {
            language,
            holders: self.file.as_ref().map(KeyFile::holders).unwrap_or_default(),
            is_trying: self.trying.is_some(),
            wait_s: self.attempts.left(Instant::now()).as_millis().div_ceil(1000) as u64,
            trouble: self.trouble.clone(),
        }
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
            Ok(trying) => (self.trying, self.trouble) = (Some(trying), None),
            Err(_no_thread) => self.trouble = Some(trouble::worker_ended("locksmith")),
        }
    }

    /// Makes the keys of a new store and opens it.
    pub(super) fn create(&mut self, name: &str, passphrase: &Passphrase, recovery: &str) -> Option<Unlocked> {
        let made = self.made(name, passphrase, recovery);
        made.inspect_err(|failure| self.trouble = Some(failure.words())).ok()
    }

    fn made(&self, name: &str, passphrase: &Passphrase, recovery: &str) -> Result<Unlocked, Failure> {
        let recipient = (!recovery.is_empty())
            .then(|| recovery.parse::<Recipient>())
            .transpose()
            .map_err(KeysError::from)?;
        let (file, unlocked) = KeyFile::create(name, passphrase, recipient.as_ref())?;
        key_file::create(&self.folder, &file)?;
        Ok(unlocked)
    }

    /// What came of trying; `None` while nothing has.
    pub(super) fn opened(&mut self) -> Option<Unlocked> {
        let tried = self.trying.as_mut()?.try_take()?;
        self.trying = None;
        match tried {
            Ok(unlocked) => {
                self.attempts.succeeded();
                Some(unlocked)
            }
            Err(err) => {
                self.attempts.failed(Instant::now());
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
