//! A stray beside the portrait made of it and the one the student has, and the fields in which a person stands for
//! giving it to him.

use eframe::egui::{Image, Key, Rect, RichText, Sense, Ui, vec2};

use super::{
    AssignmentStage, CandidateSeat, OpenedView, Second, TrayAsk, TrayDesk, TrayView,
    album::{LARGE, Seen},
    foot_ui, stray_ui,
};
use crate::{
    language::{Language, Phrase},
    screens::{
        PortraitView,
        capture::fitted,
        day::sentence,
        gallery::Gallery,
        statement::{StatementDesk, statement_ui},
        theme::{self, Tone},
    },
};

/// The stray has this share of the width.
const PICTURE: f32 = 0.4;

/// How high a line or a field below the portraits is, with the gap above it, in points.
const LINE: f32 = 42.0;

/// What is to be compared is as high as there is room, within these, in points.
const PORTRAITS: std::ops::RangeInclusive<f32> = 160.0..=330.0;

/// Draws the page; returns what was decided.
pub(super) fn giving_ui(
    ui: &mut Ui,
    language: Language,
    tray: &TrayView,
    opened: &OpenedView,
    (desk, gallery): (&mut TrayDesk, &mut Gallery),
) -> Option<TrayAsk> {
    let seats = opened.candidates.as_deref().unwrap_or_default();
    let seat = seats.iter().find(|seat| Some(seat.sitting) == opened.chosen)?;
    begin(desk, opened, seat);
    let may_be_said = is_to_be_said(opened);
    let said = desk.statement.as_ref().map(|(_, statement)| statement);
    let was_resting = !may_be_said || said.is_none_or(StatementDesk::is_resting);
    let names_second = tray.second == Second::IsNamed;
    let is_whole = may_be_said && said.is_some_and(|said| said.lacks(names_second).is_none());
    let pressed = foot_ui(ui, language, &keys(language, opened, is_whole.then_some(tray.second)));
    let seen = stray_ui(ui, (language, tray, opened), PICTURE, desk);
    let is_given = matches!(opened.proposal, Some(AssignmentStage::Writing | AssignmentStage::Done(_)));
    let mut own = None;
    // What may be compared and thought better of; once it is given, that it is.
    if !is_given {
        who_ui(ui, language, seat);
        own = portraits_ui(ui, language, (tray, opened, seat), (desk, gallery));
    }
    stage_ui(ui, language, opened, seat);
    let mut is_resting = was_resting;
    if may_be_said && let Some((_, statement)) = &mut desk.statement {
        statement_ui(ui, language, statement, names_second);
        is_resting &= statement.is_resting();
    }
    // The key that leaves a field means nothing else.
    let pressed = pressed.filter(|_| is_resting)?;
    if is_done(opened) {
        // The next stray begins with the likeliest.
        desk.sheet = 0;
        return Some(TrayAsk::Close);
    }
    if pressed == Key::Escape {
        return Some(TrayAsk::Unchoose);
    }
    // Whoever stands for it has all pictures before him.
    let is_seen = seen == Seen::Shown && own != Some(Seen::Awaited);
    let (_, statement) = desk.statement.as_ref().filter(|_| is_seen && is_whole)?;
    let said = statement.said();
    Some(TrayAsk::Confirm { by: said.by, second: said.second, reason: said.reason })
}

/// What is said of one student and one shot counts for no other.
fn begin(desk: &mut TrayDesk, opened: &OpenedView, seat: &CandidateSeat) {
    let about = (opened.stray.shot, seat.sitting);
    if desk.statement.as_ref().is_none_or(|(said, _)| *said != about) || is_done(opened) {
        desk.statement = Some((about, StatementDesk::begun()));
    }
}

fn is_done(opened: &OpenedView) -> bool {
    matches!(opened.proposal, Some(AssignmentStage::Done(_)))
}

/// Whether there is a portrait that may be kept, and nobody has said anything yet.
fn is_to_be_said(opened: &OpenedView) -> bool {
    matches!(opened.proposal, Some(AssignmentStage::Judged(_, true)))
}

/// The keys; with `whole`, everything is said and it may be given, before whom.
fn keys<'a>(language: Language, opened: &OpenedView, whole: Option<Second>) -> Vec<(Key, &'a str, Phrase)> {
    let enter = match language {
        Language::Chinese => "回车",
        Language::English => "Enter",
    };
    match &opened.proposal {
        Some(AssignmentStage::Writing) => vec![],
        Some(AssignmentStage::Done(_)) => {
            vec![(Key::Enter, enter, Phrase::new("回到列表", "back to the strays"))]
        }
        _ => {
            let give = |second| match second {
                Second::Nobody | Second::IsNamed => Phrase::new("归给他", "give it to him"),
                Second::Unlocks => {
                    Phrase::new("归给他：请第二个人输口令", "give it to him: the second person unlocks")
                }
            };
            let give = whole.map(|second| (Key::Enter, enter, give(second)));
            let back = (Key::Escape, "Esc", Phrase::new("换一个人", "somebody else"));
            give.into_iter().chain([back]).collect()
        }
    }
}

/// To whom it would be given.
fn who_ui(ui: &mut Ui, language: Language, seat: &CandidateSeat) {
    let name = seat.who.name();
    let title = Phrase::new(format!("归给 {name}？"), format!("give it to {name}?"));
    ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::LARGE)));
    if seat.portrait.is_some() {
        let words = Phrase::new(
            "他已有成品：归给他就有两张，交付新归的这一张",
            "he has a portrait: this would be a second one, and it is the one delivered",
        );
        sentence(ui, Tone::Doubt, words.in_language(language), theme::TEXT);
    }
}

/// The portrait made of the stray beside the one he has; what became of showing the latter.
fn portraits_ui(
    ui: &mut Ui,
    language: Language,
    (tray, opened, seat): (&TrayView, &OpenedView, &CandidateSeat),
    (desk, gallery): (&mut TrayDesk, &mut Gallery),
) -> Option<Seen> {
    let lines = if tray.second == Second::IsNamed { 5.0 } else { 4.0 };
    let height = (ui.available_height() - lines * LINE).clamp(*PORTRAITS.start(), *PORTRAITS.end());
    let size = vec2(height * 0.75, height);
    let mut own = None;
    ui.horizontal(|ui| {
        let (place, _) = ui.allocate_exact_size(size, Sense::hover());
        made_ui(ui, opened, gallery, place);
        let words = Phrase::new("← 这张做成的成品", "← the portrait of this shot");
        let mut captions = vec![words];
        if let Some(object) = seat.portrait {
            let (place, _) = ui.allocate_exact_size(size, Sense::hover());
            own = Some(desk.lightbox.show(ui, (&tray.album, language), (object, LARGE), place));
            captions = vec![
                Phrase::new("左：这张做成的成品", "left: the portrait of this shot"),
                Phrase::new("右：他已有的成品", "right: the portrait he has"),
                Phrase::new("是同一个人吗？", "is it the same person?"),
            ];
        }
        ui.vertical(|ui| {
            for words in captions {
                ui.label(RichText::new(words.in_language(language)).font(theme::bold_of(theme::TEXT)));
            }
            if seat.portrait.is_none() {
                ui.label(Phrase::new("他还没有成品", "he has no portrait yet").in_language(language));
            }
        });
    });
    own
}

fn made_ui(ui: &Ui, opened: &OpenedView, gallery: &mut Gallery, place: Rect) {
    ui.painter().rect_filled(place, 0.0, theme::of(ui).ground);
    let Some(AssignmentStage::Judged(PortraitView { jpeg, sha256, .. }, _)) = &opened.proposal else {
        return;
    };
    if let Some(texture) = gallery.portrait(ui, jpeg, *sha256) {
        Image::new(&texture).paint_at(ui, fitted(texture.size_vec2(), place));
    }
}

/// How far it is, in a sentence; and why it was not given to him.
fn stage_ui(ui: &mut Ui, language: Language, opened: &OpenedView, seat: &CandidateSeat) {
    let (tone, words) = match &opened.proposal {
        None | Some(AssignmentStage::Working) => {
            (Tone::Working, Phrase::new("正在做成品", "a portrait is being made"))
        }
        Some(AssignmentStage::Refused(words)) => {
            return sentence(ui, Tone::Wrong, &words.line(language), theme::TEXT);
        }
        Some(AssignmentStage::Judged(portrait, may_be_kept)) => {
            if let Some(words) = &opened.refusal {
                return sentence(ui, Tone::Wrong, &words.line(language), theme::TEXT);
            }
            judged(portrait, *may_be_kept)
        }
        Some(AssignmentStage::Writing) => (Tone::Working, Phrase::new("正在保存", "being saved")),
        Some(AssignmentStage::Done(whose)) => {
            // The name that stood in the question, as long as it is his whose it has become.
            let who = if *whose == seat.who.fingerprint { seat.who.name() } else { whose.to_string() };
            let words = Phrase::new(format!("归给 {who} 已保存"), format!("it is {who}'s now, and saved"));
            (Tone::Good, words)
        }
    };
    sentence(ui, tone, words.in_language(language), theme::TEXT);
}

fn judged(portrait: &PortraitView, may_be_kept: bool) -> (Tone, Phrase) {
    if may_be_kept {
        let words =
            Phrase::new("检测可以保存：是不是他，由你判断", "the checks allow it: whose it is, you decide");
        return (Tone::of(portrait.verdict), words);
    }
    let failed =
        portrait.findings.iter().filter(|finding| finding.answer.verdict == crate::portrait::Verdict::Fail);
    let titles: Vec<&Phrase> = failed.map(|finding| &finding.title).collect();
    let join = |word: fn(&Phrase) -> &str, comma| {
        titles.iter().map(|title| word(title)).collect::<Vec<_>>().join(comma)
    };
    let words = Phrase::new(
        format!("检测不合格（{}），不能归给任何人：请考生补拍", join(|title| &title.zh, "、")),
        format!("checks failed ({}); it is given to nobody: ask for a retake", join(|title| &title.en, ", ")),
    );
    (Tone::Wrong, words)
}
