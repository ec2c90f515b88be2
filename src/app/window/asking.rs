//! What the operator asked for, handed to whom it concerns: one line for each thing that can be asked for.

use crate::{
    screens::{Ask, Asked, Mend},
    shift::Shift,
};

/// Hands over what concerns the shift.
pub(super) fn carry_out(shift: &mut Shift, asked: Asked) {
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
        Asked::Setup(_) | Asked::Mend(Mend::Go(_)) => {}
        Asked::Day(ask) => shift.day_asks(ask),
        Asked::Tray(ask) => shift.tray_asks(ask),
        Asked::Overrule { by, reason } => shift.overrule(&by, &reason),
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
