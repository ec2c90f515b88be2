//! `./dev fuzz develop SECONDS`.

#![no_main]
#![expect(unsafe_code, reason = "libFuzzer's macro exports a C function")]

libfuzzer_sys::fuzz_target!(init: fuzz::seeds::sow("develop"), |bytes: &[u8]| fuzz::develop(bytes));
