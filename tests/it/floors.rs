//! Who may use whom. Rust lets modules of one crate use each other in circles; this test does not.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Rooms by floor, lowest first. A room uses lower floors only, never a neighbour.
const FLOORS: &[&[&str]] = &[
    &["language"],
    &["shot", "student"],
    &["profile", "settings"],
    &["keys", "paper", "portrait"],
    &["station"],
    &["camera", "ledger", "machine", "scan", "sound", "vault"],
    &["clerk", "sync"],
    &["errand"],
    &["crew", "screens"],
    &["shift"],
    &["rehearsal"],
    &["app"],
];

/// Steps within one floor that the table of `src/lib.rs` allows, with the reason.
const STAIRS: &[(&str, &str)] = &[];

/// Foreign things that have one door each: the word, and the rooms or files where it may stand.
const DOORS: &[(&str, &[&str])] = &[
    ("gphoto2::", &["camera/gphoto"]),
    ("v4l::", &["scan/webcam.rs"]),
    ("zune_jpeg::", &["scan/webcam/frame.rs", "scan/shot.rs"]),
    ("rqrr::", &["scan/qr.rs"]),
    ("rusqlite::", &["ledger"]),
    ("rusqlite_migration::", &["ledger"]),
    ("rten::", &["portrait/face"]),
    ("rten_tensor::", &["portrait/face"]),
    ("fast_image_resize::", &["portrait/scale.rs"]),
    ("memchr::", &["portrait/jpeg/markers", "portrait/negative"]),
    ("moxcms::", &["portrait/colour.rs"]),
    ("image::", &["portrait/decode.rs", "scan"]),
    ("exif::", &["shot/particulars.rs", "camera/rehearsal/stamp.rs"]),
    ("csv::", &["student/roster.rs", "sync/folder.rs"]),
    ("csv_core::", &["student/roster/text.rs"]),
    ("toml::", &["profile", "settings", "rehearsal/people.rs"]),
    ("toml_edit::", &["settings/written.rs"]),
    ("include_dir::", &["profile/builtin.rs"]),
    ("postcard::", &["camera/wire.rs"]),
    ("qrcode::", &["rehearsal", "paper/qr.rs"]),
    // Which characters a font of this machine has is asked where its file is read.
    ("skrifa::", &["paper/lettering.rs", "app/system_fonts.rs"]),
    ("png::", &["paper/page.rs"]),
    ("jpeg_encoder::", &["rehearsal/scene.rs"]),
    ("fastrand::", &["rehearsal"]),
    ("clap::", &["app"]),
    ("base64::", &["app/scan.rs", "student/chsi.rs", "rehearsal/props.rs", "ledger/note.rs"]),
    // The sitter's window is the second one.
    (
        "egui::",
        &[
            "screens",
            "app/window.rs",
            "app/window/sentry.rs",
            "app/window/setting_up.rs",
            "app/sitter_window.rs",
        ],
    ),
    (
        "eframe::",
        &[
            "screens",
            "app/window.rs",
            "app/window/sentry.rs",
            "app/window/setting_up.rs",
            "app/sitter_window.rs",
        ],
    ),
    ("thread::spawn", &[]),
    // A thread that ends before its function does: what one shot needs twice at the same time.
    ("thread::scope", &["crew/darkroom.rs"]),
    ("thread::Builder", &["crew"]),
    ("mpsc::", &["crew", "shift.rs"]),
    // Our own program as the camera's process; and `gio`, which asks gvfs to let a camera go.
    // And the desktop's player of sounds; and our own program in its own place.
    ("Command::new", &["camera/link.rs", "camera/holder.rs", "sound.rs", "machine/heap.rs"]),
    ("signal_hook::", &["camera/farewell.rs", "app/watch.rs"]),
    ("TcpStream", &["rehearsal/stagehand.rs"]),
    ("SystemTime::now", &["shot/clock.rs"]),
    ("regex::", &["profile/codes.rs"]),
    ("encoding_rs::", &["student/roster/text.rs"]),
    ("quick_xml::", &["student/roster/workbook"]),
    ("zip::", &["student/roster/workbook"]),
    ("pinyin::", &["student/roster/search.rs"]),
    ("age::", &["keys"]),
    ("argon2::", &["keys"]),
    ("bech32::", &["keys"]),
    ("chacha20poly1305::", &["keys"]),
    ("ed25519_dalek::", &["keys"]),
    ("getrandom::", &["keys"]),
    ("zeroize::", &["keys", "scan/id_card.rs", "scan/id_reader.rs"]),
    ("std::fs", FILES),
    ("fs::", FILES),
];

/// Where files are read and written. What the kernel tells lies in files too: sysfs on the bus and on webcams,
/// procfs on who holds a device.
const FILES: &[&str] = &[
    "vault",
    "camera/folder",
    "camera/usb_bus.rs",
    "camera/holder.rs",
    "scan/webcam/found.rs",
    // Batteries are files in sysfs, and what is mounted stands in one of procfs.
    "machine",
    "sync/folder.rs",
    // SQLite does not wait for the end of its own log to be on the disk.
    "ledger/connection.rs",
    // A second copy of a store, and a store made of one.
    "sync/backup",
    "sync/restore.rs",
    // A serial port is a file.
    "scan/id_reader.rs",
    "rehearsal",
    "app",
];

/// A file of more lines than this lacks a concept.
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    let name = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

/// A file's code without its comments.
fn code(text: &str) -> String {
    let line = |line: &str| line.split("//").next().unwrap_or("").to_owned();
    text.lines().map(line).collect::<Vec<_>>().join(" ")
}

/// The rooms a piece of code uses: `crate::room`, and `crate::{room, other::…}`.
fn uses(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            rooms.push(rest.to_owned());
            continue;
        };
        let (mut depth, mut name) = (0, String::new());
        for c in group.chars() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => rooms.push(std::mem::take(&mut name)),
                c if depth == 0 => name.push(c),
                _ => {}
            }
        }
        rooms.push(name);
    }
    let word = |text: &String| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    rooms.iter().map(word).filter(|room: &String| !room.is_empty()).collect()
}

/// What is wrong with a file's neighbours.
fn trespasses(file: &str, text: &str) -> Vec<String> {
    let floor: BTreeMap<&str, usize> =
        FLOORS.iter().enumerate().flat_map(|(n, rooms)| rooms.iter().map(move |room| (*room, n))).collect();
    let here = room(file);
    if matches!(here, "lib" | "main") {
        return vec![];
    }
    let Some(own) = floor.get(here) else { return vec![format!("{file}: room `{here}` is on no floor")] };
    let code = code(text);
    let mut wrong = Vec::new();
    if code.contains("crate::*") {
        wrong.push(format!("{file}: name the room you use"));
    }
    for used in uses(&code) {
        let stairs = STAIRS.contains(&(here, used.as_str()));
        if used != here && !stairs && floor.get(used.as_str()).is_none_or(|floor| floor >= own) {
            wrong.push(format!("{file} (floor {own}) uses `{used}`"));
        }
    }
    wrong
}

/// What a file uses that has its door elsewhere.
fn break_ins(file: &str, text: &str) -> Vec<String> {
    // Tests at a file's end may read fixtures and use peers.
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut wrong = Vec::new();
    for line in text.lines().map(|line| line.split("//").next().unwrap_or("")) {
        for (word, doors) in DOORS {
            let open = doors.iter().any(|door| {
                file == *door || file.starts_with(&format!("{door}/")) || file == format!("{door}.rs")
            });
            if !open && stands_alone(line, word) {
                wrong.push(format!("{file}: `{word}` — {}", line.trim()));
            }
        }
    }
    wrong
}

/// Whether a word stands in a line, not as the end of a longer one (`tempfs::`), nor as a path inside our own
/// crate (`crate::image::`).
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = &line[..at];
        let ours = ["crate::", "super::", "self::"].iter().any(|path| before.ends_with(path));
        !ours && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn rooms_use_lower_floors_only() {
    let wrong: Vec<_> = sources().iter().flat_map(|(file, text)| trespasses(file, text)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn foreign_things_have_one_door() {
    let wrong: Vec<_> = sources().iter().flat_map(|(file, text)| break_ins(file, text)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if !text.starts_with("//!") {
            wrong.push(format!("{file}: no //! line"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{file}: {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// `app.rs` is wiring: one line per command, or a concept is missing.
#[test]
fn the_wiring_stays_thin() {
    let lines = |file: &str| sources().into_iter().find(|(name, _)| name == file).unwrap().1.lines().count();
    assert!(lines("app.rs") <= 250);
    assert!(lines("main.rs") <= 20);
}

/// The walls themselves are tried.
#[test]
fn a_wall_that_is_climbed_is_noticed() {
    for (file, text) in [
        ("station.rs", "use crate::camera::Camera;"),
        ("vault.rs", "use crate::{shot::Digest, ledger::Ledger};"),
        ("shot/clock.rs", "let x = crate::student::CaptureCode;"),
        ("portrait/frame.rs", "use crate::*;"),
        ("cellar.rs", ""),
    ] {
        assert!(!trespasses(file, text).is_empty(), "{file}: {text}");
    }
    for (file, text) in [
        ("station.rs", "std::thread::spawn(|| ());"),
        ("portrait.rs", "std::fs::read(path)"),
        ("screens/capture.rs", "let db = rusqlite::Connection::open(path);"),
        ("app/verify.rs", "use eframe::egui;"),
    ] {
        assert!(!break_ins(file, text).is_empty(), "{file}: {text}");
    }
    assert!(break_ins("portrait/decode.rs", "use image::codecs::jpeg::JpegDecoder;").is_empty());
    assert!(trespasses("app.rs", "use crate::{shift::Shift, screens::View};").is_empty());
}
