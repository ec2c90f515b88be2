//! 读入名册: which file, what is wrong with it, and that it is in the store. Rows and columns are named, never what stands
//! in them.

use std::fmt;

use eframe::egui::{
    Align, Button, CentralPanel, Frame, Key, Label, Layout, Margin, Panel, RichText, ScrollArea, Sense, Ui,
    vec2,
};

use super::super::{
    offers::{is_pressed, key_button},
    theme::{self, Tone},
    trouble::{self, Words},
};
use crate::{
    language::{Language, Phrase},
    machine::RosterFile,
    student::{Report, RowFault},
};

/// Keys that choose one of the files, in their order.
const NUMBERS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// A file's line has this height, in points.
const LINE: f32 = 32.0;

/// The row of keys, with a margin above and below, in points.
const KEYS_HEIGHT: f32 = 66.0;

/// A file's name, its time and its size have these widths, in points; its folder has the rest.
const WIDTHS: [f32; 3] = [380.0, 200.0, 90.0];

/// So many faults are shown one by one; whoever mends more of them reads the whole list.
const SHOWN: usize = 8;

/// A roster that is read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterView {
    /// How far it is.
    pub stage: RosterStage,
    /// How many students the one has that counts until then.
    pub known: usize,
    /// Whether a second person has to type a passphrase.
    pub two_must_stand: bool,
}

/// How far it is.
#[derive(Clone, PartialEq, Eq)]
pub enum RosterStage {
    /// A file is to be chosen.
    Choosing {
        /// What may be one, at most as many as there are number keys; `None` while it is looked for.
        files: Option<Vec<RosterFileView>>,
        /// Why the last one is not taken in.
        refused: Option<Words>,
    },
    /// The file of this name is looked through.
    Reading(String),
    /// This was found in it.
    Looked(Box<LookedView>),
    /// It is written into the store.
    Taking,
    /// It counts from now on: so many students.
    Taken(Phrase),
}

impl fmt::Debug for RosterStage {
    /// Names of files may be names of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Choosing { files: None, .. } => "Choosing(looking)",
            Self::Choosing { refused: Some(_), .. } => "Choosing(refused)",
            Self::Choosing { .. } => "Choosing",
            Self::Reading(_) => "Reading",
            Self::Looked(_) => "Looked",
            Self::Taking => "Taking",
            Self::Taken(_) => "Taken",
        })
    }
}

/// A file that may be a roster.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterFileView {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub folder: String,
    /// When it was changed last.
    pub changed: String,
    /// How large it is, in bytes.
    pub bytes: u64,
}

/// A file that was looked through.
#[derive(Clone, PartialEq, Eq)]
pub struct LookedView {
    /// What it is called.
    pub name: String,
    /// What was found in it.
    pub report: Report,
    /// Why it cannot be taken in as it is.
    pub refused: Option<Words>,
}

/// What the operator wants of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterAsk {
    /// To see what files there are, now.
    Look,
    /// The one at this place, from 0.
    Choose(usize),
    /// This one, which was dropped on the window.
    Dropped(RosterFile),
    /// That it counts from now on.
    Take {
        /// Also without the rows that cannot be used.
        leave_out_faulty: bool,
    },
    /// A step back.
    Back,
}

/// A file that is dropped on the window.
pub(in crate::screens) fn dropped(ui: &Ui) -> Option<RosterAsk> {
    let path = ui.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()))?;
    Some(RosterAsk::Dropped(RosterFile::at(path)))
}

/// Draws it; returns what was asked for.
pub(in crate::screens) fn roster_ui(
    ui: &mut Ui,
    language: Language,
    roster: &RosterView,
) -> Option<RosterAsk> {
    let mut asked = None;
    let row = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(20, 0));
    Panel::bottom("roster keys").frame(row).exact_size(KEYS_HEIGHT).resizable(false).show(ui, |ui| {
        ui.horizontal_centered(|ui| asked = keys_ui(ui, language, &roster.stage));
    });
    let frame = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(20, 12));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let (tone, heading) = heading(&roster.stage);
        let text = format!("{} {}", tone.sign(), heading.in_language(language));
        let colour = theme::of(ui).tone(tone);
        ui.label(RichText::new(text).font(theme::bold_of(theme::LARGE * 1.3)).color(colour));
        ui.separator();
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            asked = stage_ui(ui, language, roster).or_else(|| asked.take());
        });
    });
    asked
}

/// What there is to see, and a file that was chosen.
fn stage_ui(ui: &mut Ui, language: Language, roster: &RosterView) -> Option<RosterAsk> {
    match &roster.stage {
        RosterStage::Choosing { files, refused } => {
            return choosing_ui(ui, language, files.as_deref(), refused.as_ref());
        }
        RosterStage::Reading(name) => strong(ui, name),
        RosterStage::Looked(looked) => looked_ui(ui, language, roster, looked),
        RosterStage::Taken(counts) => strong(ui, counts.in_language(language)),
        RosterStage::Taking => {}
    }
    None
}

/// What can be done now.
fn keys_ui(ui: &mut Ui, language: Language, stage: &RosterStage) -> Option<RosterAsk> {
    let mut asked = None;
    let mut offer = |key: Key, name: &str, (zh, en): (&str, &str), ask, is_first| {
        if key_button(ui, language, (key, name), &Phrase::new(zh, en), is_first) {
            asked = Some(ask);
        }
    };
    let back = ("返回", "back");
    match stage {
        RosterStage::Taking => return None,
        RosterStage::Choosing { files: None, .. } | RosterStage::Reading(_) => {
            offer(Key::Escape, "Esc", back, RosterAsk::Back, false);
        }
        RosterStage::Choosing { .. } => {
            offer(Key::R, "R", ("再找一遍", "look again"), RosterAsk::Look, false);
            offer(Key::Escape, "Esc", back, RosterAsk::Back, false);
        }
        RosterStage::Looked(looked) => {
            // A list of nobody takes nobody's place.
            let (is_somebody, is_whole) = (looked.report.students > 0, looked.refused.is_none());
            let enter = Phrase::new("回车", "Enter");
            if is_somebody && is_whole {
                let take = RosterAsk::Take { leave_out_faulty: false };
                offer(Key::Enter, enter.in_language(language), ("读入", "read it in"), take, true);
            }
            if is_somebody && !is_whole {
                let take = RosterAsk::Take { leave_out_faulty: true };
                offer(Key::X, "X", ("不要这些行，读入其余的", "leave these rows out"), take, false);
            }
            offer(Key::Escape, "Esc", ("换一份", "another one"), RosterAsk::Back, false);
        }
        RosterStage::Taken(_) => offer(Key::Escape, "Esc", back, RosterAsk::Back, true),
    }
    asked
}

fn heading(stage: &RosterStage) -> (Tone, Phrase) {
    match stage {
        RosterStage::Choosing { files: None, .. } => {
            (Tone::Working, Phrase::new("正在找名册文件…", "looking for rosters …"))
        }
        RosterStage::Choosing { .. } => (Tone::Ready, Phrase::new("读入哪份名册？", "which roster?")),
        RosterStage::Reading(_) | RosterStage::Taking => {
            (Tone::Working, Phrase::new("正在读入…", "being read in …"))
        }
        RosterStage::Looked(looked) if looked.refused.is_some() => {
            (Tone::Wrong, Phrase::new("名册里有不能用的行", "some rows cannot be used"))
        }
        RosterStage::Looked(looked) if looked.report.slight > 0 => {
            (Tone::Doubt, Phrase::new("读得出来，请核对下面几处", "readable; check these"))
        }
        RosterStage::Looked(_) => (Tone::Good, Phrase::new("名册没有问题", "nothing is wrong with it")),
        RosterStage::Taken(_) => (Tone::Good, Phrase::new("名册已读入", "the roster is read in")),
    }
}

fn strong(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).font(theme::bold_of(theme::TEXT))).wrap());
}

fn quiet(ui: &mut Ui, language: Language, words: &Phrase) {
    let text = RichText::new(words.in_language(language)).color(theme::of(ui).quiet);
    ui.add(Label::new(text).wrap());
}

fn choosing_ui(
    ui: &mut Ui,
    language: Language,
    files: Option<&[RosterFileView]>,
    refused: Option<&Words>,
) -> Option<RosterAsk> {
    if let Some(why) = refused {
        let text = RichText::new(format!("× {}", why.line(language))).font(theme::bold_of(theme::TEXT));
        ui.add(Label::new(text.color(theme::of(ui).wrong)).wrap());
    }
    let mut asked = None;
    for (place, (file, key)) in files.unwrap_or_default().iter().zip(NUMBERS).enumerate() {
        if file_ui(ui, file, key) {
            asked = Some(RosterAsk::Choose(place));
        }
    }
    if files.is_some_and(<[_]>::is_empty) {
        let none = Phrase::new(
            "U 盘和下载、桌面、文档里没有 .xlsx 或 .csv",
            "there is no .xlsx or .csv on a stick, in Downloads, Documents, or on the desktop",
        );
        strong(ui, none.in_language(language));
    }
    let how = Phrase::new(
        "插上 U 盘后按 R 再找；放在别处的，把文件拖进这个窗口",
        "after plugging a stick in press R; a file that lies elsewhere can be dropped on this window",
    );
    quiet(ui, language, &how);
    asked
}

/// A line for a file; whether it was chosen.
fn file_ui(ui: &mut Ui, file: &RosterFileView, key: Key) -> bool {
    let mut chosen = is_pressed(ui, key);
    ui.horizontal(|ui| {
        let number = RichText::new(key.name()).font(theme::bold_of(theme::TEXT));
        let button = Button::new(number).sense(Sense::CLICK).min_size(vec2(LINE, LINE));
        chosen |= ui.add(button).clicked();
        let [name, changed, bytes] = WIDTHS;
        column(ui, name, RichText::new(&file.name).font(theme::bold_of(theme::TEXT)));
        column(ui, changed, RichText::new(&file.changed));
        column(ui, bytes, RichText::new(size(file.bytes)));
        let folder = RichText::new(&file.folder).color(theme::of(ui).quiet);
        column(ui, ui.available_width(), folder);
    });
    chosen
}

/// A text in a column of its own; one that is too long ends in dots.
fn column(ui: &mut Ui, width: f32, text: RichText) {
    let place = vec2(width, LINE);
    ui.allocate_ui_with_layout(place, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(place);
        ui.add(Label::new(text).truncate());
    });
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

fn looked_ui(ui: &mut Ui, language: Language, roster: &RosterView, looked: &LookedView) {
    let report = &looked.report;
    strong(ui, &looked.name);
    strong(ui, trouble::roster_counts(report, false).in_language(language));
    quiet(ui, language, &trouble::roster_form(report));
    // What stops it comes first.
    let (grave, slight): (Vec<&RowFault>, Vec<&RowFault>) =
        report.faults.iter().partition(|told| told.fault.is_grave());
    for told in grave.into_iter().chain(slight).take(SHOWN) {
        let colours = theme::of(ui);
        let colour = if told.fault.is_grave() { colours.wrong } else { colours.doubt };
        let text = trouble::roster_fault(told).in_language(language).to_owned();
        ui.add(Label::new(RichText::new(text).color(colour)).wrap());
    }
    let untold = (report.grave + report.slight).saturating_sub(report.faults.len().min(SHOWN));
    if untold > 0 {
        quiet(ui, language, &trouble::roster_untold(untold));
    }
    if let Some(why) = &looked.refused {
        strong(ui, why.remedy.in_language(language));
    }
    ui.add_space(6.0);
    consequences_ui(ui, language, roster);
}

/// What happens when it is taken in.
fn consequences_ui(ui: &mut Ui, language: Language, roster: &RosterView) {
    if roster.known > 0 {
        let known = roster.known;
        let words = Phrase::new(
            format!("▲ 现在的名册（{known} 人）会被这份代替；已拍的照片不受影响"),
            format!("▲ it replaces the roster there is ({known} people); photos stay as they are"),
        );
        strong(ui, words.in_language(language));
    }
    if roster.two_must_stand {
        let words = Phrase::new(
            "▲ 要第二个人输入口令，两人中一位是学校监督员",
            "▲ a second person types a passphrase; one of the two is the school's supervisor",
        );
        strong(ui, words.in_language(language));
    }
}
