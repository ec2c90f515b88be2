//! The steps of the set-up: what each asks, and what it offers on this computer.

use super::{SetupAsk, SetupView};
use crate::{
    language::{Language, Phrase},
    settings::{Look, SecondScreen, Settings},
};

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Language,
    Station,
    Profile,
    Camera,
    Webcam,
    Cloth,
    Sounds,
    Look,
    Sitter,
    Begin,
}

/// All of them, in their order.
pub(super) const STEPS: [Step; 10] = [
    Step::Language,
    Step::Station,
    Step::Profile,
    Step::Camera,
    Step::Webcam,
    Step::Cloth,
    Step::Sounds,
    Step::Look,
    Step::Sitter,
    Step::Begin,
];

/// Something to choose.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) words: Phrase,
    pub(super) chosen: bool,
    pub(super) choice: Choice,
}

/// What choosing a row does.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    Set(Set),
    Ask(SetupAsk),
}

/// A change of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Set {
    Language(Language),
    Profile(String),
    Camera(String),
    Webcam(Option<String>),
    CalibrateFirst(bool),
    Sounds(bool),
    Look(Look),
    Sitter(SecondScreen),
}

impl Set {
    pub(super) fn apply(self, settings: &mut Settings) {
        match self {
            Self::Language(language) => settings.language = language,
            Self::Profile(name) => settings.profile = name,
            Self::Camera(camera) => settings.camera = camera,
            Self::Webcam(webcam) => settings.webcam = webcam,
            Self::CalibrateFirst(first) => settings.calibrate_first = first,
            Self::Sounds(on) => settings.sounds = on,
            Self::Look(look) => settings.look = look,
            Self::Sitter(screen) => settings.second_screen = screen,
        }
    }

    fn is_so_in(&self, settings: &Settings) -> bool {
        let mut set = settings.clone();
        self.clone().apply(&mut set);
        set == *settings
    }
}

impl Step {
    pub(super) fn title(self) -> Phrase {
        match self {
            Self::Language => Phrase::new("语言", "language"),
            Self::Station => Phrase::new("站名", "station"),
            Self::Profile => Phrase::new("学校和批次", "school and batch"),
            Self::Camera => Phrase::new("相机", "camera"),
            Self::Webcam => Phrase::new("扫码摄像头", "webcam"),
            Self::Cloth => Phrase::new("背景布", "cloth"),
            Self::Sounds => Phrase::new("声音", "sounds"),
            Self::Look => Phrase::new("屏幕", "screen"),
            Self::Sitter => Phrase::new("考生屏", "sitter's screen"),
            Self::Begin => Phrase::new("开始", "begin"),
        }
    }

    pub(super) fn question(self) -> Phrase {
        match self {
            Self::Language => Phrase::new("界面用哪种语言", "which language?"),
            Self::Station => Phrase::new("这台采集站叫什么", "what is this station called?"),
            Self::Profile => Phrase::new("给哪个学校的哪一批拍", "which school and batch?"),
            Self::Camera => Phrase::new("用什么相机", "which camera?"),
            Self::Webcam => Phrase::new("用哪个摄像头读采集码", "which webcam reads the codes?"),
            Self::Cloth => Phrase::new("开工前要不要拍背景布的参照", "a reference of the cloth before work?"),
            Self::Sounds => Phrase::new("要不要提示音", "sounds?"),
            Self::Look => Phrase::new("屏幕用深色还是浅色", "dark or light?"),
            Self::Sitter => Phrase::new("要不要给考生看的第二块屏", "a screen for the sitter?"),
            Self::Begin => Phrase::new("都选好了", "all is chosen"),
        }
    }

    pub(super) fn how(self) -> Phrase {
        match self {
            Self::Station => Phrase::new(
                "每台不同，写进台账和每张照片的记录。输入后按回车",
                "each station has its own; it is written into every record. Then Enter",
            ),
            Self::Camera => Phrase::new(
                "按数字选择，回车继续，退格返回。联机的单反用数据线接好、打开电源",
                "a number chooses, Enter goes on, Backspace goes back. Connect the camera and switch it on",
            ),
            Self::Begin => Phrase::new(
                "按数字开始。第一次请先演练：不用相机和考生，数据和正式的分开",
                "a number begins. Rehearse first: no camera, no students, and a store of its own",
            ),
            Self::Cloth => Phrase::new(
                "参照：一位同事坐在布前，平视镜头。以后的照片按它检测颜色、清晰度和平视。演练不拍",
                "the reference: somebody sits before the cloth and looks into the lens. Colour, sharpness and the straight \
                 look of all that follow are held against it. None in a rehearsal",
            ),
            Self::Language | Self::Profile | Self::Webcam | Self::Sounds | Self::Look | Self::Sitter => {
                Phrase::new(
                    "按数字选择，回车继续，退格返回",
                    "a number chooses, Enter goes on, Backspace goes back",
                )
            }
        }
    }

    pub(super) fn is_last(self) -> bool {
        self == Self::Begin
    }

    /// What is typed at this step, if anything.
    pub(super) fn field(self, settings: &mut Settings) -> Option<&mut String> {
        (self == Self::Station).then_some(&mut settings.station)
    }

    pub(super) fn field_name(self) -> Phrase {
        Phrase::new("站名", "the station's name")
    }

    pub(super) fn rows(self, setup: &SetupView, settings: &Settings) -> Vec<Row> {
        let row = |words: Phrase, set: Set| {
            let chosen = set.is_so_in(settings);
            Row { words, chosen, choice: Choice::Set(set) }
        };
        let same = |words: &str| Phrase::new(words, words);
        match self {
            Self::Language => vec![
                row(same("简体中文"), Set::Language(Language::Chinese)),
                row(same("English"), Set::Language(Language::English)),
            ],
            Self::Station => vec![],
            Self::Profile => {
                let profiles = setup.profiles.iter();
                profiles.map(|(name, title)| row(same(title), Set::Profile(name.clone()))).collect()
            }
            Self::Camera => {
                let found = setup.cameras.first().map_or_else(
                    || Phrase::new("USB 单反（现在没有接上）", "a camera on USB (none is connected)"),
                    |model| {
                        Phrase::new(
                            format!("USB 单反（已接上：{model}）"),
                            format!("a camera on USB ({model})"),
                        )
                    },
                );
                let auto = "auto";
                // A folder or a port, as somebody wrote it into the file.
                let own = Some(&setup.settings.camera).filter(|camera| *camera != auto);
                let own = own.map(|camera| row(same(camera), Set::Camera(camera.clone())));
                [row(found, Set::Camera(auto.to_owned()))].into_iter().chain(own).collect()
            }
            Self::Webcam => webcams(setup, row),
            Self::Cloth => vec![
                row(Phrase::new("每天开工先拍一张", "one each day, first of all"), Set::CalibrateFirst(true)),
                row(
                    Phrase::new("不拍（随时可在体检按 J）", "none (J on the checkup makes one)"),
                    Set::CalibrateFirst(false),
                ),
            ],
            Self::Sounds => vec![
                row(Phrase::new("要", "yes"), Set::Sounds(true)),
                row(Phrase::new("不要", "no"), Set::Sounds(false)),
            ],
            Self::Look => vec![
                row(Phrase::new("深色（室内、体育馆）", "dark (halls)"), Set::Look(Look::Dark)),
                row(Phrase::new("浅色（阳光下）", "light (in the sun)"), Set::Look(Look::Light)),
            ],
            Self::Sitter => vec![
                row(
                    Phrase::new("不要（随时按 F11 打开）", "no (F11 opens one)"),
                    Set::Sitter(SecondScreen::Off),
                ),
                row(Phrase::new("要：一个小窗口", "a small window"), Set::Sitter(SecondScreen::Window)),
                row(
                    Phrase::new("要：占满另一台显示器", "all of the other monitor"),
                    Set::Sitter(SecondScreen::Fullscreen),
                ),
            ],
            Self::Begin => begin(settings),
        }
    }
}

fn webcams(setup: &SetupView, row: impl Fn(Phrase, Set) -> Row) -> Vec<Row> {
    let first = Phrase::new("自动：找到的第一个", "the first one found");
    let none = Phrase::new("不用摄像头（用扫码枪）", "none (a scanner is used)");
    let named = |name: &String| row(Phrase::new(name, name), Set::Webcam(Some(name.clone())));
    let named = setup.webcams.iter().map(named);
    let none = row(none, Set::Webcam(Some("none".to_owned())));
    [row(first, Set::Webcam(None))].into_iter().chain(named).chain([none]).collect()
}

fn begin(settings: &Settings) -> Vec<Row> {
    let row = |words: Phrase, ask: SetupAsk| Row { words, chosen: false, choice: Choice::Ask(ask) };
    let settings = || Box::new(settings.clone());
    vec![
        row(Phrase::new("保存，先演练", "save and rehearse"), SetupAsk::Rehearse(settings())),
        row(Phrase::new("保存，开始工作", "save and begin work"), SetupAsk::Work(settings())),
    ]
}
