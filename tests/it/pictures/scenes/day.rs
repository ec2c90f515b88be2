//! The day's end: the numbers, the errands on their way and at their end, where to deliver, and the journal.

use std::{sync::Arc, time::Duration};

use caiying::{
    errand::{Errand, ErrandError, Outcome, Part, Progress},
    ledger::Kind,
    machine::Stick,
    profile::Role,
    screens::{CardLeft, ChainView, CheckpointView, DayView, DeskView, JournalView, Place, Verified, View},
    station::{CopyPlace, Phase},
    sync::ExportError,
};
use eframe::egui::Key;

use super::{Press, Scene};
use crate::{
    days::{
        at_work, backed_up, done, ended, exported, facts, lines, open, signed, stick, unbroken, under_way,
        with_checkpoint,
    },
    screens::view,
};

fn of(name: &'static str, day: DayView) -> Scene {
    let desk = DeskView::Day(Arc::new(day));
    Scene::of(name, Place::Day, View { desk, ..view(Phase::Idle) })
}

fn sticks() -> Arc<[Stick]> {
    let little = Stick { free_bytes: Some(200_000_000), ..stick("毕业照片", false) };
    Arc::new([stick("KINGSTON", false), little, stick("旧盘", true)])
}

/// One line of each kind.
fn journal(chain: Option<ChainView>) -> JournalView {
    let mut lines = lines(facts().into_iter().map(|(fact, _)| Some(fact)).chain([None]));
    lines.reverse();
    let people = vec![String::new(), "李老师".to_owned(), "王老师".to_owned()];
    for (line, who) in lines.iter_mut().zip(people.iter().cycle()) {
        line.who.clone_from(who);
    }
    JournalView { kind: Kind::All, lines, people, is_whole: true, chain, ..JournalView::default() }
}

/// Whatever can be wrong at the end of a day.
fn wrong() -> DayView {
    DayView {
        card: CardLeft::Looked(Some(2)),
        verified: Some(Verified { at: "17:20".to_owned(), sound: false }),
        ..ended(&Outcome::Failed(ErrandError::Export(ExportError::NoSpace)))
    }
}

pub(super) fn scenes() -> Vec<Scene> {
    let progress = |part, done| Some(Progress { part, done, of: 300, left: Some(Duration::from_secs(130)) });
    let exporting = under_way(Errand::Export, progress(Part::Writing, 140), false);
    let verifying = under_way(Errand::Verify, progress(Part::Verifying, 40), true);
    let choosing = DayView { sticks: sticks(), ..at_work() };
    let unlocking = DayView {
        sticks: sticks(),
        folder: Some("/media/wang/KINGSTON/采影导出".to_owned()),
        unlocked_by: vec![Role::Supervisor, Role::Administrator],
        ..at_work()
    };
    let nobody = CheckpointView { is_unsigned: true, ..CheckpointView::default() };
    let broken = ChainView { broken: vec![Some(77), None], ..unbroken().unwrap() };
    vec![
        of("day_counting", DayView::default()),
        of("day_at_work", at_work()).main(),
        of("day_done", done()),
        of("day_exporting", exporting),
        of("day_stopping", verifying).unpainted(),
        of("day_exported", ended(&exported(7))),
        of("day_backing_up", under_way(Errand::Backup, progress(Part::Copying, 40), false)).unpainted(),
        of("day_backed_up", ended(&backed_up(CopyPlace::SameDisk))).unpainted(),
        of("day_second_copy", choosing.clone()).after([Key::B, Key::Num2]).unpainted(),
        of("day_wrong", wrong()),
        of("day_folder", choosing.clone()).after([Key::E, Key::Num2]),
        of("day_folder_typed", choosing).typing([
            Press::Key(Key::E),
            Press::Key(Key::T),
            Press::Text("/srv/photos"),
        ]),
        of("day_folder_none", at_work()).after([Key::E]).unpainted(),
        of("day_unlocking", unlocking).after([Key::E]),
        of("day_two", DayView { sticks: sticks(), two_must_stand: true, ..at_work() })
            .after([Key::E, Key::Num2])
            .unpainted(),
        of("day_journal", open(journal(unbroken()))),
        of("day_checkpoint", with_checkpoint(signed())),
        of("day_checkpoint_none", with_checkpoint(nobody)).unpainted(),
        of("day_help", at_work()).after([Key::F1]),
        of("day_journal_broken", open(journal(Some(broken)))).unpainted(),
    ]
}
