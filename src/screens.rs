//! The window's screens: pure functions of a [`View`], which say what the operator wished for.
//!
//! The door of `egui`. Screens see read-outs, never devices; colours and sizes live in [`theme`], the words for
//! everything that goes wrong in [`trouble`].

mod capture;
mod card;
pub mod doctor;
mod findings;
pub mod fonts;
mod keys;
mod live;
mod lookup;
mod release;
mod sight;
pub mod sitter;
pub mod theme;
mod ticks;
pub mod trouble;
mod view;

pub use capture::{Gallery, capture_ui, is_offered};
pub use card::CardView;
pub use keys::Keys;
pub use live::wants_live_turned;
pub use lookup::{Ask, Lookup, lookup_ui};
pub use release::release_ui;
pub use trouble::Words;
pub use view::{
    CameraView, CandidateView, LiveFrame, LiveView, LookupView, PortraitView, SightFrame, StudentView,
    Trouble, TroubleKind, View,
};
