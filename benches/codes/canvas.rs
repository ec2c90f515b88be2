//! A grey picture to draw on, to blur, and to send through a JPEG file.

use image::ImageReader;

/// A grey picture in floating point.
#[derive(Clone)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<f32>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, grey: f32) -> Self {
        Self { width, height, pixels: vec![grey; width * height] }
    }

    pub(crate) fn fill(&mut self, left: f64, top: f64, width: f64, height: f64, grey: f32) {
        let clip = |v: f64, most: usize| (v.round().max(0.0) as usize).min(most);
        let columns = clip(left, self.width)..clip(left + width, self.width);
        for row in clip(top, self.height)..clip(top + height, self.height) {
            self.pixels[row * self.width + columns.start..row * self.width + columns.end].fill(grey);
        }
    }

    pub(crate) fn at(&self, x: f64, y: f64) -> Option<f32> {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        inside.then(|| self.pixels[y as usize * self.width + x as usize])
    }
}

/// A straight blur, `length` in pixels.
pub(crate) fn smear(canvas: &mut Canvas, length: f64, direction: f64) {
    let old = canvas.clone();
    let (dy, dx) = direction.sin_cos();
    let steps = (length * 2.0).ceil().max(2.0) as i32;
    for (n, pixel) in canvas.pixels.iter_mut().enumerate() {
        let (x, y) = ((n % old.width) as f64 + 0.5, (n / old.width) as f64 + 0.5);
        let mut sum = 0.0;
        for step in 0..steps {
            let t = (f64::from(step) + 0.5) / f64::from(steps) - 0.5;
            sum += old.at(x + t * length * dx, y + t * length * dy).unwrap_or(old.pixels[n]);
        }
        *pixel = sum / steps as f32;
    }
}

/// A round blur, `sigma` in pixels: a bell along the rows, then along the columns.
pub(crate) fn soften(canvas: &mut Canvas, sigma: f64) {
    let reach = (sigma * 3.0).ceil() as isize;
    let bell: Vec<f32> =
        (-reach..=reach).map(|d| (-(d * d) as f64 / (2.0 * sigma * sigma)).exp() as f32).collect();
    let total: f32 = bell.iter().sum();
    for (step, length) in [(1, canvas.width), (canvas.width, canvas.height)] {
        let old = canvas.pixels.clone();
        for (n, pixel) in canvas.pixels.iter_mut().enumerate() {
            let place = (n / step % length) as isize;
            let mut sum = 0.0;
            for (d, weight) in (-reach..=reach).zip(&bell) {
                let at = (place + d).clamp(0, length as isize - 1);
                sum += weight * old[(n as isize + (at - place) * step as isize) as usize];
            }
            *pixel = sum / total;
        }
    }
}

/// Through a JPEG file and back, as webcams send their frames.
pub(crate) fn through_jpeg(canvas: &Canvas, quality: u8) -> Vec<u8> {
    let grey: Vec<u8> = canvas.pixels.iter().map(|v| v.round().clamp(0.0, 255.0) as u8).collect();
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, quality)
        .encode(&grey, canvas.width as u16, canvas.height as u16, jpeg_encoder::ColorType::Luma)
        .unwrap();
    let reader = ImageReader::with_format(std::io::Cursor::new(file), image::ImageFormat::Jpeg);
    reader.decode().unwrap().into_luma8().into_raw()
}
