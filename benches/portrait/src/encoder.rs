//! The encoder beside its peers: goals G6 and G7.
//!
//! G6, size targeting without the trellis: our exhaustive search against one optimised libjpeg-turbo encode.
//! G7, quality at a byte limit: SSIMULACRA2 of our file, of libjpeg-turbo's best by binary search over quality
//! and of mozjpeg's (trellis, IJG tables, baseline), and what each costs.
//!
//! All take their turns on the same picture, several rounds; the processor's time counts, and the least of the
//! rounds, because the machine is shared.

use std::{
    error::Error,
    io::{Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Reference};
use rustix::time::{ClockId, clock_gettime};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::{
    portrait::{ByteWindow, Demand, Encoded, Rgb, fit, fit_by_rounding},
    pictures::{Portrait, SIZE},
};

/// One line of the table: what, how much, and the goals it is held against.
pub struct Row {
    pub what: String,
    pub figure: String,
    pub goal: &'static str,
}

/// What became of one picture at one limit.
#[derive(Default)]
struct Sample {
    /// Milliseconds of processor time, the least of all rounds.
    rounding: f64,
    trellis: f64,
    turbo_once: f64,
    turbo_search: f64,
    mozjpeg: f64,
    /// SSIMULACRA2.
    by_rounding: f64,
    by_trellis: f64,
    by_turbo: f64,
    by_mozjpeg: f64,
    /// Share of the limit that is filled.
    filled: f64,
    mozjpeg_filled: f64,
}

/// Measures all portraits at one limit; `mozjpeg` is the program of src/bin/mozjpeg.rs.
pub fn rows(
    portraits: &[Portrait],
    limit: usize,
    rounds: usize,
    mozjpeg: &Path,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut peer = Mozjpeg::start(mozjpeg)?;
    let (mut samples, mut left_out, mut saved) = (Vec::new(), 0, 0);
    for portrait in portraits {
        match measure(portrait, limit, rounds, &mut peer)? {
            Outcome::All(sample) => samples.push(sample),
            Outcome::OnlyOurs => saved += 1,
            Outcome::Nobody => left_out += 1,
        }
    }
    Ok(table(&samples, limit, saved, left_out))
}

enum Outcome {
    All(Sample),
    /// Rounding cannot keep the limit at quality 60, the trellis can.
    OnlyOurs,
    Nobody,
}

fn measure(
    portrait: &Portrait,
    limit: usize,
    rounds: usize,
    peer: &mut Mozjpeg,
) -> Result<Outcome, Box<dyn Error>> {
    let pixels = &portrait.pixels;
    let image = Rgb::new(SIZE.0, SIZE.1, pixels)?;
    let demand = Demand { window: ByteWindow { min: 0, max: limit }, min_quality: 60, dpi: 300 };
    let mut turbo = Compressor::new()?;
    turbo.set_subsamp(Subsamp::Sub2x2)?;
    turbo.set_optimize(true)?;
    let mut sample = Sample {
        rounding: f64::INFINITY,
        trellis: f64::INFINITY,
        turbo_once: f64::INFINITY,
        turbo_search: f64::INFINITY,
        mozjpeg: f64::INFINITY,
        ..Sample::default()
    };
    for round in 0..rounds {
        let (ms, rounded) = timed(|| fit_by_rounding(&image, &demand));
        sample.rounding = sample.rounding.min(ms);
        let (ms, ours) = timed(|| fit(&image, &demand));
        sample.trellis = sample.trellis.min(ms);
        let (rounded, ours) = match (rounded, ours) {
            (Ok(rounded), Ok(ours)) => (rounded, ours),
            (Err(_), Ok(_)) => return Ok(Outcome::OnlyOurs),
            (_, Err(_)) => return Ok(Outcome::Nobody),
        };
        let (ms, _) = timed(|| encode(&mut turbo, pixels, i32::from(rounded.quality)));
        sample.turbo_once = sample.turbo_once.min(ms);
        let (ms, turbos) = timed(|| turbo_search(&mut turbo, pixels, limit));
        sample.turbo_search = sample.turbo_search.min(ms);
        let (ms, mozjpegs) = peer.encode(pixels, limit)?;
        sample.mozjpeg = sample.mozjpeg.min(ms);
        if round == 0 {
            sample.compare(pixels, limit, [&rounded, &ours], [&turbos?, &mozjpegs])?;
        }
    }
    Ok(Outcome::All(sample))
}

impl Sample {
    fn compare(
        &mut self,
        pixels: &[u8],
        limit: usize,
        [rounded, ours]: [&Encoded; 2],
        [turbo, mozjpeg]: [&[u8]; 2],
    ) -> Result<(), Box<dyn Error>> {
        let original = Ssimulacra2Reference::new(&slice(pixels)?)?;
        let score = |file: &[u8]| against(&original, file);
        self.by_rounding = score(&rounded.bytes)?;
        self.by_trellis = score(&ours.bytes)?;
        self.by_turbo = score(turbo)?;
        self.by_mozjpeg = score(mozjpeg)?;
        self.filled = ours.bytes.len() as f64 / limit as f64;
        self.mozjpeg_filled = mozjpeg.len() as f64 / limit as f64;
        Ok(())
    }
}

fn table(samples: &[Sample], limit: usize, saved: usize, left_out: usize) -> Vec<Row> {
    let count = samples.len() as f64;
    let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let worst = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).fold(f64::INFINITY, f64::min);
    let median = |of: &dyn Fn(&Sample) -> f64| {
        let mut all: Vec<f64> = samples.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let row = |what: &str, figure: String, goal| Row { what: what.to_owned(), figure, goal };
    vec![
        row(
            &format!("portraits at {limit} B (only the trellis fits; nothing fits)"),
            format!("{count} ({saved}; {left_out})"),
            "",
        ),
        row(
            "G6 search by rounding / one libjpeg-turbo encode, median",
            format!(
                "{:.2} ({:.2} / {:.2} ms)",
                median(&|s| s.rounding / s.turbo_once),
                median(&|s| s.rounding),
                median(&|s| s.turbo_once)
            ),
            "<= 4, aim <= 2.5",
        ),
        row(
            "G7 SSIMULACRA2 over libjpeg-turbo binary search, mean (worst)",
            format!(
                "{:+.2} ({:+.2}) of {:.2}",
                mean(&|s| s.by_trellis - s.by_turbo),
                worst(&|s| s.by_trellis - s.by_turbo),
                mean(&|s| s.by_turbo)
            ),
            "+0.5",
        ),
        row(
            "G7 SSIMULACRA2 over mozjpeg trellis, IJG tables, mean (worst)",
            format!(
                "{:+.2} ({:+.2}) of {:.2}",
                mean(&|s| s.by_trellis - s.by_mozjpeg),
                worst(&|s| s.by_trellis - s.by_mozjpeg),
                mean(&|s| s.by_mozjpeg)
            ),
            "aim +0.2",
        ),
        row(
            "G7 processor time / mozjpeg's search, median",
            format!(
                "{:.2} ({:.1} / {:.1} ms)",
                median(&|s| s.trellis / s.mozjpeg),
                median(&|s| s.trellis),
                median(&|s| s.mozjpeg)
            ),
            "aim <= 0.25",
        ),
        row(
            "   and / libjpeg-turbo's search, median",
            format!("{:.2} ({:.1} ms)", median(&|s| s.trellis / s.turbo_search), median(&|s| s.turbo_search)),
            "",
        ),
        row(
            "   SSIMULACRA2 over our own rounding, mean",
            format!("{:+.2} of {:.2}", mean(&|s| s.by_trellis - s.by_rounding), mean(&|s| s.by_rounding)),
            "",
        ),
        row(
            "   the limit filled, mean (worst); mozjpeg's mean",
            format!(
                "{:.2} % ({:.2} %); {:.2} %",
                100.0 * mean(&|s| s.filled),
                100.0 * worst(&|s| s.filled),
                100.0 * mean(&|s| s.mozjpeg_filled)
            ),
            ">= 99.3 %",
        ),
    ]
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = cpu_ms();
    let result = work();
    (cpu_ms() - before, result)
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// SSIMULACRA2 of files against the pixels they were made from, or should have been.
pub fn scores<const N: usize>(pixels: &[u8], files: [&[u8]; N]) -> Result<[f64; N], Box<dyn Error>> {
    let original = Ssimulacra2Reference::new(&slice(pixels)?)?;
    let mut scores = [0.0; N];
    for (score, file) in scores.iter_mut().zip(files) {
        *score = against(&original, file)?;
    }
    Ok(scores)
}

fn against(original: &Ssimulacra2Reference, file: &[u8]) -> Result<f64, Box<dyn Error>> {
    let decoded = turbojpeg::decompress(file, PixelFormat::RGB)?;
    Ok(original.compare(&slice(&decoded.pixels)?)?)
}

fn slice(pixels: &[u8]) -> Result<PixelSlice<'_>, Box<dyn Error>> {
    PixelSlice::new(pixels, SIZE.0, SIZE.1, 3 * SIZE.0 as usize, PixelDescriptor::RGB8_SRGB)
        .map_err(|error| format!("{error:?}").into())
}

fn encode(turbo: &mut Compressor, pixels: &[u8], quality: i32) -> turbojpeg::Result<Vec<u8>> {
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    turbo.set_quality(quality)?;
    turbo.compress_to_vec(Image { pixels, width, pitch: 3 * width, height, format: PixelFormat::RGB })
}

/// The highest quality of 60..=100 that fits, as people find it: by bisection.
fn turbo_search(turbo: &mut Compressor, pixels: &[u8], limit: usize) -> turbojpeg::Result<Vec<u8>> {
    let (mut fits, mut too_big, mut best) = (59, 101, Vec::new());
    while fits + 1 < too_big {
        let quality = (fits + too_big) / 2;
        let file = encode(turbo, pixels, quality)?;
        if file.len() <= limit {
            (fits, best) = (quality, file);
        } else {
            too_big = quality;
        }
    }
    Ok(best)
}

/// mozjpeg in a program of its own, since its library and libjpeg-turbo export the same names.
struct Mozjpeg(Child);

impl Mozjpeg {
    fn start(program: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?))
    }

    /// Milliseconds of its processor time, and the file.
    fn encode(&mut self, pixels: &[u8], limit: usize) -> Result<(f64, Vec<u8>), Box<dyn Error>> {
        let input = self.0.stdin.as_mut().ok_or("mozjpeg hears nothing")?;
        input.write_all(&(limit as u32).to_le_bytes())?;
        input.write_all(pixels)?;
        input.flush()?;
        let output = self.0.stdout.as_mut().ok_or("mozjpeg says nothing")?;
        let (mut ms, mut quality, mut length) = ([0; 8], [0], [0; 4]);
        output.read_exact(&mut ms)?;
        output.read_exact(&mut quality)?;
        output.read_exact(&mut length)?;
        let mut file = vec![0; u32::from_le_bytes(length) as usize];
        output.read_exact(&mut file)?;
        Ok((f64::from_le_bytes(ms), file))
    }
}

impl Drop for Mozjpeg {
    /// The end of its input ends it.
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if let Err(error) = self.0.wait() {
            eprintln!("mozjpeg: {error}");
        }
    }
}
