//! stub
pub mod clerk;
pub mod language;
pub mod ledger;
pub mod portrait;
pub mod profile;
pub mod shot;
pub mod station;
pub mod student;
pub mod vault;
