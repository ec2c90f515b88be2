//! Room beside the head: 99号 四 "左右对称", contracts "左右各空1/10". The scale follows from the windows of eyes and
//! face, so wide hair is all that can make it small.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The cloth beside the head where there is least of it, in portrait pixels.
pub(super) struct SideMargin;

impl Check for SideMargin {
    fn name(&self) -> &'static str {
        "side_margin"
    }

    fn title(&self) -> Phrase {
        Phrase::new("头侧留空", "room beside the head")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let (left, right) = subject.silhouette().margins;
        Answer::from_on(left.min(right), profile.checks.side_margin_px, " px")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "头发太靠近左右边：请坐正，把头发收拢",
            "the hair reaches the edge: sit straight, tie it back",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请把两边的头发收拢", "please gather your hair at the sides"))
    }
}
