//! The hot folder.

use super::*;

/// Writes files as a tether program does.
struct Tether {
    folder: PathBuf,
    clock: Clock,
    written: u32,
}

impl Tether {
    fn file(&self) -> Vec<u8> {
        stamped(GREY, CameraTime { ms: self.clock.now().0, span_ms: 1 }, "a model", "42")
    }

    fn write(&mut self, name: &str) {
        self.written += 1;
        fs::write(self.folder.join(name), self.file()).unwrap();
        // File systems and exposures are told apart by the millisecond.
        thread::sleep(Duration::from_millis(5));
    }
}

fn hot_folder(folder: &Path, clock: Clock) -> (FolderCamera, Tether) {
    let offset = ClockOffset { least: -10, most: 10 };
    let camera = FolderCamera::new(folder.to_owned(), clock, offset);
    (camera, Tether { folder: folder.to_owned(), clock, written: 0 })
}

#[test]
fn a_hot_folder() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    fs::write(folder.path().join("OLD.JPG"), GREY).unwrap();
    keeps_the_contract(&mut camera, clock, || {
        let name = format!("IMG_{:04}.JPG", tether.written);
        tether.write(&name);
    });
}

#[test]
fn a_file_is_taken_only_when_it_is_whole() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    let whole = tether.file();
    let path = folder.path().join("SLOW.JPG");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    quiet(&mut camera, Duration::from_millis(900));
    fs::write(&path, &whole).unwrap();
    assert_eq!(arrival(&mut camera).jpeg.0.as_ref(), whole);
    for other in [".hidden.jpg", "RAW.CR2", "notes.txt"] {
        fs::write(folder.path().join(other), &whole).unwrap();
    }
    quiet(&mut camera, Duration::from_millis(600));
}

#[test]
fn a_name_that_comes_again_is_another_file_and_a_folder_by_date_is_looked_into() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    fs::create_dir(folder.path().join("2026_11_21")).unwrap();
    tether.write("2026_11_21/IMG_0001.JPG");
    let first = arrival(&mut camera);
    tether.write("2026_11_21/IMG_0001.JPG");
    let second = arrival(&mut camera);
    assert_eq!(first.origin.name, second.origin.name);
    assert_ne!(first.jpeg, second.jpeg);
}

#[test]
fn a_hot_folder_that_goes_comes_back_with_what_was_shot_meanwhile() {
    let (place, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let folder = place.path().join("hot");
    fs::create_dir(&folder).unwrap();
    let (mut camera, mut tether) = hot_folder(&folder, clock);
    connected(&mut camera);
    let aside = place.path().join("aside");
    fs::rename(&folder, &aside).unwrap();
    assert!(matches!(lost(&mut camera), CameraError::Folder(_)));
    tether.folder.clone_from(&aside);
    tether.write("IMG_0001.JPG");
    fs::rename(&aside, &folder).unwrap();
    connected(&mut camera);
    assert_eq!(arrival(&mut camera).origin.name, "IMG_0001.JPG");
}

#[test]
fn a_file_without_a_time_may_have_been_taken_at_any_time() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, _) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    fs::write(folder.path().join("TIMELESS.JPG"), GREY).unwrap();
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
}

/// A camera ahead by more than the settings reckon with makes A's shot look as if B had sat already. One file
/// that is seen before it can have been exposed shows it; no later one is believed.
#[test]
fn a_clock_that_is_ahead_is_told_and_not_believed_any_more() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let offset = ClockOffset { least: -1500, most: 1500 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), clock, offset);
    connected(&mut camera);
    let write = |name: &str, ahead: i64| {
        let taken = CameraTime { ms: clock.now().0 + ahead, span_ms: 1 };
        fs::write(folder.path().join(name), stamped(GREY, taken, "a model", "42")).unwrap();
    };
    write("WELL.JPG", 0);
    assert!(arrival(&mut camera).exposed.earliest > caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), []);
    write("AHEAD.JPG", 4000);
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), [CameraError::ClockAhead { seconds: 4 }]);
    // This one was long under way and shows nothing by itself.
    write("UNDER_WAY.JPG", -500);
    let after = arrival(&mut camera).exposed;
    assert_eq!(after.earliest, caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), [], "told once");
    // Not even after the folder went and came back.
    let aside = folder.path().with_extension("aside");
    fs::rename(folder.path(), &aside).unwrap();
    lost(&mut camera);
    fs::rename(&aside, folder.path()).unwrap();
    connected(&mut camera);
    assert_eq!(
        notices(&mut camera),
        [CameraError::ClockAhead { seconds: 4 }],
        "a connection takes words away"
    );
    write("LATER.JPG", 0);
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
}

/// However long a program writes at a file: it was exposed before it was first seen.
#[test]
fn a_shot_was_exposed_before_its_file_was_seen() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let offset = ClockOffset { least: -5000, most: 5000 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), clock, offset);
    connected(&mut camera);
    let taken = CameraTime { ms: clock.now().0, span_ms: 1 };
    let (path, whole) = (folder.path().join("SLOW.JPG"), stamped(GREY, taken, "a model", "42"));
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    quiet(&mut camera, Duration::from_millis(500));
    let seen = clock.now();
    fs::write(&path, &whole).unwrap();
    assert!(arrival(&mut camera).exposed.latest < seen);
}

/// A path that is too long cannot be read by anybody, not even by root, whom no mode keeps out.
#[test]
fn a_folder_below_that_cannot_be_read_stops_nothing() {
    let (place, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (levels, long) = (18, |letters: usize| "x".repeat(letters));
    let short = (0..levels).fold(place.path().to_owned(), |path, _| path.join("x"));
    fs::create_dir_all(short.join(long(200))).unwrap();
    // Made longer from the deepest folder up: each on its own is reached by a path that is short enough.
    let place_length = place.path().as_os_str().len();
    let letters = (4030 - place_length) / levels - 1;
    for level in (0..levels).rev() {
        let above = (0..level).fold(place.path().to_owned(), |path, _| path.join("x"));
        fs::rename(above.join("x"), above.join(long(letters))).unwrap();
    }
    let folder = (0..levels).fold(place.path().to_owned(), |path, _| path.join(long(letters)));
    assert!(fs::read_dir(folder.join(long(200))).is_err(), "it can be read after all");
    let (mut camera, mut tether) = hot_folder(&folder, clock);
    connected(&mut camera);
    tether.write("a.jpg");
    assert_eq!(arrival(&mut camera).origin.name, "a.jpg");
}

/// Processor time of this thread so far, in hundredths of a second.
fn busy() -> u64 {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// The crew asks every 20 ms; the folder is looked at less often, and old files hardly ever.
#[test]
fn a_hot_folder_of_a_whole_day_costs_little() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    for number in 0..3000 {
        fs::write(folder.path().join(format!("OLD_{number:04}.JPG")), b"old").unwrap();
    }
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    let (before, until) = (busy(), Instant::now() + Duration::from_secs(3));
    while Instant::now() < until {
        let news = camera.next(Duration::from_millis(20));
        assert!(matches!(news, CameraNews::Quiet), "{news:?}");
    }
    let percent = (busy() - before) / 3;
    assert!(percent < 15, "{percent} % of a core all day long");
    tether.write("OLD_0001.JPG");
    assert_eq!(arrival(&mut camera).origin.name, "OLD_0001.JPG", "written over: a new shot");
}
