//! Every check held against pictures that it must pass and pictures that it must not: false alarms on a folder of faces
//! and detection on what is made of them, as a Markdown table. `./dev checks [FOLDER]`; no test of every day, because
//! it develops more than a thousand pictures.
//!
//! `CAIYING_FACES` names the folder (with an `index.csv`), `CAIYING_KEEP` another where every picture and every measured
//! number is kept to be looked at, `CAIYING_CHECK` the only check whose fixtures are made.

mod bent;
mod canvas;
mod extended;
mod fixtures;
mod heads;
mod lit;
mod painted;
mod sitters;
mod table;

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use caiying::{
    portrait::{Answer, Development, ModelFinder, Portrait, References, Verdict, develop_with},
    profile::Profile,
};

use self::{
    canvas::Canvas,
    fixtures::{EDITS, ENLARGING, FIXTURES, of_half_the_pixels},
    sitters::{Group, Sitter, of_folder, of_rehearsal},
};
use crate::checks;

/// What came of one picture.
pub(crate) enum Outcome {
    Judged(Verdict, f64),
    /// No portrait, by the decline's short name.
    Declined(&'static str),
}

/// What the checks say to everything that was made of one sitter.
pub(crate) struct Graded<'a> {
    sitter: &'a Sitter,
    /// The unaltered picture.
    usual: Portrait,
    /// The same with no more pixels than the file has, where it had to be enlarged.
    not_enlarged: Option<Portrait>,
    /// What each fixture's check said: fixture, check, outcome.
    spoilt: Vec<(&'static str, &'static str, Outcome)>,
}

impl Graded<'_> {
    fn usual(&self, check: &str) -> &Answer {
        answer(&self.usual, check)
    }
}

fn answer<'a>(portrait: &'a Portrait, check: &str) -> &'a Answer {
    &portrait.findings.iter().find(|finding| finding.check == check).unwrap().answer
}

fn developed(
    canvas: &Canvas,
    profile: &Profile,
    references: &References,
    finder: &mut ModelFinder,
) -> Development {
    develop_with(&canvas.jpeg(), profile, references, finder, ENLARGING)
}

/// The day's sample of the folder's cloth: the median of what its portraits show. The rehearsal's is the profile's own.
/// Says how many would fail without a sample.
fn sample(sitters: &[Sitter], profile: &Profile, finder: &mut ModelFinder) -> Option<[u8; 3]> {
    let of_folder = sitters.iter().filter(|sitter| sitter.is(Group::Folder));
    let without = References::default();
    let portraits: Vec<Portrait> = of_folder
        .filter_map(|sitter| developed(&sitter.canvas, profile, &without, finder).outcome.ok())
        .collect();
    let off = portraits
        .iter()
        .filter(|portrait| answer(portrait, "backdrop_colour").verdict == Verdict::Fail)
        .count();
    if !portraits.is_empty() {
        eprintln!("没有当天的背景样本：背景色差 {} 张里 {off} 张判重拍", portraits.len());
    }
    let cloths: Vec<[u8; 3]> = portraits.iter().filter_map(|portrait| portrait.cloth).collect();
    let median = |n: usize| {
        let mut channel: Vec<u8> = cloths.iter().map(|cloth| cloth[n]).collect();
        channel.sort_unstable();
        channel.get(channel.len() / 2).copied()
    };
    Some([median(0)?, median(1)?, median(2)?])
}

fn graded<'a>(
    sitter: &'a Sitter,
    profile: &Profile,
    sample: Option<[u8; 3]>,
    finder: &mut ModelFinder,
) -> Graded<'a> {
    let cloth = sample.filter(|_| sitter.is(Group::Folder));
    let references = References { cloth, ..References::default() };
    let usual = developed(&sitter.canvas, profile, &references, finder).outcome;
    let usual = usual.unwrap_or_else(|why| panic!("{}: {why}", sitter.name));
    let half = of_half_the_pixels(profile);
    let not_enlarged =
        usual.is_enlarged().then(|| developed(&sitter.canvas, &half, &references, finder).outcome.unwrap());
    keep(sitter, "原图", 0, &sitter.canvas);
    let mut spoilt = Vec::new();
    let only = std::env::var("CAIYING_CHECK").ok();
    for fixture in FIXTURES.iter().filter(|f| only.as_ref().is_none_or(|only| f.aims.contains(&&**only))) {
        for (number, canvas) in (fixture.make)(sitter).into_iter().enumerate() {
            let outcome = developed(&canvas, profile, &references, finder).outcome;
            keep(sitter, fixture.what, number, &canvas);
            for check in fixture.aims {
                let said = match &outcome {
                    Ok(portrait) => {
                        let Answer { verdict, value, .. } = answer(portrait, check);
                        Outcome::Judged(*verdict, *value)
                    }
                    Err(why) => Outcome::Declined(why.slug()),
                };
                spoilt.push((fixture.what, *check, said));
            }
        }
    }
    for edit in EDITS {
        let file = (edit.make)(&usual.jpeg);
        let said = fixtures::read(&file).map(|markers| checks::of_file(edit.aim, file.len(), markers));
        spoilt.push((
            edit.what,
            edit.aim,
            said.map_or(Outcome::Declined("unreadable"), |said| Outcome::Judged(said, f64::NAN)),
        ));
    }
    Graded { sitter, usual, not_enlarged, spoilt }
}

/// Where `CAIYING_KEEP` names a folder, what was made lies there to be looked at.
fn keep(sitter: &Sitter, what: &str, number: usize, canvas: &Canvas) {
    let Some(folder) = std::env::var_os("CAIYING_KEEP") else { return };
    let name = format!("{what}-{}-{number}.jpg", sitter.name.trim_end_matches(".jpg"));
    std::fs::write(std::path::Path::new(&folder).join(name.replace('/', "_")), canvas.jpeg()).unwrap();
}

/// Every number that was measured, one a line, beside what was kept: sitter, fixture, check, verdict, value.
fn dump(graded: &[Graded<'_>]) {
    let Some(folder) = std::env::var_os("CAIYING_KEEP") else { return };
    let mut lines = String::new();
    for Graded { sitter, usual, spoilt, .. } in graded {
        for finding in &usual.findings {
            let Answer { verdict, value, .. } = finding.answer;
            writeln!(lines, "{}\t-\t{}\t{}\t{value}", sitter.name, finding.check, verdict.slug()).unwrap();
        }
        for (what, check, outcome) in spoilt {
            let (said, value) = match outcome {
                Outcome::Judged(verdict, value) => (verdict.slug(), *value),
                Outcome::Declined(why) => (*why, f64::NAN),
            };
            writeln!(lines, "{}\t{what}\t{check}\t{said}\t{value}", sitter.name).unwrap();
        }
    }
    std::fs::write(std::path::Path::new(&folder).join("values.tsv"), lines).unwrap();
}

/// Every sitter, on two processors.
fn all_graded<'a>(sitters: &'a [Sitter], profile: &Profile, sample: Option<[u8; 3]>) -> Vec<Graded<'a>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut finder = ModelFinder::new().unwrap();
        let mut done = Vec::new();
        while let Some((place, sitter)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, sitters.get(n)?)))
        {
            done.push((place, graded(sitter, profile, sample, &mut finder)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, graded)| graded).collect()
}

#[test]
#[ignore = "develops more than a thousand pictures: ./dev checks"]
fn every_check_with_its_fixtures() {
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let mut finder = ModelFinder::new().unwrap();
    let mut sitters = of_folder(&mut finder);
    if sitters.is_empty() {
        eprintln!(
            "没有人脸文件夹（CAIYING_FACES，或仓库旁的 ../shared/faces）：没有误报可数，只用演练的人做样片。"
        );
    }
    sitters.extend(of_rehearsal(&mut finder));
    let sample = sample(&sitters, &profile, &mut finder);
    let graded = all_graded(&sitters, &profile, sample);
    dump(&graded);
    table::print(&graded, sample);
    heads::print_and_hold(&graded, &profile);
    table::hold(&graded);
}
