//! 检查点 of a shift: the journal counted and signed when somebody asks for it.

use std::sync::Arc;

use super::Shift;
use crate::{
    crew::{ClerkOrder, CourierOrder},
    ledger::{LedgerError, Noted},
    paper::QrModules,
    screens::{CheckpointView, NotedView, trouble},
    shot::Clock,
};

impl Shift {
    /// Counts and signs the journal, and shows what was signed; until then the one before.
    pub(super) fn open_checkpoint(&mut self) {
        let before = self.day.checkpoint.take();
        if before.is_none() {
            self.day.order(CourierOrder::Checkpoint);
        }
        let noted = before.and_then(|view| view.noted.clone());
        let view = CheckpointView { noted, is_making: true, ..CheckpointView::default() };
        self.day.checkpoint = Some(Arc::new(view));
        self.clerk.push(ClerkOrder::Checkpoint);
        self.hand_over();
    }

    /// The clerk has signed, or could not.
    pub(super) fn checkpoint_made(&mut self, noted: Option<Noted>) {
        let clock = self.clock;
        let Some(view) = &mut self.day.checkpoint else { return };
        let view = Arc::make_mut(view);
        (view.is_making, view.is_unsigned) = (false, noted.is_none());
        view.noted = noted.map(|noted| noted_view(clock, noted)).or_else(|| view.noted.take());
    }

    /// The last one that stands in the journal, while no newer one is there.
    pub(super) fn checkpoint_read(&mut self, read: Result<Option<Noted>, LedgerError>) {
        let clock = self.clock;
        let Some(view) = &mut self.day.checkpoint else { return };
        let view = Arc::make_mut(view);
        match read {
            Ok(noted) if view.noted.is_none() => {
                view.noted = noted.map(|noted| noted_view(clock, noted));
            }
            Ok(_older) => {}
            Err(err) => view.trouble = Some(trouble::ledger(&err)),
        }
    }
}

fn noted_view(clock: Clock, noted: Noted) -> NotedView {
    let Noted { at, note, .. } = noted;
    NotedView { when: clock.date_and_time(at), code: QrModules::of(&note.text()), note }
}
