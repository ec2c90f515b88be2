//! The letters on the screen: ours first, then those of this machine by name, and a code point where nobody has one.
//!
//! The fonts that travel with the program hold all of 通用规范汉字表 and the signs we use. A name may hold more: for
//! such a character, and only then, whoever knows this machine's fonts is asked. A character that none of them has is
//! never an empty box: it is written out as □U+2123D, and the operator hears of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use eframe::egui::{
    Color32, ColorImage, Context, FontData, FontDefinitions, FontFamily, FontId,
    epaint::text::{
        FallbackRequest, FontInsert, GlyphBitmap, GlyphRasterizer, GlyphRasterizerRequest, RasterizedGlyph,
    },
    vec2,
};

use crate::paper;

/// egui takes no larger glyph, in pixels.
const LARGEST: f32 = 1000.0;

/// The family of bold letters.
pub fn bold() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Bold letters of this size.
#[must_use]
pub fn bold_of(size: f32) -> FontId {
    FontId::new(size, bold())
}

/// The fonts that travel with the program: which fonts a machine has must not change what is read.
pub(super) fn shipped() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [
        ("regular", &include_bytes!("../../assets/fonts/NotoSansSC-Regular.ttf")[..]),
        ("bold", &include_bytes!("../../assets/fonts/NotoSansSC-Bold.ttf")[..]),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    for (family, name) in
        [(FontFamily::Proportional, "regular"), (FontFamily::Monospace, "regular"), (bold(), "bold")]
    {
        fonts.families.insert(family, vec![name.to_owned()]);
    }
    fonts
}

/// A font of this machine that has a character ours lack.
#[derive(Debug, Clone)]
pub struct SpareFont {
    /// What tells it from other fonts.
    pub name: String,
    /// The file.
    pub file: Arc<Vec<u8>>,
    /// Which of the file's faces.
    pub face: u32,
}

/// Which weight a character is wanted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// As in a text.
    Regular,
    /// As in a heading.
    Bold,
}

/// Characters that were to be drawn and that no font has.
#[derive(Debug, Clone, Default)]
pub struct Undrawn(Arc<Mutex<Letters>>);

#[derive(Debug, Default)]
struct Letters {
    all: BTreeSet<char>,
    untold: Vec<char>,
}

impl Undrawn {
    /// Those that nobody was told of yet.
    #[must_use]
    pub fn untold(&self) -> Vec<char> {
        self.with(|letters| letters.untold.clone())
    }

    /// The operator knows of all of them.
    pub fn told(&self) {
        self.with(|letters| letters.untold.clear());
    }

    fn add(&self, letter: char) {
        let is_new = self.with(|letters| {
            let is_new = letters.all.insert(letter);
            letters.untold.extend(is_new.then_some(letter));
            is_new
        });
        if is_new {
            log::warn!("no font has {}", code_point(letter));
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Letters) -> T) -> T {
        // Letters are whole whoever panicked meanwhile.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// U+2123D: says which character it is to whoever cannot see it.
#[must_use]
pub fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// From now on, characters that our fonts lack are looked for with `find`, which is asked once for each character and
/// weight; those that it does not find are written out, and told.
pub fn rescue(
    ctx: &Context,
    find: impl Fn(char, Weight) -> Option<SpareFont> + Send + Sync + 'static,
) -> Undrawn {
    ctx.add_font_provider(Arc::new(move |request: &FallbackRequest<'_>| {
        let weight = if *request.family == bold() { Weight::Bold } else { Weight::Regular };
        let SpareFont { name, file, face } = find(request.cluster.chars().next()?, weight)?;
        Some(FontInsert { name, data: FontData::from_blob(file, face), families: vec![] })
    }));
    let undrawn = Undrawn::default();
    let told = undrawn.clone();
    ctx.add_glyph_rasterizer(GlyphRasterizer::new(
        "caiying::code_point",
        move |request: &GlyphRasterizerRequest<'_>| {
            let letter = request.cluster.chars().next().filter(|letter| !letter.is_control())?;
            told.add(letter);
            written_out(letter, request.font_size_px)
        },
    ));
    undrawn
}

/// A character as □U+2123D, as large as its neighbours, in pixels.
fn written_out(letter: char, size: f32) -> Option<RasterizedGlyph> {
    let text = format!("□{}", code_point(letter));
    let line = paper::line(&text, size).ok()?;
    let width = line.page.size().0 as f32;
    // A glyph that is too wide for egui would be an empty box.
    let line = if width > LARGEST { paper::line(&text, size * LARGEST / width).ok()? } else { line };
    let (width, height) = line.page.size();
    let ink = line.page.pixels().into_iter().map(|white| Color32::from_white_alpha(255 - white)).collect();
    let image = ColorImage::new([width as usize, height as usize], ink);
    let bitmap = GlyphBitmap { image, offset_px: vec2(0.0, -(line.baseline as f32)), is_color: false };
    Some(RasterizedGlyph { bitmap, advance_px: width as f32 })
}
