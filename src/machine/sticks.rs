//! U盘: which sticks are in, where the desktop mounts them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::free_bytes;

/// What the kernel tells of what is mounted (man 5 `proc_mounts`).
const MOUNTS: &str = "/proc/self/mounts";

/// Where desktops mount sticks: udisks below one of these, in a folder of the user's.
const PLACES: [&str; 2] = ["/media", "/run/media"];

/// A camera's card has this folder, and nobody delivers to a camera.
const OF_A_CAMERA: &str = "DCIM";

/// A stick, or another disk that was plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stick {
    /// Where it is mounted.
    pub folder: PathBuf,
    /// What it is called.
    pub name: String,
    /// Bytes free on it; `None` when nobody can tell.
    pub free_bytes: Option<u64>,
    /// Whether nothing can be written to it.
    pub read_only: bool,
}

/// The sticks that are in, in the order in which they were mounted.
#[must_use]
pub fn sticks() -> Vec<Stick> {
    let mounted = mounted(&mounts());
    mounted
        .into_iter()
        .filter(|stick| !stick.folder.join(OF_A_CAMERA).is_dir())
        .map(|stick| Stick { free_bytes: free_bytes(&stick.folder), ..stick })
        .collect()
}

/// Whether a folder is where sticks are mounted, and no stick is there: what is written there lands on this computer's
/// own disk, where nobody looks for it.
#[must_use]
pub fn is_on_a_missing_stick(folder: &Path) -> bool {
    is_missing(&mounts(), folder)
}

fn mounts() -> String {
    fs::read_to_string(MOUNTS).unwrap_or_default()
}

fn mounted(mounts: &str) -> Vec<Stick> {
    points(mounts)
        .filter(|(folder, _)| PLACES.iter().all(|place| folder != Path::new(place)))
        .map(|(folder, read_only)| Stick {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            folder,
            free_bytes: None,
            read_only,
        })
        .collect()
}

fn is_missing(mounts: &str, folder: &Path) -> bool {
    let is_for_sticks = PLACES.iter().any(|place| folder.starts_with(place));
    is_for_sticks && !points(mounts).any(|(point, _)| folder.starts_with(point))
}

/// Where something is mounted in a place for sticks, and whether it cannot be written.
fn points(mounts: &str) -> impl Iterator<Item = (PathBuf, bool)> {
    mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let (point, _kind, options) = (plain(fields.next()?), fields.next()?, fields.next()?);
        let point = PathBuf::from(point);
        let is_for_sticks = PLACES.iter().any(|place| point.starts_with(place));
        is_for_sticks.then(|| (point, options.split(',').any(|option| option == "ro")))
    })
}

/// The kernel writes a space, a tab, a line's end and a backslash as three octal digits.
pub(super) fn plain(escaped: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.into_iter().fold(escaped.to_owned(), |text, (code, character)| text.replace(code, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "\
        /dev/nvme0n1p2 / ext4 rw,relatime 0 0\n\
        proc /proc proc rw,nosuid 0 0\n\
        /dev/sdb1 /media/wang/KINGSTON vfat rw,nosuid,fmask=0022 0 0\n\
        /dev/sdc1 /run/media/wang/毕业\\040照片 exfat ro,nosuid 0 0\n\
        /dev/sdd1 /mnt/backup ext4 rw 0 0\n";

    #[test]
    fn what_the_desktop_mounted_is_a_stick_and_what_else_is_mounted_is_not() {
        let found = mounted(TOLD);
        let told: Vec<_> = found.iter().map(|stick| (stick.name.as_str(), stick.read_only)).collect();
        assert_eq!(told, [("KINGSTON", false), ("毕业 照片", true)]);
        assert_eq!(found[1].folder, Path::new("/run/media/wang/毕业 照片"));
        assert!(mounted("").is_empty() && mounted("/dev/sdb1 /media/x\n").is_empty());
    }

    #[test]
    fn a_folder_of_a_stick_that_is_out_is_missed_and_any_other_is_not() {
        for (folder, is_missed) in [
            ("/media/wang/KINGSTON/照片", false),
            ("/media/wang/OTHER/照片", true),
            ("/media/wang", true),
            ("/run/media/wang/毕业 照片", false),
            ("/home/wang/照片", false),
            ("/mnt/backup", false),
        ] {
            assert_eq!(is_missing(TOLD, Path::new(folder)), is_missed, "{folder}");
        }
    }
}
