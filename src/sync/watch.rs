//! How far a delivery is, told between one file and the next to whoever may stop it there.

/// What a delivery is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Every portrait is read and proven to be what its row says.
    Checking,
    /// What stands in the folder is compared with what shall stand there.
    Comparing,
    /// Files are removed and written.
    Writing,
    /// The ledger is copied, page by page.
    Ledger,
    /// Files of the vault are copied.
    Copying,
    /// What stands in the folder is read back from its disk, whether it was copied now or before.
    Proving,
}

/// Is told the stage, how many of its files are done, and how many there are; says whether to go on.
pub type GoOn<'a> = dyn FnMut(Stage, usize, usize) -> bool + 'a;
