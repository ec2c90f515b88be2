//! Raw files and their JPEGs: a camera set to raw alone makes pictures that nobody here can read.

use std::time::{Duration, Instant};

/// A raw file's JPEG comes within this, or not at all, as long as nobody knows the camera's family.
const TWIN_WITHIN: Duration = Duration::from_secs(3);

/// A file's name without its ending, and the ending in small letters.
fn parts(name: &str) -> (&str, String) {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    (stem, ending.to_ascii_lowercase())
}

pub(super) fn is_jpeg(name: &str) -> bool {
    matches!(parts(name).1.as_str(), "jpg" | "jpeg")
}

fn is_raw(name: &str) -> bool {
    let raw = ["cr2", "cr3", "crw", "nef", "nrw", "arw", "raf", "rw2", "orf", "pef", "dng", "heic", "hif"];
    raw.contains(&parts(name).1.as_str())
}

/// Watches that with every raw file comes its JPEG, the one before the other or after it.
#[derive(Debug)]
pub(super) struct Twins {
    within: Duration,
    /// The raw file that came last, if its JPEG has not.
    raw: Option<Instant>,
    /// The JPEG that came last, without its ending.
    jpeg: String,
    told: bool,
}

impl Default for Twins {
    fn default() -> Self {
        Self { within: TWIN_WITHIN, raw: None, jpeg: String::new(), told: false }
    }
}

impl Twins {
    /// From now on a raw file's JPEG comes within this, or not at all.
    pub(super) fn come_within(&mut self, within: Duration) {
        self.within = within;
    }

    /// Takes note of a file that was announced.
    pub(super) fn see(&mut self, name: &str) {
        let (stem, _) = parts(name);
        if is_jpeg(name) {
            stem.clone_into(&mut self.jpeg);
            (self.raw, self.told) = (None, false);
        } else if is_raw(name) && stem != self.jpeg {
            self.raw.get_or_insert_with(Instant::now);
        }
    }

    /// True once, until a JPEG comes again.
    pub(super) fn is_raw_alone(&mut self) -> bool {
        let is_alone = self.raw.is_some_and(|since| since.elapsed() >= self.within) && !self.told;
        self.told |= is_alone;
        is_alone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(twins: &mut Twins) -> bool {
        twins.raw = twins.raw.and_then(|since| since.checked_sub(twins.within));
        twins.is_raw_alone()
    }

    #[test]
    fn a_raw_file_alone_is_told_once() {
        let mut twins = Twins::default();
        twins.see("IMG_0001.CR2");
        assert!(!twins.is_raw_alone(), "its JPEG may still come");
        assert!(later(&mut twins));
        twins.see("IMG_0002.CR2");
        assert!(!later(&mut twins), "told");
    }

    #[test]
    fn how_long_a_twin_is_waited_for_differs() {
        let mut twins = Twins::default();
        twins.come_within(Duration::from_secs(60));
        twins.see("IMG_0001.CR2");
        twins.raw = twins.raw.and_then(|since| since.checked_sub(TWIN_WITHIN));
        assert!(!twins.is_raw_alone(), "this family takes longer");
        assert!(later(&mut twins));
    }

    #[test]
    fn twins_come_in_any_order() {
        for names in [["IMG_0001.CR3", "IMG_0001.JPG"], ["IMG_0001.JPG", "IMG_0001.CR3"]] {
            let mut twins = Twins::default();
            names.iter().for_each(|name| twins.see(name));
            assert!(!later(&mut twins), "{names:?}");
        }
    }
}
