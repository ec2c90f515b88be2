//! Who holds the camera, when libgphoto2 may not have it (its error -53).
//!
//! Most of the time it is gvfs: the file manager's monitor mounts every camera it sees. Otherwise it is a
//! program of the same user that has the device's file open; the kernel tells both. Nobody is ever ended here:
//! a program may be in the middle of copying somebody's photos.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{Access, access};
use serde::{Deserialize, Serialize};

use super::usb_bus::UsbCamera;

/// `gio mount -s` answers within this, or its daemon hangs.
const RELEASE_WITHIN: Duration = Duration::from_secs(5);

/// After that, the device is closed within this.
const CLOSED_WITHIN: Duration = Duration::from_secs(1);

/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Who holds a camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holder {
    /// The file manager's mount; the program's name as the kernel shows it, if it was seen.
    Gvfs {
        /// `gvfsd-gphoto2`, most of the time.
        program: Option<String>,
    },
    /// A program.
    Program {
        /// Its name.
        name: String,
        /// Its number.
        pid: u32,
    },
}

impl Holder {
    /// Whether it can be asked to let go.
    #[must_use]
    pub fn lets_go(&self) -> bool {
        matches!(self, Self::Gvfs { .. })
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gvfs { program: None } => f.write_str("gvfs"),
            Self::Gvfs { program: Some(program) } => write!(f, "gvfs ({program})"),
            Self::Program { name, pid } => write!(f, "{name} ({pid})"),
        }
    }
}

/// Why a camera was not let go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum NotReleased {
    /// There is no `gio` on this computer.
    #[error("there is no gio on this computer")]
    NoGio,
    /// `gio` did not end in time.
    #[error("gio did not answer")]
    NoAnswer,
    /// `gio` said so.
    #[error("gio says: {0}")]
    Said(String),
    /// It is still held by this one.
    #[error("{0} holds it still")]
    Still(Holder),
}

/// Where the kernel and the file manager show what is in use.
#[derive(Debug, Clone)]
pub struct Neighbours {
    /// The user's run-time folder, `/run/user/1000`.
    run: PathBuf,
    /// `/proc`.
    processes: PathBuf,
    /// `/dev/bus/usb`.
    nodes: PathBuf,
    /// Folders of udev's rules.
    rules: Vec<PathBuf>,
    /// Our own process: its camera's process may still have the file open.
    own: u32,
}

impl Neighbours {
    /// This computer's.
    #[must_use]
    pub fn here() -> Self {
        let user = rustix::process::getuid().as_raw();
        let named = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
        Self {
            run: named.unwrap_or_else(|| PathBuf::from(format!("/run/user/{user}"))),
            processes: PathBuf::from("/proc"),
            nodes: PathBuf::from("/dev/bus/usb"),
            rules: ["/etc", "/run", "/usr/lib", "/lib"]
                .map(|root| Path::new(root).join("udev/rules.d"))
                .into(),
            own: std::process::id(),
        }
    }

    /// What a test puts in their place: a folder with `run`, `proc`, `dev` and `rules` in it.
    #[must_use]
    pub fn below(root: &Path) -> Self {
        let [run, processes, nodes] = ["run", "proc", "dev"].map(|name| root.join(name));
        Self { run, processes, nodes, rules: vec![root.join("rules")], own: std::process::id() }
    }

    /// The file through which programs use a camera.
    #[must_use]
    pub fn node(&self, camera: &UsbCamera) -> PathBuf {
        self.nodes.join(camera.node())
    }

    /// Whether this user may read and write a camera's file.
    #[must_use]
    pub fn may_use(&self, node: &Path) -> bool {
        access(node, Access::READ_OK | Access::WRITE_OK).is_ok()
    }

    /// Who holds one of these cameras; without any, who has mounted a camera.
    #[must_use]
    pub fn holder(&self, cameras: &[UsbCamera]) -> Option<Holder> {
        let nodes: Vec<PathBuf> = cameras.iter().map(|camera| self.node(camera)).collect();
        let user = self.user_of(&nodes);
        if let Some((_, name)) = user.as_ref().filter(|(_, name)| name.contains("gvfs")) {
            return Some(Holder::Gvfs { program: Some(name.clone()) });
        }
        if let Some((pid, name)) = user {
            return Some(Holder::Program { name, pid });
        }
        self.has_mount().then_some(Holder::Gvfs { program: None })
    }

    /// Whether the system has libgphoto2's rules, which give cameras to the people at the computer.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        let files = self.rules.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        files.into_iter().any(|file| file.file_name().to_string_lossy().contains("libgphoto2"))
    }

    /// Whether gvfs has mounted a camera: `/run/user/1000/gvfs/gphoto2:host=…`.
    fn has_mount(&self) -> bool {
        let mounts = fs::read_dir(self.run.join("gvfs")).into_iter().flatten().flatten();
        mounts.into_iter().any(|mount| mount.file_name().to_string_lossy().starts_with("gphoto2:"))
    }

    /// A process of this user, not our own nor our child, that has one of these files open.
    fn user_of(&self, nodes: &[PathBuf]) -> Option<(u32, String)> {
        if nodes.is_empty() {
            return None;
        }
        let processes = fs::read_dir(&self.processes).ok()?.flatten();
        processes
            .filter_map(|process| Some((process.file_name().to_str()?.parse().ok()?, process.path())))
            .filter(|(pid, process)| *pid != self.own && !self.is_our_child(process))
            // Other users' files are not shown to us: there the reading fails and nothing is found.
            .find(|(_, process)| opens_one_of(process, nodes))
            .map(|(pid, process)| (pid, word(&process.join("comm"))))
    }

    fn is_our_child(&self, process: &Path) -> bool {
        let status = word(&process.join("status"));
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parent.and_then(|pid| pid.trim().parse().ok()) == Some(self.own)
    }

    /// Asks gvfs to let every camera go, as its own command does it. Whoever else holds one is only named.
    ///
    /// # Errors
    /// When nobody can be asked, or it is held still.
    pub fn release(&self, cameras: &[UsbCamera]) -> Result<(), NotReleased> {
        if let Some(holder) = self.holder(cameras).filter(|holder| !holder.lets_go()) {
            return Err(NotReleased::Still(holder));
        }
        unmount()?;
        // Its daemon closes the device a moment after it said it did.
        let until = Instant::now() + CLOSED_WITHIN;
        while let Some(holder) = self.holder(cameras) {
            if Instant::now() > until {
                return Err(NotReleased::Still(holder));
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }
}

fn opens_one_of(process: &Path, nodes: &[PathBuf]) -> bool {
    let open = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    open.into_iter().filter_map(|file| fs::read_link(file.path()).ok()).any(|file| nodes.contains(&file))
}

fn word(path: &Path) -> String {
    fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// `gio mount -s gphoto2`: unmounts everything of that scheme (libgphoto2 issue 617 names it as the gentle way).
fn unmount() -> Result<(), NotReleased> {
    let mut command = Command::new("gio");
    command
        .args(["mount", "-s", "gphoto2"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let no_gio = |err: &io::Error| err.kind() == io::ErrorKind::NotFound;
    let mut gio = command.spawn().map_err(|err| match no_gio(&err) {
        true => NotReleased::NoGio,
        false => NotReleased::Said(err.to_string()),
    })?;
    let until = Instant::now() + RELEASE_WITHIN;
    while matches!(gio.try_wait(), Ok(None)) {
        if Instant::now() > until {
            gio.kill().ok();
            gio.wait().ok();
            return Err(NotReleased::NoAnswer);
        }
        thread::sleep(LOOK);
    }
    let ended = gio.wait_with_output().map_err(|err| NotReleased::Said(err.to_string()))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(NotReleased::Said(String::from_utf8_lossy(&ended.stderr).trim().to_owned()))
}
