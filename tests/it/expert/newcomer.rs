//! A newcomer's first run: the set-up, then a morning's students.

use std::fs;

use super::{pace::Expert, stage::Stage};
use crate::opened;

/// Every screen once, and back.
fn look_around(stage: &Stage) {
    for (key, shown, name) in [
        ("F3", "retakes", "08_retakes"),
        ("F4", "tray", "09_strays"),
        ("F5", "day", "10_day"),
        ("F6", "checkup", "11_checkup"),
        ("F7", "setup", "12_set_up"),
        ("F2", "capture", "13_back"),
    ] {
        stage.press(key);
        stage.until_it("screen", || stage.shown().starts_with(shown));
        stage.picture(name);
    }
}

/// From unpacking to the first kept portraits, with the keyboard alone; then what every day brings.
#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_newcomer_gets_through_the_first_morning() {
    let mut stage = Stage::set(&[]);
    stage.until_shown("setup 0");
    stage.picture("01_language");
    stage.go("Return", "setup 1 typing");
    // Chinese, letter by letter, into the station's name; a space and an Enter in a field are no shutter.
    stage.press("ctrl+a");
    stage.types("东门 2");
    stage.picture("02_station");
    stage.go("Return", "setup 2");
    stage.press("2");
    stage.picture("02_profile");
    for step in 3..=9 {
        stage.go("Return", &format!("setup {step}"));
    }
    stage.picture("03_begin");
    stage.press("1");
    let written =
        || fs::read_to_string(stage.home().join(".config/caiying/settings.toml")).unwrap_or_default();
    stage.until_it("settings", || written().contains("东门 2"));
    assert!(written().contains("anqing_2027_graduates"), "{}", written());
    stage.until(&["ready"]);
    stage.picture("04_ready");
    stage.until_judged();
    stage.picture("05_judged");
    stage.press("s");
    stage.until(&["ready"]);
    stage.picture("06_stray");
    stage.press("Escape");
    let mut expert = Expert::new();
    expert.work(&mut stage, 19);
    // The twentieth with a look at the picture before it is kept.
    stage.until(&["ready"]);
    while !stage.until_judged() {
        stage.press("r");
        stage.until(&["ready"]);
    }
    stage.picture("07_judged");
    stage.press("Return");
    expert.was = Some("acceptable".to_owned());
    expert.work(&mut stage, 1);
    stage.picture("07_saved");
    look_around(&stage);
    expert.diary.tell("newcomer");
    assert_eq!(expert.diary.kept, 20, "all of them came, and all were kept");
    let rehearsals = stage.home().join(".local/share/caiying/rehearsals");
    let store = fs::read_dir(&rehearsals).unwrap().next().unwrap().unwrap().path();
    let tally = opened::ledger(&store).unwrap().tally(caiying::shot::Moment(0)).unwrap();
    assert_eq!((tally.students as usize, tally.strays >= 1), (expert.diary.kept, true), "{tally:?}");
}
