//! What live view says is to be mended reaches the screen while somebody can mend it, and no longer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use caiying::{
    camera::rehearsal::Stage,
    portrait::{FaceFinder, FinderError, Found, LiveHint, ModelFinder, Picture},
    screens::{LiveView, View},
    shift::{MakeFinder, Setup, Shift},
    shot::Clock,
    station::Wish,
};

use super::{Seeing, setup, show, slow, until};
use crate::{
    live_hints::{leaning, lenient},
    sitter,
};

/// Sees nobody, and counts how often it was asked.
struct Blind(Arc<AtomicUsize>);

impl FaceFinder for Blind {
    fn find(&mut self, _picture: &Picture, _min_score: f64) -> Result<Found, FinderError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Found::default())
    }
}

fn watched(glancer: MakeFinder) -> (tempfile::TempDir, Shift) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let setup = setup(&folder.path().join("store"), clock, Box::new(Seeing::default()), slow());
    let mut shift = Shift::begin(Setup { glancer, ..setup }).unwrap();
    shift.watch();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    (folder, shift)
}

fn is_framed(view: &View) -> bool {
    matches!(view.live, LiveView::Frame(_))
}

#[test]
fn who_sits_is_told_and_an_empty_chair_is_no_fault() {
    let glances = Arc::new(AtomicUsize::new(0));
    let blind = Blind(Arc::clone(&glances));
    let (_folder, mut shift) = watched(Box::new(|| Ok(Box::new(blind))));
    show(&mut shift, 1);
    assert_eq!(shift.view().hint, None);
    until(&mut shift, "he is told", |view| view.hint == Some(LiveHint::Nobody));
    shift.wish(Wish::Dismiss);
    let before = glances.load(Ordering::Relaxed);
    let looked_on = || glances.load(Ordering::Relaxed) > before + 8;
    let view = until(&mut shift, "the chair is looked at", |view| is_framed(view) && looked_on());
    assert_eq!(view.hint, None, "an empty chair is no fault");
    show(&mut shift, 2);
    assert_eq!(shift.view().hint, None, "what was said of another is nobody's business");
    until(&mut shift, "he is told as well", |view| view.hint == Some(LiveHint::Nobody));
    shift.turn_live();
    let view = until(&mut shift, "it is off", |view| view.live == LiveView::Off);
    assert_eq!(view.hint, None);
    std::thread::sleep(Duration::from_millis(300));
    let before = glances.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(500));
    shift.pump();
    assert_eq!(glances.load(Ordering::Relaxed), before, "nobody looks when live view is off");
}

#[test]
fn models_that_do_not_load_are_told_and_nothing_else_suffers() {
    let broken: MakeFinder = Box::new(|| Err(FinderError::Shape { model: "test" }));
    let (_folder, mut shift) = watched(broken);
    show(&mut shift, 1);
    let told =
        |view: &View| view.troubles.iter().any(|trouble| trouble.words.headline.zh.contains("没有提示"));
    until(&mut shift, "it is told", told);
    let view = until(&mut shift, "he is seen all the same", is_framed);
    assert_eq!(view.hint, None);
}

#[test]
fn a_student_of_the_rehearsal_is_told_to_sit_straight_until_he_does() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let stage = Stage::new(clock, Duration::ZERO);
    let person = sitter::well_seated();
    stage.set_view(sitter::jpeg(&leaning(&person, 17.0)).into());
    let setup = setup(&folder.path().join("store"), clock, Box::new(stage.camera()), slow());
    let glancer: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let profile = Arc::new(lenient());
    let mut shift = Shift::begin(Setup { glancer, profile, ..setup }).unwrap();
    shift.watch();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    until(&mut shift, "he is told", |view| view.hint == Some(LiveHint::LeanRight));
    stage.set_view(sitter::jpeg(&person).into());
    until(&mut shift, "he sits well", |view| is_framed(view) && view.hint.is_none());
}
