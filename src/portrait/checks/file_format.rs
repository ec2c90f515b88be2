//! File format: 99号 四 "宽480像素*高640像素,分辨率300dpi,24位真彩色…符合JPEG标准", and nothing carried along.

use super::{Answer, Check, Subject, Verdict};
use crate::{
    language::Phrase,
    portrait::Markers,
    profile::{Photo, Profile},
};

/// How many demands on the file's form are not met.
pub(super) struct FileFormat;

impl Check for FileFormat {
    fn name(&self) -> &'static str {
        "file_format"
    }

    fn title(&self) -> Phrase {
        Phrase::new("文件格式", "file format")
    }

    /// There is no doubt about a marker, so this check never warns.
    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let photo = &profile.photo;
        let unmet = demands(subject.markers, photo).into_iter().filter(|met| !met).count();
        let verdict = if unmet == 0 { Verdict::Pass } else { Verdict::Fail };
        let limit = format!("{}×{} {} dpi baseline", photo.width_px, photo.height_px, photo.dpi);
        Answer { verdict, value: unmet as f64, limit }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("文件格式不符：请联系技术人员", "the file's format is off: call the technician")
    }
}

fn demands(markers: &Markers, photo: &Photo) -> [bool; 7] {
    // SOI, APP0 (JFIF), DQT, SOF0, DHT, SOS, EOI (T.81 table B.1): no other APPn, no comment.
    let allowed = [0xd8, 0xe0, 0xdb, 0xc0, 0xc4, 0xda, 0xd9];
    [
        (u32::from(markers.width), u32::from(markers.height)) == (photo.width_px, photo.height_px),
        markers.dpi == Some((photo.dpi, photo.dpi)),
        markers.components == 3,
        // Baseline is eight bits (T.81 table B.2); one scan of all components is an interleaved one.
        markers.baseline && markers.scans == 1,
        // 4:2:0, as the encoder promises.
        markers.luma_sampling == (2, 2),
        markers.segments.iter().all(|marker| allowed.contains(marker)),
        markers.trailing == 0,
    ]
}
