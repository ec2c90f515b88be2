//! 收工: what was kept today, whether the counts agree and what is still to be done, the long errands, and the
//! supervisor's journal. Capturing goes on meanwhile.

mod checkpoint;
mod errands;
mod facts;
mod folder;
mod journal;
mod reckoning;

use std::sync::Arc;

use eframe::egui::{CentralPanel, Frame, Label, Margin, RichText, Ui};
pub use errands::how_far;
pub use facts::words as journal_words;
pub(super) use facts::{fact_words, why};
use folder::Purpose;
pub use journal::journal_wording;

use super::{
    offers::key_button,
    theme::{self, Tone},
    trouble::Words,
    view::View,
};
use crate::{
    errand::{Errand, Progress},
    language::Phrase,
    ledger::{Day, Kind, Note},
    machine::Stick,
    paper::QrModules,
    profile::Role,
    station::Fact,
};

/// Everything the day's end shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DayView {
    /// The day's numbers; `None` until they are counted.
    pub day: Option<Day>,
    /// Since when the oldest portrait waits for delivery, in words of the clock.
    pub waiting_since: Option<String>,
    /// Whether something happened since they were counted: the screen asks for new ones.
    pub is_stale: bool,
    /// The long errand.
    pub errand: ErrandView,
    /// The sticks that are in.
    pub sticks: Arc<[Stick]>,
    /// Where was delivered last.
    pub folder: Option<String>,
    /// Where the last second copy was made, since the program was started.
    pub copy: Option<String>,
    /// When the newest backup on another disk was made, in words of the clock; `None` when there is none.
    pub backed_up: Option<String>,
    /// Who may stand for a delivery that shows identities; empty when this profile's shows none.
    pub unlocked_by: Vec<Role>,
    /// Whether a second person has to type a passphrase for a delivery.
    pub two_must_stand: bool,
    /// What is left on the camera's card.
    pub card: CardLeft,
    /// When the store was verified last, since the program was started.
    pub verified: Option<Verified>,
    /// The journal, while it is open.
    pub journal: Option<Arc<JournalView>>,
    /// The last checkpoint, while somebody looks at it.
    pub checkpoint: Option<Arc<CheckpointView>>,
}

/// The long errand.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ErrandView {
    /// There was none.
    #[default]
    None,
    /// It is under way.
    UnderWay {
        /// Which.
        errand: Errand,
        /// How far it is, if that is known.
        progress: Option<Progress>,
        /// Whether it was told to stop, and is at its last file.
        stopping: bool,
    },
    /// It came to its end.
    Ended {
        /// How.
        tone: Tone,
        /// In words.
        words: Words,
        /// At which time of day.
        at: String,
    },
}

/// What is left on the camera's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CardLeft {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// It is being looked at.
    Looking,
    /// So many files are left, or nobody could look.
    Looked(Option<usize>),
}

/// That the store was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// At which time of day.
    pub at: String,
    /// Whether nothing was wrong.
    pub sound: bool,
}

/// The journal, as far as it was turned to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalView {
    /// What its lines are about.
    pub kind: Kind,
    /// Only what was written while he had logged in; an empty text: while nobody had.
    pub who: Option<String>,
    /// Who had logged in at any line; an empty text where nobody had.
    pub people: Vec<String>,
    /// The lines, the newest first.
    pub lines: Vec<JournalLine>,
    /// Whether there are no older ones.
    pub is_whole: bool,
    /// Whether more are being read.
    pub is_reading: bool,
    /// How its chain stands, once that is known.
    pub chain: Option<ChainView>,
    /// Why it cannot be read.
    pub trouble: Option<Words>,
    /// What came of writing it down as a table.
    pub table: Option<(Tone, Phrase)>,
}

/// A checkpoint, while somebody looks at it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CheckpointView {
    /// The last one, if there is one.
    pub noted: Option<NotedView>,
    /// Whether a new one is being made.
    pub is_making: bool,
    /// Whether nobody is there whose key could sign one.
    pub is_unsigned: bool,
    /// Why none could be made or read.
    pub trouble: Option<Words>,
}

/// A checkpoint as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct NotedView {
    /// When it was made.
    pub when: String,
    /// The note.
    pub note: Note,
    /// Its text as a code.
    pub code: Option<QrModules>,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Its number.
    pub seq: i64,
    /// Date and time of day.
    pub when: String,
    /// Who had logged in; empty when nobody had.
    pub who: String,
    /// What it says; `None` when this program cannot read it.
    pub fact: Option<Fact>,
}

/// How the journal's chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainView {
    /// When it was followed.
    pub at: String,
    /// How many lines it has.
    pub lines: usize,
    /// The lines at which it is broken; empty when it is not.
    pub broken: Vec<Option<i64>>,
}

/// What the operator asked for at the day's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayAsk {
    /// The day's numbers, as they are now.
    Count,
    /// Deliver into this folder.
    Export {
        /// Its whole path.
        to: String,
        /// Who stands for showing identities.
        role: Option<Role>,
    },
    /// Verify the store.
    Verify,
    /// Make a second copy of the store in this folder.
    Backup {
        /// Its whole path.
        to: String,
    },
    /// Stop the errand that is under way.
    Stop,
    /// Look at the camera's card once more.
    CheckCard,
    /// Open the journal, or turn to lines of this kind.
    OpenJournal(Kind),
    /// More lines of it.
    MoreJournal,
    /// Only lines that were written while he had logged in, or whoever had.
    JournalOf(Option<String>),
    /// Write it as a table into the folder where was delivered.
    SaveJournal,
    /// Shut it.
    CloseJournal,
    /// Count and sign the journal, and show what was signed.
    OpenCheckpoint,
    /// Shut that.
    CloseCheckpoint,
}

/// What the day's screen remembers from frame to frame.
#[derive(Debug, Default)]
pub(super) struct DayDesk {
    page: Page,
    folder: folder::FolderDesk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    /// The numbers.
    #[default]
    Numbers,
    /// Where to deliver, or to make a second copy.
    Folder(Purpose),
}

/// Draws the day's end.
pub(super) fn day_ui(ui: &mut Ui, view: &View, day: &DayView, desk: &mut DayDesk) -> Vec<DayAsk> {
    let mut asks: Vec<DayAsk> = day.is_stale.then_some(DayAsk::Count).into_iter().collect();
    let frame = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(20, 12));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        if let Some(journal) = &day.journal {
            asks.extend(journal::journal_ui(ui, view.language, journal));
        } else if let Some(checkpoint) = &day.checkpoint {
            asks.extend(checkpoint::checkpoint_ui(ui, view.language, checkpoint));
        } else if let Page::Folder(purpose) = desk.page {
            asks.extend(folder_page(ui, view, purpose, day, desk));
        } else {
            asks.extend(numbers_page(ui, view, day, desk));
        }
    });
    asks
}

fn numbers_page(ui: &mut Ui, view: &View, day: &DayView, desk: &mut DayDesk) -> Option<DayAsk> {
    let language = view.language;
    reckoning::numbers_ui(ui, language, day);
    ui.add_space(6.0);
    let keys = eframe::egui::Panel::bottom("errands").frame(Frame::new()).resizable(false);
    let ask = keys.show_separator_line(false).show(ui, |ui| {
        errands::errand_ui(ui, language, &day.errand);
        errands::keys_ui(ui, language, day)
    });
    reckoning::sentences_ui(ui, language, &view.camera, day);
    match ask.inner? {
        errands::Pressed::Folder(purpose) => {
            let folder = folder::FolderDesk::at(day, purpose, &view.station);
            *desk = DayDesk { page: Page::Folder(purpose), folder };
            None
        }
        errands::Pressed::Asks(ask) => Some(ask),
    }
}

fn folder_page(
    ui: &mut Ui,
    view: &View,
    purpose: Purpose,
    day: &DayView,
    desk: &mut DayDesk,
) -> Option<DayAsk> {
    match folder::folder_ui(ui, view.language, purpose, day, &mut desk.folder)? {
        folder::Chosen::Back => desk.page = Page::Numbers,
        folder::Chosen::Export { to, role } => {
            desk.page = Page::Numbers;
            return Some(DayAsk::Export { to, role });
        }
        folder::Chosen::Backup { to } => {
            desk.page = Page::Numbers;
            return Some(DayAsk::Backup { to });
        }
    }
    None
}

/// A sign and a sentence, the sign in its colour.
pub(super) fn sentence(ui: &mut Ui, tone: Tone, words: &str, size: f32) {
    let colour = theme::of(ui).tone(tone);
    ui.horizontal_top(|ui| {
        let sign = Label::new(RichText::new(tone.sign()).font(theme::bold_of(size)).color(colour));
        // Signs are of different widths, and the words stand below one another.
        ui.scope(|ui| {
            ui.set_min_width(size);
            ui.add(sign);
        });
        ui.add(Label::new(RichText::new(words).font(theme::bold_of(size))).wrap());
    });
}
