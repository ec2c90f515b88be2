//! `caiying destroy`: a store is destroyed before the school's eyes; a certificate of it is checked.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    cli,
    failure::{Done, Failure},
    places, say,
    unlock::{self, Stood},
    verify,
};
use crate::{
    errand::{
        Certificate, Destruction, Evidence, JOURNAL, Testimony, certificate_folder, check_certificate,
        finish_destruction,
    },
    keys::{Deed, Holder, Unlocked, Who},
    language::Language,
    paper,
    profile::Role,
    screens::{self, certificate_sections, trouble},
    shot::Clock,
    vault::{key_file, key_file::KeyFileError},
};

/// Destroys a store, finishes what was interrupted, or checks a certificate.
pub(super) fn run(options: &cli::Destroy, language: Language) -> Result<Done, Failure> {
    if let Some(file) = &options.check {
        return check(file, &options.checkpoint, language);
    }
    let folder = places::store(options.store.as_deref())?;
    let clock = Clock::start();
    if matches!(key_file::read(&folder), Err(KeyFileError::Destroyed)) {
        confirm_the_rest(&folder, language)?;
    }
    if let Some(finished) = finish_destruction(&folder, clock)? {
        say(&trouble::destruction_finished(&finished).line(language));
        return Ok(if finished.left == 0 { Done::Well } else { Done::WithFindings });
    }
    let into =
        options.certificate.as_deref().ok_or_else(|| Failure::misused(trouble::no_certificate_folder()))?;
    let stood = unlock::stood(Deed::Delete, &folder)?;
    let mut testimony = persons(&stood);
    (testimony.place, testimony.contact) = (options.place.clone(), options.contact.clone());
    (testimony.property_number, testimony.destination) =
        (options.property_number.clone(), options.destination.clone());

    let station = places::settings(None)?.station;
    let mut destruction = Destruction::prepare(stood.store.clone(), &station, clock)?;
    stood.log_in(destruction.clerk(), clock.now())?;
    destruction.may_hold_certificate(into)?;
    if let Some(words) = trouble::recovery(destruction.recovery()) {
        unlock::tell(&words.line(language))?;
    }
    unlock::tell(trouble::to_be_destroyed(destruction.inventory(), &folder).in_language(language))?;
    hear_the_school(&destruction, options.waiver, &mut testimony, language)?;
    destruction.may_go(&testimony)?;
    confirm(&destruction, &folder, &testimony, language)?;

    unlock::tell(trouble::under_way().in_language(language))?;
    stood.attest(destruction.clerk(), clock.now())?;
    drop(stood);
    let page = |certificate: &Certificate, digest| {
        let (title, sections, foot) = certificate_sections(certificate, digest);
        Ok(paper::pdf(&paper::sheets(&title, &sections, &foot)?))
    };
    let most = options.search_gib.saturating_mul(1 << 30);
    let certificate = destruction.carry_out(&testimony, (into, &page), most, &mut |_, _| ())?;
    let folder = certificate_folder(into, &certificate.number);
    say(&trouble::destroyed(&certificate, &folder).line(language));
    let is_passed = certificate.is_passed();
    Ok(if is_passed { Done::Well } else { Done::WithFindings })
}

/// Who stands for it: two persons, one of them the school's, who stands by, whoever of the two came first; nobody in a
/// rehearsal.
fn persons(stood: &Stood) -> Testimony {
    let of = |unlocked: &Unlocked| match unlocked.who() {
        Who::Holder(holder) => Some(holder.clone()),
        Who::Recovery | Who::Everybody => None,
    };
    let (Some(first), Some(second)) = (of(&stood.first), stood.second.as_ref().and_then(of)) else {
        return Testimony { rehearsal: stood.is_open_to_all(), ..Testimony::default() };
    };
    let [does, stands_by] = if first.role == Role::Supervisor { [second, first] } else { [first, second] };
    let said = |holder: Holder| (holder.label, screens::role(holder.role).zh);
    Testimony { first: said(does), second: Some(said(stands_by)), ..Testimony::default() }
}

/// What the school's supervisor says of what was delivered, and why the rest may go.
fn hear_the_school(
    destruction: &Destruction,
    waiver: bool,
    testimony: &mut Testimony,
    language: Language,
) -> Result<(), Failure> {
    let (students, undelivered) = (destruction.inventory().students, destruction.inventory().undelivered);
    if testimony.rehearsal {
        return Ok(());
    }
    let needs_waiver = destruction.inventory().needs_waiver();
    if needs_waiver && waiver {
        let asked = trouble::ask_for_waiver(destruction.inventory());
        testimony.waiver = Some(unlock::line(asked.in_language(language))?.trim().to_owned());
        // A waiver that is none is told before anything else is asked.
        let heard = Testimony { accepted_by: Some(String::new()), ..testimony.clone() };
        destruction.may_go(&heard)?;
    } else if needs_waiver {
        destruction.may_go(testimony)?;
    }
    if students > undelivered {
        let supervisor = testimony.second.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        let asked = trouble::ask_for_acceptance(&supervisor, students - undelivered);
        let said = unlock::line(asked.in_language(language))?;
        let accepts = trouble::ACCEPTED.iter().any(|word| said.trim().eq_ignore_ascii_case(word));
        testimony.accepted_by = accepts.then_some(supervisor);
    }
    Ok(())
}

/// A folder's whole path, and its name.
fn named(folder: &Path) -> (PathBuf, String) {
    let whole = folder.canonicalize().unwrap_or_else(|_relative| folder.to_owned());
    let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (whole, name)
}

/// Whether what an interrupted destruction left may go: nobody is asked for a passphrase any more, and a folder that is
/// not the one that was meant must not go by a slip.
fn confirm_the_rest(folder: &Path, language: Language) -> Result<(), Failure> {
    let (whole, name) = named(folder);
    let said = unlock::line(trouble::ask_to_finish(&whole, &name).in_language(language))?;
    if said.trim() == name { Ok(()) } else { Err(Failure::missing(trouble::not_finished())) }
}

/// The last word: nobody destroys a store by accident.
fn confirm(
    destruction: &Destruction,
    folder: &Path,
    testimony: &Testimony,
    language: Language,
) -> Result<(), Failure> {
    let (_, name) = named(folder);
    let portraits = destruction.inventory().portraits;
    let said = unlock::line(
        trouble::ask_for_last_word(&name, portraits, testimony.rehearsal).in_language(language),
    )?;
    let said = said.trim();
    // A number that is none of photos, as 0 of an empty store, could be typed without looking.
    if said == name || portraits > 0 && said == portraits.to_string() {
        return Ok(());
    }
    Err(Failure::missing(trouble::not_confirmed()))
}

/// Checks a certificate with what lies beside it.
fn check(file: &Path, kept: &[PathBuf], language: Language) -> Result<Done, Failure> {
    let read = |file: &Path| fs::read(file).map_err(|err| Failure::file(file, &err));
    let (json, signature) = (read(file)?, read(&file.with_extension("sig"))?);
    let journal = read(&file.with_file_name(JOURNAL))?;
    let kept = kept.iter().map(|file| verify::note(file)).collect::<Result<Vec<_>, _>>()?;
    let signature = String::from_utf8_lossy(&signature);
    let evidence = Evidence { json: &json, signature: &signature, journal: &journal, kept: &kept };
    match check_certificate(&evidence) {
        Ok(certificate) => {
            say(&trouble::certificate_holds(&certificate, kept.len()).line(language));
            let is_passed = certificate.is_passed();
            Ok(if is_passed { Done::Well } else { Done::WithFindings })
        }
        Err(fault) => Err(Failure::missing(trouble::certificate(&fault))),
    }
}
