//! What this station measured on its reference portrait: `calibration.toml`, written by `caiying calibrate`.
//!
//! It belongs to the room and its lamps and not to a school, so it lies beside the settings. A file that a hand has
//! spoilt is refused with key and reason: portraits would be judged by it all day.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use crate::shot::{Moment, PITCH_ZERO_DEG};

/// What was measured on the reference portrait.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// When the reference was shot.
    pub taken: Moment,
    /// The camera that shot it, where its file says so.
    pub camera: Option<String>,
    /// The median colour of the cloth in sRGB, as it looks on the portrait: colour, light and exposure in one.
    pub cloth: [u8; 3],
    /// What the check `focus` measured: fine detail of the face.
    pub focus: f64,
    /// What the check `edges` measured: how steep the outlines of the face are.
    pub edges: f64,
    /// The pitch that the mesh read off a person who looked straight into the lens, in degrees.
    pub pitch_zero_deg: f64,
}

/// A calibration that cannot be used.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("{key}: {said}")]
pub struct CalibrationError {
    /// The key that is wrong, as far as it is known.
    pub key: String,
    /// Why, in the parser's words or ours.
    pub said: String,
}

/// The file, before anything is believed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    taken: String,
    camera: Option<String>,
    cloth: [u8; 3],
    focus: f64,
    edges: f64,
    pitch_zero_deg: f64,
}

impl Calibration {
    /// Reads a calibration from the text of its file.
    ///
    /// # Errors
    /// When the text is not TOML, a key is missing or unknown, or a number cannot have been measured.
    pub fn parse(text: &str) -> Result<Self, CalibrationError> {
        let file: File = toml::from_str(text).map_err(|err| refused(text, &err))?;
        let wrong = |key: &str, said: String| CalibrationError { key: key.to_owned(), said };
        let taken = DateTime::parse_from_rfc3339(&file.taken).map_err(|_err| {
            wrong("taken", format!("{:?} is no time like 2026-06-01T08:00:00Z", file.taken))
        })?;
        for (key, value) in [("focus", file.focus), ("edges", file.edges)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(wrong(key, format!("no sharp face measures {value}")));
            }
        }
        if !PITCH_ZERO_DEG.contains(&file.pitch_zero_deg) {
            let said = format!("no camera stands so that a straight look reads {}°", file.pitch_zero_deg);
            return Err(wrong("pitch_zero_deg", said));
        }
        let File { camera, cloth, focus, edges, pitch_zero_deg, taken: _ } = file;
        let taken = Moment(taken.timestamp_millis());
        Ok(Self { taken, camera, cloth, focus, edges, pitch_zero_deg })
    }

    /// The text of its file. Read back, it gives the same calibration, its numbers rounded to a thousandth or finer.
    #[must_use]
    pub fn text(&self) -> String {
        let [red, green, blue] = self.cloth;
        let camera = self.camera.as_deref().map(|camera| format!("camera = {}\n", quoted(camera)));
        format!(
            "# Measured by `caiying calibrate` on a reference portrait. Calibrate again rather than edit.\n\
             taken = \"{}\"\n{}\
             # The cloth in sRGB, as it looks on a portrait.\n\
             cloth = [{red}, {green}, {blue}]\n\
             # Sharpness of the face, as the checks of these names measure it.\n\
             focus = {:.5}\n\
             edges = {:.4}\n\
             # What the pitch reads for a straight look into the lens, in degrees.\n\
             pitch_zero_deg = {:.3}\n",
            self.taken_at().to_rfc3339_opts(SecondsFormat::Secs, true),
            camera.unwrap_or_default(),
            self.focus,
            self.edges,
            self.pitch_zero_deg,
        )
    }

    /// When the reference was shot, as a date.
    #[must_use]
    pub fn taken_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.taken.0).unwrap_or_default()
    }
}

/// A camera's words as a TOML text: whatever it says of itself, the file stays one that can be read.
fn quoted(said: &str) -> String {
    let plain = said.chars().filter(|c| !c.is_control());
    let escaped = plain.map(|c| if "\"\\".contains(c) { format!("\\{c}") } else { c.to_string() });
    format!("\"{}\"", escaped.collect::<String>())
}

/// What the parser refused, with the key on whose line it stumbled.
fn refused(text: &str, err: &toml::de::Error) -> CalibrationError {
    let before = err.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = text.lines().nth(before.matches('\n').count()).unwrap_or_default();
    let key = line.split('=').next().unwrap_or_default().trim();
    // What is missing stands on no line; the parser names it.
    let key = if err.message().starts_with("missing field") || key.starts_with('#') { "-" } else { key };
    CalibrationError { key: key.to_owned(), said: err.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration() -> Calibration {
        Calibration {
            taken: Moment(1_780_300_800_000),
            camera: Some("Canon \"EOS\" \\ 80D\n".to_owned()),
            cloth: [104, 190, 249],
            focus: 0.082_31,
            edges: 5.25,
            pitch_zero_deg: -3.125,
        }
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let read = Calibration::parse(&calibration().text()).unwrap();
        assert_eq!(read, Calibration { camera: Some("Canon \"EOS\" \\ 80D".to_owned()), ..calibration() });
        let nameless = Calibration { camera: None, ..calibration() };
        assert_eq!(Calibration::parse(&nameless.text()).unwrap(), nameless);
    }

    #[test]
    fn what_cannot_have_been_measured_is_refused_with_its_key() {
        let good = calibration().text();
        for (from, to, key) in [
            ("focus = 0.08231", "focus = -1", "focus"),
            ("focus = 0.08231", "focus = nan", "focus"),
            ("focus = 0.08231", "focus = \"sharp\"", "focus"),
            ("edges = 5.2500", "edges = inf", "edges"),
            ("pitch_zero_deg = -3.125", "pitch_zero_deg = 60.0", "pitch_zero_deg"),
            ("cloth = [104, 190, 249]", "cloth = [104, 190, 256]", "cloth"),
            ("edges = ", "edgse = ", "edgse"),
            ("edges = 5.2500", "", "-"),
            ("2026-", "yesterday-", "taken"),
        ] {
            let spoilt = good.replace(from, to);
            assert_ne!(spoilt, good, "{from}");
            let err = Calibration::parse(&spoilt).unwrap_err();
            assert_eq!(err.key, key, "{err}");
            assert!(!err.said.is_empty());
        }
        let missing = Calibration::parse(&good.replace("edges = 5.2500", "")).unwrap_err();
        assert!(missing.said.contains("edges"), "{missing}");
    }
}
