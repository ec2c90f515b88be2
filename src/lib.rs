//! stub
pub mod language;
pub mod portrait;
pub mod profile;
pub mod shot;
pub mod station;
pub mod student;
