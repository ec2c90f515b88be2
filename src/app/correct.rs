//! `caiying correct`: 勘误. Two persons take a kept portrait from the student it was kept for, because it is another's.
//! First it says what that will do; it is done when the number of the shot, which stands in those words, is typed.

use super::{
    cli,
    failure::{Done, Failure},
    places, say,
    unlock::{self, Stood},
};
use crate::{
    clerk::{Clerk, ClerkError, Correction, Owner},
    keys::{Deed, Unlocked},
    language::{Language, Phrase},
    ledger::{KeptRow, Ledger, LedgerError},
    profile::Profile,
    screens::{Words, trouble},
    shot::{Clock, SittingId},
    station::{Act, NotAnAct, Refusal, SeenCode, Sitting, Vouched},
    student::{CaptureCode, Field, People, StudentKey, mask_name},
    vault::Vault,
};

/// Moves a portrait.
pub(super) fn run(options: &cli::Correct, language: Language) -> Result<Done, Failure> {
    let settings = places::settings(None)?;
    let profile = places::profile(options.profile.as_deref().unwrap_or(&settings.profile))?;
    // Nobody types a passphrase for what is refused whoever stands for it.
    Act::new("—", &options.reason).map_err(no_act)?;
    let folder = options.store.clone().or(settings.store).unwrap_or_else(places::default_store);
    let stood = unlock::stood(Deed::MovePhoto, &folder)?;
    Vault::existing(&stood.store).map_err(ClerkError::from)?;
    let vouched = vouched(&stood, &options.reason).map_err(no_act)?;
    let clock = Clock::start();
    let (mut clerk, _) = Clerk::open(&stood.store, &settings.station, &profile.name, clock.now())?;
    stood.log_in(&mut clerk, clock.now())?;
    let sitting = SittingId(options.sitting);
    let owner = owner(options, &profile, clerk.ledger())?;
    let row = counting(clerk.ledger(), sitting)?;
    for line in told(&clerk, &profile, &row, owner.as_ref())? {
        say(line.in_language(language));
    }
    if unlock::line("确认无误请输入原片编号，其他输入都不改动")?.trim() != row.shot.0.to_string()
    {
        return Err(not_confirmed());
    }
    stood.attest(&mut clerk, clock.now())?;
    let (spare, _) = clerk.next_numbers()?;
    let went = clerk.correct(clock.now(), &Correction { sitting, owner, spare, vouched })?;
    for line in done(went.as_ref()) {
        say(line.in_language(language));
    }
    Ok(Done::Well)
}

/// The two who stand for it. In a rehearsal nobody has a name.
fn vouched(stood: &Stood, reason: &str) -> Result<Vouched, NotAnAct> {
    if stood.is_open_to_all() {
        return Vouched::new(Act::new("演练甲", reason)?, "演练乙", true);
    }
    let second = stood.second.as_ref().map(Unlocked::who);
    let second = second.map_or("", |who| who.label());
    Vouched::new(Act::new(stood.first.who().label(), reason)?, second, true)
}

/// Whose it is, as they say; `None` when nobody knows.
fn owner(options: &cli::Correct, profile: &Profile, ledger: &Ledger) -> Result<Option<Owner>, Failure> {
    if let Some(sitting) = options.to {
        return Ok(Some(Owner::Sitting(SittingId(sitting))));
    }
    if !options.to_code {
        return Ok(None);
    }
    let typed = unlock::unseen_line("正确考生的采集码（用扫码枪扫，或输入）")?;
    let code: CaptureCode = typed.trim().parse().map_err(|err| Failure::misused(trouble::code(&err)))?;
    let read = profile.codes.read(&code, profile.privacy.name_mask);
    let bearer = read.map_err(|what| Failure::misused(trouble::refusal(&Refusal::NotACode(what))))?;
    // A number that another's code names too, with another name beside it, proves nothing: this code stands for itself.
    let others = ledger
        .sittings_of(&bearer.key)?
        .into_iter()
        .filter_map(|sitting| profile.codes.read(&sitting.code, profile.privacy.name_mask).ok()?.badge);
    let mut others = others.collect::<Vec<_>>().into_iter();
    let is_contradicted =
        bearer.badge.as_ref().is_some_and(|badge| others.any(|other| other.contradicts(badge)));
    let key = if is_contradicted { StudentKey::of_code(&code) } else { bearer.key };
    Ok(Some(Owner::Student(SeenCode { code, bearer: crate::student::Bearer { key, badge: bearer.badge } })))
}

/// The portrait that counts for a sitting.
fn counting(ledger: &Ledger, sitting: SittingId) -> Result<KeptRow, Failure> {
    let row = ledger.kept()?.into_iter().find(|row| row.sitting == sitting && !row.withdrawn);
    row.ok_or_else(|| LedgerError::NotHis { sitting }.into())
}

/// What it will do, before it is done.
fn told(
    clerk: &Clerk,
    profile: &Profile,
    row: &KeptRow,
    owner: Option<&Owner>,
) -> Result<Vec<Phrase>, Failure> {
    let ledger = clerk.ledger();
    // Whoever has a code is shown all the same when the list cannot be read.
    let people = clerk.people(None).unwrap_or_default();
    let (code, key) = sitter(ledger, row.sitting)?;
    let (his, n, shot) = (shown(&code, profile, &people), row.sitting.0, row.shot.0);
    let left = ledger.portraits_of(&key)?.len().saturating_sub(1);
    let mut lines = vec![
        Phrase::new(
            format!("将移走：第 {n} 次就座保存的成品，原片 {shot}，现在属于考生 {his}"),
            format!("takes away: the portrait of sitting {n}, shot {shot}, kept for student {his}"),
        ),
        match left {
            0 => Phrase::new(
                "此后这位考生没有成品，要补拍",
                "this student has no portrait then, and needs a retake",
            ),
            _ => Phrase::new(
                format!("此后这位考生还有 {left} 张更早或更晚的成品，交付时用其中最新有效的一张"),
                format!("this student has {left} more; the latest that counts is delivered"),
            ),
        },
    ];
    let Some(owner) = owner else {
        lines.push(Phrase::new(
            "移到：未归属（不知道是谁的）",
            "goes to: the strays, nobody knows whose it is",
        ));
        return Ok(lines);
    };
    let (code, key) = match owner {
        Owner::Sitting(sitting) => sitter(ledger, *sitting)?,
        Owner::Student(seen) => (seen.code.clone(), seen.bearer.key.clone()),
    };
    let (whose, has) = (shown(&code, profile, &people), ledger.portraits_of(&key)?.len());
    lines.push(Phrase::new(format!("移给：考生 {whose}"), format!("goes to: student {whose}")));
    if has > 0 {
        lines.push(Phrase::new(
            format!("那位考生已有成品 {has} 张，这一张将取代它们"),
            format!("that student has {has} already; this one takes their place"),
        ));
    }
    Ok(lines)
}

fn sitter(ledger: &Ledger, sitting: SittingId) -> Result<(CaptureCode, StudentKey), Failure> {
    match (ledger.sitting(sitting)?, ledger.student_of(sitting)?) {
        (Some(row), Some(key)) => Ok((row.code, key)),
        _ => Err(ClerkError::NoSuchSitting.into()),
    }
}

/// A student as screens show one: the code's fingerprint, and the masked name where the code or the list has it.
fn shown(code: &CaptureCode, profile: &Profile, people: &People) -> String {
    let mask = profile.privacy.name_mask;
    let badge = profile.codes.read(code, mask).ok().and_then(|bearer| bearer.badge);
    let listed = people.find(code).and_then(|student| {
        let masked = student.get(Field::MaskedName).map(str::to_owned);
        masked.or_else(|| student.get(Field::Name).map(|name| mask_name(name, mask)))
    });
    let claimed = || people.claimed(code).map(|name| mask_name(name, mask));
    let name = badge.and_then(|badge| badge.masked_name).or(listed).or_else(claimed);
    name.map_or_else(|| code.fingerprint().to_string(), |name| format!("{}（{name}）", code.fingerprint()))
}

/// What was done, and what is to be done now.
fn done(went: Option<&Sitting>) -> Vec<Phrase> {
    let where_to = match went {
        Some(Sitting { id, .. }) => Phrase::new(
            format!("已移好：现在是第 {} 次就座的成品；两人、理由已记入流水", id.0),
            format!(
                "moved: it is the portrait of sitting {} now; both names and the reason are in the journal",
                id.0
            ),
        ),
        None => Phrase::new(
            "已移走：原片放入未归属；两人、理由已记入流水",
            "taken away: the shot is a stray now; both names and the reason are in the journal",
        ),
    };
    let next = Phrase::new(
        "交付过的请重新导出，并告诉收件人换掉这两位考生的照片",
        "deliver again what was delivered, and tell whoever received it to replace both students' photos",
    );
    vec![where_to, next]
}

fn no_act(err: NotAnAct) -> Failure {
    Failure::misused(trouble::not_an_act(err))
}

fn not_confirmed() -> Failure {
    Failure::misused(Words {
        headline: Phrase::new(
            "输入的不是这张原片的编号，没有改动",
            "that is not the shot's number; nothing was changed",
        ),
        remedy: Phrase::new(
            "请核对上面的说明，确认无误后重新运行",
            "read what it says above, and run it again if it is right",
        ),
    })
}
