//! What a store remembers of wrong passphrases, and for how long.

use std::os::unix::fs::symlink;

use super::*;

fn at(second: i64) -> Moment {
    Moment(second * 1000)
}

fn run(slot: usize, times: u32, first: i64, last: i64) -> Failed {
    Failed { slot, times, first: at(first), last: at(last) }
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join(NAME)).unwrap_or_default()
}

/// How long somebody who comes at that second has to wait.
fn wait_s(folder: &Path, second: i64) -> u64 {
    let now = Instant::now();
    attempts(folder, 0, at(second), now).left(now).as_secs()
}

#[test]
fn failures_are_counted_until_the_store_is_opened_and_pending_until_the_journal_has_them() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    let trailing = || [0, 1, 2].map(|slot| trailing_failures(folder, slot));
    assert_eq!((trailing(), pending(folder)), ([0, 0, 0], vec![]));
    succeeded(folder, 1, at(1)).unwrap();
    assert!(!folder.join(NAME).exists(), "who knows the passphrase writes nothing");
    for (slot, second) in [(0, 10), (0, 11), (2, 12), (0, 13)] {
        failed(folder, slot, at(second)).unwrap();
    }
    assert_eq!(trailing(), [3, 0, 1]);
    let told = pending(folder);
    assert_eq!(told, [run(0, 2, 10, 11), run(2, 1, 12, 12), run(0, 1, 13, 13)]);
    succeeded(folder, 1, at(14)).unwrap();
    assert_eq!(trailing(), [3, 0, 1], "who knows his own passphrase ends nobody else's wait");
    succeeded(folder, 0, at(14)).unwrap();
    assert_eq!(trailing(), [0, 0, 1]);
    assert_eq!(pending(folder), told, "the journal has them not");
    // Somebody else fails while they are written.
    failed(folder, 0, at(15)).unwrap();
    settled(folder, &told).unwrap();
    assert_eq!((trailing(), pending(folder)), ([1, 0, 1], vec![run(0, 1, 15, 15)]));
    settled(folder, &pending(folder)).unwrap();
    assert_eq!((trailing(), pending(folder)), ([1, 0, 1], vec![]), "told is not forgiven");
    for slot in [0, 2] {
        succeeded(folder, slot, at(20)).unwrap();
    }
    settled(folder, &[]).unwrap();
    assert!(!folder.join(NAME).exists(), "nothing is left to say");
}

#[test]
fn the_wait_goes_on_where_it_was_whoever_starts_anew() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    for second in 100..106 {
        failed(folder, 0, at(second)).unwrap();
    }
    assert_eq!(wait_s(folder, 105), 16, "after six failures");
    assert_eq!(wait_s(folder, 109), 12);
    assert_eq!(wait_s(folder, 121), 0);
    assert_eq!(wait_s(folder, 4_000_000_000), 0, "longer ago than this computer runs");
    assert_eq!(attempts(folder, 0, at(4_000_000_000), Instant::now()).failures(), 6, "and not forgiven");
}

/// A dead battery: the computer believes it is 1970. Nobody waits for years.
#[test]
fn a_clock_that_was_set_back_locks_nobody_out() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    for second in 1000..1003 {
        failed(folder, 0, at(second)).unwrap();
    }
    assert_eq!(wait_s(folder, 5), 2, "from now on");
    assert_eq!(wait_s(folder, 6), 1, "by the clock as it is now");
    assert_eq!(wait_s(folder, 7), 0);
    assert_eq!(pending(folder), [run(0, 3, 1000, 1002)], "and nothing was added to what happened");
}

#[test]
fn what_cannot_be_read_counts_as_never_said() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    let place = folder.join(NAME);
    failed(folder, 0, at(10)).unwrap();
    let whole = text(folder);
    for damage in ["12", "\u{0}\u{0}\n", "x 0 F\n", "5 99 F\n", "5 0 G\n", "5 0 F 2\n", "5 0 F 1 1 1\n"] {
        fs::write(&place, [whole.as_bytes(), damage.as_bytes()].concat()).unwrap();
        failed(folder, 3, at(11)).unwrap();
        assert_eq!(pending(folder), [run(0, 1, 10, 10), run(3, 1, 11, 11)], "{damage:?}");
    }
    fs::write(&place, [0xff; 100]).unwrap();
    assert_eq!((trailing_failures(folder, 0), wait_s(folder, 12)), (0, 0));
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    assert_eq!((trailing_failures(folder, 0), pending(folder)), (0, vec![]));
    assert!(failed(folder, 0, at(13)).is_err() && succeeded(folder, 0, at(14)).is_ok());
}

#[test]
fn it_stays_short_and_forgets_neither_the_count_nor_what_is_pending() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    let written = |entries: &[Entry]| entries.iter().map(Entry::line).collect::<String>();
    let many: Vec<Entry> =
        (0..3000).map(|n| Entry::new(What::Failed, n % 3, at(n as i64))).collect::<Vec<_>>();
    let opened = Entry::new(What::Opened, 1, at(5000));
    let later: Vec<Entry> = (0..500).map(|n| Entry::new(What::Failed, n % 2, at(6000 + n as i64))).collect();
    fs::write(folder.join(NAME), written(&[&many[..], &[opened], &later[..]].concat())).unwrap();
    failed(folder, 0, at(7000)).unwrap();
    assert!(text(folder).len() < 300, "{}", text(folder));
    let trailing = || [0, 1, 2].map(|slot| trailing_failures(folder, slot));
    assert_eq!(trailing(), [1251, 250, 1000], "slot 1 had opened it");
    let told = pending(folder);
    assert_eq!(told.iter().map(|run| run.times).sum::<u32>(), 3501);
    assert_eq!(told.last(), Some(&run(0, 1251, 0, 7000)));
    settled(folder, &told).unwrap();
    assert_eq!((trailing(), pending(folder)), ([1251, 250, 1000], vec![]));
    assert_eq!(wait_s(folder, 7000), 300);
}

#[test]
fn a_try_is_counted_and_none_is_let_in_too_early() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    for second in 0..12 {
        failed(folder, 0, at(second)).unwrap();
    }
    let now = at(4_000_000);
    let try_out = |slot, answer: Result<(), KeysError>| try_out(folder, slot, || now, || answer);
    let wrong = || Err(KeysError::WrongPassphrase);
    assert_eq!(try_out(0, wrong()), Err(Shut::Keys(KeysError::WrongPassphrase)));
    assert_eq!(trailing_failures(folder, 0), 13);
    for answer in [wrong(), Ok(())] {
        assert!(
            matches!(try_out(0, answer), Err(Shut::TooEarly(_))),
            "the right one comes too early as well"
        );
    }
    assert_eq!(trailing_failures(folder, 0), 13);
    assert_eq!(try_out(1, Err(KeysError::NoMemory)), Err(Shut::Keys(KeysError::NoMemory)));
    assert_eq!(trailing_failures(folder, 1), 0, "nothing was wrong with that one");
    assert_eq!(
        try_out(1, wrong()),
        Err(Shut::Keys(KeysError::WrongPassphrase)),
        "and somebody else waits not"
    );
    assert_eq!((try_out(1, Ok(())), trailing_failures(folder, 1)), (Ok(()), 0));
}

#[test]
fn a_link_is_not_followed_and_a_rest_is_in_nobodys_way() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path();
    let victim = folder.join("victim");
    fs::write(&victim, "1 0 F\n").unwrap();
    symlink(&victim, folder.join(NAME)).unwrap();
    assert!(failed(folder, 0, at(1)).is_err());
    assert_eq!((trailing_failures(folder, 0), fs::read_to_string(&victim).unwrap().as_str()), (0, "1 0 F\n"));
    fs::remove_file(folder.join(NAME)).unwrap();
    symlink(&victim, folder.join(NEW)).unwrap();
    failed(folder, 0, at(1)).unwrap();
    settled(folder, &pending(folder)).unwrap();
    assert_eq!(text(folder), "1000 0 f\n");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "1 0 F\n");
}
