//! stub
pub mod language;
pub mod shot;
pub mod student;
pub mod profile;
