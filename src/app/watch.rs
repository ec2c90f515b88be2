//! `caiying scan --webcam` and `--list`: codes as they are held up, and the webcams that are there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use super::{
    failure::{Done, Failure},
    printable, say,
};
use crate::{
    crew::{News, Outbox, scan_desk},
    language::Language,
    scan::{Found, Hint, Offer, Sight, Steady, WebcamError, best, found, offers},
    screens::{Words, trouble},
    shift::ShiftError,
    shot::Clock,
    station::Refusal,
};

/// Ctrl-C is noticed within this.
const ATTENTION: Duration = Duration::from_millis(100);

/// Prints each code once, when it is held up, until Ctrl-C; what is wrong goes to the standard error.
pub(super) fn run(wanted: &str, json: bool, language: Language) -> Result<Done, Failure> {
    let over = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        flag::register(signal, Arc::clone(&over)).map_err(ShiftError::from)?;
    }
    let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
    let wanted = Some(wanted.to_owned()).filter(|wanted| !wanted.is_empty());
    let desk = scan_desk(wanted, Steady::default(), Clock::start(), outbox).map_err(ShiftError::from)?;
    let mut hinted: Option<Hint> = None;
    while !over.load(Ordering::Relaxed) {
        if let Ok(news) = inbox.recv_timeout(ATTENTION) {
            tell(news, json, language)?;
        }
        if let Some(preview) = desk.previews.take() {
            let hint = preview.hint;
            if let Some(hint) = hint.filter(|_| hint != hinted) {
                note(&trouble::unread(hint), language);
            }
            hinted = hint;
        }
    }
    Ok(Done::Well)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "nobody else sends news here")]
fn tell(news: News, json: bool, language: Language) -> Result<(), Failure> {
    match news {
        News::Sight(Sight::Seen(code)) if json => say(&json!({ "text": code.expose() }).to_string()),
        News::Sight(Sight::Seen(code)) => say(code.expose()),
        News::Sight(Sight::TwoCodes) => note(&trouble::refusal(&Refusal::TwoCodes), language),
        News::Webcam(Some(err)) => note(&trouble::webcam(&err), language),
        News::Ended(name) => return Err(Failure::trouble(trouble::worker_ended(name))),
        _ => {}
    }
    Ok(())
}

/// A line beside the codes.
fn note(words: &Words, language: Language) {
    Failure::trouble(words.clone()).report(language);
}

/// Lists every webcam with its formats; the one we would take comes first.
pub(super) fn list(json: bool, language: Language) -> Done {
    let webcams: Vec<_> = found().into_iter().map(|webcam| (offers(&webcam), webcam)).collect();
    let mut done = Done::WithFindings;
    for (offered, webcam) in &webcams {
        // The second entry of a webcam, which has no pictures.
        if matches!(offered, Ok(offers) if offers.is_empty()) {
            continue;
        }
        done = Done::Well;
        if json {
            say(&in_json(webcam, offered).to_string());
        } else {
            in_words(webcam, offered, language);
        }
    }
    if done == Done::WithFindings {
        note(&trouble::webcam(&WebcamError::NotFound), language);
    }
    done
}

type Offered = Result<Vec<Offer>, WebcamError>;

fn in_words(webcam: &Found, offered: &Offered, language: Language) {
    say(&format!("{}\t{}", webcam.number, printable(&webcam.label())));
    let offers = match offered {
        Ok(offers) => offers,
        Err(err) => return say(&format!("\t{}", trouble::webcam(err).line(language))),
    };
    let chosen = best(offers);
    for offer in chosen.iter().chain(offers.iter().filter(|offer| chosen.as_ref() != Some(*offer))) {
        let mark = match (chosen.as_ref() == Some(offer), offer.layout().is_some(), language) {
            (true, _, Language::Chinese) => "\t使用",
            (true, _, Language::English) => "\tused",
            (false, false, Language::Chinese) => "\t不能读取",
            (false, false, Language::English) => "\tcannot be read",
            (false, true, _) => "",
        };
        say(&format!("\t{offer}{mark}"));
    }
}

fn in_json(webcam: &Found, offered: &Offered) -> serde_json::Value {
    let offers = offered.as_deref().unwrap_or_default();
    let formats: Vec<String> = offers.iter().map(ToString::to_string).collect();
    json!({
        "number": webcam.number, "name": webcam.label(), "port": webcam.port, "formats": formats,
        "used": best(offers).map(|offer| offer.to_string()),
        "trouble": offered.as_ref().err().map(ToString::to_string),
    })
}
