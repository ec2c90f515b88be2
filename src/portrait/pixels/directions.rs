//! In which directions a face has fine structure: motion wipes out what lies along its way, a lens out of focus
//! takes from all directions alike.
//!
//! Fine structure is the square of the second derivative of luma, summed over the face. Its six products are enough
//! to have it in any direction: along the angle θ the derivative is cos²θ·xx + 2·sinθ·cosθ·xy + sin²θ·yy.

use std::f64::consts::PI;

/// So many directions are asked, evenly over half a turn. Halfway between two of them lies 11 degrees from either,
/// and of what motion leaves there the nearest sees most.
const DIRECTIONS: usize = 8;

/// How much structure a still face has along its width, for what it has along its height: brows, lids and lips lie
/// level, so that steps are met going down. The median of 24 sharp faces. Between the two it goes by
/// this to the power of cos 2θ, which meets the measured 0.62, 0.96 and 1.69 at 22.5, 45 and 67.5 degrees.
const ACROSS_FOR_DOWN: f64 = 0.536;

/// Sums of the products of the second derivatives.
#[derive(Debug, Default)]
pub(super) struct Directions {
    /// Across is xx, down is yy, mixed is 2·xy; each with itself or with another.
    across: f64,
    across_mixed: f64,
    across_down: f64,
    mixed: f64,
    down_mixed: f64,
    down: f64,
}

impl Directions {
    /// Takes in a pixel with its neighbours.
    pub(super) fn add(&mut self, [a, b, c]: [f32; 3], [d, e, f]: [f32; 3], [g, h, i]: [f32; 3]) {
        let across = f64::from(d + f - 2.0 * e);
        let down = f64::from(b + h - 2.0 * e);
        let mixed = f64::from(a + i - c - g) / 2.0;
        self.across += across * across;
        self.across_mixed += across * mixed;
        self.across_down += across * down;
        self.mixed += mixed * mixed;
        self.down_mixed += down * mixed;
        self.down += down * down;
    }

    /// The structure along an angle.
    fn along(&self, angle: f64) -> f64 {
        let (sin, cos) = angle.sin_cos();
        let (x, m, y) = (cos * cos, sin * cos, sin * sin);
        x * x * self.across
            + m * m * self.mixed
            + y * y * self.down
            + 2.0 * (x * m * self.across_mixed + x * y * self.across_down + y * m * self.down_mixed)
    }

    /// Structure along a direction over structure across it, each as a share of what a still face has there, in the
    /// direction that has least: about 1 for a face that is still, nearer to 0 the more it moved; `None` where there
    /// is no structure at all.
    pub(super) fn least_share(&self) -> Option<f64> {
        let shares = (0..DIRECTIONS).map(|n| {
            let angle = PI * n as f64 / DIRECTIONS as f64;
            let still = ACROSS_FOR_DOWN.powf((2.0 * angle).cos());
            self.along(angle) / self.along(angle + PI / 2.0) / still
        });
        shares.filter(|share| share.is_finite()).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shares of a texture of waves, each with an amplitude and the angle that it runs along.
    fn measured(waves: &[(f64, f64)]) -> Option<f64> {
        let mut directions = Directions::default();
        let at = |x: i32, y: i32| {
            let wave = |(amplitude, deg): &(f64, f64)| {
                let (sin, cos) = deg.to_radians().sin_cos();
                amplitude * ((f64::from(x) * cos + f64::from(y) * sin) * 2.0 * PI / 16.0).sin()
            };
            waves.iter().map(wave).sum::<f64>() as f32
        };
        for (x, y) in (0..160).flat_map(|x| (0..160).map(move |y| (x, y))) {
            let row = |y: i32| [at(x - 1, y), at(x, y), at(x + 1, y)];
            directions.add(row(y - 1), row(y), row(y + 1));
        }
        directions.least_share()
    }

    /// As much as a face has: amplitudes by the root of what is usual.
    const USUAL: [(f64, f64); 4] = [(0.7321, 0.0), (1.0, 90.0), (0.5, 45.0), (0.5, 135.0)];

    #[test]
    fn a_still_face_has_its_share_in_every_direction() {
        let still = measured(&USUAL).unwrap();
        assert!((0.8..1.05).contains(&still), "{still}");
        assert_eq!(measured(&[]), None, "nothing is known of a wall");
    }

    /// Halving a wave's amplitude, as motion along it does, must show whichever way it runs.
    #[test]
    fn motion_shows_in_every_direction() {
        let still = measured(&USUAL).unwrap();
        for moved in 0..2 {
            let mut waves = USUAL;
            waves[moved].0 *= 0.4;
            waves[2].0 *= 0.6;
            waves[3].0 *= 0.6;
            let share = measured(&waves).unwrap();
            assert!(share < 0.5 * still, "wave {moved}: {share} of {still}");
        }
        let slanting = [(1.0, 45.0), (0.3, 135.0), (0.3, 0.0), (0.4, 90.0)];
        assert!(measured(&slanting).unwrap() < 0.4);
        let between = [(1.0, 22.5), (0.3, 112.5)];
        assert!(measured(&between).unwrap() < 0.3);
    }

    /// What a lens out of focus does takes from every wave alike.
    #[test]
    fn defocus_changes_nothing() {
        let soft = USUAL.map(|(amplitude, deg)| (0.2 * amplitude, deg));
        let (still, soft) = (measured(&USUAL).unwrap(), measured(&soft).unwrap());
        assert!((still - soft).abs() < 1e-3 * still, "{still} {soft}");
    }
}
