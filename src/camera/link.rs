//! The station's handle on a tethered camera: starts the camera's process, asks it things, each with a
//! deadline, and ends it when an answer is late.
//!
//! At every connection the card is listed and compared with what is known (`cards`), and what is missing is
//! fetched. A file that libgphoto2 lost is found the same way.

mod listening;

mod bodies;
mod examine;
mod live;
mod watch;

mod settling;

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use live::LiveView;
use watch::Watch;

pub use super::deadline::Deadlines;
use super::{
    Camera, CameraError, CameraInfo, CameraNews, CameraStatus, ClockOffset, FoundCamera, Jpeg, Known,
    Stopper,
    arming::Arming,
    cards::Cards,
    deadline::Stop,
    holder::Neighbours,
    line::Line,
    settled::Settled,
    timing::CameraClock,
    unheard::Unheard,
    usb_bus::UsbBus,
    wire::{Answer, Request, VERSION},
};
use crate::{
    profile::Families,
    shot::{CameraTime, Clock, SittingId},
};

/// Nobody waits longer than this for a listing.
const LONGEST_LIST: Duration = Duration::from_secs(480);

/// A tethered camera.
#[derive(Debug)]
pub struct LinkedCamera {
    /// The program that serves as the camera's process (this one, as `caiying camera-host`).
    program: PathBuf,
    port: Option<String>,
    clock: Clock,
    within: Deadlines,
    stop: Stop,
    line: Option<Line>,
    info: CameraInfo,
    /// The camera's clock, measured at every connection.
    camera_clock: CameraClock,
    /// What is to be told beside the news.
    notices: VecDeque<CameraError>,
    cards: Cards,
    /// What the driver may have lost on the way.
    unheard: Unheard,
    /// For whom the shutter was fired last, until its file comes.
    arming: Arming,
    /// Why the camera was lost, until it is told.
    lost: Option<CameraError>,
    /// What was told last, so that a camera that stays away is not reported every second.
    told: Option<CameraError>,
    watch: Watch,
    neighbours: Neighbours,
    live: LiveView,
    settled: Settled,
    /// Nothing that was found is fetched.
    held_back: bool,
}

impl LinkedCamera {
    /// A camera at a libgphoto2 port, or the first one found. `program` is run with the argument
    /// `camera-host`.
    #[must_use]
    pub fn new(program: PathBuf, port: Option<String>, clock: Clock) -> Self {
        let watch = Watch::new(UsbBus::system(), port.as_deref());
        Self {
            program,
            port,
            clock,
            within: Deadlines::default(),
            stop: Stop::default(),
            line: None,
            info: CameraInfo::default(),
            camera_clock: CameraClock::new(None),
            notices: VecDeque::new(),
            cards: Cards::default(),
            unheard: Unheard::default(),
            arming: Arming::default(),
            lost: None,
            told: None,
            watch,
            neighbours: Neighbours::here(),
            live: LiveView::default(),
            settled: Settled::new(Families::default()),
            held_back: false,
        }
    }

    /// The same with other families of cameras.
    #[must_use]
    pub fn with_families(self, families: Families) -> Self {
        Self { settled: Settled::new(families), ..self }
    }

    /// The same with other deadlines.
    #[must_use]
    pub fn with_deadlines(self, within: Deadlines) -> Self {
        Self { within, ..self }
    }

    /// The same on another USB bus, among other programs.
    #[must_use]
    pub fn with_surroundings(self, bus: UsbBus, neighbours: Neighbours) -> Self {
        let watch = Watch::new(bus, self.port.as_deref());
        Self { watch, neighbours, ..self }
    }

    /// The same, its battery read more often or less.
    #[must_use]
    pub fn reading_its_condition_every(mut self, pause: Duration) -> Self {
        self.settled.read_every(pause);
        self
    }

    /// The cameras that are there, without connecting to one.
    ///
    /// # Errors
    /// When the camera's process cannot be used.
    pub fn discover(&mut self) -> Result<Vec<FoundCamera>, CameraError> {
        self.start_process()?;
        self.list_cameras()
    }

    fn start_process(&mut self) -> Result<(), CameraError> {
        self.line = Some(start(&self.program)?);
        match self.ask(&Request::Hello { version: VERSION }, self.within.connect)? {
            (Answer::Hello { version: VERSION }, _) => Ok(()),
            _ => Err(CameraError::HostProcess("it speaks another version".to_owned())),
        }
    }

    fn ask(&mut self, request: &Request, within: Duration) -> Result<(Answer, Arc<[u8]>), CameraError> {
        let line = self.line.as_mut().ok_or(CameraError::NotFound)?;
        match line.ask(request, within, &self.stop) {
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
        self.watch.lost();
    }

    fn connect(&mut self) -> Result<CameraInfo, CameraError> {
        self.live.begins_anew();
        self.start_process()?;
        let before = self.clock.now();
        let info = self.connect_to_a_body()?;
        let clock = info.clock;
        self.camera_clock = CameraClock::new(clock).read_at(before);
        self.info = info;
        self.settle()?;
        self.reconcile()?;
        if clock.is_none() {
            self.notices.push_back(CameraError::NoClock);
        }
        Ok(self.info.clone())
    }

    /// Connects to the camera at a port, or to the first one found, and measures its clock.
    fn connect_to(&mut self, port: Option<String>) -> Result<CameraInfo, CameraError> {
        let before = self.clock.now();
        let (answer, _) = self.ask(&Request::Connect { port }, self.within.connect)?;
        let Answer::Connected { info, clock } = answer else { return Err(unexpected()) };
        let after = self.clock.now();
        let shown = clock.map(|(ms, span_ms)| CameraTime { ms, span_ms });
        Ok(CameraInfo { clock: shown.map(|shown| ClockOffset::measured(shown, before, after)), ..info })
    }

    /// Lists the card and takes note of what is new.
    fn reconcile(&mut self) -> Result<(), CameraError> {
        let began = self.clock.now();
        let files = match self.ask(&Request::List, self.within.list) {
            Ok((Answer::Listing(files), _)) => files,
            Ok(_) => return Err(unexpected()),
            Err(err) => {
                // A full card on a slow body may just take longer, and would never be connected otherwise.
                if matches!(err, CameraError::NoAnswer { .. }) {
                    self.within.list = (self.within.list * 2).min(LONGEST_LIST);
                }
                return Err(err);
            }
        };
        self.unheard.listed(&files);
        let count = self.cards.note(&self.info, files, (began, self.clock.now()));
        if self.cards.backlog() > 0 {
            self.unheard.was_right();
        }
        if count > 0 {
            self.notices.push_back(CameraError::OlderOnCard { count });
        }
        self.arming.listed();
        Ok(())
    }

    fn try_to_connect(&mut self, patience: Duration) -> CameraNews {
        let wait = self.watch.wait();
        if !wait.is_zero() {
            thread::sleep(wait.min(patience));
            return CameraNews::Quiet;
        }
        match self.connect() {
            Ok(info) => {
                (self.lost, self.told) = (None, None);
                self.watch.found();
                CameraNews::Connected(info)
            }
            Err(err) => {
                (self.line, self.lost) = (None, None);
                self.watch.failed();
                let err = self.with_its_reason(err);
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
}

impl Camera for LinkedCamera {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        let at = self.clock.now();
        if self.stop.is_ordered() {
            return Err(CameraError::NotFound);
        }
        if let Some(err) = self.settled.forbids_firing() {
            return Err(err);
        }
        self.settled.touched();
        self.clear_the_view();
        match self.ask(&Request::Fire, self.within.fire)? {
            (Answer::Fired { unheard }, _) => {
                self.arming.fired(sitting, at, self.clock.now());
                self.unheard.fired(unheard);
                Ok(())
            }
            _ => Err(unexpected()),
        }
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if self.stop.is_ordered() {
            thread::sleep(patience);
            return CameraNews::Quiet;
        }
        if self.line.is_none() {
            if let Some(err) = self.lost.take() {
                self.arming.disarm();
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
                self.lost = None;
                self.arming.disarm();
                self.tell(err)
            }
        }
    }

    fn notice(&mut self) -> Option<CameraError> {
        self.notices.pop_front().or_else(|| self.settled.notice())
    }

    fn status(&mut self) -> Option<CameraStatus> {
        self.settled.status()
    }

    fn stopper(&self) -> Option<Stopper> {
        let stop = self.stop.clone();
        Some(Box::new(move || stop.order()))
    }

    fn compare_with(&mut self, known: Known) {
        self.cards.compare_with(known);
    }

    /// In a new session: libgphoto2 remembers its first listing in the old one.
    fn look_again(&mut self) {
        if self.line.take().is_some() {
            self.watch.hurry();
        }
    }

    fn owed(&self) -> Option<usize> {
        self.line.as_ref().map(|_connected| self.cards.backlog())
    }

    fn given_up(&self) -> usize {
        self.cards.given_up()
    }

    fn hold_back(&mut self, so: bool) {
        self.held_back = so;
    }

    fn release(&mut self) -> Result<(), CameraError> {
        let released = self.neighbours.release(&self.cameras_meant()).map_err(CameraError::NotReleased);
        self.watch.hurry();
        released
    }

    fn set_clock(&mut self) -> Result<(), CameraError> {
        Self::set_clock(self)
    }

    fn frame(&mut self) -> Result<Option<Jpeg>, CameraError> {
        self.look()
    }

    fn end_live(&mut self) {
        self.look_away();
    }
}

fn unexpected() -> CameraError {
    CameraError::HostProcess("it gave an answer to another question".to_owned())
}

/// Starts the camera's process.
fn start(program: &Path) -> Result<Line, CameraError> {
    let mut command = Command::new(program);
    let child = command.arg("camera-host").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let child = child.map_err(|err| CameraError::HostProcess(err.to_string()))?;
    Line::with(child).ok_or_else(|| CameraError::HostProcess("it has no pipes".to_owned()))
}
