//! `caiying roster`: looks a school's list through, and takes it into a store. Rows and columns are named, never
//! what stands in them.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    cli::{self, RosterAction},
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    clerk::Clerk,
    errand::{self, RosterRefused},
    keys::Deed,
    language::Language,
    profile::Profile,
    screens::trouble,
    shot::Clock,
    student::{Report, Roster, RowFault},
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

/// Reads a roster, as far as its rows can be used.
pub(super) fn read(file: &Path, profile: &Profile) -> Result<(Roster, Report), Failure> {
    errand::look_through(file, profile).map_err(|why| refused(file, &why))
}

fn refused(file: &Path, why: &RosterRefused) -> Failure {
    match why {
        RosterRefused::File(err) => Failure::file(file, err),
        RosterRefused::Roster(_) | RosterRefused::NotWanted => Failure::misused(trouble::roster_refused(why)),
    }
}

fn import(options: &cli::Roster, profile: &Profile, roster: &Roster, report: &Report) -> Result<(), Failure> {
    errand::may_take(profile, report, options.leave_out_faulty)
        .map_err(|why| refused(&options.file, &why))?;
    let store = places::store(options.store.as_deref())?;
    let clock = Clock::start();
    let station = places::settings(None)?.station;
    let stood = unlock::stood(Deed::ImportRoster, &store)?;
    let (mut clerk, _) = Clerk::open(&stood.store, &station, &profile.name, clock.now())?;
    stood.log_in(&mut clerk, clock.now())?;
    Ok(clerk.import_roster(clock.now(), roster, stood.second())?)
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
        "format": trouble::roster_format(report.format),
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

fn as_words(report: &Report, imported: bool, language: Language) -> Vec<String> {
    let untold = report.grave + report.slight - report.faults.len();
    let head = [trouble::roster_form(report)];
    let faults = report.faults.iter().map(trouble::roster_fault);
    let rest = (untold > 0).then(|| trouble::roster_untold(untold));
    let lines = head.into_iter().chain(faults).chain(rest).chain([trouble::roster_counts(report, imported)]);
    lines.map(|line| line.in_language(language).to_owned()).collect()
}
