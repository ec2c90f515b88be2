//! Small secrets under a key: XChaCha20-Poly1305, bound to where they stand.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use zeroize::Zeroizing;

use super::KeysError;

/// Bytes of a key.
pub(super) const KEY: usize = 32;
/// Bytes of a nonce: so many that random ones never meet.
pub(super) const NONCE: usize = 24;
/// What a secret grows by.
pub(super) const TAG: usize = 16;

/// Wraps `secret`; it opens with the same key, nonce and context only.
pub(super) fn wrap<const N: usize>(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    context: &[u8],
    secret: &[u8],
) -> Result<[u8; N], KeysError> {
    let payload = Payload { msg: secret, aad: context };
    let wrapped = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(*nonce), payload);
    wrapped.ok().and_then(|wrapped| wrapped.try_into().ok()).ok_or(KeysError::CannotSeal)
}

/// The secret, if key, nonce and context are those it was wrapped with and nobody changed a bit.
pub(super) fn unwrapped(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    context: &[u8],
    wrapped: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let payload = Payload { msg: wrapped, aad: context };
    let secret = XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload);
    secret.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_own_key_nonce_and_context_only() {
        let wrapped: [u8; 11 + TAG] = wrap(&[1; KEY], &[2; NONCE], b"here", b"the secret!").unwrap();
        let open = |key, nonce, context: &[u8]| unwrapped(&[key; KEY], &[nonce; NONCE], context, &wrapped);
        assert_eq!(open(1, 2, b"here").unwrap().as_slice(), b"the secret!");
        for (key, nonce, context) in [(3, 2, "here"), (1, 3, "here"), (1, 2, "there"), (1, 2, "")] {
            assert!(open(key, nonce, context.as_bytes()).is_none(), "{key} {nonce} {context}");
        }
    }

    /// The vector of draft-irtf-cfrg-xchacha-03, appendix A.3.1: others can open what we wrap.
    #[test]
    fn it_is_the_published_cipher() {
        let key: [u8; KEY] = std::array::from_fn(|n| 0x80 + u8::try_from(n).unwrap());
        let nonce: [u8; NONCE] = std::array::from_fn(|n| 0x40 + u8::try_from(n).unwrap());
        let context = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
            future, sunscreen would be it.";
        let wrapped: [u8; 114 + TAG] = wrap(&key, &nonce, &context, text).unwrap();
        assert_eq!(wrapped[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        assert_eq!(
            wrapped[114..],
            [0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a, 0xcf, 0x49]
        );
    }
}
