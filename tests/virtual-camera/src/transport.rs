//! How one transport spells what every transport carries: a request, data, a response.
//!
//! The session is the same on both; PTP/IP spells in packets (`wire`), USB in containers (`usb`).

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::wire::Request;

/// The spelling of one transport. Where it can lie about a length, `said` is what it says.
pub(crate) trait Packets: Sync {
    /// Reads the next request with its data; `None` when the host wants the session forgotten.
    fn read_request(&self, from: &mut dyn Read) -> io::Result<Option<Request>>;

    /// Opens the data phase: so much comes, and so much is said to come.
    fn write_start(&self, to: &mut dyn Write, of: &Request, total: usize, said: u64) -> io::Result<()>;

    /// One piece of data; with `cut` only that much of it, although all of it was announced.
    fn write_piece(
        &self,
        to: &mut dyn Write,
        of: &Request,
        piece: &[u8],
        last: bool,
        cut: Option<usize>,
    ) -> io::Result<()>;

    /// Ends the operation.
    fn write_response(&self, to: &mut dyn Write, of: &Request, code: u16, with: &[u32]) -> io::Result<()>;
}

/// A line to a host, which can be listened to while the camera is busy with something else.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) stream: &'a TcpStream,
    /// What the host has said meanwhile.
    ahead: Vec<u8>,
}

/// A host that says more than this while the camera hangs is not listened to any more.
const LARGEST_AHEAD: usize = 1 << 20;

impl<'a> Line<'a> {
    pub(crate) fn new(stream: &'a TcpStream) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    /// Waits that long; an error when the host goes away meanwhile.
    pub(crate) fn wait(&mut self, time: Duration) -> io::Result<()> {
        let mut some = [0; 512];
        self.stream.set_read_timeout(Some(time))?;
        let heard = self.stream.read(&mut some);
        self.stream.set_read_timeout(None)?;
        match heard {
            Ok(0) => Err(io::ErrorKind::ConnectionAborted.into()),
            Ok(_) if self.ahead.len() >= LARGEST_AHEAD => Err(io::ErrorKind::InvalidData.into()),
            Ok(heard) => {
                self.ahead.extend_from_slice(some.get(..heard).unwrap_or_default());
                Ok(())
            }
            Err(error) if is_quiet(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Read for Line<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            return self.stream.read(into);
        }
        let taken = self.ahead.as_slice().read(into)?;
        self.ahead.drain(..taken);
        Ok(taken)
    }
}

/// Whether a read merely found nothing to read yet.
fn is_quiet(error: &io::Error) -> bool {
    [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut, io::ErrorKind::Interrupted].contains(&error.kind())
}
