//! From pixels as they are stored to upright ones and back: EXIF orientations 1 to 8.

/// How a stored picture is turned to stand upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// Whether the upright picture's rows are the stored one's columns.
    swapped: bool,
    /// Whether the upright picture's columns run against the stored direction.
    from_right: bool,
    /// Whether its rows do.
    from_below: bool,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Turn {
    /// The turn of an EXIF orientation; none for any other number.
    pub(super) const fn of(orientation: u8) -> Self {
        // What becomes the first row and the first column (EXIF 2.32, tag 0x0112).
        let (swapped, from_right, from_below) = match orientation {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self { swapped, from_right, from_below }
    }

    /// The sides of the upright picture, from those of the stored one, or the other way round.
    pub(super) const fn sides(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swapped { (height, width) } else { (width, height) }
    }

    /// A region of the upright picture of these sides, in the stored one. The region must lie inside.
    pub(super) const fn stored(self, upright: (u32, u32), region: Region) -> Region {
        let Region { mut x, mut y, width, height } = region;
        if self.from_right {
            x = upright.0 - x - width;
        }
        if self.from_below {
            y = upright.1 - y - height;
        }
        if self.swapped {
            Region { x: y, y: x, width: height, height: width }
        } else {
            Region { x, y, width, height }
        }
    }

    /// The same for edges that lie between pixels.
    pub(super) fn stored_exactly(
        self,
        upright: (f64, f64),
        [mut x, mut y, width, height]: [f64; 4],
    ) -> [f64; 4] {
        if self.from_right {
            x = upright.0 - x - width;
        }
        if self.from_below {
            y = upright.1 - y - height;
        }
        if self.swapped { [y, x, height, width] } else { [x, y, width, height] }
    }

    /// A place in the stored picture of these sides, in the upright one.
    pub(super) fn upright_point(self, stored: (f64, f64), (x, y): (f64, f64)) -> (f64, f64) {
        let ((x, y), (width, height)) =
            if self.swapped { ((y, x), (stored.1, stored.0)) } else { ((x, y), stored) };
        (if self.from_right { width - x } else { x }, if self.from_below { height - y } else { y })
    }

    /// A part of stored pixels (three bytes each, `stride` pixels a row), upright.
    pub(super) fn upright(self, pixels: &[u8], stride: usize, part: Region) -> Option<Vec<u8>> {
        let (left, top) = (part.x as usize, part.y as usize);
        let (across, down) = (part.width as usize, part.height as usize);
        let (width, height) = if self.swapped { (down, across) } else { (across, down) };
        let mut out = vec![0; width * height * 3];
        if !self.swapped && !self.from_right {
            for (y, to) in out.chunks_exact_mut(width * 3).enumerate() {
                let row = if self.from_below { height - 1 - y } else { y };
                let from = ((top + row) * stride + left) * 3;
                to.copy_from_slice(pixels.get(from..from + width * 3)?);
            }
            return Some(out);
        }
        // The pixels of an upright row lie side by side as stored, or one below the other.
        let (apart, rows_apart) = if self.swapped { (stride, 1) } else { (1, stride) };
        for (y, to) in out.chunks_exact_mut(width * 3).enumerate() {
            let row = if self.from_below { height - 1 - y } else { y };
            let first = (top * stride + left + row * rows_apart) * 3;
            let line = pixels.get(first..first + ((width - 1) * apart + 1) * 3)?;
            let from = line.chunks_exact(3).step_by(apart);
            let to = to.chunks_exact_mut(3);
            let copy = |(to, from): (&mut [u8], &[u8])| to.copy_from_slice(from);
            if self.from_right { to.rev().zip(from).for_each(copy) } else { to.zip(from).for_each(copy) }
        }
        Some(out)
    }
}
