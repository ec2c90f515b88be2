//! Every screen in each of its states: what is shown, and which keys lead there. Pictures are painted of them, their
//! words are looked at for contrast and for room, and their controls for names.

mod capture;
mod checkup;
mod day;
mod retakes;
mod set_up;
mod troubles;

use caiying::{
    language::Language,
    screens::{Board, DeskView, Place, SetupDesk, Trouble, View, setup_ui, theme, window_ui},
    settings::Look,
};
use eframe::egui::{self, Event, Key};
use egui_kittest::Harness;
use image::RgbImage;

use super::{DRESSES, LARGE, Painter, SMALL, album, all_alike, paint, shown};

/// What is done at the keyboard before anybody looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Press {
    /// A key.
    Key(Key),
    /// Letters, into the field that has the focus.
    Text(&'static str),
}

/// In which themes, sizes and languages a scene has pictures of its own: all together have to fit into the repository.
/// Small ones of both themes and both sizes are on its sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dresses {
    /// In none: its words and controls are looked at all the same.
    None,
    /// Dark, on the smaller screen, and only what stands beside the pictures.
    Beside,
    /// Dark, on the smaller screen.
    One,
    /// Both themes on the smaller screen, and English.
    Small,
    /// And both themes on the larger one.
    All,
}

/// A screen in one of its states.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    /// What its picture is called.
    pub(crate) name: &'static str,
    here: Place,
    view: View,
    keys: Vec<Press>,
    dresses: Dresses,
}

impl Scene {
    fn of(name: &'static str, here: Place, view: View) -> Self {
        Self { name, here, view, keys: vec![], dresses: Dresses::One }
    }

    /// After these keys.
    fn after(self, keys: impl IntoIterator<Item = Key>) -> Self {
        let keys: Vec<_> = keys.into_iter().map(Press::Key).collect();
        self.typing(keys)
    }

    /// After these keys and letters.
    fn typing(self, keys: impl IntoIterator<Item = Press>) -> Self {
        Self { keys: self.keys.iter().copied().chain(keys).collect(), ..self }
    }

    /// As the one that stands for its screen.
    fn main(self) -> Self {
        Self { dresses: Dresses::All, ..self }
    }

    /// Without a picture: it looks much like another one.
    fn unpainted(self) -> Self {
        Self { dresses: Dresses::None, ..self }
    }

    /// Of which only what stands beside the pictures is another scene's.
    fn beside(self) -> Self {
        Self { dresses: Dresses::Beside, ..self }
    }

    /// In both themes, on the smaller screen.
    fn small(self) -> Self {
        Self { dresses: Dresses::Small, ..self }
    }

    /// The same in a language.
    pub(crate) fn spoken(&self, language: Language) -> Self {
        let mut view = View { language, ..self.view.clone() };
        if let DeskView::Setup(setup) = &mut view.desk {
            // The set-up speaks as it is chosen in it.
            let mut spoken = (**setup).clone();
            spoken.settings.language = language;
            *setup = spoken.into();
        }
        Self { view, ..self.clone() }
    }

    /// Draws it, in this theme.
    fn draw(&self, look: Look) -> impl FnMut(&mut egui::Ui) + use<> {
        let (mut board, mut desk) = (Board::at(self.here), SetupDesk::default());
        let view = self.view.clone();
        move |ui| {
            // The harness has a theme of its own.
            theme::show(ui.ctx(), look);
            match &view.desk {
                // Nothing lies around it before anything was chosen.
                DeskView::Setup(setup) if setup.first_run => drop(setup_ui(ui, setup, &mut desk)),
                _ => drop(window_ui(ui, &view, &mut board)),
            }
        }
    }

    /// A window that shows it, and who can paint it.
    pub(super) fn stage(&self, size: [u32; 2], look: Look) -> (Painter, Harness<'static>) {
        let (painter, mut harness) = shown(size, theme::apply, self.draw(look));
        for press in &self.keys {
            match press {
                Press::Key(key) => harness.key_press(*key),
                Press::Text(text) => harness.event(Event::Text((*text).to_owned())),
            }
            harness.run();
        }
        (painter, harness)
    }

    /// A window that shows it.
    pub(crate) fn window(&self) -> Harness<'static> {
        self.stage(SMALL, Look::Dark).1
    }

    /// Compares it with its picture of this name.
    fn compare(&self, dress: &str, size: [u32; 2], look: Look) -> Result<(), String> {
        let (painter, harness) = self.stage(size, look);
        let whole = paint(&painter, &harness, size);
        let shown = match self.dresses {
            Dresses::Beside => beside(&whole),
            Dresses::None | Dresses::One | Dresses::Small | Dresses::All => whole,
        };
        album::compare(&format!("{}{dress}", self.name), &shown)
    }

    /// In both themes and on both usual screens, small: pictures of all of them would be too much.
    fn compare_sheet(&self) -> Result<(), String> {
        let dresses = DRESSES.map(|(_, size, look)| {
            let (painter, harness) = self.stage(size, look);
            paint(&painter, &harness, size)
        });
        album::compare_sheet(self.name, &dresses)
    }

    /// In its dresses.
    fn looks(&self) -> Vec<Result<(), String>> {
        let mut compared = if self.dresses == Dresses::All { vec![] } else { vec![self.compare_sheet()] };
        if self.dresses == Dresses::None {
            return compared;
        }
        compared.push(self.compare("", SMALL, Look::Dark));
        if matches!(self.dresses, Dresses::Small | Dresses::All) {
            compared.extend([
                self.compare("_light", SMALL, Look::Light),
                self.spoken(Language::English).compare("_en", SMALL, Look::Dark),
            ]);
        }
        if self.dresses == Dresses::All {
            compared.extend([
                self.compare("_large", LARGE, Look::Dark),
                self.compare("_large_light", LARGE, Look::Light),
            ]);
        }
        compared
    }
}

/// The right third of a window, above its foot.
fn beside(whole: &RgbImage) -> RgbImage {
    let (width, height) = whole.dimensions();
    let left = width * 65 / 100;
    image::imageops::crop_imm(whole, left, 0, width - left, height * 9 / 10).to_image()
}

/// All of them.
pub(crate) fn all() -> Vec<Scene> {
    [
        set_up::scenes(),
        checkup::scenes(),
        retakes::scenes(),
        day::scenes(),
        capture::scenes(),
        troubles::scenes(),
    ]
    .concat()
}

/// Every trouble where most is said besides.
pub(super) fn in_a_crowd() -> Vec<(&'static str, View)> {
    let beside = |(name, kind, words)| {
        let crowd = capture::crowded();
        let troubles = [vec![Trouble { kind, words }], crowd.troubles.clone()].concat();
        (name, View { troubles, ..crowd })
    };
    troubles::troubles().into_iter().map(beside).collect()
}

#[test]
fn the_set_up_looks_as_it_did() {
    all_alike(set_up::scenes().iter().flat_map(Scene::looks));
}

#[test]
fn the_checkup_looks_as_it_did() {
    all_alike(checkup::scenes().iter().flat_map(Scene::looks));
}

#[test]
fn the_retakes_look_as_they_did() {
    all_alike(retakes::scenes().iter().flat_map(Scene::looks));
}

#[test]
fn the_days_end_looks_as_it_did() {
    all_alike(day::scenes().iter().flat_map(Scene::looks));
}

#[test]
fn what_lies_over_the_capture_screen_looks_as_it_did() {
    all_alike(capture::scenes().iter().flat_map(Scene::looks));
}

#[test]
fn every_trouble_looks_as_it_did() {
    all_alike(troubles::scenes().iter().flat_map(Scene::looks));
}

/// A picture belongs to one scene: two of one name would be compared with each other's.
#[test]
fn every_scene_has_a_name_of_its_own() {
    let mut names: Vec<_> = all().iter().map(|scene| scene.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
