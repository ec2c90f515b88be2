//! The table: a row for each goal and frame.

/// A measured goal.
pub struct Row {
    /// Its name in the issue.
    pub goal: &'static str,
    /// What was measured, on which frame.
    pub case: String,
    /// The figure, as it is compared.
    pub figure: f64,
    /// How it is shown.
    pub shown: String,
    /// What it has to reach, if it is a goal at all.
    pub must: Option<Bound>,
    /// What it should reach.
    pub aim: Option<Bound>,
}

/// A limit, and which side of it is good.
#[derive(Clone, Copy)]
pub enum Bound {
    /// No more than this.
    Most(f64),
    /// No less than this.
    Least(f64),
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::Most(limit) => figure <= limit,
            Self::Least(limit) => figure >= limit,
        }
    }

    fn shown(this: Option<Self>) -> String {
        match this {
            None => "–".to_owned(),
            Some(Self::Most(limit)) => format!("≤ {limit}"),
            Some(Self::Least(limit)) => format!("≥ {limit}"),
        }
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        let holds = |bound: Option<Bound>| bound.is_none_or(|bound| bound.holds(self.figure));
        match (self.must.or(self.aim), holds(self.must), holds(self.aim)) {
            (None, ..) => "–",
            (_, false, _) => "MISSED",
            (_, true, false) => "must",
            (_, true, true) => "aim",
        }
    }
}

/// Prints all rows.
pub fn print(rows: &[Row]) {
    println!("| goal | case | measured | must | aim | met |\n|---|---|---|---|---|---|");
    for row in rows {
        let (must, aim) = (Bound::shown(row.must), Bound::shown(row.aim));
        let Row { goal, case, shown, .. } = row;
        println!("| {goal} | {case} | {shown} | {must} | {aim} | {} |", row.verdict());
    }
}
