//! The portrait's encoder beside its peers, on the same pictures, in one run, on one thread.
//!
//! `portrait [--count N] [--rounds N] [--limit BYTES]... [--folder FOLDER]`: N portraits (48) drawn from the
//! rehearsal's people, or all pictures of a folder; 5 rounds; limits of 40,000 and 30,000 bytes.
//!
//! The encoder is not linked but compiled from the product's own files (`jpeg` here is a link), so that this
//! needs seconds to build and not the whole window.

mod encoder;
#[allow(dead_code, unused_imports, unreachable_pub, reason = "the product's own lints watch over it at home")]
mod jpeg;
mod pictures;

use std::{error::Error, path::PathBuf};

struct Options {
    count: u64,
    rounds: usize,
    limits: Vec<usize>,
    folder: Option<PathBuf>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options { count: 48, rounds: 5, limits: Vec::new(), folder: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(format!("{argument} wants a value"))?;
        match argument.as_str() {
            "--count" => options.count = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            "--limit" => options.limits.push(value.parse()?),
            "--folder" => options.folder = Some(value.into()),
            _ => return Err(format!("no such option: {argument}").into()),
        }
    }
    if options.limits.is_empty() {
        options.limits = vec![40_000, 30_000];
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let rehearsal = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/rehearsal");
    let portraits = match &options.folder {
        Some(folder) => pictures::of_folder(folder)?,
        None => pictures::drawn(&rehearsal, options.count)?,
    };
    let mozjpeg = std::env::current_exe()?.with_file_name("mozjpeg");
    for limit in options.limits {
        for encoder::Row { what, figure, goal } in encoder::rows(&portraits, limit, options.rounds, &mozjpeg)?
        {
            println!("{what:<66} {figure:<28} {goal}");
        }
        println!();
    }
    Ok(())
}
