//! Words for a roster that is looked through: what was found in it, row by row, and why it is not taken in. Rows and
//! columns are named, never what stands in them.

use super::{Words, fault, roster, roster_not_wanted};
use crate::{
    errand::RosterRefused,
    language::Phrase,
    student::{Format, Report, RowFault},
};

/// Words for a roster that is not taken in.
#[must_use]
pub fn roster_refused(why: &RosterRefused) -> Words {
    match why {
        RosterRefused::File(err) => Words::new(
            (format!("名册文件读不出来（{err}）"), "请检查 U 盘是否拔掉了、文件是否还在，再试一次"),
            (
                format!("the file cannot be read ({err})"),
                "see whether the stick is in and the file is there, and try again",
            ),
        ),
        RosterRefused::Roster(err) => roster(err),
        RosterRefused::NotWanted => roster_not_wanted(),
    }
}

/// Words for a list that is not read in where everybody may open the store.
#[must_use]
pub fn no_roster_to_rehearse() -> Words {
    Words::new(
        ("演练不读名册", "真名册只进真的数据文件夹：那里要口令才能打开"),
        ("no roster is read in to rehearse", "a real one belongs into a store that a passphrase opens"),
    )
}

/// How a roster's file is written, in a word.
#[must_use]
pub fn roster_format(format: Format) -> &'static str {
    match format {
        Format::Utf8 => "CSV UTF-8",
        Format::Gb18030 => "CSV GB18030",
        Format::Utf16 => "UTF-16",
        Format::Workbook => "XLSX",
    }
}

/// How a roster is made: its format, its heading, its columns.
#[must_use]
pub fn roster_form(report: &Report) -> Phrase {
    let columns: Vec<String> = report.fields.iter().map(ToString::to_string).collect();
    let Report { heading, passed_over, .. } = report;
    let (format, columns_zh, columns) =
        (roster_format(report.format), columns.join("、"), columns.join(", "));
    Phrase::new(
        format!("{format}，表头在第 {heading} 行：{columns_zh}；另有 {passed_over} 列不认识，没有读取"),
        format!(
            "{format}, heading in row {heading}: {columns}; {passed_over} other columns were passed over"
        ),
    )
}

/// What is wrong with a row, and in which column.
#[must_use]
pub fn roster_fault(told: &RowFault) -> Phrase {
    let RowFault { row, field, fault: what } = told;
    let sign = if what.is_grave() { "×" } else { "▲" };
    let field = field.map(|field| field.to_string()).unwrap_or_default();
    let words = fault(*what);
    Phrase::new(
        format!("{sign} 第 {row} 行 {field}：{}", words.zh),
        format!("{sign} row {row} {field}: {}", words.en),
    )
}

/// That so many faults were not told one by one.
#[must_use]
pub fn roster_untold(untold: usize) -> Phrase {
    Phrase::new(format!("……另有 {untold} 处"), format!("... and {untold} more"))
}

/// How many students there are, or were taken in.
#[must_use]
pub fn roster_counts(report: &Report, imported: bool) -> Phrase {
    let Report { students, unusable, slight, .. } = report;
    if imported {
        Phrase::new(
            format!("已导入 {students} 人，没有导入 {unusable} 行，请核对 {slight} 处"),
            format!("{students} students imported, {unusable} rows left out, {slight} doubts"),
        )
    } else {
        Phrase::new(
            format!("可用 {students} 人，不能用 {unusable} 行，请核对 {slight} 处"),
            format!("{students} students can be used, {unusable} rows cannot, {slight} doubts"),
        )
    }
}
