//! 补拍 by a shift: who is missing, who left without a portrait and why, and what happened to whom.

use caiying::{
    screens::{DeskView, Person, Place, RetakesAsk, RetakesView, Stands},
    station::Fact,
};

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
