//! From a camera's file to a portrait, beside others' ways, on the same frames, in one run, on one thread.
//!
//! `./dev bench portrait [--frames N] [--rounds N] [--keep FOLDER] [--portraits N]`: N of the three frames (3), N
//! rounds (9), each of which goes once through all ways; then N portraits (48) through the encoders. T is the bare libjpeg-turbo 3.1 decode of the whole file into a buffer that
//! is there already; the table shows medians of the ratios to T of the same round, in processor's time.
//!
//! The portrait is not linked but compiled from the product's own files (links in this folder), so that this needs
//! neither the camera's library nor the window.

mod clock;
mod cuts;
mod encoder;
mod frames;
mod peers;
mod pictures;
mod table;
mod ways;

#[expect(dead_code, unused_imports, reason = "nothing is shown here")]
mod language;
#[expect(dead_code, unused_imports, reason = "only the way of a picture is measured here")]
mod portrait;
#[expect(dead_code, unused_imports, reason = "only one profile is used here")]
mod profile;
#[expect(dead_code, unused_imports, reason = "no machine is set up here")]
mod settings;
#[expect(dead_code, unused_imports, reason = "nothing is shot here")]
mod shot;
#[expect(dead_code, unused_imports, reason = "nobody is photographed here")]
mod student;

use std::{error::Error, fs, path::PathBuf};

use frames::{COMPOSITIONS, Composition};
use portrait::{Crop, Enlarging, ModelFinder, develop};
use profile::Profile;
use table::{Bound, Row};

struct Options {
    frames: usize,
    rounds: usize,
    folder: PathBuf,
    portraits: u64,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let folder = std::env::temp_dir().join("caiying-portrait");
    let mut options = Options { frames: COMPOSITIONS.len(), rounds: 9, folder, portraits: 48 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--frames" => options.frames = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            "--keep" => options.folder = value.into(),
            "--portraits" => options.portraits = value.parse()?,
            _ => return Err(format!("what is {word}? There are --frames, --rounds, --keep and --portraits").into()),
        }
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    if let [_, memory, file, numbers @ ..] = words.as_slice()
        && memory == "--memory"
    {
        let numbers: Vec<f64> = numbers.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
        let &[x, y, width, height] = numbers.as_slice() else { return Err("a crop has four numbers".into()) };
        println!("{}", cuts::measure(file, &Crop { x, y, width, height }));
        return Ok(());
    }
    let options = options()?;
    fs::create_dir_all(&options.folder)?;
    let mut rows = Vec::new();
    for composition in COMPOSITIONS.iter().take(options.frames) {
        rows.extend(frame_rows(composition, &options)?);
    }
    rows.extend(cuts::rows(options.rounds as u64));
    table::print(&rows);
    encoders(options.portraits)
}

/// How often each portrait goes through each encoder: the least time of them counts.
const ENCODER_ROUNDS: usize = 3;

/// The goals of the encoder alone, at both limits that schools set.
fn encoders(portraits: u64) -> Result<(), Box<dyn Error>> {
    let people = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rehearsal"));
    let portraits = pictures::drawn(&people, portraits)?;
    let mozjpeg = std::env::current_exe()?.with_file_name("mozjpeg");
    println!("\n| encoder alone | measured | goal |\n|---|---|---|");
    for limit in [40_000, 30_000] {
        for encoder::Row { what, figure, goal } in encoder::rows(&portraits, limit, ENCODER_ROUNDS, &mozjpeg)? {
            println!("| {what} | {figure} | {goal} |");
        }
    }
    Ok(())
}

/// What is timed in every round, in this order.
const WAYS: [&str; 6] = ["T", "index and eighth", "pixel path", "develop", "image crate alone", "ImageMagick"];

fn frame_rows(composition: &Composition, options: &Options) -> Result<Vec<Row>, Box<dyn Error>> {
    let Composition { name, crop, orientation, .. } = composition;
    let file = options.folder.join(format!("{}.jpg", name.replace([' ', ','], "-")));
    let assets = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"));
    if !file.exists() {
        eprintln!("portrait: painting {name}");
        fs::write(&file, frames::frame(composition, 1, &assets))?;
    }
    let jpeg = fs::read(&file)?;
    let profile = Profile::builtin("chsi_2017_99").map_err(|err| format!("{err:?}"))?;
    let mut finder = ModelFinder::new()?;
    let mut bare = ways::Bare::new();
    let mut took: [Vec<f64>; WAYS.len()] = Default::default();
    let mut outcome = String::new();
    for round in 0..options.rounds + 1 {
        let develop = || {
            let made = develop(&jpeg, &profile, &mut finder, Enlarging::Forbidden).outcome;
            outcome = made.map_or_else(|err| format!(" (declined: {err:?})"), |_| String::new());
        };
        let times = [
            Some(clock::timed(|| bare.decode(&jpeg))),
            Some(clock::timed(|| ways::eighth(&jpeg))),
            Some(clock::timed(|| ways::pixels(&jpeg, crop))),
            Some(clock::timed(develop)),
            Some(clock::timed(|| ways::image_crate(&jpeg, crop, *orientation))),
            peers::imagemagick(&file, crop, *orientation),
        ];
        // The first round warms up: buffers, pages, caches.
        for (took, time) in took.iter_mut().zip(times).filter(|_| round > 0) {
            took.extend(time);
        }
        eprint!("\rportrait: {name}, round {round} of {} ", options.rounds);
    }
    eprintln!();
    let ratio = |of: usize, to: usize| {
        clock::median(took[of].iter().zip(&took[to]).map(|(of, to)| of / to).collect())
    };
    let shown = |way: usize| format!("{:.3} T ({:.1} ms)", ratio(way, 0), clock::median(took[way].clone()));
    let row = |goal, way: usize, must: Option<f64>, aim: Option<f64>| Row {
        goal,
        case: format!("{}, {name}", WAYS[way]),
        figure: ratio(way, 0),
        shown: shown(way),
        must: must.map(Bound::Most),
        aim: aim.map(Bound::Most),
    };
    let tight = name.contains("tight");
    let megabytes = jpeg.len() as f64 / 1e6;
    let bare = Row {
        goal: "T",
        case: format!("libjpeg-turbo 3.1, {name} ({megabytes:.1} MB)"),
        ..row("T", 0, None, None)
    };
    let mut rows = vec![bare, row("G3", 1, Some(0.40), Some(0.28))];
    rows.push(if tight { row("G2", 2, Some(1.10), Some(0.70)) } else { row("G1", 2, Some(0.75), Some(0.45)) });
    let mut whole = row("G4", 3, Some(1.5), Some(1.0));
    whole.case.push_str(&outcome);
    rows.push(whole);
    let mut peer = |case: String, times: f64, must: f64, aim: f64| {
        rows.push(Row {
            goal: "G5",
            case: format!("{case} / pixel path, {name}"),
            figure: times,
            shown: format!("{times:.2} x"),
            must: Some(Bound::Least(must)),
            aim: Some(Bound::Least(aim)),
        });
    };
    if took[5].is_empty() {
        eprintln!("portrait: ImageMagick is not here");
    } else {
        peer(WAYS[5].to_owned(), ratio(5, 2), 4.0, 6.0);
    }
    peer(WAYS[4].to_owned(), ratio(4, 2), 3.0, 4.0);
    match peers::opencv(&file, crop, options.rounds) {
        Some(time) => {
            peer("OpenCV with Hivision's loop".to_owned(), time / clock::median(took[2].clone()), 2.0, 3.0);
        }
        None => eprintln!("portrait: OpenCV is not here: PORTRAIT_PYTHON names no Python that has it"),
    }
    rows.extend(cuts::half_row(name, &jpeg, crop));
    rows.push(cuts::memory_row(name, &file, crop, name.starts_with("24")));
    Ok(rows)
}
