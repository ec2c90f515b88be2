//! F1: every key on one page.

use eframe::egui::{self, Align2, Frame, Grid, RichText, Ui, vec2};

use super::{place::Place, theme, view::View};
use crate::language::Phrase;

/// Keys that are not on a button of the capture screen all the time, and what they do.
fn keys() -> Vec<(String, Phrase)> {
    let of = |key: &str, zh: &str, en: &str| (key.to_owned(), Phrase::new(zh, en));
    let places = Place::ALL.into_iter().map(|place| (place.key().name().to_owned(), place.title()));
    [
        of("空格 Space", "拍照", "shoot"),
        of("回车 Enter", "保存", "keep"),
        of("R", "重拍", "shoot again"),
        of("Esc", "放弃这次就座；关闭打开的窗口", "dismiss; close what is open"),
        of("S", "刚拍的不是他：移入未归属", "not his: to the strays"),
        of("O", "检测不合格仍要保存：写明谁和为什么", "keep against the checks, with name and reason"),
        of("B", "已有照片，确需补拍", "retake of who was kept before"),
        of("Y", "拦下的仍然就座", "let in whom the gate stopped"),
        of("F", "没有采集码：查找考生", "find a student without a code"),
        of("W", "名册外的考生", "somebody who is in no roster"),
        of("L", "取景开关", "live view on and off"),
        of("F8", "深色／浅色", "dark or light"),
        of("F11", "考生屏开关", "the sitter's screen on and off"),
        of("F9", "释放被占用的相机", "release a camera that is held"),
    ]
    .into_iter()
    .chain(places)
    .collect()
}

/// Draws the page over the screen.
pub(super) fn help_ui(ui: &Ui, view: &View) {
    let frame = Frame::window(ui.style()).fill(theme::of(ui).panel).inner_margin(24.0);
    egui::Window::new("help")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ui.ctx(), |ui| {
            let title = Phrase::new("按键（F1 关闭）", "keys (F1 closes)");
            ui.label(RichText::new(title.in_language(view.language)).font(theme::bold_of(theme::LARGE)));
            Grid::new("keys").num_columns(4).spacing(vec2(24.0, 8.0)).show(ui, |ui| {
                let keys = keys();
                let (left, right) = keys.split_at(keys.len().div_ceil(2));
                for (place, (key, word)) in left.iter().enumerate() {
                    for (key, word) in
                        std::iter::once((key, word)).chain(right.get(place).map(|(k, w)| (k, w)))
                    {
                        ui.label(
                            RichText::new(key).font(theme::bold_of(theme::TEXT)).color(theme::of(ui).ready),
                        );
                        ui.label(word.in_language(view.language));
                    }
                    ui.end_row();
                }
            });
        });
}
