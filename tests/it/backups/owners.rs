//! Whose folder it is, from its first file on and for ever.

use super::*;

/// Two stores, and a folder for a backup of the first.
struct Two {
    place: tempfile::TempDir,
    first: Clerk,
}

impl Two {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let other = place.path().join("other");
        drop(open(&other, "B2"));
        drop(store(&other, 2));
        let first = store(&place.path().join("store"), 3);
        Self { place, first }
    }

    fn home(&self) -> PathBuf {
        self.place.path().join("store")
    }

    fn to(&self) -> PathBuf {
        self.place.path().join("stick")
    }

    /// The other station is given the same folder: it is refused, and changes nothing.
    fn others_is_refused(&self) -> BackupError {
        let before = files(&self.to());
        let refused = refused(back_up(&self.place.path().join("other"), &self.to()));
        assert_eq!(files(&self.to()), before, "not a byte of it changed");
        refused
    }

    fn own_goes_on(&self) {
        back_up(&self.home(), &self.to()).unwrap();
        assert!(matches!(self.others_is_refused(), BackupError::Foreign { .. }));
        let again = self.place.path().join("again");
        restore(&self.to(), &again).unwrap();
        assert_eq!(holds(&again), holds(&self.home()));
    }
}

#[test]
fn a_first_backup_that_was_stopped_is_nobody_elses() {
    let two = Two::new();
    let stopped = errand::backup(&opened::store(two.home()), at(500), &two.to(), &mut |part, done, _| {
        (part, done) != (Part::Copying, 4)
    });
    assert!(matches!(refused(stopped), BackupError::Stopped));
    assert_eq!(lines_of(&two.to()), None);
    let foreign = two.others_is_refused();
    assert!(matches!(&foreign, BackupError::Foreign { station } if station.is_empty()), "{foreign:?}");
    two.own_goes_on();
}

/// A former version wrote no owner: what it copied is gone on with by whom it is of, and by nobody else.
#[test]
fn backups_of_former_versions_are_gone_on_with() {
    let two = Two::new();
    let owner = two.to().join("store");
    let stopped = errand::backup(&opened::store(two.home()), at(500), &two.to(), &mut |part, done, _| {
        (part, done) != (Part::Copying, 4)
    });
    assert!(matches!(refused(stopped), BackupError::Stopped));
    fs::remove_file(&owner).unwrap();
    assert!(matches!(two.others_is_refused(), BackupError::Unknown));
    back_up(&two.home(), &two.to()).unwrap();
    // One that was finished.
    fs::remove_file(&owner).unwrap();
    let foreign = two.others_is_refused();
    assert!(matches!(&foreign, BackupError::Foreign { station } if station == "A1"), "{foreign:?}");
    two.own_goes_on();
    assert!(owner.exists(), "and it is signed from now on");
}

/// A manifest that cannot be read, or that a later version wrote, does not make the folder anybody's.
#[test]
fn a_backup_that_cannot_be_read_is_taken_by_nobody_else() {
    for damage in [&b"{}"[..], b"", br#"{"caiying_backup": 2}"#] {
        let mut two = Two::new();
        back_up(&two.home(), &two.to()).unwrap();
        fs::write(two.to().join("backup.json"), damage).unwrap();
        assert!(matches!(two.others_is_refused(), BackupError::Foreign { .. }));
        fs::remove_file(two.to().join("store")).unwrap();
        assert!(matches!(two.others_is_refused(), BackupError::Unknown));
        fs::write(two.to().join("store"), "torn").unwrap();
        assert!(matches!(two.others_is_refused(), BackupError::Unknown));
        keep(&mut two.first, 4);
        two.own_goes_on();
    }
}

/// Whoever restored an old backup and works on does not write over a newer one whose manifest is torn.
#[test]
fn a_backup_without_a_manifest_does_not_go_back_either() {
    let mut two = Two::new();
    let (old, again) = (two.place.path().join("old"), two.place.path().join("went_back"));
    back_up(&two.home(), &old).unwrap();
    restore(&old, &again).unwrap();
    keep(&mut two.first, 4);
    back_up(&two.home(), &two.to()).unwrap();
    fs::write(two.to().join("backup.json"), "{}").unwrap();
    assert!(matches!(refused(back_up(&again, &two.to())), BackupError::Ahead));
    two.own_goes_on();
}
