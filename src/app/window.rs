//! The window: set-up first where nobody has chosen anything yet, then a shift, drawn.

mod anew;
mod asking;
mod choices;
mod frame_log;
mod lock;
mod phase_log;
mod sentry;
mod setting_up;
mod work;

use std::{sync::Arc, time::Duration};

use eframe::egui::{self, ViewportId};
use frame_log::FrameLog;
use lock::Lock;
use phase_log::PhaseLog;
use sentry::Sentry;
use work::{Work, may_scan, whereto};

use super::{
    cli,
    failure::{Done, Failure},
    places,
    sitter_window::SitterWindow,
    system_fonts::SystemFonts,
};
use crate::{
    clerk::Signer,
    crew::Wake,
    keys::{Store, Who},
    language::{Language, Phrase},
    screens::{
        Asked, Board, DeskView, LockAsk, Place, ReferenceAsk, SetupDesk, SetupView, View, Words,
        fonts::{self, Undrawn},
        lock_ui, setup_ui, theme, window_ui,
    },
    settings::{SecondScreen, Settings},
    station::Phase,
};

/// So often the lock looks whether a passphrase was tried, or may be.
const LOCK_LOOKS: Duration = Duration::from_millis(50);

/// As good as at once.
const SOON: Duration = Duration::from_millis(1);

/// Opens the window and stays until it is closed.
pub(super) fn open(options: &cli::Window, language: Language) -> Result<Done, Failure> {
    let settings = places::settings(options.settings.as_deref())?;
    let is_chosen = options.profile.is_some() || options.camera.is_some() || options.settings.is_some();
    let first_run = !is_chosen && !places::has_settings();
    let log = options.frame_log.as_deref();
    let log = log.map(|path| FrameLog::create(path).map_err(|err| Failure::file(path, &err))).transpose()?;
    let phases = options.phase_log.as_deref();
    let phases =
        phases.map(|path| PhaseLog::create(path).map_err(|err| Failure::file(path, &err))).transpose()?;
    let native = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default()
            .with_title("采影")
            .with_app_id("caiying")
            .with_inner_size([1280.0, 720.0])
            .with_min_inner_size(theme::SMALLEST_WINDOW),
        ..Default::default()
    };
    let asked_language = (language != Language::default()).then_some(language);
    let mut window = Window {
        lasting: anew::lasting(options, &settings),
        options: options.clone(),
        asked_language,
        settings,
        first_run,
        stage: Stage::SetUp(Box::default()),
        trouble: None,
        choices: None,
        board: Board::default(),
        undrawn: Undrawn::default(),
        sitter: SitterWindow::new(SecondScreen::Off, 0),
        drawn: None,
        log,
        phases,
    };
    let begin = move |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        theme::apply(&cc.egui_ctx);
        let spares = SystemFonts::here();
        window.undrawn = fonts::rescue(&cc.egui_ctx, move |letter, weight| spares.find(letter, weight));
        theme::show(&cc.egui_ctx, window.settings.look);
        if !first_run {
            window.begin(&cc.egui_ctx)?;
        }
        Ok(Box::new(window))
    };
    eframe::run_native("caiying", native, Box::new(begin)).map_err(why)?;
    Ok(Done::Well)
}

/// Why the window did not open: what was chosen is wrong or in the way, or the desktop.
fn why(err: eframe::Error) -> Failure {
    let eframe::Error::AppCreation(inner) = err else { return no_window(&err.to_string()) };
    match inner.downcast::<Failure>() {
        Ok(failure) => *failure,
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

/// What the window is at.
enum Stage {
    /// Nobody has chosen anything yet, or what was chosen does not work.
    SetUp(Box<SetupDesk>),
    /// The store is still shut.
    Locked(Box<Lock>),
    /// A station at work.
    Work(Box<Work>),
}

/// The window's state.
struct Window {
    options: cli::Window,
    /// What of them holds for every shift of this window.
    lasting: cli::Window,
    /// The language the command line asks for, whatever the settings say.
    asked_language: Option<Language>,
    settings: Settings,
    first_run: bool,
    stage: Stage,
    /// Why the last attempt to begin failed.
    trouble: Option<Words>,
    /// What the set-up can choose from, while it is looked at.
    choices: Option<Arc<SetupView>>,
    board: Board,
    /// Characters that no font of this computer has.
    undrawn: Undrawn,
    /// What the sitter sees.
    sitter: SitterWindow,
    /// What the last frame was of: phase, place, and how much there was to tell.
    drawn: Option<(std::mem::Discriminant<Phase>, Place, usize)>,
    log: Option<FrameLog>,
    phases: Option<PhaseLog>,
}

impl Window {
    /// Begins with the settings and options as they are: at the lock of a store, or at work in a rehearsal's.
    fn begin(&mut self, ctx: &egui::Context) -> Result<(), Failure> {
        let (folder, rehearsal) = whereto(&self.options, &self.settings);
        if rehearsal {
            return self.work(ctx, work::rehearsed(&folder)?, None);
        }
        (self.stage, self.trouble, self.choices) = (Stage::Locked(Box::new(Lock::of(folder)?)), None, None);
        Ok(())
    }

    /// Draws the lock and does what was asked of it.
    fn lock_ui(&mut self, ui: &mut egui::Ui) {
        let language = self.language();
        let Stage::Locked(lock) = &mut self.stage else { return };
        let view = lock.view(language);
        if let Some(phases) = &mut self.phases {
            phases.locked();
        }
        let opened = match lock_ui(ui, &view, &mut lock.desk) {
            Some(LockAsk::Unlock { slot, passphrase }) => {
                lock.try_out(slot, passphrase);
                None
            }
            Some(LockAsk::Create { name, passphrase, recovery }) => {
                lock.create(&name, &passphrase, &recovery)
            }
            Some(LockAsk::SetUp) => {
                self.stage = Stage::SetUp(Box::default());
                return ui.ctx().request_repaint();
            }
            Some(LockAsk::Back) | None => lock.opened(),
        };
        if lock.is_waiting() {
            ui.ctx().request_repaint_after(LOCK_LOOKS);
        }
        let Some(unlocked) = opened else { return };
        let (folder, file) = (lock.folder().to_owned(), lock.file().cloned());
        let store = Store::new(&folder, unlocked.keys().clone());
        let sentry = file.map(|file| Sentry::new(folder, file, &unlocked));
        if let Err(failure) = self.work(ui.ctx(), store, sentry) {
            (self.stage, self.trouble) = (Stage::SetUp(Box::default()), Some(failure.words()));
        }
        ui.ctx().request_repaint();
    }

    fn language(&self) -> Language {
        self.asked_language.unwrap_or(self.settings.language)
    }

    /// Begins work in a store that is open.
    fn work(&mut self, ctx: &egui::Context, store: Store, sentry: Option<Sentry>) -> Result<(), Failure> {
        let wake: Wake = {
            let ctx = ctx.clone();
            // Of the operator's window, whichever is being drawn just now. What is asked for at once egui draws twice, so
            // that texts settle: with every frame of live view that is twice as much as there is to see.
            Arc::new(move || ctx.request_repaint_after_for(SOON, ViewportId::ROOT))
        };
        let signer = Signer::of(store.keys().clone());
        let mut work = Work::begin(&self.options, &self.settings, store, self.language(), wake)?;
        work.shift.log_in(sentry.as_ref().map_or(&Who::Everybody, Sentry::who), Some(signer));
        if let Some(sentry) = &sentry {
            work.shift.note_unlocks(sentry.holders());
        }
        work.sentry = sentry;
        self.board = Board::default();
        if self.settings.calibrate_first && work.shift.wants_reference() {
            self.board = Board::at(Place::Checkup);
            work.shift.reference_asks(ReferenceAsk::Begin);
        }
        (self.stage, self.trouble, self.choices) = (Stage::Work(Box::new(work)), None, None);
        self.sitter = SitterWindow::new(self.settings.second_screen, self.settings.second_monitor);
        Ok(())
    }

    /// Whether the lock stands before the station; then it is drawn.
    fn is_shut(&mut self, ui: &mut egui::Ui, view: &View) -> bool {
        let drawn = self.drawn;
        let Stage::Work(work) = &mut self.stage else { return false };
        let Some(sentry) = &mut work.sentry else { return false };
        let stirred = drawn.is_some_and(|(phase, ..)| phase != std::mem::discriminant(&view.phase));
        sentry.watch(ui.ctx(), &mut work.shift, work.idle_lock_min, stirred);
        if sentry.is_shut() {
            let before = sentry.who().clone();
            sentry.ui(ui, &mut work.shift, view);
            if *sentry.who() != before {
                // What one had begun and typed is not the next one's.
                self.board = Board::default();
            }
            // Whoever typed his passphrase typed it for nothing else.
            self.board.hush(ui);
            self.drawn = None;
        }
        sentry.is_shut()
    }

    /// The view of a shift, with what only the window knows.
    fn view(&mut self, here: Place) -> Option<View> {
        let Stage::Work(work) = &mut self.stage else { return None };
        work.shift.look_at(here);
        let mut view = work.shift.view_at(here);
        if here == Place::Setup {
            view.desk = DeskView::Setup(self.choices());
        } else {
            (self.choices, self.trouble) = (None, None);
        }
        Some(view)
    }
}

impl eframe::App for Window {
    /// Before anything else sees the keys: those of a scanner are nobody's shortcuts.
    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        let Stage::Work(work) = &mut self.stage else { return };
        // Before the lock keys are a passphrase.
        if work.is_shut() {
            return;
        }
        let (now, in_field, scanner) = (work.clock.now(), ctx.text_edit_focused(), work.scanner);
        for scan in work.keys.listen(now, in_field, input, || may_scan(scanner)) {
            work.shift.scanned(scan);
            // It may have been typed into the sitter's window.
            ctx.request_repaint_of(ViewportId::ROOT);
        }
        // Keys of the sitter's window mean nothing, scans do: the operator's asks for what is held back there.
        if input.viewport_id != ViewportId::ROOT && work.keys.is_holding() {
            ctx.request_repaint_of(ViewportId::ROOT);
        }
    }

    /// Runs also while the window is hidden: files keep arriving.
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(log) = &mut self.log {
            log.frame_begins();
            ctx.request_repaint_after(frame_log::EVERY);
        }
        let Stage::Work(work) = &mut self.stage else { return };
        work.shift.pump();
        if ctx.input(|input| input.viewport().close_requested()) && !work.shift.may_close() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        } else if work.shift.is_over() {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        let sleeps = work.shift.sleeps();
        let soon = work.actor.as_mut().map_or(sleeps, |actor| actor.act(&mut work.shift).min(sleeps));
        work.keys.wake(ctx);
        // Whatever else happens wakes the window by itself.
        ctx.request_repaint_after(soon);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if matches!(self.stage, Stage::Locked(_)) {
            return self.lock_ui(ui);
        }
        let asked = match self.view(self.board.here()) {
            Some(view) => {
                self.sitter.show(ui.ctx(), &view);
                if self.is_shut(ui, &view) {
                    return;
                }
                let asked = window_ui(ui, &view, &mut self.board);
                // What is new takes a second look to settle in its place.
                let drawn = (std::mem::discriminant(&view.phase), self.board.here(), view.troubles.len());
                if self.drawn.replace(drawn) != Some(drawn) {
                    ui.ctx().request_repaint();
                }
                if let Some(phases) = &mut self.phases {
                    phases.drawn(&view, &self.board, ui.ctx().text_edit_focused());
                }
                asked
            }
            None => {
                let choices = self.choices();
                let Stage::SetUp(desk) = &mut self.stage else { return };
                let asked = setup_ui(ui, &choices, desk).map(Asked::Setup).into_iter().collect();
                if let Some(phases) = &mut self.phases {
                    phases.set_up(desk, ui.ctx().text_edit_focused());
                }
                asked
            }
        };
        if !asked.is_empty() {
            // Laid out once more before it is painted: the frame that takes a key already shows what the key did.
            ui.ctx().request_discard("a key was answered");
        }
        for asked in asked {
            ui.ctx().request_repaint();
            match (asked, &mut self.stage) {
                (Asked::Setup(ask), _) => self.set_up(ui.ctx(), ask),
                (asked, Stage::Work(work)) => {
                    asking::carry_out(&mut work.shift, asked, self.options.calibration.as_deref());
                }
                (_, Stage::SetUp(_) | Stage::Locked(_)) => {}
            }
        }
        if let Stage::Work(work) = &mut self.stage
            && work.shift.tell_undrawn(&self.undrawn)
        {
            ui.ctx().request_repaint();
        }
        if let Some(log) = &mut self.log {
            log.frame_ends();
        }
    }
}
