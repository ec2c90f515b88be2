//! 一致性: whether the portraits of a batch look alike. Contracts allow few that visibly differ (云南文化艺术职业学院: fewer
//! than 5 in 100); side by side on a sheet one large head or one greener cloth is seen at once.
//!
//! Each portrait is compared with the middle of its batch: the median, which a few outliers do not move.

use super::{FaceInFrame, Picture, lab::Lab};
use crate::profile::Consistency;

/// What of a portrait is compared with the others'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// From the top of the hair to the chin, in portrait pixels.
    pub head_px: f64,
    /// Median colour of the cloth.
    cloth: Lab,
}

/// How far a portrait is from the middle of its batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Of the head's height, in portrait pixels; positive where it is larger.
    pub head_px: f64,
    /// Of the cloth's lightness, in L*; positive where it is lighter. The face's own says more of the skin than of the
    /// lamps, and nobody's skin is an outlier.
    pub light: f64,
    /// Between the cloths, CIEDE2000.
    pub cloth: f64,
}

impl Difference {
    /// By what it stands out, as short names; empty when it looks like the others.
    #[must_use]
    pub fn beyond(&self, limits: &Consistency) -> Vec<&'static str> {
        let asked = [
            ("head", self.head_px.abs() > limits.head_px),
            ("light", self.light.abs() > limits.light),
            ("cloth", self.cloth > limits.cloth),
        ];
        asked.into_iter().filter(|(_, stands_out)| *stands_out).map(|(name, _)| name).collect()
    }
}

/// The share of the picture's width at either side in which the cloth is looked at: beside the head, above the
/// shoulders (the head with its ears has at most 300 of 480 px).
const CLOTH_SHARE: f64 = 0.12;

impl Look {
    /// Looks at a portrait.
    #[must_use]
    pub fn of(portrait: &Picture, face: &FaceInFrame) -> Self {
        let width = f64::from(portrait.width);
        let beside =
            |x: f64, y: f64| y < face.eyes && (x < CLOTH_SHARE * width || x >= (1.0 - CLOTH_SHARE) * width);
        let cloth = medians(portrait, beside);
        Self { head_px: face.chin - face.hair_top, cloth: Lab::from_srgb(cloth) }
    }
}

/// Each portrait's difference from the middle of all, in their order.
#[must_use]
pub fn differences(looks: &[Look]) -> Vec<Difference> {
    let median_of = |value: fn(&Look) -> f64| median(looks.iter().map(value).collect());
    let head_px = median_of(|look| look.head_px);
    let cloth = Lab {
        l: median_of(|look| look.cloth.l),
        a: median_of(|look| look.cloth.a),
        b: median_of(|look| look.cloth.b),
    };
    let difference = |look: &Look| Difference {
        head_px: look.head_px - head_px,
        light: look.cloth.l - cloth.l,
        cloth: look.cloth.difference(cloth),
    };
    looks.iter().map(difference).collect()
}

/// The median of each channel over the pixels whose middles are asked for; black where there are none.
fn medians(picture: &Picture, wanted: impl Fn(f64, f64) -> bool) -> [f64; 3] {
    let mut counts = [[0_u32; 256]; 3];
    let rows = picture.pixels.chunks_exact(3 * picture.width as usize);
    for (row, pixels) in rows.enumerate() {
        let (pixels, _) = pixels.as_chunks::<3>();
        let seen =
            pixels.iter().enumerate().filter(|(column, _)| wanted(*column as f64 + 0.5, row as f64 + 0.5));
        for (_, pixel) in seen {
            for (count, value) in counts.iter_mut().zip(pixel) {
                if let Some(count) = count.get_mut(usize::from(*value)) {
                    *count += 1;
                }
            }
        }
    }
    counts.map(|count| {
        let half = count.iter().sum::<u32>() / 2;
        let mut sum = 0;
        let reached = |n: &u32| {
            sum += n;
            sum > half
        };
        count.iter().position(reached).unwrap_or_default() as f64
    })
}

/// The middle value; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(below), Some(above)) if values.len().is_multiple_of(2) => f64::midpoint(*below, *above),
        (_, Some(exactly)) => *exactly,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrait::Colours;

    const LIMITS: Consistency = Consistency { head_px: 25.0, light: 5.0, cloth: 6.0 };

    fn portrait(skin: u8, cloth: [u8; 3], head_px: f64) -> Look {
        let face =
            FaceInFrame { hair_top: 68.0, chin: 68.0 + head_px, eyes: 268.0, width: 230.0, center_x: 240.0 };
        let mut pixels = Vec::new();
        for place in 0..480 * 640 {
            let (x, y) = (f64::from(place % 480) - 240.0, f64::from(place / 480) - 270.0);
            pixels.extend(if (x / 115.0).hypot(y / 170.0) < 1.0 { [skin; 3] } else { cloth });
        }
        Look::of(&Picture { width: 480, height: 640, pixels, colours: Colours::Srgb }, &face)
    }

    #[test]
    fn what_differs_from_the_middle_of_its_batch_stands_out_and_nothing_else() {
        let usual = portrait(180, [100, 197, 255], 378.0);
        let mut batch = vec![usual; 20];
        batch.push(portrait(180, [100, 197, 255], 340.0));
        batch.push(portrait(180, [125, 197, 222], 378.0));
        batch.push(portrait(180, [84, 180, 237], 378.0));
        batch.push(portrait(60, [100, 197, 255], 378.0));
        let found: Vec<_> = differences(&batch).iter().map(|one| one.beyond(&LIMITS)).collect();
        assert!(found.iter().take(20).all(Vec::is_empty), "{found:?}");
        let dark_skin: Vec<&str> = vec![];
        assert_eq!(found[20..], [vec!["head"], vec!["cloth"], vec!["light"], dark_skin]);
        assert!((differences(&batch)[20].head_px + 38.0).abs() < 1e-9);
    }

    #[test]
    fn small_batches_and_none_have_a_middle() {
        assert_eq!(differences(&[]), []);
        let pair = [portrait(180, [100, 197, 255], 370.0), portrait(180, [100, 197, 255], 380.0)];
        let found: Vec<_> = differences(&pair).iter().map(|one| one.head_px).collect();
        assert_eq!(found, [-5.0, 5.0]);
    }
}
