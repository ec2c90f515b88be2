//! The checkup: all is well, something is to be looked at, something stops the work, nothing is connected yet.

use std::sync::Arc;

use caiying::{
    camera::{CameraError, doctor::Verdict},
    language::Phrase,
    portrait::{Away, Change, NoReference},
    scan::WebcamError,
    screens::{
        CheckupLine, CheckupView, DeskView, LookedView, MeasuredView, Mend, Place, PortraitView,
        ReferenceStage, ReferenceView, RosterFileView, RosterStage, RosterView, View, Words, trouble,
    },
    settings::Calibration,
    shot::{Digest, Moment},
    station::Phase,
    student::{Columns, Roster, RosterError},
};

use super::{
    Scene,
    capture::{grey_frame, grey_portrait},
};
use crate::screens::view;

fn line(verdict: Verdict, title: (&str, &str), said: (&str, &str)) -> CheckupLine {
    let [title, said] = [title, said].map(|(zh, en)| Phrase::new(zh, en));
    CheckupLine { verdict, title, said, remedy: None, mend: None }
}

fn of_words(verdict: Verdict, title: (&str, &str), words: Words, mend: Option<Mend>) -> CheckupLine {
    let line = line(verdict, title, ("", ""));
    CheckupLine { said: words.headline, remedy: Some(words.remedy), mend, ..line }
}

fn of(name: &'static str, lines: Vec<CheckupLine>) -> Scene {
    let desk = DeskView::Checkup(CheckupView { lines, ..CheckupView::default() }.into());
    Scene::of(name, Place::Checkup, View { desk, ..view(Phase::Idle) })
}

const PROFILE: ((&str, &str), (&str, &str)) = (
    ("档案", "profile"),
    ("安庆职业技术学院 2027届毕业生，采集站 A1", "安庆职业技术学院 2027届毕业生, station A1"),
);

/// In the order of a morning, all well.
fn well() -> Vec<CheckupLine> {
    [
        PROFILE,
        (("相机", "camera"), ("Canon EOS 80D，电量 75%", "Canon EOS 80D, battery 75%")),
        (("扫码", "codes"), ("摄像头在读码", "the webcam reads codes")),
        (("名册", "roster"), ("4704 人", "4704 people")),
        (("校准", "calibration"), ("今天校准过", "of today")),
        (("磁盘", "disk"), ("剩余 120 GB", "120 GB free")),
        (("电脑电量", "laptop"), ("80%", "80%")),
        (("台账", "record"), ("已保存 12 人，待交付 12", "12 students kept, 12 waiting")),
    ]
    .map(|(title, said)| {
        let mend = match title.0 {
            "校准" => Some(Mend::Reference),
            "名册" => Some(Mend::Roster),
            _ => None,
        };
        CheckupLine { mend, ..line(Verdict::Good, title, said) }
    })
    .to_vec()
}

/// What is to be looked at, and the day can begin all the same.
fn doubtful() -> Vec<CheckupLine> {
    use Verdict::Look;
    let camera = |err| trouble::camera(&err);
    let drift = trouble::drift(&[Away::Light(-6.0), Away::Focus(0.6)]).unwrap();
    let strays = line(Look, ("未归属", "strays"), ("1 张照片不知道是谁的", "1 photos are nobody's"));
    let mut lines = well();
    lines.splice(4..5, [of_words(Look, ("校准", "calibration"), drift, Some(Mend::Reference))]);
    lines.splice(
        2..2,
        [
            of_words(
                Look,
                ("相机时钟", "camera clock"),
                camera(CameraError::ClockAhead { seconds: 42 }),
                Some(Mend::SetClock),
            ),
            of_words(
                Look,
                ("相机卡", "camera card"),
                camera(CameraError::OlderOnCard { count: 312 }),
                Some(Mend::LookAgain),
            ),
        ],
    );
    let alone = line(
        Look,
        ("备份", "backup"),
        ("61 张照片只在这块硬盘上：按 F5，再按 B 备份", "61 photos are on this disk only: F5, then B"),
    );
    lines.push(CheckupLine { mend: Some(Mend::Go(Place::Day)), ..alone });
    lines.push(CheckupLine { mend: Some(Mend::Go(Place::Tray)), ..strays });
    lines
}

/// What stops the work.
fn wrong() -> Vec<CheckupLine> {
    use Verdict::{Act, Good};
    let roster = CheckupLine {
        remedy: Some(Phrase::new(
            "把学校给的 .xlsx 或 .csv 放在 U 盘或下载文件夹里，按 M",
            "put the school's .xlsx or .csv on a stick or into Downloads, and press M",
        )),
        mend: Some(Mend::Roster),
        ..line(
            Act,
            ("名册", "roster"),
            ("这个档案靠名册认人，还没有名册", "this profile knows people by a roster; there is none"),
        )
    };
    let disk = CheckupLine {
        remedy: Some(Phrase::new("请腾出空间，或换一个数据文件夹", "make room, or use another folder")),
        ..line(Act, ("磁盘", "disk"), ("剩余 1 GB", "1 GB free"))
    };
    let held =
        trouble::camera(&CameraError::Claimed { by: Some(caiying::camera::Holder::Gvfs { program: None }) });
    vec![
        line(Good, PROFILE.0, PROFILE.1),
        of_words(Act, ("相机", "camera"), held, Some(Mend::ReleaseCamera)),
        of_words(Act, ("扫码", "codes"), trouble::webcam(&WebcamError::Busy), Some(Mend::Go(Place::Setup))),
        roster,
        disk,
        line(Good, ("台账", "record"), ("已保存 12 人，待交付 12", "12 students kept, 12 waiting")),
    ]
}

/// As the window has just opened: nothing has answered yet.
fn beginning() -> Vec<CheckupLine> {
    let mut lines = well();
    lines[1] = line(Verdict::Act, ("相机", "camera"), ("还没有连上", "not connected yet"));
    lines[2] = line(Verdict::Good, ("扫码", "codes"), ("正在打开摄像头", "the webcam is being opened"));
    lines
}

/// The station's reference was measured, and a person looks at it.
fn reference() -> Scene {
    let calibration = Calibration {
        taken: Moment(0),
        camera: None,
        cloth: [104, 190, 249],
        focus: 0.0823,
        edges: 5.25,
        pitch_zero_deg: -3.1,
    };
    let changed = Change { light: -2.1, cloth: 3.4, focus: 0.92, edges: 1.01, pitch_deg: 0.4 };
    let jpeg: Arc<[u8]> = grey_portrait().into();
    let portrait = PortraitView {
        sha256: Digest::of(&jpeg),
        jpeg,
        verdict: caiying::portrait::Verdict::Pass,
        findings: vec![],
        ms: 400.0,
    };
    let lines = trouble::measured(&calibration, 1.2, Some(changed));
    let stage = ReferenceStage::Measured(Box::new(MeasuredView { portrait, lines }));
    making("checkup_reference", stage)
}

fn making(name: &'static str, stage: ReferenceStage) -> Scene {
    let reference = Some(ReferenceView { stage });
    let desk = DeskView::Checkup(CheckupView { lines: well(), reference, roster: None }.into());
    Scene::of(name, Place::Checkup, View { desk, live: grey_frame(), ..view(Phase::Idle) })
}

/// A roster is read in.
fn roster(name: &'static str, stage: RosterStage) -> Scene {
    let roster = Some(RosterView { stage, known: 4704, two_must_stand: true });
    let desk = DeskView::Checkup(CheckupView { roster, ..CheckupView::default() }.into());
    Scene::of(name, Place::Checkup, View { desk, ..view(Phase::Idle) })
}

fn files(many: usize) -> Option<Vec<RosterFileView>> {
    let of = |name: &str, folder: &str, changed: &str, bytes| RosterFileView {
        name: name.to_owned(),
        folder: folder.to_owned(),
        changed: changed.to_owned(),
        bytes,
    };
    let stick = "/media/wang/KINGSTON/2026级新生";
    let files = [
        of("2026级新生名册（终版）.xlsx", stick, "2026-08-29 18:20:11", 412_000),
        of("2026级新生名册.xlsx", stick, "2026-08-27 09:02:45", 409_300),
        of("机电学院补录.csv", "/home/wang/下载", "2026-08-26 15:40:00", 2_100),
        of(
            "安庆职业技术学院2026级新生信息采集预计拍摄名单汇总（各二级学院已核对）.xls",
            "/home/wang/文档/从很长很长的文件夹名字里来的名单/二零二六年八月",
            "2026-08-20 11:11:11",
            1_900_000,
        ),
    ];
    Some(files.into_iter().cycle().take(many).collect())
}

fn looked(list: &str) -> RosterStage {
    let (_, report) = Roster::inspect(list.as_bytes(), &Columns::default()).unwrap();
    let refused = trouble::roster(&RosterError::Faulty(Box::new(report.clone())));
    let refused = (report.grave > 0).then_some(refused);
    RosterStage::Looked(Box::new(LookedView { name: "2026级新生名册.csv".to_owned(), report, refused }))
}

fn rosters() -> Vec<Scene> {
    let rows: String = (0..12).map(|n| format!("{n},=甲,1101051949123100{n:02}\n")).collect();
    let counts = Phrase::new("已导入 4704 人，没有导入 0 行，请核对 2 处", "4704 students imported");
    vec![
        roster("checkup_roster", RosterStage::Choosing { files: files(4), refused: None }),
        roster(
            "checkup_roster_refused",
            RosterStage::Choosing { files: files(0), refused: Some(trouble::roster(&RosterError::NoKey)) },
        )
        .unpainted(),
        roster("checkup_roster_nine", RosterStage::Choosing { files: files(9), refused: None }).unpainted(),
        roster("checkup_roster_read", RosterStage::Reading("2026级新生名册.csv".to_owned())).unpainted(),
        roster("checkup_roster_faulty", looked(&format!("学号,姓名,身份证号\n{rows}"))).unpainted(),
        roster("checkup_roster_good", looked("学号,姓名\n7,甲\n")).unpainted(),
        roster("checkup_roster_taken", RosterStage::Taken(counts)).unpainted(),
    ]
}

pub(super) fn scenes() -> Vec<Scene> {
    let scenes = vec![
        of("checkup_well", well()).unpainted(),
        of("checkup_doubtful", doubtful()),
        of("checkup_wrong", wrong()).main(),
        of("checkup_beginning", beginning()).unpainted(),
        reference(),
        making("checkup_reference_awaited", ReferenceStage::Awaited(None)),
        making(
            "checkup_reference_refused",
            ReferenceStage::Awaited(Some(trouble::no_reference(&NoReference::NoCloth))),
        )
        .unpainted(),
    ];
    scenes.into_iter().chain(rosters()).collect()
}
