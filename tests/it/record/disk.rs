//! A watched disk: `tests/it/disk.c`, preloaded into a test's own process.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

fn library() -> &'static Path {
    static LIBRARY: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_kept, library) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/disk.c");
        let built = Command::new("cc")
            .args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (folder, library)
    });
    library
}

/// What watches a folder, and what it is told.
pub(crate) struct Disk {
    folder: PathBuf,
    control: PathBuf,
}

impl Disk {
    /// A command that runs one test of this program with `folder` watched, and its controls in `control`.
    pub(crate) fn watched(test: &str, folder: &Path, control: &Path) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", test, "--nocapture", "--include-ignored"])
            .env("LD_PRELOAD", library())
            .env("DISK", folder.canonicalize().unwrap())
            .env("DISK_CONTROL", control);
        command
    }

    /// The disk this process was started with.
    pub(crate) fn here() -> Self {
        let told = |name| PathBuf::from(std::env::var_os(name).unwrap());
        Self { folder: told("DISK"), control: told("DISK_CONTROL") }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The next sync of a path like this fails.
    pub(crate) fn refuse(&self, pattern: &str) {
        fs::write(self.control.join("refuse"), pattern).unwrap();
    }

    /// Whether the refusal happened.
    pub(crate) fn has_refused(&self) -> bool {
        !self.control.join("refuse").exists()
    }

    /// What was synced since this was asked last.
    pub(crate) fn synced(&self) -> Vec<String> {
        let log = self.control.join("log");
        let lines = fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect();
        fs::write(log, "").unwrap();
        lines
    }
}
