//! A family of cameras: what is set on its bodies at every connection, and what is known of them. Read from
//! `profiles/cameras/*.toml`, checked once; `profiles/README.md` explains every key.

mod pattern;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ProfileError, Reason, builtin, file};

pub use pattern::Pattern;

/// A family of cameras, checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its file's name without `.toml`; of those that travel with the program `cameras/canon_eos` and so on.
    #[serde(skip)]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The models that belong to it, as they call themselves.
    pub models: Vec<Pattern>,
    /// A raw file's JPEG comes within this many milliseconds, or not at all.
    pub pair_quiet_ms: u32,
    /// Whether live view must be off before the shutter is fired.
    pub live_view_off_before_shot: bool,
    /// What its battery says, and when that is too little.
    pub battery: Battery,
    /// What is read, and set where it is said to what, in this order.
    #[serde(deserialize_with = "settings")]
    pub settings: BTreeMap<Setting, Dial>,
    /// What a photographer should know of it.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// Something that is set on a camera, in the order in which it must be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// Where pictures go: to the card, so that a broken cable loses none.
    CaptureTarget,
    /// JPEG, raw or both, and on most bodies the size.
    ImageFormat,
    /// The size in pixels, where it is a setting of its own.
    ImageSize,
    /// 光圈.
    Aperture,
    /// 快门速度.
    Shutter,
    /// 感光度.
    Iso,
    /// 白平衡.
    WhiteBalance,
    /// 色温, which counts when white balance is by colour temperature.
    ColourTemperature,
    /// 对焦方式.
    FocusMode,
    /// The size in pixels as the files show it: never set, only watched.
    Pixels,
}

/// One dial: what the driver calls it, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// Its names in libgphoto2; the first that the body knows counts.
    pub keys: Vec<String>,
    /// Where it is turned to, the best first; empty when it is only read and watched.
    #[serde(default)]
    pub want: Vec<Pattern>,
    /// What it may stand at as well, and is then left at.
    #[serde(default)]
    pub keep: Vec<Pattern>,
    /// The place in the list of choices, from 0, when none of the words of `want` is in it: words are translated
    /// and differ between models.
    #[serde(default)]
    pub place: Option<usize>,
}

/// A battery's words and limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    /// Below this many per cent somebody should fetch another.
    pub warn_percent: u8,
    /// Below this many per cent the shutter is not fired from here any more.
    pub refuse_percent: u8,
    /// Words that stand for per cent.
    #[serde(default)]
    pub words: BTreeMap<String, u8>,
}

/// Something that is known of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The models it is about; all of the family when there are none.
    #[serde(default)]
    pub models: Vec<Pattern>,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// By way of texts: so an error knows the path of its key.
fn settings<'de, D: serde::Deserializer<'de>>(from: D) -> Result<BTreeMap<Setting, Dial>, D::Error> {
    let named = BTreeMap::<String, Dial>::deserialize(from)?;
    let known =
        |(key, dial): (String, Dial)| match Setting::ALL.into_iter().find(|setting| setting.key() == key) {
            Some(setting) => Ok((setting, dial)),
            None => Err(serde::de::Error::unknown_field(&key, &[])),
        };
    named.into_iter().map(known).collect()
}

impl Default for Family {
    /// A camera of which nothing is known.
    fn default() -> Self {
        Self {
            name: "-".to_owned(),
            title: "-".to_owned(),
            models: vec![],
            pair_quiet_ms: 3000,
            live_view_off_before_shot: true,
            battery: Battery { warn_percent: 30, refuse_percent: 10, words: BTreeMap::new() },
            settings: BTreeMap::new(),
            warnings: vec![],
        }
    }
}

impl Family {
    /// Reads a family from the text of its file, over the one of ours it is `based_on`, if any.
    ///
    /// # Errors
    /// With file, key and reason when the text is not TOML, a key is unknown or missing, or a value cannot be.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let table = file::read(name, text, &|base: &str| builtin::builtin_text(base).map(str::to_owned))?;
        let mut family: Self = file::typed(name, table)?;
        name.clone_into(&mut family.name);
        family.check()?;
        Ok(family)
    }

    /// One of the families that travel with the program (`cameras/nikon`).
    ///
    /// # Errors
    /// When there is none of that name, or as [`Family::parse`].
    pub fn builtin(name: &str) -> Result<Self, ProfileError> {
        let text = builtin::builtin_text(name).ok_or_else(|| ProfileError::not_found(name))?;
        Self::parse(name, text)
    }

    /// How well it knows a model; `None` when it does not.
    #[must_use]
    pub fn knows(&self, model: &str) -> Option<usize> {
        self.models.iter().filter(|pattern| pattern.describes(model)).map(Pattern::says).max()
    }

    /// What is known of a model.
    pub fn warnings_of<'a>(&'a self, model: &'a str) -> impl Iterator<Item = &'a Warning> {
        let concerns = |warning: &&Warning| {
            warning.models.is_empty() || warning.models.iter().any(|p| p.describes(model))
        };
        self.warnings.iter().filter(concerns)
    }

    /// What no single value shows.
    fn check(&self) -> Result<(), ProfileError> {
        let refuse = |key: String, said: &str| {
            Err(ProfileError::new(&self.name, key, Reason::Contradiction(said.to_owned())))
        };
        if self.models.is_empty() || self.models.iter().any(Pattern::is_blank) {
            return refuse("models".to_owned(), "no camera would belong to it");
        }
        if !(100..=30_000).contains(&self.pair_quiet_ms) {
            return refuse("pair_quiet_ms".to_owned(), "a pair comes within 100 to 30000 ms");
        }
        let Battery { warn_percent, refuse_percent, .. } = self.battery;
        if warn_percent > 100 || refuse_percent > warn_percent {
            return refuse("battery".to_owned(), "it warns before it refuses, and at 100 % at most");
        }
        for (setting, dial) in &self.settings {
            let key = format!("settings.{}", setting.key());
            if *setting == Setting::Pixels {
                return refuse(key, "files show it; it cannot be set");
            }
            if dial.keys.is_empty() || dial.keys.iter().any(|key| key.trim().is_empty()) {
                return refuse(format!("{key}.keys"), "the driver's name is missing");
            }
            if dial.want.iter().chain(&dial.keep).any(Pattern::is_blank) {
                return refuse(format!("{key}.want"), "holds an empty text");
            }
            if !dial.is_turned() && !dial.keep.is_empty() {
                return refuse(format!("{key}.keep"), "nothing is set here that could be kept");
            }
        }
        Ok(())
    }
}

impl Dial {
    /// Whether it is set to something, and not only read.
    #[must_use]
    pub fn is_turned(&self) -> bool {
        !self.want.is_empty() || self.place.is_some()
    }

    /// The same dial, left where it stands.
    #[must_use]
    pub fn only_read(&self) -> Self {
        Self { want: vec![], place: None, ..self.clone() }
    }
}

impl Setting {
    /// All of them.
    const ALL: [Self; 10] = [
        Self::CaptureTarget,
        Self::ImageFormat,
        Self::ImageSize,
        Self::Aperture,
        Self::Shutter,
        Self::Iso,
        Self::WhiteBalance,
        Self::ColourTemperature,
        Self::FocusMode,
        Self::Pixels,
    ];

    /// Its key in a family's file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::CaptureTarget => "capture_target",
            Self::ImageFormat => "image_format",
            Self::ImageSize => "image_size",
            Self::Aperture => "aperture",
            Self::Shutter => "shutter",
            Self::Iso => "iso",
            Self::WhiteBalance => "white_balance",
            Self::ColourTemperature => "colour_temperature",
            Self::FocusMode => "focus_mode",
            Self::Pixels => "pixels",
        }
    }
}

impl Battery {
    /// What a battery's words come to in per cent (`75%`, `Low`); `None` when they say nothing.
    #[must_use]
    pub fn percent(&self, words: &str) -> Option<u8> {
        let words = words.trim();
        let named = self.words.iter().find(|(word, _)| word.eq_ignore_ascii_case(words));
        let digits = || words.strip_suffix('%').unwrap_or(words).trim().parse::<u8>().ok();
        named.map(|(_, percent)| *percent).or_else(digits).filter(|percent| *percent <= 100)
    }
}

/// All families: those that travel with the program, and the operator's own before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Families {
    own: Option<Family>,
    ours: Vec<Family>,
}

impl Default for Families {
    /// Those that travel with the program. A test reads each of them.
    fn default() -> Self {
        let ours = builtin::family_names().iter().filter_map(|name| Family::builtin(name).ok()).collect();
        Self { own: None, ours }
    }
}

impl Families {
    /// The same, and one of the operator's own, which goes before for the models it names.
    #[must_use]
    pub fn with(self, own: Family) -> Self {
        Self { own: Some(own), ..self }
    }

    /// The family of a model.
    #[must_use]
    pub fn of(&self, model: &str) -> Family {
        let own = self.own.iter().find(|family| family.knows(model).is_some());
        let ours = || self.ours.iter().max_by_key(|family| family.knows(model).map_or(0, |says| says + 1));
        own.or_else(ours).filter(|family| family.knows(model).is_some()).cloned().unwrap_or_default()
    }
}
