//! What a certificate is worth: signed, checked with what lies beside it, and without a word of a student.

use std::{fs, process::Command};

use caiying::{
    errand::{
        CERTIFICATE, Category, Certificate, CertificateFault, Evidence, JOURNAL, JournalFault, SIGNATURE,
        VolumeNote, check_certificate,
    },
    ledger::Note,
    screens::certificate_sections,
    shot::Digest,
};
use serde_json::Value;

use super::{NAMES, Season, TWO, code, contains, everything_in};
use crate::locks::{caiying, said};

struct Papers {
    json: Vec<u8>,
    signature: String,
    journal: Vec<u8>,
    checkpoint: String,
}

impl Papers {
    fn check(&self, kept: &[Note]) -> Result<(), CertificateFault> {
        let Self { json, signature, journal, .. } = self;
        check_certificate(&Evidence { json, signature, journal, kept }).map(|_| ())
    }

    fn note(&self) -> Note {
        Note::parse(&self.checkpoint).unwrap()
    }
}

fn destroyed() -> (Season, Papers) {
    let season = Season::new();
    season.deliver_all();
    let done = season.destroy(&[], &[&TWO[..], &["已验收", "3"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let read = |name: &str| fs::read(season.paper().join(name)).unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let papers = Papers {
        json: read(CERTIFICATE),
        signature: text(SIGNATURE),
        journal: read(JOURNAL),
        checkpoint: text("检查点.txt"),
    };
    (season, papers)
}

#[test]
fn a_certificate_holds_until_somebody_changes_a_byte() {
    let (season, papers) = destroyed();
    assert_eq!(papers.check(&[papers.note()]), Ok(()));
    let changed = |from: &str, to: &str| {
        let json = String::from_utf8(papers.json.clone()).unwrap();
        assert!(json.contains(from), "{from}");
        Papers { json: json.replacen(from, to, 1).into_bytes(), ..papers.copy() }
    };
    for (from, to) in [("\"students\": 3", "\"students\": 2"), ("赵老师", "钱老师"), ("\n", "\n\n")] {
        assert_eq!(changed(from, to).check(&[]), Err(CertificateFault::NotSigned));
    }
    assert_eq!(
        changed("caiying-destruction/1", "caiying-destruction/9").check(&[]),
        Err(CertificateFault::NotOne)
    );
    let others = Papers { journal: b"{}\n".to_vec(), ..papers.copy() };
    assert_eq!(others.check(&[]), Err(CertificateFault::OtherJournal));
    let (_, another) = destroyed();
    assert_eq!(
        papers.check(&[another.note()]),
        Err(CertificateFault::OtherStation),
        "of whose station it is"
    );
    let swapped = Papers { signature: another.signature.clone(), ..papers.copy() };
    assert_eq!(swapped.check(&[]), Err(CertificateFault::NotSigned));

    // The same by the command, in words.
    let file = season.paper().join(CERTIFICATE);
    let check = || {
        let (file, note) =
            (file.display().to_string(), season.paper().join("检查点.txt").display().to_string());
        caiying(season.home.path(), &["destroy", "--check", &file, "--checkpoint", &note], "")
    };
    let holds = check();
    assert!(holds.status.success() && said(&holds).contains("签名完好，核对通过"), "{}", said(&holds));
    fs::write(&file, changed("\"students\": 3", "\"students\": 2").json).unwrap();
    let broken = check();
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken).contains("签名不是这份证书的"), "{}", said(&broken));
}

impl Papers {
    fn copy(&self) -> Self {
        let Self { json, signature, journal, checkpoint } = self;
        let (json, journal) = (json.clone(), journal.clone());
        Self { json, signature: signature.clone(), journal, checkpoint: checkpoint.clone() }
    }
}

/// The signature is an ordinary one: any tool that knows Ed25519 says the same.
#[test]
fn openssl_agrees_about_the_signature() {
    let (season, papers) = destroyed();
    let told: Value = serde_json::from_slice(&papers.json).unwrap();
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len() / 2).map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap()).collect()
    };
    let key = [bytes("302a300506032b6570032100"), bytes(told["keys"]["station"].as_str().unwrap())].concat();
    let place = season.home.path();
    fs::write(place.join("key"), key).unwrap();
    fs::write(place.join("signature"), bytes(papers.signature.trim())).unwrap();
    let verifies = |json: &[u8]| {
        fs::write(place.join("json"), json).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key"]);
        openssl.args(["-in", "json", "-sigfile", "signature"]).current_dir(place);
        openssl.output().unwrap().status.success()
    };
    assert!(verifies(&papers.json));
    assert!(!verifies(&papers.json[1..]));
}

#[test]
fn nothing_that_survives_tells_of_a_student() {
    let (season, papers) = destroyed();
    let files = everything_in(&season.paper());
    assert_eq!(files.len(), 5, "{:?}", files.iter().map(|(path, _)| path).collect::<Vec<_>>());
    for n in 1..=3 {
        let code = code(n);
        let guess = Digest::of(code.expose().as_bytes()).to_string();
        // Whoever walks up is known by his number: its hash would give it away.
        let number = format!("2026{n:08}");
        let numbers =
            Digest::of(caiying::student::CaptureCode::of_number(&number).expose().as_bytes()).to_string();
        for (path, bytes) in &files {
            for word in [code.expose(), &guess, &number, &numbers] {
                assert!(!contains(bytes, word.as_bytes()), "{word} in {path:?}");
            }
            for name in NAMES {
                assert!(!contains(bytes, name.as_bytes()), "{name} in {path:?}");
            }
        }
    }
    let journal = String::from_utf8(papers.journal.clone()).unwrap();
    let pseudonyms = journal.matches("student 1").count();
    assert!(pseudonyms >= 1 && journal.contains(r#""redacted":true"#), "{journal}");
    assert!(journal.contains(r#"\"fact\":\"accepted\""#) && journal.contains("destruction_began"));
}

#[test]
fn the_journal_that_survives_still_holds_together() {
    let (season, papers) = destroyed();
    let journal = String::from_utf8(papers.journal.clone()).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    let python = |text: &str, flags: &[&str]| {
        let file = season.home.path().join("journal");
        fs::write(&file, text).unwrap();
        let told: Value = serde_json::from_slice(&papers.json).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check_journal.py");
        let mut checker = Command::new("python3");
        checker.args([script, file.to_str().unwrap(), "--key", told["keys"]["station"].as_str().unwrap()]);
        checker.args(flags).env("PYTHONDONTWRITEBYTECODE", "1");
        checker.output().unwrap().status.success()
    };
    assert!(python(&journal, &["--redacted"]), "another program agrees");
    assert!(!python(&journal, &[]), "and says that words are missing");
    let kept = lines.iter().position(|line| line.contains("accepted")).unwrap();
    let tampered: [(&str, Vec<String>); 3] = [
        (
            "changed",
            lines.iter().map(|line| line.replace(r#"\"portraits\":3"#, r#"\"portraits\":2"#)).collect(),
        ),
        (
            "dropped",
            lines
                .iter()
                .enumerate()
                .filter(|(n, _)| *n != kept)
                .map(|(_, line)| (*line).to_owned())
                .collect(),
        ),
        ("a hash changed", {
            let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            // Of a line without its words, before one that has them all: that one proves it.
            let lacks = |line: &String| line.contains(r#""redacted":true"#);
            let n = (0..lines.len()).find(|n| lacks(&lines[*n]) && !lacks(&lines[n + 1])).unwrap();
            let line: Value = serde_json::from_str(&lines[n]).unwrap();
            let hash = line["hash"].as_str().unwrap();
            lines[n] = lines[n].replace(hash, &Digest::of(b"other").to_string());
            lines
        }),
    ];
    for (how, lines) in tampered {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        assert_ne!(text, journal, "{how}");
        assert!(!python(&text, &["--redacted"]), "{how}");
        // Whoever also made the certificate anew has another key; the chain tells it all the same.
        let mut told: caiying::errand::Certificate = serde_json::from_slice(&papers.json).unwrap();
        told.journal.sha256 = Digest::of(text.as_bytes());
        let json = serde_json::to_vec(&told).unwrap();
        let signature: String =
            season.store.keys().sign(&json).iter().map(|byte| format!("{byte:02x}")).collect();
        let forged = Papers { json, signature, journal: text.into_bytes(), checkpoint: String::new() };
        let fault = forged.check(&[]).unwrap_err();
        assert!(
            matches!(fault, CertificateFault::Journal(JournalFault::Changed(_) | JournalFault::Missing(_))),
            "{how}: {fault}"
        );
    }
}

/// NIST SP 800-88r1, section 4.8: every field has its line, also where nobody knows what belongs there.
#[test]
fn the_page_has_every_field_that_the_standard_asks_for() {
    let (season, papers) = destroyed();
    let mut told: Certificate = serde_json::from_slice(&papers.json).unwrap();
    told.medium.maker = None;
    let (title, sections, foot) = certificate_sections(&told, Digest::of(&papers.json));
    assert_eq!(title, "数据销毁证书");
    assert!(foot.contains(&told.number));
    let rows = || sections.iter().flat_map(|section| &section.rows);
    for field in [
        "制造商 Make",
        "型号 Model",
        "序列号 Serial",
        "资产编号 Property no.",
        "介质类型 Type",
        "来源 Source",
        "级别 Description",
        "方法 Method",
        "工具 Tool",
        "核对方法 Verification",
        "介质去向 Destination",
    ] {
        assert_eq!(rows().filter(|(name, _)| name == field).count(), 1, "{field}");
    }
    for field in ["姓名 Name", "职务 Title", "日期 Date", "地点 Place", "联系方式 Contact", "签字 Signature"]
    {
        assert_eq!(rows().filter(|(name, said)| name == field && !said.is_empty()).count(), 2, "{field}");
    }
    let make = rows().find(|(name, _)| name == "制造商 Make").unwrap();
    assert!(make.1.contains("未知"), "what nobody can read is said to be unknown");
    let all: String = rows().map(|(name, said)| format!("{name}{said}")).collect();
    for word in ["LUKS", "Opal", "恢复密钥", "相机卡", "流水没有记过备份"] {
        assert!(all.contains(word), "{word}");
    }
    let pages = caiying::paper::sheets(&title, &sections, &foot).unwrap();
    assert!((2..=4).contains(&pages.len()), "{}", pages.len());
    drop(season);
}

/// The recovery key opens any object whose head is left: no certificate says more than was done.
#[test]
fn where_a_head_may_be_left_the_recovery_key_is_said_to_open_it() {
    let (_season, papers) = destroyed();
    let mut told: Certificate = serde_json::from_slice(&papers.json).unwrap();
    let says = |told: &Certificate| -> String {
        let (_, sections, _) = certificate_sections(told, Digest::of(b""));
        sections.iter().flat_map(|section| &section.rows).map(|(_, said)| said.as_str()).collect()
    };
    let (gone, opens) = ("打不开这里删掉的", "它也可能打开");
    told.description = Category::Purge;
    assert!(told.is_passed() && says(&told).contains(gone) && !says(&told).contains(opens));
    told.description = Category::Clear;
    assert!(told.is_passed() && !says(&told).contains(gone) && says(&told).contains(opens));

    told.description = Category::Purge;
    let whole = told.verification.clone().unwrap();
    let mut refused = whole.clone();
    refused.not_overwritten = 1;
    let mut found = whole.clone();
    found.volume = VolumeNote::Yes {
        device: String::new(),
        bytes: 1,
        secrets: 1,
        secrets_found: 0,
        heads_found: 1,
        codes: 1,
        codes_found: 0,
        markers_found: 0,
    };
    for left in [refused, found] {
        let told = Certificate { verification: Some(left), ..told.clone() };
        assert!(!told.is_passed() && says(&told).contains("FAILED"));
        assert!(!says(&told).contains(gone) && says(&told).contains(opens));
        let mut without = told;
        without.keys.recovery = None;
        assert!(without.is_passed(), "then a head opens nothing");
        assert!(!says(&without).contains("已就地覆写。"));
    }
}
