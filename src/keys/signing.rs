//! Signatures: Ed25519, checked strictly, so that one message has one signature and no key signs for another.

use ed25519_dalek::{Signature, VerifyingKey};

/// Whether `signature` is that of `message` by the holder of the `public` key.
#[must_use]
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let key = VerifyingKey::from_bytes(public);
    key.is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn it_is_the_published_signature() {
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len() / 2).map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).unwrap()).collect()
        };
        let public = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        let (public, signature) = (public.try_into().unwrap(), signature.try_into().unwrap());
        assert!(verify(&public, &[0x72], &signature));
        assert!(!verify(&public, &[0x73], &signature));
    }

    #[test]
    fn a_signature_is_for_one_message_and_one_key() {
        let (ours, others) = (Keys::generate().unwrap(), Keys::generate().unwrap());
        let signature = ours.sign(b"line 7");
        assert!(verify(&ours.public_key(), b"line 7", &signature));
        assert!(!verify(&ours.public_key(), b"line 8", &signature));
        assert!(!verify(&others.public_key(), b"line 7", &signature));
        for bit in 0..64 * 8 {
            let mut wrong = signature;
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&ours.public_key(), b"line 7", &wrong), "bit {bit}");
        }
    }

    /// A key of small order with a signature of zeros is valid for any message, unless one looks strictly.
    #[test]
    fn a_key_that_signs_everything_signs_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        for message in [b"one".as_slice(), b"another"] {
            assert!(!verify(&identity, message, &signature));
        }
        assert!(!verify(&[0xff; 32], b"no point at all", &signature));
    }
}
