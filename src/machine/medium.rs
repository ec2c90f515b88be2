//! 存储介质: the disk that a folder lies on, as the kernel and udev tell of it: what a certificate of its cleaning names.
//! What nobody tells is left out, never guessed.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What is mounted where, with the number of each device (man 5 `proc_pid_mountinfo`).
const MOUNTS: &str = "/proc/self/mountinfo";

/// The kernel's own tree of devices.
const SYSFS: &str = "/sys";

/// What udev found out about each of them.
const UDEV: &str = "/run/udev/data";

/// How a disk keeps what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MediumKind {
    /// On turning plates: what is written over in place is written over.
    Magnetic,
    /// In flash cells: old blocks may stay behind what is written over.
    Flash,
    /// In a file of another file system.
    InAFile,
    /// Nobody tells, or whoever does is not to be believed: virtual disks and sticks say that they turn.
    #[default]
    Unknown,
}

/// The disk that a folder lies on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Medium {
    /// The device that is mounted, as `/dev/…`.
    pub device: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its file system.
    pub file_system: Option<String>,
    /// Who made the disk.
    pub maker: Option<String>,
    /// What he calls it.
    pub model: Option<String>,
    /// Which one it is.
    pub serial: Option<String>,
    /// How it keeps what is written.
    pub kind: MediumKind,
    /// Whether what is mounted is encrypted before it reaches the disk (LUKS); a disk that does it itself is not seen.
    pub encrypted: bool,
}

/// What this computer is called.
#[must_use]
pub fn host_name() -> Option<String> {
    said(Path::new("/proc/sys/kernel/hostname"))
}

impl Medium {
    /// The disk of a folder that exists.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let mounts = fs::read_to_string(MOUNTS).unwrap_or_default();
        let folder = fs::canonicalize(folder).unwrap_or_else(|_not_there| folder.to_owned());
        Self::told(&mounts, Path::new(SYSFS), Path::new(UDEV), &folder)
    }

    fn told(mounts: &str, sysfs: &Path, udev: &Path, folder: &Path) -> Self {
        let Some((number, file_system)) = mounted(mounts, folder) else { return Self::default() };
        let file_system = Some(file_system.to_owned());
        let there = sysfs.join("dev/block").join(number);
        let Ok(volume) = fs::canonicalize(&there) else { return Self { file_system, ..Self::default() } };
        let (disk, encrypted) = below(&volume);
        let name = |device: &Path| Some(device.file_name()?.to_string_lossy().into_owned());
        let number = said(&disk.join("dev")).unwrap_or_default();
        let found = fs::read_to_string(udev.join(format!("b{number}"))).unwrap_or_default();
        let found = |key: &str| {
            let lines = found.lines().filter_map(|line| line.strip_prefix("E:")?.split_once('='));
            lines.into_iter().find(|(name, _)| *name == key).map(|(_, value)| value.trim().to_owned())
        };
        let device = disk.join("device");
        Self {
            device: name(&volume).map(|name| Path::new("/dev").join(name)),
            bytes: said(&volume.join("size"))
                .and_then(|sectors| sectors.parse::<u64>().ok()?.checked_mul(512)),
            file_system,
            // A number is how one virtual disk tells its kind from another's.
            maker: said(&device.join("vendor"))
                .filter(|maker| !maker.starts_with("0x"))
                .or_else(|| found("ID_VENDOR")),
            model: said(&device.join("model")).or_else(|| found("ID_MODEL")),
            serial: said(&device.join("serial")).or_else(|| found("ID_SERIAL_SHORT")),
            kind: kind(&disk),
            encrypted,
        }
    }
}

/// The number of the device that holds a folder, and its file system: of the mounts above it, the innermost, and of
/// those at one place the last.
fn mounted<'a>(mounts: &'a str, folder: &Path) -> Option<(&'a str, &'a str)> {
    let mount = |line: &'a str| {
        let (place, kind) = line.split_once(" - ")?;
        let mut fields = place.split(' ').skip(2);
        let (number, _root, point) = (fields.next()?, fields.next()?, super::sticks::plain(fields.next()?));
        let is_above = folder.starts_with(&point);
        is_above.then(|| (point.len(), number, kind.split(' ').next().unwrap_or_default()))
    };
    let innermost = mounts.lines().filter_map(mount).max_by_key(|(length, ..)| *length)?;
    Some((innermost.1, innermost.2))
}

/// The disk that a volume lies on, and whether something between the two encrypts.
fn below(volume: &Path) -> (PathBuf, bool) {
    let (mut device, mut encrypted) = (volume.to_owned(), false);
    // Nobody stacks more than this.
    for _ in 0..8 {
        encrypted |= said(&device.join("dm/uuid")).is_some_and(|uuid| uuid.starts_with("CRYPT-"));
        let mut slaves = fs::read_dir(device.join("slaves")).into_iter().flatten().flatten();
        let next = slaves.next().and_then(|slave| fs::canonicalize(slave.path()).ok());
        let whole = device.parent().filter(|_| device.join("partition").exists()).map(Path::to_owned);
        match next.or(whole) {
            Some(next) => device = next,
            None => break,
        }
    }
    (device, encrypted)
}

/// What makes disks out of files on other machines: such a disk says that it turns, and nobody here knows.
const PRETENDERS: [&str; 6] = ["QEMU", "VMware", "VBOX", "Msft", "Google", "Xen"];

fn kind(disk: &Path) -> MediumKind {
    if disk.join("loop").exists() {
        return MediumKind::InAFile;
    }
    let name = disk.file_name().unwrap_or_default().to_string_lossy();
    let vendor = said(&disk.join("device/vendor")).unwrap_or_default();
    // Sticks say that they turn too.
    let is_on_usb = disk.components().any(|part| part.as_os_str().to_string_lossy().starts_with("usb"));
    let is_known =
        name.starts_with("sd") && !is_on_usb && !PRETENDERS.iter().any(|of| vendor.starts_with(of));
    match said(&disk.join("queue/rotational")).as_deref() {
        Some("1") if is_known => MediumKind::Magnetic,
        Some("0") => MediumKind::Flash,
        Some(_) | None => MediumKind::Unknown,
    }
}

fn said(file: &Path) -> Option<String> {
    let said = fs::read_to_string(file).ok()?.trim().to_owned();
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const MOUNTED: &str = "\
        22 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw\n\
        30 22 0:26 / /run rw - tmpfs tmpfs rw\n\
        31 22 254:0 / /home rw - ext4 /dev/mapper/home rw\n\
        32 31 7:3 / /home/wang/毕业\\040照片 rw - ext4 /dev/loop3 rw\n";

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        };
        for (path, text) in [
            ("devices/sda/size", "1000"),
            ("devices/sda/dev", "8:0"),
            ("devices/sda/queue/rotational", "1"),
            ("devices/sda/device/vendor", "ATA"),
            ("devices/sda/device/model", "ST1000LM035"),
            ("devices/sda/sda2/partition", "2"),
            ("devices/sda/sda2/size", "900"),
            ("devices/nvme0n1/dev", "259:0"),
            ("devices/nvme0n1/queue/rotational", "0"),
            ("devices/nvme0n1/device/model", "Samsung SSD 980"),
            ("devices/nvme0n1/device/serial", "S64D"),
            ("devices/nvme0n1/nvme0n1p1/partition", "1"),
            ("devices/dm-0/dm/uuid", "CRYPT-LUKS2-0a1b-home"),
            ("devices/dm-0/size", "800"),
            ("devices/loop3/loop/backing_file", "/x"),
            ("devices/loop3/size", "8"),
            ("devices/vda/queue/rotational", "1"),
            ("devices/pci0/usb1/1-1/sdb/queue/rotational", "1"),
            ("devices/sdc/queue/rotational", "1"),
            ("devices/sdc/device/vendor", "QEMU"),
            ("udev/b8:0", "E:ID_SERIAL_SHORT=ZDE123\nE:ID_VENDOR=other"),
        ] {
            write(path, text);
        }
        let link = |to: &str, from: &str| {
            let from = tree.path().join(from);
            fs::create_dir_all(from.parent().unwrap()).unwrap();
            symlink(tree.path().join(to), from).unwrap();
        };
        link("devices/sda/sda2", "dev/block/8:2");
        link("devices/dm-0", "dev/block/254:0");
        link("devices/loop3", "dev/block/7:3");
        link("devices/nvme0n1/nvme0n1p1", "devices/dm-0/slaves/nvme0n1p1");
        tree
    }

    fn of(tree: &tempfile::TempDir, folder: &str) -> Medium {
        Medium::told(MOUNTED, tree.path(), &tree.path().join("udev"), Path::new(folder))
    }

    #[test]
    fn a_disk_is_told_of_by_what_lies_under_its_partitions_and_its_encryption() {
        let tree = tree();
        let text = |text: &str| Some(text.to_owned());
        let plain = of(&tree, "/var/lib/store");
        assert_eq!(plain.device, Some("/dev/sda2".into()));
        assert_eq!((plain.bytes, plain.file_system), (Some(900 * 512), text("ext4")));
        assert_eq!((plain.maker, plain.model), (text("ATA"), text("ST1000LM035")));
        assert_eq!(
            (plain.serial, plain.kind, plain.encrypted),
            (text("ZDE123"), MediumKind::Magnetic, false)
        );
        let sealed = of(&tree, "/home/wang/store");
        assert_eq!((sealed.device, sealed.bytes), (Some("/dev/dm-0".into()), Some(800 * 512)));
        assert_eq!((sealed.model, sealed.serial), (text("Samsung SSD 980"), text("S64D")));
        assert_eq!((sealed.kind, sealed.encrypted, sealed.maker), (MediumKind::Flash, true, None));
        assert_eq!(of(&tree, "/home/wang/毕业 照片/store").kind, MediumKind::InAFile);
    }

    #[test]
    fn what_says_that_it_turns_is_not_always_believed() {
        let tree = tree();
        for (disk, is) in [
            ("sda", MediumKind::Magnetic),
            ("vda", MediumKind::Unknown),
            ("pci0/usb1/1-1/sdb", MediumKind::Unknown),
            ("sdc", MediumKind::Unknown),
            ("nvme0n1", MediumKind::Flash),
            ("loop3", MediumKind::InAFile),
            ("nothing", MediumKind::Unknown),
        ] {
            assert_eq!(kind(&tree.path().join("devices").join(disk)), is, "{disk}");
        }
    }

    #[test]
    fn what_nobody_tells_is_left_out() {
        let tree = tree();
        let memory = of(&tree, "/run/store");
        assert_eq!(memory, Medium { file_system: Some("tmpfs".to_owned()), ..Medium::default() });
        assert_eq!(Medium::told("", tree.path(), tree.path(), Path::new("/x")), Medium::default());
        assert_eq!(Medium::told("a b\n - \n", tree.path(), tree.path(), Path::new("/x")), Medium::default());
    }
}
