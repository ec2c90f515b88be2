//! The set-up, step by step.

use caiying::{
    camera::CameraError,
    language::Language,
    screens::{DeskView, Place, SetupView, View, trouble},
    settings::Settings,
    station::Phase,
};
use eframe::egui::Key;

use super::{Press, Scene};
use crate::screens::view;

fn choices() -> SetupView {
    let profiles = [
        ("anqing_2026_freshmen", "安庆职业技术学院 2026级新生"),
        ("anqing_2027_graduates", "安庆职业技术学院 2027届毕业生"),
        ("chsi_2017_99", "教毕指〔2017〕99号"),
        ("cqwu_2027_2028_graduates", "重庆文理学院 2027届、2028届毕业生"),
    ];
    SetupView {
        first_run: true,
        settings: Settings { profile: "anqing_2027_graduates".to_owned(), ..Settings::default() },
        profiles: profiles.map(|(name, title)| (name.to_owned(), title.to_owned())).to_vec(),
        cameras: vec!["Canon EOS 80D".to_owned()],
        webcams: vec!["HD Pro Webcam C920".to_owned(), "Integrated Camera (usb-0000:00:14.0-8)".to_owned()],
        ..SetupView::default()
    }
}

fn of(name: &'static str, choices: SetupView) -> Scene {
    let desk = DeskView::Setup(choices.into());
    Scene::of(name, Place::Setup, View { desk, ..view(Phase::Idle) })
}

/// The step after so many times Enter.
fn step(name: &'static str, steps: usize) -> Scene {
    of(name, choices()).after(std::iter::repeat_n(Key::Enter, steps))
}

pub(super) fn scenes() -> Vec<Scene> {
    let own = Settings { camera: "folder:/home/wang/EOS".to_owned(), ..choices().settings };
    let later = SetupView { first_run: false, rehearsal: true, cameras: vec![], settings: own, ..choices() };
    let refused = SetupView {
        trouble: Some(trouble::camera(&CameraError::Folder("/home/wang/EOS".into()))),
        ..choices()
    };
    let locked = SetupView {
        first_run: false,
        may_leave: true,
        trouble: Some(trouble::settings_locked()),
        ..choices()
    };
    vec![
        step("set_up_language", 0).unpainted(),
        of("set_up_station", choices()).typing([Press::Key(Key::Enter), Press::Text(" 甲")]),
        step("set_up_profile", 2).main(),
        step("set_up_camera", 3),
        step("set_up_webcam", 4),
        step("set_up_cloth", 5),
        step("set_up_sounds", 6).unpainted(),
        step("set_up_look", 7).unpainted(),
        step("set_up_sitter", 8),
        step("set_up_begin", 9),
        Scene { name: "set_up_station_en", ..step("", 1).spoken(Language::English) },
        Scene { name: "set_up_begin_en", ..step("", 9).spoken(Language::English) },
        of("set_up_refused", refused).after([Key::Enter, Key::Enter]),
        of("set_up_locked", locked).after([Key::Enter; 9]),
        // From a station at work, with F7.
        of("set_up_later", later).after([Key::Enter, Key::Enter, Key::Enter]),
    ]
}
