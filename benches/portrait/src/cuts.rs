//! G8: how many cuts are the whole decode's region, for every kind of file; and G9, the memory it takes.

use std::{path::Path, process::Command};

use fastrand::Rng;
use jpeg_encoder::SamplingFactor;

use crate::{
    clock, encoder, frames,
    portrait::{Crop, Negative, Region, decode},
    table::{Bound, Row},
    ways,
};

const SAMPLINGS: [SamplingFactor; 4] =
    [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_2, SamplingFactor::R_4_4_0, SamplingFactor::R_4_2_0];

/// Cuts from files of every sampling, with and without restart markers, in every orientation.
pub fn rows(rounds: u64) -> Vec<Row> {
    let mut dice = Rng::with_seed(8);
    let mut equal = [0_u32; 2];
    let mut all = [0_u32; 2];
    for _ in 0..rounds {
        let (width, height) = (dice.usize(300..700), dice.usize(300..700));
        let noise: Vec<u8> = (0..width * height * 3)
            .map(|n| ((n / 3 % width / 3 + n / 3 / width / 2) % 200) as u8 + dice.u8(0..55))
            .collect();
        for sampling in SAMPLINGS {
            for (kind, restart) in [(0, 0), (1, dice.u16(1..200))] {
                let orientation = dice.u8(1..=8);
                let jpeg = frames::written(&noise, (width, height), orientation, sampling, restart);
                for _ in 0..4 {
                    all[kind] += 1;
                    equal[kind] += u32::from(one_is_equal(&jpeg, &mut dice));
                }
            }
        }
    }
    [("cuts equal to the whole decode's region", 0), ("the same with restart markers", 1)]
        .map(|(case, kind)| {
            let share = f64::from(equal[kind]) / f64::from(all[kind]);
            let goal =
                if kind == 0 { (Some(Bound::Least(1.0)), None) } else { (None, Some(Bound::Least(1.0))) };
            let shown = format!("{} of {}", equal[kind], all[kind]);
            Row {
                goal: "G8",
                case: case.to_owned(),
                figure: share,
                shown,
                must: goal.0,
                aim: goal.1.or(goal.0),
            }
        })
        .into()
}

fn one_is_equal(jpeg: &[u8], dice: &mut Rng) -> bool {
    let whole = decode(jpeg).expect("a JPEG");
    let (x, y) = (dice.u32(0..whole.width), dice.u32(0..whole.height));
    let region =
        Region { x, y, width: dice.u32(1..=whole.width - x), height: dice.u32(1..=whole.height - y) };
    let Ok(part) = Negative::open(jpeg).and_then(|negative| negative.region(region)) else { return false };
    let length = region.width as usize * 3;
    part.picture.pixels.chunks_exact(length).zip(y..).all(|(row, y)| {
        let from = (y * whole.width + x) as usize * 3;
        row == &whole.pixels[from..from + length]
    })
}

/// What half of a crop's pixels cost in quality: both ways' files against the crop resampled from all pixels. `None`
/// where all are taken anyway.
pub fn half_row(name: &str, jpeg: &[u8], crop: &Crop) -> Option<Row> {
    let negative = Negative::open(jpeg).ok().filter(|_| ways::from_half(crop))?;
    let all = negative.resampled(crop, 480, 640).expect("a crop inside");
    let half = negative.resampled_from_half(crop, 480, 640).expect("a crop inside");
    let files = [ways::compressed(&all), ways::compressed(&half)];
    let [all, half] = encoder::scores(&all.pixels, [&files[0], &files[1]]).expect("pictures of one size");
    Some(Row {
        goal: "–",
        case: format!("SSIMULACRA2 from half of the pixels, less that from all, {name}"),
        figure: half - all,
        shown: format!("{:+.2} of {all:.2}", half - all),
        must: None,
        aim: None,
    })
}

/// G9, in a process of its own (see [`measure`]).
pub fn memory_row(name: &str, file: &Path, crop: &Crop, goal: bool) -> Row {
    let program = std::env::current_exe().expect("this program");
    let numbers = [crop.x, crop.y, crop.width, crop.height].map(|number| number.to_string());
    let told = Command::new(program).arg("--memory").arg(file).args(numbers).output().expect("this program");
    let megabytes: f64 = String::from_utf8_lossy(&told.stdout).trim().parse().expect("megabytes");
    let (must, aim) = if goal { (Some(Bound::Most(72.0)), Some(Bound::Most(40.0))) } else { (None, None) };
    let (case, shown) = (format!("memory above the file, {name}"), format!("{megabytes:.1} MB"));
    Row { goal: "G9", case, figure: megabytes, shown, must, aim }
}

/// The most memory that G1's way takes above the file itself, in megabytes.
pub fn measure(file: &str, crop: &Crop) -> f64 {
    let jpeg = std::fs::read(file).expect("the frame");
    let before = clock::memory();
    std::hint::black_box(ways::pixels(&jpeg, crop));
    clock::peak_memory() - before
}
