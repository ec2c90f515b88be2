//! The sitter's window: on the other monitor, or a small one. It is opened by the settings, and by F11 at any time.
//!
//! It is a deferred viewport: it is drawn when what the sitter sees has changed, and the operator's window is not drawn
//! for it, nor it for the operator's. An immediate one would be drawn with every frame of the operator's, lists and
//! all. Keys that are pressed in it mean nothing; what a scanner types into it is a scan all the same.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use eframe::egui::{self, Key, ViewportBuilder, ViewportId};

use crate::{
    screens::{
        View,
        sitter::{Sitter, SitterGallery, SitterView, sitter_ui},
    },
    settings::SecondScreen,
};

/// Opens and closes it.
const KEY: Key = Key::F11;

/// The small window, in points.
const SMALL: [f32; 2] = [640.0, 480.0];

/// The sitter's window, open or not.
pub(super) struct SitterWindow {
    kind: SecondScreen,
    monitor: usize,
    is_open: bool,
    sitter: Sitter,
    shown: Arc<Mutex<Shown>>,
}

/// What both windows have in their hands.
#[derive(Default)]
struct Shown {
    view: Option<SitterView>,
    gallery: SitterGallery,
    is_closed: bool,
}

impl SitterWindow {
    /// As the settings have it.
    pub(super) fn new(kind: SecondScreen, monitor: usize) -> Self {
        let is_open = kind != SecondScreen::Off;
        Self { kind, monitor, is_open, sitter: Sitter::default(), shown: Arc::default() }
    }

    /// Shows it, from within the operator's window, as long as it is open.
    pub(super) fn show(&mut self, ctx: &egui::Context, view: &View) {
        let now = Instant::now();
        let seen = self.sitter.see(view, now);
        let was_closed = std::mem::take(&mut with(&self.shown).is_closed);
        self.is_open = (self.is_open && !was_closed) != ctx.input(|input| input.key_pressed(KEY));
        if !self.is_open {
            // Nobody's picture waits here for the next time.
            *with(&self.shown) = Shown::default();
            return;
        }
        let id = ViewportId::from_hash_of("sitter");
        if with(&self.shown).view.as_ref() != Some(&seen) {
            with(&self.shown).view = Some(seen);
            ctx.request_repaint_of(id);
        }
        if let Some(left) = self.sitter.goes_in(now) {
            ctx.request_repaint_after(left);
        }
        let shown = Arc::clone(&self.shown);
        ctx.show_viewport_deferred(id, self.builder(), move |ui, _class| draw(ui, &shown));
    }

    fn builder(&self) -> ViewportBuilder {
        let window = ViewportBuilder::default()
            .with_title("采影 考生屏")
            .with_app_id("caiying-sitter")
            .with_inner_size(SMALL)
            // The keyboard belongs to the operator.
            .with_active(false);
        match self.kind {
            SecondScreen::Window => window,
            // Where there is no such monitor this says nothing, and the window is small.
            SecondScreen::Off | SecondScreen::Fullscreen => window.with_monitor(self.monitor),
        }
    }
}

fn draw(ui: &mut egui::Ui, shown: &Mutex<Shown>) {
    let mut shown = with(shown);
    // A window without a frame, on the wrong monitor, has no other way out.
    if ui.input(|input| input.viewport().close_requested() || input.key_pressed(KEY)) {
        shown.is_closed = true;
        ui.ctx().request_repaint_of(ViewportId::ROOT);
    }
    let Shown { view, gallery, .. } = &mut *shown;
    if let Some(view) = view {
        sitter_ui(ui, view, gallery);
    }
}

/// What is shown is made anew every time, so whoever panicked over it has left nothing half done.
fn with(shown: &Mutex<Shown>) -> std::sync::MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
