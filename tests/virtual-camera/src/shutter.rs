//! The shutter: from the release to the file.
//!
//! At the release the picture is made, with the clock of that moment in it, and takes its number.
//! The capture delay later the thread `vcam-shutter` lays it on the card, or offers it to the host.

use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};

use crate::body::{Body, MODEL};
use crate::card::Place;
use crate::clock::{LocalTime, real_now};
use crate::dials::Exposed;
use crate::exif::{self, Particulars};
use crate::faults::{Fault, Faults};
use crate::inside::{Inside, lock};
use crate::properties::{MANUAL_FOCUS, code};
use crate::ptp::{format, rc};
use crate::scene::{Exposure, Picture, RawTwin, Trigger};

/// Shots the camera can hold between shutter and card.
const BUFFER: usize = 64;

/// Why the camera did not take a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No room on the card.
    CardFull,
    /// No card in the slot.
    NoCard,
    /// Autofocus found nothing.
    NoFocus,
    /// Too many shots still wait to be written.
    Busy,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CardFull => "the card is full",
            Self::NoCard => "there is no card",
            Self::NoFocus => "no focus",
            Self::Busy => "the camera is busy",
        })
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The response code a host gets. For "no focus" real bodies are not on record; libgphoto2 has
    /// given up at the half press then, on the focus record.
    pub(crate) fn response(self) -> u16 {
        match self {
            Self::CardFull => rc::STORE_FULL,
            Self::NoCard => rc::STORE_NOT_AVAILABLE,
            Self::NoFocus | Self::Busy => rc::DEVICE_BUSY,
        }
    }
}

/// A shot between shutter and card.
#[derive(Debug)]
struct Latent {
    /// The number of the exposure.
    number: u64,
    place: Place,
    pictures: Vec<Picture>,
    to_host: bool,
    due: Instant,
}

/// The way from the shutter to the thread that writes.
#[derive(Debug)]
pub(crate) struct Shutter {
    writing: SyncSender<Option<Latent>>,
    waiting: Mutex<Option<Receiver<Option<Latent>>>>,
}

impl Shutter {
    pub(crate) fn new() -> Self {
        let (writing, waiting) = sync_channel(BUFFER);
        Self { writing, waiting: Mutex::new(Some(waiting)) }
    }

    /// Releases the shutter; gives the number of the exposure.
    pub(crate) fn release(
        &self,
        body: &mut Body,
        faults: &Faults,
        trigger: Trigger,
        autofocus: bool,
    ) -> Result<u64, Refusal> {
        let by_hand = body.properties.number(code::FOCUS_MODE) == MANUAL_FOCUS;
        if autofocus && !by_hand && faults.has(&Fault::NoFocus) {
            return Err(Refusal::NoFocus);
        }
        let (latent, exposure) = body.expose(faults, trigger)?;
        let number = exposure.number;
        self.writing.try_send(Some(latent)).map_err(|_full| Refusal::Busy)?;
        body.exposures.push(exposure);
        body.in_flight += 1;
        body.events.busy(true);
        Ok(number)
    }

    /// Starts the thread that writes.
    pub(crate) fn start(inside: &Arc<Inside>) -> io::Result<JoinHandle<()>> {
        let inside = Arc::clone(inside);
        Builder::new().name("vcam-shutter".to_owned()).spawn(move || {
            let waiting = lock(&inside.shutter.waiting).take();
            let latents = waiting.iter().flatten().map_while(|latent| latent);
            for latent in latents {
                while !inside.is_stopping() && Instant::now() < latent.due {
                    let left = latent.due.saturating_duration_since(Instant::now());
                    sleep(left.min(Duration::from_millis(10)));
                }
                inside.body().develop(latent);
            }
        })
    }

    /// Lets the thread that writes finish what it has and end.
    pub(crate) fn close(&self) {
        self.writing.send(None).ok();
    }
}

impl Body {
    /// Makes the picture, or the pair, and the record of it. Nothing is kept or announced yet.
    fn expose(&mut self, faults: &Faults, trigger: Trigger) -> Result<(Latent, Exposure), Refusal> {
        let to_host = self.to_host();
        if !to_host && !Self::has_card(faults) {
            return Err(Refusal::NoCard);
        }
        let at = real_now();
        let taken = self.clock.local(at);
        let formats = self.formats();
        let place = self.card.next_place();
        let mut pictures: Vec<Picture> =
            formats.iter().filter_map(|format| self.picture(place, *format, taken)).collect();
        if let (Some(name), Some(picture)) = (faults.odd_name(), pictures.last_mut()) {
            picture.name = name;
        }
        let needed: u64 = pictures.iter().map(|picture| picture.bytes.len() as u64).sum();
        if !to_host && needed > self.room(faults) {
            return Err(Refusal::CardFull);
        }
        self.card.take_place();
        let exposure = self.record(trigger, at, place, &pictures);
        let number = exposure.number;
        let latent = Latent { number, place, pictures, to_host, due: Instant::now() + self.capture_delay };
        Ok((latent, exposure))
    }

    /// The files the image quality asks for, the raw one first, as an EOS announces them.
    fn formats(&self) -> &'static [u16] {
        let quality = self.properties.number(code::IMAGE_FORMAT);
        match (quality & 0x0800 != 0, quality & 0xFF != 0) {
            (true, true) => &[format::CR2, format::JPEG],
            (true, false) => &[format::CR2],
            (false, _) => &[format::JPEG],
        }
    }

    fn picture(&mut self, place: Place, format: u16, taken: LocalTime) -> Option<Picture> {
        let bytes = if format == format::CR2 { self.raw(taken) } else { self.stamped(taken)? };
        Some(Picture {
            name: place.name(format),
            format,
            bytes: Arc::from(bytes),
            taken,
            size: self.scene.size,
        })
    }

    /// The scene as a JPEG of this camera at that moment.
    pub(crate) fn stamped(&mut self, taken: LocalTime) -> Option<Vec<u8>> {
        self.pictures += 1;
        let stamped = exif::stamp(&self.scene.jpeg, &self.particulars(taken))?;
        Some(exif::padded(stamped, self.file_bytes))
    }

    /// A stand-in for a raw file: a TIFF with Canon's mark, then the scene.
    fn raw(&mut self, taken: LocalTime) -> Vec<u8> {
        self.pictures += 1;
        let mut raw = exif::tiff(&self.particulars(taken));
        raw.extend_from_slice(b"CR\x02\0");
        raw.extend_from_slice(&self.scene.jpeg);
        raw
    }

    fn particulars(&self, taken: LocalTime) -> Particulars<'_> {
        Particulars {
            model: MODEL,
            body_serial: &self.body_serial,
            taken,
            size: self.scene.size,
            exposed: Exposed::with(&self.properties),
            unique: self.pictures,
        }
    }

    fn record(&self, trigger: Trigger, at: SystemTime, place: Place, pictures: &[Picture]) -> Exposure {
        let raw = pictures.iter().find(|picture| picture.format == format::CR2);
        let main = pictures.iter().find(|picture| picture.format == format::JPEG);
        let (main, raw) = if main.is_some() { (main, raw) } else { (raw, None) };
        Exposure {
            number: self.exposures.len() as u64 + 1,
            trigger,
            label: self.scene.label.clone(),
            folder: if self.to_host() { "/".to_owned() } else { place.path() },
            name: main.map(|picture| picture.name.clone()).unwrap_or_default(),
            sha256: main.map(|picture| sha256(&picture.bytes)).unwrap_or_default(),
            raw: raw.map(|picture| RawTwin { name: picture.name.clone(), sha256: sha256(&picture.bytes) }),
            at,
            complete: None,
        }
    }

    /// The shot is there: on the card and announced, or waiting for the host. A shot for the host's
    /// memory is lost when the host has gone in the meantime.
    fn develop(&mut self, latent: Latent) {
        for picture in latent.pictures {
            match (latent.to_host, self.to_host()) {
                (false, _) => self.keep(latent.place, picture),
                (true, true) => self.offer(picture),
                (true, false) => {}
            }
        }
        let exposure = self.exposures.iter_mut().rev().find(|exposure| exposure.number == latent.number);
        if let Some(exposure) = exposure {
            exposure.complete = Some(real_now());
        }
        self.in_flight = self.in_flight.saturating_sub(1);
        if self.in_flight == 0 {
            self.events.busy(false);
        }
    }
}

/// SHA-256 in lower-case hex.
fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
