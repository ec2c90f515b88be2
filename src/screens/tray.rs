//! 未归属: shots that belong to nobody, and students with two portraits. A stray is given to a student by a person who
//! has looked at it, says whose it is, and stands for it with name and reason; nothing here is chosen by itself.

mod album;
mod doubles;
mod giving;
mod grid;
mod sittings;

use std::{fmt, sync::Arc};

pub use album::Album;
use album::{LARGE, Lightbox, Seen};
use eframe::egui::{CentralPanel, Frame, Key, Margin, Panel, RichText, Ui};

use super::{
    CardView, PortraitView,
    day::sentence,
    gallery::Gallery,
    offers::key_button,
    statement::StatementDesk,
    theme::{self, Tone},
    trouble::Words,
    view::View,
};
use crate::{
    language::{Language, Phrase},
    shot::{Digest, ShotId, SittingId, Trigger},
    student::Fingerprint,
};

/// Everything the tray shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrayView {
    /// Whether something happened since it was looked into: the screen asks again.
    pub is_stale: bool,
    /// The shots that belong to nobody, newest first; `None` until they were read.
    pub strays: Option<Arc<[StrayView]>>,
    /// The students with more than one kept portrait; `None` until they were read.
    pub doubles: Option<Arc<[DoubleView]>>,
    /// The stray that is looked at.
    pub opened: Option<OpenedView>,
    /// The pictures at hand.
    pub album: Arc<Album>,
    /// Why something cannot be read.
    pub trouble: Option<Words>,
    /// Who else must stand for giving a stray to somebody.
    pub second: Second,
}

/// Who stands for giving a stray besides whoever gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Second {
    /// Nobody has to.
    #[default]
    Nobody,
    /// Somebody whose name is typed: nobody here has a passphrase.
    IsNamed,
    /// Somebody who shows a passphrase when it is confirmed.
    Unlocks,
}

/// A shot that belongs to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayView {
    /// Which.
    pub shot: ShotId,
    /// Its object in the vault.
    pub object: Digest,
    /// When the shutter opened, at the latest.
    pub when: String,
    /// Whether that is known to a few minutes.
    pub is_dated: bool,
    /// Who fired.
    pub trigger: Trigger,
    /// Why it is nobody's any more, if it was somebody's: the reason's short name.
    pub disowned: Option<String>,
}

/// A stray that somebody looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedView {
    /// Which.
    pub stray: StrayView,
    /// Whose it may be, the likeliest first; `None` until they were looked up.
    pub candidates: Option<Arc<[CandidateSeat]>>,
    /// Whose a person thinks it is.
    pub chosen: Option<SittingId>,
    /// How far it is on its way to him.
    pub proposal: Option<AssignmentStage>,
    /// Why it was not given to him.
    pub refusal: Option<Words>,
}

/// How far a stray is on its way to a student.
#[derive(Debug, Clone, PartialEq)]
pub enum AssignmentStage {
    /// Its original is read, or a portrait is made of it.
    Working,
    /// No portrait comes of it, or it could not be read or written: this is why. It stays a stray.
    Refused(Words),
    /// The portrait, and whether it may be kept: only then can it be given to anybody.
    Judged(PortraitView, bool),
    /// A person gave it to a student; it is not on disk yet.
    Writing,
    /// It is this student's, and safe on disk.
    Done(Fingerprint),
}

/// Who somebody is, as far as a screen may show it; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// His code's fingerprint.
    pub fingerprint: Fingerprint,
    /// What the roster or his code says of him, masked.
    pub card: Option<CardView>,
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Who").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl Who {
    /// Masked name and last four; the fingerprint where nobody knows them.
    fn name(&self) -> String {
        let card = self.card.as_ref();
        let known = card.map(|card| [card.name.as_deref(), card.last_four.as_deref()]);
        let known: Vec<&str> = known.into_iter().flatten().flatten().collect();
        if known.is_empty() { self.fingerprint.to_string() } else { known.join(" ") }
    }
}

/// A sitting to which a stray may belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateSeat {
    /// Its number.
    pub sitting: SittingId,
    /// Who sat.
    pub who: Who,
    /// When he sat down.
    pub from: String,
    /// When he left; `None` while he sits.
    pub to: Option<String>,
    /// How far the stray is from it, in milliseconds; 0 when it was exposed meanwhile.
    pub away_ms: i64,
    /// How it ended, by its short name; `None` while he sits.
    pub ending: Option<String>,
    /// The object of his current portrait, if he has one.
    pub portrait: Option<Digest>,
    /// Whether the stray was this sitting's and was disowned.
    pub disowned: bool,
}

/// A student with more than one kept portrait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleView {
    /// Who.
    pub who: Who,
    /// His portraits, oldest first.
    pub portraits: Vec<DoublePortrait>,
}

/// One of several portraits of a student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoublePortrait {
    /// Its object in the vault.
    pub object: Digest,
    /// The sitting it is of.
    pub sitting: SittingId,
    /// When he sat down.
    pub when: String,
    /// Whether somebody asked for a retake.
    pub retake: bool,
    /// Whether it is the one that is delivered.
    pub current: bool,
}

/// What the operator asked for at the tray.
#[derive(Clone, PartialEq, Eq)]
pub enum TrayAsk {
    /// What lies in it, as it is now.
    Look,
    /// To look at this shot.
    Open(ShotId),
    /// A portrait of it, to see whether it is this sitting's.
    Choose(SittingId),
    /// To think of somebody else.
    Unchoose,
    /// To give it to whom was chosen.
    Confirm {
        /// Who stands for it.
        by: String,
        /// Who else.
        second: String,
        /// Why.
        reason: String,
    },
    /// To look at it no longer.
    Close,
    /// A picture of this object whose longer side has at most so many pixels.
    Print(Digest, u32),
}

impl fmt::Debug for TrayAsk {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look => f.write_str("Look"),
            Self::Open(shot) => write!(f, "Open({})", shot.0),
            Self::Choose(sitting) => write!(f, "Choose({})", sitting.0),
            Self::Unchoose => f.write_str("Unchoose"),
            Self::Confirm { .. } => f.write_str("Confirm"),
            Self::Close => f.write_str("Close"),
            Self::Print(_, longest) => write!(f, "Print({longest})"),
        }
    }
}

/// What the tray's screen remembers from frame to frame.
#[derive(Debug, Default)]
pub(super) struct TrayDesk {
    page: Page,
    /// The stray that is marked.
    marked: Option<ShotId>,
    /// The page of sittings that is shown.
    sheet: usize,
    /// The student with two portraits that is marked.
    double: usize,
    /// Of whom something is said, and what.
    statement: Option<((ShotId, SittingId), StatementDesk)>,
    lightbox: Lightbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    Strays,
    Doubles,
}

/// Draws the tray.
pub(super) fn tray_ui(
    ui: &mut Ui,
    view: &View,
    tray: &TrayView,
    (desk, gallery): (&mut TrayDesk, &mut Gallery),
) -> Vec<TrayAsk> {
    let mut asks: Vec<TrayAsk> = tray.is_stale.then_some(TrayAsk::Look).into_iter().collect();
    let language = view.language;
    desk.lightbox.begin();
    let frame = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(20, 8));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        if let Some(words) = &tray.trouble {
            sentence(ui, Tone::Wrong, &words.line(language), theme::TEXT);
        }
        let ask = match (&tray.opened, desk.page) {
            (Some(opened), _) if opened.chosen.is_some() => {
                giving::giving_ui(ui, language, tray, opened, (desk, gallery))
            }
            (Some(opened), _) => sittings::sittings_ui(ui, language, tray, opened, desk),
            (None, Page::Strays) => grid::grid_ui(ui, language, tray, desk),
            (None, Page::Doubles) => doubles::doubles_ui(ui, language, tray, desk),
        };
        asks.extend(ask);
    });
    if !tray.album.is_busy() {
        asks.extend(desk.lightbox.missing().map(|(object, longest)| TrayAsk::Print(object, longest)));
    }
    asks
}

/// The keys of a page at its foot, below the sentence that always stands there: pressed, or clicked.
fn foot_ui(ui: &mut Ui, language: Language, keys: &[(Key, &str, Phrase)]) -> Option<Key> {
    let mut pressed = None;
    let foot = Panel::bottom("tray keys").frame(Frame::new()).resizable(false).show_separator_line(false);
    foot.show(ui, |ui| {
        let warning = Phrase::new(
            "归错人就是给错人：看不准就不要归，请考生补拍",
            "a wrong guess gives a student another's photo: if in doubt give it to nobody, and ask for a retake",
        );
        sentence(ui, Tone::Doubt, warning.in_language(language), theme::TEXT);
        ui.horizontal(|ui| {
            for (key, name, word) in keys {
                if key_button(ui, language, (*key, name), word, *key == Key::Enter) {
                    pressed = Some(*key);
                }
            }
        });
    });
    pressed
}

/// The stray, large, on this share of the width; whether it can be seen.
fn stray_ui(
    ui: &mut Ui,
    (language, tray, opened): (Language, &TrayView, &OpenedView),
    share: f32,
    desk: &mut TrayDesk,
) -> Seen {
    let width = ui.available_width() * share;
    let bare = Frame::new().inner_margin(Margin { left: 0, right: 16, top: 0, bottom: 6 });
    let panel =
        Panel::left("stray").frame(bare).exact_size(width).resizable(false).show_separator_line(false);
    let shown = panel.show(ui, |ui| {
        let place = ui.available_rect_before_wrap();
        desk.lightbox.show(ui, (&tray.album, language), (opened.stray.object, LARGE), place)
    });
    shown.inner
}

/// Who fired, and whose it was before: a line each.
fn particulars(stray: &StrayView, language: Language) -> Vec<(Tone, String)> {
    let by = match (stray.trigger, language) {
        (Trigger::Body, Language::Chinese) => "相机快门".to_owned(),
        (Trigger::Body, Language::English) => "fired on the camera".to_owned(),
        (Trigger::Station(sitting), Language::Chinese) => format!("采集站拍摄，第 {} 次就座", sitting.0),
        (Trigger::Station(sitting), Language::English) => format!("fired here, for sitting {}", sitting.0),
    };
    let dated = (!stray.is_dated).then(|| {
        Phrase::new(
            format!("拍摄时间不准，只知道不晚于 {}", stray.when),
            format!("nobody knows when, only that not after {}", stray.when),
        )
    });
    let disowned = stray.disowned.as_deref().map(super::day::why);
    let disowned = disowned.map(|why| {
        Phrase::new(format!("从一次就座移出：{}", why.zh), format!("taken out of a sitting: {}", why.en))
    });
    let doubts = [dated, disowned].into_iter().flatten();
    let doubts = doubts.map(|words| (Tone::Doubt, words.in_language(language).to_owned()));
    std::iter::once((Tone::Waiting, by)).chain(doubts).collect()
}

/// A heading.
fn heading(ui: &mut Ui, language: Language, words: &Phrase) {
    ui.label(RichText::new(words.in_language(language)).font(theme::bold_of(theme::LARGE)));
}
