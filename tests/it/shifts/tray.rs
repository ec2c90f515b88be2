//! The tray of a working station: a stray lies there with its picture, is given to a student by a named act, and the
//! tray is empty.

use caiying::{
    screens::{AssignmentStage, CandidateSeat, DeskView, OpenedView, Place, Second, TrayAsk, TrayView},
    shot::ShotId,
    station::Fact,
};

use super::*;
use crate::opened;

/// Fires on the camera's body as soon as it is told to, once; then like any other camera.
struct ByBody {
    plain: Plain,
    clock: Clock,
    told: bool,
    now: Arc<AtomicBool>,
}

impl Camera for ByBody {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        self.plain.fire(sitting)
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if !std::mem::replace(&mut self.told, true) {
            return self.plain.next(patience);
        }
        if self.now.swap(false, Ordering::Relaxed) {
            return CameraNews::Arrived(Arrival {
                trigger: Trigger::Body,
                exposed: Exposure::exactly(self.clock.now()),
                origin: Origin::default(),
                jpeg: Jpeg(self.plain.another()),
            });
        }
        self.plain.next(patience)
    }
}

/// What the tray's screen shows.
fn tray(shift: &Shift) -> TrayView {
    let DeskView::Tray(tray) = shift.view_at(Place::Tray).desk else { panic!("another screen") };
    TrayView::clone(&tray)
}

fn until_tray(shift: &mut Shift, what: &str, awaited: impl Fn(&TrayView) -> bool) -> TrayView {
    let since = Instant::now();
    loop {
        shift.pump();
        let view = tray(shift);
        if view.is_stale {
            shift.tray_asks(TrayAsk::Look);
        }
        if awaited(&view) {
            return view;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "waited in vain until {what}: {view:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn until_opened(shift: &mut Shift, what: &str, awaited: impl Fn(&OpenedView) -> bool) -> OpenedView {
    until_tray(shift, what, |view| view.opened.as_ref().is_some_and(&awaited)).opened.unwrap()
}

fn judged(opened: &OpenedView) -> bool {
    matches!(opened.proposal, Some(AssignmentStage::Judged(_, true)))
}

fn confirm(by: &str, second: &str) -> TrayAsk {
    let [by, second, reason] = [by, second, "考生当面确认，按早了"].map(str::to_owned);
    TrayAsk::Confirm { by, second, reason }
}

/// Student 1 was kept; then the body's shutter was pressed before student 2 was seated, and he left without a portrait.
fn a_press_too_early(four_eyes: bool) -> (TempDir, Shift) {
    let folder = tempfile::tempdir().unwrap();
    let (clock, now) = (Clock::start(), Arc::new(AtomicBool::new(false)));
    let plain = Plain::new(clock, vec![sitter::jpeg(&sitter::well_seated())]);
    let camera = Box::new(ByBody { plain, clock, told: false, now: Arc::clone(&now) });
    let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let mut setup = setup(&folder.path().join("store"), clock, camera, finder);
    let mut profile = Profile::clone(&setup.profile);
    profile.strays.four_eyes = four_eyes;
    setup.profile = Arc::new(profile);
    let mut shift = Shift::begin(setup).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    keep(&mut shift, 1);
    shift.see(Sight::Gone);
    now.store(true, Ordering::Relaxed);
    until(&mut shift, "it is a stray", |view| view.tally.strays == 1);
    show(&mut shift, 2);
    shift.see(Sight::Gone);
    shift.wish(Wish::Dismiss);
    (folder, shift)
}

fn seat(opened: &OpenedView, n: u8) -> CandidateSeat {
    let seats = opened.candidates.as_deref().unwrap();
    seats.iter().find(|seat| seat.who.fingerprint == code(n).fingerprint()).unwrap().clone()
}

#[test]
fn a_press_too_early_is_found_in_the_tray_and_given_to_its_student() {
    let (folder, mut shift) = a_press_too_early(true);
    let view = until_tray(&mut shift, "it lies there", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|strays| strays.len() == 1)
    });
    let stray = view.strays.unwrap()[0].clone();
    assert_eq!((stray.shot, stray.trigger, stray.disowned), (ShotId(2), Trigger::Body, None));
    assert!(stray.is_dated && view.second == Second::IsNamed && view.opened.is_none());
    // Its picture, small.
    shift.tray_asks(TrayAsk::Print(stray.object, 240));
    assert!(tray(&shift).album.is_busy());
    until_tray(&mut shift, "its picture is there", |view| !view.album.is_busy() && view.album.len() == 1);

    shift.tray_asks(TrayAsk::Open(stray.shot));
    let two = |opened: &OpenedView| opened.candidates.as_ref().is_some_and(|seats| seats.len() == 2);
    let opened = until_opened(&mut shift, "who sat then is known", two);
    // Who has no portrait stands first; nobody is chosen.
    let seats = opened.candidates.clone().unwrap();
    assert_eq!(seats[0].who.fingerprint, code(2).fingerprint());
    assert_eq!((seats[0].portrait, opened.chosen), (None, None));
    assert!(seat(&opened, 1).portrait.is_some());
    // Before anybody chose, nobody can give it to anybody.
    shift.tray_asks(confirm("王老师", "李老师"));
    shift.tray_asks(TrayAsk::Choose(SittingId(77)));
    assert_eq!(tray(&shift).opened.unwrap().chosen, None, "nobody sat there");

    shift.tray_asks(TrayAsk::Choose(seats[0].sitting));
    until_opened(&mut shift, "it is judged", judged);
    // One person alone does not do.
    shift.tray_asks(confirm("王老师", ""));
    let refusal = tray(&shift).opened.unwrap().refusal.unwrap();
    assert!(refusal.remedy.zh.contains("另一位"), "{refusal:?}");
    shift.tray_asks(confirm("王老师", "李老师"));
    let done = |opened: &OpenedView| {
        opened.proposal == Some(AssignmentStage::Done(code(2).fingerprint())) && opened.refusal.is_none()
    };
    until_opened(&mut shift, "it is on disk", done);
    shift.tray_asks(TrayAsk::Close);
    let view = until_tray(&mut shift, "the tray is empty", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|strays| strays.is_empty())
    });
    assert!(view.opened.is_none() && view.doubles.unwrap().is_empty());
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.kept, report.faults), (2, vec![]));
}

#[test]
fn whoever_has_a_portrait_and_is_given_another_has_the_last_one_and_nobody_need_decide() {
    let (folder, mut shift) = a_press_too_early(false);
    until_tray(&mut shift, "it lies there", |view| view.strays.as_ref().is_some_and(|it| it.len() == 1));
    shift.tray_asks(TrayAsk::Open(ShotId(2)));
    let opened = until_opened(&mut shift, "who sat then is known", |opened| opened.candidates.is_some());
    let first = seat(&opened, 1);
    shift.tray_asks(TrayAsk::Choose(first.sitting));
    until_opened(&mut shift, "it is judged", judged);
    shift.tray_asks(confirm("王老师", ""));
    let done = |opened: &OpenedView| matches!(opened.proposal, Some(AssignmentStage::Done(_)));
    until_opened(&mut shift, "it is on disk", done);
    let view = until_tray(&mut shift, "the tray is empty", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|strays| strays.is_empty())
    });
    assert!(view.doubles.unwrap().is_empty(), "it was said which takes whose place");
    drop(shift);
    let ledger = opened::ledger(folder.path().join("store")).unwrap();
    let current: Vec<_> = ledger.current().unwrap().iter().map(|parcel| parcel.shot).collect();
    assert_eq!(current, [ShotId(2)]);
    let kept = ledger.lines().unwrap().into_iter().rev().find_map(|line| match line.fact {
        Fact::Kept { supersedes, .. } => Some(supersedes),
        _ => None,
    });
    assert_eq!(kept.unwrap(), Vec::from_iter(first.portrait));
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.kept, report.faults), (2, vec![]));
}

#[test]
fn who_sits_just_now_is_given_nothing_and_the_screen_says_why() {
    let (folder, mut shift) = a_press_too_early(false);
    show(&mut shift, 2);
    until_tray(&mut shift, "it lies there", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|it| it.len() == 1)
    });
    shift.tray_asks(TrayAsk::Open(ShotId(2)));
    let opened = until_opened(&mut shift, "who sat then is known", |opened| {
        opened.candidates.as_ref().is_some_and(|seats| seats.len() == 3)
    });
    let seats = opened.candidates.unwrap();
    let sits = seats.iter().find(|seat| seat.to.is_none()).unwrap().clone();
    assert_eq!(sits.who.fingerprint, code(2).fingerprint());
    shift.tray_asks(TrayAsk::Choose(sits.sitting));
    until_opened(&mut shift, "it is judged", judged);
    shift.tray_asks(confirm("王老师", ""));
    let refused = |opened: &OpenedView| {
        opened.refusal.as_ref().is_some_and(|words| words.headline.zh.contains("正在就座")) && judged(opened)
    };
    until_opened(&mut shift, "it is refused", refused);
    // One step back, and out: it is the stray it was.
    shift.tray_asks(TrayAsk::Unchoose);
    let opened = tray(&shift).opened.unwrap();
    assert_eq!((opened.chosen, opened.proposal, opened.refusal), (None, None, None));
    shift.tray_asks(TrayAsk::Close);
    assert!(tray(&shift).opened.is_none());
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.kept, report.faults), (1, vec![]));
}

/// While somebody looks at the stray, the one he thinks of sits down, is kept and goes: the screen knows it, and his
/// number leads to nobody else.
#[test]
fn who_is_kept_meanwhile_has_a_portrait_on_the_screen() {
    let (_folder, mut shift) = a_press_too_early(false);
    show(&mut shift, 3);
    shift.see(Sight::Gone);
    shift.wish(Wish::Dismiss);
    until(&mut shift, "all three have sat", |view| view.tally.sittings == 3);
    until_tray(&mut shift, "it lies there", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|it| it.len() == 1)
    });
    shift.tray_asks(TrayAsk::Open(ShotId(2)));
    let three = |opened: &OpenedView| opened.candidates.as_ref().is_some_and(|seats| seats.len() == 3);
    let before = until_opened(&mut shift, "who sat then is known", three);
    let second = seat(&before, 2);
    assert_eq!(before.candidates.as_deref().unwrap()[0].sitting, second.sitting, "he is the nearest");
    assert_eq!(second.portrait, None);
    keep(&mut shift, 2);
    let known = |opened: &OpenedView| {
        let seats = opened.candidates.as_deref().unwrap_or_default();
        seats.len() == 4 && seats[0].sitting == second.sitting && seats[0].portrait.is_some()
    };
    until_opened(&mut shift, "he has a portrait", known);
}

/// What is missing from the vault has no picture; the rest goes on.
/// Somebody well seated, and beside him the phone of student 2 with its code.
fn beside_a_phone() -> Vec<u8> {
    let mut frame = sitter::well_seated();
    let phone = crate::scanning::picture(code(2).expose().as_bytes(), 7);
    for (n, grey) in phone.pixels.iter().enumerate() {
        frame.put_pixel((n % phone.width) as u32, (n / phone.width) as u32, image::Rgb([*grey; 3]));
    }
    sitter::jpeg(&frame)
}

/// The camera saw whose code it was: neither at once nor from the tray is the picture another one's, whoever says so.
#[test]
fn a_stray_that_shows_a_students_code_is_given_to_nobody_else() {
    let showing = |clock| -> Box<dyn Camera> { Box::new(Plain::new(clock, vec![beside_a_phone()])) };
    let (folder, mut shift) = begin(showing, Box::new(|| Ok(Box::new(ModelFinder::new()?))));
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    until(&mut shift, "it is a stray", |view| view.tally.strays == 1);
    shift.wish(Wish::Dismiss);
    show(&mut shift, 2);
    shift.see(Sight::Gone);
    shift.wish(Wish::Dismiss);
    let view = until_tray(&mut shift, "it lies there", |view| {
        !view.is_stale && view.strays.as_ref().is_some_and(|strays| strays.len() == 1)
    });
    shift.tray_asks(TrayAsk::Open(view.strays.unwrap()[0].shot));
    let two = |opened: &OpenedView| opened.candidates.as_ref().is_some_and(|seats| seats.len() == 2);
    let opened = until_opened(&mut shift, "who sat then is known", two);

    shift.tray_asks(TrayAsk::Choose(seat(&opened, 1).sitting));
    let refused = |opened: &OpenedView| matches!(&opened.proposal, Some(AssignmentStage::Refused(words)) if words.headline.zh.contains("采集码"));
    until_opened(&mut shift, "it is not offered to him", refused);
    shift.tray_asks(confirm("王老师", "李老师"));
    assert!(tray(&shift).opened.unwrap().refusal.unwrap().headline.zh.contains("采集码"));
    shift.tray_asks(TrayAsk::Unchoose);
    shift.tray_asks(TrayAsk::Choose(seat(&opened, 2).sitting));
    until_opened(&mut shift, "it is judged", judged);
    shift.tray_asks(confirm("王老师", "李老师"));
    let his = AssignmentStage::Done(code(2).fingerprint());
    until_opened(&mut shift, "it is on disk", |opened| opened.proposal.as_ref() == Some(&his));
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.kept, report.faults), (1, vec![]));
}

#[test]
fn a_picture_that_cannot_be_read_is_said_so() {
    let (_folder, mut shift) = a_press_too_early(false);
    let nothing = caiying::shot::Digest::of(b"nothing");
    shift.tray_asks(TrayAsk::Print(nothing, 240));
    // One at a time: another one is not asked for meanwhile.
    shift.tray_asks(TrayAsk::Print(caiying::shot::Digest::of(b"another"), 240));
    until_tray(&mut shift, "it is known", |view| !view.album.is_busy());
    assert_eq!(tray(&shift).album.len(), 1);
}
