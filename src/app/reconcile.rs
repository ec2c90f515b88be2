//! `caiying reconcile`: expected, sat, kept, delivered, class by class and in all; and everything that does not add up.
//!
//! JSON, one object. Counts are `{"expected", "sat", "kept", "delivered"}`, students each; `expected` is null where nobody
//! said. `all`, `outside` (who sat without being in the roster) and each of `classes` (with `college`, `major`, `class`)
//! are such counts. `adds_up` says whether `findings` is empty. A finding has `finding`: `lost`, `withdrawn`, `double`, `outdated`,
//! `count`, `roster_size`, `nobody_expected`, `missing`, `unlisted`, `undelivered` or `strays`; `zh` and `en`, its words; and, where it is
//! about somebody, `who`: either `{"name", "number", "college", "major", "class"}`, masked, the number its last four
//! characters only, or `{"fingerprint"}`. `missing` has `stands`: `absent`, `left` or `sits`; `lost` has `object` and
//! `delivered`; `double` has `portraits`; `count` has `expected` and `kept`; `roster_size` has `expected` and `listed`;
//! `strays` has `shots`. New keys may be added; none is renamed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    cli,
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    clerk::{self, ClerkError, Counts, Finding, Person, Reckoning, Stands, Who},
    keys::Store,
    language::{Language, Phrase},
    ledger::{Ledger, LedgerError},
    screens::trouble,
};

/// The profile, where the store does not say which.
const USUAL_PROFILE: &str = "chsi_2017_99";

/// Of one kind no more findings than this are written out; `--json` has all.
const WRITTEN_OUT: usize = 50;

/// Closes the books of a store.
pub(super) fn run(options: &cli::Reconcile, language: Language) -> Result<Done, Failure> {
    let store = unlock::store(&places::store(options.store.as_deref())?)?;
    let named = match &options.profile {
        Some(named) => named.clone(),
        None => last_profile(&store).map_err(ClerkError::from)?,
    };
    let profile = places::profile(&named)?;
    let reckoning = clerk::reconcile(&store, &profile, options.expected)?;
    if options.json {
        say(&told(&reckoning).to_string());
    } else {
        lines(&reckoning).iter().for_each(|line| say(line.in_language(language)));
    }
    Ok(if reckoning.adds_up() { Done::Well } else { Done::WithFindings })
}

/// The profile that the store was opened with last.
fn last_profile(store: &Store) -> Result<String, LedgerError> {
    Ok(Ledger::read(store)?.last_profile()?.unwrap_or_else(|| USUAL_PROFILE.to_owned()))
}

/// The books in words, line by line.
fn lines(reckoning: &Reckoning) -> Vec<Phrase> {
    let row = |name: &Phrase, counts: &Counts| {
        let counts = trouble::counts(counts);
        Phrase::new(format!("{}：{}", name.zh, counts.zh), format!("{}: {}", name.en, counts.en))
    };
    let mut lines = vec![row(&Phrase::new("全部", "all"), &reckoning.all)];
    lines.extend(reckoning.classes.iter().map(|class| row(&trouble::class(&class.class), &class.counts)));
    if !reckoning.classes.is_empty() && reckoning.outside.sat > 0 {
        lines.push(row(&Phrase::new("名册外", "in no roster"), &reckoning.outside));
    }
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &reckoning.findings {
        let so_far = written.entry(kind(finding)).or_default();
        *so_far += 1;
        if *so_far <= WRITTEN_OUT {
            let said = trouble::finding(finding);
            lines.push(Phrase::new(format!("× {}", said.zh), format!("× {}", said.en)));
        }
    }
    for left in written.values().filter_map(|count| count.checked_sub(WRITTEN_OUT)).filter(|left| *left > 0) {
        lines.push(Phrase::new(
            format!("× 还有 {left} 条同类的没有列出：--json 列出全部"),
            format!("× {left} more of one kind: --json lists all"),
        ));
    }
    if reckoning.adds_up() {
        lines.push(Phrase::new(
            "一个不多、一个不少、一个不错。",
            "nobody too many, nobody missing, nothing wrong.",
        ));
    }
    lines
}

fn told(reckoning: &Reckoning) -> Value {
    let class = |class: &clerk::ClassCounts| {
        let [college, major, name] = &class.class;
        let mut told = counts(&class.counts);
        merge(&mut told, json!({ "college": college, "major": major, "class": name }));
        told
    };
    json!({
        "all": counts(&reckoning.all),
        "classes": reckoning.classes.iter().map(class).collect::<Vec<_>>(),
        "outside": counts(&reckoning.outside),
        "adds_up": reckoning.adds_up(),
        "findings": reckoning.findings.iter().map(found).collect::<Vec<_>>(),
    })
}

fn counts(counts: &Counts) -> Value {
    let Counts { expected, sat, kept, delivered } = counts;
    json!({ "expected": expected, "sat": sat, "kept": kept, "delivered": delivered })
}

fn found(finding: &Finding) -> Value {
    let words = trouble::finding(finding);
    let mut told = json!({ "finding": kind(finding), "zh": words.zh, "en": words.en });
    merge(
        &mut told,
        match finding {
            Finding::Lost { who, object, delivered } => {
                json!({ "who": shown(who), "object": object, "delivered": delivered })
            }
            Finding::Double { who, portraits } => json!({ "who": shown(who), "portraits": portraits }),
            Finding::Withdrawn { who } | Finding::Outdated { who } | Finding::Undelivered { who } => {
                json!({ "who": shown(who) })
            }
            Finding::Count { expected, kept } => json!({ "expected": expected, "kept": kept }),
            Finding::RosterSize { expected, listed } => json!({ "expected": expected, "listed": listed }),
            Finding::Missing { who, stands } => {
                let stands = match stands {
                    Stands::Absent => "absent",
                    Stands::Left => "left",
                    Stands::Sits => "sits",
                };
                json!({ "who": shown(who), "stands": stands })
            }
            Finding::Unlisted { fingerprint } => json!({ "who": { "fingerprint": fingerprint } }),
            Finding::Strays { shots } => json!({ "shots": shots }),
            Finding::NobodyExpected => json!({}),
        },
    );
    told
}

fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::Lost { .. } => "lost",
        Finding::Withdrawn { .. } => "withdrawn",
        Finding::Double { .. } => "double",
        Finding::Outdated { .. } => "outdated",
        Finding::Count { .. } => "count",
        Finding::RosterSize { .. } => "roster_size",
        Finding::Missing { .. } => "missing",
        Finding::Unlisted { .. } => "unlisted",
        Finding::Undelivered { .. } => "undelivered",
        Finding::Strays { .. } => "strays",
        Finding::NobodyExpected => "nobody_expected",
    }
}

fn shown(who: &Who) -> Value {
    match who {
        Who::Listed(Person { name, number, class: [college, major, class] }) => {
            json!({ "name": name, "number": number, "college": college, "major": major, "class": class })
        }
        Who::Unlisted(fingerprint) => json!({ "fingerprint": fingerprint }),
    }
}

/// Adds the keys of one object to another.
fn merge(to: &mut Value, more: Value) {
    if let (Value::Object(to), Value::Object(more)) = (to, more) {
        to.extend(more);
    }
}
