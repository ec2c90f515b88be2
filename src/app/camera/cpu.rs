//! How much of a processor this program and its children have used, as Linux counts it (`proc_pid_stat(5)`).

use std::{fs, time::Duration};

/// Linux counts in hundredths of a second (USER_HZ), whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// Time on a processor since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cpu {
    pub(super) parent: Duration,
    /// Of the children that run now.
    pub(super) children: Duration,
}

/// What `/proc/PID/stat` says: who started it, and its time on a processor.
fn parse(stat: &str) -> Option<(u32, Duration)> {
    // The name, in brackets, may hold anything; the fields behind it are numbered from 3.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
    Some((field(4)?, TICK * (field(14)? + field(15)?)))
}

impl Cpu {
    /// Until now; nothing where there is no `/proc`.
    pub(super) fn now() -> Self {
        let of = |process: &str| parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?);
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let names = processes.filter_map(|process| process.file_name().into_string().ok());
        let ours = |(parent, time): (u32, Duration)| (parent == std::process::id()).then_some(time);
        Self {
            parent: of("self").map_or(Duration::ZERO, |(_, time)| time),
            children: names.filter_map(|name| of(&name).and_then(ours)).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_is_passed_over() {
        let stat = "17 (a) 9 (b) S 4 1 1 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 1 0 100 1 1";
        assert_eq!(parse(stat), Some((4, Duration::from_secs(3))));
        assert_eq!(parse("17 (a"), None);
    }
}
