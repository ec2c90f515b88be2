//! Delivering into a folder where something was delivered before: nothing is doubled, nobody lies under another's
//! name, nothing that is not ours is touched, and an export that was cut short is put right by the next.

use std::{collections::BTreeMap, fs, path::Path};

use caiying::{
    clerk::{Clerk, Correction, Owner},
    ledger::Ledger,
    portrait::Portrait,
    profile::Profile,
    shot::{Digest, ShotId, SittingId, Trigger},
    station::{Act, SeenCode, Sitting, Take, Vouched},
    student::{Bearer, People},
    sync::{Delivery, ExportError, export, plan},
    vault::Vault,
};

use super::{ROSTER, files, fitting, people, store};
use crate::opened;
use crate::{
    record::disk::Disk,
    world::{at, portrait, shot},
};

fn deliver(clerk: &Clerk, roster: &str, to: &Path) -> Result<Delivery, ExportError> {
    deliver_from(clerk.vault(), clerk.ledger(), roster, to)
}

fn deliver_from(vault: &Vault, ledger: &Ledger, roster: &str, to: &Path) -> Result<Delivery, ExportError> {
    let known = if roster.is_empty() { People::default() } else { people(roster) };
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let planned = plan(&ledger.current().unwrap(), &profile, &known).unwrap();
    export(vault, &planned.after(&ledger.overtaken().unwrap()), to)
}

/// Another portrait for a student: his sitting and shot `n`.
fn retake(clerk: &mut Clerk, code: &str, n: u64) -> Vec<u8> {
    retake_as(clerk, code, n, [vec![9; 25_000], n.to_le_bytes().to_vec()].concat())
}

fn retake_as(clerk: &mut Clerk, code: &str, n: u64, jpeg: Vec<u8>) -> Vec<u8> {
    let seen = SeenCode::unread(code.parse().unwrap());
    let sitting = Sitting { takes: 1, ..Sitting::new(SittingId(n), seen, at(8), true) };
    let sha256 = Digest::of(&jpeg);
    let portrait = Portrait { sha256, jpeg: jpeg.clone().into(), ..portrait(ShotId(n)) };
    clerk.keep(at(9), &sitting, &Take::of(shot(n, Trigger::Body, 8), portrait)).unwrap();
    jpeg
}

fn pictures(to: &Path) -> BTreeMap<String, Vec<u8>> {
    files(to).into_iter().filter(|(name, _)| name != "清单.csv").collect()
}

fn numbers(delivery: &Delivery) -> (usize, usize, usize, usize) {
    (delivery.written, delivery.already, delivery.replaced, delivery.removed)
}

/// A roster that gives these students these numbers.
fn roster(students: &[(&str, &str)]) -> String {
    let lines = students.iter().map(|(code, number)| format!("机电系,数控,1班,{number},{code}\n"));
    format!("学院,专业,班级,学号,采集码\n{}", lines.collect::<String>())
}

#[test]
fn a_portrait_that_gets_its_name_later_lies_there_once() {
    let place = tempfile::tempdir().unwrap();
    let clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
    let to = place.path().join("stick");
    deliver(&clerk, "", &to).unwrap();
    let named = deliver(&clerk, ROSTER, &to).unwrap();
    assert_eq!(numbers(&named), (2, 0, 0, 2));
    let there = pictures(&to);
    let names: Vec<_> = there.keys().collect();
    assert_eq!(names, ["机电系/数控/1班/2024001.jpg", "艺术系/声乐/2班/2024003.jpg"]);
    assert!(!to.join("待补信息").exists(), "nor an empty folder");
}

#[test]
fn a_corrected_roster_leaves_no_portrait_under_another_students_name() {
    let place = tempfile::tempdir().unwrap();
    let clerk = store(&place.path().join("store"), &["X", "Y"]);
    let to = place.path().join("stick");
    let name = |number| format!("机电系/数控/1班/{number}.jpg");
    deliver(&clerk, &roster(&[("X", "2024009"), ("Y", "2024001")]), &to).unwrap();
    // X is 2024001, and Y is not.
    let moved = deliver(&clerk, &roster(&[("X", "2024001"), ("Y", "2024002")]), &to).unwrap();
    assert_eq!(numbers(&moved), (2, 0, 1, 1));
    let (x, y) = (fitting(ShotId(1)).jpeg.to_vec(), fitting(ShotId(2)).jpeg.to_vec());
    assert_eq!(pictures(&to), BTreeMap::from([(name("2024001"), x.clone()), (name("2024002"), y.clone())]));
    // The two exchanged.
    deliver(&clerk, &roster(&[("X", "2024002"), ("Y", "2024001")]), &to).unwrap();
    assert_eq!(pictures(&to), BTreeMap::from([(name("2024001"), y), (name("2024002"), x.clone())]));
    // Only the case changes: a stick takes both for the same name, this disk does not.
    deliver(&clerk, &roster(&[("X", "a1"), ("Y", "b1")]), &to).unwrap();
    deliver(&clerk, &roster(&[("X", "A1"), ("Y", "b1")]), &to).unwrap();
    let there = pictures(&to);
    assert_eq!((there.len(), there.get(&name("A1"))), (2, Some(&x)));
}

#[test]
fn a_retake_takes_the_place_of_the_older_portrait() {
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
    let to = place.path().join("stick");
    deliver(&clerk, ROSTER, &to).unwrap();
    let newer = retake(&mut clerk, "2024001", 3);
    let again = deliver(&clerk, ROSTER, &to).unwrap();
    assert_eq!((numbers(&again), again.objects.len()), ((1, 1, 1, 0), 2));
    assert_eq!(pictures(&to)["机电系/数控/1班/2024001.jpg"], newer);
    let list = fs::read_to_string(to.join("清单.csv")).unwrap();
    assert!(list.contains(&Digest::of(&newer).to_string()), "{list}");
    assert_eq!(list.lines().count(), 3, "{list}");
}

/// Two persons say that a sitting's portrait is this one's, or nobody knows whose.
fn correct(clerk: &mut Clerk, sitting: u64, to: Option<&str>) {
    let vouched = Vouched::new(Act::new("王老师", "两位考生对调").unwrap(), "李老师", true).unwrap();
    let owner = to.map(|code| Owner::Student(SeenCode::unread(code.parse().unwrap())));
    let (sitting, spare) = (SittingId(sitting), SittingId(80));
    clerk.correct(at(30), &Correction { sitting, owner, spare, vouched }).unwrap();
}

/// The school has the folder already: what turns out to be another's lies under this student's name no longer, whether he
/// has another portrait or none.
#[test]
fn what_a_correction_took_from_a_student_goes_from_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("stick");
    let (first, third) = ("机电系/数控/1班/2024001.jpg", "艺术系/声乐/2班/2024003.jpg");
    let mut clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
    let his = fitting(ShotId(1)).jpeg.to_vec();
    deliver(&clerk, ROSTER, &to).unwrap();
    let others = store(&place.path().join("other"), &["2024002"]);
    deliver(&others, ROSTER, &to).unwrap();
    let second = "机电系/数控/1班/2024002.jpg";
    // Student 1 has none now, and 3 has what was taken from him.
    correct(&mut clerk, 1, Some("2024003"));
    let moved = deliver(&clerk, ROSTER, &to).unwrap();
    assert_eq!(numbers(&moved), (1, 0, 1, 1));
    let there = pictures(&to);
    assert_eq!(there.keys().collect::<Vec<_>>(), [second, third], "the other store's stays");
    assert_eq!(there[third], his);
    let list = fs::read_to_string(to.join("清单.csv")).unwrap();
    assert!(list.contains(third) && list.contains(second) && !list.contains(first), "{list}");
    // Whose it is nobody knows after all: what he had before is his again.
    correct(&mut clerk, 80, None);
    deliver(&clerk, ROSTER, &to).unwrap();
    assert_eq!(pictures(&to)[third], fitting(ShotId(2)).jpeg.to_vec());
}

/// A code that was downloaded again has other bytes, and so another fingerprint.
#[test]
fn a_retake_under_a_code_that_was_downloaded_again_takes_the_place_of_the_older_portrait() {
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("stick");
    let mut clerk = store(&place.path().join("store"), &["first", "other"]);
    deliver(&clerk, &roster(&[("first", "2024001"), ("other", "2024002")]), &to).unwrap();
    let code = "second".parse().unwrap();
    let bearer = Bearer::unknown(&"first".parse().unwrap());
    let sitting = Sitting::new(SittingId(3), SeenCode { code, bearer }, at(8), true);
    let take = Take::of(shot(3, Trigger::Body, 8), fitting(ShotId(3)));
    clerk.keep(at(9), &Sitting { takes: 1, ..sitting }, &take).unwrap();
    // Under the same name, and under none, as a code that the roster does not have.
    for (known, name) in [("second", "机电系/数控/1班/2024001.jpg"), ("nobody", "待补信息/")] {
        let known = roster(&[(known, "2024001"), ("other", "2024002")]);
        deliver(&clerk, &known, &to).unwrap();
        let there = pictures(&to);
        assert_eq!(there.len(), 2, "{:?}", there.keys());
        let his = there.iter().find(|(path, _)| path.starts_with(name)).unwrap();
        assert_eq!(*his.1, fitting(ShotId(3)).jpeg.to_vec());
    }
}

/// Whatever is not as we left it stops an export before anything changes.
#[test]
fn what_is_not_ours_stops_the_export_and_nothing_is_changed() {
    type Mischief = fn(&Path);
    let mischiefs: [(&str, Mischief); 8] = [
        ("edited", |to| fs::write(to.join("机电系/数控/1班/2024001.jpg"), "retouched").unwrap()),
        ("edited where it lay", |to| {
            let folder = to.join("待补信息");
            let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
            fs::write(file, "retouched").unwrap();
        }),
        ("a folder", |to| {
            fs::remove_file(to.join("机电系/数控/1班/2024001.jpg")).unwrap();
            fs::create_dir(to.join("机电系/数控/1班/2024001.jpg")).unwrap();
        }),
        ("a file where a folder must be", |to| fs::write(to.join("艺术系"), "notes").unwrap()),
        ("no list", |to| fs::remove_file(to.join("清单.csv")).unwrap()),
        ("a list of something else", |to| fs::write(to.join("清单.csv"), "a,b\n1,2\n").unwrap()),
        ("an empty list", |to| fs::write(to.join("清单.csv"), "").unwrap()),
        ("a list that leads elsewhere", |to| {
            let list = fs::read_to_string(to.join("清单.csv")).unwrap();
            fs::write(to.join("清单.csv"), list.replace("机电系/数控/1班", "../store")).unwrap();
        }),
    ];
    for (what, mischief) in mischiefs {
        let place = tempfile::tempdir().unwrap();
        let mut clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
        let to = place.path().join("stick");
        let partly = "学院,专业,班级,学号\n机电系,数控,1班,2024001\n";
        deliver(&clerk, partly, &to).unwrap();
        retake(&mut clerk, "2024001", 3);
        mischief(&to);
        let before = files(&to);
        let refused = deliver(&clerk, ROSTER, &to).unwrap_err();
        let by_the_list = what.contains(" list") && what != "no list";
        assert!(
            if by_the_list {
                matches!(refused, ExportError::Manifest { .. })
            } else {
                matches!(refused, ExportError::Taken(_))
            },
            "{what}: {refused:?}"
        );
        assert_eq!(files(&to), before, "{what}");
        let said = format!("{refused} {refused:?}");
        assert!(!said.contains("2024001") && !said.contains("机电系"), "{what}: {said}");
    }
}

/// Two stations fill one stick: neither takes the other's portraits away, and the list names both.
#[test]
fn what_another_store_delivered_stays_and_stays_listed() {
    let place = tempfile::tempdir().unwrap();
    let first = store(&place.path().join("first"), &["2024001"]);
    let second = store(&place.path().join("second"), &["2024003", "nobody"]);
    let to = place.path().join("stick");
    let one =
        "学院,专业,班级,学号,采集码\n机电系,数控,1班,2024001,2024001\n艺术系,声乐,2班,2024003,2024003\n";
    deliver(&first, one, &to).unwrap();
    let delivered = deliver(&second, one, &to).unwrap();
    assert_eq!(numbers(&delivered), (2, 0, 0, 0));
    assert_eq!(pictures(&to).len(), 3);
    assert_eq!(fs::read_to_string(to.join("清单.csv")).unwrap().lines().count(), 4);
    // A student of theirs under a name of ours: somebody's roster is wrong, and nobody is overwritten.
    let before = files(&to);
    let clash = "学院,专业,班级,学号,采集码\n机电系,数控,1班,2024001,nobody\n";
    let refused = deliver(&second, clash, &to);
    assert!(matches!(refused, Err(ExportError::Taken(_))), "{refused:?}");
    assert_eq!(files(&to), before);
}

/// A JPEG of this size, as long as a portrait.
fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let grey = vec![120u8; (width * height * 3) as usize];
    image::codecs::jpeg::JpegEncoder::new(&mut out)
        .encode(&grey, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    out.resize(25_000, 0);
    out
}

#[test]
fn a_portrait_of_other_pixels_does_not_slip_through() {
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
    let to = place.path().join("stick");
    retake_as(&mut clerk, "2024003", 3, jpeg(358, 441));
    let refused = deliver(&clerk, ROSTER, &to);
    assert!(matches!(&refused, Err(ExportError::OtherPixels { found: (358, 441), .. })), "{refused:?}");
    assert!(!to.exists(), "nothing was written");
    retake_as(&mut clerk, "2024003", 4, jpeg(480, 640));
    deliver(&clerk, ROSTER, &to).unwrap();
}

const BEFORE: [(&str, &str); 3] = [("C1", "2024001"), ("C2", "2024002"), ("C3", "2024003")];
/// Two exchange their numbers, one was taken again, one gets his name and another moves away.
const AFTER: [(&str, &str); 5] =
    [("C1", "2024002"), ("C2", "2024001"), ("C3", "2024003"), ("C4", "2024004"), ("C5", "2024005")];

/// Whether the list is a finished one; then it must say exactly what is there.
fn check_list(to: &Path, known: &[Vec<u8>]) -> bool {
    let there = pictures(to);
    let list = fs::read_to_string(to.join("清单.csv")).unwrap();
    let finished = !list.lines().next().unwrap().contains("未完成");
    let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in list.lines().skip(1) {
        let mut fields = line.split(',').map(str::to_owned);
        let path = fields.next().unwrap();
        listed.entry(path).or_default().push(fields.next().unwrap());
    }
    for (name, bytes) in there.iter().filter(|(name, _)| name.ends_with(".jpg")) {
        assert!(known.contains(bytes), "{name} is half written");
        assert!(listed[name].contains(&Digest::of(bytes).to_string()), "{name} is not listed as it is");
    }
    let pictures = there.keys().filter(|name| name.ends_with(".jpg")).count();
    assert!(!finished || pictures == listed.len(), "{list}\n{:?}", there.keys());
    finished
}

/// The power fails at every step of an export that moves, replaces, removes and writes; the next one makes it
/// right, whatever the roster says by then.
#[test]
fn an_export_that_is_cut_short_anywhere_is_put_right_by_the_next() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("store");
    let mut clerk = store(&home, &["C1", "C2", "C3", "C4", "C5"]);
    let stick = place.path().join("stick");
    deliver(&clerk, &roster(&BEFORE), &stick).unwrap();
    retake(&mut clerk, "C3", 6);
    let old = files(&stick);
    let known: Vec<_> = clerk.ledger().kept().unwrap();
    let known: Vec<_> = known.iter().map(|kept| clerk.vault().get(kept.object).unwrap().1).collect();
    let fresh = place.path().join("fresh");
    deliver(&clerk, &roster(&AFTER), &fresh).unwrap();
    let (wanted, before) = (files(&fresh), place.path().join("before"));
    deliver(&clerk, &roster(&BEFORE), &before).unwrap();
    let wanted_before = files(&before);
    let control = place.path().join("control");
    fs::create_dir(&control).unwrap();
    let (mut steps, mut unfinished) = (0, 0);
    loop {
        put_back(&stick, &old);
        fs::write(control.join("dies"), format!("{steps}\n")).unwrap();
        let mut child = Disk::watched("delivery::again::child_exports", &stick, &control);
        let ended = child.env("CAIYING_TEST_STORE", &home).output().unwrap();
        if ended.status.success() {
            break;
        }
        assert_eq!(ended.status.code(), Some(77), "{}", String::from_utf8_lossy(&ended.stderr));
        unfinished += usize::from(!check_list(&stick, &known));
        // Half of them go back to the old roster.
        let (names, wanted) =
            if steps % 2 == 0 { (&AFTER[..], &wanted) } else { (&BEFORE[..], &wanted_before) };
        deliver(&clerk, &roster(names), &stick).unwrap_or_else(|err| panic!("step {steps}: {err}"));
        assert_eq!(&files(&stick), wanted, "step {steps}");
        steps += 1;
    }
    assert_eq!(files(&stick), wanted);
    eprintln!("{steps} steps, {unfinished} of them with an unfinished list");
    assert!(steps > 30 && unfinished > 20, "{steps} {unfinished}");
}

fn put_back(stick: &Path, old: &BTreeMap<String, Vec<u8>>) {
    fs::remove_dir_all(stick).unwrap();
    fs::create_dir(stick).unwrap();
    for (name, bytes) in old {
        fs::create_dir_all(stick.join(name).parent().unwrap()).unwrap();
        fs::write(stick.join(name), bytes).unwrap();
    }
}

#[test]
#[ignore = "the child of the test above"]
fn child_exports() {
    let Some(store) = std::env::var_os("CAIYING_TEST_STORE") else { return };
    let store = Path::new(&store);
    let (vault, ledger) = (opened::vault(store).unwrap(), opened::ledger(store).unwrap());
    deliver_from(&vault, &ledger, &roster(&AFTER), Disk::here().folder()).unwrap();
}
