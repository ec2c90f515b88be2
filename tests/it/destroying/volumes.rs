//! What a destroyed store leaves on its disk, below the file system: the raw bytes of an ext4 in a file.
//!
//! Beside the destroyed store lies a control whose key file is just unlinked: its slots must be found, or the search
//! would find nothing anywhere.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use caiying::{
    keys::{KeyFile, Keys},
    vault::key_file,
};
use serde_json::Value;

use super::{NAMES, Season, TWO, code, everything_in, jpeg};
use crate::locks::said;

/// 24 MiB: room for a store and a journal of ext4.
const BYTES: u64 = 24 << 20;

/// An ext4 in a file, mounted.
struct Volume {
    image: PathBuf,
    folder: PathBuf,
}

fn succeeds(command: &mut Command) -> Result<(), String> {
    let ended = command.output().map_err(|err| err.to_string())?;
    let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    if ended.status.success() { Ok(()) } else { Err(said) }
}

impl Volume {
    fn mount(home: &Path) -> Result<Self, String> {
        let (image, folder) = (home.join("image"), home.join("mounted"));
        File::create(&image).and_then(|image| image.set_len(BYTES)).map_err(|err| err.to_string())?;
        fs::create_dir(&folder).map_err(|err| err.to_string())?;
        let options = ["-q", "-F", "-m", "0", "-J", "size=4", "-E", "nodiscard,lazy_itable_init=0"];
        succeeds(Command::new("mkfs.ext4").args(options).arg(&image))?;
        succeeds(Command::new("mount").args(["-t", "ext4", "-o", "loop,noatime"]).args([&image, &folder]))?;
        Ok(Self { image, folder })
    }

    /// What lies on it, when everything was written to it.
    fn raw(&self) -> Vec<u8> {
        succeeds(Command::new("sync").arg("-f").arg(&self.folder)).unwrap();
        fs::read(&self.image).unwrap()
    }

    /// The same when nobody uses it any more.
    fn unmounted(self) -> Vec<u8> {
        succeeds(Command::new("umount").arg(&self.folder)).unwrap();
        fs::read(&self.image).unwrap()
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        succeeds(Command::new("umount").arg("-q").arg(&self.folder)).ok();
    }
}

/// A JPEG's start: its mark, a marker, and one whole segment after which another begins. The three bytes of the mark
/// alone stand in sealed data by chance, once in 16 million.
fn jpeg_starts(raw: &[u8]) -> usize {
    let is_start = |at: usize| {
        let marker = raw.get(at + 3).copied().unwrap_or_default();
        let length = raw
            .get(at + 4..at + 6)
            .map_or(0, |length| (usize::from(length[0]) << 8) | usize::from(length[1]));
        (0xc0..=0xfe).contains(&marker) && length >= 2 && raw.get(at + 4 + length) == Some(&0xff)
    };
    raw.windows(3).enumerate().filter(|(at, window)| *window == b"\xff\xd8\xff" && is_start(*at)).count()
}

/// Pieces of a key file that stand nowhere by chance.
fn slots(file: &[u8]) -> Vec<[u8; 32]> {
    let piece = |piece: &[u8]| -> [u8; 32] { piece.try_into().unwrap() };
    let is_random = |piece: &[u8; 32]| piece.iter().collect::<BTreeSet<_>>().len() > 20;
    let pieces: BTreeSet<[u8; 32]> = file.chunks_exact(32).map(piece).filter(is_random).collect();
    pieces.into_iter().collect()
}

/// How often each of these lies somewhere: in one pass, because this is built to be compiled fast, not to run fast.
fn counts(raw: &[u8], wanted: &[&[u8]]) -> Vec<usize> {
    let key = |bytes: &[u8]| (usize::from(bytes[0]) << 8) | usize::from(bytes[1]);
    let mut by_start: Vec<Vec<usize>> = vec![vec![]; 1 << 16];
    for (n, bytes) in wanted.iter().enumerate() {
        by_start[key(bytes)].push(n);
    }
    let mut found = vec![0; wanted.len()];
    for at in 0..raw.len() - 1 {
        for n in &by_start[key(&raw[at..at + 2])] {
            found[*n] += usize::from(raw[at..].starts_with(wanted[*n]));
        }
    }
    found
}

/// How many of these pieces lie somewhere.
fn count(raw: &[u8], pieces: &[[u8; 32]]) -> usize {
    let pieces: Vec<&[u8]> = pieces.iter().map(<[u8; 32]>::as_slice).collect();
    counts(raw, &pieces).into_iter().filter(|found| *found > 0).count()
}

fn named(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (name.to_owned(), bytes.to_vec())
}

#[test]
fn the_raw_volume_holds_nothing_of_a_destroyed_store() {
    let home = tempfile::tempdir().unwrap();
    let volume = match Volume::mount(home.path()) {
        Ok(volume) => volume,
        Err(why) => {
            // What is left is looked at through open files, in the test below, on any machine.
            eprintln!("no loop volume here ({why}): the raw volume was NOT searched");
            return;
        }
    };
    let season = Season::within(tempfile::tempdir().unwrap(), volume.folder.join("store"), "1");
    season.deliver_all();
    let slots_before = slots(&fs::read(season.folder.join("keys")).unwrap());
    // The control: keys of another store on the same disk, taken away as a careless program would.
    let control = volume.folder.join("control");
    let control_keys = Keys::generate().unwrap();
    key_file::create(&control, &KeyFile::open_for_all(&control_keys).unwrap()).unwrap();
    let control_slots = slots(&fs::read(control.join("keys")).unwrap());
    assert!(
        slots_before.len() > 20 && control_slots.len() > 5,
        "{} {}",
        slots_before.len(),
        control_slots.len()
    );

    let raw = volume.raw();
    assert_eq!(count(&raw, &slots_before), slots_before.len(), "before, they are all there");
    assert!(counts(&raw, &[b"age-encryption.org/v1"])[0] >= 6, "and so are the sealed objects");
    drop(raw);
    let done = season.destroy(&[], &[&TWO[..], &["已验收", "store"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    fs::remove_file(control.join("keys")).unwrap();
    let told = season.certificate();
    let raw = volume.unmounted();

    assert_eq!(
        count(&raw, &control_slots),
        control_slots.len(),
        "what is only unlinked is still there: the search sees"
    );
    assert_eq!(count(&raw, &slots_before), 0, "the key file");
    assert_eq!(jpeg_starts(&jpeg(1)), 1, "a photo would be seen");
    assert_eq!(jpeg_starts(&raw), 0, "a JPEG's start");
    let mut words: Vec<(String, Vec<u8>)> = NAMES.iter().map(|name| named(name, name.as_bytes())).collect();
    for (name, trace) in season.store.keys().traces() {
        words.push(named(name, &trace));
    }
    for n in 1..=3 {
        words.push(named("a capture code", code(n).expose().as_bytes()));
        for photo in [jpeg(n), jpeg(1000 + n)] {
            words.push(named("a photo's start", &photo[..64]));
            words.push(named("a photo's middle", &photo[5000..5032]));
        }
    }
    words.push(named("a database in the clear", b"SQLite format 3"));
    words.push(named("the head of an object, which the school's key begins with", b"age-encryption.org/v1"));
    let wanted: Vec<&[u8]> = words.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    for ((name, _), found) in words.iter().zip(counts(&raw, &wanted)) {
        assert_eq!(found, 0, "{name}");
    }
    assert_searched(&told["verification"]["volume"]);
}

/// What the certificate says of its own search; without a device in sysfs or the right to read it, that it was not made.
fn assert_searched(volume: &Value) {
    if volume["searched"] == "no" {
        return eprintln!("the certificate's own search was not made: {}", volume["why"]);
    }
    assert_eq!(volume["bytes"], BYTES, "{volume}");
    assert!(volume["secrets"].as_u64().unwrap() > 20 && volume["codes"] == 3, "{volume}");
    for found in ["secrets_found", "heads_found", "codes_found", "markers_found"] {
        assert_eq!(volume[found], 0, "{found}: {volume}");
    }
}

/// Whoever has the files open sees what becomes of the very blocks they lie in: on any machine, without a volume.
#[test]
fn whoever_has_the_files_open_sees_them_overwritten() {
    let season = Season::new();
    season.deliver_all();
    let files = everything_in(&season.folder);
    let open: Vec<(PathBuf, File)> =
        files.iter().map(|(path, _)| (path.clone(), File::open(path).unwrap())).collect();
    let done = season.destroy(&[], &[&TWO[..], &["已验收", "store"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let (mut keys, mut heads, mut ledgers) = (0, 0, 0);
    for (path, file) in &open {
        let length = file.metadata().unwrap().len();
        let mut left = vec![0; length as usize];
        file.read_exact_at(&mut left, 0).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let zeros = left.iter().take_while(|byte| **byte == 0).count();
        if name == "keys" {
            assert_eq!((zeros, length), (left.len(), caiying::keys::SIZE as u64));
            keys += 1;
        } else if name.starts_with("ledger") {
            assert_eq!(zeros, left.len(), "{name}");
            ledgers += 1;
        } else if name.len() == 64 {
            assert!(zeros >= left.len().min(4096), "{name}: {zeros} of {}", left.len());
            heads += 1;
        }
    }
    assert!(keys == 1 && ledgers >= 1 && heads == 9, "{keys} {ledgers} {heads}");
    assert_eq!(season.certificate()["verification"]["volume"]["searched"], "no");
}
