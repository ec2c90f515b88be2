//! `fuzz-seeds TARGET FOLDER`: writes what a target begins with into a folder.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [target, folder] = arguments.as_slice() else {
        return Err(io::Error::other("fuzz-seeds TARGET FOLDER"));
    };
    fs::create_dir_all(folder)?;
    for (number, seed) in fuzz::seeds::of(target).into_iter().enumerate() {
        fs::write(Path::new(folder).join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}
