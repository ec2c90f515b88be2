//! 角色: who may do what at the command line, where every command that opens a store asks the roles' table; four eyes are
//! the school's and ours; and whoever mistypes waits, also in the next program.

mod correcting;
mod waiting;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::LazyLock,
};

use caiying::{
    keys::{KeyFile, Newcomer, Passphrase},
    ledger::Line,
    profile::Role,
    station::Fact,
    vault::key_file,
};

use crate::{
    locks::{caiying, said},
    opened::{self, PASSPHRASE},
    world::at,
};

/// Everybody's passphrase is [`PASSPHRASE`].
const HOLDERS: [(&str, Role); 5] = [
    ("陈工", Role::Administrator),
    ("摄影甲", Role::Photographer),
    ("补拍乙", Role::RetakeOperator),
    ("赵老师", Role::Supervisor),
    ("钱老师", Role::Supervisor),
];

/// A key file costs seconds to make: each test has a copy.
static KEYS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let passphrase = Passphrase::new(PASSPHRASE);
    let (mut file, first) = KeyFile::create(HOLDERS[0].0, &passphrase, None).unwrap();
    let mut second = None;
    for (label, role) in &HOLDERS[1..] {
        let newcomer = Newcomer { label, role: *role, passphrase: &passphrase };
        let holder = file.add(&first, second.as_ref(), newcomer).unwrap();
        if *role == Role::Supervisor {
            second = Some(file.unlock(holder.slot, &passphrase).unwrap());
        }
    }
    file.to_bytes().unwrap()
});

/// A store of a school, and a home to run the program in.
struct School(tempfile::TempDir);

impl School {
    /// With an empty ledger.
    fn new() -> Self {
        let school = Self::without_ledger();
        drop(opened::clerk(school.store(), "A1", "chsi_2017_99", at(0)).unwrap());
        school
    }

    fn without_ledger() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("store")).unwrap();
        fs::write(home.path().join("store/keys"), &*KEYS).unwrap();
        Self(home)
    }

    fn home(&self) -> &Path {
        self.0.path()
    }

    fn store(&self) -> PathBuf {
        self.home().join("store")
    }

    /// Runs a command; these show their passphrases one after the other, and then something is typed.
    fn run(&self, arguments: &[&str], who: &[&str], typed: &str) -> Output {
        let shown: String = who.iter().map(|name| format!("{name}\n{PASSPHRASE}\n")).collect();
        let home = self.home().to_str().unwrap();
        let whole: Vec<String> = arguments.iter().map(|word| word.replace("HOME", home)).collect();
        let words: Vec<&str> = whole.iter().map(String::as_str).collect();
        caiying(self.home(), &[&words[..], &["--store", &format!("{home}/store")]].concat(), &(shown + typed))
    }

    fn lines(&self) -> Vec<Line> {
        opened::ledger(self.store()).unwrap().lines().unwrap()
    }

    /// Who stood as the second, for what, beside whom: purpose, second, writer.
    fn seconds(&self) -> Vec<[String; 3]> {
        let stood = self.lines().into_iter().filter_map(|line| match line.fact {
            Fact::Unlocked { purpose, by, .. } if purpose != Fact::LOGIN => {
                Some([purpose, by, line.scribe.who])
            }
            _ => None,
        });
        stood.collect()
    }
}

fn is_done(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

/// Refused in these words.
fn is_refused(output: &Output, words: &str) {
    assert!(!output.status.success() && said(output).contains(words), "{words}: {}", said(output));
}

const NOT_THEIRS: &str = "当前登录的人无权做这件事";

#[test]
fn each_role_does_what_is_its_and_nothing_else() {
    let school = School::new();
    fs::create_dir(school.home().join("card")).unwrap();
    for (arguments, may) in [
        (&["journal"][..], ["陈工", "赵老师", ""]),
        (&["verify"], ["陈工", "赵老师", "摄影甲 补拍乙"]),
        (&["export", "--to", "HOME/stick"], ["陈工", "", "摄影甲"]),
        (&["camera", "import", "HOME/card"], ["陈工", "", "摄影甲 补拍乙"]),
    ] {
        for (name, _) in &HOLDERS[..4] {
            let done = school.run(arguments, &[name], "");
            if may.iter().any(|may| may.contains(name)) {
                is_done(&done);
            } else {
                is_refused(&done, NOT_THEIRS);
            }
        }
    }
    let logins = school.lines().into_iter().filter_map(|line| match line.fact {
        Fact::Unlocked { purpose, by, .. } if purpose == Fact::LOGIN => Some((by, line.scribe.who)),
        _ => None,
    });
    let logins: Vec<_> = logins.collect();
    assert!(logins.iter().all(|(by, who)| by == who), "{logins:?}");
    let who: Vec<&str> = logins.iter().map(|(by, _)| by.as_str()).collect();
    assert_eq!(who, ["陈工", "摄影甲", "陈工", "摄影甲", "补拍乙"], "whoever wrote into the store");
}

#[test]
fn a_retake_operator_exports_nothing() {
    let school = School::new();
    for profile in ["chsi_2017_99", "anqing_2027_graduates"] {
        let arguments = ["export", "--to", "HOME/stick", "--profile", profile, "--unlocked-by", "supervisor"];
        is_refused(&school.run(&arguments, &["补拍乙", "赵老师"], ""), NOT_THEIRS);
    }
    assert!(!school.home().join("stick").exists());
    assert_eq!(school.seconds(), [] as [[String; 3]; 0]);
}

#[test]
fn two_stand_for_what_shows_identities_and_one_is_the_schools() {
    let school = School::new();
    let export = ["export", "--to", "HOME/stick", "--profile", "anqing_2027_graduates"];
    for (who, words) in [
        (["陈工", "摄影甲"], "两人中须有一位学校监督员"),
        (["赵老师", "钱老师"], "两人都是学校监督员"),
        (["陈工", "陈工"], "第二个人不能是同一个人"),
        (["陈工", "补拍乙"], NOT_THEIRS),
    ] {
        is_refused(&school.run(&export, &who, ""), words);
    }
    is_refused(&school.run(&export, &["陈工"], "赵老师\nnot the passphrase\n"), "口令不对");
    let by_word = [&export[..], &["--unlocked-by", "supervisor"]].concat();
    is_refused(&school.run(&by_word, &["陈工"], ""), "请第二个人输入自己的口令");
    assert!(!school.home().join("stick").exists());
    is_done(&school.run(&export, &["摄影甲", "赵老师"], ""));
    assert_eq!(school.seconds(), [["export", "赵老师", "摄影甲"].map(str::to_owned)]);
    let told = school.run(&["journal", "--kind", "unlocked"], &["赵老师"], "");
    assert!(said(&told).contains("学校监督员 赵老师 输入口令，作为第二人批准：导出"), "{}", said(&told));
}

#[test]
fn two_stand_for_a_schools_roster() {
    let school = School::new();
    let roster = "学院,专业,班级,学号,姓名,身份证号\n机电系,数控,1班,2024001,张小三,11010519491231002X\n";
    fs::write(school.home().join("roster.csv"), roster).unwrap();
    let import = ["roster", "import", "HOME/roster.csv"];
    is_refused(&school.run(&import, &["陈工", "摄影甲"], ""), "两人中须有一位学校监督员");
    assert!(!school.lines().iter().any(|line| matches!(line.fact, Fact::RosterTaken { .. })));
    is_done(&school.run(&import, &["赵老师", "陈工"], ""));
    assert_eq!(school.seconds(), [["import_roster", "陈工", "赵老师"].map(str::to_owned)]);
    let last = school.lines().pop().unwrap();
    assert!(matches!(last.fact, Fact::RosterTaken { students: 1, .. }) && last.scribe.who == "赵老师");
}

/// Nobody types two passphrases in vain.
#[test]
fn where_nobody_could_be_the_second_it_is_told_before_anybody_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    opened::lock(&store);
    drop(opened::clerk(&store, "A1", "chsi_2017_99", at(0)).unwrap());
    fs::write(home.path().join("roster.csv"), "学号,姓名\n7,张小三\n").unwrap();
    let (list, at) = (home.path().join("roster.csv"), store.to_str().unwrap());
    let arguments = ["roster", "import", list.to_str().unwrap(), "--store", at];
    let refused = caiying(home.path(), &[&arguments[..], &["--leave-out-faulty"]].concat(), PASSPHRASE);
    is_refused(&refused, "caiying keys add --role supervisor");
    assert!(!said(&refused).contains("第二个人"), "{}", said(&refused));
}

#[test]
fn a_rehearsal_asks_nobody() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    drop(opened::clerk(&store, "A1", "chsi_2017_99", at(0)).unwrap());
    let at = store.to_str().unwrap();
    for arguments in [&["journal"][..], &["verify"]] {
        is_done(&caiying(home.path(), &[arguments, &["--store", at]].concat(), ""));
    }
    let to = home.path().join("stick");
    let export =
        ["export", "--to", to.to_str().unwrap(), "--profile", "anqing_2027_graduates", "--store", at];
    is_refused(&caiying(home.path(), &export, ""), "--unlocked-by supervisor");
    is_done(&caiying(home.path(), &[&export[..], &["--unlocked-by", "supervisor"]].concat(), ""));
    assert!(!store.join("unlocks").exists());
}

#[test]
fn a_line_that_was_written_before_names_reads_and_stays_as_it_is() {
    let old = r#"{"fact":"unlocked","purpose":"export","role":"supervisor"}"#;
    let fact: Fact = serde_json::from_str(old).unwrap();
    assert_eq!(fact, Fact::Unlocked { purpose: "export".into(), role: Role::Supervisor, by: String::new() });
    assert_eq!(serde_json::to_string(&fact).unwrap(), old);
}

#[test]
fn the_key_file_of_these_tests_has_who_it_says() {
    let school = School::without_ledger();
    let (file, _) = key_file::read(&school.store()).unwrap();
    let holders: Vec<_> = file.holders().into_iter().map(|holder| (holder.label, holder.role)).collect();
    assert_eq!(holders, HOLDERS.map(|(label, role)| (label.to_owned(), role)));
}
