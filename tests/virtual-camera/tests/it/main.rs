//! Drives the virtual camera through the real libgphoto2, by way of the crate gphoto2.
//!
//! libgphoto2 keeps its settings in the home folder, speaks the language of the process, and the
//! crate has one worker thread for all cameras. So every test that uses it plays in a process of its
//! own, with an empty home: see [`stage::alone`].

mod captures;
mod directing;
mod failures;
mod readings;
mod stage;
