//! Sealing: the binary format of age, version 1, which Debian's `age` opens without us.

use std::{
    io::{self, Read as _, Write as _},
    iter,
};

use age::{DecryptError, Decryptor, Encryptor, x25519};
use zeroize::Zeroizing;

use super::KeysError;

/// How every sealed file begins.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// How the last line of its header begins.
const LAST_LINE: &[u8] = b"\n--- ";
/// The longest header we look into. Ours have at most three stanzas, some 500 bytes; reading a header takes time
/// that grows with its square.
const LONGEST_HEADER: usize = 4096;

/// Seals the parts, one after the other, so that any one of the recipients can open them.
pub(super) fn seal(parts: &[&[u8]], recipients: &[&x25519::Recipient]) -> Result<Vec<u8>, KeysError> {
    let recipients = recipients.iter().map(|recipient| *recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|_refused| KeysError::CannotSeal)?;
    let plain: usize = parts.iter().map(|part| part.len()).sum();
    // 16 bytes more for every 64 KiB, and the header.
    let mut sealed = Vec::with_capacity(plain + plain / 4096 + LONGEST_HEADER);
    write(encryptor, parts, &mut sealed).map_err(|_refused| KeysError::CannotSeal)?;
    Ok(sealed)
}

fn write(encryptor: Encryptor, parts: &[&[u8]], sealed: &mut Vec<u8>) -> io::Result<()> {
    let mut writer = encryptor.wrap_output(sealed)?;
    for part in parts {
        writer.write_all(part)?;
    }
    writer.finish().map(drop)
}

/// What was sealed, whole and unchanged; never a part of it.
pub(super) fn unseal(sealed: &[u8], identity: &x25519::Identity) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    if !sealed.starts_with(MAGIC) {
        return Err(KeysError::NotSealed);
    }
    let header = sealed.get(..LONGEST_HEADER).unwrap_or(sealed);
    if !header.windows(LAST_LINE.len()).any(|line| line == LAST_LINE) {
        return Err(KeysError::Spoilt);
    }
    let identities = iter::once(identity as &dyn age::Identity);
    let mut reader = Decryptor::new_buffered(sealed)
        .and_then(|decryptor| decryptor.decrypt(identities))
        .map_err(|why| match matches!(why, DecryptError::NoMatchingKeys) {
            true => KeysError::OthersSeal,
            false => KeysError::Spoilt,
        })?;
    // Room for all of it at once: a plain text that grows would leave copies of itself in memory.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plain).map_err(|_damaged| KeysError::Spoilt)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use proptest::prelude::*;

    use super::*;
    use crate::keys::{Keys, Recipient, generate_recovery, recipient};

    fn keys_with_recovery() -> (Keys, Zeroizing<String>) {
        let (secret, public) = generate_recovery().unwrap();
        (Keys::generate_with(Some(&public)).unwrap(), secret)
    }

    /// Sizes around the chunks of the format, 64 KiB each.
    const SIZES: [usize; 8] = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 300_000];

    fn plain(size: usize) -> Vec<u8> {
        (0..size).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn what_was_sealed_comes_back_to_the_byte() {
        let (keys, secret) = keys_with_recovery();
        let school = recipient::identity(&secret).unwrap();
        for size in SIZES {
            let plain = plain(size);
            let (head, tail) = plain.split_at(size / 3);
            let sealed = keys.seal(&[head, b"", tail]).unwrap();
            assert_eq!(*keys.unseal(&sealed).unwrap(), plain, "{size}");
            assert_eq!(*unseal(&sealed, &school).unwrap(), plain, "{size}");
            assert!(sealed.capacity() >= sealed.len() && sealed.len() < size + size / 4096 + LONGEST_HEADER);
            assert_ne!(sealed, keys.seal(&[&plain]).unwrap(), "never the same bytes twice");
        }
    }

    #[test]
    fn nobody_else_opens_it() {
        let (keys, _) = keys_with_recovery();
        let sealed = keys.seal(&[b"portrait"]).unwrap();
        assert_eq!(Keys::generate().unwrap().unseal(&sealed).unwrap_err(), KeysError::OthersSeal);
        let (_, other_school) = keys_with_recovery();
        let other_school = recipient::identity(&other_school).unwrap();
        assert_eq!(unseal(&sealed, &other_school).unwrap_err(), KeysError::OthersSeal);
    }

    #[test]
    fn whatever_is_cut_or_changed_is_an_error() {
        let (keys, _) = keys_with_recovery();
        let sealed = keys.seal(&[&plain(66_000)]).unwrap();
        let step = |n: &usize| *n < 700 || n.is_multiple_of(97) || n + 700 > sealed.len();
        for cut in (0..sealed.len()).filter(step) {
            let said = keys.unseal(&sealed[..cut]).unwrap_err();
            let wanted = if cut < MAGIC.len() { KeysError::NotSealed } else { KeysError::Spoilt };
            assert_eq!(said, wanted, "cut at {cut}");
        }
        for at in (0..sealed.len()).filter(step) {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << (at % 8);
            keys.unseal(&changed).unwrap_err();
        }
        keys.unseal(&[sealed.as_slice(), b"x"].concat()).unwrap_err();
        keys.unseal(&[sealed.as_slice(), &sealed].concat()).unwrap_err();
    }

    #[test]
    fn foreign_bytes_are_told_apart() {
        let keys = Keys::generate().unwrap();
        for (bytes, said) in [
            (b"".as_slice(), KeysError::NotSealed),
            (b"\xff\xd8\xff\xe0 a JPEG", KeysError::NotSealed),
            (b"-----BEGIN AGE ENCRYPTED FILE-----", KeysError::NotSealed),
            (b"age-encryption.org/v2\n-> X\n\n--- ", KeysError::NotSealed),
            (b"age-encryption.org/v1\n", KeysError::Spoilt),
            (b"age-encryption.org/v1\n--- ", KeysError::Spoilt),
        ] {
            assert_eq!(keys.unseal(bytes).unwrap_err(), said);
        }
        // A header so long that reading it would take its time, even a true one: none of ours is.
        let to = keys.recipient();
        assert_eq!(*keys.unseal(&seal(&[b"x"], &[to.key(); 30]).unwrap()).unwrap(), b"x");
        let long = seal(&[b"x"], &[to.key(); 60]).unwrap();
        assert_eq!(keys.unseal(&long).unwrap_err(), KeysError::Spoilt);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, header in "(-> [!-~]{1,12}( [!-~]{1,43}){0,2}\n[A-Za-z0-9+/]{0,64}\n){0,4}") {
            let keys = Keys::generate().unwrap();
            keys.unseal(&bytes).unwrap_err();
            keys.unseal(&[MAGIC, &bytes].concat()).unwrap_err();
            keys.unseal(&[MAGIC, header.as_bytes(), b"--- ", &bytes].concat()).unwrap_err();
        }
    }

    /// Debian's `age` opens it, with the batch's identity and with the school's recovery secret.
    #[test]
    fn another_program_opens_what_we_seal() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (keys, secret) = keys_with_recovery();
        fs::write(path("school.txt"), secret.as_bytes()).unwrap();
        fs::write(path("batch.txt"), keys.identity_text().as_bytes()).unwrap();
        for size in SIZES {
            let plain = plain(size);
            fs::write(path("sealed"), keys.seal(&[&plain]).unwrap()).unwrap();
            for identity in ["school.txt", "batch.txt"] {
                let opened = Command::new("age")
                    .args(["--decrypt", "--identity"])
                    .args([path(identity), path("sealed")])
                    .output()
                    .unwrap_or_else(|err| panic!("age: {err}: ./dev test installs it"));
                assert!(opened.status.success(), "{identity}: {}", String::from_utf8_lossy(&opened.stderr));
                assert_eq!(opened.stdout, plain, "{identity} {size}");
            }
        }
    }

    /// And the other way round: what the school sealed with it opens here.
    #[test]
    fn we_open_what_another_program_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plain");
        let keys = Keys::generate().unwrap();
        fs::write(&file, plain(70_000)).unwrap();
        let to: Recipient = keys.recipient();
        let sealed = Command::new("age")
            .args(["--encrypt", "--recipient", &to.to_string()])
            .arg(&file)
            .output()
            .unwrap_or_else(|err| panic!("age: {err}: ./dev test installs it"));
        assert_eq!(*keys.unseal(&sealed.stdout).unwrap(), plain(70_000));
    }
}
