//! Why no portrait could be made of a shot: a short name for the journal, words for people.

use super::{DecodeError, FitError, FrameError, MarkerError, RgbError, face::FinderError, scale::ScaleError};
use crate::language::Phrase;

/// Why there is no portrait.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Decline {
    /// The file gives no picture.
    #[error("the shot cannot be read: {0}")]
    Unreadable(#[source] DecodeError),
    /// Nobody is in the picture.
    #[error("no face is in the shot")]
    NoFace,
    /// More than one person is in the picture.
    #[error("{faces} faces are in the shot")]
    ManyFaces {
        /// How many count.
        faces: usize,
    },
    /// The top of the hair cannot be told from what is behind it.
    #[error("the top of the hair is out of sight or cannot be told from the backdrop")]
    HairOutOfSight,
    /// No crop satisfies the rules.
    #[error("{0}")]
    Frame(#[from] FrameError),
    /// No quality gives a file of the right size.
    #[error("{0}")]
    Size(#[from] FitError),
    /// Our own file reads back wrong: a bug.
    #[error("the portrait's file reads back wrong: {0}")]
    BadOutput(#[source] MarkerError),
    /// The finder or the resampler failed: a bug, or a damaged program.
    #[error("the darkroom failed: {0}")]
    Darkroom(String),
    /// Another student's code can be read in the shot: it may show another student.
    #[error("another student's capture code is in the shot")]
    AnothersCode,
}

impl From<FinderError> for Decline {
    fn from(err: FinderError) -> Self {
        Self::Darkroom(err.to_string())
    }
}

impl From<ScaleError> for Decline {
    fn from(err: ScaleError) -> Self {
        Self::Darkroom(err.to_string())
    }
}

impl From<RgbError> for Decline {
    fn from(err: RgbError) -> Self {
        Self::Darkroom(err.to_string())
    }
}

impl Decline {
    /// A short stable name, as the journal and tables carry it.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::NoFace => "no_face",
            Self::ManyFaces { .. } => "many_faces",
            Self::HairOutOfSight => "hair_out_of_sight",
            Self::Frame(FrameError::NoRoomAbove) => "no_room_above",
            Self::Frame(FrameError::NoRoomBelow) => "no_room_below",
            Self::Frame(FrameError::NoRoomLeft) => "no_room_left",
            Self::Frame(FrameError::NoRoomRight) => "no_room_right",
            Self::Frame(FrameError::TooFar) => "too_far",
            Self::Frame(FrameError::HairTooHigh) => "hair_too_high",
            Self::Frame(FrameError::NoSuchHead) => "no_such_head",
            Self::Size(_) => "size_conflict",
            Self::BadOutput(_) => "bad_output",
            Self::Darkroom(_) => "darkroom",
            Self::AnothersCode => "anothers_code",
        }
    }

    /// What the photographer should do.
    #[must_use]
    pub fn advice(&self) -> Phrase {
        match self {
            Self::Unreadable(err) => unreadable(err),
            Self::NoFace => Phrase::new(
                "没有找到人脸：请考生坐到镜头前，面向镜头",
                "no face: the sitter should face the camera",
            ),
            Self::ManyFaces { faces } => Phrase::new(
                format!("画面里有 {faces} 张脸：请其他人离开画面"),
                format!("{faces} faces in the shot: ask the others to step out of it"),
            ),
            Self::HairOutOfSight => Phrase::new(
                "看不到完整的头顶：请退后半步或把镜头抬高，并检查背景布",
                "the top of the hair is not in sight: step back or raise the camera, and check the backdrop",
            ),
            Self::Frame(err) => framing(*err),
            Self::Size(FitError::TooBig { .. }) => Phrase::new(
                "照片细节太多，压缩后仍超出文件大小：请检查背景是否平整、感光度是否过高",
                "too much detail for the file size: is the backdrop even, is the ISO too high?",
            ),
            Self::Size(_) => Phrase::new(
                "照片过于平淡，文件达不到最小值：请检查对焦和曝光",
                "too little detail for the least file size: check focus and exposure",
            ),
            Self::AnothersCode => Phrase::new(
                "照片里拍到了另一位考生的采集码，这张照片已移入未归属。请核对坐着的是不是这位考生：\
                 是，请他收起别人的手机，按 R 重拍；不是，按 Esc 放弃，请坐着的考生重新扫码",
                "another student's code is in the shot, which went to the strays. Is it he who sits? If so, ask him \
                 to put the other phone away and press R; if not, press Esc and let whoever sits scan again",
            ),
            Self::BadOutput(_) | Self::Darkroom(_) => Phrase::new(
                "程序处理出错：请重拍；如再次出现请联系技术人员",
                "the program failed on this shot: shoot again; call the technician if it happens twice",
            ),
        }
    }
}

fn unreadable(err: &DecodeError) -> Phrase {
    match err {
        DecodeError::Empty => Phrase::new("文件是空的：请重拍", "the file is empty: shoot again"),
        DecodeError::NotJpeg { found } => Phrase::new(
            format!("不是 JPEG 文件（像是 {}）：请把相机设为拍摄 JPEG", found.zh),
            format!("not a JPEG file but {found}: set the camera to JPEG"),
        ),
        DecodeError::Truncated => Phrase::new(
            "照片没有传完整：请检查数据线后重拍（原片仍在相机卡上）",
            "the file was not transferred whole: check the cable and shoot again (the card still has it)",
        ),
        DecodeError::TooLarge { width, height } => Phrase::new(
            format!("照片声称有 {width}×{height} 像素，超出范围：请检查文件来源"),
            format!("the file claims {width}x{height} pixels: where does it come from?"),
        ),
        DecodeError::Unsupported { kind } => Phrase::new(
            format!("不支持的 JPEG 类型（{}）：请使用相机直出的 JPEG", kind.zh),
            format!("a JPEG that is {kind} is not read: use the camera's own JPEG"),
        ),
        DecodeError::Damaged(_) => Phrase::new(
            "照片文件已损坏：请重拍（原片仍在相机卡上）",
            "the file is damaged: shoot again (the card still has it)",
        ),
    }
}

fn framing(err: FrameError) -> Phrase {
    match err {
        FrameError::NoRoomAbove => Phrase::new(
            "头顶太靠近画面上缘，请退后半步或把镜头抬高",
            "the hair is too close to the upper edge: step back half a step or raise the camera",
        ),
        FrameError::NoRoomBelow => Phrase::new(
            "肩部以下不够，请把镜头放低或退后半步",
            "too little below the shoulders: lower the camera or step back half a step",
        ),
        FrameError::NoRoomLeft => Phrase::new(
            "人太靠画面左边，请把镜头向左转一点",
            "the sitter is too far left: turn the camera a little to the left",
        ),
        FrameError::NoRoomRight => Phrase::new(
            "人太靠画面右边，请把镜头向右转一点",
            "the sitter is too far right: turn the camera a little to the right",
        ),
        FrameError::TooFar => Phrase::new(
            "人离镜头太远，请靠近或变焦拉近",
            "the sitter is too far away: come closer or zoom in",
        ),
        FrameError::HairTooHigh => Phrase::new(
            "头发太高，眼睛位置会超出范围：请压低或重新束发",
            "the hair is too high: flatten or retie it",
        ),
        FrameError::NoSuchHead => Phrase::new(
            "没有看清脸：请正对镜头坐好后重拍",
            "the face is not clear: face the camera and shoot again",
        ),
    }
}
