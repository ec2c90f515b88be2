//! The settings of the body, as EOS properties: code, value, and what may be chosen.
//!
//! A host never asks for them. The camera reports them all when event mode begins, and each again
//! when it changes (0xC189 value, 0xC18A choices; libgphoto2 `ptp-pack.c` `ptp_unpack_CANON_changes`),
//! except four that a host must request one by one (0x9127). Choices are those of a Canon EOS 80D
//! in thirds of a stop, shortened where nothing is gained.

use crate::ptp::{Dataset, length, u16_at, u32_at};

/// Property codes.
pub(crate) mod code {
    pub(crate) const APERTURE: u16 = 0xD101;
    pub(crate) const SHUTTER_SPEED: u16 = 0xD102;
    pub(crate) const ISO_SPEED: u16 = 0xD103;
    pub(crate) const EXP_COMPENSATION: u16 = 0xD104;
    pub(crate) const AUTO_EXPOSURE_MODE: u16 = 0xD105;
    pub(crate) const DRIVE_MODE: u16 = 0xD106;
    pub(crate) const METERING_MODE: u16 = 0xD107;
    pub(crate) const FOCUS_MODE: u16 = 0xD108;
    pub(crate) const WHITE_BALANCE: u16 = 0xD109;
    pub(crate) const COLOR_TEMPERATURE: u16 = 0xD10A;
    pub(crate) const COLOR_SPACE: u16 = 0xD10F;
    pub(crate) const PICTURE_STYLE: u16 = 0xD110;
    pub(crate) const BATTERY_POWER: u16 = 0xD111;
    pub(crate) const CAMERA_TIME: u16 = 0xD113;
    pub(crate) const AUTO_POWER_OFF: u16 = 0xD114;
    pub(crate) const OWNER: u16 = 0xD115;
    pub(crate) const MODEL_ID: u16 = 0xD116;
    pub(crate) const PTP_EXTENSION_VERSION: u16 = 0xD119;
    pub(crate) const AVAILABLE_SHOTS: u16 = 0xD11B;
    pub(crate) const CAPTURE_DESTINATION: u16 = 0xD11C;
    pub(crate) const CURRENT_STORAGE: u16 = 0xD11E;
    pub(crate) const IMAGE_FORMAT: u16 = 0xD120;
    pub(crate) const AE_MODE_DIAL: u16 = 0xD138;
    pub(crate) const UTC_TIME: u16 = 0xD17C;
    pub(crate) const SUMMERTIME: u16 = 0xD17E;
    pub(crate) const OLC_INFO_VERSION: u16 = 0xD199;
    pub(crate) const QUICK_REVIEW_TIME: u16 = 0xD1A9;
    pub(crate) const TEMP_STATUS: u16 = 0xD1AB;
    pub(crate) const SHUTTER_COUNTER: u16 = 0xD1AC;
    pub(crate) const SERIAL_NUMBER: u16 = 0xD1AF;
    pub(crate) const EVF_OUTPUT_DEVICE: u16 = 0xD1B0;
    pub(crate) const EVF_MODE: u16 = 0xD1B1;
    pub(crate) const ARTIST: u16 = 0xD1D0;
    pub(crate) const COPYRIGHT: u16 = 0xD1D1;
    pub(crate) const LENS_NAME: u16 = 0xD1D8;
}

/// CaptureDestination: the SD card.
pub(crate) const TO_CARD: u32 = 2;
/// CaptureDestination: the host's memory (libgphoto2 `PTP_CANON_EOS_CAPTUREDEST_HD`).
pub(crate) const TO_HOST: u32 = 4;
/// FocusMode: the lens switch stands at MF.
pub(crate) const MANUAL_FOCUS: u32 = 3;
/// ImageFormat: large fine JPEG.
pub(crate) const LARGE_JPEG: u32 = 0x0300;
/// ImageFormat: raw alone.
pub(crate) const RAW: u32 = 0x0C00;
/// ImageFormat: raw and large fine JPEG.
pub(crate) const RAW_AND_LARGE_JPEG: u32 = 0x0C03;

const ISO: &[u32] = &[
    0x00, 0x48, 0x4B, 0x4D, 0x50, 0x53, 0x55, 0x58, 0x5B, 0x5D, 0x60, 0x63, 0x65, 0x68, 0x6B, 0x6D, 0x70,
    0x73, 0x75, 0x78, 0x7B, 0x7D, 0x80, 0x83,
];
const APERTURES: &[u32] =
    &[0x28, 0x2B, 0x2D, 0x30, 0x33, 0x35, 0x38, 0x3B, 0x3D, 0x40, 0x43, 0x45, 0x48, 0x4B, 0x4D, 0x50];
const SHUTTER_SPEEDS: &[u32] = &[
    0x10, 0x20, 0x30, 0x38, 0x40, 0x48, 0x50, 0x58, 0x5D, 0x60, 0x63, 0x65, 0x68, 0x6B, 0x6D, 0x70, 0x73,
    0x75, 0x78, 0x7B, 0x7D, 0x80, 0x88, 0x90, 0x98, 0xA0,
];
/// In libgphoto2's short form: size and quality of the first file, then of the second; 0xC is raw.
const IMAGE_FORMATS: &[u32] = &[LARGE_JPEG, 0x0200, 0x1300, 0x1200, 0xD300, 0xD200, RAW, RAW_AND_LARGE_JPEG];

/// How a value is spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number; on the wire always in 32 bits, whatever type the host reads out of them.
    Number(u32),
    /// ASCII with a closing zero.
    Text(String),
    /// One or two groups of five numbers; kept in libgphoto2's short form.
    ImageFormat(u32),
}

/// One property.
#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) code: u16,
    pub(crate) value: Value,
    /// What may be chosen; empty when the camera offers no list.
    pub(crate) choices: &'static [u32],
    /// Reported only on request (0x9127).
    pub(crate) on_request: bool,
}

/// All properties, in the order in which they are reported.
#[derive(Debug, Clone)]
pub(crate) struct Properties(Vec<Property>);

impl Properties {
    /// The body as it is switched on.
    pub(crate) fn new(body_serial: &str) -> Self {
        use code::*;
        let mut all = Self(Vec::new());
        // OLC version 0xB: what bodies between the 5DS R and the 200D report; it fixes the length of
        // the focus record.
        for (code, value) in [
            (MODEL_ID, 0x8000_0350),
            (OLC_INFO_VERSION, 0xB),
            (PTP_EXTENSION_VERSION, 0x0100),
            (AUTO_EXPOSURE_MODE, 3),
            (AE_MODE_DIAL, 3),
            (DRIVE_MODE, 0),
            (METERING_MODE, 3),
            (COLOR_TEMPERATURE, 5200),
            (BATTERY_POWER, 2),
            (CAMERA_TIME, 0),
            (UTC_TIME, 0),
            (SUMMERTIME, 0),
            (AUTO_POWER_OFF, 0),
            (AVAILABLE_SHOTS, 0),
            (CURRENT_STORAGE, crate::card::STORAGE),
            (TEMP_STATUS, 0),
            (SHUTTER_COUNTER, 0),
        ] {
            all.add(code, Value::Number(value), &[]);
        }
        for (code, value, choices) in [
            (APERTURE, 0x38, APERTURES),
            (SHUTTER_SPEED, 0x70, SHUTTER_SPEEDS),
            (ISO_SPEED, 0x48, ISO),
            (EXP_COMPENSATION, 0, &[0x10, 0x0B, 0x08, 0x05, 0x00, 0xFB, 0xF8, 0xF5, 0xF0]),
            (FOCUS_MODE, 0, &[0, 1, 2, 3]),
            (WHITE_BALANCE, 0, &[0, 1, 8, 2, 3, 4, 5, 6, 9]),
            (COLOR_SPACE, 1, &[1, 2]),
            (PICTURE_STYLE, 0x87, &[0x87, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86]),
            (QUICK_REVIEW_TIME, 2, &[0, 2, 4, 8, 0xFF]),
            (CAPTURE_DESTINATION, TO_CARD, &[TO_CARD, TO_HOST]),
            (EVF_MODE, 1, &[0, 1]),
            (EVF_OUTPUT_DEVICE, 0, &[]),
        ] {
            all.add(code, Value::Number(value), choices);
        }
        all.add(IMAGE_FORMAT, Value::ImageFormat(LARGE_JPEG), IMAGE_FORMATS);
        all.add(LENS_NAME, Value::Text("EF-S18-135mm f/3.5-5.6 IS USM".to_owned()), &[]);
        for (code, text) in [(OWNER, ""), (ARTIST, ""), (COPYRIGHT, ""), (SERIAL_NUMBER, body_serial)] {
            all.0.push(Property {
                code,
                value: Value::Text(text.to_owned()),
                choices: &[],
                on_request: true,
            });
        }
        all
    }

    /// Leaves properties out, as a simpler body does.
    pub(crate) fn forget(&mut self, codes: &[u16]) {
        self.0.retain(|property| !codes.contains(&property.code));
    }

    fn add(&mut self, code: u16, value: Value, choices: &'static [u32]) {
        self.0.push(Property { code, value, choices, on_request: false });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Property> {
        self.0.iter()
    }

    pub(crate) fn get(&self, code: u16) -> Option<&Property> {
        self.0.iter().find(|property| property.code == code)
    }

    /// The number a property stands at; 0 for texts and unknown codes.
    pub(crate) fn number(&self, code: u16) -> u32 {
        match self.get(code).map(|property| &property.value) {
            Some(Value::Number(number) | Value::ImageFormat(number)) => *number,
            Some(Value::Text(_)) | None => 0,
        }
    }

    /// Puts a property to a number; true when that changed it.
    pub(crate) fn set_number(&mut self, code: u16, number: u32) -> bool {
        let property = self.0.iter_mut().find(|property| property.code == code);
        let held = match property.map(|property| &mut property.value) {
            Some(Value::Number(held) | Value::ImageFormat(held)) => held,
            Some(Value::Text(_)) | None => return false,
        };
        std::mem::replace(held, number) != number
    }

    /// Takes the bytes a host sent for a property (0x9110), if they fit it.
    pub(crate) fn set_bytes(&mut self, code: u16, bytes: &[u8]) -> Result<(), Unfit> {
        let property = self.0.iter_mut().find(|property| property.code == code);
        let property = property.ok_or(Unfit::UnknownProperty)?;
        let value = match property.value {
            Value::Number(_) => Value::Number(u32_at(bytes, 0).ok_or(Unfit::Format)?),
            Value::ImageFormat(_) => Value::ImageFormat(read_image_format(bytes).ok_or(Unfit::Format)?),
            Value::Text(_) => Value::Text(read_text(bytes)),
        };
        if let Value::Number(number) | Value::ImageFormat(number) = value
            && !property.choices.is_empty()
            && !property.choices.contains(&number)
        {
            return Err(Unfit::Value);
        }
        property.value = value;
        Ok(())
    }
}

/// Why a value was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    UnknownProperty,
    Format,
    Value,
}

impl Value {
    /// The value as it stands in an event record.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Number(number) => number.to_le_bytes().to_vec(),
            Self::ImageFormat(short) => image_format_bytes(*short),
            Self::Text(text) => {
                let mut bytes = text.clone().into_bytes();
                bytes.push(0);
                bytes.resize(bytes.len().next_multiple_of(4), 0);
                bytes
            }
        }
    }
}

impl Property {
    /// The choices as they stand in an event record.
    pub(crate) fn choice_bytes(&self) -> Vec<u8> {
        let spelled = self.choices.iter().map(|choice| match self.value {
            Value::ImageFormat(_) => image_format_bytes(*choice),
            Value::Number(_) | Value::Text(_) => choice.to_le_bytes().to_vec(),
        });
        spelled.flatten().collect()
    }
}

/// Number of files, then for each: 16, type (1 JPEG, 6 raw), size, quality. The sizes S1..S3 are
/// 0xE..0x10 here and one less in the short form, which has four bits for them.
fn image_format_bytes(short: u32) -> Vec<u8> {
    let files = if short & 0xFF == 0 { 1 } else { 2 };
    let mut bytes = Dataset::new().u32(files);
    for half in [short >> 8, short].into_iter().take(files as usize) {
        let (size, quality) = (half >> 4 & 0xF, half & 0xF);
        let kind = if quality & 8 == 0 { 1 } else { 6 };
        let size = if size >= 0xD { size + 1 } else { size };
        bytes = bytes.u32(16).u32(kind).u32(size).u32(quality & 7);
    }
    bytes.into_bytes()
}

fn read_image_format(bytes: &[u8]) -> Option<u32> {
    let files = u32_at(bytes, 0).filter(|files| (1..=2).contains(files))?;
    let mut short = 0;
    for file in 0..files as usize {
        let [kind, size, quality] = [8, 12, 16].map(|at| u32_at(bytes, at + 16 * file));
        let size = size?;
        let size = if size >= 0xE { size - 1 } else { size };
        let raw = if kind? == 6 { 8 } else { 0 };
        let half = (size & 0xF) << 4 | (quality? & 7 | raw);
        short |= half << (8 - 8 * file);
    }
    Some(short)
}

fn read_text(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

/// Reads what a host sends with 0x9110: its own length, the property code, the value's bytes.
pub(crate) fn read_setting(data: &[u8]) -> Option<(u16, &[u8])> {
    let size = u32_at(data, 0)?;
    let code = u16_at(data, 4)?;
    let value = data.get(8..)?;
    (size <= length(data.len())).then_some((code, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_formats_survive_the_wire() {
        for short in IMAGE_FORMATS {
            assert_eq!(read_image_format(&image_format_bytes(*short)), Some(*short));
        }
        assert_eq!(read_image_format(&[9; 40]), None);
    }

    #[test]
    fn only_offered_values_are_taken() {
        let mut properties = Properties::new("1");
        assert_eq!(properties.set_bytes(code::ISO_SPEED, &[0x58, 0, 0, 0]), Ok(()));
        assert_eq!(properties.number(code::ISO_SPEED), 0x58);
        assert_eq!(properties.set_bytes(code::ISO_SPEED, &[1, 0, 0, 0]), Err(Unfit::Value));
        assert_eq!(properties.set_bytes(code::ISO_SPEED, &[1]), Err(Unfit::Format));
        assert_eq!(properties.set_bytes(0xD1FF, &[0; 4]), Err(Unfit::UnknownProperty));
    }
}
