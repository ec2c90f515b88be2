//! Words for what is wrong with the journal and the tables that follow from it, for a checkpoint that is none, and for
//! what cannot be told of it.

use std::path::Path;

use super::Words;
use crate::{
    language::Phrase,
    ledger::{NotANote, Unsound, Wrong},
};

/// What is wrong with a ledger, of one thing.
#[must_use]
pub fn unsound(found: &Unsound) -> Phrase {
    let zh = in_chinese(&found.wrong);
    let zh = match (found.seq, &found.wrong) {
        // These name their lines themselves.
        (_, Wrong::Missing { .. } | Wrong::CutOff { .. } | Wrong::Rewritten { .. }) | (None, _) => zh,
        (Some(seq), _) => format!("流水第 {seq} 行{zh}"),
    };
    Phrase::new(zh, found.to_string())
}

fn in_chinese(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Missing { from, to } => {
            format!("流水第 {from} 到 {to} 行不见了，它后面的一行因此无法证明")
        }
        Wrong::Changed => "被改动过，或者接不上前一行".to_owned(),
        Wrong::SlippedIn => "是后来插进去的，后面的行被重新编号".to_owned(),
        Wrong::Renumbered => "被改动过，或者它前面有行被抽走或插进来；后面的行被重新编号".to_owned(),
        Wrong::NotAFact => "读不懂：程序太旧，或内容被改动".to_owned(),
        Wrong::NotACheckpoint => "写着检查点，但不是前面各行的检查点".to_owned(),
        Wrong::NotSigned { size } => format!("的检查点（{size} 行）不是本站的密钥签的"),
        Wrong::CutOff { from, to } => format!("流水第 {from} 到 {to} 行被截掉了：检查点数到过这些行"),
        Wrong::Rewritten { from, to } => {
            format!("流水从第 {from} 到 {to} 行之间的某一行起被整个重写：和检查点对不上")
        }
        Wrong::Miscounted { size } => format!("的检查点（{size} 行）写的数目和这些行对不上"),
        Wrong::Damaged(sqlite) => format!("台账文件损坏（SQLite：{sqlite}）"),
        Wrong::Dangling => "台账里有指向不存在内容的记录".to_owned(),
        Wrong::OtherTables => "和台账的表对不上".to_owned(),
        Wrong::Stale => "台账里备好的当前成品、待交付或离座时间和记录对不上".to_owned(),
        Wrong::OtherCounts { tables: (shots, kept), journal: (shots_told, kept_told) } => {
            format!("台账的表里有原片 {shots} 张、成品 {kept} 张，流水里是 {shots_told} 张和 {kept_told} 张")
        }
    }
}

/// Words for a file that is no checkpoint of ours.
#[must_use]
pub fn no_checkpoint(file: &Path, err: NotANote) -> Words {
    let why = match err {
        NotANote::Form => "不是签名的文本",
        NotANote::Signature => "签名那一行读不懂",
        NotANote::Content => "内容不是流水的检查点",
    };
    let file = file.display();
    Words::new(
        (format!("{file} 不是检查点：{why}"), "请给出当天保存的那段文字，一个字也不要改"),
        (format!("{file} is no checkpoint: {err}"), "give the text as it was kept, to the letter"),
    )
}

/// Words for a journal without a checkpoint.
#[must_use]
pub fn no_checkpoint_yet() -> Words {
    Words::new(
        ("流水里还没有检查点", "请在收工（F5）按 Q 生成一个"),
        ("there is no checkpoint in the journal yet", "make one at the day's end (F5) with Q"),
    )
}

/// Words for a line that no table can hold.
#[must_use]
pub fn unprintable_line(seq: i64) -> Words {
    Words::new(
        (format!("流水第 {seq} 行含有空字符，没有写表格"), "请运行 caiying verify，并联系技术人员"),
        (
            format!("line {seq} of the journal holds a NUL; no table was written"),
            "run caiying verify and call the technician",
        ),
    )
}

/// Words for a table that has no place yet.
#[must_use]
pub fn no_place_for_journal() -> Words {
    Words::new(
        ("还没有交付文件夹，没有写表格", "请先按 Esc 返回，按 E 导出一次；表格写在同一个文件夹里"),
        (
            "there is no delivery folder yet, and no table was written",
            "go back with Esc and export with E: the table goes into the same folder",
        ),
    )
}

/// Words for a journal that was written into the delivery folder as a table.
#[must_use]
pub fn journal_written(lines: usize) -> Phrase {
    Phrase::new(
        format!("已写入交付文件夹的“流水.csv”：{lines} 行；最近的检查点写在旁边"),
        format!(
            "{lines} lines were written into 流水.csv in the delivery folder, beside the last checkpoint"
        ),
    )
}
