//! What 学信网's codes may hold: a hypothesis from a single imitation, confirmed by nobody.
//!
//! It says: base64 of a UTF-8 JSON object with the keys `sjc` (time stamp), `cjm` (the code's number), `yxdm` (school
//! code), `zjhm` (the id number's last four), `xh` (student number), `cc` (level), `xllb` (kind of study), `fy`
//! (college), `xm` (masked name), `bh` (class). The ministry speaks of encryption, so real codes may well be closed
//! to us; then they are carried without being looked into, and all that is lost is the cross-check on the screen.

use std::collections::BTreeMap;

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::Deserialize;

use super::Field;

/// The keys we look at. `sjc`, `xllb` and `fy` tell nothing the cross-check needs.
#[derive(Deserialize)]
struct Payload {
    cjm: Option<Value>,
    yxdm: Option<Value>,
    zjhm: Option<Value>,
    xh: Option<Value>,
    cc: Option<Value>,
    xm: Option<Value>,
    bh: Option<Value>,
}

/// Numbers may stand with or without quotation marks.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(u64),
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => text,
            Value::Number(number) => number.to_string(),
        }
    }
}

/// What a base64 text holds by the hypothesis; `None` when it is something else.
#[must_use]
pub fn from_base64(text: &str) -> Option<BTreeMap<Field, String>> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = [STANDARD, URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, lenient).decode(text.trim()).ok())?;
    from_json(std::str::from_utf8(&bytes).ok()?)
}

/// The same without base64 around it.
#[must_use]
pub fn from_json(text: &str) -> Option<BTreeMap<Field, String>> {
    let Payload { cjm, yxdm, zjhm, xh, cc, xm, bh } = serde_json::from_str(text).ok()?;
    let fields = [
        (Field::CodeNumber, cjm),
        (Field::SchoolCode, yxdm),
        (Field::IdNumber, zjhm),
        (Field::StudentNumber, xh),
        (Field::Level, cc),
        (Field::Name, xm),
        (Field::Class, bh),
    ];
    Some(fields.into_iter().filter_map(|(field, value)| Some((field, value?.into()))).collect())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose;

    use super::*;

    const JSON: &str = r#"{"sjc":"1763750000000","cjm":"C0001","yxdm":10001,"zjhm":"123X","xh":"2024001",
        "cc":"本科","xllb":"普通","fy":"艺术系","xm":"张*三","bh":"1班"}"#;

    #[test]
    fn the_hypothesis_is_read_in_every_dress_of_base64() {
        let plain = from_json(JSON).unwrap();
        assert_eq!(plain.get(&Field::SchoolCode).map(String::as_str), Some("10001"));
        assert_eq!(plain.get(&Field::IdNumber).map(String::as_str), Some("123X"));
        assert_eq!(plain.get(&Field::Class).map(String::as_str), Some("1班"));
        for dress in [
            general_purpose::STANDARD.encode(JSON),
            general_purpose::STANDARD_NO_PAD.encode(JSON),
            general_purpose::URL_SAFE.encode(JSON),
            general_purpose::URL_SAFE_NO_PAD.encode(JSON),
        ] {
            assert_eq!(from_base64(&dress), Some(plain.clone()));
        }
    }

    #[test]
    fn anything_else_is_nothing() {
        let nested = "[".repeat(2000);
        for text in
            ["", "CODE-1", "====", "[]", "null", r#"{"xh":{"a":1}}"#, r#"{"xh":"1","xh":"2"}"#, &nested]
        {
            assert!(from_json(text).is_none_or(|said| said.is_empty()), "{text}");
            assert_eq!(from_base64(text), None, "{text}");
        }
        assert_eq!(from_base64(&general_purpose::STANDARD.encode([0xff, 0xfe, 0x00])), None, "not UTF-8");
    }
}
