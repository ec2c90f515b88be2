//! Words for the end of an errand: done, stopped, or why not.

use super::{Words, backed_up, backup, clerk, export, plan, restore};
use crate::{
    clerk::{Fault, Report},
    errand::{Errand, ErrandError, Exported, Outcome},
    language::Phrase,
    screens::theme::Tone,
    student::Field,
};

/// How an errand ended, and what to do now.
#[must_use]
pub fn outcome(outcome: &Outcome) -> (Tone, Words) {
    match outcome {
        Outcome::Exported(done) => delivered(done),
        Outcome::Verified(report) => verified(report),
        Outcome::BackedUp(done) => backed_up(done),
        Outcome::Stopped => (
            Tone::Doubt,
            Words::new(
                ("已停止，没有做完", "照片没有丢失；再做一次会接着做完，做完前不要交付这个文件夹"),
                (
                    "stopped before its end",
                    "nothing is lost; do it again to go on, and hand nothing over before",
                ),
            ),
        ),
        Outcome::Failed(err) => (Tone::Wrong, errand(err)),
    }
}

/// Words for an errand that could not be done.
#[must_use]
pub fn errand(err: &ErrandError) -> Words {
    match err {
        ErrandError::Clerk(err) => clerk(err),
        ErrandError::Plan(err) => plan(err),
        ErrandError::Export(err) => export(err),
        ErrandError::Backup(err) => backup(err),
        ErrandError::Restore(err) => restore(err),
        ErrandError::NoStick => no_stick(),
        ErrandError::Unprintable { seq } => super::unprintable_line(*seq),
    }
}

/// Words for a folder on a stick that is not in.
#[must_use]
pub fn no_stick() -> Words {
    Words::new(
        ("U 盘不在这台电脑上", "没有导出；请插好 U 盘，等它出现在列表里再导出"),
        ("the stick is not in", "nothing was exported; plug it in and export when it is listed"),
    )
}

/// Words for a delivery that shows identities, and nobody stands for it.
#[must_use]
pub fn locked() -> Words {
    Words::new(
        ("这个档案的文件名含姓名或身份证号，没有导出", "请在有权解锁的人在场时导出，会记入流水"),
        (
            "this profile's file names show identities, and nothing was exported",
            "export with somebody present who may unlock them; it is written down",
        ),
    )
}

/// Words for an errand that is asked for while another one is under way.
#[must_use]
pub fn busy() -> Words {
    Words::new(
        ("还有一项工作没有做完", "请等它做完，或先按 X 停止"),
        ("another errand is under way", "wait for it, or press X to stop it"),
    )
}

/// Words for a folder's name that is none.
#[must_use]
pub fn no_folder() -> Words {
    Words::new(
        ("没有写明导出到哪个文件夹", "请写完整路径，例如 /media/用户/U盘/照片"),
        ("no folder is named", "write its whole path, such as /media/USER/STICK/photos"),
    )
}

/// Words for closing the program while an errand is under way.
#[must_use]
pub fn errand_under_way(errand: Errand) -> Words {
    match errand {
        Errand::Export => Words::new(
            ("正在导出，文件夹里还没有写全", "请等导出完成；要现在退出就再关一次窗口，下次导出会接着写"),
            ("an export is under way", "wait for it, or close the window again: the next export goes on"),
        ),
        Errand::Verify => Words::new(
            ("正在核验数据", "请等核验完成；要现在退出就再关一次窗口"),
            ("the store is being verified", "wait for it, or close the window again"),
        ),
        Errand::Backup => Words::new(
            ("正在备份", "请等备份完成；要现在退出就再关一次窗口，上一次的备份仍然完整，下次接着做"),
            (
                "a backup is under way",
                "wait for it, or close the window again: the last one is whole, the next goes on",
            ),
        ),
    }
}

/// Words for beginning anew while an errand is under way.
#[must_use]
pub fn errand_first(errand: Errand) -> Words {
    match errand {
        Errand::Export => Words::new(
            ("正在导出，重新开始会把它打断", "请等它完成（按 F5 看进度），或在那里按 X 停止"),
            ("an export is under way and would be cut short", "wait for it (F5), or stop it there with X"),
        ),
        Errand::Verify => Words::new(
            ("正在核验数据，重新开始会把它打断", "请等它完成（按 F5 看进度），或在那里按 X 停止"),
            (
                "a verification is under way and would be cut short",
                "wait for it (F5), or stop it there with X",
            ),
        ),
        Errand::Backup => Words::new(
            ("正在备份，重新开始会把它打断", "请等它完成（按 F5 看进度），或在那里按 X 停止"),
            ("a backup is under way and would be cut short", "wait for it (F5), or stop it there with X"),
        ),
    }
}

/// What was delivered, in one sentence.
#[must_use]
pub fn exported(done: &Exported) -> Phrase {
    let Exported { portraits, delivery, .. } = done;
    let (written, already) = (delivery.written, delivery.already);
    let (replaced, removed) = (delivery.replaced, delivery.removed);
    Phrase::new(
        format!(
            "{portraits} 位考生，写入 {written} 个文件（其中替换 {replaced} 个），{already} 个已在，\
             删除旧文件 {removed} 个"
        ),
        format!(
            "{portraits} students, {written} files written ({replaced} of them replaced), {already} there \
             already, {removed} old ones removed"
        ),
    )
}

fn delivered(done: &Exported) -> (Tone, Words) {
    if done.portraits == 0 {
        let words = Words::new(
            ("还没有可以导出的成品", "文件夹里没有写入照片；保存过成品后再导出"),
            ("there is no portrait to export yet", "no photo was written; export when one is kept"),
        );
        return (Tone::Doubt, words);
    }
    let said = exported(done);
    let headline = Phrase::new(format!("导出完成：{}", said.zh), format!("exported: {}", said.en));
    let nameless = done.missing.portraits;
    if nameless == 0 {
        let remedy = Phrase::new("请先弹出 U 盘再拔下", "eject the stick before pulling it out");
        return (Tone::Good, Words { headline, remedy });
    }
    let fields: Vec<String> = done.missing.fields.iter().map(Field::to_string).collect();
    let zh = format!("{nameless} 位缺少{}，放在“待补信息”里：请导入学校名册后重新导出", fields.join("、"));
    let en = format!(
        "{nameless} lack {} and lie under their fingerprints: import the school's roster and export again",
        fields.join(", ")
    );
    (Tone::Doubt, Words { headline, remedy: Phrase::new(zh, en) })
}

/// What is wrong with a store, of one thing.
#[must_use]
pub fn found(fault: &Fault) -> Phrase {
    let zh = match fault {
        Fault::Ledger(unsound) => return super::unsound(unsound),
        Fault::Missing(object) => format!("文件 {object} 不见了"),
        Fault::Damaged(object) => format!("文件 {object} 被改动或损坏"),
        Fault::Misbound(object) => format!("文件 {object} 里写明的归属和台账不一致"),
    };
    Phrase::new(zh, fault.to_string())
}

fn verified(report: &Report) -> (Tone, Words) {
    let Report { lines, shots, kept, faults, .. } = report;
    let Some(first) = faults.first() else {
        let zh = format!("核验完好：流水 {lines} 行，原片 {shots} 张，成品 {kept} 张");
        let en = format!("all is well: {lines} lines, {shots} originals, {kept} portraits");
        return (
            Tone::Good,
            Words::new((zh, "没有发现改动、缺失或损坏"), (en, "nothing is changed, missing or damaged")),
        );
    };
    let count = faults.len();
    (
        Tone::Wrong,
        Words::new(
            (
                format!("核验发现 {count} 处问题，第一处：{}", found(first).zh),
                "请保持数据文件夹不动，联系技术人员；caiying verify 列出全部",
            ),
            (
                format!("{count} faults were found, the first: {}", found(first).en),
                "leave the store as it is and call the technician; caiying verify lists all",
            ),
        ),
    )
}
