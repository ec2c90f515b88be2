//! What is thought of a portrait: what is wrong in full, what is right as a number.

use eframe::egui::{Align, Layout, RichText, Ui};

use super::theme;
use crate::{
    language::{Language, Phrase},
    portrait::{Finding, Verdict},
};

/// Draws the findings, the worst first.
pub(super) fn opinions_ui(ui: &mut Ui, language: Language, findings: &[Finding]) {
    // What is wrong comes first, and what is right is a number: nobody reads two dozen lines.
    let is_wrong = |finding: &&Finding| finding.answer.verdict != Verdict::Pass;
    let mut wrong: Vec<&Finding> = findings.iter().filter(is_wrong).collect();
    wrong.sort_by_key(|finding| std::cmp::Reverse(finding.answer.verdict));
    for finding in &wrong {
        finding_ui(ui, language, finding);
    }
    let passed = findings.len() - wrong.len();
    if passed > 0 {
        let words = passed_words(passed, wrong.is_empty());
        let sign = theme::sign_of(Verdict::Pass);
        let text = format!("{sign} {}", words.in_language(language));
        ui.label(RichText::new(text).color(theme::of(ui).verdict(Verdict::Pass)));
    }
}

/// How many checks found nothing; `all` when no other found anything either.
fn passed_words(passed: usize, all: bool) -> Phrase {
    if all {
        Phrase::new(format!("{passed} 项检测全部合格"), format!("all {passed} checks passed"))
    } else {
        Phrase::new(format!("另有 {passed} 项检测合格"), format!("{passed} more checks passed"))
    }
}

fn finding_ui(ui: &mut Ui, language: Language, finding: &Finding) {
    let answer = &finding.answer;
    let colour = theme::of(ui).verdict(answer.verdict);
    ui.horizontal(|ui| {
        ui.label(RichText::new(theme::sign_of(answer.verdict)).color(colour));
        ui.label(finding.title.in_language(language));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(&answer.limit).color(theme::of(ui).quiet));
            ui.label(RichText::new(number(answer.value)).color(colour));
        });
    });
    if let Some(advice) = &finding.advice {
        ui.label(RichText::new(advice.in_language(language)).font(theme::bold_of(theme::TEXT)).color(colour));
    }
}

/// As many digits as a person wants to see.
fn number(value: f64) -> String {
    if value.is_nan() {
        // Not measured.
        "–".to_owned()
    } else if value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value.abs() < 1.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}
