//! Where in the program the operator is. Capturing goes on in all of them: only what is looked at changes.

use eframe::egui::Key;

use crate::language::Phrase;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// 拍摄: where the day is spent.
    #[default]
    Capture,
    /// 补拍: who is missing, who was refused.
    Retakes,
    /// 未归属: shots that belong to nobody.
    Tray,
    /// 收工: what waits, what was written, the journal.
    Day,
    /// 体检: is everything fit for the day?
    Checkup,
    /// 设置: this station's settings.
    Setup,
}

impl Place {
    /// All of them, in the order of their keys.
    pub const ALL: [Self; 6] =
        [Self::Capture, Self::Retakes, Self::Tray, Self::Day, Self::Checkup, Self::Setup];

    /// The key that leads there.
    #[must_use]
    pub fn key(self) -> Key {
        match self {
            Self::Capture => Key::F2,
            Self::Retakes => Key::F3,
            Self::Tray => Key::F4,
            Self::Day => Key::F5,
            Self::Checkup => Key::F6,
            Self::Setup => Key::F7,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> Phrase {
        match self {
            Self::Capture => Phrase::new("拍摄", "capture"),
            Self::Retakes => Phrase::new("补拍", "retakes"),
            Self::Tray => Phrase::new("未归属", "strays"),
            Self::Day => Phrase::new("收工", "day"),
            Self::Checkup => Phrase::new("体检", "checkup"),
            Self::Setup => Phrase::new("设置", "set-up"),
        }
    }
}
