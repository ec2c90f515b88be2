//! Everything that can go wrong, in words an operator acts on: a headline, and whose turn it is to do what.
//!
//! The only place where errors become Chinese. Every match is exhaustive, so a new error asks for its words.

mod backups;
mod calibration;
mod camera;
mod destruction;
mod disk;
mod errands;
mod gates;
mod intake;
mod journal;
mod keys;
mod notices;
mod reckoning;
mod roster;
mod scanner;
mod settings;
mod strays;
mod webcam;

pub use backups::{backed_up, backup, restore, restored};
pub use calibration::{calibration, drift, measured, no_reference, stale_calibration};
pub use camera::camera;
pub use destruction::{
    ACCEPTED, ask_for_acceptance, ask_for_last_word, ask_for_waiver, ask_to_finish, certificate,
    certificate_holds, destroyed, destruction, destruction_finished, no_certificate_folder, not_confirmed,
    not_finished, to_be_destroyed, under_way,
};
pub use disk::{clock_behind, disk_refused, little_room};
pub use errands::{
    busy, errand, errand_first, errand_under_way, exported, found, locked, no_folder, no_stick, outcome,
};
pub use gates::refusal;
pub use intake::{
    no_roster_to_rehearse, roster_counts, roster_fault, roster_form, roster_format, roster_refused,
    roster_untold,
};
pub use journal::{
    journal_written, no_checkpoint, no_checkpoint_yet, no_place_for_journal, unprintable_line, unsound,
};
pub use keys::{deed_refused, key_file, keys, settings_locked, too_early};
pub use notices::{
    last_look, left_on_card, no_prompter, not_while_seated, real_students, rehearsed, stray, swamped,
    undrawn, unsaved, unsaved_yet, worker_ended,
};
pub use reckoning::{class, counts, finding};
pub use roster::{
    another_called, card_beside_a_list, card_unknown, fault, id_reader, number_of_another,
    number_under_another_name, roster, roster_not_wanted,
};
pub use scanner::{misscan, no_use_for_command, somebody_sits, unknown_command};
pub use settings::setting;
pub use strays::{declined_stray, not_an_act};
pub use webcam::{unread, webcam};

use crate::{
    clerk::{ClerkError, Recovery},
    language::{Language, Phrase},
    ledger::LedgerError,
    profile::{ProfileError, Reason},
    settings::SettingsError,
    student::CodeError,
    sync::{ExportError, PlanError},
    vault::VaultError,
};

/// A headline, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub headline: Phrase,
    /// What to do next.
    pub remedy: Phrase,
}

impl Words {
    pub(super) fn new(zh: (impl Into<String>, &str), en: (impl Into<String>, &str)) -> Self {
        Self { headline: Phrase::new(zh.0, en.0), remedy: Phrase::new(zh.1, en.1) }
    }

    /// Both in one line.
    #[must_use]
    pub fn line(&self, language: Language) -> String {
        let (headline, remedy) = (self.headline.in_language(language), self.remedy.in_language(language));
        match language {
            Language::Chinese => format!("{headline}：{remedy}"),
            Language::English => format!("{headline}: {remedy}"),
        }
    }
}

/// Words for a trouble of the record.
#[must_use]
pub fn clerk(err: &ClerkError) -> Words {
    match err {
        ClerkError::Vault(err) => vault(err),
        ClerkError::Ledger(err) => ledger(err),
        ClerkError::Roster(err) => roster(err),
        ClerkError::OthersShot => Words::new(
            ("这张照片已属于另一位考生", "没有保存；请重拍"),
            ("this photo is another student's already", "nothing was saved; shoot again"),
        ),
        ClerkError::NotToBeKept
        | ClerkError::StillSits
        | ClerkError::NoSuchSitting
        | ClerkError::TwoMustStand
        | ClerkError::SameStudent => strays::refused(err),
    }
}

/// Words for a trouble of the vault.
#[must_use]
pub fn vault(err: &VaultError) -> Words {
    match err {
        VaultError::NoSpace { .. } => disk::no_space(),
        VaultError::Locked => Words::new(
            ("这个数据文件夹正被另一个采影使用", "请先关闭另一个窗口"),
            ("another caiying works on this store", "close it first"),
        ),
        VaultError::Disk { doing, source } => disk_refused(doing, source),
        VaultError::Missing(object) => Words::new(
            (format!("照片文件不见了（{object}）"), "请停止删除或移动数据文件夹，并联系技术人员"),
            (format!("object {object} is missing"), "leave the store as it is and call the technician"),
        ),
        VaultError::Damaged(object) | VaultError::NoBinding(object) => Words::new(
            (format!("照片文件被改动或损坏（{object}）"), "请不要使用这张照片，并联系技术人员"),
            (format!("object {object} was changed or damaged"), "do not use it and call the technician"),
        ),
        VaultError::Foreign(object) => Words::new(
            (
                format!("照片文件属于别的数据文件夹，这里的密钥打不开（{object}）"),
                "请不要使用这张照片，并联系技术人员",
            ),
            (format!("object {object} is sealed for another store"), "do not use it and call the technician"),
        ),
        VaultError::Unsealed(source) => Words::new(
            (format!("照片没有加密成功（{source}）"), "没有保存；请重新打开采影再试，仍不行请联系技术人员"),
            (
                format!("a photo could not be sealed ({source})"),
                "nothing was saved; start caiying anew and try again",
            ),
        ),
    }
}

/// Words for a trouble of the ledger.
#[must_use]
pub fn ledger(err: &LedgerError) -> Words {
    let said = match err {
        LedgerError::NoSpace => return disk::no_space(),
        LedgerError::NotAStray { .. } => return strays::no_stray(),
        LedgerError::OldStore => {
            return Words::new(
                ("这个数据文件夹是旧版程序写的", "请先用采影的窗口打开它一次，再来"),
                ("an older program wrote this store", "open it once in caiying's window, then come again"),
            );
        }
        LedgerError::NotOurs => {
            return Words::new(
                (
                    "台账用这里的密钥打不开",
                    "请检查数据文件夹里的 keys 和 ledger.sqlite 是不是同一批的；什么也没有改动",
                ),
                (
                    "the ledger does not open with this store's key",
                    "see that keys and ledger.sqlite belong together",
                ),
            );
        }
        LedgerError::NotHis { .. } => return strays::not_his(),
        LedgerError::Sqlite(_) if err.is_read_only() => return disk::read_only(),
        LedgerError::Sqlite(_) if err.is_away() => return disk::away(),
        LedgerError::Sqlite(source) => source.to_string(),
        LedgerError::Log(source) => source.to_string(),
        LedgerError::Migration(source) => source.to_string(),
        LedgerError::OldSqlite { .. }
        | LedgerError::NoCipher
        | LedgerError::NotAFact { .. }
        | LedgerError::Unwritable(_)
        | LedgerError::Impossible { .. } => err.to_string(),
    };
    disk::ledger(&said)
}

/// Words for a code that is none.
#[must_use]
pub fn code(err: &CodeError) -> Words {
    let (zh, en) = match err {
        CodeError::Empty => ("二维码是空的".to_owned(), err.to_string()),
        CodeError::ControlCharacters { count } => {
            (format!("二维码里有 {count} 个控制字符，不是采集码"), err.to_string())
        }
        CodeError::TooLong { bytes } => (format!("{bytes} 字节超出二维码容量，不是采集码"), err.to_string()),
        CodeError::NotText { bytes } => {
            (format!("二维码里是 {bytes} 字节的非文本数据，不是采集码"), err.to_string())
        }
    };
    Words::new((zh, "请考生出示学信网的图像采集码"), (en, "ask the student for the capture code of 学信网"))
}

/// Words for what was put right at the start; `None` when there was nothing.
#[must_use]
pub fn recovery(found: &Recovery) -> Option<Words> {
    let Recovery { adopted, interrupted, never_saved, unreadable, lost, swept: _, clock_behind_ms: _ } =
        *found;
    if lost > 0 {
        return Some(photos_lost(lost));
    }
    if adopted + interrupted + never_saved + unreadable == 0 {
        return None;
    }
    Some(Words::new(
        (
            format!(
                "上次没有正常退出：找回 {adopted} 张原片，{never_saved} 张成品未确认保存，{unreadable} 个文件读不出"
            ),
            "请让上次最后一位考生重新扫码确认",
        ),
        (
            format!(
                "the last end was not orderly: {adopted} originals found again, {never_saved} portraits never \
                     called saved, {unreadable} files unreadable"
            ),
            "ask the last student to scan again",
        ),
    ))
}

/// Words for a computer's clock that was behind the journal at the start; `None` when it was not.
#[must_use]
pub fn clock(found: &Recovery) -> Option<Words> {
    (found.clock_behind_ms > 0).then(|| clock_behind(found.clock_behind_ms))
}

/// Words for a store in which photos that were called saved are not there any more: nobody is photographed into it.
#[must_use]
pub fn photos_lost(lost: usize) -> Words {
    Words::new(
        (
            format!("{lost} 张已保存照片的文件不见了或已损坏，不能开始拍摄"),
            "请接好原来的磁盘，或从备份恢复；caiying verify 列出是哪些。急需拍摄，请换一个新的数据文件夹，并通知技术人员",
        ),
        (
            format!("the files of {lost} saved photos are missing or damaged: no photographing here"),
            "bring back the disk or restore the backup; caiying verify lists them. To go on at once, use a new store \
             and tell the technician",
        ),
    )
}

/// Words for a profile that is refused: file, key, reason.
#[must_use]
pub fn profile(err: &ProfileError) -> Words {
    let reason = match &err.reason {
        Reason::NotFound { known } => format!("没有这个档案；现有 {}", known.join("、")),
        Reason::NotToml { line, said } => format!("第 {line} 行不是合法的 TOML（{said}）"),
        Reason::UnknownKey => "没有这个键".to_owned(),
        Reason::Missing => "缺少这个键".to_owned(),
        Reason::BadValue(said) => format!("值不对（{said}）"),
        Reason::Contradiction(said) => format!("值不成立（{said}）"),
        Reason::Circle => "档案互相引用成环".to_owned(),
    };
    Words::new(
        (format!("档案 {} 的 {}：{reason}", err.file, err.key), "请按 profiles/README.md 修改"),
        (err.to_string(), "see profiles/README.md"),
    )
}

/// Words for settings that are refused.
#[must_use]
pub fn settings(err: &SettingsError) -> Words {
    let said = err.said.lines().last().unwrap_or_default();
    Words::new(
        (format!("本机设置读不出（{said}）"), "请修改 settings.toml"),
        (format!("the settings cannot be read ({said})"), "mend settings.toml"),
    )
}

/// Words for a delivery that cannot be planned.
#[must_use]
pub fn plan(err: &PlanError) -> Words {
    let zh = match err {
        PlanError::Collision { first, second } => format!("考生 {first} 和 {second} 的文件名相同"),
        PlanError::Unfit { student, bytes, least, most } => {
            format!("考生 {student} 的成品有 {bytes} 字节，不在这个档案要求的 {least}–{most} 之内")
        }
        PlanError::Unsafe { student, why } => format!("考生 {student} 的文件名不安全（{why}）"),
    };
    Words::new(
        (zh, "没有导出任何文件；请核对名册和档案后重试"),
        (err.to_string(), "nothing was exported; check roster and profile"),
    )
}

/// Words for a delivery that stopped.
#[must_use]
pub fn export(err: &ExportError) -> Words {
    match err {
        ExportError::Vault(err) => vault(err),
        ExportError::NotThePortrait(object) => vault(&VaultError::Damaged(*object)),
        ExportError::OtherPixels { student, found: (w, h), wanted: (x, y) } => Words::new(
            (format!("考生 {student} 的成品是 {w}×{h} 像素，这个档案要求 {x}×{y}"), "没有导出；请核对档案"),
            (err.to_string(), "nothing was exported; check the profile"),
        ),
        ExportError::Taken(student) => Words::new(
            (format!("考生 {student} 的位置上有别的文件，或文件被改过"), "没有改动；请导出到空文件夹"),
            (err.to_string(), "nothing was changed; export to an empty folder"),
        ),
        ExportError::Manifest { line } => Words::new(
            (format!("目标文件夹里的 清单.csv 第 {line} 行读不懂"), "没有改动；请导出到空文件夹"),
            (err.to_string(), "nothing was changed; export to an empty folder"),
        ),
        ExportError::Folder(source) => Words::new(
            (format!("目标文件夹无法写入（{source}）"), "请检查 U 盘是否插好、是否写保护"),
            (format!("the folder cannot be written ({source})"), "is the stick in, and not write-protected?"),
        ),
        ExportError::Gone => Words::new(
            ("目标文件夹不见了，U 盘可能被拔掉", "请插好 U 盘后重新导出，会接着写完"),
            ("the folder is gone; was the stick pulled out?", "plug it in and export again: it goes on"),
        ),
        ExportError::Stopped => Words::new(
            ("导出已停止，没有做完", "再导出一次会接着写完"),
            ("the export was stopped", "export again: it goes on"),
        ),
        ExportError::NoSpace => Words::new(
            ("目标磁盘已满", "请换一个更大的 U 盘后重新导出"),
            ("the folder's disk is full", "export again to a larger one"),
        ),
    }
}
