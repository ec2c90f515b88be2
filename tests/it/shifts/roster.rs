//! 读入名册 beside the work: chosen, looked through, taken in with a second person, and known from then on.

use caiying::{
    keys::Deed,
    machine::RosterFile,
    profile::Role,
    screens::{CheckupView, DeskView, LookedView, Mend, Place, RosterAsk, RosterStage},
    station::Fact,
};

use super::{called::ROSTER, standing::works, *};

/// The next list the school sends: one of the first is in it no more.
const LATER: &str = "学号,姓名,身份证号,学院,专业,班级\n\
    2024002,李四,440524188001010014,机电系,数控,1班\n\
    2024003,王五,,机电系,数控,1班\n";

/// A station at work on real students, and a folder the school's files lie in.
struct Desk {
    folder: TempDir,
    shift: Shift,
}

impl Desk {
    fn of(profile: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let clock = Clock::start();
        let finder: MakeFinder = Box::new(|| Ok(Box::new(PretendFinder::default())));
        let profile = Arc::new(Profile::builtin(profile).unwrap());
        let setup = Setup { profile, rehearsal: false, ..setup(&store, clock, plain(clock), finder) };
        let mut shift = Shift::begin(setup).unwrap();
        shift.log_in(&works("摄影", Role::Photographer), None);
        Self { folder, shift }
    }

    /// The school's file is dropped on the window; what comes of it.
    fn dropped(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> RosterStage {
        let file = self.folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        self.shift.roster_asks(RosterAsk::Dropped(RosterFile::at(file)));
        self.until("it is looked through", |stage| !matches!(stage, RosterStage::Reading(_)))
    }

    fn stage(&self) -> Option<RosterStage> {
        checkup(&self.shift).roster.map(|roster| roster.stage)
    }

    fn until(&mut self, what: &str, awaited: impl Fn(&RosterStage) -> bool) -> RosterStage {
        let since = Instant::now();
        loop {
            self.shift.pump();
            if let Some(stage) = self.stage().filter(&awaited) {
                return stage;
            }
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "waited in vain until {what}: {:?}",
                self.stage()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn takes(&mut self, leave_out_faulty: bool) {
        self.shift.roster_asks(RosterAsk::Take { leave_out_faulty });
    }

    fn supervised(&mut self) {
        self.shift.second_stands(&works("监督", Role::Supervisor)).unwrap();
    }

    /// Reads a list in, with the second person, to the end.
    fn reads(&mut self, list: &str) {
        self.dropped("名册.csv", list);
        self.takes(false);
        self.supervised();
        self.until("it counts", |stage| matches!(stage, RosterStage::Taken(_)));
    }

    /// How many students something that is typed may mean.
    fn found(&mut self, typed: &str) -> usize {
        self.shift.search(typed);
        let all = self.shift.view().lookup.all;
        self.shift.stop_searching();
        all
    }

    fn noticed(&self) -> Option<String> {
        let view = self.shift.view();
        let notice = view.troubles.iter().find(|trouble| trouble.kind == TroubleKind::Notice);
        notice.map(|trouble| trouble.words.headline.zh.clone())
    }

    fn sees(&mut self, number: &str) {
        self.shift.see(Sight::Gone);
        self.shift.see(Sight::Seen(number.parse().unwrap()));
    }
}

fn checkup(shift: &Shift) -> CheckupView {
    let DeskView::Checkup(checkup) = shift.view_at(Place::Checkup).desk else { panic!("the checkup") };
    (*checkup).clone()
}

/// What the checkup says of the roster, what to do, and whether a key does it.
fn line(shift: &Shift) -> (String, bool, Option<Mend>) {
    let line = checkup(shift).lines.into_iter().find(|line| line.title.zh == "名册").unwrap();
    (line.said.zh, line.remedy.is_some(), line.mend)
}

fn looked(stage: RosterStage) -> LookedView {
    let RosterStage::Looked(looked) = stage else { panic!("{stage:?}") };
    *looked
}

#[test]
fn a_roster_is_read_in_beside_the_work_and_whoever_is_in_it_is_called_by_name() {
    let mut desk = Desk::of("tender_freshmen");
    let none = "这个档案靠名册认人，还没有名册".to_owned();
    assert_eq!(line(&desk.shift), (none, true, Some(Mend::Roster)));
    assert!(!desk.shift.view().lookup.may_search);
    let read = looked(desk.dropped("名册.csv", ROSTER));
    assert_eq!((read.name.as_str(), read.report.students, read.refused), ("名册.csv", 2, None));
    assert_eq!(desk.found("zxs"), 0, "nothing is taken in before somebody says so");
    desk.takes(false);
    assert_eq!(desk.shift.wants_second(), Some(Deed::ImportRoster));
    for other in [works("另一人", Role::Administrator), works("补拍", Role::RetakeOperator)] {
        assert!(desk.shift.second_stands(&other).is_err(), "{other:?}");
    }
    desk.shift.send_second_away();
    assert!(matches!(desk.stage(), Some(RosterStage::Looked(_))), "nobody came: it waits");
    desk.takes(false);
    desk.supervised();
    assert_eq!(line(&desk.shift).0, "正在读入…");
    let taken = desk.until("it counts", |stage| matches!(stage, RosterStage::Taken(_)));
    assert!(matches!(taken, RosterStage::Taken(counts) if counts.zh.contains("已导入 2 人")));
    assert_eq!(line(&desk.shift), ("2 人".to_owned(), false, Some(Mend::Roster)));
    desk.shift.search("zxs");
    desk.shift.choose(0);
    let Phase::CodeScanned(_) = desk.shift.phase() else { panic!("{:?}", desk.shift.phase()) };
    desk.shift.wish(Wish::Dismiss);

    // Another list takes its place, and nothing of the first is left: as the command has it.
    desk.reads(LATER);
    assert_eq!((desk.found("zxs"), desk.found("ww"), desk.found("ls")), (0, 1, 1));
    let store = desk.folder.path().join("store");
    drop(desk.shift);
    assert_eq!(fs::read_dir(store.join("vault/papers")).unwrap().count(), 1);
    let told =
        opened::ledger(&store).unwrap().lines().unwrap().into_iter().filter_map(|line| match line.fact {
            Fact::Unlocked { purpose, role, by } => {
                Some((purpose, format!("{role:?} {by}"), line.scribe.who))
            }
            Fact::RosterTaken { students, .. } => {
                Some(("taken".to_owned(), students.to_string(), line.scribe.who))
            }
            _ => None,
        });
    let of = |what: &str, who: &str| (what.to_owned(), who.to_owned(), "摄影".to_owned());
    let stood = || of("import_roster", "Supervisor 监督");
    let taken = || of("taken", "2");
    let came = of(Fact::LOGIN, "Photographer 摄影");
    assert_eq!(told.collect::<Vec<_>>(), [came, stood(), taken(), stood(), taken()]);
    assert_eq!(opened::verify(&store).unwrap().faults, []);
}

#[test]
fn a_bad_file_changes_nothing_and_says_why() {
    let mut desk = Desk::of("tender_freshmen");
    desk.reads(ROSTER);
    for (name, bytes, why) in [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), ".xls"),
        ("清单.csv", "序号,文件\n1,a.jpg\n".as_bytes().to_vec(), "没有采集码、学号、身份证号"),
        ("大.csv", vec![b'1'; 17 << 20], "文件超出上限"),
    ] {
        let stage = desk.dropped(name, bytes);
        let RosterStage::Choosing { refused: Some(words), .. } = stage else { panic!("{name}: {stage:?}") };
        assert!(words.headline.zh.contains(why), "{name}: {words:?}");
    }
    for path in [desk.folder.path().join("nowhere.csv"), desk.folder.path().to_owned()] {
        desk.shift.roster_asks(RosterAsk::Dropped(RosterFile::at(path)));
        let told = |stage: &RosterStage| matches!(stage, RosterStage::Choosing { refused: Some(_), .. });
        let stage = desk.until("it is refused", told);
        let RosterStage::Choosing { refused: Some(words), .. } = stage else { panic!("{stage:?}") };
        assert!(words.headline.zh.contains("读不出来"), "{words:?}");
        desk.shift.roster_asks(RosterAsk::Look);
    }
    // Rows of which nobody knows who they are stop it, until somebody wants them left out.
    let doubtful = "学号,姓名\n1001,甲\n1001,乙\n2024003,王五\n";
    let read = looked(desk.dropped("有错.csv", doubtful));
    assert_eq!((read.report.students, read.report.unusable), (1, 2));
    assert!(read.refused.unwrap().headline.zh.contains("名册有 2 行不能用"));
    desk.takes(false);
    assert_eq!(desk.shift.wants_second(), None);
    // A list of nobody takes nobody's place.
    let empty = looked(desk.dropped("空.csv", "学号,姓名\n"));
    assert_eq!(empty.report.students, 0);
    desk.takes(false);
    assert_eq!(desk.shift.wants_second(), None);
    assert_eq!((desk.found("zxs"), desk.found("ww")), (1, 0));
    desk.dropped("有错.csv", doubtful);
    desk.takes(true);
    desk.supervised();
    desk.until("the rest counts", |stage| matches!(stage, RosterStage::Taken(_)));
    assert_eq!((desk.found("zxs"), desk.found("ww")), (0, 1));
}

/// The first file's answer is not taken for the second's, and one that was given up is not shown.
#[test]
fn what_was_chosen_last_is_what_is_read() {
    let mut desk = Desk::of("tender_freshmen");
    let at = |name: &str| RosterFile::at(desk.folder.path().join(name));
    let (first, second) = (at("一.csv"), at("二.csv"));
    fs::write(first.path(), ROSTER).unwrap();
    fs::write(second.path(), "学号,姓名\n7,王五\n").unwrap();
    desk.shift.roster_asks(RosterAsk::Dropped(first.clone()));
    desk.shift.roster_asks(RosterAsk::Dropped(second));
    let read = looked(desk.until("it is looked through", |stage| !matches!(stage, RosterStage::Reading(_))));
    assert_eq!((read.name.as_str(), read.report.students), ("二.csv", 1));
    desk.shift.roster_asks(RosterAsk::Dropped(first));
    desk.shift.roster_asks(RosterAsk::Back);
    let found =
        |stage: &RosterStage| matches!(stage, RosterStage::Choosing { files: Some(_), refused: None });
    desk.until("the list is there, and no answer of before", found);
    desk.shift.roster_asks(RosterAsk::Back);
    assert_eq!(desk.stage(), None);
}

#[test]
fn nobody_sits_while_a_roster_is_taken_in_and_no_list_changes_under_a_finger() {
    let mut desk = Desk::of("tender_freshmen");
    desk.reads(ROSTER);
    desk.dropped("名册.csv", LATER);
    desk.sees("2024001");
    assert!(matches!(desk.shift.phase(), Phase::CodeScanned(_)));
    desk.takes(false);
    assert_eq!(desk.shift.wants_second(), None);
    assert!(desk.noticed().is_some_and(|words| words.contains("有考生正在就座")), "{:?}", desk.noticed());
    desk.shift.wish(Wish::Dismiss);
    desk.takes(false);
    assert_eq!(desk.shift.wants_second(), Some(Deed::ImportRoster));
    // He may sit down before the second person has typed.
    desk.sees("2024001");
    assert!(desk.shift.second_stands(&works("监督", Role::Supervisor)).is_err());
    desk.shift.wish(Wish::Dismiss);
    // Somebody is looked for: his list stays as it is, whatever the clerk has written.
    desk.supervised();
    desk.shift.search("zxs");
    let kept = |lines: &[caiying::ledger::Line]| {
        lines.iter().filter(|line| matches!(line.fact, Fact::RosterTaken { .. })).count() == 2
    };
    let store = desk.folder.path().join("store");
    until(&mut desk.shift, "it is in the store", |_| kept(&opened::ledger(&store).unwrap().lines().unwrap()));
    for _ in 0..20 {
        desk.shift.pump();
    }
    assert_eq!(desk.shift.view().lookup.all, 1);
    assert!(matches!(desk.stage(), Some(RosterStage::Taking)), "{:?}", desk.stage());
    // Whoever sits down while the clerk says who is known is known all the same.
    desk.shift.stop_searching();
    desk.shift.pump();
    desk.sees("2024001");
    desk.shift.wish(Wish::Dismiss);
    desk.until("it counts", |stage| matches!(stage, RosterStage::Taken(_)));
    assert_eq!((desk.found("zxs"), desk.found("ww")), (0, 1));
    // Who turns to the list of retakes finds the new one; while he looks at it, none takes its place.
    desk.dropped("名册.csv", ROSTER);
    desk.takes(false);
    desk.supervised();
    desk.shift.look_at(Place::Retakes);
    (0..100).for_each(|_| {
        desk.shift.pump();
        std::thread::sleep(Duration::from_millis(2));
    });
    assert_eq!((desk.found("zxs"), desk.found("ww")), (0, 1));
    desk.shift.look_at(Place::Checkup);
    desk.until("it counts", |stage| matches!(stage, RosterStage::Taken(_)));
    assert_eq!(desk.found("zxs"), 1);
}

#[test]
fn who_may_not_reads_no_roster_and_a_rehearsal_has_none() {
    let mut desk = Desk::of("tender_freshmen");
    let file = RosterFile::at(desk.folder.path().join("名册.csv"));
    fs::write(file.path(), ROSTER).unwrap();
    desk.shift.log_in(&works("补拍", Role::RetakeOperator), None);
    for ask in [RosterAsk::Look, RosterAsk::Dropped(file.clone())] {
        desk.shift.roster_asks(ask);
        assert!(desk.noticed().is_some_and(|words| words.contains("无权")), "{:?}", desk.noticed());
        assert_eq!(desk.stage(), None);
    }
    // What one has opened is not the next one's.
    desk.shift.log_in(&works("摄影", Role::Photographer), None);
    desk.dropped("名册.csv", ROSTER);
    desk.shift.log_out();
    assert_eq!(desk.stage(), None);
    desk.shift.roster_asks(RosterAsk::Look);
    assert_eq!(desk.stage(), None, "at the lock nobody reads");
    let mut codes = Desk::of("chsi_2017_99");
    codes.shift.roster_asks(RosterAsk::Look);
    assert!(codes.noticed().is_some_and(|words| words.contains("只凭采集码认人")), "{:?}", codes.noticed());
    assert!(checkup(&codes.shift).lines.iter().all(|line| line.title.zh != "名册"));

    let folder = tempfile::tempdir().unwrap();
    let store = super::called::store_with(folder.path(), ROSTER);
    let mut shift = super::called::shift_of(&store);
    assert_eq!(line(&shift), ("2 人".to_owned(), false, None));
    shift.roster_asks(RosterAsk::Dropped(file));
    let view = shift.view();
    let notice = view.troubles.iter().find(|trouble| trouble.kind == TroubleKind::Notice).unwrap();
    assert_eq!(notice.words.headline.zh, "演练不读名册");
    assert_eq!(checkup(&shift).roster, None);
}
