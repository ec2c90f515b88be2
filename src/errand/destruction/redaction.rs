//! The journal that survives: to the letter where a line can hold nothing about a student, and else with those words left
//! out. What is left in is listed here; what nobody thought of is left out.
//!
//! A line that lacks words cannot prove its own hash any more, but the next line that has all of its words proves the one
//! before it, and the last hash stands in a signed checkpoint. What else such lines say, the certificate vouches for: it
//! names the hash of the whole file.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::hex;
use crate::{
    clerk::{is_cameras_name, is_of_a_camera},
    ledger::{Checkpoint, Note, RawLine},
    shot::{Digest, Moment},
    station::Fact,
};

/// What stands for words that were left out.
const LEFT_OUT: &str = "…";

/// The journal of a store as it may be kept when the store is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redacted {
    /// JSON lines, as `caiying journal --export` writes them; those without all of their words say so.
    pub text: String,
    /// How many lines of the journal there are.
    pub lines: usize,
    /// Of these, so many without all of their words.
    pub redacted: usize,
    /// In so many places it does not follow, as whoever checks it counts them.
    pub broken: usize,
    /// The last line's hash.
    pub head: Vec<u8>,
}

/// Why a journal that survived a destruction is not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JournalFault {
    /// It is no journal of ours.
    #[error("line {0} of the file cannot be read")]
    Unreadable(usize),
    /// A line is missing, or was slipped in.
    #[error("line {0} of the journal is missing or slipped in")]
    Missing(i64),
    /// A line was changed, or does not follow from the one before.
    #[error("line {0} of the journal was changed or does not follow")]
    Changed(i64),
    /// A checkpoint does not agree with the lines before it.
    #[error("the checkpoint after line {0} does not agree with the lines")]
    Checkpoint(i64),
}

/// The journal without what could tell of a student.
pub(super) fn redacted(lines: &[RawLine]) -> Redacted {
    let mut students = Students::default();
    let (mut text, mut count) = (String::new(), 0);
    let mut notes = Vec::new();
    let mut before = [0; 32];
    for line in lines {
        let words = String::from_utf8_lossy(&line.words);
        let kept = students.without_personal_data(&words);
        let mut record = json!({
            "seq": line.seq,
            "at": line.at.0,
            "station": String::from_utf8_lossy(&line.station),
            "who": String::from_utf8_lossy(&line.who),
            "words": kept.as_deref().unwrap_or(&words),
            "hash": hex(&line.hash),
        });
        if let Some(fields) = record.as_object_mut().filter(|_| kept.is_some()) {
            fields.insert("redacted".to_owned(), Value::Bool(true));
            // Without its words nobody sees it any more.
            if !line.follows(&before) {
                fields.insert("broken".to_owned(), Value::Bool(true));
            }
            count += 1;
        }
        text.push_str(&format!("{record}\n"));
        before = line.hash.as_slice().try_into().unwrap_or_default();
        if let Some(Fact::Checkpoint { note }) = line.fact() {
            notes.push(json!({ "seq": line.seq, "note": note }));
        }
    }
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    let head = lines.last().map(|line| line.hash.clone()).unwrap_or_default();
    let broken = follow(&text).map_or(0, |followed| followed.broken.len());
    Redacted { text, lines: lines.len(), redacted: count, broken, head }
}

/// Students by the order in which the journal first tells of them.
#[derive(Default)]
struct Students(BTreeMap<String, usize>);

impl Students {
    /// A line's words without what could tell of a student; `None` when nothing in them could.
    fn without_personal_data(&mut self, words: &str) -> Option<String> {
        let Ok(Value::Object(told)) = serde_json::from_str::<Value>(words) else {
            return Some(json!(LEFT_OUT).to_string());
        };
        let fact = told.get("fact").and_then(Value::as_str).unwrap_or_default().to_owned();
        let kept: Map<String, Value> =
            told.iter().map(|(name, value)| (name.clone(), self.kept(&fact, name, value))).collect();
        (kept != told).then(|| Value::Object(kept).to_string())
    }

    fn kept(&mut self, fact: &str, name: &str, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
            Value::Array(values) => values.iter().map(|value| self.kept(fact, name, value)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.clone(), self.kept(fact, name, value)));
                Value::Object(fields.collect())
            }
            Value::String(text) if name == "code" => {
                // A code can be guessed from its hash where it is a number with few digits.
                let next = self.0.len() + 1;
                let number = *self.0.entry(text.clone()).or_insert(next);
                json!(format!("student {number}"))
            }
            Value::String(text) if may_stay(fact, name, text) => value.clone(),
            Value::String(_) => json!(LEFT_OUT),
        }
    }
}

/// Whether a text can tell of no student.
fn may_stay(fact: &str, name: &str, text: &str) -> bool {
    match name {
        // Short names that the program chose itself.
        "fact" | "trigger" | "how" | "role" | "gate" | "failed" | "purpose" | "target" => is_slug(text),
        // Why a person overruled, gave or corrected something was typed in by him.
        "reason" => matches!(fact, "declined" | "disowned") && is_slug(text),
        // Who stood for it, in words that the program demands to name no student; and what is the station's.
        "by" | "second" | "holder" | "waiver" | "station" | "profile" | "version" | "note" => true,
        "object" | "jpeg" | "portrait" | "paper" | "supersedes" | "head" => text.parse::<Digest>().is_ok(),
        "certificate" => text.bytes().all(|c| c.is_ascii_hexdigit()),
        "camera" => text.chars().all(|c| c.is_ascii_alphanumeric()) && text.len() <= 40,
        "folder" => is_of_a_camera(text),
        "name" => text.is_empty() || is_cameras_name(text),
        _ => false,
    }
}

fn is_slug(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
}

/// A journal that survived, as far as it can be followed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Followed {
    /// How many lines of the journal there are.
    pub lines: usize,
    /// Where it does not follow, in the order of its lines: each place once, and it is gone on with what stands there.
    pub broken: Vec<JournalFault>,
    /// Each line's hash by its number.
    heads: BTreeMap<i64, [u8; 32]>,
}

impl Followed {
    /// Whether a checkpoint counts a line that is here, and has its hash.
    pub(super) fn agrees_with(&self, checkpoint: &Checkpoint) -> bool {
        self.heads.get(&checkpoint.size) == Some(checkpoint.head.as_bytes())
    }
}

/// Follows the chain of a journal that survived, also behind what was broken already when it was written.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn follow(text: &str) -> Result<Followed, JournalFault> {
    let mut followed = Followed::default();
    let (mut expected, mut before) = (1, [0; 32]);
    followed.heads.insert(0, before);
    for (n, record) in text.lines().enumerate() {
        let unreadable = || JournalFault::Unreadable(n + 1);
        let record: Value = serde_json::from_str(record).map_err(|_no_json| unreadable())?;
        if record.get("note").is_some() {
            followed.broken.extend(checkpoint(&record, &followed));
            continue;
        }
        let (line, may_follow) = line(&record).ok_or_else(unreadable)?;
        if line.seq != expected {
            followed.broken.push(JournalFault::Missing(line.seq.min(expected)));
        } else if !may_follow.unwrap_or_else(|| line.follows(&before)) {
            followed.broken.push(JournalFault::Changed(line.seq));
        }
        before = line.hash.as_slice().try_into().map_err(|_short| unreadable())?;
        expected = line.seq.saturating_add(1);
        followed.heads.entry(line.seq).or_insert(before);
        followed.lines += 1;
    }
    Ok(followed)
}

/// What is wrong with a checkpoint of the journal's own.
fn checkpoint(record: &Value, followed: &Followed) -> Option<JournalFault> {
    let note = record.get("note").and_then(Value::as_str).and_then(|note| Note::parse(note).ok());
    let Some(Note { checkpoint, .. }) = note else {
        let seq = record.get("seq").and_then(Value::as_i64).unwrap_or_default();
        return Some(JournalFault::Checkpoint(seq.saturating_sub(1)));
    };
    (!followed.agrees_with(&checkpoint)).then_some(JournalFault::Checkpoint(checkpoint.size))
}

/// A line; and of one that lacks words, whether it followed when it had them.
fn line(record: &Value) -> Option<(RawLine, Option<bool>)> {
    let text = |name: &str| Some(record.get(name)?.as_str()?.as_bytes().to_vec());
    let hash: Digest = record.get("hash")?.as_str()?.parse().ok()?;
    let line = RawLine {
        seq: record.get("seq")?.as_i64()?,
        at: Moment(record.get("at")?.as_i64()?),
        station: text("station")?,
        who: text("who")?,
        words: text("words")?,
        hash: hash.as_bytes().to_vec(),
    };
    let is = |name: &str| record.get(name) == Some(&Value::Bool(true));
    Some((line, is("redacted").then(|| !is("broken"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(fact: &str) -> Option<String> {
        Students::default().without_personal_data(fact)
    }

    #[test]
    fn what_can_tell_of_a_student_is_left_out_and_nothing_else() {
        let digest = Digest::of(b"x");
        for (said, kept) in [
            (format!(r#"{{"fact":"seated","sitting":1,"code":"{digest}","retake":false}}"#), "student 1"),
            (r#"{"fact":"overruled","sitting":1,"shot":1,"failed":["lids"],"by":"王老师","reason":"李雷眼疾"}"#.into(), "…"),
            (r#"{"fact":"stray","shot":1,"origin":{"camera":"1","folder":"/home/a","name":"IMG_0001.JPG"}}"#.into(), "…"),
            (r#"{"fact":"stray","shot":1,"origin":{"camera":"1","folder":"/DCIM","name":"李雷.jpg"}}"#.into(), "…"),
            (r#"{"fact":"something_new","whom":"李雷"}"#.into(), "…"),
            (r#"{"fact":"declined","reason":"20260101 李雷"}"#.into(), "…"),
            ("李雷".into(), "…"),
        ] {
            let left = words(&said).unwrap();
            assert!(left.contains(kept) && !left.contains("李雷") && !left.contains(&digest.to_string()), "{left}");
        }
        for said in [
            format!(
                r#"{{"fact":"kept","sitting":1,"object":"{digest}","supersedes":["{digest}"],"bytes":3}}"#
            ),
            r#"{"fact":"declined","sitting":1,"reason":"no_face"}"#.to_owned(),
            r#"{"fact":"opened","station":"A1","profile":"p","version":"1"}"#.to_owned(),
            r#"{"fact":"delivered","target":"folder"}"#.to_owned(),
        ] {
            assert_eq!(words(&said), None, "{said}");
        }
    }

    #[test]
    fn a_student_keeps_his_number() {
        let mut students = Students::default();
        let mut of = |code: &str| {
            let words = format!(r#"{{"fact":"seated","code":"{code}"}}"#);
            students.without_personal_data(&words).unwrap()
        };
        let (first, second) = (of("aa"), of("bb"));
        assert_ne!(first, second);
        assert_eq!((of("aa"), of("bb")), (first, second));
    }
}
