//! A stray given to a student at the wired station: read, developed and judged like any shot, and then by a named act.

use caiying::{
    clerk::Owner,
    keys::Deed,
    profile::Role,
    shift::{AssignmentStage, AssignmentView, NotGiven, Statement},
    shot::ShotId,
    station::{Fact, NotAnAct, SeenCode},
};

use super::{standing::works, *};
use crate::opened;

fn said(second: &str) -> Statement {
    let [by, second, reason] = ["王老师", second, "本人现场确认"].map(str::to_owned);
    Statement { by, second, reason }
}

/// Lets the station work until the stray stands where it is awaited.
fn until_stray(shift: &mut Shift, what: &str, awaited: impl Fn(&AssignmentStage) -> bool) -> AssignmentView {
    let since = Instant::now();
    loop {
        shift.pump();
        if let Some(view) = shift.assignment().filter(|view| awaited(&view.stage)) {
            return view;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{what}: {:?}", shift.assignment());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A station whose profile demands two persons; student 1 left after his only shot had become a stray.
fn with_a_stray() -> (TempDir, Shift) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(ModelFinder::new()?)));
    let mut setup = setup(&folder.path().join("store"), clock, plain(clock), finder);
    let mut profile = Profile::clone(&setup.profile);
    profile.strays.four_eyes = true;
    setup.profile = Arc::new(profile);
    let mut shift = Shift::begin(setup).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    until(&mut shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    shift.wish(Wish::Stray);
    // Whoever it is of, it is not whoever sits: neither his picture nor what is wrong with it.
    assert!(matches!(shift.phase(), Phase::CodeScanned(_)) && shift.view().portrait.is_none());
    shift.see(Sight::Gone);
    shift.wish(Wish::Dismiss);
    until(&mut shift, "it is a stray", |view| view.tally.strays == 1);
    (folder, shift)
}

#[test]
fn a_stray_is_given_to_a_student_in_two_steps_while_another_one_sits() {
    let (folder, mut shift) = with_a_stray();
    show(&mut shift, 2);
    shift.propose_assignment(ShotId(1));
    let judged = |stage: &AssignmentStage| matches!(stage, AssignmentStage::Judged(_, true));
    let view = until_stray(&mut shift, "it is judged", judged);
    assert!(shift.view().portrait.is_none(), "not under the name of whoever sits: {view:?}");
    assert!(matches!(shift.phase(), Phase::CodeScanned(sitting) if sitting.code == code(2)));
    let owner = || Owner::Student(SeenCode::unread(code(1)));
    for (wrong, why) in [
        (said(" "), NotAnAct::NoSecond),
        (said("王老师"), NotAnAct::SamePerson),
        (Statement { by: String::new(), ..said("李老师") }, NotAnAct::Nobody),
        (Statement { reason: String::new(), ..said("李老师") }, NotAnAct::NoReason),
    ] {
        assert_eq!(shift.confirm_assignment(owner(), &wrong), Err(NotGiven::NotAnAct(why)));
    }
    // Whoever sits just now is given nothing; then another one is said.
    shift.confirm_assignment(Owner::Student(SeenCode::unread(code(2))), &said("李老师")).unwrap();
    until(&mut shift, "it is refused", |view| {
        view.troubles.iter().any(|trouble| trouble.words.headline.zh.contains("正在就座"))
    });
    until_stray(&mut shift, "it can be said again", judged);
    shift.confirm_assignment(owner(), &said("李老师")).unwrap();
    until_stray(&mut shift, "it is on disk", |stage| *stage == AssignmentStage::Done(code(1).fingerprint()));
    until(&mut shift, "the tray is empty", |view| view.tally.strays == 0 && view.tally.students == 1);
    // From now on he has a portrait, and the gate knows it.
    shift.see(Sight::Gone);
    shift.wish(Wish::Dismiss);
    show(&mut shift, 1);
    assert!(matches!(shift.phase(), Phase::KeptBefore(_)), "{:?}", shift.phase());
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.kept, report.faults), (1, vec![]));
}

/// Where people have passphrases, a typed name stands for nobody: the second one shows his.
#[test]
fn where_people_have_passphrases_the_second_person_shows_his() {
    let (folder, mut shift) = with_a_stray();
    shift.log_in(&works("补拍甲", Role::RetakeOperator), None);
    shift.propose_assignment(ShotId(1));
    until_stray(&mut shift, "it is judged", |stage| matches!(stage, AssignmentStage::Judged(_, true)));
    let owner = || Owner::Student(SeenCode::unread(code(1)));
    let nobody = Statement { by: " ".to_owned(), ..said("") };
    assert_eq!(shift.confirm_assignment(owner(), &nobody), Err(NotGiven::NotAnAct(NotAnAct::Nobody)));
    assert_eq!(shift.wants_second(), None, "nobody is called for nothing");
    shift.confirm_assignment(owner(), &said("李老师")).unwrap();
    assert_eq!(shift.wants_second(), Some(Deed::GiveStray));
    let is_judged = |shift: &Shift| {
        shift.assignment().is_some_and(|view| matches!(view.stage, AssignmentStage::Judged(..)))
    };
    for other in [
        works("补拍甲", Role::RetakeOperator),
        works("摄影", Role::Photographer),
        works("管理员", Role::Administrator),
        // Whoever stands for it himself is not another one, whatever he is.
        works("王老师", Role::Supervisor),
    ] {
        assert!(shift.second_stands(&other).is_err(), "{other:?}");
        assert!(shift.wants_second().is_some() && is_judged(&shift), "another one may come");
    }
    shift.send_second_away();
    shift.pump();
    assert!(shift.wants_second().is_none() && is_judged(&shift), "nobody came, nothing is given");
    shift.second_stands(&works("监督", Role::Supervisor)).unwrap();
    assert!(is_judged(&shift), "what nobody asks for is not done");
    shift.confirm_assignment(owner(), &said("")).unwrap();
    shift.second_stands(&works("监督", Role::Supervisor)).unwrap();
    until_stray(&mut shift, "it is on disk", |stage| *stage == AssignmentStage::Done(code(1).fingerprint()));
    drop(shift);
    let lines = opened::ledger(folder.path().join("store")).unwrap().lines().unwrap();
    let told = lines.iter().filter_map(|line| match &line.fact {
        Fact::Unlocked { purpose, role, by } if purpose == "assign" => Some(format!("{role:?} {by}")),
        Fact::Assigned { by, second, .. } => {
            assert_eq!(line.scribe.who, "补拍甲");
            Some(format!("{by} {second:?}"))
        }
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), ["Supervisor 监督", "王老师 Some(\"监督\")"]);
}

#[test]
fn what_is_no_stray_is_not_read_and_what_nobody_confirms_stays_one() {
    let (folder, mut shift) = with_a_stray();
    shift.propose_assignment(ShotId(40));
    until_stray(&mut shift, "it is refused", |stage| matches!(stage, AssignmentStage::Refused(_)));
    shift.propose_assignment(ShotId(1));
    // Too early: nothing is judged yet.
    shift.confirm_assignment(Owner::Student(SeenCode::unread(code(1))), &said("李老师")).unwrap();
    until_stray(&mut shift, "it is judged", |stage| matches!(stage, AssignmentStage::Judged(..)));
    shift.leave_assignment();
    assert_eq!(shift.assignment(), None);
    shift.confirm_assignment(Owner::Student(SeenCode::unread(code(1))), &said("李老师")).unwrap();
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.shots, report.kept, report.faults), (1, 0, vec![]));
}

#[test]
fn a_stray_without_a_face_is_given_to_nobody() {
    let camera = |clock: Clock| -> Box<dyn Camera> {
        let (exposed, origin) = (Exposure::exactly(clock.now()), Origin::default());
        let jpeg = Jpeg(sitter::jpeg(&sitter::well_seated()).into());
        let shot = Some(Arrival { trigger: Trigger::Body, exposed, origin, jpeg });
        Box::new(Finder { shot, told: false, now: Arc::new(AtomicBool::new(true)) })
    };
    let (folder, mut shift) = begin(camera, Box::new(|| Ok(Box::new(Stumbling(true)))));
    until(&mut shift, "it is a stray", |view| view.tally.strays == 1);
    shift.propose_assignment(ShotId(1));
    let why = |stage: &AssignmentStage| matches!(stage, AssignmentStage::Refused(words) if words.headline.zh.contains("没有找到人脸"));
    until_stray(&mut shift, "it is declined", why);
    shift.confirm_assignment(Owner::Student(SeenCode::unread(code(1))), &said("李老师")).unwrap();
    assert!(shift.assignment().is_some_and(|view| why(&view.stage)), "nobody gets it");
    drop(shift);
    let report = opened::verify(folder.path().join("store")).unwrap();
    assert_eq!((report.shots, report.kept, report.faults), (1, 0, vec![]));
}
