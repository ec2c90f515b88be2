//! stub
pub mod camera;
pub mod clerk;
pub mod crew;
pub mod language;
pub mod ledger;
pub mod portrait;
pub mod profile;
pub mod scan;
pub mod screens;
pub mod settings;
pub mod shift;
pub mod shot;
pub mod station;
pub mod student;
pub mod sync;
pub mod vault;
