//! The school's recovery key: what it gives us is the public half; the secret half never leaves the school.

use std::{fmt, str::FromStr};

use age::secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::{KeysError, random, wrap::KEY};

/// A public key that photos are sealed to: `age1` and 58 more characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

/// Characters of a recipient.
pub(super) const RECIPIENT: usize = 62;
/// Characters of a secret.
pub(super) const SECRET: usize = 74;

/// Why a text is no recipient. None of these shows the text: it might be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotARecipient {
    /// Nothing was given.
    #[error("no recovery key was given")]
    Empty,
    /// It is the secret half.
    #[error(
        "this is the secret half of a recovery key: it must not be given to anybody; the public half begins with age1"
    )]
    Secret,
    /// It is a key of another kind: a plugin's, an SSH key, a post-quantum one.
    #[error("this is a key of another kind: a recovery key begins with age1 and has {RECIPIENT} characters")]
    Foreign,
    /// A character is wrong.
    #[error("a character of this recovery key is wrong or missing")]
    Mistyped,
    /// What is sealed to it could be opened by everybody.
    #[error("nothing can be kept from others with this key")]
    Worthless,
}

/// The points of small order of the curve: what is agreed with them is always zero. As libsodium lists them.
const WORTHLESS: [[u8; KEY]; 7] = [
    [0; KEY],
    with_ends([1, 0], 0, [0, 0]),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    with_ends([0xec, 0xff], 0xff, [0xff, 0x7f]),
    with_ends([0xed, 0xff], 0xff, [0xff, 0x7f]),
    with_ends([0xee, 0xff], 0xff, [0xff, 0x7f]),
];

const fn with_ends(first: [u8; 2], between: u8, last: [u8; 2]) -> [u8; KEY] {
    let mut point = [between; KEY];
    [point[0], point[1]] = first;
    [point[KEY - 2], point[KEY - 1]] = last;
    point
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotARecipient::Empty);
        }
        if text.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("age-secret-key")) {
            return Err(NotARecipient::Secret);
        }
        // The last 1 ends the kind, and no character behind it is a 1.
        let data = text.strip_prefix("age1").ok_or(NotARecipient::Foreign)?;
        if data.contains('1') {
            return Err(NotARecipient::Foreign);
        }
        let recipient = text.parse().map_err(|_said| NotARecipient::Mistyped)?;
        // The point's highest bit means nothing; whoever computes with it leaves it out.
        let (_kind, mut point) = bech32::decode(text).map_err(|_said| NotARecipient::Mistyped)?;
        if let Some(last) = point.last_mut() {
            *last &= 0x7f;
        }
        if WORTHLESS.iter().any(|worthless| worthless.as_slice() == point) {
            return Err(NotARecipient::Worthless);
        }
        Ok(Self(recipient))
    }
}

impl Recipient {
    /// The public half of an identity of ours.
    pub(super) fn of(identity: &age::x25519::Identity) -> Self {
        Self(identity.to_public())
    }

    pub(super) fn key(&self) -> &age::x25519::Recipient {
        &self.0
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

/// A new recovery key for a school that has none: the secret, as `age` reads it, and the public half. The secret is
/// for the school's hands alone: this program keeps nothing of it.
///
/// # Errors
/// When the system gives no random numbers.
pub fn generate_recovery() -> Result<(Zeroizing<String>, Recipient), KeysError> {
    let identity = new_identity()?;
    Ok((secret_text(&identity), Recipient::of(&identity)))
}

/// A new identity.
pub(super) fn new_identity() -> Result<age::x25519::Identity, KeysError> {
    // That crate panics where the system gives no random numbers: ask first, and say it in words.
    random::secret::<KEY>()?;
    Ok(age::x25519::Identity::generate())
}

/// An identity as text.
pub(super) fn secret_text(identity: &age::x25519::Identity) -> Zeroizing<String> {
    Zeroizing::new(identity.to_string().expose_secret().to_owned())
}

/// Reads a recovery secret: the line itself, or the file that `age-keygen` writes, with its comments.
pub(super) fn identity(text: &str) -> Option<age::x25519::Identity> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    line.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;
    use crate::keys::sealing;

    const PUBLIC: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    fn text_of(point: &[u8]) -> String {
        bech32::encode::<bech32::Bech32>(bech32::Hrp::parse("age").unwrap(), point).unwrap()
    }

    #[test]
    fn a_recipient_is_read_or_refused_with_the_reason() {
        let (secret, public) = generate_recovery().unwrap();
        assert_eq!(public.to_string().parse::<Recipient>().unwrap(), public);
        assert_eq!((public.to_string().len(), secret.len()), (RECIPIENT, SECRET));
        assert_eq!(format!(" {PUBLIC}\n").parse::<Recipient>().unwrap().to_string(), PUBLIC);
        for (text, why) in [
            ("", NotARecipient::Empty),
            ("  \n", NotARecipient::Empty),
            (secret.as_str(), NotARecipient::Secret),
            (&secret.to_lowercase(), NotARecipient::Secret),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ", NotARecipient::Foreign),
            (
                "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
                NotARecipient::Foreign,
            ),
            ("hello", NotARecipient::Foreign),
            ("age1", NotARecipient::Mistyped),
            (&PUBLIC[..61], NotARecipient::Mistyped),
            (&PUBLIC.replace("7pa", "7pq"), NotARecipient::Mistyped),
            (&text_of(&[9; 31]), NotARecipient::Mistyped),
        ] {
            assert_eq!(text.parse::<Recipient>().unwrap_err(), why, "{text}");
            assert!(!why.to_string().contains(text.trim()) || text.trim().is_empty());
        }
    }

    /// What this rests on: the crate panics over each of these, and over no other.
    #[test]
    fn a_key_that_hides_nothing_is_refused_before_it_ends_the_program() {
        for point in WORTHLESS {
            for high in [0, 0x80] {
                let mut point = point;
                point[31] |= high;
                let text = text_of(&point);
                assert_eq!(text.parse::<Recipient>().unwrap_err(), NotARecipient::Worthless);
                let raw: age::x25519::Recipient = text.parse().unwrap();
                assert!(catch_unwind(|| sealing::seal(&[b"x"], &[&raw])).is_err(), "{text}");
            }
        }
        for n in 2..=18 {
            // Other ways of writing small numbers, and small numbers: of full order.
            let beyond = with_ends([0xed + n, 0xff], 0xff, [0xff, 0x7f]);
            let small = with_ends([n, 0], 0, [0, 0]);
            for point in [beyond, small] {
                let recipient: Recipient = text_of(&point).parse().unwrap();
                sealing::seal(&[b"x"], &[recipient.key()]).unwrap();
            }
        }
    }

    #[test]
    fn a_recovery_secret_is_read_from_its_line_or_from_its_file() {
        let (secret, public) = generate_recovery().unwrap();
        let secret = secret.as_str();
        let file = format!("# created: 2026-11-22T13:00:00+08:00\n# public key: {public}\n{secret}\n");
        for text in [secret, &file, &format!("  {secret} "), &secret.to_lowercase()] {
            assert_eq!(Recipient::of(&identity(text).unwrap()), public);
        }
        for text in ["", "# nothing", PUBLIC, &secret[..73], &format!("{secret}\n{secret}")] {
            assert!(identity(text).is_none(), "{text}");
        }
    }
}
