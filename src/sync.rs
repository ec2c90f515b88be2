//! Delivering what was kept: planned first, as data, then carried out.

mod folder;
mod names;
mod plan;

pub use folder::{Delivery, ExportError, export};
pub use names::{UnsafeName, check as check_name};
pub use plan::{Identities, Item, Missing, Plan, PlanError, plan};
