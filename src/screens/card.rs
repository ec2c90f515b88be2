//! Whom a code speaks of, large enough to be compared with a phone and a face from two metres: masked name, last four
//! and class, and never more unless the school wants it. What an unconfirmed hypothesis read says so.

use std::fmt;

use eframe::egui::{Align, Layout, RichText, Ui};

use super::{
    theme,
    view::{NextView, StudentView, View},
};
use crate::{
    language::Language,
    profile::Profile,
    station::{Expected, Phase},
    student::Bearer,
};

/// What the screen shows of a code's bearer; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CardView {
    /// 姓名(脱敏).
    pub name: Option<String>,
    /// 证件号码后四位.
    pub last_four: Option<String>,
    /// 班级.
    pub class: Option<String>,
    /// 学号, if the profile has it shown.
    pub student_number: Option<String>,
    /// Whether nobody has confirmed that the code is to be read so.
    pub unverified: bool,
}

impl fmt::Debug for CardView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardView").field("unverified", &self.unverified).finish_non_exhaustive()
    }
}

impl CardView {
    /// What may be shown of a bearer; `None` when nothing is known of him.
    #[must_use]
    pub fn of(bearer: &Bearer, profile: &Profile) -> Option<Self> {
        let badge = bearer.badge.as_ref()?;
        Some(Self {
            name: badge.masked_name.clone(),
            last_four: badge.last_four.clone(),
            class: badge.class.clone(),
            student_number: badge.student_number.clone().filter(|_| profile.codes.show_student_number),
            unverified: badge.unverified,
        })
    }
}

/// Who sits, or is asked about, or sat last; and what is to be known of him, beside it.
pub(super) fn student_ui(ui: &mut Ui, view: &View) {
    let zh = view.language == Language::Chinese;
    let (who, what) = match (&view.student, &view.phase) {
        (Some(StudentView { fingerprint, takes, retake }), _) => {
            let kind = match (*retake, zh) {
                (true, true) => "补拍",
                (true, false) => "retake",
                (false, true) => "考生",
                (false, false) => "student",
            };
            let takes = if zh {
                format!("已拍 {takes} 张")
            } else {
                format!("{takes} {}", if *takes == 1 { "shot" } else { "shots" })
            };
            (RichText::new(format!("{kind} {fingerprint}")), RichText::new(takes).color(theme::of(ui).quiet))
        }
        (None, Phase::KeptBefore(seen)) => {
            let kind = if zh { "考生" } else { "student" };
            let what = if zh { "已有照片，未就座" } else { "has a portrait, does not sit" };
            let who = RichText::new(format!("{kind} {}", seen.code.fingerprint()));
            (who, RichText::new(what).color(theme::of(ui).doubt))
        }
        (None, Phase::Awaited(Expected { seen, by_name })) => {
            let kind = if zh { "考生" } else { "student" };
            let what = how_awaited(*by_name, zh);
            let who = RichText::new(format!("{kind} {}", seen.code.fingerprint()));
            (who, RichText::new(what).color(theme::of(ui).doubt))
        }
        (None, Phase::Refused(Some(seen), _)) => {
            let kind = if zh { "考生" } else { "student" };
            let what = if zh { "未就座" } else { "does not sit" };
            let who = RichText::new(format!("{kind} {}", seen.code.fingerprint()));
            (who, RichText::new(what).color(theme::of(ui).doubt))
        }
        (None, _) => {
            let nobody = if zh { "没有考生就座" } else { "nobody sits" };
            let saved = view.saved.as_ref().map_or_else(String::new, |saved| {
                if zh { format!("{saved} 已保存") } else { format!("{saved} is saved") }
            });
            (RichText::new(nobody).color(theme::of(ui).quiet), RichText::new(saved).color(theme::of(ui).good))
        }
    };
    let who = who.font(theme::bold_of(theme::LARGE));
    if view.student.is_some() {
        ui.horizontal(|ui| {
            ui.label(who);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(what));
        });
    } else {
        // A sentence has no room beside a fingerprint.
        ui.label(who);
        if !what.is_empty() {
            ui.label(what);
        }
    }
    for (place, next) in view.line.iter().enumerate() {
        next_ui(ui, zh, next, place == 0);
    }
}

/// Why somebody is asked about.
fn how_awaited(by_name: bool, zh: bool) -> &'static str {
    match (by_name, zh) {
        (true, true) => "已叫到，未就座",
        (true, false) => "was called, does not sit",
        (false, true) => "已出示过采集码，未就座",
        (false, false) => "has shown a code, does not sit",
    }
}

/// Who comes next, read while the one before him is still judged; or who comes after that one.
fn next_ui(ui: &mut Ui, zh: bool, next: &NextView, is_first: bool) {
    let card = next.card.as_ref();
    let known = card.map(|card| [card.name.as_deref(), card.last_four.as_deref()]);
    let known: Vec<&str> = known.into_iter().flatten().flatten().collect();
    let who = if known.is_empty() { next.fingerprint.to_string() } else { known.join(" ") };
    let colours = theme::of(ui);
    let (sign, colour, stands) = match (&next.gate, next.in_view, zh) {
        (Some(why), _, true) => ("▲", colours.doubt, why.zh.clone()),
        (Some(why), _, false) => ("▲", colours.doubt, why.en.clone()),
        (None, true, true) => ("▶", colours.ready, "码举着，随后就座".to_owned()),
        (None, true, false) => ("▶", colours.ready, "sits down next".to_owned()),
        (None, false, true) if next.by_name => ("▶", colours.ready, "已叫到，随后核对".to_owned()),
        (None, false, false) if next.by_name => ("▶", colours.ready, "called, asked about next".to_owned()),
        (None, false, true) => ("▶", colours.ready, "出示过码，随后核对".to_owned()),
        (None, false, false) => ("▶", colours.ready, "asked about next".to_owned()),
    };
    let comes = match (is_first, zh) {
        (true, true) => "下一位：",
        (true, false) => "next: ",
        (false, true) => "再下一位：",
        (false, false) => "then: ",
    };
    let between = if zh { "　" } else { ", " };
    ui.label(RichText::new(format!("{sign} {comes}{who}{between}{stands}")).color(colour));
}

/// The card of whoever sits or is asked about. Beside the findings of a portrait it makes room.
pub(super) fn card_ui(ui: &mut Ui, view: &View) {
    let Some(card) = &view.card else { return };
    let zh = view.language == Language::Chinese;
    let crowded = view.portrait.is_some();
    let size = if crowded { theme::LARGE } else { theme::LARGE * 1.6 };
    let who = [card.name.as_deref(), card.last_four.as_deref()];
    let who: Vec<&str> = who.into_iter().flatten().collect();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = size * 0.7;
        for word in who {
            ui.label(RichText::new(word).font(theme::bold_of(size)));
        }
    });
    let number = card
        .student_number
        .as_ref()
        .map(|number| if zh { format!("学号 {number}") } else { format!("no. {number}") });
    // A class that is called by its number alone is no number of anything else.
    let class = card.class.as_ref().map(|class| match (class.bytes().all(|c| c.is_ascii_digit()), zh) {
        (true, true) => format!("{class} 班"),
        (true, false) => format!("class {class}"),
        (false, _) => class.clone(),
    });
    let rest: Vec<String> = [class, number].into_iter().flatten().collect();
    let size = if crowded { theme::TEXT } else { theme::LARGE };
    if crowded {
        ui.label(RichText::new(rest.join("　")).font(theme::bold_of(size)));
    } else {
        for line in rest {
            ui.label(RichText::new(line).font(theme::bold_of(size)));
        }
    }
    if card.unverified {
        let words = if zh {
            "▲ 未经学信网证实，请与手机核对"
        } else {
            "▲ not confirmed by 学信网: compare with the phone"
        };
        ui.label(RichText::new(words).color(theme::of(ui).doubt));
    }
}
