//! When a word is said: only of what lasts, and then for as long as it lasts. A word that comes and goes is read by
//! nobody.
//!
//! Pure. Times are milliseconds on whichever clock its owner has, as long as that clock never goes back.

/// Says one thing at a time, and only what has been true for a while.
#[derive(Debug)]
pub struct Patience<T> {
    said_after_ms: i64,
    gone_after_ms: i64,
    waiting: Option<Waiting<T>>,
}

/// There has been something to say for a while.
#[derive(Debug)]
struct Waiting<T> {
    /// Since when there is anything at all.
    since: i64,
    /// Since when looks found nothing, if the last one did.
    empty: Option<i64>,
    /// What is said.
    said: Option<T>,
    /// What was there last, since when without another between, and how many times.
    run: (T, i64, u32),
}

/// What was there but once may be chance, and is not said.
const BELIEVED_AFTER: u32 = 2;

impl<T: Clone + PartialEq> Patience<T> {
    /// Something is said when there has been something to say for `said_after_ms`, another thing when that has been
    /// there alone for as long, and nothing when looks found nothing for `gone_after_ms`. Looks may be rare: what
    /// nobody looked at has not gone.
    #[must_use]
    pub fn new(said_after_ms: i64, gone_after_ms: i64) -> Self {
        Self { said_after_ms, gone_after_ms, waiting: None }
    }

    /// Takes in what there is to say at this moment, or that there is nothing; gives what is said.
    pub fn say(&mut self, at_ms: i64, seen: Option<T>) -> Option<T> {
        let gone = |waiting: &Waiting<T>| {
            waiting.empty.is_some_and(|since| at_ms.saturating_sub(since) >= self.gone_after_ms)
        };
        let waiting = self.waiting.take().filter(|waiting| !gone(waiting));
        self.waiting = match (waiting, seen) {
            (Some(waiting), Some(seen)) => Some(waiting.see(at_ms, seen, self.said_after_ms)),
            (None, Some(seen)) => {
                Some(Waiting { since: at_ms, empty: None, said: None, run: (seen, at_ms, 1) })
            }
            (Some(waiting), None) => Some(Waiting { empty: waiting.empty.or(Some(at_ms)), ..waiting }),
            (None, None) => None,
        };
        self.waiting.as_ref().and_then(|waiting| waiting.said.clone())
    }

    /// Whoever was spoken to has gone: all begins anew.
    pub fn forget(&mut self) {
        self.waiting = None;
    }
}

impl<T: Clone + PartialEq> Waiting<T> {
    fn see(mut self, at: i64, seen: T, said_after: i64) -> Self {
        self.empty = None;
        self.run = match self.run {
            (last, since, times) if last == seen => (last, since, times + 1),
            _ => (seen, at, 1),
        };
        let (newest, since, times) = &self.run;
        // Two things that alternate on the edge between them: the first one stays. Of the first itself it is enough
        // that something was wrong all the while.
        let since = if self.said.is_some() { *since } else { self.since };
        if *times >= BELIEVED_AFTER && at.saturating_sub(since) >= said_after {
            self.said = Some(newest.clone());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays a look every 100 ms, as the live view does: a letter is something to say, a dot is nothing.
    fn play(looks: &str) -> String {
        let mut patience = Patience::new(400, 400);
        let said = looks.chars().enumerate().map(|(n, seen)| {
            let seen = Some(seen).filter(|seen| *seen != '.');
            patience.say(n as i64 * 100, seen).unwrap_or('.')
        });
        said.collect()
    }

    /// How often what is said changes.
    fn changes(said: &str) -> usize {
        let said: Vec<char> = said.chars().collect();
        said.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    #[test]
    fn what_lasts_is_said_within_half_a_second_and_stays() {
        assert_eq!(play("aaaaaaaaaa"), "....aaaaaa");
        assert_eq!(play("aaaaaaaaaa....."), "....aaaaaaaaaa.", "and goes when it has been gone for a while");
    }

    #[test]
    fn what_passes_is_not_said() {
        assert_eq!(play("aaa......a......aa......"), "........................");
        assert_eq!(play("......aa................"), "........................", "a blink");
    }

    #[test]
    fn what_flickers_is_said_steadily_or_not_at_all() {
        for looks in ["a.a.a.a.a.a.a.a.a.a.a.a.", "aa...aa...aa...aa...aa..", "a..aa.a...a.aa.a..aa..aa"] {
            assert_eq!(changes(&play(looks)), 1, "{looks} {}", play(looks));
        }
        assert_eq!(changes(&play("a.....a.....a.....a.....")), 0);
    }

    #[test]
    fn one_thing_gives_way_to_another_only_when_that_lasts() {
        assert_eq!(play("aaaaaaabababababa"), "....aaaaaaaaaaaaa");
        assert_eq!(play("aaaaaabbbbbbbbb"), "....aaaaaabbbbb");
        assert_eq!(play("aaaaaabbb.aaaaa"), "....aaaaaaaaaaa");
        assert_eq!(play("aaaabaaaaa"), "......aaaa", "what was there but once is not said");
    }

    #[test]
    fn what_is_seldom_looked_at_is_said_all_the_same() {
        let mut patience = Patience::new(400, 400);
        let looks = [0, 700, 1500, 2900].map(|at| patience.say(at, Some('a')));
        assert_eq!(looks, [None, Some('a'), Some('a'), Some('a')]);
        assert_eq!([3000, 3800].map(|at| patience.say(at, None)), [Some('a'), None]);
    }

    #[test]
    fn after_forgetting_all_begins_anew() {
        let mut patience = Patience::new(400, 400);
        for n in 0..10 {
            patience.say(n * 100, Some('a'));
        }
        patience.forget();
        assert_eq!(patience.say(1000, Some('a')), None);
        assert_eq!(patience.say(1300, Some('a')), None);
        assert_eq!(patience.say(1400, Some('a')), Some('a'));
    }
}
