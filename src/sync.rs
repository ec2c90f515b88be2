//! Delivering what was kept: planned first, as data, then carried out.

mod changes;
mod folder;
mod plan;
mod watch;

pub use folder::{Delivery, ExportError, export, export_while, lay, take_away};
pub use plan::{Item, Missing, Plan, PlanError, plan};
pub use watch::{GoOn, Stage};
