//! 校准: the station's reference is made, a step at a time: sit somebody down, shoot, look at what was measured, keep it.

use eframe::egui::{Align2, CentralPanel, Frame, Image, Key, Label, Margin, Panel, RichText, Ui, vec2};

use super::{
    capture::fitted,
    gallery::Gallery,
    live,
    offers::key_button,
    theme::{self, Tone},
    trouble::Words,
    view::{LiveView, PortraitView, View},
};
use crate::language::Phrase;

/// What the camera sees has this share of the width.
const PICTURE: f32 = 0.6;

/// The row of keys, with a margin above and below, in points.
const KEYS_HEIGHT: f32 = 58.0;

/// What is measured has names of this width, in points.
const NAMES: f32 = 110.0;

/// A reference that is made.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceView {
    /// How far it is.
    pub stage: ReferenceStage,
}

/// How far a reference is.
#[derive(Debug, Clone, PartialEq)]
pub enum ReferenceStage {
    /// Its shot is waited for; why the last one was none.
    Awaited(Option<Words>),
    /// The shutter was asked for.
    Fired,
    /// The shot is measured.
    Measuring,
    /// This was measured, and is to be looked at.
    Measured(Box<MeasuredView>),
}

/// What was measured on a reference.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredView {
    /// What came of the shot.
    pub portrait: PortraitView,
    /// What was measured, each with what it is, and what is different from the last time.
    pub lines: Vec<[Phrase; 2]>,
}

/// What the operator wants of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceAsk {
    /// To make one, or another one.
    Begin,
    /// The shutter.
    Fire,
    /// To hold everything that follows against it.
    Keep,
    /// Nothing after all.
    Leave,
}

/// Draws it; returns what was asked for.
pub(super) fn reference_ui(
    ui: &mut Ui,
    view: &View,
    reference: &ReferenceView,
    gallery: &mut Gallery,
) -> Option<ReferenceAsk> {
    let mut ask = None;
    let bare = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(18, 12));
    let beside = ui.available_width() * (1.0 - PICTURE);
    Panel::right("measured").frame(bare).exact_size(beside).resizable(false).show(ui, |ui| {
        words_ui(ui, view, &reference.stage);
    });
    let row = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(14, 0));
    Panel::bottom("reference keys").frame(row).exact_size(KEYS_HEIGHT).resizable(false).show(ui, |ui| {
        ask = keys_ui(ui, view, &reference.stage);
    });
    CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        picture_ui(ui, view, &reference.stage, gallery);
    });
    ask
}

/// What to do now, and what was measured.
fn words_ui(ui: &mut Ui, view: &View, stage: &ReferenceStage) {
    let colours = theme::of(ui);
    let (tone, word, how) = said(view, stage);
    let text = format!("{} {}", tone.sign(), word.in_language(view.language));
    let text = RichText::new(text).font(theme::bold_of(theme::LARGE * 1.3)).color(colours.tone(tone));
    ui.add(Label::new(text).wrap());
    ui.add(
        Label::new(RichText::new(how.in_language(view.language)).font(theme::bold_of(theme::TEXT))).wrap(),
    );
    ui.separator();
    let ReferenceStage::Measured(measured) = stage else { return };
    for [name, value] in &measured.lines {
        ui.horizontal_top(|ui| {
            let name = RichText::new(name.in_language(view.language)).color(colours.quiet);
            ui.allocate_ui(vec2(NAMES, 0.0), |ui| {
                ui.set_min_width(NAMES);
                ui.label(name);
            });
            ui.add(Label::new(value.in_language(view.language)).wrap());
        });
    }
}

fn said(view: &View, stage: &ReferenceStage) -> (Tone, Phrase, Phrase) {
    match stage {
        ReferenceStage::Awaited(Some(why)) => (Tone::Wrong, why.headline.clone(), why.remedy.clone()),
        ReferenceStage::Awaited(None) if !view.camera.connected => (
            Tone::Wrong,
            Phrase::new("相机断开", "no camera"),
            Phrase::new("正在自动重连", "reconnecting by itself"),
        ),
        ReferenceStage::Awaited(None) => (
            Tone::Ready,
            Phrase::new("校准：拍一张参照", "calibration: shoot a reference"),
            Phrase::new(
                "布好灯和背景布，请一位同事坐到考生的位置，平视镜头。参照原片放进未归属，不算任何考生的照片",
                "set lamps and cloth; somebody sits where students will, and looks straight into the lens. The shot is \
                 kept among the strays and is no student's",
            ),
        ),
        ReferenceStage::Fired => (
            Tone::Working,
            Phrase::new("正在拍摄", "shooting"),
            Phrase::new("等待相机传来照片", "waiting for the file"),
        ),
        ReferenceStage::Measuring => {
            (Tone::Working, Phrase::new("正在测量", "measuring"), Phrase::new("请稍候", "one moment"))
        }
        ReferenceStage::Measured(_) => (
            Tone::Good,
            Phrase::new("可以作参照", "a good reference"),
            Phrase::new(
                "看看背景和脸是不是今天该有的样子，回车采用",
                "see that cloth and face look as they should today; Enter takes it",
            ),
        ),
    }
}

fn keys_ui(ui: &mut Ui, view: &View, stage: &ReferenceStage) -> Option<ReferenceAsk> {
    let name = |zh, en| Phrase::new(zh, en).in_language(view.language).to_owned();
    let mut asked = None;
    ui.horizontal_centered(|ui| {
        let mut offer = |key, name: &str, word: Phrase, ask, is_first| {
            if key_button(ui, view.language, (key, name), &word, is_first) {
                asked = asked.or(Some(ask));
            }
        };
        match stage {
            ReferenceStage::Awaited(_) if view.camera.connected && !view.camera.by_hand => {
                let word = Phrase::new("拍参照", "shoot");
                offer(Key::Space, &name("空格", "Space"), word, ReferenceAsk::Fire, true);
            }
            ReferenceStage::Measured(_) => {
                let word = Phrase::new("采用", "take it");
                offer(Key::Enter, &name("回车", "Enter"), word, ReferenceAsk::Keep, true);
                offer(Key::R, "R", Phrase::new("重拍", "again"), ReferenceAsk::Begin, false);
            }
            ReferenceStage::Awaited(_) | ReferenceStage::Fired | ReferenceStage::Measuring => {}
        }
        offer(Key::Escape, "Esc", Phrase::new("不校准", "leave it"), ReferenceAsk::Leave, false);
        if view.camera.by_hand && matches!(stage, ReferenceStage::Awaited(_)) {
            let word = Phrase::new("请按相机上的快门", "press the camera's button");
            ui.label(RichText::new(word.in_language(view.language)).font(theme::bold_of(theme::TEXT)));
        }
    });
    asked
}

/// What the camera sees; then what came of the shot.
fn picture_ui(ui: &mut Ui, view: &View, stage: &ReferenceStage, gallery: &mut Gallery) {
    let whole = ui.available_rect_before_wrap();
    let room = whole.shrink(6.0);
    let ReferenceStage::Measured(measured) = stage else {
        if !matches!(view.live, LiveView::Frame(_)) {
            ui.painter().rect_filled(whole, 0.0, theme::of(ui).ground);
        }
        live::live_ui(ui, view, (whole, room), &mut gallery.film);
        return;
    };
    ui.painter().rect_filled(whole, 0.0, theme::of(ui).ground);
    let PortraitView { jpeg, sha256, .. } = &measured.portrait;
    match gallery.portrait(ui, jpeg, *sha256) {
        Some(texture) => Image::new(&texture).paint_at(ui, fitted(texture.size_vec2(), room)),
        None => {
            let words = Phrase::new("照片打不开", "the portrait cannot be shown");
            let (font, colour) = (theme::bold_of(theme::TEXT), theme::of(ui).quiet_on_ground);
            let words = words.in_language(view.language);
            ui.painter().text(room.center(), Align2::CENTER_CENTER, words, font, colour);
        }
    }
}
