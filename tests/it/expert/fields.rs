//! What is typed into a field is text: no letter, no space and no Enter of it fires, keeps or seats.

use super::studio::Studio;

/// What must not change while somebody types.
fn so_far(studio: &Studio) -> (usize, usize, usize, Vec<String>) {
    (studio.camera.exposures().len(), studio.shots(), studio.stage.phases(), studio.kept())
}

#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn what_is_typed_into_a_field_fires_nothing() {
    let mut studio = Studio::open();
    // Nobody sits: the search, and whoever is in no roster.
    let before = so_far(&studio);
    studio.stage.go("f", "search 0 typing");
    studio.stage.types("r s b y o l  zz");
    for key in ["Return", "space", "Return"] {
        studio.stage.press(key);
    }
    studio.stage.picture("fields_01_search");
    studio.stage.go("Escape", "capture");
    studio.stage.go("w", "search 0 typing");
    studio.stage.types("王 小 五");
    studio.stage.press("Return");
    studio.stage.types("r s");
    studio.stage.press("Return");
    studio.stage.types("转 专业 来的");
    studio.stage.picture("fields_02_let_in");
    studio.stage.go("Escape", "capture");
    assert_eq!(so_far(&studio), before, "nobody sat, nothing was fired");

    // Somebody sits, and every key would mean something on his screen.
    studio.seat("4001");
    let before = so_far(&studio);
    studio.stage.go("F7", "setup 0");
    studio.stage.go("Return", "setup 1 typing");
    studio.stage.types(" 东门 2 号 r s");
    studio.stage.picture("fields_03_station");
    studio.stage.go("Return", "setup 2");
    studio.stage.go("F3", "retakes 3");
    studio.stage.go("f", "retakes 3 typing");
    studio.stage.types(" 40 01 r s 1 2 ");
    studio.stage.picture("fields_04_retakes");
    studio.stage.go("Return", "retakes 3");
    studio.stage.go("F2", "capture");
    assert_eq!(so_far(&studio), before, "he sits, and nobody fired");

    // A stray, and the reason why it is somebody's.
    studio.stage.press("space");
    studio.stage.until(&["acceptable"]);
    studio.stage.press("s");
    studio.stage.until(&["ready"]);
    let before = so_far(&studio);
    studio.stage.go("F4", "tray 1");
    studio.stage.go("Return", "tray opened 1");
    studio.stage.go("1", "tray judged typing");
    studio.stage.types("t 王 老师 c 1");
    studio.stage.press("Return");
    studio.stage.types("按 早 了 t");
    studio.stage.picture("fields_05_reason");
    studio.stage.go("Escape", "tray judged");
    // The key that left the field led nowhere else: T leads back into it.
    studio.stage.go("t", "tray judged typing");
    studio.stage.go("Escape", "tray judged");
    studio.stage.go("Escape", "tray opened 1");
    studio.stage.go("F2", "capture");
    assert_eq!(so_far(&studio), before, "he sits, nobody fired, the stray is a stray");
    assert_eq!(studio.strays(), 1);

    // And now he is shot, once.
    studio.shoot_and_keep();
    assert_eq!((studio.camera.exposures().len(), studio.kept()), (2, vec!["2024001".to_owned()]));
    eprintln!("fields: five fields typed into, {} shots, as many as keys that meant it", studio.is_whole());
}
