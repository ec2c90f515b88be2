//! Processor's time and memory, of this process and of others.

use std::{
    fs,
    process::{Command, Stdio},
};

use rustix::time::{ClockId, clock_gettime};

/// Time this process has spent on processors, in milliseconds: what others do on this machine does not count.
pub fn processor_ms() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}

/// How long a piece of work keeps the processor, in milliseconds.
pub fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let began = processor_ms();
    std::hint::black_box(work());
    processor_ms() - began
}

/// The same for a program of its own, its start included. `None` if it fails or is not here.
pub fn timed_program(program: &str, arguments: &[&str]) -> Option<f64> {
    // The shell's own `time` tells the milliseconds of its children.
    let script = "TIMEFORMAT='%U %S'; time \"$@\" 2>/dev/null";
    let mut shell = Command::new("bash");
    shell.args(["-c", script, "time", program]).args(arguments).stdout(Stdio::null());
    let told = shell.output().ok().filter(|told| told.status.success())?;
    let told = String::from_utf8(told.stderr).ok()?;
    let seconds = told.lines().last()?.split(' ').map(str::parse::<f64>);
    Some(seconds.sum::<Result<f64, _>>().ok()? * 1e3)
}

/// A line of `/proc/self/status` in megabytes (10^6 bytes).
fn status(name: &str) -> f64 {
    let text = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("its own memory");
    let kibibytes: f64 = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number");
    kibibytes * 1024.0 / 1e6
}

/// What this process holds now, in megabytes.
pub fn memory() -> f64 {
    status("VmRSS:")
}

/// The most it ever held, in megabytes.
pub fn peak_memory() -> f64 {
    status("VmHWM:")
}

/// The middle of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
