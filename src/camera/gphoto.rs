//! The door of the crate `gphoto2`: used only inside the camera's own process, by its one thread.
//!
//! What every line here rests on was measured (facts/camera.md): events are drained before every trigger,
//! because libgphoto2 throws a body-fired shot's event away otherwise; `trigger_capture` and never
//! `capture_image`; nothing is ever cancelled; files go to the card; a file is whole only when its length is
//! the announced one and its markers are there, because a short read counts as success.

use std::{
    collections::VecDeque,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use chrono::Offset as _;
use gphoto2::{
    Camera, Context, Error,
    camera::CameraEvent,
    error::ErrorKind,
    list::CameraDescriptor,
    widget::{DateWidget, RadioWidget, TextWidget},
};

use super::{
    CameraError, CameraInfo, CardFile, FoundCamera, ListedFile,
    host::Device,
    twins::{Twins, is_jpeg},
};
use crate::shot::CameraTime;

/// One look for events: short, because nothing else can be done meanwhile.
const SLICE: Duration = Duration::from_millis(50);

/// Draining ends when the camera has been quiet for this long; or after so much, because some bodies talk
/// without end (of the light, while the button is half pressed).
const DRAIN_SLICE: Duration = Duration::from_millis(20);
const DRAIN_WITHIN: Duration = Duration::from_secs(2);
const DRAIN_AT_MOST: usize = 2_000;

/// So many files one after the other of which nothing can be learnt: it is not the files, it is the camera.
const UNREADABLE_IN_A_ROW: usize = 3;

/// A busy camera is asked again this often, after this long.
const BUSY_TRIES: u32 = 3;
const BUSY_PAUSE: Duration = Duration::from_millis(200);

/// A camera behind libgphoto2.
#[derive(Default)]
pub struct Gphoto {
    context: Option<Context>,
    camera: Option<Camera>,
    /// Files announced and not yet downloaded.
    announced: VecDeque<(String, String)>,
    twins: Twins,
}

impl std::fmt::Debug for Gphoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gphoto").field("announced", &self.announced.len()).finish_non_exhaustive()
    }
}

impl Gphoto {
    fn context(&mut self) -> Result<Context, CameraError> {
        LastWords::listen();
        if self.context.is_none() {
            self.context = Some(Context::new().map_err(|err| classify(&err))?);
        }
        self.context.clone().ok_or(CameraError::NotFound)
    }

    fn camera(&self) -> Result<&Camera, CameraError> {
        self.camera.as_ref().ok_or(CameraError::NotFound)
    }

    fn find(&mut self, port: Option<&str>) -> Result<CameraDescriptor, CameraError> {
        let driver = match port {
            Some(port) if port.starts_with("ptpip:") => Some("PTP/IP Camera"),
            Some(port) if port.starts_with("disk:") => Some("Directory Browse"),
            _ => None,
        };
        if let (Some(model), Some(port)) = (driver, port) {
            return Ok(CameraDescriptor { model: model.to_owned(), port: port.to_owned() });
        }
        let mut cameras = self.context()?.list_cameras().wait().map_err(|err| classify(&err))?;
        cameras.find(|camera| port.is_none_or(|port| camera.port == port)).ok_or(CameraError::NotFound)
    }

    /// Hears everything the camera has to say and remembers the files; `false` when it has still more to say.
    fn drain(&mut self) -> Result<bool, CameraError> {
        let until = Instant::now() + DRAIN_WITHIN;
        for _ in 0..DRAIN_AT_MOST {
            if !self.hear(DRAIN_SLICE)? {
                return Ok(true);
            }
            if Instant::now() >= until {
                break;
            }
        }
        Ok(false)
    }

    /// Hears one event; `false` when there was none.
    fn hear(&mut self, patience: Duration) -> Result<bool, CameraError> {
        match self.camera()?.wait_event(patience).wait() {
            Ok(CameraEvent::Timeout) => Ok(false),
            Ok(CameraEvent::NewFile(path)) => {
                self.announced.push_back((path.folder().into_owned(), path.name().into_owned()));
                Ok(true)
            }
            Ok(_) => Ok(true),
            // Waiting is always allowed: whatever fails here is the connection.
            Err(err) => Err(broken(&err)),
        }
    }

    /// What the camera says of a file without handing it over.
    ///
    /// The time is local time to the camera and a time stamp to libgphoto2, which takes this computer's zone
    /// for the camera's in most places and none in some: the later of the two readings stands.
    fn look_up(&self, folder: &str, name: &str) -> Result<ListedFile, CameraError> {
        let info = self.camera()?.fs().file_info(folder, name).wait().map_err(|err| broken(&err))?;
        let size = info.file().size().unwrap_or_default();
        let stamp = info.file().mtime().filter(|stamp| *stamp > 0);
        let written = stamp.and_then(|stamp| {
            let at = chrono::DateTime::from_timestamp(stamp, 0)?;
            let zone = at.with_timezone(&chrono::Local).offset().fix().local_minus_utc();
            Some((stamp + i64::from(zone.max(0))) * 1000)
        });
        let file = CardFile { folder: folder.to_owned(), name: name.to_owned(), size };
        Ok(ListedFile { file, written })
    }

    fn download(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        let context = self.context()?;
        let data =
            self.camera()?.fs().download(&file.folder, &file.name).wait().map_err(|err| broken(&err))?;
        // The crate reads through the driver's pointer without a look; an empty file has none.
        if data.size(&context).wait().map_err(|err| broken(&err))? == 0 {
            return Ok(vec![]);
        }
        Ok(data.get_data(&context).wait().map_err(|err| broken(&err))?.into_vec())
    }

    fn text(&self, key: &str) -> Option<String> {
        let widget = self.camera.as_ref()?.config_key::<TextWidget>(key).wait().ok()?;
        Some(widget.value()).filter(|text| !text.trim().is_empty())
    }

    /// What the camera's clock on the wall shows. libgphoto2 takes the camera's local time for this computer's
    /// and makes it a time stamp; going back by this computer's zone gives what the camera writes into files.
    fn clock(&self) -> Option<CameraTime> {
        let widget = self.camera.as_ref()?.config_key::<DateWidget>("datetime").wait().ok()?;
        let stamp = chrono::DateTime::from_timestamp(i64::from(widget.timestamp()), 0)?;
        let zone = stamp.with_timezone(&chrono::Local).offset().fix().local_minus_utc();
        Some(CameraTime { ms: (stamp.timestamp() + i64::from(zone)) * 1000, span_ms: 1000 })
    }

    /// Pictures go to the card, so that a broken cable loses none. Chosen by its place in the list: the words
    /// are translated and differ between models.
    fn shoot_to_card(&self) -> Result<(), CameraError> {
        let camera = self.camera()?;
        let Ok(target) = camera.config_key::<RadioWidget>("capturetarget").wait() else { return Ok(()) };
        let choices: Vec<String> = target.choices_iter().collect();
        let Some(card) = choices.get(1) else { return Ok(()) };
        if target.choice() == *card {
            return Ok(());
        }
        target.set_choice(card).map_err(|err| classify(&err))?;
        camera.set_config(&target).wait().map_err(|err| classify(&err))
    }

    fn info(&self, port: String) -> Result<CameraInfo, CameraError> {
        let camera = self.camera()?;
        let storages = camera.storages().wait().map_err(|err| classify(&err))?;
        // The crate multiplies by 1,024 already: what it calls kilobytes are bytes.
        let free_bytes = storages.iter().filter_map(gphoto2::filesys::StorageInfo::free_kb).max();
        Ok(CameraInfo {
            model: self.text("cameramodel").unwrap_or_else(|| camera.abilities().model().into_owned()),
            serial: self.text("eosserialnumber").or_else(|| self.text("serialnumber")).unwrap_or_default(),
            port,
            battery: self.text("batterylevel"),
            free_bytes,
            clock: None,
        })
    }

    fn list_below(&self, folder: &str, found: &mut Vec<ListedFile>) -> Result<(), CameraError> {
        let (files, mut unreadable) = (self.camera()?.fs(), 0);
        let names = files.list_files(folder).wait().map_err(|err| broken(&err))?;
        for name in names.filter(|name| is_jpeg(name)) {
            match self.look_up(folder, &name) {
                Ok(listed) => {
                    unreadable = 0;
                    found.push(listed);
                }
                // One damaged file must not stand between the station and its camera. If it was the connection,
                // the folders below are not to be had either.
                Err(err) => {
                    unreadable += 1;
                    if unreadable >= UNREADABLE_IN_A_ROW {
                        return Err(err);
                    }
                }
            }
        }
        for name in files.list_folders(folder).wait().map_err(|err| broken(&err))? {
            let below = if folder == "/" { format!("/{name}") } else { format!("{folder}/{name}") };
            self.list_below(&below, found)?;
        }
        Ok(())
    }
}

impl Device for Gphoto {
    fn discover(&mut self) -> Result<Vec<FoundCamera>, CameraError> {
        let cameras = self.context()?.list_cameras().wait().map_err(|err| classify(&err))?;
        Ok(cameras.map(|camera| FoundCamera { model: camera.model, port: camera.port }).collect())
    }

    fn connect(&mut self, port: Option<&str>) -> Result<(CameraInfo, Option<CameraTime>), CameraError> {
        self.camera = None;
        self.announced.clear();
        let descriptor = self.find(port)?;
        let context = self.context()?;
        self.camera = Some(context.get_camera(&descriptor).wait().map_err(|err| classify(&err))?);
        // The first operation is what really connects.
        self.camera()?.storages().wait().map_err(|err| classify(&err))?;
        let clock = self.clock();
        self.shoot_to_card()?;
        self.drain()?;
        Ok((self.info(descriptor.port)?, clock))
    }

    fn fire(&mut self) -> Result<bool, CameraError> {
        let heard = self.drain()?;
        for _ in 1..BUSY_TRIES {
            match self.camera()?.trigger_capture().wait().map_err(|err| classify(&err)) {
                Err(CameraError::Busy) => std::thread::sleep(BUSY_PAUSE),
                done => return done.map(|()| heard),
            }
        }
        self.camera()?.trigger_capture().wait().map_err(|err| classify(&err)).map(|()| heard)
    }

    fn wait(&mut self, patience: Duration) -> Result<Option<(CardFile, Vec<u8>)>, CameraError> {
        let until = Instant::now() + patience;
        loop {
            while let Some((folder, name)) = self.announced.pop_front() {
                self.twins.see(&name);
                if is_jpeg(&name) {
                    let file = self.look_up(&folder, &name)?.file;
                    let picture = self.fetch(&file)?;
                    return Ok(Some((file, picture)));
                }
            }
            if self.twins.is_raw_alone() {
                return Err(CameraError::RawOnly);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.hear(SLICE.min(left))?;
        }
    }

    fn list(&mut self) -> Result<Vec<ListedFile>, CameraError> {
        let mut found = Vec::new();
        self.list_below("/", &mut found)?;
        found.sort();
        Ok(found)
    }

    /// Twice at most: a short read is not repeated by libgphoto2 itself.
    fn fetch(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        let whole = |picture: &[u8]| picture.len() as u64 == file.size && picture.ends_with(&[0xff, 0xd9]);
        let first = self.download(file)?;
        if whole(&first) {
            return Ok(first);
        }
        let second = self.download(file)?;
        // A file whose length is right but that does not end in EOI is the camera's own doing (some append
        // more): the darkroom judges it.
        if second.len() as u64 == file.size {
            return Ok(second);
        }
        let got = second.len() as u64;
        Err(CameraError::Truncated { name: file.name.clone(), got, expected: file.size })
    }
}

/// The connection failed, unless the error names another reason.
fn broken(err: &Error) -> CameraError {
    let err = classify(err);
    if let CameraError::Other(said) = err { CameraError::Broken { said } } else { err }
}

/// By kind and by the hexadecimal PTP code in the driver's last words, never by translated text
/// (facts/camera.md section 4.3: card full, no card and no focus all come back as the same error).
#[expect(clippy::wildcard_enum_match_arm, reason = "what else may happen is told in libgphoto2's own words")]
fn classify(err: &Error) -> CameraError {
    let said = LastWords::take().unwrap_or_else(|| err.to_string());
    match err.kind() {
        ErrorKind::CameraBusy => CameraError::Busy,
        ErrorKind::ModelNotFound | ErrorKind::IoUsbFind | ErrorKind::UnknownPort => CameraError::NotFound,
        ErrorKind::IoUsbClaim | ErrorKind::IoLock => CameraError::Claimed,
        ErrorKind::NoMemory | ErrorKind::NoSpace => CameraError::CardFull,
        _ if said.contains("0x200c") => CameraError::CardFull,
        _ if said.contains("0x2013") => CameraError::NoCard,
        _ if said.contains("0x2019") => CameraError::Busy,
        _ if said.contains("no focus") => CameraError::NoFocus,
        ErrorKind::Io | ErrorKind::IoRead | ErrorKind::IoWrite | ErrorKind::IoUpdate | ErrorKind::Timeout => {
            CameraError::Broken { said }
        }
        _ => CameraError::Other(said),
    }
}

/// The last thing libgphoto2 said through the crate's log hook: the only place where some reasons are told.
struct LastWords;

static LAST_WORDS: Mutex<Option<String>> = Mutex::new(None);
static LISTENING: OnceLock<()> = OnceLock::new();

impl LastWords {
    /// Must happen before the first context: the hook looks only then whether anybody listens.
    fn listen() {
        LISTENING.get_or_init(|| {
            // Somebody else's logger would take the words; then the kind alone must do.
            if log::set_logger(&Self).is_ok() {
                log::set_max_level(log::LevelFilter::Error);
            }
        });
    }

    fn take() -> Option<String> {
        LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl log::Log for LastWords {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Error
    }

    fn log(&self, record: &log::Record<'_>) {
        *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(record.args().to_string());
    }

    fn flush(&self) {}
}
