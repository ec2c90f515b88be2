//! The command line of the record: verifying it, and reading its journal.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, ValueEnum};

use crate::ledger::Kind;

#[derive(Debug, Args)]
pub(in crate::app) struct Verify {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 学校保存的检查点（文本文件），和流水比对；可以给多个
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) checkpoint: Vec<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    pub(in crate::app) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::app) struct Journal {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 从哪一天起，如 2027-04-01
    #[arg(long, value_name = "DAY")]
    pub(in crate::app) from: Option<NaiveDate>,
    /// 到哪一天为止（含这一天）
    #[arg(long, value_name = "DAY")]
    pub(in crate::app) to: Option<NaiveDate>,
    /// 只看哪一类
    #[arg(long, value_name = "KIND", default_value = "all")]
    pub(in crate::app) kind: Kind,
    /// 只看谁登录时写下的；空文本是没有人登录时
    #[arg(long, value_name = "NAME")]
    pub(in crate::app) who: Option<String>,
    /// 只看第几次就座
    #[arg(long, value_name = "N")]
    pub(in crate::app) sitting: Option<u64>,
    /// 写成表格（CSV，UTF-8）
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) csv: Option<PathBuf>,
    /// 逐字写出整本流水和检查点（每行一个 JSON），供别处核验
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to", "kind", "who", "sitting", "csv"])]
    pub(in crate::app) export: Option<PathBuf>,
    /// 写出最近一个检查点，给学校保存（以后用 caiying verify --checkpoint 比对）
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to", "kind", "who", "sitting", "csv", "export"])]
    pub(in crate::app) checkpoint: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("owner").required(true).args(["to", "to_code", "to_nobody"])))]
pub(in crate::app) struct Correct {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 档案：名称或 .toml 文件；不写就用本机设置里的
    #[arg(long, value_name = "NAME|FILE")]
    pub(in crate::app) profile: Option<String>,
    /// 哪一次就座保存的成品不对（编号见 caiying journal）
    #[arg(long, value_name = "N")]
    pub(in crate::app) sitting: u64,
    /// 移给哪一次就座的考生
    #[arg(long, value_name = "N")]
    pub(in crate::app) to: Option<u64>,
    /// 移给持这个采集码的考生：运行后扫码或输入，不写在命令里
    #[arg(long)]
    pub(in crate::app) to_code: bool,
    /// 不知道是谁的：放入未归属
    #[arg(long)]
    pub(in crate::app) to_nobody: bool,
    /// 理由，记入流水；不要写考生的姓名和证件号
    #[arg(long, value_name = "TEXT")]
    pub(in crate::app) reason: String,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.slug()))
    }
}
