//! Focus: 99号 一 "对焦准确、层次清晰". Two measures inside the face: the variance of the Laplacian tells a slight defocus
//! best, but takes the grain of a high sensitivity for detail; the steepest outlines hardly rise with grain and still
//! show when all of it is soft. Whether something moved is asked in `motion`.
//!
//! Both are divided by the face's own contrast, so that dark skin and soft light are not taken for blur. Where the
//! session has a reference portrait, each is held against that as well: a lens that slips shows long before the
//! limits for all cameras are reached.

use super::{Answer, Check, Subject};
use crate::{
    language::Phrase,
    profile::{Limit, Profile},
};

/// Variance of the Laplacian over squared contrast (OFIQ's idea, calibrated in facts/portrait.md section 5).
pub(super) struct Focus;

/// 98th percentile of the Sobel gradient over contrast.
pub(super) struct Edges;

impl Check for Focus {
    fn name(&self) -> &'static str {
        "focus"
    }

    fn title(&self) -> Phrase {
        Phrase::new("清晰度（对焦）", "sharpness (focus)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let measured = subject.face_pixels().map_or(0.0, |face| face.focus);
        judged(measured, profile.checks.sharpness.focus, subject.references.focus, profile)
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("照片不清晰：请重新对焦后重拍", "out of focus: focus again and shoot again")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐稳，看着镜头别动", "please sit still and look at the camera"))
    }
}

impl Check for Edges {
    fn name(&self) -> &'static str {
        "edges"
    }

    fn title(&self) -> Phrase {
        Phrase::new("清晰度（轮廓）", "sharpness (outlines)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let measured = subject.face_pixels().map_or(0.0, |face| face.edges);
        judged(measured, profile.checks.sharpness.edges, subject.references.edges, profile)
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "轮廓发虚：请重新对焦后重拍，光线暗就先补光",
            "soft outlines: focus again and shoot again; where the light is poor, add light first",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐稳，看着镜头别动", "please sit still and look at the camera"))
    }
}

/// By the limit for all cameras, and by the session's own reference where there is one; the value is the measured one
/// either way.
fn judged(measured: f64, limit: Limit, reference: Option<f64>, profile: &Profile) -> Answer {
    let answer = Answer::at_least(measured, limit, "");
    let Some(reference) = reference.filter(|reference| *reference > 0.0) else { return answer };
    let relative = Answer::from_on(measured / reference, profile.checks.sharpness.of_reference, "×");
    Answer { value: measured, ..answer.or_worse(relative) }
}
