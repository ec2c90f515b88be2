//! When a camera that is away is looked for again.
//!
//! On the USB bus the kernel tells when something is plugged in: then at once, and never in vain. What is there
//! and does not answer (asleep, claimed, just waking), and what is not on that bus, is asked again after pauses.

use std::time::{Duration, Instant};

use super::super::usb_bus::{UsbBus, UsbCamera, UsbLook};

/// Pauses between attempts to find a camera: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// The bus is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A camera whose cable slipped has this long to come back before another body takes its place: that one may
/// look at somebody else.
const COMES_BACK_WITHIN: Duration = Duration::from_secs(5);

/// Decides when to look for a camera.
#[derive(Debug)]
pub(super) struct Watch {
    /// `None` when the camera is not on the USB bus.
    bus: Option<UsbBus>,
    pause: Duration,
    try_at: Instant,
    look_at: Instant,
    /// What was on the bus at the last look.
    seen: Option<UsbLook>,
    /// An attempt has failed since the bus changed last.
    tried: bool,
    /// A camera was found that the bus does not show as one: what the bus shows proves nothing then.
    unlisted: bool,
    /// Since when it is away, if it was there before.
    lost_at: Option<Instant>,
}

impl Watch {
    pub(super) fn new(bus: UsbBus, port: Option<&str>) -> Self {
        let on_usb = port.is_none_or(|port| port.starts_with("usb:"));
        let now = Instant::now();
        Self {
            bus: on_usb.then_some(bus),
            pause: FIRST_PAUSE,
            try_at: now,
            look_at: now,
            seen: None,
            tried: false,
            unlisted: false,
            lost_at: None,
        }
    }

    /// How long nothing need be done; zero when the camera should be looked for now.
    pub(super) fn wait(&mut self) -> Duration {
        self.look();
        let now = Instant::now();
        let until = if self.is_hopeless() { self.look_at } else { self.try_at };
        let wait = until.saturating_duration_since(now);
        // While there is a bus to look at, nobody sleeps past the next look.
        if self.seen.is_some() && !wait.is_zero() {
            wait.min(self.look_at.saturating_duration_since(now)).max(Duration::from_millis(1))
        } else {
            wait
        }
    }

    /// Nothing on the bus is a camera, and libgphoto2 has said so already.
    fn is_hopeless(&self) -> bool {
        self.tried && !self.unlisted && self.seen.as_ref().is_some_and(|look| look.cameras.is_empty())
    }

    fn look(&mut self) {
        let now = Instant::now();
        let Some(bus) = self.bus.as_ref().filter(|_| now >= self.look_at) else { return };
        self.look_at = now + LOOK_EVERY;
        let look = bus.look();
        if look != self.seen {
            self.seen = look;
            self.hurry();
        }
    }

    /// The cameras on the bus now.
    pub(super) fn cameras(&self) -> Vec<UsbCamera> {
        self.bus.as_ref().and_then(UsbBus::look).map(|look| look.cameras).unwrap_or_default()
    }

    /// The camera was lost just now: it may be back in a moment. An attempt that fails while it is away is no
    /// new loss.
    pub(super) fn lost(&mut self) {
        if self.lost_at.is_none() {
            let now = Instant::now();
            (self.pause, self.tried, self.lost_at) = (FIRST_PAUSE, false, Some(now));
            self.try_at = now + self.pause;
        }
    }

    /// Whether the camera that was there has had its time to come back.
    pub(super) fn has_waited(&self) -> bool {
        self.lost_at.is_none_or(|lost| lost.elapsed() >= COMES_BACK_WITHIN)
    }

    /// It was looked for and not found.
    pub(super) fn failed(&mut self) {
        self.try_at = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.tried = true;
    }

    /// It is there.
    pub(super) fn found(&mut self) {
        self.unlisted = self.seen.as_ref().is_some_and(|look| look.cameras.is_empty());
        (self.pause, self.tried, self.lost_at) = (FIRST_PAUSE, false, None);
    }

    /// There is a reason to look for it now.
    pub(super) fn hurry(&mut self) {
        (self.pause, self.tried, self.try_at) = (FIRST_PAUSE, false, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Waits as its owner does, until it should try or for so long; whether it should.
    fn comes(watch: &mut Watch, within: Duration) -> bool {
        let until = Instant::now() + within;
        while Instant::now() < until {
            let wait = watch.wait();
            if wait.is_zero() {
                return true;
            }
            std::thread::sleep(wait.min(Duration::from_millis(20)));
        }
        false
    }

    #[test]
    fn an_empty_bus_is_asked_once_and_again_when_it_changes() {
        let root = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(UsbBus::at(root.path().to_owned()), None);
        assert!(watch.wait().is_zero(), "nobody has looked yet");
        watch.failed();
        assert!(!comes(&mut watch, Duration::from_millis(900)), "libgphoto2 would find nothing either");
        fs::create_dir(root.path().join("1-1")).unwrap();
        assert!(comes(&mut watch, Duration::from_secs(5)), "something was plugged in");
        watch.failed();
        assert!(!comes(&mut watch, Duration::from_millis(900)));
    }

    /// Some bodies tell the bus that they are something else, and libgphoto2 knows them all the same.
    #[test]
    fn a_camera_the_bus_does_not_know_is_asked_again_and_again() {
        let root = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(UsbBus::at(root.path().to_owned()), None);
        assert!(watch.wait().is_zero());
        watch.found();
        watch.lost();
        for _ in 0..2 {
            assert!(comes(&mut watch, Duration::from_secs(5)));
            watch.failed();
        }
    }

    #[test]
    fn pauses_grow_while_it_stays_away_and_begin_anew_when_it_was_back() {
        let mut watch = Watch::new(UsbBus::at("/nowhere".into()), None);
        let mut pause_after = |came: bool| {
            if came {
                watch.found();
            }
            watch.lost();
            watch.failed();
            watch.wait()
        };
        let short = pause_after(false);
        let long = [(); 6].map(|()| pause_after(false)).into_iter().max().unwrap();
        assert!(short <= FIRST_PAUSE && long > LONGEST_PAUSE / 2, "{short:?} {long:?}");
        assert!(pause_after(true) <= FIRST_PAUSE);
    }

    #[test]
    fn what_is_not_on_the_bus_is_asked_again_and_again() {
        let empty = tempfile::tempdir().unwrap();
        for (bus, port) in [
            (UsbBus::at(empty.path().to_owned()), Some("ptpip:127.0.0.1")),
            (UsbBus::at("/nowhere".into()), None),
        ] {
            let mut watch = Watch::new(bus, port);
            for _ in 0..2 {
                assert!(comes(&mut watch, Duration::from_secs(5)), "{port:?}");
                watch.failed();
                assert!(!watch.wait().is_zero(), "not at once");
            }
        }
    }
}
