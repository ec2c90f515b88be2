//! 体检: is this camera fit for the day? What was found, how good each thing is, and nothing of how it is said.
//!
//! The readings come from the camera's own process ([`super::Checkup`]), from the USB bus, from other programs
//! and from this computer; the words are the screens'.

use std::path::PathBuf;

use super::{
    CameraError, CameraInfo, Checkup, Holder,
    holder::Neighbours,
    known_faults::{self, KnownFault},
    usb_bus::UsbBus,
};
use crate::profile::{Battery, Family, Warning};

/// A class is photographed with so many shots; half a day with so many.
const SHOTS_ACT: u64 = 60;
const SHOTS_LOOK: u64 = 600;

/// A camera's clock within this needs no setting: it keeps whole seconds.
const CLOCK_GOOD_MS: u64 = 2_000;

/// A picture of a camera whose card is empty: a large JPEG of 24 MP.
const USUAL_PICTURE_BYTES: u64 = 9_000_000;

/// How good something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing to do.
    Good,
    /// Work can begin; somebody should look at it.
    Look,
    /// Somebody must act before work begins.
    Act,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Which camera answers.
    Camera(CameraInfo),
    /// No camera that can be used.
    Trouble(CameraError),
    /// Its battery, in its own words.
    Battery {
        /// In the camera's words.
        said: Option<String>,
        /// How good that is, by the limits of its family.
        verdict: Verdict,
    },
    /// The room on its card, and how many shots that is.
    Card {
        /// Bytes.
        free_bytes: u64,
        /// By the average of what is on it, or by a usual picture.
        shots: u64,
    },
    /// Its clock against this computer's.
    Clock {
        /// How far it is ahead; `None` when it does not tell.
        ahead_ms: Option<i64>,
    },
    /// Its clock was set just now.
    ClockSet {
        /// How far it was ahead.
        before_ms: Option<i64>,
        /// How far it is ahead now.
        after_ms: Option<i64>,
    },
    /// What files it makes, in its own words.
    ImageFormat(String),
    /// Where it puts them.
    Target {
        /// In its own words.
        said: String,
        /// Whether it is its card.
        is_card: bool,
    },
    /// A camera's file on the USB bus.
    Access {
        /// The file.
        node: PathBuf,
        /// Whether this user may read and write it.
        usable: bool,
    },
    /// Whether the system knows cameras by rules of libgphoto2.
    Rules {
        /// Whether they are there.
        present: bool,
    },
    /// Who holds a camera; `None` when nobody does.
    Held(Option<Holder>),
    /// Whoever held the camera was asked to let it go.
    Released(Result<(), super::NotReleased>),
    /// Which libgphoto2 this is.
    Library(String),
    /// Something that is known of this libgphoto2.
    Known(KnownFault),
    /// Something that is known of this model.
    Noted(Warning),
    /// The room where photos are kept.
    Disk {
        /// The folder.
        folder: PathBuf,
        /// Bytes.
        free_bytes: u64,
        /// Whether that is enough: whoever looked at the disk says so.
        verdict: Verdict,
    },
}

impl Finding {
    /// What it is about, in a word that does not change: the key in JSON.
    #[must_use]
    pub fn subject(&self) -> &'static str {
        match self {
            Self::Camera(_) => "camera",
            Self::Trouble(_) => "trouble",
            Self::Battery { .. } => "battery",
            Self::Card { .. } => "card",
            Self::Clock { .. } => "clock",
            Self::ClockSet { .. } => "clock_set",
            Self::ImageFormat(_) => "image_format",
            Self::Target { .. } => "capture_target",
            Self::Access { .. } => "access",
            Self::Rules { .. } => "udev_rules",
            Self::Held(_) => "held_by",
            Self::Released(_) => "released",
            Self::Library(_) => "libgphoto2",
            Self::Known(_) | Self::Noted(_) => "known_fault",
            Self::Disk { .. } => "disk",
        }
    }

    /// How good it is.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Camera(_) | Self::Library(_) => Verdict::Good,
            Self::Trouble(_) => Verdict::Act,
            Self::Battery { verdict, .. } => *verdict,
            Self::Noted(_) => Verdict::Look,
            Self::Card { shots, .. } => below(*shots, SHOTS_ACT, SHOTS_LOOK),
            Self::Clock { ahead_ms: Some(ms) } | Self::ClockSet { after_ms: Some(ms), .. } => {
                if ms.unsigned_abs() <= CLOCK_GOOD_MS { Verdict::Good } else { Verdict::Look }
            }
            // Its photos can be given to nobody by time.
            Self::Clock { ahead_ms: None } | Self::ClockSet { after_ms: None, .. } => Verdict::Act,
            Self::ImageFormat(said) => good_or(Verdict::Act, makes_jpeg(said)),
            Self::Target { is_card, .. } => good_or(Verdict::Act, *is_card),
            Self::Access { usable, .. } => good_or(Verdict::Act, *usable),
            Self::Rules { present } => good_or(Verdict::Look, *present),
            Self::Held(holder) => good_or(Verdict::Act, holder.is_none()),
            Self::Released(done) => good_or(Verdict::Act, done.is_ok()),
            Self::Known(fault) => good_or(Verdict::Look, !fault.asks_for_care()),
            Self::Disk { verdict, .. } => *verdict,
        }
    }
}

fn good_or(otherwise: Verdict, is_good: bool) -> Verdict {
    if is_good { Verdict::Good } else { otherwise }
}

fn below(value: u64, act: u64, look: u64) -> Verdict {
    match value {
        _ if value < act => Verdict::Act,
        _ if value < look => Verdict::Look,
        _ => Verdict::Good,
    }
}

/// What a family makes of its battery's words; words of their own nobody here can judge.
fn battery(said: Option<&str>, limits: &Battery) -> Verdict {
    match said.and_then(|said| limits.percent(said)) {
        Some(percent) if percent < limits.refuse_percent => Verdict::Act,
        Some(percent) if percent >= limits.warn_percent => Verdict::Good,
        Some(_) | None => Verdict::Look,
    }
}

/// Whether a format makes a JPEG at all. Its words differ between models and libraries; raw files and HEIF are
/// named by all of them, and a pair of files has a plus.
fn makes_jpeg(said: &str) -> bool {
    let said = said.to_ascii_uppercase();
    let other = ["RAW", "NEF", "HEIF", "TIFF"].iter().any(|kind| said.contains(kind));
    !other || said.contains('+') || said.contains("JPEG") || said.contains("JPG")
}

/// What a connected camera tells, and what is known of its family. `average` is the length of its pictures.
#[must_use]
pub fn of_camera(
    info: &CameraInfo,
    ahead_ms: Option<i64>,
    checkup: &Checkup,
    average: Option<u64>,
    family: &Family,
) -> Vec<Finding> {
    let said = info.battery.clone();
    let mut found = vec![
        Finding::Camera(info.clone()),
        Finding::Battery { verdict: battery(said.as_deref(), &family.battery), said },
        Finding::Clock { ahead_ms },
    ];
    found.extend(checkup.free_bytes.map(|free_bytes| {
        let picture = average.unwrap_or(USUAL_PICTURE_BYTES).max(1);
        Finding::Card { free_bytes, shots: free_bytes / picture }
    }));
    found.extend(checkup.image_format.clone().map(Finding::ImageFormat));
    found.extend(
        checkup.target.clone().map(|target| Finding::Target { said: target.said, is_card: target.is_card }),
    );
    found.extend(of_driver(&info.model, &checkup.library));
    found.extend(family.warnings_of(&info.model).cloned().map(Finding::Noted));
    found
}

/// Which libgphoto2 this is, and what is known of it and of this model.
#[must_use]
pub fn of_driver(model: &str, library: &str) -> Vec<Finding> {
    let mut found = vec![Finding::Library(library.to_owned())];
    found.extend(known_faults::of(model, library).map(Finding::Known));
    found
}

/// What the system tells of cameras without touching one.
#[must_use]
pub fn of_system(bus: &UsbBus, neighbours: &Neighbours) -> Vec<Finding> {
    let Some(look) = bus.look() else { return vec![] };
    let mut found: Vec<Finding> = look
        .cameras
        .iter()
        .map(|camera| {
            let node = neighbours.node(camera);
            let usable = neighbours.may_use(&node);
            Finding::Access { node, usable }
        })
        .collect();
    if !look.cameras.is_empty() {
        found.push(Finding::Rules { present: neighbours.has_rules() });
    }
    found.push(Finding::Held(neighbours.holder(&look.cameras)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Families;

    #[test]
    fn batteries_are_judged_by_their_words() {
        let canon = Families::default().of("Canon EOS 80D");
        for (said, wanted) in [
            (Some("100%"), Verdict::Good),
            (Some("30%"), Verdict::Good),
            (Some("25%"), Verdict::Look),
            (Some("10 %"), Verdict::Look),
            (Some("9%"), Verdict::Act),
            (Some("Low"), Verdict::Act),
            (Some("Unknown value 0009"), Verdict::Look),
            (None, Verdict::Look),
        ] {
            assert_eq!(battery(said, &canon.battery), wanted, "{said:?}");
        }
    }

    #[test]
    fn only_formats_without_a_jpeg_are_refused() {
        for said in ["Large Fine JPEG", "RAW + Large Fine JPEG", "L", "JPEG Fine", "NEF+Fine", "cRAW + S1"] {
            assert!(makes_jpeg(said), "{said}");
        }
        for said in ["RAW", "cRAW", "mRAW", "NEF (Raw)", "HEIF"] {
            assert!(!makes_jpeg(said), "{said}");
        }
    }

    #[test]
    fn a_clock_and_a_card_are_judged_by_numbers() {
        let clock = |ms| Finding::Clock { ahead_ms: ms }.verdict();
        assert_eq!(
            [clock(Some(-1900)), clock(Some(2100)), clock(None)],
            [Verdict::Good, Verdict::Look, Verdict::Act]
        );
        let card = |shots| Finding::Card { free_bytes: 0, shots }.verdict();
        assert_eq!([card(59), card(599), card(600)], [Verdict::Act, Verdict::Look, Verdict::Good]);
    }
}
