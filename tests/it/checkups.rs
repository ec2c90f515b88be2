//! 体检 in the window: a line each, the worst on top in one sentence, and one key to mend what can be mended.

use std::sync::Arc;

use caiying::{
    camera::doctor::Verdict,
    language::{Language, Phrase},
    machine::RosterFile,
    screens::{
        Asked, CheckupLine, CheckupView, DeskView, LookedView, MeasuredView, Mend, Place, PortraitView,
        ReferenceAsk, ReferenceStage, ReferenceView, RosterAsk, RosterFileView, RosterStage, RosterView,
        View, Words, trouble,
    },
    shot::ShotId,
    station::Phase,
    student::Roster,
};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::{
    screens::{Desk, desk_at, view},
    world::portrait,
};

fn line(verdict: Verdict, zh: &str, mend: Option<Mend>) -> CheckupLine {
    CheckupLine {
        verdict,
        title: Phrase::new("相机", "camera"),
        said: Phrase::new(zh, "how it stands"),
        remedy: (verdict != Verdict::Good).then(|| Phrase::new("怎么办", "what to do")),
        mend,
    }
}

fn window(lines: Vec<CheckupLine>, language: Language) -> Desk {
    let desk = DeskView::Checkup(Arc::new(CheckupView { lines, ..CheckupView::default() }));
    let view = View { desk, language, ..view(Phase::Idle) };
    desk_at(view, Place::Checkup)
}

#[test]
fn the_worst_line_decides_what_is_said_of_the_whole() {
    use Verdict::{Act, Good, Look};
    for (verdicts, word) in [
        (vec![Good, Good], "✓ 可以开工"),
        (vec![Good, Look], "▲ 可以开工，先看一眼黄色的"),
        (vec![Look, Act, Good], "× 先处理红色的，再开工"),
    ] {
        let lines = verdicts.into_iter().map(|verdict| line(verdict, "样子", None)).collect();
        assert!(window(lines, Language::Chinese).query_by_label(word).is_some(), "{word}");
    }
    assert!(window(vec![], Language::English).query_by_label("✓ ready for the day").is_some());
}

#[test]
fn what_is_to_be_done_stands_above_what_is_well() {
    use Verdict::{Act, Good, Look};
    let lines = [(Good, "甲"), (Look, "乙"), (Good, "丙"), (Act, "丁"), (Look, "戊")];
    let harness = window(lines.map(|(verdict, said)| line(verdict, said, None)).to_vec(), Language::Chinese);
    let mut order = ["甲", "乙", "丙", "丁", "戊"];
    order.sort_by_key(|said| harness.get_by_label(said).rect().min.y as i64);
    assert_eq!(order, ["丁", "乙", "戊", "甲", "丙"], "among equals as in a morning");
}

#[test]
fn a_key_mends_what_is_wrong_and_nothing_that_is_well() {
    use Verdict::{Act, Good, Look};
    for (verdict, mend, key, asked) in [
        (Act, Mend::ReleaseCamera, Key::F9, Some(Asked::Mend(Mend::ReleaseCamera))),
        (Look, Mend::SetClock, Key::K, Some(Asked::Mend(Mend::SetClock))),
        (Look, Mend::LookAgain, Key::C, Some(Asked::Mend(Mend::LookAgain))),
        (Good, Mend::SetClock, Key::K, None),
    ] {
        let mut harness = window(vec![line(verdict, "样子", Some(mend))], Language::Chinese);
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().2, Vec::from_iter(asked), "{mend:?}");
    }
    let mut harness = window(vec![line(Look, "样子", Some(Mend::Go(Place::Tray)))], Language::Chinese);
    harness.get_by_label("未归属  [F4]").click();
    harness.run();
    assert_eq!((harness.state().1.here(), harness.state().2.len()), (Place::Tray, 0));
}

/// Keys, and what they ask for.
type Answers = &'static [(Key, Option<ReferenceAsk>)];

fn measured() -> ReferenceStage {
    let portrait = PortraitView::of(&portrait(ShotId(7)), 1.0);
    ReferenceStage::Measured(Box::new(MeasuredView { portrait, lines: vec![] }))
}

/// One key each, and none of them means what it means while a student sits.
#[test]
fn a_reference_is_made_with_one_key_at_a_time() {
    use ReferenceAsk::{Begin, Fire, Keep, Leave};
    let why = Words { headline: Phrase::new("不行", "no"), remedy: Phrase::new("再来", "again") };
    let stages: [(_, Answers); 5] = [
        (None, &[(Key::J, Some(Begin)), (Key::Space, None), (Key::Enter, None)]),
        (
            Some(ReferenceStage::Awaited(None)),
            &[(Key::Space, Some(Fire)), (Key::Escape, Some(Leave)), (Key::Enter, None), (Key::R, None)],
        ),
        (Some(ReferenceStage::Awaited(Some(why))), &[(Key::Space, Some(Fire)), (Key::Enter, None)]),
        (
            Some(ReferenceStage::Measuring),
            &[(Key::Space, None), (Key::Enter, None), (Key::Escape, Some(Leave))],
        ),
        (
            Some(measured()),
            &[
                (Key::Enter, Some(Keep)),
                (Key::R, Some(Begin)),
                (Key::Escape, Some(Leave)),
                (Key::Space, None),
            ],
        ),
    ];
    for (stage, keys) in stages {
        for (key, ask) in keys {
            let lines = vec![line(Verdict::Good, "今天校准过", Some(Mend::Reference))];
            let reference = stage.clone().map(|stage| ReferenceView { stage });
            let desk = DeskView::Checkup(Arc::new(CheckupView { lines, reference, roster: None }));
            let mut harness = desk_at(View { desk, ..view(Phase::Idle) }, Place::Checkup);
            harness.key_press(*key);
            harness.run();
            let asked = ask.map(Asked::Reference);
            assert_eq!(harness.state().2, Vec::from_iter(asked), "{stage:?} {key:?}");
        }
    }
    let reference = Some(ReferenceView { stage: ReferenceStage::Awaited(None) });
    let desk = DeskView::Checkup(Arc::new(CheckupView { lines: vec![], reference, roster: None }));
    let mut harness = desk_at(View { desk, ..view(Phase::Idle) }, Place::Checkup);
    harness.key_press(Key::L);
    harness.run();
    assert_eq!(harness.state().2, vec![Asked::TurnLive]);
    // A camera whose own button fires is not fired from here.
    let lines = vec![line(Verdict::Good, "今天校准过", Some(Mend::Reference))];
    let reference = Some(ReferenceView { stage: ReferenceStage::Awaited(None) });
    let desk = DeskView::Checkup(Arc::new(CheckupView { lines, reference, roster: None }));
    let mut shown = View { desk, ..view(Phase::Idle) };
    shown.camera.by_hand = true;
    let mut harness = desk_at(shown, Place::Checkup);
    harness.key_press(Key::Space);
    harness.run();
    assert_eq!(harness.state().2, vec![]);
    assert!(harness.query_by_label("请按相机上的快门").is_some());
}

fn roster_at(stage: RosterStage) -> Desk {
    let roster = Some(RosterView { stage, known: 4704, two_must_stand: true });
    let desk = DeskView::Checkup(Arc::new(CheckupView { roster, ..CheckupView::default() }));
    desk_at(View { desk, ..view(Phase::Idle) }, Place::Checkup)
}

fn looked_at(list: &str) -> RosterStage {
    let (_, report) = Roster::inspect(list.as_bytes(), &Default::default()).unwrap();
    let refused = (report.grave > 0).then(trouble::roster_not_wanted);
    RosterStage::Looked(Box::new(LookedView { name: "名册.csv".to_owned(), report, refused }))
}

fn file_called(name: &str) -> RosterFileView {
    let (folder, changed) = ("/media/wang/KINGSTON".to_owned(), "2026-08-20 09:12:00".to_owned());
    RosterFileView { name: name.to_owned(), folder, changed, bytes: 412_000 }
}

/// Keys, and what each of them asks for.
type Keys<'a> = &'a [(Key, Option<RosterAsk>)];

/// One key each; none takes a list in that cannot be used, and none of them means what it means while a student sits.
#[test]
fn a_roster_is_chosen_looked_at_and_read_in_with_one_key_at_a_time() {
    use RosterAsk::{Back, Choose, Look, Take};
    let take = |leave_out_faulty| Some(Take { leave_out_faulty });
    let files = Some(vec![file_called("2026级.xlsx"), file_called("新生.csv")]);
    let choosing = |files| RosterStage::Choosing { files, refused: None };
    let stages: [(RosterStage, Keys<'_>); 7] = [
        (choosing(None), &[(Key::Num1, None), (Key::R, None), (Key::Escape, Some(Back))]),
        (
            choosing(files),
            &[
                (Key::Num1, Some(Choose(0))),
                (Key::Num2, Some(Choose(1))),
                (Key::Num3, None),
                (Key::R, Some(Look)),
                (Key::Escape, Some(Back)),
                (Key::Enter, None),
                (Key::J, None),
            ],
        ),
        (RosterStage::Reading("名册.csv".to_owned()), &[(Key::Enter, None), (Key::Escape, Some(Back))]),
        (
            looked_at("学号,姓名\n7,甲\n"),
            &[(Key::Enter, take(false)), (Key::X, None), (Key::Num1, None), (Key::Escape, Some(Back))],
        ),
        (
            looked_at("学号,姓名\n7,甲\n8,乙\n8,丙\n"),
            &[(Key::Enter, None), (Key::X, take(true)), (Key::Escape, Some(Back))],
        ),
        (looked_at("学号,姓名\n"), &[(Key::Enter, None), (Key::X, None), (Key::Escape, Some(Back))]),
        (RosterStage::Taking, &[(Key::Enter, None), (Key::Escape, None)]),
    ];
    for (stage, keys) in stages {
        for (key, ask) in keys {
            let mut harness = roster_at(stage.clone());
            harness.key_press(*key);
            harness.run();
            assert_eq!(
                harness.state().2,
                Vec::from_iter(ask.clone().map(Asked::Roster)),
                "{stage:?} {key:?}"
            );
        }
    }
    let mut desk = window(vec![line(Verdict::Good, "4704 人", Some(Mend::Roster))], Language::Chinese);
    desk.key_press(Key::M);
    desk.run();
    assert_eq!(desk.state().2, [Asked::Roster(Look)], "another list may come, too");
}

/// Rows and columns are named and counted, and what is lost is said before it is.
#[test]
fn what_is_wrong_with_a_roster_is_told_row_by_row_and_who_is_replaced() {
    let rows: String = (0..12).map(|n| format!("{n},=甲\n")).collect();
    let harness = roster_at(looked_at(&format!("学号,姓名\n{rows}")));
    for words in ["× 名册里有不能用的行", "可用 0 人，不能用 12 行，请核对 0 处", "……另有 4 处"]
    {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    assert_eq!(harness.query_all_by_label_contains("姓名：是公式").count(), 8);
    let harness = roster_at(looked_at("学号,姓名\n7,甲\n"));
    for words in ["现在的名册（4704 人）会被这份代替", "要第二个人输入口令"] {
        assert!(harness.query_by_label_contains(words).is_some(), "{words}");
    }
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl eframe::egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads nothing".to_owned())
    }
}

#[test]
fn a_file_that_is_dropped_on_the_checkup_is_a_roster_and_elsewhere_it_is_none() {
    let path = std::path::PathBuf::from("/media/wang/KINGSTON/名册.xlsx");
    let mut harness = window(vec![], Language::Chinese);
    harness.input_mut().dropped_files.push(Arc::new(Dropped(path.clone())));
    harness.run();
    let file = RosterFile::at(path.clone());
    assert_eq!(harness.state().2, [Asked::Roster(RosterAsk::Dropped(file))]);
    let mut capture = desk_at(view(Phase::Idle), Place::Capture);
    capture.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    capture.run();
    assert_eq!(capture.state().2, []);
}

/// Whoever looks at another screen still sees how capturing stands, and no key of that screen shoots.
#[test]
fn capturing_is_seen_and_not_touched_from_another_screen() {
    let mut harness = window(vec![], Language::Chinese);
    assert!(harness.query_by_label("● 等待采集码").is_some());
    for key in [Key::Space, Key::Enter, Key::Escape, Key::R, Key::S] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!(harness.state().2, []);
    harness.key_press(Key::F2);
    harness.run();
    assert_eq!(harness.state().1.here(), Place::Capture);
}
