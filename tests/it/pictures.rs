//! How the screens look: each is painted without a graphics card and compared with a picture that somebody looked at.
//!
//! `CAIYING_ACCEPT_PICTURES=1 ./dev test pictures::` accepts them all as they are now; look at what git says changed.

mod album;
mod contrast;
mod painter;
mod room;
pub(crate) mod scenes;
mod trays;

use caiying::{
    language::Language,
    portrait::{Colours, LiveHint, Picture},
    screens::{
        Board, LiveFrame, LiveView, Place, View, fonts,
        sitter::{SitterGallery, SitterView, sitter_ui},
        theme, window_ui,
    },
    settings::Look,
    station::Phase,
};
use eframe::egui::{self, Color32, Rect, Vec2, pos2, vec2};
use egui_kittest::Harness;
use image::RgbImage;
use painter::Painter;

use crate::{
    fonts::RARE,
    screens::{phases, view},
    sitter_screen::{see, stories},
};

/// The smaller of the two usual screens.
pub(crate) const SMALL: [u32; 2] = [1280, 720];

/// The larger one.
pub(crate) const LARGE: [u32; 2] = [1920, 1080];

/// A window of this size with what is drawn into it, in the theme that `dress` gives it; and who can paint it.
fn shown<'a>(
    size: [u32; 2],
    dress: fn(&egui::Context),
    mut draw: impl FnMut(&mut egui::Ui) + 'a,
) -> (Painter, Harness<'a>) {
    let painter = Painter::default();
    let mut harness = Harness::builder()
        .with_size(Vec2::from(size.map(|side| side as f32)))
        .with_context_setup(dress)
        .renderer(painter.clone())
        .build_ui(move |ui| {
            // The whole window, as eframe gives it; the harness keeps a margin.
            let window = ui.ctx().content_rect();
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
            ui.set_clip_rect(window);
            draw(&mut ui);
        });
    harness.run();
    (painter, harness)
}

/// Paints what is drawn into a window of this size.
pub(crate) fn painted(
    size: [u32; 2],
    dress: fn(&egui::Context),
    draw: impl FnMut(&mut egui::Ui),
) -> RgbImage {
    let (painter, harness) = shown(size, dress, draw);
    paint(&painter, &harness, size)
}

/// Paints a window as it stands.
fn paint(painter: &Painter, harness: &Harness<'_>, size: [u32; 2]) -> RgbImage {
    let (pixels_per_point, shapes) = (harness.ctx.pixels_per_point(), harness.output().shapes.clone());
    let shown = harness.ctx.tessellate(shapes, pixels_per_point);
    painter.paint(&shown, pixels_per_point, size[0], size[1])
}

/// Paints a screen and compares it with its picture; says in words what differs, so that a test can go on to the next.
pub(crate) fn picture(
    name: &str,
    size: [u32; 2],
    dress: fn(&egui::Context),
    draw: impl FnMut(&mut egui::Ui),
) -> Result<(), String> {
    album::compare(name, &painted(size, dress, draw))
}

/// Stops when a picture differs, and names all that do.
pub(crate) fn all_alike(compared: impl IntoIterator<Item = Result<(), String>>) {
    let other: Vec<String> = compared.into_iter().filter_map(Result::err).collect();
    assert!(other.is_empty(), "\n{}", other.join("\n"));
}

/// The window with this view, where the operator is.
pub(crate) fn at(here: Place, look: Look, view: View) -> impl FnMut(&mut egui::Ui) {
    let mut board = Board::at(here);
    move |ui| {
        // The harness has a theme of its own.
        theme::show(ui.ctx(), look);
        window_ui(ui, &view, &mut board);
    }
}

fn capture(view: View) -> impl FnMut(&mut egui::Ui) {
    at(Place::Capture, Look::Dark, view)
}

/// What a picture's name ends with, the screen's size, and how the window looks.
type Dress = (&'static str, [u32; 2], Look);

/// Both themes on both usual screens.
const DRESSES: [Dress; 4] = [
    ("", SMALL, Look::Dark),
    ("_light", SMALL, Look::Light),
    ("_large", LARGE, Look::Dark),
    ("_large_light", LARGE, Look::Light),
];

/// Paints a view of a screen in both themes and on both usual screens.
pub(crate) fn in_all_dresses(name: &str, here: Place, view: &View) -> Vec<Result<(), String>> {
    let paint = |(dress, size, look): Dress| {
        picture(&format!("{name}{dress}"), size, theme::apply, at(here, look, view.clone()))
    };
    DRESSES.into_iter().map(paint).collect()
}

/// Paints a screen in both themes and on both usual screens, and compares it with its sheet of small pictures.
pub(crate) fn sheet<Draw: FnMut(&mut egui::Ui)>(
    name: &str,
    draw: impl Fn(Look) -> Draw,
) -> Result<(), String> {
    let dresses = DRESSES.map(|(_, size, look)| painted(size, theme::apply, draw(look)));
    album::compare_sheet(name, &dresses)
}

#[test]
fn every_phase_looks_as_it_did() {
    all_alike(phases().into_iter().enumerate().flat_map(|(n, (phase, _))| {
        let name = format!("capture_{n:02}_{}", kind(&phase));
        in_all_dresses(&name, Place::Capture, &view(phase))
    }));
}

/// What the camera sees: somebody on cloth, with his right shoulder marked, so that a mirror shows.
pub(crate) fn frame() -> LiveView {
    let (width, height) = (192_u32, 128_u32);
    let mut pixels = Vec::new();
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let (dx, dy) = (f64::from(x) - 96.0, f64::from(y) - 52.0);
        let is_head = (dx / 20.0).hypot(dy / 27.0) < 1.0;
        let is_body = (dx / 52.0).hypot((f64::from(y) - 128.0) / 48.0) < 1.0;
        let is_marked = is_body && (40..60).contains(&x);
        pixels.extend(match (is_head, is_marked, is_body) {
            (true, ..) => [225, 180, 150],
            (_, true, _) => [250, 240, 90],
            (.., true) => [60, 60, 80],
            _ => [100, 197, 255],
        });
    }
    LiveView::Frame(LiveFrame {
        picture: Picture { width, height, pixels, colours: Colours::Srgb }.into(),
        number: 1,
    })
}

/// A texture stands where its frame is, as in a mirror.
#[test]
fn what_the_camera_sees_looks_as_it_did() {
    let seated = phases().remove(3).0;
    let live = View { live: frame(), hint: Some(LiveHint::ChinIn), ..view(seated) };
    all_alike([picture("capture_live", SMALL, theme::apply, capture(live))]);
}

/// What nobody can draw is written out, beside letters that are there, in both weights.
#[test]
fn rare_characters_look_as_they_did() {
    fn dress(ctx: &egui::Context) {
        theme::apply(ctx);
        fonts::rescue(ctx, |_, _| None);
    }
    let draw = |ui: &mut egui::Ui| {
        for text in [RARE, "王𡈽"] {
            ui.label(text);
            ui.label(egui::RichText::new(text).font(theme::bold_of(theme::LARGE)));
        }
    };
    all_alike([picture("fonts_rare", [640, 240], dress, draw)]);
}

#[test]
fn every_scene_of_the_sitters_screen_looks_as_it_did() {
    let looks = |size: [u32; 2], suffix: &'static str, language| {
        stories().into_iter().map(move |(name, views)| {
            let seen = SitterView { language, ..see(&views) };
            let mut gallery = SitterGallery::default();
            let draw = move |ui: &mut egui::Ui| sitter_ui(ui, &seen, &mut gallery);
            picture(&format!("sitter_{name}{suffix}"), size, theme::apply, draw)
        })
    };
    let sheets = stories().into_iter().map(|(name, views)| {
        let seen = see(&views);
        sheet(&format!("sitter_{name}"), |look| {
            let (seen, mut gallery) = (seen.clone(), SitterGallery::default());
            move |ui: &mut egui::Ui| {
                theme::show(ui.ctx(), look);
                sitter_ui(ui, &seen, &mut gallery);
            }
        })
    });
    all_alike(
        looks(SMALL, "", Language::Chinese)
            .chain(sheets)
            .chain(looks([640, 480], "_small", Language::Chinese))
            .chain(looks([640, 480], "_small_en", Language::English)),
    );
}

/// A phase in a file's name.
fn kind(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::KeptBefore(_) => "kept_before",
        Phase::Awaited(_) => "awaited",
        Phase::CodeScanned(_) => "code_scanned",
        Phase::Shot(..) => "shot",
        Phase::Reviewing(..) => "reviewing",
        Phase::Queueing(..) => "queueing",
        Phase::Refused(..) => "refused",
    }
}

#[test]
fn a_picture_is_painted_twice_the_same() {
    let twice = [(); 2].map(|()| painted(SMALL, theme::apply, capture(view(phases().remove(7).0))));
    assert!(twice[0] == twice[1]);
}

/// Six shades more in a small sign is noticed; so is a letter.
#[test]
fn what_changed_is_noticed() {
    let sign = |grey: u8, word: &'static str| {
        painted([320, 200], theme::apply, move |ui| {
            let place = Rect::from_min_size(pos2(20.0, 20.0), vec2(8.0, 8.0));
            ui.painter().rect_filled(place, 0.0, Color32::from_gray(grey));
            ui.put(Rect::from_min_size(pos2(40.0, 40.0), vec2(200.0, 40.0)), egui::Label::new(word));
        })
    };
    let known = sign(100, "保存");
    assert!(album::differences(&known, &sign(100, "保存")).is_ok());
    for other in [sign(106, "保存"), sign(100, "保全")] {
        assert!(album::differences(&known, &other).is_err());
    }
}

/// Of a picture that is laid across whole pixels, each pixel is painted as it is; what lies outside a frame is not
/// painted at all; two halves of a square meet without a seam.
#[test]
fn the_painter_paints_what_it_is_given() {
    let colours = [Color32::RED, Color32::GREEN, Color32::BLUE, Color32::from_gray(77)];
    let canvas = painted([16, 16], theme::apply, move |ui| {
        let image = egui::ColorImage::new([2, 2], colours.to_vec());
        let texture = ui.ctx().load_texture("four", image, egui::TextureOptions::NEAREST);
        let painter = ui.painter().with_clip_rect(Rect::from_min_size(pos2(4.0, 4.0), vec2(4.0, 8.0)));
        painter.rect_filled(ui.max_rect(), 0.0, Color32::WHITE);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(
            texture.id(),
            Rect::from_min_size(pos2(4.0, 4.0), vec2(2.0, 2.0)),
            whole,
            Color32::WHITE,
        );
        let veil = Color32::from_black_alpha(128);
        painter.rect_filled(Rect::from_min_size(pos2(4.0, 8.0), vec2(4.0, 4.0)), 0.0, veil);
    });
    for (x, y, colour) in [(4, 4, colours[0]), (5, 4, colours[1]), (4, 5, colours[2]), (5, 5, colours[3])] {
        assert_eq!(canvas.get_pixel(x, y).0, [colour.r(), colour.g(), colour.b()], "{x} {y}");
    }
    assert_eq!(canvas.get_pixel(7, 7).0, [255; 3]);
    for (x, y) in [(4, 8), (5, 9), (6, 10), (7, 11), (4, 11)] {
        assert_eq!(canvas.get_pixel(x, y).0, [127; 3], "once, at {x} {y}");
    }
    for (x, y) in [(3, 4), (8, 4), (4, 3), (7, 12)] {
        assert!(canvas.get_pixel(x, y).0[0] < 60, "outside, at {x} {y}");
    }
}
