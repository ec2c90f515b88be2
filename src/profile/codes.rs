//! How a job's codes are looked into: which decoders, in which order, and which QR codes are certainly none.
//!
//! The door of the crate `regex`. A decoder that does not understand a code leaves it to the next one; a code that
//! none understands is carried to the letter, without being looked into, if the profile says so.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::{
    language::Phrase,
    student::{Bearer, CaptureCode, CodeError, Field, NameMask, chsi},
};

/// How codes are looked into.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// The decoders, in their order: the first that understands a code is believed.
    pub decoders: Vec<Decoder>,
    /// Whether the screen shows the student number that a code holds.
    pub show_student_number: bool,
    /// Forms of a school's own codes, which `decoders` call by their names.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// QR codes that are certainly no capture codes, with what they are.
    #[serde(default)]
    pub foreign: Vec<Foreign>,
}

/// A way to look into a code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Decoder {
    /// The hypothesis about 学信网's codes: base64 of a JSON object ([`chsi`]).
    ChsiBase64Json,
    /// The same JSON object as it is.
    ChsiJson,
    /// Not at all: the code is carried to the letter.
    Opaque,
    /// One of the profile's `forms`, by its name.
    Form(String),
}

impl From<String> for Decoder {
    fn from(name: String) -> Self {
        match name.as_str() {
            "chsi_base64_json" => Self::ChsiBase64Json,
            "chsi_json" => Self::ChsiJson,
            "opaque" => Self::Opaque,
            _ => Self::Form(name),
        }
    }
}

/// A school's own form of codes: key=value, a URL, whatever a regular expression can describe.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its name in `decoders`.
    pub name: String,
    /// Which texts are of this form.
    pub matches: Expression,
    /// Where each field stands: the first group of an expression, or all of it when it has no group.
    pub fields: BTreeMap<Field, Expression>,
    /// Whether values are written as in a URL: %E5%BC%A0 for 张.
    #[serde(default)]
    pub url_encoded: bool,
}

/// A QR code that is certainly no capture code.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// Which texts.
    pub matches: Expression,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
}

/// A regular expression of bounded size. Matching takes time in proportion to the text, which is a QR code's.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Expression(Regex);

/// The longest expression, in bytes, and the largest machine made of one: `\w{1000}` asks for more.
const LONGEST: usize = 1_000;
const LARGEST: usize = 1 << 20;

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl TryFrom<String> for Expression {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(format!("an expression has 1 to {LONGEST} bytes, not {}", text.len()));
        }
        // The crate's own words run over several lines; the last one says what is wrong.
        let last_line = |said: String| said.lines().last().unwrap_or_default().trim().to_owned();
        RegexBuilder::new(&text)
            .size_limit(LARGEST)
            .build()
            .map(Self)
            .map_err(|err| last_line(err.to_string()))
    }
}

impl Expression {
    fn finds<'a>(&self, text: &'a str) -> Option<&'a str> {
        let found = self.0.captures(text)?;
        found.get(1).or_else(|| found.get(0)).map(|found| found.as_str())
    }
}

/// Why a QR code cannot be a capture code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotACode {
    /// It is no text a capture code could be.
    Unfit(CodeError),
    /// The profile knows what it is: a payment code, a link.
    Foreign(Phrase),
    /// No decoder of the profile understands it, and none carries what it does not understand.
    Unknown,
}

impl Codes {
    /// Whose code this is, as far as it can be known; nothing that fails here is the student's fault.
    ///
    /// # Errors
    /// When it is certainly no capture code of this job.
    pub fn read(&self, code: &CaptureCode, mask: NameMask) -> Result<Bearer, NotACode> {
        let understood = self.decoders.iter().find_map(|decoder| self.decode(decoder, code, mask));
        if let Some(bearer) = understood {
            return Ok(bearer);
        }
        let text = code.expose();
        if let Some(what) = self.foreign.iter().find(|what| what.matches.0.is_match(text)) {
            return Err(NotACode::Foreign(Phrase::new(&*what.zh, &*what.en)));
        }
        if self.decoders.contains(&Decoder::Opaque) {
            Ok(Bearer::unknown(code))
        } else {
            Err(NotACode::Unknown)
        }
    }

    fn decode(&self, decoder: &Decoder, code: &CaptureCode, mask: NameMask) -> Option<Bearer> {
        let text = code.expose();
        let (said, unverified) = match decoder {
            Decoder::ChsiBase64Json => (chsi::from_base64(text)?, true),
            Decoder::ChsiJson => (chsi::from_json(text)?, true),
            Decoder::Form(name) => (self.forms.iter().find(|form| form.name == *name)?.read(text)?, false),
            // It carries what nobody else took, after what is foreign was sent away.
            Decoder::Opaque => return None,
        };
        Bearer::found(&said, mask, unverified)
    }
}

impl Form {
    fn read(&self, text: &str) -> Option<BTreeMap<Field, String>> {
        self.matches.0.is_match(text).then_some(())?;
        let mut said = BTreeMap::new();
        for (field, place) in &self.fields {
            let Some(value) = place.finds(text) else { continue };
            let value = if self.url_encoded { url_decoded(value)? } else { value.to_owned() };
            said.insert(*field, value);
        }
        Some(said)
    }
}

/// A URL's %E5%BC%A0 and + (RFC 3986, section 2.1; the plus as forms write it); `None` when that is no text.
fn url_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    /// A school's own codes: a URL, and key=value in any order.
    const OWN: &str = r#"
        decoders = ["card", "link", "chsi_base64_json", "opaque"]
        show_student_number = true
        [[forms]]
        name = "card"
        matches = '^CARD;'
        fields = { "学号" = 'no=([0-9]+)', "姓名" = 'name=([^;]+)', "层次" = 'level=([^;]+)' }
        [[forms]]
        name = "link"
        matches = '^https://card\.example\.edu\.cn/'
        fields = { "院校代码" = 's=([0-9]{5})', "学号" = 'no=([0-9]+)', "姓名" = 'n=([^&]+)' }
        url_encoded = true
        [[foreign]]
        matches = '(?i)^https?://'
        zh = "网址"
        en = "a link"
    "#;

    fn codes() -> Codes {
        toml::from_str(OWN).unwrap()
    }

    fn read(codes: &Codes, text: &str) -> Result<Bearer, NotACode> {
        codes.read(&text.parse().unwrap(), NameMask::FirstAndLast)
    }

    #[test]
    fn a_schools_own_forms_are_read_in_any_order_and_masked() {
        let codes = codes();
        let one = read(&codes, "CARD;no=7;name=张小三;level=本科").unwrap();
        let other = read(&codes, "CARD;level=本科;time=99;name=张小三;no=7").unwrap();
        assert_eq!(one, other, "another time stamp is no other student");
        assert_eq!(one.badge.unwrap().masked_name.as_deref(), Some("张*三"));
        let link = read(&codes, "https://card.example.edu.cn/?s=10001&no=7&n=%E5%BC%A0%E4%B8%89").unwrap();
        let badge = link.badge.unwrap();
        assert_eq!((badge.masked_name.as_deref(), badge.unverified), (Some("张*"), false));
    }

    #[test]
    fn a_decoder_that_fails_leaves_the_code_to_the_next() {
        let mut codes = codes();
        for text in
            ["CARD;name=张三", "CARD;no=7;name=<b>", "CODE-1", "%E5", "' OR 1=1 --", "../../etc/passwd"]
        {
            assert_eq!(read(&codes, text), Ok(Bearer::unknown(&text.parse().unwrap())), "{text}");
        }
        let json = STANDARD.encode(r#"{"cjm":"A","yxdm":"10001","xm":"张*三"}"#);
        assert!(read(&codes, &json).unwrap().badge.unwrap().unverified);
        codes.decoders.pop();
        assert_eq!(read(&codes, "CODE-1"), Err(NotACode::Unknown));
    }

    #[test]
    fn what_is_foreign_says_what_it_is() {
        let said = read(&codes(), "HTTPS://example.com/pay").unwrap_err();
        assert_eq!(said, NotACode::Foreign(Phrase::new("网址", "a link")));
    }

    #[test]
    fn an_expression_has_bounds() {
        for text in ["", &"a".repeat(1001), r"\w{1000}", "("] {
            assert!(Expression::try_from(text.to_owned()).is_err(), "{text}");
        }
        assert_eq!(url_decoded("a%2"), None);
        assert_eq!(url_decoded("%ff"), None, "no UTF-8");
        assert_eq!(url_decoded("a+b%20c").as_deref(), Some("a b c"));
    }
}
