//! The set-up from the lock and from a rehearsal: who may write, and the ways out.

use std::{fs, thread, time::Duration};

use super::stage::Stage;
use crate::opened;

/// From the first step to the last.
fn walk(stage: &Stage) {
    stage.go("Return", "setup 1 typing");
    for step in 2..=9 {
        stage.go("Return", &format!("setup {step}"));
    }
}

/// Settings are the administrator's: before a lock that nobody opened anybody may look, rehearse, and go back.
#[test]
#[ignore = "a minute, before a real window: ./dev expert"]
fn before_a_lock_nobody_changes_the_settings() {
    let home = tempfile::tempdir().unwrap();
    opened::lock(home.path().join(".local/share/caiying/store"));
    let (folder, said) = (home.path().join(".config/caiying"), "station = \"东门\"\n");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("settings.toml"), said).unwrap();
    let stage = Stage::at(home, &["--webcam", "none"]);
    let is_as_it_was = || fs::read_to_string(folder.join("settings.toml")).is_ok_and(|text| text == said);
    stage.until_shown("lock");
    stage.go("F7", "setup 0");
    stage.go("Escape", "lock");
    stage.go("F7", "setup 0");
    stage.press("2");
    walk(&stage);
    for key in ["1", "2"] {
        stage.press(key);
        thread::sleep(Duration::from_secs(1));
        assert_eq!(stage.shown(), "setup 9", "{key}: refused, and said");
    }
    stage.picture("settings_refused");
    assert!(is_as_it_was());
    stage.go("Escape", "lock");
    // Whoever changes nothing may rehearse.
    stage.go("F7", "setup 0");
    walk(&stage);
    stage.go("1", "capture");
    assert!(is_as_it_was());
}

/// A rehearsal's students come faster than a person could leave: nobody has to wait for an empty chair.
#[test]
#[ignore = "a minute, before a real window: ./dev expert"]
fn work_begins_from_a_rehearsal_while_somebody_sits() {
    let mut stage = Stage::set(&["--camera", "rehearsal", "--pause-ms", "1"]);
    stage.until(&["ready"]);
    stage.go("F7", "setup 0");
    walk(&stage);
    stage.go("2", "lock");
    stage.picture("work_begins");
}
