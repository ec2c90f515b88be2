//! The words for a disk: full, away, write-protected, or broken.

use std::{fmt::Display, io};

use super::Words;
use crate::machine::Room;

/// Words for a disk that has no room.
pub(super) fn no_space() -> Words {
    Words::new(
        ("磁盘已满，照片没有保存", "请腾出空间后再按回车保存；已保存的照片不受影响"),
        ("the disk is full and nothing was saved", "make room and press Enter again; what was saved is safe"),
    )
}

/// Words for a disk that refused.
#[must_use]
pub fn disk_refused(doing: &str, source: &io::Error) -> Words {
    let kind = source.kind();
    if kind == io::ErrorKind::ReadOnlyFilesystem {
        return read_only();
    }
    if kind == io::ErrorKind::NotFound {
        return away();
    }
    if kind == io::ErrorKind::PermissionDenied {
        return Words::new(
            (
                "没有权限写数据文件夹，没有保存",
                "请用 caiying --store 换一个自己能写的数据文件夹，或请技术人员改权限",
            ),
            (
                "this account may not write to the store, and nothing was saved",
                "take another folder (caiying --store), or let the technician see to its permissions",
            ),
        );
    }
    Words::new(
        (format!("磁盘出错（{doing}: {source}）"), "没有保存；请检查磁盘和数据文件夹的位置"),
        (
            format!("the disk refused ({doing}: {source})"),
            "nothing was saved; check the disk and the store's path",
        ),
    )
}

/// Words for a disk that only reads.
pub(super) fn read_only() -> Words {
    Words::new(
        (
            "磁盘只读，没有保存",
            "请关掉写保护或重新插好磁盘再试；仍只读说明磁盘可能要坏了，请换盘。已保存的照片还在",
        ),
        (
            "the disk is read-only and nothing was saved",
            "undo its write protection or plug it in anew; if it stays so it may be failing: take another one. What was \
             saved is there",
        ),
    )
}

/// Words for a store whose disk is not there.
pub(super) fn away() -> Words {
    Words::new(
        ("找不到数据文件夹", "请检查数据文件夹的位置；在外接磁盘上就插回原处再试，已保存的照片都在那块盘上"),
        (
            "the store's folder is not there",
            "check its path; bring its disk back if it has one: what was saved is on it",
        ),
    )
}

/// Words for a ledger that SQLite could not read or write.
pub(super) fn ledger(said: &dyn Display) -> Words {
    Words::new(
        (format!("台账无法读写（{said}）"), "没有保存；请检查磁盘和数据文件夹的位置，然后重试"),
        (
            format!("the ledger cannot be read or written ({said})"),
            "nothing was saved; check disk and store, then retry",
        ),
    )
}

/// Words for a disk that will be full soon; `None` while it has room.
#[must_use]
pub fn little_room(room: Room) -> Option<Words> {
    let (Room::Little { free_bytes } | Room::Hardly { free_bytes }) = room else { return None };
    let left = match free_bytes / 1_000_000 {
        mb @ 0..1000 => format!("{mb} MB"),
        mb => format!("{}.{} GB", mb / 1000, mb % 1000 / 100),
    };
    Some(match room {
        Room::Hardly { .. } => Words::new(
            (
                format!("磁盘只剩 {left}，不再请人坐下"),
                "坐着的人可以拍完；请清出空间，或关闭窗口，用 caiying --store 换一个数据文件夹",
            ),
            (
                format!("only {left} left on the disk: nobody sits down any more"),
                "finish whoever sits; make room, or close the window and take another store (caiying --store)",
            ),
        ),
        Room::Enough | Room::Short | Room::Little { .. } => Words::new(
            (
                format!("磁盘只剩 {left}"),
                "趁有空备份（F5 按 B），清出空间或换一块盘；剩 500 MB 时不再请人坐下",
            ),
            (
                format!("only {left} left on the disk"),
                "back up (F5, B) when there is time, make room or take another disk; below 500 MB nobody sits down",
            ),
        ),
    })
}

/// So long is a day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Words for a computer's clock that is behind the last line that was written, by this many milliseconds.
#[must_use]
pub fn clock_behind(behind_ms: i64) -> Words {
    let (days, minutes) = (behind_ms / DAY_MS, behind_ms / 60_000);
    let (zh, en) = if days > 0 {
        (format!("{days} 天"), format!("{days} days"))
    } else {
        (format!("{minutes} 分钟"), format!("{minutes} min"))
    };
    Words::new(
        (
            format!("电脑的时间比上次记录早 {zh}"),
            "请先校准电脑的日期和时间再拍；照片按编号记，不会混，也不会丢",
        ),
        (
            format!("this computer's clock is {en} behind the last line that was written"),
            "set date and time first; photos are told apart by numbers: none is lost or mixed up",
        ),
    )
}
