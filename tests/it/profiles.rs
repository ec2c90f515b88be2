//! Profiles: every one that travels is sound and says what its contract says; what is wrong is refused with
//! file, key and reason.

use std::collections::BTreeSet;

use caiying::profile::{
    Deliverable, Families, Family, Identification, Identity, JobKind, LikenessReport, Profile, ProfileError,
    SoftLimit, Tick, Unit, builtin_names, builtin_text, family_names,
};

fn builtin(name: &str) -> Profile {
    Profile::builtin(name).unwrap_or_else(|err| panic!("{err}"))
}

/// A profile based on the ministry's standard, with `change` on top.
fn changed(change: &str) -> Result<Profile, ProfileError> {
    let text = format!("based_on = \"chsi_2017_99\"\n{change}");
    Profile::parse("try", &text, |name| builtin_text(name).map(str::to_owned))
}

fn refused(change: &str, key: &str, said: &str) {
    let err = changed(change).expect_err(change);
    assert_eq!((err.file.as_str(), err.key.as_str()), ("try", key), "{change}: {err}");
    assert!(err.reason.to_string().contains(said), "{change}: {err}");
}

#[test]
fn every_profile_that_travels_is_sound() {
    let names: BTreeSet<_> = builtin_names().collect();
    for name in &names {
        assert_eq!(builtin(name).name, *name);
    }
    assert!(names.len() >= 8, "the standard and seven contracts: {names:?}");
}

#[test]
fn every_contract_asks_for_the_same_picture() {
    for name in builtin_names() {
        let Profile { photo, backdrop, frame, .. } = builtin(name);
        assert_eq!(
            (photo.width_px, photo.height_px, photo.dpi, photo.min_quality),
            (480, 640, 300, 60),
            "{name}"
        );
        assert_eq!((photo.colour_bits, photo.extension.as_str()), (24, "jpg"), "{name}");
        assert_eq!(backdrop.rgb, [100, 197, 255], "{name}");
        let windows = [frame.hair_top_px, frame.eye_line_px, frame.face_width_px].map(|w| (w.low, w.high));
        assert_eq!(windows, [(50.0, 110.0), (200.0, 300.0), (180.0, 300.0)], "{name}");
    }
}

#[test]
fn a_file_satisfies_both_readings_of_a_kilobyte() {
    assert_eq!(builtin("chsi_2017_99").photo.bytes(), (20_480, 40_000));
    assert_eq!(builtin("tender_graduates").photo.bytes(), (20_480, 30_000));
    refused("[photo]\nsize_kb = [40, 40]", "photo.size_kb", "no file satisfies both readings of KB");
}

/// The table of the contracts, line by line.
#[test]
fn each_contract_says_what_it_says() {
    let prints = |profile: &Profile| -> Vec<(String, u32)> {
        profile.print.cells.iter().map(|cell| (cell.size.clone(), cell.count)).collect()
    };
    let fields =
        |profile: &Profile| -> Vec<String> { profile.strip.iter().map(ToString::to_string).collect() };
    let (six_four, four_eight) =
        ([("2寸".to_owned(), 6), ("1寸".to_owned(), 4)], [("2寸".to_owned(), 4), ("1寸".to_owned(), 8)]);

    let anqing = builtin("anqing_2027_graduates");
    assert_eq!((anqing.job.expected, anqing.throughput.students_per_day), (Some(4704), 5000));
    assert_eq!((anqing.frame.head_room, anqing.frame.head_room_mm), (0.1, 4.0));
    assert_eq!((anqing.files.len(), anqing.folders.len(), anqing.throughput.stations), (2, 3, 3));
    assert_eq!(prints(&anqing), six_four);
    assert_eq!(fields(&anqing), ["学院", "专业", "班级", "学号", "姓名", "身份证号"]);
    assert_eq!((anqing.retakes.visits, anqing.retakes.at_school), (2, true));
    let proof = anqing.deadlines.iter().find(|due| due.deliverable == Deliverable::Proof).unwrap();
    assert_eq!((proof.within, proof.unit), (Some(10), Some(Unit::WorkingDays)));

    let freshmen = builtin("anqing_2026_freshmen");
    assert_eq!((freshmen.job.kind, freshmen.job.expected), (JobKind::Freshmen, Some(4500)));
    assert_eq!(freshmen.job.identified_by, [Identification::Roster, Identification::IdCard]);
    assert_eq!((freshmen.likeness.report, freshmen.likeness.second_round), (LikenessReport::OnSite, true));
    assert_eq!(prints(&freshmen), six_four);

    let cqwu = builtin("cqwu_2027_2028_graduates");
    assert_eq!((cqwu.job.expected, cqwu.throughput.students_per_day), (Some(12_300), 2000));
    assert_eq!((prints(&cqwu), cqwu.frame.head_room), (four_eight.to_vec(), 0.1));
    assert!(cqwu.job.identified_by.contains(&Identification::IdCard));

    for (name, report) in
        [("tender_freshmen", LikenessReport::Police), ("tender_graduates", LikenessReport::None)]
    {
        let tender = builtin(name);
        assert_eq!((tender.likeness.report, tender.throughput.students_per_day), (report, 4000));
        assert_eq!((prints(&tender), tender.originals.least_px), (four_eight.to_vec(), [480, 640]));
    }

    let ynart = builtin("ynart_graduates_freshmen");
    assert_eq!((ynart.privacy.identity, ynart.folders.len()), (Identity::Masked, 4));
    assert_eq!(ynart.job.identified_by, [Identification::CaptureCode]);
    assert_eq!((ynart.acceptance.first_pass_rate, ynart.acceptance.visible_outliers), (0.99, 0.05));
    assert!(ynart.acceptance.supervised_deletion);
    assert_eq!(fields(&ynart), ["学院", "班级", "学号", "姓名(脱敏)"]);

    let jiangsu = builtin("jiangsu_2024_online");
    assert_eq!(prints(&jiangsu), [("2寸".to_owned(), 5)]);
    assert_eq!(fields(&jiangsu), ["学校名称", "学院", "班级", "学号", "证件号码后四位", "姓名(脱敏)"]);
    assert_eq!((jiangsu.deadlines[0].within, jiangsu.deadlines[0].unit), (Some(20), Some(Unit::WorkingDays)));
}

#[test]
fn an_unknown_key_is_refused_by_its_path() {
    refused("colour = 1", "colour", "no such key");
    refused("[frame]\nhair_topp_px = [50, 110]", "frame.hair_topp_px", "no such key");
    refused(
        "[checks.sharpness]\nfocus = { warn = 1, fial = 2 }",
        "checks.sharpness.focus.fial",
        "no such key",
    );
}

#[test]
fn a_day_that_does_not_exist_is_refused_and_never_rolled_over() {
    refused("[period]\nlast_day = \"2026-11-31\"", "period.last_day", "2026-11-31 is not a day");
    refused("[period]\nlast_day = 2026-11-31", "last_day", "between 01 and 30");
    refused("[period]\nfirst_day = 2026-11-30\nlast_day = 2026-11-01", "period.last_day", "is before");
    refused("[period]\nlast_day = 20261130", "period.last_day", "a date is written 2026-11-30");
    let good = changed("[period]\nfirst_day = 2026-11-29\nlast_day = \"2026-11-30\"").unwrap();
    assert_eq!(good.period.last_day.unwrap().to_string(), "2026-11-30");
}

#[test]
fn impossible_windows_are_refused() {
    refused("[frame]\nhair_top_px = [110, 50]", "frame.hair_top_px", "is not a window");
    refused("[frame]\nhair_top_px = [50, 60]", "frame.hair_top_px", "inside a guard");
    refused("[frame]\nface_width_px = [180, 500]", "frame.face_width_px", "beyond the picture");
    refused("[frame]\neye_line_px = [10, 40]", "frame.eye_line_px", "cannot be above the hair");
    refused("[frame]\neye_line_px = [nan, 40]", "frame.eye_line_px", "is not a window");
    refused("[frame.target]\nhair_top_px = 50", "frame.target.hair_top_px", "outside of what window");
    refused("[frame]\nhead_room = 0.12", "frame.target.hair_top_px", "76.8");
    refused("[frame.target]\nhead_px = 600", "frame.target.head_px", "the chin would lie at");
    refused("[photo]\nmin_quality = 0", "photo.min_quality", "from 1 to 100");
    refused("[photo]\ncolour_bits = 8", "photo.colour_bits", "24 bits");
    refused("[checks]\nroll_deg = { warn = 9, fail = 8 }", "checks.roll_deg", "before it warns");
    refused(
        "[checks.sharpness]\nfocus = { warn = 0.02, fail = 0.03 }",
        "checks.sharpness.focus",
        "before it warns",
    );
    refused(
        "[print]\npaper_mm = [50, 50]\ncells = [{ size = \"2寸\", mm = [35, 49], count = 6 }]",
        "print.paper_mm",
        "do not fit",
    );
}

#[test]
fn half_a_limit_may_be_missing_and_never_lifts_one() {
    let lifted = changed("[checks.light]\nevenness = { warn = \"never\", fail = 20 }").unwrap();
    assert_eq!(lifted.checks.light.evenness, SoftLimit { warn: None, fail: Some(20.0) });
    assert_eq!(builtin("chsi_2017_99").checks.light.evenness, SoftLimit { warn: Some(50.0), fail: None });
    refused(
        "[checks.light]\nevenness = { warn = 20, fail = 60 }",
        "checks.light.evenness",
        "before it warns",
    );
    refused("[backdrop]\ngradient = { warn = 9, fail = 8 }", "backdrop.gradient", "before it warns");
    refused("[checks.light]\nevenness = { warn = -1 }", "checks.light.evenness", "before it warns");
    refused("[checks.light]\nevenness = { warn = \"no\" }", "checks.light.evenness.warn", "or \"never\"");
    refused("[checks.light]\nevennes = {}", "checks.light.evennes", "no such key");
}

#[test]
fn what_only_a_person_can_judge_is_listed_in_the_profile() {
    let ticks = builtin("chsi_2017_99").ticks;
    let ids: Vec<_> = ticks.iter().map(|tick| (tick.id.as_str(), tick.required)).collect();
    let standard = ["brows_ears", "no_jewellery", "no_heavy_make_up", "clear_lenses", "bare_head"];
    assert_eq!(ids, standard.map(|id| (id, false)));
    let own =
        changed("[[ticks]]\nid = \"collar\"\nzh = \"有领\"\nen = \"a collar\"\nrequired = true").unwrap();
    assert!(own.ticks.len() == 1 && own.ticks[0].required, "a list is replaced whole");
    assert_eq!(Tick::line(&own.ticks).unwrap().zh, "目视：有领");
    assert_eq!(Tick::line(&changed("ticks = []").unwrap().ticks), None);
    refused("[[ticks]]\nid = \"A b\"\nzh = \"有领\"\nen = \"x\"", "ticks[0].id", "is no name");
    refused("[[ticks]]\nid = \"a\"\nzh = \" \"\nen = \"x\"", "ticks[0]", "says nothing");
    refused(
        "ticks = [{ id = \"a\", zh = \"b\", en = \"c\" }, { id = \"a\", zh = \"d\", en = \"e\" }]",
        "ticks",
        "twice",
    );
}

#[test]
fn what_would_break_the_law_or_the_delivery_is_refused() {
    refused("strip = [\"身份证号\"]", "strip", "keeps masked");
    refused("folders = [\"{姓名}\"]", "folders", "keeps masked");
    refused("[privacy]\nidentity = \"full\"", "privacy.unlocked_by", "nobody may unlock");
    refused("[job]\nkind = \"freshmen\"", "job.identified_by", "freshmen have no 采集码");
    refused("[job]\nschool_code = \"123\"", "job.school_code", "five digits");
    refused("files = []", "files", "nothing would be delivered");
    refused("files = [{ name = \"{学号}.jpg\" }, { name = \"{指纹}.jpg\" }]", "files", "folder of their own");
    refused(
        "files = [{ folder = \"../x\", name = \"{学号}.jpg\" }]",
        "files[0].folder",
        "no safe folder name",
    );
    refused("folders = [\"{血型}\"]", "folders[0]", "no field named");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    refused("title = \" \"", "title", "says nothing");
    refused("[frame]\nguard_px = -6", "frame.guard_px", "no length");
    refused("[frame]\nhead_room_mm = nan", "frame.head_room_mm", "no length");
    refused("[frame]\nhead_room = 10.0", "frame.head_room", "share between 0 and 1");
    refused("[frame.target]\nhead_px = 20", "frame.target.head_px", "at least 200");
    refused("[frame]\noff_centre_px = { warn = 30, fail = 20 }", "frame.off_centre_px", "before it warns");
    refused("[photo]\nsize_kb = [-5, 40]", "photo.size_kb", "no file has -5 KB");
    refused("[checks]\nroll_deg = { warn = inf, fail = inf }", "checks.roll_deg", "before it warns");
    refused("folders = [\"CON\"]", "folders[0]", "no safe folder name");
    refused("folders = [\"{班级}\", \"\"]", "folders[1]", "no safe folder name");
    refused("folders = [\"待补信息\"]", "folders[0]", "without a name");
    refused("[job]\nschool = \"\"", "job.school", "says nothing");
    let full = "[privacy]\nidentity = \"full\"\nunlocked_by = ";
    refused(&format!("{full}[\"photographer\"]"), "privacy.unlocked_by", "only a supervisor");
    refused(&format!("{full}[\"supervisor\", \"supervisor\"]"), "privacy.unlocked_by", "twice");
    refused("[job]\nexpected = 0", "job.expected", "nobody would come");
    refused(
        "[job]\nkind = \"freshmen\"\nidentified_by = [\"roster\", \"capture_code\"]",
        "job.identified_by",
        "freshmen have no",
    );
    refused("[job]\nidentified_by = [\"roster\", \"roster\"]", "job.identified_by", "twice");
    refused("strip = [\"学号\", \"学号\"]", "strip", "twice");
    refused("[print]\npaper_mm = [0, 0]", "print.paper_mm", "is no paper");
    refused(
        "[print]\ncells = [{ size = \"x\", mm = [155, 90], count = 1 }]",
        "print.cells",
        "does not fit the paper",
    );
    refused("[likeness]\nsecond_round = true", "likeness.second_round", "no first comparison");
    refused(
        "deadlines = [{ deliverable = \"proof\", within = 0, unit = \"days\" }]",
        "deadlines[0]",
        "within a number of days",
    );
    refused(
        "deadlines = [{ deliverable = \"proof\", within = 3 }]",
        "deadlines[0]",
        "within a number of days",
    );
    refused(
        "deadlines = [{ deliverable = \"proof\", by = \"2026-11-31\" }]",
        "deadlines[0].by",
        "2026-11-31 is not a day",
    );
    refused("[drift]\nportraits = 0", "drift.portraits", "no number of portraits");
    refused("[drift]\nlight = 0", "drift.light", "0 is no difference");
    refused("[drift]\nfocus = 1.5", "drift.focus", "no share between 0 and 1");
    refused("[drift]\nhours = nan", "drift.hours", "no age");
    let by_day = changed("deadlines = [{ deliverable = \"proof\", by = 2026-11-30 }]").unwrap();
    assert_eq!(by_day.deadlines[0].by.unwrap().to_string(), "2026-11-30");
}

#[test]
fn file_names_are_names_of_files_and_folders_may_be_constant() {
    refused("files = [{ name = \"{学号}\" }]", "files[0].name", "must end in .jpg");
    refused("files = [{ name = \"{学号}.png\" }]", "files[0].name", "must end in .jpg");
    refused("files = [{ name = \"photo.jpg\" }]", "files[0].name", "names every student alike");
    refused("files = [{ folder = \"CON\", name = \"{学号}.jpg\" }]", "files[0].folder", "device");
    refused(
        "files = [{ folder = \"待补信息\", name = \"{学号}.jpg\" }]",
        "files[0].folder",
        "without a name",
    );
    refused(
        "files = [{ folder = \"A\", name = \"{学号}.jpg\" }, { folder = \"a\", name = \"{指纹}.jpg\" }]",
        "files",
        "folder of their own",
    );
    refused("folders = [\"{采集码}\"]", "folders[0]", "never names a file");
    let constant = changed("folders = [\"2027届\", \"{学院}\"]").unwrap();
    assert_eq!(constant.folders[0].fill(|_| None), Ok("2027届".to_owned()));
}

#[test]
fn a_schools_own_copy_may_lean_on_the_original_of_the_same_name() {
    let own =
        Profile::parse("chsi_2017_99", "based_on = \"chsi_2017_99\"\ntitle = \"ours\"", |_| None).unwrap();
    assert_eq!(own.title, "ours");
}

#[test]
fn what_is_no_profile_says_why() {
    refused("title = ", "title", "is not TOML");
    refused("title = 3", "title", "invalid type");
    let err = Profile::parse("x", "title = \"x\"", |_| None).unwrap_err();
    assert_eq!((err.key.as_str(), err.reason.to_string().as_str()), ("job", "is missing"));
    let err = Profile::parse("x", "based_on = \"y\"", |_| None).unwrap_err();
    assert!(err.to_string().contains("there is no such profile; there are anqing_2026_freshmen"), "{err}");
    let circle = |name: &str| Some(format!("based_on = \"{}\"", if name == "y" { "z" } else { "y" }));
    let err = Profile::parse("x", "based_on = \"y\"", circle).unwrap_err();
    assert!(err.to_string().contains("in a circle"), "{err}");
}

/// Every family of cameras that travels is sound, and each model finds its own.
#[test]
fn every_camera_finds_its_family() {
    for name in family_names() {
        assert_eq!(Family::builtin(&name).unwrap_or_else(|err| panic!("{err}")).name, name);
    }
    let families = Families::default();
    for (model, family) in [
        ("Canon EOS 80D", "cameras/canon_eos"),
        ("Canon EOS REBEL T6", "cameras/canon_eos"),
        ("Canon EOS R", "cameras/canon_eos_r"),
        ("Canon EOS RP", "cameras/canon_eos_r"),
        ("Canon EOS R6m2", "cameras/canon_eos_r"),
        ("Canon EOS M50", "cameras/generic"),
        ("Canon PowerShot G9", "cameras/generic"),
        ("D850", "cameras/nikon"),
        ("Z 6_2", "cameras/nikon"),
        ("Z50_2", "cameras/nikon"),
        ("ILCE-7M3", "cameras/sony"),
        ("X-T5", "cameras/fujifilm"),
        ("PTP/IP Camera", "cameras/generic"),
        ("", "cameras/generic"),
    ] {
        assert_eq!(families.of(model).name, family, "{model}");
    }
    let own = Family::parse("own", "based_on = \"cameras/nikon\"\nmodels = [\"Canon EOS 80D\"]").unwrap();
    let families = families.with(own);
    assert_eq!(families.of("Canon EOS 80D").name, "own");
    assert_eq!(families.of("Canon EOS 90D").name, "cameras/canon_eos");
}

#[test]
fn a_family_of_cameras_that_cannot_be_is_refused() {
    let refused = |change: &str, key: &str, said: &str| {
        let text = format!("based_on = \"cameras/canon_eos\"\n{change}");
        let err = Family::parse("try", &text).expect_err(change);
        assert_eq!((err.file.as_str(), err.key.as_str()), ("try", key), "{change}: {err}");
        assert!(err.reason.to_string().contains(said), "{change}: {err}");
    };
    refused("modles = []", "modles", "no such key");
    refused("models = []", "models", "no camera would belong");
    refused("models = [\" \"]", "models", "no camera would belong");
    refused("pair_quiet_ms = 5", "pair_quiet_ms", "100 to 30000");
    refused("[battery]\nwarn_percent = 5", "battery", "warns before it refuses");
    refused("[settings.apertur]\nkeys = [\"aperture\"]", "settings.apertur", "no such key");
    refused("[settings.aperture]\nkeys = []", "settings.aperture.keys", "the driver's name");
    refused("[settings.aperture]\nwant = [\"\"]", "settings.aperture.want", "empty text");
    refused("[settings.aperture]\nkeep = [\"8\"]", "settings.aperture.keep", "nothing is set here");
    refused("[settings.aperture]\nwnat = [\"8\"]", "settings.aperture.wnat", "no such key");
    refused("[settings.pixels]\nkeys = [\"x\"]", "settings.pixels", "cannot be set");
    let err = Family::parse("try", "based_on = \"cameras/kodak\"").unwrap_err();
    assert!(err.to_string().contains("cameras/canon_eos"), "{err}");
}

/// Bodies tell their battery in other ways: in per cent, in words, or not at all.
#[test]
fn what_a_battery_says_is_understood_leniently() {
    let battery = Families::default().of("Canon EOS 80D").battery;
    for (words, percent) in [
        ("100%", Some(100)),
        (" 75 %", Some(75)),
        ("low", Some(5)),
        ("Unknown value", None),
        ("Unknown", None),
        ("broken", None),
        ("", None),
        ("250%", None),
    ] {
        assert_eq!(battery.percent(words), percent, "{words}");
    }
}

#[test]
fn the_next_one_is_expected_for_as_long_as_the_profile_says() {
    assert_eq!(builtin("chsi_2017_99").station.next_waits_s, 120);
    assert_eq!(changed("[station]\nnext_waits_s = 0").unwrap().station.next_waits_s, 0);
    refused("[station]\nnext_waits_s = 7200", "station.next_waits_s", "at most 3600");
}

#[test]
fn a_station_that_nobody_touches_locks_when_the_profile_says_so() {
    assert_eq!(builtin("chsi_2017_99").station.idle_lock_min, 10);
    assert_eq!(changed("[station]\nidle_lock_min = 0").unwrap().station.idle_lock_min, 0);
    refused("[station]\nidle_lock_min = 600", "station.idle_lock_min", "at most 480");
}

#[test]
fn what_must_be_ticked_is_not_kept_without_a_key() {
    assert!(!builtin("chsi_2017_99").station.auto_keep);
    let auto = "[station]\nauto_keep = true\n";
    assert!(changed(auto).unwrap().station.auto_keep);
    let tick = |required| {
        format!("{auto}[[ticks]]\nid = \"brows\"\nzh = \"眉\"\nen = \"brows\"\nrequired = {required}")
    };
    assert!(changed(&tick(false)).is_ok());
    refused(&tick(true), "station.auto_keep", "nobody would tick");
}

#[test]
fn a_school_names_the_checks_a_person_may_overrule_and_some_it_cannot_name() {
    use caiying::{portrait::CHECKS, profile::check_names};
    let all: BTreeSet<&str> = CHECKS.iter().map(|check| check.name()).collect();
    assert_eq!(check_names().collect::<BTreeSet<_>>(), all, "every check, and no other");
    assert_eq!(check_names().count(), all.len());
    let naming = |name: &str| format!("[checks]\nmay_be_overruled = [\"{name}\"]");
    let never: Vec<&str> = all.iter().copied().filter(|name| changed(&naming(name)).is_err()).collect();
    assert_eq!(never, ["file_format", "file_size", "one_face", "quality"]);
    for name in never {
        refused(&naming(name), "checks.may_be_overruled", &format!("nobody may overrule {name}"));
    }
    refused(&naming("rol"), "checks.may_be_overruled", "there is no check named \"rol\"; there are hair_top");
    refused(
        "[checks]\nmay_be_overruled = [\"roll\", \"roll\"]",
        "checks.may_be_overruled",
        "names roll twice",
    );
    assert_eq!(builtin("chsi_2017_99").checks.may_be_overruled, Vec::<String>::new());
}
