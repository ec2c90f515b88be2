//! What a screen shows: plain data, made anew whenever something happened.

use std::{fmt, sync::Arc};

use super::{CardView, CheckupView, DayView, FrameView, Last, RetakesView, SetupView, TrayView, Words};
use crate::{
    language::{Language, Phrase},
    ledger::Tally,
    portrait::{CropShare, Finding, LiveHint, Picture, Portrait, Verdict},
    profile::Tick,
    scan::Preview,
    shot::Digest,
    station::Phase,
    student::Fingerprint,
};

/// Everything the capture screen shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The language of words.
    pub language: Language,
    /// Whether this is a rehearsal: every screen says so.
    pub rehearsal: bool,
    /// The station's name.
    pub station: String,
    /// The profile's title.
    pub job: String,
    /// What whoever has logged in is called; empty where nobody has a name.
    pub who: String,
    /// Where the station stands.
    pub phase: Phase,
    /// Who sits.
    pub student: Option<StudentView>,
    /// Who comes when the chair is free, in order.
    pub line: Vec<NextView>,
    /// The last portrait, of whoever sits or sat last.
    pub portrait: Option<PortraitView>,
    /// What only a person can judge of it.
    pub ticks: Vec<Tick>,
    /// Why the last shot gave no portrait.
    pub declined: Option<Phrase>,
    /// Whose portrait was saved last, until the next student sits.
    pub saved: Option<Fingerprint>,
    /// Counts.
    pub tally: Tally,
    /// How fast it goes.
    pub pace: Pace,
    /// What this computer says of itself.
    pub machine: MachineView,
    /// Where a portrait's parts go.
    pub frame: FrameView,
    /// The last shots, the newest first.
    pub last: Arc<[Last]>,
    /// How many students are expected in all, if the contract says so.
    pub expected: Option<u32>,
    /// The camera.
    pub camera: CameraView,
    /// Whether a webcam reads codes.
    pub webcam: bool,
    /// Whether one is wanted at all; else a scanner reads them.
    pub wants_webcam: bool,
    /// What is wrong, the gravest first.
    pub troubles: Vec<Trouble>,
    /// What the camera sees.
    pub live: LiveView,
    /// What to mend first of what the camera sees.
    pub hint: Option<LiveHint>,
    /// What would be cut of it for the portrait, where that is known.
    pub crop: Option<CropShare>,
    /// Whom the code speaks of that is seated or asked about, if it says so.
    pub card: Option<CardView>,
    /// What the webcam sees, just now.
    pub sight: Option<SightFrame>,
    /// Who may be called by name.
    pub lookup: LookupView,
    /// What the screen shows that the operator is at, where that is not capturing.
    pub desk: DeskView,
}

/// Who comes next, while somebody sits or is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextView {
    /// His code's fingerprint.
    pub fingerprint: Fingerprint,
    /// Whom it speaks of, if it says so.
    pub card: Option<CardView>,
    /// Whether he was called by name; else he has shown a code.
    pub by_name: bool,
    /// Whether his code is held up: then he sits down by himself.
    pub in_view: bool,
    /// What stops him, if anything does.
    pub gate: Option<Phrase>,
}

/// What another screen than the capture screen shows. Made only for the one that is looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum DeskView {
    /// The capture screen: the view itself.
    #[default]
    Capture,
    /// Retakes.
    Retakes(Arc<RetakesView>),
    /// The day's end.
    Day(Arc<DayView>),
    /// The checkup.
    Checkup(Arc<CheckupView>),
    /// The set-up.
    Setup(Arc<SetupView>),
    /// Shots that belong to nobody.
    Tray(Arc<TrayView>),
}

/// How fast it goes today.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pace {
    /// How many this station is to photograph today, if the contract says so.
    pub target: Option<u64>,
    /// Students an hour, as of late; `None` while too few have come to say.
    pub per_hour: Option<u64>,
    /// The time of day at which the target will be met, if it goes on like this.
    pub done_at: Option<String>,
}

/// What this computer says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MachineView {
    /// The time of day.
    pub clock: String,
    /// Bytes free where photos are kept.
    pub free_bytes: Option<u64>,
    /// The battery in per cent, where there is one.
    pub battery: Option<u8>,
    /// Whether it is being charged.
    pub charging: bool,
}

/// Who may be called by name, masked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookupView {
    /// Whether there is a roster to look into. While somebody sits, whoever is called comes next.
    pub may_search: bool,
    /// Whether somebody who is in no roster may be let in.
    pub may_let_in: bool,
    /// Whom what was typed may mean, as many as there are number keys.
    pub found: Vec<CandidateView>,
    /// How many there are in all.
    pub all: usize,
    /// Masked, whose identity card lies there, if the roster does not know it.
    pub card: Option<String>,
}

/// A student of the roster, masked; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CandidateView {
    /// 姓名(脱敏).
    pub name: String,
    /// The last four characters of the student number.
    pub number: String,
    /// 证件号码后四位.
    pub last_four: String,
    /// 学院 and 班级.
    pub place: String,
    /// Whether a portrait is kept already.
    pub kept: bool,
}

impl fmt::Debug for CandidateView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateView").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// A frame of the webcam; its `Debug` form shows nobody.
#[derive(Debug, Clone)]
pub struct SightFrame {
    /// The frame as the webcam sees it; the screen turns left and right about.
    pub preview: Arc<Preview>,
    /// Counts the frames: each is uploaded once.
    pub number: u64,
}

impl PartialEq for SightFrame {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for SightFrame {}

/// What the camera's live view shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LiveView {
    /// It is off.
    #[default]
    Off,
    /// It is on, and a frame will come.
    Awaited,
    /// This camera has none.
    Absent,
    /// This, just now.
    Frame(LiveFrame),
}

/// A frame of live view; its `Debug` form shows nobody.
#[derive(Debug, Clone)]
pub struct LiveFrame {
    /// The frame as the camera sees it; the screen turns left and right about.
    pub picture: Arc<Picture>,
    /// Counts the frames: each is uploaded once.
    pub number: u64,
}

impl PartialEq for LiveFrame {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for LiveFrame {}

/// Who sits: never more than this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentView {
    /// The code's fingerprint.
    pub fingerprint: Fingerprint,
    /// Shots in this sitting.
    pub takes: u32,
    /// Whether this is a retake.
    pub retake: bool,
}

/// A portrait and what is thought of it; its `Debug` form shows nobody.
#[derive(Clone, PartialEq)]
pub struct PortraitView {
    /// The file.
    pub jpeg: Arc<[u8]>,
    /// The file's SHA-256: the same picture is uploaded once.
    pub sha256: Digest,
    /// The worst verdict.
    pub verdict: Verdict,
    /// What the checks say.
    pub findings: Vec<Finding>,
    /// From the file's arrival to the judged portrait, in milliseconds.
    pub ms: f64,
}

impl PortraitView {
    /// A portrait that took so many milliseconds.
    #[must_use]
    pub fn of(portrait: &Portrait, ms: f64) -> Self {
        Self {
            jpeg: Arc::clone(&portrait.jpeg),
            sha256: portrait.sha256,
            verdict: portrait.verdict(),
            findings: portrait.findings.clone(),
            ms,
        }
    }
}

impl fmt::Debug for PortraitView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortraitView").field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

/// The camera, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CameraView {
    /// Whether it is there.
    pub connected: bool,
    /// Its model.
    pub model: String,
    /// Its battery, in its own words.
    pub battery: Option<String>,
    /// Whether the shutter is fired by hand.
    pub by_hand: bool,
    /// Whether another program holds it.
    pub held: bool,
}

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What kind, so that the same trouble is shown once and taken away when it is over.
    pub kind: TroubleKind,
    /// Its words.
    pub words: Words,
}

impl Trouble {
    /// An entry of a list of troubles.
    #[must_use]
    pub fn of((kind, words): (&TroubleKind, &Words)) -> Self {
        Self { kind: *kind, words: words.clone() }
    }
}

/// Kinds of trouble, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// A worker of the program ended: nothing works any more.
    Worker,
    /// A worker is behind with its work.
    Swamped,
    /// Something cannot be written.
    Record,
    /// The disk will be full soon.
    Space,
    /// Somebody wants to close the program over what is not saved.
    Closing,
    /// The camera is not there.
    Camera,
    /// What a person must know of the camera or do to it, although it works.
    CameraNotice,
    /// Another camera than before answers.
    CameraBody,
    /// Pictures on the camera's card were left alone.
    CameraCard,
    /// The camera's clock cannot be believed.
    CameraClock,
    /// The camera writes what nobody here can read.
    CameraFormat,
    /// The camera's battery runs out.
    Battery,
    /// The camera is not set as it was.
    CameraSettings,
    /// The day is not as it was at the calibration.
    Drift,
    /// The calibration is another day's.
    Calibration,
    /// This computer's clock is behind what was written before.
    Clock,
    /// The webcam is not there.
    Webcam,
    /// The last order did not work.
    Order,
    /// Something an operator should know.
    Notice,
    /// The day cannot be counted.
    Day,
    /// The school's roster cannot be read.
    Roster,
    /// The identity card reader is not there, or a card could not be read.
    IdReader,
}

impl TroubleKind {
    /// Whether photos may be lost by it: that is told even before a shut lock.
    #[must_use]
    pub fn is_of_losing(self) -> bool {
        matches!(self, Self::Worker | Self::Record | Self::Space | Self::Closing)
    }

    /// Whether something comes to its limit, and the work goes on meanwhile: that is heard once.
    #[must_use]
    pub fn is_of_a_limit(self) -> bool {
        matches!(self, Self::Space | Self::Battery | Self::Drift | Self::CameraSettings)
    }

    /// Whether somebody who is not at the capture screen must know it all the same: what may be lost, why nothing came of
    /// his key, and why no code is read or none believed. All others wait for him there.
    #[must_use]
    pub fn is_told_everywhere(self) -> bool {
        self.is_of_losing()
            || matches!(self, Self::Order | Self::Notice | Self::Day | Self::CameraClock | Self::Webcam)
    }
}
