//! What strangers hand to the station, as targets for a fuzzer: bytes in; a panic says what is wrong.
//!
//! `./dev fuzz TARGET SECONDS` lets libFuzzer look for them with our crate's coverage; the tests below give every
//! target its seeds and some thousand random changes of them, so that a target that breaks is noticed at once.

use caiying::{
    scan::{Command, Luma, Stroke, Typed, read},
    settings::Scanner,
    shot::{Exposure, Moment, Origin, Shot, ShotId, Trigger},
    station::{Effect, Event, SeenCode, Station, Wish},
    student::{CaptureCode, Roster},
};

/// A payload of a QR code: refused, or carried opaquely through a sitting; never shown raw.
pub fn payload(bytes: &[u8]) {
    let code = match CaptureCode::try_from(bytes) {
        Ok(code) => code,
        Err(err) => return hides(&format!("{err} {err:?}"), bytes),
    };
    assert_eq!(code.expose().as_bytes(), bytes, "a code is carried to the byte");
    assert!(!code.expose().chars().any(char::is_control));
    hides(&format!("{code:?} {}", code.fingerprint()), bytes);
    let command = Command::of(&code);
    assert!(command.is_none() || code.expose().to_uppercase().starts_with("CAIYING-"));
    let mut station = Station::default();
    let seen = Event::CodeSeen(SeenCode { code: code.clone(), kept_before: false });
    let effects = station.step(Moment(1000), seen);
    assert!(matches!(effects.as_slice(), [Effect::Seat(sitting)] if sitting.code == code));
    hides(&format!("{effects:?} {station:?}"), bytes);
    // The same text, and another, read in the shot itself.
    let shot = Shot {
        id: ShotId(1),
        trigger: Trigger::Body,
        exposed: Exposure::exactly(Moment(2000)),
        origin: Origin::default(),
        jpeg: vec![].into(),
    };
    station.step(Moment(3000), Event::Exposed(shot));
    assert_eq!(station.step(Moment(3000), Event::Witnessed(ShotId(1), vec![code.clone()])), []);
    if let Ok(half) = code.expose().chars().rev().collect::<String>().parse() {
        station.step(Moment(3000), Event::Witnessed(ShotId(1), vec![half]));
    }
    station.step(Moment(4000), Event::Wished(Wish::Dismiss));
}

/// No piece of a secret that a person could know it by stands in what is shown.
fn hides(shown: &str, secret: &[u8]) {
    // What numbers and our own words have in common with a text by chance is shorter than this.
    const TELLING: usize = 16;
    for piece in secret.windows(TELLING) {
        if let Ok(piece) = std::str::from_utf8(piece) {
            let telling = piece.chars().any(|c| !c.is_ascii_hexdigit() && c != ' ');
            assert!(!telling || !shown.contains(piece), "{shown:?} shows what must not be shown");
        }
    }
}

/// Keys in any rhythm: nothing of a scan is passed on, nothing is passed on twice or out of order.
pub fn keys(bytes: &[u8]) {
    let mut machine = Typed::new(Scanner::default());
    let (mut now, mut next, mut passed) = (0, 0, Vec::new());
    let mut scanned = 0;
    for batch in bytes.chunks(9) {
        let [rhythm, strokes @ ..] = batch else { continue };
        now += i64::from(*rhythm);
        let strokes = strokes.iter().map(|byte| {
            next += 1;
            let c = char::from(32 + byte % 96);
            let stroke = match byte / 32 {
                0 => Stroke::End,
                1 => Stroke::Quiet,
                2 => Stroke::Foreign,
                3 => Stroke::Down { us: Some(c), repeat: byte % 8 == 0 },
                4 => Stroke::Composed,
                5 => Stroke::Down { us: None, repeat: false },
                _ => Stroke::Text(c),
            };
            (stroke, next)
        });
        let heard = machine.hear(Moment(now), rhythm % 2 == 0, strokes.collect());
        passed.extend(heard.passed);
        scanned += heard.scans.len();
    }
    let heard = machine.hear(Moment(now + 10_000), true, vec![]);
    passed.extend(heard.passed);
    scanned += heard.scans.len();
    assert!(passed.is_sorted_by(|a, b| a < b), "every key once, in its order");
    assert!(scanned * 6 <= next, "a scan has six keys at least");
    assert_eq!(machine.wants_in_ms(), None, "silence ends everything");
}

/// A roster's file: refused in words, or every student of it is found by his own code.
pub fn roster(bytes: &[u8]) {
    match Roster::read(bytes) {
        Ok(roster) => assert!(roster.len() <= bytes.len(), "more students than bytes"),
        Err(err) => assert!(!err.to_string().is_empty()),
    }
}

/// A picture of whatever: no panic, and what is read in it lies in it.
pub fn picture(bytes: &[u8]) {
    let [width, pixels @ ..] = bytes else { return };
    // A code drawn with the bytes themselves, four pixels a module, so that mutations move modules.
    let width = usize::from(*width % 64) + 17;
    let height = pixels.len() / width;
    let (across, down) = (width * 4, height * 4);
    let grey = |n: usize| pixels.get(n / across / 4 * width + n % across / 4).copied().unwrap_or(255);
    let luma = Luma { width: across, height: down, pixels: (0..across * down).map(grey).collect() };
    for code in read(&luma) {
        let slack = 8;
        for (x, y) in code.corners {
            assert!(
                (-slack..across as i32 + slack).contains(&x) && (-slack..down as i32 + slack).contains(&y)
            );
        }
        payload(&code.bytes);
    }
    // The file of a picture, damaged.
    Luma::from_file(bytes).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random changes of seeds: bytes turned, cut out, doubled, and pieces of one in another.
    fn shake(target: fn(&[u8]), seeds: &[Vec<u8>], rounds: usize) {
        let mut dice = fastrand::Rng::with_seed(20_261_121);
        for seed in seeds {
            target(seed);
        }
        for _ in 0..rounds {
            let mut bytes = dice.choice(seeds).cloned().unwrap_or_default();
            for _ in 0..dice.usize(1..6) {
                let at = dice.usize(0..=bytes.len());
                let end = (at + dice.usize(0..20)).min(bytes.len());
                match dice.u8(0..4) {
                    0 => bytes.insert(at, dice.u8(..)),
                    1 => drop(bytes.drain(at..end)),
                    2 => bytes.extend_from_within(at..end),
                    _ => {
                        let other = dice.choice(seeds).cloned().unwrap_or_default();
                        let from = dice.usize(0..=other.len());
                        bytes.splice(at..end, other.into_iter().skip(from).take(40));
                    }
                }
            }
            target(&bytes);
        }
    }

    fn hostile() -> Vec<Vec<u8>> {
        let texts = [
            "eyJzamMiOiIxNzAwMDAwMDAwMDAwIiwiY2ptIjoiQUJDIn0=".to_owned(),
            "https://qr.alipay.com/fkx00000000000000".to_owned(),
            "../../../etc/passwd".to_owned(),
            "'; DROP TABLE kept; --".to_owned(),
            "\u{202e}\u{2066}gnp.exe\u{2069}".to_owned(),
            "a\u{0}b\u{0}c".to_owned(),
            "采集码 张*三 1234".to_owned(),
            "7".repeat(4096),
            Command::Keep.text(),
            "=cmd|' /C calc'!A0".to_owned(),
        ];
        texts.into_iter().map(String::into_bytes).chain([vec![0xff, 0xfe, 0x80], vec![]]).collect()
    }

    #[test]
    fn payloads() {
        shake(payload, &hostile(), 5_000);
    }

    #[test]
    fn rhythms_of_keys() {
        let fast: Vec<u8> = (0..90).flat_map(|n| [8, 100 + n, 230, 231, 40, 98, 233, 1, 5]).collect();
        shake(keys, &[fast, hostile().concat(), vec![255; 99]], 3_000);
    }

    #[test]
    fn rosters() {
        let table =
            "采集码,学号,姓名,身份证号\nABC,20230101,张三,11010519491231002X\n\"D,E\",2,\"李\n四\",\n";
        let seeds =
            [table.into(), [b"\xef\xbb\xbf".as_slice(), table.as_bytes()].concat(), hostile().concat()];
        shake(roster, &seeds, 3_000);
    }

    #[test]
    fn pictures() {
        // A finder pattern in each corner but one, and noise.
        let side = 33;
        let mut dice = fastrand::Rng::with_seed(1);
        let ring = |x: usize, y: usize| {
            let far = x.abs_diff(7).max(y.abs_diff(7));
            far == 3 || far < 2
        };
        let mut code = vec![16];
        for n in 0..side * side {
            let (x, y) = (n % side, n / side);
            let corner =
                [(x, y), (side - 1 - x, y), (x, side - 1 - y)].into_iter().find(|(x, y)| *x < 12 && *y < 12);
            let dark = corner.map_or_else(|| dice.bool(), |(x, y)| ring(x, y));
            code.push(if dark { 0 } else { 255 });
        }
        shake(picture, &[code, hostile().concat()], 60);
    }
}
