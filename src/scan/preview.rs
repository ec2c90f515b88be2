//! What the webcam sees, for a screen: small, with the outline of what was read and a word on what was not.

use super::{Code, Hint, Luma};

/// A picture for the screen is at most this wide, in pixels.
const WIDEST: usize = 640;

/// A frame of the webcam, looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The frame, made small.
    pub picture: Luma,
    /// The corners of every code that was read, in shares of the picture's width and height.
    pub outlines: Vec<[(f32, f32); 4]>,
    /// Why the code in sight is not read.
    pub hint: Option<Hint>,
}

impl Preview {
    /// Of a frame and what was found in it.
    #[must_use]
    pub fn new(frame: &Luma, codes: &[Code], hint: Option<Hint>) -> Self {
        let share = |(x, y): (i32, i32)| {
            (x as f32 / frame.width.max(1) as f32, y as f32 / frame.height.max(1) as f32)
        };
        let outlines = codes.iter().map(|code| code.corners.map(share)).collect();
        Self { picture: shrunk(frame, frame.width.div_ceil(WIDEST).max(1)), outlines, hint }
    }
}

/// So many times smaller, each pixel the mean of those it stands for.
fn shrunk(frame: &Luma, times: usize) -> Luma {
    if times == 1 {
        return frame.clone();
    }
    let (width, height) = (frame.width / times, frame.height / times);
    let mut pixels = Vec::with_capacity(width * height);
    let mut sums = vec![0_usize; width];
    for rows in frame.pixels.chunks_exact(frame.width * times) {
        sums.fill(0);
        for row in rows.chunks_exact(frame.width) {
            for (sum, pixels) in sums.iter_mut().zip(row.chunks_exact(times)) {
                *sum += pixels.iter().map(|grey| usize::from(*grey)).sum::<usize>();
            }
        }
        pixels.extend(sums.iter().map(|sum| (sum / (times * times)) as u8));
    }
    Luma { width, height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_small_and_its_outline_lies_where_the_code_is() {
        let frame =
            Luma { width: 1281, height: 720, pixels: (0..1281 * 720).map(|n| (n % 3) as u8 * 60).collect() };
        let code = Code { bytes: vec![], corners: [(0, 0), (1281, 0), (1281, 720), (0, 360)] };
        let preview = Preview::new(&frame, &[code], Some(Hint::Glare));
        assert_eq!((preview.picture.width, preview.picture.height), (427, 240));
        assert_eq!(preview.picture.pixels.len(), 427 * 240);
        assert!(preview.picture.pixels.iter().all(|grey| *grey == 60), "0, 60 and 120 in every row");
        assert_eq!(preview.outlines, [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.5)]]);
        let nothing = Luma { width: 0, height: 0, pixels: vec![] };
        assert_eq!(Preview::new(&nothing, &[], None).picture, nothing);
    }
}
