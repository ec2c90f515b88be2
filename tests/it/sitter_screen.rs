//! What the sitter sees: one thing at a time, masked, and never anybody else.

use std::time::{Duration, Instant};

use caiying::{
    language::{Language, Phrase},
    portrait::{Decline, FrameError, LiveHint, Portrait, Verdict},
    screens::{
        CardView, View,
        sitter::{FAREWELL, Kept, Scene, Sitter, SitterGallery, SitterView, sitter_ui},
        theme,
    },
    shot::Digest,
    station::{Phase, SeenCode, Take},
};
use eframe::egui::{Shape, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::{
    pictures::frame,
    screens::{phases, view},
    sitter,
    world::code,
};

/// The first of the phases that looks like this.
fn phase(wanted: impl Fn(&Phase) -> bool) -> Phase {
    phases().into_iter().map(|(phase, _)| phase).find(wanted).unwrap()
}

fn seated() -> Phase {
    phase(
        |phase| matches!(phase, Phase::CodeScanned(sitting) if sitting.declined.is_none() && !sitting.fired),
    )
}

fn reviewing(verdict: Verdict) -> Phase {
    phase(|phase| matches!(phase, Phase::Reviewing(_, take) if take.portrait.verdict() == verdict))
}

/// The same phase, of somebody else.
fn of_another(mut phase: Phase) -> Phase {
    if let Phase::CodeScanned(sitting)
    | Phase::Shot(sitting, _)
    | Phase::Reviewing(sitting, _)
    | Phase::Queueing(sitting, _) = &mut phase
    {
        sitting.code = code(2);
        sitting.id = caiying::shot::SittingId(2);
    }
    phase
}

pub(crate) fn card() -> CardView {
    CardView {
        name: Some("张*三".to_owned()),
        last_four: Some("002X".to_owned()),
        class: Some("护理 2 班".to_owned()),
        student_number: None,
        unverified: false,
    }
}

fn with_card(phase: Phase) -> View {
    View { card: Some(card()), live: frame(), ..view(phase) }
}

/// Nobody sits, and somebody's portrait was kept last: that of code 1, unless told otherwise.
fn kept_by(n: u8) -> View {
    View { saved: Some(code(n).fingerprint()), ..view(Phase::Idle) }
}

pub(crate) fn see(views: &[View]) -> SitterView {
    let (mut sitter, now) = (Sitter::default(), Instant::now());
    views.iter().map(|view| sitter.see(view, now)).last().unwrap()
}

/// A portrait that can be decoded: a head on cloth, of squares that a JPEG file keeps as they are.
fn portrait_file() -> Vec<u8> {
    let portrait = image::RgbImage::from_fn(240, 320, |x, y| {
        let (x, y) = (f64::from(x / 16) - 7.0, f64::from(y / 16) - 8.0);
        image::Rgb(match ((x / 3.6).hypot(y / 5.0) < 1.0, y > 6.0 && x.abs() < y - 2.0) {
            (true, _) => [225, 180, 150],
            (_, true) => [60, 60, 80],
            _ => sitter::CLOTH,
        })
    });
    sitter::jpeg(&portrait)
}

/// The phase with that portrait in it.
fn with_portrait(mut phase: Phase) -> Phase {
    if let Phase::Reviewing(_, Take { portrait, .. }) | Phase::Queueing(_, Take { portrait, .. }) = &mut phase
    {
        let jpeg = portrait_file();
        *portrait = Portrait { sha256: Digest::of(&jpeg), jpeg: jpeg.into(), ..portrait.clone() };
    }
    phase
}

/// Every scene, with the views that lead to it.
pub(crate) fn stories() -> Vec<(&'static str, Vec<View>)> {
    let hinted = View { hint: Some(LiveHint::ChinIn), ..with_card(seated()) };
    let reviewed = with_card(with_portrait(reviewing(Verdict::Pass)));
    vec![
        ("welcome", vec![view(Phase::Idle)]),
        ("asked", vec![with_card(Phase::KeptBefore(SeenCode::unread(code(1))))]),
        ("seated", vec![with_card(seated())]),
        ("hinted", vec![hinted]),
        ("blind", vec![View { live: caiying::screens::LiveView::Awaited, ..with_card(seated()) }]),
        ("checking", vec![with_card(phase(|phase| matches!(phase, Phase::Shot(..))))]),
        ("again", vec![with_card(reviewing(Verdict::Fail))]),
        ("kept", vec![reviewed, kept_by(1)]),
    ]
}

fn window(seen: SitterView) -> Harness<'static, SitterGallery> {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(move |ui, gallery| sitter_ui(ui, &seen, gallery), SitterGallery::default());
    harness.run();
    harness
}

/// How many pictures stand on the screen.
fn pictures(harness: &Harness<'_, SitterGallery>) -> usize {
    let shapes = harness.output().shapes.iter();
    shapes.filter(|clipped| matches!(&clipped.shape, Shape::Rect(rect) if rect.brush.is_some())).count()
}

#[test]
fn every_scene_says_one_thing_in_both_languages() {
    let words = [
        ("请出示采集码", "please show your capture code", 0),
        ("工作人员正在核对，请稍等", "one moment: the operator is checking", 0),
        ("● 请看镜头", "● look into the lens", 1),
        ("▲ 下巴收一点", "▲ tuck your chin in", 1),
        ("● 请看镜头", "● look into the lens", 0),
        ("请稍候，先别起身", "one moment, stay seated", 0),
        ("▲ 请再拍一张", "▲ one more photo, please", 0),
        ("✓ 拍好了", "✓ done", 1),
    ];
    for ((name, views), (zh, en, shown)) in stories().into_iter().zip(words) {
        for (language, word, mark) in [(Language::Chinese, zh, "演练"), (Language::English, en, "REHEARSAL")]
        {
            let harness = window(SitterView { language, ..see(&views) });
            assert!(harness.query_by_label(word).is_some(), "{name}: {word}");
            assert!(harness.query_by_label(mark).is_some(), "{name}: a rehearsal says so");
            assert_eq!(pictures(&harness), shown, "{name}");
        }
        let earnest = window(SitterView { rehearsal: false, ..see(&views) });
        assert!(earnest.query_by_label("演练").is_none());
    }
}

/// The masked name and the last four, while he sits; nothing else of him, and nothing at all of who is asked about.
#[test]
fn he_checks_his_masked_name_and_sees_nothing_more() {
    for (name, views) in stories() {
        let harness = window(see(&views));
        let sits = views.last().unwrap().phase.sitting().is_some();
        let line = harness.query_by_label("张*三  002X　请核对姓名");
        assert_eq!(line.is_some(), sits, "{name}");
        for more in ["2026000123", "本科", &code(1).fingerprint().to_string()] {
            assert!(harness.query_by_label_contains(more).is_none(), "{name}: {more}");
        }
        let title = harness.query_by_label("安庆职业技术学院 2027届毕业生");
        assert_eq!(title.is_some(), !sits, "{name}");
        let shown = format!("{:?}", see(&views));
        assert!(!shown.contains("张*三") && !shown.contains("002X"), "{shown}");
    }
}

#[test]
fn the_portrait_stands_there_for_a_while_or_until_the_next_one_comes() {
    let (mut sitter, then) = (Sitter::default(), Instant::now());
    sitter.see(&view(with_portrait(reviewing(Verdict::Pass))), then);
    let kept = |seen: SitterView| matches!(seen.scene, Scene::Kept(Some(_)));
    assert!(kept(sitter.see(&kept_by(1), then)));
    let almost = then + FAREWELL.checked_sub(Duration::from_millis(1)).unwrap();
    assert!(kept(sitter.see(&kept_by(1), almost)));
    assert_eq!(sitter.goes_in(almost), Some(Duration::from_millis(1)));
    assert_eq!(sitter.see(&kept_by(1), then + FAREWELL).scene, Scene::Welcome);
    assert_eq!(sitter.goes_in(then + FAREWELL), None);
    // The next one does not wait for it.
    let mut sitter = Sitter::default();
    sitter.see(&view(with_portrait(reviewing(Verdict::Pass))), then);
    sitter.see(&kept_by(1), then);
    assert!(matches!(sitter.see(&view(of_another(seated())), then).scene, Scene::Seated { .. }));
}

/// Whatever the operator's screen has in its hands: a picture is shown to nobody but him whose sitting it was seen in.
#[test]
fn nobody_sees_anothers_portrait() {
    let first = || view(with_portrait(reviewing(Verdict::Pass)));
    let file = portrait_file();
    let stale = caiying::screens::PortraitView {
        sha256: Digest::of(&file),
        jpeg: file.into(),
        verdict: Verdict::Pass,
        findings: vec![],
        ms: 0.0,
    };
    for (story, views) in [
        ("another was kept than was looked at", vec![first(), kept_by(2)]),
        ("another sat there meanwhile", vec![first(), view(of_another(seated())), kept_by(1)]),
        ("nothing was seen of him", vec![View { portrait: Some(stale.clone()), ..kept_by(1) }]),
    ] {
        let seen = see(&views);
        assert_eq!(seen.scene, Scene::Kept(None), "{story}");
        let harness = window(seen);
        assert!(harness.query_by_label("✓ 拍好了").is_some() && pictures(&harness) == 0, "{story}");
    }
    for asked in [
        Phase::KeptBefore(SeenCode::unread(code(2))),
        phase(|phase| matches!(phase, Phase::Refused(..))),
        phase(|phase| matches!(phase, Phase::CodeScanned(sitting) if sitting.is_doubted())),
    ] {
        let view = View { portrait: Some(stale.clone()), live: frame(), ..view(asked) };
        let seen = see(&[first(), kept_by(1), view]);
        assert_eq!(seen.scene, Scene::Asked);
        assert_eq!(pictures(&window(seen)), 0);
    }
    // A gallery forgets: what was uploaded for one is not there for the next.
    let now = Instant::now();
    let mut sitter = Sitter::default();
    sitter.see(&first(), now);
    let kept = sitter.see(&kept_by(1), now);
    let Scene::Kept(Some(Kept { .. })) = &kept.scene else { panic!("{kept:?}") };
    let next = sitter.see(&view(of_another(seated())), now);
    let mut harness = Harness::builder().with_context_setup(theme::apply).build_ui_state(
        |ui, (seen, gallery): &mut (SitterView, SitterGallery)| sitter_ui(ui, seen, gallery),
        (kept, SitterGallery::default()),
    );
    harness.run();
    let uploaded = |harness: &Harness<'_, (SitterView, SitterGallery)>| {
        harness.ctx.tex_manager().read().allocated().filter(|(_, meta)| meta.name == "kept").count()
    };
    assert_eq!(uploaded(&harness), 1);
    harness.state_mut().0 = next;
    harness.run();
    assert_eq!(uploaded(&harness), 0);
}

#[test]
fn what_is_to_be_changed_stands_there_until_it_is_another_matter() {
    let mut wrong = reviewing(Verdict::Fail);
    if let Phase::Reviewing(_, take) = &mut wrong {
        let mut soft = take.portrait.findings[0].clone();
        soft.answer.verdict = Verdict::Warn;
        soft.sitter = Some(Phrase::new("头发压低", "flatten the hair"));
        take.portrait.findings[0].sitter = Some(Phrase::new("头摆正", "straighten the head"));
        take.portrait.findings.insert(0, soft);
    }
    let hint = |seen: SitterView| match seen.scene {
        Scene::Seated { hint, is_to_mend: true, .. } | Scene::Again(hint) => hint.zh,
        other => format!("{other:?}"),
    };
    let again = || view(seated());
    assert_eq!(hint(see(&[view(wrong.clone())])), "头摆正", "the gravest");
    assert_eq!(hint(see(&[view(wrong.clone()), again()])), "头摆正");
    let now_seen = View { hint: Some(LiveHint::OpenEyes), ..again() };
    assert_eq!(hint(see(&[view(wrong.clone()), now_seen])), "请睁开眼睛", "what is seen now goes first");
    let another = see(&[view(wrong.clone()), view(of_another(seated()))]);
    assert!(matches!(another.scene, Scene::Seated { is_to_mend: false, .. }), "{another:?}");
    // What is not his to mend is not said to him.
    for hint in [LiveHint::CameraUp, LiveHint::CameraDown, LiveHint::Others, LiveHint::WholeHair] {
        let seen = see(&[View { hint: Some(hint), ..again() }]);
        assert!(matches!(seen.scene, Scene::Seated { is_to_mend: false, .. }), "{hint:?}");
    }
    let mut declined = seated();
    if let Phase::CodeScanned(sitting) = &mut declined {
        sitting.declined = Some(Decline::Frame(FrameError::TooFar));
    }
    assert_eq!(hint(see(&[view(declined)])), "请坐近一点");
}

#[test]
fn nobody_sees_the_one_before_when_a_question_is_over() {
    let (mut sitter, then) = (Sitter::default(), Instant::now());
    sitter.see(&view(with_portrait(reviewing(Verdict::Pass))), then);
    sitter.see(&kept_by(1), then);
    let later = then + FAREWELL * 100;
    assert_eq!(sitter.see(&kept_by(1), later).scene, Scene::Welcome);
    // The next one holds up a payment code; beside a code that is asked about nobody is `saved`.
    sitter.see(&view(phase(|phase| matches!(phase, Phase::Refused(..)))), later);
    assert_eq!(sitter.see(&kept_by(1), later).scene, Scene::Welcome);
}
