//! What a camera writes beside the picture: its EXIF block, read leniently and never trusted blindly.
//!
//! The door of the crate `exif`. Strict parsing fails on 4 of 241 real camera files (facts/speed.md section
//! 1), and the orientation decides correctness, so partial results are taken.

use std::io::Cursor;

use exif::{Exif, In, Tag, Value};

/// What we use of a file's EXIF block; everything is absent when the block is.
#[derive(Debug, Clone, PartialEq)]
pub struct Particulars {
    /// How the camera was held: EXIF orientation, 1 to 8; 1 when it says nothing.
    pub orientation: u8,
    /// When the shutter opened, by the camera's own clock.
    pub taken: Option<CameraTime>,
    /// The body's serial number.
    pub serial: Option<String>,
    /// The body's model.
    pub model: Option<String>,
    /// Whether the pixels are AdobeRGB (DCF option file: interoperability index R03).
    pub adobe_rgb: bool,
    /// How the camera was set.
    pub as_shot: AsShot,
}

/// How the camera was set when a file was exposed, as far as the file says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AsShot {
    /// 光圈: the f-number.
    pub f_number: Option<f64>,
    /// 快门速度 in seconds.
    pub exposure_s: Option<f64>,
    /// 感光度.
    pub iso: Option<u32>,
    /// Whether the camera chose the white balance itself.
    pub auto_white_balance: Option<bool>,
    /// Width and height of the picture in pixels, before it is turned upright.
    pub pixels: Option<[u32; 2]>,
}

/// A time as a camera's clock tells it: no time zone, and only as exact as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraTime {
    /// Milliseconds since 1970-01-01 00:00 of the camera's clock: the start of what the file says.
    pub ms: i64,
    /// How long what the file says lasts: 1,000 ms for whole seconds, 10 ms for hundredths.
    pub span_ms: i64,
}

impl Default for Particulars {
    fn default() -> Self {
        Self {
            orientation: 1,
            taken: None,
            serial: None,
            model: None,
            adobe_rgb: false,
            as_shot: AsShot::default(),
        }
    }
}

impl Particulars {
    /// Reads what a JPEG file says of itself; nothing when it says nothing.
    #[must_use]
    pub fn read(jpeg: &[u8]) -> Self {
        let mut reader = exif::Reader::new();
        reader.continue_on_error(true);
        let exif = match reader.read_from_container(&mut Cursor::new(jpeg)) {
            Ok(exif) => exif,
            Err(exif::Error::PartialResult(partial)) => partial.into_inner().0,
            Err(_nothing_to_read) => return Self::default(),
        };
        let number = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        let orientation = number(Tag::Orientation).and_then(|n| u8::try_from(n).ok());
        Self {
            orientation: orientation.filter(|n| (1..=8).contains(n)).unwrap_or(1),
            taken: taken(&exif),
            serial: text(&exif, Tag::BodySerialNumber),
            model: text(&exif, Tag::Model),
            adobe_rgb: text(&exif, Tag::InteroperabilityIndex).is_some_and(|index| index == "R03"),
            as_shot: as_shot(&exif),
        }
    }
}

/// What a lens or a body does not know it writes as nought.
fn as_shot(exif: &Exif) -> AsShot {
    let field = |tag| exif.get_field(tag, In::PRIMARY).map(|field| &field.value);
    let number = |tag| field(tag)?.get_uint(0).filter(|n| *n > 0);
    let ratio = |tag| {
        let Value::Rational(ratios) = field(tag)? else { return None };
        ratios.first().map(exif::Rational::to_f64).filter(|n| n.is_finite() && *n > 0.0)
    };
    let pixels = number(Tag::PixelXDimension).zip(number(Tag::PixelYDimension));
    AsShot {
        f_number: ratio(Tag::FNumber),
        exposure_s: ratio(Tag::ExposureTime),
        // 65,535 sends the reader to another tag.
        iso: number(Tag::PhotographicSensitivity).filter(|iso| *iso < 65_535),
        auto_white_balance: field(Tag::WhiteBalance)
            .and_then(|value| value.get_uint(0))
            .map(|mode| mode == 0),
        pixels: pixels.map(<[u32; 2]>::from),
    }
}

/// A text field without its padding; `None` when blank.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let line = String::from_utf8_lossy(lines.first()?);
    let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!line.is_empty()).then(|| line.to_owned())
}

/// `DateTimeOriginal`, and `SubSecTimeOriginal` where the camera writes it.
fn taken(exif: &Exif) -> Option<CameraTime> {
    let date = text(exif, Tag::DateTimeOriginal)?;
    let whole = chrono::NaiveDateTime::parse_from_str(&date, "%Y:%m:%d %H:%M:%S").ok()?;
    let ms = whole.and_utc().timestamp_millis();
    Some(match text(exif, Tag::SubSecTimeOriginal).and_then(|digits| sub_second(&digits)) {
        Some((more, span_ms)) => CameraTime { ms: ms + more, span_ms },
        None => CameraTime { ms, span_ms: 1000 },
    })
}

/// Digits behind the decimal point: milliseconds, and how long the last digit lasts (at least 1 ms).
fn sub_second(digits: &str) -> Option<(i64, i64)> {
    let digits: String = digits.trim().chars().take(3).collect();
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let span_ms = 10_i64.pow(3 - digits.len() as u32);
    Some((digits.parse::<i64>().ok()? * span_ms, span_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_behind_the_point_say_how_exact_they_are() {
        assert_eq!(sub_second("5"), Some((500, 100)));
        assert_eq!(sub_second("07"), Some((70, 10)));
        assert_eq!(sub_second("123456"), Some((123, 1)));
        assert_eq!(sub_second(""), None);
        assert_eq!(sub_second("x1"), None);
    }

    #[test]
    fn a_file_that_says_nothing_is_upright_and_timeless() {
        for file in [&b""[..], b"\xff\xd8\xff\xd9", b"not a picture"] {
            assert_eq!(Particulars::read(file), Particulars::default());
        }
    }
}
