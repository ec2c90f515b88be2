//! One day each: what goes wrong with a camera, told to the end, and judged.

use super::{oracle::Story, *};

/// Operations of the camera that may fail.
const RELEASE: u16 = 0x9128;
const GET_EVENT: u16 = 0x9116;
const GET_OBJECT: u16 = 0x1009;
const OBJECT_INFO: u16 = 0x1008;

/// So long a station waits for an answer that is in a hurry to find out.
const HASTY: Duration = Duration::from_millis(800);

/// A picture of that many bytes, most of them in comments.
fn heavy(bytes: usize) -> Vec<u8> {
    let mut picture = GREY[..2].to_vec();
    let mut left = bytes.saturating_sub(GREY.len());
    while left > 4 {
        let length = (left - 2).min(65_535);
        picture.extend([0xff, 0xfe]);
        picture.extend(u16::try_from(length).unwrap().to_be_bytes());
        picture.resize(picture.len() + length - 2, b' ');
        left -= length + 2;
    }
    [&picture, &GREY[2..]].concat()
}

/// Shot by the operator, shot on the body, shot while nobody sits.
#[test]
fn an_ordinary_day() {
    let mut story = Story::begin(&Options { prefill: 5, ..Options::default() });
    story.press();
    story.until_stored();
    story.sit();
    story.shoot_certainly();
    story.press();
    story.until_stored();
    story.stand();
    story.press();
    story.until_stored();
    let exposed = story.exposures().len() as u64;
    let judgement = story.end();
    assert!(judgement.strays.contains(&1) && judgement.strays.contains(&exposed), "{judgement:?}");
    assert!(
        judgement.owned.contains(&(exposed - 1)),
        "shot on the body while he certainly sat: {judgement:?}"
    );
}

/// libgphoto2 throws the body's event away when the computer fires before hearing of it.
#[test]
fn the_photographer_and_the_operator_fire_at_once() {
    let mut story =
        Story::begin(&Options { capture_delay: Duration::from_millis(150), ..Options::default() });
    story.sit();
    story.shoot_certainly();
    for ms in [0, 140, 200] {
        story.press();
        thread::sleep(Duration::from_millis(ms));
        story.fire_and_see();
        story.until_stored();
    }
    story.end();
}

/// Where a student changes while a shot is on its way, it is his who stood there, or nobody's.
#[test]
fn the_next_student_sits_while_the_last_shot_is_on_its_way() {
    let mut story =
        Story::begin(&Options { capture_delay: Duration::from_millis(400), ..Options::default() });
    for _ in 0..2 {
        story.sit();
        thread::sleep(Duration::from_millis(1500));
        story.fire();
        story.press();
        story.stand();
    }
    story.end();
}

#[test]
fn raw_files_and_their_jpegs() {
    let mut story = Story::begin(&Options { raw_and_jpeg: true, ..Options::default() });
    story.sit();
    story.shoot_certainly();
    for _ in 0..3 {
        story.press();
    }
    story.fire_and_see();
    story.until_stored();
    assert!(story.exposures().iter().all(|exposure| exposure.raw.is_some()), "pairs were made");
    story.end();
}

/// The camera says no, says why, and the sitting goes on once that is mended.
#[test]
fn the_camera_refuses() {
    let mut story = Story::begin(&Options::default());
    story.sit();
    story.shoot_certainly();
    for (fault, said) in [(Fault::NoFocus, "focus"), (Fault::CardFull, "full"), (Fault::NoCard, "card")] {
        let exposed = story.exposures().len();
        story.body.faults().set(fault);
        story.fire_and_see();
        let seen = story.station.glance();
        assert!(seen.troubles.iter().any(|trouble| trouble.contains(said)), "{said}: {:?}", seen.troubles);
        assert_eq!(story.exposures().len(), exposed);
        story.body.faults().clear();
        story.shoot_certainly();
    }
    story.end();
}

/// Three times busy is no reason to bother anybody, at any step of a shot.
#[test]
fn the_camera_is_busy_three_times() {
    let mut story = Story::begin(&Options::default());
    story.sit();
    story.shoot_certainly();
    for opcode in [RELEASE, GET_OBJECT, OBJECT_INFO] {
        let exposed = story.exposures().len();
        story.body.faults().set(Fault::Busy { opcode, times: 3 });
        story.fire_and_see();
        assert_eq!(story.exposures().len(), exposed + 1, "{opcode:#x}: {:?}", story.station.glance());
        story.until_stored();
    }
    story.end();
}

/// The driver hangs in the middle of a shot or of a file: its process is ended, the sitting is untouched.
#[test]
fn the_driver_hangs() {
    for opcode in [RELEASE, GET_OBJECT, GET_EVENT] {
        let mut story = Story::begin_with(&Options::default(), HASTY);
        story.sit();
        story.shoot_certainly();
        let (hung, sitter) = (story.camera_process(), story.station.glance().sitter);
        story.body.faults().set(Fault::Hang { opcode });
        story.fire();
        story.until_lost();
        story.body.faults().clear();
        let mended = Instant::now();
        story.until_connected();
        eprintln!("hung in {opcode:#x}: there again {:?} after it was mended", mended.elapsed());
        assert_ne!(story.camera_process(), hung);
        assert_eq!(story.station.glance().sitter, sitter, "still seated");
        story.shoot_certainly();
        story.end();
    }
}

/// The cable is cut in a file, once and again; the driver calls half a file a success.
#[test]
fn a_file_does_not_come_whole() {
    let mut story = Story::begin(&Options::default());
    story.sit();
    story.shoot_certainly();
    for fault in [
        Fault::Cut { after: 3_000 },
        Fault::Short { at: 2_000, times: 1 },
        Fault::Short { at: 2_000, times: 2 },
        Fault::Short { at: 0, times: 1 },
    ] {
        story.body.faults().set(fault);
        story.fire();
        story.until_stored();
        story.until_connected();
        story.body.faults().clear();
    }
    story.press();
    story.body.faults().set(Fault::Cut { after: 100 });
    story.press();
    story.until_stored();
    story.end();
}

/// 100 KB/s, and less than the deadline would allow if it were for the whole file.
#[test]
fn a_slow_cable() {
    let mut story = Story::begin(&Options::default());
    story.body.faults().set(Fault::Throttle { bytes_per_second: 100_000 });
    story.sit();
    story.body.set_scene("CODE-1", &heavy(200_000)).unwrap();
    story.fire();
    story.press();
    story.until_stored();
    story.body.faults().clear();
    story.end();
}

/// Pulled in every phase of a shot and of a connection; the photographer goes on shooting meanwhile.
#[test]
fn the_cable_is_pulled() {
    let mut story =
        Story::begin(&Options { capture_delay: Duration::from_millis(300), ..Options::default() });
    story.sit();
    story.shoot_certainly();
    // At rest, in the release, between release and file, in the file, after it.
    for ms in [None, Some(0), Some(40), Some(250), Some(320), Some(450)] {
        if let Some(ms) = ms {
            story.fire();
            thread::sleep(Duration::from_millis(ms));
        }
        story.body.unplug();
        story.press();
        story.until_lost();
        story.body.plug().unwrap();
        let back = Instant::now();
        story.until_connected();
        eprintln!("pulled {ms:?} ms after firing: there again after {:?}", back.elapsed());
        story.until_stored();
    }
    // While it connects.
    for ms in [30, 120, 250] {
        story.body.unplug();
        story.press();
        story.until_lost();
        story.body.plug().unwrap();
        thread::sleep(Duration::from_millis(ms));
        story.body.unplug();
        story.press();
        thread::sleep(Duration::from_millis(100));
        story.body.plug().unwrap();
        story.until_stored();
    }
    story.end();
}

/// 9999 is followed by 0001 in a new folder; then a fresh card begins with the very names that are known.
#[test]
fn the_numbering_begins_anew() {
    let mut story = Story::begin(&Options { first_number: 9998, ..Options::default() });
    story.sit();
    story.shoot_certainly();
    for _ in 0..3 {
        story.press();
    }
    story.until_stored();
    let names: Vec<String> = story.exposures().into_iter().map(|exposure| exposure.name).collect();
    assert!(names.contains(&"IMG_9999.JPG".to_owned()) && names.contains(&"IMG_0001.JPG".to_owned()));
    story.stand();
    story.swap(&Options { first_number: 9998, ..Options::default() });
    story.sit();
    story.shoot_certainly();
    story.press();
    story.end();
}

#[test]
fn three_thousand_files_on_the_card() {
    let mut story = Story::begin(&Options { prefill: 3_000, ..Options::default() });
    story.sit();
    story.shoot_certainly();
    story.press();
    story.body.unplug();
    story.press();
    story.until_lost();
    story.body.plug().unwrap();
    story.until_stored();
    story.end();
}

#[test]
fn a_file_of_eighty_megabytes() {
    let mut story = Story::begin(&Options::default());
    story.sit();
    story.body.set_scene("CODE-1", &heavy(80_000_000)).unwrap();
    story.fire_and_see();
    story.press();
    story.until_stored();
    story.end();
}

/// 8 MB at 100 KB/s take 80 s.
#[test]
#[ignore = "takes a minute and a half"]
fn eight_megabytes_over_a_slow_cable() {
    let mut story = Story::begin(&Options::default());
    story.body.faults().set(Fault::Throttle { bytes_per_second: 100_000 });
    story.sit();
    story.body.set_scene("CODE-1", &heavy(8_000_000)).unwrap();
    story.press();
    thread::sleep(Duration::from_secs(80));
    story.until_stored();
    story.body.faults().clear();
    story.end();
}

/// Until the card is chosen as the place for pictures, libgphoto2 would take them into its own memory, where they
/// end with the connection.
#[test]
fn the_very_first_connection_already_knows_the_card() {
    let story = Story::begin(&Options::default());
    let to_memory = |operation: &virtual_camera::Operation| [0x911a, 0x9117].contains(&operation.opcode);
    assert!(!story.body.log().iter().any(to_memory), "it began with the host's memory");
    story.end();
}
