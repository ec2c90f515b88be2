//! The words for what a camera is set to.

use super::Words;
use crate::{camera::Reading, language::Phrase, profile::Setting};

/// What photographers call a setting.
#[must_use]
pub fn setting(setting: Setting) -> Phrase {
    let (zh, en) = match setting {
        Setting::CaptureTarget => ("存储位置", "capture target"),
        Setting::ImageFormat => ("图像格式", "image format"),
        Setting::ImageSize => ("图像大小", "image size"),
        Setting::Aperture => ("光圈", "aperture"),
        Setting::Shutter => ("快门", "shutter"),
        Setting::Iso => ("感光度", "ISO"),
        Setting::WhiteBalance => ("白平衡", "white balance"),
        Setting::ColourTemperature => ("色温", "colour temperature"),
        Setting::FocusMode => ("对焦方式", "focus mode"),
        Setting::Pixels => ("照片像素", "size in pixels"),
    };
    Phrase::new(zh, en)
}

/// Words for a dial that was turned.
pub(super) fn changed(which: Setting, from: &str, to: &str) -> Words {
    let name = setting(which);
    let [from, to] = [value(from), value(to)];
    Words {
        headline: Phrase::new(
            format!("{}变了：{} → {}", name.zh, from.zh, to.zh),
            format!("the {} changed: {} → {}", name.en, from.en, to.en),
        ),
        remedy: Phrase::new(
            "请在相机上调回来；如果是有意改的，不用理会，再拍几张就不再提示",
            "turn it back; if it was meant, go on: after some shots this is no longer told",
        ),
    }
}

/// Words for dials that were turned while the camera was away, and were set again.
pub(super) fn restored(readings: &[Reading]) -> Words {
    let zh = |reading: &Reading| {
        let (name, from) = (setting(reading.setting).zh, or_dash(reading.before.as_ref()));
        format!("{name} {from} → {}", or_dash(reading.value.as_ref()))
    };
    let en = |reading: &Reading| {
        let (name, from) = (setting(reading.setting).en, or_dash(reading.before.as_ref()));
        format!("{name} {from} → {}", or_dash(reading.value.as_ref()))
    };
    Words {
        headline: Phrase::new(
            format!("重新连接后已把相机调回：{}", listed(readings, &zh, "；")),
            format!("the camera is set again as it was: {}", listed(readings, &en, "; ")),
        ),
        remedy: Phrase::new(
            "如果是有意改的，请在相机上再改一次，连着拍几张后不再调回",
            "if it was meant, turn it once more: after some shots it is left alone",
        ),
    }
}

fn listed(readings: &[Reading], line: &dyn Fn(&Reading) -> String, between: &str) -> String {
    readings.iter().map(line).collect::<Vec<_>>().join(between)
}

fn or_dash(text: Option<&String>) -> &str {
    text.map_or("–", String::as_str)
}

/// Words for what a body would not be set to.
pub(super) fn refused(readings: &[Reading]) -> Words {
    let zh = |reading: &Reading| {
        let (name, now) = (setting(reading.setting).zh, or_dash(reading.value.as_ref()));
        format!("{name} {now}，应为 {}", or_dash(reading.wanted.as_ref()))
    };
    let en = |reading: &Reading| {
        let (name, now) = (setting(reading.setting).en, or_dash(reading.value.as_ref()));
        format!("{name} {now}, not {}", or_dash(reading.wanted.as_ref()))
    };
    Words {
        headline: Phrase::new(
            format!("相机不让电脑调整：{}", listed(readings, &zh, "；")),
            format!("the camera does not let itself be set: {}", listed(readings, &en, "; ")),
        ),
        remedy: Phrase::new(
            "请把模式转盘转到 M，或在相机上调好；不影响拍摄",
            "turn the mode dial to M, or set it on the camera; it takes pictures all the same",
        ),
    }
}

/// What files say of a camera that chooses by itself, and of one that does not; else the camera's own words.
fn value(text: &str) -> Phrase {
    match text {
        "auto" => Phrase::new("自动", "automatic"),
        "fixed" => Phrase::new("手动", "fixed"),
        _ => Phrase::new(text, text),
    }
}
