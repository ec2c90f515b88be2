//! What lies over the capture screen and beside its pictures: the help, the dialogs, whom a code speaks of; and a day in
//! earnest, without the mark of a rehearsal.

use std::sync::Arc;

use caiying::{
    camera::CameraError,
    language::Language,
    ledger::Tally,
    portrait::Verdict,
    scan::{Hint, Luma, Preview},
    screens::{
        CameraView, CandidateView, FrameView, Last, LiveFrame, LiveView, LookupView, MachineView, NextView,
        Place, PortraitView, SightFrame, Trouble, TroubleKind, View, trouble,
    },
    shot::Digest,
    station::Phase,
};
use eframe::egui::Key;

use super::{Press, Scene};
use crate::{
    overruling::failed,
    screens::{sitting, take, view},
    sitter,
    sitter_screen::card,
    trays::stripes,
    world::code,
};

fn of(name: &'static str, view: View) -> Scene {
    Scene::of(name, Place::Capture, view)
}

/// Somebody in greys before the camera: a picture of few colours is a small file.
pub(super) fn grey_frame() -> LiveView {
    let picture = Arc::unwrap_or_clone(stripes(96, 64, 150));
    LiveView::Frame(LiveFrame { picture: picture.into(), number: 1 })
}

/// A head and shoulders in greys, as a file that can be shown.
pub(super) fn grey_portrait() -> Vec<u8> {
    let portrait = image::RgbImage::from_fn(240, 320, |x, y| {
        let (x, y) = (f64::from(x / 16) - 7.0, f64::from(y / 16) - 8.0);
        let is_head = (x / 3.6).hypot(y / 5.0) < 1.0;
        image::Rgb(
            [if is_head {
                200
            } else if y > 6.0 && x.abs() < y - 2.0 {
                60
            } else {
                150
            }; 3],
        )
    });
    sitter::jpeg(&portrait)
}

/// A portrait that can be seen is looked at; the last ones stand below it.
fn reviewing(verdict: Verdict) -> View {
    let mut take = take(verdict);
    take.portrait.jpeg = grey_portrait().into();
    take.portrait.sha256 = Digest::of(&take.portrait.jpeg);
    let portrait = PortraitView::of(&take.portrait, 240.0);
    let idle = view(Phase::Idle);
    let saved = Last::Saved { jpeg: Arc::clone(&portrait.jpeg), sha256: portrait.sha256 };
    View {
        portrait: Some(portrait),
        last: Arc::new([saved.clone(), Last::Again, saved, Last::Stray]),
        card: Some(card()),
        frame: FrameView { cloth: [150; 3], ..idle.frame },
        ..view(Phase::Reviewing(sitting(), take))
    }
}

/// As much as a screen ever has to say at one time.
pub(super) fn crowded() -> View {
    let next = NextView {
        fingerprint: code(2).fingerprint(),
        card: Some(card()),
        by_name: false,
        in_view: false,
        gate: Some(trouble::refusal(&caiying::station::Refusal::SecondCode).headline),
    };
    let worn = Trouble { kind: TroubleKind::Notice, words: trouble::stray() };
    let view = reviewing(Verdict::Warn);
    let machine = MachineView { free_bytes: Some(3_000_000_000), battery: Some(8), ..view.machine.clone() };
    View {
        line: vec![next],
        troubles: vec![worn],
        tally: Tally { students: 3104, today: 1412, strays: 27, waiting: 1203, ..view.tally },
        station: "体育馆三号站".to_owned(),
        machine,
        ..view
    }
}

/// A portrait that must be taken again, and more is wrong besides.
fn crowded_twice() -> View {
    let turned = CameraError::ClockAhead { seconds: 42 };
    let clock = Trouble { kind: TroubleKind::CameraClock, words: trouble::camera(&turned) };
    let worn = Trouble { kind: TroubleKind::Notice, words: trouble::stray() };
    View { troubles: vec![clock, worn], line: crowded().line, ..reviewing(Verdict::Fail) }
}

fn candidate(n: u8) -> CandidateView {
    CandidateView {
        name: "欧阳*".to_owned(),
        number: format!("400{n}"),
        last_four: "002X".to_owned(),
        place: "机电系 数控1班".to_owned(),
        kept: n == 2,
    }
}

fn lookup(found: u8) -> View {
    let found: Vec<_> = (1..=found).map(candidate).collect();
    let all = found.len() + usize::from(!found.is_empty()) * 3;
    let lookup = LookupView { may_search: true, may_let_in: true, found, all, card: None };
    View { lookup, ..view(Phase::Idle) }
}

/// The webcam sees a code and cannot read it.
fn unread(hint: Hint) -> View {
    let picture = Luma { width: 320, height: 180, pixels: vec![90; 320 * 180] };
    let preview = Preview { picture, outlines: vec![], hint: Some(hint) };
    View { sight: Some(SightFrame { preview: preview.into(), number: 1 }), ..view(Phase::Idle) }
}

fn typed(keys: [Press; 4]) -> impl Iterator<Item = Press> {
    [Press::Key(Key::O)].into_iter().chain(keys)
}

fn seated() -> View {
    View { live: grey_frame(), card: Some(card()), ..view(Phase::CodeScanned(sitting())) }
}

/// Somebody sits, another one was called by name, and a third one holds up his phone.
fn called_meanwhile() -> View {
    let next = |n, by_name| NextView {
        fingerprint: code(n).fingerprint(),
        card: Some(card()),
        by_name,
        in_view: !by_name,
        gate: None,
    };
    View { line: vec![next(2, true), next(3, false)], lookup: lookup(0).lookup, ..seated() }
}

/// Several are found while somebody sits.
fn choosing() -> View {
    View { lookup: lookup(5).lookup, ..called_meanwhile() }
}

pub(super) fn scenes() -> Vec<Scene> {
    let saved = View { saved: Some(code(1).fingerprint()), ..view(Phase::Idle) };
    let held = CameraView { held: true, ..CameraView::default() };
    let words = trouble::camera(&CameraError::Claimed { by: None });
    let troubles = vec![Trouble { kind: TroubleKind::Camera, words }];
    let held = View { camera: held, troubles, ..view(Phase::Idle) };
    let answered = [
        Press::Text("王老师"),
        Press::Key(Key::Enter),
        Press::Text("考生只能这样坐"),
        Press::Key(Key::Enter),
    ];
    let lacking =
        [Press::Text("王老师"), Press::Key(Key::Enter), Press::Key(Key::Enter), Press::Key(Key::Escape)];
    vec![
        of("capture_help", seated()).after([Key::F1]).small(),
        of("capture_overruling", failed(true, 1)).after([Key::O]).small(),
        of("capture_overruling_said", failed(true, 1)).typing(typed(answered)),
        of("capture_overruling_lacks", failed(true, 1)).typing(typed(lacking)).unpainted(),
        of("capture_in_earnest", View { rehearsal: false, ..called_meanwhile() }),
        of("capture_crowded", crowded()).small(),
        of("capture_crowded_twice", crowded_twice()),
        of("capture_failed", reviewing(Verdict::Fail)).unpainted(),
        of("capture_saved", saved),
        of("capture_unread", unread(Hint::DimScreen)),
        of("capture_held", held),
        of("lookup_typing", lookup(0)).typing([Press::Key(Key::F), Press::Text("4001")]).unpainted(),
        of("lookup_choosing", choosing()),
        Scene { name: "lookup_choosing_en", ..of("", choosing()).spoken(Language::English) },
        of("lookup_letting_in", lookup(0)).after([Key::W]),
    ]
}
