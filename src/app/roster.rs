//! `caiying roster`: looks a school's list through, and takes it into a store. Rows and columns are named, never
//! what stands in them.

use std::{fs::File, io::Read as _, path::Path};

use serde_json::{Value, json};

use super::{
    cli::{self, RosterAction},
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    clerk::Clerk,
    keys::Deed,
    language::Language,
    profile::{Identification, Profile},
    screens::trouble,
    shot::Clock,
    student::{Format, MAX_FILE_BYTES, Report, Roster, RosterError, RowFault},
};

/// Checks or imports a roster.
pub(super) fn run(options: &cli::Roster, language: Language) -> Result<Done, Failure> {
    let profile = places::profile(&options.profile)?;
    let (roster, report) = read(&options.file, &profile)?;
    let is_import = options.action == RosterAction::Import;
    if is_import {
        import(options, &profile, &roster, &report)?;
    }
    if options.json {
        say(&as_json(&report, is_import).to_string());
    } else {
        as_words(&report, is_import, language).iter().for_each(|line| say(line));
    }
    Ok(if report.grave == 0 { Done::Well } else { Done::WithFindings })
}

/// Reads a roster; of a file that is larger than any roster not even the bytes.
pub(super) fn read(file: &Path, profile: &Profile) -> Result<(Roster, Report), Failure> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|open| open.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|err| Failure::file(file, &err))?;
    Ok(Roster::inspect(&bytes, &profile.roster.columns())?)
}

fn import(options: &cli::Roster, profile: &Profile, roster: &Roster, report: &Report) -> Result<(), Failure> {
    let by = &profile.job.identified_by;
    if !by.contains(&Identification::Roster) && !by.contains(&Identification::IdCard) {
        return Err(Failure::misused(trouble::roster_not_wanted()));
    }
    if report.grave > 0 && !options.leave_out_faulty {
        return Err(RosterError::Faulty(Box::new(report.clone())).into());
    }
    let store = places::store(options.store.as_deref())?;
    let clock = Clock::start();
    let station = places::settings(None)?.station;
    let stood = unlock::stood(Deed::ImportRoster, &store)?;
    let (mut clerk, _) = Clerk::open(&stood.store, &station, &profile.name, clock.now())?;
    stood.log_in(&mut clerk, clock.now())?;
    stood.attest(&mut clerk, clock.now())?;
    clerk.take_roster(clock.now(), roster)?;
    Ok(())
}

fn as_json(report: &Report, imported: bool) -> Value {
    let fault = |fault: &RowFault| {
        json!({
            "row": fault.row,
            "column": fault.field.map(|field| field.to_string()),
            "fault": fault.fault.slug(),
            "grave": fault.fault.is_grave(),
            "words": fault.fault.to_string(),
        })
    };
    json!({
        "format": name(report.format),
        "heading": report.heading,
        "columns": report.fields.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "passed_over": report.passed_over,
        "students": report.students,
        "unusable": report.unusable,
        "grave": report.grave,
        "slight": report.slight,
        "faults": report.faults.iter().map(fault).collect::<Vec<_>>(),
        "imported": imported,
    })
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Utf8 => "CSV UTF-8",
        Format::Gb18030 => "CSV GB18030",
        Format::Utf16 => "UTF-16",
        Format::Workbook => "XLSX",
    }
}

fn as_words(report: &Report, imported: bool, language: Language) -> Vec<String> {
    let columns: Vec<String> = report.fields.iter().map(ToString::to_string).collect();
    let (format, heading, students) = (name(report.format), report.heading, report.students);
    let Report { unusable, grave, slight, passed_over, .. } = report;
    let zh = language == Language::Chinese;
    let mut lines = vec![if zh {
        let columns = columns.join("、");
        format!("{format}，表头在第 {heading} 行：{columns}；另有 {passed_over} 列不认识，没有读取")
    } else {
        let columns = columns.join(", ");
        format!("{format}, heading in row {heading}: {columns}; {passed_over} other columns were passed over")
    }];
    lines.extend(report.faults.iter().map(|fault| line(fault, language)));
    let untold = grave + slight - report.faults.len();
    if untold > 0 {
        lines.push(if zh { format!("……另有 {untold} 处") } else { format!("... and {untold} more") });
    }
    lines.push(match (zh, imported) {
        (true, false) => format!("可用 {students} 人，不能用 {unusable} 行，请核对 {slight} 处"),
        (true, true) => format!("已导入 {students} 人，没有导入 {unusable} 行，请核对 {slight} 处"),
        (false, false) => format!("{students} students can be used, {unusable} rows cannot, {slight} doubts"),
        (false, true) => format!("{students} students imported, {unusable} rows left out, {slight} doubts"),
    });
    lines
}

fn line(told: &RowFault, language: Language) -> String {
    let RowFault { row, field, fault } = told;
    let sign = if fault.is_grave() { "×" } else { "▲" };
    let field = field.map(|field| field.to_string()).unwrap_or_default();
    let words = trouble::fault(*fault);
    match language {
        Language::Chinese => format!("{sign} 第 {row} 行 {field}：{}", words.in_language(language)),
        Language::English => format!("{sign} row {row} {field}: {}", words.in_language(language)),
    }
}
