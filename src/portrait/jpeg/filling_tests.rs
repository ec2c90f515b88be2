//! What the trellis promises of whole files.

use super::test_pictures::{self, Picture};
use super::*;

fn demand(min: usize, max: usize, min_quality: u8) -> Demand {
    Demand { window: ByteWindow { min, max }, min_quality, dpi: 300 }
}

fn rounded_size(picture: &Picture, quality: u8) -> usize {
    let at = demand(0, usize::MAX, quality);
    let coefficients = Coefficients::of(&picture.rgb());
    let terms = coefficients.terms(&Dividers::new(quality));
    let frame = Frame { width: picture.width as u16, height: picture.height as u16, dpi: at.dpi };
    write::file(frame, &terms, &Recipe::new(&terms, quality)).len()
}

/// The levels of every block as rounding makes them.
fn rounded_levels(picture: &Picture, quality: u8) -> Vec<[i32; 64]> {
    let coefficients = Coefficients::of(&picture.rgb());
    let dividers = Dividers::new(quality);
    let block = |(plane, block): (quant::Plane, &dct::Transformed)| {
        std::array::from_fn(|at| {
            let value = block.as_flattened()[usize::from(dct::IN_TRANSFORMED[at])];
            let magnitude = dividers.of(plane).magnitude(at as u8, value.unsigned_abs());
            magnitude as i32 * i32::from(value.signum())
        })
    };
    coefficients.blocks().map(block).collect()
}

/// Every picture at limits just below what rounding needs: the file is as demanded, says what it is, the same
/// again the second time, and each level read back is the rounded one, the largest of one bit less, or none.
#[test]
fn files_are_as_demanded_and_levels_only_ever_lose() {
    let (mut changed, mut filled) = (0, 0);
    for (name, picture) in test_pictures::all() {
        for (at, share) in [(95, 90), (80, 96), (62, 99)] {
            let max = rounded_size(&picture, at) * share / 100;
            let asked = demand(0, max, 60);
            let outcome = fit(&picture.rgb(), &asked);
            assert!(outcome == fit(&picture.rgb(), &asked), "{name} in {max} bytes: twice the same");
            let plain = fit_by_rounding(&picture.rgb(), &asked);
            let Ok(encoded) = outcome else {
                assert!(plain == outcome, "{name} in {max} bytes: {outcome:?}");
                continue;
            };
            assert!(encoded.bytes.len() <= max && encoded.quality >= 60, "{name} in {max} bytes");
            assert!((0.0..=1.0).contains(&encoded.lambda));
            let lower = plain.map_or(0, |plain| plain.quality);
            assert!(lower <= encoded.quality, "{name} in {max} bytes");
            let said = markers(&encoded.bytes).unwrap();
            assert_eq!(
                (said.quality, said.dpi, said.baseline),
                (Some(encoded.quality), Some((300, 300)), true)
            );
            let read = reading_back::read(&encoded.bytes).blocks;
            let rounded = rounded_levels(&picture, encoded.quality);
            assert_eq!(read.len(), rounded.len());
            for (read, rounded) in read.iter().flatten().zip(rounded.iter().flatten()) {
                let size = u32::BITS - rounded.unsigned_abs().leading_zeros();
                let lower = ((1 << size.max(1) >> 1) - 1) * rounded.signum();
                assert!([*rounded, lower, 0].contains(read), "{name}: {read} for {rounded}");
                changed += usize::from(read != rounded);
            }
            assert!(
                read.iter().zip(&rounded).all(|(read, rounded)| read[0] == rounded[0]),
                "{name}: DC stays"
            );
            filled += usize::from(encoded.lambda > 0.0);
        }
    }
    assert!(changed > 1000 && filled > 5, "{changed} levels changed in {filled} files");
}

/// Limits all over the range: the window is filled to 99.3 % and more in the mean, and never overfilled.
#[test]
fn windows_are_filled() {
    let picture = test_pictures::portrait(180, 240);
    let sizes = [62, 70, 80, 90].map(|quality| rounded_size(&picture, quality));
    let limits: Vec<usize> = (0..6).map(|n| sizes[0] + (sizes[3] - sizes[0]) * n / 6 + 17 * n).collect();
    let mut shares = Vec::new();
    for &max in &limits {
        let encoded = fit(&picture.rgb(), &demand(max * 9 / 10, max, 60)).unwrap();
        assert!(encoded.bytes.len() <= max);
        assert!(encoded.lambda > 0.0, "{max}: rounding alone seldom fills a window");
        shares.push(encoded.bytes.len() as f64 / max as f64);
    }
    assert!(shares.iter().sum::<f64>() / shares.len() as f64 >= 0.993, "{shares:?}");
}

/// The measure by which it is judged: what is handed out distorts less than rounding does in the same window.
#[test]
fn rounding_never_distorts_less() {
    for (name, picture) in
        [("portrait", test_pictures::portrait(180, 240)), ("noise", test_pictures::noise(72, 56))]
    {
        let max = rounded_size(&picture, 75);
        let rgb = picture.rgb();
        let (ours, plain) =
            (fit(&rgb, &demand(0, max, 60)).unwrap(), fit_by_rounding(&rgb, &demand(0, max, 60)).unwrap());
        let coefficients = Coefficients::of(&rgb);
        let weights = weights::of(&coefficients);
        let distortion = |file: &[u8], quality: u8| {
            let dividers = Dividers::new(quality);
            let blocks = reading_back::read(file).blocks;
            let of_block = |((read, (plane, block)), weight): (
                (&[i32; 64], (quant::Plane, &dct::Transformed)),
                &f32,
            )| {
                let errors = (0..64).map(|at| {
                    let value = f64::from(block.as_flattened()[usize::from(dct::IN_TRANSFORMED[at])]);
                    value - f64::from(read[at] * 16 * i32::from(dividers.of(plane).steps()[at]))
                });
                f64::from(*weight) * errors.map(|error| error * error).sum::<f64>()
            };
            blocks.iter().zip(coefficients.blocks()).zip(&weights).map(of_block).sum::<f64>()
        };
        let [ours, plain] = [&ours, &plain].map(|file| distortion(&file.bytes, file.quality));
        assert!(ours <= plain * 1.0001, "{name}: {ours} instead of {plain}");
    }
}

/// Below the floor nothing is ever written; a limit that rounding cannot keep at the floor may be kept by
/// the trellis; and one that even the strongest lambda cannot keep is the same conflict as ever.
#[test]
fn the_floor_holds_and_conflicts_stay() {
    let picture = test_pictures::portrait(180, 240);
    let at_floor = rounded_size(&picture, 80);
    let tight = demand(0, at_floor * 95 / 100, 80);
    assert!(matches!(fit_by_rounding(&picture.rgb(), &tight), Err(FitError::TooBig { .. })));
    let saved = fit(&picture.rgb(), &tight).unwrap();
    assert!(saved.quality >= 80 && saved.bytes.len() <= tight.window.max && saved.lambda > 0.0);
    let impossible = demand(0, at_floor / 6, 80);
    let conflict = fit(&picture.rgb(), &impossible);
    assert_eq!(conflict, fit_by_rounding(&picture.rgb(), &impossible));
    assert_eq!(conflict, Err(FitError::TooBig { quality: 80, bytes: at_floor, max: at_floor / 6 }));

    let flat = test_pictures::flat(480, 640, [171, 205, 239]);
    assert!(matches!(
        fit(&flat.rgb(), &demand(20_480, 40_000, 60)),
        Err(FitError::TooSmall { quality: 100, .. })
    ));
}

/// Between the sizes of two neighbouring qualities there is no rounded file, but there is one of the trellis.
#[test]
fn narrow_windows_are_hit() {
    let picture = test_pictures::portrait(180, 240);
    let (lower, upper) = (rounded_size(&picture, 80), rounded_size(&picture, 81));
    let gap = demand(upper - (upper - lower) / 2, upper - 1, 60);
    assert!(matches!(fit_by_rounding(&picture.rgb(), &gap), Err(FitError::TooSmall { .. })));
    let hit = fit(&picture.rgb(), &gap).unwrap();
    assert!((gap.window.min..=gap.window.max).contains(&hit.bytes.len()));
}
