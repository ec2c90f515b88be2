//! Writes into a played picture what a camera writes: when, and by which body. It makes every file unique, as
//! every file of a real camera is.

use std::io::Cursor;

use exif::{Field, In, Tag, Value, experimental::Writer};

use crate::shot::CameraTime;

/// The picture with an EXIF block of its own behind SOI. A picture that is no JPEG comes back as it is.
#[must_use]
pub fn stamped(jpeg: &[u8], taken: CameraTime, model: &str, serial: &str) -> Vec<u8> {
    let block = block(taken, model, serial).unwrap_or_default();
    // The segment's length counts its own two bytes and the six of "Exif\0\0".
    let length = u16::try_from(block.len() + 8);
    let (Some(rest), Ok(length), false) = (jpeg.strip_prefix(&[0xff, 0xd8]), length, block.is_empty()) else {
        return jpeg.to_vec();
    };
    [&[0xff, 0xd8, 0xff, 0xe1], &length.to_be_bytes()[..], b"Exif\0\0", &block, rest].concat()
}

fn block(taken: CameraTime, model: &str, serial: &str) -> Option<Vec<u8>> {
    let moment = chrono::DateTime::from_timestamp_millis(taken.ms)?;
    let fields = [
        (Tag::Model, model.to_owned()),
        (Tag::DateTimeOriginal, moment.format("%Y:%m:%d %H:%M:%S").to_string()),
        (Tag::SubSecTimeOriginal, moment.format("%3f").to_string()),
        (Tag::BodySerialNumber, serial.to_owned()),
    ];
    let text = |(tag, text): (Tag, String)| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.into_bytes()]),
    };
    let mut fields: Vec<Field> = fields.into_iter().map(text).collect();
    fields.push(Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![1]) });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, true).ok()?;
    Some(block.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shot::Particulars;

    #[test]
    fn a_stamped_picture_tells_when_and_by_which_camera() {
        let taken = CameraTime { ms: 1_795_000_123_457, span_ms: 1 };
        let jpeg = stamped(b"\xff\xd8\xff\xd9", taken, "a model", "42");
        let told = Particulars::read(&jpeg);
        assert_eq!(told.taken, Some(taken));
        assert_eq!((told.model.as_deref(), told.serial.as_deref()), (Some("a model"), Some("42")));
        assert_eq!(told.orientation, 1);
        assert_eq!(jpeg.get(jpeg.len() - 2..), Some(&[0xff, 0xd9][..]));
    }
}
