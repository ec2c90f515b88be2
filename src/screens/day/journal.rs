//! 流水: the journal, to be read and not to be changed, the newest line first.

use eframe::egui::{Align, Button, Key, Label, Layout, RichText, ScrollArea, Sense, Ui, vec2};

use super::{ChainView, DayAsk, JournalLine, JournalView, facts, key_button, sentence};
use crate::{
    errand::Wording,
    language::{Language, Phrase},
    ledger::Kind,
    screens::{
        cell::cell,
        offers::is_pressed,
        theme::{self, Tone},
    },
    shot::date_and_time,
};

/// How high a line is, in points.
const ROW: f32 = 30.0;

/// How wide a name is, in points.
const NAME: f32 = 150.0;

/// When so few lines are left below the screen, more are asked for.
const READ_AHEAD: usize = 40;

/// Draws the journal.
pub(super) fn journal_ui(ui: &mut Ui, language: Language, journal: &JournalView) -> Option<DayAsk> {
    let (tone, words) = state(journal, language);
    sentence(ui, tone, &words, theme::TEXT);
    if let Some((tone, words)) = &journal.table {
        sentence(ui, *tone, words.in_language(language), theme::TEXT);
    }
    let turned = kinds_ui(ui, language, journal);
    let wants_more = lines_ui(ui, language, journal);
    if is_pressed(ui, Key::Escape) || is_pressed(ui, Key::J) {
        return Some(DayAsk::CloseJournal);
    }
    turned.or_else(|| wants_more.then_some(DayAsk::MoreJournal))
}

/// How the chain stands, or why nothing can be read.
fn state(journal: &JournalView, language: Language) -> (Tone, String) {
    if let Some(words) = &journal.trouble {
        return (Tone::Wrong, words.line(language));
    }
    let Some(ChainView { at, lines, broken }) = &journal.chain else {
        return (
            Tone::Working,
            Phrase::new("正在核验流水", "the journal is being verified").in_language(language).to_owned(),
        );
    };
    let Some(first) = broken.first() else {
        return (
            Tone::Good,
            match language {
                Language::Chinese => format!("流水共 {lines} 行，{at} 核验：首尾相连，没有改动"),
                Language::English => format!("{lines} lines, verified at {at}: unbroken"),
            },
        );
    };
    let place = first.map_or_else(|| "—".to_owned(), |seq| seq.to_string());
    let count = broken.len();
    (
        Tone::Wrong,
        match language {
            Language::Chinese => {
                format!("流水 {at} 核验：{count} 处对不上，最早在第 {place} 行。请保持原样，联系技术人员")
            }
            Language::English => {
                format!(
                    "verified at {at}: broken at {count} places, first at line {place}. Call the technician"
                )
            }
        },
    )
}

/// The kinds on their number keys, whose lines, the table, and the way back.
fn kinds_ui(ui: &mut Ui, language: Language, journal: &JournalView) -> Option<DayAsk> {
    let here = journal.kind;
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7];
    let mut ask = None;
    ui.horizontal_wrapped(|ui| {
        let colours = theme::of(ui);
        for (kind, key) in Kind::ALL.into_iter().zip(keys) {
            let text = format!("{} {}", key.name(), name(kind).in_language(language));
            let text = RichText::new(text).font(theme::bold_of(theme::TEXT));
            let text = if kind == here { text.color(colours.on_tone) } else { text };
            let button = Button::new(text).sense(Sense::CLICK).min_size(vec2(0.0, 34.0));
            let button = if kind == here { button.fill(colours.ready) } else { button };
            if (ui.add(button).clicked() || is_pressed(ui, key)) && kind != here {
                ask = Some(DayAsk::OpenJournal(kind));
            }
        }
        if has_people(journal) && key_button(ui, language, (Key::W, "W"), &whose(journal), false) {
            ask = Some(DayAsk::JournalOf(next(journal)));
        }
        if key_button(ui, language, (Key::C, "C"), &Phrase::new("存表格", "table"), false) {
            ask = Some(DayAsk::SaveJournal);
        }
        if key_button(ui, language, (Key::Escape, "Esc"), &Phrase::new("返回", "back"), false) {
            ask = Some(DayAsk::CloseJournal);
        }
    });
    ask
}

/// Whether lines have different writers.
fn has_people(journal: &JournalView) -> bool {
    journal.people.len() > 1
}

/// Whose lines are shown.
fn whose(journal: &JournalView) -> Phrase {
    match journal.who.as_deref() {
        None => Phrase::new("人员：全部", "by: anybody"),
        Some("") => Phrase::new("人员：没有登录", "by: nobody"),
        Some(who) => Phrase::new(format!("人员：{who}"), format!("by: {who}")),
    }
}

/// Whose lines are next: everybody's after the last one's.
fn next(journal: &JournalView) -> Option<String> {
    let here = journal.who.as_ref().and_then(|who| journal.people.iter().position(|one| one == who));
    journal.people.get(here.map_or(0, |here| here + 1)).cloned()
}

/// How a table of the journal says things.
#[must_use]
pub fn journal_wording(language: Language) -> Wording {
    match language {
        Language::Chinese => Wording {
            heads: ["行", "时间", "采集站", "人员", "类别", "就座", "内容", "哈希"],
            fact: |fact| facts::words(fact).zh,
            kind: |kind| name(kind).zh,
            when: date_and_time,
        },
        Language::English => Wording {
            heads: ["line", "time", "station", "who", "kind", "sitting", "what", "hash"],
            fact: |fact| facts::words(fact).en,
            kind: |kind| name(kind).en,
            when: date_and_time,
        },
    }
}

fn name(kind: Kind) -> Phrase {
    match kind {
        Kind::All => Phrase::new("全部", "all"),
        Kind::Kept => Phrase::new("保存", "kept"),
        Kind::Again => Phrase::new("重拍", "again"),
        Kind::Strays => Phrase::new("未归属", "strays"),
        Kind::Delivered => Phrase::new("交付", "delivered"),
        Kind::Unlocked => Phrase::new("解锁", "unlocked"),
        Kind::LetIn => Phrase::new("放行", "let in"),
    }
}

/// Draws the lines that are in sight; says whether more are wanted.
fn lines_ui(ui: &mut Ui, language: Language, journal: &JournalView) -> bool {
    let (count, mut last) = (journal.lines.len(), 0);
    if count == 0 && !journal.is_reading {
        let none = Phrase::new("没有这样的记录", "there are no such lines");
        ui.label(RichText::new(none.in_language(language)).color(theme::of(ui).quiet));
        return false;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let page = ui.available_height() - ROW;
    ScrollArea::vertical().id_salt(journal.kind as u8).auto_shrink(false).show_rows(
        ui,
        ROW,
        count,
        |ui, rows| {
            for (key, step) in
                [(Key::PageDown, -page), (Key::PageUp, page), (Key::ArrowDown, -ROW), (Key::ArrowUp, ROW)]
            {
                if ui.input(|input| input.key_pressed(key)) {
                    ui.scroll_with_delta(vec2(0.0, step));
                }
            }
            last = rows.end;
            for line in journal.lines.get(rows).unwrap_or_default() {
                line_ui(ui, language, line, has_people(journal));
            }
        },
    );
    !journal.is_whole && !journal.is_reading && count - last.min(count) < READ_AHEAD
}

fn line_ui(ui: &mut Ui, language: Language, line: &JournalLine, with_who: bool) {
    let quiet = theme::of(ui).quiet;
    let words = facts::words(line.fact.as_ref());
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        cell(ui, vec2(70.0, ROW), RichText::new(line.seq.to_string()).color(quiet));
        cell(ui, vec2(205.0, ROW), RichText::new(&line.when).color(quiet));
        if with_who {
            name_ui(ui, &line.who);
        }
        ui.add(Label::new(words.in_language(language)).truncate());
    });
}

/// Who wrote it, however long his name is.
fn name_ui(ui: &mut Ui, who: &str) {
    let place = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(NAME, ROW), place, |ui| {
        ui.set_min_size(vec2(NAME, ROW));
        let who = if who.is_empty() { "—" } else { who };
        ui.add(Label::new(RichText::new(who).color(theme::of(ui).quiet)).truncate());
    });
}
