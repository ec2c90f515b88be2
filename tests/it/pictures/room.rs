//! Whether every word has its room: no word lies upon another, and none is cut off by an edge that does not scroll.

use caiying::{
    language::Language,
    screens::{LockView, Place, View},
    settings::Look,
};
use eframe::egui::{
    Rect, Shape, Vec2,
    epaint::{ClippedShape, RectShape, TextShape},
};
use egui_kittest::Harness;

use super::{SMALL, at, scenes, shown};
use crate::{
    locks,
    pictures::trays,
    screens::{phases, view},
};
use caiying::screens::theme;

/// Letters have some empty room above and below them, which may lie upon another's: this share of their height.
const LEADING: f32 = 0.22;

/// The smallest letters that are read from the photographer's place, in points of the smaller screen.
const SMALLEST: f32 = 18.0;

/// No dialog is smaller.
const WINDOW: Vec2 = Vec2::new(500.0, 120.0);

/// A text that is seen, and where.
struct Seen {
    words: String,
    place: Rect,
}

/// What is seen so far, and what is wrong with it.
#[derive(Default)]
struct Page {
    words: Vec<Seen>,
    pictures: Vec<Rect>,
    wrong: Vec<String>,
}

/// What is wrong with the words of a window.
fn wrong(harness: &Harness<'_>) -> Vec<String> {
    let mut page = Page::default();
    let window = harness.ctx.content_rect();
    for ClippedShape { clip_rect, shape, .. } in harness.output().shapes.clone() {
        look(&shape, clip_rect.intersect(window), &mut page);
    }
    page.wrong
}

/// Adds what is painted next to what is seen.
fn look(shape: &Shape, clip: Rect, page: &mut Page) {
    match shape {
        Shape::Text(text) if !text.galley.text().trim().is_empty() => read(text, clip, page),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| look(shape, clip, page)),
        shape => match cover(shape, clip) {
            Some(Cover::Window(over)) => {
                page.words.retain(|other| !over.intersects(other.place));
                page.pictures.retain(|picture| !over.intersects(*picture));
            }
            Some(Cover::Other(over)) => {
                let hidden = page.words.extract_if(.., |other| over.intersects(other.place));
                page.wrong.extend(hidden.map(|other| format!("“{}” is painted over", other.words)));
                page.pictures.extend(is_picture(shape).then_some(over));
            }
            None => {}
        },
    }
}

/// What hides whatever was painted before it.
pub(super) enum Cover {
    /// A dialog over the screen, which is meant to.
    Window(Rect),
    /// Something that is not.
    Other(Rect),
}

/// Whether it has a texture.
fn is_picture(shape: &Shape) -> bool {
    matches!(shape, Shape::Rect(rect) if rect.brush.is_some())
}

/// What a shape hides.
pub(super) fn cover(shape: &Shape, clip: Rect) -> Option<Cover> {
    let Shape::Rect(RectShape { rect, fill, brush, .. }) = shape else { return None };
    let place = rect.intersect(clip);
    if fill.a() < 255 || !place.is_positive() {
        return None;
    }
    let is_window = brush.is_none() && place.width() > WINDOW.x && place.height() > WINDOW.y;
    Some(if is_window { Cover::Window(place) } else { Cover::Other(place) })
}

fn read(text: &TextShape, clip: Rect, page: &mut Page) {
    let Page { words: seen, pictures, wrong } = page;
    let words = text.galley.text().to_owned();
    let whole = text.visual_bounding_rect();
    let place = whole.intersect(clip);
    if place.width() < 1.0 || place.height() < 1.0 {
        return;
    }
    if let Some(section) =
        text.galley.job.sections.iter().find(|section| section.format.font_id.size < SMALLEST)
    {
        wrong.push(format!("“{words}” is of {} points", section.format.font_id.size));
    }
    // What goes on above and below is turned to; nothing is turned sideways.
    if whole.max.x > clip.max.x + 1.0 || whole.min.x < clip.min.x - 1.0 {
        wrong.push(format!("“{words}” is cut off at the side"));
    }
    // Row by row: behind the last word of a text there is room for something else.
    let rows = text.galley.rows.iter();
    let rows = rows.map(|row| row.visuals.mesh_bounds.translate(text.pos.to_vec2() + row.pos.to_vec2()));
    for row in rows.map(|row| row.intersect(clip)).filter(|row| row.width() >= 1.0 && row.height() >= 1.0) {
        let letters = row.shrink2(Vec2::new(1.0, row.height() * LEADING / 2.0));
        if let Some(other) = seen.iter().find(|other| other.place.intersects(letters)) {
            wrong.push(format!("“{words}” lies upon “{}”", other.words));
        }
        if pictures.iter().any(|picture| picture.intersects(letters)) {
            wrong.push(format!("“{words}” lies upon a picture"));
        }
        seen.push(Seen { words: words.clone(), place: letters });
    }
}

/// In both languages.
fn told(name: &str, at_work: &View, here: Place) -> Vec<String> {
    let of = |language| {
        let spoken = View { language, ..at_work.clone() };
        let (_, harness) = shown(SMALL, theme::apply, at(here, Look::Dark, spoken));
        wrong(&harness).into_iter().map(move |what| format!("{name} in {language:?}: {what}"))
    };
    [Language::Chinese, Language::English].into_iter().flat_map(of).collect()
}

#[test]
fn every_word_has_its_room() {
    let mut crowded: Vec<String> =
        phases().iter().flat_map(|(phase, word)| told(word, &view(phase.clone()), Place::Capture)).collect();
    for (name, tray) in trays::pages() {
        crowded.extend(told(name, &trays::with(tray), Place::Tray));
    }
    for (name, view, look, chosen) in locks::pages() {
        for language in [Language::Chinese, Language::English] {
            let spoken = LockView { language, ..view.clone() };
            let (_, harness) = shown(SMALL, theme::apply, locks::drawn(spoken, look, chosen));
            crowded.extend(wrong(&harness).into_iter().map(|what| format!("{name} in {language:?}: {what}")));
        }
    }
    for scene in scenes::all() {
        for language in [Language::Chinese, Language::English] {
            let (_, harness) = scene.spoken(language).stage(SMALL, Look::Dark);
            let said = wrong(&harness).into_iter();
            crowded.extend(said.map(|what| format!("{} in {language:?}: {what}", scene.name)));
        }
    }
    assert!(crowded.is_empty(), "\n{}", crowded.join("\n"));
}

/// In the words of every trouble of the camera, beside as much else as a screen ever says.
#[test]
fn every_trouble_has_its_room() {
    let crowded: Vec<String> =
        scenes::in_a_crowd().iter().flat_map(|(name, view)| told(name, view, Place::Capture)).collect();
    assert!(crowded.is_empty(), "\n{}", crowded.join("\n"));
}

#[test]
fn a_word_without_room_is_noticed() {
    let of = |x: f32, y: f32, size: f32| {
        let (_, harness) = shown([320, 200], theme::apply, move |ui| {
            let font = theme::bold_of(theme::TEXT);
            let write = |x: f32, y: f32, font| {
                let corner = eframe::egui::pos2(x, y);
                ui.painter().text(corner, eframe::egui::Align2::LEFT_TOP, "保存", font, theme::DARK.words);
            };
            write(20.0, 20.0, font);
            write(x, y, theme::bold_of(size));
        });
        wrong(&harness).len()
    };
    assert_eq!(of(20.0, 60.0, 20.0), 0);
    assert_eq!(of(20.0, 30.0, 20.0), 1, "upon the other");
    assert_eq!(of(300.0, 60.0, 20.0), 1, "out of the window");
    assert_eq!(of(20.0, 60.0, 17.0), 1, "too small");
}

/// What a laptop's desktop leaves of its screen at the least, and everything still has its full size in it.
const LOW: [u32; 2] = [1280, 660];

/// The words that are seen whole, sorted; of what goes on below an edge, those above it.
fn seen_whole(harness: &Harness<'_>) -> Vec<String> {
    fn gather(shape: &Shape, clip: Rect, words: &mut Vec<String>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, clip, words)),
            Shape::Text(text) => {
                let place = text.visual_bounding_rect();
                let slack = Vec2::new(1.0, place.height() * LEADING / 2.0);
                if clip.expand2(slack).contains_rect(place) {
                    words.push(text.galley.text().to_owned());
                }
            }
            _ => {}
        }
    }
    let window = harness.ctx.content_rect();
    let mut words = vec![];
    for ClippedShape { clip_rect, shape, .. } in &harness.output().shapes {
        gather(shape, clip_rect.intersect(window), &mut words);
    }
    words.sort();
    words
}

/// In a low window this much is seen of what is seen in the usual one: all but lines of lists, which scroll; the last ones;
/// and of troubles, when there are several, what to do about the lesser ones.
fn lost(usual: &Harness<'_>, low: &Harness<'_>) -> Vec<String> {
    let mut left = seen_whole(low);
    let mut is_lost = |words: &str| {
        let headline =
            left.iter().position(|seen| seen == words || seen.starts_with('▲') && words.starts_with(seen));
        headline.map(|at| left.remove(at)).is_none() && words.chars().count() > 1
    };
    let mut usual = seen_whole(usual);
    usual.extract_if(.., |words| is_lost(words)).collect()
}

/// Where lines go on below the edge, and scroll.
const LISTS: [&str; 8] = [
    "checkup_doubtful",
    "checkup_roster_faulty",
    "checkup_roster_nine",
    "retakes_history",
    "retakes_crowd",
    "day_journal",
    "day_journal_broken",
    "day_checkpoint",
];

#[test]
fn a_low_window_is_laid_out_at_full_size_and_cuts_nothing_off() {
    let mut cut = vec![];
    let mut compare = |name: &str, draw: &dyn Fn([u32; 2]) -> Harness<'static>| {
        let low = draw(LOW);
        assert_eq!(low.ctx.zoom_factor(), 1.0, "{name}");
        cut.extend(wrong(&low).into_iter().map(|what| format!("{name}: {what}")));
        if !LISTS.contains(&name) {
            cut.extend(
                lost(&draw(SMALL), &low).into_iter().map(|words| format!("{name}: “{words}” is gone")),
            );
        }
    };
    let capture =
        |view: &View, size| shown(size, theme::apply, at(Place::Capture, Look::Dark, view.clone())).1;
    for (phase, word) in phases() {
        compare(word, &|size| capture(&view(phase.clone()), size));
    }
    for (name, view) in scenes::in_a_crowd() {
        compare(name, &|size| capture(&view, size));
    }
    for (name, tray) in trays::pages() {
        let view = trays::with(tray);
        compare(name, &|size| shown(size, theme::apply, at(Place::Tray, Look::Dark, view.clone())).1);
    }
    for (name, view, look, chosen) in locks::pages() {
        compare(name, &|size| shown(size, theme::apply, locks::drawn(view.clone(), look, chosen)).1);
    }
    for scene in scenes::all() {
        for language in [Language::Chinese, Language::English] {
            let spoken = scene.spoken(language);
            compare(scene.name, &|size| spoken.stage(size, Look::Dark).1);
        }
    }
    assert!(cut.is_empty(), "\n{}", cut.join("\n"));
}
