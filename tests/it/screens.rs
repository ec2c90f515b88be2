//! The capture screen, driven through its accessibility tree, without a window. A character that our fonts do not
//! have stops a test by itself.

use std::sync::Arc;

use caiying::{
    language::{Language, Phrase},
    ledger::Tally,
    portrait::{Answer, Colours, Finding, FrameError, LiveHint, Picture, Verdict},
    profile::{NotACode, Profile},
    screens::{
        Asked, Board, CameraView, CardView, DeskView, FrameView, LiveFrame, LiveView, LookupView,
        MachineView, Pace, Place, PortraitView, StudentView, Trouble, TroubleKind, View, release_ui, theme,
        trouble, wants_live_turned, window_ui,
    },
    shot::{ShotId, SittingId, Trigger},
    station::{Expected, Phase, Refusal, SeenCode, Sitting, Take, Wish},
};
use eframe::egui::{Color32, Key, Rect, Shape, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::world::{at, code, portrait, shot};

pub(crate) fn sitting() -> Sitting {
    Sitting { takes: 1, ..Sitting::new(SittingId(1), SeenCode::unread(code(1)), at(1), false) }
}

pub(crate) fn take(verdict: Verdict) -> Take {
    let mut portrait = portrait(ShotId(1));
    let answer = Answer { verdict, value: 6.1, limit: "≤ 5°".to_owned() };
    let advice = (verdict != Verdict::Pass).then(|| Phrase::new("头歪了：请摆正", "straighten the head"));
    portrait.findings.push(Finding {
        check: "roll",
        title: Phrase::new("头部倾斜", "roll"),
        answer,
        advice,
        sitter: None,
    });
    Take::of(shot(1, Trigger::Body, 2), portrait)
}

pub(crate) fn view(phase: Phase) -> View {
    let student = phase.sitting().map(|sitting| StudentView {
        fingerprint: sitting.code.fingerprint(),
        takes: sitting.takes,
        retake: sitting.retake,
    });
    let portrait = match &phase {
        Phase::Reviewing(_, take) => Some(PortraitView {
            jpeg: take.portrait.jpeg.clone(),
            sha256: take.portrait.sha256,
            verdict: take.portrait.verdict(),
            findings: take.portrait.findings.clone(),
            ms: 240.0,
        }),
        _ => None,
    };
    View {
        language: Language::Chinese,
        rehearsal: true,
        station: "A1".to_owned(),
        job: "安庆职业技术学院 2027届毕业生".to_owned(),
        who: String::new(),
        student,
        line: vec![],
        portrait,
        ticks: Profile::builtin("chsi_2017_99").unwrap().ticks,
        declined: None,
        saved: None,
        tally: Tally { students: 12, today: 5, sittings: 14, shots: 20, strays: 1, waiting: 12, alone: 0 },
        pace: Pace { target: Some(1667), per_hour: Some(212), done_at: Some("15:40".to_owned()) },
        machine: MachineView {
            clock: "10:42".to_owned(),
            free_bytes: Some(120_000_000_000),
            battery: Some(80),
            charging: false,
        },
        frame: FrameView::of(&Profile::builtin("chsi_2017_99").unwrap()),
        last: Arc::new([]),
        expected: Some(4704),
        camera: CameraView {
            connected: true,
            model: "Canon EOS 80D".to_owned(),
            battery: Some("75%".to_owned()),
            by_hand: false,
            held: false,
        },
        webcam: true,
        wants_webcam: true,
        troubles: vec![],
        phase,
        live: LiveView::Off,
        hint: None,
        crop: None,
        card: None,
        sight: None,
        lookup: LookupView::default(),
        desk: DeskView::Capture,
    }
}

/// A window that shows a view and collects wishes.
pub(crate) fn window(view: View) -> Window {
    window_of(view, Vec2::new(1280.0, 720.0))
}

/// A window at some place, with everything that was asked for there.
pub(crate) type Desk = Harness<'static, (View, Board, Vec<Asked>)>;

/// A window at some place, of the size of a small laptop's.
pub(crate) fn desk_at(view: View, place: Place) -> Desk {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, (view, board, asked): &mut (View, Board, Vec<Asked>)| {
                asked.extend(window_ui(ui, view, board));
            },
            (view, Board::at(place), vec![]),
        );
    harness.run();
    harness
}

/// A window, with what it shows and what was wished for.
pub(crate) type Window = Harness<'static, (View, Vec<Wish>, Board)>;

fn window_of(view: View, size: Vec2) -> Window {
    let mut harness = Harness::builder().with_size(size).with_context_setup(theme::apply).build_ui_state(
        |ui, (view, wishes, board): &mut (View, Vec<Wish>, Board)| {
            wishes.extend(window_ui(ui, view, board).iter().filter_map(wish));
        },
        (view, vec![], Board::default()),
    );
    harness.run();
    harness
}

/// Of all that can be asked for, a wish of the station.
pub(crate) fn wish(asked: &Asked) -> Option<Wish> {
    match asked {
        Asked::Wish(wish) => Some(*wish),
        Asked::Lookup(_)
        | Asked::TurnLive
        | Asked::ReleaseCamera
        | Asked::Day(_)
        | Asked::Tray(_)
        | Asked::Overrule { .. }
        | Asked::Setup(_)
        | Asked::Mend(_)
        | Asked::Reference(_)
        | Asked::Retakes(_)
        | Asked::Roster(_) => None,
    }
}

fn refused(why: Refusal) -> Phase {
    Phase::Refused(Some(SeenCode::unread(code(1))), why)
}

fn wrong_school() -> Refusal {
    Refusal::WrongSchool { holds: "10002".to_owned(), wanted: "10001".to_owned() }
}

fn wrong_level() -> Refusal {
    Refusal::WrongLevel {
        holds: "专科".to_owned(), wanted: vec!["本科".to_owned(), "硕士研究生".to_owned()]
    }
}

/// Another student's code was read in his shot.
fn doubted() -> Sitting {
    Sitting { declined: Some(caiying::portrait::Decline::AnothersCode), ..sitting() }
}

pub(crate) fn phases() -> Vec<(Phase, &'static str)> {
    let fired = Sitting { fired: true, ..sitting() };
    let declined =
        Sitting { declined: Some(caiying::portrait::Decline::Frame(FrameError::NoRoomAbove)), ..sitting() };
    vec![
        (Phase::Idle, "等待采集码"),
        (Phase::KeptBefore(SeenCode::unread(code(1))), "此码已有照片"),
        (Phase::Awaited(Expected { seen: SeenCode::unread(code(1)), by_name: false }), "请核对身份"),
        (Phase::CodeScanned(sitting()), "可以拍摄"),
        (Phase::CodeScanned(fired), "正在拍摄"),
        (Phase::CodeScanned(declined), "需重拍"),
        (Phase::CodeScanned(doubted()), "核对身份"),
        (Phase::Shot(sitting(), shot(1, Trigger::Body, 2)), "已拍，检查中"),
        (Phase::Reviewing(sitting(), take(Verdict::Pass)), "合格"),
        (Phase::Reviewing(sitting(), take(Verdict::Warn)), "请再看一眼"),
        (Phase::Reviewing(sitting(), take(Verdict::Fail)), "需重拍"),
        (Phase::Queueing(sitting(), take(Verdict::Pass)), "正在保存"),
        (refused(Refusal::TwoCodes), "看到两个码"),
        (refused(Refusal::NotACode(NotACode::Unknown)), "不是采集码"),
        (
            refused(Refusal::NotACode(NotACode::Foreign(Phrase::new("付款码", "a payment code")))),
            "不是采集码",
        ),
        (refused(wrong_school()), "不是本校的码"),
        (refused(wrong_level()), "层次不对"),
        (refused(Refusal::SecondCode), "此人可能已拍"),
    ]
}

#[test]
fn every_phase_says_its_word_in_both_languages() {
    for (phase, word) in phases() {
        let harness = window(view(phase.clone()));
        assert!(harness.query_by_label(word).is_some(), "{word}");
        assert!(harness.query_by_label("演练").is_some(), "a rehearsal says so on every screen");
        let english = View { language: Language::English, ..view(phase) };
        let harness = window(english);
        assert!(harness.query_by_label("REHEARSAL").is_some());
    }
}

/// A hot folder's camera is fired by its own button only.
#[test]
fn no_key_shoots_with_a_camera_that_only_its_own_button_fires() {
    let mut by_hand = view(Phase::CodeScanned(sitting()));
    by_hand.camera.by_hand = true;
    let mut harness = window(by_hand);
    assert!(harness.query_by_label_contains("请按相机上的快门").is_some());
    assert!(harness.query_by_label_contains("拍照").is_none());
    assert!(harness.query_by_label_contains("放弃").is_some());
    harness.key_press(Key::Space);
    harness.run();
    assert_eq!(harness.state().1, []);
}

#[test]
fn a_lost_camera_is_the_first_thing_one_reads() {
    let mut lost = view(Phase::CodeScanned(sitting()));
    lost.camera.connected = false;
    lost.troubles = vec![Trouble {
        kind: TroubleKind::Camera,
        words: trouble::camera(&caiying::camera::CameraError::NotFound),
    }];
    let mut harness = window(lost);
    assert!(harness.query_by_label("相机断开").is_some());
    // Nobody shoots with what is not there; whoever sits may leave.
    assert!(harness.query_by_label_contains("拍照").is_none());
    assert!(harness.query_by_label_contains("放弃").is_some());
    harness.key_press(Key::Space);
    harness.run();
    assert_eq!(harness.state().1, []);
    assert!(harness.query_by_label_contains("没有找到相机：请检查相机电源和数据线").is_some());
}

/// Which wishes keys lead to in a phase.
fn pressed(phase: Phase, key: Key) -> Vec<Wish> {
    let mut harness = window(view(phase));
    harness.key_press(key);
    harness.run();
    harness.state().1.clone()
}

#[test]
fn each_key_means_one_thing_and_only_where_it_is_offered() {
    use Key::{B, Enter, Escape, R, Space, Y};
    let scanned = || Phase::CodeScanned(sitting());
    let reviewing = |verdict| Phase::Reviewing(sitting(), take(verdict));
    for (phase, key, wish) in [
        (scanned(), Space, Some(Wish::Fire)),
        (scanned(), Enter, None),
        (scanned(), Escape, Some(Wish::Dismiss)),
        (reviewing(Verdict::Pass), Enter, Some(Wish::Keep)),
        (reviewing(Verdict::Pass), Space, None),
        (reviewing(Verdict::Warn), Enter, Some(Wish::Keep)),
        (reviewing(Verdict::Fail), Enter, None),
        (reviewing(Verdict::Fail), R, Some(Wish::Again)),
        (Phase::KeptBefore(SeenCode::unread(code(1))), B, Some(Wish::Retake)),
        (Phase::KeptBefore(SeenCode::unread(code(1))), Space, None),
        (refused(Refusal::SecondCode), Y, Some(Wish::LetIn)),
        (refused(Refusal::SecondCode), Enter, None),
        (refused(wrong_school()), Y, None),
        (refused(wrong_school()), Escape, Some(Wish::Dismiss)),
        (refused(Refusal::TwoCodes), B, None),
        (Phase::CodeScanned(doubted()), Space, None),
        (Phase::CodeScanned(doubted()), R, Some(Wish::Again)),
        (Phase::CodeScanned(doubted()), Escape, Some(Wish::Dismiss)),
        (reviewing(Verdict::Pass), Key::S, Some(Wish::Stray)),
        (scanned(), Key::S, None),
        (Phase::Idle, Space, None),
        (Phase::Queueing(sitting(), take(Verdict::Pass)), Escape, None),
    ] {
        let name = format!("{phase:?} {key:?}").chars().take(60).collect::<String>();
        assert_eq!(pressed(phase, key), Vec::from_iter(wish), "{name}");
    }
}

#[test]
fn a_key_held_down_means_one_thing_once_and_no_button_steals_it() {
    let reviewing = || Phase::Reviewing(sitting(), take(Verdict::Pass));
    let mut harness = window(view(reviewing()));
    let enter = |repeat| eframe::egui::Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat,
        modifiers: eframe::egui::Modifiers::NONE,
    };
    for repeat in [false, true, true] {
        harness.event(enter(repeat));
        harness.run();
    }
    assert_eq!(harness.state().1, [Wish::Keep]);

    for tabs in 0..4 {
        let mut harness = window(view(reviewing()));
        for _ in 0..tabs {
            harness.key_press(Key::Tab);
            harness.run();
        }
        harness.key_press(Key::Enter);
        harness.key_press(Key::R);
        harness.run();
        let wishes = &harness.state().1;
        assert_eq!(wishes.first(), Some(&Wish::Keep), "after {tabs} tabs: {wishes:?}");
        assert!(!wishes.contains(&Wish::Dismiss), "after {tabs} tabs: {wishes:?}");
    }
}

/// The key that closes the page of keys dismisses nobody, and shuts nothing below it.
#[test]
fn the_key_that_closes_the_help_means_nothing_else() {
    let mut harness = window(view(Phase::CodeScanned(sitting())));
    let is_open = |harness: &Window| harness.query_by_label("按键（F1 关闭）").is_some();
    let press = |harness: &mut Window, key| {
        harness.key_press(key);
        harness.run();
    };
    press(&mut harness, Key::F1);
    assert!(is_open(&harness));
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness));
    assert_eq!(harness.state().1, [], "whoever sits goes on sitting");
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().1, [Wish::Dismiss], "the next one is the screen's");
}

/// The page of keys names every key that a screen has on a button.
#[test]
fn the_help_of_each_screen_names_its_keys() {
    for (place, words) in [
        (Place::Capture, "刚拍的不是他：移入未归属"),
        (Place::Retakes, "请他就座"),
        (Place::Tray, "有两张成品的考生"),
        (Place::Day, "导出到 U 盘或文件夹"),
        (Place::Checkup, "相机对时"),
        (Place::Setup, "继续"),
    ] {
        let mut harness = window(view(Phase::Idle));
        harness.key_press(place.key());
        harness.run();
        harness.key_press(Key::F1);
        harness.run();
        for words in [words, "考生屏开关"] {
            assert!(harness.query_by_label(words).is_some(), "{place:?} {words}");
        }
    }
}

#[test]
fn buttons_do_what_their_keys_do() {
    let mut harness = window(view(Phase::CodeScanned(sitting())));
    harness.get_by_label("拍照  [空格]").click();
    harness.run();
    assert_eq!(harness.state().1, [Wish::Fire]);
}

#[test]
fn findings_say_value_limit_and_what_to_do_the_worst_first() {
    let harness = window(view(Phase::Reviewing(sitting(), take(Verdict::Fail))));
    for words in ["头部倾斜", "6.1", "≤ 5°", "头歪了：请摆正"] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
}

#[test]
fn what_only_a_person_can_judge_stands_in_one_line_beside_a_portrait_that_may_be_kept() {
    let line = "目视：眉毛、耳朵露出 · 无耳环项链 · 无浓妆 · 眼镜无色 · 头上无饰物";
    for (phase, is_shown) in [
        (Phase::Reviewing(sitting(), take(Verdict::Pass)), true),
        (Phase::Reviewing(sitting(), take(Verdict::Warn)), true),
        // There is something else to do, and nobody to look at.
        (Phase::Reviewing(sitting(), take(Verdict::Fail)), false),
        (Phase::CodeScanned(sitting()), false),
    ] {
        assert_eq!(window(view(phase.clone())).query_by_label(line).is_some(), is_shown);
        let nothing = View { ticks: vec![], ..view(phase) };
        assert!(window(nothing).query_by_label_contains("目视").is_none());
    }
}

/// Two dozen checks that pass are one line; the one that does not is above it.
#[test]
fn what_passed_is_a_number() {
    let mut mixed = take(Verdict::Warn);
    let passed = take(Verdict::Pass).portrait.findings;
    mixed.portrait.findings.extend(std::iter::repeat_n(passed, 24).flatten());
    let harness = window(view(Phase::Reviewing(sitting(), mixed)));
    assert!(harness.query_by_label("✓ 另有 24 项检测合格").is_some());
    assert!(harness.query_by_label("头歪了：请摆正").is_some());
    let harness = window(view(Phase::Reviewing(sitting(), take(Verdict::Pass))));
    assert!(harness.query_by_label("✓ 1 项检测全部合格").is_some());
}

/// A frame whose pixels are all alike.
fn seen() -> LiveView {
    let picture = Picture { width: 90, height: 60, pixels: vec![128; 90 * 60 * 3], colours: Colours::Srgb };
    LiveView::Frame(LiveFrame { picture: picture.into(), number: 1 })
}

/// Where textures other than letters are drawn, and which part of them.
fn pictures(harness: &Window) -> Vec<(Rect, Rect)> {
    let shapes = harness.output().shapes.iter().map(|clipped| &clipped.shape);
    shapes
        .filter_map(|shape| match shape {
            Shape::Rect(rect) => rect.brush.as_ref().map(|brush| (rect.rect, brush.uv)),
            _ => None,
        })
        .collect()
}

#[test]
fn what_the_camera_sees_stands_as_in_a_mirror_and_covers_nothing() {
    for (phase, word, is_shown) in [
        (Phase::Idle, "等待采集码", true),
        (Phase::CodeScanned(sitting()), "可以拍摄", true),
        (Phase::Reviewing(sitting(), take(Verdict::Pass)), "合格", false),
    ] {
        let harness = window(View { live: seen(), ..view(phase) });
        let caption = harness.query_by_label("取景（左右如镜子），按 L 关闭");
        assert_eq!(caption.is_some(), is_shown, "{word}");
        let mirrored: Vec<_> =
            pictures(&harness).into_iter().filter(|(_, uv)| uv.min.x == 1.0 && uv.max.x == 0.0).collect();
        assert_eq!(mirrored.len(), usize::from(is_shown), "{word}");
        let banner = harness.get_by_label(word).rect();
        for (place, _) in mirrored {
            assert!((place.width() / place.height() - 1.5).abs() < 0.01, "its proportions are real");
            // Edges may touch.
            let inside = place.shrink(1.0);
            assert!(!inside.intersects(banner) && !inside.intersects(caption.as_ref().unwrap().rect()));
        }
    }
}

/// In both languages it fits, and it hides nobody.
#[test]
fn what_to_mend_first_stands_large_under_the_picture() {
    for language in [Language::Chinese, Language::English] {
        for hint in LiveHint::ALL {
            let seated = view(Phase::CodeScanned(sitting()));
            let harness = window(View { live: seen(), hint: Some(hint), language, ..seated });
            let words = format!("▲ {}", hint.words().in_language(language));
            let label = harness.get_by_label(&words).rect();
            let picture = pictures(&harness).into_iter().find(|(_, uv)| uv.min.x == 1.0).unwrap().0;
            assert!(label.min.y >= picture.max.y - 1.0, "{words} {label} {picture}");
            assert!(label.max.x <= 1280.0 * 0.66 && label.height() > 32.0, "{words} {label} {picture}");
        }
    }
    let harness = window(View { live: LiveView::Awaited, ..view(Phase::CodeScanned(sitting())) });
    assert!(harness.query_by_label_contains("▲").is_none());
}

#[test]
fn where_nothing_is_seen_it_says_why_and_how() {
    for (live, word) in [
        (LiveView::Off, "按 L 打开取景"),
        (LiveView::Awaited, "等待取景画面"),
        (LiveView::Absent, "没有取景画面，请看相机上的取景器；按 L 再试"),
    ] {
        let harness = window(View { live, ..view(Phase::CodeScanned(sitting())) });
        assert!(harness.query_by_label(word).is_some(), "{word}");
    }
    for (phase, means) in [
        (Phase::Idle, true),
        (Phase::CodeScanned(sitting()), true),
        (Phase::Queueing(sitting(), take(Verdict::Pass)), false),
    ] {
        let view = view(phase);
        let mut harness =
            Harness::builder().build_ui_state(|ui, turned| *turned |= wants_live_turned(ui, &view), false);
        harness.key_press(Key::L);
        harness.run();
        assert_eq!(*harness.state(), means);
    }
}

/// WCAG 2 contrast of two greys or colours.
fn contrast(a: eframe::egui::Color32, b: eframe::egui::Color32) -> f64 {
    let luminance = |colour: eframe::egui::Color32| {
        let linear = |byte: u8| {
            let v = f64::from(byte) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// WCAG 2 level AA is 4.5; words that are read from two metres, on coloured banners, have 5 and more.
#[test]
fn words_stand_out_from_what_they_stand_on() {
    for (name, colours) in [("dark", theme::DARK), ("light", theme::LIGHT)] {
        let tones =
            [colours.waiting, colours.ready, colours.working, colours.good, colours.doubt, colours.wrong];
        let words = [colours.words, colours.quiet];
        let on_panel = words.into_iter().chain(tones).map(|words| (words, colours.panel));
        let on_button = [colours.raised, colours.hovered, colours.pressed].map(|fill| (colours.words, fill));
        let on_banner = tones.map(|tone| (colours.on_tone, tone));
        let on_ground = [colours.on_ground, colours.quiet_on_ground].map(|words| (words, colours.ground));
        // The veil lies on a picture that may be white all over.
        let veiled =
            Color32::from_gray(255).lerp_to_gamma(Color32::BLACK, f32::from(colours.veil.a()) / 255.0);
        let pairs =
            on_panel.chain(on_button).chain(on_banner).chain(on_ground).chain([(colours.on_veil, veiled)]);
        for (words, ground) in pairs {
            let ratio = contrast(words, ground);
            assert!(ratio >= 4.5, "{name}: {words:?} on {ground:?} is {ratio:.2}");
        }
        // Neutral: no channel of what lies around pictures differs from another.
        let [r, g, b, _] = colours.ground.to_array();
        assert!(r == g && g == b && r < 80, "{name}");
    }
    const { assert!(theme::TEXT >= 18.0 && theme::HUGE >= 64.0) };
}

/// What the camera sees has two thirds of the window, the banner is large, and both hold at both sizes of a screen.
#[test]
fn the_pictures_have_two_thirds_of_the_window_and_the_banner_is_large() {
    let sizes = [(1280.0, 720.0), (1920.0, 1080.0), (1366.0, 690.0), (1280.0, 660.0), (1024.0, 640.0)];
    for size in sizes.map(Vec2::from) {
        for (phase, word) in phases() {
            let harness = window_of(View { live: seen(), ..view(phase) }, size);
            // In points: everything grows and shrinks with the window.
            let size = size / harness.ctx.zoom_factor();
            let banner = harness.get_by_label(word).rect();
            assert!(banner.min.x >= size.x * 0.65, "{word} at {size}: the left is for pictures");
            let in_full = word.chars().count() <= 5;
            assert!(banner.height() >= if in_full { 58.0 } else { 46.0 }, "{word} at {size}: {banner}");
            assert!(banner.max.x <= size.x && banner.max.y < size.y * 0.3, "{word} at {size}: {banner}");
        }
        let harness = window_of(View { live: seen(), ..view(Phase::CodeScanned(sitting())) }, size);
        let picture = pictures(&harness).into_iter().find(|(_, uv)| uv.min.x == 1.0).unwrap().0;
        let size = size / harness.ctx.zoom_factor();
        // In a low window it gives way to the words.
        let high = if size.y < 720.0 { 0.68 } else { 0.7 };
        assert!(picture.width() >= size.x * 0.6 || picture.height() >= size.y * high, "{picture} at {size}");
    }
}

/// Files that say something to people in Chinese.
const SPEAKERS: &[&str] = &[
    "screens/trouble.rs",
    "screens/trouble/calibration.rs",
    "screens/trouble/scanner.rs",
    "screens/trouble/notices.rs",
    "screens/sitter/words.rs",
    "screens/sitter/drawing.rs",
    "screens/banner.rs",
    "screens/board.rs",
    "screens/capture.rs",
    "screens/day.rs",
    "screens/day/errands.rs",
    "screens/day/facts.rs",
    "screens/day/folder.rs",
    "screens/day/journal.rs",
    "screens/day/reckoning.rs",
    "screens/trouble/errands.rs",
    "screens/card.rs",
    "screens/checkup.rs",
    "screens/retakes.rs",
    "screens/retakes/history.rs",
    "screens/setup.rs",
    "screens/setup/steps.rs",
    "shift/checkup.rs",
    "screens/devices.rs",
    "screens/help.rs",
    "screens/live.rs",
    "screens/offers.rs",
    "screens/overrule.rs",
    "screens/statement.rs",
    "screens/tray.rs",
    "screens/tray/doubles.rs",
    "screens/tray/giving.rs",
    "screens/tray/grid.rs",
    "screens/tray/sittings.rs",
    "screens/trouble/strays.rs",
    "screens/place.rs",
    "screens/sample.rs",
    "portrait/live.rs",
    "profile/tick.rs",
    "../profiles/chsi_2017_99.toml",
    "portrait/decline.rs",
    "rehearsal/report.rs",
];

/// Everything the program may ever show stands in the fonts it ships: a missing glyph stops the harness.
#[test]
fn no_word_of_ours_lacks_a_glyph() {
    let mut words: Vec<Phrase> = Vec::new();
    for check in caiying::portrait::CHECKS {
        words.push(check.title());
        for value in [-9.0, 9.0] {
            words.push(check.advice(&Answer { verdict: Verdict::Fail, value, limit: String::new() }));
        }
    }
    // The words of sources that only exist as code: taken from the code itself, so that none is forgotten.
    let source = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    for file in SPEAKERS {
        let text = source(file);
        words.extend(text.split('"').skip(1).step_by(2).map(|literal| Phrase::new(literal, "")));
    }
    for check in
        std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/portrait/checks"))
            .unwrap()
    {
        let text = std::fs::read_to_string(check.unwrap().path()).unwrap();
        words.extend(text.split('"').skip(1).step_by(2).map(|literal| Phrase::new(literal, "")));
    }
    let shown: Vec<String> = words.iter().flat_map(|phrase| [phrase.zh.clone(), phrase.en.clone()]).collect();
    assert!(shown.iter().any(|word| word.contains("头顶太靠近画面上缘")), "the words were not found");
    let mut harness = Harness::builder().with_context_setup(theme::apply).build_ui(move |ui| {
        for word in &shown {
            ui.label(word);
            ui.label(eframe::egui::RichText::new(word).font(theme::bold_of(theme::TEXT)));
        }
    });
    harness.run();
}

/// The key is there while another program holds the camera, and only then; a click does the same.
#[test]
fn one_key_releases_a_camera_that_is_held() {
    let asked = |view: View, by_key: bool| {
        let mut harness = Harness::builder()
            .with_size(Vec2::new(1280.0, 720.0))
            .with_context_setup(theme::apply)
            .build_ui_state(
                |ui, (view, asked): &mut (View, u32)| *asked += u32::from(release_ui(ui, view)),
                (view, 0),
            );
        harness.run();
        let button = harness.query_by_label("释放相机  [F9]").map(|button| button.click());
        if by_key {
            harness.key_press(Key::F9);
        }
        harness.run();
        (button.is_some(), harness.state().1)
    };
    let connected = view(Phase::Idle);
    let mut held = view(Phase::Idle);
    held.camera = CameraView { held: true, ..CameraView::default() };
    assert_eq!(asked(connected, true), (false, 0));
    assert_eq!(asked(held.clone(), false), (true, 1), "the click alone");
    assert!(asked(held, true).1 >= 1);
}

/// What a person compares with the phone stands on the screen as long as somebody is asked about or sits, with a word
/// of warning where it is a guess; and where a refusal is long, both it and the card are there.
#[test]
fn the_card_says_whom_the_code_speaks_of() {
    let card = CardView {
        name: Some("张*三".to_owned()),
        last_four: Some("002X".to_owned()),
        class: Some("护理 2 班".to_owned()),
        student_number: Some("2026000123".to_owned()),
        unverified: true,
    };
    for (phase, word) in phases() {
        if matches!(phase, Phase::Idle) {
            continue;
        }
        let reviewing = matches!(phase, Phase::Reviewing(..));
        let harness = window(View { card: Some(card.clone()), ..view(phase) });
        for said in ["张*三", "002X", "▲ 未经学信网证实，请与手机核对", word] {
            assert!(harness.query_by_label(said).is_some(), "{said} beside {word}");
        }
        let rest: &[&str] = if reviewing {
            &["护理 2 班　学号 2026000123"]
        } else {
            &["护理 2 班", "学号 2026000123"]
        };
        for said in rest {
            assert!(harness.query_by_label(said).is_some(), "{said} beside {word}");
        }
    }
    let sure = CardView { unverified: false, student_number: None, class: Some("3".to_owned()), ..card };
    let harness = window(View { card: Some(sure), ..view(Phase::CodeScanned(sitting())) });
    assert!(harness.query_by_label_contains("未经学信网证实").is_none());
    assert!(harness.query_by_label("3 班").is_some(), "a number alone says nothing");
    assert!(harness.query_by_label_contains("学号").is_none());
}
