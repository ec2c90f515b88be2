//! `./dev fuzz negative SECONDS`.

#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::seeds::sow("negative"), |bytes: &[u8]| fuzz::negative(bytes));
