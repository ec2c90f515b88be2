//! The doctor's findings in words: what, how it stands, and what to do.

use super::{Words, trouble};
use crate::{
    camera::{
        CameraError, Holder,
        doctor::{Finding, Verdict},
        known_faults::KnownFault,
    },
    language::{Language, Phrase},
    machine::Room,
};

/// What a line is about, in Chinese and in English.
type Title = (&'static str, &'static str);

/// How good so much room is where photos are kept: before a day that begins.
#[must_use]
pub fn disk_verdict(room: Room) -> Verdict {
    match room {
        Room::Enough => Verdict::Good,
        Room::Short => Verdict::Look,
        Room::Little { .. } | Room::Hardly { .. } => Verdict::Act,
    }
}

/// A finding, as a line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How good it is.
    pub verdict: Verdict,
    /// What it is about.
    pub title: Phrase,
    /// How it stands.
    pub said: Phrase,
    /// What to do, if anything.
    pub remedy: Option<Phrase>,
}

impl Line {
    fn new(finding: &Finding, title: Title, said: Phrase) -> Self {
        Self { verdict: finding.verdict(), title: Phrase::new(title.0, title.1), said, remedy: None }
    }

    /// With what to do, unless nothing need be done.
    fn or(self, zh: &str, en: &str) -> Self {
        let remedy = (self.verdict != Verdict::Good).then(|| Phrase::new(zh, en));
        Self { remedy, ..self }
    }

    fn with(self, words: Words) -> Self {
        Self { said: words.headline, remedy: Some(words.remedy), ..self }
    }

    /// The line in one language.
    #[must_use]
    pub fn line(&self, language: Language) -> String {
        let sign = match (self.verdict, language) {
            (Verdict::Good, Language::Chinese) => "✓ 正常",
            (Verdict::Look, Language::Chinese) => "▲ 留意",
            (Verdict::Act, Language::Chinese) => "× 处理",
            (Verdict::Good, Language::English) => "✓ good",
            (Verdict::Look, Language::English) => "▲ look",
            (Verdict::Act, Language::English) => "× act ",
        };
        let (title, said) = (self.title.in_language(language), self.said.in_language(language));
        let remedy = self.remedy.as_ref().map(|remedy| match language {
            Language::Chinese => format!("；{}", remedy.zh),
            Language::English => format!("; {}", remedy.en),
        });
        format!("{sign}  {title}  {said}{}", remedy.unwrap_or_default())
    }
}

/// A finding in words.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a list of words, not logic")]
pub fn line(finding: &Finding) -> Line {
    let new = |title: Title, said| Line::new(finding, title, said);
    match finding {
        Finding::Camera(info) => {
            let (model, serial, port) = (&info.model, &info.serial, &info.port);
            let zh = format!("{model}，序列号 {serial}，端口 {port}");
            new(("相机", "camera"), Phrase::new(zh, format!("{model}, serial {serial}, port {port}")))
        }
        Finding::Trouble(err) => new(("相机", "camera"), Phrase::default()).with(trouble::camera(err)),
        Finding::Battery { said, .. } => {
            new(("电量", "battery"), told(said.as_deref())).or("请换上充满的电池", "put in a charged one")
        }
        Finding::Card { free_bytes, shots } => {
            let gb = gigabytes(*free_bytes);
            let zh = format!("剩余 {gb}，约 {shots} 张");
            new(("存储卡", "card"), Phrase::new(zh, format!("{gb} free, about {shots} shots")))
                .or("请换一张空卡（不要删除卡上的照片）", "use an empty one; delete nothing from this one")
        }
        Finding::Clock { ahead_ms } => new(("时钟", "clock"), ahead(*ahead_ms))
            .or("运行 caiying doctor --set-clock 对准电脑", "run caiying doctor --set-clock"),
        Finding::ClockSet { before_ms, after_ms } => {
            let (before, after) = (ahead(*before_ms), ahead(*after_ms));
            let zh = format!("已对准；原来{}，现在{}", before.zh, after.zh);
            let en = format!("set; before: {}, now: {}", before.en, after.en);
            new(("时钟", "clock"), Phrase::new(zh, en))
                .or("请在相机菜单里对时", "set it in the camera's menu")
        }
        Finding::ImageFormat(said) => new(("图像格式", "image format"), told(Some(said)))
            .or("请在相机上改为 JPEG 或 RAW+JPEG", "set the camera to JPEG or RAW+JPEG"),
        Finding::Target { said, .. } => new(("照片存到", "photos go to"), told(Some(said))).or(
            "断线会丢照片：请换一台能存到卡上的相机",
            "a cable that breaks loses photos: use another body",
        ),
        Finding::Access { node, .. } => {
            let node = node.display().to_string();
            new(("权限", "permission"), told(Some(&node))).or(
                "请运行 sudo usermod -aG plugdev $USER，然后注销并重新登录",
                "run: sudo usermod -aG plugdev $USER; then log out and in again",
            )
        }
        Finding::Rules { present } => {
            let said = if *present {
                ("udev 规则已装", "udev rules are there")
            } else {
                ("没有 udev 规则", "no udev rules")
            };
            new(("系统", "system"), Phrase::new(said.0, said.1)).or(
                "请运行 sudo apt install libgphoto2-6，再重新插一次相机",
                "run: sudo apt install libgphoto2-6; plug the camera in again",
            )
        }
        Finding::Held(holder) => held(&new, holder.as_ref()),
        Finding::Released(Ok(())) => {
            new(("占用", "held by"), Phrase::new("已释放，没有程序占用相机", "released: nobody holds it"))
        }
        Finding::Released(Err(why)) => {
            let words = trouble::camera(&CameraError::NotReleased(why.clone()));
            new(("占用", "held by"), Phrase::default()).with(words)
        }
        Finding::Library(version) => new(("驱动", "driver"), told(Some(&format!("libgphoto2 {version}")))),
        Finding::Known(fault) => known(&new, *fault),
        Finding::Noted(warning) => {
            new(("已知问题", "known"), Phrase::new(warning.zh.clone(), warning.en.clone()))
        }
        Finding::Disk { folder, free_bytes, .. } => {
            let (gb, folder) = (gigabytes(*free_bytes), folder.display());
            let zh = format!("剩余 {gb}（{folder}）");
            new(("磁盘", "disk"), Phrase::new(zh, format!("{gb} free ({folder})")))
                .or("请腾出空间，或换一个数据文件夹", "make room, or use another folder")
        }
    }
}

fn held(new: &impl Fn(Title, Phrase) -> Line, holder: Option<&Holder>) -> Line {
    match holder {
        None => new(("占用", "held by"), Phrase::new("没有程序占用相机", "nobody")),
        Some(_) => {
            let words = trouble::camera(&CameraError::Claimed { by: holder.cloned() });
            new(("占用", "held by"), Phrase::default()).with(words)
        }
    }
}

fn known(new: &impl Fn(Title, Phrase) -> Line, fault: KnownFault) -> Line {
    let (said, remedy) = match fault {
        KnownFault::HostileUsb => (
            (
                "这个版本对恶意 USB 设备有已知漏洞（CVE-2026-40333..40341），2.5.34 修复",
                "a hostile USB device can make this version read out of bounds (CVE-2026-40333..40341); mended in 2.5.34",
            ),
            (
                "只接自己的相机；驱动在单独的进程里运行",
                "plug in your own cameras only; the driver runs in a process of its own",
            ),
        ),
        KnownFault::NewerThanLibrary => (
            (
                "这台相机比 libgphoto2 新，按通用 PTP 相机使用",
                "this model is newer than this libgphoto2, which takes it for any PTP camera",
            ),
            (
                "请先试拍；建议升级到 libgphoto2 2.5.32 以上",
                "try a shot first; libgphoto2 2.5.32 or later is better",
            ),
        ),
    };
    let line = new(("已知问题", "known"), Phrase::new(said.0, said.1));
    Line { remedy: Some(Phrase::new(remedy.0, remedy.1)), ..line }
}

/// What a device says in its own words, which are the same in every language.
fn told(said: Option<&str>) -> Phrase {
    said.map_or_else(|| Phrase::new("相机没有说", "not told"), |said| Phrase::new(said, said))
}

fn ahead(ms: Option<i64>) -> Phrase {
    let Some(ms) = ms else { return Phrase::new("读不到", "not told") };
    let (zh, en) = if ms < 0 { ("慢", "behind") } else { ("快", "ahead") };
    let ms = ms.unsigned_abs();
    if ms < 120_000 {
        let seconds = ms as f64 / 1000.0;
        return Phrase::new(format!("比电脑{zh} {seconds:.1} 秒"), format!("{seconds:.1} s {en}"));
    }
    // So much is another time zone, most of the time: nobody counts it in seconds.
    let minutes = (ms + 30_000) / 60_000;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    Phrase::new(format!("比电脑{zh} {hours} 小时 {minutes} 分"), format!("{hours} h {minutes} min {en}"))
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}
