//! JPEG quality: 99号 四 "压缩品质系数不低于60", read back from the file's own tables as a checker would.

use super::{Answer, Check, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// The quality on the IJG scale; 0 when the tables are of no IJG quality.
pub(super) struct Quality;

impl Check for Quality {
    fn name(&self) -> &'static str {
        "quality"
    }

    fn title(&self) -> Phrase {
        Phrase::new("压缩品质", "JPEG quality")
    }

    /// There is no doubt about a table, so this check never warns.
    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let quality = subject.markers.quality.unwrap_or(0);
        let verdict = if quality >= profile.photo.min_quality { Verdict::Pass } else { Verdict::Fail };
        Answer { verdict, value: f64::from(quality), limit: format!("≥ {}", profile.photo.min_quality) }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("压缩品质不符：请联系技术人员", "the JPEG quality is off: call the technician")
    }
}
