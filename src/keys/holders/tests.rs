//! Who gets in, who lets in, and what stays out.

use super::*;
use crate::keys::{Refused, SIZE, SLOTS, Weakness, generate_recovery};

fn secret(n: usize) -> Passphrase {
    Passphrase::new(&format!("gj8-Qm2-xLw {n}"))
}

fn someone<'a>(label: &'a str, role: Role, passphrase: &'a Passphrase) -> Newcomer<'a> {
    Newcomer { label, role, passphrase }
}

/// An administrator in slot 0, a supervisor in slot 1, a photographer in slot 2.
fn three() -> (KeyFile, Unlocked, Unlocked) {
    let (mut file, admin) = KeyFile::create("admin", &secret(0), None).unwrap();
    file.add(&admin, None, someone("school", Role::Supervisor, &secret(1))).unwrap();
    file.add(&admin, None, someone("photo", Role::Photographer, &secret(2))).unwrap();
    let school = file.unlock(1, &secret(1)).unwrap();
    (file, admin, school)
}

#[test]
fn every_holder_gets_the_same_keys_by_a_passphrase_of_their_own() {
    let (file, admin, _) = three();
    let roles: Vec<_> = file.holders().iter().map(|holder| (holder.slot, holder.role)).collect();
    assert_eq!(roles, [(0, Role::Administrator), (1, Role::Supervisor), (2, Role::Photographer)]);
    for holder in file.holders() {
        let unlocked = file.unlock(holder.slot, &secret(holder.slot)).unwrap();
        assert_eq!(*unlocked.keys().to_bunch(), *admin.keys().to_bunch());
        assert_eq!(*unlocked.who(), Who::Holder(holder.clone()));
        let other = file.unlock(holder.slot, &secret(holder.slot + 1));
        assert_eq!(other.unwrap_err(), KeysError::WrongPassphrase);
    }
    assert_eq!(file.unlock(3, &secret(3)).unwrap_err(), KeysError::NoSuchHolder { slot: 3 });
    assert_eq!(file.unlock(99, &secret(3)).unwrap_err(), KeysError::NoSuchHolder { slot: 99 });
    assert_eq!(file.unlock_open().unwrap_err(), KeysError::NeedsPassphrase);
}

#[test]
fn nobody_becomes_a_supervisor_behind_the_supervisors_back() {
    let (mut file, admin, school) = three();
    let passphrase = secret(9);
    let newcomer = someone("false school", Role::Supervisor, &passphrase);
    let refused = KeysError::Refused;
    assert_eq!(file.add(&admin, None, newcomer).unwrap_err(), refused(Refused::NeedsSecond));
    assert_eq!(file.add(&admin, Some(&admin), newcomer).unwrap_err(), refused(Refused::SamePerson));
    assert_eq!(file.remove(&admin, None, 1).unwrap_err(), refused(Refused::NeedsSecond));
    let photo = file.unlock(2, &secret(2)).unwrap();
    assert_eq!(file.add(&photo, Some(&school), newcomer).unwrap_err(), refused(Refused::NotTheirs));
    assert_eq!(file.add(&school, Some(&admin), newcomer).unwrap().slot, 3);
    assert_eq!(file.remove(&admin, Some(&school), 3), Ok(()));
}

#[test]
fn only_an_administrator_of_this_store_lets_people_in_and_out() {
    let (mut file, admin, school) = three();
    let passphrase = secret(9);
    let newcomer = someone("new", Role::RetakeOperator, &passphrase);
    assert_eq!(file.add(&school, None, newcomer), Err(KeysError::Refused(Refused::NotTheirs)));
    assert_eq!(file.remove(&school, Some(&admin), 2), Err(KeysError::Refused(Refused::NotTheirs)));
    let (_, stranger) = KeyFile::create("admin", &secret(0), None).unwrap();
    assert_eq!(file.add(&stranger, None, newcomer), Err(KeysError::AnotherStore));
    assert_eq!(file.add(&admin, Some(&stranger), newcomer), Err(KeysError::AnotherStore));
    let before = file.clone();
    assert_eq!(file.remove(&admin, None, 0), Err(KeysError::LastAdministrator));
    assert!(file == before, "what was refused changed nothing");
    file.add(&admin, None, someone("admin 2", Role::Administrator, &passphrase)).unwrap();
    assert_eq!(file.remove(&admin, None, 0), Ok(()));
    assert_eq!(file.unlock(0, &secret(0)).unwrap_err(), KeysError::NoSuchHolder { slot: 0 });
    assert!(file.unlock(3, &passphrase).is_ok());
    let gone = file.add(&admin, None, newcomer);
    assert_eq!(
        gone.unwrap_err(),
        KeysError::Refused(Refused::NotTheirs),
        "whoever was removed lets nobody in"
    );
}

#[test]
fn names_and_passphrases_are_refused_before_anything_changes() {
    let (mut file, admin, _) = three();
    let before = file.clone();
    let good = secret(9);
    for (label, passphrase, said) in [
        ("photo", &good, KeysError::Label(LabelFault::Taken)),
        (" photo ", &good, KeysError::Label(LabelFault::Taken)),
        ("", &good, KeysError::Label(LabelFault::Empty)),
        ("new", &Passphrase::new("short"), KeysError::Weak(Weakness::TooShort)),
        ("new name here", &Passphrase::new("New Name Here"), KeysError::Weak(Weakness::OwnName)),
    ] {
        assert_eq!(file.add(&admin, None, someone(label, Role::Photographer, passphrase)), Err(said));
    }
    assert_eq!(file.change(2, &secret(2), &Passphrase::new("short")), Err(Weakness::TooShort.into()));
    assert_eq!(file.change(2, &secret(1), &good), Err(KeysError::WrongPassphrase));
    assert!(file == before);
    let weak = KeyFile::create("a", &Passphrase::new("12345678"), None);
    assert_eq!(weak.unwrap_err(), KeysError::Weak(Weakness::Common));
}

#[test]
fn a_changed_passphrase_takes_the_old_ones_place() {
    let (mut file, admin, _) = three();
    file.change(2, &secret(2), &secret(7)).unwrap();
    assert_eq!(file.unlock(2, &secret(2)).unwrap_err(), KeysError::WrongPassphrase);
    let unlocked = file.unlock(2, &secret(7)).unwrap();
    assert_eq!(*unlocked.keys().to_bunch(), *admin.keys().to_bunch());
    assert_eq!(*unlocked.who(), Who::Holder(file.holders()[2].clone()));
}

#[test]
fn there_is_room_for_twelve() {
    let (mut file, admin) = KeyFile::create("holder 0", &secret(0), None).unwrap();
    for n in 1..SLOTS {
        file.add(&admin, None, someone(&format!("holder {n}"), Role::Photographer, &secret(n))).unwrap();
        assert_eq!(file.to_bytes().unwrap().len(), SIZE);
    }
    let passphrase = secret(99);
    let one_more = someone("one more", Role::Photographer, &passphrase);
    assert_eq!(file.add(&admin, None, one_more), Err(KeysError::Full));
    file.remove(&admin, None, 5).unwrap();
    assert_eq!(file.add(&admin, None, one_more).unwrap().slot, 5);
}

#[test]
fn the_schools_secret_opens_a_store_whose_people_forgot_everything() {
    let (secret_text, public) = generate_recovery().unwrap();
    let (mut file, admin) = KeyFile::create("admin", &secret(0), Some(&public)).unwrap();
    assert!(file.has_recovery());
    let (read, _) = KeyFile::parse(&file.to_bytes().unwrap()).unwrap();
    assert!(read == file);
    let school = read.unlock_with_recovery(&secret_text).unwrap();
    assert_eq!(*school.keys().to_bunch(), *admin.keys().to_bunch());
    assert_eq!(school.keys().recovery(), Some(&public));
    assert_eq!((school.who(), school.may(Deed::Delete)), (&Who::Recovery, Permission::Never));
    let passphrase = secret(4);
    let anew = file.add(&school, None, someone("new", Role::Administrator, &passphrase)).unwrap();
    assert!(file.unlock(anew.slot, &passphrase).is_ok());

    let (other, _) = generate_recovery().unwrap();
    assert_eq!(file.unlock_with_recovery(&other).unwrap_err(), KeysError::WrongRecovery);
    assert_eq!(file.unlock_with_recovery("secret").unwrap_err(), KeysError::NotARecoverySecret);
    let without = three().0;
    assert!(!without.has_recovery());
    assert_eq!(without.unlock_with_recovery(&secret_text).unwrap_err(), KeysError::NoRecovery);
}

/// age adds random bytes to what it seals: there is always room for them.
#[test]
fn the_recovery_slot_has_room_for_whatever_age_adds() {
    let (_, public) = generate_recovery().unwrap();
    let keys = Keys::generate_with(Some(&public)).unwrap();
    for _ in 0..2000 {
        let (file, _) = KeyFile::around(&keys, Kind::Held).unwrap();
        assert_eq!(file.to_bytes().unwrap().len(), SIZE);
    }
}

#[test]
fn a_rehearsals_file_has_no_passphrases_and_no_other_has_an_open_slot() {
    let keys = Keys::generate().unwrap();
    let mut file = KeyFile::open_for_all(&keys).unwrap();
    let (read, _) = KeyFile::parse(&file.to_bytes().unwrap()).unwrap();
    assert!(read == file && read.is_open() && read.holders().is_empty());
    let unlocked = read.unlock_open().unwrap();
    assert_eq!(*unlocked.keys().to_bunch(), *keys.to_bunch());
    assert_eq!((unlocked.who(), unlocked.may(Deed::Delete)), (&Who::Everybody, Permission::Alone));
    let passphrase = secret(0);
    let newcomer = someone("a", Role::Administrator, &passphrase);
    assert_eq!(file.add(&unlocked, None, newcomer), Err(KeysError::OpenToAll));
    assert_eq!(file.unlock(0, &passphrase).unwrap_err(), KeysError::OpenToAll);
    assert_eq!(file.change(0, &passphrase, &passphrase), Err(KeysError::OpenToAll));
    assert_eq!(file.remove(&unlocked, None, 0), Err(KeysError::OpenToAll));

    // Whoever puts an open slot into a file with passphrases, or a passphrase into an open one, has no key file.
    let (mut held, admin) = KeyFile::create("admin", &secret(0), None).unwrap();
    held.put(5, file.slots[0].clone());
    assert_eq!(KeyFile::parse(&held.to_bytes().unwrap()).unwrap_err(), KeysError::Tampered);
    file.put(1, three().0.slots[0].clone());
    assert_eq!(KeyFile::parse(&file.to_bytes().unwrap()).unwrap_err(), KeysError::Tampered);
    // Nor does it help to call the file another kind.
    held.put(5, None);
    held.kind = Kind::OpenToAll;
    held.put(0, Some(Slot::open(At { file: &held.identity(), slot: 0 }, &admin.master).unwrap()));
    assert_eq!(held.unlock_open().unwrap_err(), KeysError::Tampered);
}

/// Nothing that opens anything stands in the file.
#[test]
fn no_key_stands_in_the_file() {
    let (_, public) = generate_recovery().unwrap();
    let (file, unlocked) = KeyFile::create("admin", &secret(0), Some(&public)).unwrap();
    let bytes = file.to_bytes().unwrap();
    let bunch = unlocked.keys().to_bunch();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"admin"), "the search finds what is there");
    for needle in unlocked.master.chunks(8).chain(bunch.chunks(8).filter(|part| part.len() == 8)) {
        assert!(!holds(needle));
    }
    assert!(!holds(b"gj8-Qm2"));
}

#[test]
fn nothing_personal_shows() {
    let (file, admin) = KeyFile::create("林晓梅", &secret(0), None).unwrap();
    let passphrase = secret(0);
    let newcomer = someone("林晓梅", Role::Supervisor, &passphrase);
    let shown = format!("{file:?} {admin:?} {:?} {newcomer:?}", file.holders());
    let holder = "Holder(slot 0, Administrator)";
    let file = "KeyFile { kind: Held, generation: 2, holders: 1 }";
    assert_eq!(shown, format!("{file} Unlocked(Holder({holder})) [{holder}] Newcomer(Supervisor)"));
}
