//! The day's end of a station at work: errands beside students who are photographed.

use std::collections::{BTreeMap, BTreeSet};

use caiying::{
    errand::{self, FOLDER},
    profile::{Profile, Role},
    screens::{DayAsk, DayView, DeskView, ErrandView, Mend, Place, theme::Tone},
    shot::{Digest, ShotId, SittingId},
    station::{Fact, SeenCode, Sitting, Take},
    student::{People, Roster},
    vault::key_file,
};

use super::{called::store_with, standing::works, *};
use crate::opened;
use crate::{
    delivery::{files, fitting},
    record::journal::{key, look, signer},
    world::{at, shot},
};

/// So many were kept on other days.
const BEFORE: u64 = 250;

/// An identity number of nobody's, with its check character (GB 11643-1999).
fn id_number(n: u64) -> String {
    let body = format!("11010520050101{n:03}");
    let digits = body.chars().rev().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.enumerate().map(|(place, digit)| digit * (2_u32.pow(place as u32 + 1) % 11)).sum();
    format!("{body}{}", ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11])
}

/// A roster of those who were kept before, by their codes, and of those who come today. Of the last of those before nobody
/// told the identity number.
fn roster() -> String {
    let of = |number: String, name: &str, id: &str| format!("{number},{name},{id},机电系,数控,1班\n");
    let id = |n| if n < BEFORE { id_number(n) } else { String::new() };
    let before = (1..=BEFORE).map(|n| of(format!("B{n:05}"), "王五", &id(n)));
    let today =
        [(1, "张小三"), (2, "李四")].map(|(n, name)| of(format!("2024{n:03}"), name, &id_number(900 + n)));
    format!("学号,姓名,身份证号,学院,专业,班级\n{}{}", before.collect::<String>(), today.concat())
}

pub(super) fn store(folder: &Path) -> std::path::PathBuf {
    let store = store_with(folder, &roster());
    let (mut clerk, _) = opened::clerk(&store, "A1", "tender_freshmen", at(0)).unwrap();
    for n in 1..=BEFORE {
        let (id, seen) = (SittingId(n), SeenCode::unread(format!("B{n:05}").parse().unwrap()));
        let sitting = Sitting { takes: 1, ..Sitting::new(id, seen, at(1), false) };
        let take = Take::of(shot(n, Trigger::Station(id), 2), fitting(ShotId(n)));
        clerk.keep(at(3), &sitting, &take).unwrap();
    }
    store
}

pub(super) fn shift_of(store: &Path, profile: &str) -> Shift {
    let clock = Clock::start();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let profile = Arc::new(Profile::builtin(profile).unwrap());
    let mut shift = Shift::begin(Setup { profile, ..setup(store, clock, plain(clock), finder) }).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    shift
}

pub(super) fn day(shift: &Shift) -> DayView {
    let DeskView::Day(day) = shift.view_at(Place::Day).desk else { panic!("another screen") };
    DayView::clone(&day)
}

pub(super) fn until_day(shift: &mut Shift, what: &str, awaited: impl Fn(&DayView) -> bool) -> DayView {
    let since = Instant::now();
    loop {
        shift.pump();
        let now = day(shift);
        if awaited(&now) {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "waited in vain until {what}: {now:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(super) fn ended(day: &DayView) -> Option<(Tone, String)> {
    match &day.errand {
        ErrandView::Ended { tone, words, .. } => Some((*tone, words.line(Language::Chinese))),
        ErrandView::None | ErrandView::UnderWay { .. } => None,
    }
}

fn is_under_way(shift: &Shift) -> bool {
    matches!(day(shift).errand, ErrandView::UnderWay { .. })
}

pub(super) fn export(shift: &mut Shift, to: &Path, role: Option<Role>) {
    shift.day_asks(DayAsk::Export { to: to.display().to_string(), role });
}

/// Again and again into the same folder while students sit, are shot, judged and kept: whoever comes last finds in it
/// every portrait once, under its student's number, and the journal tells of each once.
#[test]
fn students_are_photographed_while_their_school_is_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "tender_freshmen");
    for number in ["2024001", "2024002"] {
        shift.search(number);
        shift.choose(0);
        shift.wish(Wish::Fire);
        for kept in [false, true] {
            // On a slow disk one export takes longer than a student: each step has one begun and one seen beside it.
            let (mut exports, mut beside) = (0, 0);
            let since = Instant::now();
            loop {
                if !is_under_way(&shift) {
                    export(&mut shift, &to, None);
                    exports += 1;
                }
                beside += usize::from(is_under_way(&shift));
                shift.pump();
                let view = shift.view();
                let there =
                    if kept { view.saved.is_some() } else { matches!(view.phase, Phase::Reviewing(..)) };
                if there && exports > 0 && beside > 0 {
                    break;
                }
                assert!(
                    since.elapsed() < Duration::from_secs(60),
                    "it stands still: {exports} exports, {beside} seen under way, {view:?}"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
            if !kept {
                shift.wish(Wish::Keep);
            }
        }
    }
    until_day(&mut shift, "the last one ended", |day| ended(day).is_some());
    export(&mut shift, &to, None);
    let last = until_day(&mut shift, "all is delivered", |day| ended(day).is_some());
    assert!(matches!(ended(&last), Some((Tone::Good, words)) if words.contains("252 位考生")), "{last:?}");
    until(&mut shift, "it is written down", |view| view.tally.waiting == 0);
    drop(shift);
    everybody_is_there_once(&store, &to);
}

fn everybody_is_there_once(store: &Path, to: &Path) {
    assert_eq!(opened::verify(store).unwrap().faults, []);
    let ledger = opened::ledger(store).unwrap();
    let people = People::from(Roster::read(roster().as_bytes()).unwrap());
    let current = ledger.current().unwrap();
    let number =
        |code| people.find(code).unwrap().get(caiying::student::Field::StudentNumber).unwrap().to_owned();
    let wanted: BTreeMap<String, Digest> = current
        .iter()
        .map(|parcel| (format!("机电系/数控/1班/{}.jpg", number(&parcel.code)), parcel.jpeg))
        .collect();
    let there = files(to).into_iter().filter(|(name, _)| name.ends_with(".jpg"));
    let there: BTreeMap<String, Digest> = there.map(|(name, bytes)| (name, Digest::of(&bytes))).collect();
    assert_eq!((there.len(), &there), (BEFORE as usize + 2, &wanted));
    let told: Vec<Digest> = ledger
        .lines()
        .unwrap()
        .into_iter()
        .filter_map(|line| match line.fact {
            Fact::Delivered { target, object } if target == FOLDER => Some(object),
            _ => None,
        })
        .collect();
    assert_eq!((told.len(), told.iter().collect::<BTreeSet<_>>().len()), (wanted.len(), wanted.len()));
}

#[test]
fn an_errand_is_stopped_begun_again_and_the_window_warns_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "tender_freshmen");
    export(&mut shift, &to, None);
    let seen = until_day(
        &mut shift,
        "it says how far it is",
        |day| matches!(&day.errand, ErrandView::UnderWay { progress: Some(far), .. } if far.of == 250),
    );
    assert!(ended(&seen).is_none());
    assert_eq!(shift.why_not_anew(), Some(trouble::errand_first(caiying::errand::Errand::Export)));
    shift.day_asks(DayAsk::Verify);
    assert!(!shift.may_close(), "an errand is under way");
    shift.pump();
    let closing = |view: &View| view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Closing);
    assert!(closing(&shift.view()) && shift.may_close(), "told once, then it is his word");
    shift.day_asks(DayAsk::Stop);
    let stopped = until_day(&mut shift, "it is stopped", |day| ended(day).is_some());
    assert!(
        matches!(ended(&stopped), Some((Tone::Doubt, words)) if words.contains("没有做完")),
        "{stopped:?}"
    );
    assert!(!closing(&shift.view()), "nothing is to be warned of any more");
    assert_eq!(shift.tally().waiting, BEFORE, "what was stopped is delivered nowhere");
    export(&mut shift, &to, None);
    until_day(&mut shift, "it is done", |day| matches!(ended(day), Some((Tone::Good, _))));
    until(&mut shift, "it is written down", |view| view.tally.waiting == 0);
    shift.day_asks(DayAsk::Verify);
    let verified = until_day(&mut shift, "it is verified", |day| day.verified.is_some());
    assert!(verified.verified.unwrap().sound);
}

#[test]
fn a_folder_that_is_none_and_a_stick_that_is_out_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut shift = shift_of(&store, "tender_freshmen");
    for (to, words) in [
        ("照片", "请写完整路径"),
        ("", "请写完整路径"),
        ("/media/nobody/NO-SUCH-STICK/照片", "U 盘不在这台电脑上"),
        ("/proc/照片", "目标文件夹无法写入"),
    ] {
        export(&mut shift, Path::new(to), None);
        let day = until_day(&mut shift, "it is said", |day| ended(day).is_some());
        assert!(matches!(ended(&day), Some((Tone::Wrong, said)) if said.contains(words)), "{to}: {day:?}");
    }
    assert!(!Path::new("/media/nobody").exists(), "written on this computer's own disk");
    until(&mut shift, "all still waits", |view| view.tally.waiting == BEFORE);
}

/// First the line, then the errand; without somebody who may, neither.
#[test]
fn nobody_sees_names_for_which_nobody_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "anqing_2026_freshmen");
    assert_eq!(day(&shift).unlocked_by, [Role::Supervisor]);
    for role in [None, Some(Role::Photographer), Some(Role::Administrator)] {
        export(&mut shift, &to, role);
        let day = until_day(&mut shift, "it is refused", |day| ended(day).is_some());
        assert!(matches!(ended(&day), Some((Tone::Wrong, _))), "{role:?}: {day:?}");
    }
    assert!(!to.exists());
    export(&mut shift, &to, Some(Role::Supervisor));
    let day = until_day(&mut shift, "it is delivered", |day| ended(day).is_some());
    assert!(matches!(ended(&day), Some((Tone::Doubt, words)) if words.contains("身份证号")), "{day:?}");
    until(&mut shift, "it is written down", |view| view.tally.waiting == 1);
    drop(shift);
    let waits = opened::ledger(&store).unwrap().queue().unwrap();
    assert_eq!(
        waits[0].sitting,
        SittingId(BEFORE),
        "whoever lies there without his name is delivered to nobody"
    );
    let facts: Vec<Fact> =
        opened::ledger(&store).unwrap().lines().unwrap().into_iter().map(|l| l.fact).collect();
    let unlocked = facts.iter().position(|fact| matches!(fact, Fact::Unlocked { .. })).unwrap();
    let delivered = facts.iter().position(|fact| matches!(fact, Fact::Delivered { .. })).unwrap();
    assert!(unlocked < delivered);
    assert_eq!(facts.iter().filter(|fact| matches!(fact, Fact::Unlocked { .. })).count(), 1);
}

#[test]
fn the_day_is_counted_anew_when_something_happened() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut shift = shift_of(&store, "tender_freshmen");
    until(&mut shift, "the clerk has counted", |view| view.tally.students == BEFORE);
    assert!(day(&shift).is_stale && day(&shift).day.is_none());
    shift.day_asks(DayAsk::Count);
    let counted = until_day(&mut shift, "it is counted", |day| day.day.is_some());
    assert!(!counted.is_stale);
    let numbers = counted.day.unwrap();
    assert_eq!((numbers.sittings, numbers.kept, numbers.tally.waiting), (0, 0, BEFORE));
    assert!(counted.waiting_since.unwrap().starts_with("1970-01-01"), "another day's has its date");
    show(&mut shift, 1);
    until_day(&mut shift, "somebody sat down", |day| day.is_stale);
    shift.day_asks(DayAsk::Count);
    until_day(&mut shift, "he is counted", |day| day.day.is_some_and(|day| day.sittings == 1));
    // The card is asked about on a key, not while somebody sits.
    shift.day_asks(DayAsk::CheckCard);
    assert_eq!(day(&shift).card, caiying::screens::CardLeft::NotAsked);
    assert!(shift.view().troubles.iter().any(|trouble| trouble.words.headline.zh.contains("正在就座")));
    shift.see(caiying::scan::Sight::Gone);
    shift.wish(Wish::Dismiss);
    shift.day_asks(DayAsk::CheckCard);
    assert_eq!(day(&shift).card, caiying::screens::CardLeft::Looking);
    let looked = |day: &DayView| matches!(day.card, caiying::screens::CardLeft::Looked(_));
    until_day(&mut shift, "it was looked at", looked);
    assert!(!shift.is_over(), "nobody wants to leave");
    // What was found holds until the next shot.
    shift.search("2024001");
    shift.choose(0);
    shift.wish(Wish::Fire);
    until_day(&mut shift, "it is to be asked again", |day| !looked(day));
}

#[test]
fn the_journal_is_read_beside_an_errand_and_its_chain_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "tender_freshmen");
    export(&mut shift, &to, None);
    shift.day_asks(DayAsk::OpenJournal(caiying::ledger::Kind::All));
    let journal = |day: &DayView| day.journal.clone().unwrap();
    let open = until_day(&mut shift, "it is read", |day| {
        journal(day).lines.len() == 200 && journal(day).chain.is_some()
    });
    assert_eq!(journal(&open).chain.as_ref().unwrap().broken, []);
    assert!(!journal(&open).is_whole);
    shift.day_asks(DayAsk::MoreJournal);
    shift.day_asks(DayAsk::MoreJournal);
    let more = until_day(&mut shift, "it is read on", |day| journal(day).lines.len() > 200);
    let seqs: Vec<i64> = journal(&more).lines.iter().map(|line| line.seq).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] == pair[1] + 1), "no line twice, none left out");
    shift.day_asks(DayAsk::OpenJournal(caiying::ledger::Kind::Kept));
    let kept = until_day(&mut shift, "only what was kept", |day| journal(day).lines.len() == 200);
    assert!(journal(&kept).lines.iter().all(|line| matches!(line.fact, Some(Fact::Kept { .. }))));
    shift.day_asks(DayAsk::CloseJournal);
    assert_eq!(day(&shift).journal, None);
    until_day(&mut shift, "the errand ended all the same", |day| matches!(ended(day), Some((Tone::Good, _))));
}

/// Whoever logs in signs: when somebody asks for it, and what was written since when the station is closed.
#[test]
fn what_happens_is_his_who_logged_in_and_is_signed_on_demand_and_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), &roster());
    let mut shift = shift_of(&store, "tender_freshmen");
    let page = |day: &DayView| day.checkpoint.as_deref().cloned().unwrap_or_default();
    shift.day_asks(DayAsk::OpenCheckpoint);
    let unsigned = until_day(&mut shift, "nobody can sign", |day| page(day).is_unsigned);
    assert!(!page(&unsigned).is_making && page(&unsigned).noted.is_none());
    shift.log_in(&works(" 王老师 ", Role::Administrator), Some(signer(&key(3))));
    let come_and_go = |shift: &mut Shift, number: &str| {
        shift.search(number);
        shift.choose(0);
        shift.wish(Wish::Dismiss);
    };
    come_and_go(&mut shift, "2024001");
    shift.day_asks(DayAsk::OpenCheckpoint);
    let signed =
        until_day(&mut shift, "it is signed", |day| !page(day).is_making && page(day).noted.is_some());
    let noted = page(&signed).noted.unwrap();
    assert!(noted.code.is_some() && !page(&signed).is_unsigned);
    shift.day_asks(DayAsk::CloseCheckpoint);
    assert_eq!(day(&shift).checkpoint, None);
    come_and_go(&mut shift, "2024002");
    drop(shift);
    let ledger = opened::ledger(&store).unwrap();
    let last = ledger.last_checkpoint().unwrap().unwrap();
    let lines = ledger.lines().unwrap();
    assert_eq!((last.seq, last.note.checkpoint.size), (lines.len() as i64, lines.len() as i64 - 1));
    assert!(last.note.checkpoint.size > noted.note.checkpoint.size, "what was written since");
    for line in &lines {
        let nobodys = matches!(line.fact, Fact::Opened { .. } | Fact::RosterTaken { .. });
        assert_eq!(line.scribe.who, if nobodys { "" } else { "王老师" }, "{line:?}");
    }
    let checkpoints = lines.iter().filter(|line| matches!(line.fact, Fact::Checkpoint { .. })).count();
    assert_eq!(checkpoints, 3, "the first one of the day, the one that was asked for, and the last");
    drop(ledger);
    assert_eq!(look(&store, &[noted.note], &key(3).verifying_key()).faults, []);
    // Opened and shut again without anybody who signs: nothing is signed.
    drop(shift_of(&store, "tender_freshmen"));
    assert_eq!(opened::ledger(&store).unwrap().last_checkpoint().unwrap().unwrap().seq, last.seq);
}

#[test]
fn the_journal_is_read_by_whom_it_was_written_and_laid_beside_what_was_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let (store, to) = (store(folder.path()), folder.path().join("stick"));
    let mut shift = shift_of(&store, "tender_freshmen");
    let journal = |day: &DayView| day.journal.clone().unwrap();
    shift.day_asks(DayAsk::OpenJournal(caiying::ledger::Kind::All));
    shift.day_asks(DayAsk::SaveJournal);
    assert!(
        matches!(&journal(&day(&shift)).table, Some((Tone::Doubt, words)) if words.zh.contains("按 E 导出"))
    );
    until(&mut shift, "the clerk has counted", |view| view.tally.waiting == BEFORE);
    shift.log_in(&works("李老师", Role::Administrator), None);
    export(&mut shift, &to, None);
    until(&mut shift, "it is delivered and written down", |view| view.tally.waiting == 0);
    shift.day_asks(DayAsk::CloseJournal);
    shift.day_asks(DayAsk::OpenJournal(caiying::ledger::Kind::All));
    until_day(&mut shift, "who wrote is known", |day| journal(day).people == ["", "李老师"]);
    shift.day_asks(DayAsk::JournalOf(Some("李老师".to_owned())));
    let his = until_day(&mut shift, "his lines", |day| journal(day).lines.len() == 200);
    assert!(journal(&his).lines.iter().all(|line| line.who == "李老师"), "only his");
    shift.day_asks(DayAsk::OpenJournal(caiying::ledger::Kind::Delivered));
    let kind = until_day(&mut shift, "another kind", |day| !journal(day).is_reading);
    assert_eq!((journal(&kind).who.as_deref(), journal(&kind).lines.len()), (Some("李老师"), 200));
    shift.day_asks(DayAsk::SaveJournal);
    let saved = |day: &DayView| matches!(journal(day).table, Some((Tone::Good, _)));
    until_day(&mut shift, "the table is there", saved);
    let table = std::fs::read_to_string(to.join("流水.csv")).unwrap();
    assert_eq!(
        table.lines().count() as u64,
        BEFORE + 1,
        "every line of his and kind, not only those that were read"
    );
    export(&mut shift, &to, None);
    until_day(&mut shift, "the table is in nobody's way", |day| matches!(ended(day), Some((Tone::Good, _))));
    assert!(to.join("流水.csv").exists());
}

/// Beside a student who is photographed; and it is written down, so that nobody is warned of what is in it.
#[test]
fn a_second_copy_is_made_beside_the_work_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir_in("/dev/shm").unwrap();
    let (store, to) = (store(folder.path()), stick.path().join("采影备份"));
    let mut shift = shift_of(&store, "tender_freshmen");
    until(&mut shift, "the clerk has counted", |view| view.tally.alone == BEFORE);
    shift.day_asks(DayAsk::Backup { to: "备份".to_owned() });
    assert!(matches!(ended(&day(&shift)), Some((Tone::Wrong, words)) if words.contains("请写完整路径")));
    shift.day_asks(DayAsk::Backup { to: to.display().to_string() });
    assert!(is_under_way(&shift));
    assert_eq!(shift.why_not_anew(), Some(trouble::errand_first(errand::Errand::Backup)));
    let made = until_day(&mut shift, "it is made", |day| ended(day).is_some());
    assert!(matches!(ended(&made), Some((Tone::Good, words)) if words.contains("备份完成")), "{made:?}");
    assert_eq!(made.copy, Some(to.display().to_string()));
    until(&mut shift, "it is written down", |view| view.tally.alone == 0);
    shift.day_asks(DayAsk::Count);
    until_day(&mut shift, "it is told", |day| day.backed_up.is_some());
    drop(shift);
    let place = tempfile::tempdir().unwrap();
    let ((key_file, _), keys) = (key_file::read(&store).unwrap(), opened::store(&store).keys().clone());
    let restored =
        errand::restore(&to, &place.path().join("new"), (&key_file, &keys), &mut |_, _, _| true).unwrap();
    let (restored, report) = restored;
    assert_eq!((restored.manifest.kept as u64, report.faults), (BEFORE, vec![]));
    assert!(restored.manifest.rehearsal, "the store of these tests is a rehearsal's");
}

/// Before the first student comes, and only where the photos are real.
#[test]
fn the_checkup_says_what_is_on_one_disk_only() {
    for rehearsal in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("store");
        caiying::vault::keep_apart(&place, rehearsal).unwrap();
        let (mut clerk, _) = opened::clerk(&place, "A1", "tender_freshmen", at(0)).unwrap();
        clerk.shelve(at(1), &shot(1, Trigger::Body, 1), None).unwrap();
        drop(clerk);
        let clock = Clock::start();
        let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
        let setup = Setup { rehearsal, ..setup(&place, clock, plain(clock), finder) };
        let mut shift = Shift::begin(setup).unwrap();
        until(&mut shift, "the clerk has counted", |view| view.tally.alone == 1);
        let DeskView::Checkup(checkup) = shift.view_at(Place::Checkup).desk else { panic!("another screen") };
        let line = checkup.lines.iter().find(|line| line.title.zh == "备份");
        assert_eq!(line.is_some(), !rehearsal);
        let said = line.map(|line| (line.said.zh.as_str(), line.mend));
        let wanted = ("1 张照片只在这块硬盘上：按 F5，再按 B 备份", Some(Mend::Go(Place::Day)));
        assert!(said.is_none_or(|said| said == wanted), "{said:?}");
    }
}
