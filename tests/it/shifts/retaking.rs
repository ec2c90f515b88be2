//! 补拍 by a shift: who is missing, who left without a portrait and why, and what happened to whom.

use caiying::{
    screens::{Asked, Board, DeskView, Person, Place, RetakesAsk, RetakesView, Stands, theme, window_ui},
    station::Fact,
};
use eframe::egui::{Event, Key, Modifiers, Vec2};
use egui_kittest::Harness;

use super::{
    called::{ROSTER, shift_of, shoot_and_keep, store_with},
    *,
};

/// What the screen shows, as soon as it is as it should be.
fn looked_at(shift: &mut Shift, what: &str, awaited: impl Fn(&RetakesView) -> bool) -> RetakesView {
    let since = Instant::now();
    loop {
        shift.pump();
        shift.look_at(Place::Retakes);
        let DeskView::Retakes(retakes) = shift.view_at(Place::Retakes).desk else { panic!("another screen") };
        if awaited(&retakes) {
            return RetakesView::clone(&retakes);
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{what}: {retakes:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn damage(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { damage(&path) } else { fs::write(&path, "damaged").unwrap() }
    }
}

#[test]
fn who_is_missing_who_left_and_what_happened_is_told_and_one_key_seats() {
    let folder = tempfile::tempdir().unwrap();
    let mut shift = shift_of(&store_with(folder.path(), ROSTER));
    let retakes = looked_at(&mut shift, "nobody was here", |retakes| retakes.people.len() == 2);
    assert!(retakes.people.iter().all(|person| person.stands == Stands::Missing && person.is_listed()));
    assert_eq!((retakes.classes[0].expected, retakes.classes[0].kept), (2, 0));
    assert!(!format!("{retakes:?}").contains('张'), "nobody shows in a log");

    // The first one is seated from here and kept; the second sits, is shot, sent away.
    shift.retakes_ask(RetakesAsk::Seat(Person::Listed(0)));
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)));
    shoot_and_keep(&mut shift);
    shift.retakes_ask(RetakesAsk::Seat(Person::Listed(1)));
    shift.wish(Wish::Fire);
    until(&mut shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    shift.wish(Wish::Again);
    // Whoever sits is not pushed off his chair.
    shift.retakes_ask(RetakesAsk::Seat(Person::Listed(0)));
    let trouble = shift.view().troubles;
    assert!(trouble.iter().any(|trouble| trouble.words.headline.zh.contains("有考生正在就座")));
    shift.wish(Wish::Dismiss);

    let retakes = looked_at(&mut shift, "he left without one", |retakes| {
        matches!(retakes.people[1].stands, Stands::Left(Some(_)))
    });
    assert_eq!((retakes.people[0].stands.clone(), retakes.classes[0].kept), (Stands::Kept, 1));
    assert_eq!(retakes.classes[0].left, 1, "of whom is missing, he was here");
    let Stands::Left(Some(why)) = &retakes.people[1].stands else { panic!() };
    assert!(matches!(**why, Fact::Refused { .. }), "{why:?}");

    shift.retakes_ask(RetakesAsk::Look(Person::Listed(0)));
    let retakes = looked_at(&mut shift, "his history", |retakes| retakes.history.is_some());
    let history = retakes.history.unwrap();
    assert_eq!(history.of, Person::Listed(0));
    let [only] = history.sittings.as_slice() else { panic!("{history:?}") };
    assert!(only.current && only.portrait.as_ref().is_some_and(|(_, jpeg)| jpeg.starts_with(&[0xff, 0xd8])));
    assert!(only.facts.iter().any(|fact| matches!(fact, Fact::Kept { .. })));

    // A portrait whose file is damaged hides nothing of the rest.
    let store = folder.path().join("store/vault");
    damage(&store);
    shift.retakes_ask(RetakesAsk::Look(Person::Listed(0)));
    let retakes = looked_at(&mut shift, "his history", |retakes| retakes.history.is_some());
    let past = &retakes.history.unwrap().sittings[0];
    assert!(past.unreadable && past.portrait.is_none() && !past.facts.is_empty());
    // Whoever comes to the screen next finds nobody's history there.
    shift.look_at(Place::Capture);
    assert!(looked_at(&mut shift, "anew", |retakes| retakes.people.len() == 2).history.is_none());
}

/// A number is found as in the search of the capture screen, though the screen has only its last four characters.
#[test]
fn a_whole_number_and_a_whole_name_are_found_and_none_is_given_to_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let mut shift = shift_of(&store_with(folder.path(), ROSTER));
    let found = |shift: &mut Shift, typed: &str| {
        shift.retakes_ask(RetakesAsk::Search(typed.to_owned()));
        let retakes = looked_at(shift, "the list", |retakes| retakes.people.len() == 2);
        retakes.meant.map(|meant| meant.iter().cloned().collect::<Vec<_>>())
    };
    looked_at(&mut shift, "the list", |retakes| retakes.people.len() == 2);
    let first = Some(vec![Person::Listed(0)]);
    for his in ["2024001", "11010519491231002X", "11010519491231002x", "张小三", "zxs", "002X"] {
        assert_eq!(found(&mut shift, his), first, "{his}");
        assert!(!format!("{:?}", RetakesAsk::Search(his.to_owned())).contains(his));
        assert!(!format!("{shift:?}").contains(his), "{his} shows in a log");
    }
    assert_eq!(found(&mut shift, "2024009"), Some(vec![]));
    let retakes = looked_at(&mut shift, "the list", |retakes| retakes.people.len() == 2);
    for person in retakes.people.iter() {
        let said = [&person.name, &person.number, &person.last_four];
        assert!(said.iter().all(|said| said.chars().count() <= 4), "masked, and ends of numbers");
    }

    // Whoever sits in no roster is found by what the list shows of him, also when he joins it after the search began.
    shift.let_in("王五", "", "新生");
    let view = shift.view();
    let fingerprint = view.student.unwrap().fingerprint;
    shift.wish(Wish::Fire);
    until(&mut shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    assert_eq!(found(&mut shift, &fingerprint.to_string()), Some(vec![]));
    shift.wish(Wish::Dismiss);
    let his = Person::Unlisted(fingerprint);
    looked_at(&mut shift, "he is found", |retakes| {
        retakes.meant.as_ref().is_some_and(|meant| meant.len() == 1 && meant.contains(&his))
    });

    // Whoever comes to the screen next finds nobody's search there.
    shift.look_at(Place::Capture);
    assert_eq!(looked_at(&mut shift, "anew", |retakes| !retakes.people.is_empty()).meant, None);
}

/// The operator's window over a real shift, as the program draws it: what is asked for is carried out before the next
/// frame.
type Desk = Harness<'static, (Shift, Board)>;

fn desk(shift: Shift) -> Desk {
    let draw = |ui: &mut eframe::egui::Ui, (shift, board): &mut (Shift, Board)| {
        shift.pump();
        shift.look_at(board.here());
        for asked in window_ui(ui, &shift.view_at(board.here()), board) {
            if let Asked::Retakes(ask) = asked {
                shift.retakes_ask(ask);
            }
        }
    };
    let size = Vec2::new(1280.0, 720.0);
    let state = (shift, Board::default());
    Harness::builder().with_size(size).with_context_setup(theme::apply).build_ui_state(draw, state)
}

fn press(desk: &mut Desk, keys: &[Key]) {
    for key in keys {
        desk.key_press(*key);
        desk.run_steps(3);
    }
}

/// What the screen is given, as soon as it is as it should be.
fn given(desk: &mut Desk, what: &str, awaited: impl Fn(&RetakesView) -> bool) -> RetakesView {
    let since = Instant::now();
    loop {
        desk.run_steps(1);
        let (shift, board) = desk.state();
        if let DeskView::Retakes(retakes) = shift.view_at(board.here()).desk
            && awaited(&retakes)
        {
            return RetakesView::clone(&retakes);
        }
        assert!(since.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whoever is still chosen is told about again: a name with nothing below it says that nothing is on record.
#[test]
fn what_happened_to_whoever_is_chosen_is_there_again_after_coming_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = desk(shift_of(&store_with(folder.path(), ROSTER)));
    press(&mut desk, &[Key::F3, Key::ArrowDown]);
    let his = |retakes: &RetakesView| retakes.history.as_ref().is_some_and(|h| h.of == Person::Listed(0));
    given(&mut desk, "his history is told", his);
    press(&mut desk, &[Key::F2, Key::F3]);
    given(&mut desk, "his history is told again", his);

    // He is kept meanwhile and stands in another list: his name stands there all the same.
    press(&mut desk, &[Key::Enter]);
    shoot_and_keep(&mut desk.state_mut().0);
    press(&mut desk, &[Key::F3]);
    let retakes = given(&mut desk, "what came of it is told", his);
    assert!(retakes.history.unwrap().sittings.iter().any(|past| past.current));
}

/// What is looked for is looked for again, and the next student by himself.
#[test]
fn a_search_is_there_again_after_coming_back_and_the_next_one_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = desk(shift_of(&store_with(folder.path(), ROSTER)));
    let is_found = |place| {
        move |retakes: &RetakesView| {
            let only = [Person::Listed(place)].into_iter().collect();
            retakes.meant.as_deref() == Some(&only)
        }
    };
    press(&mut desk, &[Key::F3, Key::F]);
    desk.event(Event::Text("2024001".to_owned()));
    given(&mut desk, "the first one is found", is_found(0));
    press(&mut desk, &[Key::Enter, Key::F2, Key::F3]);
    given(&mut desk, "he is found again", is_found(0));
    press(&mut desk, &[Key::F]);
    // A quick finger, or a slow frame: the key that leaves the field comes together with what was typed, and the list is
    // still of whom was looked for before.
    let enter = Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    desk.input_mut().events.extend([Event::Text("440524188001010014".to_owned()), enter]);
    given(&mut desk, "the second one is found", is_found(1));
    let his = |retakes: &RetakesView| retakes.history.as_ref().is_some_and(|h| h.of == Person::Listed(1));
    given(&mut desk, "whoever alone is found is looked at", his);
    assert_eq!(desk.state().1.here(), Place::Retakes, "and nobody is seated by that key");
}
