//! Whoever changes what stands before the lens, presses the button on the body, pulls the cable.
//!
//! Three of them, one for each kind of camera a rehearsal can be played on: the camera that plays pictures,
//! a hot folder, and a virtual camera behind libgphoto2 that is directed over a line of its own.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use serde::Deserialize;

use crate::{
    camera::rehearsal::{Stage, stamped},
    shot::{CameraTime, Clock, Digest},
};

/// An exposure, as whoever made it tells: the truth a rehearsal is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truth {
    /// What stood before the lens.
    pub(super) label: String,
    /// SHA-256 of the file the camera made of it.
    pub(super) jpeg: Digest,
}

/// Directs what a camera sees.
pub(super) trait Stagehand {
    /// Puts a picture before the lens.
    fn set_scene(&mut self, label: &str, jpeg: &Arc<[u8]>) -> io::Result<()>;

    /// Presses the button on the body.
    fn press(&mut self) -> io::Result<()>;

    /// Pulls the cable, or puts it back in.
    fn plug(&mut self, plugged: bool) -> io::Result<()>;

    /// Every exposure so far.
    fn exposures(&mut self) -> io::Result<Vec<Truth>>;

    /// How long a student must sit before a shot is certainly his, given how well the camera's time is known.
    fn patience(&self) -> Duration;
}

impl Stagehand for Stage {
    fn set_scene(&mut self, label: &str, jpeg: &Arc<[u8]>) -> io::Result<()> {
        Self::set_scene(self, label, Arc::clone(jpeg));
        Ok(())
    }

    fn press(&mut self) -> io::Result<()> {
        Self::press(self);
        Ok(())
    }

    fn plug(&mut self, plugged: bool) -> io::Result<()> {
        Self::plug(self, plugged);
        Ok(())
    }

    fn exposures(&mut self) -> io::Result<Vec<Truth>> {
        let staged = Self::exposures(self);
        Ok(staged.into_iter().map(|staged| Truth { label: staged.label, jpeg: staged.jpeg }).collect())
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(2)
    }
}

/// How far a stamped file's time may be from the truth, in milliseconds.
pub(super) const FOLDER_CLOCK_MS: i64 = 20;

/// Plays the tether program that writes to a hot folder.
#[derive(Debug)]
pub(super) struct TetherProgram {
    folder: PathBuf,
    clock: Clock,
    scene: Option<(String, Arc<[u8]>)>,
    truth: Vec<Truth>,
}

impl TetherProgram {
    pub(super) fn new(folder: PathBuf, clock: Clock) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, clock, scene: None, truth: Vec::new() })
    }

    /// Where the folder is while the cable is out.
    fn aside(&self) -> PathBuf {
        self.folder.with_extension("unplugged")
    }
}

impl Stagehand for TetherProgram {
    fn set_scene(&mut self, label: &str, jpeg: &Arc<[u8]>) -> io::Result<()> {
        self.scene = Some((label.to_owned(), Arc::clone(jpeg)));
        Ok(())
    }

    /// Writes the file as tether programs do: under its final name, piece by piece.
    fn press(&mut self) -> io::Result<()> {
        let Some((label, scene)) = &self.scene else { return Ok(()) };
        let taken = CameraTime { ms: self.clock.now().0, span_ms: 1 };
        let jpeg = stamped(scene, taken, "hot folder rehearsal", "FOLDER");
        self.truth.push(Truth { label: label.clone(), jpeg: Digest::of(&jpeg) });
        let folder = if self.folder.exists() { self.folder.clone() } else { self.aside() };
        let mut file = fs::File::create_new(folder.join(format!("IMG_{:04}.JPG", self.truth.len())))?;
        let (first, second) = jpeg.split_at(jpeg.len() / 2);
        file.write_all(first)?;
        thread::sleep(Duration::from_millis(40));
        file.write_all(second)
    }

    fn plug(&mut self, plugged: bool) -> io::Result<()> {
        let (from, to) =
            if plugged { (self.aside(), self.folder.clone()) } else { (self.folder.clone(), self.aside()) };
        if from.exists() { fs::rename(from, to) } else { Ok(()) }
    }

    fn exposures(&mut self) -> io::Result<Vec<Truth>> {
        Ok(self.truth.clone())
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(2 * FOLDER_CLOCK_MS as u64 + 5)
    }
}

/// Directs a virtual camera in another process over its control port (`tests/virtual-camera`).
#[derive(Debug)]
pub(super) struct Remote {
    line: BufReader<TcpStream>,
}

/// An exposure as the virtual camera tells it; it tells more.
#[derive(Debug, Deserialize)]
struct RemoteExposure {
    label: String,
    sha256: Digest,
}

impl Remote {
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { line: BufReader::new(stream) })
    }

    fn ask(&mut self, request: &str, bytes: &[u8]) -> io::Result<String> {
        let stream = self.line.get_mut();
        stream.write_all(request.as_bytes())?;
        stream.write_all(b"\n")?;
        stream.write_all(bytes)?;
        let mut answer = String::new();
        self.line.read_line(&mut answer)?;
        match answer.trim_end().split_once(' ') {
            Some(("OK", rest)) => Ok(rest.to_owned()),
            _ if answer.trim_end() == "OK" => Ok(String::new()),
            _ => Err(io::Error::other(format!(
                "the virtual camera answered {:?} to {request:?}",
                answer.trim_end()
            ))),
        }
    }
}

impl Stagehand for Remote {
    fn set_scene(&mut self, label: &str, jpeg: &Arc<[u8]>) -> io::Result<()> {
        self.ask(&format!("SCENE {label} {}", jpeg.len()), jpeg).map(|_| ())
    }

    fn press(&mut self) -> io::Result<()> {
        self.ask("PRESS", b"").map(|_| ())
    }

    fn plug(&mut self, plugged: bool) -> io::Result<()> {
        self.ask(if plugged { "PLUG" } else { "UNPLUG" }, b"").map(|_| ())
    }

    fn exposures(&mut self) -> io::Result<Vec<Truth>> {
        let told: Vec<RemoteExposure> = serde_json::from_str(&self.ask("EXPOSURES", b"")?)?;
        Ok(told.into_iter().map(|told| Truth { label: told.label, jpeg: told.sha256 }).collect())
    }

    /// The camera's clock is read to the second, during a connection of some hundred milliseconds.
    fn patience(&self) -> Duration {
        Duration::from_millis(1600)
    }
}
