//! Characters of names: those that our fonts have, those that another font has, and those that nobody has.

use std::sync::{Arc, Mutex};

use caiying::{
    language::Language,
    portrait::PretendFinder,
    screens::{
        fonts::{self, SpareFont, Undrawn, Weight},
        theme,
    },
    shift::Shift,
    shot::Clock,
    station::Wish,
};
use eframe::egui::RichText;
use egui_kittest::Harness;

use crate::shifts::{plain, setup};

/// Characters of real names beyond the first thousands.
pub(crate) const RARE: &str = "㛃𬱖䶮𠅤𡈽𫍯𬭎𰻞鿍龦𤧛";

/// The one of them that is not in Noto Sans SC.
const LACKING: char = '𡈽';

/// Draws a text in both weights; returns for which characters a font was asked, and which nobody could draw.
fn drawn(
    text: &'static str,
    find: impl Fn(char, Weight) -> Option<SpareFont> + Send + Sync + 'static,
) -> (Vec<(char, Weight)>, Undrawn, Vec<f32>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (undrawn, asking) = (Arc::new(Mutex::new(Undrawn::default())), Arc::clone(&asked));
    let given = Arc::clone(&undrawn);
    let mut harness = Harness::builder()
        .with_context_setup(move |ctx| {
            theme::apply(ctx);
            *given.lock().unwrap() = fonts::rescue(ctx, move |letter, weight| {
                asking.lock().unwrap().push((letter, weight));
                find(letter, weight)
            });
        })
        .build_ui_state(
            |ui, widths: &mut Vec<f32>| {
                *widths = vec![
                    ui.label(text).rect.width(),
                    ui.label(RichText::new(text).font(theme::bold_of(theme::TEXT))).rect.width(),
                ];
            },
            vec![],
        );
    harness.run();
    let widths = harness.state().clone();
    let undrawn = undrawn.lock().unwrap().clone();
    let asked = asked.lock().unwrap().clone();
    (asked, undrawn, widths)
}

#[test]
fn of_the_rare_characters_ours_lack_one_and_nobody_is_asked_for_the_others() {
    let (asked, undrawn, _) = drawn(RARE, |_, _| None);
    assert_eq!(asked, [(LACKING, Weight::Regular), (LACKING, Weight::Bold)]);
    assert_eq!(undrawn.untold(), [LACKING]);
    undrawn.told();
    assert!(undrawn.untold().is_empty());
}

/// As wide as □U+2123D is, and no box: the harness would stop at one.
#[test]
fn what_nobody_has_is_written_out_at_its_full_width() {
    let (.., alone) = drawn("𡈽", |_, _| None);
    let (_, undrawn, spelt) = drawn("□U+2123D", |_, _| None);
    assert!(undrawn.untold().is_empty());
    // Written out, it is bold in both.
    for width in alone {
        assert!((width - spelt[1]).abs() <= 2.0, "{width} and not {}", spelt[1]);
    }
}

/// Our own regular font, in which the place of 𠅤 is taken by 𡈽: in its table of characters (cmap, format 12), whose
/// order stays right.
fn patched() -> SpareFont {
    let mut file =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/NotoSansSC-Regular.ttf")).unwrap();
    let (old, new) = ([0_u8, 2, 1, 0x64, 0, 2, 1, 0x64], [0_u8, 2, 0x12, 0x3D, 0, 2, 0x12, 0x3D]);
    let at = file.windows(8).position(|bytes| bytes == old).unwrap();
    file[at..at + 8].copy_from_slice(&new);
    SpareFont { name: "patched".to_owned(), file: Arc::new(file), face: 0 }
}

#[test]
fn a_font_of_the_machine_is_used_for_what_ours_lack() {
    let (asked, undrawn, widths) = drawn(RARE, |_, _| Some(patched()));
    assert_eq!(asked, [(LACKING, Weight::Regular), (LACKING, Weight::Bold)]);
    assert!(undrawn.untold().is_empty());
    // All are as wide as they are high.
    let square = RARE.chars().count() as f32 * theme::TEXT;
    assert!(widths.iter().all(|width| (width - square).abs() < 4.0), "{widths:?}");
}

/// A variation selector chooses a shape of a character that is there, and is nothing to be drawn.
#[test]
fn a_chosen_shape_is_no_lacking_character() {
    let (_, undrawn, widths) = drawn("葛\u{E0100}", |_, _| None);
    assert!(undrawn.untold().is_empty(), "{:?}", undrawn.untold());
    assert!(widths.iter().all(|width| (width - theme::TEXT).abs() < 2.0), "{widths:?}");
}

/// By its number, never by the name it stands in; and once, in a moment when nothing else has to be read.
#[test]
fn the_operator_hears_once_of_what_nobody_has() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let pretend = || Box::new(|| Ok(Box::new(PretendFinder::default()) as Box<_>));
    let mut shift = Shift::begin(setup(folder.path(), clock, plain(clock), pretend())).unwrap();
    let (_, undrawn, _) = drawn("王𡈽", |_, _| None);
    assert!(shift.tell_undrawn(&undrawn));
    let told: Vec<_> = shift.view().troubles.iter().map(|told| told.words.line(Language::Chinese)).collect();
    let [words] = told.as_slice() else { panic!("{told:?}") };
    assert!(words.contains("U+2123D") && words.contains("fonts-hanazono"), "{words}");
    assert!(!words.contains('王') && !words.contains('𡈽'), "{words}");
    shift.wish(Wish::Dismiss);
    assert!(!shift.tell_undrawn(&undrawn) && shift.view().troubles.is_empty());
    // Something else has to be read first.
    let (_, later, _) = drawn("𡈽", |_, _| None);
    assert!(shift.tell_undrawn(&later));
    let (_, last, _) = drawn("𡈽", |_, _| None);
    assert!(!shift.tell_undrawn(&last));
    shift.wish(Wish::Dismiss);
    assert!(shift.tell_undrawn(&last));
}
