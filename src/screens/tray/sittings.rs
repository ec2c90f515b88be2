//! A stray, large, and whose it may be: the sittings around its moment, each on a number key. None is chosen by itself.

use eframe::egui::{Key, RichText, Ui};

use super::{
    CandidateSeat, OpenedView, TrayAsk, TrayDesk, TrayView, album::Seen, foot_ui, heading, particulars,
    stray_ui,
};
use crate::{
    language::{Language, Phrase},
    screens::{
        day::sentence,
        offers::is_pressed,
        theme::{self, Tone},
    },
};

/// So many sittings are on the screen at once, each on its number.
const SHEET: usize = 6;

const NUMBERS: [Key; SHEET] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];

/// The stray has this share of the width.
const PICTURE: f32 = 0.5;

/// Draws the stray and the sittings.
pub(super) fn sittings_ui(
    ui: &mut Ui,
    language: Language,
    tray: &TrayView,
    opened: &OpenedView,
    desk: &mut TrayDesk,
) -> Option<TrayAsk> {
    let seats = opened.candidates.as_deref().unwrap_or_default();
    let sheets = seats.len().div_ceil(SHEET).max(1);
    desk.sheet = desk.sheet.min(sheets - 1);
    let mut keys = vec![(Key::Escape, "Esc", Phrase::new("返回", "back"))];
    if sheets > 1 {
        keys.push((Key::ArrowUp, "↑", Phrase::new("上一页", "before")));
        keys.push((Key::ArrowDown, "↓", Phrase::new("下一页", "more")));
    }
    let pressed = foot_ui(ui, language, &keys);
    let seen = stray_ui(ui, (language, tray, opened), PICTURE, desk);
    let title = Phrase::new("可能是谁？看清照片再按数字键", "whose may it be? Look, then press the number");
    heading(ui, language, &title);
    for (tone, words) in particulars(&opened.stray, language) {
        sentence(ui, tone, &words, theme::TEXT);
    }
    said_ui(ui, language, opened, seen);
    let shown = seats.iter().skip(desk.sheet * SHEET).take(SHEET);
    let mut chosen = None;
    for (place, (seat, key)) in shown.zip(NUMBERS).enumerate() {
        seat_ui(ui, language, place + 1, seat);
        if is_pressed(ui, key) {
            chosen = Some(seat.sitting);
        }
    }
    if sheets > 1 {
        let page = format!("{} / {sheets}", desk.sheet + 1);
        ui.label(RichText::new(page).color(theme::of(ui).quiet));
    }
    match pressed {
        Some(Key::ArrowUp) => desk.sheet = desk.sheet.saturating_sub(1),
        Some(Key::ArrowDown) => desk.sheet += 1,
        Some(_) => {
            desk.sheet = 0;
            return Some(TrayAsk::Close);
        }
        None => {}
    }
    // Nobody says whose a picture is that he does not see.
    chosen.filter(|_| seen == Seen::Shown).map(TrayAsk::Choose)
}

/// What is to be known before anybody chooses.
fn said_ui(ui: &mut Ui, language: Language, opened: &OpenedView, seen: Seen) {
    let (tone, words) = match (seen, opened.candidates.as_deref()) {
        (Seen::Unreadable, _) => (
            Tone::Wrong,
            Phrase::new(
                "原片读不出，不能归给任何人：请考生补拍，并在收工页核验数据",
                "the original cannot be read and is given to nobody: ask for a retake, and verify the store",
            ),
        ),
        (_, None) => (Tone::Working, Phrase::new("正在查找前后就座的考生", "looking for who sat then")),
        (_, Some([])) => (
            Tone::Doubt,
            Phrase::new(
                "前后 10 分钟没有人就座：不能归，请考生补拍",
                "nobody sat within 10 minutes: give it to nobody, ask for a retake",
            ),
        ),
        (Seen::Awaited, _) => (Tone::Working, Phrase::new("照片正在打开", "the picture is being opened")),
        (Seen::Shown, Some(_)) => return,
    };
    sentence(ui, tone, words.in_language(language), theme::TEXT);
}

/// One who sat then, in two lines.
fn seat_ui(ui: &mut Ui, language: Language, number: usize, seat: &CandidateSeat) {
    let colours = theme::of(ui);
    let large = || theme::bold_of(theme::TEXT * 1.2);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(5.0);
    ui.horizontal(|ui| {
        ui.label(RichText::new(number.to_string()).font(large()).color(colours.ready));
        ui.label(RichText::new(seat.who.name()).font(large()));
        let (tone, words) = kept(seat);
        let text = format!("{} {}", tone.sign(), words.in_language(language));
        ui.label(RichText::new(text).font(theme::bold_of(theme::TEXT)).color(colours.tone(tone)));
    });
    let line = [
        seat.who.card.as_ref().map(|_| seat.who.fingerprint.to_string()),
        Some(span(seat)),
        Some(away(seat.away_ms).in_language(language).to_owned()),
        Some(ended(seat).in_language(language).to_owned()),
    ];
    let line: Vec<String> = line.into_iter().flatten().collect();
    ui.label(RichText::new(format!("　{}", line.join("　"))).color(colours.quiet));
}

/// Whether he has a portrait.
fn kept(seat: &CandidateSeat) -> (Tone, Phrase) {
    if seat.portrait.is_some() {
        (Tone::Doubt, Phrase::new("已有成品", "has a portrait"))
    } else {
        (Tone::Ready, Phrase::new("没有成品", "no portrait"))
    }
}

fn span(seat: &CandidateSeat) -> String {
    match &seat.to {
        Some(to) if *to == seat.from => to.clone(),
        Some(to) => format!("{}–{to}", seat.from),
        None => format!("{}–", seat.from),
    }
}

fn away(ms: i64) -> Phrase {
    match ms / 1000 {
        0 if ms == 0 => Phrase::new("拍摄时在座", "sat then"),
        seconds if seconds < 60 => Phrase::new(format!("相差 {seconds} 秒"), format!("{seconds} s away")),
        seconds => {
            let minutes = seconds / 60;
            Phrase::new(format!("相差 {minutes} 分"), format!("{minutes} min away"))
        }
    }
}

fn ended(seat: &CandidateSeat) -> Phrase {
    match seat.ending.as_deref() {
        _ if seat.disowned => Phrase::new("▲ 从他移出", "▲ taken from him"),
        None => Phrase::new("正在就座", "sits just now"),
        Some("kept") => Phrase::new("已保存", "kept"),
        Some("dismissed") => Phrase::new("放弃", "dismissed"),
        Some("interrupted") => Phrase::new("程序中断", "interrupted"),
        Some("withdrawn") => Phrase::new("成品不是他的，已移走", "his portrait was another's"),
        Some(other) => Phrase::new(other, other),
    }
}
