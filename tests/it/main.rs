//! One test program: each file is a chapter.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set itself up should stop")]
#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test may stop where it finds a fault")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about and stops at the rest")]
#![expect(clippy::print_stderr, reason = "what a test counted is worth reading")]

mod alone;
mod backups;
mod calibrations;
mod cameras;
mod check_table;
mod checks;
mod checkups;
mod clear;
mod codes;
mod colours;
mod command_line;
mod commands;
mod controls;
mod couriers;
mod days;
mod delivery;
mod destroying;
mod expert;
mod floors;
mod fonts;
mod frames;
mod gates;
#[path = "../../benches/codes/generator.rs"]
mod generator;
mod halves;
mod hints;
mod id_cards;
mod keys;
mod leave;
mod live_hints;
mod locks;
mod lookups;
mod negatives;
mod opened;
mod overruling;
mod pictures;
mod portraits;
mod profiles;
mod proofs;
mod reckonings;
mod record;
mod rehearsals;
mod retaking;
mod rosters;
mod scanning;
mod screens;
#[path = "../../benches/record/season.rs"]
mod season;
mod set_up;
mod shifts;
mod sight;
mod sitter;
mod sitter_screen;
mod station_promise;
mod strange_files;
mod trays;
mod troubles;
mod typed;
mod webcam;
mod witness;
mod world;
