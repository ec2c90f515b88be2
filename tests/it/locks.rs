//! The lock: who works here opens the store with a passphrase, all by keyboard; a new store gets its keys. And the same
//! on the command line.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use caiying::{
    keys::{Deed, Holder, KeyFile, KeysError, Passphrase},
    language::Language,
    profile::Role,
    screens::{LockAsk, LockDesk, LockPurpose, LockView, TroubleKind, lock_ui, theme, trouble},
    settings::Look,
    vault::key_file,
};
use eframe::egui::{Event, Key, Ui, Vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::pictures::{SMALL, all_alike, picture, sheet};

type Lock = Harness<'static, (LockView, LockDesk, Vec<LockAsk>)>;

fn lock(view: LockView) -> Lock {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1280.0, 720.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, (view, desk, asks): &mut (LockView, LockDesk, Vec<LockAsk>)| {
                asks.extend(lock_ui(ui, view, desk));
            },
            (view, LockDesk::default(), vec![]),
        );
    harness.run();
    harness
}

fn type_in(lock: &mut Lock, text: &str) {
    lock.event(Event::Text(text.to_owned()));
    lock.run();
}

fn press(lock: &mut Lock, key: Key) {
    lock.key_press(key);
    lock.run();
}

pub(crate) fn holders() -> Vec<Holder> {
    let holder = |slot, label: &str, role| Holder { slot, label: label.to_owned(), role };
    vec![holder(0, "陈工", Role::Administrator), holder(3, "摄影甲", Role::Photographer)]
}

#[test]
fn who_works_here_is_chosen_with_a_number_and_opens_with_a_passphrase() {
    let mut lock = lock(LockView { holders: holders(), ..LockView::default() });
    assert!(lock.query_by_label_contains("1  陈工　管理员").is_some());
    press(&mut lock, Key::Num2);
    type_in(&mut lock, "gj8-Qm2-xLw");
    // A number in the field is a letter, and chooses nobody else.
    press(&mut lock, Key::Num1);
    press(&mut lock, Key::Enter);
    let [LockAsk::Unlock { slot, passphrase }] = lock.state().2.as_slice() else {
        panic!("{:?}", lock.state().2)
    };
    assert_eq!(*slot, 3);
    assert!(passphrase.is_same(&Passphrase::new("gj8-Qm2-xLw")));
    assert!(!format!("{:?} {:?}", lock.state().2, lock.state().1).contains("gj8"));
}

#[test]
fn nobody_tries_while_one_is_tried_or_too_early() {
    for (view, words) in [
        (LockView { is_trying: true, ..LockView::default() }, "正在核对口令……"),
        (LockView { waits_s: vec![7], ..LockView::default() }, "输错太多次：请等 7 秒"),
    ] {
        let mut lock = lock(LockView { holders: holders()[..1].to_vec(), ..view });
        assert!(lock.query_by_label(words).is_some(), "{words}");
        type_in(&mut lock, "gj8-Qm2-xLw");
        press(&mut lock, Key::Enter);
        assert!(lock.state().2.is_empty());
    }
    let wrong = Some(trouble::keys(&KeysError::WrongPassphrase));
    let lock = lock(LockView { holders: holders(), trouble: wrong, ..LockView::default() });
    assert!(lock.query_by_label_contains("▲ 口令不对").is_some());
}

#[test]
fn a_new_store_gets_a_passphrase_that_was_typed_twice_alike() {
    let typed = |name: &str, first: &str, again: &str, key: Key| {
        let mut lock = lock(LockView::default());
        for (place, text) in [name, first, again].into_iter().enumerate() {
            let fields = ["管理员的名字", "口令（至少 8 个字符）", "再输一次"];
            lock.get_by_label(fields[place]).focus();
            lock.run();
            type_in(&mut lock, text);
        }
        press(&mut lock, key);
        lock
    };
    // The key that the button names, too, although a field has the focus.
    for key in [Key::Enter, Key::F10] {
        let made = typed("陈工", "gj8-Qm2-xLw", "gj8-Qm2-xLw", key);
        let [LockAsk::Create { name, passphrase, recovery }] = made.state().2.as_slice() else {
            panic!("{key:?}: {:?}", made.state().2)
        };
        assert!(name == "陈工" && recovery.is_empty() && passphrase.is_same(&Passphrase::new("gj8-Qm2-xLw")));
    }
    for (first, again, words) in [
        ("gj8-Qm2-xLw", "gj8-Qm2-xLv", "两次输入的口令不一样"),
        ("12345678", "12345678", "这个口令人人都会先猜到"),
    ] {
        let lock = typed("陈工", first, again, Key::Enter);
        assert!(lock.state().2.is_empty(), "{words}");
        assert!(lock.query_by_label_contains(words).is_some(), "{words}");
    }
}

#[test]
fn the_set_up_opens_from_the_lock_while_the_field_waits() {
    for holders in [holders(), holders()[..1].to_vec(), vec![]] {
        let mut lock = lock(LockView { holders, ..LockView::default() });
        press(&mut lock, Key::F7);
        assert!(matches!(lock.state().2.as_slice(), [LockAsk::SetUp]), "{:?}", lock.state().2);
    }
}

/// Whoever closes the window over photos that are nowhere else is told so, also while the station is locked.
#[test]
fn what_may_be_lost_is_told_before_the_lock() {
    let told = vec![trouble::unsaved()];
    for purpose in [LockPurpose::Return, LockPurpose::Second(Deed::ExportWithIdentity)] {
        let lock = lock(LockView { holders: holders(), told: told.clone(), purpose, ..LockView::default() });
        let said = format!("▲ {}", trouble::unsaved().line(Language::Chinese));
        assert!(lock.query_by_label(&said).is_some(), "{purpose:?}");
    }
    let kinds = [TroubleKind::Closing, TroubleKind::Record, TroubleKind::Worker, TroubleKind::Space];
    assert!(kinds.into_iter().all(TroubleKind::is_of_losing) && !TroubleKind::Camera.is_of_losing());
}

/// Whoever mistyped waits, and keeps nobody else from working.
#[test]
fn a_wait_is_of_whoever_mistyped() {
    let waits_s = vec![0, 7, 0];
    let mut lock = lock(LockView { holders: holders(), waits_s, ..LockView::default() });
    press(&mut lock, Key::Num2);
    assert!(lock.query_by_label("输错太多次：请等 7 秒").is_some());
    press(&mut lock, Key::ArrowUp);
    assert!(lock.query_by_label_contains("请等").is_none());
    type_in(&mut lock, "gj8-Qm2-xLw");
    press(&mut lock, Key::Enter);
    assert!(matches!(lock.state().2.as_slice(), [LockAsk::Unlock { slot: 0, .. }]), "{:?}", lock.state().2);
}

/// Somebody chose the wrong name: the arrows lead on, and what was typed for the other one is gone.
#[test]
fn arrows_choose_somebody_else_while_the_field_has_the_keys() {
    let mut lock = lock(LockView { holders: holders(), ..LockView::default() });
    press(&mut lock, Key::Num1);
    type_in(&mut lock, "1 old secret");
    press(&mut lock, Key::ArrowDown);
    type_in(&mut lock, "2 new secret");
    press(&mut lock, Key::Enter);
    let [LockAsk::Unlock { slot, passphrase }] = lock.state().2.as_slice() else { panic!() };
    assert_eq!(*slot, holders()[1].slot);
    assert!(passphrase.is_same(&Passphrase::new("2 new secret")));
}

/// The lock in all its states, each with who is chosen: what its pictures show, and what every sweep goes over.
pub(crate) fn pages() -> Vec<(&'static str, LockView, Look, Option<usize>)> {
    let wrong = Some(trouble::keys(&KeysError::WrongPassphrase));
    let shut = LockView { holders: holders(), ..LockView::default() };
    let of = |purpose| LockView { purpose, ..shut.clone() };
    let alone = LockView { purpose: LockPurpose::Second(Deed::GiveStray), ..LockView::default() };
    vec![
        ("lock_who", shut.clone(), Look::Dark, None),
        ("lock_wrong", LockView { trouble: wrong, ..shut.clone() }, Look::Dark, Some(1)),
        ("lock_wrong_light", LockView { waits_s: vec![0, 8, 0], ..shut.clone() }, Look::Light, Some(1)),
        ("lock_new", LockView::default(), Look::Dark, None),
        ("lock_return", of(LockPurpose::Return), Look::Dark, Some(0)),
        (
            "lock_return_told",
            LockView { told: vec![trouble::unsaved()], ..of(LockPurpose::Return) },
            Look::Light,
            Some(0),
        ),
        ("lock_second", of(LockPurpose::Second(Deed::ExportWithIdentity)), Look::Light, Some(1)),
        ("lock_second_stray", of(LockPurpose::Second(Deed::GiveStray)), Look::Dark, Some(1)),
        ("lock_second_nobody", alone, Look::Dark, None),
        ("lock_new_en", LockView { language: Language::English, ..LockView::default() }, Look::Dark, None),
    ]
}

/// Draws the lock.
pub(crate) fn drawn(view: LockView, look: Look, chosen: Option<usize>) -> impl FnMut(&mut Ui) {
    let mut desk = LockDesk::of(chosen);
    move |ui| {
        theme::show(ui.ctx(), look);
        lock_ui(ui, &view, &mut desk);
    }
}

#[test]
fn the_lock_looks_as_it_did() {
    all_alike(pages().into_iter().flat_map(|(name, view, look, chosen)| {
        [
            picture(name, SMALL, theme::apply, drawn(view.clone(), look, chosen)),
            sheet(name, |look| drawn(view.clone(), look, chosen)),
        ]
    }));
}

/// The program with something typed into it.
pub(crate) fn caiying(home: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(arguments)
        .env("HOME", home)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended before it read everything.
    child.stdin.take().unwrap().write_all(typed.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

/// One story: keys are made, a photographer is let in, opens, changes the passphrase, and is let out again.
#[test]
fn keys_are_made_and_given_and_taken_on_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let at = store.to_str().unwrap();
    let (boss, his, new) = ("gj8-Qm2-xLw\n", "Pz4_huangshan\n", "Pz5_huangshan\n");
    let keys = |arguments: &[&str], typed: &str| {
        caiying(home.path(), &[&["keys", "--store", at], arguments].concat(), typed)
    };
    let made = keys(&["create", "--name", "陈工", "--recovery", "new"], &[boss, boss].concat());
    assert!(made.status.success() && said(&made).contains("AGE-SECRET-KEY-1"), "{}", said(&made));
    let secret = said(&made).lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap().to_owned();
    assert!(!keys(&["create", "--name", "陈工"], &[boss, boss].concat()).status.success(), "and never again");
    let add = ["add", "--name", "摄影甲", "--role", "photographer"];
    assert!(!keys(&add, &[his, his, his].concat()).status.success(), "only who knows the passphrase lets in");
    let added = keys(&add, &[boss, his, his].concat());
    assert!(added.status.success(), "{}", said(&added));
    assert!(said(&keys(&["list"], "")).contains("摄影甲  摄影"));
    assert!(keys(&["change", "--name", "摄影甲"], &[his, new, new].concat()).status.success());
    let (file, _) = key_file::read(&store).unwrap();
    let slot = file.holders()[1].slot;
    assert!(file.unlock(slot, &Passphrase::new(his.trim())).is_err(), "the old one opens nothing");
    assert!(file.unlock(slot, &Passphrase::new(new.trim())).is_ok());
    assert!(file.unlock_with_recovery(&secret).is_ok(), "the school opens with its own");
    let removed = keys(&["remove", "--name", "摄影甲"], &["1\n", boss].concat());
    assert!(removed.status.success(), "{}", said(&removed));
    assert_eq!(KeyFile::parse(&fs::read(store.join("keys")).unwrap()).unwrap().0.holders().len(), 1);
    let last = keys(&["remove", "--name", "陈工"], boss);
    assert!(!last.status.success() && said(&last).contains("最后一位管理员"), "{}", said(&last));
}
