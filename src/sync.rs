//! Delivering what was kept: planned first, as data, then carried out. And the second copy of a whole store.

mod backup;
mod changes;
mod folder;
mod plan;
mod restore;
mod watch;

pub use backup::{BackedUp, BackupError, Manifest, backup};
pub use folder::{Delivery, ExportError, MANIFEST, export, export_while, lay, make_within, take_away};
pub use plan::{Item, Missing, Plan, PlanError, plan};
pub use restore::{RestoreError, Restored, restore};
pub use watch::{GoOn, Stage};
