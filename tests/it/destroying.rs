//! 监督删除: what must be so before, who must stand for it, what is left on the disk, and what the certificate is worth.

mod broken;
mod certificates;
mod interrupted;
mod volumes;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::Arc,
};

use caiying::{
    clerk::{Clerk, Correction, WalkUp},
    errand::{CERTIFICATE, FOLDER, JOURNAL, PAGE, SIGNATURE},
    keys::{KeyFile, Newcomer, Passphrase, Store, generate_recovery},
    profile::Role,
    shot::{Digest, Origin, Shot, ShotId, SittingId, Trigger},
    station::{Act, Fact, SeenCode, Sitting, Take, Vouched},
    student::{CaptureCode, StudentKey},
    vault::key_file,
};
use serde_json::Value;

use crate::{
    locks::{caiying, said},
    world::{at, portrait, shot},
};

const BOSS: &str = "gj8-Qm2-xLw";
const SCHOOL: &str = "东门外的雨落在三月";
const OTHER: &str = "Pz4_huangshan";

/// Names and codes that must be nowhere in the clear.
const NAMES: [&str; 3] = ["欧阳春晓", "李雷雷", "Zhang Xiaoming"];
const WAIVER: &str = "退学学生的照片由教务处书面放弃";

fn code(n: u64) -> CaptureCode {
    format!("CAIYING-TEST-CODE-{n:04}").parse().unwrap()
}

/// A JPEG as far as anybody looks for one: its start, a whole segment, and much that cannot be made smaller.
fn jpeg(n: u64) -> Vec<u8> {
    let start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x01\x2c\x01\x2c\x00\x00\xff\xdb";
    let noise =
        (0..300).flat_map(|k: u64| *Digest::of(&[n.to_le_bytes(), k.to_le_bytes()].concat()).as_bytes());
    start.iter().copied().chain(noise).collect()
}

fn sitting(n: u64) -> Sitting {
    Sitting { takes: 1, ..Sitting::new(SittingId(n), SeenCode::unread(code(n)), at(1), false) }
}

fn take(n: u64) -> Take {
    let origin = Origin {
        camera: "0123456".to_owned(),
        folder: "/store_00010001/DCIM/100CANON".to_owned(),
        name: format!("IMG_{n:04}.JPG"),
        ..Origin::default()
    };
    let shot = Shot { jpeg: jpeg(n).into(), origin, ..shot(n, Trigger::Station(SittingId(n)), 2) };
    let bytes = jpeg(1000 + n);
    let portrait = caiying::portrait::Portrait {
        sha256: Digest::of(&bytes),
        jpeg: Arc::from(bytes),
        ..portrait(ShotId(n))
    };
    Take::of(shot, portrait)
}

/// A store of three students, with its keys: an administrator, a second one, and the school's supervisor.
struct Season {
    /// How large a volume may be to be searched, in GiB: the disk of whoever tests is nobody's business.
    search: &'static str,
    home: tempfile::TempDir,
    folder: PathBuf,
    store: Store,
}

impl Season {
    /// In a folder of its own.
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("store");
        Self::within(home, folder, "0")
    }

    fn within(home: tempfile::TempDir, folder: PathBuf, search: &'static str) -> Self {
        let [boss, school, other] = [BOSS, SCHOOL, OTHER].map(Passphrase::new);
        let (_, recovery) = generate_recovery().unwrap();
        let (mut file, unlocked) = KeyFile::create("陈工", &boss, Some(&recovery)).unwrap();
        for (label, role, passphrase) in
            [("赵老师", Role::Supervisor, &school), ("林工", Role::Administrator, &other)]
        {
            file.add(&unlocked, None, Newcomer { label, role, passphrase }).unwrap();
        }
        key_file::create(&folder, &file).unwrap();
        let store = Store::new(&folder, unlocked.keys().clone());
        fill(&store);
        fs::create_dir(home.path().join("paper")).unwrap();
        Self { search, home, folder, store }
    }

    /// The folder that is given for its certificate.
    fn stick(&self) -> PathBuf {
        self.home.path().join("paper")
    }

    /// Where its certificate is: in a folder of its own, the only one there.
    fn paper(&self) -> PathBuf {
        only_certificate(&self.stick())
    }

    fn deliver_all(&self) {
        deliver(&self.store, 3);
    }

    /// The command, with what is typed.
    fn destroy(&self, more: &[&str], typed: &[&str]) -> Output {
        let (store, paper) = (self.folder.display().to_string(), self.stick().display().to_string());
        let always = ["destroy", "--search-gib", self.search, "--store", &store, "--certificate", &paper];
        let arguments = [&always, more].concat();
        caiying(
            self.home.path(),
            &arguments,
            &typed.iter().map(|line| format!("{line}\n")).collect::<String>(),
        )
    }

    fn certificate(&self) -> Value {
        serde_json::from_slice(&fs::read(self.paper().join(CERTIFICATE)).unwrap()).unwrap()
    }

    /// Whether it opens and is whole: nothing was destroyed.
    fn is_whole(&self) -> bool {
        let report = caiying::clerk::verify(&self.store);
        report.is_ok_and(|report| report.faults.is_empty() && report.kept == 3)
    }
}

/// The only folder of a certificate within a folder.
fn only_certificate(within: &Path) -> PathBuf {
    let entries = fs::read_dir(within).unwrap().map(|entry| entry.unwrap().path());
    let folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    let [folder] = folders.as_slice() else { panic!("{folders:?}") };
    folder.clone()
}

/// Three students, with what is known of them by name sealed beside their photos.
fn fill(store: &Store) {
    let (mut clerk, _) = Clerk::open(store, "A1", "chsi_2017_99", at(0)).unwrap();
    for (n, name) in (1..).zip(NAMES) {
        clerk.note_walk_up(&WalkUp::new(name, &format!("2026{n:08}"), "补办", at(0))).unwrap();
        clerk.seat(at(1), &sitting(n)).unwrap();
        clerk.keep(at(3), &sitting(n), &take(n)).unwrap();
    }
}

/// So many of the portraits have a receipt.
fn deliver(store: &Store, how_many: usize) {
    let (mut clerk, _) = Clerk::open(store, "A1", "chsi_2017_99", at(5)).unwrap();
    let objects: Vec<Digest> = clerk.ledger().current().unwrap().iter().map(|parcel| parcel.object).collect();
    clerk.note_delivered(at(6), FOLDER, &objects[..how_many]).unwrap();
}

/// Two persons, the school's second.
const TWO: [&str; 4] = ["陈工", BOSS, "赵老师", SCHOOL];

#[test]
fn a_delivered_and_accepted_store_is_destroyed_by_two_persons() {
    let season = Season::new();
    season.deliver_all();
    let done = season.destroy(&["--place", "一号机房"], &[&TWO[..], &["已验收", "store"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    assert!(!season.folder.exists(), "nothing of it is left");
    let told = season.certificate();
    assert_eq!((told["is_final"].as_bool(), told["rehearsal"].as_bool()), (Some(true), Some(false)));
    assert_eq!(told["counts"]["students"], 3);
    assert_eq!((&told["counts"]["shots"], &told["counts"]["objects"]), (&3.into(), &6.into()));
    assert_eq!(
        (&told["delivery"]["delivered"], &told["delivery"]["accepted_by"]),
        (&3.into(), &"赵老师".into())
    );
    assert_eq!(told["delivery"]["waiver"], Value::Null);
    assert_eq!(told["keys"]["batch"], season.store.keys().recipient().to_string());
    assert_eq!(told["keys"]["recovery"], season.store.keys().recovery().unwrap().to_string());
    assert_eq!(
        (&told["sanitised_by"]["name"], &told["verified_by"]["name"]),
        (&"陈工".into(), &"赵老师".into())
    );
    assert_eq!(told["verified_by"]["title"], "学校监督员");
    let found = &told["verification"];
    assert_eq!((&found["key_file_gone"], &found["key_file_reads_zero"]), (&true.into(), &true.into()));
    assert_eq!((&found["sample"], &found["sample_opens"]), (&6.into(), &0.into()));
    assert_eq!((&found["ledger_opens"], &found["files_left"]), (&false.into(), &0.into()));
    let names = told["card_files"][0]["names"].as_array().unwrap();
    assert_eq!(
        names.iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>(),
        ["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG"]
    );
    let page = fs::read(season.paper().join(PAGE)).unwrap();
    assert!(page.starts_with(b"%PDF-1.4") && page.len() > 10_000);
    let left: Vec<String> = fs::read_dir(season.paper())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("草稿"))
        .collect();
    assert!(left.is_empty(), "the draft is gone: {left:?}");
}

#[test]
fn what_was_never_delivered_needs_a_waiver_that_says_why() {
    let season = Season::new();
    deliver(&season.store, 1);
    let refused = season.destroy(&[], &TWO);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("2 位考生的成品从未交付"), "{}", said(&refused));
    let short = season.destroy(&["--waiver"], &[&TWO[..], &["不要了"]].concat());
    assert_eq!(short.status.code(), Some(2));
    assert!(said(&short).contains("书面放弃要写"), "{}", said(&short));
    assert!(season.is_whole());
    let done = season.destroy(&["--waiver"], &[&TWO[..], &[WAIVER, "accepted", "3"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let told = season.certificate();
    assert_eq!((&told["delivery"]["undelivered"], &told["delivery"]["waiver"]), (&2.into(), &WAIVER.into()));
    let journal = fs::read_to_string(season.paper().join(JOURNAL)).unwrap();
    assert!(journal.contains(WAIVER) && journal.contains("destruction_began"), "{journal}");
}

#[test]
fn nobody_destroys_a_store_alone_or_without_the_school_or_by_a_slip() {
    let season = Season::new();
    season.deliver_all();
    let whole = |output: &Output, words: &str| {
        assert!(!output.status.success(), "{}", said(output));
        assert!(said(output).contains(words), "{words}: {}", said(output));
        assert!(season.is_whole() && fs::read_dir(season.stick()).unwrap().count() == 0);
    };
    whole(&season.destroy(&[], &["陈工", BOSS, "陈工", BOSS]), "第二个人不能是同一个人");
    whole(&season.destroy(&[], &["陈工", BOSS, "林工", OTHER]), "须有一位学校监督员");
    whole(&season.destroy(&[], &["陈工", BOSS, "赵老师", BOSS]), "口令不对");
    whole(&season.destroy(&[], &[&TWO[..], &["还没有看"]].concat()), "学校没有验收");
    whole(&season.destroy(&[], &[&TWO[..], &["已验收", "是"]].concat()), "没有销毁");
    whole(&season.destroy(&[], &[&TWO[..], &["已验收", ""]].concat()), "没有销毁");
    let inside = season.folder.join("vault").display().to_string();
    let at = season.folder.display().to_string();
    let typed: String = TWO.iter().map(|line| format!("{line}\n")).collect();
    let within = ["destroy", "--store", &at, "--certificate", &inside];
    whole(&caiying(season.home.path(), &within, &typed), "证书不能放在要销毁的数据文件夹里");
    whole(&caiying(season.home.path(), &["destroy", "--store", &at], &typed), "没有写明证书放在哪里");
    let missing = season.home.path().join("no such folder").display().to_string();
    let nowhere = ["destroy", "--store", &at, "--certificate", &missing];
    whole(&caiying(season.home.path(), &nowhere, &typed), "证书文件夹");
}

/// The store that this machine's settings name is the one that the window works on.
#[test]
fn the_store_of_the_settings_is_the_one_that_is_meant() {
    let season = Season::new();
    season.deliver_all();
    let config = season.home.path().join(".config/caiying");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("settings.toml"), format!("store = {:?}\n", season.folder)).unwrap();
    let paper = season.stick().display().to_string();
    let typed: String = TWO.iter().chain(&["已验收", "store"]).map(|line| format!("{line}\n")).collect();
    let told = caiying(season.home.path(), &["keys", "list"], "");
    assert!(said(&told).contains("赵老师"), "{}", said(&told));
    let done =
        caiying(season.home.path(), &["destroy", "--search-gib", "0", "--certificate", &paper], &typed);
    assert!(done.status.success(), "{}", said(&done));
    assert!(!season.folder.exists());
}

#[test]
fn a_store_whose_parts_lie_elsewhere_is_not_destroyed() {
    let season = Season::new();
    season.deliver_all();
    let moved = season.home.path().join("moved");
    fs::rename(season.folder.join("vault"), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, season.folder.join("vault")).unwrap();
    let refused = season.destroy(&[], &[&TWO[..], &["已验收", "store"]].concat());
    assert_eq!(refused.status.code(), Some(3));
    assert!(said(&refused).contains("是链接，或在另一个文件系统上"), "{}", said(&refused));
    assert!(season.is_whole() && fs::read_dir(season.stick()).unwrap().count() == 0);
}

#[test]
fn what_lies_in_the_folder_of_the_certificate_stays_as_it_is() {
    let season = Season::new();
    season.deliver_all();
    // What another station's destruction left, and what the school was given with a delivery: neither is made twice.
    let names = [CERTIFICATE, SIGNATURE, PAGE, JOURNAL, "检查点.txt", "销毁证书.草稿.json"];
    for name in names {
        fs::write(season.stick().join(name), "another's").unwrap();
    }
    let done = season.destroy(&[], &[&TWO[..], &["已验收", "store"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    for name in names {
        assert_eq!(fs::read_to_string(season.stick().join(name)).unwrap(), "another's", "{name}");
    }
    let told = season.certificate();
    let folder = format!("销毁证书-{}", told["number"].as_str().unwrap());
    assert!(season.paper().ends_with(&folder) && said(&done).contains(&folder), "{}", said(&done));
}

/// Two portraits of which nobody said which counts; another's portrait that the school still holds; somebody who sat and
/// has none.
#[test]
fn what_nobody_settled_needs_a_waiver_and_stands_in_the_certificate() {
    let season = Season::new();
    season.deliver_all();
    {
        let (mut clerk, _) = Clerk::open(&season.store, "A1", "chsi_2017_99", at(7)).unwrap();
        let act = Act::new("陈工", "两位考生对调").unwrap();
        let vouched = Vouched::new(act, "赵老师", true).unwrap();
        let (from, spare) = (SittingId(1), SittingId(80));
        clerk.correct(at(8), &Correction { sitting: from, owner: None, spare, vouched }).unwrap();
    }
    let refused = season.destroy(&[], &TWO);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("1 位考生交付过的成品后来更正为不是他的"), "{}", said(&refused));
    assert!(said(&refused).contains("1 位考生坐过、没有成品"), "{}", said(&refused));
    // The two others turn out to be one person.
    let second = code(2);
    {
        let (mut clerk, _) = Clerk::open(&season.store, "A1", "chsi_2017_99", at(9)).unwrap();
        let one = |of: &CaptureCode, _| StudentKey::of_code(if *of == code(3) { &second } else { of });
        clerk.name_students(one).unwrap();
        let current = clerk.ledger().current().unwrap();
        clerk
            .note_delivered(at(10), FOLDER, &current.iter().map(|one| one.object).collect::<Vec<_>>())
            .unwrap();
    }
    let refused = season.destroy(&[], &TWO);
    assert!(said(&refused).contains("1 位考生有两张成品，还没有人决定用哪张"), "{}", said(&refused));
    let done = season.destroy(&["--waiver"], &[&TWO[..], &[WAIVER, "已验收", "store"]].concat());
    assert!(done.status.success(), "{}", said(&done));
    let told = season.certificate();
    let counts = &told["counts"];
    assert_eq!(
        (&counts["undecided"], &counts["withdrawn"], &counts["without"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(told["delivery"]["waiver"], WAIVER);
}

#[test]
fn a_rehearsal_goes_with_one_word_and_says_that_it_is_one() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("rehearsal");
    let paper = home.path().join("paper");
    fs::create_dir(&paper).unwrap();
    fill(&caiying::vault::open_to_all(&folder).unwrap());
    let (at, to) = (folder.display().to_string(), paper.display().to_string());
    let arguments = ["destroy", "--search-gib", "0", "--store", &at, "--certificate", &to];
    let slip = caiying(home.path(), &arguments, "\n");
    assert!(!slip.status.success() && said(&slip).contains("这是演练的数据"), "{}", said(&slip));
    let done = caiying(home.path(), &arguments, "rehearsal\n");
    assert!(done.status.success() && said(&done).contains("演练数据已销毁"), "{}", said(&done));
    let file = only_certificate(&paper).join(CERTIFICATE);
    let told: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!((&told["rehearsal"], &told["verified_by"]), (&true.into(), &Value::Null));
    assert!(!folder.exists());
}

#[test]
fn a_station_at_work_is_not_destroyed_under_it() {
    let season = Season::new();
    let (_clerk, _) = Clerk::open(&season.store, "A1", "chsi_2017_99", at(9)).unwrap();
    let refused = season.destroy(&["--waiver"], &TWO);
    assert!(said(&refused).contains("正被另一个采影使用"), "{}", said(&refused));
    assert!(season.is_whole());
}

/// As the journal's other lines: whoever reads it in ten years reads these too.
#[test]
fn the_lines_of_a_destruction_are_written_as_they_were() {
    for line in include_str!("../fixtures/journal/destruction.jsonl").lines() {
        let fact: Fact = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&fact).unwrap(), line);
        let words = caiying::screens::journal_words(Some(&fact));
        assert!(!words.zh.is_empty() && words.zh != words.en);
    }
}

/// The files in a folder and below, with what is in them.
fn everything_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}
