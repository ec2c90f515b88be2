//! A certificate's journal that was broken before the destruction, and the checkpoints that a school kept.

use std::fs;

use caiying::{
    errand::{
        CERTIFICATE, Certificate, CertificateFault, Evidence, JOURNAL, JournalFault, check_certificate,
    },
    keys::Keys,
    ledger::{Checkpoint, Note, StationKey},
    shot::Digest,
};

use super::{Season, TWO};
use crate::locks::{caiying, said};

/// What is left of a store that somebody had written into before it was destroyed.
fn destroyed_after(tampering: &str) -> (Season, Certificate, String) {
    let season = Season::new();
    season.deliver_all();
    let thief = rusqlite::Connection::open(season.folder.join("ledger.sqlite")).unwrap();
    thief.pragma_update(None, "key", season.store.keys().ledger_key().raw_key_text().as_str()).unwrap();
    thief.execute_batch(tampering).unwrap();
    drop(thief);
    let done = season.destroy(&[], &[&TWO[..], &["已验收", "3"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let told = serde_json::from_slice(&fs::read(season.paper().join(CERTIFICATE)).unwrap()).unwrap();
    let journal = fs::read_to_string(season.paper().join(JOURNAL)).unwrap();
    (season, told, journal)
}

/// The check of a certificate that somebody with the station's key made anew for this journal.
fn check(keys: &Keys, told: &Certificate, journal: &str, kept: &[Note]) -> Result<(), CertificateFault> {
    let mut told = told.clone();
    told.journal.sha256 = Digest::of(journal.as_bytes());
    let json = serde_json::to_vec(&told).unwrap();
    let signature: String = keys.sign(&json).iter().map(|byte| format!("{byte:02x}")).collect();
    let evidence = Evidence { json: &json, signature: &signature, journal: journal.as_bytes(), kept };
    check_certificate(&evidence).map(|_| ())
}

/// Changed, whether or not its words survive.
#[test]
fn a_journal_that_was_broken_before_is_declared_and_passes() {
    for changed in ["opened", "walk"] {
        let tampering = format!(
            "UPDATE journal SET at = at + 1 WHERE seq = \
             (SELECT min(seq) FROM journal WHERE fact LIKE '%\"fact\":\"{changed}%')"
        );
        let (season, told, journal) = destroyed_after(&tampering);
        assert_eq!(told.journal.broken, 1, "{changed}");
        let file = season.paper().join(CERTIFICATE).display().to_string();
        let holds = caiying(season.home.path(), &["destroy", "--check", &file], "");
        assert!(holds.status.success(), "{changed}: {}", said(&holds));
        assert!(said(&holds).contains("有 1 处在销毁前就对不上"), "{}", said(&holds));

        let keys = season.store.keys();
        assert_eq!(check(keys, &told, &journal, &[]), Ok(()), "{changed}");
        let worse = journal.replace(r#"\"portraits\":3"#, r#"\"portraits\":2"#);
        let line = worse.lines().zip(journal.lines()).position(|(now, then)| now != then).unwrap();
        assert_eq!(
            check(keys, &told, &worse, &[]),
            Err(CertificateFault::Journal(JournalFault::Changed(line as i64 + 1))),
            "{changed}"
        );
        let mut declared_more = told.clone();
        declared_more.journal.broken = 2;
        assert_eq!(check(keys, &declared_more, &journal, &[]), Err(CertificateFault::OtherJournal));
    }
}

#[test]
fn a_kept_checkpoint_agrees_with_the_journal_that_survived() {
    let (season, told, journal) = destroyed_after("");
    let keys = season.store.keys();
    let own = Note::parse(&told.journal.checkpoint).unwrap();
    let sign = |text: &[u8]| keys.sign(text);
    let public: [u8; 32] =
        std::array::from_fn(|n| u8::from_str_radix(&told.keys.station[2 * n..2 * n + 2], 16).unwrap());
    let noted = |size: i64, head: Digest| {
        let checkpoint = Checkpoint { size, head, ..own.checkpoint.clone() };
        Note::sign(checkpoint, &StationKey { public: &public, sign: &sign })
    };
    let hash = |line: usize| -> Digest {
        let line: serde_json::Value = serde_json::from_str(journal.lines().nth(line - 1).unwrap()).unwrap();
        line["hash"].as_str().unwrap().parse().unwrap()
    };
    let check = |note: Note| check(keys, &told, &journal, &[own.clone(), note]);
    assert_eq!(check(noted(4, hash(4))), Ok(()));
    let beyond = told.journal.lines as i64 + 1;
    for (size, head) in [(4, hash(5)), (4, Digest::of(b"other")), (beyond, hash(told.journal.lines))] {
        assert_eq!(check(noted(size, head)), Err(CertificateFault::OtherStation), "{size}");
    }
}
