//! File size: 99号 四 "压缩后文件大小一般在20KB至40KB", satisfied for both readings of a KB.

use super::{Answer, Check, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// The file's length in bytes.
pub(super) struct FileSize;

impl Check for FileSize {
    fn name(&self) -> &'static str {
        "file_size"
    }

    fn title(&self) -> Phrase {
        Phrase::new("文件大小", "file size")
    }

    /// There is no doubt about a number of bytes, so this check never warns.
    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let (min, max) = profile.photo.bytes();
        let verdict = if (min..=max).contains(&subject.bytes) { Verdict::Pass } else { Verdict::Fail };
        Answer { verdict, value: subject.bytes as f64, limit: format!("{min}–{max} B") }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("文件大小不符：请联系技术人员", "the file's size is off: call the technician")
    }
}
