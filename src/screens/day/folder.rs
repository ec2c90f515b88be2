//! 导出到哪里, 备份到哪里: a stick on a number key, or a folder that is typed; and who stands for a delivery where names of
//! files show who a person is.

use eframe::egui::{Key, RichText, TextEdit, Ui};

use super::{DayView, key_button};
use crate::{
    language::{Language, Phrase},
    machine::Stick,
    profile::{Role, check_name},
    screens::theme,
};

/// What the folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Purpose {
    /// Everybody's current portrait.
    #[default]
    Delivery,
    /// The whole store once more.
    SecondCopy,
}

/// What was typed or chosen.
#[derive(Debug, Default)]
pub(super) struct FolderDesk {
    typed: String,
    /// What the folder on a stick is called, if nobody says otherwise.
    on_a_stick: String,
    /// Whether the field had the focus in the frame before: the key that leaves it means nothing else.
    in_field: bool,
}

impl FolderDesk {
    /// As it is opened: where it went the last time, or on the only stick there is. Each station's second copy has a
    /// folder of its own.
    pub(super) fn at(day: &DayView, purpose: Purpose, station: &str) -> Self {
        let (last, on_a_stick) = match purpose {
            Purpose::Delivery => (&day.folder, "采影导出".to_owned()),
            Purpose::SecondCopy if check_name(station).is_ok() => (&day.copy, format!("采影备份/{station}")),
            Purpose::SecondCopy => (&day.copy, "采影备份".to_owned()),
        };
        let only = match &*day.sticks {
            [stick] if !stick.read_only => Some(on(stick, &on_a_stick)),
            _ => None,
        };
        let typed = last.clone().or(only).unwrap_or_default();
        Self { typed, on_a_stick, in_field: false }
    }
}

/// What the operator decided.
pub(super) enum Chosen {
    /// Nothing after all.
    Back,
    /// Deliver.
    Export {
        /// Into this folder.
        to: String,
        /// With this person present.
        role: Option<Role>,
    },
    /// Make a second copy.
    Backup {
        /// In this folder.
        to: String,
    },
}

fn on(stick: &Stick, folder: &str) -> String {
    stick.folder.join(folder).display().to_string()
}

/// Draws the question, and says what was decided.
pub(super) fn folder_ui(
    ui: &mut Ui,
    language: Language,
    purpose: Purpose,
    day: &DayView,
    desk: &mut FolderDesk,
) -> Option<Chosen> {
    let was_in_field = desk.in_field;
    let title = match purpose {
        Purpose::Delivery => Phrase::new("导出到哪里？", "where to?"),
        Purpose::SecondCopy => {
            Phrase::new("备份到哪里？选 U 盘或另一块硬盘", "back up where? to a stick or another disk")
        }
    };
    let title = ui.label(RichText::new(title.in_language(language)).font(theme::bold_of(theme::LARGE)));
    sticks_ui(ui, language, &day.sticks, desk, was_in_field);
    ui.add_space(6.0);
    let field = ui.add(
        TextEdit::singleline(&mut desk.typed)
            .font(theme::bold_of(theme::TEXT))
            .background_color(theme::of(ui).raised)
            .desired_width(f32::INFINITY),
    );
    let field = field.labelled_by(title.id);
    let typing = Phrase::new(
        "正在输入文件夹：回车结束输入，其他按键此时不起作用",
        "typing the folder: Enter ends it, no other key means anything now",
    );
    let other = Phrase::new("输入其他文件夹", "type another folder");
    if field.has_focus() {
        ui.label(RichText::new(typing.in_language(language)).color(theme::of(ui).quiet));
    } else if key_button(ui, language, (Key::T, "T"), &other, false) && !was_in_field {
        field.request_focus();
    }
    desk.in_field = field.has_focus();
    ui.add_space(10.0);
    // While somebody types, Enter ends that and begins nothing yet.
    let is_next = !desk.in_field;
    let chosen = decide_ui(ui, language, (purpose, day), desk.typed.trim(), is_next);
    chosen.filter(|_| !was_in_field && !desk.in_field)
}

fn sticks_ui(ui: &mut Ui, language: Language, sticks: &[Stick], desk: &mut FolderDesk, was_in_field: bool) {
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
    if sticks.is_empty() {
        let none = Phrase::new(
            "没有插着的 U 盘；插上后会自动出现",
            "no stick is in; one that is plugged in appears",
        );
        ui.label(RichText::new(none.in_language(language)).color(theme::of(ui).doubt));
    }
    for (stick, key) in sticks.iter().zip(keys) {
        let free = stick.free_bytes.map(room);
        let state = match (stick.read_only, &free, language) {
            (true, _, Language::Chinese) => "▲ 写保护，不能写入".to_owned(),
            (true, _, Language::English) => "▲ write-protected".to_owned(),
            (false, Some(room), Language::Chinese) => format!("余 {room}"),
            (false, Some(room), Language::English) => format!("{room} free"),
            (false, None, _) => String::new(),
        };
        let word = Phrase::new(format!("{}  {state}", stick.name), format!("{}  {state}", stick.name));
        if key_button(ui, language, (key, key.name()), &word, false) && !was_in_field {
            desk.typed = on(stick, &desk.on_a_stick);
        }
    }
}

/// Room on a disk; less than a gigabyte in megabytes.
fn room(bytes: u64) -> String {
    match bytes / 1_000_000_000 {
        0 => format!("{} MB", bytes / 1_000_000),
        gb => format!("{gb} GB"),
    }
}

/// The key that begins it, or one for each who may stand for it; and the way back.
fn decide_ui(
    ui: &mut Ui,
    language: Language,
    (purpose, day): (Purpose, &DayView),
    to: &str,
    is_next: bool,
) -> Option<Chosen> {
    let mut chosen = None;
    let (begin, unlocked_by, two) = match purpose {
        Purpose::Delivery => {
            (Phrase::new("开始导出", "begin"), day.unlocked_by.as_slice(), day.two_must_stand)
        }
        // It shows no names, and leaves nobody's hands.
        Purpose::SecondCopy => (Phrase::new("开始备份", "begin"), [].as_slice(), false),
    };
    let one_of_these = || {
        Phrase::new(
            "▲ 文件名含姓名或身份证号：必须有下面的人在场，并会记入流水",
            "▲ file names show names or id numbers: one of these must be present; it is written down",
        )
    };
    let a_second = || {
        Phrase::new(
            "▲ 文件名含姓名或身份证号：要第二个人输入口令，两人中一位是学校监督员",
            "▲ file names show names or id numbers: a second person types a passphrase; one of the two is the supervisor",
        )
    };
    let warning = two.then(a_second).or_else(|| (!unlocked_by.is_empty()).then(one_of_these));
    if let Some(warning) = warning {
        let text = RichText::new(warning.in_language(language)).font(theme::bold_of(theme::TEXT));
        ui.label(text.color(theme::of(ui).doubt));
    }
    ui.horizontal(|ui| {
        let starts = unlocked_by.iter().filter_map(|role| starts(*role));
        let plain = (Key::Enter, Phrase::new("回车", "Enter"), begin, None);
        let plain = unlocked_by.is_empty().then_some(plain);
        for (key, name, word, role) in starts.chain(plain).filter(|_| !to.is_empty()) {
            if key_button(ui, language, (key, name.in_language(language)), &word, is_next) {
                let to = to.to_owned();
                chosen = Some(match purpose {
                    Purpose::Delivery => Chosen::Export { to, role },
                    Purpose::SecondCopy => Chosen::Backup { to },
                });
            }
        }
        if key_button(ui, language, (Key::Escape, "Esc"), &Phrase::new("返回", "back"), false) {
            chosen = Some(Chosen::Back);
        }
    });
    chosen
}

/// A key, its name, its word, and who stands for the delivery.
type Start = (Key, Phrase, Phrase, Option<Role>);

fn starts(role: Role) -> Option<Start> {
    let of = |key: Key, zh: &str, en: &str| {
        Some((key, Phrase::new(key.name(), key.name()), Phrase::new(zh, en), Some(role)))
    };
    match role {
        Role::Supervisor => of(Key::S, "学校监督员在场，开始", "supervisor present, begin"),
        Role::Administrator => of(Key::A, "管理员在场，开始", "administrator present, begin"),
        // No profile lets them.
        Role::Photographer | Role::RetakeOperator => None,
    }
}
