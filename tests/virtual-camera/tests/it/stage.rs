//! The stage: a process for each test, and a host at the camera.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gphoto2::camera::CameraEvent;
use gphoto2::list::CameraDescriptor;
use gphoto2::widget::RadioWidget;
use gphoto2::{Camera, Context};
use virtual_camera::VirtualCamera;

/// How a test ends.
pub(crate) type Ended = Result<(), Box<dyn Error>>;

/// Says, in the child, that it is the child.
const ALONE: &str = "VIRTUAL_CAMERA_TEST_ALONE";
/// How long a test may take; a hanging libgphoto2 must not hang the test program.
const PATIENCE: Duration = Duration::from_secs(90);

/// Plays a test in a process of its own: the test program runs itself again with this test only, an
/// empty home folder and no locale. `name` is the test's path, `captures::on_the_card`.
pub(crate) fn alone(name: &str, play: impl FnOnce() -> Ended) -> Ended {
    if std::env::var_os(ALONE).is_some() {
        return play();
    }
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("home-{}", name.replace("::", "-")));
    std::fs::remove_dir_all(&home).ok();
    std::fs::create_dir_all(&home)?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .env("HOME", &home)
        .env_remove("LANG")
        .env_remove("LANGUAGE")
        .env_remove("LC_ALL")
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(home.join("out"))?)
        .spawn()?;
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(format!("{name} did not end").into());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let out = std::fs::read_to_string(home.join("out"))?;
    // A wrong name would run no test at all, and succeed.
    if status.success() && out.contains("1 passed") {
        Ok(())
    } else {
        Err(format!("{name} alone: {status}\n{out}").into())
    }
}

/// A computer tethered to the camera.
pub(crate) struct Host {
    pub(crate) context: Context,
    pub(crate) camera: Camera,
}

impl Host {
    /// Connects; the first operation is what really does.
    pub(crate) fn connect(to: &VirtualCamera) -> Result<Self, Box<dyn Error>> {
        let context = Context::new()?;
        let camera = Self::open(&context, to)?;
        Ok(Self { context, camera })
    }

    /// Connects once more, after the line was lost.
    pub(crate) fn reconnect(self, to: &VirtualCamera) -> Result<Self, Box<dyn Error>> {
        let Self { context, camera } = self;
        drop(camera);
        let camera = Self::open(&context, to)?;
        Ok(Self { context, camera })
    }

    fn open(context: &Context, to: &VirtualCamera) -> Result<Camera, Box<dyn Error>> {
        let descriptor = CameraDescriptor { model: "PTP/IP Camera".to_owned(), port: to.gphoto_port() };
        let camera = context.get_camera(&descriptor).wait()?;
        camera.storages().wait()?;
        Ok(camera)
    }

    /// Sets the capture target to the card by its place in the list, and hears all that waits.
    pub(crate) fn shoot_to_card(&self) -> Ended {
        let target = self.camera.config_key::<RadioWidget>("capturetarget").wait()?;
        let card = target.choices_iter().nth(1).ok_or("no second capture target")?;
        target.set_choice(&card)?;
        self.camera.set_config(&target).wait()?;
        self.drain()
    }

    /// Hears events until there are none.
    pub(crate) fn drain(&self) -> Ended {
        let quiet = |event: &CameraEvent| matches!(event, CameraEvent::Timeout);
        while !quiet(&self.event(20)?) {}
        Ok(())
    }

    pub(crate) fn event(&self, ms: u64) -> Result<CameraEvent, Box<dyn Error>> {
        Ok(self.camera.wait_event(Duration::from_millis(ms)).wait()?)
    }

    /// Folder and name of the next new file.
    pub(crate) fn next_file(&self) -> Result<(String, String), Box<dyn Error>> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if let CameraEvent::NewFile(path) = self.event(50)? {
                return Ok((path.folder().into_owned(), path.name().into_owned()));
            }
        }
        Err("no new file".into())
    }

    pub(crate) fn download(&self, folder: &str, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        let file = self.camera.fs().download(folder, name).wait()?;
        Ok(file.get_data(&self.context).wait()?.into_vec())
    }

    /// The next new file with its bytes.
    pub(crate) fn next_picture(&self) -> Result<(String, String, Vec<u8>), Box<dyn Error>> {
        let (folder, name) = self.next_file()?;
        let bytes = self.download(&folder, &name)?;
        Ok((folder, name, bytes))
    }

    pub(crate) fn list(&self, folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
        Ok(self.camera.fs().list_files(folder).wait()?.collect())
    }
}

/// The first folder, as libgphoto2 names it.
pub(crate) const FOLDER: &str = "/store_00020001/DCIM/100CANON";

/// A picture of a few megabytes: the camera's grey wall with comment segments in it.
pub(crate) fn heavy_scene(megabytes: usize) -> Vec<u8> {
    let grey = include_bytes!("../../assets/grey.jpg");
    let (start, rest) = grey.split_at(2);
    let mut heavy = start.to_vec();
    for _ in 0..megabytes * 16 {
        heavy.extend_from_slice(&[0xFF, 0xFE, 0xFF, 0xFF]);
        heavy.resize(heavy.len() + 0xFFFD, 0x55);
    }
    heavy.extend_from_slice(rest);
    heavy
}

/// SHA-256 in lower-case hex, as the camera gives it.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
