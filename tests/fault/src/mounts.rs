//! Disks made of files: images, mounts, and a block device on a cable that is logged and can be pulled.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Stopped, at, system};

/// How long a device may take to appear or to be let go.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a program; what it says against it is the error.
///
/// # Errors
/// When it is not there, or does not succeed.
pub fn run(command: &mut Command) -> Result<(), Stopped> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output().map_err(system(format!("run {program}")))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = format!("{} {}", String::from_utf8_lossy(&ended.stderr).trim(), ended.status);
    Err(Stopped::Program { program, said })
}

/// Waits until something is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), Stopped> {
    let begin = Instant::now();
    while !is_so() {
        if begin.elapsed() > PATIENCE {
            return Err(Stopped::Program { program: what.to_owned(), said: "it takes too long".to_owned() });
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// A file with a file system in it.
#[derive(Debug)]
pub struct Image(PathBuf);

impl Image {
    /// An empty ext4 of so many bytes.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn ext4(path: &Path, bytes: u64) -> Result<Self, Stopped> {
        blank(path, bytes)?;
        // Everything is written now: what the kernel would do lazily would be noise in a log.
        let mut mkfs = Command::new("mkfs.ext4");
        mkfs.args([
            "-q",
            "-F",
            "-m",
            "0",
            "-J",
            "size=4",
            "-E",
            "nodiscard,lazy_itable_init=0,lazy_journal_init=0",
        ]);
        run(mkfs.arg(path))?;
        Ok(Self(path.to_owned()))
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

fn blank(path: &Path, bytes: u64) -> Result<(), Stopped> {
    // A new file, not the old one emptied: a loop device may still hold that one.
    fs::remove_file(path).ok();
    File::create(path).and_then(|file| file.set_len(bytes)).map_err(at("make", path))
}

/// A mounted file system. It is let go with this.
#[derive(Debug)]
pub struct Mount {
    folder: PathBuf,
    /// The server of a file system in user space.
    server: bool,
}

impl Mount {
    /// Mounts an ext4 image, or a device that holds one.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn image(image: &Path, folder: &Path) -> Result<Self, Stopped> {
        fs::create_dir_all(folder).map_err(at("make", folder))?;
        let mut mount = Command::new("mount");
        run(mount.args(["-t", "ext4", "-o", "loop,noatime,errors=remount-ro"]).args([image, folder]))?;
        Ok(Self { folder: folder.to_owned(), server: false })
    }

    /// Makes an exFAT in a file and mounts it.
    ///
    /// # Errors
    /// When the tools for it are missing, or the kernel refuses.
    pub fn exfat(image: &Path, bytes: u64, folder: &Path) -> Result<Self, Stopped> {
        fs::create_dir_all(folder).map_err(at("make", folder))?;
        blank(image, bytes)?;
        run(Command::new("mkfs.exfat").arg(image))?;
        run(Command::new("mount").args(["-t", "exfat-fuse", "-o", "loop"]).args([image, folder]))?;
        Ok(Self { folder: folder.to_owned(), server: true })
    }

    /// Where its files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets it go, and says so if it cannot be.
    ///
    /// # Errors
    /// When somebody still uses it.
    pub fn release(self) -> Result<(), Stopped> {
        run(Command::new("umount").arg(&self.folder))?;
        if self.server {
            // Its server writes what is left after the unmounting has returned.
            wait_until("exfat-fuse", || !is_served(&self.folder))?;
        }
        Ok(())
    }
}

/// Whether the server of a mounted folder still runs.
fn is_served(folder: &Path) -> bool {
    let folder = folder.as_os_str().as_encoded_bytes();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.map(|process| process.path().join("cmdline")).any(|words| {
        fs::read(words).is_ok_and(|words| {
            let mut words = words.split(|byte| *byte == 0);
            words.next().is_some_and(|program| program.ends_with(b"mount.exfat-fuse"))
                && words.any(|word| word == folder)
        })
    })
}

impl Drop for Mount {
    fn drop(&mut self) {
        let mounted = |folder: &Path| {
            let table = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
            table.lines().any(|line| line.split(' ').nth(1) == folder.to_str())
        };
        // A device that is gone may keep it busy for a moment; at last it is let go behind our backs.
        for words in [&[][..], &[], &["--lazy"]] {
            if !mounted(&self.folder) {
                return;
            }
            run(Command::new("umount").args(words).arg(&self.folder)).ok();
        }
    }
}

/// A block device that is a file of another process: `qemu-storage-daemon` writes it to the image, logs every write
/// before the system hears that it is done, and can be pulled out.
#[derive(Debug)]
pub struct Cable {
    daemon: Child,
    device: PathBuf,
    log: PathBuf,
}

impl Cable {
    /// Plugs an image in; its device and its log are files.
    ///
    /// # Errors
    /// When there is no `qemu-storage-daemon`, or it cannot export a device here.
    pub fn plug(image: &Path, log: &Path, device: &Path) -> Result<Self, Stopped> {
        for file in [log, device] {
            blank(file, 0)?;
        }
        let mut daemon = Command::new("setpriv");
        daemon.args(["--pdeathsig", "KILL", "qemu-storage-daemon"]);
        let file =
            |node: &str, file: &Path| format!("driver=file,node-name={node},filename={}", file.display());
        let export =
            format!("type=fuse,id=export,node-name=logged,writable=on,mountpoint={}", device.display());
        daemon.args(["--blockdev", &file("disk", image), "--blockdev", &file("log", log)]);
        daemon.args([
            "--blockdev",
            "driver=blklogwrites,node-name=logged,file=disk,log=log,log-sector-size=512",
        ]);
        daemon.args(["--export", &export]);
        let errors = File::create(log.with_extension("errors")).map_err(at("write", log))?;
        let daemon = daemon.stdin(Stdio::null()).stderr(errors).spawn();
        let daemon = daemon.map_err(system("run qemu-storage-daemon"))?;
        let mut cable = Self { daemon, device: device.to_owned(), log: log.to_owned() };
        cable.wait_for_the_device()?;
        Ok(cable)
    }

    fn wait_for_the_device(&mut self) -> Result<(), Stopped> {
        let (device, daemon) = (&self.device, &mut self.daemon);
        let appeared = wait_until("qemu-storage-daemon", || {
            let there = fs::metadata(device).is_ok_and(|data| data.len() > 0);
            there || daemon.try_wait().is_ok_and(|ended| ended.is_some())
        });
        if appeared.is_ok() && daemon.try_wait().is_ok_and(|ended| ended.is_none()) {
            return Ok(());
        }
        let said = fs::read_to_string(self.log.with_extension("errors")).unwrap_or_default();
        Err(Stopped::Program { program: "qemu-storage-daemon".to_owned(), said: said.trim().to_owned() })
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// How long the log is by now. Whatever the station was told is done lies below this mark.
    #[must_use]
    pub fn mark(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |data| data.len())
    }

    /// Pulls it out, in the middle of whatever it does.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn pull(&mut self) -> Result<(), Stopped> {
        self.daemon.kill().map_err(system("pull the cable"))?;
        self.daemon.wait().map_err(system("pull the cable")).map(|_| ())
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.pull().ok();
        // The dead device stays in the table of mounts.
        run(Command::new("umount").arg("--lazy").arg(&self.device)).ok();
    }
}
