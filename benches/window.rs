//! What live view costs the window, side by side in one run with the least that egui can do: a window of the same size
//! that uploads a picture of the same size as often, draws it, and does nothing else.
//!
//! Both on a screen of 1920 x 1080 of their own (Xvfb, drawn by software), one after the other, twice. The camera is
//! software (`tests/virtual-camera`) behind the real libgphoto2. Told are the frames that were drawn and processor
//! time: of the main thread, which draws, beside the bare loop's; and of each other thread of the program by its name,
//! the decoding and the glance for the hints among them. Read the ratio, not the milliseconds.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops where it stands"
)]
#![expect(clippy::print_stdout, reason = "a table")]

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use caiying::{
    keys::{KeyFile, Passphrase},
    vault::key_file,
};
use eframe::egui::{self, ColorImage, TextureHandle, TextureOptions};
use virtual_camera::{Options, VirtualCamera};

/// Both are watched for so long.
const WATCHED: Duration = Duration::from_secs(15);

/// Frames of live view a second.
const RATE: f64 = 20.0;

/// What a camera's live view is as large as.
const SEEN: [usize; 2] = [960, 640];

/// Clock ticks a second in /proc (USER_HZ, always 100 on Linux).
const TICKS: f64 = 100.0;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn main() {
    if env::var_os("CAIYING_BARE").is_some() {
        return bare();
    }
    println!(
        "live view at {RATE} frames a second on 1920 x 1080, {} s each, seconds of processor time a second",
        WATCHED.as_secs()
    );
    for round in 1..=2 {
        let (bare, ours) = (watch_bare(), watch_ours());
        println!("round {round}: bare egui loop {:.3}", bare["main"]);
        let total: f64 = ours.values().sum();
        println!(
            "         caiying, the thread that draws {:.3} = {:.2} of it; all threads {total:.3}",
            ours["main"],
            ours["main"] / bare["main"]
        );
        for (name, cost) in ours.iter().filter(|(name, cost)| *name != "main" && **cost >= 0.005) {
            println!("           {name} {cost:.3}");
        }
    }
}

fn screen() -> (Running, String) {
    let mut xvfb = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed: ./dev bench sees to it");
    let mut number = String::new();
    BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (Running(xvfb), format!(":{}", number.trim()))
}

/// The least that egui can do.
fn bare() {
    struct Bare {
        texture: Option<TextureHandle>,
        frames: [ColorImage; 2],
        shown: usize,
        due: Instant,
    }
    impl eframe::App for Bare {
        fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
            let now = Instant::now();
            if now >= self.due {
                self.due = now + Duration::from_secs_f64(1.0 / RATE);
                self.shown += 1;
                let image = self.frames[self.shown % 2].clone();
                match &mut self.texture {
                    Some(texture) => texture.set(image, TextureOptions::LINEAR),
                    None => self.texture = Some(ui.ctx().load_texture("live", image, TextureOptions::LINEAR)),
                }
            }
            if let Some(texture) = &self.texture {
                let room = ui.ctx().content_rect();
                egui::Image::new(texture).paint_at(ui, room);
            }
            ui.ctx().request_repaint_after(self.due.saturating_duration_since(Instant::now()));
        }
    }
    let frame = |shade: u8| {
        let [width, height] = SEEN;
        let pixels: Vec<u8> = (0..width * height * 3).map(|n| (n as u8).wrapping_mul(7) ^ shade).collect();
        ColorImage::from_rgb(SEEN, &pixels)
    };
    let native = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default().with_inner_size([1920.0, 1080.0]),
        ..Default::default()
    };
    let app = Bare { texture: None, frames: [frame(0), frame(90)], shown: 0, due: Instant::now() };
    eframe::run_native("bare", native, Box::new(|_| Ok(Box::new(app)))).expect("a window");
}

fn watch_bare() -> BTreeMap<String, f64> {
    let (_screen, display) = screen();
    let window = Command::new(env::current_exe().unwrap())
        .env("CAIYING_BARE", "1")
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .spawn()
        .unwrap();
    costs(&Running(window))
}

fn watch_ours() -> BTreeMap<String, f64> {
    let place = tempfile::tempdir().unwrap();
    let (_screen, display) = screen();
    let options = Options { live_interval: Duration::from_secs_f64(1.0 / RATE), ..Options::default() };
    let body = VirtualCamera::start(&options).unwrap();
    const PASSPHRASE: &str = "gj8-Qm2-xLw";
    let (keys, _) = KeyFile::create("陈工", &Passphrase::new(PASSPHRASE), None).unwrap();
    key_file::create(&place.path().join("store"), &keys).unwrap();
    let window = Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["--camera", &body.gphoto_port(), "--webcam", "none", "--store"])
        .arg(place.path().join("store"))
        .env("HOME", place.path())
        .env("DISPLAY", &display)
        .env_remove("WAYLAND_DISPLAY")
        .spawn()
        .unwrap();
    let window = Running(window);
    let tool = |arguments: &[&str]| {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &display).status();
        assert!(done.is_ok_and(|done| done.success()), "{arguments:?}");
    };
    thread::sleep(Duration::from_secs(6));
    tool(&[
        "search",
        "--onlyvisible",
        "--class",
        "caiying",
        "windowsize",
        "1920",
        "1080",
        "windowmove",
        "0",
        "0",
    ]);
    let focused = ["search", "--onlyvisible", "--class", "caiying", "windowfocus", "--sync"];
    tool(&[&focused[..], &["type", "--delay", "80", PASSPHRASE]].concat());
    tool(&["key", "Return"]);
    thread::sleep(Duration::from_secs(5));
    tool(&[&focused[..], &["key", "l"]].concat());
    costs(&window)
}

/// Processor time a second of each thread, once it has settled.
fn costs(window: &Running) -> BTreeMap<String, f64> {
    thread::sleep(Duration::from_secs(5));
    let (before, began) = (spent(window.0.id()), Instant::now());
    thread::sleep(WATCHED);
    let (after, took) = (spent(window.0.id()), began.elapsed().as_secs_f64());
    let mut costs = BTreeMap::new();
    for (id, (name, ticks)) in after {
        let earlier = before.get(&id).map_or(0.0, |(_, ticks)| *ticks);
        *costs.entry(name).or_insert(0.0) += (ticks - earlier) / TICKS / took;
    }
    costs
}

/// What each thread of a process has spent so far, by its number: its name and its ticks. Threads of the software
/// rasteriser belong to the one that draws.
fn spent(process: u32) -> BTreeMap<String, (String, f64)> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("the window is open");
    tasks
        .flatten()
        .filter_map(|task| {
            let id = task.file_name().to_string_lossy().into_owned();
            let stat = fs::read_to_string(Path::new(&task.path()).join("stat")).ok()?;
            let (name, rest) = (stat.split_once('(')?.1.rsplit_once(')')?.0, stat.rsplit_once(") ")?.1);
            let fields: Vec<&str> = rest.split(' ').collect();
            let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
            let draws = id == process.to_string() || name.starts_with("llvmpipe") || name.contains(":gl");
            Some((id, (if draws { "main".to_owned() } else { name.to_owned() }, ticks)))
        })
        .collect()
}
