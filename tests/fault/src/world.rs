//! Students, and pictures that say of themselves whose they are: what a face is to a person who looks.
//!
//! So whoever judges a store need not believe its rows, nor the bindings inside its objects.

use std::sync::Arc;

use caiying::{
    portrait::{ByteWindow, Crop, Demand, FaceInFrame, Making, Placement, Portrait, Resampler},
    shot::{Digest, Exposure, Moment, Origin, Shot, ShotId, Trigger},
    station::SeenCode,
};

/// How every picture begins.
const FACE: &[u8] = b"\xff\xd8caiying fault harness: the face of ";

/// The capture code of a student.
#[must_use]
pub fn student(seed: u64, number: u64) -> Option<SeenCode> {
    format!("FAULT-{seed:x}-{number}").parse().ok().map(SeenCode::unread)
}

/// What stands for a capture code in pictures and on pipes.
#[must_use]
pub fn stands_for(seen: &SeenCode) -> Digest {
    Digest::of(seen.code.expose().as_bytes())
}

/// Whose face a picture shows; `None` if it is no picture of this world.
#[must_use]
pub fn shown(picture: &[u8]) -> Option<Digest> {
    let name = picture.strip_prefix(FACE)?.get(..64)?;
    std::str::from_utf8(name).ok()?.parse().ok()
}

/// A picture of a student that is like no other one of `serial`.
fn picture(of: Digest, serial: u64, bytes: usize) -> Arc<[u8]> {
    let mut picture = [FACE, of.to_string().as_bytes(), &serial.to_le_bytes()].concat();
    let mut rest = fastrand::Rng::with_seed(serial ^ 0x00ca_171e);
    picture.extend(std::iter::repeat_with(|| rest.u8(..)).take(bytes));
    picture.into()
}

/// How long a camera's file is: some ten kilobytes, one in eleven of them some hundred.
fn original_bytes(serial: u64) -> usize {
    let mut rng = fastrand::Rng::with_seed(serial);
    if serial.is_multiple_of(11) { rng.usize(200_000..500_000) } else { rng.usize(3_000..50_000) }
}

/// A shot of a student.
#[must_use]
pub fn shot(of: &SeenCode, serial: u64, id: ShotId, trigger: Trigger, at: Moment) -> Shot {
    Shot {
        id,
        trigger,
        exposed: Exposure::exactly(at),
        origin: Origin {
            camera: "fault".to_owned(),
            folder: "/DCIM".to_owned(),
            name: format!("{serial}.JPG"),
            ..Origin::default()
        },
        jpeg: picture(stands_for(of), serial, original_bytes(serial)),
    }
}

/// The portrait made of a shot of a student.
#[must_use]
pub fn portrait(of: &SeenCode, serial: u64) -> Portrait {
    let bytes = fastrand::Rng::with_seed(serial).usize(2_000..30_000);
    // No portrait is a shot: they differ in their serial numbers.
    let jpeg = picture(stands_for(of), serial | 1 << 63, bytes);
    let crop = Crop { x: 0.0, y: 0.0, width: 960.0, height: 1280.0 };
    let face = FaceInFrame { hair_top: 68.0, chin: 446.0, eyes: 268.0, width: 230.0, center_x: 240.0 };
    Portrait {
        sha256: Digest::of(&jpeg),
        jpeg,
        quality: 85,
        placement: Placement { crop, scale: 0.5, face },
        making: Arc::new(Making {
            crop,
            width_px: 480,
            height_px: 640,
            resampler: Resampler::Lanczos3,
            demand: Demand { window: ByteWindow { min: 20_480, max: 40_000 }, min_quality: 60, dpi: 300 },
            program: "fault".to_owned(),
        }),
        cloth: None,
        findings: vec![],
    }
}

/// The moment of the station's nth order, by a clock that is right or by one that somebody sets: 400 days back, then
/// to the year 2099, then right again.
#[must_use]
pub fn moment(order: u64, jumping: bool) -> Moment {
    const START: i64 = 1_795_348_800_000;
    const BACK: i64 = -400 * 86_400_000;
    const IN_2099: i64 = 2_284_000_000_000;
    let away = match (jumping, order / 5 % 3) {
        (false, _) | (true, 0) => 0,
        (true, 1) => BACK,
        (true, _) => IN_2099,
    };
    let since = i64::try_from(order).unwrap_or_default() * 7_000;
    Moment(START + away + since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shows_whose_it_is_and_no_two_are_alike() {
        let (one, other) = (student(7, 1).unwrap(), student(7, 2).unwrap());
        let made = portrait(&one, 4);
        assert_eq!(shown(&made.jpeg), Some(stands_for(&one)));
        assert_ne!(shown(&made.jpeg), Some(stands_for(&other)));
        let taken = shot(&one, 4, ShotId(1), Trigger::Body, moment(1, false));
        assert_eq!(shown(&taken.jpeg), Some(stands_for(&one)));
        assert!(
            taken.jpeg != made.jpeg && taken.jpeg != shot(&one, 5, ShotId(1), Trigger::Body, Moment(0)).jpeg
        );
        assert_eq!(shown(b"\xff\xd8 somebody's holiday"), None);
        assert!(moment(7, true) < moment(0, true) && moment(12, true) > moment(17, true));
    }
}
