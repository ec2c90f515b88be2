//! `caiying keys`, as it is typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::profile::Role;

/// What a holder of a passphrase may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum HolderRole {
    /// 摄影：采集、重拍
    Photographer,
    /// 补拍操作员：补拍，不能导出
    RetakeOperator,
    /// 学校监督员：看流水和合计，批准
    Supervisor,
    /// 管理员：设置、档案、增减人员
    Administrator,
}

impl HolderRole {
    /// The role, as keys know it.
    pub(in crate::app) fn role(self) -> Role {
        match self {
            Self::Photographer => Role::Photographer,
            Self::RetakeOperator => Role::RetakeOperator,
            Self::Supervisor => Role::Supervisor,
            Self::Administrator => Role::Administrator,
        }
    }
}

#[derive(Debug, Args)]
pub(in crate::app) struct Keys {
    /// 数据文件夹
    #[arg(long, value_name = "DIR", global = true)]
    pub(in crate::app) store: Option<PathBuf>,
    #[command(subcommand)]
    pub(in crate::app) action: KeysAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::app) enum KeysAction {
    /// 建立：第一位管理员和学校的恢复密钥
    Create {
        /// 管理员的名字
        #[arg(long)]
        name: String,
        /// 学校的恢复公钥（age1…）；new 为当场生成一对，私钥只显示一次
        #[arg(long, value_name = "age1…|new")]
        recovery: Option<String>,
    },
    /// 列出：谁能打开
    List {
        /// 每人输出一行 JSON
        #[arg(long)]
        json: bool,
    },
    /// 加一个人（管理员操作，本人输入口令）
    Add {
        /// 名字
        #[arg(long)]
        name: String,
        /// 角色
        #[arg(long)]
        role: HolderRole,
    },
    /// 移除一个人
    Remove {
        /// 名字
        #[arg(long)]
        name: String,
    },
    /// 本人改口令
    Change {
        /// 名字
        #[arg(long)]
        name: String,
    },
}
