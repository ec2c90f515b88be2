//! The day's end on the screen: the numbers and what they ask for, the errands on their keys, where to deliver, and the
//! supervisor's journal.

use std::{sync::Arc, time::Duration};

use caiying::{
    errand::{Errand, ErrandError, Exported, Outcome, Part, Progress},
    language::Language,
    ledger::{Checkpoint, Day, Kind, Note, StationKey, Tally},
    machine::Stick,
    paper::QrModules,
    portrait::Decline,
    profile::Role,
    screens::{
        Asked, Board, CardLeft, ChainView, CheckpointView, DayAsk, DayView, DeskView, ErrandView,
        JournalLine, JournalView, NotedView, Place, Verified, View, theme, theme::Tone, trouble, window_ui,
    },
    shot::{Digest, Exposure, Origin, ShotId, SittingId, Trigger},
    station::{CopyPlace, Fact, How, Original, Phase},
    student::Field,
    sync::{BackedUp, BackupError, Delivery, ExportError, Manifest, Missing, PlanError},
};
use eframe::egui::{Event, Key, Modifiers, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::{
    screens::view,
    world::{at, code},
};

struct State {
    view: View,
    board: Board,
    asked: Vec<DayAsk>,
    others: usize,
}

type Window = Harness<'static, State>;

fn window_of(day: DayView, language: Language, size: Vec2) -> Window {
    let view = View { language, desk: DeskView::Day(Arc::new(day)), ..view(Phase::Idle) };
    let state = State { view, board: Board::at(Place::Day), asked: vec![], others: 0 };
    let mut harness = Harness::builder().with_size(size).with_context_setup(theme::apply).build_ui_state(
        |ui, state: &mut State| {
            for asked in window_ui(ui, &state.view, &mut state.board) {
                match asked {
                    Asked::Day(ask) => state.asked.push(ask),
                    _ => state.others += 1,
                }
            }
        },
        state,
    );
    harness.run();
    harness
}

fn window(day: DayView) -> Window {
    window_of(day, Language::Chinese, Vec2::new(1280.0, 720.0))
}

fn press(harness: &mut Window, key: Key) {
    harness.key_press(key);
    harness.run();
}

fn shows(day: DayView, words: &str) -> bool {
    let harness = window(day);
    harness.query_all_by_label_contains(words).next().is_some()
}

pub(crate) fn counted() -> Day {
    Day {
        tally: Tally {
            students: 120,
            today: 45,
            sittings: 140,
            shots: 190,
            strays: 3,
            waiting: 47,
            alone: 61,
        },
        sittings: 49,
        shots: 61,
        again: 12,
        kept: 46,
        strays: 1,
        delivered: 0,
        without: 2,
        waiting_since: Some(at(1)),
        alone: 61,
        backed_up: None,
    }
}

pub(crate) fn at_work() -> DayView {
    DayView { day: Some(counted()), waiting_since: Some("09:05".to_owned()), ..DayView::default() }
}

/// Everything is done.
pub(crate) fn done() -> DayView {
    let tally = Tally { strays: 0, waiting: 0, alone: 0, ..counted().tally };
    DayView {
        day: Some(Day { tally, without: 0, alone: 0, ..counted() }),
        card: CardLeft::Looked(Some(0)),
        verified: Some(Verified { at: "17:20".to_owned(), sound: true }),
        backed_up: Some("17:25".to_owned()),
        ..DayView::default()
    }
}

pub(crate) fn under_way(errand: Errand, progress: Option<Progress>, stopping: bool) -> DayView {
    DayView { errand: ErrandView::UnderWay { errand, progress, stopping }, ..at_work() }
}

pub(crate) fn ended(outcome: &Outcome) -> DayView {
    let (tone, words) = trouble::outcome(outcome);
    DayView { errand: ErrandView::Ended { tone, words, at: "17:31".to_owned() }, ..at_work() }
}

pub(crate) fn exported(nameless: usize) -> Outcome {
    let fields = if nameless == 0 { vec![] } else { vec![Field::Name, Field::IdNumber] };
    Outcome::Exported(Exported {
        portraits: 120,
        files: 240,
        missing: Missing { portraits: nameless, fields },
        delivery: Delivery { written: 94, already: 146, removed: 1, replaced: 2, objects: vec![] },
    })
}

fn failed(err: BackupError) -> Outcome {
    Outcome::Failed(ErrandError::Backup(err))
}

pub(crate) fn backed_up(place: CopyPlace) -> Outcome {
    let digest = Digest::of(b"x");
    let manifest = Manifest {
        caiying_backup: 1,
        made: at(1),
        station: "A1".to_owned(),
        store: digest,
        rehearsal: false,
        lines: 812,
        head: digest,
        shots: 8,
        kept: 6,
        files: 15,
        ledger_sha256: digest,
        program: "0.1.0".to_owned(),
    };
    Outcome::BackedUp(Box::new(BackedUp {
        manifest,
        copied: 12,
        bytes: 9_000_000,
        already: 3,
        replaced: 0,
        missing_here: 0,
        passed_over: 0,
        place,
    }))
}

fn nothing_to_export() -> Outcome {
    let (missing, delivery) = (Missing::default(), Delivery::default());
    Outcome::Exported(Exported { portraits: 0, files: 0, missing, delivery })
}

pub(crate) fn stick(name: &str, read_only: bool) -> Stick {
    let folder = format!("/media/wang/{name}").into();
    Stick { folder, name: name.to_owned(), free_bytes: Some(28_400_000_000), read_only }
}

#[test]
fn the_numbers_stand_there_with_what_they_ask_for() {
    let harness = window(at_work());
    for words in [
        "45",
        "今日保存",
        "未归属 3 张：按 F4 处理",
        "2 位今天就座的考生没有成品：按 F3 安排补拍",
        "47 张成品待交付，最早的从 09:05 等到现在：按 E 导出",
        "收工前请核对相机卡：按 K",
        "启动后还没有核验：按 V",
        "今天的 61 张只在这块硬盘上：插上 U 盘，按 B 备份",
    ] {
        assert!(harness.query_all_by_label(words).next().is_some(), "{words}");
    }
    // What is to be done stands above what is well.
    let top = |words: &str| harness.get_by_label(words).rect().min.y;
    assert!(top("未归属 3 张：按 F4 处理") < top("启动后还没有核验：按 V"));
}

#[test]
fn a_day_that_is_done_says_so_and_asks_for_nothing() {
    let harness = window(done());
    for words in [
        "没有未归属的照片",
        "今天离座的考生都有成品",
        "120 位考生的成品都已交付",
        "相机卡上本次采集的照片都已取回",
        "17:20 核验完好",
        "照片都有备份（17:25）",
    ] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    assert!(harness.query_by_label("▲").is_none() && harness.query_by_label("×").is_none());
    let nothing = DayView { day: Some(Day::default()), ..DayView::default() };
    assert!(shows(nothing.clone(), "今天还没有考生拍完") && shows(nothing, "还没有成品"));
    assert!(shows(DayView::default(), "正在清点"));
}

#[test]
fn what_is_left_on_the_card_and_what_was_found_wrong_is_said() {
    for (card, words) in [
        (CardLeft::Looking, "正在核对相机卡"),
        (CardLeft::Looked(Some(2)), "相机卡上还有 2 张没有取回"),
        (CardLeft::Looked(None), "没能核对相机卡"),
    ] {
        assert!(shows(DayView { card, ..at_work() }, words), "{words}");
    }
    // Beside another program's folder nobody has seen the card.
    let mut harness = window(DayView { card: CardLeft::Looked(Some(0)), ..at_work() });
    assert!(harness.query_by_label_contains("相机卡上本次采集的照片都已取回").is_some());
    harness.state_mut().view.camera.by_hand = true;
    harness.run();
    assert!(harness.query_by_label_contains("相机卡没有核对").is_some());
    let verified = Some(Verified { at: "17:20".to_owned(), sound: false });
    assert!(shows(DayView { verified, ..at_work() }, "17:20 核验发现问题：请联系技术人员"));
}

#[test]
fn each_key_asks_for_one_thing_and_only_where_it_stands_on_a_button() {
    let copying = || under_way(Errand::Export, None, false);
    for (day, key, ask) in [
        (at_work(), Key::V, Some(DayAsk::Verify)),
        (at_work(), Key::K, Some(DayAsk::CheckCard)),
        (at_work(), Key::J, Some(DayAsk::OpenJournal(Kind::All))),
        (at_work(), Key::Q, Some(DayAsk::OpenCheckpoint)),
        (at_work(), Key::X, None),
        (at_work(), Key::E, None),
        (at_work(), Key::Space, None),
        (at_work(), Key::B, None),
        (copying(), Key::B, None),
        (at_work(), Key::Enter, None),
        (copying(), Key::X, Some(DayAsk::Stop)),
        (copying(), Key::V, None),
        (copying(), Key::E, None),
        (copying(), Key::J, Some(DayAsk::OpenJournal(Kind::All))),
        (ended(&Outcome::Stopped), Key::V, Some(DayAsk::Verify)),
    ] {
        let mut harness = window(day);
        press(&mut harness, key);
        assert_eq!((&harness.state().asked, harness.state().others), (&Vec::from_iter(ask), 0), "{key:?}");
    }
    let mut harness = window(at_work());
    harness.get_by_label("核验  [V]").click();
    harness.run();
    assert_eq!(harness.state().asked, [DayAsk::Verify], "a click does what the key does");
}

#[test]
fn the_numbers_are_asked_for_when_something_happened_and_not_else() {
    assert_eq!(window(at_work()).state().asked, []);
    let harness = window(DayView { is_stale: true, ..at_work() });
    assert!(harness.state().asked.iter().all(|ask| *ask == DayAsk::Count));
    assert!(!harness.state().asked.is_empty());
}

#[test]
fn an_errand_says_how_far_it_is_and_how_long_it_takes() {
    let progress =
        |part, left: Option<u64>| Progress { part, done: 40, of: 300, left: left.map(Duration::from_secs) };
    for (errand, progress, stopping, words) in [
        (Errand::Export, None, false, "正在导出"),
        (Errand::Export, Some(progress(Part::Checking, None)), false, "正在导出  检查成品 40 / 300"),
        (Errand::Export, Some(progress(Part::Comparing, None)), false, "正在导出  比对文件夹 40 / 300"),
        (
            Errand::Export,
            Some(progress(Part::Writing, Some(42))),
            false,
            "正在导出  写入文件 40 / 300，还要 42 秒",
        ),
        (Errand::Backup, Some(progress(Part::Ledger, None)), false, "正在备份  复制台账 40 / 300"),
        (
            Errand::Backup,
            Some(progress(Part::Copying, Some(61))),
            false,
            "正在备份  复制文件 40 / 300，还要约 2 分钟",
        ),
        (
            Errand::Backup,
            Some(progress(Part::Proving, Some(9))),
            false,
            "正在备份  读回核对 40 / 300，还要 9 秒",
        ),
        (
            Errand::Verify,
            Some(progress(Part::Verifying, Some(130))),
            false,
            "正在核验  读取文件 40 / 300，还要约 3 分钟",
        ),
        (Errand::Verify, None, true, "正在停止，写完手上这个文件"),
    ] {
        let harness = window(under_way(errand, progress, stopping));
        assert!(harness.query_by_label(words).is_some(), "{words}");
        assert!(harness.query_by_label("停止  [X]").is_some());
    }
}

#[test]
fn every_end_of_an_errand_has_its_words_in_both_languages() {
    let full = || Outcome::Failed(ErrandError::Export(ExportError::NoSpace));
    let student = || code(1).fingerprint();
    let io = std::io::Error::other("Input/output error");
    for (outcome, words) in [
        (exported(0), "导出完成：120 位考生，写入 94 个文件"),
        (exported(7), "7 位缺少姓名、身份证号，放在“待补信息”里"),
        (nothing_to_export(), "还没有可以导出的成品"),
        (Outcome::Stopped, "再做一次会接着做完"),
        (full(), "目标磁盘已满"),
        (Outcome::Failed(ErrandError::NoStick), "U 盘不在这台电脑上"),
        (Outcome::Failed(ErrandError::Export(ExportError::Gone)), "U 盘可能被拔掉"),
        (Outcome::Failed(ErrandError::Export(ExportError::Folder(io))), "请检查 U 盘是否插好、是否写保护"),
        (Outcome::Failed(ErrandError::Export(ExportError::Taken(student()))), "或文件被改过"),
        (Outcome::Failed(ErrandError::Export(ExportError::Manifest { line: 3 })), "清单.csv 第 3 行读不懂"),
        (
            Outcome::Failed(PlanError::Collision { first: student(), second: code(2).fingerprint() }.into()),
            "的文件名相同",
        ),
        (backed_up(CopyPlace::OtherDisk), "备份完成：复制 12 个文件，3 个已在，入账的全部读回核对过"),
        (backed_up(CopyPlace::SameDisk), "和数据文件夹在同一块硬盘上"),
        (failed(BackupError::Gone), "备份盘不见了或出错，可能被拔掉"),
        (failed(BackupError::NoSpace { needed: 3_100_000 }), "备份盘已满，还需要 4 MB"),
        (failed(BackupError::Inside), "备份不能放在数据文件夹里面"),
        (failed(BackupError::Foreign { station: "B2".to_owned() }), "那里是别的数据（采集站 B2）的备份"),
        (failed(BackupError::Incomplete { first: Digest::of(b"x"), count: 2 }), "有 2 个文件不见了或损坏"),
        (failed(BackupError::Unfaithful(Digest::of(b"x"))), "这个盘不可靠"),
        (Outcome::Verified(caiying::clerk::Report { lines: 9, ..Default::default() }), "核验完好：流水 9 行"),
        (
            Outcome::Verified(caiying::clerk::Report {
                faults: vec![caiying::clerk::Fault::Missing(Digest::of(b"x"))],
                ..Default::default()
            }),
            "核验发现 1 处问题",
        ),
    ] {
        let day = ended(&outcome);
        assert!(shows(day.clone(), words), "{words}");
        for size in [Vec2::new(1024.0, 640.0), Vec2::new(1920.0, 1080.0)] {
            let harness = window_of(day.clone(), Language::English, size);
            let key = harness.get_by_label("export  [E]").rect();
            let numbers = harness.get_by_label("kept today").rect();
            // In points: everything grows and shrinks with the window.
            let foot = size.y / harness.ctx.zoom_factor();
            assert!(key.max.y < foot && numbers.max.y < key.min.y, "{words} at {size}");
        }
    }
}

#[test]
fn a_stick_is_chosen_by_its_number_and_enter_begins() {
    let sticks: Arc<[Stick]> = Arc::new([
        stick("KINGSTON", false),
        Stick { free_bytes: Some(200_000_000), ..stick("毕业照片", false) },
        stick("旧盘", true),
    ]);
    let mut harness = window(DayView { sticks, ..at_work() });
    press(&mut harness, Key::E);
    assert!(harness.query_by_label("KINGSTON  余 28 GB  [1]").is_some());
    assert!(harness.query_by_label("旧盘  ▲ 写保护，不能写入  [3]").is_some());
    assert!(harness.query_by_label("毕业照片  余 200 MB  [2]").is_some());
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, [], "nothing is chosen");
    press(&mut harness, Key::Num2);
    press(&mut harness, Key::Enter);
    let to = "/media/wang/毕业照片/采影导出".to_owned();
    assert_eq!(harness.state().asked, [DayAsk::Export { to, role: None }]);
    assert!(harness.query_by_label("导出到哪里？").is_none(), "the numbers are back");
}

#[test]
fn the_only_stick_and_the_folder_of_last_time_need_no_choice() {
    for (folder, to) in [(None, "/media/wang/A/采影导出"), (Some("/srv/照片"), "/srv/照片")] {
        let sticks: Arc<[Stick]> = Arc::new([stick("A", false)]);
        let folder = folder.map(str::to_owned);
        let mut harness = window(DayView { sticks, folder, ..at_work() });
        press(&mut harness, Key::E);
        press(&mut harness, Key::Enter);
        assert_eq!(harness.state().asked, [DayAsk::Export { to: to.to_owned(), role: None }]);
    }
}

#[test]
fn two_stand_for_a_delivery_with_names_and_not_for_a_second_copy() {
    let sticks: Arc<[Stick]> = Arc::new([stick("A", false)]);
    let day = DayView { sticks, two_must_stand: true, ..at_work() };
    for (key, warned) in [(Key::E, true), (Key::B, false)] {
        let mut harness = window(day.clone());
        press(&mut harness, key);
        assert_eq!(harness.query_by_label_contains("要第二个人输入口令").is_some(), warned, "{key:?}");
        press(&mut harness, Key::Enter);
        assert_eq!(harness.state().asked.len(), 1);
    }
}

/// Each station's second copy has a folder of its own; whoever stands for names need not stand for it.
#[test]
fn a_second_copy_is_made_on_the_only_stick_with_two_keys() {
    for (copy, to) in [(None, "/media/wang/A/采影备份/A1"), (Some("/srv/备份"), "/srv/备份")] {
        let sticks: Arc<[Stick]> = Arc::new([stick("A", false)]);
        let unlocked_by = vec![Role::Supervisor];
        let copy = copy.map(str::to_owned);
        let mut harness = window(DayView { sticks, copy, unlocked_by, ..at_work() });
        harness.state_mut().view.station = "A1".to_owned();
        press(&mut harness, Key::B);
        assert!(harness.query_by_label("备份到哪里？选 U 盘或另一块硬盘").is_some());
        assert!(harness.query_by_label_contains("必须有下面的人在场").is_none());
        press(&mut harness, Key::Enter);
        assert_eq!(harness.state().asked, [DayAsk::Backup { to: to.to_owned() }]);
        assert!(harness.query_by_label_contains("备份到哪里").is_none(), "the numbers are back");
    }
    let some_of_today = Day { alone: 11, ..counted() };
    let day = DayView { day: Some(some_of_today), backed_up: Some("昨天".to_owned()), ..at_work() };
    assert!(shows(day, "61 张只在这块硬盘上（今天的 11 张）"));
}

#[test]
fn while_a_folder_is_typed_no_key_means_anything_else() {
    let sticks: Arc<[Stick]> = Arc::new([stick("A", false), stick("B", false)]);
    let mut harness = window(DayView { sticks, ..at_work() });
    assert!(!shows(at_work(), "没有插着的 U 盘"));
    press(&mut harness, Key::E);
    press(&mut harness, Key::T);
    assert!(harness.query_by_label_contains("正在输入文件夹").is_some());
    for letter in "/srv/vjkx1".chars() {
        let key = Key::from_name(&letter.to_uppercase().to_string()).unwrap_or(Key::Slash);
        harness.key_press(key);
        harness.event(Event::Text(letter.to_string()));
        harness.run();
    }
    for key in [Key::F2, Key::F3, Key::J, Key::S] {
        press(&mut harness, key);
    }
    assert_eq!((harness.state().asked.len(), harness.state().board.here()), (0, Place::Day));
    // The Enter that ends the typing does not begin the delivery.
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, []);
    press(&mut harness, Key::Enter);
    let to = "/srv/vjkx1".to_owned();
    assert_eq!(harness.state().asked, [DayAsk::Export { to, role: None }]);

    let mut harness = window(at_work());
    press(&mut harness, Key::E);
    press(&mut harness, Key::T);
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("导出到哪里？").is_some(), "Esc leaves the field first");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("导出到哪里？").is_none(), "and then the question");
    assert_eq!(harness.state().asked, []);
}

/// Enter alone shows nobody's name: somebody must be named who stands for it.
#[test]
fn names_are_shown_only_with_somebody_present() {
    let unlocked_by = vec![Role::Supervisor, Role::Administrator];
    for (key, role) in
        [(Key::Enter, None), (Key::S, Some(Role::Supervisor)), (Key::A, Some(Role::Administrator))]
    {
        let day =
            DayView { unlocked_by: unlocked_by.clone(), folder: Some("/srv/a".to_owned()), ..at_work() };
        let mut harness = window(day);
        press(&mut harness, Key::E);
        assert!(harness.query_by_label_contains("文件名含姓名或身份证号").is_some());
        press(&mut harness, key);
        let ask = role.map(|role| DayAsk::Export { to: "/srv/a".to_owned(), role: Some(role) });
        assert_eq!(harness.state().asked, Vec::from_iter(ask), "{key:?}");
    }
}

fn original(shot: u64) -> Original {
    Original {
        shot: ShotId(shot),
        object: Digest::of(b"object"),
        jpeg: Digest::of(b"jpeg"),
        trigger: Trigger::Body,
        exposed: Exposure::exactly(at(1)),
        origin: Origin::default(),
    }
}

/// One of each, with a part of its words.
pub(crate) fn facts() -> Vec<(Fact, String)> {
    let (sitting, shot, object) = (SittingId(12), ShotId(34), Digest::of(b"object"));
    let who = Digest::of(code(1).expose().as_bytes());
    let student = code(1).fingerprint();
    let of = |fact, words: &str| (fact, words.to_owned());
    vec![
        of(
            Fact::Opened { station: "A1".into(), profile: "chsi_2017_99".into(), version: "0.1".into() },
            "打开数据：A1，档案 chsi_2017_99，程序 0.1",
        ),
        of(Fact::Seated { sitting, code: who, retake: false }, &format!("第 12 次就座：考生 {student} 就座")),
        of(Fact::Seated { sitting, code: who, retake: true }, &format!("第 12 次就座：考生 {student} 补拍")),
        of(Fact::Taken { sitting, original: original(34) }, "第 12 次就座：拍下原片 34"),
        of(Fact::Stray { original: original(35) }, "原片 35 不能确定属于谁，放入未归属"),
        of(
            Fact::Declined { sitting, shot, reason: Decline::NoFace.slug().to_owned() },
            "第 12 次就座：原片 34 没有做出成品：没有人脸",
        ),
        of(
            Fact::Refused { sitting, shot, failed: vec!["roll".to_owned()] },
            "第 12 次就座：原片 34 不合格，重拍：",
        ),
        of(
            Fact::Refused { sitting, shot, failed: vec![] },
            "第 12 次就座：操作员要求重拍（原片 34 检测合格）",
        ),
        of(
            Fact::Kept {
                sitting,
                shot,
                object,
                portrait: object,
                bytes: 31_000,
                quality: 88,
                how: How::ByHand,
                supersedes: vec![],
            },
            "第 12 次就座：保存成品（原片 34，30 KB，质量 88）",
        ),
    ]
    .into_iter()
    .chain(later_facts())
    .chain(latest_facts())
    .collect()
}

/// The rest of them.
fn later_facts() -> Vec<(Fact, String)> {
    let (sitting, shot, object) = (SittingId(12), ShotId(34), Digest::of(b"object"));
    let who = Digest::of(code(1).expose().as_bytes());
    let student = code(1).fingerprint();
    let of = |fact, words: &str| (fact, words.to_owned());
    vec![
        of(Fact::Dismissed { sitting }, "第 12 次就座：放弃，没有成品"),
        of(Fact::Interrupted { sitting }, "第 12 次就座：程序中途退出，没有成品"),
        of(
            Fact::Adopted { sitting: Some(sitting), original: original(36) },
            "第 12 次就座：断电后找回原片 36",
        ),
        of(Fact::Adopted { sitting: None, original: original(37) }, "断电后找回原片 37，不知属于谁"),
        of(
            Fact::Unlocked { purpose: "export".into(), role: Role::Supervisor, by: String::new() },
            "学校监督员在场，允许文件名写明身份（用途：导出）",
        ),
        of(
            Fact::Delivered { target: "folder".into(), object },
            &format!("成品 {} 已交付到文件夹", &object.to_string()[..12]),
        ),
        of(
            Fact::LetIn { sitting, gate: "second_code".into() },
            "第 12 次就座：门禁提示“此人可能已拍”，操作员放行",
        ),
        of(
            Fact::Disowned { sitting, shot, reason: "operator".into() },
            "第 12 次就座：原片 34 移入未归属：操作员指出不是他",
        ),
        of(
            Fact::Assigned {
                sitting,
                shot,
                by: "王老师".into(),
                second: Some("李老师".into()),
                reason: "拍早了".into(),
            },
            "第 12 次就座：王老师、李老师 把未归属的原片 34 归给他，理由：拍早了",
        ),
        of(
            Fact::Overruled {
                sitting,
                shot,
                failed: vec!["roll".into()],
                by: "王老师".into(),
                reason: "本人如此".into(),
            },
            "第 12 次就座：原片 34 的 ",
        ),
        of(Fact::RosterTaken { paper: object, students: 312 }, "导入学校名册，312 人"),
        of(Fact::WalkedUp { code: who, paper: object }, &format!("登记名册外考生 {student}")),
        of(
            Fact::BackedUp { target: CopyPlace::OtherDisk, lines: 812, head: object, objects: 340 },
            "备份到另一块盘：流水 812 行，文件 340 个",
        ),
    ]
}

/// What corrects and what signs.
fn latest_facts() -> Vec<(Fact, String)> {
    let (sitting, shot, object) = (SittingId(12), ShotId(34), Digest::of(b"object"));
    let of = |fact, words: &str| (fact, words.to_owned());
    vec![
        of(
            Fact::Corrected {
                from: sitting,
                shot,
                object,
                to: Some(SittingId(15)),
                by: "王老师".into(),
                second: "李老师".into(),
                reason: "两人对调".into(),
            },
            "第 12 次就座：勘误：王老师、李老师 确认原片 34 的成品不是他的，归到第 15 次就座，理由：两人对调",
        ),
        of(
            Fact::Checkpoint { note: note().text() },
            "检查点 2027-04-01：流水 8122 行，原片 190 张，成品 146 张，已签名",
        ),
        of(
            Fact::Kept {
                sitting,
                shot,
                object,
                portrait: object,
                bytes: 31_000,
                quality: 88,
                how: How::ByHand,
                supersedes: vec![object],
            },
            &format!(
                "第 12 次就座：保存成品（原片 34，30 KB，质量 88），取代成品 {}",
                &object.to_string()[..12]
            ),
        ),
    ]
}

/// A checkpoint of such a day.
pub(crate) fn note() -> Note {
    let checkpoint = Checkpoint {
        station: "1".to_owned(),
        size: 8122,
        head: Digest::of(b"head"),
        day: "2027-04-01".to_owned(),
        lines: 8122,
        shots: 190,
        kept: 146,
    };
    let half = *Digest::of(b"signature").as_bytes();
    let sign = |_: &[u8]| [half, half].concat().try_into().unwrap();
    Note::sign(checkpoint, &StationKey { public: &half, sign: &sign })
}

pub(crate) fn signed() -> CheckpointView {
    let noted = NotedView {
        when: "2027-04-01 17:42:10".to_owned(),
        note: note(),
        code: QrModules::of(&note().text()),
    };
    CheckpointView { noted: Some(noted), ..CheckpointView::default() }
}

pub(crate) fn with_checkpoint(checkpoint: CheckpointView) -> DayView {
    DayView { checkpoint: Some(Arc::new(checkpoint)), ..at_work() }
}

pub(crate) fn lines(facts: impl IntoIterator<Item = Option<Fact>>) -> Vec<JournalLine> {
    let line = |(n, fact): (i64, _)| {
        let (when, who) = ("2027-04-01 09:05:12".to_owned(), String::new());
        JournalLine { seq: n, when, who, fact }
    };
    (1..).zip(facts).map(line).collect()
}

pub(crate) fn open(journal: JournalView) -> DayView {
    DayView { journal: Some(Arc::new(journal)), ..at_work() }
}

pub(crate) fn unbroken() -> Option<ChainView> {
    Some(ChainView { at: "17:40".to_owned(), lines: 8_123, broken: vec![] })
}

#[test]
fn every_fact_of_the_journal_is_a_sentence_that_names_nobody() {
    for (fact, words) in facts() {
        let journal = JournalView {
            lines: lines([Some(fact)]),
            is_whole: true,
            chain: unbroken(),
            ..JournalView::default()
        };
        for language in [Language::Chinese, Language::English] {
            let harness = window_of(open(journal.clone()), language, Vec2::new(1280.0, 720.0));
            let is_said = harness.query_by_label_contains(&words).is_some();
            assert_eq!(is_said, language == Language::Chinese, "{words}");
            assert!(harness.query_by_label_contains("CODE-1").is_none(), "a code on the screen");
        }
    }
    let unread = JournalView { lines: lines([None]), is_whole: true, ..JournalView::default() };
    assert!(shows(open(unread), "这一行读不懂"));
}

#[test]
fn the_journal_says_whether_it_is_whole() {
    let of = |chain| JournalView { chain, ..JournalView::default() };
    assert!(shows(open(of(None)), "正在核验流水"));
    assert!(shows(open(of(unbroken())), "流水共 8123 行，17:40 核验：首尾相连，没有改动"));
    let broken = ChainView { broken: vec![Some(77), None], ..unbroken().unwrap() };
    assert!(shows(open(of(Some(broken))), "2 处对不上，最早在第 77 行"));
    let words = trouble::ledger(&caiying::ledger::LedgerError::NoSpace);
    let unread = JournalView { trouble: Some(words), is_whole: true, ..JournalView::default() };
    assert!(shows(open(unread), "磁盘已满"));
}

#[test]
fn the_journal_turns_by_number_keys_and_is_shut_by_escape() {
    let journal = || open(JournalView { is_whole: true, ..JournalView::default() });
    for (key, ask) in [
        (Key::Num1, None),
        (Key::Num2, Some(DayAsk::OpenJournal(Kind::Kept))),
        (Key::Num3, Some(DayAsk::OpenJournal(Kind::Again))),
        (Key::Num4, Some(DayAsk::OpenJournal(Kind::Strays))),
        (Key::Num5, Some(DayAsk::OpenJournal(Kind::Delivered))),
        (Key::Num6, Some(DayAsk::OpenJournal(Kind::Unlocked))),
        (Key::Num7, Some(DayAsk::OpenJournal(Kind::LetIn))),
        (Key::C, Some(DayAsk::SaveJournal)),
        (Key::Escape, Some(DayAsk::CloseJournal)),
        (Key::J, Some(DayAsk::CloseJournal)),
        (Key::E, None),
        (Key::V, None),
        (Key::Q, None),
        // One person alone has written everything.
        (Key::W, None),
    ] {
        let mut harness = window(journal());
        press(&mut harness, key);
        assert_eq!(harness.state().asked, Vec::from_iter(ask), "{key:?}");
    }
}

/// Of ten thousand lines only those in sight are drawn; near the last one more are asked for.
#[test]
fn a_long_journal_is_read_a_page_at_a_time() {
    let fact = || Some(Fact::Dismissed { sitting: SittingId(1) });
    let of = |count, is_whole, is_reading| JournalView {
        lines: lines(std::iter::repeat_with(fact).take(count)),
        is_whole,
        is_reading,
        ..JournalView::default()
    };
    let harness = window(open(of(10_000, false, false)));
    let drawn = harness.query_all_by_label_contains("放弃，没有成品").count();
    assert!((5..40).contains(&drawn), "{drawn}");
    assert_eq!(harness.state().asked, []);
    let mut harness = window(open(of(200, false, false)));
    assert_eq!(harness.state().asked, [], "there is enough below");
    harness.event(Event::Key {
        key: Key::PageDown,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    harness.run();
    assert!(harness.query_by_label("1").is_none(), "it went down");
    for _ in 0..12 {
        press(&mut harness, Key::PageDown);
    }
    assert!(harness.state().asked.contains(&DayAsk::MoreJournal));
    for (whole, reading) in [(true, false), (false, true)] {
        assert_eq!(window(open(of(10, whole, reading))).state().asked, []);
    }
}

#[test]
fn the_journal_turns_from_one_person_to_the_next() {
    let people = || vec![String::new(), "李老师".to_owned(), "王老师".to_owned()];
    let of = |who: Option<&str>| {
        let who = who.map(str::to_owned);
        let mut lines = lines(facts().into_iter().map(|(fact, _)| Some(fact)));
        lines[0].who = "一位名字很长很长很长很长的监督老师".to_owned();
        open(JournalView { is_whole: true, who, people: people(), lines, ..JournalView::default() })
    };
    for (who, said, next) in [
        (None, "人员：全部", Some("")),
        (Some(""), "人员：没有登录", Some("李老师")),
        (Some("李老师"), "人员：李老师", Some("王老师")),
        (Some("王老师"), "人员：王老师", None),
    ] {
        let mut harness = window(of(who));
        assert!(harness.query_by_label_contains(said).is_some(), "{said}");
        press(&mut harness, Key::W);
        assert_eq!(harness.state().asked, [DayAsk::JournalOf(next.map(str::to_owned))], "{said}");
    }
    assert!(shows(of(None), "一位名字很长"), "who wrote it stands in its line");
    let table = (Tone::Good, trouble::journal_written(312));
    let written = JournalView { is_whole: true, table: Some(table), ..JournalView::default() };
    assert!(shows(open(written), "已写入交付文件夹的“流水.csv”：312 行"));
}

#[test]
fn a_checkpoint_is_shown_with_what_it_counts_and_what_to_do_with_it() {
    for (view, words) in [
        (signed(), "2027-04-01 17:42:10 检查点：流水 8122 行，原片 190 张，成品 146 张"),
        (signed(), "caiying verify --checkpoint"),
        (signed(), "hash chain, no Merkle tree"),
        (CheckpointView { is_making: true, ..signed() }, "正在生成检查点"),
        (CheckpointView { is_unsigned: true, ..signed() }, "没有人登录，本站的密钥没有打开"),
        (CheckpointView { is_unsigned: true, ..CheckpointView::default() }, "还没有检查点"),
        (
            CheckpointView {
                trouble: Some(trouble::ledger(&caiying::ledger::LedgerError::NoSpace)),
                ..CheckpointView::default()
            },
            "磁盘已满",
        ),
    ] {
        assert!(shows(with_checkpoint(view), words), "{words}");
    }
    for (key, ask) in [
        (Key::Q, Some(DayAsk::OpenCheckpoint)),
        (Key::Escape, Some(DayAsk::CloseCheckpoint)),
        (Key::E, None),
        (Key::J, None),
    ] {
        let mut harness = window(with_checkpoint(signed()));
        press(&mut harness, key);
        assert_eq!(harness.state().asked, Vec::from_iter(ask), "{key:?}");
    }
}
