//! Long errands over a store: stopped anywhere, over a full disk, on a folder that is taken away, and beside a clerk
//! who writes. Nothing is lost, doubled or told twice.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use caiying::{
    clerk::{Clerk, verify_while},
    crew::{CourierOrder, News, Outbox, Told, courier},
    errand::{self, Errand, ErrandError, FOLDER, Outcome, Part},
    ledger::{Day, Filter, Kind},
    profile::Profile,
    shot::{ShotId, SittingId, Trigger},
    station::{Fact, SeenCode, Sitting, Take},
    student::Roster,
    sync::ExportError,
};

use crate::opened;
use crate::{
    alone::is_alone,
    delivery::{files, fitting},
    record::{on_a_small_disk, sql},
    world::{at, shot},
};

/// A store whose students `first` to `last` are kept and known by a roster of everybody.
fn store(place: &Path, last: u64) -> Clerk {
    let (mut clerk, _) = opened::clerk(place, "A1", "tender_freshmen", at(0)).unwrap();
    let rows = (1..=last + 50).map(|n| format!("机电系,数控,{}班,{n:07},考生{n}\n", n % 3));
    let roster = format!("学院,专业,班级,学号,姓名\n{}", rows.collect::<String>());
    clerk.take_roster(at(0), &Roster::read(roster.as_bytes()).unwrap()).unwrap();
    (1..=last).for_each(|n| keep(&mut clerk, n, n));
    clerk
}

/// Keeps sitting `n` for student `student`.
fn keep(clerk: &mut Clerk, n: u64, student: u64) {
    let (id, seen) = (SittingId(n), SeenCode::unread(format!("{student:07}").parse().unwrap()));
    let sitting = Sitting { takes: 1, ..Sitting::new(id, seen, at(100), n != student) };
    let take = Take::of(shot(n, Trigger::Station(id), 101), fitting(ShotId(n)));
    clerk.keep(at(102), &sitting, &take).unwrap();
}

fn profile() -> Profile {
    Profile::builtin("tender_freshmen").unwrap()
}

fn delivered(store: &Path, to: &Path) -> Result<caiying::errand::Exported, ErrandError> {
    errand::export(&opened::store(store), &profile(), to, &mut |_, _, _| true)
}

/// What must lie in a folder when students 1 to `last` have the portraits of sittings of the same number.
fn wanted(last: u64) -> BTreeMap<String, Vec<u8>> {
    let path = |n| format!("机电系/数控/{}班/{n:07}.jpg", n % 3);
    (1..=last).map(|n| (path(n), fitting(ShotId(n)).jpeg.to_vec())).collect()
}

fn pictures(to: &Path) -> BTreeMap<String, Vec<u8>> {
    files(to).into_iter().filter(|(name, _)| name.ends_with(".jpg")).collect()
}

/// Stopped between any two files, by somebody who thinks better of it: what lies there is right, the list says that
/// it is not all, and the next delivery makes it the same as one that was never stopped.
#[test]
fn an_errand_that_is_stopped_anywhere_is_brought_to_its_end_by_the_next() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, 6);
    let (mut steps, mut unfinished) = (0, 0);
    loop {
        let to = place.path().join(format!("stick{steps}"));
        // There are a student of an earlier delivery, retaken since, and one whom nobody had.
        let mut asked = 0;
        let mut go_on = |_, _, _| {
            asked += 1;
            asked <= steps
        };
        let ended = errand::export(&opened::store(&home), &profile(), &to, &mut go_on);
        let stopped = matches!(ended, Err(ErrandError::Export(ExportError::Stopped)));
        assert!(stopped || ended.is_ok(), "{ended:?}");
        if stopped && to.exists() {
            let list = fs::read_to_string(to.join("清单.csv")).unwrap();
            unfinished += usize::from(list.lines().next().unwrap().contains("未完成"));
            let there = pictures(&to);
            assert!(there.iter().all(|(name, bytes)| wanted(6)[name] == *bytes), "step {steps}");
        }
        delivered(&home, &to).unwrap();
        assert_eq!(pictures(&to), wanted(6), "step {steps}");
        assert!(!fs::read_to_string(to.join("清单.csv")).unwrap().contains("未完成"));
        if !stopped {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 18 && unfinished >= 6, "{steps} {unfinished}");
    // Over what was delivered before, a retake: stopped before its file is written, the old one stands.
    let to = place.path().join("again");
    delivered(&home, &to).unwrap();
    keep(&mut clerk, 7, 3);
    let stop = |part, done, _| !(part == Part::Writing && done == 0);
    errand::export(&opened::store(&home), &profile(), &to, &mut { stop }).unwrap_err();
    assert_eq!(pictures(&to), wanted(6));
    delivered(&home, &to).unwrap();
    assert_eq!(pictures(&to)["机电系/数控/0班/0000003.jpg"], fitting(ShotId(7)).jpeg.to_vec());
}

#[test]
fn how_far_it_is_is_told_part_by_part() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    drop(store(&home, 4));
    let mut told = vec![];
    let mut go_on = |part, done, of| {
        told.push((part, done, of));
        true
    };
    errand::export(&opened::store(&home), &profile(), &place.path().join("to"), &mut go_on).unwrap();
    let part = |part, of| (0..of).map(move |done| (part, done, of));
    let expected: Vec<_> =
        part(Part::Checking, 4).chain(part(Part::Comparing, 4)).chain(part(Part::Writing, 4)).collect();
    assert_eq!(told, expected);
    let mut told = 0;
    verify_while(&opened::store(&home), &mut |done, of| {
        assert_eq!((done, of), (told, 8), "an original and a portrait each");
        told += 1;
        true
    })
    .unwrap()
    .unwrap();
    assert_eq!(told, 8);
    assert_eq!(
        verify_while(&opened::store(&home), &mut |done, _| done < 3).unwrap(),
        None,
        "stopped: no report"
    );
}

/// The stick is pulled out and something else stands in its place: not one file more is written there.
#[test]
fn a_folder_that_is_taken_away_gets_no_file_more() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    drop(store(&home, 5));
    let (to, pulled) = (place.path().join("stick"), place.path().join("pulled"));
    for replaced in [true, false] {
        let ended = errand::export(&opened::store(&home), &profile(), &to, &mut |part, done, _| {
            if (part, done) == (Part::Writing, 2) {
                fs::rename(&to, &pulled).unwrap();
                if replaced {
                    fs::create_dir(&to).unwrap();
                }
            }
            true
        });
        assert!(matches!(ended, Err(ErrandError::Export(ExportError::Gone))), "{ended:?}");
        assert_eq!((pictures(&pulled).len(), to.exists() && !files(&to).is_empty()), (2, false));
        // It is plugged in again.
        fs::remove_dir_all(&to).ok();
        fs::rename(&pulled, &to).unwrap();
        delivered(&home, &to).unwrap();
        assert_eq!(pictures(&to), wanted(5));
        fs::remove_dir_all(&to).unwrap();
    }
}

/// On a stick of two megabytes that is full: said so, nothing half written, and with room again it goes on.
#[test]
fn a_full_stick_is_said_and_loses_nothing() {
    if !is_alone() {
        return on_a_small_disk("couriers::a_full_stick_is_said_and_loses_nothing");
    }
    let stick = std::env::current_dir().unwrap();
    let place = tempfile::tempdir_in("/dev/shm").unwrap();
    let home = place.path().join("store");
    drop(store(&home, 30));
    let (ballast, to) = (stick.join("ballast"), stick.join("to"));
    fs::write(&ballast, vec![0; 1_500_000]).unwrap();
    let ended = delivered(&home, &to);
    assert!(matches!(ended, Err(ErrandError::Export(ExportError::NoSpace))), "{ended:?}");
    let there = pictures(&to);
    assert!(!there.is_empty() && there.len() < 30, "{}", there.len());
    assert!(there.iter().all(|(name, bytes)| wanted(30)[name] == *bytes), "half written");
    fs::remove_file(ballast).unwrap();
    delivered(&home, &to).unwrap();
    assert_eq!(pictures(&to), wanted(30));
}

#[test]
fn what_was_delivered_twice_is_told_once() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, 4);
    let done = delivered(&home, &place.path().join("to")).unwrap();
    let twice: Vec<_> = done.delivery.objects.iter().chain(&done.delivery.objects).copied().collect();
    clerk.note_delivered(at(200), FOLDER, &twice).unwrap();
    clerk.note_delivered(at(201), FOLDER, &done.delivery.objects).unwrap();
    assert_eq!(clerk.ledger().queue().unwrap(), []);
    assert_eq!(clerk.ledger().page(&Filter::of(Kind::Delivered), None, 100).unwrap().lines.len(), 4);
    // A retake waits anew, and only it.
    keep(&mut clerk, 5, 2);
    let waiting: Vec<_> = clerk.ledger().queue().unwrap().iter().map(|parcel| parcel.shot.0).collect();
    assert_eq!(waiting, [5]);
    drop(clerk);
    assert_eq!(opened::verify(&home).unwrap().faults, []);
}

/// A station that writes while it is verified is no fault: neither a row that came between two looks, nor a file
/// without its row yet.
#[test]
fn verifying_beside_a_clerk_who_writes_finds_nothing() {
    // Where nobody waits for a disk, rows come as fast as they are looked at.
    let place = tempfile::tempdir_in("/dev/shm").unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, 1);
    let is_writing = AtomicBool::new(true);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 2..=300 {
                keep(&mut clerk, n, n);
                std::thread::sleep(Duration::from_millis(2));
            }
            is_writing.store(false, Ordering::Relaxed);
        });
        let mut looks = 0;
        while !writer.is_finished() {
            let report = opened::verify(&home).unwrap();
            assert_eq!(report.faults, [], "look {looks}");
            assert!(report.orphans <= 1, "one file may wait for its row: {report:?}");
            looks += usize::from(is_writing.load(Ordering::Relaxed));
        }
        assert!(looks >= 3, "nobody looked while it was written");
    });
    assert_eq!(opened::verify(&home).unwrap().kept, 300);
}

#[test]
fn a_day_is_counted_from_its_midnight() {
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(&place.path().join("store"), 3);
    // The next day: one is kept, one leaves without, one retakes, one sits still.
    let midnight = at(1_000);
    let seat = |clerk: &mut Clerk, n: u64, student: u64| {
        let seen = SeenCode::unread(format!("{student:07}").parse().unwrap());
        let sitting = Sitting { takes: 1, ..Sitting::new(SittingId(n), seen, at(1_001), false) };
        clerk.seat(at(1_001), &sitting).unwrap();
        sitting
    };
    for (n, student) in [(4, 4), (5, 5), (6, 1), (7, 7)] {
        let sitting = seat(&mut clerk, n, student);
        match n {
            4 | 6 => {
                let taken = shot(n, Trigger::Station(SittingId(n)), 1_002);
                clerk.keep(at(1_003), &sitting, &Take::of(taken, fitting(ShotId(n)))).unwrap();
            }
            5 => {
                let taken = shot(n, Trigger::Station(SittingId(n)), 1_002);
                clerk.shelve(at(1_002), &taken, Some(&sitting)).unwrap();
                let why = Fact::Declined { sitting: SittingId(n), shot: ShotId(n), reason: "no_face".into() };
                clerk.record(at(1_003), &why).unwrap();
                clerk.record(at(1_004), &Fact::Dismissed { sitting: SittingId(n) }).unwrap();
            }
            _ => {}
        }
    }
    clerk.shelve(at(1_005), &shot(9, Trigger::Body, 1_005), None).unwrap();
    let day = clerk.ledger().day(midnight).unwrap();
    let Day {
        sittings,
        shots,
        again,
        kept,
        strays,
        delivered,
        without,
        waiting_since,
        tally,
        alone,
        backed_up,
    } = day;
    assert_eq!((sittings, shots, again, kept, strays, delivered), (4, 4, 1, 2, 1, 0));
    // Whoever sits still is not missing yet, and who was kept on another day is not missing either.
    assert_eq!((without, waiting_since), (1, Some(at(102))));
    assert_eq!((alone, tally.alone, backed_up), (4, 7, None));
    assert_eq!((tally.today, tally.students, tally.waiting, tally.strays), (2, 4, 4, 1));
    let everything = clerk.ledger().day(at(0)).unwrap();
    assert_eq!((everything.sittings, everything.kept), (7, 5));
}

#[test]
fn the_journal_is_read_from_its_newest_line_a_page_at_a_time() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, 7);
    let all = clerk.ledger().lines().unwrap();
    for kind in Kind::ALL {
        let (mut read, mut before) = (vec![], None);
        loop {
            let page = clerk.ledger().page(&Filter::of(kind), before, 3).unwrap();
            assert!(page.lines.len() <= 3);
            before = page.lines.last().map(|line| line.seq).or(before);
            read.extend(page.lines);
            if page.is_last {
                break;
            }
        }
        let wanted = all.iter().rev().filter(|line| kind == Kind::All || Kind::of(&line.fact) == Some(kind));
        let wanted: Vec<_> = wanted.map(|line| (line.seq, Some(line.fact.clone()))).collect();
        assert_eq!(read.into_iter().map(|line| (line.seq, line.fact)).collect::<Vec<_>>(), wanted);
        let kept = kind == Kind::All || kind == Kind::Kept;
        assert!(!kept || wanted.len() >= 7, "{kind:?}");
    }
    clerk
        .record(
            at(300),
            &Fact::Unlocked {
                purpose: "export".into(),
                role: caiying::profile::Role::Supervisor,
                by: String::new(),
            },
        )
        .unwrap();
    assert_eq!(clerk.ledger().page(&Filter::of(Kind::Unlocked), None, 3).unwrap().lines.len(), 1);
    let chain = clerk.ledger().chain().unwrap();
    assert_eq!((chain.lines, chain.broken.len()), (all.len() + 1, 0));
    drop(clerk);
    sql(&home, "UPDATE journal SET at = at + 1 WHERE seq = 5");
    let chain = opened::ledger(&home).unwrap().chain().unwrap();
    assert_eq!(chain.broken.first().and_then(|unsound| unsound.seq), Some(5), "{chain:?}");
}

/// The courier with his mailbox and what he told.
struct Sent {
    courier: caiying::crew::Courier,
    inbox: Receiver<News>,
}

impl Sent {
    fn to(store: &Path) -> Self {
        let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
        let courier = courier(opened::store(store), Arc::new(profile()), outbox).unwrap();
        Self { courier, inbox }
    }

    fn next(&self) -> News {
        self.inbox.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    fn export(&self, to: PathBuf) {
        self.courier.order(CourierOrder::Export(to)).unwrap();
    }
}

#[test]
fn the_courier_runs_one_errand_at_a_time_and_answers_meanwhile() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    drop(store(&home, 150));
    let sent = Sent::to(&home);
    let to = place.path().join("to");
    sent.export(to.clone());
    sent.courier.order(CourierOrder::Verify).unwrap();
    sent.courier.order(CourierOrder::Count(at(0))).unwrap();
    assert!(matches!(sent.next(), News::Courier(Told::Busy(Errand::Verify))), "not a second errand");
    let News::Courier(Told::Counted(Ok(day))) = sent.next() else { panic!("asked, and not answered") };
    assert_eq!(day.tally.students, 150);
    let News::Delivered(objects) = sent.next() else { panic!("not delivered") };
    assert_eq!(objects.len(), 150);
    let News::Courier(Told::Ended(Errand::Export, Outcome::Exported(_))) = sent.next() else { panic!() };
    assert_eq!(pictures(&to), wanted(150));
}

#[test]
fn an_errand_is_stopped_by_one_word_and_by_the_programs_end() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    drop(store(&home, 150));
    let to = place.path().join("to");
    let sent = Sent::to(&home);
    sent.export(to.clone());
    let since = Instant::now();
    while !to.join("清单.csv").exists() {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is written");
        std::thread::sleep(Duration::from_millis(1));
    }
    sent.courier.stop(true);
    let ended = sent.next();
    assert!(matches!(ended, News::Courier(Told::Ended(Errand::Export, Outcome::Stopped))), "{ended:?}");
    assert!(pictures(&to).len() < 150, "it was not stopped");
    sent.courier.stop(false);
    sent.courier.order(CourierOrder::Verify).unwrap();
    let News::Courier(Told::Ended(Errand::Verify, Outcome::Verified(report))) = sent.next() else { panic!() };
    assert_eq!(report.faults, []);
    // The program ends in the middle of it: no longer than a file takes.
    let other = place.path().join("other");
    sent.export(other.clone());
    while !other.join("清单.csv").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(sent);
    assert!(pictures(&other).len() < 150, "the end waited for all of it");
    for to in [to, other] {
        delivered(&home, &to).unwrap();
        assert_eq!(pictures(&to), wanted(150));
    }
}
