//! What belongs to this machine and not to a school: the station's name, its camera, its webcam, its store; and what
//! was measured on it before the first student came.

mod calibration;
mod written;

use std::path::PathBuf;

pub use calibration::{Calibration, CalibrationError};

use serde::Deserialize;

use crate::language::Language;

/// After how long out of sight a code counts as gone, unless somebody sets it otherwise, in milliseconds: hands shake,
/// autofocus hunts.
pub const CODE_REST_MS: u32 = 1500;

/// This machine's settings, from `settings.toml`. Every key may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What this station is called: on screens, in bindings, in the journal.
    pub station: String,
    /// The profile, by name or path.
    pub profile: String,
    /// The camera, as `--camera` takes it.
    pub camera: String,
    /// The webcam's name as `caiying scan --list` says it; the first one found when it is missing.
    pub webcam: Option<String>,
    /// Where the store lies; the user's data folder when it is missing.
    pub store: Option<PathBuf>,
    /// The interface's language.
    pub language: Language,
    /// A family of cameras of the operator's own: a file, looked for beside the settings' usual place when it has no
    /// absolute path.
    pub camera_family: Option<PathBuf>,
    /// The serial port of an identity card reader; used only where the profile allows it.
    pub id_reader: Option<PathBuf>,
    /// The clock of a camera that writes to a hot folder.
    pub hot_folder: HotFolder,
    /// A code counts as gone when it has been out of sight for so long, in milliseconds: shown again after that, it
    /// is news. The next student's code is taken at once, whatever this says.
    pub code_rest_ms: u32,
    /// Whether the operator hears what happens: seated, kept, refused, a stray, a device gone.
    pub sounds: bool,
    /// A code scanner that plugs in as a keyboard.
    pub scanner: Scanner,
    /// Whether work begins with a reference portrait, where there is none of the day: of the cloth as it hangs here.
    pub calibrate_first: bool,
    /// How the window looks.
    pub look: Look,
    /// What the sitter sees, in a window of its own.
    pub second_screen: SecondScreen,
    /// Which monitor it fills, counted from 0 as the desktop counts them.
    pub second_monitor: usize,
}

/// The sitter's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondScreen {
    /// There is none until somebody presses F11.
    #[default]
    Off,
    /// A small window.
    Window,
    /// The whole of the other monitor; a small window where there is one monitor only.
    Fullscreen,
}

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Dark, for halls and gyms.
    #[default]
    Dark,
    /// Light, for rooms with the sun on the screen.
    Light,
}

/// The clock of a camera that cannot be asked for the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HotFolder {
    /// How far the camera's clock is ahead of this computer's local time, in milliseconds.
    pub clock_ahead_ms: i64,
    /// How far that may be off, either way. Too small a number gives a photo to the wrong student; too large a
    /// one only sends it to the strays. A file that proves it too small ends the belief in that clock until
    /// the program is started anew.
    pub clock_uncertain_ms: u32,
}

/// A code scanner that plugs in as a keyboard: what it types around a code, and how fast.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scanner {
    /// What it is set to type before each code. When it is set, a scan without it is refused: it lacks its beginning.
    pub prefix: String,
    /// What it is set to type after each code, before Enter.
    pub suffix: String,
    /// Whether it ends each code with Enter or Tab. Where it does not, nobody can tell a code that broke off.
    pub ends_with_enter: bool,
    /// The most milliseconds it takes for a character, on average. People take more than 40.
    pub slowest_ms: u8,
    /// Whether one is there, so that keys wait until it is known that no scanner typed them.
    pub plugged_in: PluggedIn,
}

/// Whether a code scanner is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluggedIn {
    /// Where this computer has a keyboard that is not its own.
    #[default]
    Auto,
    /// Always.
    Yes,
    /// Never: what a scanner types would be keys.
    No,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            suffix: String::new(),
            ends_with_enter: true,
            slowest_ms: 35,
            plugged_in: PluggedIn::Auto,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            station: "1".to_owned(),
            profile: "chsi_2017_99".to_owned(),
            camera: "auto".to_owned(),
            webcam: None,
            store: None,
            camera_family: None,
            id_reader: None,
            language: Language::default(),
            hot_folder: HotFolder::default(),
            code_rest_ms: CODE_REST_MS,
            sounds: true,
            calibrate_first: false,
            scanner: Scanner::default(),
            look: Look::default(),
            second_screen: SecondScreen::default(),
            second_monitor: 1,
        }
    }
}

impl Default for HotFolder {
    /// A camera whose clock was set by the computer's this morning is within a second of it.
    fn default() -> Self {
        Self { clock_ahead_ms: 0, clock_uncertain_ms: 1500 }
    }
}

/// A station's name stands beside every shot and in the foot of the window.
pub const STATION_CHARS: usize = 40;

/// Settings that cannot be read.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("the settings cannot be read: {said}")]
pub struct SettingsError {
    /// In the parser's words, with the line.
    pub said: String,
}

impl Settings {
    /// Reads settings from the text of their file.
    ///
    /// # Errors
    /// When the text is not TOML, has a key nobody knows, or the station's name is none.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|err| SettingsError { said: err.to_string() })?;
        let station = settings.station.chars().count();
        if !(1..=STATION_CHARS).contains(&station) || settings.station.chars().any(char::is_control) {
            let said = format!("`station` is a name of 1 to {STATION_CHARS} characters, not of {station}");
            return Err(SettingsError { said });
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_may_be_empty_but_not_misspelt() {
        assert_eq!(Settings::parse("").unwrap(), Settings::default());
        let said = Settings::parse("statoin = \"2\"").unwrap_err().to_string();
        assert!(said.contains("statoin"), "{said}");
        let two = Settings::parse("station = \"2\"\n[hot_folder]\nclock_ahead_ms = -300\n").unwrap();
        assert_eq!((two.station.as_str(), two.hot_folder.clock_ahead_ms), ("2", -300));
        let scanner =
            Settings::parse("[scanner]\nprefix = \"~\"\nends_with_enter = false\n").unwrap().scanner;
        assert_eq!((scanner.prefix.as_str(), scanner.ends_with_enter, scanner.slowest_ms), ("~", false, 35));
        assert!(Settings::parse("[scanner]\nprefx = \"~\"").is_err());
        let screens = Settings::parse("second_screen = \"fullscreen\"\nsecond_monitor = 0").unwrap();
        assert_eq!((screens.second_screen, screens.second_monitor), (SecondScreen::Fullscreen, 0));
        assert_eq!(Settings::parse("").unwrap().second_screen, SecondScreen::Off);
        assert!(Settings::parse("second_screen = \"on\"").is_err());
        for station in ["", "a\\nb", &"门".repeat(41)] {
            assert!(Settings::parse(&format!("station = \"{station}\"")).is_err(), "{station}");
        }
        assert_eq!(two.hot_folder.clock_uncertain_ms, HotFolder::default().clock_uncertain_ms);
    }
}
