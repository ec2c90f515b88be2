//! How much an error weighs, block by block.
//!
//! Squared error alone knows no eyes. Between curls or in a weave an error is hardly seen; on a cheek or on
//! the backdrop it is. So the squared errors of a block weigh less the more contrast the block has of its own:
//! by `1 / √(1 + contrast / KNEE)`, where contrast is the mean square of its AC coefficients. Within a block all
//! frequencies weigh the same: dividing by the quantiser's steps or their squares did worse, by their roots no better.
//!
//! The weights come from the picture alone and not from a quality, so that distortions at different qualities
//! can be compared.

use super::coefficients::Coefficients;
use super::dct::Transformed;
use super::quant::{Plane, SIXTEENTHS};

/// The contrast, in squared levels of brightness per coefficient, at which errors weigh 0.71 of those in a block
/// without any. Found by trial (benches/portrait): of 3, 10, 30 and 100 this one came out best by SSIMULACRA2.
const KNEE: f32 = 10.0;

/// How many times as much an error of colour weighs: a sample of it covers four pixels, but is seen less well.
/// Of 0.5, 1, 2 and 3 this came out best.
const CHROMA: f32 = 2.0;

/// The weight of squared errors, in squared sixteenths, of every block in the order of the scan.
pub(super) fn of(picture: &Coefficients) -> Vec<f32> {
    let of_block = |(plane, block)| match plane {
        Plane::Luma => weight(block),
        Plane::Chroma => CHROMA * weight(block),
    };
    picture.blocks().map(of_block).collect()
}

/// The weight of one block of brightness: at most 1 / 256, which turns squared sixteenths into squared levels.
fn weight(block: &Transformed) -> f32 {
    let unit = f32::from(SIXTEENTHS * SIXTEENTHS);
    let squares = |row: &[i16; 8]| row.iter().map(|&c| f32::from(c) * f32::from(c)).sum::<f32>();
    let [[dc, ..], ..] = *block;
    let ac = block.iter().map(squares).sum::<f32>() - f32::from(dc) * f32::from(dc);
    let contrast = ac.max(0.0) / (63.0 * unit);
    1.0 / (unit * (1.0 + contrast / KNEE).sqrt())
}
