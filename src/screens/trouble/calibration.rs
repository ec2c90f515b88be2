//! Words about the station's calibration: a file that is no good, a reference that is none, a day that drifts.

use std::path::Path;

use super::Words;
use crate::{
    language::Phrase,
    portrait::{Away, Change, NoReference, lightness},
    settings::{Calibration, CalibrationError},
};

/// Words for a calibration that is refused: file, key, reason.
#[must_use]
pub fn calibration(path: &Path, err: &CalibrationError) -> Words {
    let (path, CalibrationError { key, said }) = (path.display(), err);
    Words::new(
        (
            format!("校准文件 {path} 的 {key}：值不对（{}）", said.lines().next().unwrap_or_default()),
            "请用 caiying calibrate 重新校准",
        ),
        (format!("the calibration {path} is refused: {err}"), "calibrate again: caiying calibrate"),
    )
}

/// Words for a shot that is no reference.
#[must_use]
pub fn no_reference(err: &NoReference) -> Words {
    match err {
        NoReference::Declined(why) => {
            let advice = why.advice();
            Words {
                headline: Phrase::new(
                    "这张不能作校准的参照，没有校准",
                    "this shot is no reference; nothing was calibrated",
                ),
                remedy: advice,
            }
        }
        NoReference::Failed(checks) => {
            let (zh, en): (Vec<&str>, Vec<&str>) =
                checks.iter().map(|check| (check.zh.as_str(), check.en.as_str())).unzip();
            Words::new(
                (format!("这张不能作校准的参照，没有校准（不合格：{}）", zh.join("、")), "请改好后再拍一张"),
                (
                    format!("this shot is no reference (failed: {})", en.join(", ")),
                    "mend that and shoot again",
                ),
            )
        }
        NoReference::NoCloth => Words::new(
            ("这张照片上几乎看不到背景，没有校准", "请让背景布露出来，再拍一张"),
            ("hardly any cloth is seen; nothing was calibrated", "let the cloth be seen and shoot again"),
        ),
    }
}

/// Words for a calibration of another day.
#[must_use]
pub fn stale_calibration(hours: f64) -> Words {
    Words::new(
        (format!("校准是 {hours:.0} 小时前做的"), "灯光、相机或背景动过，请按 F6 再按 J 重新校准"),
        (
            format!("the calibration is {hours:.0} hours old"),
            "if lamps, camera or cloth were moved, calibrate again: F6, then J",
        ),
    )
}

/// Words for a day that has drifted; `None` when it has not.
#[must_use]
pub fn drift(away: &[Away]) -> Option<Words> {
    let (first, more) = away.split_first()?;
    let said = |away: &Away| match *away {
        Away::Light(by) if by < 0.0 => {
            (format!("背景比校准时暗了 {:.0}", -by), format!("the cloth is {:.0} L* darker", -by))
        }
        Away::Light(by) => (format!("背景比校准时亮了 {by:.0}"), format!("the cloth is {by:.0} L* lighter")),
        Away::Cloth(by) => (
            format!("背景颜色和校准时不同（色差 {by:.0}）"),
            format!("the cloth's colour is off by dE {by:.0}"),
        ),
        Away::Focus(share) => (
            format!("照片只有校准时 {:.0}% 清晰", 100.0 * share),
            format!("faces are {:.0} % as sharp", 100.0 * share),
        ),
    };
    let (mut zh, mut en) = said(first);
    for (one_zh, one_en) in more.iter().map(said) {
        zh = format!("{zh}，{one_zh}");
        en = format!("{en}, {one_en}");
    }
    let remedy = match first {
        Away::Light(_) => {
            ("摄影师请检查灯光和曝光，或重新校准", "check lamps and exposure, or calibrate again")
        }
        Away::Cloth(_) => {
            ("摄影师请检查白平衡和灯光，或重新校准", "check white balance and lamps, or calibrate again")
        }
        Away::Focus(_) => {
            ("摄影师请重新对焦，擦一擦镜头，或重新校准", "focus again, clean the lens, or calibrate again")
        }
    };
    Some(Words::new((zh, remedy.0), (format!("since the calibration, {en}"), remedy.1)))
}

/// A line for each thing that was measured on a reference: its name, and what it is; with what is different from the
/// last time, if there was one. `off` is how far the cloth is from the school's colour, CIEDE2000.
#[must_use]
pub fn measured(now: &Calibration, off: f64, changed: Option<Change>) -> Vec<[Phrase; 2]> {
    let [red, green, blue] = now.cloth;
    let light = lightness(now.cloth);
    let since = |said: fn(Change) -> [String; 2]| changed.map_or_else(<[String; 2]>::default, said);
    let [zh, en] = since(|Change { cloth, light, .. }| {
        [
            format!("，比上次色差 {cloth:.1}，明度 {light:+.1}"),
            format!(", dE {cloth:.1}, {light:+.1} L* since"),
        ]
    });
    let cloth = Phrase::new(
        format!("RGB {red},{green},{blue}，明度 {light:.1}，离档案的颜色 {off:.1}{zh}"),
        format!("RGB {red},{green},{blue}, {light:.1} L*, dE {off:.1} off the profile{en}"),
    );
    let [zh, en] = since(|change| times(change.focus));
    let focus = Phrase::new(format!("{:.4}{zh}", now.focus), format!("{:.4}{en}", now.focus));
    let [zh, en] = since(|change| times(change.edges));
    let edges = Phrase::new(format!("{:.2}{zh}", now.edges), format!("{:.2}{en}", now.edges));
    let zero = now.pitch_zero_deg;
    let [zh, en] = since(|change| {
        [format!("，比上次 {:+.1}°", change.pitch_deg), format!(", {:+.1}° since", change.pitch_deg)]
    });
    let pitch = Phrase::new(format!("{zero:.1}°{zh}"), format!("{zero:.1}°{en}"));
    vec![
        [Phrase::new("背景", "cloth"), cloth],
        [Phrase::new("对焦", "focus"), focus],
        [Phrase::new("轮廓", "outlines"), edges],
        [Phrase::new("平视零点", "pitch zero"), pitch],
    ]
}

/// How much sharper or softer than the last time.
fn times(share: f64) -> [String; 2] {
    [format!("，上次的 {share:.2} 倍"), format!(", {share:.2} times the last")]
}
