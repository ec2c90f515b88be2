//! Whole mornings on each kind of camera: nobody gets another's portrait, none is lost, none doubled.

use std::{
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use caiying::{
    camera::CameraChoice,
    portrait::PretendFinder,
    profile::Profile,
    rehearsal::{Actor, Options, Report, rehearse},
    shift::{MakeFinder, Shift},
    shot::Clock,
    station::Wish,
};

use crate::shifts;

const STUDENTS: usize = 12;

fn play(seed: u64, camera: CameraChoice, stagehand: Option<String>) -> Report {
    play_with(Profile::builtin("chsi_2017_99").unwrap(), seed, camera, stagehand)
}

fn play_with(profile: Profile, seed: u64, camera: CameraChoice, stagehand: Option<String>) -> Report {
    play_in(profile, seed, camera, stagehand, false)
}

fn play_in(
    profile: Profile,
    seed: u64,
    camera: CameraChoice,
    stagehand: Option<String>,
    overlap: bool,
) -> Report {
    let place = tempfile::tempdir().unwrap();
    let report = rehearse(&Options {
        students: STUDENTS,
        seed,
        camera,
        stagehand,
        store: place.path().join("store"),
        profile: Arc::new(profile),
        program: PathBuf::from(env!("CARGO_BIN_EXE_caiying")),
        overlap,
        every: None,
    })
    .unwrap_or_else(|err| panic!("{err}"));
    eprintln!("{report}");
    report
}

fn went_well(report: &Report) {
    assert!(report.is_clean(), "{:?}", report.verdict);
    // Everybody was served, retakes on top; and everything bad was refused by the program itself.
    assert!(report.kept >= STUDENTS, "{report:?}");
    assert!(report.let_through.is_empty() && report.refused_good.is_empty(), "{report:?}");
    for reason in ["no_face", "many_faces", "no_room_above", "roll", "anothers_code"] {
        assert!(report.declined.contains_key(reason), "{reason}: {:?}", report.declined);
    }
    assert!(report.declined.keys().any(|reason| reason.contains("focus")), "{:?}", report.declined);
}

#[test]
fn a_morning_on_the_camera_that_plays_pictures() {
    let report = play(7, CameraChoice::Rehearsal, None);
    went_well(&report);
    assert!(report.strays > 0, "a shot between two sittings belongs to nobody");
}

#[test]
fn a_morning_on_a_hot_folder() {
    went_well(&play(8, CameraChoice::Folder(None), None));
}

#[test]
fn a_morning_on_the_real_libgphoto2() {
    let options = virtual_camera::Options { stagehand: Some(0), ..virtual_camera::Options::default() };
    let body = virtual_camera::VirtualCamera::start(&options).unwrap();
    let stagehand = body.stagehand_address().unwrap().to_string();
    went_well(&play(9, CameraChoice::Port(body.gphoto_port()), Some(stagehand)));
}

/// A school that reads 头部7/10 to the letter, with the tightest byte window: other portraits, the same promise.
#[test]
fn a_morning_with_large_heads_in_small_files() {
    let mut profile = Profile::builtin("tender_graduates").unwrap();
    profile.frame.target.head_px = 448.0;
    went_well(&play_with(profile, 10, CameraChoice::Rehearsal, None));
}

/// The next student's phone is always in view, codes are downloaded again, payment codes and other schools' are held up.
#[test]
fn a_morning_in_a_crowd() {
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    went_well(&play_in(profile, 11, CameraChoice::Rehearsal, None, true));
}

/// The operator sends a student away in the very moment in which he sits down: the next one comes all the same.
#[test]
fn whoever_is_sent_away_at_once_is_followed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let mut actor = Actor::new((6, Some(Duration::ZERO)), 7, &profile, clock).unwrap();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(PretendFinder::default())));
    let setup = shifts::setup(&folder.path().join("store"), clock, Box::new(actor.camera()), finder);
    let mut shift = Shift::begin(setup).unwrap();
    let (mut seated, since) = (vec![], Instant::now());
    while seated.len() < 3 {
        shift.pump();
        actor.act(&mut shift);
        if let Some(sitting) = shift.phase().sitting() {
            seated.push(sitting.id);
            shift.wish(Wish::Dismiss);
        }
        assert!(
            since.elapsed() < Duration::from_secs(300),
            "nobody comes after {seated:?}: {:?}",
            shift.phase()
        );
        thread::sleep(Duration::from_millis(5));
    }
    seated.dedup();
    assert_eq!(seated.len(), 3, "each sat down once");
}
