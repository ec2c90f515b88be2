//! How the tray looks, and the dialog over the capture screen.

use std::sync::Arc;

use caiying::{
    language::Language,
    screens::{AssignmentStage, Board, DeskView, Place, Second, TrayView, View, theme, window_ui},
    settings::Look,
    station::Phase,
};
use eframe::egui::{Event, Key, Modifiers};

use super::{SMALL, all_alike, in_all_dresses, picture, sheet};
use crate::{overruling::failed, screens::view, trays};

pub(super) fn with(tray: TrayView) -> View {
    View { desk: DeskView::Tray(Arc::new(tray)), ..view(Phase::Idle) }
}

fn judged() -> Option<AssignmentStage> {
    Some(trays::judged(caiying::portrait::Verdict::Pass))
}

/// Presses a key in the third frame, when the window has settled.
fn pressing(look: Look, key: Key, view: View, mut board: Board) -> impl FnMut(&mut eframe::egui::Ui) {
    let mut frames = 0;
    move |ui| {
        frames += 1;
        theme::show(ui.ctx(), look);
        if frames == 3 {
            let event = Event::Key {
                key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            ui.ctx().input_mut(|input| input.events.push(event));
        }
        if frames < 6 {
            ui.ctx().request_repaint();
        }
        window_ui(ui, &view, &mut board);
    }
}

/// The pages that need no key to be opened.
pub(super) fn pages() -> [(&'static str, TrayView); 3] {
    [
        ("tray_strays", trays::strays()),
        ("tray_sittings", trays::opened()),
        ("tray_giving", TrayView { second: Second::IsNamed, ..trays::chosen(2, judged()) }),
    ]
}

#[test]
fn the_tray_looks_as_it_did() {
    all_alike(pages().into_iter().flat_map(|(name, tray)| in_all_dresses(name, Place::Tray, &with(tray))));
}

#[test]
fn what_opens_by_a_key_looks_as_it_did() {
    let english = View {
        language: Language::English,
        ..with(TrayView { second: Second::IsNamed, ..trays::chosen(2, judged()) })
    };
    let doubles = |look| pressing(look, Key::C, with(trays::doubles()), Board::at(Place::Tray));
    let overrule = |look| pressing(look, Key::O, failed(true, 1), Board::default());
    all_alike([
        picture("tray_giving_en", SMALL, theme::apply, super::at(Place::Tray, Look::Dark, english)),
        picture("tray_doubles", SMALL, theme::apply, doubles(Look::Dark)),
        sheet("tray_doubles", doubles),
        picture("capture_overrule", SMALL, theme::apply, overrule(Look::Dark)),
        sheet("capture_overrule", overrule),
    ]);
}
