//! Who sits for the table: the people of the rehearsal, and the faces of a folder where there is one.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use caiying::portrait::{Face, FaceFinder as _, ModelFinder, Point};
use image::{ImageReader, RgbImage};

use super::{
    canvas::Canvas,
    extended::{MARGINS, extended},
};
use crate::sitter::CLOTH;

/// What a sitter is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Glasses,
    DarkSkin,
    NarrowEyes,
    BigHair,
    /// Every face of the folder.
    Folder,
    /// The people who travel with the product.
    Rehearsal,
}

impl Group {
    pub(crate) const ALL: [Self; 6] =
        [Self::Glasses, Self::DarkSkin, Self::NarrowEyes, Self::BigHair, Self::Folder, Self::Rehearsal];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Glasses => "眼镜",
            Self::DarkSkin => "深肤色",
            Self::NarrowEyes => "细眼",
            Self::BigHair => "大发",
            Self::Folder => "全部",
            Self::Rehearsal => "演练",
        }
    }

    /// By the tags of `index.csv`; `black` and `east-asian` are its words.
    fn of_tags(tags: &str) -> Vec<Self> {
        let has = |names: &[&str]| tags.split(',').any(|tag| names.contains(&tag.trim()));
        let groups = [
            (Self::Glasses, has(&["glasses"])),
            (Self::DarkSkin, has(&["black"])),
            (Self::NarrowEyes, has(&["east-asian"])),
            (Self::BigHair, has(&["big-hair", "very-big-hair", "curly-tall", "updo"])),
            (Self::Folder, true),
        ];
        groups.into_iter().filter_map(|(group, is)| is.then_some(group)).collect()
    }
}

/// Somebody before a cloth, with what is known of the head.
pub(crate) struct Sitter {
    pub(crate) name: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) canvas: Canvas,
    /// As the finder sees the unaltered picture.
    pub(crate) face: Face,
    /// Hair top and chin as people read them, in pixels of the canvas.
    pub(crate) truth: (f64, f64),
}

/// The standard profile's head, in portrait pixels: what lengths of alterations are meant in.
const HEAD_PX: f64 = 378.0;

impl Sitter {
    fn new(
        name: &str,
        groups: Vec<Group>,
        canvas: Canvas,
        truth: (f64, f64),
        finder: &mut ModelFinder,
    ) -> Self {
        let found = finder.find(&canvas.picture(), 0.6).unwrap();
        let face = found.face.unwrap_or_else(|| panic!("{name}: no face, or no hair top"));
        Self { name: name.to_owned(), groups, canvas, face, truth }
    }

    pub(crate) fn is(&self, group: Group) -> bool {
        self.groups.contains(&group)
    }

    /// From hair top to chin, in canvas pixels.
    pub(crate) fn head(&self) -> f64 {
        self.face.head.chin - self.face.head.hair_top
    }

    /// Canvas pixels per portrait pixel.
    pub(crate) fn unit(&self) -> f64 {
        self.head() / HEAD_PX
    }

    /// How probably there is person; below and beside of what the mask shows, as at its nearest place.
    pub(crate) fn person(&self, at: Point) -> f32 {
        let middle = Point { x: self.face.head.center_x, y: self.face.head.eye_line };
        let places = (0..40).map(|n| {
            let back = f64::from(n) / 40.0;
            Point { x: at.x + back * (middle.x - at.x), y: at.y + back * (middle.y - at.y) }
        });
        places.filter_map(|place| self.face.person.probability(place)).next().unwrap_or_default()
    }
}

/// The folder of faces: `CAIYING_FACES`, else `../shared/faces` beside the repository; `None` where there is none.
fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/faces");
    let folder = env::var_os("CAIYING_FACES").map_or(beside, PathBuf::from);
    folder.join("index.csv").is_file().then_some(folder)
}

fn opened(path: &Path) -> image::DynamicImage {
    ImageReader::open(path).unwrap().decode().unwrap()
}

/// The faces of the folder, with room around them. `index.csv`: file, width, height, hair top, chin, tags.
pub(crate) fn of_folder(finder: &mut ModelFinder) -> Vec<Sitter> {
    let Some(folder) = folder() else { return Vec::new() };
    let index = fs::read_to_string(folder.join("index.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(index.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let number = |n: usize| row[n].trim().parse::<f64>().unwrap();
        let tight = Canvas::of(&opened(&folder.join(&row[0])).into_rgb8());
        let down = MARGINS.above as f64;
        let truth = (number(3) + down, number(4) + down);
        Sitter::new(&row[0], Group::of_tags(&row[5]), extended(&tight, finder), truth, finder)
    });
    rows.collect()
}

/// The people of the rehearsal before the reference cloth.
pub(crate) fn of_rehearsal(finder: &mut ModelFinder) -> Vec<Sitter> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rehearsal");
    let index: toml::Table = fs::read_to_string(assets.join("index.toml")).unwrap().parse().unwrap();
    let people = index["person"].as_array().unwrap().iter().map(|person| {
        let text = |key: &str| person[key].as_str().unwrap();
        let number = |key: &str| {
            person[key].as_integer().map_or_else(|| person[key].as_float().unwrap(), |n| n as f64)
        };
        let picture = opened(&assets.join(text("color"))).into_rgb8();
        let matte = opened(&assets.join(text("alpha"))).into_luma8();
        let room = (number("head_px") * 0.35) as u32;
        let seated = RgbImage::from_fn(picture.width() + 2 * room, picture.height() + room, |x, y| {
            let at = x.checked_sub(room).zip(y.checked_sub(room));
            let at = at.filter(|(x, y)| *x < picture.width() && *y < picture.height());
            let Some((x, y)) = at else { return image::Rgb(CLOTH) };
            let share = f32::from(matte.get_pixel(x, y).0[0]) / 255.0;
            let above = picture.get_pixel(x, y).0;
            let mix = |n: usize| f32::from(CLOTH[n]) + share * (f32::from(above[n]) - f32::from(CLOTH[n]));
            image::Rgb([0, 1, 2].map(|n| mix(n).round() as u8))
        });
        let truth = (number("hair_top_y") + f64::from(room), number("chin_y") + f64::from(room));
        Sitter::new(text("id"), vec![Group::Rehearsal], Canvas::of(&seated), truth, finder)
    });
    people.collect()
}
