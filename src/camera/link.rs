//! The station's handle on a tethered camera: starts the camera's process, asks it things, each with a
//! deadline, and ends it when an answer is late.
//!
//! A camera that comes back is asked for everything it shot meanwhile; what was on the card when it first
//! came is old. A file that libgphoto2 lost is found the same way.

use std::{
    collections::{HashSet, VecDeque},
    io::{self, Read},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::{
    Arrival, Camera, CameraError, CameraInfo, CameraNews, CardFile, ClockOffset, FoundCamera, Jpeg,
    timing::CameraClock,
    wire::{self, Answer, Request, VERSION},
};
use crate::shot::{CameraTime, Clock, Moment, Origin, Particulars, SittingId, Trigger};

/// How long each request may take, before the camera's process is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Starting the driver and connecting.
    pub connect: Duration,
    /// Firing: a real body needs up to ten seconds to give up focusing.
    pub fire: Duration,
    /// Listing the card: some thousand files on a slow body.
    pub list: Duration,
    /// Downloading a file: 30 MB over an old USB 2 body.
    pub download: Duration,
}

impl Default for Deadlines {
    /// Facts/camera.md section 4.3.
    fn default() -> Self {
        let [connect, fire, list, download] = [15, 15, 60, 20].map(Duration::from_secs);
        Self { connect, fire, list, download }
    }
}

/// A camera's session closes within this.
const FAREWELL_WITHIN: Duration = Duration::from_secs(2);

/// Pauses between attempts to find a camera: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// A tethered camera.
#[derive(Debug)]
pub struct LinkedCamera {
    /// The program that serves as the camera's process (this one, as `caiying camera-host`).
    program: PathBuf,
    port: Option<String>,
    clock: Clock,
    within: Deadlines,
    line: Option<Line>,
    info: CameraInfo,
    /// The camera's clock, measured at every connection.
    camera_clock: CameraClock,
    /// What is to be told beside the news.
    notices: VecDeque<CameraError>,
    /// Files on the card that are old or were handed over; `None` before the camera came for the first time.
    known: Option<HashSet<CardFile>>,
    /// Files found at a return, still to be fetched.
    found: VecDeque<CardFile>,
    /// For whom the shutter was fired last, and when, until its file comes.
    fired: Option<(SittingId, Moment)>,
    /// Why the camera was lost, until it is told.
    lost: Option<CameraError>,
    /// What was told last, so that a camera that stays away is not reported every second.
    told: Option<CameraError>,
    pause: Duration,
    try_at: Instant,
}

impl LinkedCamera {
    /// A camera at a libgphoto2 port, or the first one found. `program` is run with the argument
    /// `camera-host`.
    #[must_use]
    pub fn new(program: PathBuf, port: Option<String>, clock: Clock) -> Self {
        Self {
            program,
            port,
            clock,
            within: Deadlines::default(),
            line: None,
            info: CameraInfo::default(),
            camera_clock: CameraClock::new(None),
            notices: VecDeque::new(),
            known: None,
            found: VecDeque::new(),
            fired: None,
            lost: None,
            told: None,
            pause: FIRST_PAUSE,
            try_at: Instant::now(),
        }
    }

    /// The same with other deadlines.
    #[must_use]
    pub fn with_deadlines(self, within: Deadlines) -> Self {
        Self { within, ..self }
    }

    /// The cameras that are there, without connecting to one.
    ///
    /// # Errors
    /// When the camera's process cannot be used.
    pub fn discover(&mut self) -> Result<Vec<FoundCamera>, CameraError> {
        self.start_process()?;
        match self.ask(&Request::Discover, self.within.connect)? {
            (Answer::Discovered(found), _) => Ok(found),
            _ => Err(unexpected()),
        }
    }

    fn start_process(&mut self) -> Result<(), CameraError> {
        self.line = Some(Line::open(&self.program)?);
        match self.ask(&Request::Hello { version: VERSION }, self.within.connect)? {
            (Answer::Hello { version: VERSION }, _) => Ok(()),
            _ => Err(CameraError::HostProcess("it speaks another version".to_owned())),
        }
    }

    fn ask(&mut self, request: &Request, within: Duration) -> Result<(Answer, Vec<u8>), CameraError> {
        let line = self.line.as_mut().ok_or(CameraError::NotFound)?;
        match line.ask(request, within) {
            Ok((Answer::Failed(err), _)) => {
                // A file that does not come whole is fetched again after a new start, from the card.
                if err.is_gone() || matches!(err, CameraError::Truncated { .. }) {
                    self.hang_up(err.clone());
                }
                Err(err)
            }
            Ok(answer) => Ok(answer),
            Err(err) => {
                self.hang_up(err.clone());
                Err(err)
            }
        }
    }

    /// Ends the camera's process; another is started at the next attempt.
    fn hang_up(&mut self, why: CameraError) {
        // Whoever hangs does not hear a farewell.
        if let Some(mut line) = self.line.take() {
            line.kill();
        }
        self.lost = Some(why);
        self.pause = FIRST_PAUSE;
        self.try_at = Instant::now() + self.pause;
    }

    fn connect(&mut self) -> Result<CameraInfo, CameraError> {
        self.start_process()?;
        let before = self.clock.now();
        let (answer, _) = self.ask(&Request::Connect { port: self.port.clone() }, self.within.connect)?;
        let Answer::Connected { info, clock } = answer else { return Err(unexpected()) };
        let after = self.clock.now();
        let shown = clock.map(|(ms, span_ms)| CameraTime { ms, span_ms });
        let clock = shown.map(|shown| ClockOffset::measured(shown, before, after));
        self.camera_clock = CameraClock::new(clock);
        self.info = CameraInfo { clock, ..info };
        self.reconcile()?;
        Ok(self.info.clone())
    }

    /// What lies on the card at the first connection is old; what is new at a later one was shot meanwhile.
    fn reconcile(&mut self) -> Result<(), CameraError> {
        let (Answer::Listing(files), _) = self.ask(&Request::List, self.within.list)? else {
            return Err(unexpected());
        };
        match &self.known {
            None => self.known = Some(files.into_iter().collect()),
            Some(known) => self.found = files.into_iter().filter(|file| !known.contains(file)).collect(),
        }
        Ok(())
    }

    fn try_to_connect(&mut self, patience: Duration) -> CameraNews {
        let wait = self.try_at.saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            thread::sleep(wait.min(patience));
            return CameraNews::Quiet;
        }
        match self.connect() {
            Ok(info) => {
                (self.lost, self.told, self.pause) = (None, None, FIRST_PAUSE);
                CameraNews::Connected(info)
            }
            Err(err) => {
                (self.line, self.lost) = (None, None);
                self.try_at = Instant::now() + self.pause;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                self.tell(err)
            }
        }
    }

    /// Reports a loss once.
    fn tell(&mut self, err: CameraError) -> CameraNews {
        if self.told.as_ref() == Some(&err) {
            return CameraNews::Quiet;
        }
        self.told = Some(err.clone());
        CameraNews::Lost(err)
    }

    fn listen(&mut self, patience: Duration) -> Result<Option<Arrival>, CameraError> {
        let (file, picture) = if let Some(file) = self.found.pop_front() {
            match self.ask(&Request::Fetch(file), self.within.download)? {
                (Answer::File(file), picture) => (file, picture),
                _ => return Err(unexpected()),
            }
        } else {
            let ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
            match self.ask(&Request::Wait { ms }, patience + self.within.download)? {
                (Answer::File(file), picture) => (file, picture),
                (Answer::Nothing, _) => return Ok(None),
                _ => return Err(unexpected()),
            }
        };
        let is_new = self.known.get_or_insert_default().insert(file.clone());
        Ok(is_new.then(|| self.arrival(file, picture)))
    }

    fn arrival(&mut self, file: CardFile, picture: Vec<u8>) -> Arrival {
        let particulars = Particulars::read(&picture);
        let was_believed = self.camera_clock.offset().is_some();
        let exposed = self.camera_clock.exposure(particulars.taken, self.clock.now());
        if was_believed {
            // Somebody set the clock since it was read.
            self.notices.extend(self.camera_clock.disproved().cloned());
        }
        let trigger = match self.fired {
            // It can have come of our trigger: it may have been exposed after it.
            Some((sitting, at)) if exposed.latest >= at => {
                self.fired = None;
                Trigger::Station(sitting)
            }
            _ => Trigger::Body,
        };
        let CardFile { folder, name, .. } = file;
        let origin = Origin { camera: self.info.serial.clone(), folder, name };
        Arrival { trigger, exposed, origin, jpeg: Jpeg(picture.into()) }
    }
}

impl Camera for LinkedCamera {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        let at = self.clock.now();
        match self.ask(&Request::Fire, self.within.fire)? {
            (Answer::Fired, _) => {
                self.fired = Some((sitting, at));
                Ok(())
            }
            _ => Err(unexpected()),
        }
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if self.line.is_none() {
            if let Some(err) = self.lost.take() {
                self.fired = None;
                return self.tell(err);
            }
            return self.try_to_connect(patience);
        }
        match self.listen(patience) {
            Ok(Some(arrival)) => CameraNews::Arrived(arrival),
            Ok(None) => CameraNews::Quiet,
            Err(err) => {
                if self.line.is_some() {
                    self.hang_up(err.clone());
                }
                (self.lost, self.fired) = (None, None);
                self.tell(err)
            }
        }
    }

    fn notice(&mut self) -> Option<CameraError> {
        self.notices.pop_front()
    }
}

fn unexpected() -> CameraError {
    CameraError::HostProcess("it gave an answer to another question".to_owned())
}

/// A running camera process and its pipes.
#[derive(Debug)]
struct Line {
    child: Child,
    /// `None` once the farewell is said.
    to: Option<ChildStdin>,
    from: ChildStdout,
}

impl Line {
    fn open(program: &PathBuf) -> Result<Self, CameraError> {
        let failed = |err: io::Error| CameraError::HostProcess(err.to_string());
        let mut child = Command::new(program)
            .arg("camera-host")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        match (child.stdin.take(), child.stdout.take()) {
            (to @ Some(_), Some(from)) => Ok(Self { child, to, from }),
            _ => Err(CameraError::HostProcess("it has no pipes".to_owned())),
        }
    }

    fn ask(&mut self, request: &Request, within: Duration) -> Result<(Answer, Vec<u8>), CameraError> {
        let until = Instant::now() + within;
        let answer = self
            .to
            .as_mut()
            .map_or(Err(io::ErrorKind::BrokenPipe.into()), |to| wire::send(to, request, &[]))
            .and_then(|()| wire::receive(&mut UntilThen { from: &mut self.from, until }));
        match answer {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(CameraError::Broken { said: "the camera's process ended".to_owned() }),
            Err(err) if err.kind() == io::ErrorKind::TimedOut => {
                let doing = match request {
                    Request::Hello { .. } | Request::Discover | Request::Connect { .. } => "connect",
                    Request::Fire => "fire",
                    Request::Wait { .. } | Request::Fetch(_) => "hand over a file",
                    Request::List => "list its card",
                };
                Err(CameraError::NoAnswer { doing: doing.to_owned(), seconds: within.as_secs() })
            }
            Err(err) => Err(CameraError::Broken { said: err.to_string() }),
        }
    }

    fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Line {
    /// A closed pipe ends the process, which takes leave of the camera; if it does not in time, it is ended.
    fn drop(&mut self) {
        self.to = None;
        let until = Instant::now() + FAREWELL_WITHIN;
        while Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.kill();
    }
}

/// Reads from a pipe until a deadline.
struct UntilThen<'a> {
    from: &'a mut ChildStdout,
    until: Instant,
}

impl Read for UntilThen<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut pipes = [PollFd::new(&*self.from, PollFlags::IN)];
            match poll(&mut pipes, Some(&left)) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) => return self.from.read(buffer),
                Err(Errno::INTR) => {}
                Err(err) => return Err(err.into()),
            }
        }
    }
}
