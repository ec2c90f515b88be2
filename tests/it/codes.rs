//! Reading codes from frames as a webcam sees them: how many are read, that none is read wrong, and that nothing
//! breaks whatever the picture.

use caiying::scan::{Code, Luma, Reader, read};
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::{
    generator::{CLASSES, Frame, frame},
    scanning::picture,
};

/// A webcam's smaller size: quick to draw and to read. The full measure is `./dev bench codes`.
const SIZE: (usize, usize) = (960, 540);

fn luma(frame: &Frame) -> Luma {
    Luma { width: frame.width, height: frame.height, pixels: frame.pixels.clone() }
}

fn texts(codes: &[Code]) -> Vec<Vec<u8>> {
    codes.iter().map(|code| code.bytes.clone()).collect()
}

/// Two frames of each class, from seeds that the reader was never tuned on. Strong blur may hide a code.
#[test]
fn codes_on_phones_are_read_and_none_is_read_wrong() {
    let (mut asked, mut read_right) = (0, 0);
    for class in 0..CLASSES.len() {
        for seed in [9001, 9002] {
            let frame = frame(class, seed, SIZE);
            let found = texts(&read(&luma(&frame)));
            assert!(found.iter().all(|text| *text == frame.text), "{} {seed}: a wrong text", frame.class);
            asked += 1;
            read_right += found.len();
            if found.is_empty() {
                eprintln!("not read: {} {seed}, version {}", frame.class, frame.version);
            }
        }
    }
    assert!(read_right >= asked - 2, "{read_right} of {asked}");
}

/// A stream tries less at each frame than is tried with a still picture, but gets there, and stays there.
#[test]
fn a_stream_reads_what_a_still_picture_shows_within_a_few_frames() {
    let tiny_and_blurred = frame(CLASSES.iter().position(|class| *class == "tinyblur").unwrap(), 9001, SIZE);
    let picture = luma(&tiny_and_blurred);
    let mut reader = Reader::default();
    let seen: Vec<bool> =
        (0..8).map(|_| texts(&reader.read(&picture)) == [tiny_and_blurred.text.clone()]).collect();
    let first = seen.iter().position(|seen| *seen).expect("read within eight frames");
    assert!(first < 4, "{seen:?}");
    assert!(seen[first..].iter().all(|seen| *seen), "once read, read in every frame: {seen:?}");
    let nothing = Luma { width: SIZE.0, height: SIZE.1, pixels: vec![128; SIZE.0 * SIZE.1] };
    assert!((0..30).all(|_| reader.read(&nothing).is_empty()));
}

/// A code of each size a phone or a printer can show.
#[test]
fn every_version_is_read_whatever_its_turn_and_polarity() {
    for version in [1, 2, 3, 6, 7, 10, 14, 20, 27, 32, 40] {
        let text = format!("VERSION-{version}");
        let code = QrCode::with_version(&text, Version::Normal(version), EcLevel::M).unwrap();
        for inverted in [false, true] {
            for mirrored in [false, true] {
                let read = texts(&read(&drawn(&code, 3, inverted, mirrored)));
                assert_eq!(read, [text.as_bytes()], "version {version} {inverted} {mirrored}");
            }
        }
    }
}

/// A code with a light margin, `scale` pixels per module.
fn drawn(code: &QrCode, scale: usize, inverted: bool, mirrored: bool) -> Luma {
    let side = (code.width() + 8) * scale;
    let pixels = (0..side * side).map(|n| {
        let (x, y) = ((n % side / scale).wrapping_sub(4), (n / side / scale).wrapping_sub(4));
        let x = if mirrored { (code.width() - 1).wrapping_sub(x) } else { x };
        let dark = x < code.width() && y < code.width() && code[(x, y)] == Color::Dark;
        if dark != inverted { 25 } else { 230 }
    });
    Luma { width: side, height: side, pixels: pixels.collect() }
}

/// A small code with so many bytes damaged that its error correction gives an answer at the very edge of what it
/// can: the standard asks for a reserve, and without it noise becomes a text now and then.
#[test]
fn a_small_code_at_the_edge_of_its_correction_is_not_believed() {
    // Version 1, level L, has 7 check bytes: enough for 3 damaged ones, of which the standard allows 2.
    let damaged = |bytes: usize| {
        let code = QrCode::with_version(b"12345", Version::Normal(1), EcLevel::L).unwrap();
        let mut modules: Vec<bool> = code.to_colors().iter().map(|colour| *colour == Color::Dark).collect();
        // The bytes lie in columns two modules wide from the right; these in the third column, downwards.
        for n in 0..bytes {
            for row in 9 + 4 * n..13 + 4 * n {
                for column in 15..17 {
                    modules[row * 21 + column] ^= true;
                }
            }
        }
        let side = 29_usize * 6;
        let pixels = (0..side * side).map(|n| {
            let (x, y) = ((n % side / 6).wrapping_sub(4), (n / side / 6).wrapping_sub(4));
            if x < 21 && y < 21 && modules[y * 21 + x] { 25 } else { 230 }
        });
        texts(&read(&Luma { width: side, height: side, pixels: pixels.collect() }))
    };
    assert_eq!(damaged(0), [b"12345"]);
    assert_eq!(damaged(2), [b"12345"]);
    assert!(damaged(3).is_empty(), "three damaged bytes are one too many");
}

/// A code saved as a screenshot at a pixel per module, without any margin.
#[test]
fn a_code_at_a_pixel_per_module_is_read() {
    let code = QrCode::with_version(b"SCREENSHOT", Version::Normal(10), EcLevel::L).unwrap();
    let pixels = code.to_colors().iter().map(|c| if *c == Color::Dark { 0 } else { 255 }).collect();
    let tiny = Luma { width: code.width(), height: code.width(), pixels };
    assert_eq!(texts(&read(&tiny)), [b"SCREENSHOT"]);
}

/// Large photographs are looked at in smaller copies, and corners are told in pixels of the photograph itself.
#[test]
fn a_large_photograph_is_read_and_its_corners_are_its_own() {
    let small = picture(b"LARGE", 12);
    let mut large = Luma { width: 5000, height: 3000, pixels: vec![190; 15_000_000] };
    for (row, line) in small.pixels.chunks(small.width).enumerate() {
        let start = (row + 1000) * large.width + 3000;
        large.pixels[start..start + line.len()].copy_from_slice(line);
    }
    let codes = read(&large);
    assert_eq!(texts(&codes), [b"LARGE"]);
    let (x, y) = codes[0].corners[0];
    assert!((x - 3048).abs() < 12 && (y - 1048).abs() < 12, "{:?}", codes[0].corners);
}

/// Noise, stripes, squares in squares, pictures whose size is a lie.
#[test]
fn nothing_breaks_and_nothing_is_made_up() {
    let mut dice = fastrand::Rng::with_seed(4);
    for round in 0..60 {
        let (width, height) = (dice.usize(1..400), dice.usize(1..300));
        let period = dice.usize(1..12);
        let grain = dice.usize(1..6);
        let noise: Vec<u8> = (0..width * height).map(|_| dice.u8(..)).collect();
        let pixels = (0..width * height).map(|n| {
            let (x, y) = (n % width, n / width);
            match round % 4 {
                0 => noise[n],
                1 => noise[y / grain * width + x / grain],
                2 => {
                    if (x / period + y / period).is_multiple_of(2) {
                        0
                    } else {
                        255
                    }
                }
                _ => {
                    if (x.abs_diff(width / 2).max(y.abs_diff(height / 2)) / period).is_multiple_of(2) {
                        0
                    } else {
                        255
                    }
                }
            }
        });
        let picture = Luma { width, height, pixels: pixels.collect() };
        assert!(read(&picture).is_empty(), "round {round}");
        assert!(Reader::default().read(&picture).is_empty());
    }
    for (width, height, pixels) in
        [(0, 0, 0), (0, 9, 0), (9, 0, 0), (1, 1, 1), (640, 480, 1000), (3, 3, 4000)]
    {
        let lie = Luma { width, height, pixels: vec![0; pixels] };
        assert!(read(&lie).is_empty());
        assert!(Reader::default().read(&lie).is_empty());
    }
}
