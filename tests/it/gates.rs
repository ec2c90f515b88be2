//! Who sits: codes looked into, gates before the shutter, and a thousand students whose codes overlap.

mod morning;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use caiying::{
    camera::{Camera, CameraError, CameraNews},
    clerk::Clerk,
    language::Language,
    portrait::ModelFinder,
    profile::{NotACode, Profile},
    scan::Sight,
    screens::CardView,
    shift::{Reception, Setup, Shift},
    shot::{Clock, Moment, ShotId, SittingId, Trigger},
    station::{
        Duty, Event, Gate, Phase, Refusal, Register, Rules, SeenCode, Sitting, Station, Take, Wish, gate,
    },
    student::{Bearer, CaptureCode, NameMask},
};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::opened;
use crate::world::{at, portrait, shot};

/// A code by the hypothesis; nobody of these names and numbers exists.
pub(crate) fn chsi(
    stamp: u64,
    number: &str,
    school: &str,
    level: &str,
    name: &str,
    four: &str,
) -> CaptureCode {
    let json = serde_json::json!({
        "sjc": stamp.to_string(), "cjm": number, "yxdm": school, "zjhm": four, "xh": format!("S{number}"),
        "cc": level, "xllb": "普通", "fy": "某某学院", "xm": name, "bh": "1",
    });
    STANDARD.encode(json.to_string()).parse().unwrap()
}

/// The ministry's standard at a school that photographs one level.
fn school() -> Profile {
    let mut profile = Profile::builtin("chsi_2017_99").unwrap();
    profile.job.school_code = Some("10001".to_owned());
    profile.job.levels = vec!["本科".to_owned()];
    profile
}

fn read(profile: &Profile, code: &CaptureCode) -> Bearer {
    profile.codes.read(code, NameMask::FirstAndLast).unwrap()
}

/// Every answer of the gate, and what goes before what.
#[test]
fn the_gate_has_an_answer_for_everybody() {
    let profile = school();
    let rules = Rules::of(&profile);
    let mut register = Register::default();
    let bearer = |number, school, level, name| read(&profile, &chsi(1, number, school, level, name, "1234"));
    let kept = bearer("A", "10001", "本科", "张*三");
    register.keep(&kept);
    let ask = |bearer: &Bearer| gate(bearer, &rules, &register);
    assert_eq!(ask(&kept), Gate::KeptBefore);
    assert_eq!(ask(&bearer("B", "10001", "本科", "李*")), Gate::Open);
    assert_eq!(ask(&bearer("B", "10001", "本科", "张*三")), Gate::Shut(Refusal::SecondCode));
    let wanted = "10001".to_owned();
    let wrong = Refusal::WrongSchool { holds: "10002".to_owned(), wanted };
    assert_eq!(ask(&bearer("A", "10002", "专科", "张*三")), Gate::Shut(wrong), "the school goes first");
    let wrong = Refusal::WrongLevel { holds: "专科".to_owned(), wanted: vec!["本科".to_owned()] };
    assert_eq!(ask(&bearer("A", "10001", "专科", "张*三")), Gate::Shut(wrong));
    assert_eq!(ask(&Bearer::unknown(&"CLOSED".parse().unwrap())), Gate::Open, "a closed code says nothing");
    assert_eq!(gate(&bearer("B", "10002", "专科", "李*"), &Rules::default(), &register), Gate::Open);
    let (new, shut) =
        (bearer("B", "10001", "本科", "李*"), |retake| Gate::Shut(Refusal::NotOnDuty { retake }));
    let first_only = Rules { duty: Duty { first: true, retakes: false }, ..rules.clone() };
    assert_eq!(
        (gate(&kept, &first_only, &register), gate(&new, &first_only, &register)),
        (shut(true), Gate::Open)
    );
    let retakes_only = Rules { duty: Duty { first: false, retakes: true }, ..rules.clone() };
    assert_eq!(
        (gate(&kept, &retakes_only, &register), gate(&new, &retakes_only, &register)),
        (Gate::KeptBefore, shut(false))
    );
    let full = Rules { no_room: true, ..retakes_only };
    assert_eq!(
        [&kept, &new].map(|one| gate(one, &full, &register)),
        [Gate::Shut(Refusal::NoRoom), Gate::Shut(Refusal::NoRoom)]
    );
}

#[test]
fn a_full_disk_seats_nobody_and_lets_whoever_sits_be_finished() {
    let mut station = Station::resuming_at(SittingId(1));
    let seen = |text: &str| Event::CodeSeen(SeenCode::unread(text.parse().unwrap()));
    station.step(at(1), seen("A"));
    station.step(at(2), Event::Room(false));
    assert!(matches!(station.phase(), Phase::CodeScanned(_)));
    station.step(at(3), Event::Wished(Wish::Dismiss));
    station.step(at(4), seen("B"));
    assert!(matches!(station.phase(), Phase::Refused(Some(_), Refusal::NoRoom)), "{:?}", station.phase());
    // He waits until there is room.
    station.step(at(5), Event::Room(true));
    assert!(station.phase().sitting().is_some_and(|sitting| sitting.code == "B".parse().unwrap()));
}

#[test]
fn what_a_phone_holds_beside_the_code_says_what_it_is() {
    let (graduates, freshmen) = (school(), Profile::builtin("tender_freshmen").unwrap());
    let kind =
        |profile: &Profile, text: &str| match profile.codes.read(&text.parse().unwrap(), NameMask::First) {
            Err(NotACode::Foreign(what)) => Some(what.zh),
            _ => None,
        };
    for (text, what) in [
        ("wxp://f2f0abc", "付款码"),
        ("https://qr.alipay.com/fkx0", "付款码"),
        ("134567890123456789", "付款码"),
        ("281234567890123456", "付款码"),
        ("https://www.chsi.com.cn/", "网址"),
        ("weixin://dl/business", "网址"),
        ("tel:10086", "网址"),
        ("WIFI:T:WPA;S:school;P:x;;", "名片或无线网码"),
        ("BEGIN:VCARD", "名片或无线网码"),
    ] {
        assert_eq!(kind(&graduates, text).as_deref(), Some(what), "{text}");
    }
    for text in ["REHEARSAL-1", "2026000123", "eyJ4bSI6MX0=", "1234567890", "https"] {
        assert_eq!(kind(&graduates, text), None, "{text}");
    }
    // An id number begins as a payment code does: where a roster says who sits, it is no payment.
    assert_eq!(kind(&freshmen, "110105194912310021"), None);
    assert_eq!(kind(&freshmen, "wxp://f2f0abc").as_deref(), Some("付款码"));
}

/// Whatever a phone holds: nothing breaks, and nothing reaches the screen that has not the shape of its kind.
fn shown_of(profile: &Profile, bytes: &[u8]) -> Option<CardView> {
    let code = CaptureCode::try_from(bytes).ok()?;
    let bearer = profile.codes.read(&code, NameMask::FirstAndLast).ok()?;
    let answer = gate(&bearer, &Rules::of(profile), &Register::default());
    assert_ne!(answer, Gate::KeptBefore, "nobody is kept");
    CardView::of(&bearer, profile)
}

fn is_fit_to_be_seen(card: &CardView) -> bool {
    let CardView { name, last_four, class, student_number, .. } = card;
    let strange = |c: char| {
        let turns_about = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
        c.is_control() || turns_about || "/\\<>;\"|&$`".contains(c)
    };
    [name, last_four, class, student_number]
        .into_iter()
        .flatten()
        .all(|text| !text.is_empty() && text.chars().count() <= 40 && !text.chars().any(strange))
        && last_four.as_ref().is_none_or(|four| four.chars().count() <= 4)
        && name.as_ref().is_none_or(|name| name.contains(['*', '＊']))
}

#[test]
fn hostile_codes_are_refused_or_carried_unseen() {
    let profile = school();
    for text in ["\0\0\0", "a\u{0}b", &"x".repeat(4096), "'; DROP TABLE sitting; --", "../../../etc/passwd"] {
        assert_eq!(shown_of(&profile, text.as_bytes()), None, "{text:?}");
    }
    assert_eq!(shown_of(&profile, &[0xff, 0xfe, 0x00]), None);
    for name in ["张\u{202e}*三", "<script>*", "张*三\0", "*; rm -rf /", &"*".repeat(41)] {
        let code = chsi(1, "A", "10001", "本科", name, "1234");
        assert_eq!(shown_of(&profile, code.expose().as_bytes()), None, "{name:?}");
    }
    let full = chsi(1, "A", "10001", "本科", "张小三", "11010519491231002X");
    let card = shown_of(&profile, full.expose().as_bytes()).unwrap();
    assert_eq!((card.name.as_deref(), card.last_four.as_deref()), (Some("张*三"), Some("002X")));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn no_payload_shows_what_must_not_be_seen(
        bytes in prop::collection::vec(any::<u8>(), 0..4200),
        values in prop::collection::vec("[张*三A-Z0-9'\u{202e}\u{0}/;<. -]{0,45}", 6),
        dressed in any::<bool>(),
    ) {
        let profile = school();
        prop_assert!(shown_of(&profile, &bytes).is_none_or(|card| is_fit_to_be_seen(&card)));
        let json = serde_json::json!({
            "cjm": values[0], "yxdm": values[1], "zjhm": values[2], "xh": values[3], "cc": values[4], "xm": values[5],
        });
        let text = if dressed { STANDARD.encode(json.to_string()) } else { json.to_string() };
        prop_assert!(shown_of(&profile, text.as_bytes()).is_none_or(|card| is_fit_to_be_seen(&card)));
    }
}

/// A camera nobody fires.
struct Nobody;

impl Camera for Nobody {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: std::time::Duration) -> CameraNews {
        std::thread::sleep(patience);
        CameraNews::Quiet
    }
}

fn begin(store: &TempDir, profile: Profile) -> Shift {
    Shift::begin(Setup {
        store: opened::store(store.path().join("store")),
        station: "test".to_owned(),
        profile: Arc::new(profile),
        camera: Box::new(Nobody),
        by_hand: false,
        webcam: None,
        finder: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        glancer: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        clock: Clock::start(),
        wake: Arc::new(|| {}),
        rehearsal: false,
        language: Language::Chinese,
        reception: Reception::default(),
        id_reader: None,
        calibration: None,
    })
    .unwrap()
}

#[test]
fn the_wired_station_refuses_and_says_whom() {
    let store = tempfile::tempdir().unwrap();
    let mut shift = begin(&store, school());
    shift.see(Sight::Seen("wxp://f2f0".parse().unwrap()));
    assert!(matches!(shift.phase(), Phase::Refused(None, Refusal::NotACode(NotACode::Foreign(_)))));
    shift.see(Sight::TwoCodes);
    assert!(matches!(shift.phase(), Phase::Refused(None, Refusal::TwoCodes)));
    let elsewhere = chsi(1, "A", "10002", "本科", "张*三", "1234");
    shift.see(Sight::Seen(elsewhere));
    assert!(matches!(shift.phase(), Phase::Refused(Some(_), Refusal::WrongSchool { .. })));
    shift.wish(Wish::LetIn);
    assert!(shift.phase().sitting().is_none(), "another school's student is no operator's to let in");
    assert_eq!(shift.view().card.and_then(|card| card.name).as_deref(), Some("张*三"), "it is said whom");
    let here = chsi(1, "A", "10001", "本科", "张*三", "1234");
    shift.see(Sight::Seen(here));
    let view = shift.view();
    assert!(matches!(view.phase, Phase::CodeScanned(_)));
    assert_eq!(view.card.and_then(|card| card.name).as_deref(), Some("张*三"));
    shift.see(Sight::TwoCodes);
    assert!(matches!(shift.phase(), Phase::CodeScanned(_)), "whoever sits goes on sitting");
}

/// Keeps a portrait as the clerk does for a station, in a store nobody else has open.
fn keep(clerk: &mut Clerk, profile: &Profile, n: u64, code: &CaptureCode, retake: bool) {
    let seen = SeenCode { code: code.clone(), bearer: read(profile, code) };
    let sitting = Sitting { takes: 1, ..Sitting::new(SittingId(n), seen, at(1), retake) };
    let taken = shot(n, Trigger::Body, 2);
    clerk.seat(Moment(1), &sitting).unwrap();
    clerk.shelve(Moment(2), &taken, Some(&sitting)).unwrap();
    clerk.keep(Moment(3), &sitting, &Take::of(taken, portrait(ShotId(n)))).unwrap();
}

/// A retake with a code that was downloaded again takes the place of the first portrait: one student, one delivery.
#[test]
fn a_code_downloaded_again_is_no_second_student() {
    let folder = tempfile::tempdir().unwrap();
    let (store, profile) = (folder.path().join("store"), school());
    let download = |stamp| chsi(stamp, "A", "10001", "本科", "张*三", "1234");
    std::fs::create_dir_all(&store).unwrap();
    let (mut clerk, _) = opened::clerk(&store, "test", "p", at(0)).unwrap();
    keep(&mut clerk, &profile, 1, &download(1), false);
    keep(&mut clerk, &profile, 2, &download(2), true);
    let current = clerk.ledger().current().unwrap();
    let held: Vec<_> = current.iter().map(|parcel| (parcel.sitting, parcel.code.clone())).collect();
    assert_eq!(held, [(SittingId(2), download(2))], "to the letter as it was scanned last");
    let tally = clerk.ledger().tally(Moment(0)).unwrap();
    assert_eq!((tally.students, tally.sittings), (1, 2));
    drop(clerk);

    let mut shift = begin(&folder, profile);
    shift.see(Sight::Seen(download(3)));
    assert!(matches!(shift.phase(), Phase::KeptBefore(_)), "a third download, on the next day");
    drop(shift);

    // A profile that looks into no code takes every download for a student of its own again, in both directions.
    let mut closed = school();
    closed.codes.decoders = vec![caiying::profile::Decoder::Opaque];
    let mut shift = begin(&folder, closed);
    shift.see(Sight::Seen(download(3)));
    assert!(matches!(shift.phase(), Phase::CodeScanned(_)));
    drop(shift);
    assert_eq!(opened::ledger(&store).unwrap().current().unwrap().len(), 2);
    drop(begin(&folder, school()));
    assert_eq!(opened::ledger(&store).unwrap().current().unwrap().len(), 1);
}

/// Two downloads that nobody knew for one person's when they were kept: neither portrait names the other. A person is
/// asked, and one is delivered meanwhile.
#[test]
fn two_downloads_kept_as_two_students_go_to_a_person_when_they_turn_out_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut closed) = (folder.path().join("store"), school());
    closed.codes.decoders = vec![caiying::profile::Decoder::Opaque];
    let download = |stamp| chsi(stamp, "A", "10001", "本科", "张*三", "1234");
    std::fs::create_dir_all(&store).unwrap();
    let (mut clerk, _) = opened::clerk(&store, "test", "p", at(0)).unwrap();
    keep(&mut clerk, &closed, 1, &download(1), false);
    keep(&mut clerk, &closed, 2, &download(2), false);
    assert_eq!((clerk.ledger().current().unwrap().len(), clerk.ledger().doubles().unwrap()), (2, vec![]));
    drop(clerk);
    drop(begin(&folder, school()));
    let ledger = opened::ledger(&store).unwrap();
    let doubles = ledger.doubles().unwrap();
    assert_eq!(doubles.iter().map(|double| double.portraits.len()).collect::<Vec<_>>(), [2], "{doubles:?}");
    assert_eq!(ledger.current().unwrap().len(), 1);
}

/// If the number in codes were a whole batch's, nobody's portrait may take the place of another's, today or after the
/// next start.
#[test]
fn a_number_that_is_no_number_costs_nobody_a_portrait() {
    let folder = tempfile::tempdir().unwrap();
    let (store, profile) = (folder.path().join("store"), school());
    std::fs::create_dir_all(&store).unwrap();
    let (one, two) = (
        chsi(1, "BATCH", "10001", "本科", "张*三", "1234"),
        chsi(1, "BATCH", "10001", "本科", "李*", "5678"),
    );
    let (mut clerk, _) = opened::clerk(&store, "test", "p", at(0)).unwrap();
    keep(&mut clerk, &profile, 1, &one, false);
    drop(clerk);
    let mut shift = begin(&folder, profile.clone());
    shift.see(Sight::Seen(two.clone()));
    // The same school and "student number" look like a second enrolment: a person is asked, and lets him in.
    assert!(matches!(shift.phase(), Phase::Refused(Some(_), Refusal::SecondCode)));
    shift.wish(Wish::LetIn);
    let sitting = shift.phase().sitting().unwrap().clone();
    assert_ne!(sitting.bearer.key, read(&profile, &one).key);
    drop(shift);
    let (mut clerk, _) = opened::clerk(&store, "test", "p", at(0)).unwrap();
    let taken = shot(2, Trigger::Body, 2);
    let again = Sitting { id: SittingId(3), ..sitting };
    clerk.seat(Moment(4), &again).unwrap();
    clerk.shelve(Moment(5), &taken, Some(&again)).unwrap();
    clerk.keep(Moment(6), &again, &Take::of(taken, portrait(ShotId(2)))).unwrap();
    drop(clerk);
    drop(begin(&folder, profile));
    assert_eq!(opened::ledger(&store).unwrap().current().unwrap().len(), 2, "both are still there");
}

#[test]
fn codes_of_a_profile_are_checked() {
    let changed = |change: &str| {
        let text = format!("based_on = \"chsi_2017_99\"\n{change}");
        Profile::parse("try", &text, |name| caiying::profile::builtin_text(name).map(str::to_owned))
    };
    let form = "[[codes.forms]]\nname = \"card\"\nmatches = '^C;'\nfields = { \"学号\" = 'no=([0-9]+)' }\n";
    assert!(changed(&format!("[codes]\ndecoders = [\"card\", \"opaque\"]\n{form}")).is_ok());
    for (change, key, said) in [
        ("codes.decoders = []".to_owned(), "codes.decoders", "no code would be read"),
        ("codes.decoders = [\"card\"]".to_owned(), "codes.decoders", "no form named \"card\""),
        ("codes.decoders = [\"opaque\", \"opaque\"]".to_owned(), "codes.decoders", "twice"),
        (form.to_owned(), "codes.forms[0]", "does not name"),
        (
            format!("[codes]\ndecoders = [\"card\"]\n{}", form.replace("学号", "姓名")),
            "codes.forms[0].fields",
            "nobody could be known again",
        ),
        (
            format!("[codes]\ndecoders = [\"card\"]\n{}", form.replace("'^C;'", "'('")),
            "codes.forms[0].matches",
            "unclosed group",
        ),
        ("codes.decodres = []".to_owned(), "codes.decodres", "no such key"),
        ("job.levels = [\"本科\", \"本科\"]".to_owned(), "job.levels", "twice"),
    ] {
        let err = changed(&change).expect_err(&change);
        assert_eq!(err.key, key, "{change}: {err}");
        assert!(err.reason.to_string().contains(said), "{change}: {err}");
    }
}

#[test]
fn a_thousand_students_whose_codes_overlap_are_each_himself() {
    for seed in 1..=5 {
        let played = morning::play(&school(), seed, 1000, morning::Operator::Looks);
        eprintln!("seed {seed}: {played:?}");
        assert_eq!((played.wrong, played.doubled), (0, 0), "seed {seed}: {played:?}");
        assert!(played.served >= 800, "seed {seed}: {played:?}");
    }
    // The judge can tell: an operator who never looks at the card photographs whoever sits.
    let blind = morning::play(&school(), 1, 1000, morning::Operator::Blind);
    eprintln!("blind: {blind:?}");
    assert!(blind.wrong > 0, "{blind:?}");
}
