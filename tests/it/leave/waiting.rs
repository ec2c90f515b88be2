//! Wrong passphrases: each is on the disk before it is told, the wait goes on in the next program, and the journal has
//! them as soon as somebody opens the store.

use caiying::{
    shot::{Clock, Moment},
    vault::{keep_apart, unlock_log},
};

use super::*;

const HOUR_MS: i64 = 3_600_000;

/// What the journal says of wrong passphrases: whose, how often.
fn told(school: &School) -> Vec<(String, u32)> {
    let told = school.lines().into_iter().filter_map(|line| match line.fact {
        Fact::UnlockFailed { holder, times, .. } => Some((holder, times)),
        _ => None,
    });
    told.collect()
}

/// So many failures of a slot, the last one then.
fn failures(school: &School, slot: usize, times: i64, last: Moment) {
    for n in (0..times).rev() {
        unlock_log::failed(&school.store(), slot, last.plus_ms(-n)).unwrap();
    }
}

#[test]
fn whoever_mistypes_often_waits_in_the_next_program_too() {
    let school = School::new();
    // As long a wait as there is: no machine is so slow that it is over when the program asks.
    failures(&school, 0, 12, Clock::start().now());
    for command in [&["verify"][..], &["journal"], &["keys", "change", "--name", "陈工"]] {
        let refused = school.run(command, &["陈工"], "");
        is_refused(&refused, "口令输错太多次：请等 ");
        assert!(!said(&refused).contains("口令："), "nobody is asked: {}", said(&refused));
    }
    assert_eq!(unlock_log::trailing_failures(&school.store()), 12, "and what is not tried does not count");
    let english = school.run(&["verify", "--lang", "en"], &["陈工"], "");
    is_refused(&english, "too many wrong passphrases: wait ");
}

#[test]
fn a_wait_that_is_over_is_over_and_its_failures_stand_in_the_journal() {
    let school = School::new();
    let long_ago = Clock::start().now().plus_ms(-HOUR_MS);
    failures(&school, 1, 3, long_ago);
    failures(&school, 9, 1, long_ago.plus_ms(5));
    is_refused(&school.run(&["verify"], &[], "赵老师\nnot the passphrase\n"), "口令不对");
    assert_eq!(unlock_log::trailing_failures(&school.store()), 5);
    // The last of them was now: as if an hour had passed since.
    fs::remove_file(school.store().join("unlocks")).unwrap();
    failures(&school, 1, 3, long_ago);
    failures(&school, 9, 1, long_ago.plus_ms(5));
    is_done(&school.run(&["verify"], &["赵老师"], ""));
    assert_eq!(unlock_log::trailing_failures(&school.store()), 0, "whoever knows it ends the wait");
    assert_eq!(told(&school), [], "who only reads writes nothing");
    assert_eq!(unlock_log::pending(&school.store()).len(), 2, "and it is not forgotten");
    is_done(&school.run(&["export", "--to", "HOME/stick"], &["陈工"], ""));
    let written = [("摄影甲".to_owned(), 3), ("?".to_owned(), 1)];
    assert_eq!(told(&school), written);
    assert!(!school.store().join("unlocks").exists());
    is_done(&school.run(&["export", "--to", "HOME/stick"], &["陈工"], ""));
    assert_eq!(told(&school), written, "once");
    let words = said(&school.run(&["journal", "--kind", "unlocked"], &["赵老师"], ""));
    assert!(words.contains("口令输错 3 次（选的是摄影甲）"), "{words}");
    is_done(&school.run(&["verify"], &["陈工"], ""));
}

#[test]
fn every_passphrase_that_is_asked_for_counts() {
    let school = School::new();
    let failures = || unlock_log::pending(&school.store());
    let wrong = "not the passphrase\n";
    is_refused(&school.run(&["keys", "change", "--name", "摄影甲"], &[], wrong), "口令不对");
    assert_eq!(failures().iter().map(|run| (run.slot, run.times)).collect::<Vec<_>>(), [(1, 1)]);
    let export = ["export", "--to", "HOME/stick", "--profile", "anqing_2027_graduates"];
    is_refused(&school.run(&export, &["陈工"], &format!("赵老师\n{wrong}")), "口令不对");
    assert_eq!(failures().iter().map(|run| (run.slot, run.times)).collect::<Vec<_>>(), [(1, 1), (3, 1)]);
    assert_eq!(unlock_log::trailing_failures(&school.store()), 1, "the first of the two had opened it");
}

#[test]
fn a_store_that_was_only_tried_is_still_a_new_one() {
    let school = School::without_ledger();
    is_refused(&school.run(&["verify"], &[], "陈工\nnot the passphrase\n"), "口令不对");
    assert!(school.store().join("unlocks").exists() && key_file::is_new(&school.store()));
    keep_apart(&school.store(), true).unwrap();
}
