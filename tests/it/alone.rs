//! Tests that need a process of their own: they run this very program again, with themselves only.

use std::process::{Command, Stdio};

const ALONE: &str = "CAIYING_TEST_ALONE";

/// Whether this is the process of one test.
pub(crate) fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Runs a command that runs one test of this program; panics with its words if the test fails or is not there.
pub(crate) fn alone(command: &mut Command) {
    let ended = command.env(ALONE, "1").stdin(Stdio::null()).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && said.contains("1 passed"), "{}:\n{said}", ended.status);
}
