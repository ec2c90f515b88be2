//! What stands in the clear after a morning: nothing. The store, the home folder, the temp folder and all that was said
//! are searched byte by byte for codes, names and JPEG.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use caiying::{ledger::Ledger, shot::SittingId, vault, vault::Vault};
use memchr::memmem;

/// So many students come, unless `CAIYING_STUDENTS` says otherwise: 200 are the founders' measure, and take some minutes.
const STUDENTS: usize = 3;

/// How files of cameras and of this program begin. The first three bytes alone stand by chance in every 16 MB that are
/// sealed.
fn holds_a_jpeg(bytes: &[u8]) -> bool {
    let begins = |at: usize| {
        let kind = bytes.get(at + 6..).unwrap_or_default();
        kind.starts_with(b"JFIF\0") || kind.starts_with(b"Exif\0")
    };
    memmem::find_iter(bytes, b"\xFF\xD8\xFF").any(begins)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Where a mark or a JPEG stands below a folder, in a file or in its name.
fn found(folder: &Path, marks: &[String]) -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    for path in files(folder) {
        let (bytes, name) = (fs::read(&path).unwrap(), path.to_string_lossy().into_owned());
        let stands =
            |mark: &&String| memmem::find(&bytes, mark.as_bytes()).is_some() || name.contains(mark.as_str());
        found.extend(marks.iter().filter(stands).map(|mark| (path.clone(), mark.clone())));
        found.extend(holds_a_jpeg(&bytes).then(|| (path.clone(), "JPEG".to_owned())));
    }
    found
}

/// What a code says, to the letter and looked into: whatever is long enough to stand nowhere by chance.
fn marks_of(code: &str) -> Vec<String> {
    let inside = STANDARD.decode(code).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&inside).unwrap();
    let said = json.as_object().unwrap().iter();
    let of_him = said.filter(|(key, _)| ["cjm", "xh", "xm"].contains(&key.as_str()));
    let of_him = of_him.map(|(_, value)| value.as_str().unwrap().to_owned()).filter(|said| said.len() >= 6);
    of_him.chain([code.to_owned()]).collect()
}

/// Everybody's marks, and a JPEG of the store.
fn what_is_inside(store: &Path) -> (Vec<String>, Vec<u8>) {
    let opened = vault::open_to_all(store).unwrap();
    let ledger = Ledger::read(&opened).unwrap();
    let sittings = (1..).map_while(|id| ledger.sitting(SittingId(id)).unwrap());
    let mut marks: Vec<String> = sittings.flat_map(|sitting| marks_of(sitting.code.expose())).collect();
    marks.sort();
    marks.dedup();
    let kept = ledger.kept().unwrap();
    (marks, Vault::existing(&opened).unwrap().get(kept[0].object).unwrap().1)
}

#[test]
fn a_morning_leaves_nothing_of_anybody_in_the_clear() {
    let students = std::env::var("CAIYING_STUDENTS").map_or(STUDENTS, |number| number.parse().unwrap());
    let place = tempfile::tempdir().unwrap();
    let of = |name: &str| place.path().join(name);
    for folder in ["home", "temp", "work", "said"] {
        fs::create_dir(of(folder)).unwrap();
    }
    let said = |name: &str| Stdio::from(fs::File::create(of("said").join(name)).unwrap());
    let mut child = Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["rehearse", "--seed", "5", "--students", &students.to_string(), "--store"])
        .arg(of("store"))
        .current_dir(of("work"))
        .env("HOME", of("home"))
        .env("TMPDIR", of("temp"))
        .env("RUST_BACKTRACE", "full")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("XDG_STATE_HOME")
        .stdout(said("out"))
        .stderr(said("err"))
        .spawn()
        .unwrap();
    let ended = child.wait().unwrap();
    assert!(ended.success(), "{}", fs::read_to_string(of("said").join("err")).unwrap());
    let (marks, jpeg) = what_is_inside(&of("store"));
    assert!(marks.len() > students && holds_a_jpeg(&jpeg), "{} marks", marks.len());
    let sizes = files(place.path()).into_iter().map(|path| path.metadata().unwrap().len());
    let (many, bytes) = sizes.fold((0, 0), |(many, bytes), size| (many + 1, bytes + size));
    eprintln!("{students} students: {} marks, {many} files, {bytes} bytes", marks.len());
    assert_eq!(found(place.path(), &marks), []);
    // Whoever searches finds: a portrait, a code within other bytes, a name in a file's name.
    fs::write(of("temp").join("one"), [b"before".as_slice(), &jpeg].concat()).unwrap();
    fs::write(of("temp").join("two"), format!("...{}...", marks[0])).unwrap();
    fs::write(of("temp").join(marks[1].replace('/', "")), "").unwrap();
    assert!(found(place.path(), &marks).len() >= 2, "{:?}", found(place.path(), &marks));
}

/// A name, a number and a code of the school's own roster.
#[test]
fn a_roster_and_whoever_was_let_in_by_name_stand_nowhere_in_the_clear() {
    use crate::shifts::called::{ROSTER, shift_of, shoot_and_keep, store_with};
    let place = tempfile::tempdir().unwrap();
    let store = store_with(place.path(), ROSTER);
    let mut shift = shift_of(&store);
    shift.search("2024001");
    shift.choose(0);
    shoot_and_keep(&mut shift);
    let last_row = |text: &str| text.split([',', '\n']).map(str::to_owned).collect::<Vec<_>>();
    let marks: Vec<String> = last_row(ROSTER).into_iter().filter(|cell| cell.len() >= 6).collect();
    assert!(marks.len() > 6, "{marks:?}");
    let everything = || found(&store, &marks);
    assert_eq!(everything(), [], "while the shift lasts");
    drop(shift);
    assert_eq!(everything(), [], "and when it has ended");
}
