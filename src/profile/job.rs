//! The part of a profile that is about people and paper: the job, privacy, names, prints, deadlines.

use serde::{Deserialize, Serialize};

use super::{Date, NamePattern};
use crate::student::NameMask;

/// Who is photographed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Graduates or freshmen: the first have a 采集码, the second normally do not.
    pub kind: JobKind,
    /// What may stand for a person at the station, in order of preference.
    pub identified_by: Vec<Identification>,
    /// The school's full name, as strips print it.
    #[serde(default)]
    pub school: Option<String>,
    /// 院校代码, five digits, when the contract states it.
    #[serde(default)]
    pub school_code: Option<String>,
    /// How many people the contract expects.
    #[serde(default)]
    pub expected: Option<u32>,
    /// 层次 whose students are photographed in this job, as codes write them; empty for all.
    #[serde(default)]
    pub levels: Vec<String>,
}

/// Graduates or freshmen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// 毕业生, by 采集码.
    Graduates,
    /// 新生, by roster or id card.
    Freshmen,
}

/// What stands for a person at the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identification {
    /// 采集码.
    CaptureCode,
    /// A line of the school's roster, by 学号 or 身份证号 to the letter.
    Roster,
    /// A resident identity card in a reader.
    IdCard,
}

/// What may be shown of a person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Masked or in full.
    pub identity: Identity,
    /// Who may unlock the full identity; empty when nobody may.
    pub unlocked_by: Vec<Role>,
    /// Which characters of a masked name stay.
    pub name_mask: NameMask,
    /// Whether identity cards are read at the station: only where the school arranged it and each student agreed.
    #[serde(default)]
    pub read_id_cards: bool,
}

/// Masked or in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Names masked, of id numbers the last four.
    Masked,
    /// Names and id numbers may appear in deliveries, after somebody of `unlocked_by` unlocked them.
    Full,
}

/// Who works with the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 摄影师.
    Photographer,
    /// 补拍操作员.
    RetakeOperator,
    /// 学校监督员.
    Supervisor,
    /// 管理员.
    Administrator,
}

/// One delivered set of files.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSet {
    /// The set's own folder, needed when there are several sets; empty for none.
    #[serde(default)]
    pub folder: String,
    /// The file's name with its extension.
    pub name: NamePattern,
}

/// 版: how prints lie on a sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintSheet {
    /// Width and height of the paper in millimetres.
    pub paper_mm: [f64; 2],
    /// What lies on it.
    pub cells: Vec<PrintCell>,
}

/// Several prints of one size.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintCell {
    /// What the trade calls the size: 1寸, 2寸.
    pub size: String,
    /// Width and height in millimetres.
    pub mm: [f64; 2],
    /// How many of them.
    pub count: u32,
}

/// 人像比对.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likeness {
    /// Which report each student gets.
    pub report: LikenessReport,
    /// Whether an abnormal result demands a second comparison with its own report.
    pub second_round: bool,
}

/// Which report of a comparison each student gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LikenessReport {
    /// None.
    None,
    /// Ours, printed on site.
    OnSite,
    /// The police's, obtained outside this program.
    Police,
}

/// 补拍 and 重拍.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retakes {
    /// How many sessions at the school the contract includes.
    pub visits: u32,
    /// Whether single retakes are made at the school.
    pub at_school: bool,
    /// Shots in one sitting after which the station calls a person: somebody forgot to scan.
    pub shots_per_sitting: u32,
}

/// How fast it must go.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throughput {
    /// Students in one day, over all stations; 0 when the contract does not say.
    pub students_per_day: u32,
    /// Stations on site.
    pub stations: u32,
    /// Hours in which a day's students pass.
    pub hours_per_day: f64,
}

/// One thing that is due: within a number of days, or by a day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// What.
    pub deliverable: Deliverable,
    /// Within how many days.
    #[serde(default)]
    pub within: Option<u32>,
    /// Which days count; goes with `within`.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// By which day.
    #[serde(default)]
    pub by: Option<Date>,
}

/// What a contract asks to be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deliverable {
    /// 校对: students and school look at the portraits.
    Proof,
    /// The electronic photos.
    Photos,
    /// Likeness reports.
    LikenessReports,
    /// Upload to 学信网.
    Upload,
    /// 冲印: photographic prints.
    Prints,
    /// Certificates.
    Certificates,
    /// Everything.
    Completion,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 日历日.
    Days,
    /// 工作日.
    WorkingDays,
}

/// When photographs are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    #[serde(default)]
    pub first_day: Option<Date>,
    /// The last day.
    #[serde(default)]
    pub last_day: Option<Date>,
}

/// 可供洗印的原始电子图片: what happens to the camera's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Originals {
    /// Whether they are kept for the school.
    pub keep: bool,
    /// The least width and height of an original, in pixels, held upright.
    pub least_px: [u32; 2],
}

/// What the school measures the work by.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// 一次性通过率: the share of portraits accepted at first, 0 when the contract does not say.
    pub first_pass_rate: f64,
    /// The share of visibly different portraits that is tolerated, 1 when the contract does not say.
    pub visible_outliers: f64,
    /// 监督删除: whether the data are destroyed under the school's eyes.
    pub supervised_deletion: bool,
}
