//! Our reader of capture codes beside its peers, on the same frames, in one run, on one thread.
//!
//! `./dev bench codes [--frames N] [--seed S] [--keep FOLDER]`: N frames of each class (30), drawn from seeds S
//! (0) onwards. Prints what each engine read, what it read wrong, and the processor's time per frame.
//!
//! The reader is not linked but compiled from the product's own files (`scan` and `student` here are links), so
//! that this needs seconds to build and not the whole window.

mod engines;
#[path = "../generator.rs"]
mod generator;
#[expect(dead_code, reason = "only the reader is measured here")]
mod scan {
    //! The room `scan`, as far as pictures go.
    pub mod luma;
    pub mod qr;
    pub use luma::Luma;
}
#[expect(dead_code, reason = "nobody is called by a number here")]
mod student {
    //! What a code is.
    pub mod code;
    pub use code::{CaptureCode, CodeError};
}

use std::{collections::BTreeMap, error::Error, fs, path::PathBuf, process::Command};

use generator::{CLASSES, Frame};

/// The size of a frame: 720p, what every webcam offers.
const SIZE: (usize, usize) = (1280, 720);

struct Options {
    frames: u64,
    seed: u64,
    folder: PathBuf,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options { frames: 30, seed: 0, folder: std::env::temp_dir().join("caiying-codes") };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--frames" => options.frames = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--keep" => options.folder = value.into(),
            _ => return Err(format!("what is {word}? There are --frames, --seed and --keep").into()),
        }
    }
    Ok(options)
}

/// What one engine did.
#[derive(Default)]
struct Score {
    read: BTreeMap<String, usize>,
    wrong: usize,
    ms: Vec<f64>,
}

impl Score {
    /// Texts read from a frame: right, or wrong, or none.
    fn add(&mut self, class: &str, right: bool, wrong: bool, ms: f64) {
        *self.read.entry(class.to_owned()).or_default() += usize::from(right);
        self.wrong += usize::from(wrong);
        self.ms.push(ms);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    fs::create_dir_all(&options.folder)?;
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for seed in options.seed..options.seed + options.frames {
        for (class, name) in CLASSES.iter().enumerate() {
            let frame = generator::frame(class, seed, SIZE);
            let file = options.folder.join(format!("{name}-{seed:06}-v{:02}.grey", frame.version));
            fs::write(&file, &frame.pixels)?;
            fs::write(file.with_extension("text"), &frame.text)?;
            ask_ours_and_rust(&frame, &mut scores);
        }
        eprint!("\rcodes: {} of {} seeds", seed + 1 - options.seed, options.frames);
    }
    eprintln!();
    if let Err(err) = ask_python(&options, &mut scores) {
        eprintln!("codes: the peers in C and C++ are missing: {err}");
    }
    print(&options, scores);
    Ok(())
}

fn ask_ours_and_rust(frame: &Frame, scores: &mut BTreeMap<String, Score>) {
    let luma = scan::Luma { width: frame.width, height: frame.height, pixels: frame.pixels.clone() };
    for (name, engine) in engines::ENGINES {
        let began = engines::processor_ms();
        let texts = engine(&luma);
        let ms = engines::processor_ms() - began;
        let right = texts.contains(&frame.text);
        let wrong = texts.iter().any(|text| *text != frame.text);
        scores.entry((*name).to_owned()).or_default().add(frame.class, right, wrong, ms);
    }
}

/// zxing-cpp and zbar are asked through their Python wheels; a line per frame comes back.
fn ask_python(options: &Options, scores: &mut BTreeMap<String, Score>) -> Result<(), Box<dyn Error>> {
    let python = std::env::var("CODES_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers.py");
    let (first, last) = (options.seed.to_string(), (options.seed + options.frames).to_string());
    let out = Command::new(python).arg(script).arg(&options.folder).args([first, last]).output()?;
    if !out.status.success() {
        return Err(format!("peers.py: {}", String::from_utf8_lossy(&out.stderr)).into());
    }
    for line in String::from_utf8(out.stdout)?.lines() {
        let [engine, class, right, wrong, ms] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("peers.py says what nobody understands: {line}").into());
        };
        scores.entry(engine.to_owned()).or_default().add(class, right == "1", wrong == "1", ms.parse()?);
    }
    Ok(())
}

fn print(options: &Options, scores: BTreeMap<String, Score>) {
    let (per_class, all) = (options.frames, options.frames as usize * CLASSES.len());
    println!("{per_class} frames of each class from seed {}, {}x{}", options.seed, SIZE.0, SIZE.1);
    println!("| engine | read of {all} | wrong | mean ms | p95 ms | {} |", CLASSES.join(" | "));
    println!("|{}", "---|".repeat(5 + CLASSES.len()));
    let mut rows: Vec<_> = scores.into_iter().collect();
    rows.sort_by_key(|(_, score)| std::cmp::Reverse(score.read.values().sum::<usize>()));
    for (engine, mut score) in rows {
        let read: usize = score.read.values().sum();
        score.ms.sort_by(f64::total_cmp);
        let mean = score.ms.iter().sum::<f64>() / score.ms.len() as f64;
        let p95 = score.ms[(score.ms.len() * 95 / 100).min(score.ms.len() - 1)];
        let share = 100.0 * read as f64 / all as f64;
        let classes: Vec<String> = CLASSES.iter().map(|class| score.read[*class].to_string()).collect();
        let wrong = score.wrong;
        println!(
            "| {engine} | {read} ({share:.1} %) | {wrong} | {mean:.1} | {p95:.1} | {} |",
            classes.join(" | ")
        );
    }
}
