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

/// What came.
#[derive(Debug, Default)]
struct Seen {
    frames: u32,
    empty: u32,
    undecodable: u32,
    bytes: u64,
    /// Files of shots that came meanwhile.
    files: u32,
    decoding: Duration,
    to_first: Option<Duration>,
    longest_gap: Duration,
}

/// Takes frames for as long as asked, at the rate asked, and decodes each as the station does.
pub(super) fn run(
    camera: &mut dyn Camera,
    options: &cli::Camera,
    language: Language,
) -> Result<Done, Failure> {
    let every = Duration::from_secs(1) / options.rate.max(1);
    let (began, before) = (Instant::now(), Cpu::now());
    let (mut seen, mut due, mut last) = (Seen::default(), began, began);
    while began.elapsed() < Duration::from_secs(options.seconds) {
        let patience = due.saturating_duration_since(Instant::now()).max(LISTEN);
        match camera.next(patience) {
            CameraNews::Quiet => {}
            CameraNews::Arrived(_) => seen.files += 1,
            CameraNews::Lost(err) => return Err(err.into()),
            CameraNews::Connected(_) => {}
        }
        tell_notices(camera, language);
        if Instant::now() < due {
            continue;
        }
        let asked = Instant::now();
        match camera.frame() {
            Ok(Some(frame)) => {
                seen.take(&frame.0, began, &mut last);
            }
            Ok(None) => seen.empty += 1,
            Err(err @ CameraError::NoLiveView) => return Err(err.into()),
            Err(err) => {
                Failure::from(err).report(language);
            }
        }
        due = (due + every).max(asked);
    }
    let (after, lasted) = (Cpu::now(), began.elapsed());
    camera.end_live();
    tell(
        &seen,
        lasted,
        [after.parent - before.parent, after.children.saturating_sub(before.children)],
        options,
        language,
    );
    Ok(if seen.frames > 0 { Done::Well } else { Done::WithFindings })
}

impl Seen {
    fn take(&mut self, frame: &[u8], began: Instant, last: &mut Instant) {
        let now = Instant::now();
        match self.to_first {
            None => self.to_first = Some(now - began),
            Some(_) => self.longest_gap = self.longest_gap.max(now - *last),
        }
        *last = now;
        self.frames += 1;
        self.bytes += frame.len() as u64;
        self.undecodable += u32::from(preview(frame, LONGEST_SIDE).is_none());
        self.decoding += now.elapsed();
    }
}

fn tell(
    seen: &Seen,
    lasted: Duration,
    [parent, child]: [Duration; 2],
    options: &cli::Camera,
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
    if options.json {
        say(&json!({
            "seconds": lasted.as_secs_f64(), "frames": seen.frames, "fps": fps, "bytes": seen.bytes,
            "empty": seen.empty, "undecodable": seen.undecodable, "files": seen.files,
            "first_frame_ms": seen.to_first.map(ms), "longest_gap_ms": gap, "decode_ms": decoding,
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
