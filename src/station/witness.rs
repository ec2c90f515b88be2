//! 第二见证: a code that the camera itself saw in a shot. It may speak against whoever sits, never for anybody.

use super::SeenCode;
use crate::student::{CaptureCode, Source};

/// Whether a code in the picture is another student's than that of whoever sits.
///
/// Walls have posters and phones have payment codes, so what cannot be a capture code is nobody's. A code that a decoder
/// looked into is one; else what a capture code looks like, that of whoever sits shows best: a text about as long, and
/// an address only of the same place.
pub(super) fn is_anothers(seen: &SeenCode, sits: &SeenCode) -> bool {
    if seen.bearer.key == sits.bearer.key || seen.code == sits.code {
        return false;
    }
    match (&seen.bearer.badge, &sits.bearer.badge) {
        // Whoever was called by name has no code of his own to compare, and may well hold his phone.
        (Some(shown), Some(own)) if sits.code.source() != Source::Code => !shown.resembles(own),
        (Some(_), _) => true,
        // Whoever sits has a code that can be looked into, and this one cannot be.
        (None, Some(_)) => false,
        (None, None) => are_alike(&seen.code, &sits.code),
    }
}

fn are_alike(seen: &CaptureCode, sits: &CaptureCode) -> bool {
    place(seen.expose()) == place(sits.expose()) && are_alike_in_length(seen, sits)
}

/// Where an address leads; `None` for a text that is none.
fn place(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    Some((scheme.to_lowercase(), rest.split(['/', '?', '#']).next().unwrap_or_default()))
}

/// By a third longer or shorter at most: names of universities and branches differ by as much.
fn are_alike_in_length(one: &CaptureCode, other: &CaptureCode) -> bool {
    let (one, other) = (one.expose().len(), other.expose().len());
    one.min(other) * 3 >= one.max(other) * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::student::{Badge, Bearer, StudentKey};

    fn looked_into(code: &str, number: &str) -> SeenCode {
        let key = StudentKey::of_code(&number.parse().unwrap());
        let bearer = Bearer { key, badge: Some(Badge::default()) };
        SeenCode { code: code.parse().unwrap(), bearer }
    }

    #[test]
    fn a_code_that_was_downloaded_again_is_his_own_and_a_poster_is_nobodys() {
        let own = looked_into("one download", "1");
        assert!(!is_anothers(&looked_into("another download", "1"), &own));
        assert!(is_anothers(&looked_into("a short one", "2"), &own));
        let poster = SeenCode::unread("two downloads".parse().unwrap());
        assert!(!is_anothers(&poster, &own), "no decoder knows it");
        assert!(is_anothers(&looked_into("any", "2"), &poster), "this one it knows");
    }

    #[test]
    fn only_what_may_be_a_capture_code_speaks_against_anybody() {
        let code = |text: &str| text.parse::<CaptureCode>().unwrap();
        let own = SeenCode::unread(code(&"eyJzamMiOiIxNzAw".repeat(16)));
        let are_anothers = |seen: &str| is_anothers(&SeenCode::unread(code(seen)), &own);
        for (seen, speaks) in [
            ("eyJzamMiOiIxNzAw".repeat(16), false),
            ("eyJzamMiOiIxNzEx".repeat(16), true),
            ("eyJzamMiOiIxNzEx".repeat(20), true),
            ("wxp://f2f0abcdefghijklmnopqrstuvwxyz0123456789".to_owned(), false),
            (format!("https://example.edu.cn/poster?id={}", "7".repeat(220)), false),
            ("S0001K1".to_owned(), false),
            ("6901234567892".to_owned(), false),
        ] {
            assert_eq!(are_anothers(&seen), speaks, "{seen}");
        }
        let address = |id: &str| code(&format!("https://chsi.example/code/{id}"));
        let unread = SeenCode::unread;
        assert!(is_anothers(&unread(address("aaaa")), &unread(address("bbbb"))));
        assert!(!is_anothers(&unread(code("https://shop.example/pay/aaaabb")), &unread(address("bbbb"))));
    }
}
