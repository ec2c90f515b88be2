//! Which three finder patterns belong to one code, and which of them is its corner.

use super::{finder::Finder, geometry::Point};

/// Three finder patterns of one code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple<'a> {
    /// The one at the code's upper left.
    pub(super) corner: &'a Finder,
    pub(super) right: &'a Finder,
    pub(super) below: &'a Finder,
    /// 0 for a perfect right angle with equal sides and perfect patterns of one size.
    strain: f64,
}

/// The three that may belong together, the likeliest first.
pub(super) fn triples(finders: &[Finder]) -> Vec<Triple<'_>> {
    let mut found = Vec::new();
    for corner in finders {
        for right in finders {
            for below in finders {
                found.extend(judge(corner, right, below));
            }
        }
    }
    found.sort_by(|a, b| a.strain.total_cmp(&b.strain));
    found
}

fn judge<'a>(corner: &'a Finder, right: &'a Finder, below: &'a Finder) -> Option<Triple<'a>> {
    if corner.dark != right.dark || corner.dark != below.dark {
        return None;
    }
    let (across, down) = (right.centre - corner.centre, below.centre - corner.centre);
    // Clockwise, as printed; whoever shows a code in a mirror is dealt with where the code is decoded.
    let turn = across.cross(down);
    let (wide, tall) = (across.length(), down.length());
    if turn <= 0.0 || wide < 7.0 || tall < 7.0 {
        return None;
    }
    let slant = (across.dot(down) / (wide * tall)).abs();
    let uneven = (wide / tall).ln().abs();
    let pitches = [corner.pitch, right.pitch, below.pitch];
    let (least, most) = pitches.iter().fold((f64::MAX, 0.0_f64), |(a, b), p| (a.min(*p), b.max(*p)));
    let sizes = (most / least).ln();
    let modules = (wide.max(tall)) / least.max(1e-6);
    // From 14 modules between the middles (version 1) to 170 (version 40), with room for tilt.
    if slant > 0.75 || uneven > 1.0 || sizes > 0.75 || !(9.0..260.0).contains(&modules) {
        return None;
    }
    let doubt: f64 = [corner, right, below].iter().map(|finder| finder.doubt()).sum();
    Some(Triple { corner, right, below, strain: slant + uneven + 2.0 * sizes + 2.0 * doubt })
}

impl Triple<'_> {
    /// Whether a finder is one of the three.
    pub(super) fn holds(&self, place: Point) -> bool {
        [self.corner, self.right, self.below].iter().any(|f| (f.centre - place).length() < f.pitch)
    }
}
