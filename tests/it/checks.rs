//! Every check passes what is good, warns of what is doubtful and fails what is bad. A check without its fixtures
//! here fails this chapter.

use caiying::{
    portrait::{
        CHECKS, Check, Colours, Crop, Expression, Eye, FaceBox, FaceInFrame, Features, Markers, PersonMask,
        Picture, Placement, Point, Subject, Verdict,
    },
    profile::Profile,
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
    features: Features,
    bytes: usize,
    markers: Markers,
}

/// A face of soft stripes before the cloth. Waves of `period` px stand for sharpness: both measures are known for
/// them, (2π/period)⁴ for the focus and about 71/period for the edges.
fn picture(cloth: [u8; 3], period: f64) -> Picture {
    let mut pixels = Vec::with_capacity(3 * WIDTH * HEIGHT);
    for place in 0..WIDTH * HEIGHT {
        let (x, y) = ((place % WIDTH) as f64, (place / WIDTH) as f64);
        if in_face(x, y) {
            let grey = 130.0 + 40.0 * (x * std::f64::consts::TAU / period).sin();
            pixels.extend([grey.round() as u8; 3]);
        } else {
            pixels.extend(cloth);
        }
    }
    Picture { width: 480, height: 640, pixels, colours: Colours::Srgb }
}

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

    fn ask(&self, check: &dyn Check) -> Verdict {
        let ring = (0..36).map(|n| f64::from(n) * std::f64::consts::TAU / 36.0);
        let outline: Vec<Point> =
            ring.map(|a| Point { x: 240.0 + 110.0 * a.cos(), y: 270.0 + 165.0 * a.sin() }).collect();
        let person = PersonMask::pretend(640.0, |x, y| f32::from(u8::from(in_face(x, y) || y > 470.0)));
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
        };
        let answer = check.judge(&subject, &Profile::builtin("chsi_2017_99").unwrap());
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
}

fn changed(change: impl FnOnce(&mut Scene)) -> Option<Scene> {
    let mut scene = good();
    change(&mut scene);
    Some(scene)
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
        ("edges", Fail) => changed(|scene| scene.picture = picture(CLOTH, 35.0)),
        ("backdrop_colour", Warn) => changed(|scene| scene.picture = picture([80, 150, 195], 12.0)),
        ("backdrop_colour", Fail) => changed(|scene| scene.picture = picture([240, 240, 240], 12.0)),
        ("file_size", Fail) => changed(|scene| scene.bytes = 40_001),
        ("quality", Fail) => changed(|scene| scene.markers.quality = Some(59)),
        ("file_format", Fail) => changed(|scene| scene.markers.dpi = Some((72, 72))),
        _ => None,
    }
}

/// Numbers of bytes, tables and markers leave no doubt.
const NEVER_WARN: [&str; 3] = ["file_size", "quality", "file_format"];

/// Camera, cloth and file are the photographer's: about these the sitter is told nothing.
const SITTER_CANNOT_HELP: [&str; 7] =
    ["hair_top", "backdrop_colour", "file_size", "quality", "file_format", "red_eye", "pupil_distance"];

/// What no picture could prove wrong yet, or what is no fault in itself.
const NEVER_FAIL: [&str; 3] = ["gaze", "smile", "hair_height"];

#[test]
fn every_check_has_its_fixtures_and_judges_them_so() {
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
            assert_eq!(scene.ask(*check), verdict, "{}", check.name());
        }
    }
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
    let changes: [Change; 8] = [
        |markers| markers.width = 479,
        |markers| markers.dpi = None,
        |markers| markers.components = 1,
        |markers| markers.baseline = false,
        |markers| markers.scans = 3,
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

/// A photograph that shows no teeth may smile as it likes.
#[test]
fn a_smile_with_closed_lips_passes() {
    let scene = changed(|scene| scene.features.expression.smile = 1.0).unwrap();
    let check = CHECKS.iter().find(|check| check.name() == "smile").unwrap();
    assert_eq!(scene.ask(*check), Verdict::Pass);
}
