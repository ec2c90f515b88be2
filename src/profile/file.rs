//! A profile as it stands in its file: TOML over the TOML it is based on, then typed.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{ProfileError, Reason};

/// The key by which a profile names the profile it changes.
const BASED_ON: &str = "based_on";

/// Profiles may lean on each other this deep; more is a circle.
const DEEPEST: usize = 8;

/// Reads a profile's text and lays it over what it is based on.
pub(super) fn read(
    name: &str,
    text: &str,
    look_up: &impl Fn(&str) -> Option<String>,
) -> Result<Table, ProfileError> {
    read_at_depth(name, text, look_up, 0)
}

fn read_at_depth(
    name: &str,
    text: &str,
    look_up: &impl Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<Table, ProfileError> {
    if depth > DEEPEST {
        return Err(ProfileError::new(name, BASED_ON, Reason::Circle));
    }
    let mut table: Table = text.parse().map_err(|err| not_toml(name, text, &err))?;
    match table.remove(BASED_ON) {
        None => Ok(table),
        Some(Value::String(base)) => {
            // A school's own copy of a profile that travels with the program may lean on the original.
            let original = || super::builtin_text(&base).map(str::to_owned);
            let base_text = if base == name { original() } else { look_up(&base) };
            let base_text = base_text.ok_or_else(|| {
                let reason = ProfileError::not_found(&base).reason;
                ProfileError::new(name, BASED_ON, reason)
            })?;
            let below = read_at_depth(&base, &base_text, look_up, depth + 1)?;
            Ok(laid_over(below, table))
        }
        Some(other) => {
            let said = format!("names a profile in quotation marks, not {other}");
            Err(ProfileError::new(name, BASED_ON, Reason::BadValue(said)))
        }
    }
}

/// `upper` over `lower`: tables are merged, everything else (lists too) is replaced whole.
fn laid_over(mut lower: Table, upper: Table) -> Table {
    for (key, value) in upper {
        let merged = match (lower.remove(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => Value::Table(laid_over(below, above)),
            (_, above) => above,
        };
        lower.insert(key, merged);
    }
    lower
}

/// Gives a table its type; every error knows the path of its key.
pub(super) fn typed<T: DeserializeOwned>(name: &str, table: Table) -> Result<T, ProfileError> {
    serde_path_to_error::deserialize(Value::Table(table)).map_err(|err| {
        let path = err.path().to_string();
        let said = err.inner().message().to_owned();
        if let Some(key) = quoted_after("missing field ", &said) {
            let key = if path == "." { key.to_owned() } else { format!("{path}.{key}") };
            return ProfileError::new(name, key, Reason::Missing);
        }
        match quoted_after("unknown field ", &said) {
            Some(key) if path.ends_with(key) => ProfileError::new(name, path, Reason::UnknownKey),
            Some(key) => ProfileError::new(name, format!("{path}.{key}"), Reason::UnknownKey),
            None => ProfileError::new(name, path, Reason::BadValue(said)),
        }
    })
}

/// The word between backticks after a phrase of serde's.
fn quoted_after<'a>(phrase: &str, said: &'a str) -> Option<&'a str> {
    said.strip_prefix(phrase)?.strip_prefix('`')?.split('`').next()
}

/// What the TOML parser refused, with the key that stands on that line.
fn not_toml(name: &str, text: &str, err: &toml::de::Error) -> ProfileError {
    let start = err.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let here = text.lines().nth(line - 1).unwrap_or_default();
    let key = here.split_once('=').map_or("-", |(key, _)| key.trim());
    ProfileError::new(name, key, Reason::NotToml { line, said: err.message().to_owned() })
}
