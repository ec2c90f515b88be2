//! The pretend twin: sees whatever a test told it to see.

use super::{FaceFinder, FinderError, Found};
use crate::portrait::Picture;

/// Sees the same thing in every picture.
#[derive(Debug, Clone, Default)]
pub struct PretendFinder {
    /// What it sees.
    pub found: Found,
}

impl FaceFinder for PretendFinder {
    fn find(&mut self, _picture: &Picture, _min_score: f64) -> Result<Found, FinderError> {
        Ok(self.found.clone())
    }
}
