//! Who opens a store from the command line: a rehearsal's opens by itself, a real one with a holder's passphrase. Whoever
//! mistypes waits, also in the next program; and for some deeds two must stand.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    time::Instant,
};

use super::failure::Failure;
use crate::{
    clerk::{Clerk, ClerkError},
    keys::{
        Attempts, Deed, Holder, KeyFile, KeysError, Passphrase, Refused, Store, Unlocked, Who, Wholeness,
        stand_for,
    },
    language::Phrase,
    profile::Role,
    screens::{Words, trouble},
    shot::{Clock, Moment},
    vault::{
        VaultError, key_file,
        unlock_log::{self, Shut},
    },
};

/// A store's key file, and where it lies: tries are counted there.
#[derive(Debug)]
pub(super) struct Door {
    folder: PathBuf,
    file: KeyFile,
}

impl Deref for Door {
    type Target = KeyFile;

    fn deref(&self) -> &KeyFile {
        &self.file
    }
}

impl DerefMut for Door {
    fn deref_mut(&mut self) -> &mut KeyFile {
        &mut self.file
    }
}

impl Door {
    /// The door of a store that exists.
    pub(super) fn of(folder: &Path) -> Result<(Self, Wholeness), Failure> {
        let (file, wholeness) = key_file::read(folder)?;
        Ok((Self { folder: folder.to_owned(), file }, wholeness))
    }

    /// Asks a holder for the passphrase, unless it is too early for another try; also gives what was typed.
    pub(super) fn ask(&self, slot: usize, prompt: &str) -> Result<(Unlocked, Passphrase), Failure> {
        let attempts = unlock_log::attempts(&self.folder, slot, now(), Instant::now());
        if !attempts.left(Instant::now()).is_zero() {
            return Err(too_early(attempts));
        }
        let typed = passphrase(prompt)?;
        // Somebody may have tried meanwhile, in another program.
        match unlock_log::try_out(&self.folder, slot, now, || self.file.unlock(slot, &typed)) {
            Ok(unlocked) => Ok((unlocked, typed)),
            Err(Shut::TooEarly(attempts)) => Err(too_early(attempts)),
            Err(Shut::Keys(err)) => Err(err.into()),
        }
    }
}

/// Opens a store that exists, for what every holder may.
pub(super) fn store(folder: &Path) -> Result<Store, Failure> {
    Ok(stood(Deed::ReadTally, folder)?.store)
}

/// Opens a store that exists; also gives its key file, and who opened it.
pub(super) fn unlocked(folder: &Path) -> Result<(Door, Unlocked), Failure> {
    // A store that is not there is something else than one that lost its keys.
    if let Err(source) = fs::metadata(folder) {
        return Err(ClerkError::from(VaultError::Disk { doing: "find the store", source }).into());
    }
    if !key_file::exists(folder) && key_file::is_new(folder) {
        return Err(no_keys_yet());
    }
    let (door, wholeness) = Door::of(folder)?;
    if door.is_open() {
        let unlocked = door.unlock_open()?;
        return Ok((door, unlocked));
    }
    let (unlocked, _) = door.ask(who(&door.holders())?, "口令")?;
    if wholeness != Wholeness::Whole {
        // A change was cut short; whoever opens it may see to it that both copies are whole again. A disk that cannot
        // be written is told of by whoever needs to write.
        key_file::update(folder, &door).ok();
    }
    Ok((door, unlocked))
}

/// Opens a key file that was read from this place. One that lies in a store opens at that store's door, where tries are
/// counted; a copy that somebody carries about has none, and only the cost of its passphrases guards it.
pub(super) fn with(file: &KeyFile, place: &Path) -> Result<Unlocked, Failure> {
    if file.is_open() {
        return Ok(file.unlock_open()?);
    }
    let slot = who(&file.holders())?;
    match key_file::store_of(place) {
        Some(folder) => Ok(Door { folder, file: file.clone() }.ask(slot, "口令")?.0),
        None => Ok(file.unlock(slot, &passphrase("口令")?)?),
    }
}

fn too_early(attempts: Attempts) -> Failure {
    Failure::trouble(trouble::too_early(attempts.left(Instant::now())))
}

/// A second person opens the store too, for what two must stand for.
pub(super) fn one_more(door: &Door) -> Result<Unlocked, Failure> {
    tell("这件事要两个人：请第二个人输入自己的口令")?;
    Ok(door.ask(who(&door.holders())?, "口令")?.0)
}

/// A store that was opened for a deed, by whoever may do it: one person, or two.
#[derive(Debug)]
pub(super) struct Stood {
    /// The store.
    pub(super) store: Store,
    /// Who does it.
    pub(super) first: Unlocked,
    /// Who stands for it too, where the table says that somebody must.
    pub(super) second: Option<Unlocked>,
    deed: Deed,
    holders: Vec<Holder>,
}

/// Opens a store for a deed, and asks for a second person where one must stand for it. Nobody is asked in a rehearsal.
pub(super) fn stood(deed: Deed, folder: &Path) -> Result<Stood, Failure> {
    let (door, first) = unlocked(folder)?;
    let holders = door.holders();
    let second = match stand_for(deed, first.who(), None) {
        Ok(()) => None,
        Err(Refused::NeedsSecond) => {
            let could =
                |holder: &Holder| stand_for(deed, first.who(), Some(&Who::Holder(holder.clone()))).is_ok();
            if !holders.iter().any(could) {
                return Err(nobody_else(first.who()));
            }
            let second = one_more(&door)?;
            stand_for(deed, first.who(), Some(second.who())).map_err(KeysError::from)?;
            Some(second)
        }
        Err(why) => return Err(KeysError::from(why).into()),
    };
    let store = Store::new(folder, first.keys().clone());
    Ok(Stood { store, first, second, deed, holders })
}

impl Stood {
    /// Who stands for it as the second.
    pub(super) fn second(&self) -> Option<&Who> {
        self.second.as_ref().map(Unlocked::who)
    }

    /// Whether anybody may open this store: a rehearsal's.
    pub(super) fn is_open_to_all(&self) -> bool {
        *self.first.who() == Who::Everybody
    }

    /// The roles of those who stand, the second first.
    pub(super) fn roles(&self) -> impl Iterator<Item = Role> {
        let who = self.second.iter().chain([&self.first]).map(Unlocked::who);
        who.filter_map(|who| if let Who::Holder(holder) = who { Some(holder.role) } else { None })
    }

    /// The clerk writes for whoever came, and writes down who tried in vain before.
    pub(super) fn log_in(&self, clerk: &mut Clerk, at: Moment) -> Result<(), Failure> {
        clerk.note_unlocks(at, &self.holders)?;
        Ok(clerk.log_in(at, self.first.who())?)
    }

    /// The clerk writes down who stands for the deed as the second: first the line, then the deed.
    pub(super) fn attest(&self, clerk: &mut Clerk, at: Moment) -> Result<(), Failure> {
        match &self.second {
            Some(second) => Ok(clerk.note_second(at, self.deed, second.who())?),
            None => Ok(()),
        }
    }
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
    Ok(Passphrase::new(&unseen_line(prompt)?))
}

/// A new passphrase, typed twice.
pub(super) fn new_passphrase(label: &str) -> Result<Passphrase, Failure> {
    let first = passphrase(&format!("{label} 的新口令"))?;
    if let Some(weakness) = first.weakness(label) {
        return Err(KeysError::from(weakness).into());
    }
    if first.is_same(&passphrase("再输一次")?) { Ok(first) } else { Err(not_the_same()) }
}

/// A line that is not shown while it is typed; from the standard input where that is no terminal.
pub(super) fn unseen_line(prompt: &str) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("{prompt}：")).map_err(|err| unheard(&err));
    }
    line(prompt)
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

fn now() -> Moment {
    Clock::start().now()
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

/// Two must stand, and among all who hold a passphrase there is nobody who could be the second.
fn nobody_else(first: &Who) -> Failure {
    let ours = !matches!(first, Who::Holder(holder) if holder.role == Role::Supervisor);
    let words = trouble::deed_refused(if ours { Refused::NeedsSupervisor } else { Refused::OnlySupervisors });
    let remedy = if ours {
        Phrase::new(
            "请管理员先运行 caiying keys add --role supervisor，让学校监督员设好自己的口令",
            "the administrator first runs caiying keys add --role supervisor for the school's supervisor",
        )
    } else {
        words.remedy
    };
    Failure::trouble(Words { remedy, ..words })
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
