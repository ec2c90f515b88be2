//! Who opens a store from the command line: a rehearsal's opens by itself, a real one with a holder's passphrase.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::Path,
};

use super::failure::Failure;
use crate::{
    clerk::ClerkError,
    keys::{Holder, KeyFile, Passphrase, Store, Unlocked, Wholeness},
    language::Phrase,
    screens::Words,
    vault::{VaultError, key_file},
};

/// Opens a store that exists.
pub(super) fn store(folder: &Path) -> Result<Store, Failure> {
    let (_, unlocked) = unlocked(folder)?;
    Ok(Store::new(folder, unlocked.keys().clone()))
}

/// Opens a store that exists; also gives its key file, and who opened it.
pub(super) fn unlocked(folder: &Path) -> Result<(KeyFile, Unlocked), Failure> {
    // A store that is not there is something else than one that lost its keys.
    if let Err(source) = fs::metadata(folder) {
        return Err(ClerkError::from(VaultError::Disk { doing: "find the store", source }).into());
    }
    if !key_file::exists(folder) && key_file::is_new(folder) {
        return Err(no_keys_yet());
    }
    let (file, wholeness) = key_file::read(folder)?;
    if file.is_open() {
        let unlocked = file.unlock_open()?;
        return Ok((file, unlocked));
    }
    let slot = who(&file.holders())?;
    let unlocked = file.unlock(slot, &passphrase("口令")?)?;
    if wholeness != Wholeness::Whole {
        // A change was cut short; whoever opens it may see to it that both copies are whole again. A disk that cannot
        // be written is told of by whoever needs to write.
        key_file::update(folder, &file).ok();
    }
    Ok((file, unlocked))
}

/// A second person opens the store too, for what two must stand for.
pub(super) fn one_more(file: &KeyFile) -> Result<Unlocked, Failure> {
    tell("这件事要两个人：请第二个人输入自己的口令")?;
    let slot = who(&file.holders())?;
    Ok(file.unlock(slot, &passphrase("口令")?)?)
}

/// Which holder is at the keyboard; nobody is asked where there is only one.
fn who(holders: &[Holder]) -> Result<usize, Failure> {
    if let [only] = holders {
        return Ok(only.slot);
    }
    for (number, holder) in (1..).zip(holders) {
        tell(&format!("{number}  {}", holder.label))?;
    }
    let said = line("谁在操作（编号或名字）")?;
    let place = said.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let holder = place.and_then(|place| holders.get(place));
    let holder = holder.or_else(|| holders.iter().find(|holder| holder.label == said));
    holder.map(|holder| holder.slot).ok_or_else(nobody)
}

/// A passphrase, typed without being shown; from the standard input where that is no terminal.
pub(super) fn passphrase(prompt: &str) -> Result<Passphrase, Failure> {
    if io::stdin().is_terminal() {
        let typed = rpassword::prompt_password(format!("{prompt}："));
        return typed.map(|typed| Passphrase::new(&typed)).map_err(|err| unheard(&err));
    }
    Ok(Passphrase::new(&line(prompt)?))
}

/// A new passphrase, typed twice.
pub(super) fn new_passphrase(label: &str) -> Result<Passphrase, Failure> {
    let first = passphrase(&format!("{label} 的新口令"))?;
    if let Some(weakness) = first.weakness(label) {
        return Err(crate::keys::KeysError::from(weakness).into());
    }
    if first.is_same(&passphrase("再输一次")?) { Ok(first) } else { Err(not_the_same()) }
}

/// A line that may be seen while it is typed.
pub(super) fn line(prompt: &str) -> Result<String, Failure> {
    tell(&format!("{prompt}："))?;
    let mut said = String::new();
    io::stdin().lock().read_line(&mut said).map_err(|err| unheard(&err))?;
    Ok(said.trim_end_matches(['\r', '\n']).to_owned())
}

/// Prompts go beside the answers, which other programs may read.
pub(super) fn tell(words: &str) -> Result<(), Failure> {
    writeln!(io::stderr().lock(), "{words}").map_err(|err| unheard(&err))
}

fn unheard(err: &io::Error) -> Failure {
    Failure::misused(Words {
        headline: Phrase::new(format!("没有读到输入（{err}）"), format!("nothing could be read ({err})")),
        remedy: Phrase::new("请在终端里运行，按提示输入", "run it in a terminal and answer what is asked"),
    })
}

/// Words for a name that is not in the list.
pub(super) fn nobody() -> Failure {
    Failure::misused(Words {
        headline: Phrase::new("名单里没有这个人", "there is no such holder"),
        remedy: Phrase::new("请输入列出的编号或名字", "type a number or a name of the list"),
    })
}

fn no_keys_yet() -> Failure {
    Failure::misused(Words {
        headline: Phrase::new("这个数据文件夹还没有设口令", "this store has no passphrase yet"),
        remedy: Phrase::new(
            "请先运行 caiying keys create --name 管理员的名字，或打开窗口设好",
            "run caiying keys create --name ADMINISTRATOR first, or open the window",
        ),
    })
}

fn not_the_same() -> Failure {
    Failure::misused(Words {
        headline: Phrase::new(
            "两次输入的口令不一样，没有改动",
            "the two passphrases differ; nothing was changed",
        ),
        remedy: Phrase::new("请重新运行，再输一次", "run it again"),
    })
}
