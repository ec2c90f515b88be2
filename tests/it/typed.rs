//! Scanners that are keyboards: every code they type is read whole or refused, nothing of it reaches a key of the
//! screen or a text field; and nothing a person types is taken for a code.

use caiying::{
    scan::{Misscan, Scan, Stroke, Typed},
    screens::{Asked, Board, Keys, View, theme, window_ui},
    settings::Scanner,
    shot::Moment,
    station::{Phase, Wish},
};
use eframe::egui::{Context, Event, Key, Modifiers, RawInput, ViewportId};
use egui_kittest::{Harness, kittest::Queryable as _};
use proptest::prelude::*;

/// A stroke and when it happens, in milliseconds.
type Timed = (i64, Stroke);

fn down(c: char) -> Stroke {
    Stroke::Down { us: Some(c), repeat: false }
}

/// A key that types: down, text, up.
fn key(at: i64, c: char) -> Vec<Timed> {
    vec![(at, down(c)), (at, Stroke::Text(c)), (at, Stroke::Quiet)]
}

/// A text typed with these pauses before each character, and Enter.
fn typed(from: i64, text: &str, pauses: impl IntoIterator<Item = i64>, enter: bool) -> Vec<Timed> {
    let (mut at, mut pauses) = (from, pauses.into_iter());
    let mut strokes = Vec::new();
    for c in text.chars() {
        at += pauses.next().unwrap_or_default();
        strokes.extend(key(at, c));
    }
    at += pauses.next().unwrap_or_default();
    if enter {
        strokes.push((at, Stroke::End));
    }
    strokes
}

/// What a window of this pace passes on, and what it reads.
#[derive(Debug, PartialEq, Default)]
struct Played {
    passed: Vec<Stroke>,
    scans: Vec<Result<String, Misscan>>,
}

/// Plays strokes to a window that looks every so many milliseconds, and stands still where `stall` says.
fn play_on(
    scanner: Scanner,
    strokes: &[Timed],
    every: i64,
    stall: Option<(i64, i64)>,
    in_field: bool,
) -> Played {
    let mut machine = Typed::new(scanner);
    let mut played = Played::default();
    let (mut next, mut now) = (0, 0);
    let end = strokes.last().map_or(0, |(at, _)| *at) + 3000;
    while now < end {
        now += every;
        if let Some((from, length)) = stall
            && (from..from + length).contains(&now)
        {
            now = from + length;
        }
        let mut batch = Vec::new();
        while let Some((_, stroke)) = strokes.get(next).filter(|(at, _)| *at <= now) {
            batch.push((*stroke, *stroke));
            next += 1;
        }
        let heard = machine.hear(Moment(now), in_field, batch);
        played.passed.extend(heard.passed);
        let text = |scan: Result<Scan, Misscan>| scan.map(|scan| scan.0);
        played.scans.extend(heard.scans.into_iter().map(text));
    }
    played
}

fn play(strokes: &[Timed], every: i64, in_field: bool) -> Played {
    play_on(Scanner::default(), strokes, every, None, in_field)
}

const CODE: &str = "eyJz amMiOiIx+/NzAw==";

#[test]
fn a_scan_is_read_whole_and_nobody_else_sees_a_key_of_it() {
    for pace in [1, 2, 5, 10, 15, 22, 30] {
        for every in [4, 16, 33, 40] {
            for in_field in [false, true] {
                let strokes = typed(1000, CODE, std::iter::repeat(pace), true);
                let played = play(&strokes, every, in_field);
                assert_eq!(played.scans, [Ok(CODE.to_owned())], "{pace} ms a key, a window of {every} ms");
                assert_eq!(played.passed, [], "{pace} ms a key, a window of {every} ms");
            }
        }
    }
}

#[test]
fn a_key_alone_is_passed_on_and_two_at_once_are_nobodys() {
    let alone = key(1000, ' ');
    let strokes = |timed: &[Timed]| timed.iter().map(|(_, stroke)| *stroke).collect::<Vec<_>>();
    assert_eq!(play(&alone, 16, false).passed, strokes(&alone));
    let enter = [(1000, Stroke::End)];
    assert_eq!(play(&enter, 16, false).passed, strokes(&enter));
    let rolled = [key(1000, 'r'), key(1025, ' ')].concat();
    assert_eq!(play(&rolled, 16, false).passed, [], "which of them was meant?");
    assert_eq!(play(&rolled, 16, true).passed, strokes(&rolled), "a person rolls over two keys");
    // A barcode of three letters: too short for a scan, and still nobody's shortcuts.
    let short = typed(1000, "RB ", [5; 4], true);
    let played = play(&short, 16, false);
    assert_eq!((played.passed, played.scans), (vec![], vec![]));
}

#[test]
fn a_key_that_is_held_down_is_passed_on() {
    let mut strokes = vec![(1000, down('a')), (1000, Stroke::Text('a'))];
    for n in 0..20 {
        let at = 1300 + n * 33;
        strokes.extend([(at, Stroke::Down { us: Some('a'), repeat: true }), (at, Stroke::Text('a'))]);
    }
    strokes.push((2000, Stroke::Quiet));
    for in_field in [false, true] {
        let played = play(&strokes, 16, in_field);
        assert_eq!(played.passed.len(), strokes.len());
        assert_eq!(played.scans, []);
    }
}

#[test]
fn what_may_lack_a_piece_is_refused() {
    let scan = |from| typed(from, CODE, [8; 22], true);
    // No Enter: it broke off. What comes then is its rest.
    let broken = [typed(1000, &CODE[..12], [8; 12], false), typed(1600, &CODE[12..], [8; 12], true)].concat();
    assert_eq!(play(&broken, 16, false).scans, [Err(Misscan::Incomplete), Err(Misscan::Incomplete)]);
    // A pause that a wireless scanner makes breaks nothing off.
    let paused = [typed(1000, &CODE[..12], [8; 12], false), typed(1280, &CODE[12..], [8; 12], true)].concat();
    assert_eq!(play(&paused, 16, false).scans, [Ok(CODE.to_owned())]);
    // A key just before may be its first letter.
    let tainted = [key(1000, 'e'), scan(1150)].concat();
    assert_eq!(play(&tainted, 16, false).scans, [Err(Misscan::Incomplete)]);
    // But a code follows a code.
    let two = [scan(1000), scan(1300)].concat();
    assert_eq!(play(&two, 16, false).scans, [Ok(CODE.to_owned()), Ok(CODE.to_owned())]);
    let bare = Scanner { ends_with_enter: false, ..Scanner::default() };
    let strokes = typed(1000, CODE, [8; 22], false);
    assert_eq!(play_on(bare, &strokes, 16, None, false).scans, [Ok(CODE.to_owned())]);
}

#[test]
fn prefix_and_suffix_are_taken_off_and_missed() {
    let scanner = || Scanner { prefix: "~".to_owned(), suffix: "#".to_owned(), ..Scanner::default() };
    let read = |text: &str| play_on(scanner(), &typed(1000, text, [5; 60], true), 16, None, false).scans;
    assert_eq!(read("~STUDENT-1#"), [Ok("STUDENT-1".to_owned())]);
    assert_eq!(read("STUDENT-1#"), [Err(Misscan::NoPrefix)]);
    assert_eq!(read("~STUDENT-1"), [Err(Misscan::Incomplete)]);
}

#[test]
fn what_the_keyboard_changes_is_refused_with_the_reason() {
    let change = |text: fn(char) -> char| {
        let strokes: Vec<Timed> = typed(1000, "Code-12345", [5; 11], true)
            .into_iter()
            .map(|(at, stroke)| match stroke {
                Stroke::Text(c) => (at, Stroke::Text(text(c))),
                other => (at, other),
            })
            .collect();
        play(&strokes, 16, false).scans
    };
    let turned = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    assert_eq!(change(turned), [Err(Misscan::CapsLock)]);
    assert_eq!(change(|c| if c == '-' { 'ß' } else { c }), [Err(Misscan::Layout)]);
    assert_eq!(change(|c| char::from_u32(c as u32 + 0xfee0).unwrap()), [Err(Misscan::FullWidth)]);
    // A dead key types nothing.
    let dead: Vec<Timed> = typed(1000, "Code-12345", [5; 11], true)
        .into_iter()
        .filter(|(_, stroke)| *stroke != Stroke::Text('-'))
        .collect();
    assert_eq!(play(&dead, 16, false).scans, [Err(Misscan::Layout)]);
    let lines =
        [typed(1000, "BEGIN:VCARD", [5; 12], true), typed(1065, "VERSION:3.0", [5; 12], true)].concat();
    assert_eq!(play(&lines, 16, false).scans, [Err(Misscan::Lines)]);
    let endless = typed(1000, &"7".repeat(6000), std::iter::repeat(1), true);
    let played = play(&endless, 16, false);
    assert_eq!((played.scans, played.passed.len()), (vec![Err(Misscan::TooLong)], 0));
}

#[test]
fn an_input_method_in_haste_is_a_scanner_and_in_no_haste_a_person() {
    let compose = |pause: i64| (0..60).map(|n| (1000 + n * pause, Stroke::Composed)).collect::<Vec<_>>();
    let scanner = play(&compose(4), 16, true);
    assert_eq!(scanner.scans, [Err(Misscan::InputMethod)]);
    assert!(scanner.passed.len() < 60, "the rest is kept from the field");
    let person = play(&compose(45), 16, true);
    assert_eq!((person.scans, person.passed.len()), (vec![], 60));
}

/// A window that stands still gets a person's keys all at once.
#[test]
fn a_window_that_stood_still_takes_no_person_for_a_scanner() {
    let strokes = typed(1000, "20230117", [110; 9], true);
    for from in (960..2000).step_by(20) {
        for length in [200, 500, 900] {
            let played = play_on(Scanner::default(), &strokes, 16, Some((from, length)), true);
            assert_eq!(played.scans, [], "still from {from} for {length}");
            assert_eq!(played.passed.len(), strokes.len(), "still from {from} for {length}");
        }
    }
}

/// Pauses of a fast typist: 60 words a minute on average, now and then two keys at once.
fn human_pauses() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![6 => 70..400_i64, 2 => 45..70_i64, 1 => 5..45_i64], 40)
        // Nobody rolls over three keys again and again.
        .prop_map(|mut pauses| {
            for n in 1..pauses.len() {
                if pauses[n - 1] < 45 {
                    pauses[n] = pauses[n].max(60);
                }
            }
            pauses
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_person_types_reaches_the_field_in_its_order(
        text in "[a-zA-Z0-9 ]{1,38}", pauses in human_pauses(), every in 4..40_i64, enter: bool,
    ) {
        let strokes = typed(1000, &text, pauses, enter);
        let played = play(&strokes, every, true);
        prop_assert_eq!(played.scans, vec![]);
        prop_assert_eq!(played.passed, strokes.into_iter().map(|(_, stroke)| stroke).collect::<Vec<_>>());
    }

    #[test]
    fn what_a_scanner_types_is_read_to_the_letter_whatever_it_says(
        text in "[ -~]{10,400}", every in 4..40_i64, in_field: bool, pace in 1..=30_i64,
        jitter in prop::collection::vec(-3..=3_i64, 401),
    ) {
        let pauses = jitter.into_iter().map(|more| (pace + more).max(1));
        let strokes = typed(1000, &text, pauses, true);
        let played = play(&strokes, every, in_field);
        prop_assert_eq!(played.passed, vec![]);
        prop_assert_eq!(played.scans, vec![Ok(text)]);
    }

    /// Whatever happens to a scan on its way, it is read whole, or refused, and none of it is a shortcut.
    #[test]
    fn a_scan_with_a_pause_anywhere_is_whole_or_refused(
        text in "[A-Z0-9]{20,60}", at in 1..60_usize, pause in 50..980_i64, every in 4..40_i64,
        stall in prop::option::of((1000..1600_i64, 50..800_i64)),
    ) {
        let at = at.min(text.len() - 1);
        let first = typed(1000, &text[..at], [6; 60], false);
        let second = typed(1000 + at as i64 * 6 + pause, &text[at..], [6; 60], true);
        let played = play_on(Scanner::default(), &[first, second].concat(), every, stall, false);
        for read in played.scans.iter().flatten() {
                // A few letters and a silence were a person's.
                let new_beginning = (at as i64) < 6 && pause >= 250 && *read == text[at..];
                prop_assert!(*read == text || new_beginning, "{} of {} letters", read.len(), text.len());
        }
        let ends = played.passed.iter().filter(|stroke| **stroke == Stroke::End).count();
        prop_assert_eq!(ends, 0, "an Enter that keeps a portrait");
        prop_assert!(played.passed.len() <= 3, "one key at most: {:?}", played.passed);
    }
}

/// The window's own events of an American keyboard, as the toolkit makes them.
fn events(c: char) -> Vec<Event> {
    let shift = c.is_ascii_uppercase();
    let key = match c {
        ' ' => Key::Space,
        '\n' => Key::Enter,
        '/' => Key::Slash,
        '=' => Key::Equals,
        '-' => Key::Minus,
        c => Key::from_name(&c.to_uppercase().to_string()).unwrap(),
    };
    let modifiers = Modifiers { shift, ..Modifiers::NONE };
    let press = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
    let text = (c != '\n').then(|| Event::Text(c.to_string()));
    [Some(press(true)), text, Some(press(false))].into_iter().flatten().collect()
}

/// A screen with a field to type into, and the keys' way in before it.
struct Desk {
    harness: Harness<'static, (View, Vec<Wish>, Board, String)>,
    keys: Keys,
    scans: Vec<Result<Scan, Misscan>>,
    may_scan: bool,
    now: i64,
}

impl Desk {
    fn new(phase: Phase) -> Self {
        let harness = Harness::builder().with_context_setup(theme::apply).build_ui_state(
            |ui, (view, wishes, board, text): &mut (View, Vec<Wish>, Board, String)| {
                eframe::egui::Panel::top("field").show(ui, |ui| {
                    let label = ui.label("field");
                    ui.text_edit_singleline(text).labelled_by(label.id);
                });
                wishes.extend(window_ui(ui, view, board).iter().filter_map(|asked| match asked {
                    Asked::TurnLive => Some(Wish::Retake),
                    other => crate::screens::wish(other),
                }));
            },
            (crate::screens::view(phase), vec![], Board::default(), String::new()),
        );
        Self { harness, keys: Keys::new(Scanner::default()), scans: vec![], may_scan: true, now: 1000 }
    }

    /// A frame, this many milliseconds after the last one.
    fn frame(&mut self, ms: i64, events: Vec<Event>) {
        self.now += ms;
        let mut input = RawInput { events, ..RawInput::default() };
        let in_field = self.harness.ctx.text_edit_focused();
        self.scans.extend(self.keys.listen(Moment(self.now), in_field, &mut input, || self.may_scan));
        for event in input.events {
            self.harness.event(event);
        }
        self.harness.run();
    }

    /// A scanner types three characters a frame of 16 ms.
    fn scan(&mut self, text: &str) {
        let typed: Vec<char> = text.chars().chain(['\n']).collect();
        for few in typed.chunks(3) {
            self.frame(16, few.iter().flat_map(|c| events(*c)).collect());
        }
        for _ in 0..30 {
            self.frame(16, vec![]);
        }
    }
}

/// Every key of every screen stands in this text.
const EVERY_KEY: &str = " rbls RBLS eyJzamMiOiIx/NzAw== R";

#[test]
fn a_scan_fires_keeps_and_dismisses_nothing_on_any_screen() {
    for (phase, word) in crate::screens::phases() {
        let mut desk = Desk::new(phase);
        desk.scan(EVERY_KEY);
        assert_eq!(desk.harness.state().1, [], "{word}");
        assert_eq!(desk.scans, [Ok(Scan(EVERY_KEY.to_owned()))], "{word}");
        // Nor does one that broke off, or that is too short for a scan.
        desk.frame(5000, vec![]);
        desk.frame(16, " rR".chars().flat_map(events).collect());
        for _ in 0..30 {
            desk.frame(16, vec![]);
        }
        assert_eq!(desk.harness.state().1, [], "{word}");
    }
}

#[test]
fn a_key_alone_still_means_what_its_button_says() {
    let (scanned, _) = crate::screens::phases().remove(3);
    let mut desk = Desk::new(scanned);
    desk.frame(16, events(' '));
    assert_eq!(desk.harness.state().1, [], "it may be the first of a code");
    for _ in 0..6 {
        desk.frame(16, vec![]);
    }
    assert_eq!(desk.harness.state().1, [Wish::Fire]);
}

#[test]
fn where_no_scanner_is_plugged_in_no_key_waits_for_one() {
    let (scanned, _) = crate::screens::phases().remove(3);
    let mut desk = Desk { may_scan: false, ..Desk::new(scanned) };
    desk.frame(16, events(' '));
    assert_eq!(desk.harness.state().1, [Wish::Fire], "in the same frame");
    // It comes: from its first character on it is one. It goes in the middle of a code: nothing of that is a key.
    desk.may_scan = true;
    desk.frame(1000, vec![]);
    desk.scan(EVERY_KEY);
    assert_eq!(desk.scans, [Ok(Scan(EVERY_KEY.to_owned()))]);
    desk.frame(1000, vec![]);
    desk.frame(16, " rbls".chars().flat_map(events).collect());
    desk.may_scan = false;
    desk.frame(16, " rbls".chars().flat_map(events).collect());
    for _ in 0..60 {
        desk.frame(16, vec![]);
    }
    assert_eq!(desk.harness.state().1, [Wish::Fire]);
    desk.frame(16, events(' '));
    assert_eq!(desk.harness.state().1, [Wish::Fire; 2]);
}

#[test]
fn a_field_gets_what_a_person_types_and_nothing_of_a_scan() {
    let (idle, _) = crate::screens::phases().remove(0);
    let mut desk = Desk::new(idle);
    desk.harness.get_by_label("field").focus();
    desk.harness.run();
    for c in "zhang R".chars() {
        desk.frame(16, events(c));
        for _ in 0..6 {
            desk.frame(16, vec![]);
        }
    }
    assert_eq!(desk.harness.state().3, "zhang R");
    desk.frame(1000, vec![]);
    desk.scan(EVERY_KEY);
    assert_eq!(desk.harness.state().3, "zhang R");
    assert_eq!(desk.scans, [Ok(Scan(EVERY_KEY.to_owned()))]);
    assert_eq!(desk.harness.state().1, []);
}

#[test]
fn a_key_that_is_held_back_comes_out_in_the_window_it_was_pressed_in() {
    let mut keys = Keys::new(Scanner::default());
    let mut listen = |ms, viewport_id, events| {
        let mut input = RawInput { viewport_id, events, ..RawInput::default() };
        keys.listen(Moment(ms), false, &mut input, || true);
        input.events.len()
    };
    let (operators, sitters) = (ViewportId::ROOT, ViewportId::from_hash_of("sitter"));
    listen(1000, operators, vec![]);
    assert_eq!(listen(1016, operators, events(' ')), 0, "it may be a scanner's");
    assert_eq!(listen(1100, sitters, vec![]), 0, "nobody pressed it there");
    assert_eq!(listen(1110, operators, vec![]), 3);
}

/// Found by a tap on an idle window whose last frame had asked for another: the key was answered when the clock's minute
/// turned.
#[test]
fn a_tapped_key_wakes_the_window_although_another_frame_was_wanted_anyway() {
    let ctx = Context::default();
    let mut keys = Keys::new(Scanner::default());
    // As the window does it: keys are heard before a frame, and what is wanted next is asked for while it draws.
    let mut frame = |now: i64, events: Vec<Event>| {
        let mut input = RawInput { events, ..RawInput::default() };
        keys.listen(Moment(now), false, &mut input, || true);
        let passed = input.events.len();
        let mut output = ctx.run_ui(input, |ui| {
            keys.wake(ui.ctx());
            ui.ctx().request_repaint_after(std::time::Duration::from_secs(60));
        });
        output.textures_delta.clear();
        (passed, output.viewport_output[&ViewportId::ROOT].repaint_delay.as_millis())
    };
    let letter = |pressed| Event::Key {
        key: Key::F,
        physical_key: Some(Key::F),
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    for now in [1000, 1100] {
        frame(now, vec![]);
    }
    ctx.request_repaint();
    let (passed, _) = frame(1200, vec![letter(true), Event::Text("f".to_owned()), letter(false)]);
    assert_eq!(passed, 0, "it may be a scanner's");
    let (_, delay) = frame(1201, vec![]);
    assert!(delay <= 60, "nothing else wakes the window: it sleeps {delay} ms");
    assert_eq!(frame(1270, vec![]).0, 3, "it stood alone");
}
