//! `caiying export`: delivers every student's current portrait, named as the profile asks.

use std::{io::Write as _, path::Path};

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say,
    unlock::{self, Stood},
};
use crate::{
    clerk::{Clerk, ClerkError},
    errand::{self, Exported, Load},
    keys::Deed,
    language::{Language, Phrase},
    profile::{Locked, Profile, Role},
    screens::{Words, trouble},
    shot::Clock,
    station::Fact,
    student::{Field, Roster, RosterError},
    vault::Vault,
};

/// Exports a store.
pub(super) fn run(options: &cli::Export, language: Language) -> Result<Done, Failure> {
    let profile = places::profile(&options.profile)?;
    let deed = if profile.names_show_identity() { Deed::ExportWithIdentity } else { Deed::Export };
    let stood = unlock::stood(deed, &options.store)?;
    let said = unlocked(options, &profile, &stood)?;
    // A store that is not there must not be made.
    Vault::existing(&stood.store).map_err(ClerkError::from)?;
    let clock = Clock::start();
    let given = options.roster.as_deref().map(|file| roster(file, &profile)).transpose()?;
    // What is written is written on this machine.
    let station = places::settings(None)?.station;
    let (mut clerk, recovery) = Clerk::open(&stood.store, &station, &profile.name, clock.now())?;
    stood.log_in(&mut clerk, clock.now())?;
    // The list that was imported knows everybody who was found in it.
    let people = clerk.people(given)?;
    // It is told at one start only: this one.
    if let Some(words) = trouble::recovery(&recovery) {
        writeln!(std::io::stderr().lock(), "{}", words.line(language)).ok();
    }
    let load = Load::of(clerk.ledger(), &profile, &people)?;
    stood.attest(&mut clerk, clock.now())?;
    if let Some(role) = said {
        clerk
            .record(clock.now(), &Fact::Unlocked { purpose: "export".to_owned(), role, by: String::new() })?;
    }
    let mut meter = Meter::on_terminal(language);
    let exported =
        load.deliver(clerk.vault(), &options.to, &mut |stage, done, of| meter.step(stage.into(), done, of))?;
    drop(meter);
    clerk.note_delivered(clock.now(), errand::FOLDER, &exported.delivery.objects)?;
    tell(&exported, options.json, language);
    Ok(if exported.missing.portraits == 0 { Done::Well } else { Done::WithFindings })
}

fn tell(exported: &Exported, json: bool, language: Language) {
    let Exported { portraits, files, missing, delivery } = exported;
    let fields: Vec<String> = missing.fields.iter().map(Field::to_string).collect();
    if json {
        say(&json!({
            "portraits": portraits,
            "files": files,
            "written": delivery.written,
            "already": delivery.already,
            "replaced": delivery.replaced,
            "removed": delivery.removed,
            "nameless": missing.portraits,
            "missing": fields,
        })
        .to_string());
    } else {
        say(&words(exported, &fields.join("、"), language));
    }
}

/// Whoever stands for showing identities, if this delivery shows any: of those who showed their passphrases one has to be
/// somebody whom this profile lets unlock. In a rehearsal, where nobody has a passphrase, whoever is said to; he is given
/// back, to be written down.
fn unlocked(options: &cli::Export, profile: &Profile, stood: &Stood) -> Result<Option<Role>, Failure> {
    if stood.is_open_to_all() {
        return profile.unlocked_by(options.unlocked_by.map(cli::Unlocker::role)).map_err(|locked| {
            Failure::misused(Words { headline: trouble::locked().headline, remedy: remedy(&locked) })
        });
    }
    let may = stood.roles().find(|role| profile.unlocked_by(Some(*role)).is_ok());
    match profile.unlocked_by(may) {
        Ok(_) => Ok(None),
        Err(_locked) => Err(Failure::misused(trouble::locked())),
    }
}

/// Who may unlock, by this profile.
fn remedy(locked: &Locked) -> Phrase {
    if !locked.by.contains(&Role::Supervisor) {
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

fn words(exported: &Exported, missing: &str, language: Language) -> String {
    let (done, nameless) = (trouble::exported(exported), exported.missing.portraits);
    let done = done.in_language(language);
    match (language, nameless) {
        (_, 0) => done.to_owned(),
        (Language::Chinese, _) => format!(
            "{done}；{nameless} 位缺少 {missing}，已按指纹放入“待补信息”：请用 --roster 给出学校名册后重新导出"
        ),
        (Language::English, _) => format!(
            "{done}; {nameless} lack {missing} and lie under their fingerprints: give the school's --roster and \
             export again"
        ),
    }
}
