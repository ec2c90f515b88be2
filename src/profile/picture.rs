//! The part of a profile that is about pixels: the file, the frame, the cloth, the limits of the checks.

use serde::Deserialize;

use super::{SoftLimit, Window};

/// The electronic photo (99号 四: 480×640 px, 300 dpi, 24 bit, JPEG quality ≥ 60, 20–40 KB).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Dots per inch written into the file.
    pub dpi: u16,
    /// Bits per pixel; baseline JPEG in colour has 24.
    pub colour_bits: u8,
    /// Smallest and largest file in KB, as the contract says it. See [`Photo::bytes`].
    pub size_kb: Window,
    /// Lowest JPEG quality, on the scale of the Independent JPEG Group.
    pub min_quality: u8,
    /// The file's extension, without the dot.
    pub extension: String,
}

impl Photo {
    /// The smallest and the largest file in bytes that satisfy `size_kb` whether a KB is 1,000 or 1,024
    /// bytes: nobody says which 学信网 means. 20–40 KB is 20,480 to 40,000 bytes.
    #[must_use]
    pub fn bytes(&self) -> (usize, usize) {
        ((self.size_kb.low * 1024.0).ceil() as usize, (self.size_kb.high * 1000.0).floor() as usize)
    }
}

/// Where the head goes, in pixels of the portrait (99号 四).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// From the upper edge to the top of the hair.
    pub hair_top_px: Window,
    /// From the upper edge to the line of the pupils.
    pub eye_line_px: Window,
    /// From cheek to cheek.
    pub face_width_px: Window,
    /// How far the middle of the face may lie from the middle of the picture (人像水平居中).
    pub off_centre_px: Limit,
    /// How far inside the windows we stay, because landmarks are not exact: 6 px are 1.6 per cent of the
    /// head, the 98th percentile of the hair-top error before a plain cloth (facts/portrait.md section 4c).
    pub guard_px: f64,
    /// 头上部空 as a share of the height, where the contract names one (1/10); 0 where it does not.
    pub head_room: f64,
    /// 头上部空 in millimetres at the photo's dpi, where the contract names it; 0 where it does not.
    pub head_room_mm: f64,
    /// What the solver aims at inside the windows.
    pub target: FrameTarget,
}

impl Frame {
    /// The highest place the top of the hair may have, in pixels from the upper edge: inside the window and
    /// its guard, and below the head room the contract names. The guard is not added to the head room:
    /// that is a taste, not a limit a checker reads.
    #[must_use]
    pub fn least_hair_top(&self, photo: &Photo) -> f64 {
        const MM_PER_INCH: f64 = 25.4;
        let by_share = self.head_room * f64::from(photo.height_px);
        let by_mm = self.head_room_mm / MM_PER_INCH * f64::from(photo.dpi);
        (self.hair_top_px.low + self.guard_px).max(by_share).max(by_mm)
    }
}

/// What the solver aims at inside the windows, in pixels of the portrait.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameTarget {
    /// From the upper edge to the top of the hair.
    pub hair_top_px: f64,
    /// From the top of the hair to the chin. 378 puts head and neck on 7/10 of the height and the shoulders
    /// on 1/5. A school that reads 头部7/10 to the letter asks for 448; then the eye window makes the solver
    /// raise the hair top or shrink the head again for about four heads in ten (facts/portrait.md 4a).
    pub head_px: f64,
}

/// The cloth behind the sitter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backdrop {
    /// Its colour in sRGB; 99号's reference for light blue is 100, 197, 255.
    pub rgb: [u8; 3],
    /// Other colours that are as good: 99号 allows light blue, white and light grey, a school may allow several.
    #[serde(default)]
    pub also: Vec<[u8; 3]>,
    /// Whether a photograph of the buyer's own cloth may replace the colour.
    pub may_use_sample: bool,
    /// Colour difference (`CIEDE2000`) from which the cloth is doubtful, and from which it is wrong.
    pub colour_difference: Limit,
    /// How uneven it may be: the 90th percentile of the colour difference (`CIE76`) from a plane laid through it.
    #[serde(default)]
    pub unevenness: SoftLimit,
    /// How much its corners may differ from each other (`CIEDE2000`).
    #[serde(default)]
    pub gradient: SoftLimit,
    /// How much darker it may be beside the head than elsewhere, in L\*.
    #[serde(default)]
    pub head_shadow: SoftLimit,
}

/// A value that is good up to `warn` and bad beyond `fail`, or the other way round: the order tells.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// From here on a person looks twice.
    pub warn: f64,
    /// From here on the photo is taken again.
    pub fail: f64,
}

/// Limits of the checks that have no place above.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckLimits {
    /// Exactly one face.
    pub one_face: OneFaceLimits,
    /// In focus and not shaken.
    pub sharpness: SharpnessLimits,
    /// How far the line of the pupils may lean, in degrees.
    pub roll_deg: Limit,
    /// How far the face may be turned aside, in degrees.
    pub yaw_deg: Limit,
    /// How far the root of the nose may lie off the middle between the cheeks, in per cent of half the face's width.
    pub nose_aside_percent: Limit,
    /// How far the face may be tipped from `pitch_zero_deg`, in degrees.
    pub pitch_deg: Limit,
    /// What the mesh reads for a straight look into the lens, in degrees; depends on the camera's height, so a
    /// station that measured its own goes by that.
    pub pitch_zero_deg: f64,
    /// From pupil to pupil, in pixels of the shot.
    pub pupil_distance_px: Limit,
    /// From the top of the forehead to the top of the hair, in lengths from there to the chin; a doubt beyond.
    pub hair_height: f64,
    /// Open, looking ahead, without glare.
    pub eyes: EyeLimits,
    /// Closed, without a laugh.
    pub mouth: MouthLimits,
    /// The light on the face.
    #[serde(default)]
    pub light: LightLimits,
    /// Clothes and shoulders.
    #[serde(default)]
    pub clothes: ClothesLimits,
    /// The least cloth to be seen beside the head, in portrait pixels.
    #[serde(default)]
    pub side_margin_px: SoftLimit,
    /// The checks that a person may overrule with his name and a reason, by their names; none by default.
    #[serde(default)]
    pub may_be_overruled: Vec<String>,
}

/// What eyes may do.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EyeLimits {
    /// The gap between the lids, in distances from the eyes to the chin.
    pub lid_gap: Limit,
    /// How far a lid may be closed, 0 to 1.
    pub blink: Limit,
    /// How far the eyes may look away, 0 to 1; a doubt beyond.
    pub gaze: f64,
    /// How much around an eye may be glare, in per cent of the pixels.
    pub glare_percent: Limit,
    /// How red a pupil may be: red over the larger of green and blue.
    pub red: Limit,
}

/// What a mouth may do.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MouthLimits {
    /// The gap between the lips, in distances from the eyes to the chin.
    pub lip_gap: Limit,
    /// How far the jaw may be open, 0 to 1.
    pub jaw_open: Limit,
    /// How far the corners may be drawn up while the lips are apart, 0 to 1; a doubt beyond.
    pub smile: f64,
}

/// The light on the face (99号 三). Shares are of the face's pixels, in per cent; luminance is linear, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LightLimits {
    /// Pixels with a luminance of 247 to 255, in per cent.
    pub over_exposure: SoftLimit,
    /// Pixels with a luminance of 0 to 25, in per cent. Dark skin in good light has up to 70 of them.
    pub under_exposure: SoftLimit,
    /// Mean luminance; outside of the window a person looks twice. None by default: it is the skin's as well.
    pub mean: Option<Window>,
    /// Entropy of the luminance, 0 to 100.
    pub dynamic_range: SoftLimit,
    /// Likeness of both cheeks' luminance, 0 to 100.
    pub evenness: SoftLimit,
    /// How far the cheeks' colour lies outside of what skin has, in CIELAB a\* and b\*.
    pub colour_cast: SoftLimit,
}

/// Clothes and shoulders (99号 二).
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClothesLimits {
    /// Colour difference (`CIEDE2000`) between clothes and cloth.
    pub contrast: SoftLimit,
    /// Blue parts of the clothes, in per cent.
    pub blue: SoftLimit,
    /// How far the line of the shoulders may lean, in degrees.
    pub shoulders_deg: SoftLimit,
}

/// What counts as a face, and as a second one.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneFaceLimits {
    /// The finder's score from which something is a face, 0 to 1.
    pub min_score: f64,
    /// The face's height as a share of the shot's height below which the sitter is too far away.
    pub min_height: f64,
    /// A second face from this share of the first one's area on spoils the shot.
    pub second_area: f64,
}

/// What is sharp. All measures are taken inside the face on the finished portrait.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharpnessLimits {
    /// Variance of the Laplacian over squared contrast: falls when the focus is off.
    pub focus: Limit,
    /// 98th percentile of the gradient over contrast: falls when the focus is off, even in a grainy picture.
    pub edges: Limit,
    /// Fine structure in the direction that has least, as a share of a still face's: falls when the camera or the
    /// sitter moved.
    pub motion: Limit,
    /// Focus or edges as a share of the session's reference portrait, where there is one.
    #[serde(default)]
    pub of_reference: SoftLimit,
}

/// From where on a portrait visibly differs from the middle of its batch. No contract says what is visible: these are
/// ours, and each school may have its own.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// Difference of the head's height, in portrait pixels.
    pub head_px: f64,
    /// Difference of the cloth's lightness, in L*: more or less light, or another exposure.
    pub light: f64,
    /// Colour difference between the cloths, CIEDE2000.
    pub cloth: f64,
}
