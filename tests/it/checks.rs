//! Every check passes what is good, warns of what is doubtful and fails what is bad. A check without its fixtures
//! here fails this chapter.

use caiying::{
    portrait::{
        Answer, CHECKS, Check, Colours, Crop, Expression, Eye, FaceBox, FaceInFrame, Features, Markers,
        PersonMask, Picture, Pixels, Placement, Point, References, Subject, Verdict,
    },
    profile::{ClothesLimits, Profile, SoftLimit},
};

const WIDTH: usize = 480;
const HEIGHT: usize = 640;
const CLOTH: [u8; 3] = [100, 197, 255];

/// A portrait as the checks see it, all good; fixtures change one thing each.
struct Scene {
    picture: Picture,
    boxes: Vec<FaceBox>,
    placement: Placement,
    roll_deg: f64,
    /// How far the shoulders lean, in degrees.
    lean_deg: f64,
    features: Features,
    bytes: usize,
    markers: Markers,
    references: References,
    profile: Profile,
}

/// A coat that nobody takes for the cloth.
const COAT: [u8; 3] = [60, 50, 50];

/// A face of soft waves before the cloth, above a coat. Waves of `period` px stand for sharpness: the focus of them is
/// (2π/period)⁴. They run down and, with 0.73 of the height, across, as a face has it. The colour is skin's.
fn picture(cloth: [u8; 3], period: f64) -> Picture {
    painted(|x, y| {
        if in_face(x, y) {
            let wave = |along: f64| (along * std::f64::consts::TAU / period).sin();
            let grey = 130.0 + 23.6 * wave(x) + 32.3 * wave(y);
            [grey + 40.0, grey - 8.0, grey - 22.0].map(|channel| channel.round() as u8)
        } else if y > SHOULDERS {
            COAT
        } else {
            cloth
        }
    })
}

fn painted(at: impl Fn(f64, f64) -> [u8; 3]) -> Picture {
    let place = |n: usize| ((n % WIDTH) as f64, (n / WIDTH) as f64);
    let pixels = (0..WIDTH * HEIGHT).flat_map(|n| at(place(n).0, place(n).1)).collect();
    Picture { width: 480, height: 640, pixels, colours: Colours::Srgb }
}

/// How high the shoulders are.
const SHOULDERS: f64 = 520.0;

fn in_face(x: f64, y: f64) -> bool {
    ((x - 240.0) / 115.0).powi(2) + ((y - 270.0) / 170.0).powi(2) < 1.0
}

fn good() -> Scene {
    let face = FaceInFrame { hair_top: 68.0, chin: 446.0, eyes: 268.0, width: 230.0, center_x: 240.0 };
    let crop = Crop { x: 0.0, y: 0.0, width: 480.0, height: 640.0 };
    Scene {
        picture: picture(CLOTH, 12.0),
        boxes: vec![FaceBox { x: 125.0, y: 120.0, width: 230.0, height: 300.0, score: 0.9 }],
        placement: Placement { crop, scale: 1.0, face },
        roll_deg: 1.0,
        lean_deg: 0.0,
        features: looking_ahead(),
        bytes: 33_000,
        markers: Markers {
            width: 480,
            height: 640,
            baseline: true,
            scans: 1,
            components: 3,
            dpi: Some((300, 300)),
            quality: Some(85),
            luma_sampling: (2, 2),
            segments: vec![0xd8, 0xe0, 0xdb, 0xc0, 0xc4, 0xda, 0xd9],
            trailing: 0,
        },
        references: References::default(),
        profile: Profile::builtin("chsi_2017_99").unwrap(),
    }
}

/// A face as it should be: straight, eyes open, lips closed. The pitch is the standard profile's zero.
fn looking_ahead() -> Features {
    let eye = |x: f64, outwards: f64| Eye {
        corners: [Point { x: x + 20.0 * outwards, y: 268.0 }, Point { x: x - 20.0 * outwards, y: 268.0 }],
        iris: Point { x, y: 268.0 },
        iris_radius: 8.0,
    };
    Features {
        yaw_deg: -2.0,
        pitch_deg: Profile::builtin("chsi_2017_99").unwrap().checks.pitch_zero_deg + 1.0,
        lid_gaps: [0.06, 0.07],
        lip_gap: 0.01,
        hair_height: 0.3,
        nose_aside: 0.02,
        pupils_px: 220.0,
        eyes: [eye(190.0, -1.0), eye(290.0, 1.0)],
        expression: Expression {
            blink: [0.1, 0.2],
            look_left: 0.1,
            look_right: 0.1,
            look_up: 0.1,
            look_down: 0.2,
            jaw_open: 0.02,
            smile: 0.3,
        },
    }
}

impl Scene {
    /// Fills a rectangle of the picture.
    fn paint(&mut self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>, colour: [u8; 3]) {
        for row in rows {
            for column in columns.clone() {
                let start = 3 * (row * WIDTH + column);
                self.picture.pixels[start..start + 3].copy_from_slice(&colour);
            }
        }
    }

    /// The camera moves sideways by so many pixels while the shutter is open.
    fn shake(&mut self, length: usize) {
        for row in self.picture.pixels.chunks_exact_mut(3 * WIDTH) {
            let still = row.to_vec();
            for (place, channel) in row.iter_mut().enumerate() {
                let passed = (0..length).map(|n| still[(place + 3 * n).min(place % 3 + 3 * (WIDTH - 1))]);
                *channel = (passed.map(f64::from).sum::<f64>() / length as f64).round() as u8;
            }
        }
    }

    fn ask(&self, check: &dyn Check) -> Verdict {
        let answer = self.answer(check);
        if answer.verdict != Verdict::Pass {
            let advice = check.advice(&answer);
            assert!(!advice.zh.is_empty() && !advice.en.is_empty(), "{} has no advice", check.name());
            let told = check.sitter(&answer);
            assert_eq!(
                told.is_none(),
                SITTER_CANNOT_HELP.contains(&check.name()),
                "{}: {told:?}",
                check.name()
            );
            assert!(told.is_none_or(|told| !told.zh.is_empty() && !told.en.is_empty()), "{}", check.name());
        }
        eprintln!("{:16} {:8} {:.3} ({})", check.name(), answer.verdict.slug(), answer.value, answer.limit);
        answer.verdict
    }

    fn answer(&self, check: &dyn Check) -> Answer {
        let ring = (0..36).map(|n| f64::from(n) * std::f64::consts::TAU / 36.0);
        let outline: Vec<Point> =
            ring.map(|a| Point { x: 240.0 + 110.0 * a.cos(), y: 270.0 + 165.0 * a.sin() }).collect();
        let slope = self.lean_deg.to_radians().tan();
        let shoulder = |x: f64| SHOULDERS + (x - 240.0) * slope;
        let person = PersonMask::pretend(640.0, |x, y| f32::from(u8::from(in_face(x, y) || y > shoulder(x))));
        let subject = Subject {
            picture: &self.picture,
            boxes: &self.boxes,
            placement: &self.placement,
            roll_deg: self.roll_deg,
            features: &self.features,
            pitch_zero_deg: Profile::builtin("chsi_2017_99").unwrap().checks.pitch_zero_deg,
            outline: &outline,
            person: &person,
            bytes: self.bytes,
            markers: &self.markers,
            references: &self.references,
            pixels: Pixels::default(),
        };
        check.judge(&subject, &self.profile)
    }

    /// Another colour where `inside` holds.
    fn repaint(&mut self, inside: impl Fn(f64, f64) -> bool, colour: impl Fn([u8; 3]) -> [u8; 3]) {
        let pixels = self.picture.pixels.chunks_exact_mut(3).enumerate();
        for (_, pixel) in pixels.filter(|(n, _)| inside((n % WIDTH) as f64, (n / WIDTH) as f64)) {
            let painted = colour([pixel[0], pixel[1], pixel[2]]);
            pixel.copy_from_slice(&painted);
        }
    }
}

fn changed(change: impl FnOnce(&mut Scene)) -> Option<Scene> {
    let mut scene = good();
    change(&mut scene);
    Some(scene)
}

/// What is only told by default and judged where a school says so.
fn strict(profile: &mut Profile) {
    let limit = |warn, fail| SoftLimit { warn: Some(warn), fail: Some(fail) };
    let (backdrop, checks) = (&mut profile.backdrop, &mut profile.checks);
    (backdrop.gradient, backdrop.head_shadow) = (limit(6.0, 12.0), limit(6.0, 12.0));
    checks.light.over_exposure = limit(2.0, 20.0);
    checks.light.under_exposure = limit(50.0, 80.0);
    checks.light.dynamic_range = limit(60.0, 20.0);
    checks.light.evenness = limit(60.0, 30.0);
    checks.light.mean = Some([20.0, 150.0].try_into().unwrap());
    checks.clothes = ClothesLimits {
        contrast: limit(15.0, 2.0),
        blue: limit(30.0, 80.0),
        shoulders_deg: limit(5.0, 10.0),
    };
    checks.side_margin_px = limit(24.0, 8.0);
}

/// A scene that a strict school judges.
fn strictly(change: impl FnOnce(&mut Scene)) -> Option<Scene> {
    changed(|scene| {
        strict(&mut scene.profile);
        change(scene);
    })
}

/// Every channel of a colour times so much.
fn times(factor: f64) -> impl Fn([u8; 3]) -> [u8; 3] {
    move |colour| colour.map(|channel| (f64::from(channel) * factor).round() as u8)
}

fn on_cloth(x: f64, y: f64) -> bool {
    !in_face(x, y) && y <= SHOULDERS
}

/// The share of the face, from its middle to the right, that is painted over.
fn patch(half_height: f64) -> impl Fn(f64, f64) -> bool {
    move |x, y| in_face(x, y) && x > 240.0 && (y - 270.0).abs() < half_height
}

/// Light: see [`fixture`].
fn light_fixture(check: &str, verdict: Verdict) -> Option<Scene> {
    use Verdict::{Fail, Warn};
    let burn = |height| strictly(|scene| scene.repaint(patch(height), |_| [255; 3]));
    let darken = |factor| strictly(|scene| scene.repaint(in_face, times(factor)));
    // From there down the left of the face is darker: a tenth of the cheek's square stays as it was.
    let lower = |factor| {
        strictly(|scene| scene.repaint(|x, y| in_face(x, y) && x < 240.0 && y > 318.0, times(factor)))
    };
    let half = |factor| strictly(|scene| scene.repaint(|x, y| in_face(x, y) && x < 240.0, times(factor)));
    let tint = |by: [f64; 3]| {
        strictly(|scene| {
            scene.repaint(in_face, |old| {
                let channel = |n: usize| (f64::from(old[n]) + by[n]).clamp(0.0, 255.0) as u8;
                [channel(0), channel(1), channel(2)]
            });
        })
    };
    match (check, verdict) {
        ("over_exposure", Warn) => burn(20.0),
        ("over_exposure", Fail) => burn(100.0),
        ("under_exposure", Warn) => darken(0.62),
        ("under_exposure", Fail) => darken(0.4),
        ("dynamic_range", Warn) => darken(0.35),
        ("dynamic_range", Fail) => darken(0.12),
        ("brightness", Warn) => darken(0.4),
        ("light_evenness", Warn) => lower(0.66),
        ("light_evenness", Fail) => half(0.4),
        ("colour_cast", Warn) => tint([-35.0, 5.0, 20.0]),
        ("colour_cast", Fail) => tint([-50.0, 5.0, 60.0]),
        _ => None,
    }
}

/// Cloth and clothes: see [`fixture`].
fn cloth_fixture(check: &str, verdict: Verdict) -> Option<Scene> {
    use Verdict::{Fail, Warn};
    let folds = |depth: f64| {
        strictly(|scene| {
            let in_fold = |x: f64, y: f64| on_cloth(x, y) && ((x / 16.0) as usize).is_multiple_of(2);
            scene.repaint(in_fold, times(1.0 - depth));
        })
    };
    let gradient =
        |depth: f64| strictly(|scene| scene.repaint(|x, y| on_cloth(x, y) && x > 240.0, times(1.0 - depth)));
    let shadow = |depth: f64| {
        strictly(|scene| {
            let beside = |x: f64, y: f64| {
                let far = ((x - 240.0) / 160.0).powi(2) + ((y - 270.0) / 215.0).powi(2);
                on_cloth(x, y) && x < 240.0 && far < 1.0
            };
            scene.repaint(beside, times(1.0 - depth));
        })
    };
    let coat = |colour: [u8; 3]| strictly(|scene| scene.repaint(|_, y| y > SHOULDERS, |_| colour));
    let hair = |to: f64| {
        strictly(|scene| {
            // Wide hair is a wide head: the crop moves so far that its side reaches the edge.
            scene.placement.crop.x += to;
            scene.placement.face.center_x -= to;
        })
    };
    match (check, verdict) {
        ("backdrop_evenness", Warn) => folds(0.2),
        ("backdrop_evenness", Fail) => folds(0.5),
        ("backdrop_gradient", Warn) => gradient(0.12),
        ("backdrop_gradient", Fail) => gradient(0.4),
        ("head_shadow", Warn) => shadow(0.14),
        ("head_shadow", Fail) => shadow(0.4),
        ("clothes_contrast", Warn) => coat([130, 200, 240]),
        ("clothes_contrast", Fail) => coat([105, 195, 250]),
        ("blue_clothes", Warn) => strictly(|scene| {
            scene.repaint(|x, y| y > SHOULDERS && x > 240.0, |_| [40, 90, 190]);
        }),
        ("blue_clothes", Fail) => coat([40, 90, 190]),
        ("shoulders", Warn) => strictly(|scene| scene.lean_deg = 7.0),
        ("shoulders", Fail) => strictly(|scene| scene.lean_deg = -12.0),
        ("side_margin", Warn) => hair(110.0),
        ("side_margin", Fail) => hair(122.0),
        _ => None,
    }
}

/// A portrait that this check must judge so; `None` for a verdict the check never gives.
fn fixture(check: &str, verdict: Verdict) -> Option<Scene> {
    use Verdict::{Fail, Pass, Warn};
    let face = |change: fn(&mut FaceInFrame)| changed(|scene| change(&mut scene.placement.face));
    let features = |change: fn(&mut Features)| changed(|scene| change(&mut scene.features));
    match (check, verdict) {
        (_, Pass) => Some(good()),
        ("one_face", Warn) => changed(|scene| {
            scene.boxes.push(FaceBox { x: 10.0, y: 10.0, width: 40.0, height: 50.0, score: 0.7 });
        }),
        ("one_face", Fail) => changed(|scene| scene.boxes.push(scene.boxes[0])),
        ("hair_top", Warn) => face(|face| face.hair_top = 52.0),
        ("hair_top", Fail) => face(|face| face.hair_top = 45.0),
        ("eye_line", Warn) => face(|face| face.eyes = 297.0),
        ("eye_line", Fail) => face(|face| face.eyes = 301.0),
        ("face_width", Warn) => face(|face| face.width = 183.0),
        ("face_width", Fail) => face(|face| face.width = 310.0),
        ("centring", Warn) => changed(|scene| scene.boxes[0].x += 15.0),
        ("centring", Fail) => face(|face| face.center_x = 270.0),
        ("roll", Warn) => changed(|scene| scene.roll_deg = -6.0),
        ("roll", Fail) => changed(|scene| scene.roll_deg = 9.0),
        ("yaw", Warn) => features(|face| face.yaw_deg = -9.0),
        ("yaw", Fail) => features(|face| face.yaw_deg = 15.0),
        ("nose_aside", Warn) => features(|face| face.nose_aside = 0.22),
        ("nose_aside", Fail) => features(|face| face.nose_aside = -0.35),
        ("pitch", Warn) => features(|face| face.pitch_deg += 11.0),
        ("pitch", Fail) => features(|face| face.pitch_deg -= 17.0),
        ("lid_gap", Warn) => features(|face| face.lid_gaps[1] = 0.025),
        ("lid_gap", Fail) => features(|face| face.lid_gaps[0] = 0.008),
        ("blink", Warn) => features(|face| face.expression.blink[0] = 0.55),
        ("blink", Fail) => features(|face| face.expression.blink[1] = 0.8),
        ("gaze", Warn) => features(|face| face.expression.look_up = 0.9),
        ("lip_gap", Warn) => features(|face| face.lip_gap = 0.07),
        ("lip_gap", Fail) => features(|face| face.lip_gap = 0.2),
        ("jaw_open", Warn) => features(|face| face.expression.jaw_open = 0.4),
        ("jaw_open", Fail) => features(|face| face.expression.jaw_open = 0.7),
        ("smile", Warn) => features(|face| (face.lip_gap, face.expression.smile) = (0.07, 0.9)),
        ("glare", Warn) => changed(|scene| scene.paint(185..193, 262..268, [255; 3])),
        ("glare", Fail) => changed(|scene| scene.paint(270..290, 258..278, [255; 3])),
        ("red_eye", Warn) => changed(|scene| scene.paint(182..198, 260..276, [200, 100, 90])),
        ("red_eye", Fail) => changed(|scene| scene.paint(282..298, 260..276, [200, 60, 50])),
        ("hair_height", Warn) => features(|face| face.hair_height = 0.9),
        ("pupil_distance", Warn) => features(|face| face.pupils_px = 80.0),
        ("pupil_distance", Fail) => features(|face| face.pupils_px = 50.0),
        ("focus", Warn) => changed(|scene| scene.picture = picture(CLOTH, 15.8)),
        ("focus", Fail) => changed(|scene| scene.picture = picture(CLOTH, 20.0)),
        ("edges", Warn) => changed(|scene| scene.picture = picture(CLOTH, 22.0)),
        ("motion", Warn) => changed(|scene| scene.shake(6)),
        ("motion", Fail) => changed(|scene| scene.shake(7)),
        ("edges", Fail) => changed(|scene| scene.picture = picture(CLOTH, 35.0)),
        ("backdrop_colour", Warn) => changed(|scene| scene.picture = picture([80, 150, 195], 12.0)),
        ("backdrop_colour", Fail) => changed(|scene| scene.picture = picture([240, 240, 240], 12.0)),
        ("file_size", Fail) => changed(|scene| scene.bytes = 40_001),
        ("quality", Fail) => changed(|scene| scene.markers.quality = Some(59)),
        ("file_format", Fail) => changed(|scene| scene.markers.dpi = Some((72, 72))),
        _ => light_fixture(check, verdict).or_else(|| cloth_fixture(check, verdict)),
    }
}

/// Numbers of bytes, tables and markers leave no doubt.
const NEVER_WARN: [&str; 3] = ["file_size", "quality", "file_format"];

/// Camera, cloth and file are the photographer's: about these the sitter is told nothing.
const SITTER_CANNOT_HELP: [&str; 15] = [
    "hair_top",
    "under_exposure",
    "dynamic_range",
    "brightness",
    "light_evenness",
    "colour_cast",
    "backdrop_colour",
    "backdrop_evenness",
    "backdrop_gradient",
    "head_shadow",
    "file_size",
    "quality",
    "file_format",
    "red_eye",
    "pupil_distance",
];

/// What no picture could prove wrong yet, what is no fault in itself, or what is the skin's own colour as well.
const NEVER_FAIL: [&str; 4] = ["gaze", "smile", "hair_height", "brightness"];

#[test]
fn every_check_has_its_fixtures_and_judges_them_so() {
    let mut wrong = Vec::new();
    for check in CHECKS {
        for verdict in [Verdict::Pass, Verdict::Warn, Verdict::Fail] {
            let Some(scene) = fixture(check.name(), verdict) else {
                let never = match verdict {
                    Verdict::Pass => false,
                    Verdict::Warn => NEVER_WARN.contains(&check.name()),
                    Verdict::Fail => NEVER_FAIL.contains(&check.name()),
                };
                assert!(never, "{} has no fixture for {verdict:?}", check.name());
                continue;
            };
            let said = scene.ask(*check);
            if said != verdict {
                wrong.push((check.name(), verdict, said));
            }
        }
    }
    assert!(wrong.is_empty(), "check, what it should say, what it says: {wrong:?}");
}

fn asked(name: &str, scene: &Scene) -> Answer {
    let check = CHECKS.iter().find(|check| check.name() == name).unwrap();
    scene.answer(*check)
}

/// 99号 allows three colours; the profile says which, and the day's sample of the buyer's cloth goes before all.
#[test]
fn the_cloth_is_held_against_what_the_profile_or_the_day_says() {
    let white = || changed(|scene| scene.picture = picture([250, 250, 248], 12.0)).unwrap();
    assert_eq!(asked("backdrop_colour", &white()).verdict, Verdict::Fail);
    let mut allowed = white();
    allowed.profile.backdrop.also = vec![[240, 240, 240], [255, 255, 255]];
    assert_eq!(asked("backdrop_colour", &allowed).verdict, Verdict::Pass);
    let mut sampled = white();
    sampled.references.cloth = Some([249, 250, 250]);
    assert!(asked("backdrop_colour", &sampled).value < 2.0);
    sampled.references.cloth = Some(CLOTH);
    sampled.profile.backdrop.also = vec![[255, 255, 255]];
    assert_eq!(asked("backdrop_colour", &sampled).verdict, Verdict::Fail, "only the sample counts");
    sampled.profile.backdrop.may_use_sample = false;
    assert_eq!(asked("backdrop_colour", &sampled).verdict, Verdict::Pass);
}

#[test]
fn a_lens_that_slips_is_noticed_against_the_sessions_own_reference() {
    let mut scene = good();
    assert_eq!(asked("focus", &scene).verdict, Verdict::Pass);
    let usual = asked("focus", &scene).value;
    (scene.references.focus, scene.references.edges) = (Some(usual), Some(1.0));
    assert_eq!(asked("focus", &scene).verdict, Verdict::Pass);
    scene.references.focus = Some(4.0 * usual);
    let slipped = asked("focus", &scene);
    assert_eq!((slipped.verdict, slipped.value), (Verdict::Warn, usual), "the value stays the measured one");
    assert_eq!(asked("edges", &scene).verdict, Verdict::Pass);
}

#[test]
fn what_cannot_be_seen_is_unknown_and_passes() {
    // One shoulder is so high that it must be hair.
    let hidden = changed(|scene| scene.lean_deg = 30.0).unwrap();
    let answer = asked("shoulders", &hidden);
    assert!(answer.verdict == Verdict::Pass && answer.value.is_nan(), "{answer:?}");
    assert_eq!(answer, asked("shoulders", &hidden), "two unknowns are no news");
    assert_ne!(answer, asked("shoulders", &good()));
}

/// A head close to the cloth throws a narrow shadow: 25 px here.
#[test]
fn a_narrow_shadow_is_seen_as_well() {
    let scene = changed(|scene| {
        let beside = |x: f64, y: f64| {
            let far = ((x - 240.0) / 140.0).powi(2) + ((y - 270.0) / 195.0).powi(2);
            on_cloth(x, y) && x < 240.0 && far < 1.0
        };
        scene.repaint(beside, times(0.75));
    });
    let answer = asked("head_shadow", &scene.unwrap());
    assert!(answer.verdict == Verdict::Warn && answer.value > 10.0, "{answer:?}");
}

/// Whether a lamp stands to one side must not depend on the skin: two stops less light on one cheek read alike on a
/// light face and on a dark one.
#[test]
fn side_light_reads_the_same_on_every_skin() {
    let lit = |skin: f64, aside: f64| {
        changed(|scene| {
            scene.repaint(in_face, times(skin));
            scene.repaint(|x, y| in_face(x, y) && x < 240.0, times(aside));
        })
    };
    let evenness = |skin: f64, aside: f64| asked("light_evenness", &lit(skin, aside).unwrap());
    for skin in [1.0, 0.6, 0.4] {
        let (even, aside) = (evenness(skin, 1.0), evenness(skin, 0.54));
        assert!(
            even.verdict == Verdict::Pass && aside.verdict == Verdict::Warn,
            "{skin}: {even:?} {aside:?}"
        );
        // sRGB bytes of 0.54 stand for about a quarter of the light.
        let share = aside.value / even.value;
        assert!((0.2..0.36).contains(&share), "{skin}: {share} of {}", even.value);
    }
}

/// Without a limit a value is told and never judged.
#[test]
fn a_limit_that_is_missing_judges_nothing() {
    let mut scene = fixture("head_shadow", Verdict::Fail).unwrap();
    scene.profile.backdrop.head_shadow = SoftLimit::default();
    let answer = asked("head_shadow", &scene);
    assert!(answer.verdict == Verdict::Pass && answer.value > 20.0, "{answer:?}");
    assert!(scene.profile.checks.light.under_exposure.fail.is_some(), "and only by a strict school");
    assert_eq!(good().profile.checks.light.under_exposure.fail, None, "dark skin is no fault");
}

#[test]
fn names_and_titles_are_there_and_unique() {
    let mut names: Vec<_> = CHECKS.iter().map(|check| check.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CHECKS.len());
    for check in CHECKS {
        let title = check.title();
        assert!(!title.zh.is_empty() && !title.en.is_empty(), "{}", check.name());
    }
}

#[test]
fn each_demand_on_the_files_form_counts() {
    type Change = fn(&mut Markers);
    let changes: [Change; 9] = [
        |markers| markers.width = 479,
        |markers| markers.dpi = None,
        |markers| markers.components = 1,
        |markers| markers.baseline = false,
        |markers| markers.scans = 3,
        |markers| markers.luma_sampling = (2, 1),
        |markers| markers.segments.insert(1, 0xe1),
        |markers| markers.segments.insert(1, 0xfe),
        |markers| markers.trailing = 1,
    ];
    let check = CHECKS.iter().find(|check| check.name() == "file_format").unwrap();
    for change in changes {
        let scene = changed(|scene| change(&mut scene.markers)).unwrap();
        assert_eq!(scene.ask(*check), Verdict::Fail, "{:?}", scene.markers);
    }
}

/// A mesh that collapsed, a model that answered nonsense: nobody is sent away for it, and nobody is waved through.
#[test]
fn what_could_not_be_measured_is_a_doubt() {
    const NOWHERE: Point = Point { x: f64::NAN, y: f64::NAN };
    const UNKNOWN: f64 = f64::NAN;
    let scene = changed(|scene| {
        let eye = Eye { corners: [NOWHERE; 2], iris: NOWHERE, iris_radius: UNKNOWN };
        scene.features = Features {
            yaw_deg: UNKNOWN,
            pitch_deg: UNKNOWN,
            lid_gaps: [UNKNOWN; 2],
            lip_gap: UNKNOWN,
            hair_height: UNKNOWN,
            nose_aside: UNKNOWN,
            pupils_px: UNKNOWN,
            eyes: [eye; 2],
            expression: Expression {
                blink: [UNKNOWN; 2],
                look_left: UNKNOWN,
                look_right: UNKNOWN,
                look_up: UNKNOWN,
                look_down: UNKNOWN,
                jaw_open: UNKNOWN,
                smile: UNKNOWN,
            },
        };
    });
    let scene = scene.unwrap();
    let by_the_mesh = [
        "yaw",
        "nose_aside",
        "pitch",
        "lid_gap",
        "blink",
        "gaze",
        "lip_gap",
        "jaw_open",
        "smile",
        "glare",
        "red_eye",
        "hair_height",
        "pupil_distance",
    ];
    for name in by_the_mesh {
        let check = CHECKS.iter().find(|check| check.name() == name).unwrap();
        assert_eq!(scene.ask(*check), Verdict::Warn, "{name}");
    }
}

/// What a check says of a file of so many bytes, which says this of itself.
pub(crate) fn of_file(check: &str, bytes: usize, markers: Markers) -> Verdict {
    asked(check, &Scene { bytes, markers, ..good() }).verdict
}

/// A photograph that shows no teeth may smile as it likes.
#[test]
fn a_smile_with_closed_lips_passes() {
    let scene = changed(|scene| scene.features.expression.smile = 1.0).unwrap();
    let check = CHECKS.iter().find(|check| check.name() == "smile").unwrap();
    assert_eq!(scene.ask(*check), Verdict::Pass);
}
