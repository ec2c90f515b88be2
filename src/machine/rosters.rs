//! 名册文件: where an operator puts a school's list before it is read in: sticks, and the usual folders of his own.
//!
//! Names of files may be names of people: they are for the screen, and stand in no log.

use std::{
    cmp::Reverse,
    env, fmt,
    fs::{self, DirEntry, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::sticks;
use crate::shot::Moment;

/// As many are offered as there are number keys.
pub const MOST_ROSTERS: usize = 9;

/// So many entries of a place are looked at; a stick may hold a hundred thousand photos.
const MOST_ENTRIES: usize = 4_000;

/// What a roster's name ends with. An old `.xls` is refused with words, so it is offered too.
const ENDINGS: [&str; 3] = ["xlsx", "csv", "xls"];

/// Folders in the user's home where desktops and people put things, by their names in both languages.
const HOME_FOLDERS: [&str; 6] = ["下载", "Downloads", "桌面", "Desktop", "文档", "Documents"];

/// A file that may be a roster; its `Debug` form tells no name.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterFile(PathBuf);

impl fmt::Debug for RosterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RosterFile(..)")
    }
}

impl RosterFile {
    /// The file at this place.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether it is a file at all: a folder is none, and whoever opens a pipe may wait for ever.
    ///
    /// # Errors
    /// Why it is none.
    pub fn look(&self) -> io::Result<()> {
        let is_file = fs::metadata(&self.0)?.is_file();
        if is_file { Ok(()) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The folder it lies in.
    #[must_use]
    pub fn folder(&self) -> String {
        self.0.parent().unwrap_or(Path::new("")).display().to_string()
    }
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFound {
    /// It.
    pub file: RosterFile,
    /// How many bytes it has.
    pub bytes: u64,
    /// When it was changed last.
    pub changed: Moment,
}

/// What may be a roster on the sticks that are in and in the user's own folders, the newest first; never a file that is
/// called like one of `ours`. Blocks as long as the disks do.
#[must_use]
pub fn rosters(ours: &[&str]) -> Vec<RosterFound> {
    let of_sticks = sticks().into_iter().map(|stick| Place { folder: stick.folder, deep: true });
    let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    let of_home = home.into_iter().flat_map(|home| {
        let below = HOME_FOLDERS.map(|name| Place { folder: home.join(name), deep: true });
        [Place { folder: home, deep: false }].into_iter().chain(below)
    });
    newest(&of_sticks.chain(of_home).collect::<Vec<_>>(), ours)
}

/// Reads a file, but of one that is larger than `most` bytes no more than one byte beyond them.
///
/// # Errors
/// When it cannot be read.
pub fn read_at_most(file: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where is looked.
struct Place {
    folder: PathBuf,
    /// Whether the folders in it are looked into, too.
    deep: bool,
}

fn newest(places: &[Place], ours: &[&str]) -> Vec<RosterFound> {
    let mut found: Vec<RosterFound> = Vec::new();
    for place in places {
        let mut left = MOST_ENTRIES;
        look_into(&place.folder, place.deep, ours, &mut left, &mut found);
    }
    found.sort_by(|one, other| {
        (Reverse(one.changed), one.file.path()).cmp(&(Reverse(other.changed), other.file.path()))
    });
    // Two names of one folder, or a stick within another place.
    found.dedup_by(|one, other| one.file == other.file);
    found.truncate(MOST_ROSTERS);
    found
}

/// What cannot be looked into holds nothing that could be read.
fn look_into(folder: &Path, deep: bool, ours: &[&str], left: &mut usize, found: &mut Vec<RosterFound>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut below = Vec::new();
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Hidden ones, and what a spreadsheet program puts beside a file that is open.
        if name.starts_with('.') || name.starts_with("~$") || ours.contains(&name.as_str()) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => below.push(entry.path()),
            Ok(kind) if kind.is_file() => found.extend(of_entry(&entry)),
            Ok(_) | Err(_) => {}
        }
    }
    if deep {
        below.iter().for_each(|folder| look_into(folder, false, ours, left, found));
    }
}

fn of_entry(entry: &DirEntry) -> Option<RosterFound> {
    let path = entry.path();
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let known = ENDINGS.contains(&ending.as_str()).then(|| entry.metadata().ok())??;
    let since_1970 = known.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let changed = Moment(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX));
    Some(RosterFound { file: RosterFile(path), bytes: known.len(), changed })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A file, so many seconds old as seen from 1970.
    fn put(folder: &Path, name: &str, at_s: u64) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, name).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(at_s)).unwrap();
    }

    fn names(found: &[RosterFound]) -> Vec<String> {
        found.iter().map(|found| found.file.name()).collect()
    }

    #[test]
    fn what_may_be_a_roster_is_found_the_newest_first_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        for (name, at_s) in [
            ("2026级名册.xlsx", 50),
            ("学校/新生.CSV", 70),
            ("学校/深处/太深.csv", 99),
            ("旧.xls", 20),
            ("照片.jpg", 98),
            ("~$2026级名册.xlsx", 97),
            (".隐藏.csv", 96),
            ("交付/清单.csv", 95),
        ] {
            put(folder.path(), name, at_s);
        }
        std::os::unix::fs::symlink(folder.path().join("旧.xls"), folder.path().join("链接.csv")).unwrap();
        let place = |deep| [Place { folder: folder.path().to_owned(), deep }];
        let found = newest(&place(true), &["清单.csv"]);
        assert_eq!(names(&found), ["新生.CSV", "2026级名册.xlsx", "旧.xls"]);
        assert_eq!((found[0].changed, found[2].bytes), (Moment(70_000), "旧.xls".len() as u64));
        assert!(found[0].file.folder().ends_with("/学校"));
        assert!(!format!("{found:?}").contains("新生"), "no name in a log");
        assert_eq!(names(&newest(&place(false), &[])), ["2026级名册.xlsx", "旧.xls"]);
        let twice = [place(true), place(true)].into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(newest(&twice, &["清单.csv"]).len(), 3, "each once");
        assert!(newest(&[Place { folder: folder.path().join("nowhere"), deep: true }], &[]).is_empty());
    }

    #[test]
    fn there_are_no_more_than_number_keys_and_the_oldest_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        (1..=12).for_each(|n| put(folder.path(), &format!("{n}.csv"), n));
        let found = newest(&[Place { folder: folder.path().to_owned(), deep: true }], &[]);
        assert_eq!(
            names(&found),
            ["12.csv", "11.csv", "10.csv", "9.csv", "8.csv", "7.csv", "6.csv", "5.csv", "4.csv"]
        );
    }

    #[test]
    fn of_a_file_that_is_too_large_no_more_is_read_than_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "0123456789", 1);
        let file = folder.path().join("0123456789");
        assert_eq!(read_at_most(&file, 10).unwrap(), b"0123456789");
        assert_eq!(read_at_most(&file, 4).unwrap(), b"01234");
        assert!(read_at_most(folder.path(), 4).is_err());
    }
}
