//! 仍要保存: a person keeps a portrait against the checks that failed, and stands for it with name and reason.

use eframe::egui::{self, Align2, Frame, Key, RichText, Ui, vec2};

use super::{
    offers::{key_button, may_be_overruled},
    statement::{Said, StatementDesk, statement_ui},
    theme,
    view::View,
};
use crate::{
    language::Phrase,
    portrait::{Finding, Verdict},
    shot::ShotId,
    station::{Phase, Take},
};

/// The dialog, while it is open.
#[derive(Debug, Default)]
pub(super) struct OverruleDesk {
    /// About which shot, and what was typed: what is said of one portrait counts for no other.
    open: Option<(ShotId, StatementDesk)>,
}

impl OverruleDesk {
    /// Whether it lies over the screen: the other keys mean nothing then.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens it, where a person may overrule the checks.
    pub(super) fn open(&mut self, view: &View) {
        self.open = waiting(view).map(|take| (take.shot.id, StatementDesk::begun()));
    }
}

/// The portrait that waits, if a person may keep it against the checks.
fn waiting(view: &View) -> Option<&Take> {
    match &view.phase {
        Phase::Reviewing(_, take) if may_be_overruled(&view.phase) => Some(take),
        Phase::Idle
        | Phase::KeptBefore(_)
        | Phase::Awaited(_)
        | Phase::CodeScanned(_)
        | Phase::Shot(..)
        | Phase::Reviewing(..)
        | Phase::Queueing(..)
        | Phase::Refused(..) => None,
    }
}

/// Draws the dialog over the screen while it is open; returns what a person said when he keeps the portrait.
pub(super) fn overrule_ui(ui: &Ui, view: &View, desk: &mut OverruleDesk) -> Option<Said> {
    let take = waiting(view);
    // Another portrait waits, or none: what was typed was not said of it.
    desk.open = desk.open.take().filter(|(shot, _)| take.is_some_and(|take| take.shot.id == *shot));
    let (Some(take), Some((_, statement))) = (take, &mut desk.open) else { return None };
    let width = (ui.ctx().content_rect().width() * 0.72).min(980.0);
    let frame = Frame::window(ui.style()).fill(theme::of(ui).panel).inner_margin(24.0);
    let window = egui::Window::new("overrule")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .fixed_size(vec2(width, 0.0))
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0));
    let decided = window.show(ui.ctx(), |ui| dialog_ui(ui, view, take, statement));
    match decided.and_then(|shown| shown.inner).flatten()? {
        Decided::Keep => desk.open.take().map(|(_, statement)| statement.said()),
        Decided::Leave => {
            desk.open = None;
            None
        }
    }
}

/// What was decided.
enum Decided {
    Keep,
    Leave,
}

fn dialog_ui(ui: &mut Ui, view: &View, take: &Take, statement: &mut StatementDesk) -> Option<Decided> {
    let (language, colours) = (view.language, theme::of(ui));
    let title = Phrase::new("检测不合格，仍要保存？", "keep it although checks failed?");
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::LARGE)));
    let failed = |finding: &&Finding| finding.answer.verdict == Verdict::Fail;
    for finding in take.portrait.findings.iter().filter(failed) {
        let text = format!("× {}", finding.title.in_language(language));
        ui.label(RichText::new(text).font(theme::bold_of(theme::TEXT)).color(colours.wrong));
    }
    let stands = Phrase::new(
        "保存后会记下是谁、为什么；拿不准就按 Esc，请考生重拍",
        "it is written down who kept it and why; if in doubt, Esc and shoot again",
    );
    ui.label(RichText::new(stands.in_language(language)).color(colours.doubt));
    statement_ui(ui, language, statement, false);
    let lacks = statement.lacks(false);
    let mut decided = None;
    ui.horizontal(|ui| {
        let enter = Phrase::new("回车", "Enter");
        let keep = Phrase::new("仍要保存", "keep it all the same");
        if lacks.is_none() && key_button(ui, language, (Key::Enter, enter.in_language(language)), &keep, true)
        {
            decided = Some(Decided::Keep);
        }
        if key_button(ui, language, (Key::Escape, "Esc"), &Phrase::new("不保存", "leave it"), false) {
            decided = Some(Decided::Leave);
        }
    });
    decided.filter(|_| statement.is_resting())
}
