//! One host on the command line: requests in, replies out, faults in between.

use std::io::{self, BufWriter, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use crate::faults::Fault;
use crate::hostile::{self, Told};
use crate::inside::Inside;
use crate::operations::{self, Data, Reply};
use crate::ptp::{op, rc};
use crate::transport::{Line, Packets};
use crate::wire::{CHUNK, Request};

/// How often a hanging operation looks whether the host is still there.
const HANG_STEP: Duration = Duration::from_millis(20);

/// Serves a host until it goes away, the line is dropped, or nonsense comes over it.
///
/// Whichever way it ends, the camera is by itself again afterwards; whether its PTP session is still `open`
/// is for the transport to say.
pub(crate) fn serve(
    inside: &Inside,
    line: &TcpStream,
    packets: &dyn Packets,
    open: &AtomicBool,
) -> io::Result<()> {
    let mut session = Session { inside, line: Line::new(line), packets, open };
    let ended = session.run();
    inside.body().host_has_gone();
    ended
}

struct Session<'a> {
    inside: &'a Inside,
    line: Line<'a>,
    packets: &'a dyn Packets,
    /// Whether a host has opened a PTP session.
    open: &'a AtomicBool,
}

impl Session<'_> {
    fn run(&mut self) -> io::Result<()> {
        loop {
            let Some(request) = self.packets.read_request(&mut self.line)? else {
                self.open.store(false, Ordering::SeqCst);
                continue;
            };
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
        match (request.opcode, self.open.load(Ordering::SeqCst)) {
            (op::OPEN_SESSION, true) => Reply::code(rc::SESSION_ALREADY_OPENED),
            (op::OPEN_SESSION, false) => {
                self.open.store(true, Ordering::SeqCst);
                Reply::code(rc::OK)
            }
            (op::CLOSE_SESSION, true) => {
                self.open.store(false, Ordering::SeqCst);
                self.inside.body().host_has_gone();
                Reply::code(rc::OK)
            }
            (op::GET_DEVICE_INFO, _) | (_, true) => operations::carry_out(self.inside, request),
            (_, false) => Reply::code(rc::SESSION_NOT_OPEN),
        }
    }

    /// Waits as long as this operation is to hang, but no longer than there is a host to wait.
    fn hang(&mut self, opcode: u16) -> io::Result<()> {
        let hanging = Fault::Hang { opcode };
        while self.inside.faults.has(&hanging) {
            self.line.wait(HANG_STEP)?;
        }
        Ok(())
    }

    fn answer(&self, request: &Request, reply: &Reply) -> io::Result<()> {
        let mut to = BufWriter::with_capacity(2 * CHUNK, self.line.stream);
        let told = match self.inside.faults.lie(request.opcode) {
            Some(lie) => &hostile::told(lie, request, reply),
            None => &Told::truly(request, reply),
        };
        match &told.reply.data {
            Some(Data::Dataset(bytes)) => self.send(&mut to, told, bytes)?,
            Some(Data::Object(bytes)) => self.send_object(&mut to, told, bytes)?,
            None => {}
        }
        self.inside.log.answered(reply.code);
        self.packets.write_response(&mut to, &told.request, told.reply.code, &told.reply.parameters)?;
        to.flush()
    }

    /// Sends a dataset: start, pieces, end.
    fn send(&self, to: &mut impl Write, told: &Told<'_>, bytes: &[u8]) -> io::Result<()> {
        self.packets.write_start(to, &told.request, bytes.len(), told.length(bytes))?;
        let mut left = bytes.len();
        for piece in pieces(bytes, CHUNK) {
            left -= piece.len();
            self.packets.write_piece(to, &told.request, piece, left == 0, None)?;
        }
        Ok(())
    }

    /// Sends a picture's bytes as fast as the line is said to be, and drops the line where it is to
    /// be cut.
    fn send_object(&self, to: &mut impl Write, told: &Told<'_>, bytes: &[u8]) -> io::Result<()> {
        let pace = self.inside.faults.throttle();
        // A slow line sends smaller pieces, about fifty a second, so that its speed is even.
        let piece_size =
            pace.map_or(CHUNK, |pace| usize::try_from(pace / 50).unwrap_or(CHUNK).clamp(512, CHUNK));
        self.packets.write_start(to, &told.request, bytes.len(), told.length(bytes))?;
        let mut left = bytes.len();
        for piece in pieces(bytes, piece_size) {
            left -= piece.len();
            let cut = self.inside.faults.cut_within(piece.len());
            self.packets.write_piece(to, &told.request, piece, left == 0, cut)?;
            if cut.is_some() {
                to.flush()?;
                self.line.stream.shutdown(Shutdown::Both)?;
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

/// The pieces of a data phase: at least one, for even no data is closed by an end-data packet.
fn pieces(bytes: &[u8], size: usize) -> impl Iterator<Item = &[u8]> {
    let nothing = bytes.is_empty().then_some(bytes);
    nothing.into_iter().chain(bytes.chunks(size))
}

/// Reads the event line until the host closes it: on EOS nothing is ever said there.
pub(crate) fn listen_in_vain(mut line: &TcpStream) {
    let mut ignored = [0; 64];
    while line.read(&mut ignored).is_ok_and(|heard| heard > 0) {}
}
