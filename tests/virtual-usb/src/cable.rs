//! The host's end of the cable, with the manners of libusb: a read fills the buffer or ends with the
//! camera's container, a transfer has one deadline for all of it, and a device that is open is nobody
//! else's.

use std::env;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::tunnel::{self, ADDRESS, Head, Kind, opened};

/// How long the bus takes to answer at most; it is on this computer.
const BUS: Duration = Duration::from_secs(2);

/// Why a cable does not do as told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No such device, or no longer.
    NotThere,
    /// Another program has it.
    Claimed,
    /// The camera said nothing in time.
    Silent,
    /// The transfer broke off.
    Broken,
}

/// The port of the device on the bus, `usb:001,042`, if there is one.
pub(crate) fn plugged() -> Option<String> {
    let mut line = bus().ok()?;
    tunnel::send(&mut line, Kind::Who, &[]).ok()?;
    let (kind, port) = tunnel::receive(&mut line).ok()?;
    (kind == Kind::Who).then(|| String::from_utf8(port).ok()).flatten()
}

fn bus() -> io::Result<TcpStream> {
    let address = env::var(ADDRESS).map_err(io::Error::other)?;
    let address: SocketAddr = address.parse().map_err(io::Error::other)?;
    let line = TcpStream::connect_timeout(&address, BUS)?;
    line.set_nodelay(true)?;
    line.set_read_timeout(Some(BUS))?;
    Ok(line)
}

/// A device held open.
#[derive(Debug)]
pub(crate) struct Cable {
    line: TcpStream,
    port: String,
    /// As much of a frame's head as has come.
    head: Vec<u8>,
    /// Bytes of the container under way that have not been read.
    left: usize,
}

impl Cable {
    /// Opens the device at that port for this program alone.
    pub(crate) fn open(port: &str) -> Result<Self, Trouble> {
        let mut line = bus().map_err(|_refused| Trouble::NotThere)?;
        let answer =
            tunnel::send(&mut line, Kind::Open, port.as_bytes()).and_then(|()| tunnel::receive(&mut line));
        match answer.as_ref().map(|(_, answer)| answer.first().copied()) {
            Ok(Some(opened::YOURS)) => {
                Ok(Self { line, port: port.to_owned(), head: Vec::with_capacity(Head::SIZE), left: 0 })
            }
            Ok(Some(opened::CLAIMED)) => Err(Trouble::Claimed),
            Ok(_) | Err(_) => Err(Trouble::NotThere),
        }
    }

    /// Writes one bulk transfer.
    pub(crate) fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Trouble> {
        self.send(Kind::Bulk, bytes, within)
    }

    /// Makes a control transfer.
    pub(crate) fn control(&mut self, request: u8, within: Duration) -> Result<(), Trouble> {
        self.send(Kind::Control, &[request], within)
    }

    fn send(&mut self, kind: Kind, bytes: &[u8], within: Duration) -> Result<(), Trouble> {
        let sent = self
            .line
            .set_write_timeout(Some(within.max(Duration::from_millis(1))))
            .and_then(|()| tunnel::send(&mut self.line, kind, bytes));
        sent.map_err(|err| self.trouble(&err))
    }

    /// Reads until the buffer is full or the container at its end; gives the number of bytes.
    pub(crate) fn read(&mut self, into: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        let until = Instant::now() + within;
        if self.left == 0 {
            self.left = self.next_container(until).map_err(|err| self.trouble(&err))?;
        }
        let (wanted, mut have) = (into.len().min(self.left), 0);
        while let Some(rest) = into.get_mut(have..wanted).filter(|rest| !rest.is_empty()) {
            let got = read_some(&self.line, rest, until).map_err(|err| self.trouble(&err))?;
            (have, self.left) = (have + got, self.left - got);
        }
        Ok(have)
    }

    /// The length of the next container.
    fn next_container(&mut self, until: Instant) -> io::Result<usize> {
        loop {
            if let Some(head) = self.head.first_chunk::<{ Head::SIZE }>() {
                let head = Head::from_bytes(*head)?;
                self.head.clear();
                return Ok(head.length as usize);
            }
            let mut some = [0; Head::SIZE];
            let missing = some.get_mut(self.head.len()..).unwrap_or_default();
            let got = read_some(&self.line, missing, until)?;
            self.head.extend_from_slice(missing.get(..got).unwrap_or_default());
        }
    }

    /// A line that ended may be a pulled cable or a transfer that broke: the bus knows.
    fn trouble(&self, err: &io::Error) -> Trouble {
        if [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&err.kind()) {
            Trouble::Silent
        } else if plugged().as_ref() == Some(&self.port) {
            Trouble::Broken
        } else {
            Trouble::NotThere
        }
    }
}

/// Reads what is there, or waits for it until then; the line's end is an error.
fn read_some(mut line: &TcpStream, into: &mut [u8], until: Instant) -> io::Result<usize> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    line.set_read_timeout(Some(left))?;
    match line.read(into)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        got => Ok(got),
    }
}
