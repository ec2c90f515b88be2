//! Who may open a store, with the real cost of a passphrase; and the words for whatever stays locked.

use std::{collections::BTreeSet, fs};

use caiying::{
    keys::{
        Deed, KeyFile, Keys, KeysError, LabelFault, Newcomer, NotARecipient, Passphrase, Permission, Refused,
        SIZE, Store, Weakness, Wholeness, generate_recovery, verify,
    },
    profile::Role,
    screens::trouble,
    vault::key_file::{self, Erased, KeyFileError},
};

/// A store's life as a school sees it: made, opened by two people, worked with, lost by one of them, opened by the
/// school, destroyed.
#[test]
fn a_store_lives_by_its_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, public) = generate_recovery().unwrap();
    let [admin, school, changed] =
        ["gj8-Qm2-xLw", "东门外的雨落在三月", "another long one"].map(Passphrase::new);

    let (mut file, unlocked) = KeyFile::create("林晓梅", &admin, Some(&public)).unwrap();
    key_file::create(folder.path(), &file).unwrap();
    let newcomer = Newcomer { label: "赵老师", role: Role::Supervisor, passphrase: &school };
    file.add(&unlocked, None, newcomer).unwrap();
    key_file::update(folder.path(), &file).unwrap();

    let store = Store::new(folder.path(), unlocked.keys().clone());
    let sealed = store.keys().seal(&[b"binding", b"jpeg"]).unwrap();
    let signature = store.keys().sign(b"line 1");
    assert_eq!(format!("{store:?}"), format!("Store({:?})", folder.path()));
    drop((store, unlocked));

    let (mut file, wholeness) = key_file::read(folder.path()).unwrap();
    assert_eq!(wholeness, Wholeness::Whole);
    assert_eq!(file.unlock(1, &admin).unwrap_err(), KeysError::WrongPassphrase);
    let supervisor = file.unlock(1, &school).unwrap();
    assert_eq!(supervisor.may(Deed::Delete), Permission::WithSecond);
    assert_eq!(*supervisor.keys().unseal(&sealed).unwrap(), b"bindingjpeg");
    assert!(verify(&supervisor.keys().public_key(), b"line 1", &signature));

    file.change(1, &school, &changed).unwrap();
    key_file::update(folder.path(), &file).unwrap();
    let (file, _) = key_file::read(folder.path()).unwrap();
    assert_eq!(file.unlock(1, &school).unwrap_err(), KeysError::WrongPassphrase);
    let recovered = file.unlock_with_recovery(&secret).unwrap();
    assert_eq!(*recovered.keys().unseal(&sealed).unwrap(), b"bindingjpeg");
    assert_eq!(recovered.keys().public_key(), supervisor.keys().public_key());

    assert_eq!(key_file::erase(folder.path()).unwrap(), Erased::Now);
    assert!(matches!(key_file::read(folder.path()), Err(KeyFileError::Missing)));
}

/// What the file says of the work it asks for: 64 MiB, three passes, one lane (facts/record.md section 2).
#[test]
fn a_passphrase_costs_whoever_guesses_what_was_measured() {
    let (file, _) = KeyFile::create("admin", &Passphrase::new("gj8-Qm2-xLw"), None).unwrap();
    let bytes = file.to_bytes().unwrap();
    assert_eq!(bytes.len(), SIZE);
    // The first slot begins behind 44 bytes; its cost behind state, role, the label's length and room.
    let cost: Vec<u32> =
        bytes[44 + 51..][..12].chunks(4).map(|n| u32::from_le_bytes(n.try_into().unwrap())).collect();
    assert_eq!(cost, [64 * 1024, 3, 1]);
}

/// Two stores whose files differ by nothing but chance: neither length nor first bytes tell how many can open one.
#[test]
fn a_rehearsals_file_is_as_long_as_any() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::generate().unwrap();
    key_file::create(folder.path(), &KeyFile::open_for_all(&keys).unwrap()).unwrap();
    assert_eq!(fs::metadata(folder.path().join("keys")).unwrap().len(), SIZE as u64);
    let (file, _) = key_file::read(folder.path()).unwrap();
    let unlocked = file.unlock_open().unwrap();
    assert_eq!(*unlocked.keys().ledger_key().raw_key_text(), *keys.ledger_key().raw_key_text());
}

fn every_error() -> Vec<KeysError> {
    use KeysError as E;
    let refused = [
        Refused::NotTheirs,
        Refused::NeedsSecond,
        Refused::SamePerson,
        Refused::NeedsSupervisor,
        Refused::OnlySupervisors,
    ];
    let labels = [LabelFault::Empty, LabelFault::TooLong, LabelFault::Invisible, LabelFault::Taken];
    let weak = [Weakness::TooShort, Weakness::TooAlike, Weakness::Common, Weakness::OwnName];
    let recipients = [
        NotARecipient::Empty,
        NotARecipient::Secret,
        NotARecipient::Foreign,
        NotARecipient::Mistyped,
        NotARecipient::Worthless,
    ];
    let plain = [
        E::NotAKeyFile,
        E::NewerVersion { found: 2 },
        E::Torn,
        E::Tampered,
        E::AnotherStore,
        E::Stale,
        E::WrongPassphrase,
        E::NoSuchHolder { slot: 3 },
        E::Full,
        E::LastAdministrator,
        E::NotARecoverySecret,
        E::NoRecovery,
        E::WrongRecovery,
        E::OpenToAll,
        E::NeedsPassphrase,
        E::Costly,
        E::NoMemory,
        E::NoRandomness,
        E::CannotSeal,
        E::NotSealed,
        E::OthersSeal,
        E::Spoilt,
    ];
    let nested = refused.map(E::from).into_iter().chain(labels.map(E::from)).chain(weak.map(E::from));
    plain.into_iter().chain(nested).chain(recipients.map(E::from)).collect()
}

#[test]
fn whatever_stays_locked_is_told_in_words_of_its_own() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut headlines = BTreeSet::new();
    let errors = every_error();
    for err in &errors {
        let words = trouble::keys(err);
        for phrase in [&words.headline, &words.remedy] {
            assert!(
                chinese(&phrase.zh) && !phrase.en.is_empty() && !chinese(&phrase.en),
                "{err:?}: {phrase:?}"
            );
        }
        headlines.insert((words.headline.zh, words.headline.en));
        let whole = KeyFileError::from(err.clone());
        assert_eq!(trouble::key_file(&whole), trouble::keys(err));
        assert_eq!(whole.is_permanent(), err.is_permanent());
    }
    assert_eq!(headlines.len(), errors.len(), "no two troubles have the same headline");
    let disk = || std::io::Error::from_raw_os_error(30);
    for err in [
        KeyFileError::Exists,
        KeyFileError::Missing,
        KeyFileError::NoSpace,
        KeyFileError::Disk { doing: "change", source: disk() },
    ] {
        let words = trouble::key_file(&err);
        assert!(chinese(&words.headline.zh) && chinese(&words.remedy.zh));
        assert!(headlines.insert((words.headline.zh, words.headline.en)), "{err:?}");
    }
}
