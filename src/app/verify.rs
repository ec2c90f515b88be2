//! `caiying verify`: reads a whole store and says what is wrong with it, beside the checkpoints that somebody kept.

use std::{fs, path::Path};

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say, unlock,
};
use crate::{
    clerk::Report,
    errand,
    language::{Language, Phrase},
    ledger::{Note, Witnesses},
    screens::trouble,
};

/// Verifies a store.
pub(super) fn run(options: &cli::Verify, language: Language) -> Result<Done, Failure> {
    let store = places::store(options.store.as_deref())?;
    let notes: Vec<Note> = options.checkpoint.iter().map(|file| note(file)).collect::<Result<_, _>>()?;
    // The station's key is known to nobody here yet.
    let witnesses = Witnesses { notes: &notes, key: None };
    let mut meter = Meter::on_terminal(language);
    let mut go_on = |part, done, of| meter.step(part, done, of);
    // Nobody stops it.
    let report = errand::verify_before(&unlock::store(&store)?, &witnesses, &mut go_on)?.unwrap_or_default();
    drop(meter);
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let in_words = report.faults.iter().map(|fault| trouble::found(fault).in_language(language).to_owned());
    if options.json {
        say(&json!({
            "lines": report.lines,
            "shots": report.shots,
            "kept": report.kept,
            "checkpoints": report.checkpoints,
            "signatures_checked": report.signatures,
            "orphans": report.orphans,
            "faults": faults,
        })
        .to_string());
    } else {
        say(&format!(
            "流水 {} 行，原片 {} 张，成品 {} 张，未入账文件 {} 个",
            report.lines, report.shots, report.kept, report.orphans
        ));
        if report.checkpoints > 0 {
            say(checkpoints(&report).in_language(language));
        }
        for fault in in_words {
            say(&format!("有问题：{fault}"));
        }
        if faults.is_empty() {
            say("没有发现改动、缺失或损坏。");
        }
    }
    Ok(if faults.is_empty() { Done::Well } else { Done::WithFindings })
}

/// How many checkpoints the journal was compared with, and whether anybody looked who signed them.
fn checkpoints(report: &Report) -> Phrase {
    let n = report.checkpoints;
    if report.signatures {
        return Phrase::new(
            format!("检查点 {n} 个，签名已核对"),
            format!("{n} checkpoints, their signatures checked"),
        );
    }
    Phrase::new(
        format!("检查点 {n} 个；没有本站的公钥，签名没有核对"),
        format!("{n} checkpoints; without the station's public key nobody checked their signatures"),
    )
}

/// A checkpoint that somebody kept.
pub(super) fn note(file: &Path) -> Result<Note, Failure> {
    let text = fs::read(file).map_err(|err| Failure::file(file, &err))?;
    Note::parse(&String::from_utf8_lossy(&text))
        .map_err(|err| Failure::misused(trouble::no_checkpoint(file, err)))
}
