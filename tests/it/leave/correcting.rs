//! 勘误 at the command line: two persons read what it will do, type the shot's number, and the portrait is another's.

use caiying::{
    shot::{ShotId, SittingId, Trigger},
    station::{SeenCode, Sitting, Take},
    student::CaptureCode,
};

use super::*;
use crate::world::{code, portrait, shot};

const TWO: [&str; 2] = ["陈工", "赵老师"];

/// Three students sat; the first two have portraits, of shots 11 and 12; the third was dismissed.
fn school() -> School {
    let school = School::without_ledger();
    let (mut clerk, _) = opened::clerk(school.store(), "A1", "chsi_2017_99", at(0)).unwrap();
    for n in 1..=3 {
        let sitting = Sitting::new(SittingId(n), SeenCode::unread(code(n as u8)), at(1), false);
        clerk.seat(at(1), &sitting).unwrap();
        if n == 3 {
            clerk.record(at(4), &Fact::Dismissed { sitting: sitting.id }).unwrap();
        } else {
            let shot = shot(10 + n, Trigger::Station(sitting.id), 2);
            clerk.keep(at(3), &sitting, &Take::of(shot, portrait(ShotId(10 + n)))).unwrap();
        }
    }
    school
}

impl School {
    /// Two persons, the arguments, and what they type at the end.
    fn correct(&self, who: &[&str], arguments: &[&str], typed: &str) -> Output {
        let whole =
            [&["correct", "--profile", "chsi_2017_99", "--reason", "两位考生对调"], arguments].concat();
        self.run(&whole, who, typed)
    }

    /// Whose portrait each shot is now.
    fn current(&self) -> Vec<(CaptureCode, u64)> {
        let current = opened::ledger(self.store()).unwrap().current().unwrap().into_iter();
        current.map(|parcel| (parcel.code, parcel.shot.0)).collect()
    }
}

#[test]
fn a_portrait_is_given_to_whom_it_shows_by_two_who_read_what_it_does() {
    let school = school();
    let arguments = ["--sitting", "2", "--to", "3"];
    let (his, hers) = (code(2).fingerprint().to_string(), code(3).fingerprint().to_string());
    for typed in ["\n", "2\n", "yes\n", ""] {
        let left = school.correct(&TWO, &arguments, typed);
        is_refused(&left, "没有改动");
        let words = said(&left);
        assert!(words.contains("原片 12") && words.contains(&his) && words.contains(&hers), "{words}");
        assert!(words.contains("此后这位考生没有成品") && !words.contains("CODE-"), "{words}");
    }
    assert_eq!(school.current(), [(code(1), 11), (code(2), 12)]);
    assert_eq!(school.seconds(), [] as [[String; 3]; 0]);
    let done = school.correct(&TWO, &arguments, "12\n");
    is_done(&done);
    assert!(said(&done).contains("现在是第 3 次就座的成品"), "{}", said(&done));
    assert_eq!(school.current(), [(code(1), 11), (code(3), 12)]);
    assert_eq!(school.seconds(), [["correct", "赵老师", "陈工"].map(str::to_owned)]);
    let corrected = school.lines().into_iter().find_map(|line| match line.fact {
        Fact::Corrected { by, second, reason, .. } => Some((by, second, reason)),
        _ => None,
    });
    assert_eq!(corrected, Some(("陈工".into(), "赵老师".into(), "两位考生对调".into())));
    assert_eq!(opened::verify(school.store()).unwrap().faults, []);
}

#[test]
fn somebody_who_never_sat_gets_his_portrait_by_his_code_and_nobodys_is_a_stray() {
    let school = school();
    let done = school.correct(&TWO, &["--sitting", "1", "--to-code"], "CODE-9\n11\n");
    is_done(&done);
    let words = said(&done);
    assert!(words.contains(&code(9).fingerprint().to_string()) && !words.contains("CODE-"), "{words}");
    assert_eq!(school.current(), [(code(2), 12), (code(9), 11)]);
    is_done(&school.correct(&TWO, &["--sitting", "2", "--to-nobody"], "12\n"));
    assert_eq!(school.current(), [(code(9), 11)]);
    let strays = opened::ledger(school.store()).unwrap().strays().unwrap();
    assert_eq!(strays.iter().map(|stray| stray.shot.0).collect::<Vec<_>>(), [12]);
    assert_eq!(opened::verify(school.store()).unwrap().faults, []);
}

#[test]
fn what_cannot_be_corrected_is_refused_in_words_and_changes_nothing() {
    let school = school();
    let to_three = ["--sitting", "2", "--to", "3"];
    for (who, words) in [
        (["陈工", "摄影甲"], "两人中须有一位学校监督员"),
        (["赵老师", "钱老师"], "两人都是学校监督员"),
        (["赵老师", "赵老师"], "第二个人不能是同一个人"),
        (["补拍乙", "赵老师"], NOT_THEIRS),
    ] {
        is_refused(&school.correct(&who, &to_three, "12\n"), words);
    }
    for (arguments, typed, words) in [
        (&["--sitting", "3", "--to", "1"][..], "13\n", "没有可以移走的成品"),
        (&["--sitting", "77", "--to", "1"], "77\n", "没有可以移走的成品"),
        (&["--sitting", "2", "--to", "77"], "12\n", "没有这一次就座的记录"),
        (&["--sitting", "2", "--to", "2"], "12\n", "本来就是这位考生的"),
        (&["--sitting", "2", "--to-code"], "\n12\n", "二维码是空的"),
    ] {
        is_refused(&school.correct(&TWO, arguments, typed), words);
    }
    is_refused(
        &school.run(&["correct", "--sitting", "2", "--to", "3", "--reason", " "], &TWO, ""),
        "没有写明理由",
    );
    for arguments in [&["--sitting", "2"][..], &["--sitting", "2", "--to", "3", "--to-nobody"]] {
        is_refused(&school.correct(&TWO, arguments, "12\n"), "用法不对");
    }
    assert_eq!(school.current(), [(code(1), 11), (code(2), 12)]);
    assert!(!school.lines().iter().any(|line| matches!(line.fact, Fact::Corrected { .. })));
}
