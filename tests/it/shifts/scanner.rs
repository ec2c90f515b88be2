//! Scanners that type, cards of commands, and codes that the camera itself saw, at the wired station.

use caiying::scan::{Command, Misscan, Scan};
use jpeg_encoder::{ColorType, Encoder};

use super::*;
use crate::opened;

/// A picture of a code, as a camera's file: black and white, 8 pixels a module.
fn shows(n: u8) -> Vec<u8> {
    let grey = crate::scanning::picture(code(n).expose().as_bytes(), 8);
    let mut jpeg = Vec::new();
    let (width, height) = (grey.width as u16, grey.height as u16);
    Encoder::new(&mut jpeg, 95).encode(&grey.pixels, width, height, ColorType::Luma).unwrap();
    jpeg
}

fn scans(shift: &mut Shift, text: &str) {
    shift.scanned(Ok(Scan(text.to_owned())));
}

fn sits(n: u8) -> impl Fn(&View) -> bool {
    move |view| view.phase.sitting().is_some_and(|sitting| sitting.code == code(n))
}

fn notice(view: &View) -> Option<String> {
    let notice = view.troubles.iter().find(|trouble| trouble.kind == TroubleKind::Notice)?;
    Some(notice.words.headline.zh.clone())
}

#[test]
fn a_scanned_code_seats_its_student_or_he_is_asked_about_when_the_chair_is_free() {
    let (_store, mut shift) = begin(plain, slow());
    scans(&mut shift, code(1).expose());
    scans(&mut shift, code(2).expose());
    let next = shift.line().remove(0);
    assert!(next.seen.code == code(2) && !next.in_view && notice(&shift.view()).is_none());
    shift.wish(Wish::Dismiss);
    assert!(matches!(shift.phase(), Phase::Awaited(expected) if expected.seen.code == code(2)));
    assert!(shift.view().student.is_none());
    shift.wish(Wish::Seat);
    assert!(sits(2)(&shift.view()));
}

#[test]
fn where_nobody_is_expected_a_code_that_was_scanned_too_early_must_be_scanned_again() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let mut setup = setup(&folder.path().join("store"), clock, plain(clock), slow());
    let mut profile = Profile::clone(&setup.profile);
    profile.station.next_waits_s = 0;
    setup.profile = Arc::new(profile);
    let mut shift = Shift::begin(setup).unwrap();
    scans(&mut shift, code(1).expose());
    assert!(sits(1)(&shift.view()));
    scans(&mut shift, code(2).expose());
    assert!(sits(1)(&shift.view()) && shift.view().line.is_empty(), "nobody waits in a scanner");
    assert!(notice(&shift.view()).is_some_and(|words| words.contains("上一位考生还没有结束")));
    // The same code once more changes nothing, and whoever was sent away may come back at once.
    scans(&mut shift, code(1).expose());
    shift.wish(Wish::Dismiss);
    assert_eq!(*shift.phase(), Phase::Idle, "the scan of who sat does not seat him again by itself");
    scans(&mut shift, code(1).expose());
    assert!(sits(1)(&shift.view()));
}

#[test]
fn what_was_scanned_badly_is_told_and_seats_nobody() {
    let (_store, mut shift) = begin(plain, slow());
    shift.scanned(Err(Misscan::CapsLock));
    assert!(notice(&shift.view()).is_some_and(|words| words.contains("大写锁定")));
    scans(&mut shift, "CAIYING-KEEP-0000");
    assert!(notice(&shift.view()).is_some_and(|words| words.contains("命令码")));
    scans(&mut shift, "  ");
    assert_eq!(*shift.phase(), Phase::Idle);
}

#[test]
fn a_command_does_what_its_key_does_and_only_where_the_key_would() {
    let (_store, mut shift) = begin(plain, slow());
    until(&mut shift, "the camera", |view| view.camera.connected);
    scans(&mut shift, &Command::Shoot.text());
    assert!(notice(&shift.view()).is_some_and(|words| words.contains("用不上")), "nobody sits");
    show(&mut shift, 1);
    // Held before the webcam, a command is obeyed once and is nobody's code.
    shift.see(Sight::Seen(Command::Shoot.text().parse().unwrap()));
    assert!(matches!(shift.phase(), Phase::CodeScanned(sitting) if sitting.fired && sitting.code == code(1)));
    scans(&mut shift, &Command::Dismiss.text());
    assert_eq!(*shift.phase(), Phase::Idle);
    shift.see(Sight::Gone);
    shift.see(Sight::Seen(Command::Keep.text().parse().unwrap()));
    assert_eq!(*shift.phase(), Phase::Idle, "a card is no student");
}

#[test]
fn a_shot_that_shows_anothers_code_is_a_stray_and_the_operator_says_who_sits() {
    let showing = |clock| -> Box<dyn Camera> { Box::new(Plain::new(clock, vec![shows(2)])) };
    let (store, mut shift) = begin(showing, slow());
    until(&mut shift, "the camera", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    let doubted = |view: &View| view.phase.sitting().is_some_and(caiying::station::Sitting::is_doubted);
    let view = until(&mut shift, "the witness", doubted);
    assert!(view.declined.is_some_and(|why| why.zh.contains("另一位考生的采集码")));
    scans(&mut shift, &Command::Shoot.text());
    assert!(doubted(&shift.view()), "nothing fires");
    until(&mut shift, "the stray in the tally", |view| view.tally.strays == 1);
    shift.wish(Wish::Again);
    assert!(!doubted(&shift.view()) && sits(1)(&shift.view()));
    drop(shift);
    assert_eq!(originals(&store.path().join("store")), 1, "set aside, not lost");
    assert_eq!(opened::verify(store.path().join("store")).unwrap().faults, []);
}

#[test]
fn his_own_code_in_the_shot_is_no_news() {
    let showing = |clock| -> Box<dyn Camera> { Box::new(Plain::new(clock, vec![shows(1)])) };
    let (_store, mut shift) = begin(showing, slow());
    until(&mut shift, "the camera", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    let view = until(&mut shift, "the darkroom", |view| view.declined.is_some() || view.portrait.is_some());
    assert!(view.declined.is_none_or(|why| !why.zh.contains("采集码")));
    assert_eq!(shift.tally().strays, 0);
}
