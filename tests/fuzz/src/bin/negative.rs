//! `./dev fuzz negative SECONDS`.

#![no_main]
#![expect(unsafe_code, reason = "libFuzzer's macro exports a C function")]

libfuzzer_sys::fuzz_target!(init: fuzz::seeds::sow("negative"), |bytes: &[u8]| fuzz::negative(bytes));
