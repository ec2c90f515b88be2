//! What every code of a version looks like whatever it holds: ISO/IEC 18004 section 6.3.

/// The versions there are: 1 is 21 modules wide, each further one four more, up to 177.
pub(super) const VERSIONS: std::ops::RangeInclusive<usize> = 1..=40;

/// Modules along a side.
pub(super) const fn side(version: usize) -> usize {
    17 + 4 * version
}

/// A module that is the same in every code of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) column: usize,
    pub(super) row: usize,
    pub(super) dark: bool,
}

/// The columns (and rows) on which alignment patterns have their middles.
pub(super) fn alignment_lines(version: usize) -> Vec<usize> {
    if version < 2 {
        return vec![];
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    let last = side(version) - 7;
    let mut lines: Vec<usize> = (0..count - 1).map(|n| last - n * step).collect();
    lines.push(6);
    lines.reverse();
    lines
}

/// The middles of the alignment patterns: wherever two lines meet, but on the finder patterns.
pub(super) fn alignments(version: usize) -> Vec<(usize, usize)> {
    let lines = alignment_lines(version);
    let last = lines.last().copied().unwrap_or(0);
    let free = |x: usize, y: usize| !matches!((x, y), (6, 6)) && (x, y) != (6, last) && (x, y) != (last, 6);
    let meetings = lines.iter().flat_map(|y| lines.iter().map(move |x| (*x, *y)));
    meetings.filter(|(x, y)| free(*x, *y)).collect()
}

/// All modules that are known beforehand: finder patterns with the light lines around them, timing patterns,
/// alignment patterns, and the version from 7 on.
pub(super) fn marks(version: usize) -> Vec<Mark> {
    let side = side(version);
    let mut marks = Vec::new();
    for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
        for row in top.saturating_sub(1)..(top + 8).min(side) {
            for column in left.saturating_sub(1)..(left + 8).min(side) {
                let ring = (column.abs_diff(left + 3)).max(row.abs_diff(top + 3));
                marks.push(Mark { column, row, dark: ring != 2 && ring != 4 });
            }
        }
    }
    for n in 8..side - 8 {
        let dark = n.is_multiple_of(2);
        marks.push(Mark { column: n, row: 6, dark });
        marks.push(Mark { column: 6, row: n, dark });
    }
    for (x, y) in alignments(version) {
        for row in y - 2..=y + 2 {
            for column in x - 2..=x + 2 {
                let ring = column.abs_diff(x).max(row.abs_diff(y));
                // Those on the timing patterns agree with them; they need not stand twice.
                if row != 6 && column != 6 {
                    marks.push(Mark { column, row, dark: ring != 1 });
                }
            }
        }
    }
    if version >= 7 {
        let word = version_word(version);
        for n in 0..18 {
            let (along, across, dark) = (n / 3, side - 11 + n % 3, word >> n & 1 == 1);
            marks.push(Mark { column: across, row: along, dark });
            marks.push(Mark { column: along, row: across, dark });
        }
    }
    marks
}

/// The 18 bits that tell a version: its six, then twelve that protect them (ISO/IEC 18004 annex D).
fn version_word(version: usize) -> usize {
    let mut rest = version;
    for _ in 0..12 {
        rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    }
    version << 12 | rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another crate's encoder draws what we expect, in every version.
    #[test]
    fn every_version_is_known() {
        for version in VERSIONS {
            let drawn = qrcode::Version::Normal(version as i16);
            let code = qrcode::QrCode::with_version(b"1", drawn, qrcode::EcLevel::L).unwrap();
            assert_eq!(code.width(), side(version));
            let marks = marks(version);
            for mark in &marks {
                let dark = code[(mark.column, mark.row)] == qrcode::Color::Dark;
                assert_eq!(dark, mark.dark, "version {version}, {mark:?}");
            }
            let mut places: Vec<_> = marks.iter().map(|m| (m.column, m.row)).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), marks.len(), "version {version}: no module stands twice");
        }
    }

    #[test]
    fn alignment_patterns_stand_where_the_standard_says() {
        assert!(alignment_lines(1).is_empty());
        assert_eq!(alignment_lines(2), [6, 18]);
        assert_eq!(alignment_lines(18), [6, 30, 56, 82]);
        assert_eq!(alignment_lines(32), [6, 34, 60, 86, 112, 138]);
        assert_eq!(alignment_lines(40), [6, 30, 58, 86, 114, 142, 170]);
        assert_eq!(alignments(2), [(18, 18)]);
        assert_eq!(alignments(7).len(), 6);
    }
}
