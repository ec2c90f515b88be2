//! Delivering what was kept: planned first, as data, then carried out.

mod changes;
mod folder;
mod plan;

pub use folder::{Delivery, ExportError, export};
pub use plan::{Item, Missing, Plan, PlanError, plan};
