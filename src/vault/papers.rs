//! Papers: what is known of people beside their pictures. A school's roster, and who came without being in it.
//!
//! They lie behind the same door as the pictures, sealed like them, and nowhere else: not in the ledger's tables, not in
//! temporary files, not in a log. The ledger knows the hashes of what lies on the disk.

use std::{fs, io, path::PathBuf};

use super::{Piece, Vault, VaultError, shelf};
use crate::shot::Digest;

impl Vault {
    /// Puts a paper away; returns its name once it will survive a power cut.
    ///
    /// # Errors
    /// When the disk is full or refuses; nothing is left behind then.
    pub fn put_paper(&self, paper: &[u8]) -> Result<Digest, VaultError> {
        let sealed = self.seal_parts(&[paper])?;
        shelf::put(&self.folder.join("tmp"), &self.place_of_paper(sealed.name), &sealed.bytes)?;
        Ok(sealed.name)
    }

    /// Gets a paper, proven to be what its name says.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub fn paper(&self, name: Digest) -> Result<Vec<u8>, VaultError> {
        self.unseal(name, fs::read(self.place_of_paper(name)))
    }

    /// Removes a paper that another one took the place of. One that is not there is gone already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_paper(&self, name: Digest) -> Result<(), VaultError> {
        match fs::remove_file(self.place_of_paper(name)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => {
                Err(VaultError::Disk { doing: "remove a paper", source: err })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn place_of_paper(&self, name: Digest) -> PathBuf {
        Piece::Paper(name).place(&self.folder)
    }
}
