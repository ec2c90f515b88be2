//! The profiles that travel inside the program, so that it works from any folder.

use include_dir::{Dir, include_dir};

/// The folder of families of cameras, below that of the profiles.
const FAMILIES: &str = "cameras";

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// The text of a profile that travels with the program, or of a family of cameras (`cameras/canon_eos`).
#[must_use]
pub fn builtin_text(name: &str) -> Option<&'static str> {
    FOLDER.get_file(format!("{name}.toml"))?.contents_utf8()
}

/// The names of all profiles that travel with the program, sorted.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> =
        FOLDER.files().filter_map(|file| file.path().to_str()?.strip_suffix(".toml")).collect();
    names.sort_unstable();
    names.into_iter()
}

/// The names of all families of cameras that travel with the program, sorted.
#[must_use]
pub fn family_names() -> Vec<String> {
    let files = FOLDER.get_dir(FAMILIES).into_iter().flat_map(Dir::files);
    let names = files.filter_map(|file| file.path().to_str()?.strip_suffix(".toml").map(str::to_owned));
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}
