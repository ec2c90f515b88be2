//! The window's screens: pure functions of a [`View`], which say what the operator wished for.
//!
//! The door of `egui`. Screens see read-outs, never devices; colours and sizes live in [`theme`], the words for
//! everything that goes wrong in [`trouble`].

mod banner;
mod board;
mod capture;
mod card;
mod cell;
mod certificate;
mod checkup;
mod day;
mod devices;
pub mod doctor;
mod findings;
pub mod fonts;
mod gallery;
mod help;
mod keys;
mod live;
mod lock;
mod lookup;
mod offers;
mod overrule;
mod place;
mod reference;
mod release;
mod retakes;
mod sample;
mod setup;
mod sight;
pub mod sitter;
mod statement;
mod strip;
pub mod theme;
mod ticks;
mod tray;
pub mod trouble;
mod troubles;
mod view;

pub use board::{Asked, Board, window_ui};
pub use capture::capture_ui;
pub use card::CardView;
pub use certificate::certificate_sections;
pub use checkup::{
    CheckupLine, CheckupView, LookedView, Mend, RosterAsk, RosterFileView, RosterStage, RosterView,
};
pub use day::{
    CardLeft, ChainView, CheckpointView, DayAsk, DayView, ErrandView, JournalLine, JournalView, NotedView,
    Verified, how_far, journal_wording, journal_words,
};
pub use gallery::Gallery;
pub use keys::Keys;
pub use live::wants_live_turned;
pub use lock::{LockAsk, LockDesk, LockPurpose, LockView, lock_ui, role};
pub use lookup::{Ask, Lookup, lookup_ui};
pub use offers::{Pressed, is_offered};
pub use place::Place;
pub use reference::{MeasuredView, ReferenceAsk, ReferenceStage, ReferenceView};
pub use release::release_ui;
pub use retakes::{ClassView, HistoryView, PastView, Person, PersonView, RetakesAsk, RetakesView, Stands};
pub use sample::FrameView;
pub use setup::{SetupAsk, SetupDesk, SetupView, setup_ui};
pub use strip::Last;
pub use tray::{
    Album, AssignmentStage, CandidateSeat, DoublePortrait, DoubleView, OpenedView, Second, StrayView,
    TrayAsk, TrayView, Who,
};
pub use trouble::Words;
pub use view::{
    CameraView, CandidateView, DeskView, LiveFrame, LiveView, LookupView, MachineView, NextView, Pace,
    PortraitView, SightFrame, StudentView, Trouble, TroubleKind, View,
};
