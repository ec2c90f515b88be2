//! Fonts of this machine for characters that ours lack: by name and in one order. Whatever a desktop likes best, and
//! whatever language it speaks, must not change what is read.
//!
//! What each has is read once, beside the window's opening; a file is kept only while a character is drawn with it:
//! together they are 120 MB.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use skrifa::{FontRef, MetadataProvider as _, string::StringId};

use crate::{
    crew::Ahead,
    screens::fonts::{SpareFont, Weight},
};

/// A font that a machine may have.
struct Spare {
    /// Its family's name within the file.
    family: &'static str,
    /// What its file may be called, in regular weight.
    regular: &'static [&'static str],
    /// In bold; nothing when there is none.
    bold: &'static [&'static str],
}

/// The fonts that are asked, the best first: Noto Sans CJK has our own shapes, HanaMin nearly every character, and
/// BabelStone Han the newest. The names are those of Debian's fonts-noto-cjk, fonts-hanazono and fonts-babelstone-han
/// and of the projects' own releases.
const SPARES: [Spare; 4] = [
    Spare {
        family: "Noto Sans CJK SC",
        regular: &["NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"],
        bold: &["NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf"],
    },
    Spare { family: "HanaMinA", regular: &["HanaMinA.ttf", "HanaMinA.otf"], bold: &[] },
    Spare { family: "HanaMinB", regular: &["HanaMinB.ttf", "HanaMinB.otf"], bold: &[] },
    Spare { family: "BabelStone Han", regular: &["BabelStoneHan.ttf"], bold: &[] },
];

impl Spare {
    /// What its files may be called, of each weight, and its family.
    fn files(&self) -> [(&'static [&'static str], &'static str); 2] {
        [(self.regular, self.family), (self.bold, self.family)]
    }
}

/// Faces of a collection that are looked at for the one of the right name.
const MOST_FACES: u32 = 32;

/// Folders within folders that are looked into.
const DEEPEST: u32 = 8;

/// What is known of a file that was read once.
struct Face {
    index: u32,
    /// In their order.
    letters: Vec<u32>,
    /// While something on the screen is drawn with it.
    file: Option<Arc<Vec<u8>>>,
}

/// This machine's fonts.
pub(super) struct SystemFonts {
    shelf: Arc<Shelf>,
    /// Reads what there is: a day's first rare name would stop the window for as long as a cold disk takes for all of it.
    _reading: Mutex<Option<Ahead<()>>>,
}

impl SystemFonts {
    /// Those of this machine and this user.
    pub(super) fn here() -> Self {
        let own = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share/fonts"));
        let shared = ["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from);
        let shelf = Arc::new(Shelf::within(&SPARES, shared.into_iter().chain(own).collect()));
        let reader = Arc::clone(&shelf);
        let files = SPARES.iter().flat_map(Spare::files);
        let reading = files.map(move |(names, family)| reader.look_at(names, family));
        // Without a thread they are read when they are asked for.
        let _reading = Mutex::new(Ahead::start("fonts", SPARES.len() * 2, reading).ok());
        Self { shelf, _reading }
    }

    /// The first font in the table that is here and has this character.
    pub(super) fn find(&self, letter: char, weight: Weight) -> Option<SpareFont> {
        self.shelf.find(letter, weight)
    }
}

/// Where fonts lie, and what is known of them.
struct Shelf {
    spares: &'static [Spare],
    folders: Vec<PathBuf>,
    /// `None` for what is no font, or one of another name.
    read: Mutex<BTreeMap<PathBuf, Option<Face>>>,
}

impl Shelf {
    fn within(spares: &'static [Spare], folders: Vec<PathBuf>) -> Self {
        Self { spares, folders, read: Mutex::default() }
    }

    /// Reads the first of these files that is here.
    fn look_at(&self, names: &[&str], family: &str) {
        let Some(path) = self.file_of(names) else { return };
        // Not while the list is held: the window may ask for a character meanwhile.
        let face = Face::read(&path, family);
        self.known().entry(path).or_insert(face);
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Option<Face>>> {
        // What is known is whole whoever panicked meanwhile.
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first font in the table that is here and has this character.
    fn find(&self, letter: char, weight: Weight) -> Option<SpareFont> {
        self.spares.iter().find_map(|spare| {
            let bold = if weight == Weight::Bold { spare.bold } else { &[] };
            let path = self.file_of(bold).or_else(|| self.file_of(spare.regular))?;
            self.face(&path, spare.family, letter)
        })
    }

    /// Where the first of these files lies. It is looked for each time: characters that ours lack are few.
    fn file_of(&self, names: &[&str]) -> Option<PathBuf> {
        let all = || self.folders.iter();
        names.iter().find_map(|name| all().find_map(|folder| within(folder, name, DEEPEST)))
    }

    fn face(&self, path: &Path, family: &str, letter: char) -> Option<SpareFont> {
        let mut read = self.known();
        let face = read.entry(path.to_owned()).or_insert_with(|| Face::read(path, family)).as_mut()?;
        face.letters.binary_search(&u32::from(letter)).ok()?;
        if face.file.is_none() {
            face.file = Some(Arc::new(fs::read(path).ok()?));
        }
        let name = format!("{family} {}", path.display());
        Some(SpareFont { name, file: Arc::clone(face.file.as_ref()?), face: face.index })
    }
}

impl Face {
    fn read(path: &Path, family: &str) -> Option<Self> {
        let file = fs::read(path).ok()?;
        let faces = (0..MOST_FACES).map_while(|index| Some((index, FontRef::from_index(&file, index).ok()?)));
        let (index, font) = faces.into_iter().find(|(_, font)| is_called(font, family))?;
        let mut letters: Vec<u32> = font.charmap().mappings().map(|(letter, _)| letter).collect();
        letters.sort_unstable();
        Some(Self { index, letters, file: None })
    }
}

fn is_called(font: &FontRef<'_>, family: &str) -> bool {
    let has = |id| font.localized_strings(id).any(|name| name.chars().eq(family.chars()));
    has(StringId::FAMILY_NAME) || has(StringId::TYPOGRAPHIC_FAMILY_NAME)
}

/// A file of this name in a folder or below it. Links to folders are not followed: they may lead in a circle.
fn within(folder: &Path, name: &str, depth: u32) -> Option<PathBuf> {
    let file = folder.join(name);
    if file.is_file() {
        return Some(file);
    }
    let mut below: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    // A folder's own order is chance.
    below.sort();
    let depth = depth.checked_sub(1)?;
    below.iter().find_map(|folder| within(folder, name, depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our own fonts as if they were the machine's.
    fn ours(spares: &'static [Spare]) -> Shelf {
        Shelf::within(spares, vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets")])
    }

    const OURS: Spare = Spare {
        family: "Noto Sans SC",
        regular: &["Missing.ttf", "NotoSansSC-Regular.ttf"],
        bold: &["NotoSansSC-Bold.ttf"],
    };
    const MISNAMED: Spare = Spare { family: "HanaMinB", ..OURS };
    const LIGHT: Spare = Spare { bold: &[], ..OURS };

    fn file(font: Option<SpareFont>) -> Option<String> {
        font.map(|font| font.name.rsplit('/').next().unwrap().to_owned())
    }

    #[test]
    fn a_font_is_found_by_its_files_name_and_its_own_and_only_for_what_it_has() {
        let fonts = ours(&[OURS]);
        assert_eq!(file(fonts.find('采', Weight::Regular)).as_deref(), Some("NotoSansSC-Regular.ttf"));
        assert_eq!(file(fonts.find('采', Weight::Bold)).as_deref(), Some("NotoSansSC-Bold.ttf"));
        assert!(fonts.find('𡈽', Weight::Regular).is_none());
        assert!(ours(&[MISNAMED]).find('采', Weight::Regular).is_none(), "another font under its name");
        assert!(Shelf::within(&[OURS], vec!["/nowhere".into()]).find('采', Weight::Bold).is_none());
        let without_bold = ours(&[LIGHT]).find('采', Weight::Bold);
        assert_eq!(file(without_bold).as_deref(), Some("NotoSansSC-Regular.ttf"));
    }

    #[test]
    fn the_first_of_the_table_goes_first_and_a_file_is_kept_only_when_it_is_drawn_with() {
        let fonts = ours(&[MISNAMED, LIGHT, OURS]);
        assert_eq!(file(fonts.find('采', Weight::Bold)).as_deref(), Some("NotoSansSC-Regular.ttf"));
        let fonts = ours(&[OURS]);
        assert!(fonts.find('𡈽', Weight::Regular).is_none());
        let is_kept = |fonts: &Shelf| fonts.read.lock().unwrap().values().flatten().any(|f| f.file.is_some());
        assert!(!is_kept(&fonts));
        assert!(fonts.find('采', Weight::Regular).is_some() && is_kept(&fonts));
    }

    #[test]
    fn what_was_read_ahead_is_known_and_kept_only_when_it_is_drawn_with() {
        let fonts = ours(&[OURS]);
        for (names, family) in OURS.files() {
            fonts.look_at(names, family);
        }
        assert!(fonts.known().values().flatten().all(|face| !face.letters.is_empty() && face.file.is_none()));
        assert_eq!(fonts.known().len(), 2, "bold and regular");
        assert!(fonts.find('采', Weight::Bold).is_some());
    }

    /// With Debian's fonts-noto-cjk, fonts-hanazono and fonts-babelstone-han below the folder CAIYING_FONTS.
    #[test]
    #[ignore = "needs fonts of Debian"]
    fn rare_characters_are_found_in_the_fonts_of_debian() {
        let fonts = Shelf::within(&SPARES, vec![std::env::var_os("CAIYING_FONTS").unwrap().into()]);
        for letter in "㛃𬱖䶮𠅤𡈽𫍯𬭎𰻞鿍龦𤧛".chars() {
            let name = fonts.find(letter, Weight::Bold).unwrap().name;
            assert!(name.starts_with("Noto Sans CJK SC") && name.ends_with("Bold.ttc"), "{letter} {name}");
        }
        let name = |letter| fonts.find(letter, Weight::Regular).map_or(String::new(), |font| font.name);
        assert!(name('𠀂').starts_with("HanaMinB"), "{}", name('𠀂'));
        assert!(name('\u{31350}').starts_with("BabelStone"), "{}", name('\u{31350}'));
        assert!(name('\u{3FFFD}').is_empty());
    }
}
