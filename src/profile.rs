//! What one school demands of one batch: read from `profiles/*.toml`, checked once, trusted afterwards.
//!
//! A [`Profile`] can only be made by reading a file through [`Profile::parse`], which refuses unknown keys,
//! contradictions and dates that do not exist, each with file, key and reason. `profiles/README.md`
//! explains every key in the words of the contracts; here each field says its unit and its source.

mod builtin;
mod check;
mod codes;
mod date;
mod drift;
mod error;
mod family;
mod file;
mod job;
mod naming;
mod overruling;
mod picture;
mod roster;
mod safe_name;
mod soft_limit;
mod station;
mod strays;
mod tick;
mod unlock;
mod window;

pub use builtin::{builtin_names, builtin_text, family_names};
pub use codes::{Codes, Decoder, Expression, Foreign, Form, NotACode};
pub use date::Date;
pub use drift::DriftLimits;
pub use error::{ProfileError, Reason};
pub use family::{Battery, Dial, Families, Family, Pattern, Setting, Warning};
pub use job::{
    Acceptance, Deadline, Deliverable, FileSet, Identification, Identity, Job, JobKind, Likeness,
    LikenessReport, Originals, Period, PrintCell, PrintSheet, Privacy, Retakes, Role, Throughput, Unit,
};
pub use naming::{NAMELESS_FOLDER, NamePattern, PatternError};
pub use overruling::check_names;
pub use picture::{
    Backdrop, CheckLimits, ClothesLimits, Consistency, EyeLimits, Frame, FrameTarget, LightLimits, Limit,
    MouthLimits, OneFaceLimits, Photo, SharpnessLimits,
};
pub use roster::RosterRules;
pub use safe_name::{UnsafeName, check_name};
pub use soft_limit::SoftLimit;
pub use station::StationRules;
pub use strays::StrayRules;
pub use tick::Tick;
pub use unlock::Locked;
pub use window::{NotAWindow, Window};

use serde::Deserialize;

use crate::student::Field;

/// A school's demands, checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The file's name without `.toml`, as `--profile` takes it.
    #[serde(skip)]
    pub name: String,
    /// School and batch, as people call the job.
    pub title: String,
    /// Who is photographed, and what stands for a person.
    pub job: Job,
    /// What may be shown of a person, and who may unlock more.
    pub privacy: Privacy,
    /// The electronic photo.
    pub photo: Photo,
    /// Where the head goes.
    pub frame: Frame,
    /// The cloth behind the sitter.
    pub backdrop: Backdrop,
    /// Limits of the checks that judge a portrait.
    pub checks: CheckLimits,
    /// From where on a portrait visibly differs from its batch.
    pub consistency: Consistency,
    /// From where on a day has drifted from the station's calibration.
    pub drift: DriftLimits,
    /// What only a person can judge, in the order it is read.
    #[serde(default)]
    pub ticks: Vec<Tick>,
    /// The delivered sets of files: every portrait appears once in each.
    pub files: Vec<FileSet>,
    /// The folders of a delivery, outermost first.
    pub folders: Vec<NamePattern>,
    /// The print sheet.
    pub print: PrintSheet,
    /// 信息条: what is printed under the photos, in this order; empty when the school has not said.
    pub strip: Vec<Field>,
    /// 人像比对.
    pub likeness: Likeness,
    /// 补拍 and 重拍.
    pub retakes: Retakes,
    /// How fast it must go.
    pub throughput: Throughput,
    /// What is due when.
    pub deadlines: Vec<Deadline>,
    /// When photographs are taken, if the contract says so.
    #[serde(default)]
    pub period: Period,
    /// What happens to the camera's files.
    pub originals: Originals,
    /// What the school measures the work by.
    pub acceptance: Acceptance,
    /// How the codes of this job are looked into.
    pub codes: Codes,
    /// How the school's list of students is read.
    #[serde(default)]
    pub roster: RosterRules,
    /// How the station goes from one student to the next.
    #[serde(default)]
    pub station: StationRules,
    /// What becomes of shots that belong to nobody.
    #[serde(default)]
    pub strays: StrayRules,
}

impl Profile {
    /// Reads a profile from the text of its file, over the profile it is `based_on`, if any.
    ///
    /// `name` is the file's name without `.toml`; `look_up` gives the text of another profile by name.
    ///
    /// # Errors
    /// With file, key and reason when the text is not TOML, a key is unknown or missing, a date does not
    /// exist, or the numbers contradict each other.
    pub fn parse(
        name: &str,
        text: &str,
        look_up: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ProfileError> {
        let table = file::read(name, text, &look_up)?;
        let mut profile: Self = file::typed(name, table)?;
        name.clone_into(&mut profile.name);
        check::check(&profile)?;
        Ok(profile)
    }

    /// Whether its deliveries show in the clear who a person is, in names of files or folders.
    #[must_use]
    pub fn names_show_identity(&self) -> bool {
        let named = self.files.iter().flat_map(|set| set.name.fields());
        named.chain(self.folders.iter().flat_map(NamePattern::fields)).any(Field::is_identity)
    }

    /// One of the profiles that travel with the program.
    ///
    /// # Errors
    /// When there is none of that name, or as [`Profile::parse`].
    pub fn builtin(name: &str) -> Result<Self, ProfileError> {
        let text = builtin_text(name).ok_or_else(|| ProfileError::not_found(name))?;
        Self::parse(name, text, |other| builtin_text(other).map(str::to_owned))
    }
}
