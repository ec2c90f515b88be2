//! What a rehearsal tells at its end: a table for people, JSON for programs.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{Options, judge::Verdict, player::Played, script::Script};
use crate::camera::CameraChoice;

/// A rehearsal's end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Students in the script.
    pub students: usize,
    /// The seed it was written from.
    pub seed: u64,
    /// The camera it was played on.
    pub camera: String,
    /// Portraits the screen called saved, retakes included.
    pub kept: usize,
    /// Students that left without one, as the script has it.
    pub left: usize,
    /// Shots taken again in the same sitting.
    pub again: usize,
    /// Exposures in all.
    pub exposures: usize,
    /// Exposures that belong to no sitting.
    pub strays: usize,
    /// Shots of which nothing was seen in their sitting: taken by a vanishing camera, or doubtful.
    pub vanished: usize,
    /// Bad shots that were refused, by reason.
    pub declined: BTreeMap<String, usize>,
    /// Bad shots that no check noticed: the operator had to.
    pub let_through: BTreeMap<String, usize>,
    /// Good shots that were refused, by reason.
    pub refused_good: BTreeMap<String, usize>,
    /// Codes that could not be read at once.
    pub unread_codes: usize,
    /// Students who could not begin at their time, when they come by the clock.
    pub late: usize,
    /// From the file's arrival to the judged portrait, median, in milliseconds.
    pub p50_ms: f64,
    /// The 95th percentile of the same.
    pub p95_ms: f64,
    /// How long the morning took, in seconds.
    pub seconds: f64,
    /// What is wrong.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Report {
    pub(super) fn new(options: &Options, script: &Script, played: &Played, verdict: Verdict) -> Self {
        let mut ms = played.ms.clone();
        ms.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            let place = ((ms.len() as f64 * share).ceil() as usize).saturating_sub(1);
            ms.get(place).copied().unwrap_or_default()
        };
        let mut let_through = BTreeMap::new();
        for look in &played.let_through {
            *let_through.entry(look.slug().to_owned()).or_default() += 1;
        }
        let mut refused_good = BTreeMap::new();
        for why in &played.refused_good {
            *refused_good.entry(why.clone()).or_default() += 1;
        }
        Self {
            students: script.students,
            seed: script.seed,
            camera: camera_name(&options.camera),
            kept: played.saved.len(),
            left: played.left,
            again: played.again,
            exposures: played.truth.len(),
            strays: played.strays,
            vanished: played.vanished,
            declined: played.declined.clone(),
            let_through,
            refused_good,
            unread_codes: played.unread,
            late: played.late,
            p50_ms: percentile(0.5),
            p95_ms: percentile(0.95),
            seconds: played.duration.as_secs_f64(),
            verdict,
        }
    }

    /// Whether nobody got another's portrait, none was lost and none doubled.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.verdict.is_clean()
    }
}

fn camera_name(choice: &CameraChoice) -> String {
    match choice {
        CameraChoice::Rehearsal => "rehearsal".to_owned(),
        CameraChoice::Folder(_) => "folder".to_owned(),
        CameraChoice::Auto => "auto".to_owned(),
        CameraChoice::Port(port) => port.clone(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = |counts: &BTreeMap<String, usize>| {
            let all: Vec<String> = counts.iter().map(|(what, n)| format!("{what} {n}")).collect();
            if all.is_empty() { "–".to_owned() } else { all.join("，") }
        };
        let row = |f: &mut fmt::Formatter<'_>, title: &str, value: &dyn fmt::Display| {
            writeln!(f, "  {title}\t{value}")
        };
        writeln!(f, "演练结束（种子 {}，相机 {}，{:.0} 秒）", self.seed, self.camera, self.seconds)?;
        row(f, "考生        ", &self.students)?;
        row(f, "已保存      ", &self.kept)?;
        row(f, "未拍离开    ", &self.left)?;
        row(f, "重拍        ", &self.again)?;
        row(f, "曝光        ", &self.exposures)?;
        row(f, "未归属      ", &self.strays)?;
        row(f, "拒绝（按原因）", &counts(&self.declined))?;
        row(f, "漏检        ", &counts(&self.let_through))?;
        row(f, "误拒        ", &counts(&self.refused_good))?;
        row(f, "晚于时刻    ", &self.late)?;
        row(f, "到成品 p50/p95", &format!("{:.0} / {:.0} 毫秒", self.p50_ms, self.p95_ms))?;
        let Verdict { wrong, lost, doubled, unreadable, originals_lost, ref faults } = self.verdict;
        row(f, "错配        ", &wrong)?;
        row(f, "丢失        ", &lost)?;
        row(f, "重复        ", &doubled)?;
        row(f, "读不出/原片缺失/核验问题", &format!("{unreadable} / {originals_lost} / {}", faults.len()))?;
        for fault in faults {
            writeln!(f, "  核验：{fault}")?;
        }
        let words = if self.is_clean() {
            "没有错配、丢失或重复。"
        } else {
            "有问题：请勿使用这个版本，并联系技术人员。"
        };
        writeln!(f, "{words}（本地检测通过不等于学信网检测通过。）")
    }
}
