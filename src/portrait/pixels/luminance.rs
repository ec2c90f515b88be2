//! Linear luminance, 0 to 255, and its histogram: what OFIQ's measures of light are made of.

use std::sync::LazyLock;

/// Linear light of each byte times 255 (IEC 61966-2-1).
static LINEAR: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let linear = |byte: u8| (255.0 * crate::portrait::lab::linear(f64::from(byte) / 255.0)) as f32;
    (0..=255).map(linear).collect()
});

/// Counts of pixels by luminance.
#[derive(Debug, Clone)]
pub(in crate::portrait) struct Luminance {
    bins: [u32; 256],
    pixels: u32,
}

impl Luminance {
    /// The histogram of some pixels of three bytes each.
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a [u8]>) -> Self {
        let linear = LINEAR.as_slice();
        let of_byte = |byte: u8| linear.get(usize::from(byte)).copied().unwrap_or_default();
        let mut histogram = Self { bins: [0; 256], pixels: 0 };
        for row in rows {
            for pixel in row.chunks_exact(3) {
                let &[red, green, blue] = pixel else { continue };
                // Rec. 709 weights, as OFIQ takes them.
                let y = 0.2126 * of_byte(red) + 0.7152 * of_byte(green) + 0.0722 * of_byte(blue);
                if let Some(bin) = histogram.bins.get_mut((y + 0.5) as usize) {
                    *bin += 1;
                    histogram.pixels += 1;
                }
            }
        }
        histogram
    }

    /// The share of pixels in a range of luminance, 0 to 1.
    pub(in crate::portrait) fn share(&self, of: std::ops::RangeInclusive<usize>) -> f64 {
        let within = self.bins.get(of).unwrap_or_default().iter().sum::<u32>();
        f64::from(within) / f64::from(self.pixels.max(1))
    }

    /// The mean, 0 to 255.
    pub(in crate::portrait) fn mean(&self) -> f64 {
        let sum = self.bins.iter().zip(0_u32..).map(|(count, y)| f64::from(*count) * f64::from(y));
        sum.sum::<f64>() / f64::from(self.pixels.max(1))
    }

    /// The entropy in bits, 0 to 8.
    pub(in crate::portrait) fn entropy(&self) -> f64 {
        let shares = self.bins.iter().map(|count| f64::from(*count) / f64::from(self.pixels.max(1)));
        // A flat picture would give a negative nought.
        0.0 - shares.filter(|share| *share > 0.0).map(|share| share * share.log2()).sum::<f64>()
    }
}
