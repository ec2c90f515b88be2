//! PTP/IP packets (CIPA DC-005): reading the host's, writing the camera's.
//!
//! A packet is its length, its type and a body. An operation is a request, perhaps data one way,
//! and a response; the response must come after the end-data packet, for libgphoto2 `ptpip.c`
//! `ptp_ptpip_getresp` skips one end-data packet and takes the next packet for the answer.
//! Lengths come from outside and are not believed: a packet beyond [`LARGEST`] ends the line.

use std::io::{self, Read, Write};

use crate::ptp::{Dataset, length, u16_at, u32_at};
use crate::transport::Packets;

/// Packet types.
pub(crate) mod kind {
    pub(crate) const INIT_COMMAND_REQUEST: u32 = 1;
    pub(crate) const INIT_COMMAND_ACK: u32 = 2;
    pub(crate) const INIT_EVENT_REQUEST: u32 = 3;
    pub(crate) const INIT_EVENT_ACK: u32 = 4;
    pub(crate) const INIT_FAIL: u32 = 5;
    pub(crate) const OPERATION_REQUEST: u32 = 6;
    pub(crate) const OPERATION_RESPONSE: u32 = 7;
    pub(crate) const START_DATA: u32 = 9;
    pub(crate) const DATA: u32 = 10;
    pub(crate) const END_DATA: u32 = 12;
}

/// The largest packet the camera accepts; a host only ever sends properties.
const LARGEST: u32 = 1 << 20;
/// The data phase value with which a host announces that it will send data (libgphoto2 writes 2).
const HOST_SENDS: u32 = 2;
/// Payload of one data packet.
pub(crate) const CHUNK: usize = 1 << 16;

/// One packet as it came.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) kind: u32,
    pub(crate) body: Vec<u8>,
}

/// Reads one packet; an impossible length is an error, for the stream can no longer be understood.
pub(crate) fn read_packet(from: &mut impl Read) -> io::Result<Packet> {
    let mut header = [0_u8; 8];
    from.read_exact(&mut header)?;
    let size = u32_at(&header, 0).unwrap_or(0);
    let kind = u32_at(&header, 4).unwrap_or(0);
    if !(8..=LARGEST).contains(&size) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a packet of impossible length"));
    }
    let mut body = vec![0_u8; size as usize - 8];
    from.read_exact(&mut body)?;
    Ok(Packet { kind, body })
}

/// One operation the host asks for, with the data it sent along.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) opcode: u16,
    pub(crate) transaction: u32,
    pub(crate) parameters: Vec<u32>,
    pub(crate) data: Vec<u8>,
}

impl Request {
    /// The parameter in that place, 0 when it was left out, as PTP has it.
    pub(crate) fn parameter(&self, place: usize) -> u32 {
        self.parameters.get(place).copied().unwrap_or(0)
    }
}

/// Reads the next operation request and its data; other packets (probes, cancels) are passed over.
fn read_request(from: &mut impl Read) -> io::Result<Request> {
    loop {
        let packet = read_packet(from)?;
        if packet.kind != kind::OPERATION_REQUEST {
            continue;
        }
        let (Some(phase), Some(opcode), Some(transaction)) =
            (u32_at(&packet.body, 0), u16_at(&packet.body, 4), u32_at(&packet.body, 6))
        else {
            continue;
        };
        let parameters = (0..5).map_while(|place| u32_at(&packet.body, 10 + 4 * place)).collect();
        let data = if phase == HOST_SENDS { read_data(from)? } else { Vec::new() };
        return Ok(Request { opcode, transaction, parameters, data });
    }
}

/// Reads the host's data phase: start-data, data, end-data, each led by the transaction id.
fn read_data(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let packet = read_packet(from)?;
        let payload = packet.body.get(4..).unwrap_or_default();
        match packet.kind {
            kind::DATA => data.extend_from_slice(payload),
            kind::END_DATA => {
                data.extend_from_slice(payload);
                return Ok(data);
            }
            _ => {}
        }
        if data.len() > LARGEST as usize {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "more data than a property holds"));
        }
    }
}

/// Writes one packet of that kind around that body.
fn write_packet(to: &mut impl Write, kind: u32, body: &[u8]) -> io::Result<()> {
    let head = Dataset::new().u32(length(body.len() + 8)).u32(kind);
    to.write_all(&head.into_bytes())?;
    to.write_all(body)
}

/// Welcomes a host on the command line: its line number, the camera's GUID and name, version 1.0.
pub(crate) fn write_command_ack(to: &mut impl Write, line: u32, name: &str) -> io::Result<()> {
    let mut body = Dataset::new().u32(line).bytes(b"virtual-EOS-80D\0");
    for unit in name.encode_utf16().chain([0]) {
        body = body.u16(unit);
    }
    let body = body.u32(0x0001_0000).into_bytes();
    write_packet(to, kind::INIT_COMMAND_ACK, &body)?;
    to.flush()
}

/// Welcomes a host on the event line. EOS bodies then never use it: events are asked for by 0x9116.
pub(crate) fn write_event_ack(to: &mut impl Write) -> io::Result<()> {
    write_packet(to, kind::INIT_EVENT_ACK, &[])?;
    to.flush()
}

/// Turns a host away: the camera already has one (reason 2, busy).
pub(crate) fn write_init_fail(to: &mut impl Write) -> io::Result<()> {
    write_packet(to, kind::INIT_FAIL, &2_u32.to_le_bytes())?;
    to.flush()
}

/// PTP/IP as a transport: start-data, data, end-data, response.
#[derive(Debug)]
pub(crate) struct PtpIp;

impl Packets for PtpIp {
    fn read_request(&self, mut from: &mut dyn Read) -> io::Result<Option<Request>> {
        read_request(&mut from).map(Some)
    }

    fn write_start(&self, to: &mut dyn Write, of: &Request, total: usize, said: u64) -> io::Result<()> {
        let length = if said == total as u64 { 20 } else { length_of(said) };
        write_start_data(to, of.transaction, said, length)
    }

    fn write_piece(
        &self,
        mut to: &mut dyn Write,
        of: &Request,
        piece: &[u8],
        last: bool,
        cut: Option<usize>,
    ) -> io::Result<()> {
        write_piece(&mut to, of.transaction, piece, last, cut)
    }

    fn write_response(
        &self,
        mut to: &mut dyn Write,
        of: &Request,
        code: u16,
        with: &[u32],
    ) -> io::Result<()> {
        write_response(&mut to, of.transaction, code, with)
    }
}

/// A length as a packet's head can say it.
fn length_of(said: u64) -> u32 {
    u32::try_from(said).unwrap_or(u32::MAX)
}

/// Opens the data phase towards the host: how much will come, in a packet said to be that long.
fn write_start_data(mut to: impl Write, transaction: u32, total: u64, length: u32) -> io::Result<()> {
    let packet = Dataset::new().u32(length).u32(kind::START_DATA).u32(transaction).u64(total);
    to.write_all(&packet.into_bytes())
}

/// One piece of data; `last` closes the data phase.
///
/// With `cut` the packet announces its whole length but ends after that many bytes of payload, as
/// when the cable is pulled in the middle of it.
fn write_piece(
    to: &mut impl Write,
    transaction: u32,
    piece: &[u8],
    last: bool,
    cut: Option<usize>,
) -> io::Result<()> {
    let kind = if last { kind::END_DATA } else { kind::DATA };
    let head = Dataset::new().u32(length(piece.len() + 12)).u32(kind).u32(transaction);
    to.write_all(&head.into_bytes())?;
    let shown = cut.unwrap_or(piece.len());
    to.write_all(piece.get(..shown).unwrap_or(piece))
}

/// Ends the operation.
fn write_response(to: &mut impl Write, transaction: u32, code: u16, parameters: &[u32]) -> io::Result<()> {
    let mut body = Dataset::new().u16(code).u32(transaction);
    for parameter in parameters {
        body = body.u32(*parameter);
    }
    write_packet(to, kind::OPERATION_RESPONSE, &body.into_bytes())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_data_is_read_whole() {
        let mut sent = Vec::new();
        let body = Dataset::new().u32(HOST_SENDS).u16(0x9110).u32(7).into_bytes();
        assert!(write_packet(&mut sent, kind::OPERATION_REQUEST, &body).is_ok());
        assert!(write_start_data(&mut sent, 7, 4, 20).is_ok());
        assert!(write_piece(&mut sent, 7, &[1, 2], false, None).is_ok());
        assert!(write_piece(&mut sent, 7, &[3, 4], true, None).is_ok());

        let request = read_request(&mut sent.as_slice());
        assert!(matches!(&request, Ok(Request { opcode: 0x9110, transaction: 7, .. })));
        assert!(request.is_ok_and(|request| request.data == [1, 2, 3, 4]));
    }

    #[test]
    fn lengths_are_not_believed() {
        for hostile in [[0_u8; 8], [0xFF; 8]] {
            assert!(read_packet(&mut hostile.as_slice()).is_err());
        }
        let truncated = [200, 0, 0, 0, 6, 0, 0, 0, 1];
        assert!(read_request(&mut truncated.as_slice()).is_err());
    }
}
