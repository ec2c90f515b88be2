//! Words for second copies: made, not made, and what came of making a store of one.

use super::{Words, ledger};
use crate::{
    language::Phrase,
    ledger::LedgerError,
    screens::theme::Tone,
    shot::Digest,
    station::CopyPlace,
    sync::{BackedUp, BackupError, RestoreError, Restored},
    vault::VaultError,
};

/// What was copied, and what to do with it now.
#[must_use]
pub fn backed_up(done: &BackedUp) -> (Tone, Words) {
    let said = copied(done);
    let headline = Phrase::new(format!("备份完成：{}", said.zh), format!("backed up: {}", said.en));
    let faults: Vec<Phrase> =
        [lost_here(done.missing_here), rotten(done.replaced)].into_iter().flatten().collect();
    let (tone, kept) = kept_at(done.place);
    let tone = if faults.is_empty() { tone } else { Tone::Doubt };
    let all = || faults.iter().chain([&kept]);
    let zh: Vec<&str> = all().map(|phrase| phrase.zh.as_str()).collect();
    let en: Vec<&str> = all().map(|phrase| phrase.en.as_str()).collect();
    (tone, Words { headline, remedy: Phrase::new(zh.join("。"), en.join(". ")) })
}

/// What the store lost, and whose turn it is.
fn lost_here(files: usize) -> Option<Phrase> {
    (files > 0).then(|| {
        Phrase::new(
            format!(
                "但数据文件夹里有 {files} 个文件不见了或读不出，这份备份里的是好的：请运行 caiying verify，再用 caiying \
                 restore 从这份备份恢复到新的文件夹"
            ),
            format!(
                "but {files} files are missing from the store or unreadable there, and sound in this backup: run caiying \
                 verify, then caiying restore from this backup into a new folder"
            ),
        )
    })
}

/// What the backup's disk lost.
fn rotten(files: usize) -> Option<Phrase> {
    (files > 0).then(|| {
        Phrase::new(
            format!("盘上有 {files} 个以前备份的文件坏了，已重新复制并核对；这个盘可能要坏，请再备份到另一块盘"),
            format!(
                "{files} files of earlier backups were damaged on this disk, and were copied anew and read back; it \
                 may be failing: back up to another disk too"
            ),
        )
    })
}

/// How good a place it is at, and what to do with it there.
fn kept_at(place: CopyPlace) -> (Tone, Phrase) {
    match place {
        CopyPlace::OtherDisk => (
            Tone::Good,
            Phrase::new(
                "请先弹出再拔下，和电脑分开放。备份里没有钥匙：数据文件夹里的 keys 要另存一份，分开保管，没有它恢复不了",
                "eject it before pulling it out, and keep it away from the computer. No key is in it: keep a copy of \
                 the store's file keys somewhere else; nothing can be restored without it",
            ),
        ),
        CopyPlace::SameDisk => (
            Tone::Doubt,
            Phrase::new(
                "但它和数据文件夹在同一块硬盘上，硬盘坏了两份都没有：请再备份到 U 盘或另一块硬盘",
                "but it is on the store's own disk and goes with it: back up to a stick or another disk too",
            ),
        ),
    }
}

/// What was copied, in one sentence.
fn copied(done: &BackedUp) -> Phrase {
    let BackedUp { copied, already, passed_over, .. } = done;
    let over = match passed_over {
        0 => Phrase::new("", ""),
        n => Phrase::new(
            format!("；{n} 个没有入账的文件读不出，没有复制"),
            format!("; {n} files that no line speaks of cannot be read and were left out"),
        ),
    };
    Phrase::new(
        format!("复制 {copied} 个文件，{already} 个已在，入账的全部读回核对过{}", over.zh),
        format!(
            "{copied} files copied, {already} there already, all that lines speak of was read back{}",
            over.en
        ),
    )
}

/// Words for a backup that was not made. The last one that was finished is as whole as it was.
#[must_use]
pub fn backup(err: &BackupError) -> Words {
    let misplaced = |zh: (&str, &str), remedy: &str| Words::new(zh, (err.to_string(), remedy));
    match err {
        BackupError::Vault(err) => store_unreadable(err),
        BackupError::Ledger(err) => ledger_unreadable(err),
        BackupError::Incomplete { first, count } => incomplete(*first, *count, err),
        BackupError::Unfaithful(_) => Words::new(
            (format!("写进去的文件读出来不一样（{err}）"), "这个盘不可靠：请换一个 U 盘或硬盘重新备份"),
            (err.to_string(), "this disk cannot be trusted: back up to another one"),
        ),
        BackupError::Empty => {
            misplaced(("数据文件夹里还没有记录", "采集之后再备份"), "back up when something was kept")
        }
        BackupError::Inside => misplaced(
            ("备份不能放在数据文件夹里面", "请选 U 盘或另一块硬盘上的文件夹"),
            "choose a folder on a stick or another disk",
        ),
        BackupError::AStore => misplaced(
            ("那里是一个数据文件夹，不是放备份的地方", "没有改动；请另选一个文件夹"),
            "nothing was changed; choose another folder",
        ),
        BackupError::Foreign { station } => foreign(station, err),
        BackupError::Unknown => misplaced(
            ("那里有一份备份，看不出是谁的", "没有改动；请另选一个文件夹，那里的不要删，请技术人员看"),
            "nothing was changed; choose another folder, delete nothing there, and call the technician",
        ),
        BackupError::Ahead => misplaced(
            ("那里的备份比这个数据文件夹还新，或不是它的", "没有改动；请核对数据文件夹，或另选一个文件夹"),
            "nothing was changed; is this the right store? else choose another folder",
        ),
        BackupError::Busy => {
            misplaced(("那里正在做另一次备份", "请等它完成再来"), "wait for it, then come again")
        }
        BackupError::NoSpace { needed } => no_room(*needed),
        BackupError::Gone => gone(),
        BackupError::Folder(source) => Words::new(
            (format!("备份文件夹无法读写（{source}）"), "请检查盘是否插好、是否写保护，再备份一次"),
            (format!("the backup's folder cannot be used ({source})"), "is it in, and not write-protected?"),
        ),
        BackupError::Stopped => Words::new(
            ("备份已停止，没有做完", "再备份一次会接着做；上一次的备份仍然完整"),
            ("the backup was stopped", "back up again: it goes on; the last backup is whole"),
        ),
    }
}

fn foreign(station: &str, err: &BackupError) -> Words {
    let whose = if station.is_empty() { String::new() } else { format!("（采集站 {station}）") };
    Words::new(
        (format!("那里是别的数据{whose}的备份"), "没有改动；每个站的备份要各用一个文件夹"),
        (err.to_string(), "nothing was changed; each station's backup needs a folder of its own"),
    )
}

fn store_unreadable(err: &VaultError) -> Words {
    Words::new(
        (format!("数据文件夹读不出（{err}）"), "没有备份；请检查数据文件夹的位置和磁盘"),
        (
            format!("the store cannot be read ({err})"),
            "nothing was backed up; check the store's path and disk",
        ),
    )
}

fn ledger_unreadable(err: &LedgerError) -> Words {
    if matches!(err, LedgerError::OldStore) {
        return ledger(err);
    }
    Words::new(
        (format!("台账复制不了（{err}）"), "没有备份，上一次的备份仍然完整；请检查磁盘后重试"),
        (
            format!("the ledger cannot be copied ({err})"),
            "nothing was backed up, the last backup is whole; check the disks and retry",
        ),
    )
}

fn incomplete(first: Digest, count: usize, err: &BackupError) -> Words {
    Words::new(
        (
            format!("数据文件夹里有 {count} 个文件不见了或损坏（第一个：{first}）"),
            "其余的都已复制，但这份备份不算完成，上一次的仍然完整；请运行 caiying verify 并联系技术人员",
        ),
        (
            err.to_string(),
            "the others were copied, but this backup is not finished and the last one is whole; run caiying \
             verify and call the technician",
        ),
    )
}

fn no_room(needed: u64) -> Words {
    let (zh, en) = match needed.div_ceil(1_000_000) {
        0 => (String::new(), String::new()),
        mb => (format!("，还需要 {mb} MB"), format!(", {mb} MB more are needed")),
    };
    Words::new(
        (format!("备份盘已满{zh}"), "请腾出空间或换一个更大的盘，再备份一次会接着做；上一次的备份仍然完整"),
        (
            format!("the backup's disk is full{en}"),
            "make room or take a larger one and back up again: it goes on; the last backup is whole",
        ),
    )
}

fn gone() -> Words {
    Words::new(
        ("备份盘不见了或出错，可能被拔掉", "请插好后再备份一次，会接着做；上一次的备份仍然完整"),
        (
            "the backup's disk is gone or fails; was it pulled out?",
            "plug it in and back up again: it goes on; the last backup is whole",
        ),
    )
}

/// Words for a store that was made of a backup.
#[must_use]
pub fn restored(done: &Restored) -> Words {
    let Restored { manifest, files, lost, is_older, passed_over } = done;
    let (kept, shots) = (manifest.kept, manifest.shots);
    let mut zh =
        format!("恢复了 {files} 个文件：原片 {shots} 张，成品 {kept} 张，流水 {} 行", manifest.lines);
    let mut en =
        format!("{files} files restored: {shots} originals, {kept} portraits, {} lines", manifest.lines);
    if *is_older {
        zh.push_str("；最近一次备份的台账损坏，用的是再前一次的");
        en.push_str("; the newest backup's ledger is damaged, the one before was taken");
    }
    if *passed_over > 0 {
        zh.push_str(&format!("；{passed_over} 个没有入账的文件损坏，没有恢复"));
        en.push_str(&format!("; {passed_over} damaged files that no line speaks of were left out"));
    }
    let headline = Phrase::new(zh, en);
    let remedy = match lost.len() {
        0 => Phrase::new("没有缺失", "nothing is missing"),
        n => Phrase::new(
            format!("备份里有 {n} 个文件缺失或损坏，没有恢复：请用另一份备份，或联系技术人员"),
            format!(
                "{n} files are missing from the backup or damaged: use another backup, or call the technician"
            ),
        ),
    };
    Words { headline, remedy }
}

/// Words for a store that was not made.
#[must_use]
pub fn restore(err: &RestoreError) -> Words {
    let (check_zh, check_en) = ("请检查磁盘和 --store 的位置", "check the disk and --store");
    let (zh, remedy_zh, remedy_en) = match err {
        RestoreError::NoBackup => (
            "那里没有做完的备份".to_owned(),
            "--from 要写 backup.json 所在的文件夹",
            "--from must name the folder of backup.json",
        ),
        RestoreError::Unreadable(source) => {
            (format!("备份读不出（{source}）"), "请检查盘是否插好", "is the disk in?")
        }
        RestoreError::LedgerDamaged => (
            "备份里的台账缺失或损坏".to_owned(),
            "没有恢复；请用另一份备份，这一份不要删",
            "nothing was restored; use another backup, and do not delete this one",
        ),
        RestoreError::Exists => (
            "要恢复到的文件夹已经有东西".to_owned(),
            "没有改动；恢复只进新的文件夹，请另写一个 --store",
            "nothing was changed; restore into a new folder: give another --store",
        ),
        RestoreError::MountPoint => (
            "要恢复到的地方是一块盘的根目录，或是一个链接".to_owned(),
            "请在它里面另写一个新的文件夹，例如 --store 那里/caiying",
            "give a new folder in it, such as --store THERE/caiying",
        ),
        RestoreError::Occupied(place) => (
            format!("{} 是另一份备份没有恢复完的", place.display()),
            "请另写一个 --store，或删掉那个文件夹",
            "give another --store, or delete that folder",
        ),
        RestoreError::NoSpace { needed } => (
            format!("磁盘空间不够，还需要 {} MB", needed.div_ceil(1_000_000)),
            "请腾出空间后再恢复一次，会接着做",
            "make room and restore again: it goes on",
        ),
        RestoreError::Store(source) => (format!("新的数据文件夹无法写入（{source}）"), check_zh, check_en),
        RestoreError::Vault(inner) => {
            (format!("读不出（{inner}）"), "请检查盘是否插好，再恢复一次", "is the disk in? restore again")
        }
        RestoreError::OtherKeys => (
            "这个钥匙文件打不开备份里的台账".to_owned(),
            "没有改动；请用做备份那台站的 keys 文件",
            "nothing was changed; give the keys file of the station that made the backup",
        ),
        RestoreError::KeyFile(inner) => {
            (format!("钥匙文件放不进新的数据文件夹（{inner}）"), check_zh, check_en)
        }
        RestoreError::Ledger(inner) => (
            format!("恢复的台账打不开（{inner}）"),
            "请用同一版或更新的采影恢复",
            "restore with the same or a newer caiying",
        ),
        RestoreError::Stopped => {
            ("恢复已停止，没有做完".to_owned(), "再恢复一次会接着做", "restore again: it goes on")
        }
    };
    Words::new((zh, remedy_zh), (err.to_string(), remedy_en))
}
