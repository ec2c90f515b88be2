//! `caiying verify`: reads a whole store and says what is wrong with it.

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say, unlock,
};
use crate::{errand, language::Language, screens::trouble};

/// Verifies a store.
pub(super) fn run(options: &cli::Verify, language: Language) -> Result<Done, Failure> {
    let store = options.store.clone().unwrap_or_else(places::default_store);
    let mut meter = Meter::on_terminal(language);
    // Nobody stops it.
    let report = errand::verify(&unlock::store(&store)?, &mut |part, done, of| meter.step(part, done, of))?
        .unwrap_or_default();
    drop(meter);
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let in_words = report.faults.iter().map(|fault| trouble::found(fault).in_language(language).to_owned());
    if options.json {
        say(&json!({
            "lines": report.lines,
            "shots": report.shots,
            "kept": report.kept,
            "orphans": report.orphans,
            "faults": faults,
        })
        .to_string());
    } else {
        say(&format!(
            "流水 {} 行，原片 {} 张，成品 {} 张，未入账文件 {} 个",
            report.lines, report.shots, report.kept, report.orphans
        ));
        for fault in in_words {
            say(&format!("有问题：{fault}"));
        }
        if faults.is_empty() {
            say("没有发现改动、缺失或损坏。");
        }
    }
    Ok(if faults.is_empty() { Done::Well } else { Done::WithFindings })
}
