//! What every commit passes of the fault harness: some of each method, and one control of each.

use std::{
    io::{self, Write as _},
    process::Command,
};

/// `./dev fault` does the whole.
#[test]
fn what_was_called_saved_survives_and_every_control_is_caught() {
    let ended = Command::new(env!("CARGO_BIN_EXE_fault")).args(["run", "--quick"]).output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    // Not by eprintln!, which a test keeps to itself: what this machine leaves out must be seen.
    write!(io::stderr(), "\n{said}{wrong}").unwrap();
    assert!(ended.status.success(), "{}:\n{said}{wrong}", ended.status);
    assert!(said.contains("kill -9") && said.contains("caught"), "it did nothing:\n{said}");
}
