//! Breaks what a store stands on, and judges what is left by what was called saved.
//!
//! A *station* program works like the real clerk, over the real [`caiying::clerk::Clerk`], and says on a pipe what it
//! was told is safe: `ACK …`. Whoever breaks its disk, its power, its space or its clock keeps these lines: the oracle,
//! outside the program. Afterwards a *check* opens the store, so that recovery runs, and holds it against the oracle:
//!
//! * I1 every ACK is there, intact, and its student's
//! * I2 no row without its object; SQLite finds its file whole
//! * I3 the journal's chain holds
//! * I4 no picture is another student's, and none is doubled: each picture says of itself whose it is ([`world`])
//! * I5 a second start changes nothing, and a start reads no more than what the interruption left
//! * I6 nothing is refused where nothing was broken
//! * I7 when the disk works again, so does the station, without a restart
//!
//! | method | how |
//! |---|---|
//! | [`methods::sweep`] | `strace` lets each system call on the store fail (EIO, ENOSPC), or ends the process in it |
//! | [`methods::kills`] | kill -9 at random moments; the same with a clock that jumps ([`methods::clocks`]) |
//! | [`methods::cuts`] | power cuts: the log of a block device, replayed to any entry, unflushed writes lost or torn ([`power`]) |
//! | [`methods::pulled`] | the device goes away under the mounted file system |
//! | [`methods::full`] | a disk filled to the last byte, then freed |
//! | [`methods::foreign`] | exFAT, as on a stick, and kill -9 |
//!
//! A harness that has lost its teeth finds nothing either. So in every run mutants of the station ([`mutants`]) and a
//! disk that does not hear syncs (`deaf.c`) must be caught, or the run fails.

pub mod child;
pub mod judge;
pub mod machine;
pub mod methods;
pub mod mounts;
pub mod mutants;
pub mod oracle;
pub mod power;
pub mod script;
pub mod station;
pub mod store;
pub mod table;
pub mod world;

use std::{io, path::Path};

use caiying::{clerk::ClerkError, ledger::LedgerError, vault::VaultError};

/// Why the harness itself cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The system refused something that was not to be broken.
    #[error("cannot {doing}: {source}")]
    System {
        /// What was tried.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// A store refused where nothing was broken.
    #[error("the store refuses: {0:?}")]
    Store(#[from] ClerkError),
    /// Another program refused.
    #[error("{program}: {said}")]
    Program {
        /// Which.
        program: String,
        /// What it said.
        said: String,
    },
    /// The command line, or a line on a pipe, is not ours.
    #[error("{0}")]
    Misunderstood(String),
}

impl From<LedgerError> for Stopped {
    fn from(err: LedgerError) -> Self {
        Self::Store(err.into())
    }
}

impl From<VaultError> for Stopped {
    fn from(err: VaultError) -> Self {
        Self::Store(err.into())
    }
}

/// Puts what was tried before what the system said.
pub(crate) fn system(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Stopped {
    move |source| Stopped::System { doing: doing.into(), source }
}

/// The same, for a path.
pub(crate) fn at<'a>(doing: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Stopped + 'a {
    move |source| Stopped::System { doing: format!("{doing} {}", path.display()), source }
}
