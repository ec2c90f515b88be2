//! The body: its settings, its card, its memory, its clock, and what it reports to a tethered host.
//!
//! It knows nothing of sockets. The host's wishes come from `operations`, a finger's and the
//! stagehand's from `camera`; the shutter is in `shutter`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::card::{Card, Node, Place, STORAGE};
use crate::clock::{Clock, real_now};
use crate::dials::{self, NoSuchStop};
use crate::events::{Entry, Events};
use crate::faults::{Fault, Faults};
use crate::live::LiveView;
use crate::options::Options;
use crate::properties::{
    LARGE_JPEG, MANUAL_FOCUS, Properties, RAW, RAW_AND_LARGE_JPEG, TO_CARD, TO_HOST, Unfit, code,
};
use crate::ptp::{format, length};
use crate::scene::{Exposure, GREY, Picture, Scene};

/// The model name in device info and EXIF.
pub(crate) const MODEL: &str = "Canon EOS 80D";
/// What one picture takes, as the camera estimates it for "shots left".
const ESTIMATED_PICTURE: u64 = 8_000_000;
/// How often a body that talks without end has something to say.
const CHATTER_EVERY: Duration = Duration::from_millis(10);

/// One camera body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) body_serial: String,
    pub(crate) device_serial: String,
    pub(crate) capture_delay: Duration,
    pub(crate) file_bytes: usize,
    pub(crate) battery: u8,
    pub(crate) clock: Clock,
    clock_ticks: bool,
    chattered: Instant,
    pub(crate) card: Card,
    /// Pictures waiting for the host, by handle (capture target SDRAM).
    pub(crate) memory: BTreeMap<u32, Picture>,
    /// The handle the next of them will get; none is given twice.
    next_offer: u32,
    pub(crate) properties: Properties,
    /// Properties that no host can change.
    locked: Vec<u16>,
    pub(crate) events: Events,
    pub(crate) scene: Scene,
    pub(crate) exposures: Vec<Exposure>,
    /// Pictures made so far, those of the prefill included.
    pub(crate) pictures: u64,
    /// Shots between shutter and card.
    pub(crate) in_flight: u32,
    pub(crate) live: LiveView,
}

impl Body {
    /// A camera out of its box, its card filled as ordered.
    pub(crate) fn new(options: &Options) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let scene = options.scene.as_deref().unwrap_or(GREY);
        let mut properties = Properties::new(&options.body_serial);
        if options.manual_focus {
            properties.set_number(code::FOCUS_MODE, MANUAL_FOCUS);
        }
        if !options.tells_time {
            properties.forget(&[code::CAMERA_TIME, code::UTC_TIME]);
        }
        let quality = match (options.raw_only, options.raw_and_jpeg) {
            (true, _) => RAW,
            (false, true) => RAW_AND_LARGE_JPEG,
            (false, false) => LARGE_JPEG,
        };
        properties.set_number(code::IMAGE_FORMAT, quality);
        let mut body = Self {
            body_serial: options.body_serial.clone(),
            device_serial: options.device_serial.clone(),
            capture_delay: options.capture_delay,
            file_bytes: options.file_bytes,
            battery: 0,
            clock: Clock::new(options.clock_offset_ms, options.zone_minutes),
            clock_ticks: options.clock_ticks,
            chattered: Instant::now(),
            card: Card::new(options.card_bytes, options.first_number),
            memory: BTreeMap::new(),
            next_offer: 0xC000_0001,
            properties,
            locked: options.locked.iter().map(|dial| dials::property(dial)).collect::<Result<_, _>>()?,
            events: Events::default(),
            scene: Scene::new("unset", scene)?,
            exposures: Vec::new(),
            pictures: 0,
            in_flight: 0,
            live: LiveView::new(options),
        };
        for (dial, engraved) in &options.dials {
            body.turn(dial, engraved)?;
        }
        body.set_battery(options.battery);
        body.prefill(options.prefill, options.prefill_age_minutes);
        Ok(body)
    }

    /// Fills the card with pictures of the scene, the last of them of that age in minutes.
    fn prefill(&mut self, pictures: u32, youngest: u32) {
        let now = self.clock.local(real_now());
        for age in (youngest..youngest.saturating_add(pictures)).rev() {
            let place = self.card.take_place();
            if let Some(bytes) = self.stamped(now.minutes_before(age)) {
                let picture = Picture {
                    name: place.name(format::JPEG),
                    format: format::JPEG,
                    bytes: Arc::from(bytes),
                    taken: now.minutes_before(age),
                    size: self.scene.size,
                };
                self.card.store(place, picture);
            }
        }
    }

    /// Whether the slot holds a card.
    pub(crate) fn has_card(faults: &Faults) -> bool {
        !faults.has(&Fault::NoCard)
    }

    /// Bytes left on the card.
    pub(crate) fn room(&self, faults: &Faults) -> u64 {
        if faults.has(&Fault::CardFull) || faults.has(&Fault::NoCard) { 0 } else { self.card.free() }
    }

    /// Whether pictures go to the host's memory instead of the card.
    pub(crate) fn to_host(&self) -> bool {
        self.properties.number(code::CAPTURE_DESTINATION) == TO_HOST
    }

    /// Charges the battery to that many percent; EOS reports it in five steps.
    pub(crate) fn set_battery(&mut self, percent: u8) {
        let (percent, step) = match percent {
            88.. => (100, 2),
            63.. => (75, 4),
            38.. => (50, 1),
            13.. => (25, 5),
            _ => (0, 0),
        };
        self.battery = percent;
        self.change(code::BATTERY_POWER, step);
    }

    /// Somebody turns a dial on the body, locked or not.
    pub(crate) fn turn(&mut self, dial: &str, engraved: &str) -> Result<(), NoSuchStop> {
        let (code, number) = dials::stop(dial, engraved)?;
        self.change(code, number);
        Ok(())
    }

    /// Puts a property to a number and reports it, if that changes anything.
    pub(crate) fn change(&mut self, code: u16, number: u32) {
        if self.properties.set_number(code, number) {
            self.report(code);
        }
    }

    /// Reports one property.
    pub(crate) fn report(&mut self, code: u16) {
        if let Some(property) = self.properties.get(code) {
            self.events.value(property);
        }
    }

    /// Event mode (0x9115). When it begins the camera reports all its settings, first every value,
    /// then every list of choices.
    pub(crate) fn set_event_mode(&mut self, on: bool, faults: &Faults) {
        if !self.events.switch(on) {
            return;
        }
        let left = self.shots_left(faults);
        let (utc, local) = self.clock_reading();
        self.properties.set_number(code::AVAILABLE_SHOTS, left);
        self.properties.set_number(code::UTC_TIME, utc);
        self.properties.set_number(code::CAMERA_TIME, local);
        let reported = || self.properties.iter().filter(|property| !property.on_request);
        for property in reported() {
            self.events.value(property);
        }
        for property in reported() {
            self.events.choices(property);
        }
    }

    /// What the host fetches with GetEvent (0x9116).
    pub(crate) fn take_events(&mut self, faults: &Faults) -> Vec<u8> {
        let left = self.shots_left(faults);
        self.change(code::AVAILABLE_SHOTS, left);
        // Not at every question: libgphoto2 itself asks until there is nothing more.
        if faults.has(&Fault::Chatter) && self.chattered.elapsed() >= CHATTER_EVERY {
            self.chattered = Instant::now();
            self.report(code::BATTERY_POWER);
        }
        if self.clock_ticks {
            let (utc, local) = self.clock_reading();
            self.change(code::UTC_TIME, utc);
            self.change(code::CAMERA_TIME, local);
        }
        self.events.take()
    }

    /// Takes a setting from the host (0x9110), acts on it, and reports it back.
    pub(crate) fn set_property(&mut self, property: u16, value: &[u8]) -> Result<(), Unfit> {
        if self.locked.contains(&property) {
            return Err(Unfit::Value);
        }
        self.properties.set_bytes(property, value)?;
        let number = self.properties.number(property);
        match property {
            code::UTC_TIME => self.clock.set_utc_seconds(number),
            code::CAMERA_TIME => self.clock.set_local_seconds(number),
            code::EVF_OUTPUT_DEVICE => self.live.ends(),
            _ => {}
        }
        self.report(property);
        Ok(())
    }

    /// The host has gone: the camera is by itself again and writes to its card.
    pub(crate) fn host_has_gone(&mut self) {
        self.events.switch(false);
        self.memory.clear();
        self.properties.set_number(code::CAPTURE_DESTINATION, TO_CARD);
        self.properties.set_number(code::EVF_OUTPUT_DEVICE, 0);
        self.live.ends();
    }

    /// Puts a picture on the card and announces it, and its folder if that had to be made.
    pub(crate) fn keep(&mut self, place: Place, picture: Picture) {
        let (name, kind) = (picture.name.clone(), picture.format);
        let size = length(picture.bytes.len());
        let (folder, handle) = self.card.store(place, picture);
        if let Some(Node::Folder { handle, parent, name }) = folder.and_then(|folder| self.card.node(folder))
        {
            let entry = Entry { name: &name, format: format::FOLDER, size: 0 };
            self.events.object_added(handle, parent, STORAGE, &entry);
        }
        let parent = self.card.file(handle).map_or(0, |file| file.parent);
        let entry = Entry { name: &name, format: kind, size };
        self.events.object_added(handle, parent, STORAGE, &entry);
    }

    /// Keeps a picture in memory and asks the host to fetch it.
    pub(crate) fn offer(&mut self, picture: Picture) {
        let handle = self.next_offer;
        self.next_offer = handle.wrapping_add(1) | 0xC000_0000;
        self.events.transfer_requested(handle, &picture);
        self.memory.insert(handle, picture);
    }

    /// UTCTime and CameraTime of this moment.
    fn clock_reading(&self) -> (u32, u32) {
        let now = real_now();
        (self.clock.utc_seconds(now), self.clock.local(now).seconds())
    }

    /// Shots left. For the host's memory it must never be 0: libgphoto2 `config.c`
    /// `camera_canon_eos_update_capture_target` waits for that without end.
    fn shots_left(&self, faults: &Faults) -> u32 {
        if self.to_host() {
            return 9999;
        }
        let left = self.room(faults) / ESTIMATED_PICTURE;
        u32::try_from(left.min(9999)).unwrap_or(9999)
    }
}
