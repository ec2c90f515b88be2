//! The window: a shift, drawn.

mod frame_log;

use std::{sync::Arc, time::Duration};

use eframe::egui;
use frame_log::FrameLog;

use super::{
    camera, cli,
    failure::{Done, Failure},
    places,
};
use crate::{
    camera::{Camera, CameraChoice},
    language::{Language, Phrase},
    portrait::ModelFinder,
    profile::Profile,
    rehearsal::Actor,
    screens::{Ask, Asked, Board, Keys, Words, theme, window_ui},
    settings::{Scanner, Settings},
    shift::{Reception, Setup, Shift, ShiftError},
    shot::Clock,
};

/// Students that come to a rehearsal in the window.
const STUDENTS: usize = 60;

/// Everything the window needs before it opens.
struct Plan {
    setup: Setup,
    actor: Option<Actor>,
    log: Option<FrameLog>,
    scanner: Scanner,
}

/// Opens the window and stays until it is closed.
pub(super) fn open(options: &cli::Window, language: Language) -> Result<Done, Failure> {
    let plan = plan(options, language)?;
    let native = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default()
            .with_title("采影")
            .with_app_id("caiying")
            .with_inner_size([1280.0, 720.0])
            .with_min_inner_size([1024.0, 640.0]),
        ..Default::default()
    };
    let begin = |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        theme::apply(&cc.egui_ctx);
        let ctx = cc.egui_ctx.clone();
        let setup = Setup { wake: Arc::new(move || ctx.request_repaint()), ..plan.setup };
        let (clock, keys) = (setup.clock, Keys::new(plan.scanner));
        let mut shift = Shift::begin(setup)?;
        shift.watch();
        let board = Board::default();
        Ok(Box::new(Window { shift, clock, keys, actor: plan.actor, board, log: plan.log }))
    };
    eframe::run_native("caiying", native, Box::new(begin)).map_err(why)?;
    Ok(Done::Well)
}

/// Why the window did not open: the store, or the desktop.
fn why(err: eframe::Error) -> Failure {
    let eframe::Error::AppCreation(inner) = err else { return no_window(&err.to_string()) };
    match inner.downcast::<ShiftError>() {
        Ok(err) => Failure::from(*err),
        Err(other) => no_window(&other.to_string()),
    }
}

fn no_window(said: &str) -> Failure {
    Failure::trouble(Words {
        headline: Phrase::new(
            format!("窗口打不开（{said}）"),
            format!("the window cannot be opened ({said})"),
        ),
        remedy: Phrase::new(
            "请在图形桌面上运行，或检查显卡驱动",
            "run it on a desktop, and check the graphics driver",
        ),
    })
}

fn plan(options: &cli::Window, language: Language) -> Result<Plan, Failure> {
    let settings = places::settings(options.settings.as_deref())?;
    let profile = places::profile(options.profile.as_deref().unwrap_or(&settings.profile))?;
    let clock = Clock::start();
    // A choice of camera is any text.
    let choice = options.camera.clone().unwrap_or_else(|| settings.camera.parse().unwrap_or_default());
    let (camera, actor) = on_stage(&choice, &settings, &profile, clock)?;
    let rehearsal = actor.is_some();
    let store = options.store.clone().or_else(|| settings.store.clone().filter(|_| !rehearsal));
    let store =
        store.unwrap_or_else(|| if rehearsal { places::rehearsal_store() } else { places::default_store() });
    // The people of a rehearsal sit before no lamp of this room.
    let calibration = if rehearsal && options.calibration.is_none() {
        None
    } else {
        places::calibration(options.calibration.as_deref())?
    };
    let id_reader = settings.id_reader.clone().filter(|_| profile.privacy.read_id_cards);
    let setup = Setup {
        store,
        station: settings.station.clone(),
        profile,
        camera,
        by_hand: matches!(choice, CameraChoice::Folder(_)),
        webcam: webcam(options, &settings, rehearsal),
        finder: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        glancer: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        clock,
        wake: Arc::new(|| {}),
        rehearsal,
        language: if language == Language::default() { settings.language } else { language },
        reception: Reception { rest_ms: i64::from(settings.code_rest_ms), sounds: settings.sounds },
        id_reader,
        calibration,
    };
    let log = options.frame_log.as_deref();
    let log = log.map(|path| FrameLog::create(path).map_err(|err| Failure::file(path, &err))).transpose()?;
    Ok(Plan { setup, actor, log, scanner: settings.scanner })
}

fn on_stage(
    choice: &CameraChoice,
    settings: &Settings,
    profile: &Profile,
    clock: Clock,
) -> Result<(Box<dyn Camera>, Option<Actor>), Failure> {
    if *choice != CameraChoice::Rehearsal {
        return Ok((camera::open(choice, settings, clock)?, None));
    }
    let actor = Actor::new(STUDENTS, clock.now().0.unsigned_abs(), profile, clock)?;
    Ok((Box::new(actor.camera()), Some(actor)))
}

/// A rehearsal's students show their codes without a webcam.
fn webcam(options: &cli::Window, settings: &Settings, rehearsal: bool) -> Option<Option<String>> {
    match options.webcam.as_deref().or(settings.webcam.as_deref()) {
        Some("none") => None,
        Some(name) => Some(Some(name.to_owned())),
        None if rehearsal => None,
        None => Some(None),
    }
}

/// One line for each thing that can be asked for.
fn carry_out(shift: &mut Shift, asked: Asked) {
    match asked {
        Asked::Wish(wish) => shift.wish(wish),
        Asked::Lookup(ask) => look_up(shift, ask),
        Asked::TurnLive => shift.turn_live(),
        Asked::ReleaseCamera => shift.release_camera(),
        Asked::Day(ask) => shift.day_asks(ask),
    }
}

/// What was asked of the search.
fn look_up(shift: &mut Shift, ask: Ask) {
    match ask {
        Ask::Search(typed) => shift.search(&typed),
        Ask::Choose(place) => shift.choose(place),
        Ask::LetIn { name, number, reason } => shift.let_in(&name, &number, &reason),
        Ask::Close => shift.stop_searching(),
    }
}

/// The window's state: nothing but what it draws.
struct Window {
    shift: Shift,
    clock: Clock,
    keys: Keys,
    actor: Option<Actor>,
    board: Board,
    log: Option<FrameLog>,
}

impl eframe::App for Window {
    /// Before anything else sees the keys: those of a scanner are nobody's shortcuts.
    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        let (scans, soon) = self.keys.listen(self.clock.now(), ctx.text_edit_focused(), input);
        for scan in scans {
            self.shift.scanned(scan);
        }
        if let Some(soon) = soon {
            ctx.request_repaint_after(soon);
        }
    }

    /// Runs also while the window is hidden: files keep arriving.
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(log) = &mut self.log {
            log.frame_begins();
            ctx.request_repaint_after(frame_log::EVERY);
        }
        self.shift.pump();
        if ctx.input(|input| input.viewport().close_requested()) && !self.shift.may_close() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        } else if self.shift.is_over() {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        let soon = self.actor.as_mut().map(|actor| actor.act(&mut self.shift));
        // Whatever else happens wakes the window by itself.
        ctx.request_repaint_after(self.shift.sleeps().min(soon.unwrap_or(Duration::MAX)));
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let view = self.shift.view_at(self.board.here());
        for asked in window_ui(ui, &view, &mut self.board) {
            carry_out(&mut self.shift, asked);
            ui.ctx().request_repaint();
        }
        if let Some(log) = &mut self.log {
            log.frame_ends();
        }
    }
}
