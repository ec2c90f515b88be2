//! Retakes: the list, who is looked at and what happened to him, and where there is nobody.

use std::sync::Arc;

use caiying::{
    screens::{
        ClassView, DeskView, HistoryView, PastView, Person, PersonView, Place, RetakesView, Stands, View,
    },
    shot::{Digest, SittingId},
    station::{Fact, Phase},
};
use eframe::egui::Key;

use super::{Press, Scene, capture::grey_portrait};
use crate::{retaking, screens::view};

fn of(name: &'static str, retakes: RetakesView) -> Scene {
    let desk = DeskView::Retakes(Arc::new(retakes));
    Scene::of(name, Place::Retakes, View { desk, ..view(Phase::Idle) })
}

/// He came twice: the second portrait is delivered.
fn history() -> HistoryView {
    let jpeg: Arc<[u8]> = grey_portrait().into();
    let past = |when: &str, current, facts| PastView {
        when: when.to_owned(),
        retake: current,
        facts,
        portrait: Some((Digest::of(when.as_bytes()), Arc::clone(&jpeg))),
        unreadable: false,
        current,
    };
    HistoryView {
        of: Person::Listed(1),
        sittings: vec![
            past("2026-11-20 10:02", false, vec![retaking::refused()]),
            past("2026-11-22 09:15", true, vec![Fact::Dismissed { sitting: SittingId(7) }]),
        ],
    }
}

/// More classes and people than fit, with names as long as schools have them.
fn crowd() -> RetakesView {
    let place = |n: usize| {
        ["智能制造与电气工程学院".to_owned(), "机械设计制造及其自动化".to_owned(), format!("2027级{n:02}班")]
    };
    let class = |n: usize| ClassView { expected: 48, kept: 48 - n, left: n / 3, ..ClassView::of(place(n)) };
    let person = |n: usize| PersonView {
        class: place(n / 4),
        ..retaking::person(n, "欧阳*", "", &format!("{:04}", 4000 + n), Stands::Missing)
    };
    RetakesView {
        classes: (0..30).map(class).collect(),
        people: (0..120).map(person).collect(),
        ..RetakesView::default()
    }
}

pub(super) fn scenes() -> Vec<Scene> {
    let twice = RetakesView { history: Some(history()), ..retaking::retakes() };
    let nothing = HistoryView { of: Person::Listed(2), sittings: vec![] };
    let none = RetakesView { history: Some(nothing), ..retaking::retakes() };
    let found = [Person::Listed(2)].into_iter().collect();
    let found = RetakesView { meant: Some(Arc::new(found)), ..retaking::retakes() };
    let searching = [Press::Key(Key::Num3), Press::Key(Key::F), Press::Text("4003")];
    vec![
        of("retakes_list", retaking::retakes()).unpainted(),
        of("retakes_history", twice).after([Key::Num3, Key::ArrowDown, Key::ArrowDown]).main(),
        of("retakes_left", none).after([Key::Num2, Key::ArrowDown]),
        of("retakes_search", found).typing(searching),
        of("retakes_crowd", crowd()).after([Key::ArrowDown]),
        of("retakes_nobody", RetakesView::default()),
    ]
}
