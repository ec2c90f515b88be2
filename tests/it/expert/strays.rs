//! A stray, and how it finds its student: by the keyboard alone, before two persons, each with a passphrase.

use std::{thread, time::Duration};

use caiying::station::Fact;

use super::studio::{Studio, number_of};
use crate::opened;

/// The photographer took a good portrait for a mistake and made it nobody's; the student has left. Two persons give it
/// to him.
#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_stray_is_given_to_its_student_by_two_persons() {
    let mut studio = Studio::open();
    // The school's supervisor comes later, when somebody has opened the window already.
    opened::supervise(studio.store());
    studio.seat("4001");
    studio.shoot_and_keep();
    studio.seat("4002");
    studio.stage.press("space");
    studio.stage.until(&["acceptable"]);
    studio.stage.picture("stray_01_judged");
    studio.stage.press("s");
    let sitting = studio.stage.until(&["ready"]).sitting.unwrap();
    studio.stage.picture("stray_02_made");
    studio.stage.press("Escape");
    studio.stage.until(&["idle", "saved"]);
    assert_eq!((studio.strays(), studio.kept()), (1, vec!["2024001".to_owned()]));

    studio.stage.go("F4", "tray 1");
    studio.stage.picture("stray_03_tray");
    studio.stage.go("Return", "tray opened 2");
    studio.stage.picture("stray_04_opened");
    studio.stage.go("1", "tray judged typing");
    studio.stage.picture("stray_05_judged");
    studio.stage.types("王老师");
    studio.stage.press("Return");
    studio.stage.types("考生当面确认，按早了");
    studio.stage.picture("stray_06_said");
    assert_eq!(studio.strays(), 1, "nothing is given before it is confirmed");
    studio.stage.go("Return", "tray judged");
    studio.stage.picture("stray_07_to_confirm");
    studio.stage.press("Return");
    thread::sleep(Duration::from_secs(2));
    studio.stage.picture("stray_08_second");
    assert_eq!(studio.strays(), 1, "nothing is given before the second one has shown who he is");
    studio.stage.types(opened::SUPERVISES);
    studio.stage.go("Return", "tray done");
    studio.stage.picture("stray_09_done");
    studio.stage.go("Return", "tray 0");
    studio.stage.picture("stray_10_empty");
    studio.stage.go("F2", "capture");

    let ledger = studio.ledger();
    let lines = ledger.lines().unwrap();
    let assigned = lines.iter().find_map(|line| match &line.fact {
        Fact::Assigned { sitting, shot, by, second, reason } => Some((*sitting, *shot, by, second, reason)),
        _ => None,
    });
    let (to, shot, by, second, reason) = assigned.unwrap();
    assert_eq!((by.as_str(), second.as_deref()), ("王老师", Some("李老师")));
    assert_eq!(reason, "考生当面确认，按早了");
    let code = |sitting| number_of(&ledger.sitting(sitting).unwrap().unwrap().code);
    assert_eq!((code(to), code(caiying::shot::SittingId(sitting))), ("2024002".into(), "2024002".into()));
    let his = studio.portraits().into_iter().find(|(number, ..)| number == "2024002").unwrap();
    assert_eq!(his.1, shot);
    assert_eq!((studio.kept().len(), studio.strays(), ledger.doubles().unwrap()), (2, 0, vec![]));
    eprintln!(
        "stray: shot {} is 2024002's, by {by} and {}; {} shots, all kept",
        shot.0,
        second.clone().unwrap(),
        studio.is_whole()
    );
}

/// Whoever wanted to give a stray has left before the second person came. What asks for the second one's passphrase is
/// no way back to the station for anybody who comes by.
#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn the_second_persons_lock_is_nobodys_way_in() {
    let mut studio = Studio::that_locks_soon();
    opened::supervise(studio.store());
    studio.seat("4002");
    studio.stage.press("space");
    studio.stage.until(&["acceptable"]);
    studio.stage.press("s");
    studio.stage.until(&["ready"]);
    studio.stage.press("Escape");
    studio.stage.until(&["idle", "saved"]);
    studio.stage.go("F4", "tray 1");
    studio.stage.go("Return", "tray opened 1");
    studio.stage.go("1", "tray judged typing");
    studio.stage.types("王老师");
    studio.stage.press("Return");
    studio.stage.types("按早了");
    studio.stage.go("Return", "tray judged");
    studio.stage.press("Return");
    thread::sleep(Duration::from_secs(65));
    studio.stage.press("Escape");
    thread::sleep(Duration::from_secs(1));
    studio.stage.picture("second_gone");
    studio.stage.press("F2");
    thread::sleep(Duration::from_secs(3));
    assert_eq!(studio.stage.shown(), "tray judged", "somebody got in without a passphrase");
    // Two may work here by now: the first of them is chosen.
    studio.stage.press("1");
    studio.stage.unlock();
    thread::sleep(Duration::from_secs(3));
    studio.stage.go("F2", "capture");
    assert_eq!(studio.strays(), 1, "nothing was given");
}
