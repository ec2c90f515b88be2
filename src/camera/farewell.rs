//! When the camera's process must end, and how it learns of it whatever its driver is doing.
//!
//! It ends when the station hangs up or dies (the pipe closes: the kernel does that even for a `kill -9`), and
//! when it is told to (SIGTERM from the system, SIGINT and SIGHUP from a terminal, which reach the station and
//! this process alike). Then the camera's session is closed, or the camera would keep its buttons locked. A
//! driver that hangs cannot take leave: whoever waits at [`EndOrder::wait`] on another thread ends it.

use std::{
    io::{self, Read, Stdin},
    os::{fd::AsFd, unix::net::UnixStream},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    low_level::pipe,
};

/// The order to end, from whoever gives it.
#[derive(Debug)]
pub struct EndOrder {
    station: Stdin,
    /// Readable from the first signal on; nobody ever reads it, so that everybody sees it.
    told: UnixStream,
}

impl EndOrder {
    /// Listens from now on: no signal ends this process by itself any more.
    ///
    /// # Errors
    /// When the system has no pipe to give.
    pub fn listen() -> io::Result<Self> {
        let (told, teller) = UnixStream::pair()?;
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            pipe::register(signal, teller.try_clone()?)?;
        }
        Ok(Self { station: io::stdin(), told })
    }

    /// What the station asks; it seems to have hung up when the order has come.
    #[must_use]
    pub fn requests(&self) -> Requests<'_> {
        Requests(self)
    }

    /// Waits until the station has hung up or died, or until this process is told to end. Reads nothing.
    pub fn wait(&self) {
        // Without a wish for anything a pipe tells only that its other end has closed.
        while matches!(self.poll(PollFlags::empty()), Ok((_, false)) | Err(Errno::INTR)) {}
    }

    /// Waits for something from the station; says what came of it, and whether there is an order to end.
    fn poll(&self, wish: PollFlags) -> Result<(PollFlags, bool), Errno> {
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        let mut lines =
            [PollFd::from_borrowed_fd(self.station.as_fd(), wish), PollFd::new(&self.told, PollFlags::IN)];
        poll(&mut lines, None)?;
        let [station, told] = lines.map(|line| line.revents());
        Ok((station, !told.is_empty() || (wish.is_empty() && station.intersects(gone))))
    }
}

/// The station's end of the pipe, until the order to end.
#[derive(Debug)]
pub struct Requests<'a>(&'a EndOrder);

impl Read for Requests<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.poll(PollFlags::IN) {
                Ok((_, true)) => return Ok(0),
                // Past the buffer of the standard library: what lies in it already would not wake the next poll.
                Ok(_) => return Ok(rustix::io::read(&self.0.station, buffer)?),
                Err(Errno::INTR) => {}
                Err(err) => return Err(err.into()),
            }
        }
    }
}
