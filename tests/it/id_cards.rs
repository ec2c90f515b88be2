//! The identity card reader: a serial conversation over a pseudo-terminal with a reader that these tests play. What is
//! played is what is published of the protocol; no real reader has been tried.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use caiying::{
    portrait::ModelFinder,
    scan::{IdCard, IdReader, IdReaderError},
    screens::TroubleKind,
    shift::{Setup, Shift},
    shot::Clock,
    station::{Phase, Wish},
};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::shifts::{
    called::{ROSTER, store_with},
    plain, setup, until,
};

/// What lies on the reader, or is wrong with it.
#[derive(Debug, Clone, PartialEq)]
enum Play {
    NoCard,
    Card {
        name: &'static str,
        number: &'static str,
    },
    /// Found, but gone when it is selected; found and selected, but gone when it is read.
    GoneBeforeSelect,
    GoneWhileRead,
    WrongCheckSum,
    Silent,
    /// Half an answer, and nothing more.
    BreaksOff,
    Garbage,
    /// A good card after noise and the rest of an older answer.
    Noisy,
    /// Another document: its text lies otherwise.
    OtherCard,
    /// A length that cannot be.
    TooLong,
}

const GOOD: Play = Play::Card { name: "张小三", number: "11010519491231002X" };

/// A reader on a pseudo-terminal.
struct Reader {
    port: PathBuf,
    play: Arc<Mutex<Play>>,
    // Held open, so that the terminal lives while the program comes and goes.
    _other_end: File,
}

impl Reader {
    fn new(play: Play) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let port = PathBuf::from(ptsname(&master, Vec::new()).unwrap().into_string().unwrap());
        let other_end = OpenOptions::new().read(true).write(true).open(&port).unwrap();
        let play = Arc::new(Mutex::new(play));
        let played = Arc::clone(&play);
        let played_by = std::thread::Builder::new().name("reader".to_owned());
        played_by.spawn(move || converse(&mut File::from(master), &played)).unwrap();
        Self { port, play, _other_end: other_end }
    }

    fn now(&self, play: Play) {
        *self.play.lock().unwrap() = play;
    }

    fn look(&self) -> Result<Option<IdCard>, IdReaderError> {
        IdReader::open(&self.port).unwrap().look()
    }
}

fn converse(line: &mut File, play: &Mutex<Play>) {
    let mut asked = [0; 10];
    while line.read_exact(&mut asked).is_ok() {
        assert_eq!(
            asked[..7],
            [0xaa, 0xaa, 0xaa, 0x96, 0x69, 0, 3],
            "length counts command, parameter and sum"
        );
        assert_eq!(asked[5..].iter().fold(0, |sum, byte| sum ^ byte), 0, "the sum covers length and command");
        let answer = answer(&play.lock().unwrap(), [asked[7], asked[8]]);
        line.write_all(&answer).unwrap();
    }
}

fn answer(play: &Play, command: [u8; 2]) -> Vec<u8> {
    let found = || frame(0x9f, &[0; 4]);
    let selected = || frame(0x90, &[0; 8]);
    match (play, command) {
        (Play::Silent, _) => vec![],
        (Play::Garbage, _) => vec![0x55; 5_000],
        (Play::BreaksOff, _) => found()[..9].to_vec(),
        (Play::TooLong, _) => vec![0xaa, 0xaa, 0xaa, 0x96, 0x69, 0xff, 0xff, 0, 0],
        (Play::NoCard, _) => frame(0x80, &[]),
        (Play::WrongCheckSum, [0x30, 0x01]) => {
            let mut bytes = card("张小三", "11010519491231002X");
            bytes[20] ^= 1;
            bytes
        }
        (Play::GoneBeforeSelect, [0x20, 0x02]) => frame(0x81, &[]),
        (Play::GoneWhileRead, [0x30, 0x01]) => frame(0x41, &[]),
        (Play::Noisy, [0x20, 0x01]) => [&[0, 0xaa, 0xaa, 0x96, 0x69, 0xaa], &found()[..]].concat(),
        (Play::Noisy, [0x30, 0x01]) => card("张小三", "11010519491231002X"),
        (Play::OtherCard, [0x30, 0x01]) => card("ZHANG XIAO SAN", "not a number"),
        (Play::Card { name, number }, [0x30, 0x01]) => card(name, number),
        (_, [0x20, 0x01]) => found(),
        (_, [0x20, 0x02]) => selected(),
        _ => frame(0x21, &[]),
    }
}

/// Preamble, length, three bytes of status, data, sum.
fn frame(status: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 4).unwrap().to_be_bytes();
    let body = [&length[..], &[0, 0, status], data].concat();
    let sum = body.iter().fold(0, |sum, byte| sum ^ byte);
    [&[0xaa, 0xaa, 0xaa, 0x96, 0x69][..], &body, &[sum]].concat()
}

/// 256 bytes of text and 1024 of photo: 1,295 bytes in all, as published.
fn card(name: &str, number: &str) -> Vec<u8> {
    let fields =
        [(name, 15), ("1", 1), ("01", 2), ("19491231", 8), ("北京市朝阳区", 35), (number, 18), ("", 49)];
    let text: Vec<u8> = fields
        .iter()
        .flat_map(|(text, units)| {
            let padding = std::iter::repeat_n(u16::from(b' '), units - text.encode_utf16().count());
            text.encode_utf16().chain(padding).flat_map(u16::to_le_bytes)
        })
        .collect();
    assert_eq!(text.len(), 256);
    let answer = frame(0x90, &[&[1, 0, 4, 0][..], &text, &[7; 1024]].concat());
    assert_eq!(answer.len(), 1_295);
    answer
}

#[test]
fn a_good_card_gives_name_and_number_and_nothing_else() {
    let reader = Reader::new(GOOD);
    for play in [GOOD, Play::Noisy] {
        reader.now(play);
        let card = reader.look().unwrap().unwrap();
        assert_eq!((card.name.as_str(), card.number.expose()), ("张小三", "11010519491231002X"));
        assert_eq!(format!("{card:?}"), "IdCard(..)");
    }
    reader.now(Play::NoCard);
    assert_eq!(reader.look().unwrap(), None);
}

#[test]
fn whatever_goes_wrong_is_named_and_the_next_card_is_read() {
    let reader = Reader::new(Play::NoCard);
    let mut open = IdReader::open(&reader.port).unwrap();
    for (play, said) in [
        (Play::GoneBeforeSelect, "TakenAway"),
        (Play::GoneWhileRead, "TakenAway"),
        (Play::WrongCheckSum, "Garbled"),
        (Play::Silent, "Silent"),
        (Play::BreaksOff, "Silent"),
        (Play::Garbage, "Garbled"),
        (Play::TooLong, "Garbled"),
        (Play::OtherCard, "OtherCard"),
        (Play::Card { name: "张小三", number: "110105194912310021" }, "OtherCard"),
    ] {
        reader.now(play.clone());
        let err = open.look().unwrap_err();
        assert_eq!(format!("{err:?}"), said, "{play:?}");
        reader.now(GOOD);
        assert!(open.look().unwrap().is_some(), "after {play:?}");
    }
}

#[test]
fn a_port_that_is_not_there_says_so() {
    assert!(matches!(IdReader::open("/dev/ttyNothing".as_ref()), Err(IdReaderError::Port(_))));
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(IdReader::open(file.path()), Err(IdReaderError::Port(_))), "a file is no port");
}

#[test]
fn a_card_calls_the_student_it_belongs_to_once_and_nobody_else() {
    let reader = Reader::new(Play::NoCard);
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(folder.path(), ROSTER);
    let clock = Clock::start();
    let finder = Box::new(|| Ok(Box::new(ModelFinder::new()?) as Box<dyn caiying::portrait::FaceFinder>));
    let setup = Setup { id_reader: Some(reader.port.clone()), ..setup(&store, clock, plain(clock), finder) };
    let mut shift = Shift::begin(setup).unwrap();
    reader.now(GOOD);
    let view = until(&mut shift, "he sits", |view| matches!(view.phase, Phase::CodeScanned(_)));
    let card = view.card.unwrap();
    assert_eq!((card.name.as_deref(), card.last_four.as_deref()), (Some("张*三"), Some("002X")));
    // The card stays there: it calls nobody a second time.
    shift.wish(Wish::Dismiss);
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(50));
        shift.pump();
    }
    assert!(matches!(shift.view().phase, Phase::Idle), "{:?}", shift.view());
    // The number is in the roster, under another name.
    reader.now(Play::Card { name: "李肆", number: "440524188001010014" });
    let view = until(&mut shift, "it is asked", |view| view.lookup.all == 1);
    assert!(matches!(view.phase, Phase::Idle) && view.lookup.found[0].name == "李*");
    shift.choose(0);
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)));
    comes_next(&reader, &mut shift);
    unknown_card(&reader, &mut shift);
    reader.now(Play::Silent);
    until(&mut shift, "it is silent", |view| view.troubles.iter().any(|t| t.kind == TroubleKind::IdReader));
    reader.now(Play::NoCard);
    until(&mut shift, "it is back", |view| view.troubles.iter().all(|t| t.kind != TroubleKind::IdReader));
}

/// Somebody sits: whose card is laid there comes next, and goes on not sitting until a person has said that it is he.
fn comes_next(reader: &Reader, shift: &mut Shift) {
    let sits = shift.view().phase;
    reader.now(GOOD);
    let view = until(shift, "he comes next", |view| !view.line.is_empty());
    let card = view.line[0].card.clone().unwrap();
    assert_eq!((view.phase, view.line.len(), view.line[0].by_name), (sits, 1, true));
    assert_eq!(card.last_four.as_deref(), Some("002X"));
    shift.wish(Wish::Dismiss);
    assert!(matches!(shift.view().phase, Phase::Awaited(_)));
    shift.wish(Wish::Seat);
    assert_eq!(shift.view().card, Some(card));
    shift.wish(Wish::Dismiss);
    assert!(matches!(shift.view().phase, Phase::Idle));
    // What was typed finds nobody; who would be asked about by the card is not whom the operator types for.
    shift.search("9999");
    reader.now(Play::Card { name: "李肆", number: "440524188001010014" });
    let view =
        until(shift, "it is not taken", |view| view.troubles.iter().any(|t| t.kind == TroubleKind::Notice));
    assert_eq!((view.lookup.all, view.troubles[0].words.headline.zh.contains("没有接受身份证")), (0, true));
    shift.stop_searching();
}

/// A card the roster does not know: its bearer is let in by a reason alone, under the card's number.
fn unknown_card(reader: &Reader, shift: &mut Shift) {
    reader.now(Play::Card { name: "王五", number: "110105194912310054" });
    let view = until(shift, "the card is unknown", |view| view.lookup.card.is_some());
    assert_eq!(view.lookup.card.as_deref(), Some("王* 0054"));
    shift.let_in("", "", "补录新生");
    assert!(matches!(shift.view().phase, Phase::CodeScanned(_)));
    shift.wish(Wish::Dismiss);
}
