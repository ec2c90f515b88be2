//! The picture at an eighth of its size: one pixel a block, whose colour is the block's mean.

use super::{header::Header, index::Index};

/// An eighth of the picture as it is stored: width, height and pixels. `None` if header and index disagree.
pub(super) fn eighth(header: &Header, index: &Index) -> Option<(usize, usize, Vec<u8>)> {
    let (width, height) = (header.width.div_ceil(8), header.height.div_ceil(8));
    let luma = header.components.first()?;
    let step = |plane: usize| {
        let table = header.components.get(plane).map(|component| component.steps);
        let steps = table.and_then(|table| header.steps.get(table)?.as_ref());
        steps.and_then(|steps| steps.first()).map(|step| i32::from(*step))
    };
    let steps = [step(0)?, step(1).unwrap_or_default(), step(2).unwrap_or_default()];
    let lumas = luma.across * luma.down;
    let blocks = if header.components.len() == 1 { 1 } else { lumas + 2 };
    let mut pixels = vec![0; width * height * 3];
    let row = header.units_across() * blocks;
    for (y, line) in pixels.chunks_exact_mut(width * 3).enumerate() {
        let units = index.dc.get(y / luma.down * row..)?.get(..row)?;
        let first = y % luma.down * luma.across;
        for (unit, out) in units.chunks_exact(blocks).zip(line.chunks_mut(luma.across * 3)) {
            let means = unit.get(first..first + luma.across)?;
            let tint = match unit.get(lumas..) {
                Some([blue, red]) => tint(mean(*blue, steps[1]), mean(*red, steps[2])),
                _ => [0; 3],
            };
            for (value, pixel) in means.iter().zip(out.chunks_exact_mut(3)) {
                let luma = mean(*value, steps[0]) + 128;
                pixel.iter_mut().zip(tint).for_each(|(to, tint)| *to = (luma + tint).clamp(0, 255) as u8);
            }
        }
    }
    Some((width, height, pixels))
}

/// The mean of a block, around nought: an inverse transform with one coefficient (T.81 A.3.3), rounded to the
/// nearest.
fn mean(dc: i16, step: i32) -> i32 {
    ((i32::from(dc).wrapping_mul(step) + 4) >> 3).clamp(-128, 127)
}

/// What chroma adds to luma for red, green and blue (JFIF 1.02, page 4).
fn tint(blue: i32, red: i32) -> [i32; 3] {
    // 1.402, 0.344136, 0.714136 and 1.772 times 65,536.
    [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue].map(|part| (part + 32_768) >> 16)
}
