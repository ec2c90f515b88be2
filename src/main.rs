//! 采影: see the library's front page.

use std::process::ExitCode;

fn main() -> ExitCode {
    caiying::app::run(std::env::args_os())
}
