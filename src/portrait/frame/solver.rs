//! The solver: rules as lines, their common region, and the point of it that is nearest to the target.

use super::{Crop, Enlarging, FaceInFrame, FrameError, Head, Placement};
use crate::profile::Profile;

/// Finds the crop for a head in a shot of `shot_px` (width, height).
///
/// # Errors
/// What the photographer must change when no crop satisfies the rules.
pub fn solve(
    head: &Head,
    shot_px: (u32, u32),
    profile: &Profile,
    enlarging: Enlarging,
) -> Result<Placement, FrameError> {
    let scene = Scene::new(head, shot_px, profile, enlarging)?;
    let scale = scene.scale(profile.frame.target.head_px)?;
    let hair_top = scene.hair_top(scale, profile.frame.target.hair_top_px);
    Ok(scene.placement(scale, hair_top))
}

/// A rule, to be named when it excludes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Hair,
    Eyes,
    FaceWidth,
    NoEnlarging,
    Above,
    Below,
    Left,
    Right,
}

/// `t` is at least, or at most, `p + q·s`.
#[derive(Debug, Clone, Copy)]
struct Line {
    rule: Rule,
    p: f64,
    q: f64,
}

impl Line {
    fn at(self, scale: f64) -> f64 {
        self.q.mul_add(scale, self.p)
    }
}

/// A bound on `s`, and the rules that make it.
#[derive(Debug, Clone, Copy)]
struct Bound {
    scale: f64,
    rules: [Rule; 2],
}

/// All rules for one head in one shot.
struct Scene<'a> {
    head: &'a Head,
    shot: (f64, f64),
    portrait: (f64, f64),
    at_least: [Line; 3],
    at_most: [Line; 3],
    direct: [(Bound, Side); 5],
}

/// Which side of a bound is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    AtLeast,
    AtMost,
}

impl<'a> Scene<'a> {
    fn new(
        head: &'a Head,
        (width, height): (u32, u32),
        profile: &Profile,
        enlarging: Enlarging,
    ) -> Result<Self, FrameError> {
        let frame = &profile.frame;
        let shot = (f64::from(width), f64::from(height));
        let portrait = (f64::from(profile.photo.width_px), f64::from(profile.photo.height_px));
        let windows = (frame.eye_line_px.inset(frame.guard_px), frame.face_width_px.inset(frame.guard_px));
        let (Some(eyes), Some(face)) = windows else { return Err(FrameError::NoSuchHead) };
        if !head.is_plausible(shot) {
            return Err(FrameError::NoSuchHead);
        }
        // Said first: whoever is too far away has every edge too near as well.
        if enlarging == Enlarging::Forbidden && head.face_width < face.low {
            return Err(FrameError::TooFar);
        }
        let hair = (frame.least_hair_top(&profile.photo), frame.hair_top_px.high - frame.guard_px);
        let to_eyes = head.eye_line - head.hair_top;
        let below = shot.1 - head.hair_top;
        let most = match enlarging {
            Enlarging::Forbidden => 1.0,
            Enlarging::ForMeasuring => f64::INFINITY,
        };
        let direct = |rule, scale, side| (Bound { scale, rules: [rule, rule] }, side);
        Ok(Self {
            head,
            shot,
            portrait,
            at_least: [
                Line { rule: Rule::Hair, p: hair.0, q: 0.0 },
                Line { rule: Rule::Eyes, p: eyes.low, q: -to_eyes },
                Line { rule: Rule::Below, p: portrait.1, q: -below },
            ],
            at_most: [
                Line { rule: Rule::Hair, p: hair.1, q: 0.0 },
                Line { rule: Rule::Eyes, p: eyes.high, q: -to_eyes },
                Line { rule: Rule::Above, p: 0.0, q: head.hair_top },
            ],
            direct: [
                direct(Rule::FaceWidth, face.low / head.face_width, Side::AtLeast),
                direct(Rule::FaceWidth, face.high / head.face_width, Side::AtMost),
                direct(Rule::NoEnlarging, most, Side::AtMost),
                direct(Rule::Left, portrait.0 / 2.0 / head.center_x, Side::AtLeast),
                direct(Rule::Right, portrait.0 / 2.0 / (shot.0 - head.center_x), Side::AtLeast),
            ],
        })
    }

    /// The scale nearest to the target that some hair top goes with.
    fn scale(&self, target_head_px: f64) -> Result<f64, FrameError> {
        let mut low = Bound { scale: 0.0, rules: [Rule::NoEnlarging; 2] };
        let mut high = Bound { scale: f64::INFINITY, rules: [Rule::NoEnlarging; 2] };
        for (bound, side) in self.bounds()? {
            match side {
                Side::AtLeast if bound.scale > low.scale => low = bound,
                Side::AtMost if bound.scale < high.scale => high = bound,
                Side::AtLeast | Side::AtMost => {}
            }
        }
        if low.scale > high.scale {
            return Err(blame(low.rules, high.rules));
        }
        let target = target_head_px / (self.head.chin - self.head.hair_top);
        Ok(target.clamp(low.scale, high.scale))
    }

    /// Every bound on the scale: the direct ones, and one from each floor of `t` against each ceiling.
    fn bounds(&self) -> Result<Vec<(Bound, Side)>, FrameError> {
        let mut bounds = self.direct.to_vec();
        for floor in self.at_least {
            for ceiling in self.at_most {
                // p + q·s of the floor must not exceed that of the ceiling.
                let (slope, room) = (floor.q - ceiling.q, ceiling.p - floor.p);
                let rules = [floor.rule, ceiling.rule];
                let bound = Bound { scale: room / slope, rules };
                if slope > 0.0 {
                    bounds.push((bound, Side::AtMost));
                } else if slope < 0.0 {
                    bounds.push((bound, Side::AtLeast));
                } else if room < 0.0 {
                    return Err(blame(rules, rules));
                }
            }
        }
        Ok(bounds)
    }

    /// The hair top nearest to the target at this scale.
    fn hair_top(&self, scale: f64, target: f64) -> f64 {
        let floor = self.at_least.iter().map(|line| line.at(scale)).fold(f64::NEG_INFINITY, f64::max);
        let ceiling = self.at_most.iter().map(|line| line.at(scale)).fold(f64::INFINITY, f64::min);
        // At the very end of the region rounding may put the floor a hair's breadth above the ceiling.
        target.max(floor).min(ceiling)
    }

    fn placement(&self, scale: f64, hair_top: f64) -> Placement {
        let Head { center_x, .. } = *self.head;
        let (width, height) = (self.portrait.0 / scale, self.portrait.1 / scale);
        // The rules keep the crop inside; this only takes away the last rounding error.
        let inside = |start: f64, length: f64, whole: f64| start.min(whole - length).max(0.0);
        let x = inside(center_x - width / 2.0, width, self.shot.0);
        let y = inside(self.head.hair_top - hair_top / scale, height, self.shot.1);
        let crop = Crop { x, y, width: width.min(self.shot.0), height: height.min(self.shot.1) };
        let down = |source: f64| (source - y) * scale;
        let face = FaceInFrame {
            hair_top: down(self.head.hair_top),
            chin: down(self.head.chin),
            eyes: down(self.head.eye_line),
            width: self.head.face_width * scale,
            center_x: (center_x - x) * scale,
        };
        Placement { crop, scale, face }
    }
}

/// What the photographer must change, from the rules that demand a larger scale and those that forbid it.
fn blame(larger: [Rule; 2], smaller: [Rule; 2]) -> FrameError {
    let demands = |rule| larger.contains(&rule);
    if demands(Rule::Above) {
        FrameError::NoRoomAbove
    } else if demands(Rule::Below) {
        FrameError::NoRoomBelow
    } else if demands(Rule::Left) {
        FrameError::NoRoomLeft
    } else if demands(Rule::Right) {
        FrameError::NoRoomRight
    } else if smaller.contains(&Rule::NoEnlarging) {
        FrameError::TooFar
    } else {
        // Only the windows of the face itself are left, and of those only tall hair makes them disagree.
        FrameError::HairTooHigh
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standard() -> Profile {
        Profile::builtin("chsi_2017_99").unwrap()
    }

    /// A head of usual proportions (facts/standard.md section 1.6) with its hair top at (`x`, `y`).
    fn head(x: f64, y: f64, height: f64) -> Head {
        Head {
            hair_top: y,
            chin: y + height,
            eye_line: y + 0.53 * height,
            face_width: 0.6 * height,
            center_x: x,
            roll_deg: 0.0,
        }
    }

    fn solved(head: &Head) -> Result<Placement, FrameError> {
        solve(head, (6000, 4000), &standard(), Enlarging::Forbidden)
    }

    #[test]
    fn a_usual_head_lands_on_the_target() {
        let placed = solved(&head(3000.0, 800.0, 1200.0)).unwrap();
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 1e-9;
        assert!(near(placed.face.hair_top, 68.0) && near(placed.face.chin, 446.0), "{placed:?}");
        assert!(near(placed.face.center_x, 240.0), "{placed:?}");
        assert!(near(placed.crop.width / placed.crop.height, 0.75), "{placed:?}");
    }

    #[test]
    fn a_profile_may_ask_for_seven_tenths_to_the_letter() {
        let mut profile = standard();
        profile.frame.target.head_px = 448.0;
        let placed = |eye: f64| {
            let head = Head { eye_line: 800.0 + eye * 1200.0, ..head(3000.0, 800.0, 1200.0) };
            solve(&head, (6000, 4000), &profile, Enlarging::Forbidden).unwrap().face
        };
        // Where the eyes lie at 53 per cent of the head, the hair top gives way to keep them inside.
        let usual = placed(0.53);
        assert!((usual.chin - usual.hair_top - 448.0).abs() < 1e-6 && usual.hair_top < 68.0, "{usual:?}");
        // Where they lie lower, the window wins over the wish: at 448 px they would lie at 307.
        let low = placed(0.56);
        assert!((low.eyes - 294.0).abs() < 1e-6 && low.chin - low.hair_top < 430.0, "{low:?}");
    }

    #[test]
    fn each_impossible_frame_says_what_to_change() {
        let cases = [
            (head(3000.0, 20.0, 1200.0), FrameError::NoRoomAbove),
            (head(3000.0, 2700.0, 1200.0), FrameError::NoRoomBelow),
            (head(300.0, 800.0, 1200.0), FrameError::NoRoomLeft),
            (head(5700.0, 800.0, 1200.0), FrameError::NoRoomRight),
            (head(3000.0, 800.0, 200.0), FrameError::TooFar),
            (
                Head { eye_line: 800.0 + 0.85 * 1200.0, ..head(3000.0, 800.0, 1200.0) },
                FrameError::HairTooHigh,
            ),
            (Head { chin: 700.0, ..head(3000.0, 800.0, 1200.0) }, FrameError::NoSuchHead),
            (Head { face_width: f64::NAN, ..head(3000.0, 800.0, 1200.0) }, FrameError::NoSuchHead),
        ];
        for (head, wanted) in cases {
            assert_eq!(solved(&head), Err(wanted), "{head:?}");
        }
    }

    #[test]
    fn too_far_may_be_enlarged_for_measuring_only() {
        let small = head(3000.0, 800.0, 200.0);
        let placed = solve(&small, (6000, 4000), &standard(), Enlarging::ForMeasuring).unwrap();
        assert!(placed.scale > 1.0);
    }

    fn any_head() -> impl Strategy<Value = Head> {
        let shares = (0.40..0.70_f64, 0.45..0.75_f64);
        let place = (0.0..6000.0_f64, 0.0..4000.0_f64, 50.0..3500.0_f64);
        (place, shares).prop_map(|((x, y, height), (eye, width))| Head {
            hair_top: y,
            chin: y + height,
            eye_line: y + eye * height,
            face_width: width * height,
            center_x: x,
            roll_deg: 0.0,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is accepted is inside every window with its guard, inside the shot, and not enlarged;
        /// and crop and scale lead back to the shot to within half a pixel.
        #[test]
        fn an_accepted_frame_keeps_every_rule(head in any_head()) {
            let Ok(placed) = solved(&head) else { return Ok(()) };
            let Placement { crop, scale, face } = placed;
            let close = 1e-6;
            prop_assert!(scale <= 1.0);
            prop_assert!(crop.x >= 0.0 && crop.y >= 0.0, "{crop:?}");
            prop_assert!(crop.x + crop.width <= 6000.0 && crop.y + crop.height <= 4000.0, "{crop:?}");
            prop_assert!((56.0 - close..=104.0 + close).contains(&face.hair_top), "{face:?}");
            prop_assert!((206.0 - close..=294.0 + close).contains(&face.eyes), "{face:?}");
            prop_assert!((186.0 - close..=294.0 + close).contains(&face.width), "{face:?}");
            prop_assert!((face.center_x - 240.0).abs() < close, "{face:?}");
            let back = face.chin.mul_add(crop.height / 640.0, crop.y);
            prop_assert!((back - head.chin).abs() < 0.5, "{back} for {head:?}");
        }

        /// A refusal is honest: no scale and hair top on a fine grid would have done.
        #[test]
        fn a_refused_frame_has_no_solution(head in any_head()) {
            if solved(&head).is_ok() {
                return Ok(());
            }
            for step in 1..=400 {
                let scale = f64::from(step) / 400.0;
                for t in 56..=104 {
                    let t = f64::from(t);
                    let eyes = (head.eye_line - head.hair_top).mul_add(scale, t);
                    let top = head.hair_top - t / scale;
                    let left = head.center_x - 240.0 / scale;
                    let inside = top >= 0.0
                        && left >= 0.0
                        && top + 640.0 / scale <= 4000.0
                        && left + 480.0 / scale <= 6000.0;
                    let good = (206.0..=294.0).contains(&eyes)
                        && (186.0..=294.0).contains(&(head.face_width * scale));
                    prop_assert!(!(inside && good), "scale {scale}, hair top {t} would do for {head:?}");
                }
            }
        }
    }
}
