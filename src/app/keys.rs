//! `caiying keys`: a store's keys are made, and who may open it is changed.

use std::path::Path;

use serde_json::json;

use super::{
    cli::{self, KeysAction},
    failure::{Done, Failure},
    places, say,
    unlock::{self, Door},
};
use crate::{
    keys::{Holder, KeyFile, KeysError, Newcomer, Recipient, Unlocked, generate_recovery},
    language::Language,
    profile::Role,
    screens,
    vault::{self, key_file},
};

/// Makes or changes a store's keys.
pub(super) fn run(options: &cli::Keys, language: Language) -> Result<Done, Failure> {
    let folder = places::store(options.store.as_deref())?;
    match &options.action {
        KeysAction::Create { name, recovery } => create(&folder, name, recovery.as_deref())?,
        KeysAction::List { json } => list(&folder, *json, language)?,
        KeysAction::Add { name, role } => {
            let role = role.role();
            change(&folder, |door, by| {
                let second = second(door, role)?;
                let passphrase = unlock::new_passphrase(name)?;
                let newcomer = Newcomer { label: name, role, passphrase: &passphrase };
                Ok(door.add(by, second.as_ref(), newcomer).map(|_holder| ())?)
            })?;
        }
        KeysAction::Remove { name } => change(&folder, |door, by| {
            let gone = holder(door, name)?;
            let second = second(door, gone.role)?;
            Ok(door.remove(by, second.as_ref(), gone.slot)?)
        })?,
        KeysAction::Change { name } => {
            let (mut door, _) = Door::of(&folder)?;
            let slot = holder(&door, name)?.slot;
            // Wrong ones are told before a new one is thought up.
            let (_, old) = door.ask(slot, "现在的口令")?;
            door.change(slot, &old, &unlock::new_passphrase(name)?)?;
            key_file::update(&folder, &door)?;
        }
    }
    Ok(Done::Well)
}

/// Makes a store's keys with its first administrator.
fn create(folder: &Path, name: &str, recovery: Option<&str>) -> Result<(), Failure> {
    vault::keep_apart(folder, false).map_err(crate::shift::ShiftError::from)?;
    if key_file::exists(folder) {
        return Err(key_file::KeyFileError::Exists.into());
    }
    let (secret, recipient) = match recovery {
        None => (None, None),
        Some("new") => {
            let (secret, recipient) = generate_recovery()?;
            (Some(secret), Some(recipient))
        }
        Some(text) => (None, Some(text.parse::<Recipient>().map_err(KeysError::from)?)),
    };
    let passphrase = unlock::new_passphrase(name)?;
    let (file, _) = KeyFile::create(name, &passphrase, recipient.as_ref())?;
    key_file::create(folder, &file)?;
    if let (Some(secret), Some(recipient)) = (secret, recipient) {
        say("学校的恢复密钥（只显示这一次，请学校抄写或打印后自己保管，不要留在这台电脑上）：");
        say(&secret);
        say(&format!("它的公钥：{recipient}"));
    }
    if recovery.is_none() {
        say("没有设恢复密钥：忘了全部口令，数据就再也打不开。");
    }
    say(&format!("钥匙已建好：{}", folder.display()));
    Ok(())
}

fn list(folder: &Path, as_json: bool, language: Language) -> Result<(), Failure> {
    let (file, _) = key_file::read(folder)?;
    for holder in file.holders() {
        let role = screens::role(holder.role).in_language(language).to_owned();
        if as_json {
            say(&json!({ "name": holder.label, "role": role }).to_string());
        } else {
            say(&format!("{}  {role}", holder.label));
        }
    }
    Ok(())
}

/// Changes who may open a store, on an administrator's word.
fn change(
    folder: &Path,
    how: impl FnOnce(&mut Door, &Unlocked) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (mut door, by) = unlock::unlocked(folder)?;
    how(&mut door, &by)?;
    Ok(key_file::update(folder, &door)?)
}

/// Where the school has a supervisor, nobody changes supervisors without one more person.
fn second(door: &Door, role: Role) -> Result<Option<Unlocked>, Failure> {
    let supervisors = door.holders().iter().any(|holder| holder.role == Role::Supervisor);
    if role != Role::Supervisor || !supervisors {
        return Ok(None);
    }
    unlock::one_more(door).map(Some)
}

fn holder(file: &KeyFile, name: &str) -> Result<Holder, Failure> {
    file.holders().into_iter().find(|holder| holder.label == name).ok_or_else(unlock::nobody)
}
