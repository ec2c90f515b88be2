//! A volume read from its first byte to its last, below every file system: what still lies on it of what was removed.
//! Only whoever may read the device can do it.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use rustix::fs::{Advice, fadvise};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// By so many first bytes a place is told from most others; shorter ones are looked for with what they have.
const KEY: usize = 4;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Searched {
    /// How much was read, in bytes.
    pub bytes: u64,
    /// How often each of what was looked for is there, in its order.
    pub found: Vec<u64>,
}

/// Reads a device or a file to its end and counts where these bytes stand; `go_on` is told how many bytes were read and
/// may stop it: then there is no result.
///
/// # Errors
/// When it cannot be read, or something of less than four bytes is looked for.
pub fn search(
    volume: &Path,
    wanted: &[&[u8]],
    go_on: &mut dyn FnMut(u64) -> bool,
) -> io::Result<Option<Searched>> {
    let file = File::open(volume)?;
    // What the kernel remembers of it may be older than what lies there.
    fadvise(&file, 0, None, Advice::DontNeed).ok();
    search_in(file, wanted, go_on)
}

fn search_in(
    mut volume: impl Read,
    wanted: &[&[u8]],
    go_on: &mut dyn FnMut(u64) -> bool,
) -> io::Result<Option<Searched>> {
    let index = Index::of(wanted).ok_or(io::ErrorKind::InvalidInput)?;
    let overlap = wanted.iter().map(|bytes| bytes.len()).max().unwrap_or(1) - 1;
    let mut searched = Searched { bytes: 0, found: vec![0; wanted.len()] };
    let mut held: Vec<u8> = Vec::with_capacity(CHUNK + overlap);
    loop {
        let before = held.len();
        let read = volume.by_ref().take(CHUNK as u64).read_to_end(&mut held)?;
        searched.bytes += read as u64;
        // What began in the last chunk and did not end there ends here.
        index.count(&held, before, &mut searched.found);
        if read == 0 {
            return Ok(Some(searched));
        }
        if !go_on(searched.bytes) {
            return Ok(None);
        }
        held.drain(..held.len().saturating_sub(overlap));
    }
}

/// What is looked for, by its first bytes.
struct Index<'a> {
    wanted: &'a [&'a [u8]],
    /// Whether something begins with these two.
    begins: Vec<bool>,
    by_key: BTreeMap<[u8; KEY], Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(wanted: &'a [&'a [u8]]) -> Option<Self> {
        let mut index = Self { wanted, begins: vec![false; 1 << 16], by_key: BTreeMap::new() };
        for (n, bytes) in wanted.iter().enumerate() {
            let key = bytes.first_chunk::<KEY>()?;
            *index.begins.get_mut(first_two(*key))? = true;
            index.by_key.entry(*key).or_default().push(n);
        }
        Some(index)
    }

    /// Counts what ends behind `seen` bytes: what ends before was counted with the chunk before.
    fn count(&self, held: &[u8], seen: usize, found: &mut [u64]) {
        for (at, window) in held.windows(KEY).enumerate() {
            let Some(key) = window.first_chunk::<KEY>() else { continue };
            if !self.begins.get(first_two(*key)).is_some_and(|begins| *begins) {
                continue;
            }
            let Some(candidates) = self.by_key.get(key) else { continue };
            let here = held.get(at..).unwrap_or_default();
            for n in candidates {
                let is_here = self.wanted.get(*n).is_some_and(|bytes| here.starts_with(bytes));
                let ends = at + self.wanted.get(*n).map_or(0, |bytes| bytes.len());
                if let Some(count) = found.get_mut(*n).filter(|_| is_here && ends > seen) {
                    *count += 1;
                }
            }
        }
    }
}

fn first_two(key: [u8; KEY]) -> usize {
    let [first, second, ..] = key;
    (usize::from(first) << 8) | usize::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(volume: &[u8], wanted: &[&[u8]]) -> Vec<u64> {
        search_in(volume, wanted, &mut |_| true).unwrap().unwrap().found
    }

    #[test]
    fn what_lies_on_a_volume_is_found_wherever_it_lies_and_once() {
        let secret = b"AGE-SECRET-KEY-1QQ";
        for at in [0, 5, CHUNK - 18, CHUNK - 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 3, 3 * CHUNK - 18] {
            let mut volume = vec![0x41; 3 * CHUNK];
            volume[at..at + secret.len()].copy_from_slice(secret);
            assert_eq!(counted(&volume, &[secret, b"AGE-nothing"]), [1, 0], "at {at}");
        }
        let mut twice = vec![0; 100];
        twice[3..7].copy_from_slice(b"code");
        twice[7..11].copy_from_slice(b"code");
        assert_eq!(counted(&twice, &[b"code", b"codec"]), [2, 1]);
        assert_eq!(counted(b"", &[b"code"]), [0]);
    }

    #[test]
    fn a_search_stops_when_it_is_told_to_and_refuses_what_is_too_short() {
        assert!(search_in(&[0; 9][..], &[b"abc"], &mut |_| true).is_err());
        assert_eq!(search_in(&[0; 9][..], &[b"abcd"], &mut |_| false).unwrap(), None);
    }
}
