//! Wrong passphrases: each is on the disk before it is told, the wait goes on in the next program, and the journal has
//! them as soon as somebody opens the store.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use caiying::{
    keys::KeysError,
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
    let failures = |slot| unlock_log::trailing_failures(&school.store(), slot);
    assert_eq!(failures(0), 12, "and what is not tried does not count");
    // Whoever knows a passphrase of his own neither waits for another one's, nor ends the wait of whoever guesses it.
    is_done(&school.run(&["verify"], &["赵老师"], ""));
    assert_eq!((failures(0), failures(3)), (12, 0));
    is_refused(&school.run(&["verify"], &["陈工"], ""), "口令输错太多次：请等 ");
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
    let trailing = || [1, 3, 9].map(|slot| unlock_log::trailing_failures(&school.store(), slot));
    assert_eq!(trailing(), [3, 1, 1]);
    // The last of them was now: as if an hour had passed since.
    fs::remove_file(school.store().join("unlocks")).unwrap();
    failures(&school, 1, 3, long_ago);
    failures(&school, 9, 1, long_ago.plus_ms(5));
    is_done(&school.run(&["verify"], &["摄影甲"], ""));
    assert_eq!(trailing(), [0, 0, 1], "whoever knows it ends his own wait");
    assert_eq!(told(&school), [], "who only reads writes nothing");
    assert_eq!(unlock_log::pending(&school.store()).len(), 2, "and it is not forgotten");
    is_done(&school.run(&["export", "--to", "HOME/stick"], &["陈工"], ""));
    let written = [("摄影甲".to_owned(), 3), ("?".to_owned(), 1)];
    assert_eq!(told(&school), written);
    assert_eq!(unlock_log::pending(&school.store()), []);
    assert_eq!(trailing(), [0, 0, 1], "told is not forgiven");
    is_done(&school.run(&["export", "--to", "HOME/stick"], &["陈工"], ""));
    assert_eq!(told(&school), written, "once");
    let words = said(&school.run(&["journal", "--kind", "unlocked"], &["赵老师"], ""));
    assert!(words.contains("口令输错 3 次（选的是摄影甲）"), "{words}");
    is_done(&school.run(&["verify"], &["陈工"], ""));
}

/// However many programs are started at once, each waits for what those before it found.
#[test]
fn many_who_try_at_once_have_one_try() {
    let store = tempfile::tempdir().unwrap();
    let (folder, now, tried) = (store.path(), Clock::start().now(), AtomicU32::new(0));
    for n in 0..12 {
        unlock_log::failed(folder, 0, now.plus_ms(n - HOUR_MS)).unwrap();
    }
    let guess = || {
        unlock_log::try_out(
            folder,
            0,
            || now,
            || {
                tried.fetch_add(1, Ordering::Relaxed);
                assert!(fs::File::open(folder).unwrap().try_lock().is_err(), "nobody else tries meanwhile");
                Err::<(), _>(KeysError::WrongPassphrase)
            },
        )
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| guess().unwrap_err());
        }
    });
    assert_eq!((tried.load(Ordering::Relaxed), unlock_log::trailing_failures(folder, 0)), (1, 13));
}

/// The wait is looked at again when the passphrase was typed: another program may have tried while this one asked.
#[test]
fn whoever_was_asked_in_time_is_refused_when_somebody_else_failed_meanwhile() {
    let school = School::new();
    let mut asked = Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["verify", "--store", school.store().to_str().unwrap()])
        .env("HOME", school.home())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut typed, mut said) = (asked.stdin.take().unwrap(), BufReader::new(asked.stderr.take().unwrap()));
    typed.write_all("陈工\n".as_bytes()).unwrap();
    let mut line = String::new();
    while line.trim() != "口令：" {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it never asked");
    }
    failures(&school, 0, 12, Clock::start().now());
    typed.write_all(format!("{PASSPHRASE}\n").as_bytes()).unwrap();
    let mut end = String::new();
    said.read_to_string(&mut end).unwrap();
    assert!(!asked.wait().unwrap().success() && end.contains("口令输错太多次：请等 "), "{end}");
    assert_eq!(unlock_log::trailing_failures(&school.store(), 0), 12);
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
    let trailing = [0, 1, 3].map(|slot| unlock_log::trailing_failures(&school.store(), slot));
    assert_eq!(trailing, [0, 1, 1], "and whoever opened it in between ended nobody else's");
}

#[test]
fn a_store_that_was_only_tried_is_still_a_new_one() {
    let school = School::without_ledger();
    is_refused(&school.run(&["verify"], &[], "陈工\nnot the passphrase\n"), "口令不对");
    assert!(school.store().join("unlocks").exists() && key_file::is_new(&school.store()));
    keep_apart(&school.store(), true).unwrap();
}
