//! `caiying journal`: the journal as a supervisor reads it, as a table, or to the letter. Changes nothing.

use std::{fs, io::Write as _, path::Path};

use chrono::{Days, Local, NaiveDate, TimeZone as _};

use super::{
    cli,
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    errand::{export_journal, journal_table},
    keys::Deed,
    language::{Language, Phrase},
    ledger::{Filter, Ledger, PageLine},
    screens::{journal_wording, journal_words, trouble},
    shot::{Moment, SittingId, date_and_time},
};

/// Shows the journal, and says on the error output where its chain is broken.
pub(super) fn run(options: &cli::Journal, language: Language) -> Result<Done, Failure> {
    let store = places::store(options.store.as_deref())?;
    let ledger = Ledger::read(&unlock::stood(Deed::ReadJournal, &store)?.store)?;
    if let Some(file) = &options.checkpoint {
        let noted =
            ledger.last_checkpoint()?.ok_or_else(|| Failure::missing(trouble::no_checkpoint_yet()))?;
        write(file, &noted.note.text())?;
    } else if let Some(file) = &options.export {
        write(file, &export_journal(&ledger)?)?;
    } else if let Some(file) = &options.csv {
        let table = journal_table(&ledger, &filter(options), &journal_wording(language))?;
        write(file, &table.csv)?;
        let lines = table.lines;
        say(Phrase::new(format!("写入 {lines} 行"), format!("{lines} lines written")).in_language(language));
    } else {
        ledger.read_lines(&filter(options), |line| {
            say(&in_words(&line, language));
            Ok::<(), Failure>(())
        })?;
    }
    let chain = ledger.chain()?;
    for broken in &chain.broken {
        let words = trouble::unsound(broken);
        let said = match language {
            Language::Chinese => format!("有问题：{}", words.zh),
            Language::English => format!("something is wrong: {}", words.en),
        };
        writeln!(std::io::stderr().lock(), "{}", super::printable(&said)).ok();
    }
    Ok(if chain.broken.is_empty() { Done::Well } else { Done::WithFindings })
}

fn filter(options: &cli::Journal) -> Filter {
    let day_after = |day: NaiveDate| day.checked_add_days(Days::new(1));
    Filter {
        kind: options.kind,
        who: options.who.clone(),
        sitting: options.sitting.map(SittingId),
        from: options.from.and_then(midnight),
        until: options.to.and_then(day_after).and_then(midnight),
    }
}

/// The beginning of a day by this computer's clock on the wall; where there is none, because clocks were put forward at
/// that very hour, an hour later.
fn midnight(day: NaiveDate) -> Option<Moment> {
    let hours = (0..2).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    let mut known = hours.filter_map(|at| Local.from_local_datetime(&at).earliest());
    known.next().map(|at| Moment(at.timestamp_millis()))
}

fn in_words(line: &PageLine, language: Language) -> String {
    let words = journal_words(line.fact.as_ref());
    let who = if line.scribe.who.is_empty() { "—" } else { &line.scribe.who };
    let (at, station, words) = (date_and_time(line.at), &line.scribe.station, words.in_language(language));
    format!("{}\t{at}\t{station}\t{who}\t{words}", line.seq)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text).map_err(|err| Failure::file(file, &err))
}
