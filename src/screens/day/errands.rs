//! 差事: the long errands on their keys, how far the one under way is, and how the last one ended.

use eframe::egui::{Frame, Key, Margin, ProgressBar, RichText, Ui};

use super::{DayAsk, DayView, ErrandView, folder::Purpose, key_button, sentence};
use crate::{
    errand::{Errand, Part, Progress},
    language::{Language, Phrase},
    ledger::Kind,
    screens::theme,
};

/// What was pressed.
pub(super) enum Pressed {
    /// Where to is to be asked.
    Folder(Purpose),
    /// This at once.
    Asks(DayAsk),
}

/// Draws the errand that is under way, or the end of the last one.
pub(super) fn errand_ui(ui: &mut Ui, language: Language, errand: &ErrandView) {
    if *errand == ErrandView::None {
        return;
    }
    ui.add_space(8.0);
    let fill = theme::of(ui).raised;
    Frame::new().fill(fill).inner_margin(Margin::symmetric(14, 8)).show(ui, |ui| match errand {
        ErrandView::None => {}
        ErrandView::UnderWay { errand, progress, stopping } => {
            way_ui(ui, language, *errand, *progress, *stopping);
        }
        ErrandView::Ended { tone, words, at } => {
            ui.set_min_width(ui.available_width());
            let headline = format!("{at}  {}", words.headline.in_language(language));
            sentence(ui, *tone, &headline, theme::TEXT);
            ui.label(RichText::new(words.remedy.in_language(language)));
        }
    });
}

fn way_ui(ui: &mut Ui, language: Language, errand: Errand, progress: Option<Progress>, stopping: bool) {
    let name = match errand {
        Errand::Export => Phrase::new("正在导出", "exporting"),
        Errand::Verify => Phrase::new("正在核验", "verifying"),
        Errand::Backup => Phrase::new("正在备份", "backing up"),
    };
    let stopping_word = Phrase::new("正在停止，写完手上这个文件", "stopping after this file");
    let name = if stopping { stopping_word } else { name };
    let far = progress.map(|progress| how_far(progress, language)).unwrap_or_default();
    let words = format!("{}  {far}", name.in_language(language));
    ui.label(RichText::new(words.trim_end()).font(theme::bold_of(theme::LARGE)));
    let share = progress.map_or(0.0, |Progress { done, of, .. }| done as f32 / of.max(1) as f32);
    let bar = ProgressBar::new(share).desired_height(22.0).corner_radius(0.0).fill(theme::of(ui).working);
    ui.add(bar);
}

/// How far something long is, in words.
#[must_use]
pub fn how_far(progress: Progress, language: Language) -> String {
    let Progress { part, done, of, left } = progress;
    let part = match part {
        Part::Checking => Phrase::new("检查成品", "checking portraits"),
        Part::Comparing => Phrase::new("比对文件夹", "comparing the folder"),
        Part::Writing => Phrase::new("写入文件", "writing files"),
        Part::Ledger => Phrase::new("复制台账", "copying the ledger"),
        Part::Copying => Phrase::new("复制文件", "copying files"),
        Part::Proving => Phrase::new("读回核对", "reading back"),
        Part::Verifying => Phrase::new("读取文件", "reading files"),
        Part::Fetching => Phrase::new("取回照片", "fetching photos"),
    };
    let far = format!("{} {done} / {of}", part.in_language(language));
    let Some(left) = left.map(|left| left.as_secs()) else { return far };
    match (language, left) {
        (Language::Chinese, 0..=59) => format!("{far}，还要 {left} 秒"),
        (Language::Chinese, _) => format!("{far}，还要约 {} 分钟", left.div_ceil(60)),
        (Language::English, 0..=59) => format!("{far}, {left} s left"),
        (Language::English, _) => format!("{far}, about {} min left", left.div_ceil(60)),
    }
}

/// Draws the keys of the day's end: what can be sent for, or what stops it.
pub(super) fn keys_ui(ui: &mut Ui, language: Language, day: &DayView) -> Option<Pressed> {
    let mut pressed = None;
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let mut key = |ui: &mut Ui, key: (Key, &str), word: Phrase, is_first, means: Pressed| {
            if key_button(ui, language, key, &word, is_first) {
                pressed = Some(means);
            }
        };
        if matches!(day.errand, ErrandView::UnderWay { .. }) {
            let word = Phrase::new("停止", "stop");
            key(ui, (Key::X, "X"), word, true, Pressed::Asks(DayAsk::Stop));
        } else {
            let waits = day.day.is_some_and(|day| day.tally.waiting > 0);
            let export = Pressed::Folder(Purpose::Delivery);
            key(ui, (Key::E, "E"), Phrase::new("导出", "export"), waits, export);
            let is_alone = !waits && day.day.is_some_and(|day| day.tally.alone > 0);
            let copy = Pressed::Folder(Purpose::SecondCopy);
            key(ui, (Key::B, "B"), Phrase::new("备份", "back up"), is_alone, copy);
            let word = Phrase::new("核验", "verify");
            key(ui, (Key::V, "V"), word, false, Pressed::Asks(DayAsk::Verify));
        }
        let word = Phrase::new("核对相机卡", "card");
        key(ui, (Key::K, "K"), word, false, Pressed::Asks(DayAsk::CheckCard));
        let word = Phrase::new("流水", "journal");
        key(ui, (Key::J, "J"), word, false, Pressed::Asks(DayAsk::OpenJournal(Kind::All)));
        let word = Phrase::new("检查点", "checkpoint");
        key(ui, (Key::Q, "Q"), word, false, Pressed::Asks(DayAsk::OpenCheckpoint));
    });
    pressed
}
