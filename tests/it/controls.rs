//! Every control of every screen has a name, for screen readers and for tests. The harness stops at one without; here
//! it is tried whether it does, and each screen is walked once with its controls counted.

use caiying::{
    screens::{CameraView, Gallery, Lookup, LookupView, View, capture_ui, lookup_ui, release_ui, theme},
    station::Phase,
};
use eframe::egui::{self, Key, Vec2, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};

use crate::{
    locks,
    pictures::scenes,
    screens::{phases, view},
};

/// The operator's window with all that lies over it.
fn window(view: View) -> Harness<'static, (Lookup, Gallery)> {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            move |ui, (lookup, gallery): &mut (Lookup, Gallery)| {
                release_ui(ui, &view);
                lookup_ui(ui, &view, lookup);
                capture_ui(ui, &view, gallery);
            },
            (Lookup::default(), Gallery::default()),
        );
    harness.run();
    harness
}

/// The names of what can be pressed or typed into.
fn controls(harness: &Harness<'_, (Lookup, Gallery)>) -> Vec<String> {
    assert_eq!(harness.unnamed_widgets(), Vec::<String>::new());
    let is_control =
        |role| matches!(role, Role::Button | Role::TextInput | Role::CheckBox | Role::RadioButton);
    let nodes = harness.root().children_recursive().map(|node| node.accesskit_node());
    nodes.filter(|node| is_control(node.role())).map(|node| node.label().unwrap_or_default()).collect()
}

#[test]
fn every_control_has_a_name() {
    for (phase, word) in phases() {
        let offers = !matches!(phase, Phase::Idle | Phase::Queueing(..));
        assert_eq!(!controls(&window(view(phase))).is_empty(), offers, "{word}");
    }
    let held = CameraView { held: true, ..CameraView::default() };
    assert!(
        controls(&window(View { camera: held, ..view(Phase::Idle) })).iter().any(|name| name.contains("F9"))
    );
    // Behind the dialog the two buttons that open one; in it a field to type a name into, or those of somebody who is in
    // no roster.
    for (key, fields) in [(Key::F, 1), (Key::W, 3)] {
        let lookup = LookupView { may_search: true, may_let_in: true, ..LookupView::default() };
        let mut harness = window(View { lookup, ..view(Phase::Idle) });
        harness.key_press(key);
        harness.run();
        assert!(harness.state().0.is_open());
        assert_eq!(controls(&harness).len(), 2 + fields, "{:?}", controls(&harness));
    }
}

/// Every screen in every state: a field or button that only opens with a key has a name too.
#[test]
fn every_control_of_every_scene_has_a_name() {
    let of_the_lock = |(name, view, look, chosen)| {
        let harness = Harness::builder().with_size(Vec2::new(1280.0, 720.0)).with_context_setup(theme::apply);
        (name, harness.build_ui(locks::drawn(view, look, chosen)))
    };
    let of_the_day = scenes::all().into_iter().map(|scene| (scene.name, scene.window()));
    for (name, harness) in of_the_day.chain(locks::pages().into_iter().map(of_the_lock)) {
        assert_eq!(harness.unnamed_widgets(), Vec::<String>::new(), "{name}");
        let nodes = harness.root().children_recursive().map(|node| node.accesskit_node());
        let controls = nodes.filter(|node| matches!(node.role(), Role::Button | Role::TextInput));
        // A sign alone says nothing to whoever listens.
        let dumb =
            controls.filter(|node| !node.label().is_some_and(|name| name.chars().any(char::is_alphanumeric)));
        assert_eq!(dumb.count(), 0, "{name}");
    }
}

/// A field without a name.
#[test]
fn a_control_without_a_name_is_noticed() {
    let nameless = |ui: &mut egui::Ui, text: &mut String| {
        ui.text_edit_singleline(text);
    };
    let harness = Harness::builder().with_accessibility_check(false).build_ui_state(nameless, String::new());
    assert_eq!(harness.unnamed_widgets().len(), 1);
    let stopped = std::panic::catch_unwind(|| {
        Harness::builder().build_ui_state(nameless, String::new()).run();
    });
    assert!(stopped.is_err(), "the harness let it pass");
    let named = Harness::builder().with_context_setup(theme::apply).build_ui_state(
        |ui, text: &mut String| {
            let label = ui.label("姓名");
            ui.text_edit_singleline(text).labelled_by(label.id);
        },
        String::new(),
    );
    assert!(named.query_by_role(Role::TextInput).is_some() && named.unnamed_widgets().is_empty());
}
