//! Makes the things tests talk about.

use std::sync::Arc;

use caiying::{
    portrait::{ByteWindow, Crop, Decline, Demand, FaceInFrame, Making, Placement, Portrait, Resampler},
    shot::{Digest, Exposure, Moment, Origin, Shot, ShotId, Trigger},
    student::CaptureCode,
};

pub(crate) fn at(second: i64) -> Moment {
    Moment(second * 1000)
}

pub(crate) fn code(n: u8) -> CaptureCode {
    format!("CODE-{n}").parse().unwrap()
}

/// A shot exposed exactly at `second`; its file is its number.
pub(crate) fn shot(id: u64, trigger: Trigger, second: i64) -> Shot {
    let exposed = Exposure::exactly(at(second));
    Shot {
        id: ShotId(id),
        trigger,
        exposed,
        origin: Origin::default(),
        jpeg: id.to_le_bytes().to_vec().into(),
    }
}

/// A portrait nobody has a word against; its file is its shot's number, twice.
pub(crate) fn portrait(shot: ShotId) -> Portrait {
    let jpeg = [shot.0.to_le_bytes(), shot.0.to_le_bytes()].concat();
    let crop = Crop { x: 0.0, y: 0.0, width: 960.0, height: 1280.0 };
    Portrait {
        sha256: Digest::of(&jpeg),
        jpeg: jpeg.into(),
        quality: 85,
        placement: Placement {
            crop,
            scale: 0.5,
            face: FaceInFrame { hair_top: 68.0, chin: 446.0, eyes: 268.0, width: 230.0, center_x: 240.0 },
        },
        making: Arc::new(Making {
            crop,
            width_px: 480,
            height_px: 640,
            resampler: Resampler::Lanczos3,
            demand: Demand { window: ByteWindow { min: 20_480, max: 40_000 }, min_quality: 60, dpi: 300 },
            program: "test".to_owned(),
        }),
        cloth: None,
        findings: vec![],
    }
}

pub(crate) fn decline() -> Decline {
    Decline::NoFace
}
