//! 状态: where the station stands, as one colour, one sign and one word that are read from two metres, and what to do.

use eframe::egui::{self, Align, FontId, Frame, Label, Layout, RichText, Ui, vec2};

use super::{
    theme::{self, Tone},
    trouble,
    view::{TroubleKind, View},
};
use crate::{
    language::{Language, Phrase},
    portrait::Verdict,
    station::{Expected, Phase, Refusal},
};

/// How high it is, in points, unless its hint needs three lines: what stands below must not jump.
const HEIGHT: f32 = 168.0;

/// What the banner says: its tone, a word, and what to do.
pub(super) struct Banner {
    /// Its colour and sign.
    pub(super) tone: Tone,
    word: Phrase,
    hint: Phrase,
}

impl Banner {
    fn new(tone: Tone, word: (&str, &str), hint: (&str, &str)) -> Self {
        Self { tone, word: Phrase::new(word.0, word.1), hint: Phrase::new(hint.0, hint.1) }
    }

    /// Its word.
    pub(super) fn word(&self, language: Language) -> &str {
        self.word.in_language(language)
    }

    /// What a view's banner says.
    pub(super) fn of(view: &View) -> Self {
        if !view.camera.connected && !matches!(view.phase, Phase::Reviewing(..) | Phase::Queueing(..)) {
            return lost_camera(view);
        }
        if let (Phase::Idle, Some(lost)) = (&view.phase, lost_webcam(view)) {
            return lost;
        }
        let unread = view.sight.as_ref().and_then(|frame| frame.preview.hint).map(trouble::unread);
        if let (Phase::Idle, Some(words)) = (&view.phase, unread) {
            return Self { tone: Tone::Doubt, word: words.headline, hint: words.remedy };
        }
        of_phase(view)
    }
}

/// No shutter falls. Where another program holds the camera, waiting would not help: a key does.
fn lost_camera(view: &View) -> Banner {
    if view.camera.held {
        let hint = ("按 F9 释放，或关闭那个程序", "press F9 to release it, or close that program");
        return Banner::new(Tone::Wrong, ("相机被占用", "camera in use"), hint);
    }
    let hint = ("见下方原因，好了自动重连", "see why below; it reconnects by itself");
    Banner::new(Tone::Wrong, ("相机断开", "no camera"), hint)
}

/// Nobody's code is read any more: until somebody sits all the same, that is the first thing to know. While a webcam is
/// only being opened nothing is lost. Of whoever was kept meanwhile it says so, or he would be photographed again.
fn lost_webcam(view: &View) -> Option<Banner> {
    let is_lost = view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Webcam);
    let hint = match (view.saved.is_some(), view.lookup.may_search) {
        (false, false) => ("修好前可用扫码枪", "until it is back: a scanner"),
        (false, true) => ("修好前可用扫码枪，或按 F 查找", "until it is back: a scanner, or F to search"),
        (true, false) => {
            ("上一位已保存；修好前可用扫码枪", "the last one is saved; until it is back: a scanner")
        }
        (true, true) => (
            "上一位已保存；修好前可用扫码枪，或按 F 查找",
            "the last one is saved; until it is back: a scanner, or F",
        ),
    };
    (view.wants_webcam && is_lost).then(|| Banner::new(Tone::Wrong, ("摄像头断开", "no webcam"), hint))
}

fn of_phase(view: &View) -> Banner {
    let of = Banner::new;
    match &view.phase {
        Phase::Idle if view.saved.is_some() => {
            of(Tone::Good, ("已保存", "saved"), ("请下一位考生出示采集码", "next student: show the code"))
        }
        Phase::Idle => of(Tone::Waiting, ("等待采集码", "waiting for a code"), idle_hint(view)),
        Phase::KeptBefore(_) => of(
            Tone::Doubt,
            ("此码已有照片", "kept before"),
            ("确需补拍请按 B，否则按 Esc", "press B for a retake, Esc if not"),
        ),
        // Somebody showed a code a while ago: is it he who sits down now?
        Phase::Awaited(Expected { by_name: true, .. }) => of(
            Tone::Doubt,
            ("请核对身份", "who comes?"),
            ("是叫到的这位按 Y，不是按 Esc", "Y if it is who was called, Esc if not"),
        ),
        Phase::Awaited(_) => of(
            Tone::Doubt,
            ("请核对身份", "who comes?"),
            ("是他按 Y，不是按 Esc 请他出示采集码", "Y if it is he; Esc if not, and ask for the code"),
        ),
        Phase::CodeScanned(sitting) if sitting.fired => {
            of(Tone::Working, ("正在拍摄", "shooting"), ("等待相机传来照片", "waiting for the file"))
        }
        Phase::CodeScanned(sitting) if sitting.is_doubted() => of(
            Tone::Wrong,
            ("核对身份", "who sits?"),
            ("照片里有别人的采集码", "another's code is in the shot"),
        ),
        Phase::CodeScanned(sitting) if sitting.declined.is_some() => of(
            Tone::Wrong,
            ("需重拍", "shoot again"),
            ("见下方原因，改好后再拍", "see why below, then shoot"),
        ),
        Phase::CodeScanned(_) if view.camera.by_hand => {
            of(Tone::Ready, ("可以拍摄", "ready"), ("请按相机上的快门", "press the camera's button"))
        }
        Phase::CodeScanned(_) => of(
            Tone::Ready,
            ("可以拍摄", "ready"),
            ("核对姓名，坐好后按空格", "compare the name; space shoots"),
        ),
        Phase::Shot(..) => of(Tone::Working, ("已拍，检查中", "checking"), ("请稍候", "one moment")),
        Phase::Reviewing(_, take) => match take.portrait.verdict() {
            Verdict::Pass => of(Tone::Good, ("合格", "good"), ("按回车保存", "press Enter to keep")),
            Verdict::Warn => of(
                Tone::Doubt,
                ("请再看一眼", "look twice"),
                ("可以保存；如不满意按 R 重拍", "keep, or R for another"),
            ),
            Verdict::Fail => of(Tone::Wrong, ("需重拍", "shoot again"), ("按 R 重拍", "press R")),
        },
        Phase::Refused(_, why) => refusal(why),
        Phase::Queueing(..) => of(Tone::Working, ("正在保存", "saving"), ("请勿关机", "leave it on")),
    }
}

/// Why nobody sits down: a question where a person may decide, else a no.
fn refusal(why: &Refusal) -> Banner {
    let words = trouble::refusal(why);
    let tone = if why.may_be_overruled() { Tone::Doubt } else { Tone::Wrong };
    Banner { tone, word: words.headline, hint: words.remedy }
}

/// Who may come: with a code, or by name where there is a roster.
fn idle_hint(view: &View) -> (&'static str, &'static str) {
    if view.lookup.may_search {
        ("请出示采集码，或按 F 查找", "show the code, or press F to search")
    } else {
        ("请考生出示采集码", "ask for the capture code")
    }
}

/// Draws the banner across what is there.
pub(super) fn banner_ui(ui: &mut Ui, view: &View, banner: &Banner) {
    let colours = theme::of(ui);
    let fill = colours.tone(banner.tone);
    let frame = Frame::new().fill(fill).inner_margin(egui::Margin::symmetric(14, 8));
    frame.show(ui, |ui| {
        let width = ui.available_width();
        ui.set_min_size(vec2(width, HEIGHT));
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        if view.rehearsal {
            let mark = match view.language {
                Language::Chinese => "演练",
                Language::English => "REHEARSAL",
            };
            let mark = RichText::new(mark).font(theme::bold_of(theme::TEXT)).color(colours.on_tone);
            ui.with_layout(Layout::top_down(Align::Max), |ui| ui.label(mark));
        }
        // As labels, so that tests and screen readers find them.
        ui.horizontal(|ui| {
            let word = banner.word.in_language(view.language);
            let size = fitting(ui, banner.tone.sign(), word, width);
            let text = |text| RichText::new(text).font(theme::bold_of(size)).color(colours.on_tone);
            ui.label(text(banner.tone.sign()));
            ui.label(text(word));
        });
        let hint = RichText::new(banner.hint.in_language(view.language));
        ui.add(Label::new(hint.font(theme::bold_of(theme::LARGE)).color(colours.on_tone)).wrap());
    });
}

/// The letters' size at which sign and word fill the width, but no larger than need be.
fn fitting(ui: &Ui, sign: &str, word: &str, width: f32) -> f32 {
    let line = format!("{sign} {word}");
    let font = FontId::new(theme::HUGE, theme::bold());
    let taken = ui.painter().layout_no_wrap(line, font, egui::Color32::WHITE).size().x;
    theme::HUGE * (width / taken.max(1.0)).min(1.0)
}
