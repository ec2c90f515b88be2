//! From a file to a portrait: the windows hold, nothing is turned or mirrored, bad files are refused in words.

use caiying::{
    language::Language,
    portrait::{
        Colours, Decline, DecodeError, Enlarging, FaceFinder, Found, FrameError, LONGEST_SIDE, Making,
        ModelFinder, Named, Picture, Portrait, PretendFinder, Resampler, Verdict, decode, develop, markers,
        remake,
    },
    profile::{Profile, builtin_names},
};
use image::{
    RgbImage,
    imageops::{FilterType, flip_horizontal, resize, rotate90, rotate270},
};

use crate::sitter::{Seat, cloth, jpeg, sit, well_seated};

const TEXT: Named = Named { zh: "文本", en: "text" };

fn profile(name: &str) -> Profile {
    Profile::builtin(name).unwrap()
}

fn developed(file: &[u8]) -> Result<Portrait, Decline> {
    let mut finder = ModelFinder::new().unwrap();
    develop(file, &profile("chsi_2017_99"), &mut finder, Enlarging::Forbidden).outcome
}

/// The file with an EXIF orientation, as a camera that was held on its side writes it.
pub(crate) fn held(file: &[u8], orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend(orientation.to_le_bytes());
    exif.extend([0; 6]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&[0xff, 0xd8, 0xff, 0xe1], &length[..], &exif, &file[2..]].concat()
}

#[test]
fn a_sitter_becomes_a_portrait_inside_every_window() {
    let portrait = developed(&jpeg(&well_seated())).unwrap();
    assert!(portrait.is_acceptable(), "{:?}", portrait.findings);
    let face = portrait.placement.face;
    // What a person reads on the cut-out, in portrait pixels: 519 px of head became 378.
    let scale = 378.0 / 519.0;
    assert!((face.hair_top - 68.0).abs() < 1e-6 && (face.chin - 446.0).abs() < 1e-6, "{face:?}");
    assert!((portrait.placement.scale / scale - 1.0).abs() < 0.02, "{}", portrait.placement.scale);
    assert!((206.0..=294.0).contains(&face.eyes) && (186.0..=294.0).contains(&face.width), "{face:?}");
    let crop = portrait.placement.crop;
    let centre = crop.x + crop.width / 2.0;
    assert!((centre - (219.0 + 489.0)).abs() < 12.0, "the face is in the middle: {centre}");
}

/// A camera's large file is opened only as far as needed: the face is found in an eighth of it, and only the crop is
/// decoded. That must not be seen in anything that comes of it.
#[test]
fn a_large_file_gives_what_the_whole_of_it_gives() {
    let large = made_larger(9_000_000.0);
    let mut finder = ModelFinder::new().unwrap();
    for (stored, orientation) in [(large.clone(), 1), (rotate270(&large), 6), (rotate90(&large), 8)] {
        let file = held(&jpeg(&stored), orientation);
        let made = develop(&file, &profile("chsi_2017_99"), &mut finder, Enlarging::Forbidden);
        let (head, portrait) = (made.head.unwrap(), made.outcome.unwrap());
        let whole = decode(&file).unwrap();
        let expected = finder.find(&whole, 0.6).unwrap().face.unwrap().head;
        let (height, off) = (expected.chin - expected.hair_top, |a: f64, b: f64| (a - b).abs());
        let far = [
            off(head.hair_top, expected.hair_top),
            off(head.chin, expected.chin),
            off(head.eye_line, expected.eye_line),
            off(head.center_x, expected.center_x),
            off(head.face_width, expected.face_width),
        ];
        assert!(far.iter().all(|far| *far < 0.01 * height), "orientation {orientation}: {far:?} of {height}");
        assert!(difference(&portrait, &large) < 4.0, "orientation {orientation}: the right part, upright");
        assert_eq!(remake(&file, &portrait.making).unwrap(), *portrait.jpeg, "orientation {orientation}");
    }
}

/// A sitter so near a camera with so many pixels that half of them are enough: the same portrait, made again to the
/// bit, and whoever holds a record that says all pixels were taken gets that one.
#[test]
fn a_crop_of_many_pixels_is_made_from_half_of_them() {
    let large = made_larger(30_000_000.0);
    let file = held(&jpeg(&rotate270(&large)), 6);
    let mut finder = ModelFinder::new().unwrap();
    let portrait =
        develop(&file, &profile("chsi_2017_99"), &mut finder, Enlarging::Forbidden).outcome.unwrap();
    assert_eq!(portrait.making.resampler, Resampler::HalfThenLanczos3);
    assert!(difference(&portrait, &large) < 4.0, "the right part, upright");
    assert_eq!(remake(&file, &portrait.making).unwrap(), *portrait.jpeg);
    let from_all = Making { resampler: Resampler::Lanczos3, ..(*portrait.making).clone() };
    let (half, all) = (decode(&portrait.jpeg).unwrap(), decode(&remake(&file, &from_all).unwrap()).unwrap());
    let apart = half.pixels.iter().zip(&all.pixels).map(|(one, other)| u32::from(one.abs_diff(*other)));
    let mean = f64::from(apart.sum::<u32>()) / half.pixels.len() as f64;
    assert!(mean > 0.0 && mean < 1.0, "{mean} levels");
    // A small file has no half.
    let small = jpeg(&well_seated());
    assert!(matches!(remake(&small, &portrait.making), Err(Decline::Darkroom(_))));
}

#[expect(clippy::disallowed_methods, reason = "the test frame is made larger once")]
fn made_larger(pixels: f64) -> RgbImage {
    let frame = well_seated();
    let factor = (pixels / f64::from(frame.width() * frame.height())).sqrt();
    let side = |length: u32| (f64::from(length) * factor) as u32;
    resize(&frame, side(frame.width()), side(frame.height()), FilterType::Triangle)
}

/// Held against the file itself, not against what we say of it.
#[test]
fn the_file_is_what_the_ministry_asks_for_and_nothing_else() {
    for name in builtin_names() {
        let profile = profile(name);
        let mut finder = ModelFinder::new().unwrap();
        let made = develop(&held(&jpeg(&well_seated()), 1), &profile, &mut finder, Enlarging::Forbidden);
        let portrait = made.outcome.unwrap();
        let (least, most) = profile.photo.bytes();
        assert!((least..=most).contains(&portrait.jpeg.len()), "{name}: {}", portrait.jpeg.len());
        let read = markers(&portrait.jpeg).unwrap();
        assert_eq!((read.width, read.height, read.dpi), (480, 640, Some((300, 300))), "{name}");
        assert_eq!((read.baseline, read.scans, read.components, read.trailing), (true, 1, 3, 0), "{name}");
        assert_eq!(read.luma_sampling, (2, 2), "{name}");
        assert!(read.quality.unwrap() >= 60 && read.quality == Some(portrait.quality), "{name}: {read:?}");
        let app_or_comment = |marker: &&u8| (0xe1..=0xef).contains(*marker) || **marker == 0xfe;
        assert_eq!(read.segments.iter().find(app_or_comment), None, "{name}: no metadata is carried over");
        let pixels = image::load_from_memory(&portrait.jpeg).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (480, 640), "{name}");
    }
}

/// Mean difference, 0 to 255, between a portrait and its crop of the frame, taken point by point.
pub(crate) fn difference(portrait: &Portrait, frame: &RgbImage) -> f64 {
    let pixels = image::load_from_memory(&portrait.jpeg).unwrap().into_rgb8();
    let (crop, scale) = (portrait.placement.crop, portrait.placement.scale);
    let mut sum = 0.0;
    for (x, y, pixel) in pixels.enumerate_pixels() {
        let from = |at: u32, start: f64| (start + (f64::from(at) + 0.5) / scale) as u32;
        let source =
            frame.get_pixel(from(x, crop.x).min(frame.width() - 1), from(y, crop.y).min(frame.height() - 1));
        let apart = pixel.0.iter().zip(source.0).map(|(a, b)| f64::from(a.abs_diff(b)));
        sum += apart.sum::<f64>() / 3.0;
    }
    sum / f64::from(pixels.width() * pixels.height())
}

#[test]
fn nothing_is_mirrored_or_turned() {
    let frame = well_seated();
    let portrait = developed(&jpeg(&frame)).unwrap();
    let (straight, mirrored) =
        (difference(&portrait, &frame), difference(&portrait, &flip_horizontal(&frame)));
    assert!(straight < 4.0, "{straight}");
    assert!(mirrored > 4.0 * straight, "this test would notice a mirror: {straight} and {mirrored}");
}

#[test]
fn a_camera_held_on_its_side_gives_the_same_portrait() {
    let frame = well_seated();
    let upright = developed(&jpeg(&frame)).unwrap();
    for (stored, orientation) in [(rotate270(&frame), 6), (rotate90(&frame), 8)] {
        let portrait = developed(&held(&jpeg(&stored), orientation)).unwrap();
        assert!(difference(&portrait, &frame) < 4.0, "orientation {orientation}");
        let moved = (portrait.placement.crop.x - upright.placement.crop.x).abs();
        assert!(moved < 3.0, "orientation {orientation} moved the crop by {moved} px");
    }
    let wrong = developed(&jpeg(&rotate90(&frame)));
    assert!(
        wrong.is_err() || wrong.is_ok_and(|portrait| !portrait.is_acceptable()),
        "a head on its side is no portrait"
    );
}

#[test]
fn who_cannot_be_framed_is_declined_in_words() {
    let two = {
        let mut frame = cloth(2400, 1100);
        sit(&mut frame, Seat { x: 219, y: 233 });
        sit(&mut frame, Seat { x: 1300, y: 233 });
        frame
    };
    let seated = |width, height, seat| {
        let mut frame = cloth(width, height);
        sit(&mut frame, seat);
        frame
    };
    let cases = [
        (cloth(1400, 1100), vec!["no_face"]),
        (two, vec!["many_faces"]),
        (seated(1400, 900, Seat { x: 219, y: 20 }), vec!["no_room_above"]),
        (seated(1400, 800, Seat { x: 219, y: 233 }), vec!["no_room_below"]),
        (seated(1400, 1100, Seat { x: -240, y: 233 }), vec!["no_room_left"]),
        (seated(1400, 1100, Seat { x: 700, y: 233 }), vec!["no_room_right"]),
        (seated(1400, 1000, Seat { x: 219, y: -120 }), vec!["hair_out_of_sight", "no_room_above"]),
        (image::imageops::thumbnail(&well_seated(), 560, 440), vec!["too_far"]),
    ];
    for (frame, reasons) in cases {
        let why = developed(&jpeg(&frame)).expect_err(reasons[0]);
        assert!(reasons.contains(&why.slug()), "{why:?} is none of {reasons:?}");
        let advice = why.advice();
        assert!(!advice.zh.is_empty() && !advice.en.is_empty(), "{why:?}");
    }
}

#[test]
fn what_is_enlarged_for_measuring_can_never_be_kept() {
    let small = jpeg(&image::imageops::thumbnail(&well_seated(), 560, 440));
    let mut finder = ModelFinder::new().unwrap();
    let made = develop(&small, &profile("chsi_2017_99"), &mut finder, Enlarging::ForMeasuring);
    let portrait = made.outcome.unwrap();
    assert!(portrait.is_enlarged() && !portrait.is_acceptable());
}

#[test]
fn every_bad_file_is_refused_with_its_reason() {
    let good = jpeg(&well_seated());
    let huge = {
        let mut huge = good.clone();
        let frame = huge.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
        huge[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        huge
    };
    let png = {
        let mut png = std::io::Cursor::new(Vec::new());
        cloth(8, 8).write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    };
    let cases: [(&str, &[u8], DecodeError, &str); 9] = [
        ("empty", b"", DecodeError::Empty, "文件是空的"),
        ("text", "你好".as_bytes(), DecodeError::NotJpeg { found: TEXT }, "文本"),
        (
            "a PNG named .jpg",
            &png,
            DecodeError::NotJpeg { found: Named { zh: "PNG 图片", en: "a PNG" } },
            "像是 PNG 图片",
        ),
        ("truncated", &good[..good.len() * 2 / 3], DecodeError::Truncated, "没有传完整"),
        ("only its start", &good[..2], DecodeError::Truncated, "没有传完整"),
        ("65,500 px", &huge, DecodeError::TooLarge { width: 65_500, height: 65_500 }, "65500×65500"),
        (
            "CMYK",
            include_bytes!("../fixtures/jpeg/cmyk.jpg"),
            DecodeError::Unsupported { kind: Named { zh: "CMYK 颜色", en: "in CMYK" } },
            "CMYK",
        ),
        (
            "arithmetic",
            include_bytes!("../fixtures/jpeg/arithmetic.jpg"),
            DecodeError::Unsupported { kind: Named { zh: "算术编码", en: "arithmetic-coded" } },
            "算术编码",
        ),
        ("noise", &[0x5a; 4000], DecodeError::NotJpeg { found: TEXT }, "JPEG"),
    ];
    for (what, file, reason, words) in cases {
        let why = developed(file).expect_err(what);
        assert_eq!(why, Decline::Unreadable(reason), "{what}");
        let advice = why.advice();
        assert!(advice.in_language(Language::Chinese).contains(words), "{what}: {advice:?}");
    }
    for (what, file) in [
        ("progressive", &include_bytes!("../fixtures/jpeg/progressive.jpg")[..]),
        ("grey", include_bytes!("../fixtures/jpeg/grey.jpg")),
        ("restart markers", include_bytes!("../fixtures/jpeg/restart.jpg")),
    ] {
        assert_eq!(decode(file).map(|picture| (picture.width, picture.height)), Ok((64, 64)), "{what}");
    }
    const { assert!(LONGEST_SIDE < 65_500) };
}

/// Whatever a cable or a card does to a file: an answer, never a panic.
#[test]
fn a_file_with_any_byte_flipped_gives_an_answer() {
    let good = jpeg(&image::imageops::thumbnail(&well_seated(), 140, 110));
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..3_000 {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let mut bad = good.clone();
        let at = dice as usize % bad.len();
        bad[at] ^= 1 << (dice >> 61);
        if let Ok(picture) = decode(&bad) {
            assert_eq!(picture.pixels.len(), 3 * picture.width as usize * picture.height as usize);
        }
    }
}

/// The finder's twin: the rest of the pipeline with nothing but what a test says was seen.
#[test]
fn a_face_whose_hair_cannot_be_seen_is_declined() {
    let found = ModelFinder::new().unwrap().find(&decode(&jpeg(&well_seated())).unwrap(), 0.6).unwrap();
    assert!(found.face.is_some());
    let mut blind = PretendFinder { found: Found { face: None, ..found.clone() } };
    let standard = profile("chsi_2017_99");
    let why =
        develop(&jpeg(&well_seated()), &standard, &mut blind, Enlarging::Forbidden).outcome.unwrap_err();
    assert_eq!(why, Decline::HairOutOfSight);
    let mut far = PretendFinder { found: found.clone() };
    far.found.boxes[0].height = 30.0;
    let why = develop(&jpeg(&well_seated()), &standard, &mut far, Enlarging::Forbidden).outcome.unwrap_err();
    assert_eq!(why, Decline::Frame(FrameError::TooFar));
}

#[test]
fn when_floor_and_window_conflict_it_says_so() {
    let mut narrow = profile("tender_graduates");
    narrow.photo.min_quality = 97;
    let mut finder = ModelFinder::new().unwrap();
    let why = develop(&jpeg(&well_seated()), &narrow, &mut finder, Enlarging::Forbidden).outcome.unwrap_err();
    assert_eq!(why.slug(), "size_conflict");
    assert!(why.to_string().contains("at the lowest quality allowed, 97"), "{why}");
}

#[test]
fn a_blurred_or_leaning_sitter_is_made_but_not_acceptable() {
    let frame = well_seated();
    let blurred = image::imageops::fast_blur(&frame, 6.0);
    let portrait = developed(&jpeg(&blurred)).unwrap();
    assert!(portrait.failed_checks().any(|check| check == "focus"), "{:?}", portrait.findings);
    assert_eq!(portrait.verdict(), Verdict::Fail);
}

#[test]
fn the_models_are_the_vendored_ones() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let mut seen = 0;
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert_eq!(caiying::shot::Digest::of(&bytes).to_string(), sum, "{name}");
        seen += 1;
    }
    assert!(seen >= 4);
    let empty = Picture { width: 64, height: 64, pixels: vec![90; 64 * 64 * 3], colours: Colours::Srgb };
    let found = ModelFinder::new().unwrap().find(&empty, 0.6).unwrap();
    assert!(found.boxes.is_empty() && found.face.is_none(), "a grey wall has no face");
}
