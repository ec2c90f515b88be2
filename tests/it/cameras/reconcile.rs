//! The card compared with the store: nothing is left there, nothing comes twice, nobody waits for it.

use super::*;
use crate::opened;
use caiying::{
    camera::Known,
    clerk::{Clerk, Shelved},
    shot::{Moment, Origin, ShotId},
};

/// A store at work, and the camera that is compared with it.
struct Desk {
    clerk: Clerk,
    clock: Clock,
}

impl Desk {
    fn open(store: &Path, clock: Clock) -> Self {
        Self { clerk: opened::clerk(store, "1", "test", clock.now()).unwrap().0, clock }
    }

    /// Puts a stray on the shelf.
    fn shelve(&mut self, arrival: Arrival) -> Shelved {
        let (_, next) = self.clerk.next_numbers().unwrap();
        self.clerk.shelve(self.clock.now(), &arrival.numbered(next), None).unwrap()
    }
}

/// Everything that is handed over until nothing is owed.
fn everything(camera: &mut dyn Camera) -> Vec<Arrival> {
    let (mut arrived, until) = (vec![], Instant::now() + Duration::from_secs(60));
    loop {
        assert!(Instant::now() < until, "{:?} are owed for ever", camera.owed());
        match camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => arrived.push(arrival),
            CameraNews::Quiet if camera.owed() == Some(0) => return arrived,
            CameraNews::Quiet | CameraNews::Connected(_) => {}
            CameraNews::Lost(err) => panic!("{err}"),
        }
    }
}

fn hashes(arrivals: &[Arrival]) -> BTreeSet<String> {
    arrivals.iter().map(sha256).collect()
}

/// A second station process at the same camera: what was in the first one's memory is gone.
fn restarted(tethered: &mut Tethered, known: Known) {
    let program = tethered.home.path().join("camera-process");
    tethered.camera = LinkedCamera::new(program, Some(tethered.body.gphoto_port()), tethered.clock);
    tethered.camera.compare_with(known);
}

fn downloads(body: &VirtualCamera) -> usize {
    body.log().iter().filter(|operation| [0x1009, 0x101b, 0x9104, 0x9107].contains(&operation.opcode)).count()
}

/// The station is switched on late, or crashes and comes back: the card has what the store has not.
#[test]
fn the_first_look_fetches_what_the_store_has_not_and_nothing_else() {
    let store = tempfile::tempdir().unwrap();
    let mut tethered = tethered(&Options { prefill: 3, prefill_age_minutes: 10, ..Options::default() });
    let mut desk = Desk::open(store.path(), tethered.clock);
    for _ in 0..2 {
        tethered.body.press_shutter().unwrap();
    }
    // Until both lie on the card: what is announced in the session is another story.
    thread::sleep(Duration::from_millis(500));
    tethered.camera.compare_with(desk.clerk.known().unwrap());
    connected(&mut tethered.camera);
    let arrived = everything(&mut tethered.camera);
    assert_eq!(hashes(&arrived), tethered.exposed().into_iter().collect());
    for arrival in &arrived {
        assert_eq!(arrival.trigger, Trigger::Body);
        assert_eq!(arrival.exposed.earliest, Moment::UNKNOWN, "nobody's, whoever sits by now");
    }
    assert_eq!(notices(&mut tethered.camera), [CameraError::OlderOnCard { count: 3 }]);
    for arrival in arrived {
        assert_eq!(desk.shelve(arrival), Shelved::New);
    }

    restarted(&mut tethered, desk.clerk.known().unwrap());
    let before = downloads(&tethered.body);
    connected(&mut tethered.camera);
    quiet(&mut tethered.camera, Duration::from_millis(500));
    assert_eq!(downloads(&tethered.body), before, "what the store has is not even fetched");
    assert_eq!(notices(&mut tethered.camera), [CameraError::OlderOnCard { count: 3 }]);
}

/// A ledger of a former version does not say when a file was written: its bytes are known all the same.
#[test]
fn what_is_kept_under_another_name_is_fetched_and_not_handed_over() {
    let mut tethered = tethered(&Options::default());
    tethered.body.press_shutter().unwrap();
    tethered.body.press_shutter().unwrap();
    let first = tethered.exposed().remove(0).parse().unwrap();
    let known = Known::new(tethered.clock.now(), [(Origin::default(), first)]);
    tethered.camera.compare_with(known);
    connected(&mut tethered.camera);
    let arrived = everything(&mut tethered.camera);
    assert_eq!(hashes(&arrived).into_iter().collect::<Vec<_>>(), tethered.exposed()[1..]);
}

/// The power fails between the file in the vault and its row: the next start adopts it, and the card has
/// nothing new.
#[test]
fn a_crash_between_file_and_row_makes_no_second_shot() {
    let store = tempfile::tempdir().unwrap();
    let mut tethered = tethered(&Options::default());
    let mut desk = Desk::open(store.path(), tethered.clock);
    tethered.camera.compare_with(desk.clerk.known().unwrap());
    connected(&mut tethered.camera);
    tethered.body.press_shutter().unwrap();
    let shot = arrival(&mut tethered.camera).numbered(ShotId(1));
    // The very file, without its row.
    let aside = tempfile::tempdir().unwrap();
    fs::copy(store.path().join("keys"), aside.path().join("keys")).unwrap();
    let mut other = Desk::open(aside.path(), tethered.clock);
    other.clerk.shelve(tethered.clock.now(), &shot, None).unwrap();
    let object = other.clerk.vault().objects().unwrap().remove(0).to_string();
    let place = Path::new("vault").join(&object[..2]);
    fs::create_dir_all(store.path().join(&place)).unwrap();
    fs::copy(aside.path().join(&place).join(&object), store.path().join(&place).join(&object)).unwrap();
    drop(desk);

    desk = Desk::open(store.path(), tethered.clock);
    assert_eq!(desk.clerk.ledger().shots().unwrap().len(), 1, "adopted");
    for known in [
        desk.clerk.known().unwrap(),
        // Even if nothing were known of where it came from.
        Known::new(Moment(0), [(Origin::default(), Digest::of(&shot.jpeg))]),
    ] {
        restarted(&mut tethered, known);
        connected(&mut tethered.camera);
        assert_eq!(everything(&mut tethered.camera).len(), 0);
    }
    assert_eq!(desk.clerk.shelve(tethered.clock.now(), &shot, None).unwrap(), Shelved::Known);
}

/// The photographer formats the card, and the camera begins with IMG_0001 again: same names, same lengths.
#[test]
fn a_card_that_was_formatted_holds_other_shots() {
    let store = tempfile::tempdir().unwrap();
    let mut tethered = tethered(&Options::default());
    let mut desk = Desk::open(store.path(), tethered.clock);
    tethered.camera.compare_with(desk.clerk.known().unwrap());
    connected(&mut tethered.camera);
    tethered.body.press_shutter().unwrap();
    let first = arrival(&mut tethered.camera);
    let (name, bytes) = (first.origin.name.clone(), first.origin.bytes);
    desk.shelve(first);
    // Cards tell the time to the second.
    thread::sleep(Duration::from_millis(1100));
    tethered::swap(&mut tethered, &Options::default());
    tethered.body.press_shutter().unwrap();
    let again = arrival(&mut tethered.camera);
    assert_eq!((&again.origin.name, again.origin.bytes), (&name, bytes), "the same to the eye");
    assert_eq!(sha256(&again), tethered.exposed()[0]);
    // And while the station was away.
    tethered.body.unplug();
    lost(&mut tethered.camera);
    thread::sleep(Duration::from_millis(1100));
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    quiet(&mut tethered.camera, Duration::from_millis(300));
    let port = tethered.body.gphoto_port().rsplit(':').next().unwrap().parse().unwrap();
    tethered.body.unplug();
    lost(&mut tethered.camera);
    drop(std::mem::replace(&mut tethered.body, VirtualCamera::start(&Options::default()).unwrap()));
    tethered.body = VirtualCamera::start(&Options { port, ..Options::default() }).unwrap();
    tethered.body.press_shutter().unwrap();
    restarted(&mut tethered, desk.clerk.known().unwrap());
    connected(&mut tethered.camera);
    let third = everything(&mut tethered.camera);
    assert_eq!(hashes(&third), tethered.exposed().into_iter().collect());
    assert_eq!(third[0].origin.name, name);
}

/// Three hundred files are missing and a student sits before the camera.
#[test]
fn a_shot_that_is_waited_for_comes_before_everything_that_is_found() {
    let capture_delay = Duration::from_millis(250);
    let mut tethered = tethered(&Options { prefill: 60, capture_delay, ..Options::default() });
    tethered.camera.compare_with(Known::new(Moment::UNKNOWN, []));
    connected(&mut tethered.camera);
    let found = [arrival(&mut tethered.camera), arrival(&mut tethered.camera)];
    assert!(found.iter().all(|arrival| arrival.trigger == Trigger::Body));
    for sitting in [1, 2, 3].map(SittingId) {
        tethered.camera.fire(sitting).unwrap();
        assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(sitting), "at once");
        assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Body, "and on with the card");
    }
    tethered.body.press_shutter().unwrap();
    thread::sleep(Duration::from_millis(400));
    let pressed = tethered.exposed().remove(3);
    let next = [arrival(&mut tethered.camera), arrival(&mut tethered.camera)];
    assert!(next.iter().any(|arrival| sha256(arrival) == pressed), "the button is not forgotten either");
    assert_eq!(everything(&mut tethered.camera).len(), 60 + 1 - 2 - 3 - 2);
}

/// While the cable was out the photographer put the camera's clock right, which was three seconds ahead: by the
/// new time the shot would look as if it had been taken of whoever sat down since.
#[test]
fn a_clock_that_was_set_meanwhile_makes_no_shot_look_later_than_it_was() {
    let mut tethered = tethered(&Options { clock_offset_ms: 3_000, ..Options::default() });
    tethered.camera.compare_with(Known::new(tethered.clock.now(), []));
    connected(&mut tethered.camera);
    tethered.body.unplug();
    lost(&mut tethered.camera);
    let pressed = tethered.clock.now();
    tethered.body.press_shutter().unwrap();
    tethered.body.set_clock_offset_ms(0);
    thread::sleep(Duration::from_millis(4_000));
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    let found = arrival(&mut tethered.camera);
    assert!(found.exposed.earliest <= pressed, "{:?} after {pressed:?}", found.exposed);
    assert!(found.exposed.earliest >= pressed.plus_ms(-10_000), "but not useless");
}

/// Slow is not hung.
#[test]
fn a_file_gets_the_time_its_size_needs_and_a_hang_is_noticed() {
    let mut tethered = tethered(&Options::default());
    let download = Duration::from_millis(600);
    tethered.camera = tethered.camera.with_deadlines(Deadlines { download, ..Deadlines::default() });
    connected(&mut tethered.camera);
    let mut large = GREY.to_vec();
    for _ in 0..4 {
        // A comment of 60 kB behind the start of the file.
        large.splice(2..2, [&[0xff, 0xfe, 0xea, 0x60][..], &[b' '; 0xea5e][..]].concat());
    }
    tethered.body.set_scene("large", &large).unwrap();
    tethered.body.faults().set(Fault::Throttle { bytes_per_second: 100_000 });
    tethered.camera.fire(SittingId(1)).unwrap();
    let slow = arrival(&mut tethered.camera);
    assert_eq!((slow.trigger, sha256(&slow)), (Trigger::Station(SittingId(1)), tethered.exposed().remove(0)));
    tethered.body.faults().clear();

    for opcode in [0x1009, 0x101b, 0x9107, 0x9104] {
        tethered.body.faults().set(Fault::Hang { opcode });
    }
    tethered.camera.fire(SittingId(2)).unwrap();
    let began = Instant::now();
    assert!(lost(&mut tethered.camera).is_gone());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    tethered.body.faults().clear();
    connected(&mut tethered.camera);
    assert_eq!(sha256(&arrival(&mut tethered.camera)), tethered.exposed()[1], "and nothing is lost");
}

/// At the day's end the card is looked at once more, in a new session.
#[test]
fn the_last_look_finds_what_the_driver_kept_to_itself() {
    let mut tethered = tethered(&Options { prefill: 2, ..Options::default() });
    tethered.camera.compare_with(Known::new(tethered.clock.now(), []));
    connected(&mut tethered.camera);
    assert_eq!(tethered.camera.owed(), Some(0));
    tethered.camera.look_again();
    assert_eq!(tethered.camera.owed(), None, "nobody has looked yet");
    tethered.body.press_shutter().unwrap();
    connected(&mut tethered.camera);
    let found = everything(&mut tethered.camera);
    assert_eq!(hashes(&found), tethered.exposed().into_iter().collect());
}
