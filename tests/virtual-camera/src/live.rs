//! Live view: when there is a frame, and the scene made small for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Builder;
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;

use crate::options::Options;

/// A frame is about as wide as that of an EOS, in pixels; smaller scenes are shown as they are.
const WIDTH: u32 = 960;
const LARGEST: u16 = 1200;
/// JPEG quality of a frame: about 100 kB for a person before a cloth.
const QUALITY: u8 = 85;

/// Live view: its timing.
#[derive(Debug)]
pub(crate) struct LiveView {
    warm_up: Duration,
    interval: Duration,
    /// When the next frame is there; `None` while live view is off.
    next: Option<Instant>,
}

impl LiveView {
    pub(crate) fn new(options: &Options) -> Self {
        Self { warm_up: options.live_warm_up, interval: options.live_interval, next: None }
    }

    /// The mirror comes down.
    pub(crate) fn ends(&mut self) {
        self.next = None;
    }

    /// Whether there is a frame that was not handed over yet; the first question wakes the sensor.
    pub(crate) fn has_frame(&mut self) -> bool {
        let now = Instant::now();
        let next = *self.next.get_or_insert(now + self.warm_up);
        let is_there = now >= next;
        if is_there {
            self.next = Some(now + self.interval);
        }
        is_there
    }
}

/// A scene as live view shows it. A large one is made small by a thread of its own, once, when it is first asked
/// for: the camera has other questions to answer meanwhile.
#[derive(Debug, Clone, Default)]
pub(crate) struct View(Arc<Making>);

#[derive(Debug, Default)]
struct Making {
    has_begun: AtomicBool,
    small: OnceLock<Arc<[u8]>>,
}

impl View {
    /// The frame, if it is made already.
    pub(crate) fn of(&self, jpeg: &Arc<[u8]>, (width, _): (u16, u16)) -> Option<Arc<[u8]>> {
        if width <= LARGEST {
            return Some(Arc::clone(jpeg));
        }
        if !self.0.has_begun.swap(true, Ordering::Relaxed) {
            let (making, jpeg) = (Arc::clone(&self.0), Arc::clone(jpeg));
            let make = move || {
                // A scene that cannot be decoded is never seen here; its shots are files all the same.
                if let Some(small) = small(&jpeg) {
                    making.small.get_or_init(|| Arc::from(small));
                }
            };
            Builder::new().name("vcam-live".to_owned()).spawn(make).ok();
        }
        self.0.small.get().cloned()
    }
}

fn small(jpeg: &[u8]) -> Option<Vec<u8>> {
    let scene = image::load_from_memory(jpeg).ok()?.into_rgb8();
    let height = (scene.height() * WIDTH / scene.width()).max(1);
    let frame = image::imageops::thumbnail(&scene, WIDTH, height);
    let mut small = Vec::new();
    frame.write_with_encoder(JpegEncoder::new_with_quality(&mut small, QUALITY)).ok()?;
    Some(small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exif::jpeg_size;

    #[test]
    fn a_large_scene_is_made_small_once() {
        let mut large = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut large, 50);
        image::RgbImage::new(2400, 1600).write_with_encoder(encoder).unwrap();
        let (large, view): (Arc<[u8]>, _) = (Arc::from(large), View::default());
        let until = Instant::now() + Duration::from_secs(20);
        while view.of(&large, (2400, 1600)).is_none() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(view.of(&large, (2400, 1600)).and_then(|small| jpeg_size(&small)), Some((960, 640)));
    }

    #[test]
    fn frames_come_after_the_warm_up_and_one_by_one() {
        let long = Duration::from_secs(60);
        let mut live = LiveView { warm_up: Duration::ZERO, interval: long, next: None };
        assert!(live.has_frame() && !live.has_frame());
        live.ends();
        live.warm_up = long;
        assert!(!live.has_frame());
    }
}
