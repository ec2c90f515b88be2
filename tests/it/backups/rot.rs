//! Disks that lose what they held: the backup's, and the store's own.

use caiying::{
    screens::{theme::Tone, trouble},
    vault::Pieces,
};

use super::*;

/// Where a file of a vault lies in a backup or in a store, and whether it is there.
fn lies(folder: &Path, name: Digest) -> PathBuf {
    let object = object_in(folder, name);
    if object.exists() { object } else { folder.join("vault/papers").join(name.to_string()) }
}

/// Nothing is believed because it was true once: a stick rots, and a counterfeit one writes over what it holds.
#[test]
fn what_rots_on_the_stick_is_found_by_the_next_backup_and_copied_anew() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 4);
    back_up(&home, &to).unwrap();
    let mentioned = clerk.ledger().mentioned().unwrap();
    keep(&mut clerk, 5);
    back_up(&home, &to).unwrap();
    let objects: Vec<Digest> = mentioned.objects.into_iter().collect();
    flip(&lies(&to, objects[0]));
    flip(&lies(&to, *mentioned.papers.first().unwrap()));
    fs::write(lies(&to, objects[1]), "cut off").unwrap();
    fs::remove_file(lies(&to, objects[2])).unwrap();
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.already, done.replaced, done.missing_here), (4, 7, 3, 0));
    let (tone, words) = trouble::backed_up(&done);
    assert!(tone == Tone::Doubt && words.remedy.zh.contains("3 个以前备份的文件坏了"), "{words:?}");
    let again = place.path().join("again");
    assert!(restore(&to, &again).unwrap().lost.is_empty());
    assert_eq!(holds(&again), holds(&home));
    let sound = back_up(&home, &to).unwrap();
    assert_eq!((sound.copied, sound.already, sound.replaced), (0, 11, 0));
}

/// Whatever is read back otherwise a second time is no backup, and neither is one whose ledger was written over.
#[test]
fn a_disk_that_writes_over_what_it_holds_is_found_out() {
    let place = tempfile::tempdir().unwrap();
    let (home, to) = (place.path().join("store"), place.path().join("stick"));
    let mut clerk = store(&home, 3);
    back_up(&home, &to).unwrap();
    let (old, lines) = (clerk.ledger().shots().unwrap()[0].object, lines_of(&to));
    keep(&mut clerk, 4);
    let while_read_back = |spoilt: PathBuf, often: usize| {
        let mut times = 0;
        errand::backup(&opened::store(&home), at(600), &to, &mut move |part, done, _| {
            if (part, done) == (Part::Proving, 0) && times < often {
                times += 1;
                flip(&spoilt);
            }
            true
        })
    };
    let unfaithful = refused(while_read_back(object_in(&to, old), 9));
    assert!(matches!(unfaithful, BackupError::Unfaithful(name) if name == old), "{unfaithful:?}");
    let unfaithful = refused(while_read_back(to.join("ledger.part"), 1));
    assert!(matches!(unfaithful, BackupError::Unfaithful(_)), "{unfaithful:?}");
    assert_eq!(lines_of(&to), lines, "the last one stands");
    let once = while_read_back(object_in(&to, old), 1).unwrap();
    assert_eq!((once.copied, once.replaced), (1, 1), "what was new was copied before");
}

/// The only copy that is left is looked at with care, told of, and never taken away.
#[test]
fn what_only_the_backup_has_is_told_with_whose_turn_it_is() {
    let desk = Desk::new();
    let (home, to) = (desk.path("store"), desk.path("stick"));
    let clerk = store(&home, 3);
    back_up(&home, &to).unwrap();
    let shots = clerk.ledger().shots().unwrap();
    fs::remove_file(object_in(&home, shots[0].object)).unwrap();
    fs::write(object_in(&home, shots[1].object), "cut off").unwrap();
    let done = back_up(&home, &to).unwrap();
    assert_eq!((done.copied, done.already, done.replaced, done.missing_here), (0, 7, 0, 2));
    let (tone, words) = trouble::backed_up(&BackedUp { place: CopyPlace::OtherDisk, ..done });
    assert!(tone == Tone::Doubt && words.remedy.zh.contains("2 个文件不见了或读不出"), "{words:?}");
    assert!(words.remedy.zh.contains("caiying verify") && words.remedy.en.contains("caiying restore"));
    let told = desk.run(&["backup", "--store", "store", "--to", "stick", "--json"]);
    assert_eq!(exit_code(&told), 1, "{told:?}");
    assert_eq!(serde_json::from_str::<Value>(&out(&told)).unwrap()["missing_here"], 2);
    // The copy rots too: then nobody has it, and that is no backup.
    let copy = object_in(&to, shots[0].object);
    flip(&copy);
    let incomplete = refused(back_up(&home, &to));
    assert!(
        matches!(incomplete, BackupError::Incomplete { count: 1, first } if first == shots[0].object),
        "{incomplete:?}"
    );
    assert!(copy.exists(), "half a photo is better than none");
    flip(&copy);
    Pieces::existing(&to).unwrap().prove(caiying::vault::Piece::Object(shots[0].object)).unwrap();
    assert_eq!(back_up(&home, &to).unwrap().missing_here, 2);
}
