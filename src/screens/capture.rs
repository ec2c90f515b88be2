//! 拍摄: the screen the photographer works in, read from two metres.

use eframe::egui::{
    self, Align, Align2, Button, Color32, ColorImage, Event, Key, Layout, Panel, Rect, RichText, ScrollArea,
    Sense, TextureHandle, TextureOptions, Ui, Vec2, vec2,
};

use super::{
    card::{card_ui, student_ui},
    findings::opinions_ui,
    live::{self, Film},
    sight, theme, ticks, trouble,
    view::{LiveView, PortraitView, View},
};
use crate::{
    language::{Language, Phrase},
    portrait::{self, Verdict},
    shot::Digest,
    station::{Phase, Refusal, Wish},
};

/// A key's button.
const BUTTON: Vec2 = vec2(230.0, 60.0);

/// The row of keys, with a margin above and below.
const KEYS_HEIGHT: f32 = 76.0;

/// The pictures a window has uploaded; each is uploaded once.
#[derive(Default)]
pub struct Gallery {
    portrait: Option<(Digest, TextureHandle)>,
    film: Film,
    sight: Film,
}

impl std::fmt::Debug for Gallery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gallery").finish_non_exhaustive()
    }
}

impl Gallery {
    /// The portrait as a texture; `None` when its file cannot be decoded, which was proven when it was made.
    fn portrait(&mut self, ui: &Ui, view: &PortraitView) -> Option<&TextureHandle> {
        if self.portrait.as_ref().is_none_or(|(shown, _)| *shown != view.sha256) {
            let picture = portrait::decode(&view.jpeg).ok()?;
            let size = [picture.width as usize, picture.height as usize];
            let image = ColorImage::from_rgb(size, &picture.pixels);
            let texture = ui.ctx().load_texture("portrait", image, TextureOptions::LINEAR);
            self.portrait = Some((view.sha256, texture));
        }
        self.portrait.as_ref().map(|(_, texture)| texture)
    }
}

/// What the banner says: a colour, a sign, a word, and what to do.
struct Banner {
    colour: Color32,
    sign: &'static str,
    word: Phrase,
    hint: Phrase,
}

/// Draws the capture screen; returns what was asked for.
pub fn capture_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) -> Option<Wish> {
    let banner = banner(view);
    Panel::top("banner").show(ui, |ui| banner_ui(ui, view, &banner));
    Panel::bottom("devices").show(ui, |ui| devices_ui(ui, view));
    let mut wish = None;
    // Always there, so that nothing jumps when the keys change.
    Panel::bottom("keys").exact_size(KEYS_HEIGHT).show(ui, |ui| wish = keys_ui(ui, view));
    Panel::right("findings")
        .exact_size(ui.available_width() * 0.42)
        .show(ui, |ui| findings_ui(ui, view, gallery));
    egui::CentralPanel::default()
        .frame(egui::Frame::new().fill(theme::GROUND))
        .show(ui, |ui| portrait_ui(ui, view, gallery));
    wish.or_else(|| pressed(ui, view))
}

/// A key, what it is called, what it does in words, and what it wishes for.
type Offer = (Key, Phrase, Phrase, Wish);

/// The keys that mean something in this phase, with what is written on their buttons.
fn offers(phase: &Phase) -> Vec<Offer> {
    let letter = |key: Key, word: Phrase, wish: Wish| (key, Phrase::new(key.name(), key.name()), word, wish);
    let esc = Phrase::new("Esc", "Esc");
    let leave = (Key::Escape, esc, Phrase::new("放弃", "dismiss"), Wish::Dismiss);
    match phase {
        Phase::Idle | Phase::Queueing(..) => vec![],
        Phase::KeptBefore(_) => vec![letter(Key::B, Phrase::new("补拍", "retake"), Wish::Retake), leave],
        Phase::Awaited(_) => vec![letter(Key::Y, Phrase::new("是他，就座", "it is he"), Wish::Seat), leave],
        Phase::CodeScanned(sitting) if sitting.is_doubted() => {
            vec![letter(Key::R, Phrase::new("是他，重拍", "it is he"), Wish::Again), leave]
        }
        Phase::CodeScanned(_) => {
            let space = Phrase::new("空格", "Space");
            vec![(Key::Space, space, Phrase::new("拍照", "shoot"), Wish::Fire), leave]
        }
        Phase::Shot(..) => vec![leave],
        Phase::Refused(_, why) if why.may_be_overruled() => {
            vec![letter(Key::Y, Phrase::new("仍然就座", "let in"), Wish::LetIn), leave]
        }
        Phase::Refused(..) => vec![leave],
        Phase::Reviewing(_, take) => {
            let again = letter(Key::R, Phrase::new("重拍", "again"), Wish::Again);
            let keep = (Key::Enter, Phrase::new("回车", "Enter"), Phrase::new("保存", "keep"), Wish::Keep);
            let stray = letter(Key::S, Phrase::new("未归属", "stray"), Wish::Stray);
            let keep = take.portrait.is_acceptable().then_some(keep);
            keep.into_iter().chain([again, leave, stray]).collect()
        }
    }
}

/// Whether the operator may ask for this now.
#[must_use]
pub fn is_offered(phase: &Phase, wanted: Wish) -> bool {
    offers(phase).iter().any(|(.., wish)| *wish == wanted)
}

/// A key that was pressed, unless somebody is typing into a field: a space in a name must not fire the shutter.
/// A key that is held down, or pressed with Ctrl or Alt, means nothing.
fn pressed(ui: &Ui, view: &View) -> Option<Wish> {
    offers(&view.phase).into_iter().find(|(key, ..)| is_pressed(ui, *key)).map(|(.., wish)| wish)
}

pub(super) fn is_pressed(ui: &Ui, wanted: Key) -> bool {
    !ui.ctx().text_edit_focused()
        && ui.input(|input| {
            input.events.iter().any(|event| {
                let Event::Key { key, pressed: true, repeat: false, modifiers, .. } = event else {
                    return false;
                };
                *key == wanted && !modifiers.command && !modifiers.alt
            })
        })
}

fn keys_ui(ui: &mut Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    ui.horizontal_centered(|ui| {
        for (_, key, word, meaning) in offers(&view.phase) {
            let (word, key) = (word.in_language(view.language), key.in_language(view.language));
            let label = format!("{word}  [{key}]");
            let text = RichText::new(label).font(theme::bold_of(theme::LARGE));
            // Never the keyboard's focus: Enter would press whichever button has it.
            let button = Button::new(text).sense(Sense::CLICK);
            if ui.add_sized(BUTTON, button).clicked() {
                wish = Some(meaning);
            }
        }
    });
    wish
}

fn banner(view: &View) -> Banner {
    let of = |colour, sign, word: (&str, &str), hint: (&str, &str)| Banner {
        colour,
        sign,
        word: Phrase::new(word.0, word.1),
        hint: Phrase::new(hint.0, hint.1),
    };
    if !view.camera.connected && !matches!(view.phase, Phase::Reviewing(..) | Phase::Queueing(..)) {
        return of(theme::WRONG, "×", ("相机断开", "no camera"), ("正在自动重连", "reconnecting by itself"));
    }
    let unread = view.sight.as_ref().and_then(|frame| frame.preview.hint).map(trouble::unread);
    if let (Phase::Idle, Some(words)) = (&view.phase, unread) {
        return Banner { colour: theme::DOUBT, sign: "▲", word: words.headline, hint: words.remedy };
    }
    match &view.phase {
        Phase::Idle if view.saved.is_some() => of(
            theme::GOOD,
            "✓",
            ("已保存", "saved"),
            ("请下一位考生出示采集码", "next student: show the code"),
        ),
        Phase::Idle => of(theme::WAITING, "●", ("等待采集码", "waiting for a code"), idle_hint(view)),
        Phase::KeptBefore(_) => of(
            theme::DOUBT,
            "▲",
            ("此码已有照片", "kept before"),
            ("确需补拍请按 B，否则按 Esc", "press B for a retake, Esc if not"),
        ),
        Phase::Awaited(_) => awaited(),
        Phase::CodeScanned(sitting) if sitting.fired => {
            of(theme::WORKING, "■", ("正在拍摄", "shooting"), ("等待相机传来照片", "waiting for the file"))
        }
        Phase::CodeScanned(sitting) if sitting.is_doubted() => of(
            theme::WRONG,
            "×",
            ("核对身份", "who sits?"),
            ("照片里有别人的采集码", "another's code is in the shot"),
        ),
        Phase::CodeScanned(sitting) if sitting.declined.is_some() => {
            of(theme::WRONG, "×", ("需重拍", "shoot again"), ("见右侧原因", "see the reason on the right"))
        }
        Phase::CodeScanned(_) if view.camera.by_hand => {
            of(theme::READY, "▶", ("可以拍摄", "ready"), ("请按相机上的快门", "press the camera's button"))
        }
        Phase::CodeScanned(_) => {
            of(theme::READY, "▶", ("可以拍摄", "ready"), ("坐好后按空格拍照", "press space when seated"))
        }
        Phase::Shot(..) => of(theme::WORKING, "■", ("已拍，检查中", "checking"), ("请稍候", "one moment")),
        Phase::Reviewing(_, take) => match take.portrait.verdict() {
            Verdict::Pass => of(theme::GOOD, "✓", ("合格", "good"), ("按回车保存", "press Enter to keep")),
            Verdict::Warn => of(
                theme::DOUBT,
                "▲",
                ("请再看一眼", "look twice"),
                ("可以保存；如不满意按 R 重拍", "keep, or R for another"),
            ),
            Verdict::Fail => of(theme::WRONG, "×", ("需重拍", "shoot again"), ("按 R 重拍", "press R")),
        },
        Phase::Refused(_, why) => refusal(why),
        Phase::Queueing(..) => of(theme::WORKING, "■", ("正在保存", "saving"), ("请勿关机", "leave it on")),
    }
}

/// Somebody showed a code a while ago: is it he who sits down now?
fn awaited() -> Banner {
    Banner {
        colour: theme::DOUBT,
        sign: "▲",
        word: Phrase::new("请核对身份", "who comes?"),
        hint: Phrase::new(
            "是他按 Y，不是按 Esc 请他出示采集码",
            "Y if it is he; Esc if not, and ask for the code",
        ),
    }
}

/// Why nobody sits down: a question where a person may decide, else a no.
fn refusal(why: &Refusal) -> Banner {
    let words = trouble::refusal(why);
    let (colour, sign) = if why.may_be_overruled() { (theme::DOUBT, "▲") } else { (theme::WRONG, "×") };
    Banner { colour, sign, word: words.headline, hint: words.remedy }
}

/// Who may come: with a code, or by name where there is a roster.
fn idle_hint(view: &View) -> (&'static str, &'static str) {
    if view.lookup.may_search {
        ("请出示采集码，或按 F 查找", "show the code, or press F to search")
    } else {
        ("请考生出示采集码", "ask for the capture code")
    }
}

fn banner_ui(ui: &mut Ui, view: &View, banner: &Banner) {
    let height = theme::HUGE * 1.7;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().rect_filled(rect.expand(8.0), 0.0, banner.colour);
    let word = banner.word.in_language(view.language);
    // As a label, so that tests and screen readers find it.
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(20.0, 0.0))), |ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let font = theme::bold_of(theme::HUGE);
            ui.label(RichText::new(banner.sign).font(font.clone()).color(theme::ON_COLOUR));
            ui.label(RichText::new(word).font(font).color(theme::ON_COLOUR));
            ui.add_space(24.0);
            let hint = banner.hint.in_language(view.language);
            ui.label(RichText::new(hint).font(theme::bold_of(theme::LARGE)).color(theme::ON_COLOUR));
            if view.rehearsal {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let mark = match view.language {
                        Language::Chinese => "演练",
                        Language::English => "REHEARSAL",
                    };
                    ui.label(RichText::new(mark).font(theme::bold_of(theme::LARGE)).color(theme::ON_COLOUR));
                });
            }
        });
    });
}

/// The last portrait; what the camera sees while it is the shutter's turn, and where there is no portrait.
fn portrait_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) {
    let room = ui.available_rect_before_wrap().shrink(12.0);
    let is_seen = matches!(view.live, LiveView::Frame(_));
    let goes_first = is_seen && matches!(view.phase, Phase::CodeScanned(_));
    if (goes_first || view.portrait.is_none()) && live::live_ui(ui, view, room, &mut gallery.film) {
        return;
    }
    let Some(texture) = view.portrait.as_ref().and_then(|portrait| gallery.portrait(ui, portrait)) else {
        let words = match view.language {
            Language::Chinese => "照片会显示在这里",
            Language::English => "the portrait appears here",
        };
        let font = egui::FontId::new(theme::LARGE, egui::FontFamily::Proportional);
        ui.painter().text(room.center(), Align2::CENTER_CENTER, words, font, theme::QUIET);
        return;
    };
    egui::Image::new(texture).paint_at(ui, fitted(texture.size_vec2(), room));
}

/// Real proportions, as large as there is room.
pub(super) fn fitted(size: Vec2, room: Rect) -> Rect {
    let scale = (room.width() / size.x).min(room.height() / size.y);
    Rect::from_center_size(room.center(), size * scale)
}

/// Who sits, and below him what is thought of his portrait; while there is nothing to think of, what the webcam sees.
fn findings_ui(ui: &mut Ui, view: &View, gallery: &mut Gallery) {
    ui.add_space(4.0);
    student_ui(ui, view);
    card_ui(ui, view);
    ui.separator();
    if sight::is_shown(view) {
        sight::sight_ui(ui, view, &mut gallery.sight);
        return;
    }
    ticks::ticks_ui(ui, view);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().show(ui, |ui| {
        if let Some(why) = &view.declined {
            let text = RichText::new(why.in_language(view.language)).font(theme::bold_of(theme::LARGE));
            ui.label(text.color(theme::WRONG));
            return;
        }
        let Some(portrait) = &view.portrait else { return };
        opinions_ui(ui, view.language, &portrait.findings);
    });
}

fn devices_ui(ui: &mut Ui, view: &View) {
    let zh = view.language == Language::Chinese;
    if view.troubles.is_empty() {
        // Room for one trouble, so that nothing jumps when it comes.
        ui.label(RichText::new(" ").font(theme::bold_of(theme::TEXT)));
    }
    for trouble in &view.troubles {
        let line = trouble.words.line(view.language);
        ui.label(RichText::new(format!("▲ {line}")).font(theme::bold_of(theme::TEXT)).color(theme::DOUBT));
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(28.0, 4.0);
        let tally = view.tally;
        let expected = view.expected.map(|n| format!(" / {n}")).unwrap_or_default();
        let words = if zh {
            [
                format!("今日 {} 人，共 {}{expected}", tally.today, tally.students),
                format!("待交付 {}", tally.waiting),
                format!("未归属 {}", tally.strays),
            ]
        } else {
            [
                format!("{} today, {}{expected} in all", tally.today, tally.students),
                format!("{} waiting", tally.waiting),
                format!("{} strays", tally.strays),
            ]
        };
        for word in words {
            ui.label(RichText::new(word).font(theme::bold_of(theme::TEXT)));
        }
        let camera = &view.camera;
        let battery = camera.battery.as_deref().unwrap_or("–");
        let state = match (camera.connected, zh) {
            (true, true) => format!("相机 {}，电量 {battery}", camera.model),
            (true, false) => format!("camera {}, battery {battery}", camera.model),
            (false, true) => "相机未连接".to_owned(),
            (false, false) => "no camera".to_owned(),
        };
        ui.label(RichText::new(state).color(theme::QUIET));
        let webcam = match (view.webcam || view.rehearsal, zh) {
            (true, true) => "扫码就绪",
            (true, false) => "reading codes",
            (false, true) => "扫码未就绪",
            (false, false) => "no webcam",
        };
        ui.label(RichText::new(webcam).color(theme::QUIET));
        ui.label(RichText::new(format!("{} · {}", view.job, view.station)).color(theme::QUIET));
    });
    ui.add_space(4.0);
}
