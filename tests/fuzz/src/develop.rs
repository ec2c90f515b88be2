//! A camera's file on the whole way to a portrait, and a record out of a store that a stranger wrote.
//!
//! What the fuzzer gives is a JPEG file and, behind its end, how to make more of it: files that are opened as negatives
//! have eight million pixels, and no fuzzer moves so many bytes. Behind the last end marker stand
//!
//! | bytes | meaning |
//! |---|---|
//! | 1 | bits: the record is JSON; enlarge; preview and explain; the face is not as it should be |
//! | 2 | so many bytes before the end marker are written again |
//! | 4 | so many times |
//! | rest | the record as JSON; or the crop's four numbers and the two sides, of which the first also spoil a face |

use std::{
    cell::Cell,
    panic,
    sync::{LazyLock, Once},
};

use caiying::{
    portrait::{
        self, ByteWindow, Crop, Decline, Demand, Enlarging, Expression, Eye, Face, FaceBox, FaceFinder,
        Features, FinderError, Found, Head, Making, PersonMask, Picture, Point, Resampler,
    },
    profile::Profile,
};

/// The school of most jobs, except that a flat picture, too, becomes a portrait: fuzzers paint no others.
static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    let mut profile = Profile::builtin("chsi_2017_99").expect("it is built in");
    profile.photo.size_kb.low = 0.0;
    profile
});

/// A header may claim more pixels than a fuzzer has time and memory for.
const MOST_PIXELS: u64 = 9_000_000;

/// Previews and drawings of larger pictures take the time of ten portraits.
const MOST_SHOWN: u64 = 1_000_000;

/// The longest file made of what the fuzzer gave, in bytes.
const LONGEST: usize = 400_000;

thread_local! {
    static OURS: Cell<bool> = const { Cell::new(false) };
}

/// A camera's file and a record: declined in words, or a portrait that the same record makes again.
pub fn develop(bytes: &[u8]) {
    watch_for_panics();
    let (jpeg, mut rest) = drawn_out(bytes);
    let flags = u8::from_le_bytes(rest.take());
    rest.take::<6>();
    let Ok(markers) = portrait::markers(&jpeg) else {
        // Nothing is decoded that is not whole: refused by everybody.
        let mut finder = Sitter { spoilt: vec![] };
        let made = portrait::develop(&jpeg, &PROFILE, &mut finder, Enlarging::Forbidden);
        assert!(matches!(made.outcome, Err(Decline::Unreadable(_))), "{:?}", made.outcome);
        return;
    };
    let pixels = u64::from(markers.width) * u64::from(markers.height);
    if pixels > MOST_PIXELS {
        return;
    }
    let enlarging = if flags & 2 == 0 { Enlarging::Forbidden } else { Enlarging::ForMeasuring };
    let mut finder = Sitter { spoilt: if flags & 8 == 0 { vec![] } else { rest.0.to_vec() } };
    let made = portrait::develop(&jpeg, &PROFILE, &mut finder, enlarging);
    match &made.outcome {
        Ok(portrait) => {
            assert!(portrait.jpeg.len() <= PROFILE.photo.bytes().1);
            let again = portrait::remake(&jpeg, &portrait.making);
            assert!(again.is_ok_and(|again| *again == *portrait.jpeg), "the record makes another file");
        }
        Err(why) => assert!(!why.advice().zh.is_empty()),
    }
    if flags & 4 != 0 && pixels <= MOST_SHOWN {
        let shown = portrait::preview(&jpeg, 300);
        assert!(shown.is_none_or(|shown| shown.width.max(shown.height) <= 300));
        portrait::explain(&jpeg, &PROFILE, &mut finder, enlarging).ok();
    }
    if let Some(making) = making(flags, rest) {
        portrait::remake(&jpeg, &making).ok();
    }
    assert!(!OURS.take(), "one of our own steps panicked, and the product caught it");
}

/// Bytes that are eaten from the front; noughts behind their end.
pub(crate) struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        let (taken, rest) = self.0.split_at(LENGTH.min(self.0.len()));
        self.0 = rest;
        std::array::from_fn(|n| taken.get(n).copied().unwrap_or_default())
    }

    fn number(&mut self) -> f64 {
        f64::from_le_bytes(self.take())
    }
}

/// What comes of a seed, if anything does.
#[cfg(test)]
pub(crate) fn portrait_of(bytes: &[u8]) -> Option<portrait::Portrait> {
    let mut finder = Sitter { spoilt: vec![] };
    let made = portrait::develop(&drawn_out(bytes).0, &PROFILE, &mut finder, Enlarging::Forbidden);
    made.outcome.inspect_err(|why| eprintln!("{why}")).ok()
}

/// The file, drawn out as it is said behind it, and what stands behind it.
pub(crate) fn drawn_out(bytes: &[u8]) -> (Vec<u8>, Rest<'_>) {
    let Some(end) = bytes.windows(2).rposition(|two| two == [0xFF, 0xD9]) else {
        return (bytes.to_vec(), Rest(&[]));
    };
    let (file, rest) = (&bytes[..end], Rest(&bytes[end + 2..]));
    let mut order = Rest(rest.0);
    order.take::<1>();
    let period = usize::from(u16::from_le_bytes(order.take())).min(end);
    let times = u32::from_le_bytes(order.take()) as usize;
    let times = times.min(LONGEST.checked_div(period).unwrap_or_default());
    (([file, &file[end - period..].repeat(times), &[0xFF, 0xD9]]).concat(), rest)
}

/// The record that is asked for.
fn making(flags: u8, mut rest: Rest<'_>) -> Option<Making> {
    if flags & 1 != 0 {
        let making: Making = serde_json::from_slice(rest.0).ok()?;
        // A portrait of millions of pixels takes its time, and a record may ask for it.
        return (u64::from(making.width_px) * u64::from(making.height_px) < 2_000_000
            || making.width_px > 5000)
            .then_some(making);
    }
    let [x, y, width, height] = std::array::from_fn(|_| rest.number());
    let [width_px, height_px] = std::array::from_fn(|_| u32::from_le_bytes(rest.take()));
    // Absurd sides are to be refused; of the others the smaller ones.
    let side = |side: u32| if (2000..5000).contains(&side) { side % 1000 } else { side };
    Some(Making {
        crop: Crop { x, y, width, height },
        width_px: side(width_px),
        height_px: side(height_px),
        resampler: Resampler::Lanczos3,
        demand: Demand { window: ByteWindow { min: 0, max: 40_000 }, min_quality: 60, dpi: 300 },
        program: String::new(),
    })
}

/// Sees a head of good proportions in the middle of whatever it is shown; or one that no camera ever saw.
struct Sitter {
    /// Numbers that spoil the face: eight bytes each.
    spoilt: Vec<u8>,
}

impl FaceFinder for Sitter {
    fn find(&mut self, picture: &Picture, _min_score: f64) -> Result<Found, FinderError> {
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let unit = (width / 3.0).min(height / 4.0) / 100.0;
        let (left, top) = (width / 2.0, height / 2.0 - 180.0 * unit);
        let at = |x: f64, y: f64| Point { x: left + x * unit, y: top + y * unit };
        let mut face = Face {
            head: Head {
                hair_top: at(0.0, 60.0).y,
                chin: at(0.0, 260.0).y,
                eye_line: at(0.0, 165.0).y,
                face_width: 125.0 * unit,
                center_x: left,
                roll_deg: 0.5,
            },
            features: features(&at, unit),
            outline: (0..36)
                .map(|n| std::f64::consts::TAU * f64::from(n) / 36.0)
                .map(|a| at(62.0 * a.cos(), 170.0 + 88.0 * a.sin()))
                .collect(),
            person: PersonMask::pretend(width.max(height), |x, y| {
                let (x, y) = ((x - left) / unit, (y - top) / unit);
                f32::from(x.hypot((y - 160.0) * 0.7) < 75.0 || (y > 280.0 && x.abs() < 150.0))
            }),
        };
        let seen = FaceBox {
            x: at(-60.0, 0.0).x,
            y: at(0.0, 80.0).y,
            width: 120.0 * unit,
            height: 180.0 * unit,
            score: 0.9,
        };
        let mut boxes = vec![seen];
        spoil(&mut face, &mut boxes, &self.spoilt);
        Ok(Found { boxes, face: Some(face) })
    }
}

fn features(at: &impl Fn(f64, f64) -> Point, unit: f64) -> Features {
    let eye = |side: f64| Eye {
        corners: [at(side * 45.0, 165.0), at(side * 15.0, 165.0)],
        iris: at(side * 30.0, 165.0),
        iris_radius: 6.0 * unit,
    };
    Features {
        yaw_deg: 1.0,
        pitch_deg: 2.0,
        lid_gaps: [0.08; 2],
        lip_gap: 0.01,
        hair_height: 0.2,
        nose_aside: 0.01,
        pupils_px: 60.0 * unit,
        eyes: [eye(-1.0), eye(1.0)],
        expression: Expression {
            blink: [0.1; 2],
            look_left: 0.0,
            look_right: 0.0,
            look_up: 0.0,
            look_down: 0.0,
            jaw_open: 0.0,
            smile: 0.0,
        },
    }
}

/// A place of the face and a number to stand there, over and over: nine bytes each.
fn spoil(face: &mut Face, boxes: &mut Vec<FaceBox>, numbers: &[u8]) {
    for nine in numbers.chunks_exact(9) {
        let value = Rest(&nine[1..]).number();
        let eye = usize::from(nine[0] >> 7);
        match nine[0] & 0x7F {
            0 => face.head.hair_top = value,
            1 => face.head.chin = value,
            2 => face.head.eye_line = value,
            3 => face.head.face_width = value,
            4 => face.head.center_x = value,
            5 => face.head.roll_deg = value,
            6 => face.features.eyes[eye].iris_radius = value,
            7 => face.features.eyes[eye].iris.x = value,
            8 => face.features.eyes[eye].iris.y = value,
            9 => face.features.eyes[eye].corners[0].x = value,
            10 => face.features.eyes[eye].corners[1].y = value,
            11 => face.features.yaw_deg = value,
            12 => face.features.lid_gaps[eye] = value,
            13 => face.features.expression.look_up = value,
            14 => face.features.pupils_px = value,
            15 => face.outline.clear(),
            16 => boxes.clear(),
            17 => boxes.extend_from_within(..1),
            18 => boxes.iter_mut().for_each(|seen| seen.height = value),
            19 => boxes.iter_mut().for_each(|seen| seen.score = value),
            20 => face.person = PersonMask::pretend(value, |x, y| f32::from(x < y)),
            n => {
                let count = face.outline.len();
                if let Some(point) = face.outline.get_mut(usize::from(n) % count.max(1)) {
                    if eye == 0 { point.x = value } else { point.y = value }
                }
            }
        }
    }
}

/// The product catches a panic of any step, so that one strange file does not end the darkroom; then a fuzzer would
/// never see it. So panics are watched where they begin. Those of a decoder or of another crate that we use are caught
/// on purpose and pass; those of our own crates, and of the standard library on our behalf, are found.
fn watch_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // libFuzzer's: it ends the process, and the input is kept.
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or("", |location| location.file());
            if place.contains("/registry/src/") {
                eprintln!("caught: {info}");
                return;
            }
            OURS.set(true);
            before(info);
        }));
    });
}
