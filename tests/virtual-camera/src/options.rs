//! How a camera comes out of its box.

use std::time::Duration;

/// How the camera is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// By network: libgphoto2 is told the address, `ptpip:127.0.0.1:P:P`.
    #[default]
    PtpIp,
    /// By USB: libgphoto2 finds it on `usb:001,042` as a "Canon EOS 80D", through the io-library of the
    /// crate `virtual-usb`; see [`VirtualCamera::environment`](crate::VirtualCamera::environment).
    Usb,
}

/// What may be chosen before a camera is switched on; the default is a healthy camera with an empty
/// card of 32 GB.
#[derive(Debug, Clone)]
pub struct Options {
    /// How the camera is connected.
    pub transport: Transport,
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Port of the stagehand's line; 0 takes any free one, `None` opens none.
    pub stagehand: Option<u16>,
    /// The number engraved on the body: EXIF BodySerialNumber and libgphoto2's `eosserialnumber`.
    pub body_serial: String,
    /// The number in PTP's device info: libgphoto2's `serialnumber`. On EOS bodies 32 hex digits.
    pub device_serial: String,
    /// From the shutter to the file: exposure, processing and writing.
    pub capture_delay: Duration,
    /// How far the camera's clock is ahead of the real one, negative when behind.
    pub clock_offset_ms: i64,
    /// The zone the camera's clock is set to, in minutes east of UTC.
    pub zone_minutes: i32,
    /// Whether the camera reports its clock every second. Real bodies have been seen to report it
    /// only when a session begins (gphoto2 issue 255, an EOS 760D), so the default is no.
    pub clock_ticks: bool,
    /// Battery charge: 100, 75, 50, 25 or 0 percent.
    pub battery: u8,
    /// Size of the card.
    pub card_bytes: u64,
    /// Pictures already on the card, numbered from `first_number` on.
    pub prefill: u32,
    /// How old the youngest of them is; the others are a minute older each.
    pub prefill_age_minutes: u32,
    /// Number of the first file, 1..=9999.
    pub first_number: u16,
    /// Whether image quality stands at RAW+JPEG; a host may change it either way (`imageformat`).
    pub raw_and_jpeg: bool,
    /// Whether image quality stands at RAW alone; goes before `raw_and_jpeg`.
    pub raw_only: bool,
    /// Whether a host is told the time at all. Some bodies keep it to themselves.
    pub tells_time: bool,
    /// Whether the lens is switched to manual focus.
    pub manual_focus: bool,
    /// What stands before the lens at first, a JPEG; `None` is a grey wall.
    pub scene: Option<Vec<u8>>,
    /// How large a JPEG file is at least; smaller ones get comment segments. 0 leaves them as they are.
    pub file_bytes: usize,
    /// From when live view is asked for to its first frame: the mirror goes up, the sensor wakes.
    pub live_warm_up: Duration,
    /// From one frame of live view to the next.
    pub live_interval: Duration,
    /// Dials that are turned before the camera is switched on, and to what: see [`crate::VirtualCamera::turn`].
    pub dials: Vec<(String, String)>,
    /// Dials that no host can turn, by name: the mode dial does not stand at M, the lens is switched to manual focus.
    pub locked: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            transport: Transport::default(),
            port: 0,
            stagehand: None,
            body_serial: "033021001234".to_owned(),
            device_serial: "6a1f0c2b9d3e4857a0b1c2d3e4f50617".to_owned(),
            capture_delay: Duration::from_millis(0),
            clock_offset_ms: 0,
            zone_minutes: 480,
            clock_ticks: false,
            battery: 100,
            card_bytes: 32_000_000_000,
            prefill: 0,
            prefill_age_minutes: 1,
            first_number: 1,
            raw_and_jpeg: false,
            raw_only: false,
            tells_time: true,
            manual_focus: false,
            scene: None,
            file_bytes: 0,
            live_warm_up: Duration::from_millis(300),
            live_interval: Duration::from_millis(33),
            dials: Vec::new(),
            locked: Vec::new(),
        }
    }
}
