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
            let chroma = match unit.get(lumas..) {
                Some([blue, red]) => {
                    [i32::from(mean(*blue, steps[1])) - 128, i32::from(mean(*red, steps[2])) - 128]
                }
                _ => [0, 0],
            };
            for (value, pixel) in means.iter().zip(out.chunks_exact_mut(3)) {
                pixel.copy_from_slice(&rgb(i32::from(mean(*value, steps[0])), chroma));
            }
        }
    }
    Some((width, height, pixels))
}

/// The mean of a block: an inverse transform with one coefficient (T.81 A.3.3), rounded to the nearest.
const fn mean(dc: i16, step: i32) -> u8 {
    let value = ((dc as i32 * step + 4) >> 3) + 128;
    if value < 0 {
        0
    } else if value > 255 {
        255
    } else {
        value as u8
    }
}

/// From Y Cb Cr to red, green, blue (JFIF 1.02, page 4), in sixteenths of a thousandth.
fn rgb(luma: i32, [blue, red]: [i32; 2]) -> [u8; 3] {
    // 1.402, 0.344136, 0.714136 and 1.772 times 65,536.
    let [r, g, b] = [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue];
    [r, g, b].map(|part| (luma + ((part + 32_768) >> 16)).clamp(0, 255) as u8)
}
