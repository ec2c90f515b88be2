//! 钥匙串: what an unlocked store is worked with.

use std::{fmt, sync::Arc};

use age::x25519::Identity;
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use super::{
    KeysError, Recipient, random,
    recipient::{self, RECIPIENT, SECRET},
    sealing,
    wrap::KEY,
};

/// Bytes of a bunch of keys as it is wrapped: identity, ledger key, signing key, whether there is a recovery key,
/// and that.
pub(super) const BUNCH: usize = SECRET + KEY + KEY + 1 + RECIPIENT;

/// What seals and unseals photos, opens the ledger and signs the journal. Cheap to clone; shows nothing; gone from
/// memory with its last clone.
#[derive(Clone)]
pub struct Keys(Arc<Secrets>);

/// Each random, none made of another: whoever learns one knows nothing of the rest.
struct Secrets {
    /// The batch's identity; zeroes itself.
    identity: Identity,
    ledger: LedgerKey,
    /// Zeroes itself.
    signing: SigningKey,
    /// The public half of the identity.
    batch: Recipient,
    /// The school's.
    recovery: Option<Recipient>,
}

/// What opens the ledger: 32 random bytes for SQLCipher.
#[derive(Clone)]
pub struct LedgerKey(Zeroizing<[u8; KEY]>);

impl LedgerKey {
    /// The key as SQLCipher takes a raw one: `x'` and 64 hex digits and `'`, so that nothing is derived from it.
    #[must_use]
    pub fn raw_key_text(&self) -> Zeroizing<String> {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let mut text = Zeroizing::new(String::with_capacity(3 + 2 * KEY));
        text.push_str("x'");
        text.extend(self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        text.push('\'');
        text
    }
}

impl Keys {
    /// New keys, without a recovery key: what the store's own keys cannot open, nobody can.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, KeysError> {
        Self::generate_with(None)
    }

    /// New keys; whatever they seal the holder of the recovery key can open too.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate_with(recovery: Option<&Recipient>) -> Result<Self, KeysError> {
        let identity = recipient::new_identity()?;
        let ledger = random::secret()?;
        let signing = random::secret()?;
        Ok(Self::of(identity, ledger, &signing, recovery.cloned()))
    }

    fn of(
        identity: Identity,
        ledger: Zeroizing<[u8; KEY]>,
        signing: &[u8; KEY],
        recovery: Option<Recipient>,
    ) -> Self {
        let batch = Recipient::of(&identity);
        let (ledger, signing) = (LedgerKey(ledger), SigningKey::from_bytes(signing));
        Self(Arc::new(Secrets { identity, ledger, signing, batch, recovery }))
    }

    /// Seals the parts, one after the other, in age's binary format to the batch and, where there is one, to the
    /// school's recovery key.
    ///
    /// # Errors
    /// [`KeysError::CannotSeal`], which no bytes bring about.
    pub fn seal(&self, parts: &[&[u8]]) -> Result<Vec<u8>, KeysError> {
        match &self.0.recovery {
            Some(recovery) => sealing::seal(parts, &[self.0.batch.key(), recovery.key()]),
            None => sealing::seal(parts, &[self.0.batch.key()]),
        }
    }

    /// What was sealed, whole and unchanged. Takes as much memory as the sealed bytes.
    ///
    /// # Errors
    /// [`KeysError::NotSealed`], [`KeysError::OthersSeal`], [`KeysError::Spoilt`].
    pub fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        sealing::unseal(sealed, &self.0.identity)
    }

    /// What opens the ledger.
    #[must_use]
    pub fn ledger_key(&self) -> LedgerKey {
        self.0.ledger.clone()
    }

    /// The station's signature under a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.signing.sign(message).to_bytes()
    }

    /// What the station's signatures are checked with: [`super::verify`].
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.0.signing.verifying_key().to_bytes()
    }

    /// The batch's public key: what photos are sealed to, and by which a certificate names these keys.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        self.0.batch.clone()
    }

    /// The school's recovery key, which opens everything too: the escrow that a certificate of deletion has to name.
    #[must_use]
    pub fn recovery(&self) -> Option<&Recipient> {
        self.0.recovery.as_ref()
    }

    /// Every secret as it could lie on a disk, with what it is called: what must not be found there once the store is
    /// destroyed.
    #[must_use]
    pub fn traces(&self) -> [(&'static str, Zeroizing<Vec<u8>>); 4] {
        let secrets = &self.0;
        let text = self.ledger_key().raw_key_text();
        let digits = text.trim_start_matches("x'").trim_end_matches('\'').as_bytes();
        [
            ("batch_identity", Zeroizing::new(self.identity_text().as_bytes().to_vec())),
            ("ledger_key", Zeroizing::new(secrets.ledger.0.to_vec())),
            ("ledger_key_text", Zeroizing::new(digits.to_vec())),
            ("signing_key", Zeroizing::new(secrets.signing.as_bytes().to_vec())),
        ]
    }

    /// The batch's identity, as age reads it.
    pub(super) fn identity_text(&self) -> Zeroizing<String> {
        recipient::secret_text(&self.0.identity)
    }

    /// All of it in a row, to be wrapped at once.
    pub(super) fn to_bunch(&self) -> Zeroizing<Vec<u8>> {
        let secrets = &self.0;
        let mut bunch = Zeroizing::new(Vec::with_capacity(BUNCH));
        bunch.extend_from_slice(self.identity_text().as_bytes());
        bunch.extend_from_slice(secrets.ledger.0.as_slice());
        bunch.extend_from_slice(secrets.signing.as_bytes());
        bunch.push(u8::from(secrets.recovery.is_some()));
        let recovery = secrets.recovery.as_ref().map(ToString::to_string).unwrap_or_default();
        bunch.extend_from_slice(recovery.as_bytes());
        bunch.resize(BUNCH, 0);
        bunch
    }

    /// Takes them out of the row again; `None` when it is none.
    pub(super) fn from_bunch(bunch: &[u8]) -> Option<Self> {
        let (identity, rest) = bunch.split_first_chunk::<SECRET>()?;
        let (ledger, rest) = rest.split_first_chunk::<KEY>()?;
        let (signing, rest) = rest.split_first_chunk::<KEY>()?;
        let (has_recovery, rest) = rest.split_first_chunk::<1>()?;
        let recovery = rest.first_chunk::<RECIPIENT>()?;
        let recovery = match has_recovery {
            [0] => None,
            _ => Some(std::str::from_utf8(recovery).ok()?.parse().ok()?),
        };
        let identity = std::str::from_utf8(identity).ok()?.parse().ok()?;
        Some(Self::of(identity, Zeroizing::new(*ledger), signing, recovery))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerKey")
    }
}

#[cfg(test)]
mod tests {
    use zeroize::ZeroizeOnDrop;

    use super::*;
    use crate::keys::generate_recovery;

    #[test]
    fn keys_come_back_out_of_their_row() {
        let (_, school) = generate_recovery().unwrap();
        for recovery in [None, Some(&school)] {
            let keys = Keys::generate_with(recovery).unwrap();
            let bunch = keys.to_bunch();
            assert_eq!(bunch.len(), BUNCH);
            let again = Keys::from_bunch(&bunch).unwrap();
            assert_eq!(*again.to_bunch(), *bunch);
            assert_eq!(again.recovery(), recovery);
            assert_eq!(*again.unseal(&keys.seal(&[b"a", b"b"]).unwrap()).unwrap(), b"ab");
            assert!(Keys::from_bunch(&bunch[..BUNCH - 1]).is_none());
            let mut wrong = bunch.clone();
            wrong[0] = 0xff;
            assert!(Keys::from_bunch(&wrong).is_none());
        }
    }

    #[test]
    fn no_two_stores_share_a_key_and_no_key_is_made_of_another() {
        let (one, other) = (Keys::generate().unwrap(), Keys::generate().unwrap());
        for (a, b) in one.to_bunch().chunks(16).zip(other.to_bunch().chunks(16)).skip(1).take(8) {
            assert_ne!(a, b);
        }
        let text = one.ledger_key().raw_key_text();
        let hex: String = one.public_key().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains(&hex));
    }

    #[test]
    fn the_ledgers_key_is_written_as_sqlcipher_reads_a_raw_one() {
        let key = LedgerKey(Zeroizing::new(std::array::from_fn(|n| u8::try_from(n * 8 + 1).unwrap())));
        assert_eq!(
            *key.raw_key_text(),
            "x'0109111921293139414951596169717981899199a1a9b1b9c1c9d1d9e1e9f1f9'"
        );
    }

    #[test]
    fn keys_show_nothing_and_leave_nothing() {
        fn leaves_nothing<T: ZeroizeOnDrop>(_: &T) {}
        let keys = Keys::generate().unwrap();
        assert_eq!(format!("{keys:?} {:?}", keys.ledger_key()), "Keys LedgerKey");
        leaves_nothing(&keys.0.signing);
        leaves_nothing(&keys.0.ledger.0);
        leaves_nothing(&keys.to_bunch());
    }
}
