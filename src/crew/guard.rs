//! The thread that ends the camera's process when its driver cannot.

use std::{io, sync::Arc, thread, time::Duration};

use rustix::process::{Signal, getpid, kill_process};

use crate::camera::farewell::EndOrder;

/// After the order to end, the camera's session is closed within this, or not at all: together with the rest
/// the process is gone within two seconds of the station.
const FAREWELL_WITHIN: Duration = Duration::from_millis(1_700);

/// Watches over the end of this process: after the order it may take leave of its camera for a moment, and is
/// ended then, however its driver hangs. Only the camera's own process may call this.
///
/// # Errors
/// When the system has no thread to give.
pub fn guard(order: Arc<EndOrder>) -> io::Result<()> {
    let watch = move || {
        order.wait();
        thread::sleep(FAREWELL_WITHIN);
        // The orderly ways out run the driver's own last words, which may hang as it does.
        kill_process(getpid(), Signal::KILL).ok();
    };
    thread::Builder::new().name("guard".to_owned()).spawn(watch)?;
    Ok(())
}
