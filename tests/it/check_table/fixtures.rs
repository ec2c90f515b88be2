//! For every check pictures that it must not pass, made of the sitters' own.

use caiying::{
    portrait::{Enlarging, Markers, markers},
    profile::{Profile, Window},
};

use super::{
    bent::{
        bun, defocused, far_away, hanging_shoulder, leaning, nodding, out_of_frame, second_face, shaken,
        turned_aside, wide_hair,
    },
    canvas::{Canvas, light},
    lit::{
        balanced, cloth_side_lit, clothes_of_cloth, exposed, folded, grey, other_cloth, other_clothes,
        side_lit, with_post, with_shadow,
    },
    painted::{lamps_in_glasses, lids_closed, looking_aside, mouth_open, red_pupils},
    sitters::{Group, Sitter},
};

/// One way to spoil a picture.
pub(super) struct Fixture {
    /// What is done, as the table says it.
    pub(super) what: &'static str,
    /// The checks that must notice.
    pub(super) aims: &'static [&'static str],
    pub(super) make: fn(&Sitter) -> Vec<Canvas>,
}

const fn fixture(
    what: &'static str,
    aims: &'static [&'static str],
    make: fn(&Sitter) -> Vec<Canvas>,
) -> Fixture {
    Fixture { what, aims, make }
}

/// Only of who wears glasses.
fn on_glasses(sitter: &Sitter, share: f64) -> Vec<Canvas> {
    if sitter.is(Group::Glasses) { lamps_in_glasses(sitter, share) } else { Vec::new() }
}

/// The checks of the frame's windows: they judge our own crop, so that only a shot without a crop can try them.
pub(super) const WINDOWS: &[&str] = &["hair_top", "eye_line", "face_width", "centring"];

/// Every way.
pub(super) const FIXTURES: &[Fixture] = &[
    fixture("第二张脸，0.7 倍大", &["one_face"], |sitter| second_face(sitter, 0.7)),
    fixture("第二张脸，0.35 倍大（应提示）", &["one_face"], |sitter| second_face(sitter, 0.35)),
    fixture("画面切到头发、脸颊、下巴", WINDOWS, out_of_frame),
    fixture("歪头 9°", &["roll"], |sitter| leaning(sitter, 9.0)),
    fixture("歪头 6.5°", &["roll"], |sitter| leaning(sitter, 6.5)),
    fixture("按椭球再转 20°", &["yaw", "nose_aside"], |sitter| turned_aside(sitter, 20.0)),
    fixture("按椭球再转 12°", &["yaw", "nose_aside"], |sitter| turned_aside(sitter, 12.0)),
    fixture("按椭球俯仰 25°", &["pitch"], |sitter| nodding(sitter, 25.0)),
    fixture("画上合拢的眼睑", &["lid_gap", "blink"], lids_closed),
    fixture("虹膜画到一侧，移 0.8 个半径", &["gaze"], |sitter| looking_aside(sitter, 0.8)),
    fixture("画上张开的嘴，下颌落 0.25", &["lip_gap", "jaw_open"], |sitter| {
        mouth_open(sitter, 0.25)
    }),
    fixture("眼镜上画灯，宽为眼长", &["glare"], |sitter| on_glasses(sitter, 0.5)),
    fixture("眼镜上画灯，宽为眼长 0.4", &["glare"], |sitter| on_glasses(sitter, 0.2)),
    fixture("瞳孔画成亮红", &["red_eye"], |sitter| red_pupils(sitter, [220, 50, 45])),
    fixture("瞳孔画成暗红", &["red_eye"], |sitter| red_pupils(sitter, [130, 40, 35])),
    fixture("头顶加高 0.35 个头", &["hair_height"], |sitter| bun(sitter, 0.35)),
    fixture("原片缩到瞳距 50 px", &["pupil_distance"], |sitter| far_away(sitter, 50.0)),
    fixture("失焦，半径 2 px", &["focus"], |sitter| defocused(sitter, 2.0)),
    fixture("失焦，半径 3 px", &["focus", "edges"], |sitter| defocused(sitter, 3.0)),
    fixture("失焦，半径 5 px", &["focus", "edges"], |sitter| defocused(sitter, 5.0)),
    fixture("抖动 7 px", &["motion"], |sitter| shaken(sitter, 7.0, &[0.0, 45.0, 90.0, 135.0])),
    fixture("抖动 12 px", &["motion"], |sitter| shaken(sitter, 12.0, &[0.0, 90.0])),
    fixture("曝光 ×3", &["over_exposure"], |sitter| exposed(sitter, 3.0)),
    fixture("曝光 ×6", &["over_exposure"], |sitter| exposed(sitter, 6.0)),
    fixture("曝光 ×1/8", &["under_exposure"], |sitter| exposed(sitter, 0.125)),
    fixture("曝光 ×1/16", &["under_exposure"], |sitter| exposed(sitter, 0.0625)),
    fixture("侧光，暗侧剩 1/8", &["light_evenness"], |sitter| side_lit(sitter, 0.125)),
    fixture("侧光，暗侧剩 1/3", &["light_evenness"], |sitter| side_lit(sitter, 0.333)),
    fixture("白平衡偏暖（红 ×1.5 蓝 ×0.4）", &["colour_cast", "backdrop_colour"], |sitter| {
        balanced(sitter, [1.5, 1.0, 0.4])
    }),
    fixture("白平衡偏绿（绿 ×1.4）", &["colour_cast", "backdrop_colour"], |sitter| {
        balanced(sitter, [0.9, 1.4, 0.9])
    }),
    fixture("白平衡偏蓝（红 ×0.6 蓝 ×1.7）", &["colour_cast", "backdrop_colour"], |sitter| {
        balanced(sitter, [0.6, 1.0, 1.7])
    }),
    fixture("没有颜色", &["colour_cast"], grey),
    fixture("换白布", &["backdrop_colour"], |sitter| other_cloth(sitter, [245, 245, 245])),
    fixture("换深蓝布", &["backdrop_colour"], |sitter| other_cloth(sitter, [25, 45, 110])),
    fixture("换绿布", &["backdrop_colour"], |sitter| other_cloth(sitter, [60, 160, 80])),
    fixture("布起褶，暗处剩 0.4", &["backdrop_evenness"], |sitter| folded(sitter, 0.6)),
    fixture("身后有深色立柱", &["backdrop_evenness"], with_post),
    fixture("布的一侧剩 0.35 的光", &["backdrop_gradient"], |sitter| cloth_side_lit(sitter, 0.35)),
    fixture("头影偏 30 px，剩 0.5 的光", &["head_shadow"], |sitter| with_shadow(sitter, 30.0, 0.5)),
    fixture("头影偏 60 px，剩 0.5 的光", &["head_shadow"], |sitter| with_shadow(sitter, 60.0, 0.5)),
    fixture("衣服和布同色", &["clothes_contrast"], clothes_of_cloth),
    fixture("蓝衣服", &["blue_clothes"], |sitter| other_clothes(sitter, light([45, 90, 185]))),
    fixture("一肩低 14°", &["shoulders"], |sitter| hanging_shoulder(sitter, 14.0)),
    fixture("头发伸到离边 10 px", &["side_margin"], |sitter| wide_hair(sitter, 230.0)),
];

/// What the sitter's own picture shows and a check is right to fail, looked over by a person: check, file, why.
pub(super) const RIGHT: &[(&str, &str, &str)] = &[
    ("yaw", "cg_B000911.jpg", "脸转向左，只见一侧面颊"),
    ("nose_aside", "cg_B000911.jpg", "脸转向左，只见一侧面颊"),
    ("yaw", "cg_F000459.jpg", "脸转向左，只见一只耳朵"),
    ("nose_aside", "cg_F000459.jpg", "脸转向左，只见一只耳朵"),
    ("yaw", "cg_J000294.jpg", "脸转向左，右耳几乎看不见"),
    ("colour_cast", "cg_K000387.jpg", "黑白照片"),
    ("backdrop_evenness", "cg_K000387.jpg", "身后是窗户，不是布"),
    ("backdrop_colour", "cg_K000387.jpg", "身后是窗户，不是布"),
];

/// Checks that fail every face of the folder for what the folder is, and why.
pub(super) const OF_THE_FOLDER: &[(&str, &str)] =
    &[("pupil_distance", "文件只有 225 × 275 px，瞳距 43–64 px")];

/// Checks that ask for more pixels than the folder's files have. A face that fails one of them where it is enlarged, and
/// passes where it is not, is no false alarm.
pub(super) const OF_PIXELS: &[&str] = &["focus", "edges", "motion"];

/// The standard profile with a portrait of half as many pixels across and down, which nothing must be enlarged for.
pub(super) fn of_half_the_pixels(profile: &Profile) -> Profile {
    let mut half = profile.clone();
    let halved = |window: Window| [window.low / 2.0, window.high / 2.0].try_into().unwrap();
    let frame = &mut half.frame;
    (frame.hair_top_px, frame.eye_line_px) = (halved(frame.hair_top_px), halved(frame.eye_line_px));
    (frame.face_width_px, frame.guard_px) = (halved(frame.face_width_px), frame.guard_px / 2.0);
    frame.target.hair_top_px /= 2.0;
    frame.target.head_px /= 2.0;
    (half.photo.width_px, half.photo.height_px) = (half.photo.width_px / 2, half.photo.height_px / 2);
    half.photo.size_kb = [1.0, 80.0].try_into().unwrap();
    half
}

/// Unaltered pictures that a check must notice, looked over by a person: check, what is seen, files.
pub(super) const NATURAL: &[(&str, &str, &[&str])] = &[
    ("yaw", "原图转了头", &["cg_B000911.jpg", "cg_F000459.jpg", "cg_J000294.jpg"]),
    ("nose_aside", "原图转了头", &["cg_B000911.jpg", "cg_F000459.jpg", "cg_J000294.jpg"]),
    ("lip_gap", "原图露齿", TEETH),
    ("light_evenness", "原图侧光", &["cg_J000294.jpg", "person_03", "person_04"]),
    ("colour_cast", "原图黑白", &["cg_K000387.jpg"]),
    ("backdrop_evenness", "原图身后是窗户", &["cg_K000387.jpg"]),
    ("backdrop_colour", "原图身后是窗户", &["cg_K000387.jpg"]),
];

/// Who shows teeth; one of the folder and one of the rehearsal do not.
const TEETH: &[&str] = &[
    "cg_C001080.jpg",
    "cg_M001163.jpg",
    "cg_M001188.jpg",
    "cg_T000472.jpg",
    "cg_H001050.jpg",
    "cg_D000622.jpg",
    "cg_J000032.jpg",
    "cg_W000187.jpg",
    "cg_L000551.jpg",
    "cg_B000911.jpg",
    "cg_J000294.jpg",
    "cg_B001276.jpg",
    "cg_O000085.jpg",
    "cg_G000571.jpg",
    "cg_B001270.jpg",
    "cg_S000185.jpg",
    "cg_C001072.jpg",
    "cg_F000459.jpg",
    "cg_K000387.jpg",
    "person_02",
    "person_03",
    "person_04",
];

/// How a fixture is developed: what is too small may be enlarged, else nothing could be measured.
pub(super) const ENLARGING: Enlarging = Enlarging::ForMeasuring;

/// One way to spoil a finished file, and the check that must notice.
pub(super) struct Edit {
    pub(super) what: &'static str,
    pub(super) aim: &'static str,
    pub(super) make: fn(&[u8]) -> Vec<u8>,
}

/// Every way.
pub(super) const EDITS: &[Edit] = &[
    Edit { what: "补到 40,001 字节", aim: "file_size", make: |file| padded(file, 40_001) },
    Edit { what: "量化表 ×4", aim: "quality", make: coarser },
    Edit { what: "密度改成 72", aim: "file_format", make: |file| jfif(file, 72) },
    Edit { what: "帧头改成渐进式", aim: "file_format", make: progressive },
    Edit { what: "插入 EXIF", aim: "file_format", make: with_exif },
    Edit { what: "结尾后有字节", aim: "file_format", make: |file| [file, &[0]].concat() },
];

/// What a file says of itself; `None` where it cannot be read, which is noticed before any check.
pub(super) fn read(file: &[u8]) -> Option<Markers> {
    markers(file).ok()
}

fn padded(file: &[u8], length: usize) -> Vec<u8> {
    // A comment cannot hide it: bytes are bytes.
    let mut longer = file.to_vec();
    longer.resize(length.max(file.len()), 0);
    longer
}

/// Where the segments with this marker begin.
fn segments(file: &[u8], marker: u8) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 2;
    while file[at + 1] != 0xda {
        if file[at + 1] == marker {
            places.push(at);
        }
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    }
    places
}

fn coarser(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    for at in segments(&file, 0xdb) {
        let end = at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        let mut table = at + 4;
        while table < end {
            for step in &mut file[table + 1..table + 65] {
                *step = step.saturating_mul(4).max(40);
            }
            table += 65;
        }
    }
    file
}

fn jfif(file: &[u8], dpi: u16) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = segments(&file, 0xe0)[0];
    for place in [at + 12, at + 14] {
        file[place..place + 2].copy_from_slice(&dpi.to_be_bytes());
    }
    file
}

fn progressive(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = segments(&file, 0xc0)[0];
    file[at + 1] = 0xc2;
    file
}

fn with_exif(file: &[u8]) -> Vec<u8> {
    crate::portraits::held(file, 1)
}
