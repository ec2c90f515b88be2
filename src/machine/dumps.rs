//! 内存转储: what a program that dies would leave of its memory on the disk, where nobody has sealed it.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// From now on this program leaves no picture of its memory behind: no core file, none through the system's handler of
/// crashes either, and nobody but root looks into it while it runs.
///
/// # Errors
/// When the system refuses.
pub fn leave_no_dump() -> std::io::Result<()> {
    // A handler behind a pipe (core(5), |/usr/lib/...) is not bound by the limit; it asks whether there may be a dump.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn a_program_that_dies_leaves_no_dump() {
        leave_no_dump().unwrap();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum: Some(0) });
    }
}
