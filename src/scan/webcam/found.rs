//! Which webcams are there, and what they are called.
//!
//! The number in `/dev/videoN` changes with every replugging, so a webcam is chosen by its name; of two with the
//! same name by the port it is plugged into as well.

use std::fs;

/// An entry of a webcam; a USB webcam has two, of which one carries no pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The N of `/dev/videoN`.
    pub number: u32,
    /// What its maker calls it.
    pub name: String,
    /// The port it is plugged into, as the kernel counts them; empty when it does not say.
    pub port: String,
    /// Whether another webcam has the same name.
    pub is_twin: bool,
}

impl Found {
    /// Its name; with its port when another is called the same.
    #[must_use]
    pub fn label(&self) -> String {
        if self.is_twin { self.full_label() } else { self.name.clone() }
    }

    fn full_label(&self) -> String {
        format!("{} ({})", self.name, self.port)
    }

    /// Whether this is meant: by its name, by its name and port, or by its number.
    #[must_use]
    pub fn is(&self, wanted: &str) -> bool {
        wanted == self.name || wanted == self.full_label() || wanted.parse() == Ok(self.number)
    }
}

/// Every entry that is there, by port and number: in the same order every day.
#[must_use]
pub fn found() -> Vec<Found> {
    let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_prefix("video")?.parse().ok();
    in_order(entries.filter_map(number).map(described).collect())
}

/// What the kernel says of it; a name it cut within a character is kept as far as it goes.
fn described(number: u32) -> Found {
    let about = format!("/sys/class/video4linux/video{number}");
    let name = fs::read(format!("{about}/name")).unwrap_or_default();
    let name = String::from_utf8_lossy(&name).trim().trim_end_matches('\u{fffd}').to_owned();
    let name = if name.is_empty() { format!("/dev/video{number}") } else { name };
    let device = fs::read_link(format!("{about}/device")).unwrap_or_default();
    let device = device.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // "1-4:1.0" is an interface of what is plugged into port 4.
    let port = device.split(':').next().unwrap_or_default().to_owned();
    Found { number, name, port, is_twin: false }
}

fn in_order(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| (&a.port, a.number).cmp(&(&b.port, b.number)));
    let twin = |one: &Found| found.iter().any(|other| other.name == one.name && other.port != one.port);
    let twins: Vec<bool> = found.iter().map(twin).collect();
    for (one, is_twin) in found.iter_mut().zip(twins) {
        one.is_twin = is_twin;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32, name: &str, port: &str) -> Found {
        Found { number, name: name.to_owned(), port: port.to_owned(), is_twin: false }
    }

    #[test]
    fn of_two_with_one_name_the_port_tells_which() {
        let there = in_order(vec![
            entry(3, "C270", "1-4"),
            entry(2, "C270", "1-4"),
            entry(0, "Built-in", "1-8"),
            entry(5, "C270", "1-1"),
        ]);
        let labels: Vec<_> = there.iter().map(Found::label).collect();
        assert_eq!(labels, ["C270 (1-1)", "C270 (1-4)", "C270 (1-4)", "Built-in"]);
        let numbers = |wanted: &str| -> Vec<u32> {
            there.iter().filter(|one| one.is(wanted)).map(|one| one.number).collect()
        };
        assert_eq!(numbers("C270"), [5, 2, 3]);
        assert_eq!(numbers("C270 (1-4)"), [2, 3]);
        assert_eq!(numbers("0"), [0]);
        assert_eq!(numbers("Built-in (1-8)"), [0], "as it was called while it had a twin");
        assert!(numbers("C27").is_empty());
    }
}
