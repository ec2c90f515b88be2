//! The frame solver's reasoning as a picture: the shot with the crop, the windows of the standard and what was found
//! drawn over it. For photographers who ask why, and for whoever changes the solver.
//!
//! - white frame: what was cut; everything else is darkened;
//! - green bands: where the top of the hair and the eyes may be; green posts: the least and the greatest width of the
//!   face; white line: the middle;
//! - yellow lines: the top of the hair, the eyes, the chin that were found; yellow dots: the outline of the face;
//! - red frames: every face that was seen.

use super::{
    ByteWindow, Crop, Decline, Demand, Enlarging, Face, FaceFinder, Found, Head, Picture, Placement, Rgb,
    fit, opened::Opened, sheltered, solve,
};
use crate::profile::Profile;

/// Longest side of the drawing, in pixels: more than a screen shows helps nobody.
const LONGEST_SIDE: u32 = 1600;

const WHITE: [u8; 3] = [255, 255, 255];
const GREEN: [u8; 3] = [40, 200, 80];
const YELLOW: [u8; 3] = [255, 220, 0];
const RED: [u8; 3] = [230, 40, 40];

/// What is asked of the drawing's file: nothing but that it is not large.
const DRAWING: Demand = Demand { window: ByteWindow { min: 0, max: 1_000_000 }, min_quality: 1, dpi: 300 };

/// Draws what the solver thinks of a shot, also where nothing came of it: a JPEG file.
///
/// # Errors
/// When the shot cannot be decoded or the finder fails.
pub fn explain(
    jpeg: &[u8],
    profile: &Profile,
    finder: &mut dyn FaceFinder,
    enlarging: Enlarging,
) -> Result<Vec<u8>, Decline> {
    sheltered(|| {
        let drawn = draw(jpeg, profile, finder, enlarging)?;
        Ok(fit(&Rgb::new(drawn.width, drawn.height, &drawn.pixels)?, &DRAWING)?.bytes)
    })
}

fn draw(
    jpeg: &[u8],
    profile: &Profile,
    finder: &mut dyn FaceFinder,
    enlarging: Enlarging,
) -> Result<Picture, Decline> {
    let shot = Opened::new(jpeg).map_err(Decline::Unreadable)?;
    let Found { boxes, face } = shot.find(finder, profile.checks.one_face.min_score)?;
    let (small, size) = (shot.shown(LONGEST_SIDE)?, shot.size());
    let per_pixel = f64::from(small.width) / f64::from(size.0);
    let mut canvas = Canvas { picture: small, per_pixel };
    let placement = face.as_ref().and_then(|face| solve(&face.head, size, profile, enlarging).ok());
    if let Some(placement) = &placement {
        canvas.windows(placement, profile);
    }
    for seen in &boxes {
        canvas.frame(Crop { x: seen.x, y: seen.y, width: seen.width, height: seen.height }, RED);
    }
    if let Some(face) = &face {
        canvas.findings(face);
    }
    Ok(canvas.picture)
}

/// A drawing on the shot, made smaller; places are given in pixels of the shot.
struct Canvas {
    picture: Picture,
    /// Pixels of the drawing per pixel of the shot.
    per_pixel: f64,
}

impl Canvas {
    fn windows(&mut self, placement: &Placement, profile: &Profile) {
        let Placement { crop, scale, face } = *placement;
        self.darken_outside(crop);
        let frame = &profile.frame;
        for window in [frame.hair_top_px, frame.eye_line_px] {
            let band =
                Crop { y: crop.y + window.low / scale, height: (window.high - window.low) / scale, ..crop };
            self.tint(band, GREEN);
        }
        let centre = crop.x + face.center_x / scale;
        for width in [frame.face_width_px.low, frame.face_width_px.high] {
            for side in [-0.5, 0.5] {
                let x = centre + side * width / scale;
                self.upright(x, crop.y + face.hair_top / scale, crop.y + face.chin / scale, GREEN);
            }
        }
        self.upright(crop.x + crop.width / 2.0, crop.y, crop.y + crop.height, WHITE);
        self.frame(crop, WHITE);
    }

    fn findings(&mut self, face: &Face) {
        let Head { hair_top, chin, eye_line, face_width, center_x, .. } = face.head;
        for y in [hair_top, eye_line, chin] {
            self.level(center_x - 0.6 * face_width, center_x + 0.6 * face_width, y, YELLOW);
        }
        let dot = 2.0 / self.per_pixel;
        for point in &face.outline {
            self.level(point.x - dot, point.x + dot, point.y, YELLOW);
            self.upright(point.x, point.y - dot, point.y + dot, YELLOW);
        }
    }

    fn frame(&mut self, at: Crop, colour: [u8; 3]) {
        let (right, lower) = (at.x + at.width, at.y + at.height);
        let beyond_corner = right + 1.0 / self.per_pixel;
        self.level(at.x, beyond_corner, at.y, colour);
        self.level(at.x, beyond_corner, lower, colour);
        self.upright(at.x, at.y, lower, colour);
        self.upright(right, at.y, lower, colour);
    }

    fn level(&mut self, left: f64, right: f64, y: f64, colour: [u8; 3]) {
        self.fill(Crop { x: left, y, width: right - left, height: 0.0 }, |pixel| *pixel = colour);
    }

    fn upright(&mut self, x: f64, upper: f64, lower: f64, colour: [u8; 3]) {
        self.fill(Crop { x, y: upper, width: 0.0, height: lower - upper }, |pixel| *pixel = colour);
    }

    /// A quarter of the colour over what is there.
    fn tint(&mut self, at: Crop, colour: [u8; 3]) {
        self.fill(at, |pixel| {
            for (value, tint) in pixel.iter_mut().zip(colour) {
                *value = ((3 * u16::from(*value) + u16::from(tint)) / 4) as u8;
            }
        });
    }

    fn darken_outside(&mut self, crop: Crop) {
        let (right, lower) = (crop.x + crop.width, crop.y + crop.height);
        let far = 1e6;
        for part in [
            Crop { x: -far, y: -far, width: 2.0 * far, height: far + crop.y },
            Crop { x: -far, y: lower, width: 2.0 * far, height: far },
            Crop { x: -far, y: crop.y, width: far + crop.x, height: crop.height },
            Crop { x: right, y: crop.y, width: far, height: crop.height },
        ] {
            self.fill(part, |pixel| *pixel = pixel.map(|value| value / 2));
        }
    }

    /// Paints a rectangle, at least one pixel of the drawing each way; what lies outside is left out.
    fn fill(&mut self, at: Crop, paint: impl Fn(&mut [u8; 3])) {
        let (width, height) = (self.picture.width as usize, self.picture.height as usize);
        // The conversion saturates: whatever is left of or above the drawing is its edge.
        let place = |value: f64, end: usize| ((value * self.per_pixel).round().max(0.0) as usize).min(end);
        let (left, right) = (place(at.x, width), place(at.x + at.width, width));
        let (upper, lower) = (place(at.y, height), place(at.y + at.height, height));
        let is_outside = at.x + at.width < 0.0 || at.y + at.height < 0.0;
        if is_outside {
            return;
        }
        for row in self.picture.pixels.chunks_exact_mut(3 * width).take(lower.max(upper + 1)).skip(upper) {
            let (pixels, _) = row.as_chunks_mut::<3>();
            pixels.iter_mut().take(right.max(left + 1)).skip(left).for_each(&paint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrait::Colours;

    fn canvas() -> Canvas {
        let picture = Picture { width: 8, height: 6, pixels: vec![100; 3 * 8 * 6], colours: Colours::Srgb };
        Canvas { picture, per_pixel: 0.5 }
    }

    fn rows(canvas: &Canvas) -> Vec<String> {
        let sign = |pixel: &[u8]| match pixel {
            [100, ..] => '.',
            [50, ..] => '-',
            _ => '#',
        };
        let rows = canvas.picture.pixels.chunks(3 * 8);
        rows.map(|row| row.chunks(3).map(sign).collect()).collect()
    }

    #[test]
    fn lines_and_bands_lie_where_the_shot_says_and_never_outside() {
        let mut drawn = canvas();
        drawn.frame(Crop { x: 4.0, y: 2.0, width: 8.0, height: 6.0 }, WHITE);
        assert_eq!(rows(&drawn), ["........", "..#####.", "..#...#.", "..#...#.", "..#####.", "........"]);
        let mut darkened = canvas();
        darkened.darken_outside(Crop { x: 4.0, y: 2.0, width: 8.0, height: 6.0 });
        assert_eq!(rows(&darkened), ["--------", "--....--", "--....--", "--....--", "--------", "--------"]);
        let mut far = canvas();
        for (x, y) in [(-50.0, 3.0), (3.0, -50.0), (50.0, 3.0), (3.0, 50.0)] {
            far.frame(Crop { x, y, width: 4.0, height: 4.0 }, RED);
        }
        assert_eq!(far.picture.pixels, canvas().picture.pixels);
    }
}
