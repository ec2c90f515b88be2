//! Every fact of the journal in one plain sentence: numbers of sittings and shots, fingerprints instead of codes, never
//! a name. The match is exhaustive, so a new fact asks for its words.

mod unlocking;

use crate::{
    errand::FOLDER,
    language::Phrase,
    ledger::Note,
    portrait::CHECKS,
    screens::trouble,
    shot::{Digest, ShotId, SittingId},
    station::{CopyPlace, Fact, Refusal},
};

/// A fact in one sentence.
pub(in crate::screens) fn fact_words(fact: &Fact) -> Phrase {
    words(Some(fact))
}

/// A fact in words; of a line that cannot be read, that it cannot.
pub fn words(fact: Option<&Fact>) -> Phrase {
    let Some(fact) = fact else {
        return Phrase::new(
            "这一行读不懂：程序太旧，或内容被改动",
            "this line cannot be read: an older program, or a change",
        );
    };
    match fact {
        Fact::Opened { station, profile, version } => opened(station, profile, version),
        Fact::Seated { sitting, code, retake } => seated(*sitting, *code, *retake),
        Fact::Taken { sitting, original } => {
            let shot = original.shot.0;
            sat(*sitting, &format!("拍下原片 {shot}"), &format!("shot {shot} was taken"))
        }
        Fact::Stray { original } => set_aside(original.shot),
        Fact::Declined { sitting, shot, reason } => declined(*sitting, *shot, reason),
        Fact::Refused { sitting, shot, failed } => refused(*sitting, *shot, failed),
        Fact::Kept { sitting, shot, bytes, quality, supersedes, .. } => {
            kept(*sitting, *shot, (*bytes, *quality), supersedes)
        }
        Fact::Dismissed { sitting } => sat(*sitting, "放弃，没有成品", "dismissed without a portrait"),
        Fact::Interrupted { sitting } => {
            sat(*sitting, "程序中途退出，没有成品", "the program ended in its middle; no portrait")
        }
        Fact::Adopted { sitting, original } => adopted(*sitting, original.shot),
        Fact::Unlocked { purpose, role, by } => unlocking::unlocked(purpose, *role, by),
        Fact::UnlockFailed { holder, times, first, last } => {
            unlocking::failed(holder, *times, (*first, *last))
        }
        Fact::Delivered { target, object } => delivered(target, *object),
        Fact::LetIn { sitting, gate } => let_in(*sitting, gate),
        Fact::Disowned { sitting, shot, reason } => disowned(*sitting, *shot, reason),
        Fact::Assigned { sitting, shot, by, second, reason } => {
            assigned(*sitting, *shot, (by, second.as_deref()), reason)
        }
        Fact::Overruled { sitting, shot, failed, by, reason } => {
            overruled(*sitting, *shot, failed, (by, reason))
        }
        Fact::Corrected { from, shot, to, by, second, reason, .. } => {
            corrected((*from, *to), *shot, (by, second), reason)
        }
        Fact::Checkpoint { note } => checkpoint(note),
        Fact::Accepted { portraits, by } => accepted(*portraits, by),
        Fact::DestructionBegan { certificate, by, second, undelivered, waiver, .. } => {
            destroyed(certificate, (by, second.as_deref()), (*undelivered, waiver.as_deref()))
        }
        Fact::RosterTaken { students, .. } => Phrase::new(
            format!("导入学校名册，{students} 人"),
            format!("the school's roster was taken in: {students} students"),
        ),
        Fact::BackedUp { target, lines, objects, .. } => backed_up(*target, *lines, *objects),
        Fact::WalkedUp { code, .. } => walked_up(*code),
    }
}

/// A code's or an object's first digits, as screens show them: of a code, its fingerprint.
fn short(digest: Digest) -> String {
    digest.to_string().chars().take(12).collect()
}

fn walked_up(code: Digest) -> Phrase {
    let who = short(code);
    Phrase::new(format!("登记名册外考生 {who}"), format!("{who}, who is in no roster, was written down"))
}

/// Of a sitting.
fn sat(sitting: SittingId, zh: &str, en: &str) -> Phrase {
    Phrase::new(format!("第 {} 次就座：{zh}", sitting.0), format!("sitting {}: {en}", sitting.0))
}

fn opened(station: &str, profile: &str, version: &str) -> Phrase {
    Phrase::new(
        format!("打开数据：{station}，档案 {profile}，程序 {version}"),
        format!("opened: {station}, profile {profile}, version {version}"),
    )
}

fn seated(sitting: SittingId, code: Digest, retake: bool) -> Phrase {
    let who = short(code);
    if retake {
        sat(sitting, &format!("考生 {who} 补拍"), &format!("{who} sat down for a retake"))
    } else {
        sat(sitting, &format!("考生 {who} 就座"), &format!("{who} sat down"))
    }
}

fn set_aside(shot: ShotId) -> Phrase {
    let n = shot.0;
    Phrase::new(
        format!("原片 {n} 不能确定属于谁，放入未归属"),
        format!("nobody knows for certain whose shot {n} is; it was set aside"),
    )
}

fn kept(sitting: SittingId, shot: ShotId, (bytes, quality): (usize, u8), supersedes: &[Digest]) -> Phrase {
    let (n, kb) = (shot.0, bytes / 1024);
    let said = sat(
        sitting,
        &format!("保存成品（原片 {n}，{kb} KB，质量 {quality}）"),
        &format!("a portrait of shot {n} was kept ({kb} KB, quality {quality})"),
    );
    if supersedes.is_empty() {
        return said;
    }
    let earlier: Vec<String> = supersedes.iter().map(|object| short(*object)).collect();
    Phrase::new(
        format!("{}，取代成品 {}", said.zh, earlier.join("、")),
        format!("{} in place of {}", said.en, earlier.join(", ")),
    )
}

fn corrected(
    (from, to): (SittingId, Option<SittingId>),
    shot: ShotId,
    (by, second): (&str, &str),
    reason: &str,
) -> Phrase {
    let n = shot.0;
    let (zh, en) = match to {
        Some(to) => (format!("归到第 {} 次就座", to.0), format!("it belongs to sitting {}", to.0)),
        None => ("不知属于谁，放入未归属".to_owned(), "nobody knows whose it is".to_owned()),
    };
    sat(
        from,
        &format!("勘误：{by}、{second} 确认原片 {n} 的成品不是他的，{zh}，理由：{reason}"),
        &format!("{by} and {second} say that the portrait of shot {n} is not his; {en}: {reason}"),
    )
}

fn checkpoint(note: &str) -> Phrase {
    let Ok(Note { checkpoint, .. }) = Note::parse(note) else {
        return Phrase::new("检查点，内容读不懂", "a checkpoint that cannot be read");
    };
    let (size, day, shots, kept) = (checkpoint.size, checkpoint.day, checkpoint.shots, checkpoint.kept);
    Phrase::new(
        format!("检查点 {day}：流水 {size} 行，原片 {shots} 张，成品 {kept} 张，已签名"),
        format!("checkpoint of {day}: {size} lines, {shots} shots, {kept} portraits, signed"),
    )
}

fn declined(sitting: SittingId, shot: ShotId, reason: &str) -> Phrase {
    let (n, why) = (shot.0, why(reason));
    sat(
        sitting,
        &format!("原片 {n} 没有做出成品：{}", why.zh),
        &format!("no portrait came of shot {n}: {}", why.en),
    )
}

fn refused(sitting: SittingId, shot: ShotId, failed: &[String]) -> Phrase {
    let n = shot.0;
    let titles: Vec<Phrase> = failed.iter().map(|slug| title(slug)).collect();
    let join = |word: fn(&Phrase) -> &str, comma| titles.iter().map(word).collect::<Vec<_>>().join(comma);
    if titles.is_empty() {
        return sat(
            sitting,
            &format!("操作员要求重拍（原片 {n} 检测合格）"),
            &format!("the operator wanted another than shot {n}, which had passed"),
        );
    }
    let (zh, en) = (join(|title| &title.zh, "、"), join(|title| &title.en, ", "));
    sat(sitting, &format!("原片 {n} 不合格，重拍：{zh}"), &format!("shot {n} was taken again: {en}"))
}

fn assigned(sitting: SittingId, shot: ShotId, (by, second): (&str, Option<&str>), reason: &str) -> Phrase {
    let n = shot.0;
    let who = |join: &str| second.map_or_else(|| by.to_owned(), |second| format!("{by}{join}{second}"));
    sat(
        sitting,
        &format!("{} 把未归属的原片 {n} 归给他，理由：{reason}", who("、")),
        &format!("stray {n} was given to it by {}: {reason}", who(" and ")),
    )
}

fn overruled(sitting: SittingId, shot: ShotId, failed: &[String], (by, reason): (&str, &str)) -> Phrase {
    let n = shot.0;
    let titles: Vec<Phrase> = failed.iter().map(|slug| title(slug)).collect();
    let join = |word: fn(&Phrase) -> &str, comma| titles.iter().map(word).collect::<Vec<_>>().join(comma);
    let (zh, en) = (join(|title| &title.zh, "、"), join(|title| &title.en, ", "));
    sat(
        sitting,
        &format!("原片 {n} 的 {zh} 不合格，{by} 决定保存，理由：{reason}"),
        &format!("shot {n} was kept by {by} although {en} failed: {reason}"),
    )
}

fn adopted(sitting: Option<SittingId>, shot: ShotId) -> Phrase {
    let n = shot.0;
    match sitting {
        Some(sitting) => sat(
            sitting,
            &format!("断电后找回原片 {n}"),
            &format!("shot {n} was found again after an interruption"),
        ),
        None => Phrase::new(
            format!("断电后找回原片 {n}，不知属于谁，放入未归属"),
            format!("shot {n} was found again after an interruption; nobody knows whose it is"),
        ),
    }
}

fn delivered(target: &str, object: Digest) -> Phrase {
    let which = short(object);
    let place = if target == FOLDER { "文件夹" } else { target };
    Phrase::new(
        format!("成品 {which} 已交付到{place}"),
        format!("portrait {which} was delivered to a {target}"),
    )
}

fn accepted(portraits: usize, by: &str) -> Phrase {
    Phrase::new(
        format!("{by} 代表学校验收了 {portraits} 位考生的成品"),
        format!("{by} accepted the portraits of {portraits} students for the school"),
    )
}

fn destroyed(
    certificate: &str,
    (by, second): (&str, Option<&str>),
    (undelivered, waiver): (usize, Option<&str>),
) -> Phrase {
    let (zh, en) = match second {
        Some(second) => (format!("{by}、{second}"), format!("{by} and {second}")),
        None if by.is_empty() => ("演练".to_owned(), "a rehearsal".to_owned()),
        None => (by.to_owned(), by.to_owned()),
    };
    let said = Phrase::new(
        format!("开始监督删除（{zh}），证书 {certificate}"),
        format!("the supervised deletion began ({en}), certificate {certificate}"),
    );
    let Some(waiver) = waiver else { return said };
    Phrase::new(
        format!("{}；{undelivered} 张未交付，书面放弃：{waiver}", said.zh),
        format!("{}; {undelivered} never delivered and waived: {waiver}", said.en),
    )
}

fn backed_up(target: CopyPlace, lines: i64, objects: usize) -> Phrase {
    let (zh, en) = match target {
        CopyPlace::OtherDisk => ("另一块盘", "another disk"),
        CopyPlace::SameDisk => ("同一块硬盘", "the same disk"),
    };
    Phrase::new(
        format!("备份到{zh}：流水 {lines} 行，文件 {objects} 个"),
        format!("backed up to {en}: {lines} lines, {objects} files"),
    )
}

fn let_in(sitting: SittingId, gate: &str) -> Phrase {
    let second = Refusal::SecondCode;
    let said =
        if gate == second.slug() { trouble::refusal(&second).headline } else { Phrase::new(gate, gate) };
    sat(
        sitting,
        &format!("门禁提示“{}”，操作员放行", said.zh),
        &format!("the gate said \"{}\"; the operator let him in", said.en),
    )
}

fn disowned(sitting: SittingId, shot: ShotId, reason: &str) -> Phrase {
    let (n, why) = (shot.0, why(reason));
    sat(sitting, &format!("原片 {n} 移入未归属：{}", why.zh), &format!("shot {n} was set aside: {}", why.en))
}

/// A check's title by its short name.
fn title(slug: &str) -> Phrase {
    let check = CHECKS.iter().find(|check| check.name() == slug);
    check.map_or_else(|| Phrase::new(slug, slug), |check| check.title())
}

/// The reasons for which a shot gave no portrait or left its sitting, by their short names.
const REASONS: [(&str, &str, &str); 16] = [
    ("unreadable", "照片读不出", "it cannot be read"),
    ("no_face", "没有人脸", "no face"),
    ("many_faces", "不止一张人脸", "more than one face"),
    ("hair_out_of_sight", "看不清头顶", "the top of the hair is out of sight"),
    ("no_room_above", "头顶上方太窄", "no room above"),
    ("no_room_below", "下方太窄", "no room below"),
    ("no_room_left", "左侧太窄", "no room on the left"),
    ("no_room_right", "右侧太窄", "no room on the right"),
    ("too_far", "人太远", "too far away"),
    ("hair_too_high", "头发太高", "hair too high"),
    ("no_such_head", "头的比例不对", "no head has such proportions"),
    ("size_conflict", "文件大小不合要求", "no file of the right size"),
    ("bad_output", "程序出错，成品读不回", "our own file reads back wrong"),
    ("darkroom", "程序出错", "the darkroom failed"),
    ("anothers_code", "照片里有别人的采集码", "another's code is in it"),
    ("operator", "操作员指出不是他", "the operator said it is not his"),
];

/// Such a reason in words.
pub(in crate::screens) fn why(reason: &str) -> Phrase {
    let known = REASONS.iter().find(|(slug, ..)| *slug == reason);
    known.map_or_else(|| Phrase::new(reason, reason), |(_, zh, en)| Phrase::new(*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrait::{Decline, FrameError};

    /// What the station writes down as a short name is read as words.
    #[test]
    fn every_short_name_has_its_words() {
        for reason in [
            Decline::NoFace,
            Decline::ManyFaces { faces: 2 },
            Decline::HairOutOfSight,
            Decline::Frame(FrameError::NoRoomAbove),
            Decline::Frame(FrameError::NoRoomBelow),
            Decline::Frame(FrameError::NoRoomLeft),
            Decline::Frame(FrameError::NoRoomRight),
            Decline::Frame(FrameError::TooFar),
            Decline::Frame(FrameError::HairTooHigh),
            Decline::Frame(FrameError::NoSuchHead),
            Decline::Darkroom(String::new()),
            Decline::AnothersCode,
        ] {
            assert_ne!(why(reason.slug()).zh, reason.slug());
        }
        for check in CHECKS {
            assert_eq!(title(check.name()), check.title());
        }
        assert_eq!(why("something_new").zh, "something_new", "an older program shows what is written");
    }
}
