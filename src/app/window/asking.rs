//! What the operator asked for, handed to whom it concerns: one line for each thing that can be asked for.

use std::path::Path;

use super::super::{calibrate, places};
use crate::{
    screens::{Ask, Asked, Mend, ReferenceAsk},
    shift::Shift,
};

/// Hands over what concerns the shift; this is the file of the station's calibration, where it is not the usual one.
pub(super) fn carry_out(shift: &mut Shift, asked: Asked, file: Option<&Path>) {
    match asked {
        Asked::Wish(wish) => shift.wish(wish),
        Asked::Lookup(ask) => look_up(shift, ask),
        Asked::TurnLive => shift.turn_live(),
        Asked::ReleaseCamera => shift.release_camera(),
        Asked::Retakes(ask) => shift.retakes_ask(ask),
        Asked::Mend(Mend::ReleaseCamera) => shift.release_camera(),
        Asked::Mend(Mend::SetClock) => shift.set_camera_clock(),
        Asked::Mend(Mend::LookAgain) => shift.look_through_the_card(),
        // The window's own business.
        Asked::Setup(_) | Asked::Mend(Mend::Go(_) | Mend::Reference | Mend::Roster) => {}
        Asked::Reference(ReferenceAsk::Keep) => keep_reference(shift, file),
        Asked::Reference(ask) => shift.reference_asks(ask),
        Asked::Roster(ask) => shift.roster_asks(ask),
        Asked::Day(ask) => shift.day_asks(ask),
        Asked::Tray(ask) => shift.tray_asks(ask),
        Asked::Overrule { by, reason } => shift.overrule(&by, &reason),
    }
}

/// Writes down what was measured; only then portraits are held against it.
fn keep_reference(shift: &mut Shift, file: Option<&Path>) {
    let Some(measured) = shift.measured_reference() else { return };
    match calibrate::write(&places::calibration_at(file), measured) {
        Ok(()) => shift.reference_kept(),
        Err(failure) => shift.reference_not_written(failure.words()),
    }
}

/// What was asked of the search.
fn look_up(shift: &mut Shift, ask: Ask) {
    match ask {
        Ask::Search(typed) => shift.search(&typed),
        Ask::Choose(place) => shift.choose(place),
        Ask::LetIn { name, number, reason } => shift.let_in(&name, &number, &reason),
        Ask::Close => shift.stop_searching(),
    }
}
