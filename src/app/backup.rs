//! `caiying backup` and `caiying restore`: a second copy of a store, and a store made of one.
//!
//! JSON of `backup`: `copied` and `already` (files), `replaced` (of `copied`: they stood there damaged), `missing_here` (of
//! `already`: the store lost them), `bytes` (copied), `passed_over`, `place` (`other_disk` or `same_disk`), and the
//! `manifest` as it lies in `backup.json`. JSON of `restore`: `files`, `lost` (names of files that the
//! backup has not, or damaged), `passed_over`, `older` (whether the backup before the newest was taken), `faults` (what
//! `verify` says of the new store, in English), `manifest`.

use std::{fs::File, io::Read as _, path::Path};

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say, unlock,
};
use crate::{
    clerk::{self, Report},
    errand,
    keys::{KeyFile, KeysError, SIZE, Store},
    language::{Language, Phrase},
    ledger::Scribe,
    screens::{Words, trouble},
    shot::Clock,
    sync::Restored,
};

/// Makes a second copy of a store, whether a station works on it or not.
pub(super) fn backup(options: &cli::Backup, language: Language) -> Result<Done, Failure> {
    let folder = places::store(options.store.as_deref())?;
    let (_, unlocked) = unlock::unlocked(&folder)?;
    let store = Store::new(folder, unlocked.keys().clone());
    let (clock, mut meter) = (Clock::start(), Meter::on_terminal(language));
    let mut go_on = |part, done, of| meter.step(part, done, of);
    let done = errand::backup(&store, clock.now(), &options.to, &mut go_on)?;
    drop(meter);
    let scribe = Scribe { station: places::settings(None)?.station, who: unlocked.who().label().to_owned() };
    clerk::note_backup(&store, scribe, clock.now(), &done.fact())?;
    if options.json {
        say(&json!({
            "copied": done.copied,
            "already": done.already,
            "replaced": done.replaced,
            "missing_here": done.missing_here,
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
    Ok(if done.missing_here == 0 { Done::Well } else { Done::WithFindings })
}

/// Makes a store of a backup, with the station's key file.
pub(super) fn restore(options: &cli::Restore, language: Language) -> Result<Done, Failure> {
    let mut key_file = Vec::new();
    // A byte more than there can be tells that it is none.
    let read =
        File::open(&options.keys).and_then(|file| file.take(SIZE as u64 + 1).read_to_end(&mut key_file));
    read.map_err(|err| Failure::file(&options.keys, &err))?;
    let parsed = KeyFile::parse(&key_file).map_err(|err| {
        let is_none = matches!(err, KeysError::NotAKeyFile);
        if is_none { no_key_file(&options.keys) } else { err.into() }
    });
    let (key_file, _) = parsed?;
    let unlocked = unlock::with(&key_file, &options.keys)?;
    let mut meter = Meter::on_terminal(language);
    let mut go_on = |part, done, of| meter.step(part, done, of);
    let (restored, report) =
        errand::restore(&options.from, &options.store, (&key_file, unlocked.keys()), &mut go_on)?;
    drop(meter);
    tell(&restored, &report, options.json, language);
    let whole = restored.lost.is_empty() && report.faults.is_empty();
    Ok(if whole { Done::Well } else { Done::WithFindings })
}

fn no_key_file(file: &Path) -> Failure {
    let file = file.display();
    Failure::misused(Words {
        headline: Phrase::new(format!("{file} 不是钥匙文件"), format!("{file} is no key file")),
        remedy: Phrase::new(
            "没有改动；--keys 要写原来数据文件夹里的 keys，或另存的那一份",
            "nothing was changed; --keys must name the store's file keys, or the copy that was kept of it",
        ),
    })
}

fn tell(restored: &Restored, report: &Report, json: bool, language: Language) {
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    if json {
        return say(&json!({
            "files": restored.files,
            "lost": restored.lost,
            "passed_over": restored.passed_over,
            "older": restored.is_older,
            "faults": faults,
            "manifest": restored.manifest,
        })
        .to_string());
    }
    say(&trouble::restored(restored).line(language));
    for fault in &report.faults {
        let found = trouble::found(fault);
        say(&match language {
            Language::Chinese => format!("有问题：{}", found.zh),
            Language::English => format!("wrong: {}", found.en),
        });
    }
}
