//! The journal's lines and their chain: a hundred random journals, each tampered with in one way, and the line that is
//! named; beside `tests/check_journal.py`, which knows nothing of this program.

use std::{path::PathBuf, sync::Arc};

use caiying::{
    clerk::{Report, Signer, verify_before},
    crew::{ClerkOrder, News, Outbox, clerk_desk},
    errand::export_journal,
    ledger::{KnownKey, Note, Unsound, Witnesses, Wrong},
    profile::Role,
    shot::Clock,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};

use super::{
    refusals::{hide, show},
    *,
};
use crate::opened;

/// A station's key; a number makes it.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn signer(key: &SigningKey) -> Signer {
    let own = key.clone();
    Signer::new(key.verifying_key().to_bytes(), move |text| own.sign(text).to_bytes())
}

/// What the program finds in a store, beside these notes and the key that signs here.
pub(crate) fn look(store: &Path, notes: &[Note], key: &VerifyingKey) -> Report {
    let verify =
        |text: &[u8], signature: &[u8; 64]| key.verify(text, &Signature::from_bytes(signature)).is_ok();
    let known = KnownKey { public: &key.to_bytes(), verify: &verify };
    let witnesses = Witnesses { notes, key: Some(known) };
    verify_before(&opened::store(store), &witnesses, &mut |_, _| true).unwrap().unwrap()
}

/// The first thing that is wrong: its line (0 when it is of none), and what.
pub(crate) fn first(report: &Report) -> Option<(i64, Wrong)> {
    report.faults.first().map(|fault| match fault {
        Fault::Ledger(Unsound { seq, wrong }) => (seq.unwrap_or(0), wrong.clone()),
        other => panic!("{other}"),
    })
}

/// A journal to the letter that is to be checked, beside a note that was kept, with the station's key or without.
pub(crate) struct Checked {
    pub(crate) export: PathBuf,
    pub(crate) note: Option<PathBuf>,
    pub(crate) key: Option<VerifyingKey>,
}

/// Runs the checker once for each line of its input, in one process; ends each answer with a dot.
const EACH: &str = r"
import runpy, sys
for line in sys.stdin:
    sys.argv = line.rstrip().split('\t')
    try:
        runpy.run_path(sys.argv[0], run_name='__main__')
    except SystemExit as end:
        assert end.code == 1, line
    print('.')
";

/// What the checker in Python says of journals to the letter: the first bad line of each.
pub(crate) fn checker(journals: &[Checked]) -> Vec<Option<i64>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check_journal.py");
    let arguments = |checked: &Checked| {
        let mut words = vec![script.to_owned(), checked.export.display().to_string()];
        if let Some(key) = checked.key {
            let hex = key.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            words.extend(["--key".to_owned(), hex]);
        }
        if let Some(note) = &checked.note {
            words.extend(["--checkpoint".to_owned(), note.display().to_string()]);
        }
        format!("{}\n", words.join("\t"))
    };
    let mut child = Command::new("python3")
        .args(["-c", EACH])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(journals.iter().map(arguments).collect::<String>().as_bytes()).unwrap();
    drop(stdin);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "the checker broke down");
    let said = String::from_utf8(out.stdout).unwrap();
    let line = |said: &str| said.split_once(':').map(|(line, _)| line.trim().parse().unwrap());
    said.split(".\n").take(journals.len()).map(line).collect()
}

/// A journal of some lines, written by several people, and the sizes of the checkpoints in it; the last one is handed
/// out when everything is written.
struct Written {
    store: tempfile::TempDir,
    last: i64,
    checkpoints: Vec<i64>,
    note: Note,
}

fn written(random: &mut fastrand::Rng, key: &SigningKey) -> Written {
    // Nobody cuts the power here.
    let store = tempfile::tempdir_in("/dev/shm").unwrap();
    let station = ["A1", "体育馆 2 号机", "1"][random.usize(..3)];
    let (mut clerk, _) = opened::clerk(store.path(), station, "p", at(0)).unwrap();
    clerk.lend(Some(signer(key)));
    let mut checkpoints = vec![];
    for n in 1..=random.u64(8..40) {
        let moment = at(i64::try_from(n).unwrap());
        if random.u8(..4) == 0 {
            clerk.write_for(["", "王老师", "O'Brien \"B\"", "李\u{20BB7}"][random.usize(..4)]);
        }
        let of = SittingId(random.u64(1..9));
        match random.u8(..8) {
            0 if n < 12 => keep(&mut clerk, n).unwrap(),
            1 => clerk
                .record(
                    moment,
                    &Fact::Unlocked { purpose: "export".into(), role: Role::Supervisor, by: String::new() },
                )
                .unwrap(),
            2 => clerk.record(moment, &Fact::LetIn { sitting: of, gate: "second_code".into() }).unwrap(),
            3 => {
                let noted = clerk.checkpoint(moment, "2027-04-01").unwrap().unwrap();
                checkpoints.push(noted.note.checkpoint.size);
                // With nothing written since, it was the same one.
                checkpoints.dedup();
            }
            _ => {
                let reason = ["no_face", "头发\n\"遮\"住", ""][random.usize(..3)].to_owned();
                clerk.record(moment, &Fact::Declined { sitting: of, shot: ShotId(n), reason }).unwrap();
            }
        }
    }
    clerk
        .record(at(90), &Fact::Declined { sitting: SittingId(1), shot: ShotId(1), reason: "last".into() })
        .unwrap();
    let noted = clerk.checkpoint(at(99), "2027-04-01").unwrap().unwrap();
    checkpoints.push(noted.note.checkpoint.size);
    Written { store, last: noted.seq, checkpoints, note: noted.note }
}

/// One way of tampering.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A field of a line is changed.
    Flip(&'static str),
    /// A line is removed, and leaves a gap.
    Drop,
    /// A line is removed, and those after it are numbered anew.
    TakeOut,
    /// A copy of a line is put in, and those after it are numbered anew.
    SlipIn,
    /// Two lines change places.
    Swap,
    /// The tail is cut off.
    Truncate,
    /// A line is changed, and the hashes from there on are made anew.
    Rewrite,
}

const WAYS: [Way; 11] = [
    Way::Flip("at = at + 1"),
    Way::Flip("station = station || 'x'"),
    Way::Flip("who = who || 'x'"),
    Way::Flip("fact = replace(fact, '\"', '\" ')"),
    Way::Flip("hash = zeroblob(32)"),
    Way::Drop,
    Way::TakeOut,
    Way::SlipIn,
    Way::Swap,
    Way::Truncate,
    Way::Rewrite,
];

impl Way {
    /// Tampers; returns the first line that can be named for it.
    fn tamper(self, random: &mut fastrand::Rng, journal: &Written) -> i64 {
        let (store, last) = (journal.store.path(), journal.last);
        // Not the last line, nor the checkpoint that counts all before it.
        let line = random.i64(1..last - 1);
        let other = random.i64(line + 1..last);
        let statement = match self {
            Self::Flip(change) => format!("UPDATE journal SET {change} WHERE seq = {line}"),
            Self::Drop => format!("DELETE FROM journal WHERE seq = {line}"),
            Self::TakeOut => format!(
                "DELETE FROM journal WHERE seq = {line}; UPDATE journal SET seq = -seq WHERE seq > {line};
                 UPDATE journal SET seq = -seq - 1 WHERE seq < 0"
            ),
            Self::SlipIn => format!(
                "UPDATE journal SET seq = -seq WHERE seq >= {line}; UPDATE journal SET seq = -seq + 1 WHERE seq < 0;
                 INSERT INTO journal SELECT {line}, at, station, who, fact, hash FROM journal WHERE seq = {other} + 1"
            ),
            Self::Swap => format!(
                "UPDATE journal SET seq = 0 WHERE seq = {line}; UPDATE journal SET seq = {line} WHERE seq = {other};
                 UPDATE journal SET seq = {other} WHERE seq = 0"
            ),
            Self::Truncate => format!("DELETE FROM journal WHERE seq > {line}"),
            Self::Rewrite => return rewrite(store, line, &journal.checkpoints),
        };
        sql(store, &format!("PRAGMA foreign_keys=OFF; {statement}"));
        if matches!(self, Self::Truncate) { line + 1 } else { line }
    }
}

/// Changes a line and makes the hashes from there on anew, as somebody does who has read how they are made.
fn rewrite(store: &Path, line: i64, checkpoints: &[i64]) -> i64 {
    sql(store, &format!("UPDATE journal SET at = at + 1 WHERE seq = {line}"));
    make_hashes_anew(store);
    // Everything up to the last checkpoint before it is proven.
    checkpoints.iter().filter(|size| **size < line).max().map_or(1, |size| size + 1)
}

/// Makes every hash of a journal anew: the same hash where nothing was changed.
pub(crate) fn make_hashes_anew(store: &Path) {
    let thief = opened::thief(store);
    let mut query = thief.prepare("SELECT seq, at, station, who, fact FROM journal ORDER BY seq").unwrap();
    let mut rows = query.query([]).unwrap();
    let mut before = vec![0; 32];
    while let Some(row) = rows.next().unwrap() {
        let numbers = [row.get::<_, i64>(0).unwrap(), row.get(1).unwrap()];
        let texts = [row.get::<_, String>(2).unwrap(), row.get(3).unwrap(), row.get(4).unwrap()];
        let numbers_as_bytes = numbers.map(i64::to_le_bytes);
        let fields = [&before[..], &numbers_as_bytes[0], &numbers_as_bytes[1]];
        let fields = fields.into_iter().chain(texts.iter().map(String::as_bytes));
        let sized: Vec<u8> =
            fields.flat_map(|field| [&(field.len() as u64).to_le_bytes()[..], field].concat()).collect();
        before = Digest::of(&sized).as_bytes().to_vec();
        thief.execute("UPDATE journal SET hash = ?1 WHERE seq = ?2", (&before, numbers[0])).unwrap();
    }
}

#[test]
fn of_a_hundred_journals_each_tampered_with_the_line_is_named_and_the_checker_agrees() {
    let (place, own) = (tempfile::tempdir().unwrap(), key(7));
    let (mut lines, mut ways, mut named, mut checked) = (0, BTreeMap::new(), vec![], vec![]);
    for seed in 0..100 {
        let mut random = fastrand::Rng::with_seed(seed);
        let journal = written(&mut random, &own);
        let (store, public) = (journal.store.path(), own.verifying_key());
        let note = place.path().join(format!("note_{seed}"));
        fs::write(&note, journal.note.text()).unwrap();
        let mut keep_letters = |name: &str| {
            let export = place.path().join(format!("{name}_{seed}"));
            fs::write(&export, export_journal(&opened::ledger(store).unwrap()).unwrap()).unwrap();
            // A process for each signature: every tenth time is enough.
            let key = (seed % 10 == 0).then_some(public);
            checked.push(Checked { export, note: Some(note.clone()), key });
        };
        keep_letters("clean");
        let notes = std::slice::from_ref(&journal.note);
        let report = look(store, notes, &public);
        assert_eq!(report.faults, [], "seed {seed}: nobody touched it");
        assert_eq!(report.checkpoints, journal.checkpoints.len() + 1);

        let way = WAYS[usize::try_from(seed).unwrap() % WAYS.len()];
        let line = way.tamper(&mut random, &journal);
        keep_letters("tampered");
        let found = first(&look(store, notes, &public));
        assert_eq!(found.as_ref().map(|(line, _)| *line), Some(line), "seed {seed}, {way:?}: {found:?}");
        named.extend([None, Some(line)]);
        lines += journal.last;
        *ways.entry(format!("{way:?}")).or_insert(0) += 1;
    }
    assert_eq!(checker(&checked), named, "the checker says otherwise");
    eprintln!(
        "100 journals of {lines} lines, tampered with: {ways:?}; every line named, and the checker agrees"
    );
}

#[test]
fn every_line_says_where_and_by_whom() {
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = open(store.path());
    clerk.write_for(" 王老师 ");
    keep(&mut clerk, 1).unwrap();
    clerk.write_for("");
    clerk.record(at(9), &Fact::Dismissed { sitting: SittingId(9) }).unwrap();
    let lines = clerk.ledger().lines().unwrap();
    let told: Vec<_> =
        lines.iter().map(|line| (line.scribe.station.as_str(), line.scribe.who.as_str())).collect();
    let his = ("A1", "王老师");
    assert_eq!(told, [("A1", ""), his, his, his, ("A1", "")]);
}

/// The ledger refuses, whoever ordered logs out, another one logs in, and then it can be written.
#[test]
fn what_waited_for_the_ledger_is_his_who_ordered_it() {
    let store = tempfile::tempdir().unwrap();
    let (clerk, _) = open(store.path());
    let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
    let desk = clerk_desk(clerk, Clock::start(), outbox).unwrap();
    let order = |order| desk.order(order).unwrap();
    let dismissed = |n| ClerkOrder::Record(at(5), Fact::Dismissed { sitting: SittingId(n) });
    hide(store.path(), "journal");
    order(ClerkOrder::LoggedIn("王老师".to_owned(), None));
    order(dismissed(1));
    let patience = Duration::from_secs(60);
    while !matches!(inbox.recv_timeout(patience).unwrap(), News::NotWritten(_)) {}
    order(ClerkOrder::LoggedIn("李老师".to_owned(), None));
    order(dismissed(2));
    show(store.path(), "journal");
    drop(desk);
    let lines = opened::ledger(store.path()).unwrap().lines().unwrap();
    let told: Vec<_> = lines.iter().map(|line| line.scribe.who.as_str()).collect();
    assert_eq!(told, ["", "王老师", "李老师"]);
}

/// What is wrong is told as exactly as it can be known.
#[test]
fn how_a_line_was_tampered_with_is_told_where_it_can_be_known() {
    let line = "at, station, who, fact, hash FROM journal WHERE seq";
    let renumber = |from: i64, by: i64| {
        format!(
            "UPDATE journal SET seq = -seq WHERE seq >= {from}; UPDATE journal SET seq = {by} - seq WHERE seq < 0;"
        )
    };
    for (tampering, wrong) in [
        ("DELETE FROM journal WHERE seq IN (4, 5)".to_owned(), vec![(4, Wrong::Missing { from: 4, to: 5 })]),
        (format!("{} INSERT INTO journal SELECT 4, {line} = 2", renumber(4, 1)), vec![(4, Wrong::SlippedIn)]),
        (
            format!(
                "{} INSERT INTO journal SELECT 4, {line} = 3; INSERT INTO journal SELECT 5, {line} = 2",
                renumber(4, 2)
            ),
            vec![(4, Wrong::SlippedIn), (5, Wrong::SlippedIn)],
        ),
        (
            format!("DELETE FROM journal WHERE seq IN (4, 5); {}", renumber(6, -2)),
            vec![(4, Wrong::Renumbered)],
        ),
        ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 4".to_owned(), vec![(4, Wrong::Changed)]),
        (
            "UPDATE journal SET who = 'x' WHERE seq IN (2, 3, 6)".to_owned(),
            vec![(2, Wrong::Changed), (3, Wrong::Changed), (6, Wrong::Changed)],
        ),
        (
            format!("INSERT INTO journal SELECT -3, {line} = 2; INSERT INTO journal SELECT 0, {line} = 2"),
            vec![(-3, Wrong::SlippedIn), (0, Wrong::SlippedIn)],
        ),
        (
            "UPDATE journal SET fact = 'x' WHERE seq = 5".to_owned(),
            vec![(5, Wrong::Changed), (5, Wrong::NotAFact)],
        ),
        // No number is too high to be followed, and no text must be one.
        (
            "UPDATE journal SET seq = 9223372036854775807 WHERE seq = 10".to_owned(),
            vec![(10, Wrong::Missing { from: 10, to: i64::MAX - 1 })],
        ),
        (
            "UPDATE journal SET who = CAST(x'ff00' AS TEXT) WHERE seq = 7".to_owned(),
            vec![(7, Wrong::Changed)],
        ),
    ] {
        let store = tempfile::tempdir().unwrap();
        three_students(store.path());
        assert_eq!(opened::ledger(store.path()).unwrap().chain().unwrap().broken, []);
        sql(store.path(), &format!("PRAGMA foreign_keys=OFF; {tampering}"));
        let chain = opened::ledger(store.path()).unwrap().chain().unwrap();
        let told: Vec<_> = chain.broken.into_iter().map(|found| (found.seq.unwrap(), found.wrong)).collect();
        assert_eq!(told, wrong, "{tampering}");
        // Nothing of it keeps anybody from reading the rest.
        opened::ledger(store.path()).unwrap().unsound().unwrap();
    }
}
