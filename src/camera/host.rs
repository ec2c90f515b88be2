//! The camera's own process: takes requests on one pipe, answers on the other, one after the other.
//!
//! libgphoto2 may hang for minutes or crash on hostile data; here it can only take this process with it. The
//! station ends the process when an answer is late and starts another; when the station itself ends, the
//! pipe closes and this process ends too.

use std::{
    io::{self, Read, Write},
    time::Duration,
};

use super::{
    CameraError, CameraInfo, CardFile, Checkup, FoundCamera, Reading,
    wire::{self, Announced, Answer, Condition, Habits, ListedFile, Request, VERSION},
};
use crate::{
    profile::{Dial, Setting},
    shot::CameraTime,
};

/// A driver of cameras, used by one thread.
pub trait Device {
    /// Lists the cameras that are there.
    ///
    /// # Errors
    /// When the system cannot be asked.
    fn discover(&mut self) -> Result<Vec<FoundCamera>, CameraError>;

    /// Connects to the camera at a port, or to the first one found; also reads its clock.
    ///
    /// # Errors
    /// When there is none, or it does not let itself be used.
    fn connect(&mut self, port: Option<&str>) -> Result<(CameraInfo, Option<CameraTime>), CameraError>;

    /// Fires the shutter. Files that came before are kept for [`Device::wait`]. `false` when the camera had
    /// still more to tell, which is lost then.
    ///
    /// # Errors
    /// When the camera refuses.
    fn fire(&mut self) -> Result<bool, CameraError>;

    /// Waits for the next file to be announced; looks for news at least once.
    ///
    /// # Errors
    /// When the connection breaks.
    fn wait(&mut self, patience: Duration) -> Result<Option<Announced>, CameraError>;

    /// Whether a shot was complete since this was asked last, of which no file was told.
    fn has_missed(&mut self) -> bool {
        false
    }

    /// Lists the JPEG files on the card.
    ///
    /// # Errors
    /// When the connection breaks.
    fn list(&mut self) -> Result<Vec<ListedFile>, CameraError>;

    /// Downloads one file, proven to be whole.
    ///
    /// # Errors
    /// When the connection breaks, or the file does not come whole.
    fn fetch(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError>;

    /// Tells everything a doctor wants to know of the connected camera, or of the driver alone without one.
    ///
    /// # Errors
    /// When the connection breaks.
    fn examine(&mut self) -> Result<Checkup, CameraError>;

    /// Sets the camera's clock, to seconds since 1970.
    ///
    /// # Errors
    /// When the camera does not let it be set.
    fn set_clock(&mut self, seconds: i64) -> Result<(), CameraError>;

    /// One frame of live view, which begins by being asked for; empty when the camera has none ready. What the
    /// camera tells meanwhile is kept for [`Device::wait`].
    ///
    /// # Errors
    /// When there is no live view, the camera does not come up with a frame, or the connection breaks.
    fn frame(&mut self) -> Result<Vec<u8>, CameraError>;

    /// Ends live view, if there is one.
    ///
    /// # Errors
    /// When the connection breaks.
    fn end_live(&mut self) -> Result<(), CameraError>;

    /// Behaves as this camera's family needs it from now on.
    fn adopt(&mut self, habits: Habits);

    /// Turns a dial where it belongs, if it belongs anywhere, and reads it. What the body refuses is no error.
    ///
    /// # Errors
    /// When the connection breaks.
    fn settle(&mut self, setting: Setting, dial: &Dial) -> Result<Reading, CameraError>;

    /// Reads the battery and what is left on the card, and nothing else.
    ///
    /// # Errors
    /// When there is no camera.
    fn condition(&mut self) -> Result<Condition, CameraError>;
}

/// Serves requests until the pipe closes, in the middle of one if the station has died.
///
/// # Errors
/// When a pipe carries nonsense.
pub fn serve(mut from: impl Read, mut to: impl Write, device: &mut dyn Device) -> io::Result<()> {
    let gone = [io::ErrorKind::BrokenPipe, io::ErrorKind::UnexpectedEof];
    match serve_until_it_closes(&mut from, &mut to, device) {
        Err(err) if gone.contains(&err.kind()) => Ok(()),
        done => done,
    }
}

fn serve_until_it_closes(
    from: &mut impl Read,
    to: &mut impl Write,
    device: &mut dyn Device,
) -> io::Result<()> {
    while let Some((request, _)) = wire::receive::<Request>(from)? {
        let (answer, picture) = answer(device, request);
        wire::send(to, &answer, &picture)?;
    }
    Ok(())
}

fn answer(device: &mut dyn Device, request: Request) -> (Answer, Vec<u8>) {
    let done = match request {
        Request::Hello { .. } => Ok((Answer::Hello { version: VERSION }, vec![])),
        Request::Discover => device.discover().map(|found| (Answer::Discovered(found), vec![])),
        Request::Connect { port } => device.connect(port.as_deref()).map(|(info, clock)| {
            let clock = clock.map(|time| (time.ms, time.span_ms));
            (Answer::Connected { info, clock }, vec![])
        }),
        Request::Fire => device.fire().map(|heard| (Answer::Fired { unheard: !heard }, vec![])),
        Request::Wait { ms } => device.wait(Duration::from_millis(ms)).map(|told| match told {
            Some(announced) => (Answer::Announced(announced), vec![]),
            None if device.has_missed() => (Answer::Missed, vec![]),
            None => (Answer::Nothing, vec![]),
        }),
        Request::List => device.list().map(|files| (Answer::Listing(files), vec![])),
        Request::Fetch(file) => device.fetch(&file).map(|picture| (Answer::File(file), picture)),
        Request::Examine => device.examine().map(|found| (Answer::Examined(Box::new(found)), vec![])),
        Request::SetClock { seconds } => device.set_clock(seconds).map(|()| (Answer::ClockSet, vec![])),
        Request::Frame => device.frame().map(|frame| (Answer::Frame, frame)),
        Request::EndLive => device.end_live().map(|()| (Answer::LiveEnded, vec![])),
        Request::Adopt(habits) => {
            device.adopt(habits);
            Ok((Answer::Adopted, vec![]))
        }
        Request::Settle(setting, dial) => {
            device.settle(setting, &dial).map(|reading| (Answer::Settled(reading), vec![]))
        }
        Request::Condition => device.condition().map(|stands| (Answer::Condition(stands), vec![])),
    };
    done.unwrap_or_else(|err| (Answer::Failed(err), vec![]))
}
