//! A retake from F3: whoever has a portrait comes again, and gets another.

use super::studio::Studio;

#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_retake_gives_a_student_another_portrait_and_not_two() {
    let mut studio = Studio::open();
    for number in ["4001", "4002"] {
        studio.seat(number);
        studio.shoot_and_keep();
    }
    let before = studio.portraits();
    studio.stage.press("F3");
    studio.stage.until_shown("retakes 3");
    studio.stage.picture("retake_01_missing");
    // Everybody: he has a portrait.
    studio.stage.press("3");
    studio.stage.go("f", "retakes 3 typing");
    studio.stage.types("4002");
    studio.stage.picture("retake_02_searched");
    // He is found alone, and looked at; the next Enter seats him.
    studio.stage.go("Return", "retakes history");
    studio.stage.picture("retake_03_chosen");
    studio.stage.press("Return");
    studio.stage.until(&["kept_before"]);
    studio.stage.until_shown("capture");
    studio.stage.picture("retake_04_kept_before");
    studio.stage.press("b");
    studio.compare();
    studio.stage.picture("retake_05_ready");
    studio.shoot_and_keep();
    studio.stage.picture("retake_06_saved");

    let after = studio.portraits();
    let of = |portraits: &[(String, _, _)], number: &str| {
        let his: Vec<_> = portraits.iter().filter(|(his, ..)| his == number).cloned().collect();
        assert_eq!(his.len(), 1, "one portrait is current");
        his[0].clone()
    };
    assert_eq!(of(&before, "2024001"), of(&after, "2024001"), "the other one keeps his");
    assert_ne!(of(&before, "2024002").2, of(&after, "2024002").2, "he has another");
    assert!(of(&before, "2024002").1 < of(&after, "2024002").1, "of a later shot");
    let ledger = studio.ledger();
    assert_eq!((after.len(), ledger.kept().unwrap().len(), ledger.queue().unwrap().len()), (2, 3, 2));
    assert_eq!(ledger.doubles().unwrap(), [], "the new one took the former one's place: nobody need decide");
    eprintln!(
        "retake: 2024002's portrait is of shot {}, no longer of {}; {} shots",
        of(&after, "2024002").1.0,
        of(&before, "2024002").1.0,
        studio.is_whole()
    );
}
