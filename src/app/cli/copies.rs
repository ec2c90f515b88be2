//! The commands of the record's second copies and of closing the books, as others build on them.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::app) struct Reconcile {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 应拍人数；不写就按数据文件夹里的名册
    #[arg(long, value_name = "N")]
    pub(in crate::app) expected: Option<usize>,
    /// 档案：名称或 .toml 文件；不写就用上次打开数据文件夹的
    #[arg(long, value_name = "NAME|FILE")]
    pub(in crate::app) profile: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    pub(in crate::app) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::app) struct Backup {
    /// 备份到哪个文件夹：U 盘、另一块硬盘、网络盘
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) to: PathBuf,
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    pub(in crate::app) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::app) struct Restore {
    /// 备份所在的文件夹（有 backup.json 的）
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) from: PathBuf,
    /// 恢复成哪个数据文件夹：必须是新的
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: PathBuf,
    /// 本站的钥匙文件（数据文件夹里的 keys，或另存的那一份）：备份里从来没有钥匙
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) keys: PathBuf,
    /// 输出 JSON
    #[arg(long)]
    pub(in crate::app) json: bool,
}
