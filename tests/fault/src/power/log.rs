//! The log of a block device, in the format of the kernel's dm-log-writes: a superblock, then entries of one sector that
//! say where, how much and how, each followed by its data.

use std::ops::RangeBounds;

const SECTOR: usize = 512;
/// Everything before it is on the disk when it is done.
const FLUSH: u64 = 1;
/// It is itself on the disk when it is done.
const FUA: u64 = 2;
/// No data follows.
const DISCARD: u64 = 4;

/// One write, flush, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The first sector that it writes.
    pub sector: usize,
    /// How many it writes.
    pub sectors: usize,
    /// Whether everything before it was on the disk when it was done.
    pub flush: bool,
    /// Whether it was on the disk itself when it was done.
    pub durable: bool,
    /// Where it begins in the log.
    start: usize,
    /// Where its data begins in the log.
    data: usize,
}

/// Everything a block device was told.
#[derive(Debug)]
pub struct Log {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

impl Log {
    /// Reads a log up to its end, or to where it is cut off.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Self {
        let mut entries = Vec::new();
        let mut start = SECTOR;
        while let Some(entry) = entry(&bytes, start) {
            let length = if entry.discarded { 0 } else { entry.read.sectors * SECTOR };
            if entry.read.data + length > bytes.len() {
                break;
            }
            start = entry.read.data + length;
            let sectors = if entry.discarded { 0 } else { entry.read.sectors };
            entries.push(Entry { sectors, ..entry.read });
        }
        Self { bytes, entries }
    }

    /// The entries, in the order in which they were done.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many entries lie, at least in part, below a mark in the log's file.
    #[must_use]
    pub fn entries_below(&self, mark: u64) -> usize {
        self.entries.partition_point(|entry| (entry.start as u64) < mark)
    }

    /// Writes some of an entry's sectors to an image.
    pub(super) fn apply(&self, place: usize, some: impl RangeBounds<usize>, image: &mut [u8]) {
        let Some(entry) = self.entries.get(place) else { return };
        for sector in (0..entry.sectors).filter(|sector| some.contains(sector)) {
            let from = entry.data + sector * SECTOR;
            let to = (entry.sector + sector) * SECTOR;
            if let (Some(data), Some(place)) =
                (self.bytes.get(from..from + SECTOR), image.get_mut(to..to + SECTOR))
            {
                place.copy_from_slice(data);
            }
        }
    }
}

struct Raw {
    read: Entry,
    discarded: bool,
}

fn entry(bytes: &[u8], start: usize) -> Option<Raw> {
    let number = |nth: usize| -> Option<u64> {
        let at = start + nth * 8;
        Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
    };
    let (sector, sectors, flags) = (number(0)?, number(1)?, number(2)?);
    // What was never written is a hole of zeros: no entry writes nothing and flushes nothing.
    if sectors == 0 && flags == 0 {
        return None;
    }
    let read = Entry {
        sector: usize::try_from(sector).ok()?,
        sectors: usize::try_from(sectors).ok()?,
        flush: flags & FLUSH != 0,
        durable: flags & FUA != 0,
        start,
        data: start + SECTOR,
    };
    Some(Raw { read, discarded: flags & DISCARD != 0 })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A log of (sector, sectors, flags); the nth entry's data is its number, from 1.
    pub(in super::super) fn written(entries: &[(u64, u64, u64)]) -> Vec<u8> {
        let mut log = vec![0xee; SECTOR];
        for (nth, (sector, sectors, flags)) in (1_u8..).zip(entries) {
            let mut head = [sector, sectors, flags, &0]
                .into_iter()
                .flat_map(|word| word.to_le_bytes())
                .collect::<Vec<_>>();
            head.resize(SECTOR, 0);
            log.extend(head);
            if flags & DISCARD == 0 {
                log.extend(vec![nth; usize::try_from(*sectors).unwrap_or_default() * SECTOR]);
            }
        }
        log
    }

    #[test]
    fn a_log_is_read_to_its_end_or_to_where_it_is_cut_off() {
        let bytes = written(&[(8, 2, 0), (0, 0, FLUSH), (99, 5, DISCARD), (3, 1, FLUSH | FUA)]);
        let told = |log: &Log| -> Vec<(usize, usize, bool, bool)> {
            log.entries()
                .iter()
                .map(|entry| (entry.sector, entry.sectors, entry.flush, entry.durable))
                .collect()
        };
        let whole = [(8, 2, false, false), (0, 0, true, false), (99, 0, false, false), (3, 1, true, true)];
        assert_eq!(told(&Log::read(bytes.clone())), whole);
        let mut holed = bytes.clone();
        holed.extend([0; 4 * SECTOR]);
        assert_eq!(told(&Log::read(holed)), whole);
        let mut cut = bytes.clone();
        cut.truncate(bytes.len() - 1);
        let cut = Log::read(cut);
        assert_eq!(told(&cut), whole.get(..3).unwrap_or_default());
        let marks = [0, 512, 513, 2048, 2049, 2560, 2561].map(|mark| cut.entries_below(mark));
        assert_eq!(marks, [0, 0, 1, 1, 2, 2, 3]);
        assert!(Log::read(vec![]).entries().is_empty());
    }
}
