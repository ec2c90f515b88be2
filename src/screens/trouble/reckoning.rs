//! Words for what does not add up when the books are closed: nobody by more than a masked name and the end of his number.

use crate::{
    clerk::{Counts, Finding, Person, Stands, Who},
    language::Phrase,
};

/// What does not add up, of one thing.
#[must_use]
pub fn finding(finding: &Finding) -> Phrase {
    match finding {
        Finding::Lost { who, object, delivered } => {
            let when = if *delivered { ("已交付", "delivered") } else { ("待交付", "kept") };
            of(
                who,
                &format!("{}的成品文件不见了（{object}）：请运行 caiying verify，联系技术人员", when.0),
                &format!("the file of the {} portrait is missing ({object}): run caiying verify", when.1),
            )
        }
        Finding::Withdrawn { who } => of(
            who,
            "交付过的成品后来更正为不是他的：请让学校删掉那一张，重新导出",
            "what was delivered was not his and was withdrawn: have the school remove it, and export again",
        ),
        Finding::Double { who, portraits } => of(
            who,
            &format!("有 {portraits} 张成品同时有效：请核对是不是同一个人，该用哪一张"),
            &format!("{portraits} portraits stand side by side: is it one person, and which one counts?"),
        ),
        Finding::Outdated { who } => of(
            who,
            "交付之后又补拍过，学校手里的不是最后一张：请重新导出",
            "was taken again after the delivery; the school has not the last one: export again",
        ),
        Finding::Count { expected, kept } => count(*expected, *kept),
        Finding::RosterSize { expected, listed } => Phrase::new(
            format!("名册有 {listed} 人，应拍写的是 {expected} 人：请核对名册"),
            format!("the roster has {listed} students, {expected} were expected: check the roster"),
        ),
        Finding::NobodyExpected => Phrase::new(
            "不知道应拍多少人，说不出少没少：请加 --expected N，或先导入名册",
            "nobody said how many were expected, so nobody can say whether all are there: give --expected N, or import \
             the roster",
        ),
        Finding::Missing { who, stands } => missing(who, *stands),
        Finding::Unlisted { fingerprint } => Phrase::new(
            format!("{fingerprint}：有成品，名册里没有这个人"),
            format!("{fingerprint}: a portrait is kept, and the roster does not know him"),
        ),
        Finding::Undelivered { who } => of(
            who,
            "有成品，还没有以正式的文件名交付",
            "his portrait was not delivered yet under the name it is to have",
        ),
        Finding::Strays { shots } => Phrase::new(
            format!("未归属 {} 张：请在窗口按 F4 处理", shots.len()),
            format!("{} strays: press F4 in the window", shots.len()),
        ),
    }
}

/// Counts in words.
#[must_use]
pub fn counts(counts: &Counts) -> Phrase {
    let Counts { expected, sat, kept, delivered } = counts;
    let (zh, en) =
        expected.map_or_else(Default::default, |n| (format!("应拍 {n}，"), format!("{n} expected, ")));
    Phrase::new(
        format!("{zh}就座 {sat}，成品 {kept}，交付 {delivered}"),
        format!("{en}{sat} sat, {kept} kept, {delivered} delivered"),
    )
}

/// A class in words; where the roster says nothing of it, that.
#[must_use]
pub fn class(class: &[String; 3]) -> Phrase {
    let parts: Vec<&str> = class.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        Phrase::new("没有写班级", "no class")
    } else {
        Phrase::new(parts.join(" "), parts.join(" "))
    }
}

fn count(expected: usize, kept: usize) -> Phrase {
    if kept < expected {
        let n = expected - kept;
        return Phrase::new(
            format!("应拍 {expected} 人，有成品 {kept} 人，少 {n} 人"),
            format!("{expected} were expected and {kept} have a portrait: {n} are missing"),
        );
    }
    let n = kept - expected;
    Phrase::new(
        format!("应拍 {expected} 人，有成品 {kept} 人，多 {n} 人"),
        format!("{expected} were expected and {kept} have a portrait: {n} too many"),
    )
}

fn missing(who: &Who, stands: Stands) -> Phrase {
    match stands {
        Stands::Absent => of(who, "没有来拍", "has not come"),
        Stands::Left => of(who, "来过，没有成品", "came, and left without a portrait"),
        Stands::Sits => of(who, "正在拍，还没有成品", "sits just now, without a portrait yet"),
    }
}

fn of(who: &Who, zh: &str, en: &str) -> Phrase {
    let named = match who {
        Who::Listed(Person { name, number, class: place }) => {
            let place = class(place);
            let person = [name.as_str(), number.as_str()].join(" ");
            Phrase::new(format!("{} {}", place.zh, person.trim()), format!("{} {}", place.en, person.trim()))
        }
        Who::Unlisted(fingerprint) => Phrase::new(fingerprint.to_string(), fingerprint.to_string()),
    };
    Phrase::new(format!("{}：{zh}", named.zh), format!("{}: {en}", named.en))
}
