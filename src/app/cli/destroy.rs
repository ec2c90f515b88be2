//! `caiying destroy`, as it is typed.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::app) struct Destroy {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) store: Option<PathBuf>,
    /// 证书和流水写到哪个文件夹（数据文件夹以外，最好是学校的 U 盘）
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) certificate: Option<PathBuf>,
    /// 有成品从未交付：当场写一句书面放弃的理由，会写进证书和流水
    #[arg(long)]
    pub(in crate::app) waiver: bool,
    /// 在哪里做的（写进证书）
    #[arg(long, value_name = "TEXT")]
    pub(in crate::app) place: Option<String>,
    /// 怎样联系经手人（写进证书）
    #[arg(long, value_name = "TEXT")]
    pub(in crate::app) contact: Option<String>,
    /// 这块硬盘或这台电脑的资产编号（写进证书）
    #[arg(long, value_name = "TEXT")]
    pub(in crate::app) property_number: Option<String>,
    /// 这块硬盘之后去哪里（写进证书）
    #[arg(long, value_name = "TEXT")]
    pub(in crate::app) destination: Option<String>,
    /// 整卷不超过多少 GiB 就从头到尾检索一遍；0 为不检索
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub(in crate::app) search_gib: u64,
    /// 只核对一份证书：签名、旁边的流水、学校保存的检查点；不删除任何东西
    #[arg(long, value_name = "CERT.json", conflicts_with_all = ["store", "certificate", "waiver"])]
    pub(in crate::app) check: Option<PathBuf>,
    /// 核对证书时：学校保存的检查点（文本文件），证明签名的是同一台采集站；可以给多个
    #[arg(long, value_name = "FILE", requires = "check")]
    pub(in crate::app) checkpoint: Vec<PathBuf>,
}
