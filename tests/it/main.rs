//! One test program: each file is a chapter.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set itself up should stop")]
#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test may stop where it finds a fault")]

mod floors;
mod profiles;
mod station_promise;
mod world;
