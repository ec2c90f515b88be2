//! F1: the keys of the screen one is at, and those that mean the same on every screen.

use eframe::egui::{self, Align2, Frame, Grid, RichText, Ui, vec2};

use super::{place::Place, theme, view::View};
use crate::language::Phrase;

/// A key, and what it does.
type Meaning = (String, Phrase);

fn of(key: &str, zh: &str, en: &str) -> Meaning {
    (key.to_owned(), Phrase::new(zh, en))
}

/// What keys mean at this place, whether or not they are on a button now.
fn here(place: Place) -> Vec<Meaning> {
    match place {
        Place::Capture => vec![
            of("空格 Space", "拍照", "shoot"),
            of("回车 Enter", "保存", "keep"),
            of("R", "重拍", "shoot again"),
            of("Esc", "放弃这次就座；关闭打开的窗口", "dismiss; close what is open"),
            of("S", "刚拍的不是他：移入未归属", "not his: to the strays"),
            of("O", "检测不合格仍要保存：写明谁和为什么", "keep against the checks, with name and reason"),
            of("B", "已有照片，确需补拍", "retake of who was kept before"),
            of("Y", "问到的是他，就座；拦下的仍然就座", "it is he; let in whom the gate stopped"),
            of(
                "F",
                "没有采集码：查找考生；有人在座就是下一位",
                "find a student without a code, also as the next one",
            ),
            of("W", "名册外的考生；有人在座就是下一位", "somebody who is in no roster, also as the next one"),
            of("L", "取景开关", "live view on and off"),
        ],
        Place::Retakes => vec![
            of("1  2  3", "缺拍、来过没拍成、全部", "missing, left without, all"),
            of("←  →", "选班级", "choose a class"),
            of("0", "全部班级", "all classes"),
            of("↑  ↓", "选考生", "choose a student"),
            of("PgUp  PgDn", "翻一页", "a page up or down"),
            of("回车 Enter", "请他就座", "seat him"),
            of("F", "查找下一位，回车结束输入", "search for the next one; Enter ends the typing"),
        ],
        Place::Tray => vec![
            of("←  →  ↑  ↓", "选照片；翻页", "choose a photo; turn the page"),
            of("回车 Enter", "打开；归给他", "open it; give it to him"),
            of("1 – 6", "选是谁的", "choose whose it is"),
            of("T", "修改操作人和理由", "change name and reason"),
            of("C", "有两张成品的考生", "who has two portraits"),
            of("Esc", "退一步", "a step back"),
        ],
        Place::Day => vec![
            of("E", "导出到 U 盘或文件夹", "export to a stick or a folder"),
            of("T", "导出时输入其他文件夹", "type another folder to export to"),
            of("B", "备份到另一块盘", "back up to another disk"),
            of("V", "核验", "verify"),
            of("K", "核对相机卡", "compare the camera's card"),
            of("X", "停止导出或核验", "stop exporting or verifying"),
            of("J", "打开、关闭流水", "open and shut the journal"),
            of("1 – 7", "流水里只看一类", "one kind of the journal's lines"),
            of("W", "流水里只看一个人", "one person's lines of the journal"),
            of("C", "流水写成表格，放进交付文件夹", "the journal as a table into the delivery folder"),
            of("Q", "检查点：给学校保存的码", "checkpoint: a code for the school to keep"),
            of("Esc", "返回", "back"),
        ],
        Place::Checkup => at_the_checkup(),
        Place::Setup => vec![
            of("1 – 9", "选择", "choose"),
            of("回车 Enter", "继续", "go on"),
            of("退格 Backspace", "返回", "go back"),
        ],
    }
}

/// What keys mean at the checkup.
fn at_the_checkup() -> Vec<Meaning> {
    vec![
        of("K", "相机对时", "set the camera's clock"),
        of("C", "再取一遍相机卡", "look through the camera's card again"),
        of("J", "校准：拍一张参照", "calibrate: shoot a reference"),
        of("M", "读入名册；也可以把文件拖进窗口", "read a roster; a file can be dropped, too"),
        of("1 – 9", "选名册文件", "choose a roster's file"),
        of("F9", "释放被占用的相机", "release a camera that is held"),
    ]
}

/// What keys mean everywhere.
fn everywhere() -> Vec<Meaning> {
    let places = Place::ALL.into_iter().map(|place| (place.key().name().to_owned(), place.title()));
    let rest = [
        of("F8", "深色／浅色", "dark or light"),
        of("F9", "释放被占用的相机", "release a camera that is held"),
        of("F11", "考生屏开关", "the sitter's screen on and off"),
        of("F12", "锁屏、换人", "lock, or somebody else takes over"),
    ];
    places.chain(rest).collect()
}

/// Draws the page over the screen.
pub(super) fn help_ui(ui: &Ui, view: &View, place: Place) {
    let frame = Frame::window(ui.style()).fill(theme::of(ui).panel).inner_margin(24.0);
    egui::Window::new("help")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ui.ctx(), |ui| {
            let title = Phrase::new("按键（F1 关闭）", "keys (F1 closes)");
            ui.label(RichText::new(title.in_language(view.language)).font(theme::bold_of(theme::LARGE)));
            let everywhere_title = Phrase::new("每一屏", "every screen");
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 48.0;
                column_ui(ui, view, &place.title(), &here(place));
                column_ui(ui, view, &everywhere_title, &everywhere());
            });
        });
}

fn column_ui(ui: &mut Ui, view: &View, title: &Phrase, keys: &[Meaning]) {
    let colours = theme::of(ui);
    let strong = |words: &str| RichText::new(words).font(theme::bold_of(theme::TEXT));
    ui.vertical(|ui| {
        ui.label(strong(title.in_language(view.language)).color(colours.quiet));
        Grid::new(&title.en).num_columns(2).spacing(vec2(24.0, 8.0)).show(ui, |ui| {
            for (key, word) in keys {
                ui.label(strong(key).color(colours.ready));
                ui.label(word.in_language(view.language));
                ui.end_row();
            }
        });
    });
}
