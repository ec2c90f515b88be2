//! The command line, as others build on it.

mod copies;
mod destroy;
mod keys;
mod record;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use copies::{Backup, Reconcile, Restore};
pub(super) use destroy::Destroy;
pub(super) use keys::{Keys, KeysAction};
pub(super) use record::{Correct, Journal, Verify};

use crate::{camera::CameraChoice, language::Language, profile::Role};

/// 采影：高校毕业生图像采集工作站.
#[derive(Debug, Parser)]
#[command(name = "caiying", version, about = "采影：高校学历照片采集工作站（不带命令时打开采集窗口）")]
pub(super) struct Cli {
    /// 输出语言
    #[arg(long, global = true, value_name = "zh|en")]
    lang: Option<Lang>,
    #[command(flatten)]
    pub(super) window: Window,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

impl Cli {
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::En) => Language::English,
            Some(Lang::Zh) | None => Language::Chinese,
        }
    }
}

/// The language for errors about arguments that could not be read: `--lang en` anywhere is understood.
pub(super) fn language_of_environment() -> Language {
    let words: Vec<_> = std::env::args_os().collect();
    let asked = words.windows(2).any(|pair| matches!(pair, [flag, lang] if flag == "--lang" && lang == "en"));
    if asked || words.iter().any(|word| word == "--lang=en") { Language::English } else { Language::Chinese }
}

/// Who stands by when identities are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unlocker {
    /// 学校监督员
    Supervisor,
    /// 管理员
    Administrator,
}

impl Unlocker {
    /// The role, as profiles know it.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Supervisor => Role::Supervisor,
            Self::Administrator => Role::Administrator,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// The window.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Window {
    /// 档案：名称或 .toml 文件
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// 相机：auto、rehearsal、folder:路径 或 libgphoto2 端口
    #[arg(long, value_name = "CAMERA")]
    pub(super) camera: Option<CameraChoice>,
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 扫码摄像头的名称（见 caiying scan --list）；none 为不用
    #[arg(long, value_name = "NAME")]
    pub(super) webcam: Option<String>,
    /// 本机设置文件
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// 校准文件；不写就用 ~/.config/caiying/calibration.toml（有的话）。演练只用这里写明的
    #[arg(long, value_name = "FILE")]
    pub(super) calibration: Option<PathBuf>,
    /// Logs when each frame was drawn; for `./dev frames`.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(super) frame_log: Option<PathBuf>,
    /// Logs when a frame said something else than the one before; for `./dev expert`.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(super) phase_log: Option<PathBuf>,
    /// Students that come to a rehearsal in the window; for `./dev expert`.
    #[arg(long, value_name = "N", hide = true)]
    pub(super) students: Option<usize>,
    /// How long the chair is empty between two of them; for a long day of `./dev expert`.
    #[arg(long, value_name = "MS", hide = true)]
    pub(super) pause_ms: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 演练：不用任何设备，按剧本走完一个上午并核对结果
    Rehearse(Rehearse),
    /// 制作：从相机原片制作成品照片并逐项检测
    Develop(Develop),
    /// 校准：拍一张（或读入一张）参照照片，记下本站的背景颜色、清晰度和平视零点
    Calibrate(Calibrate),
    /// 读码：从图片或摄像头读取二维码
    Scan(Scan),
    /// 相机：列出、查看、试拍、监看
    Camera(Camera),
    /// 核验：检查数据文件夹是否完整、未被改动
    Verify(Verify),
    /// 流水：谁、何时、在哪台采集站做了什么；可筛选，可写成表格
    Journal(Journal),
    /// 证明：从原片重新制作成品，逐位比对，证明没有修过图
    Prove(Prove),
    /// 一致性：找出一批成品里头部大小、明暗、背景明显不同的照片
    Consistency(Consistency),
    /// 导出：按档案的命名和文件夹交付
    Export(Export),
    /// 对账：应拍、就座、成品、交付逐班核对，一个不多、一个不少、一个不错
    Reconcile(Reconcile),
    /// 备份：把整个数据文件夹复制到 U 盘或另一块硬盘，采集照常进行
    Backup(Backup),
    /// 恢复：从备份做出一个新的数据文件夹
    Restore(Restore),
    /// The camera's own process; started by the program itself.
    #[command(hide = true)]
    CameraHost,
    /// 体检：开拍前检查相机、存储卡、时钟、权限、占用和磁盘
    Doctor(Doctor),
    /// 名册：检查、导入学校提供的名单（.xlsx 或 CSV）
    Roster(Roster),
    /// 勘误：把已保存的成品从一位考生移给另一位（两人输入口令）
    Correct(Correct),
    /// 钥匙：为数据文件夹设口令和恢复密钥，增减能打开它的人
    Keys(Keys),
    /// 监督删除：两人在场销毁整个数据文件夹，写出签名的证书；或核对一份证书
    Destroy(Destroy),
}

#[derive(Debug, Args)]
pub(super) struct Rehearse {
    /// 考生人数
    #[arg(long, default_value_t = 24)]
    pub(super) students: usize,
    /// 剧本种子
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// 相机：rehearsal、folder、auto 或 libgphoto2 端口
    #[arg(long, default_value = "rehearsal", value_name = "CAMERA")]
    pub(super) camera: CameraChoice,
    /// 虚拟相机的指挥端口（127.0.0.1:PORT）
    #[arg(long, value_name = "ADDRESS")]
    pub(super) stagehand: Option<String>,
    /// 数据文件夹（必须是新的）；不给则用完即删
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 档案：名称或 .toml 文件
    #[arg(long, default_value = "chsi_2017_99", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
    /// 码重叠：下一位考生的手机一直在画面里
    #[arg(long)]
    pub(super) overlap: bool,
    /// 每隔多久来一位考生（如 4s）；不给则越快越好
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) every: Option<Duration>,
}

/// A time as people write it: `4`, `4s`, `2.5s`.
fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').unwrap_or(text).parse::<f64>();
    let time = number.ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
    time.filter(|time| !time.is_zero()).ok_or_else(|| format!("{text:?} is no time in seconds, like 4s"))
}

#[derive(Debug, Args)]
pub(super) struct Develop {
    /// 档案：名称或 .toml 文件
    #[arg(long, default_value = "chsi_2017_99", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// 成品照片的输出文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// 另画出裁切的依据（界限、五官、裁切框），写入这个文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) explain: Option<PathBuf>,
    /// 每个文件输出一行 JSON
    #[arg(long)]
    pub(super) json: bool,
    /// 按这份校准（caiying calibrate 写的）判定
    #[arg(long, value_name = "FILE")]
    pub(super) calibration: Option<PathBuf>,
    /// 仅供测量：允许放大；放大的照片永远不能保存为成品
    #[arg(long)]
    pub(super) allow_enlarge: bool,
    /// 原片
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// 参照照片的原片；不写就用相机拍一张
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// 相机：auto、folder:路径 或 libgphoto2 端口；不写就用本机设置里的
    #[arg(long, value_name = "CAMERA", conflicts_with = "file")]
    pub(super) camera: Option<CameraChoice>,
    /// 档案：名称或 .toml 文件；不写就用本机设置里的
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// 写到哪个文件；不写就是 ~/.config/caiying/calibration.toml，上一份留作 calibration.old.toml
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Scan {
    /// 每个文件（或每个码、每个摄像头）输出一行 JSON
    #[arg(long)]
    pub(super) json: bool,
    /// 含二维码的图片
    #[arg(required_unless_present_any = ["webcam", "list", "command_card"], value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// 从摄像头读码，读到一个输出一个，Ctrl-C 结束；可给名称或 /dev/videoN 的编号
    #[arg(long, value_name = "N|NAME", num_args = 0..=1, default_missing_value = "", conflicts_with = "files")]
    pub(super) webcam: Option<String>,
    /// 列出摄像头及其画面格式
    #[arg(long, conflicts_with_all = ["files", "webcam"])]
    pub(super) list: bool,
    /// 命令卡：写入可打印的 PDF 或 PNG（拍照、保存、重拍、放弃、未归属）
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "webcam", "list"])]
    pub(super) command_card: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Camera {
    /// 做什么
    pub(super) action: CameraAction,
    /// 试拍张数
    #[arg(short = 'n', default_value_t = 1)]
    pub(super) number: u32,
    /// 相机：auto、folder:路径 或 libgphoto2 端口
    #[arg(long, default_value = "auto", value_name = "CAMERA")]
    pub(super) camera: CameraChoice,
    /// 原片的输出文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
    /// 导入：读卡器里的相机卡，或放有原片的文件夹
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// 导入：数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 导入：比这批采集更早的照片也取回
    #[arg(long)]
    pub(super) all: bool,
    /// 测取景的秒数
    #[arg(long, default_value_t = 10)]
    pub(super) seconds: u64,
    /// 测取景时每秒要多少帧；很大的数就是能有多快就多快
    #[arg(long, default_value_t = 18)]
    pub(super) rate: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CameraAction {
    /// 列出相机
    List,
    /// 查看型号、电量、时钟
    Info,
    /// 试拍
    Shoot,
    /// 监看：等待机身快门拍下的照片，Ctrl-C 结束
    Watch,
    /// 导入：把相机卡（读卡器）或文件夹里没有取回过的照片放入未归属
    Import,
    /// 测取景：每秒帧数、字节数、处理器占用
    Live,
}

#[derive(Debug, Args)]
pub(super) struct Prove {
    /// 成品文件（不写则证明数据文件夹里保存过的每一张）
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 每张输出一行 JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Consistency {
    /// 档案：名称或 .toml 文件
    #[arg(long, default_value = "chsi_2017_99", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 每张输出一行 JSON，最后一行是合计
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: PathBuf,
    /// 交付到哪个文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) to: PathBuf,
    /// 档案：名称或 .toml 文件
    #[arg(long, default_value = "chsi_2017_99", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// 学校名册（CSV UTF-8），用于姓名、学号等命名
    #[arg(long, value_name = "FILE")]
    pub(super) roster: Option<PathBuf>,
    /// 仅用于演练数据：文件名含姓名或身份证号时谁在场解锁（记入流水）；真实数据由两人输入口令
    #[arg(long, value_name = "ROLE")]
    pub(super) unlocked_by: Option<Unlocker>,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// 相机：auto、folder:路径 或 libgphoto2 端口
    #[arg(long, value_name = "CAMERA")]
    pub(super) camera: Option<CameraChoice>,
    /// 数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 把相机时钟对准电脑
    #[arg(long)]
    pub(super) set_clock: bool,
    /// 请占用相机的文件管理器（gvfs）释放它
    #[arg(long)]
    pub(super) release: bool,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Roster {
    /// 做什么
    pub(super) action: RosterAction,
    /// 名册文件：.xlsx，或 CSV（UTF-8、GB18030）
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// 档案：名称或 .toml 文件（列名、能否用名册都由它定）
    #[arg(long, default_value = "anqing_2026_freshmen", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// 导入：数据文件夹
    #[arg(long, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// 导入：有问题的行不要，其余的照样导入
    #[arg(long)]
    pub(super) leave_out_faulty: bool,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RosterAction {
    /// 检查：只看不存，逐行说明问题
    Check,
    /// 导入：放进数据文件夹，采集时按学号、身份证号、姓名查找
    Import,
}
