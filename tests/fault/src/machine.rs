//! What this machine lets us break: tried, not guessed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    Stopped, at,
    mounts::{Cable, Image, Mount, run},
    system,
};

/// Room that a folder in memory must have, in bytes: two workers with an image each, and the logs.
const ROOM: u64 = 400 << 20;

/// A disk to try out, in bytes; a journal must fit in.
const SMALL: u64 = 16 << 20;

/// A machine, and what can be done on it.
#[derive(Debug)]
pub struct Machine {
    work: TempDir,
    /// A folder on a real disk, where a sync takes its time.
    disk: TempDir,
    /// The disk that does not hear syncs; or why there is none.
    pub deaf: Result<PathBuf, String>,
    /// Whether `strace` can break system calls; if not, why.
    pub strace: Result<(), String>,
    /// Whether images can be mounted.
    pub mount: Result<(), String>,
    /// Whether a block device can be logged and pulled out.
    pub cable: Result<(), String>,
    /// Whether exFAT can be mounted.
    pub exfat: Result<(), String>,
}

impl Machine {
    /// Tries everything.
    ///
    /// # Errors
    /// When there is no folder to work in.
    pub fn look() -> Result<Self, Stopped> {
        let work = folder()?;
        let disk = tempfile::Builder::new().prefix("caiying-fault-").tempdir();
        let disk = disk.map_err(system("make a folder to work in"))?;
        let told = |tried: Result<(), Stopped>| tried.map_err(|err| err.to_string());
        let mount = told(try_mount(work.path()));
        let cable = mount.clone().and_then(|()| told(try_cable(work.path())));
        let exfat = mount.clone().and_then(|()| told(try_exfat(work.path())));
        let deaf = deaf(work.path()).map_err(|err| err.to_string());
        Ok(Self { deaf, strace: told(try_strace(work.path())), mount, cable, exfat, work, disk })
    }

    /// A new empty folder, in memory if there is room for it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn scratch(&self, name: &str) -> Result<PathBuf, Stopped> {
        empty(self.work.path().join(name))
    }

    /// A new empty folder on a real disk.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn scratch_on_disk(&self, name: &str) -> Result<PathBuf, Stopped> {
        empty(self.disk.path().join(name))
    }
}

fn empty(folder: PathBuf) -> Result<PathBuf, Stopped> {
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(at("empty", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(at("make", &folder))?;
    Ok(folder)
}

/// In memory where there is room for it: nothing here is worth a disk's wear.
fn folder() -> Result<TempDir, Stopped> {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).map_or(0, |told| told.f_bavail * told.f_frsize);
    let builder = || tempfile::Builder::new().prefix("caiying-fault-").to_owned();
    let made = if room >= ROOM { builder().tempdir_in(memory) } else { builder().tempdir() };
    made.map_err(system("make a folder to work in"))
}

fn deaf(work: &Path) -> Result<PathBuf, Stopped> {
    let (source, library) = (work.join("deaf.c"), work.join("deaf.so"));
    fs::write(&source, include_str!("deaf.c")).map_err(at("write", &source))?;
    let mut cc = Command::new("cc");
    run(cc.args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"]).args([&library, &source]))?;
    Ok(library)
}

/// An injected error must arrive: a `strace` that injects nothing would find nothing.
fn try_strace(work: &Path) -> Result<(), Stopped> {
    let made = work.join("made-under-strace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=mkdir", "-e", "inject=mkdir:error=EIO:when=1"]);
    let ended = strace.args(["--", "mkdir"]).arg(&made).output().map_err(system("run strace"))?;
    let said = String::from_utf8_lossy(&ended.stderr);
    if ended.status.success() || made.exists() || !said.contains("mkdir") {
        return Err(Stopped::Program { program: "strace".to_owned(), said: said.trim().to_owned() });
    }
    Ok(())
}

fn try_mount(work: &Path) -> Result<(), Stopped> {
    let image = Image::ext4(&work.join("try.img"), SMALL)?;
    Mount::image(image.path(), &work.join("try")).map(drop)
}

fn try_cable(work: &Path) -> Result<(), Stopped> {
    let image = Image::ext4(&work.join("try.img"), SMALL)?;
    let cable = Cable::plug(image.path(), &work.join("try.log"), &work.join("try.device"))?;
    Mount::image(cable.device(), &work.join("try")).map(drop)
}

fn try_exfat(work: &Path) -> Result<(), Stopped> {
    let image = work.join("try.exfat");
    Mount::exfat(&image, SMALL, &work.join("try")).map(drop)
}
