//! Frames as a webcam sees them: a phone that shows a capture card, drawn from a seed and then spoilt in one
//! of fifteen ways.
//!
//! The card is the one of facts/standard.md section 3.2: 350 x 554 units of white, four grey label lines, a
//! green square that holds the code. What is in a code here is made up: base64url of random bytes.

mod canvas;

use std::f64::consts::{PI, TAU};

use fastrand::Rng;
use qrcode::{Color, EcLevel, QrCode, Version};

use self::canvas::{Canvas, smear, soften, through_jpeg};

/// The ways a frame can be bad.
pub(crate) const CLASSES: [&str; 15] = [
    "clean",
    "rotation",
    "perspective",
    "defocus",
    "motion",
    "noise",
    "moire",
    "glare",
    "lowcontrast",
    "inverted",
    "small",
    "tinyblur",
    "mixed",
    "dim",
    "covered",
];

/// A frame, and what a reader must find in it.
pub(crate) struct Frame {
    /// Which of [`CLASSES`].
    pub(crate) class: &'static str,
    /// The QR code's version.
    pub(crate) version: i16,
    /// What the code holds.
    pub(crate) text: Vec<u8>,
    /// Grey pixels, row by row.
    pub(crate) pixels: Vec<u8>,
    /// Width in pixels.
    pub(crate) width: usize,
    /// Height in pixels.
    pub(crate) height: usize,
}

/// What happens to a frame. Lengths are in modules of the code unless said otherwise.
struct Spoiling {
    /// Pixels per module at the middle of the code.
    pitch: f64,
    /// Turned in its plane, radians.
    turn: f64,
    /// Tilted out of it, about the two axes, radians.
    tilt: (f64, f64),
    /// Standard deviation of a round blur.
    blur: f64,
    /// Length and direction of a straight blur.
    motion: (f64, f64),
    /// Standard deviation of the noise, grey levels.
    noise: f64,
    /// Strength (0 to 1), period in pixels and direction of interference.
    moire: (f64, f64, f64),
    /// Grey levels that a lamp's reflection adds at its middle.
    glare: f64,
    /// Grey level of the screen's black and white.
    levels: (f64, f64),
    /// Share of the code that a finger hides.
    covered: f64,
}

fn between(dice: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * dice.f64()
}

fn either_side(dice: &mut Rng, low: f64, high: f64) -> f64 {
    between(dice, low, high) * if dice.bool() { 1.0 } else { -1.0 }
}

fn spoiling(class: &str, level: EcLevel, dice: &mut Rng) -> Spoiling {
    let mut s = Spoiling {
        pitch: between(dice, 2.6, 6.0),
        turn: either_side(dice, 0.0, 0.1),
        tilt: (either_side(dice, 0.0, 0.08), either_side(dice, 0.0, 0.08)),
        blur: between(dice, 0.05, 0.15),
        motion: (0.0, between(dice, 0.0, PI)),
        noise: between(dice, 1.0, 3.0),
        moire: (0.0, 4.0, 0.0),
        glare: 0.0,
        levels: (between(dice, 15.0, 50.0), between(dice, 180.0, 240.0)),
        covered: 0.0,
    };
    match class {
        "rotation" => s.turn = between(dice, -PI, PI),
        "perspective" => s.tilt = (either_side(dice, 0.3, 0.8), either_side(dice, 0.2, 0.7)),
        "defocus" => s.blur = between(dice, 0.3, 0.75),
        "motion" => s.motion.0 = between(dice, 0.5, 1.6),
        "noise" => s.noise = between(dice, 15.0, 48.0),
        "moire" => s.moire = (between(dice, 0.12, 0.5), between(dice, 2.2, 7.0), between(dice, 0.0, PI)),
        "glare" => s.glare = between(dice, 60.0, 220.0),
        "lowcontrast" => {
            let black = between(dice, 40.0, 170.0);
            s.levels = (black, black + between(dice, 14.0, 45.0));
        }
        "inverted" => s.levels = (s.levels.1, s.levels.0),
        "small" => s.pitch = between(dice, 1.7, 2.5),
        "tinyblur" => (s.pitch, s.blur) = (between(dice, 1.9, 2.6), between(dice, 0.22, 0.42)),
        "mixed" => {
            s.turn = between(dice, -PI, PI);
            s.tilt = (either_side(dice, 0.0, 0.35), either_side(dice, 0.0, 0.35));
            s.blur = between(dice, 0.1, 0.4);
            s.noise = between(dice, 5.0, 16.0);
            s.moire = (between(dice, 0.0, 0.15), between(dice, 2.5, 7.0), between(dice, 0.0, PI));
            s.glare = between(dice, 0.0, 70.0);
        }
        "dim" => {
            let black = between(dice, 4.0, 12.0);
            s.levels = (black, black + between(dice, 10.0, 45.0));
            s.noise = between(dice, 2.0, 4.0);
        }
        "covered" => {
            // Of what each level can restore (7, 15, 25 per cent) at most some two thirds.
            s.covered = match level {
                EcLevel::L => between(dice, 0.01, 0.045),
                EcLevel::M => between(dice, 0.03, 0.1),
                EcLevel::Q | EcLevel::H => between(dice, 0.06, 0.17),
            };
        }
        _ => {}
    }
    s
}

/// The code of a frame: versions 6 to 18, levels L, M and Q, 100 to 400 bytes.
fn code(dice: &mut Rng) -> (Vec<u8>, QrCode, EcLevel, i16) {
    loop {
        let version = dice.i16(6..=18);
        let level = [EcLevel::L, EcLevel::M, EcLevel::Q][dice.usize(0..3)];
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let length = dice.usize(100..=400);
        let text: Vec<u8> = (0..length).map(|_| alphabet[dice.usize(0..64)]).collect();
        let smaller = QrCode::with_version(&text, Version::Normal(version - 1), level);
        if let (Ok(code), Err(_)) = (QrCode::with_version(&text, Version::Normal(version), level), smaller) {
            return (text, code, level, version);
        }
    }
}

/// Texture pixels per module.
const FINE: f64 = 8.0;
/// The card's size, and where its green square's inner side begins and how long it is, in units.
const CARD: (f64, f64) = (350.0, 554.0);
const SQUARE: (f64, f64, f64) = (50.0, 224.0, 250.0);

/// The card on its phone: grey 0 (black) to 1 (white). Also the middle of the code and the texture's pixels per
/// unit.
fn phone(code: &QrCode, dice: &mut Rng) -> (Canvas, (f64, f64)) {
    let modules = code.width() as f64;
    let quiet = between(dice, 2.0, 4.0);
    let unit = (modules + 2.0 * quiet) * FINE / SQUARE.2;
    let (bezel, bar) = (14.0, 60.0);
    let (width, height) = ((CARD.0 + 2.0 * bezel) * unit, (CARD.1 + 2.0 * (bezel + bar)) * unit);
    let mut canvas = Canvas::new(width as usize, height as usize, 0.06);
    let (left, top) = (bezel * unit, (bezel + bar) * unit);
    canvas.fill(left, bezel * unit, CARD.0 * unit, (CARD.1 + 2.0 * bar) * unit, 0.75);
    canvas.fill(left, top, CARD.0 * unit, CARD.1 * unit, 1.0);
    canvas.fill(left + 90.0 * unit, top + 18.0 * unit, 170.0 * unit, 26.0 * unit, 0.35);
    for line in 0..4 {
        let mut x = 40.0;
        let y = 80.0 + 34.0 * f64::from(line);
        while x < 300.0 - f64::from(dice.u32(0..100)) {
            glyph(&mut canvas, (left + x * unit, top + y * unit), 14.0 * unit, dice);
            x += 17.0;
        }
    }
    let (s, t) = (left + SQUARE.0 * unit, top + SQUARE.1 * unit);
    // The green of the frame, RGB (30, 155, 114), is this grey.
    canvas.fill(s - 2.0 * unit, t - 2.0 * unit, (SQUARE.2 + 4.0) * unit, (SQUARE.2 + 4.0) * unit, 0.45);
    canvas.fill(s, t, SQUARE.2 * unit, SQUARE.2 * unit, 1.0);
    let (s, t) = (s + quiet * FINE, t + quiet * FINE);
    for row in 0..code.width() {
        for column in 0..code.width() {
            if code[(column, row)] == Color::Dark {
                canvas.fill(s + column as f64 * FINE, t + row as f64 * FINE, FINE, FINE, 0.0);
            }
        }
    }
    (canvas, (s + modules * FINE / 2.0, t + modules * FINE / 2.0))
}

/// Something that looks like a Chinese character from afar: a few strokes in a square.
fn glyph(canvas: &mut Canvas, (x, y): (f64, f64), side: f64, dice: &mut Rng) {
    for _ in 0..dice.u32(3..7) {
        let (at, from, long) = (dice.f64(), dice.f64() * 0.5, between(dice, 0.3, 0.9));
        if dice.bool() {
            canvas.fill(x + from * side, y + at * side, long.min(1.0 - from) * side, side * 0.1, 0.5);
        } else {
            canvas.fill(x + at * side, y + from * side, side * 0.1, long.min(1.0 - from) * side, 0.5);
        }
    }
}

/// The room behind the phone: a slope of light and some furniture, as grey levels.
fn room(width: usize, height: usize, dice: &mut Rng) -> Canvas {
    let (base, slope) = (between(dice, 60.0, 150.0), either_side(dice, 10.0, 50.0));
    let mut canvas = Canvas::new(width, height, 0.0);
    for (n, pixel) in canvas.pixels.iter_mut().enumerate() {
        *pixel = (base + slope * ((n % width) as f64 / width as f64 - 0.5)) as f32;
    }
    for _ in 0..dice.u32(4..14) {
        let (x, y) = (dice.f64() * width as f64, dice.f64() * height as f64);
        let (w, h) = (between(dice, 5.0, 300.0), between(dice, 5.0, 300.0));
        canvas.fill(x, y, w, h, between(dice, 20.0, 220.0) as f32);
    }
    canvas
}

/// Where a pixel of the frame lies on the phone: the inverse of a plane seen in perspective.
struct Camera {
    inverse: [f64; 9],
}

impl Camera {
    /// `middle` of the frame shows `target` of the phone; a texture pixel there is `scale` frame pixels.
    fn new(s: &Spoiling, middle: (f64, f64), target: (f64, f64), scale: f64) -> Self {
        let focal = 1000.0;
        let ((sx, cx), (sy, cy), (sz, cz)) = (s.tilt.0.sin_cos(), s.tilt.1.sin_cos(), s.turn.sin_cos());
        // Columns: where the plane's two axes point after the turn and both tilts.
        let a = [cy * cz, sx * sy * cz + cx * sz, -cx * sy * cz + sx * sz];
        let b = [-cy * sz, -sx * sy * sz + cx * cz, cx * sy * sz + sx * cz];
        let depth = focal / scale;
        // pixel = middle + focal * (point.xy) / (depth + point.z)
        let h = [
            focal * a[0] + middle.0 * a[2],
            focal * b[0] + middle.0 * b[2],
            middle.0 * depth,
            focal * a[1] + middle.1 * a[2],
            focal * b[1] + middle.1 * b[2],
            middle.1 * depth,
            a[2],
            b[2],
            depth,
        ];
        let mut inverse = adjugate(&h);
        // Then from the code's middle to the texture's corner.
        for column in 0..3 {
            inverse[column] += target.0 * inverse[6 + column];
            inverse[3 + column] += target.1 * inverse[6 + column];
        }
        Self { inverse }
    }

    fn on_phone(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.inverse;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }
}

fn adjugate(h: &[f64; 9]) -> [f64; 9] {
    [
        h[4] * h[8] - h[5] * h[7],
        h[2] * h[7] - h[1] * h[8],
        h[1] * h[5] - h[2] * h[4],
        h[5] * h[6] - h[3] * h[8],
        h[0] * h[8] - h[2] * h[6],
        h[2] * h[3] - h[0] * h[5],
        h[3] * h[7] - h[4] * h[6],
        h[1] * h[6] - h[0] * h[7],
        h[0] * h[4] - h[1] * h[3],
    ]
}

/// A finger's tip over one edge of the code, away from the three finder patterns: middle and radius, in texture
/// pixels from the code's upper left corner.
fn finger(share: f64, side: f64, dice: &mut Rng) -> ((f64, f64), f64) {
    // Half a disc lies on the code.
    let radius = side * (2.0 * share / PI).sqrt();
    let along = side * between(dice, 0.45, 0.6);
    let middle = match dice.u32(0..3) {
        0 => (side, along.max(side * 0.5)),
        1 => (along, side),
        _ => (side * 0.97, side * 0.97),
    };
    (middle, radius)
}

/// A frame of a class. The same seed gives the same frame.
pub(crate) fn frame(class: usize, seed: u64, (width, height): (usize, usize)) -> Frame {
    let mut dice = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(class as u64));
    let class = CLASSES[class % CLASSES.len()];
    let (text, code, level, version) = code(&mut dice);
    let mut s = spoiling(class, level, &mut dice);
    let modules = code.width() as f64;
    // Turned and tilted, the whole code must still lie in the frame.
    s.pitch = s.pitch.min(0.66 * height as f64 / modules);
    let (texture, target) = phone(&code, &mut dice);
    let room_for = (height as f64 * 0.5 - 0.71 * s.pitch * modules).max(4.0);
    let middle = (
        width as f64 / 2.0 + either_side(&mut dice, 0.0, room_for * 1.5),
        height as f64 / 2.0 + either_side(&mut dice, 0.0, room_for),
    );
    let camera = Camera::new(&s, middle, target, s.pitch / FINE);
    let hidden = (s.covered > 0.0).then(|| {
        let side = modules * FINE;
        let ((x, y), radius) = finger(s.covered, side, &mut dice);
        ((x + target.0 - side / 2.0, y + target.1 - side / 2.0), radius)
    });
    let mut canvas = room(width, height, &mut dice);
    draw(&mut canvas, &texture, &camera, s.levels, hidden);
    spoil(&mut canvas, &s, middle, modules, &mut dice);
    let quality = dice.u8(65..=90);
    let pixels = through_jpeg(&canvas, quality);
    Frame { class, version, text, pixels, width, height }
}

/// The phone before the room, 3 x 3 samples a pixel.
fn draw(
    canvas: &mut Canvas,
    texture: &Canvas,
    camera: &Camera,
    (black, white): (f64, f64),
    hidden: Option<((f64, f64), f64)>,
) {
    let width = canvas.width;
    for (n, pixel) in canvas.pixels.iter_mut().enumerate() {
        let (column, row) = ((n % width) as f64, (n / width) as f64);
        let mut sum = 0.0;
        for part in 0..9 {
            let (dx, dy) = (f64::from(part % 3) / 3.0 + 1.0 / 6.0, f64::from(part / 3) / 3.0 + 1.0 / 6.0);
            let (x, y) = camera.on_phone(column + dx, row + dy);
            let skin = hidden.is_some_and(|((hx, hy), radius)| (x - hx).hypot(y - hy) < radius);
            sum += match texture.at(x, y) {
                _ if skin => 120.0,
                Some(grey) => black + (white - black) * f64::from(grey),
                None => f64::from(*pixel),
            };
        }
        *pixel = (sum / 9.0) as f32;
    }
}

fn spoil(canvas: &mut Canvas, s: &Spoiling, middle: (f64, f64), modules: f64, dice: &mut Rng) {
    let side = modules * s.pitch;
    let lamp = (middle.0 + side * (dice.f64() - 0.5), middle.1 + side * (dice.f64() - 0.5));
    let (wide, period) = (side * between(dice, 0.15, 0.3), s.moire.1);
    let (my, mx) = s.moire.2.sin_cos();
    let width = canvas.width;
    for (n, pixel) in canvas.pixels.iter_mut().enumerate() {
        let (x, y) = ((n % width) as f64, (n / width) as f64);
        let wave = 1.0 + s.moire.0 * (TAU * (x * mx + y * my) / period).sin();
        let far = ((x - lamp.0).powi(2) + (y - lamp.1).powi(2)) / (2.0 * wide * wide);
        *pixel = (f64::from(*pixel) * wave + s.glare * (-far).exp()) as f32;
    }
    if s.motion.0 > 0.0 {
        smear(canvas, s.motion.0 * s.pitch, s.motion.1);
    }
    soften(canvas, s.blur * s.pitch);
    for pixel in &mut canvas.pixels {
        // The sum of four even dice is near enough to a bell: its variance is 4/12.
        let bell: f64 = (0..4).map(|_| dice.f64() - 0.5).sum::<f64>() * 3.0_f64.sqrt();
        *pixel += (s.noise * bell) as f32;
    }
}
