//! One host on the command line: requests in, replies out, faults in between.

use std::io::{self, BufWriter, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use crate::faults::Fault;
use crate::inside::Inside;
use crate::operations::{self, Data, Reply};
use crate::ptp::{op, rc};
use crate::wire::{self, CHUNK, Request};

/// How often a hanging operation looks whether the host is still there.
const HANG_STEP: Duration = Duration::from_millis(20);

/// Serves a host until it goes away, the line is dropped, or nonsense comes over it.
///
/// Whichever way it ends, the camera is by itself again afterwards.
pub(crate) fn serve(inside: &Inside, line: &TcpStream) -> io::Result<()> {
    let mut session = Session { inside, line, open: false };
    let ended = session.run();
    inside.body().host_has_gone();
    ended
}

struct Session<'a> {
    inside: &'a Inside,
    line: &'a TcpStream,
    /// Whether the host has opened a PTP session.
    open: bool,
}

impl Session<'_> {
    fn run(&mut self) -> io::Result<()> {
        let mut from = self.line;
        loop {
            let request = wire::read_request(&mut from)?;
            self.inside.hear(&request);
            self.hang(request.opcode)?;
            sleep(self.inside.faults.slow(request.opcode).unwrap_or_default());
            let reply = match self.inside.faults.answer(request.opcode) {
                Some(code) => Reply::code(code),
                None => self.carry_out(&request),
            };
            self.answer(&request, &reply)?;
        }
    }

    /// Sessions are the line's own affair; everything else needs one, except device info.
    fn carry_out(&mut self, request: &Request) -> Reply {
        match (request.opcode, self.open) {
            (op::OPEN_SESSION, true) => Reply::code(rc::SESSION_ALREADY_OPENED),
            (op::OPEN_SESSION, false) => {
                self.open = true;
                Reply::code(rc::OK)
            }
            (op::CLOSE_SESSION, true) => {
                self.open = false;
                self.inside.body().host_has_gone();
                Reply::code(rc::OK)
            }
            (op::GET_DEVICE_INFO, _) | (_, true) => operations::carry_out(self.inside, request),
            (_, false) => Reply::code(rc::SESSION_NOT_OPEN),
        }
    }

    /// Waits as long as this operation is to hang, but no longer than there is a host to wait.
    fn hang(&self, opcode: u16) -> io::Result<()> {
        let hanging = Fault::Hang { opcode };
        while self.inside.faults.has(&hanging) {
            self.line.set_read_timeout(Some(HANG_STEP))?;
            let heard = self.line.peek(&mut [0]);
            self.line.set_read_timeout(None)?;
            match heard {
                Ok(0) => return Err(io::ErrorKind::ConnectionAborted.into()),
                Ok(_) => sleep(HANG_STEP),
                Err(error) if is_quiet(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn answer(&self, request: &Request, reply: &Reply) -> io::Result<()> {
        let mut to = BufWriter::with_capacity(2 * CHUNK, self.line);
        match &reply.data {
            Some(Data::Dataset(bytes)) => send(&mut to, request.transaction, bytes)?,
            Some(Data::Object(bytes)) => self.send_object(&mut to, request.transaction, bytes)?,
            None => {}
        }
        self.inside.log.answered(reply.code);
        wire::write_response(&mut to, request.transaction, reply.code, &reply.parameters)
    }

    /// Sends a picture's bytes as fast as the line is said to be, and drops the line where it is to
    /// be cut.
    fn send_object(&self, to: &mut impl Write, transaction: u32, bytes: &[u8]) -> io::Result<()> {
        let pace = self.inside.faults.throttle();
        // A slow line sends smaller pieces, about fifty a second, so that its speed is even.
        let piece_size =
            pace.map_or(CHUNK, |pace| usize::try_from(pace / 50).unwrap_or(CHUNK).clamp(512, CHUNK));
        wire::write_start_data(to, transaction, bytes.len())?;
        let mut left = bytes.len();
        for piece in pieces(bytes, piece_size) {
            left -= piece.len();
            let cut = self.inside.faults.cut_within(piece.len());
            wire::write_piece(to, transaction, piece, left == 0, cut)?;
            if cut.is_some() {
                to.flush()?;
                self.line.shutdown(Shutdown::Both)?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            if let Some(pace) = pace {
                to.flush()?;
                sleep(Duration::from_secs_f64(piece.len() as f64 / pace as f64));
            }
        }
        Ok(())
    }
}

/// Sends a dataset: start, pieces, end.
fn send(to: &mut impl Write, transaction: u32, bytes: &[u8]) -> io::Result<()> {
    wire::write_start_data(to, transaction, bytes.len())?;
    let mut left = bytes.len();
    for piece in pieces(bytes, CHUNK) {
        left -= piece.len();
        wire::write_piece(to, transaction, piece, left == 0, None)?;
    }
    Ok(())
}

/// The pieces of a data phase: at least one, for even no data is closed by an end-data packet.
fn pieces(bytes: &[u8], size: usize) -> impl Iterator<Item = &[u8]> {
    let nothing = bytes.is_empty().then_some(bytes);
    nothing.into_iter().chain(bytes.chunks(size))
}

/// Whether a read merely found nothing to read yet.
fn is_quiet(error: &io::Error) -> bool {
    [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind())
}

/// Reads the event line until the host closes it: on EOS nothing is ever said there.
pub(crate) fn listen_in_vain(mut line: &TcpStream) {
    let mut ignored = [0; 64];
    while line.read(&mut ignored).is_ok_and(|heard| heard > 0) {}
}
