//! 解锁: who works at this station today, and the passphrase that opens the store; on a new store, the passphrase that
//! is to open it from now on.
//!
//! Nothing of the store is known before it opens. A passphrase is never shown, never logged, and handed on in a form
//! that leaves nothing in memory; the window's own field is emptied with it.

use std::fmt;

use eframe::egui::{
    self, Button, CentralPanel, Frame, Key, Label, Margin, RichText, Sense, TextEdit, Ui, vec2,
};

use super::{
    Words,
    offers::{is_pressed, is_pressed_while_typing, key_button},
    theme, trouble,
};
use crate::{
    keys::{Deed, Holder, KeysError, Passphrase, Zeroizing},
    language::{Language, Phrase},
    profile::Role,
};

/// Keys that choose one of the holders, in their order.
const NUMBERS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// The most characters a field takes.
const LONGEST: usize = 200;

/// How wide a field is, in points.
const WIDTH: f32 = 620.0;

/// What a passphrase is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LockPurpose {
    /// To open the store.
    #[default]
    Open,
    /// To go on: the station is locked, and what arrives is kept.
    Return,
    /// To stand for this as the second of two.
    Second(Deed),
}

/// What the lock knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LockView {
    /// The language of words.
    pub language: Language,
    /// What for.
    pub purpose: LockPurpose,
    /// Who can open the store; nobody yet on a new one, whose keys are to be made.
    pub holders: Vec<Holder>,
    /// Whether a passphrase is being tried: that takes half a second.
    pub is_trying: bool,
    /// For how long each of them may not try, in their order, in seconds; 0 when they may.
    pub waits_s: Vec<u64>,
    /// Why it did not open.
    pub trouble: Option<Words>,
    /// What must be known of the station behind it: what may be lost.
    pub told: Vec<Words>,
}

/// What was asked for.
pub enum LockAsk {
    /// Open the store.
    Unlock {
        /// Whose passphrase it is.
        slot: usize,
        /// What was typed.
        passphrase: Passphrase,
    },
    /// Make the keys of a new store.
    Create {
        /// What the administrator is called.
        name: String,
        /// What was chosen.
        passphrase: Passphrase,
        /// The school's public recovery key as it was typed; empty for none.
        recovery: String,
    },
    /// Show the set-up: another store, a rehearsal.
    SetUp,
    /// No second person comes.
    Back,
}

impl fmt::Debug for LockAsk {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unlock { .. } => "Unlock",
            Self::Create { .. } => "Create",
            Self::SetUp => "SetUp",
            Self::Back => "Back",
        })
    }
}

/// What was chosen and typed so far.
#[derive(Default)]
pub struct LockDesk {
    /// Which of the holders.
    chosen: Option<usize>,
    name: String,
    typed: Zeroizing<String>,
    again: Zeroizing<String>,
    recovery: String,
    /// Why what was typed is not enough.
    fault: Option<Words>,
}

impl LockDesk {
    /// Nothing is typed yet; this holder of the list, if any, is chosen.
    #[must_use]
    pub fn of(chosen: Option<usize>) -> Self {
        Self { chosen, ..Self::default() }
    }
}

impl fmt::Debug for LockDesk {
    /// Never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockDesk").field("chosen", &self.chosen).finish_non_exhaustive()
    }
}

/// Draws the lock; returns what was asked for.
pub fn lock_ui(ui: &mut Ui, lock: &LockView, desk: &mut LockDesk) -> Option<LockAsk> {
    theme::fit(ui.ctx());
    let frame = Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::same(40));
    CentralPanel::default()
        .frame(frame)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            let is_new = lock.holders.is_empty() && lock.purpose == LockPurpose::Open;
            let ask = if is_new { create_ui(ui, lock, desk) } else { unlock_ui(ui, lock, desk) };
            said_ui(ui, lock, desk);
            ask.or_else(|| leave_ui(ui, lock))
        })
        .inner
}

/// The way out, where there is one.
fn leave_ui(ui: &mut Ui, lock: &LockView) -> Option<LockAsk> {
    let set_up = Phrase::new("设置和演练", "set-up and rehearsal");
    let back = Phrase::new("返回，不做了", "back: nothing is done");
    let (key, words, ask) = match lock.purpose {
        LockPurpose::Open => ((Key::F7, "F7"), set_up, LockAsk::SetUp),
        LockPurpose::Second(_) => ((Key::Escape, "Esc"), back, LockAsk::Back),
        LockPurpose::Return => return None,
    };
    let clicked = key_button(ui, lock.language, key, &words, false);
    // A field waits all the time.
    let asked = lock.purpose == LockPurpose::Open && is_pressed_while_typing(ui, key.0);
    (clicked || asked).then_some(ask)
}

fn heading(ui: &mut Ui, language: Language, words: &Phrase, how: &Phrase) {
    ui.label(RichText::new(words.in_language(language)).font(theme::bold_of(theme::HUGE * 0.6)));
    let how = RichText::new(how.in_language(language)).color(theme::of(ui).quiet);
    ui.add(Label::new(how).wrap());
}

/// Who it is, then the passphrase.
fn unlock_ui(ui: &mut Ui, lock: &LockView, desk: &mut LockDesk) -> Option<LockAsk> {
    let language = lock.language;
    let (title, how) = asked_for(lock);
    heading(ui, language, &title, &how);
    if lock.holders.len() == 1 {
        desk.chosen = Some(0);
    } else if let Some(place) =
        holders_ui(ui, lock, desk.chosen).or_else(|| next_holder(ui, lock, desk.chosen))
    {
        (desk.chosen, desk.typed, desk.fault) = (Some(place), Zeroizing::default(), None);
    }
    let place = desk.chosen?;
    let holder = lock.holders.get(place)?;
    if lock.is_trying {
        let words = Phrase::new("正在核对口令……", "trying the passphrase …");
        ui.label(RichText::new(words.in_language(language)).font(theme::bold_of(theme::LARGE)));
        return None;
    }
    if let Some(wait_s @ 1..) = lock.waits_s.get(place) {
        let words = Phrase::new(
            format!("输错太多次：请等 {wait_s} 秒"),
            format!("too many wrong ones: wait {wait_s} s"),
        );
        ui.label(RichText::new(words.in_language(language)).font(theme::bold_of(theme::LARGE)));
        return None;
    }
    let name = if lock.holders.len() == 1 {
        let (label, role) = (&holder.label, role(holder.role));
        Phrase::new(
            format!("{label}（{}）的口令，回车打开", role.zh),
            format!("passphrase of {label}, {} (Enter opens)", role.en),
        )
    } else {
        Phrase::new("口令（回车打开，↑ ↓ 换人）", "passphrase (Enter opens, ↑ ↓ somebody else)")
    };
    let entered = secret_ui(ui, language, &name, &mut desk.typed, true);
    (entered && !desk.typed.is_empty()).then(|| {
        let typed = std::mem::take(&mut desk.typed);
        LockAsk::Unlock { slot: holder.slot, passphrase: Passphrase::new(&typed) }
    })
}

/// Whom the arrows lead to. Numbers belong to the passphrase as soon as somebody was chosen.
fn next_holder(ui: &Ui, lock: &LockView, chosen: Option<usize>) -> Option<usize> {
    let (place, many) = (chosen?, lock.holders.len());
    let (up, down) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown)));
    match (up, down) {
        (true, false) => Some((place + many - 1) % many),
        (false, true) => Some((place + 1) % many),
        (true, true) | (false, false) => None,
    }
}

/// What is asked, and what there is to know of it.
fn asked_for(lock: &LockView) -> (Phrase, Phrase) {
    match (lock.purpose, lock.holders.len()) {
        (LockPurpose::Open, several) => (
            match several {
                1 => Phrase::new("请输入口令", "type your passphrase"),
                _ => Phrase::new("今天谁在这台电脑上工作？", "who works here today?"),
            },
            Phrase::new(
                "照片和名单都是加密的，要用自己的口令打开。忘记口令请找管理员",
                "photos and lists are encrypted; your own passphrase opens them. Forgotten: ask the administrator",
            ),
        ),
        (LockPurpose::Return, _) => (
            Phrase::new("已锁屏", "locked"),
            Phrase::new(
                "已拍的照片都在。回来的人或换班的人选自己的名字，输入口令",
                "what was taken is safe. Whoever comes back, or takes over, chooses their name and types the passphrase",
            ),
        ),
        (LockPurpose::Second(_), 0) => (
            Phrase::new("没有第二个人", "there is nobody else"),
            Phrase::new(
                "这件事要两个人的口令：请管理员用 caiying keys add 加上学校监督员",
                "this takes two passphrases: the administrator lets the supervisor in with caiying keys add",
            ),
        ),
        (LockPurpose::Second(deed), _) => {
            (Phrase::new("请第二个人输入口令", "the second person's passphrase"), why_two(deed))
        }
    }
}

/// Why one is not enough: the window has three deeds that want two, and a delivery is the last.
fn why_two(deed: Deed) -> Phrase {
    if deed == Deed::ImportRoster {
        return Phrase::new(
            "名册决定谁是谁，换名册要两个人同时在场，其中一位是学校监督员；会记入流水",
            "the roster says who is who: two persons stand for it, one of them the school's supervisor; it is written \
             down",
        );
    }
    if deed == Deed::GiveStray {
        return Phrase::new(
            "把未归属的照片归给考生，要两个人同时在场，其中一位是学校监督员；会记入流水",
            "a shot that was nobody's becomes a student's: two persons stand for it, one of them the school's \
             supervisor; it is written down",
        );
    }
    Phrase::new(
        "导出的文件名含姓名或身份证号，要两个人同时在场，其中一位是学校监督员；会记入流水",
        "file names show names or id numbers: two persons stand for it, one of them the school's supervisor; it is \
         written down",
    )
}

/// A line for each holder, with a number; which was chosen.
fn holders_ui(ui: &mut Ui, lock: &LockView, chosen: Option<usize>) -> Option<usize> {
    let mut picked = None;
    for (place, holder) in lock.holders.iter().enumerate() {
        let key = NUMBERS.get(place).copied();
        let number = key.map_or("　", |key| key.name());
        let role = role(holder.role);
        let words = format!("{number}  {}　{}", holder.label, role.in_language(lock.language));
        let colours = theme::of(ui);
        let is_his = chosen == Some(place);
        let text = RichText::new(words).font(theme::bold_of(theme::TEXT));
        let text = if is_his { text.color(colours.on_tone) } else { text };
        let button = Button::new(text).sense(Sense::CLICK).min_size(vec2(WIDTH, 40.0));
        let button = if is_his { button.fill(colours.ready) } else { button };
        let clicked = ui.add(button).clicked();
        if clicked || key.is_some_and(|key| is_pressed(ui, key)) {
            picked = Some(place);
        }
    }
    picked
}

/// A new store: who looks after it, and the first passphrase.
fn create_ui(ui: &mut Ui, lock: &LockView, desk: &mut LockDesk) -> Option<LockAsk> {
    let language = lock.language;
    let words = Phrase::new("第一次在这里保存照片：请设口令", "a new store: choose a passphrase");
    let how = Phrase::new(
        "照片和名单会加密保存。忘了全部口令又没有学校的恢复公钥，就再也打不开",
        "photos and lists are encrypted. Without any passphrase and without the school's recovery key nothing opens again",
    );
    heading(ui, language, &words, &how);
    let name = Phrase::new("管理员的名字", "the administrator's name");
    let is_first = desk.name.is_empty() && desk.typed.is_empty();
    let mut entered = field_ui(ui, language, &name, &mut desk.name, is_first);
    let first = Phrase::new("口令（至少 8 个字符）", "passphrase (at least 8 characters)");
    entered |= secret_ui(ui, language, &first, &mut desk.typed, false);
    let again = Phrase::new("再输一次", "once more");
    entered |= secret_ui(ui, language, &again, &mut desk.again, false);
    let key =
        Phrase::new("学校的恢复公钥 age1…（没有就空着）", "the school's recovery key age1… (empty for none)");
    entered |= field_ui(ui, language, &key, &mut desk.recovery, false);
    let make = Phrase::new("建立", "make it");
    let clicked = key_button(ui, language, (Key::F10, "F10"), &make, true);
    let pressed = clicked || is_pressed_while_typing(ui, Key::F10);
    if !entered && !pressed {
        return None;
    }
    desk.fault = fault(desk);
    if desk.fault.is_some() || (entered && !pressed && desk.again.is_empty()) {
        return None;
    }
    let (typed, _) = (std::mem::take(&mut desk.typed), std::mem::take(&mut desk.again));
    let name = desk.name.trim().to_owned();
    Some(LockAsk::Create {
        name,
        passphrase: Passphrase::new(&typed),
        recovery: desk.recovery.trim().to_owned(),
    })
}

/// Why what was typed makes no keys; nothing is said before everything was typed once.
fn fault(desk: &LockDesk) -> Option<Words> {
    if desk.typed.is_empty() || desk.again.is_empty() {
        return None;
    }
    let passphrase = Passphrase::new(&desk.typed);
    if let Some(weakness) = passphrase.weakness(desk.name.trim()) {
        return Some(trouble::keys(&KeysError::Weak(weakness)));
    }
    (*desk.typed != *desk.again).then(|| {
        Words::new(("两次输入的口令不一样", "请再输一次"), ("the two passphrases differ", "type them again"))
    })
}

/// What is wrong with what was typed, or why the store did not open; and what may be lost behind the lock.
fn said_ui(ui: &mut Ui, lock: &LockView, desk: &LockDesk) {
    for words in desk.fault.as_ref().or(lock.trouble.as_ref()).into_iter().chain(&lock.told) {
        let text = RichText::new(format!("▲ {}", words.line(lock.language)));
        ui.add(Label::new(text.font(theme::bold_of(theme::TEXT)).color(theme::of(ui).wrong)).wrap());
    }
}

/// A field whose letters nobody reads; whether Enter left it.
fn secret_ui(
    ui: &mut Ui,
    language: Language,
    name: &Phrase,
    text: &mut Zeroizing<String>,
    wants: bool,
) -> bool {
    // Room from the beginning: a text that grows leaves copies behind.
    text.reserve(LONGEST * 4);
    let field = TextEdit::singleline(&mut **text).password(true);
    edit_ui(ui, language, name, field, wants)
}

fn field_ui(ui: &mut Ui, language: Language, name: &Phrase, text: &mut String, wants: bool) -> bool {
    edit_ui(ui, language, name, TextEdit::singleline(text), wants)
}

fn edit_ui(ui: &mut Ui, language: Language, name: &Phrase, field: TextEdit<'_>, wants: bool) -> bool {
    let label = ui.label(name.in_language(language));
    let field = field.char_limit(LONGEST).font(theme::bold_of(theme::TEXT)).desired_width(WIDTH);
    let field = field.margin(Margin::symmetric(10, 8));
    let field = ui.add(field.background_color(theme::of(ui).raised)).labelled_by(label.id);
    if wants && !ui.ctx().text_edit_focused() && !field.lost_focus() {
        field.request_focus();
    }
    field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// What a role is called.
#[must_use]
pub fn role(role: Role) -> Phrase {
    match role {
        Role::Photographer => Phrase::new("摄影", "photographer"),
        Role::RetakeOperator => Phrase::new("补拍操作员", "retake operator"),
        Role::Supervisor => Phrase::new("学校监督员", "school supervisor"),
        Role::Administrator => Phrase::new("管理员", "administrator"),
    }
}
