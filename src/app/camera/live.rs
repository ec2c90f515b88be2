//! `caiying camera live`: how many frames of live view come, and what they cost.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{cpu::Cpu, tell_notices};
use crate::{
    app::{
        cli,
        failure::{Done, Failure},
        say,
    },
    camera::{Camera, CameraError, CameraNews},
    language::Language,
    portrait::preview,
};

/// Between two frames the camera is listened to for at least this long, as the station does.
const LISTEN: Duration = Duration::from_millis(5);

/// As large as the station shows them.
const LONGEST_SIDE: u32 = 960;

/// The first frame must come within this: the mirror goes up, the sensor wakes.
const FIRST_WITHIN: Duration = Duration::from_secs(20);

/// What came after the first frame.
#[derive(Debug, Default)]
struct Seen {
    frames: u32,
    empty: u32,
    failed: u32,
    undecodable: u32,
    bytes: u64,
    /// Files of shots that came meanwhile.
    files: u32,
    decoding: Duration,
    longest_gap: Duration,
}

/// Takes frames for as long as asked, at the rate asked, and decodes each as the station does.
pub(super) fn run(
    camera: &mut dyn Camera,
    options: &cli::Camera,
    language: Language,
) -> Result<Done, Failure> {
    let every = Duration::from_secs(1) / options.rate.max(1);
    let to_first = wait_for_the_first(camera)?;
    let (began, before) = (Instant::now(), Cpu::now());
    let (mut seen, mut due, mut last) = (Seen::default(), began + every, began);
    while began.elapsed() < Duration::from_secs(options.seconds) {
        seen.files += u32::from(listen(camera, due.saturating_duration_since(Instant::now()))?);
        tell_notices(camera, language);
        let asked = Instant::now();
        if asked < due {
            continue;
        }
        match camera.frame() {
            Ok(Some(frame)) => seen.take(&frame.0, &mut last),
            Ok(None) => seen.empty += 1,
            Err(err @ CameraError::NoLiveView) => return Err(err.into()),
            Err(_not_now) => seen.failed += 1,
        }
        due = (due + every).max(asked);
    }
    let (after, lasted) = (Cpu::now(), began.elapsed());
    camera.end_live();
    let used = [after.parent - before.parent, after.children.saturating_sub(before.children)];
    tell(&seen, (to_first, lasted), used, options.json, language);
    Ok(if seen.frames > 0 { Done::Well } else { Done::WithFindings })
}

fn wait_for_the_first(camera: &mut dyn Camera) -> Result<Duration, Failure> {
    let began = Instant::now();
    loop {
        match camera.frame() {
            Ok(Some(_)) => return Ok(began.elapsed()),
            Err(err) if err == CameraError::NoLiveView || began.elapsed() > FIRST_WITHIN => {
                return Err(err.into());
            }
            Ok(None) | Err(_) => {
                listen(camera, LISTEN)?;
            }
        }
    }
}

/// Hears what the camera has to say; whether it is a file.
fn listen(camera: &mut dyn Camera, patience: Duration) -> Result<bool, Failure> {
    match camera.next(patience.max(LISTEN)) {
        CameraNews::Lost(err) => Err(err.into()),
        CameraNews::Arrived(_) => Ok(true),
        CameraNews::Quiet | CameraNews::Connected(_) => Ok(false),
    }
}

impl Seen {
    fn take(&mut self, frame: &[u8], last: &mut Instant) {
        let now = Instant::now();
        self.longest_gap = self.longest_gap.max(now - *last);
        *last = now;
        self.frames += 1;
        self.bytes += frame.len() as u64;
        self.undecodable += u32::from(preview(frame, LONGEST_SIDE).is_none());
        self.decoding += now.elapsed();
    }
}

fn tell(
    seen: &Seen,
    (to_first, lasted): (Duration, Duration),
    [parent, child]: [Duration; 2],
    json: bool,
    language: Language,
) {
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let share = |time: Duration| (time.as_secs_f64() / lasted.as_secs_f64() * 1000.0).round() / 10.0;
    let fps = (f64::from(seen.frames) / lasted.as_secs_f64() * 10.0).round() / 10.0;
    let each = |sum: f64| {
        if seen.frames == 0 { 0.0 } else { (sum / f64::from(seen.frames) * 100.0).round() / 100.0 }
    };
    let (gap, decoding) = (ms(seen.longest_gap), each(ms(seen.decoding)));
    let (parent, child) = (share(parent), share(child));
    if json {
        say(&json!({
            "seconds": lasted.as_secs_f64(), "frames": seen.frames, "fps": fps, "bytes": seen.bytes,
            "empty": seen.empty, "undecodable": seen.undecodable, "files": seen.files,
            "failed": seen.failed, "first_frame_ms": ms(to_first), "longest_gap_ms": gap, "decode_ms": decoding,
            "cpu_percent": { "parent": parent, "child": child },
        })
        .to_string());
        return;
    }
    let size = each(seen.bytes as f64 / 1000.0);
    say(&match language {
        Language::Chinese => format!(
            "每秒 {fps} 帧，每帧 {size} kB，最长间隔 {gap} 毫秒，解码 {decoding} 毫秒；处理器占用：本程序 {parent}%，相机进程 {child}%"
        ),
        Language::English => format!(
            "{fps} frames a second, {size} kB each, longest gap {gap} ms, decoded in {decoding} ms; processor: \
             {parent} % here, {child} % in the camera's process"
        ),
    });
}
