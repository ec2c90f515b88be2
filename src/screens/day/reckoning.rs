//! 对账: the day's numbers, large, and sentences that say whether they agree and what to do.

use eframe::egui::{Frame, Margin, RichText, ScrollArea, Ui, vec2};

use super::{CardLeft, DayView, sentence};
use crate::{
    language::{Language, Phrase},
    ledger::Day,
    screens::{
        CameraView,
        theme::{self, Tone},
    },
};

/// Draws the numbers.
pub(super) fn numbers_ui(ui: &mut Ui, language: Language, day: &DayView) {
    let Some(Day { tally, sittings, shots, again, .. }) = day.day else {
        ui.label(Phrase::new("正在清点…", "counting…").in_language(language));
        return;
    };
    let numbers = [
        (Phrase::new("今日保存", "kept today"), tally.today, Tone::Good),
        (Phrase::new("今日就座", "sittings"), sittings, Tone::Waiting),
        (Phrase::new("今日原片", "shots"), shots, Tone::Waiting),
        (Phrase::new("今日重拍", "again"), again, Tone::Waiting),
        (Phrase::new("未归属", "strays"), tally.strays, Tone::Doubt),
        (Phrase::new("待交付", "waiting"), tally.waiting, Tone::Doubt),
    ];
    ui.columns(numbers.len(), |columns| {
        for (ui, (word, count, tone)) in columns.iter_mut().zip(numbers) {
            number_ui(ui, word.in_language(language), count, tone);
        }
    });
}

fn number_ui(ui: &mut Ui, word: &str, count: u64, tone: Tone) {
    let colours = theme::of(ui);
    // Nothing to do is nothing to look at.
    let is_plain = tone == Tone::Waiting || count == 0;
    let colour = if is_plain { colours.words } else { colours.tone(tone) };
    Frame::new().fill(colours.raised).inner_margin(Margin::symmetric(12, 4)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 0.0);
        ui.set_min_width(ui.available_width());
        ui.label(RichText::new(count.to_string()).font(theme::bold_of(theme::HUGE)).color(colour));
        ui.label(RichText::new(word).font(theme::bold_of(theme::TEXT)));
    });
}

/// Draws the sentences.
pub(super) fn sentences_ui(ui: &mut Ui, language: Language, camera: &CameraView, day: &DayView) {
    let sentences = sentences(day, camera);
    // All of them have room above the errand: where it is little, their letters are smaller.
    let each = (ui.available_height() / sentences.len().max(1) as f32).floor();
    let high = |size| ui.fonts_mut(|fonts| fonts.row_height(&theme::bold_of(size)));
    let size = (theme::LARGE * each / high(theme::LARGE)).floor().clamp(theme::TEXT, theme::LARGE);
    let between = (each - high(size)).clamp(0.0, 4.0);
    ScrollArea::vertical().show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = between;
        for (tone, phrase) in sentences {
            sentence(ui, tone, phrase.in_language(language), size);
        }
    });
}

/// What is to be done first, and then what is well.
fn sentences(view: &DayView, camera: &CameraView) -> Vec<(Tone, Phrase)> {
    let Some(day) = &view.day else { return vec![] };
    let mut said = vec![strays(day), without(day), waiting(day, view), card(view.card, camera)];
    said.extend([verified(view), second_copy(day, view)]);
    said.sort_by_key(|(tone, _)| match tone {
        Tone::Wrong => 0,
        Tone::Doubt => 1,
        Tone::Ready | Tone::Working | Tone::Waiting => 2,
        Tone::Good => 3,
    });
    said
}

fn strays(day: &Day) -> (Tone, Phrase) {
    match day.tally.strays {
        0 => (Tone::Good, Phrase::new("没有未归属的照片", "no shot belongs to nobody")),
        n => (
            Tone::Doubt,
            Phrase::new(
                format!("未归属 {n} 张：按 F4 处理"),
                format!("{n} strays: press F4 to look at them"),
            ),
        ),
    }
}

fn without(day: &Day) -> (Tone, Phrase) {
    match (day.without, day.kept) {
        (0, 0) => (Tone::Waiting, Phrase::new("今天还没有考生拍完", "nobody is done yet today")),
        (0, _) => (
            Tone::Good,
            Phrase::new("今天离座的考生都有成品", "everybody who sat and left today has a portrait"),
        ),
        (n, _) => (
            Tone::Doubt,
            Phrase::new(
                format!("{n} 位今天就座的考生没有成品：按 F3 安排补拍"),
                format!("{n} who sat today have no portrait: F3 for retakes"),
            ),
        ),
    }
}

fn waiting(day: &Day, view: &DayView) -> (Tone, Phrase) {
    let (waiting, students) = (day.tally.waiting, day.tally.students);
    let since = view.waiting_since.as_deref().unwrap_or("—");
    match (waiting, students) {
        (0, 0) => (Tone::Waiting, Phrase::new("还没有成品", "there are no portraits yet")),
        (0, _) => (
            Tone::Good,
            Phrase::new(
                format!("{students} 位考生的成品都已交付"),
                format!("the portraits of all {students} students are delivered"),
            ),
        ),
        (n, _) => (
            Tone::Doubt,
            Phrase::new(
                format!("{n} 张成品待交付，最早的从 {since} 等到现在：按 E 导出"),
                format!("{n} portraits wait for delivery, the oldest since {since}: press E"),
            ),
        ),
    }
}

fn card(card: CardLeft, camera: &CameraView) -> (Tone, Phrase) {
    let of = |tone, zh: &str, en: &str| (tone, Phrase::new(zh, en));
    match (card, camera.connected) {
        (CardLeft::Looking, _) => of(Tone::Working, "正在核对相机卡", "the camera's card is being compared"),
        // Another program copies from the card, and nobody knows what it left there.
        (CardLeft::Looked(Some(0)), _) if camera.by_hand => of(
            Tone::Doubt,
            "文件夹里的照片都已取回；相机卡没有核对，请用读卡器导入后再格式化",
            "everything in the folder is here; the card was not compared: import it with a reader first",
        ),
        (CardLeft::Looked(Some(0)), _) => of(
            Tone::Good,
            "相机卡上本次采集的照片都已取回",
            "everything of these sessions on the camera's card is here",
        ),
        (CardLeft::Looked(Some(n)), _) => (
            Tone::Wrong,
            Phrase::new(
                format!("相机卡上还有 {n} 张没有取回：不要格式化，过一会儿按 K 再核对"),
                format!("{n} photos are still on the camera's card: do not format it, press K again"),
            ),
        ),
        (CardLeft::NotAsked, true) => of(
            Tone::Waiting,
            "收工前请核对相机卡：按 K",
            "compare the camera's card before you leave: press K",
        ),
        (CardLeft::NotAsked | CardLeft::Looked(None), _) => of(
            Tone::Doubt,
            "没能核对相机卡：请接好相机再按 K；不要格式化这张卡",
            "the card could not be compared: connect the camera, press K; do not format it",
        ),
    }
}

/// What is on one disk only goes with it.
fn second_copy(day: &Day, view: &DayView) -> (Tone, Phrase) {
    let Day { tally, alone: today, .. } = day;
    let since = view.backed_up.as_deref();
    match (tally.shots, tally.alone, since) {
        (0, ..) => (Tone::Waiting, Phrase::new("还没有照片要备份", "there is nothing to back up yet")),
        (_, 0, since) => {
            let at = since.unwrap_or("—");
            (
                Tone::Good,
                Phrase::new(format!("照片都有备份（{at}）"), format!("every photo is in a backup ({at})")),
            )
        }
        (_, all, _) if all == *today => (
            Tone::Doubt,
            Phrase::new(
                format!("今天的 {all} 张只在这块硬盘上：插上 U 盘，按 B 备份"),
                format!("{all} photos of today are on this disk only: plug a stick in, press B"),
            ),
        ),
        (_, all, _) => (
            Tone::Doubt,
            Phrase::new(
                format!("{all} 张只在这块硬盘上（今天的 {today} 张）：插上 U 盘，按 B 备份"),
                format!("{all} photos are on this disk only ({today} of today): plug a stick in, press B"),
            ),
        ),
    }
}

fn verified(view: &DayView) -> (Tone, Phrase) {
    match &view.verified {
        None => {
            (Tone::Waiting, Phrase::new("启动后还没有核验：按 V", "not verified since the start: press V"))
        }
        Some(last) if last.sound => (
            Tone::Good,
            Phrase::new(format!("{} 核验完好", last.at), format!("verified at {}: all is well", last.at)),
        ),
        Some(last) => (
            Tone::Wrong,
            Phrase::new(
                format!("{} 核验发现问题：请联系技术人员", last.at),
                format!("verified at {}: something is wrong, call the technician", last.at),
            ),
        ),
    }
}
