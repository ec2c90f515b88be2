//! The journal as somebody takes it home: read in words on a terminal, as a table, to the letter, and compared with a
//! checkpoint that was kept.

use caiying::{
    errand::{ErrandError, deliver_journal, journal_table},
    language::Language,
    ledger::{Filter, Kind},
    screens::journal_wording,
    sync::ExportError,
};

use super::{
    journal::{key, make_hashes_anew, signer},
    *,
};
use crate::command_line::{Desk, code};
use crate::opened;

/// Three students under two hands, something that a spreadsheet would run, and a checkpoint.
fn morning(store: &Path) -> String {
    let (mut clerk, _) = open(store);
    clerk.lend(Some(signer(&key(1))));
    clerk.write_for("王老师");
    keep(&mut clerk, 1).unwrap();
    clerk.write_for("=李老师");
    keep(&mut clerk, 2).unwrap();
    let wrong =
        Fact::Disowned { sitting: SittingId(2), shot: ShotId(9), reason: "=cmd|' /C calc'!A0".to_owned() };
    clerk.record(at(86_400 * 2), &wrong).unwrap();
    clerk.checkpoint(at(86_400 * 2), "1970-01-03").unwrap().unwrap().note.text()
}

fn lines(out: &std::process::Output) -> Vec<String> {
    String::from_utf8(out.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

fn errors(out: &std::process::Output) -> String {
    String::from_utf8(out.stderr.clone()).unwrap()
}

#[test]
fn the_journal_is_read_in_words_by_day_by_kind_by_whom_and_by_sitting() {
    let desk = Desk::new();
    morning(&desk.path("store"));
    let journal = |more: &[&str]| {
        let out = desk.run(&[&["journal", "--store", "store"], more].concat());
        assert_eq!((code(&out), errors(&out)), (0, String::new()), "{more:?}");
        lines(&out)
    };
    let all = journal(&[]);
    assert_eq!(all.len(), 9, "{all:#?}");
    assert!(all[0].starts_with("1\t") && all[0].contains("\tA1\t—\t打开数据：A1"), "{}", all[0]);
    assert!(all[3].ends_with("\tA1\t王老师\t第 1 次就座：保存成品（原片 1，0 KB，质量 85）"), "{}", all[3]);
    assert!(all[8].ends_with("检查点 1970-01-03：流水 8 行，原片 2 张，成品 2 张，已签名"), "{}", all[8]);
    let numbers = |more: &[&str]| -> Vec<String> {
        journal(more).iter().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&["--kind", "kept"]), ["4", "7"]);
    assert_eq!(numbers(&["--who", "王老师"]), ["2", "3", "4"]);
    assert_eq!(numbers(&["--who", ""]), ["1"]);
    assert_eq!(numbers(&["--sitting", "2"]), ["5", "6", "7", "8"]);
    assert_eq!(numbers(&["--sitting", "2", "--kind", "kept", "--who", "=李老师"]), ["7"]);
    // Wherever this computer stands, a day around the third is the third.
    assert_eq!(numbers(&["--from", "1970-01-02", "--to", "1970-01-04"]), ["8", "9"]);
    assert_eq!(numbers(&["--from", "1970-01-05"]), Vec::<String>::new());
    assert_eq!(numbers(&["--to", "1970-01-01"]).len(), 7);
    let english = desk.run(&["--lang", "en", "journal", "--store", "store", "--kind", "kept"]);
    assert!(lines(&english)[0].ends_with("sitting 1: a portrait of shot 1 was kept (0 KB, quality 85)"));
    for (wrong, said) in [
        (&["--from", "1970-02-30"][..], "1970-02-30"),
        (&["--kind", "nothing"], "nothing"),
        (&["--export", "x", "--who", "y"], "--who"),
    ] {
        let out = desk.run(&[&["journal", "--store", "store"], wrong].concat());
        assert_eq!((code(&out), errors(&out).lines().count()), (2, 1), "{wrong:?}");
        assert!(errors(&out).contains(said), "{}", errors(&out));
    }
    assert_eq!(code(&desk.run(&["journal", "--store", "nowhere"])), 3);
}

#[test]
fn a_table_is_one_that_spreadsheets_open_and_run_nothing_of() {
    let desk = Desk::new();
    morning(&desk.path("store"));
    let out = desk.run(&["journal", "--store", "store", "--csv", "out.csv"]);
    assert_eq!((code(&out), lines(&out)), (0, vec!["写入 9 行".to_owned()]), "{}", errors(&out));
    let bytes = fs::read(desk.path("out.csv")).unwrap();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a mark at its beginning");
    let mut reader = csv::Reader::from_reader(text);
    assert_eq!(
        reader.headers().unwrap(),
        vec!["行", "时间", "采集站", "人员", "类别", "就座", "内容", "哈希"]
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 9);
    assert_eq!((&rows[6][3], &rows[6][4], &rows[6][5]), ("'=李老师", "保存", "2"));
    assert!(rows[7][6].contains("=cmd|"), "only what begins like a formula is one");
    for row in &rows {
        assert!(row.iter().all(|field| !field.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
        assert_eq!(row[7].len(), 64);
    }
    let ledger = opened::ledger(desk.path("store")).unwrap();
    let wording = journal_wording(Language::Chinese);
    let kept = journal_table(&ledger, &Filter::of(Kind::Kept), &wording).unwrap();
    assert_eq!((kept.lines, kept.csv.lines().count()), (2, 3));
}

#[test]
fn a_table_is_laid_beside_what_was_delivered_and_never_holds_a_nul() {
    let place = tempfile::tempdir().unwrap();
    let (store, to) = (place.path().join("store"), place.path().join("to"));
    let note = morning(&store);
    let wording = journal_wording(Language::Chinese);
    let deliver = || deliver_journal(&opened::store(&store), &Filter::default(), &wording, &to);
    assert!(matches!(deliver(), Err(ErrandError::Export(ExportError::Gone))), "a folder is not made for it");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("a.jpg"), "another file").unwrap();
    assert_eq!((deliver().unwrap(), deliver().unwrap()), (9, 9));
    let mut there: Vec<_> = fs::read_dir(&to).unwrap().map(|file| file.unwrap().file_name()).collect();
    there.sort();
    assert_eq!(there, ["a.jpg", "检查点.txt", "流水.csv"]);
    assert_eq!(fs::read_to_string(to.join("检查点.txt")).unwrap(), note);
    let mut clerk = open(&store).0;
    clerk.record(at(9), &Fact::LetIn { sitting: SittingId(1), gate: "a\0b".to_owned() }).unwrap();
    let before = fs::read(to.join("流水.csv")).unwrap();
    assert!(matches!(deliver(), Err(ErrandError::Unprintable { seq: 11 })), "{:?}", deliver());
    assert_eq!(fs::read(to.join("流水.csv")).unwrap(), before);
}

#[test]
fn a_journal_is_verified_beside_the_checkpoints_that_somebody_kept() {
    let desk = Desk::new();
    let note = morning(&desk.path("store"));
    let kept = desk.file("kept.txt", note.replace('\n', "\r\n").as_bytes());
    let verified = |more: &[&str]| desk.run(&[&["verify", "--store", "store"], more].concat());
    let out = verified(&["--checkpoint", &kept, "--checkpoint", &kept]);
    let said = lines(&out).join("\n");
    assert_eq!(code(&out), 0, "{said}{}", errors(&out));
    assert!(said.contains("检查点 3 个；没有本站的公钥，签名没有核对"), "{said}");
    let json: serde_json::Value =
        serde_json::from_slice(&verified(&["--json", "--checkpoint", &kept]).stdout).unwrap();
    assert_eq!((&json["checkpoints"], &json["signatures_checked"]), (&2.into(), &false.into()));
    let out = desk.run(&["journal", "--store", "store", "--checkpoint", "last.txt"]);
    assert_eq!(
        (code(&out), fs::read_to_string(desk.path("last.txt")).unwrap()),
        (0, note),
        "{}",
        errors(&out)
    );
    // Cut off behind the sixth line, and its own checkpoint with it.
    sql(
        &desk.path("store"),
        "PRAGMA foreign_keys=OFF; DELETE FROM journal WHERE seq > 6; DELETE FROM kept WHERE seq > 6",
    );
    make_hashes_anew(&desk.path("store"));
    let out = verified(&["--checkpoint", &kept]);
    assert_eq!(code(&out), 1);
    assert!(
        lines(&out).contains(&"有问题：流水第 7 到 8 行被截掉了：检查点数到过这些行".to_owned()),
        "{:?}",
        lines(&out)
    );
    let out = desk.run(&["journal", "--store", "store", "--checkpoint", "last.txt"]);
    assert_eq!((code(&out), errors(&out).contains("还没有检查点")), (1, true), "{}", errors(&out));
    let other = desk.file("other.txt", b"nothing\n");
    let out = verified(&["--checkpoint", &other]);
    assert_eq!(
        (code(&out), errors(&out).contains("不是检查点：不是签名的文本")),
        (2, true),
        "{}",
        errors(&out)
    );
    assert_eq!(code(&verified(&["--checkpoint", "nowhere.txt"])), 2);
}

#[test]
fn whoever_reads_a_broken_journal_is_told() {
    let desk = Desk::new();
    morning(&desk.path("store"));
    sql(&desk.path("store"), "UPDATE journal SET who = '张老师' WHERE seq = 4");
    let out = desk.run(&["journal", "--store", "store"]);
    assert_eq!((code(&out), lines(&out).len()), (1, 9));
    assert_eq!(errors(&out), "有问题：流水第 4 行被改动过，或者接不上前一行\n");
    let out = desk.run(&["journal", "--store", "store", "--export", "letters"]);
    assert_eq!(code(&out), 1, "the letters are written all the same");
    assert_eq!(fs::read_to_string(desk.path("letters")).unwrap().lines().count(), 10);
}
