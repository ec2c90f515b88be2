//! A page: black shapes on white, in pixels of 300 to the inch, so that bars fall on whole pixels of a printer.

use std::fmt::Write as _;

/// Pixels to the inch.
const DPI: u32 = 300;

/// PDF counts in points, of which an inch has 72.
const POINTS_A_PIXEL: f64 = 72.0 / DPI as f64;

/// Lines within a pixel row that the edge of a letter is measured on.
const LINES: usize = 4;

/// A place in pixels from the upper left corner.
pub(super) type Place = (f64, f64);

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A text holds what cannot stand on it: the font lacks it, or the code has no sign for it.
    #[error("{0:?} cannot be printed")]
    Unprintable(String),
    /// The fonts that travel with the program are damaged.
    #[error("the fonts that travel with the program are damaged")]
    Font,
    /// The picture's encoder failed.
    #[error("the picture cannot be encoded")]
    Png(#[from] png::EncodingError),
}

/// Black on white.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    width: u32,
    height: u32,
    /// Left, upper edge, width, height.
    bars: Vec<[u32; 4]>,
    /// Closed outlines that belong together: a letter with its holes.
    letters: Vec<Vec<Vec<Place>>>,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, bars: vec![], letters: vec![] }
    }

    /// Its size in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    pub(super) fn bar(&mut self, bar: [u32; 4]) {
        self.bars.push(bar);
    }

    pub(super) fn letter(&mut self, outlines: Vec<Vec<Place>>) {
        self.letters.push(outlines);
    }

    /// As a PDF file of one page.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        pdf(std::slice::from_ref(self))
    }

    /// Its size in points.
    fn points(&self) -> (f64, f64) {
        (f64::from(self.width) * POINTS_A_PIXEL, f64::from(self.height) * POINTS_A_PIXEL)
    }

    /// Its shapes, as PDF draws them.
    fn drawing(&self) -> String {
        let (_, height) = self.points();
        // Pixels count from the upper edge, PDF from the lower one.
        let mut drawing = format!("{POINTS_A_PIXEL} 0 0 -{POINTS_A_PIXEL} 0 {height:.2} cm\n");
        for [left, top, width, height] in &self.bars {
            drawing.push_str(&format!("{left} {top} {width} {height} re\n"));
        }
        drawing.push_str("f\n");
        for letter in &self.letters {
            for outline in letter {
                for (n, (x, y)) in outline.iter().enumerate() {
                    drawing.push_str(&format!("{x:.2} {y:.2} {}\n", if n == 0 { "m" } else { "l" }));
                }
                drawing.push_str("h\n");
            }
            drawing.push_str("f\n");
        }
        drawing
    }

    /// As a grey PNG picture that knows its size in millimetres.
    ///
    /// # Errors
    /// When the encoder fails.
    pub fn png(&self) -> Result<Vec<u8>, PaperError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        // 300 pixels an inch of 25.4 mm are 11,811 a metre.
        let per_metre = (f64::from(DPI) / 0.0254).round() as u32;
        let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
        encoder.set_pixel_dims(Some(dims));
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels())?;
        writer.finish()?;
        Ok(file)
    }

    /// One byte a pixel, 0 black to 255 white.
    #[must_use]
    pub fn pixels(&self) -> Vec<u8> {
        let mut canvas =
            Canvas { width: self.width as usize, ink: vec![0.0; (self.width * self.height) as usize] };
        for [left, top, width, height] in &self.bars {
            for row in *top..top + height {
                canvas.line(row as usize, f64::from(*left), f64::from(left + width), 1.0);
            }
        }
        for letter in &self.letters {
            canvas.fill(letter);
        }
        canvas.ink.into_iter().map(|ink| (255.0 * (1.0 - ink.clamp(0.0, 1.0))).round() as u8).collect()
    }
}

/// Pages as one PDF file, nothing but shapes: it looks alike everywhere and needs no font.
#[must_use]
pub fn pdf(pages: &[Page]) -> Vec<u8> {
    // Two objects a page behind the two that every file has.
    let numbers: Vec<usize> = (0..pages.len()).map(|n| 3 + 2 * n).collect();
    let kids: Vec<String> = numbers.iter().map(|number| format!("{number} 0 R")).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
    ];
    for (page, number) in pages.iter().zip(numbers) {
        let ((width, height), drawing) = (page.points(), page.drawing());
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2} {height:.2}] /Contents {} 0 R /Resources << >> >>",
            number + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{drawing}endstream", drawing.len()));
    }
    assembled(&objects)
}

/// The objects of a PDF file, numbered from 1, with the table that says where each begins (ISO 32000-1, 7.5).
fn assembled(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut starts = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        starts.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for start in starts {
        file.push_str(&format!("{start:010} 00000 n \n"));
    }
    // Writing to a String cannot fail.
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).ok();
    file.into_bytes()
}

/// How much of each pixel is black.
struct Canvas {
    width: usize,
    ink: Vec<f64>,
}

impl Canvas {
    /// Blackens a stretch of a row.
    fn line(&mut self, row: usize, from: f64, to: f64, ink: f64) {
        let first = from.max(0.0).floor() as usize;
        let last = to.min(self.width as f64).ceil() as usize;
        for column in first..last {
            let covered = (to.min(column as f64 + 1.0) - from.max(column as f64)).max(0.0);
            if let Some(pixel) = self.ink.get_mut(row * self.width + column) {
                *pixel += covered * ink;
            }
        }
    }

    /// Fills outlines by the rule of winding: what lies within more turns one way than the other is black.
    fn fill(&mut self, outlines: &[Vec<Place>]) {
        let edges: Vec<(Place, Place)> = outlines
            .iter()
            .flat_map(|outline| outline.iter().copied().zip(outline.iter().copied().cycle().skip(1)))
            .collect();
        let ys = || edges.iter().map(|(from, _)| from.1);
        // A blank has no edges: its bottom is above its top, and nothing lies between.
        let bottom = ys().fold(0.0, f64::max).ceil() as usize;
        let top = ys().fold(bottom as f64, f64::min).max(0.0) as usize;
        let rows = top..bottom;
        for line in rows.start * LINES..rows.end * LINES {
            let y = (line as f64 + 0.5) / LINES as f64;
            let mut crossings: Vec<(f64, i32)> = edges.iter().filter_map(|edge| crossing(*edge, y)).collect();
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut turns = 0;
            for (here, next) in crossings.iter().zip(crossings.iter().skip(1)) {
                turns += here.1;
                if turns != 0 {
                    self.line(line / LINES, here.0, next.0, 1.0 / LINES as f64);
                }
            }
        }
    }
}

/// Where an edge crosses a level, and which way.
fn crossing(((x1, y1), (x2, y2)): (Place, Place), y: f64) -> Option<(f64, i32)> {
    let way = if y1 <= y && y < y2 {
        1
    } else if y2 <= y && y < y1 {
        -1
    } else {
        return None;
    };
    Some((x1 + (y - y1) / (y2 - y1) * (x2 - x1), way))
}
