//! What is tried in which order, and when to give up.

use super::{
    super::Luma,
    Code,
    finder::finders,
    geometry::Point,
    layout::{Mark, marks},
    light::{ENLARGED, PAPER, Thresholds, enlarged, sharpened, smoothed},
    modules::{Ink, Look, Modules},
    plane::{Plane, planes},
    triple::triples,
};

/// One way to look at a picture. Codes are found in a copy in which they show better, and read from the picture
/// itself, which knows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rung {
    AsItIs,
    /// Opens what blur has filled.
    Sharpened,
    /// Takes noise away.
    Smoothed,
    /// For strong blur, and for interference with the screen's own pixels.
    HalfSharpened,
    /// For large pictures, where codes are large too; with all rungs of its own.
    InHalf,
    /// For small pictures, which may be cut out at a pixel per module.
    Enlarged,
}

/// After [`Rung::AsItIs`], for a frame of a webcam.
const DEARER: [Rung; 3] = [Rung::Sharpened, Rung::Smoothed, Rung::HalfSharpened];

/// Longer sides than this are looked at in a copy of half the size first.
const LARGE: usize = 2000;

/// Pictures whose longer side is at most this are small.
const SMALL: usize = 500;

/// So many groups of three finder patterns are looked at on one rung: more are wallpaper.
const TRIPLES: usize = 40;

/// So many planes are sampled on one rung.
const PLANES: usize = 8;

/// Of the modules known beforehand, so many must be right before decoding is tried: a half is right by chance.
const AGREEMENT: f64 = 0.78;

/// Every code that can be read in a picture, by all means; no further than the first rung that succeeds.
pub(super) fn climb(picture: &Luma) -> Vec<Code> {
    let longer = picture.width.max(picture.height);
    let rungs: &[Rung] = if longer > LARGE {
        &[Rung::InHalf, Rung::AsItIs]
    } else if longer > SMALL {
        &[Rung::AsItIs, Rung::Sharpened, Rung::Smoothed, Rung::HalfSharpened]
    } else {
        &[Rung::AsItIs, Rung::Sharpened, Rung::Smoothed, Rung::HalfSharpened, Rung::Enlarged]
    };
    rungs.iter().map(|rung| rung.read(picture)).find(|codes| !codes.is_empty()).unwrap_or_default()
}

/// Every code in a still picture that shows on one of the two cheapest rungs, also beside one that shows at once.
pub(super) fn look_around(picture: &Luma) -> Vec<Code> {
    [Rung::AsItIs, Rung::Sharpened].iter().flat_map(|rung| rung.read(picture)).collect()
}

impl Rung {
    fn read(self, picture: &Luma) -> Vec<Code> {
        match self {
            Self::AsItIs => search(picture, picture),
            Self::Sharpened => search(&sharpened(picture), picture),
            Self::Smoothed => search(&smoothed(picture), picture),
            Self::HalfSharpened => {
                let half = picture.half();
                moved(search(&sharpened(&half), &half), |v| v.saturating_mul(2))
            }
            Self::InHalf => moved(climb(&picture.half()), |v| v.saturating_mul(2)),
            Self::Enlarged => {
                let large = enlarged(picture);
                moved(search(&large, &large), |v| v / ENLARGED as i32 - PAPER as i32)
            }
        }
    }
}

/// Reads the frames of a live stream. Each is looked at as it is; what more is tried costs a fraction of a still
/// picture's full ladder, because the next frame comes in a moment: all rungs, but only where a code was read
/// last; else one rung of the whole frame, the next one at the next frame.
#[derive(Debug, Default)]
pub(super) struct Stream {
    turn: usize,
    last: Option<Area>,
}

/// Where a code was read, in pixels, and how many frames ago.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    age: u32,
}

/// An area is forgotten after so many frames without a code: about a second.
const FORGOTTEN: u32 = 20;

impl Stream {
    pub(super) fn read(&mut self, frame: &Luma) -> Vec<Code> {
        if frame.width.max(frame.height) > LARGE {
            return climb(frame);
        }
        // The whole frame, also when we know where the code was: a second one must not be missed.
        let mut codes = Rung::AsItIs.read(frame);
        if codes.is_empty() {
            codes = match self.last {
                Some(area) => area.read(frame),
                None => {
                    self.turn = (self.turn + 1) % DEARER.len();
                    DEARER.get(self.turn).map(|rung| rung.read(frame)).unwrap_or_default()
                }
            };
        }
        self.last = match (codes.first(), self.last) {
            (Some(code), _) => Some(Area::around(code)),
            (None, Some(area)) => (area.age < FORGOTTEN).then(|| Area { age: area.age + 1, ..area }),
            (None, None) => None,
        };
        codes
    }
}

impl Area {
    /// A code and half its size on each side.
    fn around(code: &Code) -> Self {
        let range = |values: [i32; 4]| {
            let (least, most) = values.iter().fold((i32::MAX, i32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
            let more = most.saturating_sub(least) / 2;
            (least.saturating_sub(more).max(0) as usize, most.saturating_add(more).max(0) as usize)
        };
        let (left, right) = range(code.corners.map(|(x, _)| x));
        let (top, bottom) = range(code.corners.map(|(_, y)| y));
        Self { left, top, right, bottom, age: 0 }
    }

    fn read(self, frame: &Luma) -> Vec<Code> {
        let part = frame.crop(self.left..self.right, self.top..self.bottom);
        let codes = DEARER.iter().map(|rung| rung.read(&part)).find(|codes| !codes.is_empty());
        let mut codes = codes.unwrap_or_default();
        for code in &mut codes {
            code.corners = code.corners.map(|(x, y)| (x + self.left as i32, y + self.top as i32));
        }
        codes
    }
}

/// Codes of a copy, where they lie in the picture itself.
fn moved(codes: Vec<Code>, back: impl Fn(i32) -> i32) -> Vec<Code> {
    let corners = |code: &Code| code.corners.map(|(x, y)| (back(x), back(y)));
    codes.into_iter().map(|code| Code { corners: corners(&code), ..code }).collect()
}

/// Finds codes in one copy of a picture and reads them from another of the same size.
fn search(found_in: &Luma, picture: &Luma) -> Vec<Code> {
    if found_in.pixels.is_empty() || found_in.pixels.len() != found_in.width * found_in.height {
        return vec![];
    }
    let patterns = finders(found_in, &Thresholds::of(found_in));
    let mut codes: Vec<Code> = Vec::new();
    let mut used: Vec<Point> = Vec::new();
    let mut sampled = 0;
    for triple in triples(&patterns).iter().take(TRIPLES) {
        if used.iter().any(|place| triple.holds(*place)) {
            continue;
        }
        for plane in planes(found_in, triple) {
            sampled += 1;
            if let Some(code) = read(found_in, picture, &plane) {
                used.extend([triple.corner.centre, triple.right.centre, triple.below.centre]);
                codes.push(code);
                break;
            }
        }
        if sampled >= PLANES && codes.is_empty() {
            break;
        }
    }
    codes
}

/// Reads a code whose plane is known: its modules as they are, then with their blur undone; their middles, then
/// nearly all of them; and at last as they look in the copy.
fn read(found_in: &Luma, picture: &Luma, plane: &Plane) -> Option<Code> {
    let marks = marks(plane.version);
    let core = Modules::of(picture, plane, Look::Core);
    let ink = core.ink();
    if ink.agreement(&marks) < AGREEMENT {
        return None;
    }
    let bytes = trusted(&ink, &marks)
        .or_else(|| trusted(&core.sharpened(&marks)?.below_nought(), &marks))
        .or_else(|| {
            let whole = Modules::of(picture, plane, Look::Whole);
            trusted(&whole.ink(), &marks)
                .or_else(|| trusted(&whole.sharpened(&marks)?.below_nought(), &marks))
        })
        .or_else(|| trusted(&Modules::of(found_in, plane, Look::Core).ink(), &marks))?;
    Some(Code { bytes, corners: plane.corners() })
}

/// The most bytes of check data in a version whose error correction may be deceived: 10 bytes restore 5, and one
/// picture in a million that holds no code at all is within 5 bytes of some text.
const DECEIVED: usize = 2;

/// What modules hold, if the text is beyond doubt. Small codes must bear one damaged byte more than they have:
/// that is the reserve against false texts that the standard asks of versions 1 and 2 (ISO/IEC 18004 table 9, p).
fn trusted(ink: &Ink, marks: &[Mark]) -> Option<Vec<u8>> {
    if ink.agreement(marks) < AGREEMENT {
        return None;
    }
    let bytes = super::decode(ink)?;
    let sound =
        ink.version() > DECEIVED || (0..3).all(|n| super::decode(&ink.damaged(n)) == Some(bytes.clone()));
    sound.then_some(bytes)
}
