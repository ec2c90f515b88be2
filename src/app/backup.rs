//! `caiying backup` and `caiying restore`: a second copy of a store, and a store made of one.
//!
//! JSON of `backup`: `copied` and `already` (files), `bytes` (copied), `passed_over`, `place` (`other_disk` or
//! `same_disk`), and the `manifest` as it lies in `backup.json`. JSON of `restore`: `files`, `lost` (names of files that the
//! backup has not, or damaged), `passed_over`, `older` (whether the backup before the newest was taken), `faults` (what
//! `verify` says of the new store, in English), `manifest`.

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say,
};
use crate::{clerk, errand, language::Language, screens::trouble, shot::Clock};

/// Makes a second copy of a store, whether a station works on it or not.
pub(super) fn backup(options: &cli::Backup, language: Language) -> Result<Done, Failure> {
    let store = options.store.clone().unwrap_or_else(places::default_store);
    let (clock, mut meter) = (Clock::start(), Meter::on_terminal(language));
    let done =
        errand::backup(&store, clock.now(), &options.to, &mut |part, done, of| meter.step(part, done, of))?;
    drop(meter);
    clerk::note_backup(&store, clock.now(), &done.fact())?;
    if options.json {
        say(&json!({
            "copied": done.copied,
            "already": done.already,
            "bytes": done.bytes,
            "passed_over": done.passed_over,
            "place": done.place,
            "manifest": done.manifest,
        })
        .to_string());
    } else {
        let (_, words) = trouble::backed_up(&done);
        say(&words.line(language));
    }
    Ok(Done::Well)
}

/// Makes a store of a backup.
pub(super) fn restore(options: &cli::Restore, language: Language) -> Result<Done, Failure> {
    let mut meter = Meter::on_terminal(language);
    let (restored, report) =
        errand::restore(&options.from, &options.store, options.keys.as_deref(), &mut |part, done, of| {
            meter.step(part, done, of)
        })?;
    drop(meter);
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    if options.json {
        say(&json!({
            "files": restored.files,
            "lost": restored.lost,
            "passed_over": restored.passed_over,
            "older": restored.is_older,
            "faults": faults,
            "manifest": restored.manifest,
        })
        .to_string());
    } else {
        say(&trouble::restored(&restored).line(language));
        for fault in &report.faults {
            let found = trouble::found(fault);
            say(&match language {
                Language::Chinese => format!("有问题：{}", found.zh),
                Language::English => format!("wrong: {}", found.en),
            });
        }
    }
    let whole = restored.lost.is_empty() && report.faults.is_empty();
    Ok(if whole { Done::Well } else { Done::WithFindings })
}
