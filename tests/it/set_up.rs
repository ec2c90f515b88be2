//! The set-up: a newcomer's first screen, walked through with the keyboard alone; and what is written down of it.

use std::sync::Arc;

use caiying::{
    language::Language,
    screens::{DeskView, Place, SetupAsk, SetupDesk, SetupView, View, setup_ui, theme},
    settings::{Look, SecondScreen, Settings},
    station::Phase,
};
use eframe::egui::{Event, Key, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::screens::{self, desk_at};

type Desk = Harness<'static, (SetupView, SetupDesk, Vec<SetupAsk>)>;

fn view() -> SetupView {
    SetupView {
        first_run: true,
        profiles: vec![
            ("anqing".to_owned(), "安庆职业技术学院 2027届毕业生".to_owned()),
            ("chsi_2017_99".to_owned(), "教毕指〔2017〕99号".to_owned()),
        ],
        webcams: vec!["HD Pro Webcam C920".to_owned(), "Integrated Camera".to_owned()],
        ..SetupView::default()
    }
}

fn desk(view: SetupView) -> Desk {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, (view, desk, asks): &mut (SetupView, SetupDesk, Vec<SetupAsk>)| {
                asks.extend(setup_ui(ui, view, desk));
            },
            (view, SetupDesk::default(), vec![]),
        );
    harness.run();
    harness
}

fn press(desk: &mut Desk, keys: &[Key]) {
    for key in keys {
        desk.key_press(*key);
        desk.run();
    }
}

#[test]
fn a_newcomer_chooses_everything_with_numbers_and_enter() {
    let mut desk = desk(view());
    assert!(desk.query_by_label("界面用哪种语言").is_some());
    press(&mut desk, &[Key::Enter]);
    // The field has the focus at once: what is typed is the station's name, and no number chooses anything.
    desk.event(Event::Text("甲 3".to_owned()));
    desk.run();
    press(&mut desk, &[Key::Enter, Key::Num1, Key::Enter, Key::Enter, Key::Num2, Key::Enter]);
    assert!(desk.query_by_label("开工前要不要拍背景布的参照").is_some());
    press(&mut desk, &[Key::Num1, Key::Enter]);
    assert!(desk.query_by_label("要不要提示音").is_some());
    press(&mut desk, &[Key::Num2, Key::Enter, Key::Num2, Key::Enter, Key::Num3, Key::Enter]);
    assert!(desk.query_by_label("都选好了").is_some());
    assert!(desk.state().2.is_empty(), "nothing begins before the last step");
    press(&mut desk, &[Key::Enter]);
    assert!(
        desk.state().2.is_empty(),
        "Enter alone begins nothing: which of the two is chosen by its number"
    );
    press(&mut desk, &[Key::Num1]);
    let [SetupAsk::Rehearse(chosen)] = desk.state().2.as_slice() else { panic!("{:?}", desk.state().2) };
    let Settings { station, profile, camera, webcam, sounds, look, language, second_screen, .. } = &**chosen;
    assert_eq!((*second_screen, chosen.calibrate_first), (SecondScreen::Fullscreen, true));
    assert!(station.contains("甲 3"), "{station}");
    assert_eq!((profile.as_str(), camera.as_str()), ("anqing", "auto"));
    assert_eq!(webcam.as_deref(), Some("HD Pro Webcam C920"));
    assert_eq!((*sounds, *look, *language), (false, Look::Light, Language::Chinese));
}

#[test]
fn one_goes_back_and_changes_the_language_at_once() {
    let mut desk = desk(view());
    press(&mut desk, &[Key::Enter]);
    desk.get_by_label("✓  语言").click();
    desk.run();
    press(&mut desk, &[Key::Num2]);
    assert!(desk.query_by_label("which language?").is_some());
    press(&mut desk, &[Key::Num1, Key::Enter, Key::Enter]);
    // Whoever goes back step by step takes no letter off the station's name.
    press(&mut desk, &[Key::Backspace]);
    assert!(desk.query_by_label("这台采集站叫什么").is_some());
    assert!(desk.query_by_label("要改就按 Tab").is_some());
    press(&mut desk, &[Key::Backspace]);
    assert!(desk.query_by_label("界面用哪种语言").is_some());
    // Who comes forward again may type at once.
    press(&mut desk, &[Key::Enter]);
    desk.event(Event::Text("乙".to_owned()));
    desk.run();
    press(&mut desk, &[Key::Enter, Key::Backspace, Key::Tab]);
    desk.event(Event::Text("9".to_owned()));
    desk.run();
    for _ in 0..8 {
        press(&mut desk, &[Key::Enter]);
    }
    press(&mut desk, &[Key::Num2]);
    let [SetupAsk::Work(chosen)] = desk.state().2.as_slice() else { panic!("{:?}", desk.state().2) };
    assert!(chosen.station.contains('乙') && chosen.station.contains('9'), "{}", chosen.station);
}

/// Whoever came from the lock by mistake goes back to it, and nothing is written.
#[test]
fn from_a_lock_one_goes_back_and_changes_nothing() {
    for (may_leave, asked) in [(true, vec![SetupAsk::Leave]), (false, vec![])] {
        let mut desk = desk(SetupView { may_leave, first_run: false, ..view() });
        press(&mut desk, &[Key::Num2, Key::Escape]);
        assert_eq!(desk.state().2, asked);
        assert_eq!(desk.query_by_label_contains("back  [Esc]").is_some(), may_leave);
    }
}

#[test]
fn what_went_wrong_is_said_and_what_was_chosen_stays() {
    let trouble = caiying::screens::trouble::somebody_sits();
    let said = format!("▲ {}", trouble.line(Language::Chinese));
    let settings = Settings { camera: "folder:/home/a/EOS".to_owned(), ..Settings::default() };
    let mut desk = desk(SetupView { trouble: Some(trouble), settings, ..view() });
    assert!(desk.query_by_label(&said).is_some());
    desk.get_by_label("●  相机").click();
    desk.run();
    assert!(
        desk.query_by_label_contains("folder:/home/a/EOS").is_some(),
        "a choice of the file's own stays one"
    );
    desk.get_by_label("●  开始").click();
    desk.run();
    press(&mut desk, &[Key::Num2]);
    let [SetupAsk::Work(chosen)] = desk.state().2.as_slice() else { panic!("{:?}", desk.state().2) };
    assert_eq!(chosen.camera, "folder:/home/a/EOS");
}

/// The field of the station's name waits all the time; the keys above it work all the same, and letters are letters.
#[test]
fn from_the_stations_name_one_goes_wherever_the_keys_say() {
    for (key, there) in [(Key::F2, Place::Capture), (Key::F6, Place::Checkup), (Key::L, Place::Setup)] {
        let setup = DeskView::Setup(Arc::new(SetupView { first_run: false, ..view() }));
        let mut desk = desk_at(View { desk: setup, ..screens::view(Phase::Idle) }, Place::Setup);
        desk.key_press(Key::Enter);
        desk.run();
        assert!(desk.query_by_label("这台采集站叫什么").is_some());
        desk.key_press(key);
        desk.run();
        assert_eq!(desk.state().1.here(), there, "{key:?}");
    }
}
