//! What the operator hears of the station's work.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use caiying::sound::Chime;

use super::*;

/// A camera that says what it is told to say.
pub(super) struct Told(pub(super) Receiver<CameraNews>);

impl Camera for Told {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        self.0.recv_timeout(patience).unwrap_or(CameraNews::Quiet)
    }
}

fn told(finder: MakeFinder) -> (TempDir, Shift, SyncSender<CameraNews>, Clock) {
    let (news, camera) = sync_channel(8);
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let setup = setup(&folder.path().join("store"), clock, Box::new(Told(camera)), finder);
    let mut shift = Shift::begin(setup).unwrap();
    news.send(CameraNews::Connected(CameraInfo::default())).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    (folder, shift, news, clock)
}

/// The photographer presses the camera's own button, so many milliseconds ago. No two files of a camera are alike.
pub(super) fn pressed(clock: Clock, ago_ms: i64) -> CameraNews {
    let file = sitter::jpeg(&sitter::well_seated());
    let comment = [&[0xff, 0xd8, 0xff, 0xfe, 0, 10], ago_ms.to_be_bytes().as_slice()].concat();
    CameraNews::Arrived(Arrival {
        trigger: Trigger::Body,
        exposed: Exposure::exactly(clock.now().plus_ms(-ago_ms)),
        origin: Origin::default(),
        jpeg: Jpeg([&comment, &file[2..]].concat().into()),
    })
}

/// What was heard since the last time.
struct Ear(u64);

impl Ear {
    fn hears(&mut self, shift: &Shift) -> Option<Chime> {
        let (rung, last) = shift.heard();
        let before = std::mem::replace(&mut self.0, rung);
        assert!(rung <= before + 1, "one sound at a time: {} since", rung - before);
        last.filter(|_| rung > before)
    }
}

#[test]
fn who_sits_who_is_kept_and_who_is_asked_about_is_heard() {
    let (_folder, mut shift) = begin(plain, Box::new(|| Ok(Box::new(ModelFinder::new()?))));
    let mut ear = Ear(0);
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    assert_eq!(ear.hears(&shift), None);
    show(&mut shift, 1);
    assert_eq!(ear.hears(&shift), Some(Chime::Good));
    show(&mut shift, 1);
    assert_eq!(ear.hears(&shift), None, "he sits there already");
    shift.wish(Wish::Fire);
    until(&mut shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    assert_eq!(ear.hears(&shift), None, "nothing is wrong with it");
    shift.wish(Wish::Keep);
    assert_eq!(ear.hears(&shift), None, "nobody has said that it is kept");
    until(&mut shift, "it is saved", |view| view.saved.is_some());
    assert_eq!(ear.hears(&shift), Some(Chime::Saved));
    show(&mut shift, 1);
    assert_eq!(ear.hears(&shift), Some(Chime::Bad), "he has a portrait");
    shift.wish(Wish::Dismiss);
    assert_eq!(ear.hears(&shift), None);
    shift.see(Sight::TwoCodes);
    assert_eq!(ear.hears(&shift), Some(Chime::Bad));
}

#[test]
fn a_shot_that_is_of_no_use_is_heard_once() {
    // A finder that sees nobody: no portrait.
    let nobody: MakeFinder = Box::new(|| Ok(Box::new(PretendFinder::default())));
    let (_folder, mut shift) = begin(plain, nobody);
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    let mut ear = Ear(1);
    for _ in 0..2 {
        shift.wish(Wish::Fire);
        until(&mut shift, "it is looked at", |view| matches!(view.phase, Phase::Shot(..)));
        assert_eq!(ear.hears(&shift), None);
        until(&mut shift, "it is declined", |view| view.declined.is_some());
        assert_eq!(ear.hears(&shift), Some(Chime::Bad));
    }
    shift.wish(Wish::Dismiss);
    assert_eq!(ear.hears(&shift), None);
}

/// The button was pressed for nobody; that a card holds pictures of this morning is no news.
#[test]
fn a_shot_of_nobody_is_heard_when_it_was_just_taken() {
    let (_folder, mut shift, news, clock) = told(slow());
    let mut ear = Ear(0);
    for (ago_ms, wanted, strays) in [(200, Some(Chime::Stray), 1), (3_600_000, None, 2)] {
        news.send(pressed(clock, ago_ms)).unwrap();
        until(&mut shift, "it is put aside", |view| view.tally.strays == strays);
        assert_eq!(ear.hears(&shift), wanted, "{ago_ms}");
    }
    // While somebody sits: while his shot is judged, a second one is nobody's.
    show(&mut shift, 1);
    assert_eq!(ear.hears(&shift), Some(Chime::Good));
    news.send(pressed(clock, 0)).unwrap();
    until(&mut shift, "his shot is looked at", |view| matches!(view.phase, Phase::Shot(..)));
    assert_eq!(ear.hears(&shift), None);
}

#[test]
fn a_device_that_goes_is_heard_and_one_that_never_came_is_not() {
    let (_folder, mut shift, news, _) = told(slow());
    let mut ear = Ear(0);
    for connected in [true, false] {
        news.send(CameraNews::Lost(CameraError::NotFound)).unwrap();
        until(&mut shift, "it is gone", |view| !view.camera.connected && !view.troubles.is_empty());
        // What is told twice is heard once.
        std::thread::sleep(Duration::from_millis(300));
        shift.pump();
        assert_eq!(ear.hears(&shift), connected.then_some(Chime::Trouble));
    }
}
