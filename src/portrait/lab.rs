//! CIE Lab and the colour difference CIEDE2000: how far apart two colours look.

/// A colour in CIE 1976 L\*a\*b\* under D65.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lab {
    /// Lightness, 0 to 100.
    pub l: f64,
    /// Green to red.
    pub a: f64,
    /// Blue to yellow.
    pub b: f64,
}

/// D65 white for the 2° observer (IEC 61966-2-1, the white of sRGB).
const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];

/// CIE XYZ to linear sRGB: the inverse of [`TO_XYZ`].
const FROM_XYZ: [[f64; 3]; 3] = [
    [3.240_454_2, -1.537_138_5, -0.498_531_4],
    [-0.969_266_0, 1.876_010_8, 0.041_556_0],
    [0.055_643_4, -0.204_025_9, 1.057_225_2],
];

/// Linear sRGB to CIE XYZ (IEC 61966-2-1).
const TO_XYZ: [[f64; 3]; 3] = [
    [0.412_456_4, 0.357_576_1, 0.180_437_5],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [0.019_333_9, 0.119_192_0, 0.950_304_1],
];

impl Lab {
    /// The Lab colour of an sRGB pixel, each channel 0 to 255.
    #[must_use]
    pub(super) fn from_srgb(rgb: [f64; 3]) -> Self {
        Self::from_linear(rgb.map(|channel| linear(channel / 255.0)))
    }

    /// The Lab colour of linear light, each channel 0 to 1.
    #[must_use]
    pub(super) fn from_linear(linear: [f64; 3]) -> Self {
        let [x, y, z] = TO_XYZ.map(|row| row.iter().zip(linear).map(|(m, v)| m * v).sum::<f64>());
        let [white_x, white_y, white_z] = WHITE;
        let (fx, fy, fz) =
            (cube_root_or_line(x / white_x), cube_root_or_line(y / white_y), cube_root_or_line(z / white_z));
        Self { l: 116.0f64.mul_add(fy, -16.0), a: 500.0 * (fx - fy), b: 200.0 * (fy - fz) }
    }

    /// The nearest sRGB pixel.
    #[must_use]
    pub(super) fn to_srgb(self) -> [u8; 3] {
        let fy = (self.l + 16.0) / 116.0;
        let relative = [fy + self.a / 500.0, fy, fy - self.b / 200.0].map(cube_or_line);
        let ([fx, fy, fz], [white_x, white_y, white_z]) = (relative, WHITE);
        let (x, y, z) = (fx * white_x, fy * white_y, fz * white_z);
        FROM_XYZ.map(|[of_x, of_y, of_z]| {
            let light = of_x * x + of_y * y + of_z * z;
            let channel =
                if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
            (255.0 * channel).round().clamp(0.0, 255.0) as u8
        })
    }

    /// How far from grey.
    #[must_use]
    pub(super) fn chroma(self) -> f64 {
        self.a.hypot(self.b)
    }

    /// CIEDE2000 to another colour, all weights 1 (Sharma, Wu, Dalal 2005, equations 2 to 22).
    #[must_use]
    pub(super) fn difference(self, other: Self) -> f64 {
        let mean_chroma = f64::midpoint(self.a.hypot(self.b), other.a.hypot(other.b));
        let g = 0.5 * (1.0 - saturation(mean_chroma));
        let (a1, a2) = ((1.0 + g) * self.a, (1.0 + g) * other.a);
        let (c1, c2) = (a1.hypot(self.b), a2.hypot(other.b));
        let (h1, h2) = (hue(a1, self.b), hue(a2, other.b));

        let d_lightness = other.l - self.l;
        let d_chroma = c2 - c1;
        let no_hue = c1 * c2 == 0.0;
        let d_hue_deg = if no_hue { 0.0 } else { turn(h2 - h1) };
        let d_hue = 2.0 * (c1 * c2).sqrt() * (d_hue_deg.to_radians() / 2.0).sin();

        let lightness = f64::midpoint(self.l, other.l);
        let chroma = f64::midpoint(c1, c2);
        let hue_deg = if no_hue { h1 + h2 } else { mean_hue(h1, h2) };
        let t = weight_of_hue(hue_deg);
        let from_50 = (lightness - 50.0).powi(2);
        let s_l = 1.0 + 0.015 * from_50 / (20.0 + from_50).sqrt();
        let s_c = 0.045f64.mul_add(chroma, 1.0);
        let s_h = (0.015 * chroma).mul_add(t, 1.0);
        let d_theta = 30.0 * (-((hue_deg - 275.0) / 25.0).powi(2)).exp();
        let rotation = -2.0 * saturation(chroma) * (2.0 * d_theta).to_radians().sin();
        let (l, c, h) = (d_lightness / s_l, d_chroma / s_c, d_hue / s_h);
        (l * l + c * c + h * h + rotation * c * h).max(0.0).sqrt()
    }
}

/// Linear light of an sRGB channel, both 0 to 1.
#[must_use]
pub(super) fn linear(channel: f64) -> f64 {
    if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

fn cube_root_or_line(t: f64) -> f64 {
    const EPSILON: f64 = 216.0 / 24_389.0;
    const KAPPA: f64 = 24_389.0 / 27.0;
    if t > EPSILON { t.cbrt() } else { KAPPA.mul_add(t, 16.0) / 116.0 }
}

/// The inverse of [`cube_root_or_line`].
fn cube_or_line(f: f64) -> f64 {
    const EDGE: f64 = 6.0 / 29.0;
    const KAPPA: f64 = 24_389.0 / 27.0;
    if f > EDGE { f.powi(3) } else { (116.0 * f - 16.0) / KAPPA }
}

/// √(C⁷ ∕ (C⁷ + 25⁷)).
fn saturation(chroma: f64) -> f64 {
    let c7 = chroma.powi(7);
    (c7 / (c7 + 25.0f64.powi(7))).sqrt()
}

/// Hue in degrees, 0 to 360.
fn hue(a: f64, b: f64) -> f64 {
    if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) }
}

/// A difference of hues, between −180 and 180.
fn turn(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

fn mean_hue(h1: f64, h2: f64) -> f64 {
    let sum = h1 + h2;
    if (h1 - h2).abs() <= 180.0 {
        sum / 2.0
    } else if sum < 360.0 {
        (sum + 360.0) / 2.0
    } else {
        (sum - 360.0) / 2.0
    }
}

fn weight_of_hue(hue_deg: f64) -> f64 {
    let cos = |degrees: f64| degrees.to_radians().cos();
    1.0 - 0.17 * cos(hue_deg - 30.0) + 0.24 * cos(2.0 * hue_deg) + 0.32 * cos(3.0f64.mul_add(hue_deg, 6.0))
        - 0.20 * cos(4.0f64.mul_add(hue_deg, -63.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 34 published pairs and their results (Sharma, Wu, Dalal 2005, table 1).
    const PAIRS: [([f64; 3], [f64; 3], f64); 34] = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 3.1571, -77.2803], [50.0, 0.0, -82.7485], 2.8615),
        ([50.0, 2.8361, -74.02], [50.0, 0.0, -82.7485], 3.4412),
        ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, -1.1848, -84.8006], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, -0.9009, -85.5211], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.001], 7.1792),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0011], 7.2195),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0012], 7.2195),
        ([50.0, -0.001, 2.49], [50.0, 0.0009, -2.49], 4.8045),
        ([50.0, -0.001, 2.49], [50.0, 0.001, -2.49], 4.8045),
        ([50.0, -0.001, 2.49], [50.0, 0.0011, -2.49], 4.7461),
        ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
        ([50.0, 2.5, 0.0], [56.0, -27.0, -3.0], 31.903),
        ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
        ([50.0, 2.5, 0.0], [50.0, 3.1736, 0.5854], 1.0),
        ([50.0, 2.5, 0.0], [50.0, 3.2972, 0.0], 1.0),
        ([50.0, 2.5, 0.0], [50.0, 1.8634, 0.5757], 1.0),
        ([50.0, 2.5, 0.0], [50.0, 3.2592, 0.335], 1.0),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([63.0109, -31.0961, -5.8663], [62.8187, -29.7946, -4.0864], 1.263),
        ([61.2901, 3.7196, -5.3901], [61.4292, 2.248, -4.962], 1.8731),
        ([35.0831, -44.1164, 3.7933], [35.0232, -40.0716, 1.5901], 1.8645),
        ([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373),
        ([36.4612, 47.858, 18.3852], [36.2715, 50.5065, 21.2231], 1.4146),
        ([90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441),
        ([90.9257, -0.5406, -0.9208], [88.6381, -0.8985, -0.7239], 1.5381),
        ([6.7747, -0.2908, -2.4247], [5.8714, -0.0985, -2.2286], 0.6377),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ];

    #[test]
    fn the_published_pairs_are_as_far_apart_as_published() {
        for ([l1, a1, b1], [l2, a2, b2], wanted) in PAIRS {
            let (one, two) = (Lab { l: l1, a: a1, b: b1 }, Lab { l: l2, a: a2, b: b2 });
            assert!((one.difference(two) - wanted).abs() < 5e-5, "{one:?} {two:?}");
            assert!((two.difference(one) - wanted).abs() < 5e-5, "{two:?} {one:?}");
        }
    }

    #[test]
    fn a_pixel_comes_back_from_lab() {
        for red in (0..=255).step_by(15) {
            for (green, blue) in [(0, 255), (197, 255), (3, 7), (128, 128), (255, 0)] {
                let pixel = [red, green, blue];
                assert_eq!(Lab::from_srgb(pixel.map(f64::from)).to_srgb(), pixel);
            }
        }
    }

    #[test]
    fn the_reference_cloth_is_where_the_facts_say() {
        let Lab { l, a, b } = Lab::from_srgb([100.0, 197.0, 255.0]);
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 0.01;
        // Worked out by hand from the matrices of IEC 61966-2-1; facts/portrait.md has −37.2 for b.
        assert!(near(l, 75.98) && near(a, -11.85) && near(b, -37.06), "{l} {a} {b}");
    }
}
