//! The words for everything a camera can have.

use super::{Words, settings};
use crate::camera::{CameraError, Holder, NotReleased};

/// Words for a camera's trouble.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a list of words, not logic")]
pub fn camera(err: &CameraError) -> Words {
    match err {
        CameraError::NotFound => Words::new(
            ("没有找到相机", "请检查相机电源和数据线，连上后会自动恢复"),
            ("no camera is found", "check its power and cable; it comes back by itself"),
        ),
        CameraError::Claimed { by } => claimed(by.as_ref()),
        // Most bodies are also "busy" when they find nothing to focus on (libgphoto2 issues 304 and 655).
        CameraError::Busy => Words::new(
            ("相机正忙", "请等一秒再拍；如反复出现，多半是对不上焦：请改为手动对焦"),
            (
                "the camera is busy",
                "wait a second and shoot again; if this repeats it finds no focus: focus by hand",
            ),
        ),
        CameraError::NoFocus => Words::new(
            ("相机对不上焦", "请对准人脸重拍，或改为手动对焦"),
            ("the camera could not focus", "aim at the face and shoot again, or focus by hand"),
        ),
        CameraError::CardFull => Words::new(
            ("相机存储卡已满", "请换一张卡后继续（不要删除卡上的照片）"),
            ("the camera's card is full", "put in another card; do not delete what is on this one"),
        ),
        CameraError::NoCard => Words::new(
            ("相机没有存储卡", "请插好存储卡并关好卡仓"),
            ("the camera has no card", "put a card in and close the door"),
        ),
        CameraError::Broken { .. } => Words::new(
            ("与相机的连接断了", "请检查数据线；恢复后断线期间的照片会自动取回"),
            (
                "the connection to the camera broke",
                "check the cable; what was shot meanwhile is fetched afterwards",
            ),
        ),
        CameraError::NoAnswer { seconds, .. } => Words::new(
            (format!("相机 {seconds} 秒没有回应"), "正在自动重连；如反复出现请关闭相机再打开"),
            (
                format!("the camera did not answer for {seconds} s"),
                "reconnecting; switch it off and on if this repeats",
            ),
        ),
        CameraError::Truncated { .. } => Words::new(
            ("照片没有传完整", "正在重新读取；原片仍在相机卡上"),
            ("a photo was not transferred whole", "it is being read again; the card still has it"),
        ),
        CameraError::LeftOnCard { name } => Words::new(
            (format!("卡上的 {name} 读不完整，已放弃"), "请为这位考生重拍；这个文件仍在相机卡上，不要删除"),
            (format!("{name} never comes whole"), "shoot again; it stays on the card, do not delete it"),
        ),
        CameraError::RawOnly => Words::new(
            ("相机只存 RAW（或 HEIF），没有 JPEG", "请在相机上改为 JPEG 或 RAW+JPEG，然后重拍"),
            ("the camera writes raw files only", "set it to JPEG or RAW+JPEG and shoot again"),
        ),
        CameraError::NoClock => Words::new(
            (
                "读不到相机的时钟，照片不能按时间归人",
                "请换一台相机，或改用联机软件和照片文件夹（folder:路径）",
            ),
            (
                "the camera does not tell the time: its photos go to nobody",
                "use another camera, or a tether program and its folder (folder:PATH)",
            ),
        ),
        CameraError::FiredByHand => Words::new(
            ("这台相机由手动快门拍摄", "请按相机上的快门"),
            ("this camera is fired by hand", "press the button on the camera"),
        ),
        CameraError::Folder(path) => Words::new(
            (format!("照片文件夹无法读取：{}", path.display()), "请检查联机软件的保存位置"),
            (format!("the folder {} cannot be read", path.display()), "check where the tether program saves"),
        ),
        CameraError::ClockAhead { seconds } => Words::new(
            (
                format!("相机时钟快了约 {seconds} 秒，照片不再按时间归人"),
                "请把相机时钟对准电脑，再重新启动采影，并核对前几位的照片；在此之前的照片另外存放",
            ),
            (
                format!(
                    "the camera's clock is about {seconds} s ahead: photos go to nobody by time any more"
                ),
                "set it by the computer's, restart caiying, and check the last few students' photos",
            ),
        ),
        CameraError::HostProcess(said) => Words::new(
            (format!("相机进程无法启动（{said}）"), "请重新启动采影；如仍不行请联系技术人员"),
            (
                format!("the camera's process cannot be started ({said})"),
                "restart caiying; then call the technician",
            ),
        ),
        CameraError::Other(said) => Words::new(
            (format!("相机报告错误（{said}）"), "请重拍；如反复出现请关闭相机再打开"),
            (format!("the camera says: {said}"), "shoot again; switch it off and on if this repeats"),
        ),
        CameraError::BatteryLow { percent } => Words::new(
            (format!("相机电量低（{percent}%）"), "请准备好充满的电池，趁没有考生时更换"),
            (
                format!("the camera's battery is at {percent} %"),
                "have a full one ready and change it while nobody sits",
            ),
        ),
        CameraError::BatteryEmpty { percent } => Words::new(
            (format!("相机快没电了（{percent}%），已停止从电脑触发"), "请更换电池；换好后会自动恢复"),
            (
                format!("the camera's battery is at {percent} %, and it is not fired any more"),
                "change the battery; then it goes on by itself",
            ),
        ),
        CameraError::SettingsRefused(readings) => settings::refused(readings),
        CameraError::SettingChanged { setting, from, to } => settings::changed(*setting, from, to),
        CameraError::SettingsRestored(readings) => settings::restored(readings),
        CameraError::KnownFault { zh, en } => {
            Words::new((zh.clone(), "请留意；继续操作后不再提示"), (en.clone(), "just go on"))
        }
        CameraError::OlderOnCard { count } => Words::new(
            (
                format!("卡上有 {count} 张更早的照片，没有取回"),
                "如果其中有本次采集的照片，请用 caiying camera import 取回；不要删除",
            ),
            (
                format!("{count} earlier photos on the card were left alone"),
                "if some belong to this job, fetch them with: caiying camera import; do not delete them",
            ),
        ),
        CameraError::Denied => Words::new(
            ("相机现在不允许这样做", "请在相机上退出菜单和回放（半按快门），然后重拍"),
            (
                "the camera does not allow this now",
                "leave its menu (half-press its button), then shoot again",
            ),
        ),
        CameraError::NotSupported => Words::new(
            ("这台相机不支持这样做", "请把模式转盘转到 M；仍不行就按相机上的快门拍摄"),
            ("the camera cannot do this", "turn its dial to M; if that does not help, press its own button"),
        ),
        CameraError::NoPower => Words::new(
            ("相机电量耗尽", "请更换电池；装好后会自动重连"),
            ("the camera's battery is empty", "put in another; it reconnects by itself"),
        ),
        CameraError::CardUnusable => Words::new(
            ("相机存储卡不能写入", "请检查卡侧面的写保护开关；仍不行就换一张卡（不要格式化这一张）"),
            (
                "the camera's card cannot be written",
                "check its lock; else use another card, and do not format this one",
            ),
        ),
        CameraError::NotAllowed { node } => Words::new(
            (
                format!("没有使用相机的权限（{}）", node.display()),
                "请运行 sudo usermod -aG plugdev $USER，然后注销并重新登录",
            ),
            (
                format!("this user may not use {}", node.display()),
                "run: sudo usermod -aG plugdev $USER; then log out and in again",
            ),
        ),
        CameraError::AnotherBody { model, serial } => Words::new(
            (format!("换了一台相机：{model}，序列号 {serial}"), "请确认对着考生的是这一台"),
            (
                format!("another camera: {model}, serial {serial}"),
                "make sure it is the one before the student",
            ),
        ),
        CameraError::SeveralCameras { count, model, port } => Words::new(
            (
                format!("接着 {count} 台相机，现在用的是 {model}（{port}）"),
                "请确认对着考生的是这一台；不是就拔掉另一台，重新打开程序",
            ),
            (
                format!("{count} cameras are there; {model} at {port} is used"),
                "make sure it is the one before the student; if not, unplug the other and start again",
            ),
        ),
        CameraError::NotReleased(why) => not_released(why),
        CameraError::NoLiveView => Words::new(
            ("这台相机没有可用的取景画面", "请看相机上的取景器；拍照不受影响"),
            (
                "this camera has no live view",
                "look through its own viewfinder; it takes pictures all the same",
            ),
        ),
    }
}

fn claimed(by: Option<&Holder>) -> Words {
    match by {
        Some(holder @ Holder::Gvfs { .. }) => Words::new(
            (
                format!("相机被文件管理器占用（{holder}）"),
                "请在采集窗口按 F9 释放，或运行 caiying doctor --release",
            ),
            (
                format!("the file manager holds the camera ({holder})"),
                "press F9 in the window to release it, or run: caiying doctor --release",
            ),
        ),
        Some(Holder::Program { name, pid }) => Words::new(
            (format!("相机被另一个程序占用（{name}，进程 {pid}）"), "请关闭这个程序，相机会自动连上"),
            (
                format!("{name} (process {pid}) holds the camera"),
                "close it; the camera connects by itself then",
            ),
        ),
        None => Words::new(
            (
                "相机被其他程序占用",
                "请关闭其他使用相机的程序；或在采集窗口按 F9，或运行 caiying doctor --release",
            ),
            (
                "another program holds the camera",
                "close what uses it; or press F9 in the window, or run: caiying doctor --release",
            ),
        ),
    }
}

fn not_released(why: &NotReleased) -> Words {
    let by_hand = (
        "请在文件管理器里弹出相机，或用 fuser -v /dev/bus/usb/*/* 找出占用它的程序并关闭",
        "eject it in the file manager, or find what uses it with: fuser -v /dev/bus/usb/*/*",
    );
    match why {
        NotReleased::NoGio => Words::new(
            ("这台电脑没有 gio 命令，不能自动释放相机", by_hand.0),
            ("there is no gio here", by_hand.1),
        ),
        NotReleased::NoAnswer => Words::new(
            ("gio 没有回应，相机没有释放", by_hand.0),
            ("gio does not answer: the camera was not released", by_hand.1),
        ),
        NotReleased::Said(said) => Words::new(
            (format!("相机没有释放（{said}）"), by_hand.0),
            (format!("the camera was not released ({said})"), by_hand.1),
        ),
        NotReleased::Still(holder @ Holder::Gvfs { .. }) => Words::new(
            (format!("相机仍被文件管理器占用（{holder}）"), by_hand.0),
            (format!("the file manager holds the camera still ({holder})"), by_hand.1),
        ),
        NotReleased::Still(holder @ Holder::Program { .. }) => claimed(Some(holder)),
    }
}
