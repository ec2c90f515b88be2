//! The pictures that screens are compared with: `tests/pictures/NAME.png`.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use image::RgbImage;

/// What accepts the pictures as they are painted now.
const ACCEPT: &str = "CAIYING_ACCEPT_PICTURES";

/// Colours of a picture that differ by no more than this are kept as one: with at most 256 of them it takes half the
/// bytes.
const MERGED: u8 = 3;

/// A channel of a pixel may differ by so much: the outlines of letters are filled by instructions that differ from
/// one processor to the next (vello_cpu), and arcs by the mathematics of its C library; and [`MERGED`].
const CHANNEL: u8 = MERGED + 2;

/// So many pixels may differ by more: a corner that falls on the other side of a pixel's middle. The smallest letter
/// of a screen has more.
const PIXELS: usize = 12;

/// A larger picture does not belong into the repository, in bytes.
const LARGEST: u64 = 90_000;

/// Nor do all of them together, in bytes.
const ALL: u64 = 9_000_000;

/// A picture on a sheet is so wide and high: a word that is missing, pale or elsewhere shows, and a hundred sheets fit
/// into the repository.
const SMALLISH: [u32; 2] = [96, 54];

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// Where a picture that differs is laid, and what differs in it.
fn desk() -> PathBuf {
    let desk = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    fs::create_dir_all(&desk).unwrap();
    desk
}

/// As a file, with a palette where one suffices.
fn png_file(picture: &RgbImage) -> Vec<u8> {
    let (palette, places) = palette(picture);
    let (width, height) = picture.dimensions();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_deflate_compression(png::DeflateCompression::Level(9));
    if palette.len() > 256 {
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_filter(png::Filter::NoFilter);
        let pixels: Vec<u8> = picture.pixels().flat_map(|pixel| palette[places[&pixel.0]]).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    } else {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette.concat());
        encoder.set_filter(png::Filter::NoFilter);
        let pixels: Vec<u8> = picture.pixels().map(|pixel| places[&pixel.0] as u8).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    }
    file
}

/// The colours of a picture, the most frequent first, without those that stand for others; and which of them stands
/// for each.
fn palette(picture: &RgbImage) -> (Vec<[u8; 3]>, BTreeMap<[u8; 3], usize>) {
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for pixel in picture.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let mut palette: Vec<[u8; 3]> = vec![];
    let mut places = BTreeMap::new();
    for (colour, _) in colours {
        let near = palette.iter().position(|kept| is_near(*kept, colour, MERGED));
        places.insert(colour, near.unwrap_or(palette.len()));
        if near.is_none() {
            palette.push(colour);
        }
    }
    (palette, places)
}

/// Compares a picture with the one of its name, or accepts it; says in words what differs.
pub(super) fn compare(name: &str, painted: &RgbImage) -> Result<(), String> {
    let path = folder().join(format!("{name}.png"));
    let known = fs::read(&path).ok().map(|file| image::load_from_memory(&file).unwrap().into_rgb8());
    let found = match &known {
        Some(known) => differences(known, painted),
        None => Err("there is no such picture yet".to_owned()),
    };
    let Err(what) = found else { return Ok(()) };
    if env::var_os(ACCEPT).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, png_file(painted)).unwrap();
        return Ok(());
    }
    let lay = |kind: &str, picture: &RgbImage| {
        let path = desk().join(format!("{}.{kind}.png", name.replace('/', "_")));
        fs::write(&path, png_file(picture)).unwrap();
        path.display().to_string()
    };
    let new = lay("new", painted);
    if let Some(known) = known.filter(|known| known.dimensions() == painted.dimensions()) {
        lay("diff", &marked(&known, painted));
    }
    Err(format!("{name}: {what}; look at {new}, and if it is right: {ACCEPT}=1 ./dev test pictures::"))
}

/// Compares several pictures with the sheet of this name, on which they stand small beside each other.
pub(super) fn compare_sheet(name: &str, painted: &[RgbImage]) -> Result<(), String> {
    let [width, height] = SMALLISH;
    let mut sheet = RgbImage::new(width * painted.len() as u32, height);
    for (place, picture) in (0_u32..).zip(painted) {
        let small = image::imageops::thumbnail(picture, width, height);
        image::imageops::replace(&mut sheet, &small, i64::from(place * width), 0);
    }
    compare(&format!("sheets/{name}"), &sheet)
}

/// Whether two pictures show the same; how they do not.
pub(super) fn differences(known: &RgbImage, painted: &RgbImage) -> Result<(), String> {
    if known.dimensions() != painted.dimensions() {
        return Err(format!("{:?} and not {:?} pixels", painted.dimensions(), known.dimensions()));
    }
    let pairs = known.pixels().zip(painted.enumerate_pixels());
    let other: Vec<(u32, u32)> = pairs
        .filter(|(known, (.., painted))| !is_near(known.0, painted.0, CHANNEL))
        .map(|(_, (x, y, _))| (x, y))
        .collect();
    if other.len() <= PIXELS {
        return Ok(());
    }
    let range = |of: fn(&(u32, u32)) -> u32| {
        let at = || other.iter().map(of);
        format!("{} to {}", at().min().unwrap(), at().max().unwrap())
    };
    Err(format!("{} pixels differ, x {}, y {}", other.len(), range(|at| at.0), range(|at| at.1)))
}

fn is_near(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= tolerance)
}

/// The new picture in pale, with red where it differs.
fn marked(known: &RgbImage, painted: &RgbImage) -> RgbImage {
    RgbImage::from_fn(painted.width(), painted.height(), |x, y| {
        let new = painted.get_pixel(x, y).0;
        let pale = new.map(|channel| 170 + channel / 4);
        image::Rgb(if is_near(known.get_pixel(x, y).0, new, CHANNEL) { pale } else { [255, 0, 0] })
    })
}

#[test]
fn the_pictures_are_small_enough_for_a_repository() {
    let entries = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let sizes: Vec<(String, u64)> = entries(folder())
        .chain(entries(folder().join("sheets")))
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
        .collect();
    let large: Vec<_> = sizes.iter().filter(|(_, size)| *size > LARGEST).collect();
    assert!(large.is_empty(), "{large:?}");
    assert!(sizes.iter().map(|(_, size)| size).sum::<u64>() <= ALL);
}
