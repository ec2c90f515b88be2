//! How a command ends: done, done with something found, or with one line of words.

use std::{io::Write as _, process::ExitCode};

use crate::{
    camera::CameraError,
    clerk::ClerkError,
    errand::{DestructionError, ErrandError},
    keys::KeysError,
    language::{Language, Phrase},
    ledger::LedgerError,
    portrait::NoReference,
    profile::ProfileError,
    rehearsal::RehearsalError,
    screens::{Words, trouble},
    settings::SettingsError,
    shift::ShiftError,
    student::RosterError,
    sync::{BackupError, ExportError, PlanError, RestoreError},
    vault::{Mixed, key_file::KeyFileError},
};

/// A command that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Done {
    /// All is well.
    Well,
    /// Something is wrong with what was looked at: exit code 1.
    WithFindings,
    /// Something could not be looked at because it was asked for wrongly: exit code 2.
    Misused,
}

impl Done {
    pub(super) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Well => 0,
            Self::WithFindings => 1,
            Self::Misused => 2,
        })
    }
}

/// A command that could not be carried out.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    words: Words,
}

impl Failure {
    /// Wrong use.
    pub(super) fn misused(words: Words) -> Self {
        Self { code: 2, words }
    }

    /// What was asked for is not there.
    pub(super) fn missing(words: Words) -> Self {
        Self { code: 1, words }
    }

    /// A device or a store.
    pub(super) fn trouble(words: Words) -> Self {
        Self { code: 3, words }
    }

    /// Arguments that clap refuses.
    pub(super) fn usage(err: &clap::Error) -> Self {
        let said = err.to_string();
        // Up to the first blank line: some messages go on with a list.
        let lines: Vec<&str> =
            said.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
        let said = lines.join(" ").trim_start_matches("error: ").to_owned();
        Self::misused(Words {
            headline: Phrase::new(format!("用法不对（{said}）"), said),
            remedy: Phrase::new("caiying --help 列出全部用法", "see caiying --help"),
        })
    }

    /// A file that cannot be read or written.
    pub(super) fn file(path: &std::path::Path, err: &std::io::Error) -> Self {
        Self::misused(Words {
            headline: Phrase::new(
                format!("文件无法读写：{}（{err}）", path.display()),
                format!("{}: {err}", path.display()),
            ),
            remedy: Phrase::new("请检查路径和权限", "check path and permissions"),
        })
    }

    /// Its words.
    pub(super) fn words(&self) -> Words {
        self.words.clone()
    }

    /// Prints the one line; gives the exit code.
    pub(super) fn report(&self, language: Language) -> ExitCode {
        writeln!(std::io::stderr().lock(), "{}", super::printable(&self.words.line(language))).ok();
        ExitCode::from(self.code)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words.line(Language::English))
    }
}

impl std::error::Error for Failure {}

impl From<ProfileError> for Failure {
    fn from(err: ProfileError) -> Self {
        Self::misused(trouble::profile(&err))
    }
}

impl From<SettingsError> for Failure {
    fn from(err: SettingsError) -> Self {
        Self::misused(trouble::settings(&err))
    }
}

impl From<NoReference> for Failure {
    fn from(err: NoReference) -> Self {
        Self { code: 1, words: trouble::no_reference(&err) }
    }
}

impl From<RosterError> for Failure {
    fn from(err: RosterError) -> Self {
        Self::misused(trouble::roster(&err))
    }
}

impl From<CameraError> for Failure {
    fn from(err: CameraError) -> Self {
        Self::trouble(trouble::camera(&err))
    }
}

impl From<KeyFileError> for Failure {
    fn from(err: KeyFileError) -> Self {
        Self::trouble(trouble::key_file(&err))
    }
}

impl From<KeysError> for Failure {
    fn from(err: KeysError) -> Self {
        Self::trouble(trouble::keys(&err))
    }
}

impl From<ClerkError> for Failure {
    fn from(err: ClerkError) -> Self {
        Self::trouble(trouble::clerk(&err))
    }
}

impl From<LedgerError> for Failure {
    fn from(err: LedgerError) -> Self {
        Self::trouble(trouble::ledger(&err))
    }
}

impl From<PlanError> for Failure {
    fn from(err: PlanError) -> Self {
        Self { code: 1, words: trouble::plan(&err) }
    }
}

impl From<ExportError> for Failure {
    fn from(err: ExportError) -> Self {
        Self::trouble(trouble::export(&err))
    }
}

impl From<ErrandError> for Failure {
    fn from(err: ErrandError) -> Self {
        match err {
            ErrandError::Clerk(err) => err.into(),
            ErrandError::Plan(err) => err.into(),
            ErrandError::Export(err) => err.into(),
            ErrandError::Backup(err) => err.into(),
            ErrandError::Restore(err) => err.into(),
            ErrandError::NoStick => Self::trouble(trouble::no_stick()),
            ErrandError::Unprintable { seq } => Self { code: 1, words: trouble::unprintable_line(seq) },
        }
    }
}

impl From<DestructionError> for Failure {
    fn from(err: DestructionError) -> Self {
        let words = trouble::destruction(&err);
        match err {
            DestructionError::Undelivered { .. }
            | DestructionError::Unsettled { .. }
            | DestructionError::NotAccepted => Self::missing(words),
            DestructionError::InsideTheStore
            | DestructionError::HasACertificate
            | DestructionError::NoWaiver => Self::misused(words),
            DestructionError::Clerk(_)
            | DestructionError::KeyFile(_)
            | DestructionError::Folder(_)
            | DestructionError::Paper(_)
            | DestructionError::Unwritable(_)
            | DestructionError::Elsewhere(_)
            | DestructionError::Unfinished(_) => Self::trouble(words),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(err: BackupError) -> Self {
        let words = trouble::backup(&err);
        match err {
            BackupError::Inside
            | BackupError::AStore
            | BackupError::Empty
            | BackupError::Foreign { .. }
            | BackupError::Unknown
            | BackupError::Ahead => Self::misused(words),
            BackupError::Incomplete { .. } => Self { code: 1, words },
            BackupError::Vault(_)
            | BackupError::Ledger(_)
            | BackupError::Busy
            | BackupError::Unfaithful(_)
            | BackupError::NoSpace { .. }
            | BackupError::Gone
            | BackupError::Folder(_)
            | BackupError::Stopped => Self::trouble(words),
        }
    }
}

impl From<RestoreError> for Failure {
    fn from(err: RestoreError) -> Self {
        let words = trouble::restore(&err);
        match err {
            RestoreError::NoBackup
            | RestoreError::Exists
            | RestoreError::OtherKeys
            | RestoreError::MountPoint
            | RestoreError::Occupied(_) => Self::misused(words),
            RestoreError::LedgerDamaged => Self { code: 1, words },
            RestoreError::Unreadable(_)
            | RestoreError::NoSpace { .. }
            | RestoreError::Store(_)
            | RestoreError::KeyFile(_)
            | RestoreError::Vault(_)
            | RestoreError::Ledger(_)
            | RestoreError::Stopped => Self::trouble(words),
        }
    }
}

impl From<ShiftError> for Failure {
    fn from(err: ShiftError) -> Self {
        match err {
            ShiftError::Clerk(err) => err.into(),
            ShiftError::PhotosLost(lost) => Self::trouble(trouble::photos_lost(lost)),
            ShiftError::Thread(_) => Self::trouble(trouble::worker_ended("thread")),
            ShiftError::Mixed(Mixed::RealStudents) => Self::misused(trouble::real_students()),
            ShiftError::Mixed(Mixed::Rehearsed) => Self::misused(trouble::rehearsed()),
            ShiftError::Mixed(Mixed::Unwritable(_, err)) => {
                Self::trouble(trouble::disk_refused("mark the store", &err))
            }
        }
    }
}

impl From<RehearsalError> for Failure {
    fn from(err: RehearsalError) -> Self {
        match err {
            RehearsalError::Shift(err) => err.into(),
            RehearsalError::Clerk(err) => err.into(),
            RehearsalError::Keys(err) => err.into(),
            RehearsalError::Plan(err) => err.into(),
            RehearsalError::Export(err) => err.into(),
            RehearsalError::StoreExists(_) | RehearsalError::NoStagehand => Self::misused(rehearsal(&err)),
            RehearsalError::Stuck { .. } => Self { code: 1, words: rehearsal(&err) },
            RehearsalError::Assets | RehearsalError::Stagehand(_) | RehearsalError::Thread(_) => {
                Self::trouble(rehearsal(&err))
            }
        }
    }
}

/// Words for a rehearsal that could not be played.
fn rehearsal(err: &RehearsalError) -> Words {
    let zh = match err {
        RehearsalError::StoreExists(_) => "演练的数据文件夹已经存在：演练照片不能和真照片放在一起",
        RehearsalError::NoStagehand => "在联机相机上演练需要 --stagehand 指挥画面",
        RehearsalError::Stuck { .. } => "演练中断：程序没有按时完成一步",
        RehearsalError::Assets
        | RehearsalError::Stagehand(_)
        | RehearsalError::Thread(_)
        | RehearsalError::Shift(_)
        | RehearsalError::Clerk(_)
        | RehearsalError::Keys(_)
        | RehearsalError::Plan(_)
        | RehearsalError::Export(_) => "演练无法进行",
    };
    Words {
        headline: Phrase::new(format!("{zh}（{err}）"), err.to_string()),
        remedy: Phrase::new("请换一个新文件夹，或联系技术人员", "use a new folder, or call the technician"),
    }
}
