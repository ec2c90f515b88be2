//! The camera goes and comes back: before a shot, in the middle of one, and while somebody presses its own button.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use caiying::shot::Digest;

use super::studio::{Studio, with_roster};
use crate::opened;
use crate::sitter;

#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_camera_that_is_lost_and_comes_back_loses_and_doubles_nothing() {
    let mut studio = Studio::open();
    // Before the shot: the keys that are pressed meanwhile fire nothing, not even later.
    studio.seat("4001");
    studio.camera.unplug();
    studio.stage.until(&["no_camera"]);
    studio.stage.picture("device_01_lost");
    for key in ["space", "space", "Return"] {
        studio.stage.press(key);
    }
    studio.camera.plug().unwrap();
    studio.stage.until(&["ready"]);
    studio.stage.picture("device_02_back");
    assert_eq!(studio.camera.exposures().len(), 0, "nobody fired");
    studio.shoot_and_keep();
    assert_eq!((studio.camera.exposures().len(), studio.shots()), (1, 1));

    // In the middle: the shutter has opened, the file is not there yet.
    studio.seat("4002");
    studio.camera.set_capture_delay(Duration::from_secs(3));
    studio.stage.press("space");
    studio.stage.until(&["fired"]);
    let camera = &studio.camera;
    studio.stage.until_it("exposure", || camera.exposures().len() == 2);
    studio.camera.unplug();
    studio.stage.until(&["no_camera"]);
    studio.stage.picture("device_03_lost_in_the_middle");
    studio.camera.plug().unwrap();
    studio.camera.set_capture_delay(Duration::ZERO);
    // Who sat is known, not who was shot: the file is fetched, and it is nobody's before a person says whose.
    let said = studio.stage.until(&["acceptable", "ready"]);
    studio.stage.picture("device_04_back");
    studio.stage.until_it("file", || studio.shots() == 2);
    if said.word == "ready" {
        studio.shoot_and_keep();
    } else {
        studio.stage.press("Return");
        studio.stage.until(&["saved"]);
    }

    // While it is away the photographer presses its own button, with nobody on the chair.
    studio.camera.unplug();
    studio.stage.until(&["no_camera"]);
    studio.camera.press_shutter().unwrap();
    studio.camera.plug().unwrap();
    let strays = studio.strays();
    studio.stage.until_it("shot from the card", || studio.strays() == strays + 1);
    studio.stage.picture("device_05_found");
    studio.seat("4003");
    studio.shoot_and_keep();
    studio.stage.picture("device_06_saved");
    assert_eq!(studio.kept(), ["2024001", "2024002", "2024003"], "each once");
    assert_eq!(studio.ledger().kept().unwrap().len(), 3, "nobody has two");
    eprintln!(
        "device: lost three times; {} shots, {} of them strays, 3 students, nothing lost or doubled",
        studio.is_whole(),
        studio.strays()
    );
}

/// A picture of its own: no two files of a camera are alike.
fn shot(number: u8) -> Vec<u8> {
    let jpeg = sitter::jpeg(&sitter::well_seated());
    [&[0xff, 0xd8, 0xff, 0xfe, 0, 3, number], &jpeg[2..]].concat()
}

/// The same with a folder that another program writes into: it goes with a share, or with a card that is pulled out.
#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_folder_that_is_gone_and_comes_back_loses_and_doubles_nothing() {
    let hot = tempfile::tempdir().unwrap();
    let (here, away) = (hot.path().join("hot"), hot.path().join("away"));
    fs::create_dir(&here).unwrap();
    let (mut stage, store) = with_roster(&format!("folder:{}", here.display()));
    stage.until(&["idle"]);
    let shots = || opened::ledger(&store).unwrap().shots().unwrap();
    let write = |folder: &Path, number: u8| {
        fs::write(folder.join("writing"), shot(number)).unwrap();
        fs::rename(folder.join("writing"), folder.join(format!("IMG_{number:04}.JPG"))).unwrap();
    };
    write(&here, 1);
    stage.until_it("shot", || shots().len() == 1);
    fs::rename(&here, &away).unwrap();
    stage.until(&["no_camera"]);
    stage.picture("folder_01_lost");
    write(&away, 2);
    fs::rename(&away, &here).unwrap();
    stage.until(&["idle"]);
    stage.until_it("shot that was taken meanwhile", || shots().len() == 2);
    write(&here, 3);
    stage.until_it("shot", || shots().len() == 3);
    stage.picture("folder_02_back");
    let ledger = opened::ledger(&store).unwrap();
    let files: BTreeSet<String> = shots().iter().map(|shot| shot.jpeg.to_string()).collect();
    let written: BTreeSet<String> = (1..=3).map(|number| Digest::of(&shot(number)).to_string()).collect();
    assert_eq!((files, ledger.unsound().unwrap()), (written, vec![]));
    // A clock that nobody set tells nothing: without a certain moment they are nobody's.
    eprintln!("folder: gone and back; 3 files, 3 shots, {} of them strays", ledger.strays().unwrap().len());
}
