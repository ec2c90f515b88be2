//! The table itself, and what of it must hold.

use caiying::portrait::{Answer, CHECKS, Verdict};

use super::{
    Graded, Outcome, answer,
    fixtures::{EDITS, FIXTURES, NATURAL, OF_PIXELS, OF_THE_FOLDER, RIGHT},
    sitters::Group,
};

/// What a check said to a kind of fixture.
#[derive(Default)]
struct Tally {
    all: usize,
    failed: usize,
    warned: usize,
    declined: usize,
}

/// Only of sitters whose own picture is measured and passes: what is doubtful before is no proof.
fn tally(graded: &[Graded<'_>], what: &str, check: &str) -> Tally {
    let mut tally = Tally::default();
    let is_sound = |usual: &Answer| usual.verdict == Verdict::Pass && !usual.value.is_nan();
    for graded in graded.iter().filter(|graded| is_sound(graded.usual(check))) {
        for (_, _, outcome) in graded.spoilt.iter().filter(|(w, c, _)| *w == what && *c == check) {
            tally.all += 1;
            match outcome {
                Outcome::Judged(Verdict::Fail, _) => tally.failed += 1,
                Outcome::Judged(Verdict::Warn, _) => tally.warned += 1,
                Outcome::Judged(Verdict::Pass, _) => {}
                Outcome::Declined(_) => tally.declined += 1,
            }
        }
    }
    tally
}

/// Whether a failed finding on an unaltered picture is right, and why.
fn right(graded: &Graded<'_>, check: &str) -> Option<&'static str> {
    let sitter = graded.sitter;
    let listed = RIGHT.iter().find(|(c, file, _)| *c == check && *file == sitter.name).map(|(.., why)| *why);
    let whole = OF_THE_FOLDER.iter().find(|(c, _)| *c == check && sitter.is(Group::Folder));
    let sharp = graded.not_enlarged.as_ref().filter(|_| OF_PIXELS.contains(&check));
    let sharp = sharp.filter(|portrait| answer(portrait, check).verdict == Verdict::Pass);
    listed.or(whole.map(|(_, why)| *why)).or(sharp.map(|_| "放大以后才糊"))
}

/// How many of a group failed without being right, and warned.
fn false_alarms(graded: &[Graded<'_>], check: &str, group: Group) -> (usize, usize) {
    let of = |verdict: Verdict| {
        let here = graded.iter().filter(move |graded| graded.sitter.is(group));
        here.filter(move |graded| graded.usual(check).verdict == verdict)
    };
    let wrong = of(Verdict::Fail).filter(|graded| right(graded, check).is_none());
    let seen = |graded: &&Graded<'_>| {
        NATURAL.iter().any(|(c, _, files)| *c == check && files.contains(&graded.sitter.name.as_str()))
    };
    (wrong.count(), of(Verdict::Warn).filter(|graded| !seen(graded)).count())
}

/// What a check said to the unaltered pictures that it must notice.
fn natural<'a>(graded: &'a [Graded<'_>], check: &str) -> impl Iterator<Item = (&'static str, Tally)> + 'a {
    let here = NATURAL.iter().filter(move |(c, ..)| *c == check).collect::<Vec<_>>();
    here.into_iter().filter_map(move |(check, what, files)| {
        let mut tally = Tally::default();
        for graded in graded.iter().filter(|graded| files.contains(&graded.sitter.name.as_str())) {
            tally.all += 1;
            match graded.usual(check).verdict {
                Verdict::Fail => tally.failed += 1,
                Verdict::Warn => tally.warned += 1,
                Verdict::Pass => {}
            }
        }
        (tally.all > 0).then_some((*what, tally))
    })
}

/// The demand and the doubt of a check, as its answers say them.
fn limit<'a>(graded: &'a [Graded<'_>], check: &str) -> &'a str {
    let mut findings = graded.iter().flat_map(|graded| &graded.usual.findings);
    let finding = findings.find(|finding| finding.check == check && finding.answer.limit != "–");
    finding.map_or("–", |finding| finding.answer.limit.as_str())
}

/// Fixtures and edits that aim at a check.
fn aimed_at(check: &str) -> Vec<&'static str> {
    let pictures = FIXTURES.iter().filter(|fixture| fixture.aims.contains(&check)).map(|f| f.what);
    pictures.chain(EDITS.iter().filter(|edit| edit.aim == check).map(|edit| edit.what)).collect()
}

fn row(graded: &[Graded<'_>], check: &str, title: &str) -> String {
    let made = aimed_at(check).into_iter().map(|what| (what, tally(graded, what, check)));
    let kinds = made.chain(natural(graded, check)).map(|(what, tally)| {
        let Tally { all, failed, warned, declined } = tally;
        let declined_too = if declined > 0 { format!("，不出成品 {declined}") } else { String::new() };
        let (found, seen) = (failed + declined, failed + declined + warned);
        let seen = if warned > 0 { format!(" / {seen}") } else { String::new() };
        (format!("{all} 张：{what}"), format!("{found}{seen}{declined_too}"))
    });
    let (kinds, found): (Vec<_>, Vec<_>) = kinds.unzip();
    let (kinds, found) = if kinds.is_empty() {
        ("0 张".to_owned(), "–".to_owned())
    } else {
        (kinds.join("<br>"), found.join("<br>"))
    };
    let groups: Vec<(usize, usize)> =
        Group::ALL.iter().map(|group| false_alarms(graded, check, *group)).collect();
    let column = |one: fn(&(usize, usize)) -> usize| {
        groups.iter().map(|group| one(group).to_string()).collect::<Vec<_>>().join(" · ")
    };
    let limit = limit(graded, check);
    format!("| `{check}` {title} | {limit} | {kinds} | {found} | {} | {} |", column(|g| g.0), column(|g| g.1))
}

/// Prints everything.
pub(super) fn print(graded: &[Graded<'_>], sample: Option<[u8; 3]>) {
    let count = |group: Group| graded.iter().filter(|graded| graded.sitter.is(group)).count();
    let groups: Vec<String> =
        Group::ALL.iter().map(|group| format!("{} {}", group.name(), count(*group))).collect();
    let groups = groups.join(" · ");
    eprintln!("\n背景样本 RGB {sample:?}\n");
    eprintln!("| 检测 | 界限（提示） | 样片 | 判重拍 / 加上提示 | 误判重拍：{groups} | 提示：同左 |");
    eprintln!("|---|---|---|---|---|---|");
    for check in CHECKS {
        eprintln!("{}", row(graded, check.name(), &check.title().zh));
    }
    rights(graded);
}

/// The failed findings on unaltered pictures, each with why it is right or that it is not.
fn rights(graded: &[Graded<'_>]) {
    eprintln!("\n没有改过的照片判重拍的：");
    for check in CHECKS {
        let failed = graded.iter().filter(|graded| graded.usual(check.name()).verdict == Verdict::Fail);
        for graded in failed {
            let why = right(graded, check.name()).unwrap_or("**误判**");
            let value = graded.usual(check.name()).value;
            let small = graded.not_enlarged.as_ref().map(|portrait| answer(portrait, check.name()).value);
            let small = small.filter(|_| OF_PIXELS.contains(&check.name()));
            let small = small.map_or_else(String::new, |small| format!("（不放大时 {small:.3}）"));
            eprintln!("- `{}` {} {value:.3}{small}：{why}", check.name(), graded.sitter.name);
        }
    }
}

/// What must hold whatever the limits are: hardly a false alarm in any group.
pub(super) fn hold(graded: &[Graded<'_>]) {
    for group in Group::ALL {
        let all = graded.iter().filter(|graded| graded.sitter.is(group)).count();
        for check in CHECKS {
            let (wrong, _) = false_alarms(graded, check.name(), group);
            assert!(100 * wrong <= all, "{}: {wrong} of {all} of {} fail", check.name(), group.name());
        }
    }
}
