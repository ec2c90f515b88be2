//! Whether words stand out from what is painted behind them: of every text on a screen, its colour against each pixel
//! of its place as it is without any text. Whatever a theme calls its colours, this is what is read.

use eframe::egui::{
    Color32, Rect, Shape,
    epaint::{ClippedShape, TextShape},
};
use egui_kittest::Harness;
use image::RgbImage;

use super::{
    Painter,
    room::{Cover, cover},
    scenes, shown,
};
use crate::{
    locks,
    pictures::SMALL,
    screens::{phases, view},
    sitter_screen::{see, stories},
};
use caiying::{
    language::Language,
    screens::{LockView, Place, sitter::SitterGallery, sitter::sitter_ui, theme},
    settings::Look,
};

/// WCAG 2.2, success criterion 1.4.3, for letters of any size.
const LEAST: f64 = 4.5;

/// Every so many pixels of a text's place are looked at.
const STEP: usize = 3;

/// What is hard to read on a screen: the words, and their contrast where it is least.
fn faint(size: [u32; 2], draw: impl FnMut(&mut eframe::egui::Ui)) -> Vec<(String, f64)> {
    let (painter, harness) = shown(size, theme::apply, draw);
    faint_in(&painter, &harness, size)
}

/// The same of a window as it stands.
fn faint_in(painter: &Painter, harness: &Harness<'_>, size: [u32; 2]) -> Vec<(String, f64)> {
    let shapes = harness.output().shapes.clone();
    let (mut texts, mut ground) = (Vec::new(), Vec::new());
    for ClippedShape { clip_rect, shape, .. } in shapes {
        sort(shape, clip_rect, &mut texts, &mut ground);
    }
    let ground = {
        // In points, of which each is looked at as one pixel: a place is found again by its numbers.
        let [width, height] = size;
        painter.paint(&harness.ctx.tessellate(ground, 1.0), 1.0, width, height)
    };
    assert!(!texts.is_empty(), "a screen without a word");
    let worst =
        |(text, clip): &(TextShape, Rect)| (text.galley.text().to_owned(), least(text, *clip, &ground));
    // Of a text without a letter nothing is seen.
    let seen = texts.iter().filter(|(text, _)| !text.galley.text().trim().is_empty());
    seen.map(worst).filter(|(_, contrast)| *contrast < LEAST).collect()
}

/// Texts here, all else there.
fn sort(shape: Shape, clip: Rect, texts: &mut Vec<(TextShape, Rect)>, ground: &mut Vec<ClippedShape>) {
    match shape {
        // An empty field has no letters.
        Shape::Text(text) if text.galley.text().is_empty() => {}
        Shape::Text(text) => texts.push((text, clip)),
        Shape::Vec(shapes) => shapes.into_iter().for_each(|shape| sort(shape, clip, texts, ground)),
        shape => {
            if let Some(Cover::Window(over)) = cover(&shape, clip) {
                // Nobody reads what lies below a dialog.
                texts.retain(|(text, clip)| !over.intersects(text.visual_bounding_rect().intersect(*clip)));
            }
            ground.push(ClippedShape {
                clip_rect: clip,
                shape,
                transform_after_tessellation: Default::default(),
            });
        }
    }
}

fn least(text: &TextShape, clip: Rect, ground: &RgbImage) -> f64 {
    let place = text.visual_bounding_rect().intersect(clip);
    let side = |from: f32, to: f32, most: u32| {
        ((from.max(0.0) as u32)..(to.max(0.0) as u32).min(most)).step_by(STEP)
    };
    let rows = side(place.min.y, place.max.y, ground.height());
    let pixels = rows.flat_map(|y| side(place.min.x, place.max.x, ground.width()).map(move |x| (x, y)));
    let behind: std::collections::BTreeSet<[u8; 3]> = pixels.map(|(x, y)| ground.get_pixel(x, y).0).collect();
    let sections = text.galley.job.sections.iter().map(|section| section.format.color);
    let colour = |own: Color32| match text.override_text_color {
        Some(colour) => colour,
        None if own == Color32::PLACEHOLDER => text.fallback_color,
        None => own,
    };
    let colours = sections.map(colour).map(|colour| [colour.r(), colour.g(), colour.b()]);
    let contrasts = colours.flat_map(|colour| behind.iter().map(move |behind| contrast(colour, *behind)));
    contrasts.fold(21.0, f64::min)
}

/// WCAG 2 contrast of two colours.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let linear = |byte: u8| {
        let v = f64::from(byte) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |[r, g, b]: [u8; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}

#[test]
fn every_word_of_every_screen_stands_out() {
    for (phase, word) in phases() {
        assert_eq!(faint(SMALL, super::capture(view(phase))), vec![], "{word}");
    }
    for (name, views) in stories() {
        let (seen, mut gallery) = (see(&views), SitterGallery::default());
        assert_eq!(faint(SMALL, move |ui| sitter_ui(ui, &seen, &mut gallery)), vec![], "{name}");
    }
}

#[test]
fn every_word_of_the_tray_stands_out() {
    for (name, tray) in super::trays::pages() {
        for look in [Look::Dark, Look::Light] {
            let draw = super::at(Place::Tray, look, super::trays::with(tray.clone()));
            assert_eq!(faint(SMALL, draw), vec![], "{name} {look:?}");
        }
    }
}

#[test]
fn every_word_of_the_lock_stands_out() {
    for (name, view, _, chosen) in locks::pages() {
        for (look, language) in [(Look::Dark, Language::Chinese), (Look::Light, Language::English)] {
            let spoken = LockView { language, ..view.clone() };
            assert_eq!(faint(SMALL, locks::drawn(spoken, look, chosen)), vec![], "{name} {look:?}");
        }
    }
}

#[test]
fn every_word_of_every_scene_stands_out() {
    for scene in scenes::all() {
        // Words of another length lie upon other things.
        for (look, language) in [(Look::Dark, Language::Chinese), (Look::Light, Language::English)] {
            let (painter, harness) = scene.spoken(language).stage(SMALL, look);
            assert_eq!(faint_in(&painter, &harness, SMALL), vec![], "{} {look:?}", scene.name);
        }
    }
}

#[test]
fn a_pale_word_is_noticed() {
    let draw = |grey: u8| {
        move |ui: &mut eframe::egui::Ui| {
            ui.painter().rect_filled(ui.max_rect(), 0.0, Color32::from_gray(38));
            ui.label(eframe::egui::RichText::new("保存").color(Color32::from_gray(grey)));
        }
    };
    assert_eq!(faint([320, 200], draw(175)), vec![]);
    let [(word, contrast)] = faint([320, 200], draw(90)).try_into().unwrap();
    assert!(word == "保存" && contrast > 1.0 && contrast < 3.0, "{contrast}");
}
