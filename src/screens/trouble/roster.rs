//! Words for rosters that are refused, and for each fault of a row: what a teacher does about it in Excel or WPS.

use super::Words;
use crate::{
    language::Phrase,
    scan::IdReaderError,
    student::{Fault, Limit, Report, RosterError, Unreadable},
};

/// Words for a roster that is refused.
#[must_use]
pub fn roster(err: &RosterError) -> Words {
    let (zh, zh_next, en_next) = match err {
        RosterError::NotText => (
            "名册不是文本，也不是工作簿".to_owned(),
            "请另存为 .xlsx 或 CSV 后重试",
            "save it as .xlsx or CSV",
        ),
        RosterError::OpenQuote { line } => (
            format!("名册第 {line} 行的引号没有闭合"),
            "请补上或删去引号后重试",
            "close or remove the quotation mark",
        ),
        RosterError::Workbook(why) => workbook(*why),
        RosterError::TooMuch(limit) => too_much(*limit),
        RosterError::NoKey => (
            "名册里没有采集码、学号、身份证号任何一列".to_owned(),
            "请检查表头（应在前 20 行）；列名不同的在档案的 roster.columns 里写明",
            "check the heading (in the first 20 rows); other names go into the profile's roster.columns",
        ),
        RosterError::TwoColumns(field) => {
            (format!("名册里有两列{field}"), "请删去或改名其中一列", "remove or rename one of them")
        }
        RosterError::Faulty(report) => return faulty(report),
    };
    Words::new((zh, zh_next), (err.to_string(), en_next))
}

fn workbook(why: Unreadable) -> (String, &'static str, &'static str) {
    let (zh, zh_next, en_next) = match why {
        Unreadable::OldOrLocked => (
            "是旧版 .xls，或加了密码",
            "请去掉密码，另存为 .xlsx",
            "remove the password and save it as .xlsx",
        ),
        Unreadable::Broken => {
            ("已损坏", "请重新取得文件，或打开后另存一份", "get the file again, or save a copy")
        }
        Unreadable::Dtd => (
            "带有表格软件不会写的内容（DTD）",
            "请不要使用，并问清来源",
            "do not use it, and ask where it is from",
        ),
        Unreadable::TwoSheets => ("有两个工作表都像名册", "请合并为一个工作表", "put them into one sheet"),
    };
    (format!("名册工作簿{zh}"), zh_next, en_next)
}

fn too_much(limit: Limit) -> (String, &'static str, &'static str) {
    let what = match limit {
        Limit::File => "文件",
        Limit::Rows => "行数",
        Limit::Columns => "列数",
        Limit::Cell => "单元格的字数",
        Limit::Unpacked => "展开后的大小",
        Limit::SharedTexts => "文字总数",
        Limit::Parts => "内部文件数",
        Limit::Depth => "嵌套层数",
    };
    (
        format!("名册的{what}超出上限（{}）", limit.number()),
        "请只留需要的行和列，另存后重试；来路不明的文件不要使用",
        "keep only the rows and columns that are needed; do not use a file of unknown origin",
    )
}

/// Words for a roster of which some rows cannot be used.
fn faulty(report: &Report) -> Words {
    let first = report.first_grave();
    let zh = first.map_or_else(String::new, |first| {
        let field = first.field.map(|field| field.to_string()).unwrap_or_default();
        format!(
            "；最先是第 {} 行{field}{}",
            first.row,
            fault(first.fault).in_language(crate::language::Language::Chinese)
        )
    });
    let en = RosterError::Faulty(Box::new(report.clone())).to_string();
    Words::new(
        (format!("名册有 {} 行不能用{zh}", report.unusable), "用 caiying roster check 列出全部，改好后重试"),
        (en, "caiying roster check lists them all; mend them and try again"),
    )
}

/// Words for a profile under which no roster is used.
#[must_use]
pub fn roster_not_wanted() -> Words {
    Words::new(
        ("这个档案只凭采集码认人，没有导入名册", "教学服〔2022〕10号要求学校不提供名单；确需名册请换档案"),
        (
            "this profile knows people by their code only, and no roster was imported",
            "schools must not give their lists away (教学服〔2022〕10号); use another profile where they do",
        ),
    )
}

/// Words for an identity card reader, or a card.
#[must_use]
pub fn id_reader(err: &IdReaderError) -> Words {
    let (zh, zh_next, en_next) = match err {
        IdReaderError::Port(source) => (
            format!("身份证阅读器的串口无法使用（{source}）"),
            "请检查连线、settings.toml 的 id_reader 和权限（dialout 组），连上后会自动恢复",
            "check the cable, id_reader in settings.toml and the group dialout; it comes back by itself",
        ),
        IdReaderError::Silent => {
            ("身份证阅读器没有应答".to_owned(), "请检查电源和连线", "check its power and cable")
        }
        IdReaderError::Garbled => (
            "身份证阅读器的应答不完整".to_owned(),
            "请重新放卡；反复出现请换线或检查是否选错了串口",
            "lay the card down again; if it comes back, check the cable and the port",
        ),
        IdReaderError::TakenAway => (
            "身份证没有读完".to_owned(),
            "请重新放卡，听到提示前不要移开",
            "lay the card down again and leave it",
        ),
        IdReaderError::OtherCard => (
            "不是居民身份证，或读不出".to_owned(),
            "请按 F 用学号或姓名查找",
            "press F and find the student by number or name",
        ),
        IdReaderError::Module(code) => (
            format!("身份证阅读器报告故障 {code:02X}"),
            "请重新插拔阅读器；仍不行请按 F 查找",
            "plug the reader in again, or press F to find the student",
        ),
    };
    Words::new((zh, zh_next), (err.to_string(), en_next))
}

/// Somebody was called, and whoever was called before him had not sat yet.
#[must_use]
pub fn another_called() -> Words {
    Words::new(
        ("先前叫的考生还没有就座，已换成刚叫的这位", "先前那位仍要拍的，请再叫一次"),
        ("whoever was called before has not sat; this one comes instead", "call him again if he is to come"),
    )
}

/// A card that is laid down while somebody is looked for.
#[must_use]
pub fn card_beside_a_list() -> Words {
    Words::new(
        ("正在查找考生，没有接受身份证", "请先按数字选好，或按 Esc，再放卡"),
        (
            "a student is being looked for; the card was not taken",
            "choose or press Esc, then lay it down again",
        ),
    )
}

/// A card whose number is nobody's.
#[must_use]
pub fn card_unknown() -> Words {
    Words::new(
        ("名册里没有这个身份证号", "请核对批次；确要拍摄请按 W 说明理由"),
        (
            "the roster does not know this card",
            "check the batch; press W to let the student in with a reason",
        ),
    )
}

/// A number, of a card or typed, that the roster has under another name.
#[must_use]
pub fn number_under_another_name() -> Words {
    Words::new(
        ("姓名与名册不一样", "这个号码在名册里是下面这位：核对本人后按 1，不是同一人请按 Esc"),
        (
            "the roster has another name",
            "the number is this student's: press 1 if it is him all the same, Esc if not",
        ),
    )
}

/// A number under which somebody of another name was let in before.
#[must_use]
pub fn number_of_another() -> Words {
    Words::new(
        ("这个号码已有另一人用过", "请核对号码；确是另一人，按 W 就座，号码留空"),
        (
            "another person sat with this number",
            "check it; if it is another person, press W and leave the number empty",
        ),
    )
}

/// What is wrong with a cell, and what to do about it.
#[must_use]
pub fn fault(fault: Fault) -> Phrase {
    let zh = match fault {
        Fault::Twice { first } => format!("与第 {first} 行相同，两行都没有采用"),
        Fault::NoKey => "没有学号也没有身份证号，无法找到本人".to_owned(),
        Fault::CheckDigit => "校验位不对，有一位录错了".to_owned(),
        Fault::IdShape { characters } => format!("有 {characters} 位，应为 18 位"),
        Fault::OddNumber => "含有号码里不会有的字符（空格、汉字等）".to_owned(),
        Fault::Mangled => "被表格软件当成数值，末几位已丢失：把该列设为“文本”后重新录入".to_owned(),
        Fault::Formula => "是公式，或以 = + - @ 开头：请粘贴为数值".to_owned(),
        Fault::Unsafe { code } => format!("含有看不见的字符 U+{code:04X}：请重新录入该格"),
        Fault::TooLong => "太长".to_owned(),
        Fault::PrivateUse { code, meant: Some(meant) } => {
            format!("含旧字体的自造码位 U+{code:04X}，多半应为 U+{meant:04X}：请核对后更正")
        }
        Fault::PrivateUse { code, meant: None } => {
            format!("含旧字体的自造码位 U+{code:04X}，别的电脑显示成别的字：请核对后更正")
        }
        Fault::Variant { code, meant } => format!("含兼容汉字 U+{code:04X}，通常应为 U+{meant:04X}"),
        Fault::Dot { code } => format!("的间隔号是 U+{code:04X}，应为 U+00B7（·）"),
        Fault::Blank => "中间有空格".to_owned(),
        Fault::Lost { code } => format!("含 U+{code:04X}，像是丢失的字"),
        Fault::OtherDocument => "不是居民身份证号，按其他证件处理".to_owned(),
        Fault::Shorter => "比其他行短，开头的 0 可能丢了".to_owned(),
        Fault::TrailingZeros => "末尾全是 0，可能被表格软件改过：请核对".to_owned(),
        Fault::Nameless => "是空的".to_owned(),
        Fault::Computed => "是公式算出来的，采用了上次显示的结果".to_owned(),
    };
    Phrase::new(zh, fault.to_string())
}
