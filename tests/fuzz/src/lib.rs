//! What strangers hand to the station, as targets for a fuzzer: bytes in; a panic says what is wrong.
//!
//! `./dev fuzz TARGET SECONDS` lets libFuzzer look for them with our crate's coverage; the tests below give every
//! target its seeds and some thousand random changes of them, so that a target that breaks is noticed at once.

mod develop;
pub mod seeds;

pub use develop::develop;

use caiying::profile::Profile;
use caiying::{
    portrait::{Crop, Negative, Region, decode},
    scan::{Command, Luma, Stroke, Typed, read},
    settings::Scanner,
    shot::{Exposure, Moment, Origin, Shot, ShotId, Trigger},
    station::{Effect, Event, Phase, SeenCode, Station, Wish},
    student::{CaptureCode, Columns, Roster, Source},
};
use std::{
    io::{Cursor, Write as _},
    sync::LazyLock,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How the school of most jobs reads codes.
static PROFILE: LazyLock<Profile> =
    LazyLock::new(|| Profile::builtin("chsi_2017_99").expect("it is built in"));

/// A payload of a QR code: refused by the decoders and the gate, or carried through a sitting; never shown raw.
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
    let bearer = match PROFILE.codes.read(&code, PROFILE.privacy.name_mask) {
        Ok(bearer) => bearer,
        Err(what) => {
            hides(&format!("{what:?}"), bytes);
            assert_eq!(station.step(Moment(1000), Event::NotACode(what)), []);
            return assert!(matches!(station.phase(), Phase::Refused(None, _)));
        }
    };
    hides(&format!("{bearer:?}"), bytes);
    let seen = SeenCode { code: code.clone(), bearer };
    let effects = station.step(Moment(1000), Event::CodeSeen(seen.clone()));
    if code.source() != Source::Code {
        return assert_eq!(effects, [], "who is called by name has no code");
    }
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
    assert_eq!(station.step(Moment(3000), Event::Witnessed(ShotId(1), vec![seen])), []);
    if let Ok(half) = code.expose().chars().rev().collect::<String>().parse() {
        station.step(Moment(3000), Event::Witnessed(ShotId(1), vec![SeenCode::unread(half)]));
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
    match Roster::inspect(bytes, &Columns::default()) {
        Ok((roster, report)) => {
            assert!(roster.len() <= bytes.len(), "more students than bytes");
            hides(&format!("{roster:?} {report:?}"), bytes);
            let again = Roster::read(&roster.to_csv()).expect("what can be used can be read back");
            assert_eq!(again.len(), roster.len());
        }
        Err(err) => assert!(!err.to_string().is_empty()),
    }
}

/// A workbook whose shared strings and sheet are these bytes, split at the first 0xff.
pub fn workbook(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == 0xff).unwrap_or(0);
    let (strings, sheet) = bytes.split_at(at);
    let sheet = sheet.strip_prefix(b"\xff").unwrap_or(sheet);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let listed =
        r#"<workbook xmlns:r="r"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let links = r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#;
    for (name, part) in [
        ("xl/workbook.xml", listed.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        zip.start_file(name, options).expect("a part begins");
        zip.write_all(part).expect("into memory");
    }
    roster(&zip.finish().expect("into memory").into_inner());
    roster(bytes);
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

/// A camera's file: refused by the index, or every region of it is that of the whole decode. The last bytes choose
/// the region.
pub fn negative(bytes: &[u8]) {
    let Ok(negative) = Negative::open(bytes) else { return };
    let eighth = negative.eighth().expect("what is indexed has an eighth");
    let (width, height) = negative.upright_size();
    assert_eq!((eighth.width, eighth.height), (width.div_ceil(8), height.div_ceil(8)));
    // A header may claim more pixels than a fuzzer has time for.
    if u64::from(width) * u64::from(height) > 1 << 20 {
        return;
    }
    let mut choice = bytes.iter().rev().map(|byte| u32::from(*byte));
    let mut choose = |most: u32| choice.next().unwrap_or_default() * 257 % most;
    let (x, y) = (choose(width), choose(height));
    let region = Region { x, y, width: choose(width - x) + 1, height: choose(height - y) + 1 };
    // The same piece as a crop, between the pixels, and all of it; of the half there is nothing to hold it against.
    let all = Crop { x: 0.0, y: 0.0, width: width.into(), height: height.into() };
    let crop = Crop {
        x: f64::from(x) + 0.25,
        y: f64::from(y) + 0.75,
        width: f64::from(region.width) - 0.75,
        height: f64::from(region.height) - 0.75,
    };
    for crop in [all, crop] {
        let half = negative.resampled_from_half(&crop, 24, 32).expect("what is indexed has a half");
        assert_eq!(half.pixels.len(), 24 * 32 * 3);
        // The decoder may refuse a cut.
        negative.resampled(&crop, 24, 32).ok();
    }
    let (Ok(part), Ok(whole)) = (negative.region(region), decode(bytes)) else { return };
    let length = region.width as usize * 3;
    for (row, y) in part.picture.pixels.chunks_exact(length).zip(y..) {
        let from = (y * whole.width + x) as usize * 3;
        assert!(row == &whole.pixels[from..from + length], "{region:?}: row {y} differs");
    }
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
    fn workbooks() {
        let strings = "<sst><si><t>学号</t></si><si><r><t>姓</t></r><r><t>名</t></r></si></sst>";
        let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
            <row r="2"><c r="A2"><v>2023010203</v></c><c r="B2" t="inlineStr"><is><t>张三</t></is></c></row>
            <row r="3"><c r="A3"><f>A2+1</f><v>2023010204</v></c><c r="B3" t="str"><v>=1</v></c></row>
            </sheetData></worksheet>"#;
        let whole = [strings.as_bytes(), b"\xff", sheet.as_bytes()].concat();
        workbook(&whole);
        shake(workbook, &[whole, hostile().concat()], 3_000);
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

    #[test]
    fn negatives() {
        shake(negative, &seeds::of("negative"), 2_000);
    }

    /// As they are, the seeds go the whole way.
    #[test]
    fn seeds_of_developments_become_portraits() {
        let seeds = seeds::of("develop");
        let opened = seeds.iter().filter(|seed| Negative::open(&develop::drawn_out(seed).0).is_ok()).count();
        let made = seeds.iter().filter(|seed| develop::portrait_of(seed).is_some()).count();
        assert_eq!((opened, made), (seeds.len() - 1, seeds.len() - 1), "all but the small one");
    }

    #[test]
    fn developments() {
        shake(develop, &seeds::of("develop"), 40);
    }
}
