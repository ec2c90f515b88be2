//! Live view: seen while it can be seen, and in nobody's way.

use std::sync::{
    Arc, Mutex,
    mpsc::{Receiver, SyncSender, sync_channel},
};

use caiying::{
    camera::{CameraInfo, Jpeg},
    crew::{CameraOrder, Mailbox, News, Outbox, Watching, Worker, camera_desk, viewfinder},
    portrait::Picture,
    profile::{Families, Family},
    shot::{Exposure, Origin, ShotId},
};

use super::*;

/// The next frame that is not empty; the camera is listened to meanwhile, and has nothing to say.
fn frame(camera: &mut dyn Camera) -> Jpeg {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        if let Ok(Some(frame)) = camera.frame() {
            return frame;
        }
        quiet(camera, Duration::from_millis(5));
    }
    panic!("no frame came");
}

/// Places in the log of what the body was asked.
fn asked(body: &VirtualCamera, opcode: u16) -> Vec<usize> {
    let log = body.log();
    (0..log.len()).filter(|place| log[*place].opcode == opcode).collect()
}

const SHOOT: u16 = 0x9128;
const END_LIVE: u16 = 0x9152;
const FRAME: u16 = 0x9153;
const CLOSE: u16 = 0x1003;

/// The driver throws away what the body tells before a shot that it has not heard; a frame must not hear it away.
#[test]
fn the_scene_is_seen_and_every_shot_comes() {
    let mut tethered = tethered(&Options { capture_delay: Duration::from_millis(120), ..Options::default() });
    connected(&mut tethered.camera);
    assert_eq!(frame(&mut tethered.camera).0[..], *GREY);
    let mut arrived = vec![];
    for round in 0..8 {
        if round % 2 == 0 {
            tethered.body.press_shutter().unwrap();
            // The shutter is at work: no frame comes, and none is worth a lost camera.
            tethered.camera.frame().ok();
        }
        if round % 3 != 0 {
            tethered.camera.fire(SittingId(round)).unwrap();
        }
        while arrived.len() < tethered.body.exposures().len() {
            arrived.push(sha256(&arrival(&mut tethered.camera)));
        }
        frame(&mut tethered.camera);
    }
    assert_eq!(arrived, tethered.exposed());
    quiet(&mut tethered.camera, Duration::from_millis(500));
}

#[test]
fn an_empty_frame_is_no_frame_and_no_trouble() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    frame(&mut tethered.camera);
    tethered.body.faults().set(Fault::EmptyFrames { times: 3 });
    for _ in 0..3 {
        assert_eq!(tethered.camera.frame(), Ok(None));
    }
    assert!(tethered.camera.frame().unwrap().is_some());
}

/// A body whose menu is open says "not ready" for as long as it is.
#[test]
fn a_camera_that_has_no_frame_ready_is_not_lost() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.faults().set(Fault::Respond { opcode: FRAME, code: 0xa102, times: None });
    let err = tethered.camera.frame().unwrap_err();
    assert!(!err.is_gone() && err != CameraError::NoLiveView, "{err:?}");
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(1)));
    tethered.body.faults().clear();
    frame(&mut tethered.camera);
}

#[test]
fn live_view_that_breaks_the_connection_each_time_is_given_up() {
    let mut tethered = tethered(&Options::default());
    let frame_within = Duration::from_millis(300);
    let within = Deadlines { frame: frame_within, ..Deadlines::default() };
    tethered.camera = tethered.camera.with_deadlines(within);
    tethered.body.faults().set(Fault::Hang { opcode: FRAME });
    for _ in 0..3 {
        while !matches!(tethered.camera.next(PATIENCE), CameraNews::Connected(_)) {}
        let err = tethered.camera.frame().unwrap_err();
        assert!(matches!(err, CameraError::NoAnswer { .. }), "{err:?}");
        assert!(tethered.camera.fire(SittingId(1)).is_err(), "it is told that it has gone");
    }
    while !matches!(tethered.camera.next(PATIENCE), CameraNews::Connected(_)) {}
    let asked_before = asked(&tethered.body, FRAME).len();
    assert_eq!(tethered.camera.frame(), Err(CameraError::NoLiveView));
    assert_eq!(asked(&tethered.body, FRAME).len(), asked_before, "it was not asked again");
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(1)));
    tethered.body.faults().clear();
    assert_eq!(tethered.camera.frame(), Err(CameraError::NoLiveView));
    tethered.camera.end_live();
    frame(&mut tethered.camera);
}

#[test]
fn it_ends_when_asked_before_a_shot_where_the_body_wants_that_and_with_the_session() {
    for off_before_shot in [false, true] {
        let mut tethered = tethered(&Options::default());
        let own = format!(
            "based_on = 'cameras/canon_eos'\ntitle = 'own'\nmodels = ['Canon EOS 80D']
            live_view_off_before_shot = {off_before_shot}"
        );
        let families = Families::default().with(Family::parse("own", &own).unwrap());
        tethered.camera = tethered.camera.with_families(families);
        connected(&mut tethered.camera);
        frame(&mut tethered.camera);
        tethered.camera.fire(SittingId(1)).unwrap();
        arrival(&mut tethered.camera);
        let (ended, fired) = (asked(&tethered.body, END_LIVE), asked(&tethered.body, SHOOT));
        assert_eq!(ended.first().is_some_and(|ended| *ended < fired[0]), off_before_shot);
        frame(&mut tethered.camera);
        let ended_before = ended.len();
        tethered.camera.end_live();
        tethered.camera.end_live();
        assert_eq!(asked(&tethered.body, END_LIVE).len(), ended_before + 1);
        frame(&mut tethered.camera);
        drop(tethered.camera);
        let (ended, closed) = (asked(&tethered.body, END_LIVE), asked(&tethered.body, CLOSE));
        assert!(ended.len() > ended_before + 1 && ended.last() < closed.last(), "{ended:?} {closed:?}");
    }
}

#[test]
fn a_hot_folder_has_none_and_a_stage_shows_its_scene() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let offset = ClockOffset { least: 0, most: 0 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), clock, offset);
    connected(&mut camera);
    assert_eq!(camera.frame(), Err(CameraError::NoLiveView));

    let stage = Stage::new(clock, Duration::ZERO);
    let mut camera = stage.camera();
    connected(&mut camera);
    assert_eq!(camera.frame(), Ok(None));
    stage.set_view(GREY.into());
    assert_eq!(camera.frame(), Ok(Some(Jpeg(GREY.into()))));
    stage.plug(false);
    assert!(camera.frame().is_err());
}

#[test]
fn the_command_line_counts_frames_and_what_they_cost() {
    let body = VirtualCamera::start(&Options::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["camera", "live", "--seconds", "2", "--json", "--camera", &body.gphoto_port()])
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let frames = said["frames"].as_u64().unwrap();
    assert!(frames > 0 && said["bytes"] == frames * GREY.len() as u64, "{said}");
    assert!(said["undecodable"] == 0 && said["cpu_percent"]["child"].is_number(), "{said}");
    assert_eq!(asked(&body, END_LIVE).len(), 1, "it ended live view");
}

/// What a camera answers when it is asked for a frame, the last first.
type Looks = Arc<Mutex<Vec<Result<Option<Jpeg>, CameraError>>>>;

/// What a camera on the desk is asked, in a word each, and what it answers.
struct Scripted {
    asked: SyncSender<&'static str>,
    frames: Looks,
    clock: Clock,
    fired: Option<(SittingId, Instant)>,
    told: bool,
}

impl Camera for Scripted {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        self.asked.send("fire").unwrap();
        self.fired = Some((sitting, Instant::now()));
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        self.asked.send("next").unwrap();
        if !std::mem::replace(&mut self.told, true) {
            return CameraNews::Connected(CameraInfo::default());
        }
        assert!(!patience.is_zero(), "events are listened to");
        thread::sleep(patience);
        let Some((sitting, _)) = self.fired.take_if(|(_, at)| at.elapsed() > Duration::from_millis(300))
        else {
            return CameraNews::Quiet;
        };
        self.asked.send("file").unwrap();
        let exposed = Exposure::exactly(self.clock.now());
        let (trigger, origin) = (Trigger::Station(sitting), Origin::default());
        CameraNews::Arrived(Arrival { trigger, exposed, origin, jpeg: Jpeg(GREY.into()) })
    }

    fn frame(&mut self) -> Result<Option<Jpeg>, CameraError> {
        self.asked.send("frame").unwrap();
        // Slower than frames are due.
        thread::sleep(Duration::from_millis(70));
        self.frames.lock().unwrap().pop().unwrap_or_else(|| Ok(Some(Jpeg(GREY.into()))))
    }

    fn end_live(&mut self) {
        self.asked.send("end").unwrap();
    }
}

struct OnTheDesk {
    // The first to go: it asks until it ends.
    desk: Worker<CameraOrder>,
    asked: Receiver<&'static str>,
    frames: Looks,
    news: Receiver<News>,
    pictures: Mailbox<Picture>,
}

fn on_the_desk() -> OnTheDesk {
    let ((asking, asked), frames) = (sync_channel(10_000), Arc::default());
    let camera = Scripted {
        asked: asking,
        frames: Arc::clone(&frames),
        clock: Clock::start(),
        fired: None,
        told: false,
    };
    let (outbox, news) = Outbox::new(Arc::new(|| {}));
    let (viewfinder, pictures) = viewfinder(outbox.clone()).unwrap();
    let desk = camera_desk(Box::new(camera), ShotId(1), viewfinder, outbox).unwrap();
    OnTheDesk { asked, frames, news, pictures, desk }
}

impl OnTheDesk {
    /// What was asked until this was.
    fn until(&self, wanted: &str) -> Vec<&'static str> {
        let mut all = vec![];
        while all.last() != Some(&wanted) {
            all.push(self.asked.recv_timeout(Duration::from_secs(20)).unwrap());
        }
        all
    }

    fn picture(&self) -> Picture {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(picture) = self.pictures.take() {
                return picture;
            }
            assert!(Instant::now() < until, "no picture came");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn frames_are_asked_for_between_events_and_never_while_a_file_is_on_its_way() {
    let there = on_the_desk();
    thread::sleep(Duration::from_millis(200));
    there.desk.order(CameraOrder::Live(Watching::Closely)).unwrap();
    assert_eq!((there.picture().width, there.picture().height), (960, 640));
    for _ in 0..10 {
        assert_eq!(there.until("frame").first(), Some(&"next"), "it is listened to before each frame");
    }
    there.desk.order(CameraOrder::Fire(SittingId(1))).unwrap();
    there.until("fire");
    assert!(!there.until("file").contains(&"frame"));
    there.until("frame");
    there.desk.order(CameraOrder::Live(Watching::Not)).unwrap();
    there.until("end");
    thread::sleep(Duration::from_millis(300));
    assert!(!there.asked.try_iter().any(|asked| asked == "frame"));
}

/// While a shot is judged the sitter is seen all the same, at a quarter of the pace; and then at the whole one again.
#[test]
fn whoever_looks_with_half_an_eye_gets_a_quarter_of_the_frames() {
    let there = on_the_desk();
    let order = |watching| there.desk.order(CameraOrder::Live(watching)).unwrap();
    let paces = [Watching::AtTimes, Watching::Closely].map(|watching| {
        order(watching);
        there.until("frame");
        let since = Instant::now();
        (0..10).for_each(|_| drop(there.until("frame")));
        since.elapsed()
    });
    // Nine steps at least are of the new pace. A slow machine takes longer, none is faster.
    assert!(paces[0] >= Duration::from_millis(1_790), "{paces:?}");
    assert!(paces[1] >= Duration::from_millis(440), "{paces:?}");
    let asked: Vec<_> = there.asked.try_iter().collect();
    assert!(!asked.contains(&"end"), "a pace is no end: {asked:?}");
    order(Watching::Not);
    there.until("end");
}

/// Whoever does not look for a while sees what is now, not what was.
#[test]
fn frames_do_not_queue() {
    let there = on_the_desk();
    there.desk.order(CameraOrder::Live(Watching::Closely)).unwrap();
    for _ in 0..6 {
        there.until("frame");
    }
    there.desk.order(CameraOrder::Live(Watching::Not)).unwrap();
    there.until("end");
    // The last one is being decoded perhaps.
    thread::sleep(Duration::from_millis(500));
    there.picture();
    assert!(there.pictures.take().is_none());
}

#[test]
fn a_camera_without_live_view_says_so_once_and_a_frame_that_fails_is_tried_again() {
    let there = on_the_desk();
    let broken = || Ok(Some(Jpeg(b"no picture".as_slice().into())));
    *there.frames.lock().unwrap() =
        vec![Err(CameraError::NoLiveView), Err(CameraError::Busy), broken(), Ok(None)];
    there.desk.order(CameraOrder::Live(Watching::Closely)).unwrap();
    for _ in 0..4 {
        there.until("frame");
    }
    thread::sleep(Duration::from_millis(500));
    assert!(!there.asked.try_iter().any(|asked| asked == "frame"));
    let told: Vec<_> = there.news.try_iter().filter(|news| matches!(news, News::NoLiveView)).collect();
    assert_eq!(told.len(), 1);
    there.desk.order(CameraOrder::Fire(SittingId(1))).unwrap();
    there.until("file");
    there.desk.order(CameraOrder::Live(Watching::Closely)).unwrap();
    there.until("frame");
    there.picture();
}
