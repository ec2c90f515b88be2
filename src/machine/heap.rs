//! 堆: how this process is given its memory.
//!
//! Pictures come and go all day in pieces of 1 to 70 MB, on a dozen threads. As soon as the C library (glibc) has seen a
//! big piece freed, it takes pieces of that size from its own heaps, one for each thread or so, and keeps them there:
//! after 280 students these held 300 MB that nobody used. Told a limit that stays, it gives each big piece back to the
//! system at once (measured: tests/it/expert/pace.rs). It listens to its environment only while it starts, and its
//! function for the same wants `unsafe`: so the program begins anew in its own place, once, as the same process.

use std::{env, os::unix::process::CommandExt as _, process::Command};

/// The C library's name for the size from which on a piece is the system's, in bytes (mallopt(3)). Any other C library
/// passes over it.
const LIMIT: &str = "MALLOC_MMAP_THRESHOLD_";

/// A portrait and its JPEG files are smaller, a picture of the camera or for the screen is larger.
const BYTES: &str = "1000000";

/// Begins this program anew, with the same arguments, where it was begun without the limit. Comes back otherwise, and
/// when the system refuses: then all is well but for the memory.
pub fn give_back_what_is_freed() {
    if env::var_os(LIMIT).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| program.clone().into());
    let mut anew = Command::new(program);
    let refused = anew.arg0(name).args(arguments).env(LIMIT, BYTES).exec();
    log::warn!("the program could not begin anew ({refused}): it will hold more memory than it needs");
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Write as _, stdout},
        process::{self, Stdio},
    };

    use super::*;

    /// Tells this test that it runs in a program of its own, where it may begin anew.
    const WITHIN: &str = "CAIYING_WITHIN_ANOTHER";

    #[test]
    fn the_program_begins_anew_once_as_the_same_process_with_its_arguments() {
        if env::var_os(WITHIN).is_some() {
            give_back_what_is_freed();
            let limit = env::var(LIMIT).unwrap_or_default();
            writeln!(stdout(), "limit {limit} of {}", process::id()).unwrap();
            return;
        }
        let myself =
            "machine::heap::tests::the_program_begins_anew_once_as_the_same_process_with_its_arguments";
        let program = Command::new(env::current_exe().unwrap())
            .args(["--exact", myself, "--nocapture"])
            .env(WITHIN, "1")
            .env_remove(LIMIT)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let limit = format!("limit {BYTES} of {}", program.id());
        let told = program.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&told.stdout);
        assert!(told.contains(&limit), "{told}");
    }
}
