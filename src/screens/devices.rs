//! The two lines at the foot of every screen: how far the day is, and how the machines stand.

use eframe::egui::{Align, Button, Color32, Label, Layout, RichText, Sense, TextStyle, Ui, vec2};

use super::{
    place::Place,
    theme,
    view::{MachineView, View},
};
use crate::{language::Language, machine::Room};

/// A laptop's battery of fewer per cent that is not charging is spoken of in colour.
const LITTLE_POWER: u8 = 25;

/// The keys of the screens are so far apart, and their words so far from their edges, in points.
const BETWEEN: f32 = 6.0;
const PADDING: f32 = 8.0;

/// Draws both lines; returns where the operator wants to go.
pub(super) fn foot_ui(ui: &mut Ui, view: &View, here: Place) -> Option<Place> {
    ui.spacing_mut().item_spacing = vec2(20.0, 2.0);
    let mut goes = None;
    ui.horizontal(|ui| {
        // The keys are always there; the day's words have what room is left.
        let width = |(_, words): (Place, String)| wide(ui, &words) + 2.0 * PADDING + BETWEEN;
        let keys: f32 = place_words(view).into_iter().map(width).sum();
        let room = ui.max_rect().max.x - keys;
        day_ui(ui, view, room);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| goes = places_ui(ui, view, here));
    });
    ui.horizontal(|ui| machines_ui(ui, view));
    goes
}

/// The day: who has been here, how fast it goes, when it will be done; as far as there is room to this edge.
fn day_ui(ui: &mut Ui, view: &View, edge: f32) {
    let zh = view.language == Language::Chinese;
    let (tally, pace) = (view.tally, &view.pace);
    let target = pace.target.map(|n| format!(" / {n}")).unwrap_or_default();
    let today = if zh {
        format!("今日 {}{target} 人", tally.today)
    } else {
        format!("{}{target} today", tally.today)
    };
    ui.label(RichText::new(today).font(theme::bold_of(theme::TEXT)));
    if let Some(per_hour) = pace.per_hour {
        let words = if zh { format!("每小时 {per_hour}") } else { format!("{per_hour} / h") };
        ui.label(RichText::new(words).font(theme::bold_of(theme::TEXT)));
    }
    if let Some(done_at) = &pace.done_at {
        let words = if zh { format!("约 {done_at} 拍完") } else { format!("done {done_at}") };
        ui.label(RichText::new(words).font(theme::bold_of(theme::TEXT)));
    }
    let quiet = theme::of(ui).quiet;
    let all = view.expected.map(|n| format!(" / {n}")).unwrap_or_default();
    let all =
        if zh { format!("共 {}{all}", tally.students) } else { format!("{}{all} in all", tally.students) };
    // Half a number would be another number.
    if ui.cursor().min.x + wide(ui, &all) <= edge {
        ui.label(RichText::new(all).color(quiet));
    }
}

/// How wide words are in one line, in points.
fn wide(ui: &Ui, words: &str) -> f32 {
    let font = TextStyle::Body.resolve(ui.style());
    ui.painter().layout_no_wrap(words.to_owned(), font, Color32::WHITE).size().x
}

/// What stands on the keys of the screens.
fn place_words(view: &View) -> Vec<(Place, String)> {
    let words = |place: Place| {
        let (title, key) = (place.title(), place.key().name());
        let strays = Some(view.tally.strays).filter(|strays| place == Place::Tray && *strays > 0);
        let count = strays.map(|strays| format!(" {strays}")).unwrap_or_default();
        (place, format!("{key} {}{count}", title.in_language(view.language)))
    };
    Place::ALL.map(words).to_vec()
}

/// The other screens, each on its key.
fn places_ui(ui: &mut Ui, view: &View, here: Place) -> Option<Place> {
    let mut goes = None;
    ui.spacing_mut().item_spacing.x = BETWEEN;
    ui.spacing_mut().button_padding = vec2(PADDING, 2.0);
    let colours = theme::of(ui);
    for (place, words) in place_words(view).into_iter().rev() {
        let text = RichText::new(words);
        let is_here = place == here;
        let text = if is_here { text.color(colours.on_tone) } else { text };
        let button = Button::new(text).sense(Sense::CLICK).min_size(vec2(0.0, 26.0));
        let button = if is_here { button.fill(colours.ready) } else { button };
        if ui.add(button).clicked() {
            goes = Some(place);
        }
    }
    goes
}

/// Queue, disk, batteries, camera, webcam, clock: a word each, in colour only where somebody must act.
fn machines_ui(ui: &mut Ui, view: &View) {
    let zh = view.language == Language::Chinese;
    let colours = theme::of(ui);
    let word = |ui: &mut Ui, words: String, is_wrong: bool| {
        let (sign, colour): (&str, Color32) =
            if is_wrong { ("▲ ", colours.doubt) } else { ("", colours.quiet) };
        ui.label(RichText::new(format!("{sign}{words}")).color(colour));
    };
    let waiting = view.tally.waiting;
    word(ui, if zh { format!("待交付 {waiting}") } else { format!("{waiting} waiting") }, false);
    let camera = &view.camera;
    let state = match (camera.connected, zh, camera.battery.as_deref()) {
        (true, true, Some(battery)) => format!("相机 {}，电量 {battery}", camera.model),
        (true, true, None) => format!("相机 {}", camera.model),
        (true, false, Some(battery)) => format!("camera {}, battery {battery}", camera.model),
        (true, false, None) => format!("camera {}", camera.model),
        (false, true, _) => "相机未连接".to_owned(),
        (false, false, _) => "no camera".to_owned(),
    };
    word(ui, state, !camera.connected);
    let reads = view.webcam || !view.wants_webcam;
    let webcam = match (view.wants_webcam, reads, zh) {
        (true, true, true) => "扫码就绪",
        (true, true, false) => "reading codes",
        (true, false, true) => "扫码未就绪",
        (true, false, false) => "no webcam",
        (false, _, true) if view.rehearsal => "演练扫码",
        (false, _, false) if view.rehearsal => "codes are played",
        (false, _, true) => "用扫码枪",
        (false, _, false) => "a scanner",
    };
    word(ui, webcam.to_owned(), !reads);
    let MachineView { clock, free_bytes, battery, charging } = &view.machine;
    if let Some(bytes) = *free_bytes {
        let gb = bytes / 1_000_000_000;
        let words = if zh { format!("磁盘余 {gb} GB") } else { format!("{gb} GB free") };
        word(ui, words, Room::of(Some(bytes)) != Room::Enough);
    }
    if let Some(percent) = *battery {
        let words = if zh { format!("电脑电量 {percent}%") } else { format!("laptop {percent}%") };
        word(ui, words, percent < LITTLE_POWER && !charging);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        word(ui, clock.clone(), false);
        if !view.who.is_empty() {
            let words = if zh {
                format!("{}（F12 锁屏）", view.who)
            } else {
                format!("{} (F12 locks)", view.who)
            };
            word(ui, words, false);
        }
        let (job, station) = (&view.job, &view.station);
        let whole = format!("{job} · {station}");
        // Where there is not room for all of it, the job's end goes and the station's name stays.
        let here =
            if wide(ui, &whole) <= ui.available_width() { whole } else { format!("{station} · {job}") };
        ui.add(Label::new(RichText::new(here).color(colours.quiet)).truncate());
    });
}
