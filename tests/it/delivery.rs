//! Delivering: names and folders by the profile, nobody under another's name, nothing overwritten.

mod again;

use std::{collections::BTreeMap, fs, path::Path};

use caiying::{
    clerk::Clerk,
    ledger::Parcel,
    portrait::Portrait,
    profile::{Profile, UnsafeName},
    shot::{Digest, ShotId, SittingId, Trigger},
    station::{SeenCode, Sitting, Take},
    student::{CaptureCode, Field, People, Roster},
    sync::{ExportError, PlanError, export, plan},
};

use crate::opened;
use crate::{
    gates::chsi,
    world::{at, portrait, shot},
};

const ROSTER: &str = "学院,专业,班级,学号,姓名,身份证号\n\
                      机电系,数控,1班,2024001,张小三,11010519491231002X\n\
                      机电系,数控,1班,2024002,李四,440524188001010014\n\
                      艺术系,声乐,2班,2024003,欧阳娜娜,\n";

fn parcels(codes: &[&str]) -> Vec<Parcel> {
    let parcel = |(n, code): (usize, &&str)| Parcel {
        code: code.parse().unwrap(),
        sitting: SittingId(n as u64),
        shot: ShotId(n as u64),
        object: Digest::of(&[n as u8]),
        jpeg: Digest::of(&[n as u8, 1]),
        bytes: 25_000,
    };
    codes.iter().enumerate().map(parcel).collect()
}

fn people(roster: &str) -> People {
    Roster::read(roster.as_bytes()).unwrap().into()
}

fn paths(profile: &str, codes: &[&str], known: &People) -> Vec<String> {
    let plan = plan(&parcels(codes), &Profile::builtin(profile).unwrap(), known).unwrap();
    plan.items.into_iter().map(|item| item.path.join("/")).collect()
}

#[test]
fn names_and_folders_are_the_profiles() {
    let known = people(ROSTER);
    assert_eq!(
        paths("anqing_2026_freshmen", &["2024001", "2024002"], &known),
        [
            "班级+学号+姓名/机电系/数控/1班/1班2024001张小三.jpg",
            "班级+学号+姓名/机电系/数控/1班/1班2024002李四.jpg",
            "身份证号/机电系/数控/1班/11010519491231002X.jpg",
            "身份证号/机电系/数控/1班/440524188001010014.jpg",
        ]
    );
    assert_eq!(paths("tender_freshmen", &["2024003"], &known), ["艺术系/声乐/2班/2024003.jpg"]);
    let only_code = People::default();
    let fingerprint = parcels(&["CODE"])[0].code.fingerprint().to_string();
    assert_eq!(paths("chsi_2017_99", &["CODE"], &only_code), [format!("{fingerprint}.jpg")]);
}

#[test]
fn what_is_not_known_is_not_invented() {
    let profile = Profile::builtin("anqing_2026_freshmen").unwrap();
    let planned = plan(&parcels(&["2024003", "2024001"]), &profile, &people(ROSTER)).unwrap();
    assert_eq!((planned.missing.portraits, planned.missing.fields.as_slice()), (1, &[Field::IdNumber][..]));
    let nameless: Vec<_> = planned.items.iter().filter(|item| !item.missing.is_empty()).collect();
    assert_eq!(nameless.len(), 1, "one file, not one in each set");
    assert_eq!(nameless[0].path[0], "待补信息");
    let nobody = plan(&parcels(&["a code nobody knows"]), &profile, &People::default()).unwrap();
    assert_eq!(nobody.missing.fields.len(), 6, "{:?}", nobody.missing.fields);
}

/// Two rows of a school's list whose codes were swapped: neither student is given the other's portrait.
#[test]
fn a_code_that_says_it_is_somebody_elses_names_nobody() {
    let of = |name, four| chsi(1, "A7", "10001", "本科", name, four);
    let (zhang, li) = (of("张*三", "002X"), of("李*", "0014"));
    let delivered = |zhangs: &CaptureCode, lis: &CaptureCode| {
        let roster = format!(
            "学院,专业,班级,学号,姓名,身份证号,采集码\n机电系,数控,1班,SA7,张小三,11010519491231002X,{}\n\
             机电系,数控,1班,SA7b,李四,440524188001010014,{}\n",
            zhangs.expose(),
            lis.expose()
        );
        paths("tender_freshmen", &[zhang.expose()], &people(&roster))
    };
    assert_eq!(delivered(&zhang, &li), ["机电系/数控/1班/SA7.jpg"]);
    assert_eq!(delivered(&li, &zhang), [format!("待补信息/{}.jpg", zhang.fingerprint())]);
}

#[test]
fn a_masked_name_is_a_name_that_every_file_system_takes() {
    let mut profile = Profile::builtin("tender_freshmen").unwrap();
    profile.files[0].name = "{学号}{姓名(脱敏)}.jpg".parse().unwrap();
    let roster = "学院,专业,班级,学号,姓名\n机电系,数控,1班,7,张小三\n";
    let planned = plan(&parcels(&["7"]), &profile, &people(roster)).unwrap();
    assert_eq!(planned.items[0].path.last().unwrap(), "7张＊三.jpg");
}

#[test]
fn two_students_never_share_a_name() {
    let twins = "学院,专业,班级,学号\n机电系,数控,1班,a1\n机电系,数控,1班,A1\n";
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let err = plan(&parcels(&["a1", "A1"]), &profile, &people(twins)).unwrap_err();
    assert!(
        matches!(err, PlanError::Collision { .. }),
        "upper and lower case are the same on a stick: {err}"
    );
    assert!(!err.to_string().contains("a1"), "students are named by fingerprint: {err}");
}

#[test]
fn a_portrait_made_for_a_wider_window_does_not_slip_through() {
    let tight = Profile::builtin("tender_freshmen").unwrap();
    let mut wide = parcels(&["2024001"]);
    wide[0].bytes = 39_000;
    let err = plan(&wide, &tight, &people(ROSTER)).unwrap_err();
    assert!(matches!(err, PlanError::Unfit { bytes: 39_000, least: 20_480, most: 30_000, .. }), "{err}");
}

#[test]
fn an_unsafe_name_stops_the_delivery_and_is_not_repeated() {
    for (roster, why) in [
        ("学院,专业,班级,学号\n../../etc,数控,1班,7\n", UnsafeName::Character('/')),
        ("学院,专业,班级,学号\n机电系,数控,CON,7\n", UnsafeName::Device),
        ("学院,专业,班级,学号\n机电\u{e863}系,数控,1班,7\n", UnsafeName::PrivateUse(0xe863)),
    ] {
        let profile = Profile::builtin("tender_freshmen").unwrap();
        let err = plan(&parcels(&["7"]), &profile, &people(roster)).unwrap_err();
        assert!(matches!(&err, PlanError::Unsafe { why: found, .. } if *found == why), "{err}");
        assert!(!err.to_string().contains("etc"), "{err}");
    }
}

/// A portrait of a size every profile takes.
pub(crate) fn fitting(shot: ShotId) -> Portrait {
    let jpeg = [shot.0.to_le_bytes().to_vec(), vec![0; 25_000]].concat();
    Portrait { sha256: Digest::of(&jpeg), jpeg: jpeg.into(), ..portrait(shot) }
}

/// A store with these students' portraits.
fn store(place: &Path, codes: &[&str]) -> Clerk {
    let (mut clerk, _) = opened::clerk(place, "A1", "tender_freshmen", at(0)).unwrap();
    for (n, code) in (1..).zip(codes) {
        let (id, seen) = (SittingId(n), SeenCode::unread(code.parse().unwrap()));
        let sitting = Sitting { takes: 1, ..Sitting::new(id, seen, at(1), false) };
        let take = Take::of(shot(n, Trigger::Station(id), 2), fitting(ShotId(n)));
        clerk.keep(at(3), &sitting, &take).unwrap();
    }
    clerk
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn a_delivery_holds_every_portrait_under_its_own_name_with_a_manifest() {
    let place = tempfile::tempdir().unwrap();
    let clerk = store(&place.path().join("store"), &["2024001", "2024003"]);
    let parcels = clerk.ledger().current().unwrap();
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let planned = plan(&parcels, &profile, &people(ROSTER)).unwrap();
    let to = place.path().join("stick");
    let first = export(clerk.vault(), &planned, &to).unwrap();
    assert_eq!((first.written, first.already, first.objects.len()), (2, 0, 2));
    let delivered = files(&to);
    assert_eq!(delivered["机电系/数控/1班/2024001.jpg"], fitting(ShotId(1)).jpeg.to_vec());
    assert_eq!(delivered["艺术系/声乐/2班/2024003.jpg"], fitting(ShotId(2)).jpeg.to_vec());
    let manifest = String::from_utf8(delivered["清单.csv"].clone()).unwrap();
    for (n, name) in [(1, "机电系/数控/1班/2024001.jpg"), (2, "艺术系/声乐/2班/2024003.jpg")] {
        let line = manifest.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains(&fitting(ShotId(n)).sha256.to_string()), "{line}");
    }
    let again = export(clerk.vault(), &planned, &to).unwrap();
    assert_eq!((again.written, again.already), (0, 2), "twice does no harm");
    assert_eq!(files(&to), delivered);
}

#[test]
fn a_file_of_another_content_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let clerk = store(&place.path().join("store"), &["2024001"]);
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let planned = plan(&clerk.ledger().current().unwrap(), &profile, &people(ROSTER)).unwrap();
    let there = place.path().join("stick/机电系/数控/1班/2024001.jpg");
    fs::create_dir_all(there.parent().unwrap()).unwrap();
    fs::write(&there, "somebody's portrait").unwrap();
    let refused = export(clerk.vault(), &planned, &place.path().join("stick"));
    assert!(matches!(refused, Err(ExportError::Taken(_))), "{refused:?}");
    assert_eq!(fs::read(&there).unwrap(), b"somebody's portrait");
}

#[test]
fn a_damaged_portrait_is_not_delivered() {
    let place = tempfile::tempdir().unwrap();
    let clerk = store(&place.path().join("store"), &["2024001"]);
    let parcel = clerk.ledger().current().unwrap().remove(0);
    let name = parcel.object.to_string();
    let object = place.path().join("store/vault").join(&name[..2]).join(&name);
    let mut bytes = fs::read(&object).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&object, bytes).unwrap();
    let profile = Profile::builtin("tender_freshmen").unwrap();
    let planned = plan(&[parcel], &profile, &people(ROSTER)).unwrap();
    let refused = export(clerk.vault(), &planned, &place.path().join("stick"));
    assert!(matches!(refused, Err(ExportError::Vault(_))), "{refused:?}");
}
