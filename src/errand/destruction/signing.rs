//! A certificate is signed with the station's key to the letter of its JSON, and the signature stands in a file beside
//! it: whoever has any Ed25519 tool can check it.

use super::{
    super::hex,
    certificate::{Certificate, FORMAT},
    redaction::{JournalFault, follow},
};
use crate::{
    keys::{Keys, verify},
    ledger::{KnownKey, Note},
    shot::Digest,
};

/// A certificate as it is written: its JSON, and the signature that goes beside it.
pub(super) struct Signed {
    pub json: Vec<u8>,
    pub signature: String,
}

/// Signs a certificate.
///
/// # Errors
/// Never: plain texts and numbers always have a JSON form.
pub(super) fn signed(certificate: &Certificate, keys: &Keys) -> Result<Signed, serde_json::Error> {
    let mut json = serde_json::to_vec_pretty(certificate)?;
    json.push(b'\n');
    let signature = hex(&keys.sign(&json));
    Ok(Signed { json, signature: format!("{signature}\n") })
}

/// Why a certificate is not what it seems.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It is no certificate of ours.
    #[error("this is no certificate of a destruction")]
    NotOne,
    /// Its signature is missing, or not its own.
    #[error("the signature is not the certificate's own")]
    NotSigned,
    /// The journal beside it is missing, or another one.
    #[error("the journal beside the certificate is not the one that it names")]
    OtherJournal,
    /// The journal beside it does not hold together.
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// A checkpoint that the school kept was signed with another key, or does not agree.
    #[error("a checkpoint that was kept is another station's, or does not agree with the journal")]
    OtherStation,
}

/// What a certificate is checked with.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Its file.
    pub json: &'a [u8],
    /// What stands in the file beside it.
    pub signature: &'a str,
    /// The journal beside it.
    pub journal: &'a [u8],
    /// Checkpoints of this station that the school kept: by them it knows that the key is the station's.
    /// Each must agree with the journal too.
    pub kept: &'a [Note],
}

/// Checks a certificate with its signature and the journal beside it.
///
/// # Errors
/// Why it is not what it seems.
pub fn check(evidence: &Evidence<'_>) -> Result<Certificate, CertificateFault> {
    let certificate: Certificate =
        serde_json::from_slice(evidence.json).map_err(|_no_certificate| CertificateFault::NotOne)?;
    if certificate.format != FORMAT {
        return Err(CertificateFault::NotOne);
    }
    let public = unhex::<32>(&certificate.keys.station).ok_or(CertificateFault::NotOne)?;
    let signature = unhex::<64>(evidence.signature.trim()).ok_or(CertificateFault::NotSigned)?;
    if !verify(&public, evidence.json, &signature) {
        return Err(CertificateFault::NotSigned);
    }
    if Digest::of(evidence.journal) != certificate.journal.sha256 {
        return Err(CertificateFault::OtherJournal);
    }
    let text = std::str::from_utf8(evidence.journal).map_err(|_bytes| CertificateFault::OtherJournal)?;
    let followed = follow(text)?;
    let declared = certificate.journal.broken;
    if followed.broken.len() != declared {
        let beyond = followed.broken.get(declared).copied();
        return Err(beyond.map_or(CertificateFault::OtherJournal, CertificateFault::Journal));
    }
    let own = Note::parse(&certificate.journal.checkpoint).map_err(|_none| CertificateFault::NotOne)?;
    let verify = |message: &[u8], signature: &[u8; 64]| verify(&public, message, signature);
    let known = KnownKey { public: &public, verify: &verify };
    let holds = |note: &Note| note.is_signed_by(&known) && followed.agrees_with(&note.checkpoint);
    if followed.lines != certificate.journal.lines || !holds(&own) {
        return Err(CertificateFault::OtherJournal);
    }
    if evidence.kept.iter().any(|note| !holds(note)) {
        return Err(CertificateFault::OtherStation);
    }
    Ok(certificate)
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; N];
    let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| (byte << 4) | digit);
    }
    Some(bytes)
}
