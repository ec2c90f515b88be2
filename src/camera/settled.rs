//! What a tethered camera is set to, how it stands, and what a person must be told of it. Pure: the questions go out
//! and the answers come in through the link.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use super::{
    CameraError, CameraInfo, CameraStatus, Reading,
    drift::Drift,
    wire::{Answer, Condition, Habits, Request},
};
use crate::{
    profile::{Dial, Families, Family, Setting},
    shot::AsShot,
};

/// One reading of the battery in so long a time.
const READ_EVERY: Duration = Duration::from_secs(30);

/// Nothing is read before the camera was left alone for this long: a shot may be about to be fired.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(2);

/// A dial over which the driver failed this often is not touched again: the connection is worth more.
const FAILURES_AT_MOST: u32 = 2;

/// What is known of the settings and the battery of the camera that is or was here last.
#[derive(Debug)]
pub(super) struct Settled {
    families: Families,
    family: Family,
    /// Model and serial number of the body.
    body: (String, String),
    /// It was here before.
    is_back: bool,
    readings: Vec<Reading>,
    drift: Drift,
    failures: BTreeMap<Setting, u32>,
    refused: Vec<Reading>,
    condition: Condition,
    condition_read: Instant,
    read_every: Duration,
    busy: Instant,
    /// What was told of the battery, until it is better.
    battery_told: bool,
    faults_told: BTreeSet<String>,
    notices: VecDeque<CameraError>,
    is_news: bool,
}

impl Settled {
    pub(super) fn new(families: Families) -> Self {
        let now = Instant::now();
        Self {
            families,
            family: Family::default(),
            body: Default::default(),
            is_back: false,
            readings: vec![],
            drift: Drift::default(),
            failures: BTreeMap::new(),
            refused: vec![],
            condition: Condition::default(),
            condition_read: now,
            read_every: READ_EVERY,
            busy: now,
            battery_told: false,
            faults_told: BTreeSet::new(),
            notices: VecDeque::new(),
            is_news: false,
        }
    }

    /// What a camera that has just been connected is to be asked and told, in this order.
    pub(super) fn questions(&mut self, info: &CameraInfo) -> Vec<Request> {
        let body = (info.model.clone(), info.serial.clone());
        self.is_back = self.body == body;
        if !self.is_back {
            self.family = self.families.of(&info.model);
            self.body = body;
            self.drift = Drift::default();
            self.failures.clear();
            self.refused.clear();
            self.battery_told = false;
        }
        self.readings.clear();
        let habits = Request::Adopt(Habits { pair_quiet_ms: self.family.pair_quiet_ms });
        let failures = &self.failures;
        let is_tried = |setting| failures.get(setting).is_none_or(|times| *times < FAILURES_AT_MOST);
        let dials = self.family.settings.iter().filter(|(setting, _)| is_tried(setting));
        let dials = dials.map(|(setting, dial)| {
            let dial = if self.drift.is_meant(*setting) { dial.only_read() } else { dial.clone() };
            Request::Settle(*setting, dial)
        });
        std::iter::once(habits).chain(dials).collect()
    }

    /// The driver failed over a question.
    pub(super) fn failed(&mut self, question: &Request) {
        if let Request::Settle(setting, _) = question {
            *self.failures.entry(*setting).or_default() += 1;
        }
    }

    /// Takes in an answer.
    pub(super) fn hear(&mut self, answer: Answer) {
        if let Answer::Settled(reading) = answer {
            self.failures.remove(&reading.setting);
            self.readings.push(reading);
        }
    }

    /// All questions are answered: tells what the body refused, and what is not as it was before.
    pub(super) fn conclude(&mut self, info: &CameraInfo) {
        for Reading { setting, value, wanted, .. } in &self.readings {
            let Some(value) = value else { continue };
            let is_turned = self.family.settings.get(setting).is_some_and(Dial::is_turned);
            if is_turned && wanted.is_none() && !self.drift.is_meant(*setting) {
                self.drift.settle(*setting, value);
            } else {
                self.notices.extend(self.drift.read(*setting, value));
            }
        }
        for warning in self.family.warnings_of(&self.body.0) {
            if self.faults_told.insert(warning.en.clone()) {
                let (zh, en) = (warning.zh.clone(), warning.en.clone());
                self.notices.push_back(CameraError::KnownFault { zh, en });
            }
        }
        let restored = self.restored();
        if !restored.is_empty() {
            self.notices.push_back(CameraError::SettingsRestored(restored));
        }
        let refused: Vec<Reading> =
            self.readings.iter().filter(|reading| reading.wanted.is_some()).cloned().collect();
        if refused != self.refused && !refused.is_empty() {
            self.notices.push_back(CameraError::SettingsRefused(refused.clone()));
        }
        self.refused = refused;
        self.stands(Condition { battery: info.battery.clone(), ..Condition::default() });
    }

    /// What had to be set again on a body that was here before.
    fn restored(&self) -> Vec<Reading> {
        // libgphoto2 itself turns the capture target at every connection.
        let is_told =
            |reading: &&Reading| reading.before.is_some() && reading.setting != Setting::CaptureTarget;
        self.readings.iter().filter(|_| self.is_back).filter(is_told).cloned().collect()
    }

    /// Compares how a file was exposed with how it should have been.
    pub(super) fn compare(&mut self, as_shot: &AsShot) {
        self.notices.extend(self.drift.see(as_shot));
        self.is_news = true;
    }

    /// The shutter was fired, or a file came.
    pub(super) fn touched(&mut self) {
        self.busy = Instant::now();
    }

    /// Reads the battery more often or less.
    pub(super) fn read_every(&mut self, pause: Duration) {
        self.read_every = pause;
    }

    /// Whether it is time to read the battery: only while nothing happens.
    pub(super) fn is_due(&self) -> bool {
        self.condition_read.elapsed() >= self.read_every && self.busy.elapsed() >= LEFT_ALONE_FOR
    }

    /// It could not be read, or not now: not again before it is due again.
    pub(super) fn put_off(&mut self) {
        self.condition_read = Instant::now();
    }

    /// Takes in how the camera stands, and tells of a battery that runs out.
    pub(super) fn stands(&mut self, condition: Condition) {
        self.put_off();
        self.condition = condition;
        let low = self.percent().filter(|percent| *percent < self.family.battery.warn_percent);
        match low {
            Some(percent) if !self.battery_told => {
                self.battery_told = true;
                self.notices.push_back(CameraError::BatteryLow { percent });
            }
            Some(_) => {}
            None => self.battery_told = false,
        }
        self.is_news = true;
    }

    fn percent(&self) -> Option<u8> {
        self.family.battery.percent(self.condition.battery.as_deref()?)
    }

    /// Why the shutter must not be fired from here.
    pub(super) fn forbids_firing(&self) -> Option<CameraError> {
        let percent = self.percent().filter(|percent| *percent < self.family.battery.refuse_percent)?;
        Some(CameraError::BatteryEmpty { percent })
    }

    /// Whether live view is ended before every shot.
    pub(super) fn is_live_off_before_shot(&self) -> bool {
        self.family.live_view_off_before_shot
    }

    /// What is to be told.
    pub(super) fn notice(&mut self) -> Option<CameraError> {
        self.notices.pop_front()
    }

    /// How the camera stands, when that is news.
    pub(super) fn status(&mut self) -> Option<CameraStatus> {
        std::mem::take(&mut self.is_news).then(|| CameraStatus {
            family: self.family.title.clone(),
            battery: self.condition.battery.clone(),
            battery_is_low: self.percent().is_some_and(|p| p < self.family.battery.warn_percent),
            shots_left: self.condition.shots_left,
            settings: self.readings.clone(),
            as_settled: self.drift.is_none(),
        })
    }
}
