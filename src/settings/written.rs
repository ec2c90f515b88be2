//! Settings as the window writes them: only what was chosen there changes; comments and all other keys stay.

use toml_edit::{DocumentMut, Item, value};

use super::{Look, SecondScreen, Settings, SettingsError};
use crate::language::Language;

impl Settings {
    /// The text of a settings file, with what can be chosen in the window written into it.
    ///
    /// # Errors
    /// When the text is not TOML: nothing of a file that nobody understands is overwritten.
    pub fn written_into(&self, text: &str) -> Result<String, SettingsError> {
        let refused = |err: toml_edit::TomlError| SettingsError { said: err.to_string() };
        let mut document = text.parse::<DocumentMut>().map_err(refused)?;
        let language = match self.language {
            Language::Chinese => "chinese",
            Language::English => "english",
        };
        let look = match self.look {
            Look::Dark => "dark",
            Look::Light => "light",
        };
        let second_screen = match self.second_screen {
            SecondScreen::Off => "off",
            SecondScreen::Window => "window",
            SecondScreen::Fullscreen => "fullscreen",
        };
        for (key, said) in [
            ("station", value(&self.station)),
            ("profile", value(&self.profile)),
            ("camera", value(&self.camera)),
            ("webcam", self.webcam.as_ref().map_or(Item::None, value)),
            ("language", value(language)),
            ("look", value(look)),
            ("sounds", value(self.sounds)),
            ("calibrate_first", value(self.calibrate_first)),
            ("second_screen", value(second_screen)),
        ] {
            match (document.get_mut(key), said) {
                (Some(_), Item::None) => {
                    document.remove(key);
                }
                (None, Item::None) => {}
                // In its place, with whatever was written beside it.
                (Some(Item::Value(there)), Item::Value(mut said)) => {
                    *said.decor_mut() = there.decor().clone();
                    *there = said;
                }
                (_, said) => {
                    document.insert(key, said);
                }
            }
        }
        Ok(document.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_read_back_and_everything_else_stays() {
        let text = "# of the second laptop\nstation = \"2\" # by the door\ncode_rest_ms = 900\nwebcam = \"C920\"\n\n[scanner]\nprefix = \"~\"\n";
        let chosen = Settings {
            station: "甲 3".to_owned(),
            profile: "anqing_2027_graduates".to_owned(),
            webcam: None,
            sounds: false,
            calibrate_first: true,
            look: Look::Light,
            language: Language::English,
            ..Settings::parse(text).unwrap()
        };
        let written = chosen.written_into(text).unwrap();
        assert_eq!(Settings::parse(&written).unwrap(), chosen);
        for kept in ["# of the second laptop\n", "# by the door", "code_rest_ms = 900", "[scanner]"] {
            assert!(written.contains(kept), "{kept} in {written}");
        }
        assert!(!written.contains("C920"));
        let fresh = chosen.written_into("").unwrap();
        let plain =
            Settings { code_rest_ms: super::super::CODE_REST_MS, scanner: Default::default(), ..chosen };
        assert_eq!(Settings::parse(&fresh).unwrap(), plain);
        assert!(Settings::default().written_into("station = ").is_err());
    }
}
