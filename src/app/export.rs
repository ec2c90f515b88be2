//! `caiying export`: delivers every student's current portrait, named as the profile asks.

use std::{io::Write as _, path::Path};

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    places, say,
};
use crate::{
    clerk::{Clerk, ClerkError},
    language::{Language, Phrase},
    ledger::LedgerError,
    profile::{Profile, Role},
    screens::{Words, trouble},
    shot::Clock,
    station::Fact,
    student::{Field, Roster, RosterError},
    sync,
    vault::Vault,
};

/// What this target is called in the journal.
const TARGET: &str = "folder";

/// Exports a store.
pub(super) fn run(options: &cli::Export, language: Language) -> Result<Done, Failure> {
    let profile = places::profile(&options.profile)?;
    let unlocked = unlocked(options, &profile)?;
    // A store that is not there must not be made.
    Vault::existing(&options.store).map_err(ClerkError::from)?;
    let clock = Clock::start();
    let given = options.roster.as_deref().map(|file| roster(file, &profile)).transpose()?;
    let (mut clerk, recovery) = Clerk::open(&options.store, "export", &profile.name, clock.now())?;
    // The list that was imported knows everybody who was found in it.
    let people = clerk.people(given)?;
    // It is told at one start only: this one.
    if let Some(words) = trouble::recovery(&recovery) {
        writeln!(std::io::stderr().lock(), "{}", words.line(language)).ok();
    }
    let ledger = |err: LedgerError| ClerkError::from(err);
    let parcels = clerk.ledger().current().map_err(ledger)?;
    let waiting = clerk.ledger().queue().map_err(ledger)?;
    let plan = sync::plan(&parcels, &profile, &people)?;
    if let Some(role) = unlocked {
        clerk.record(clock.now(), &Fact::Unlocked { purpose: "export".to_owned(), role })?;
    }
    let delivery = sync::export(clerk.vault(), &plan, &options.to)?;
    for parcel in waiting.iter().filter(|parcel| delivery.objects.contains(&parcel.object)) {
        let delivered = Fact::Delivered { target: TARGET.to_owned(), object: parcel.object };
        clerk.record(clock.now(), &delivered)?;
    }
    let missing: Vec<String> = plan.missing.fields.iter().map(Field::to_string).collect();
    if options.json {
        say(&json!({
            "portraits": parcels.len(),
            "files": plan.items.len(),
            "written": delivery.written,
            "already": delivery.already,
            "replaced": delivery.replaced,
            "removed": delivery.removed,
            "nameless": plan.missing.portraits,
            "missing": missing,
        })
        .to_string());
    } else {
        say(&words(&parcels.len(), &delivery, plan.missing.portraits, &missing, language));
    }
    Ok(if plan.missing.portraits == 0 { Done::Well } else { Done::WithFindings })
}

/// Whoever stands for showing identities, if this delivery shows any. The word is taken for it and written
/// down; passphrases are the work of a later version.
fn unlocked(options: &cli::Export, profile: &Profile) -> Result<Option<Role>, Failure> {
    if !profile.names_show_identity() {
        return Ok(None);
    }
    let role = options.unlocked_by.map(cli::Unlocker::role);
    match role.filter(|role| profile.privacy.unlocked_by.contains(role)) {
        Some(role) => Ok(Some(role)),
        None => Err(Failure::misused(Words {
            headline: Phrase::new(
                "这个档案的文件名含姓名或身份证号，没有导出",
                "this profile's file names show identities, and nothing was exported",
            ),
            remedy: remedy(profile),
        })),
    }
}

/// Who may unlock, by this profile.
fn remedy(profile: &Profile) -> Phrase {
    let by_administrator = !profile.privacy.unlocked_by.contains(&Role::Supervisor);
    if by_administrator {
        return Phrase::new(
            "请在管理员在场时加 --unlocked-by administrator，该操作会记入流水",
            "with the administrator present, add --unlocked-by administrator; it is written down",
        );
    }
    Phrase::new(
        "请在学校监督员在场时加 --unlocked-by supervisor，该操作会记入流水",
        "with the school's supervisor present, add --unlocked-by supervisor; it is written down",
    )
}

/// A roster of which every row can be used.
fn roster(file: &Path, profile: &Profile) -> Result<Roster, Failure> {
    let (roster, report) = super::roster::read(file, profile)?;
    if report.grave > 0 { Err(RosterError::Faulty(Box::new(report)).into()) } else { Ok(roster) }
}

fn words(
    portraits: &usize,
    delivery: &sync::Delivery,
    nameless: usize,
    missing: &[String],
    language: Language,
) -> String {
    let sync::Delivery { written, already, replaced, removed, .. } = delivery;
    let missing = missing.join("、");
    let done = match language {
        Language::Chinese => format!(
            "{portraits} 位考生，写入 {written} 个文件（其中替换 {replaced} 个），{already} 个已在，删除旧文件 {removed} 个"
        ),
        Language::English => format!(
            "{portraits} students, {written} files written ({replaced} of them replaced), {already} there already, \
             {removed} old ones removed"
        ),
    };
    match (language, nameless) {
        (_, 0) => done,
        (Language::Chinese, _) => format!(
            "{done}；{nameless} 位缺少 {missing}，已按指纹放入“待补信息”：请用 --roster 给出学校名册后重新导出"
        ),
        (Language::English, _) => format!(
            "{done}; {nameless} lack {missing} and lie under their fingerprints: give the school's --roster and \
             export again"
        ),
    }
}
