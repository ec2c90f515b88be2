//! Words for what goes wrong before the webcam, and for a code it cannot read.

use super::Words;
use crate::scan::{Hint, WebcamError};

/// Words for a webcam's trouble.
#[must_use]
pub fn webcam(err: &WebcamError) -> Words {
    match err {
        WebcamError::NotFound => Words::new(
            ("没有找到扫码摄像头", "请插好摄像头，连上后会自动恢复"),
            ("no webcam is found", "plug it in; it comes back by itself"),
        ),
        WebcamError::NoFormat => Words::new(
            ("扫码摄像头的画面格式不支持", "请换一个摄像头"),
            ("the webcam's formats cannot be read", "use another webcam"),
        ),
        WebcamError::Refused(source) => Words::new(
            (format!("扫码摄像头无法使用（{source}）"), "请拔下重插，或换一个 USB 接口"),
            (format!("the webcam cannot be used ({source})"), "plug it in again, or into another port"),
        ),
        WebcamError::BrokenFrame => Words::new(
            ("扫码摄像头的画面损坏", "请拔下重插，换一根线或一个 USB 接口"),
            ("the webcam sends broken frames", "plug it in again, with another cable or port"),
        ),
        WebcamError::NoFrames => Words::new(
            ("扫码摄像头没有画面", "请拔下重插"),
            ("no picture comes from the webcam", "plug it in again"),
        ),
        WebcamError::Busy => Words::new(
            ("扫码摄像头正被另一个程序使用", "请关闭那个程序（会议、相机、浏览器），会自动恢复"),
            ("another program uses the webcam", "close it (a meeting, a browser); it comes back by itself"),
        ),
        WebcamError::NotAllowed => Words::new(
            ("没有权限使用扫码摄像头", "请把当前用户加入 video 组，然后重新登录"),
            ("the webcam may not be used", "add this user to the group video and log in again"),
        ),
    }
}

/// Words for a code in sight that is not read: what is wrong, short enough for two metres, and what its owner does.
#[must_use]
pub fn unread(hint: Hint) -> Words {
    match hint {
        Hint::TooDark => Words::new(("太暗", "请到亮处，或开灯"), ("too dark", "more light, please")),
        Hint::TooFar => Words::new(("太远", "请靠近"), ("too far", "come closer")),
        Hint::Glare => Words::new(("反光", "请转动手机，避开灯光"), ("glare", "tilt the phone")),
        Hint::DimScreen => Words::new(("屏幕太暗", "请调亮屏幕"), ("dim screen", "brighten the screen")),
    }
}
