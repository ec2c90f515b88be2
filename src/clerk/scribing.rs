//! 署名: for whom the clerk writes, and the checkpoints he signs with the station's key. The key belongs to somebody else:
//! he is lent what signs, and gives it back when whoever logged in logs out.

use std::{fmt, sync::Arc};

use super::{Clerk, ClerkError};
use crate::{
    keys::Keys,
    ledger::{Noted, Scribe, StationKey},
    shot::Moment,
};

/// What signs a text with an Ed25519 key.
type Sign = dyn Fn(&[u8]) -> [u8; 64] + Send + Sync;

/// Signs with a station's key; what it signs with stays with whoever made it.
#[derive(Clone)]
pub struct Signer {
    public: [u8; 32],
    sign: Arc<Sign>,
}

impl Signer {
    /// The public half of a key, and what signs with the other one.
    #[must_use]
    pub fn new(public: [u8; 32], sign: impl Fn(&[u8]) -> [u8; 64] + Send + Sync + 'static) -> Self {
        Self { public, sign: Arc::new(sign) }
    }
}

impl Signer {
    /// Signs with a store's own key.
    #[must_use]
    pub fn of(keys: Keys) -> Self {
        Self::new(keys.public_key(), move |message| keys.sign(message))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(..)")
    }
}

impl Clerk {
    /// From now on every line says that he had logged in; nobody, when the text is empty. No student's name.
    pub fn write_for(&mut self, who: &str) {
        let scribe = Scribe { who: who.trim().to_owned(), ..self.ledger.scribe().clone() };
        self.ledger.sign_as(scribe);
    }

    /// Lends what signs checkpoints; `None` takes it back.
    pub fn lend(&mut self, signer: Option<Signer>) {
        self.signer = signer;
    }

    /// Whether he can sign.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.signer.is_some()
    }

    /// Counts and signs the journal as it is now, or gives the last checkpoint again when nothing was written since.
    /// `day` is today by the station's calendar. `None` when nobody has lent him what signs.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn checkpoint(&mut self, at: Moment, day: &str) -> Result<Option<Noted>, ClerkError> {
        let Some(Signer { public, sign }) = &self.signer else { return Ok(None) };
        let key = StationKey { public, sign: &**sign };
        Ok(Some(self.ledger.checkpoint(at, day, &key)?))
    }
}
