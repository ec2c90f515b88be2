//! Checkpoints: what a chain alone does not show, and who signed it.

use caiying::ledger::{Checkpoint, Note, StationKey, Wrong};
use ed25519_dalek::{Signer as _, SigningKey};

use super::{
    journal::{Checked, checker, first, key, look, make_hashes_anew, signer},
    *,
};
use crate::opened;

/// Three students, and what was signed of them.
fn signed(store: &Path, key: &SigningKey) -> Note {
    let (mut clerk, _) = open(store);
    clerk.lend(Some(signer(key)));
    for n in 1..=3 {
        clerk.seat(at(1), &sitting(n)).unwrap();
        keep(&mut clerk, n).unwrap();
    }
    clerk.checkpoint(at(20), "2027-04-01").unwrap().unwrap().note
}

#[test]
fn a_checkpoint_counts_what_is_there_and_is_a_line_itself() {
    let store = tempfile::tempdir().unwrap();
    let note = signed(store.path(), &key(1));
    let Checkpoint { station, size, day, lines, shots, kept, .. } = note.checkpoint.clone();
    assert_eq!((station.as_str(), day.as_str(), size, lines), ("A1", "2027-04-01", 10, 10));
    assert_eq!((shots, kept), (3, 3));
    let (mut clerk, _) = open(store.path());
    let last = clerk.ledger().last_checkpoint().unwrap().unwrap();
    assert_eq!((last.seq, last.at, last.note.text()), (11, at(20), note.text()));
    // Nobody has lent him a key since the store was opened again.
    assert_eq!(clerk.checkpoint(at(30), "2027-04-02").unwrap(), None);
    clerk.lend(Some(signer(&key(1))));
    let next = clerk.checkpoint(at(31), "2027-04-02").unwrap().unwrap();
    assert_eq!((next.seq, next.note.checkpoint.size), (13, 12));
    let again = clerk.checkpoint(at(32), "2027-04-02").unwrap().unwrap();
    assert_eq!(again, next, "nothing was written since");
    assert_eq!(clerk.ledger().lines().unwrap().len(), 13);
    drop(clerk);
    assert_eq!(look(store.path(), &[note, next.note], &key(1).verifying_key()).faults, []);
}

/// Without a checkpoint nobody sees it; with one that somebody kept, everybody does, and from which line on.
#[test]
fn a_tail_that_was_cut_off_and_a_journal_written_anew_are_seen_by_a_checkpoint_alone() {
    let own = key(1);
    for (tampering, wrong) in [
        ("DELETE FROM journal WHERE seq > 8", Wrong::CutOff { from: 9, to: 10 }),
        ("UPDATE journal SET at = at + 1 WHERE seq = 4", Wrong::Rewritten { from: 1, to: 10 }),
    ] {
        let store = tempfile::tempdir().unwrap();
        let note = signed(store.path(), &own);
        sql(
            store.path(),
            &format!("PRAGMA foreign_keys=OFF; DELETE FROM journal WHERE seq = 11; {tampering}"),
        );
        make_hashes_anew(store.path());
        let alone = opened::ledger(store.path()).unwrap().chain().unwrap();
        assert_eq!(alone.broken, [], "the chain itself shows nothing of it: {tampering}");
        let found = first(&look(store.path(), &[note], &own.verifying_key()));
        assert_eq!(found.map(|(_, wrong)| wrong), Some(wrong), "{tampering}");
    }
}

#[test]
fn between_which_checkpoints_it_was_written_anew_is_told() {
    let (store, own) = (tempfile::tempdir().unwrap(), key(1));
    let earlier = signed(store.path(), &own);
    let (mut clerk, _) = open(store.path());
    clerk.lend(Some(signer(&own)));
    let later = clerk.checkpoint(at(40), "2027-04-02").unwrap().unwrap().note;
    drop(clerk);
    assert_eq!((earlier.checkpoint.size, later.checkpoint.size), (10, 12));
    sql(store.path(), "UPDATE journal SET at = at + 1 WHERE seq = 12");
    make_hashes_anew(store.path());
    for notes in [vec![], vec![later.clone()], vec![later, earlier]] {
        let found = first(&look(store.path(), &notes, &own.verifying_key()));
        assert_eq!(
            found,
            Some((11, Wrong::Rewritten { from: 11, to: 12 })),
            "by its own notes or by others'"
        );
    }
}

/// Whoever writes the journal anew can write its checkpoints anew as well, but he cannot sign them.
#[test]
fn a_checkpoint_that_somebody_else_signed_is_none_of_ours() {
    let (store, own, thief) = (tempfile::tempdir().unwrap(), key(1), key(2));
    let note = signed(store.path(), &own);
    let sign = |text: &[u8]| thief.sign(text).to_bytes();
    let public = thief.verifying_key().to_bytes();
    let forged = Note::sign(note.checkpoint.clone(), &StationKey { public: &public, sign: &sign });
    // Under the station's key's name, too: the name is no secret.
    let as_ours = Note::sign(
        note.checkpoint.clone(),
        &StationKey { public: &own.verifying_key().to_bytes(), sign: &sign },
    );
    for forged in [forged, as_ours] {
        let words = serde_json::to_string(&Fact::Checkpoint { note: forged.text() }).unwrap();
        let ledger = opened::thief(store.path());
        ledger.execute("UPDATE journal SET fact = ?1 WHERE seq = 11", [words]).unwrap();
        make_hashes_anew(store.path());
        let found = first(&look(store.path(), &[], &own.verifying_key()));
        assert_eq!(found, Some((11, Wrong::NotSigned { size: 10 })));
        let brought = look(store.path(), &[forged], &own.verifying_key());
        assert_eq!(brought.faults.len(), 2, "{brought:?}");
        assert_eq!(opened::verify(store.path()).unwrap().faults, [], "without the key nobody can tell");
    }
    // A note that anybody could have written says nothing against the journal.
    let mut other = note.checkpoint.clone();
    other.size = 9;
    let other = Note::sign(other, &StationKey { public: &public, sign: &sign });
    assert_eq!(
        first(&look(store.path(), &[other], &own.verifying_key())).unwrap().1,
        Wrong::NotSigned { size: 10 }
    );
}

#[test]
fn a_line_that_is_called_a_checkpoint_and_is_none_is_named() {
    let (store, own) = (tempfile::tempdir().unwrap(), key(1));
    let note = signed(store.path(), &own);
    let (mut clerk, _) = open(store.path());
    for text in ["x".to_owned(), note.text()] {
        clerk.record(at(50), &Fact::Checkpoint { note: text }).unwrap();
    }
    let wrong = |report: &caiying::clerk::Report| -> Vec<String> {
        report.faults.iter().map(ToString::to_string).collect()
    };
    let said = "it is no checkpoint of the lines before it";
    let expected = [format!("journal line 13: {said}"), format!("journal line 14: {said}")];
    assert_eq!(wrong(&look(store.path(), &[], &own.verifying_key())), expected);
    // One that tells other numbers than the lines it counts.
    let sign = |text: &[u8]| own.sign(text).to_bytes();
    let lies = Checkpoint { kept: 4, ..note.checkpoint };
    let lies = Note::sign(lies, &StationKey { public: &own.verifying_key().to_bytes(), sign: &sign });
    let found = look(store.path(), &[lies], &own.verifying_key());
    assert!(wrong(&found).iter().any(|fault| fault.contains("tells other numbers")), "{found:?}");
}

/// The checker in Python says the same of signatures that are not the station's.
#[test]
fn the_checker_knows_whose_signature_it_is() {
    let (store, own, place) = (tempfile::tempdir().unwrap(), key(1), tempfile::tempdir().unwrap());
    signed(store.path(), &own);
    let export = place.path().join("export");
    let letters = caiying::errand::export_journal(&opened::ledger(store.path()).unwrap()).unwrap();
    fs::write(&export, letters).unwrap();
    let by =
        |key: &SigningKey| Checked { export: export.clone(), note: None, key: Some(key.verifying_key()) };
    assert_eq!(checker(&[by(&own), by(&key(2))]), [None, Some(11)], "another station's key");
}
