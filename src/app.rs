//! 采影: the command line and the window, wired from the rooms below. One file per command.
//!
//! Exit codes: 0 done, 1 the job found something wrong (declined photos, a broken chain), 2 wrong use, 3 trouble
//! with a device or a store. Every error is one line, in Chinese, or in English with `--lang en`.

mod backup;
mod calibrate;
mod camera;
mod card;
mod cli;
mod consistency;
mod correct;
mod destroy;
mod develop;
mod doctor;
mod export;
mod failure;
mod import;
mod journal;
mod keys;
mod meter;
mod places;
mod prove;
mod reconcile;
mod rehearse;
mod roster;
mod scan;
mod sitter_window;
mod system_fonts;
mod unlock;
mod verify;
mod watch;
mod window;

use std::{ffi::OsString, io::Write as _, process::ExitCode};

use clap::Parser as _;

use cli::{Cli, Command};
use failure::{Done, Failure};

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(err) if !err.use_stderr() => {
            say(&err.to_string());
            return ExitCode::SUCCESS;
        }
        Err(err) => return Failure::usage(&err).report(cli::language_of_environment()),
    };
    let language = cli.language();
    // The window is open all day; whatever else there is ends soon.
    if cli.command.is_none() {
        crate::machine::give_back_what_is_freed();
    }
    // A system that refuses is no reason to photograph nobody: then it is as it is for every other program.
    crate::machine::leave_no_dump().ok();
    match carry_out(cli) {
        Ok(done) => done.code(),
        Err(failure) => failure.report(language),
    }
}

fn carry_out(cli: Cli) -> Result<Done, Failure> {
    let language = cli.language();
    match cli.command {
        None => window::open(&cli.window, language),
        Some(Command::Rehearse(options)) => rehearse::run(&options),
        Some(Command::Develop(options)) => develop::run(&options, language),
        Some(Command::Calibrate(options)) => calibrate::run(&options, language),
        Some(Command::Scan(options)) => scan::run(&options, language),
        Some(Command::Camera(options)) => camera::run(&options, language),
        Some(Command::Verify(options)) => verify::run(&options, language),
        Some(Command::Journal(options)) => journal::run(&options, language),
        Some(Command::Prove(options)) => prove::run(&options, language),
        Some(Command::Consistency(options)) => consistency::run(&options, language),
        Some(Command::Export(options)) => export::run(&options, language),
        Some(Command::Reconcile(options)) => reconcile::run(&options, language),
        Some(Command::Backup(options)) => backup::backup(&options, language),
        Some(Command::Restore(options)) => backup::restore(&options, language),
        Some(Command::CameraHost) => camera::host(),
        Some(Command::Doctor(options)) => doctor::run(&options, language),
        Some(Command::Roster(options)) => roster::run(&options, language),
        Some(Command::Correct(options)) => correct::run(&options, language),
        Some(Command::Keys(options)) => keys::run(&options, language),
        Some(Command::Destroy(options)) => destroy::run(&options, language),
    }
}

/// Writes a line to standard output; a closed pipe (`| head`) is no error.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", printable(line.trim_end())).ok();
}

/// A text of which the terminal shows every character and obeys none: some of it comes from cameras.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !"\n\t".contains(c) { '\u{fffd}' } else { c }).collect()
}
