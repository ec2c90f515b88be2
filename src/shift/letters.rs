//! Characters that nobody can draw: told once, in a moment when nothing else has to be read.

use super::Shift;
use crate::screens::{
    TroubleKind,
    fonts::{self, Undrawn},
    trouble,
};

impl Shift {
    /// Tells the operator of characters that no font has; whether there was something to tell.
    pub fn tell_undrawn(&mut self, undrawn: &Undrawn) -> bool {
        let letters = undrawn.untold();
        if letters.is_empty() || self.troubles.contains_key(&TroubleKind::Notice) {
            return false;
        }
        let code_points: Vec<String> = letters.into_iter().map(fonts::code_point).collect();
        self.set_trouble(TroubleKind::Notice, Some(trouble::undrawn(&code_points.join(" "))));
        undrawn.told();
        true
    }
}
