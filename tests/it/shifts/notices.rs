//! What the camera tells beside its files, on the screen: each kind in its place, and gone when it is over.

use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use caiying::{camera::CameraStatus, profile::Setting, screens::TroubleKind, sound::Chime};

use super::*;

/// A camera that says what it is told to say; told nothing at all, it has just been connected.
struct Prompted {
    prompter: Receiver<(Vec<CameraError>, Option<CameraStatus>)>,
    notices: VecDeque<CameraError>,
    status: Option<CameraStatus>,
}

impl Camera for Prompted {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Err(CameraError::BatteryEmpty { percent: 5 })
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if let Ok((notices, status)) = self.prompter.recv_timeout(patience) {
            if notices.is_empty() && status.is_none() {
                return CameraNews::Connected(CameraInfo::default());
            }
            self.notices.extend(notices);
            self.status = status.or(self.status.take());
        }
        CameraNews::Quiet
    }

    fn notice(&mut self) -> Option<CameraError> {
        self.notices.pop_front()
    }

    fn status(&mut self) -> Option<CameraStatus> {
        self.status.take()
    }
}

type Prompts = SyncSender<(Vec<CameraError>, Option<CameraStatus>)>;

fn prompted() -> (TempDir, Shift, Prompts) {
    let (prompts, prompter) = sync_channel(8);
    let (notices, status) = (VecDeque::new(), None);
    let (store, shift) = begin(|_| Box::new(Prompted { prompter, notices, status }), slow());
    (store, shift, prompts)
}

fn kinds(view: &View) -> Vec<TroubleKind> {
    view.troubles.iter().map(|trouble| trouble.kind).collect()
}

fn status(battery: &str, battery_is_low: bool, as_settled: bool) -> Option<CameraStatus> {
    Some(CameraStatus {
        battery: Some(battery.to_owned()),
        battery_is_low,
        as_settled,
        ..CameraStatus::default()
    })
}

#[test]
fn a_drift_and_a_low_battery_stand_beside_each_other_until_they_are_over() {
    let (_store, mut shift, prompts) = prompted();
    let (from, to) = ("f/8".to_owned(), "f/5.6".to_owned());
    let changed = CameraError::SettingChanged { setting: Setting::Aperture, from, to };
    let notices = vec![CameraError::NoClock, CameraError::BatteryLow { percent: 25 }, changed];
    prompts.send((notices, status("25%", true, false))).unwrap();
    let all = [TroubleKind::CameraClock, TroubleKind::Battery, TroubleKind::CameraSettings];
    let (rung, _) = shift.heard();
    let view = until(&mut shift, "all three", |view| kinds(view) == all);
    let words =
        |view: &View| view.troubles.iter().map(|t| t.words.line(Language::Chinese)).collect::<String>();
    assert!(words(&view).contains("光圈变了：f/8 → f/5.6"), "{}", words(&view));
    until(&mut shift, "the battery", |view| view.camera.battery.as_deref() == Some("25%"));

    // Each limit is heard once, also when it is told again.
    assert_eq!(shift.heard(), (rung + 2, Some(Chime::Limit)));
    prompts.send((vec![CameraError::BatteryLow { percent: 24 }], status("24%", true, false))).unwrap();
    until(&mut shift, "it is told again", |view| view.camera.battery.as_deref() == Some("24%"));
    assert_eq!(shift.heard().0, rung + 2);

    prompts.send((vec![], status("100%", false, false))).unwrap();
    until(&mut shift, "a new battery", |view| {
        view.camera.battery.as_deref() == Some("100%")
            && kinds(view) == [TroubleKind::CameraClock, TroubleKind::CameraSettings]
    });
    prompts.send((vec![], status("100%", false, true))).unwrap();
    until(&mut shift, "the dial turned back", |view| kinds(view) == [TroubleKind::CameraClock]);
}

/// What is only to be read once goes when the operator goes on.
#[test]
fn what_is_known_of_a_model_goes_when_the_operator_goes_on() {
    let (_store, mut shift, prompts) = prompted();
    let fault = CameraError::KnownFault { zh: "已知".to_owned(), en: "known".to_owned() };
    prompts.send((vec![fault, CameraError::SettingsRefused(vec![])], None)).unwrap();
    until(&mut shift, "a notice", |view| kinds(view) == [TroubleKind::Notice]);
    shift.wish(Wish::Fire);
    assert_eq!(kinds(&shift.view()), []);
}

#[test]
fn a_camera_without_power_is_not_fired_and_the_words_say_why() {
    let (_store, mut shift, _prompts) = prompted();
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    let view = until(&mut shift, "a refusal", |view| kinds(view).contains(&TroubleKind::Order));
    let line = view.troubles[0].words.line(Language::Chinese);
    assert!(line.contains("5%") && line.contains("更换电池"), "{line}");
}

/// A clock that was put right must not be told of until the evening.
#[test]
fn a_clock_is_read_anew_at_every_connection() {
    let (_store, mut shift, prompts) = prompted();
    let notices = vec![CameraError::ClockAhead { seconds: 9 }, CameraError::RawOnly];
    prompts.send((notices, None)).unwrap();
    let both = [TroubleKind::CameraClock, TroubleKind::CameraFormat];
    until(&mut shift, "both", |view| kinds(view) == both);
    prompts.send((vec![], None)).unwrap();
    until(&mut shift, "the format", |view| kinds(view) == [TroubleKind::CameraFormat]);
}

/// What is known of a new body's model comes with the word that it is another body, and must not hide it.
#[test]
fn another_body_is_told_of_whatever_else_there_is_to_tell() {
    let (_store, mut shift, prompts) = prompted();
    let (model, serial) = ("a model".to_owned(), "42".to_owned());
    let fault = CameraError::KnownFault { zh: "已知".to_owned(), en: "known".to_owned() };
    let notices =
        vec![CameraError::AnotherBody { model, serial }, CameraError::OlderOnCard { count: 3 }, fault];
    prompts.send((notices, None)).unwrap();
    let all = [TroubleKind::CameraBody, TroubleKind::CameraCard, TroubleKind::Notice];
    until(&mut shift, "all three", |view| kinds(view) == all);
    shift.wish(Wish::Dismiss);
    until(&mut shift, "nothing", |view| kinds(view).is_empty());
}

/// A camera that is gone as soon as it was fired.
#[derive(Default)]
struct Going {
    told: bool,
    fired: bool,
}

impl Camera for Going {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        self.fired = true;
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if std::mem::take(&mut self.fired) {
            return CameraNews::Lost(CameraError::NotFound);
        }
        std::thread::sleep(patience);
        match std::mem::replace(&mut self.told, true) {
            false => CameraNews::Connected(CameraInfo::default()),
            true => CameraNews::Quiet,
        }
    }
}

/// The shot came to nothing because the camera went: that is one trouble, in the same words.
#[test]
fn a_camera_that_goes_in_the_middle_of_a_shot_is_told_once() {
    let (_folder, mut shift) =
        begin(|_| Box::new(Going::default()), Box::new(|| Ok(Box::new(Stumbling(true)))));
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    let view = until(&mut shift, "it is gone", |view| !view.camera.connected);
    let said: Vec<String> =
        view.troubles.iter().map(|trouble| trouble.words.line(Language::Chinese)).collect();
    assert_eq!(said.len(), 1, "{said:?}");
}
