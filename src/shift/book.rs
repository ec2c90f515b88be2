//! 流水 as somebody reads it: the lines that were turned to so far, and how the chain stands.

use std::sync::Arc;

use super::Shift;
use crate::{
    crew::CourierOrder,
    ledger::{Chain, Kind, LedgerError, Page},
    screens::{ChainView, JournalLine, JournalView, trouble},
};

/// The journal, open.
#[derive(Debug)]
pub(super) struct Book {
    view: Arc<JournalView>,
}

impl Book {
    /// What the screen shows of it.
    pub(super) fn view(&self) -> Arc<JournalView> {
        Arc::clone(&self.view)
    }

    fn turn(&mut self, turn: impl FnOnce(&mut JournalView)) {
        turn(Arc::make_mut(&mut self.view));
    }

    /// The number of the oldest line that was read.
    fn oldest(&self) -> Option<i64> {
        self.view.lines.last().map(|line| line.seq)
    }
}

impl Shift {
    /// Opens the journal, or turns to lines of another kind. Each time it is opened, its chain is followed.
    pub(super) fn open_journal(&mut self, kind: Kind) {
        let before = self.day.book.take();
        if before.is_none() {
            self.day.order(CourierOrder::Chain);
        }
        let chain = before.and_then(|book| book.view.chain.clone());
        let view = JournalView { kind, chain, is_reading: true, ..JournalView::default() };
        self.day.book = Some(Book { view: Arc::new(view) });
        self.day.order(CourierOrder::Page(kind, None));
    }

    /// Somebody has read to the last of the lines that are here.
    pub(super) fn read_on(&mut self) {
        let Some(book) = &mut self.day.book else { return };
        if book.view.is_reading || book.view.is_whole {
            return;
        }
        book.turn(|view| view.is_reading = true);
        let order = CourierOrder::Page(book.view.kind, book.oldest());
        self.day.order(order);
    }

    /// Lines have come; those that nobody waits for any more are put away.
    pub(super) fn journal_read(&mut self, kind: Kind, before: Option<i64>, page: Result<Page, LedgerError>) {
        let clock = self.clock;
        let Some(book) = self.day.book.as_mut() else { return };
        if book.view.kind != kind || book.oldest() != before {
            return;
        }
        book.turn(|view| {
            view.is_reading = false;
            match page {
                Ok(page) => {
                    view.is_whole = page.is_last;
                    view.trouble = None;
                    view.lines.extend(page.lines.into_iter().map(|line| JournalLine {
                        seq: line.seq,
                        when: clock.date_and_time(line.at),
                        fact: line.fact,
                    }));
                }
                Err(err) => {
                    // Asking again and again would not help.
                    view.is_whole = true;
                    view.trouble = Some(trouble::ledger(&err));
                }
            }
        });
    }

    /// The chain was followed.
    pub(super) fn chain_followed(&mut self, chain: Result<Chain, LedgerError>) {
        let at = self.clock.time_of_day(self.clock.now());
        let Some(book) = self.day.book.as_mut() else { return };
        book.turn(|view| match chain {
            Ok(Chain { lines, broken }) => {
                let broken = broken.iter().map(|unsound| unsound.seq).collect();
                view.chain = Some(ChainView { at, lines, broken });
            }
            Err(err) => view.trouble = Some(trouble::ledger(&err)),
        });
    }
}
