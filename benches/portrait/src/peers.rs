//! G5's peers that are programs of their own. Each gets the crop for free and judges nothing.

use std::{path::Path, process::Command};

use crate::{clock, portrait::Crop};

/// ImageMagick with a size target: the processor's milliseconds. `None` if it is not here.
pub fn imagemagick(file: &Path, crop: &Crop, orientation: u8) -> Option<f64> {
    let out = file.with_extension("imagemagick.jpg");
    let Crop { x, y, width, height } = crop;
    let crop = format!("{width:.0}x{height:.0}+{x:.0}+{y:.0}");
    let mut arguments = vec![file.to_str()?];
    if orientation > 1 {
        arguments.push("-auto-orient");
    }
    arguments.extend(["-crop", &crop, "+repage", "-resize", "480x640!", "-density", "300"]);
    arguments.extend(["-define", "jpeg:extent=40KB", out.to_str()?]);
    clock::timed_program("convert", &arguments)
}

/// OpenCV with the size loop of HivisionIDPhotos, in the Python of `PORTRAIT_PYTHON`, which measures itself
/// without its start. `None` if it is not here.
pub fn opencv(file: &Path, crop: &Crop, rounds: usize) -> Option<f64> {
    let python = std::env::var("PORTRAIT_PYTHON").ok()?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers.py");
    let numbers = [crop.x, crop.y, crop.width, crop.height].map(|number| number.to_string());
    let told =
        Command::new(python).arg(script).arg(file).args(numbers).arg(rounds.to_string()).output().ok()?;
    String::from_utf8(told.stdout).ok()?.trim().parse().ok()
}
