//! Before the shutter: what live view says is to be mended, of heads that are only numbers and of people who sit there.

use std::time::Instant;

use caiying::{
    portrait::{
        Answer, CHECKS, Colours, CropShare, Expression, Eye, Face, FaceBox, FaceFinder as _, Features, Found,
        Head, LiveHint, ModelFinder, PersonMask, Picture, Point, Verdict, advise, glance,
    },
    profile::Profile,
};
use image::{
    RgbImage,
    imageops::{self, FilterType},
};

use crate::sitter::{self, Seat};

/// A frame of live view, as the cameras measured send them.
const FRAME: (u32, u32) = (960, 640);

fn standard() -> Profile {
    Profile::builtin("chsi_2017_99").unwrap()
}

/// Somebody who sits as he should: head in the middle, straight, eyes open, lips closed.
fn well() -> Face {
    let eye = Eye { corners: [Point::default(); 2], iris: Point::default(), iris_radius: 4.0 };
    let head = Head {
        hair_top: 150.0,
        chin: 400.0,
        eye_line: 282.0,
        face_width: 150.0,
        center_x: 480.0,
        roll_deg: 1.0,
    };
    let features = Features {
        yaw_deg: 2.0,
        pitch_deg: standard().checks.pitch_zero_deg + 2.0,
        lid_gaps: [0.06, 0.07],
        lip_gap: 0.01,
        hair_height: 0.3,
        nose_aside: 0.02,
        pupils_px: 70.0,
        eyes: [eye; 2],
        expression: Expression {
            blink: [0.1; 2],
            look_left: 0.1,
            look_right: 0.1,
            look_up: 0.1,
            look_down: 0.1,
            jaw_open: 0.02,
            smile: 0.2,
        },
    };
    Face { head, features, outline: vec![], person: PersonMask::pretend(640.0, |_, _| 0.0) }
}

fn face_box(height: f64) -> FaceBox {
    FaceBox { x: 400.0, y: 200.0, width: 0.8 * height, height, score: 0.9 }
}

fn said(boxes: Vec<FaceBox>, face: Option<Face>) -> Option<LiveHint> {
    let profile = standard();
    advise(&Found { boxes, face }, FRAME, &profile, profile.checks.pitch_zero_deg)
}

/// What is said of a face with something wrong.
fn with(change: impl Fn(&mut Face)) -> Option<LiveHint> {
    let mut face = well();
    change(&mut face);
    said(vec![face_box(180.0)], Some(face))
}

/// The head moved by so many pixels.
fn moved(head: &mut Head, x: f64, y: f64) {
    (head.hair_top, head.chin, head.eye_line) = (head.hair_top + y, head.chin + y, head.eye_line + y);
    head.center_x += x;
}

#[test]
fn each_fault_has_its_hint() {
    assert_eq!(with(|_| {}), None);
    assert_eq!(said(vec![], None), Some(LiveHint::Nobody));
    assert_eq!(said(vec![face_box(180.0), face_box(170.0)], Some(well())), Some(LiveHint::Others));
    assert_eq!(said(vec![face_box(180.0), face_box(40.0)], Some(well())), None, "somebody in the queue");
    assert_eq!(said(vec![face_box(70.0)], Some(well())), Some(LiveHint::Closer));
    assert_eq!(said(vec![face_box(180.0)], None), Some(LiveHint::WholeHair));

    let at = |x: f64, y: f64| with(|face| moved(&mut face.head, x, y));
    assert_eq!(at(0.0, -140.0), Some(LiveHint::CameraUp));
    assert_eq!(at(0.0, 230.0), Some(LiveHint::CameraDown));
    assert_eq!(at(-400.0, 0.0), Some(LiveHint::SitLeft), "the left of the picture is his right");
    assert_eq!(at(400.0, 0.0), Some(LiveHint::SitRight));
    let large = |head: &mut Head| {
        *head = Head { hair_top: 20.0, chin: 520.0, eye_line: 284.0, face_width: 300.0, ..*head };
    };
    assert_eq!(
        with(|face| large(&mut face.head)),
        Some(LiveHint::Back),
        "no camera can be moved so that it fits"
    );
    assert_eq!(with(|face| face.head.eye_line = 350.0), Some(LiveHint::FlatterHair));
    assert_eq!(with(|face| face.head.chin = 100.0), None, "no such head: not known is no fault");

    assert_eq!(with(|face| face.features.yaw_deg = 9.0), Some(LiveHint::TurnRight));
    assert_eq!(with(|face| face.features.yaw_deg = -9.0), Some(LiveHint::TurnLeft));
    assert_eq!(with(|face| face.features.pitch_deg += 11.0), Some(LiveHint::ChinIn));
    assert_eq!(with(|face| face.features.pitch_deg -= 13.0), Some(LiveHint::ChinUp));
    assert_eq!(with(|face| face.head.roll_deg = 6.0), Some(LiveHint::LeanRight));
    assert_eq!(with(|face| face.head.roll_deg = -6.0), Some(LiveHint::LeanLeft));

    let shut = |face: &mut Face| {
        (face.features.lid_gaps, face.features.expression.blink) = ([0.06, 0.01], [0.2, 0.8]);
    };
    assert_eq!(with(shut), Some(LiveHint::OpenEyes));
    assert_eq!(with(|face| face.features.lid_gaps = [0.02; 2]), None, "narrow eyes are open");
    assert_eq!(with(|face| face.features.lip_gap = 0.1), Some(LiveHint::CloseLips));
    assert_eq!(with(|face| face.features.expression.jaw_open = 0.5), Some(LiveHint::CloseLips));
    assert_eq!(with(|face| face.features.yaw_deg = f64::NAN), None, "not known is no fault");
}

#[test]
fn what_must_be_mended_first_is_said_first() {
    let everything = |face: &mut Face| {
        moved(&mut face.head, -400.0, 0.0);
        (face.features.yaw_deg, face.head.roll_deg, face.features.lip_gap) = (20.0, 20.0, 0.3);
        face.features.pitch_deg += 30.0;
        (face.features.lid_gaps, face.features.expression.blink) = ([0.01; 2], [0.9; 2]);
    };
    let mend: [fn(&mut Face); 5] = [
        |face| moved(&mut face.head, 400.0, 0.0),
        |face| face.features.yaw_deg = 0.0,
        |face| face.features.pitch_deg = standard().checks.pitch_zero_deg,
        |face| face.head.roll_deg = 0.0,
        |face| face.features.lid_gaps = [0.06; 2],
    ];
    let wanted = [
        LiveHint::SitLeft,
        LiveHint::TurnRight,
        LiveHint::ChinIn,
        LiveHint::LeanRight,
        LiveHint::OpenEyes,
        LiveHint::CloseLips,
    ];
    for (mended, hint) in wanted.into_iter().enumerate() {
        let what = with(|face| {
            everything(face);
            mend.iter().take(mended).for_each(|mend| mend(face));
        });
        assert_eq!(what, Some(hint));
    }
}

#[test]
fn the_words_are_short_enough_to_be_read_from_afar() {
    for hint in LiveHint::ALL {
        let words = hint.words();
        assert!((4..=7).contains(&words.zh.chars().count()), "{}", words.zh);
        assert!(words.en.chars().count() <= 26, "{}", words.en);
    }
}

/// A school that lets a face be turned as far as the fixture's.
pub(crate) fn lenient() -> Profile {
    let mut profile = standard();
    profile.checks.yaw_deg.warn = 14.0;
    profile
}

/// As the prompter gets it: 960 pixels on the longer side.
#[expect(clippy::disallowed_methods, reason = "one small frame a test")]
fn seen(frame: &RgbImage) -> Picture {
    let side = f64::from(frame.width().max(frame.height())) / 960.0;
    let small = |length: u32| (f64::from(length) / side).round() as u32;
    let frame = imageops::resize(frame, small(frame.width()), small(frame.height()), FilterType::Triangle);
    let (width, height) = frame.dimensions();
    Picture { width, height, pixels: frame.into_raw(), colours: Colours::Srgb }
}

/// The person with the cut-out's corner here, in a frame of this size.
fn sitting(width: u32, height: u32, x: i64, y: i64) -> RgbImage {
    let mut frame = sitter::cloth(width, height);
    sitter::sit(&mut frame, Seat { x, y });
    frame
}

/// The same frame leaning by an angle, around its middle; positive turns it clockwise.
pub(crate) fn leaning(frame: &RgbImage, degrees: f64) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    RgbImage::from_fn(frame.width(), frame.height(), |x, y| {
        let (dx, dy) = (f64::from(x) - width / 2.0, f64::from(y) - height / 2.0);
        let (x, y) = (cos * dx + sin * dy + width / 2.0, cos * dy - sin * dx + height / 2.0);
        let inside = |at: f64, end: f64| at.clamp(0.0, end - 1.0) as u32;
        *frame.get_pixel(inside(x, width), inside(y, height))
    })
}

#[test]
fn people_are_told_what_they_see_themselves() {
    // The person of the fixture is turned by some degrees and leans by five: a school that does not mind.
    let (mut finder, profile) = (ModelFinder::new().unwrap(), lenient());
    let mut told =
        |frame: &RgbImage| glance(&seen(frame), &profile, profile.checks.pitch_zero_deg, &mut finder);
    let mut two = sitting(2400, 1100, 0, 233);
    sitter::sit(&mut two, Seat { x: 1300, y: 233 });
    for (what, frame, wanted) in [
        ("well seated", sitter::well_seated(), None),
        ("nobody", sitter::cloth(1400, 1100), Some(LiveHint::Nobody)),
        ("two", two, Some(LiveHint::Others)),
        ("far", sitting(6600, 4600, 2800, 2150), Some(LiveHint::Closer)),
        ("cut off", sitting(1400, 1100, 219, -60), Some(LiveHint::CameraUp)),
        ("high", sitting(1400, 1100, 219, 0), Some(LiveHint::CameraUp)),
        ("at the left edge", sitting(1400, 1100, -280, 233), Some(LiveHint::SitLeft)),
        ("at the right edge", sitting(1400, 1100, 700, 233), Some(LiveHint::SitRight)),
        ("near", sitting(900, 720, -40, 60), Some(LiveHint::Back)),
        ("leaning", leaning(&sitter::well_seated(), 17.0), Some(LiveHint::LeanRight)),
        ("leaning the other way", leaning(&sitter::well_seated(), -10.0), Some(LiveHint::LeanLeft)),
    ] {
        let told = told(&frame);
        assert_eq!(told.hint, wanted, "{what}");
        // Wherever a portrait can be cut, it is shown where: whole, with the sitter in its middle.
        assert!(told.crop.is_some() || wanted.is_some(), "{what}");
        if let Some(CropShare { left, top, width, height }) = told.crop {
            let inside = left >= 0.0 && top >= 0.0 && left + width <= 1.0 && top + height <= 1.0;
            let across = width * frame.width() as f32 / (height * frame.height() as f32);
            assert!(inside && (across - 0.75).abs() < 0.01, "{what}: {:?}", told.crop);
        }
    }
}

/// Whose left eye is the lower one leans to the left shoulder, and is sent towards the right one, in live view as on
/// the portrait: sides are the sitter's own.
#[test]
fn a_head_is_sent_away_from_the_shoulder_that_it_leans_to() {
    let (mut finder, profile) = (ModelFinder::new().unwrap(), lenient());
    let roll = CHECKS.iter().find(|check| check.name() == "roll").unwrap();
    for (degrees, away, side) in [(17.0, "右肩", "right"), (-10.0, "左肩", "left")] {
        let frame = seen(&leaning(&sitter::well_seated(), degrees));
        let face = finder.find(&frame, 0.6).unwrap().face.unwrap();
        let [right, left] = face.features.eyes.map(|eye| eye.iris);
        assert!(right.x < left.x, "the sitter's right is on the left of the picture");
        assert_eq!(left.y > right.y, side == "right", "the eye towards the other shoulder is the lower one");
        let hint = glance(&frame, &profile, profile.checks.pitch_zero_deg, &mut finder).hint.unwrap().words();
        let answer = Answer { verdict: Verdict::Fail, value: face.head.roll_deg, limit: String::new() };
        for told in [hint, roll.sitter(&answer).unwrap(), roll.advice(&answer)] {
            assert!(told.zh.contains(away) && told.en.contains(side), "{degrees}: {told:?}");
        }
    }
}

/// `cargo test --release --test it -- --ignored --nocapture a_glance_costs`.
#[test]
#[ignore = "it measures"]
fn a_glance_costs_little() {
    let (mut finder, frame) = (ModelFinder::new().unwrap(), seen(&sitter::well_seated()));
    let mut timed = |what: &str, look: &mut dyn FnMut(&mut ModelFinder)| {
        look(&mut finder);
        let (began, times) = (Instant::now(), 60);
        (0..times).for_each(|_| look(&mut finder));
        let ms = began.elapsed().as_secs_f64() * 1000.0 / f64::from(times);
        eprintln!("{what}: {ms:.1} ms a frame of {} px; at 10 a second {:.0} % of a core", frame.width, ms);
    };
    timed("glance", &mut |finder| drop(finder.glance(&frame, 0.6).unwrap()));
    timed("find", &mut |finder| drop(finder.find(&frame, 0.6).unwrap()));
}

/// `FACES=folder cargo test --test it -- --ignored --nocapture a_glance_agrees`: frames as the prompter gets them,
/// looked at closely and at a glance.
#[test]
#[ignore = "it measures, on faces that are not in the repository"]
fn a_glance_agrees_with_a_look() {
    let (mut finder, profile) = (ModelFinder::new().unwrap(), standard());
    let zero = profile.checks.pitch_zero_deg;
    let mut files: Vec<_> = std::fs::read_dir(std::env::var("FACES").unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    files.sort();
    for file in files {
        let frame = seen(&image::open(&file).unwrap().into_rgb8());
        let size = (frame.width, frame.height);
        let (look, glance) = (finder.find(&frame, 0.6).unwrap(), finder.glance(&frame, 0.6).unwrap());
        let hints = [&look, &glance].map(|found| advise(found, size, &profile, zero));
        let told = |found: &Found| {
            found.face.as_ref().map(|face| {
                let features = &face.features;
                let gap = features.lid_gaps[0].min(features.lid_gaps[1]);
                let blink = features.expression.blink[0].max(features.expression.blink[1]);
                [
                    features.yaw_deg,
                    features.pitch_deg - zero,
                    face.head.roll_deg,
                    gap,
                    blink,
                    features.lip_gap,
                ]
                .map(|value| (value * 100.0).round() / 100.0)
            })
        };
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        eprintln!("{name} {hints:?} {:?} {:?}", told(&look), told(&glance));
    }
}
