//! 流水 as somebody reads it: the lines that were turned to so far, and how the chain stands.

use std::sync::Arc;

use super::Shift;
use crate::{
    crew::CourierOrder,
    errand::ErrandError,
    language::{Language, Phrase},
    ledger::{Chain, Filter, Kind, LedgerError, Page},
    screens::{ChainView, JournalLine, JournalView, Words, journal_wording, theme::Tone, trouble},
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
        if self.day.book.is_none() {
            self.day.order(CourierOrder::Chain);
        }
        let who = self.day.book.as_ref().and_then(|book| book.view.who.clone());
        self.turn_journal(kind, who);
    }

    /// Turns to the lines of somebody, or of everybody.
    pub(super) fn journal_of(&mut self, who: Option<String>) {
        let kind = self.day.book.as_ref().map(|book| book.view.kind).unwrap_or_default();
        self.turn_journal(kind, who);
    }

    fn turn_journal(&mut self, kind: Kind, who: Option<String>) {
        let before = self.day.book.take();
        let (chain, people) = before.map_or_else(Default::default, |book| {
            let JournalView { chain, people, .. } = &*book.view;
            (chain.clone(), people.clone())
        });
        let view = JournalView { kind, who, people, chain, is_reading: true, ..JournalView::default() };
        let filter = filter(&view);
        self.day.book = Some(Book { view: Arc::new(view) });
        self.day.order(CourierOrder::Page(filter, None));
    }

    /// Somebody has read to the last of the lines that are here.
    pub(super) fn read_on(&mut self) {
        let Some(book) = &mut self.day.book else { return };
        if book.view.is_reading || book.view.is_whole {
            return;
        }
        book.turn(|view| view.is_reading = true);
        let order = CourierOrder::Page(filter(&book.view), book.oldest());
        self.day.order(order);
    }

    /// Writes the lines that somebody reads, all of them, as a table into the folder where was delivered.
    pub(super) fn save_journal(&mut self) {
        let wording = journal_wording(self.shown.language);
        let Some(book) = &mut self.day.book else { return };
        let Some(to) = self.day.folder.clone() else {
            let words = trouble::no_place_for_journal();
            return book.turn(|view| view.table = Some((Tone::Doubt, in_a_line(&words))));
        };
        let writing = Phrase::new("正在写表格", "the table is being written");
        book.turn(|view| view.table = Some((Tone::Working, writing)));
        let order = CourierOrder::Table(to, filter(&book.view), Box::new(wording));
        self.day.order(order);
    }

    /// The table was written, or not.
    pub(super) fn journal_saved(&mut self, saved: Result<usize, ErrandError>) {
        let said = match saved {
            Ok(lines) => (Tone::Good, trouble::journal_written(lines)),
            Err(err) => (Tone::Wrong, in_a_line(&trouble::errand(&err))),
        };
        if let Some(book) = &mut self.day.book {
            book.turn(|view| view.table = Some(said));
        }
    }

    /// Lines have come; those that nobody waits for any more are put away.
    pub(super) fn journal_read(&mut self, of: &Filter, before: Option<i64>, page: Result<Page, LedgerError>) {
        let clock = self.clock;
        let Some(book) = self.day.book.as_mut() else { return };
        if filter(&book.view) != *of || book.oldest() != before {
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
                        who: line.scribe.who,
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
            Ok(Chain { lines, broken, people }) => {
                view.people = people;
                let broken = broken.iter().map(|unsound| unsound.seq).collect();
                view.chain = Some(ChainView { at, lines, broken });
            }
            Err(err) => view.trouble = Some(trouble::ledger(&err)),
        });
    }
}

/// Which lines are read.
fn filter(view: &JournalView) -> Filter {
    Filter { who: view.who.clone(), ..Filter::of(view.kind) }
}

/// Words in one line.
fn in_a_line(words: &Words) -> Phrase {
    Phrase::new(words.line(Language::Chinese), words.line(Language::English))
}
