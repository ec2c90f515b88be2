//! The morning's reference: work begins with it, a camera shoots it, and nobody closes the window for it.

use std::fs;

use caiying::settings::Calibration;

use super::studio::Studio;

#[test]
#[ignore = "a minute, before a real window: ./dev expert"]
fn a_morning_begins_with_a_reference() {
    let mut studio = Studio::that_calibrates_first();
    studio.stage.until_shown("reference awaited");
    studio.stage.picture("calibrating_01_asked");
    studio.stage.press("space");
    studio.stage.until_shown("reference measured");
    studio.stage.picture("calibrating_02_measured");
    let file = studio.stage.home().join(".config/caiying/calibration.toml");
    assert!(!file.exists(), "nobody has taken it yet");
    studio.stage.go("Return", "checkup");
    studio.stage.picture("calibrating_03_taken");
    let first = Calibration::parse(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(first.camera.as_deref(), Some("Canon EOS 80D"));

    // Lamps are moved at noon: once more, by its key; and a shot that is not wanted leaves everything as it was.
    studio.stage.go("j", "reference awaited");
    studio.stage.press("space");
    studio.stage.until_shown("reference measured");
    studio.stage.go("Escape", "checkup");
    assert_eq!(Calibration::parse(&fs::read_to_string(&file).unwrap()).unwrap(), first);

    studio.stage.go("F2", "capture");
    studio.seat("4001");
    studio.shoot_and_keep();
    assert_eq!(studio.kept(), ["2024001"]);
    let strays = studio.strays();
    eprintln!("calibrating: {} shots, {strays} of them references, 1 student", studio.is_whole());
    assert_eq!(strays, 2, "references are kept, and are nobody's");
}
