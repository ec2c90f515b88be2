//! Why a store is not destroyed, or not wholly.

use std::path::PathBuf;

use super::{LEAST_WAIVER, LONGEST_WAIVER};
use crate::{
    clerk::ClerkError,
    paper::PaperError,
    sync::ExportError,
    vault::{VaultError, key_file::KeyFileError},
};

/// Why a store is not destroyed, or not wholly.
#[derive(Debug, thiserror::Error)]
pub enum DestructionError {
    /// The record refuses.
    #[error(transparent)]
    Clerk(#[from] ClerkError),
    /// The key file refuses.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The folder of the certificate refuses.
    #[error("the folder of the certificate cannot be written")]
    Folder(#[from] ExportError),
    /// The folder of the certificate lies in the store.
    #[error("the certificate cannot lie in the store that is destroyed")]
    InsideTheStore,
    /// A part of the store is a link, or on another file system.
    #[error("{} does not lie in the store's folder", .0.display())]
    Elsewhere(PathBuf),
    /// There is a certificate in the folder already.
    #[error("there is a certificate in this folder already")]
    HasACertificate,
    /// Portraits were never delivered, and nobody waived them.
    #[error("{count} portraits were never delivered")]
    Undelivered {
        /// How many.
        count: usize,
    },
    /// Students whose portraits nobody decided on, or of whom the school holds another's; and nobody waived them.
    #[error("{undecided} students have two portraits, and of {withdrawn} the school holds another's")]
    Unsettled {
        /// Two portraits stand.
        undecided: usize,
        /// What was delivered was withdrawn, and nothing right was delivered since.
        withdrawn: usize,
    },
    /// Nobody accepted for the school what was delivered.
    #[error("nobody accepted for the school what was delivered")]
    NotAccepted,
    /// A waiver is too short or too long to be one.
    #[error("a waiver has {LEAST_WAIVER} to {LONGEST_WAIVER} characters")]
    NoWaiver,
    /// The page cannot be made.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The certificate has no JSON form.
    #[error("the certificate cannot be written")]
    Unwritable(#[from] serde_json::Error),
    /// The keys are gone, and something after that could not be done.
    #[error("the keys are erased, but not everything is done: {0}")]
    Unfinished(#[source] Box<Self>),
}

impl From<VaultError> for DestructionError {
    fn from(err: VaultError) -> Self {
        Self::Clerk(err.into())
    }
}
