//! `caiying scan --command-card FILE`: the card of commands, to be printed.

use std::{fs, path::Path};

use super::{
    failure::{Done, Failure},
    say,
};
use crate::{
    language::{Language, Phrase},
    paper::{Entry, card},
    scan::Command,
    screens::Words,
};

/// Writes the card: PDF, or PNG when the file is called so.
pub(super) fn write(file: &Path, language: Language) -> Result<Done, Failure> {
    let kind = file.extension().and_then(|kind| kind.to_str()).map(str::to_lowercase);
    let is_png = match kind.as_deref() {
        Some("pdf") => false,
        Some("png") => true,
        _ => return Err(neither(file)),
    };
    let entry = |command: Command| Entry { text: command.text(), meaning: meaning(command) };
    let entries: Vec<Entry> = Command::ALL.into_iter().map(entry).collect();
    let page = card("采影 命令卡", &SMALL_PRINT, &entries).map_err(broken)?;
    let bytes = if is_png { page.png().map_err(broken)? } else { page.pdf() };
    fs::write(file, bytes).map_err(|err| Failure::file(file, &err))?;
    say(&match language {
        Language::Chinese => format!("已写入 {}，请按原大（A5，100%）打印", file.display()),
        Language::English => format!("{} is written; print it at its own size (A5, 100 %)", file.display()),
    });
    Ok(Done::Well)
}

const SMALL_PRINT: [&str; 2] = [
    "只给操作员用：用扫码枪扫左边的条码，或让扫码摄像头看右边的二维码。",
    "一次只露出一个码，其余用手遮住。命令和屏幕下方的按键作用相同，用不上时不起作用。",
];

fn meaning(command: Command) -> String {
    let (zh, en) = match command {
        Command::Shoot => ("拍照", "shoot"),
        Command::Keep => ("保存", "keep"),
        Command::Again => ("重拍", "again"),
        Command::Dismiss => ("放弃", "dismiss"),
        Command::Stray => ("未归属", "stray"),
    };
    format!("{zh} {en}")
}

fn neither(file: &Path) -> Failure {
    Failure::misused(Words {
        headline: Phrase::new(
            format!("{} 既不是 .pdf 也不是 .png", file.display()),
            format!("{} is neither .pdf nor .png", file.display()),
        ),
        remedy: Phrase::new("请换一个文件名", "give another name"),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` wants it")]
fn broken(err: crate::paper::PaperError) -> Failure {
    Failure::trouble(Words {
        headline: Phrase::new(
            format!("命令卡画不出来（{err}）"),
            format!("the card cannot be drawn ({err})"),
        ),
        remedy: Phrase::new("请联系技术人员", "call the technician"),
    })
}
