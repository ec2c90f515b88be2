//! From a 24-megapixel file to a judged portrait, side by side with what others would do, in one run.
//!
//! The peers get the crop for free and judge nothing: the `image` crate alone (decode, crop, Lanczos, quality
//! loop), and ImageMagick's `jpeg:extent`. Read the ratios, not the milliseconds.

#![expect(clippy::expect_used, reason = "a bench that cannot set itself up should stop")]
#![expect(clippy::print_stderr, reason = "a missing peer is told")]

use std::{hint::black_box, process::Command};

use caiying::{
    portrait::{Crop, Enlarging, ModelFinder, Portrait, develop},
    profile::Profile,
    rehearsal::sample_shot,
};
use criterion::{Criterion, criterion_group, criterion_main};
use image::codecs::jpeg::JpegEncoder;

/// The largest file the standard takes under both readings of a KB.
const LIMIT: usize = 40_000;

fn portraits(criterion: &mut Criterion) {
    let shot = sample_shot(1).expect("the rehearsal's pictures");
    let profile = Profile::builtin("chsi_2017_99").expect("the standard");
    let mut finder = ModelFinder::new().expect("the models");
    let portrait = develop(&shot, &profile, &mut finder, Enlarging::Forbidden).outcome.expect("a portrait");
    let crop = portrait.placement.crop;

    let mut group = criterion.benchmark_group("24 MP to a portrait");
    group.sample_size(10);
    group.bench_function("caiying: find, frame, fit, judge", |bench| {
        bench.iter(|| develop(black_box(&shot), &profile, &mut finder, Enlarging::Forbidden));
    });
    group.bench_function("image crate alone, crop for free, no judging", |bench| {
        bench.iter(|| image_crate_alone(black_box(&shot), crop));
    });
    imagemagick(&mut group, &shot, &portrait);
    group.finish();
}

/// Decode, crop, resize, and the usual loop downwards from quality 95.
#[expect(clippy::disallowed_methods, reason = "the peer is measured as people use it")]
fn image_crate_alone(shot: &[u8], crop: Crop) -> Vec<u8> {
    let picture = image::load_from_memory(shot).expect("a JPEG").into_rgb8();
    let (x, y, width, height) = (crop.x as u32, crop.y as u32, crop.width as u32, crop.height as u32);
    let part = image::imageops::crop_imm(&picture, x, y, width, height).to_image();
    let small = image::imageops::resize(&part, 480, 640, image::imageops::FilterType::Lanczos3);
    for quality in (60..=95).rev().step_by(5) {
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, quality).encode_image(&small).expect("a JPEG");
        if file.len() <= LIMIT {
            return file;
        }
    }
    Vec::new()
}

fn imagemagick(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    shot: &[u8],
    portrait: &Portrait,
) {
    if Command::new("convert").arg("-version").output().is_err() {
        eprintln!("ImageMagick is not here: its row is left out (./dev bench installs it)");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("shot.jpg"), folder.path().join("portrait.jpg"));
    std::fs::write(&from, shot).expect("a file");
    let Crop { x, y, width, height } = portrait.placement.crop;
    let crop = format!("{width:.0}x{height:.0}+{x:.0}+{y:.0}");
    group.bench_function("ImageMagick jpeg:extent, crop for free, no judging", |bench| {
        bench.iter(|| {
            let mut convert = Command::new("convert");
            convert.arg(&from).args(["-crop", &crop, "+repage", "-resize", "480x640!"]);
            convert.args(["-density", "300", "-define", "jpeg:extent=40KB"]).arg(&to);
            assert!(convert.status().expect("convert").success(), "convert failed");
        });
    });
}

criterion_group!(benches, portraits);
criterion_main!(benches);
