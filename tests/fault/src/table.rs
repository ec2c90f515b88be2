//! What was found, as a table.

use std::fmt;

use crate::{judge::Verdict, oracle::Oracle};

/// Something wrong on purpose, and how often it was seen to be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What is wrong.
    pub name: &'static str,
    /// How often it was judged.
    pub runs: usize,
    /// How often it was caught.
    pub bad: usize,
}

impl Control {
    /// One that was not judged yet.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, runs: 0, bad: 0 }
    }

    /// Adds a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        self.runs += 1;
        self.bad += usize::from(!verdict.is_well());
    }
}

/// What one method found.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its name.
    pub method: &'static str,
    /// How often something was broken and judged.
    pub runs: usize,
    /// How often the clerk said yes.
    pub acks: usize,
    /// How often it said no.
    pub naks: usize,
    /// Verdicts, summed up.
    pub sum: Verdict,
    /// Mutants and wrong disks that must be caught.
    pub controls: Vec<Control>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Where something was wrong, and what; each run in a line or more.
    pub words: Vec<String>,
}

impl Row {
    /// An empty row.
    #[must_use]
    pub fn new(method: &'static str) -> Self {
        Self { method, ..Self::default() }
    }

    /// Adds a run: how it was broken, what its station said, and the verdict.
    pub fn add(&mut self, how: &str, oracle: &Oracle, verdict: &Verdict) {
        self.runs += 1;
        self.acks += oracle.acks();
        self.naks += oracle.naks();
        self.sum.adopted += verdict.adopted;
        self.sum.lost += verdict.lost;
        self.sum.mismatched += verdict.mismatched;
        self.sum.doubled += verdict.doubled;
        self.sum.unsound += verdict.unsound;
        if !verdict.is_well() {
            self.words.extend(verdict.words.iter().map(|words| format!("{} {how}: {words}", self.method)));
        }
    }

    /// Something that must hold did not, in the run that was added last or in none.
    pub fn doubt(&mut self, words: &str) {
        self.sum.unsound += 1;
        self.words.push(format!("{}: {words}", self.method));
    }

    /// Whether nothing was wrong and every mutant was caught.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.sum.is_well() && self.controls.iter().all(|control| control.bad > 0)
    }
}

/// Everything that was tried, and what could not be.
#[derive(Debug, Default)]
pub struct Table {
    /// The methods.
    pub rows: Vec<Row>,
    /// Methods that this machine does not allow, and why.
    pub left_out: Vec<(&'static str, String)>,
}

impl Table {
    /// Whether nothing was wrong and every mutant was caught.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.rows.iter().all(Row::is_well)
    }
}

/// The most lines of words that a table shows.
const MOST_WORDS: usize = 40;

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<22} {:>6} {:>7} {:>6} {:>7} {:>5} {:>10} {:>7} {:>7} {:>8} {:>6}",
            "method",
            "runs",
            "ACK",
            "NAK",
            "adopted",
            "lost",
            "mismatched",
            "doubled",
            "unsound",
            "controls",
            "s"
        )?;
        for row in &self.rows {
            let Verdict { adopted, lost, mismatched, doubled, unsound, .. } = row.sum;
            let caught = row.controls.iter().filter(|control| control.bad > 0).count();
            let controls = format!("{caught}/{}", row.controls.len());
            writeln!(
                f,
                "{:<22} {:>6} {:>7} {:>6} {adopted:>7} {lost:>5} {mismatched:>10} {doubled:>7} {unsound:>7} {controls:>8} \
                 {:>6.1}",
                row.method, row.runs, row.acks, row.naks, row.seconds
            )?;
        }
        for row in &self.rows {
            for Control { name, runs, bad } in &row.controls {
                let said = if *bad > 0 { "caught" } else { "NOT CAUGHT, this method has lost its teeth:" };
                writeln!(f, "control   {}: {name}: {said} {bad} of {runs}", row.method)?;
            }
        }
        for (method, why) in &self.left_out {
            writeln!(f, "LEFT OUT  {method}: {why}")?;
        }
        let words: Vec<&String> = self.rows.iter().flat_map(|row| &row.words).collect();
        for words in words.iter().take(MOST_WORDS) {
            writeln!(f, "wrong     {words}")?;
        }
        if words.len() > MOST_WORDS {
            writeln!(f, "wrong     … and {} more", words.len() - MOST_WORDS)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wrong_and_every_control_that_escapes_spoils_the_table() {
        let control = |bad| Control { name: "mutant", runs: 3, bad };
        let well = Row { controls: vec![control(1)], ..Row::new("kills") };
        let table = |row: Row| Table { rows: vec![well.clone(), row], left_out: vec![] };
        assert!(table(well.clone()).is_well());
        assert!(!table(Row { controls: vec![control(1), control(0)], ..well.clone() }).is_well());
        for wrong in [
            Verdict { lost: 1, ..Verdict::default() },
            Verdict { mismatched: 1, ..Verdict::default() },
            Verdict { doubled: 1, ..Verdict::default() },
            Verdict { unsound: 1, ..Verdict::default() },
        ] {
            let mut row = well.clone();
            row.add("here", &Oracle::default(), &Verdict { words: vec!["why".to_owned()], ..wrong });
            let table = table(row);
            assert!(!table.is_well());
            assert!(table.to_string().contains("wrong     kills here: why"), "{table}");
        }
        let mut adopted = well.clone();
        adopted.add("here", &Oracle::default(), &Verdict { adopted: 3, ..Verdict::default() });
        assert!(table(adopted).is_well(), "to adopt is no fault");
    }
}
