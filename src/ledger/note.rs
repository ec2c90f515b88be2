//! A checkpoint as text: a note in the format of C2SP signed-note (<https://c2sp.org/signed-note>) with the lines of a
//! C2SP tlog-checkpoint (<https://c2sp.org/tlog-checkpoint>), so that it can be printed, kept and checked by others.
//!
//! ```text
//! caiying/A1/chain
//! 20852
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! hash chain, no Merkle tree
//! day 2027-04-01
//! lines 20852
//! shots 5600
//! kept 4400
//!
//! — caiying/A1/chain Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! ```
//!
//! **The third line is the hash of the journal's last line, not the root of a Merkle tree**: there are no proofs of
//! inclusion or consistency, and whoever wants to know reads the whole journal. So that no client of a tlog takes it for
//! a tree's head, the origin ends with `/chain`, and the first extension line, which is signed as well, says so.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::shot::Digest;

/// The extension line that says what the third line is.
const NO_TREE: &str = "hash chain, no Merkle tree";

/// Before and after the station's name in the origin.
const ORIGIN: (&str, &str) = ("caiying/", "/chain");

/// The signature type of Ed25519 in signed-note.
const ED25519: u8 = 0x01;

/// A longer text is no note of ours, in bytes.
const LONGEST: usize = 64 * 1024;

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The station's name.
    pub station: String,
    /// The number of the last line it counts.
    pub size: i64,
    /// That line's hash.
    pub head: Digest,
    /// The day it was made on, by the station's calendar.
    pub day: String,
    /// How many lines there are; as many as its size, unless some are missing.
    pub lines: u64,
    /// How many shots these lines put on the shelf.
    pub shots: u64,
    /// How many portraits they kept.
    pub kept: u64,
}

/// A station's key, as whoever owns it lends it.
#[derive(Clone, Copy)]
pub struct StationKey<'a> {
    /// The public half of an Ed25519 key (RFC 8032).
    pub public: &'a [u8; 32],
    /// Signs a text with the other half.
    pub sign: &'a dyn Fn(&[u8]) -> [u8; 64],
}

/// A station's public key, as whoever can verify with it lends it.
#[derive(Clone, Copy)]
pub struct KnownKey<'a> {
    /// The key.
    pub public: &'a [u8; 32],
    /// Whether this is its signature of a text.
    pub verify: &'a dyn Fn(&[u8], &[u8; 64]) -> bool,
}

/// A text that is no note of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotANote {
    /// It is too long, has control characters, or no signatures.
    #[error("it is not a signed note")]
    Form,
    /// A signature line is none.
    #[error("a signature line of it cannot be read")]
    Signature,
    /// It is the note of something else.
    #[error("it is a signed note, but not the checkpoint of a journal")]
    Content,
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    name: String,
    key: [u8; 4],
    /// Of an Ed25519 key 64 bytes.
    bytes: Vec<u8>,
}

/// A checkpoint with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// What is signed, to the letter.
    signed: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A checkpoint signed with a station's key.
    #[must_use]
    pub fn sign(checkpoint: Checkpoint, key: &StationKey<'_>) -> Self {
        let signed = checkpoint.text();
        let name = checkpoint.origin();
        let bytes = (key.sign)(signed.as_bytes()).to_vec();
        let signature = Signature { key: key_id(&name, key.public), name, bytes };
        Self { checkpoint, signed, signatures: vec![signature] }
    }

    /// Reads a note. Ends of lines and a mark at its beginning may have changed on its way.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn parse(text: &str) -> Result<Self, NotANote> {
        if text.len() > LONGEST {
            return Err(NotANote::Form);
        }
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let text = format!("{}\n", text.trim_matches('\n'));
        if text.chars().any(|c| c.is_ascii_control() && c != '\n') {
            return Err(NotANote::Form);
        }
        let (signed, signatures) = text.rsplit_once("\n\n").ok_or(NotANote::Form)?;
        let signed = format!("{signed}\n");
        let signatures: Vec<Signature> =
            signatures.lines().map(Signature::parse).collect::<Option<_>>().ok_or(NotANote::Signature)?;
        if signatures.is_empty() {
            return Err(NotANote::Form);
        }
        let checkpoint = Checkpoint::parse(&signed).ok_or(NotANote::Content)?;
        Ok(Self { checkpoint, signed, signatures })
    }

    /// The note as it is handed out.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |signature: &Signature| {
            let bytes = [&signature.key[..], &signature.bytes].concat();
            format!("\u{2014} {} {}\n", signature.name, STANDARD.encode(bytes))
        };
        let signatures: String = self.signatures.iter().map(line).collect();
        format!("{}\n{signatures}", self.signed)
    }

    /// Whether this key signed it. A signature that names the key and does not verify spoils the note.
    #[must_use]
    pub fn is_signed_by(&self, key: &KnownKey<'_>) -> bool {
        let name = self.checkpoint.origin();
        let id = key_id(&name, key.public);
        let mut of_key = self
            .signatures
            .iter()
            .filter(|signature| signature.name == name && signature.key == id)
            .peekable();
        let verifies = |signature: &Signature| {
            let bytes = <&[u8; 64]>::try_from(signature.bytes.as_slice());
            bytes.is_ok_and(|bytes| (key.verify)(self.signed.as_bytes(), bytes))
        };
        of_key.peek().is_some() && of_key.all(verifies)
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = STANDARD.decode(bytes).ok()?;
        let (key, bytes) = bytes.split_first_chunk::<4>()?;
        let is_name = !name.is_empty() && !name.contains('+') && !name.contains(char::is_whitespace);
        (is_name && !bytes.is_empty()).then(|| Self {
            name: name.to_owned(),
            key: *key,
            bytes: bytes.to_vec(),
        })
    }
}

impl Checkpoint {
    /// The log's name, which is also the key's: without spaces and plus signs, whatever the station is called.
    #[must_use]
    pub fn origin(&self) -> String {
        let (before, after) = ORIGIN;
        format!("{before}{}{after}", encoded(&self.station))
    }

    /// What is signed.
    fn text(&self) -> String {
        let Self { size, head, day, lines, shots, kept, .. } = self;
        let (origin, head, day) = (self.origin(), STANDARD.encode(head.as_bytes()), encoded(day));
        format!("{origin}\n{size}\n{head}\n{NO_TREE}\nday {day}\nlines {lines}\nshots {shots}\nkept {kept}\n")
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (before, after) = ORIGIN;
        let station = decoded(lines.next()?.strip_prefix(before)?.strip_suffix(after)?)?;
        let size = lines.next()?.parse().ok().filter(|size: &i64| *size >= 0)?;
        let head: [u8; 32] = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let mut field = |name: &str| lines.next()?.strip_prefix(name);
        field(NO_TREE)?;
        let checkpoint = Self {
            station,
            size,
            head: head.into(),
            day: decoded(field("day ")?)?,
            lines: field("lines ")?.parse().ok()?,
            shots: field("shots ")?.parse().ok()?,
            kept: field("kept ")?.parse().ok()?,
        };
        // Written in the one way there is: what is signed is what is read.
        (checkpoint.text() == text).then_some(checkpoint)
    }
}

/// The first four bytes of the hash of a key's name, a newline, the kind of signature and the key.
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Digest::of_parts(&[name.as_bytes(), b"\n", &[ED25519], public]);
    digest.as_bytes().first_chunk().copied().unwrap_or_default()
}

/// A name without spaces, plus signs and control characters: these, and the percent sign, by their bytes, as in a URL.
fn encoded(name: &str) -> String {
    let encode = |c: char| -> String {
        if c.is_whitespace() || c.is_control() || matches!(c, '+' | '%') {
            c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
        } else {
            c.to_string()
        }
    };
    name.chars().map(encode).collect()
}

/// The name again; `None` if it was never written like this.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            station: "体育馆 2+3 号机 50%".to_owned(),
            size: 20_852,
            head: Digest::of(b"head"),
            day: "2027-04-01".to_owned(),
            lines: 20_852,
            shots: 560,
            kept: 440,
        }
    }

    /// The example of Go's package sumdb/note, whose format this is: name, key and signature are theirs.
    #[test]
    fn a_key_is_named_as_the_format_names_it() {
        let key = STANDARD.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let public: [u8; 32] = key[1..].try_into().unwrap();
        assert_eq!(key[0], ED25519);
        assert_eq!(key_id("PeterNeumann", &public), [0xc7, 0x4f, 0x20, 0xa3]);
        let line = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng\
                    otpRZb6KE6RyyBwJnAM=";
        let signature = Signature::parse(line).unwrap();
        assert_eq!((signature.name.as_str(), signature.key), ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3]));
        assert_eq!(signature.bytes.len(), 64);
    }

    #[test]
    fn a_note_is_read_as_it_was_written_whatever_happened_to_its_line_ends() {
        let sign = |_: &[u8]| [7; 64];
        let note = Note::sign(checkpoint(), &StationKey { public: &[9; 32], sign: &sign });
        let text = note.text();
        assert!(text.starts_with("caiying/体育馆%202%2B3%20号机%2050%25/chain\n20852\n"), "{text}");
        let (signed, signatures) = text.rsplit_once("\n\n").unwrap();
        assert_eq!(signatures.lines().count(), 1);
        assert!(signatures.starts_with("\u{2014} caiying/体育馆%202%2B3%20号机%2050%25/chain "));
        assert_eq!(signed.lines().nth(3), Some(NO_TREE));
        for sent in
            [text.clone(), text.replace('\n', "\r\n"), format!("\u{feff}{text}"), text.trim().to_owned()]
        {
            assert_eq!(Note::parse(&sent), Ok(note.clone()));
        }
    }

    #[test]
    fn what_is_no_checkpoint_is_none() {
        let sign = |_: &[u8]| [7; 64];
        let text = Note::sign(checkpoint(), &StationKey { public: &[9; 32], sign: &sign }).text();
        for (wrong, why) in [
            (String::new(), NotANote::Form),
            ("a\nb\n".to_owned(), NotANote::Form),
            (text.replace("shots", "sh\tots"), NotANote::Form),
            ("x".repeat(LONGEST + 1), NotANote::Form),
            (text.replace('\u{2014}', "-"), NotANote::Signature),
            (text.replace(" caiying/", " cai+ying/"), NotANote::Signature),
            (format!("{}!\n", text.trim_end()), NotANote::Signature),
            (text.replacen("/chain", "/tree", 1), NotANote::Content),
            (text.replacen("20852", "020852", 1), NotANote::Content),
            (text.replacen("20852", "-1", 1), NotANote::Content),
            (text.replace(NO_TREE, "day 2027"), NotANote::Content),
            (text.replace("kept 440", "kept 440\nkept 441"), NotANote::Content),
            (text.replace("%20", "%2"), NotANote::Content),
        ] {
            assert_ne!(wrong, text, "nothing was changed");
            assert_eq!(Note::parse(&wrong).unwrap_err(), why, "{wrong}");
        }
    }

    #[test]
    fn only_the_key_that_signed_it_signed_it() {
        // A signature that anybody can make: the text's hash, twice.
        fn of(text: &[u8]) -> [u8; 64] {
            let hash = *Digest::of(text).as_bytes();
            [hash, hash].concat().try_into().unwrap()
        }
        let verify = |text: &[u8], signature: &[u8; 64]| *signature == of(text);
        let known = |public| KnownKey { public, verify: &verify };
        let note = Note::sign(checkpoint(), &StationKey { public: &[9; 32], sign: &of });
        assert!(note.is_signed_by(&known(&[9; 32])));
        assert!(!note.is_signed_by(&known(&[8; 32])), "another key");
        let changed = Note::parse(&note.text().replace("kept 440", "kept 441")).unwrap();
        assert!(!changed.is_signed_by(&known(&[9; 32])));
        // A second line of the same key that does not verify spoils it; one of another key is nothing to us.
        let sign = |_: &[u8]| [0; 64];
        let line = |public| {
            let text = Note::sign(checkpoint(), &StationKey { public, sign: &sign }).text();
            text.rsplit_once("\n\n").unwrap().1.to_owned()
        };
        let with = |public| Note::parse(&format!("{}{}", note.text(), line(public))).unwrap();
        assert!(!with(&[9; 32]).is_signed_by(&known(&[9; 32])));
        assert!(with(&[8; 32]).is_signed_by(&known(&[9; 32])));
    }
}
