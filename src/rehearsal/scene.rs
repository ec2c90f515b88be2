//! Paints what stands before the lens: a person on the light-blue cloth at DSLR size, with sensor noise.
//!
//! On the chest hangs a board with a QR code that says who it is and which picture. It survives cropping and
//! compression, so the judge reads from a delivered portrait's own pixels whose it is.

use std::sync::Arc;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{RehearsalError, people::Person, script::Look};

/// A 24-megapixel frame.
const WIDTH: usize = 6000;
const HEIGHT: usize = 4000;

/// What a DSLR's own JPEG is like: fine, 4:2:2 (facts/speed.md section 1).
const QUALITY: u8 = 92;

/// The reference cloth, and how much darker the corners are.
const CLOTH: [f32; 3] = [100.0, 197.0, 255.0];
const CORNERS: f32 = 0.05;

/// Peak of the sensor's noise, in levels.
const NOISE: i32 = 3;

/// A board's largest side, in heads.
const BOARD: f64 = 0.32;

/// The side of the code on a phone that is held beside the sitter, in pixels: 70 mm where a head of 230 mm has 1,200.
const PHONE: f64 = 365.0;

/// Everything about one picture.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    /// What the board says.
    pub(super) label: String,
    /// What it shows.
    pub(super) look: Look,
    /// Which of the people.
    pub(super) person: usize,
    /// Chance: size, place, noise.
    pub(super) seed: u64,
    /// How much of the chest a portrait shows below the chin, in heads: the board hangs in its middle.
    pub(super) chest: f64,
    /// The capture code on the phone that the sitter holds into the picture.
    pub(super) phone: Option<String>,
}

/// A painted scene: its label and the camera's file of it.
pub(super) type Painted = Result<(String, Arc<[u8]>), RehearsalError>;

/// How a person is placed: from frame pixels back to pixels of the cut-out.
struct Placed {
    scale: f64,
    sin: f64,
    cos: f64,
    /// The middle of the face in the frame and in the cut-out.
    to: (f64, f64),
    from: (f64, f64),
}

impl Placed {
    fn back(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = ((x - self.to.0) / self.scale, (y - self.to.1) / self.scale);
        (self.from.0 + self.cos * dx + self.sin * dy, self.from.1 - self.sin * dx + self.cos * dy)
    }
}

/// A frame being painted.
struct Canvas {
    pixels: Vec<u8>,
}

/// Every so manieth pixel of a frame is one of live view: 1,000 by 667.
const GLANCE: usize = 6;

/// A painted scene, and what live view shows of it.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) label: String,
    pub(super) jpeg: Arc<[u8]>,
    pub(super) view: Arc<[u8]>,
}

/// Paints a scene and compresses it as a camera would.
pub(super) fn paint(scene: &Scene, people: &[Person]) -> Result<Vec<u8>, RehearsalError> {
    canvas(scene, people)?.compressed()
}

/// The same, and small, as a camera's live view shows it.
pub(super) fn paint_with_view(scene: &Scene, people: &[Person]) -> Result<Seen, RehearsalError> {
    let canvas = canvas(scene, people)?;
    let (jpeg, view) = (canvas.compressed()?.into(), canvas.glance()?.into());
    Ok(Seen { label: scene.label.clone(), jpeg, view })
}

fn canvas(scene: &Scene, people: &[Person]) -> Result<Canvas, RehearsalError> {
    let mut dice = fastrand::Rng::with_seed(scene.seed);
    let mut canvas = Canvas::cloth(&mut dice);
    let person = people.get(scene.person % people.len()).ok_or(RehearsalError::Assets)?;
    let head = match scene.look {
        Look::TooClose => 3300.0,
        Look::Good | Look::NoFace | Look::TwoFaces | Look::Blurred | Look::Tilted | Look::AnothersPhone => {
            1100.0 + 200.0 * dice.f64()
        }
    };
    let x = WIDTH as f64 / 2.0 + 300.0 * (dice.f64() - 0.5);
    let lean = if scene.look == Look::Tilted { 13.0 } else { 2.0 * (dice.f64() - 0.5) };
    let board = board(&scene.label, scene.chest)?;
    match scene.look {
        Look::NoFace => {}
        Look::Blurred => {
            let person = person.blurred((person.head() / 60.0) as usize);
            canvas.put(&person, head, x, lean, Some(&board));
        }
        Look::TwoFaces => {
            let other = people.get((scene.person + 1) % people.len()).ok_or(RehearsalError::Assets)?;
            canvas.put(other, head * 0.9, x - 1.5 * head, 0.0, None);
            canvas.put(person, head, x, lean, Some(&board));
        }
        Look::Good | Look::TooClose | Look::Tilted | Look::AnothersPhone => {
            canvas.put(person, head, x, lean, Some(&board));
        }
    }
    if let Some(code) = &scene.phone {
        canvas.hold(&self::board(code, scene.chest)?);
    }
    canvas.add_noise(&mut dice);
    Ok(canvas)
}

impl Canvas {
    /// The cloth, a little darker towards the corners.
    fn cloth(dice: &mut fastrand::Rng) -> Self {
        let light = 1.0 - 0.02 * dice.f32();
        let from_middle = |n: usize, length: usize| {
            let half = length as f32 / 2.0;
            ((n as f32 - half) / half).powi(2) * CORNERS / 2.0
        };
        let across: Vec<f32> = (0..WIDTH).map(|column| from_middle(column, WIDTH)).collect();
        let mut pixels = Vec::with_capacity(3 * WIDTH * HEIGHT);
        for row in 0..HEIGHT {
            let down = from_middle(row, HEIGHT);
            for across in &across {
                let here = light - down - across;
                pixels.extend(CLOTH.map(|channel| (channel * here) as u8));
            }
        }
        Self { pixels }
    }

    /// Puts a person into the frame, bust on the lower edge, head upright but for `lean` degrees.
    fn put(&mut self, person: &Person, head: f64, x: f64, lean: f64, board: Option<&Board>) {
        let scale = head / person.head();
        let angle = (lean - person.roll_deg).to_radians();
        let (sin, cos) = angle.sin_cos();
        // Turning lifts a corner of the bust; sink it below the edge, a little at most.
        let sink = (0.5 * person.width as f64 * scale * sin.abs()).min(0.09 * head);
        let face = (person.center_x, f64::midpoint(person.hair_top, person.chin));
        let foot = (person.height as f64 - face.1) * scale;
        let mut to = (x, HEIGHT as f64 + sink - foot);
        if to.1 - head / 2.0 < 0.0 {
            // Too large for the frame: the hair stays just inside.
            to.1 = head / 2.0 + 30.0;
        }
        let placed = Placed { scale, sin, cos, to, from: face };
        let reach = 0.75 * (person.width.max(person.height) as f64) * scale;
        let rows = (to.1 - reach).max(0.0) as usize..((to.1 + reach) as usize).min(HEIGHT);
        let columns = (to.0 - reach).max(0.0) as usize..((to.0 + reach) as usize).min(WIDTH);
        for row in rows {
            for column in columns.clone() {
                let (from_x, from_y) = placed.back(column as f64, row as f64);
                self.blend(column, row, person.at(from_x, from_y));
            }
        }
        if let Some(board) = board {
            self.hang(board, head, to);
        }
    }

    /// Hangs a board, upright, below the chin of a head whose middle is at `face`.
    fn hang(&mut self, board: &Board, head: f64, face: (f64, f64)) {
        let side = BOARD.min(0.8 * board.chest) * head;
        let (left, top) = (face.0 - side / 2.0, face.1 + (0.5 + board.chest / 2.0) * head - side / 2.0);
        self.show(board, side, (left, top));
    }

    /// Holds a phone beside the sitter, where no portrait is cut.
    fn hold(&mut self, phone: &Board) {
        self.show(phone, PHONE, (0.12 * WIDTH as f64, HEIGHT as f64 - 1.2 * PHONE));
    }

    fn show(&mut self, board: &Board, side: f64, (left, top): (f64, f64)) {
        let rows = top.max(0.0) as usize..((top + side).max(0.0) as usize).min(HEIGHT);
        let columns = left.max(0.0) as usize..((left + side).max(0.0) as usize).min(WIDTH);
        for row in rows {
            for column in columns.clone() {
                let grey = board.at((column as f64 - left) / side, (row as f64 - top) / side);
                self.blend(column, row, [grey, grey, grey, 255.0]);
            }
        }
    }

    fn blend(&mut self, column: usize, row: usize, [red, green, blue, alpha]: [f32; 4]) {
        let share = alpha / 255.0;
        if share <= 0.0 {
            return;
        }
        let start = 3 * (row * WIDTH + column);
        let Some(pixel) = self.pixels.get_mut(start..start + 3) else { return };
        for (below, above) in pixel.iter_mut().zip([red, green, blue]) {
            *below = (f32::from(*below) + (above - f32::from(*below)) * share) as u8;
        }
    }

    /// The same tile of noise from a different place in every row: cheap, and no two frames are alike.
    fn add_noise(&mut self, dice: &mut fastrand::Rng) {
        let tile: Vec<i16> =
            (0..8192).map(|_| (dice.i32(-NOISE..=NOISE) + dice.i32(-NOISE..=NOISE)) as i16 / 2).collect();
        for row in self.pixels.chunks_exact_mut(3 * WIDTH) {
            let start = dice.usize(..tile.len());
            let noise = tile.iter().cycle().skip(start);
            for (channel, noise) in row.iter_mut().zip(noise) {
                *channel = channel.saturating_add_signed(*noise as i8);
            }
        }
    }

    fn compressed(&self) -> Result<Vec<u8>, RehearsalError> {
        compressed(&self.pixels, WIDTH, HEIGHT)
    }

    fn glance(&self) -> Result<Vec<u8>, RehearsalError> {
        let rows = self.pixels.chunks_exact(3 * WIDTH).step_by(GLANCE);
        let few: Vec<u8> =
            rows.flat_map(|row| row.chunks_exact(3).step_by(GLANCE).flatten()).copied().collect();
        compressed(&few, WIDTH.div_ceil(GLANCE), HEIGHT.div_ceil(GLANCE))
    }
}

fn compressed(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, RehearsalError> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_2);
    let painted = encoder.encode(pixels, width as u16, height as u16, ColorType::Rgb);
    painted.map_err(|_too_large| RehearsalError::Assets)?;
    Ok(jpeg)
}

/// A board with a QR code.
struct Board {
    modules: Vec<bool>,
    side: usize,
    chest: f64,
}

/// White modules around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

fn board(label: &str, chest: f64) -> Result<Board, RehearsalError> {
    let code = qrcode::QrCode::with_error_correction_level(label, qrcode::EcLevel::M)
        .map_err(|_too_long| RehearsalError::Assets)?;
    let side = code.width();
    let modules = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    Ok(Board { modules, side, chest })
}

impl Board {
    /// The board's grey at a place on it: 0 to 1 across and down.
    fn at(&self, across: f64, down: f64) -> f32 {
        let modules = (self.side + 2 * QUIET) as f64;
        let column = ((across * modules) as usize).checked_sub(QUIET).filter(|column| *column < self.side);
        let row = ((down * modules) as usize).checked_sub(QUIET).filter(|row| *row < self.side);
        let dark = match (column, row) {
            (Some(column), Some(row)) => self.modules.get(row * self.side + column).copied().unwrap_or(false),
            _ => false,
        };
        if dark { 25.0 } else { 235.0 }
    }
}
