//! `./dev fuzz develop SECONDS`.

#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::seeds::sow("develop"), |bytes: &[u8]| fuzz::develop(bytes));
