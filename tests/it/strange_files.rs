//! Files as few cameras write them, and files that were hurt on the way: the same portrait as ever, or a word of why not.

use caiying::{
    language::Language,
    portrait::{
        Decline, DecodeError, Enlarging, FaceFinder as _, Found, ModelFinder, Negative, Portrait,
        PretendFinder, Unsupported, decode, develop, remake,
    },
    profile::Profile,
};
use image::{
    RgbImage,
    imageops::{
        FilterType, flip_horizontal, flip_vertical, grayscale, resize, rotate90, rotate180, rotate270,
    },
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::{
    portraits::{difference, held},
    sitter::{jpeg, well_seated},
};

/// Sides of a frame that is opened as a negative. Whole blocks, so that its eighth is the same however it is turned.
const LARGE: (u32, u32) = (3392, 2656);

#[expect(clippy::disallowed_methods, reason = "the test frame is made larger once")]
fn large() -> RgbImage {
    resize(&well_seated(), LARGE.0, LARGE.1, FilterType::Triangle)
}

/// What the networks see in a frame at a size; looked for once.
fn seen_at(frame: &RgbImage, (width, height): (u32, u32)) -> PretendFinder {
    let shown = image::imageops::thumbnail(frame, width, height);
    let found = ModelFinder::new().unwrap().find(&decode(&jpeg(&shown)).unwrap(), 0.6).unwrap();
    assert!(found.face.is_some());
    PretendFinder { found }
}

/// What develops a frame of the usual size, and what a large one, of which the eighth is shown.
fn finders() -> (PretendFinder, PretendFinder) {
    let frame = well_seated();
    (seen_at(&frame, frame.dimensions()), seen_at(&frame, (LARGE.0 / 8, LARGE.1 / 8)))
}

fn developed(file: &[u8], finder: &mut PretendFinder) -> Result<Portrait, Decline> {
    let made = develop(file, &Profile::builtin("chsi_2017_99").unwrap(), finder, Enlarging::Forbidden);
    if let Ok(portrait) = &made.outcome {
        assert_eq!(remake(file, &portrait.making).unwrap(), *portrait.jpeg);
    }
    made.outcome
}

/// Baseline, 4:2:2, as most cameras write.
fn written(frame: &RgbImage, change: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 92);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_2);
    change(&mut encoder);
    encoder.encode(frame, frame.width() as u16, frame.height() as u16, ColorType::Rgb).unwrap();
    file
}

fn place(file: &[u8], marker: u8) -> usize {
    file.windows(2).position(|two| two == [0xFF, marker]).unwrap()
}

/// The file with a segment behind its first two bytes.
fn with_segment(file: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&file[..2], &[0xFF, marker], &length[..], body, &file[2..]].concat()
}

/// An EXIF block whose second directory is a small picture, a whole JPEG file with markers of its own.
fn with_thumbnail(file: &[u8], frame: &RgbImage) -> Vec<u8> {
    let small = written(&image::imageops::thumbnail(frame, 160, 120), |_| {});
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\x1a".to_vec();
    exif.extend(*b"\0\x02\x02\x01\0\x04\0\0\0\x01\0\0\0\x38\x02\x02\0\x04\0\0\0\x01");
    exif.extend((small.len() as u32).to_be_bytes());
    exif.extend([0; 4]);
    with_segment(file, 0xE1, &[exif, small].concat())
}

/// The same pixels, written otherwise: the same portrait, byte for byte.
#[test]
fn what_is_only_written_otherwise_gives_the_same_portrait() {
    let (mut usual, mut eighth) = finders();
    for (frame, finder) in [(well_seated(), &mut usual), (large(), &mut eighth)] {
        let plain = written(&frame, |_| {});
        let is_large = frame.width() == LARGE.0;
        let expected = developed(&plain, finder).unwrap();
        assert!(expected.is_acceptable(), "{:?}", expected.findings);
        let (frame_header, end) = (place(&plain, 0xC0), plain.len() - 2);
        let extended = [&plain[..frame_header], &[0xFF, 0xC1], &plain[frame_header + 2..]].concat();
        let mut alike = vec![
            ("restart markers", written(&frame, |encoder| encoder.set_restart_interval(7))),
            ("SOF1", extended),
            ("a thumbnail", with_thumbnail(&plain, &frame)),
            ("a comment that looks like a frame", with_segment(&plain, 0xFE, &plain[frame_header..][..40])),
            ("another picture behind the end", [&plain[..], &written(&well_seated(), |_| {})].concat()),
            ("bytes before the end", [&plain[..end], &[0; 300], &plain[end..]].concat()),
            ("fill bytes", [&plain[..frame_header], &[0xFF; 9], &plain[frame_header..]].concat()),
        ];
        if !is_large {
            alike.push(("progressive", written(&frame, |encoder| encoder.set_progressive(true))));
            alike.push((
                "a scan a plane",
                written(&frame, |encoder| encoder.set_optimized_huffman_tables(true)),
            ));
        }
        for (what, file) in alike {
            let opened = Negative::open(&file);
            let kept = ["progressive", "a scan a plane", "bytes before the end"];
            assert_eq!(opened.is_err(), kept.contains(&what), "{what}: {opened:?}");
            // What is no negative is looked at whole, not in the eighth: see below.
            if !(is_large && opened.is_err()) {
                let found = developed(&file, finder).unwrap_or_else(|why| panic!("{what}: {why}"));
                assert!(found.jpeg == expected.jpeg, "{what}, large: {is_large}");
            }
        }
    }
}

/// What is no negative for its kind is decoded as a whole, however large.
#[test]
fn a_large_progressive_file_is_developed_too() {
    let frame = large();
    let mut finder = seen_at(&frame, LARGE);
    for file in [
        written(&frame, |encoder| encoder.set_progressive(true)),
        written(&frame, |encoder| encoder.set_optimized_huffman_tables(true)),
    ] {
        let portrait = developed(&file, &mut finder).unwrap();
        assert!(portrait.is_acceptable() && difference(&portrait, &frame) < 4.0, "{:?}", portrait.findings);
    }
}

#[test]
fn every_orientation_gives_the_upright_portrait() {
    let (mut usual, mut eighth) = finders();
    for (frame, finder) in [(well_seated(), &mut usual), (large(), &mut eighth)] {
        let upright = developed(&held(&jpeg(&frame), 1), finder).unwrap();
        // As the sensor has it; each turn undone is the picture.
        let stored = [
            frame.clone(),
            flip_horizontal(&frame),
            rotate180(&frame),
            flip_vertical(&frame),
            flip_horizontal(&rotate90(&frame)),
            rotate270(&frame),
            flip_horizontal(&rotate270(&frame)),
            rotate90(&frame),
        ];
        for (orientation, stored) in (1..).zip(stored) {
            let what = format!("orientation {orientation} of {} px", frame.width());
            let portrait = developed(&held(&jpeg(&stored), orientation), finder).unwrap();
            assert!(portrait.is_acceptable(), "{what}: {:?}", portrait.findings);
            assert_eq!(portrait.placement, upright.placement, "{what}");
            assert!(difference(&portrait, &frame) < 4.0, "{what}");
        }
    }
}

/// A grey picture is read, and is no portrait: the cloth has lost its blue.
#[test]
fn a_grey_file_is_developed_and_fails() {
    let (mut usual, _) = finders();
    let mut file = Vec::new();
    let grey = grayscale(&well_seated());
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 95).encode_image(&grey).unwrap();
    let portrait = developed(&file, &mut usual).unwrap();
    assert!(portrait.failed_checks().any(|check| check == "backdrop_colour"), "{:?}", portrait.findings);
}

/// A transfer that breaks off is told from a whole file, wherever it breaks off, and whatever is put in place of the
/// rest: an end marker by a program that mends files, noughts by a card whose sectors were lost.
#[test]
fn whatever_is_missing_a_part_of_a_picture_is_none() {
    let (mut usual, mut eighth) = finders();
    for (frame, finder) in [(well_seated(), &mut usual), (large(), &mut eighth)] {
        for restart in [0, 50] {
            let whole = written(&frame, |encoder| encoder.set_restart_interval(restart));
            assert!(developed(&whole, finder).is_ok());
            let (scan, length) = (place(&whole, 0xDA) + 14, whole.len());
            let in_scan = (1..=9).map(|tenth| scan + (length - scan) * tenth / 10);
            for at in [2, 3, 20, 90, scan - 20, scan, length - 9, length - 2].into_iter().chain(in_scan) {
                let why = developed(&whole[..at], finder).unwrap_err();
                assert_eq!(why, Decline::Unreadable(DecodeError::Truncated), "broken off after {at}");
                let words = why.advice().in_language(Language::Chinese).to_owned();
                assert!(words.contains("没有传完整"), "{words}");
                let ended = [&whole[..at], &[0xFF, 0xD9]].concat();
                let noughts =
                    [&whole[..at], &vec![0; (length - 2).saturating_sub(at)], &[0xFF, 0xD9]].concat();
                for (what, hurt) in [("ended", ended), ("noughts", noughts)] {
                    // The last few bytes may be but the last block of the cloth.
                    let few = at >= length - 9;
                    let made = developed(&hurt, finder);
                    assert!(few || matches!(made, Err(Decline::Unreadable(_))), "{what} {at}: {made:?}");
                    if at > scan && !few {
                        assert_eq!(Negative::open(&hurt).unwrap_err(), Unsupported::Torn, "{what} {at}");
                        assert_eq!(made.unwrap_err(), why, "{what} {at}");
                    }
                }
            }
        }
    }
}

/// A stretch that lies between two restart markers is lost: decoders go on behind it, and shift or paint what is left.
#[test]
fn a_lost_stretch_is_noticed() {
    let (mut usual, _) = finders();
    let whole = written(&well_seated(), |encoder| encoder.set_restart_interval(50));
    let marks: Vec<usize> = (place(&whole, 0xDA)..whole.len())
        .filter(|at| matches!(whole[*at..], [0xFF, 0xD0..=0xD7, ..]))
        .collect();
    assert!(marks.len() > 16);
    // Eight of them, so that the markers still count correctly.
    let lost = [&whole[..marks[3]], &whole[marks[11]..]].concat();
    let why = developed(&lost, &mut usual).unwrap_err();
    assert_eq!(why, Decline::Unreadable(DecodeError::Truncated));
}

#[test]
fn twelve_thousand_pixels_are_read_and_no_more() {
    let strip = |width: u16, height: u16| {
        let mut file = Vec::new();
        let pixels = vec![150; usize::from(width) * usize::from(height)];
        Encoder::new(&mut file, 50).encode(&pixels, width, height, ColorType::Luma).unwrap();
        file
    };
    let mut nobody = PretendFinder { found: Found::default() };
    for (width, height) in [(12_000, 704), (704, 12_000), (12_000, 16)] {
        assert_eq!(developed(&strip(width, height), &mut nobody).unwrap_err(), Decline::NoFace);
    }
    for (width, height) in [(12_001, 704), (16, 12_001)] {
        let why = developed(&strip(width, height), &mut nobody).unwrap_err();
        let (across, down) = (u32::from(width), u32::from(height));
        let expected = DecodeError::TooLarge { width: across, height: down };
        assert_eq!(why, Decline::Unreadable(expected));
        let words = why.advice().in_language(Language::Chinese).to_owned();
        assert!(words.contains(&format!("{width}×{height}")), "{words}");
    }
}

/// A decoder goes over the picture for each scan: found by the fuzzer, which wrote 3,571 of them into 400 KB.
#[test]
fn a_picture_in_endless_scans_is_refused() {
    let (mut usual, _) = finders();
    let plain = written(&well_seated(), |encoder| encoder.set_progressive(true));
    let (scan, end) = (plain.windows(2).rposition(|two| two == [0xFF, 0xDA]).unwrap(), plain.len() - 2);
    let again = |times: usize| [&plain[..end], &plain[scan..end].repeat(times), &plain[end..]].concat();
    assert!(developed(&plain, &mut usual).is_ok());
    let why = developed(&again(40), &mut usual).unwrap_err();
    assert!(
        matches!(&why, Decline::Unreadable(DecodeError::Damaged(what)) if what.contains("scans")),
        "{why:?}"
    );
    assert!(why.advice().in_language(Language::Chinese).contains("已损坏"));
}
