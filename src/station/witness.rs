//! 第二见证: a code that the camera itself saw in a shot. It may speak against whoever sits, never for anybody.

use crate::student::CaptureCode;

/// Whether a code in the picture is another student's than that of whoever sits.
///
/// Walls have posters and phones have payment codes, so what cannot be a capture code is nobody's. What a capture
/// code looks like, that of whoever sits shows best: a text about as long, and an address only of the same place.
pub(super) fn is_anothers(seen: &CaptureCode, sits: &CaptureCode) -> bool {
    seen != sits && place(seen.expose()) == place(sits.expose()) && are_alike_in_length(seen, sits)
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

    #[test]
    fn only_what_may_be_a_capture_code_speaks_against_anybody() {
        let code = |text: &str| text.parse::<CaptureCode>().unwrap();
        let own = code(&"eyJzamMiOiIxNzAw".repeat(16));
        for (seen, speaks) in [
            ("eyJzamMiOiIxNzAw".repeat(16), false),
            ("eyJzamMiOiIxNzEx".repeat(16), true),
            ("eyJzamMiOiIxNzEx".repeat(20), true),
            ("wxp://f2f0abcdefghijklmnopqrstuvwxyz0123456789".to_owned(), false),
            (format!("https://example.edu.cn/poster?id={}", "7".repeat(220)), false),
            ("S0001K1".to_owned(), false),
            ("6901234567892".to_owned(), false),
        ] {
            assert_eq!(is_anothers(&code(&seen), &own), speaks, "{seen}");
        }
        let address = |id: &str| code(&format!("https://chsi.example/code/{id}"));
        assert!(is_anothers(&address("aaaa"), &address("bbbb")));
        assert!(!is_anothers(&code("https://shop.example/pay/aaaabb"), &address("bbbb")));
    }
}
