//! Reading codes from pictures: what they hold, to the byte; and whatever is no capture code, told in words.

use caiying::{
    scan::{Luma, read},
    student::CodeError,
};

/// A code on white, four modules around it.
pub(crate) fn picture(bytes: &[u8], pixels_per_module: usize) -> Luma {
    let code = qrcode::QrCode::new(bytes).unwrap();
    let (width, colours) = (code.width(), code.to_colors());
    let side = (width + 8) * pixels_per_module;
    let dark = |x: usize, y: usize| {
        let (column, row) =
            ((x / pixels_per_module).wrapping_sub(4), (y / pixels_per_module).wrapping_sub(4));
        column < width && row < width && colours[row * width + column] == qrcode::Color::Dark
    };
    let pixels = (0..side * side).map(|n| if dark(n % side, n / side) { 20 } else { 235 }).collect();
    Luma { width: side, height: side, pixels }
}

/// Two pictures beside each other.
fn beside(left: &Luma, right: &Luma) -> Luma {
    let (width, height) = (left.width + right.width, left.height.max(right.height));
    let pixels = (0..width * height)
        .map(|n| {
            let (x, y) = (n % width, n / width);
            let (picture, x) = if x < left.width { (left, x) } else { (right, x - left.width) };
            if y < picture.height { picture.at(x, y) } else { 255 }
        })
        .collect();
    Luma { width, height, pixels }
}

#[test]
fn a_code_is_read_to_the_byte() {
    for text in ["REHEARSAL-00001-abcdef", "采集码：张*三", "eyJjam0iOiIxMjM0NTYifQ=="] {
        let codes = read(&picture(text.as_bytes(), 6));
        assert_eq!(codes.len(), 1, "{text}");
        assert_eq!(codes[0].capture_code().unwrap().expose(), text);
        let (left, top) = codes[0].corners[0];
        assert!((left - 24).abs() <= 6 && (top - 24).abs() <= 6, "{:?}", codes[0].corners);
    }
}

#[test]
fn two_codes_in_one_picture_are_two() {
    let two = beside(&picture(b"FIRST", 6), &picture(b"SECOND", 6));
    let texts: Vec<_> =
        read(&two).iter().map(|code| code.capture_code().unwrap().expose().to_owned()).collect();
    assert_eq!(texts, ["FIRST", "SECOND"]);
    let same = beside(&picture(b"FIRST", 6), &picture(b"FIRST", 6));
    assert_eq!(read(&same).len(), 1, "the same code twice is one code");
}

/// 2,900 control characters are what fits a QR code; a code cannot hold 4 KB, so the rest is tried as text.
#[test]
fn control_characters_are_no_capture_code_and_nothing_breaks() {
    let controls: Vec<u8> = (0..600).map(|n| (n % 32) as u8).collect();
    let codes = read(&picture(&controls, 4));
    for code in &codes {
        assert_eq!(code.bytes, controls);
        assert!(matches!(code.capture_code(), Err(CodeError::ControlCharacters { count: 600 })));
    }
    let said = "\u{7}".repeat(4096).parse::<caiying::student::CaptureCode>().unwrap_err().to_string();
    assert!(said.contains("4096 bytes is more than a QR code can hold"), "{said}");
    let binary = read(&picture(&[0xff, 0xfe, 0x80, 0x81, 0xc3], 6));
    assert_eq!(binary[0].bytes, [0xff, 0xfe, 0x80, 0x81, 0xc3]);
    assert!(matches!(binary[0].capture_code(), Err(CodeError::NotText { bytes: 5 })));
}

#[test]
fn a_picture_without_a_code_has_none_and_odd_pictures_break_nothing() {
    for (width, height) in [(0, 0), (1, 1), (3, 400), (640, 480)] {
        assert!(read(&Luma { width, height, pixels: vec![128; width * height] }).is_empty());
    }
    let mut dice = 0x1234_5678_9abc_def1_u64;
    for _ in 0..20 {
        let pixels = (0..300 * 200)
            .map(|_| {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                (dice >> 56) as u8
            })
            .collect();
        assert!(read(&Luma { width: 300, height: 200, pixels }).is_empty());
    }
}

#[test]
fn nothing_of_a_code_shows_in_debug() {
    let codes = read(&picture(b"SECRET-CODE", 6));
    assert!(!format!("{codes:?}").contains("SECRET"), "{codes:?}");
}
