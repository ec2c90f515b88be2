//! PTP over USB (PIMA 15740, annex D): containers in bulk transfers, and how the bus is found.
//!
//! A container is its length, its type, a code, the transaction and a payload. It travels in one frame of the
//! tunnel ([`virtual_usb::tunnel`]), whose length is what really comes, whatever the container says.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use virtual_usb::tunnel::{self, Head, Kind};

use crate::ptp::{Dataset, length, u16_at, u32_at};
use crate::transport::Packets;
use crate::wire::Request;

/// Where the camera is plugged in at first, bus and device, as libgphoto2 writes it.
pub(crate) const FIRST_PORT: &str = "usb:001,042";

/// Container types.
const COMMAND: u16 = 1;
const DATA: u16 = 2;
const RESPONSE: u16 = 3;
/// Bytes before a container's payload.
const HEADER: usize = 12;
/// Operations with which a host sends data.
const HOST_SENDS: &[u16] = &[crate::ptp::op::EOS_SET_DEVICE_PROP_VALUE_EX];

/// USB as a transport.
#[derive(Debug)]
pub(crate) struct Usb;

impl Packets for Usb {
    fn read_request(&self, from: &mut dyn Read) -> io::Result<Option<Request>> {
        loop {
            let Some((kind, mut request)) = read_container(from)? else { return Ok(None) };
            if kind != COMMAND {
                continue;
            }
            if HOST_SENDS.contains(&request.opcode) {
                match read_container(from)? {
                    Some((DATA, sent)) if sent.opcode == request.opcode => request.data = sent.data,
                    Some(_) => continue,
                    None => return Ok(None),
                }
            } else {
                request.data.clear();
            }
            return Ok(Some(request));
        }
    }

    fn write_start(&self, to: &mut dyn Write, of: &Request, total: usize, said: u64) -> io::Result<()> {
        let frame = Head { kind: Kind::Bulk, length: length(total + HEADER) };
        to.write_all(&frame.to_bytes())?;
        let said = u32::try_from(said + HEADER as u64).unwrap_or(u32::MAX);
        let head = Dataset::new().u32(said).u16(DATA).u16(of.opcode).u32(of.transaction);
        to.write_all(&head.into_bytes())
    }

    fn write_piece(
        &self,
        to: &mut dyn Write,
        _of: &Request,
        piece: &[u8],
        _last: bool,
        cut: Option<usize>,
    ) -> io::Result<()> {
        let shown = cut.unwrap_or(piece.len());
        to.write_all(piece.get(..shown).unwrap_or(piece))
    }

    fn write_response(&self, to: &mut dyn Write, of: &Request, code: u16, with: &[u32]) -> io::Result<()> {
        let mut container =
            Dataset::new().u32(length(HEADER + 4 * with.len())).u16(RESPONSE).u16(code).u32(of.transaction);
        for parameter in with {
            container = container.u32(*parameter);
        }
        tunnel::send(to, Kind::Bulk, &container.into_bytes())
    }
}

/// Reads a container: its type, and what it says as if it were a request. Data longer than a transfer comes
/// in further transfers. `None` is a control transfer: the host wants the session forgotten.
fn read_container(from: &mut dyn Read) -> io::Result<Option<(u16, Request)>> {
    loop {
        let (kind, mut bytes) = tunnel::receive(from)?;
        match kind {
            Kind::Control => return Ok(None),
            Kind::Bulk => {}
            Kind::Who | Kind::Open => return Err(io::ErrorKind::InvalidData.into()),
        }
        let (Some(said), Some(kind), Some(opcode), Some(transaction)) =
            (u32_at(&bytes, 0), u16_at(&bytes, 4), u16_at(&bytes, 6), u32_at(&bytes, 8))
        else {
            // An empty transfer ends a data phase whose last packet was full.
            continue;
        };
        while bytes.len() < (said as usize).min(LARGEST) {
            let (Kind::Bulk, more) = tunnel::receive(from)? else { return Ok(None) };
            bytes.extend_from_slice(&more);
        }
        let parameters = (0..5).map_while(|place| u32_at(&bytes, HEADER + 4 * place)).collect();
        let data = bytes.get(HEADER..).unwrap_or_default().to_vec();
        return Ok(Some((kind, Request { opcode, transaction, parameters, data })));
    }
}

/// The largest data phase a host is believed to send.
const LARGEST: usize = 1 << 20;

/// The io-library libgphoto2 is to load: cargo lays it beside the program, or into `deps` there.
fn library() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.parent().unwrap_or_else(|| Path::new("."));
    let name = "libvirtual_usb.so";
    let places = [folder.join("deps").join(name), folder.join(name)];
    let found = places.into_iter().find(|place| place.exists());
    found.ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, format!("there is no {name}: cargo build makes it"))
    })
}

/// A folder with the io-library alone in it, beside the library: libgphoto2 takes the first for each kind of
/// port it finds. It is made once and stays, as everything does that cargo builds.
pub(crate) fn library_folder() -> io::Result<PathBuf> {
    let library = library()?;
    let folder = library.with_file_name("virtual-usb");
    fs::create_dir_all(&folder)?;
    match std::os::unix::fs::symlink(&library, folder.join("virtual_usb.so")) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_data_is_read_whole() {
        let mut sent = Vec::new();
        let command = Dataset::new().u32(12).u16(COMMAND).u16(0x9110).u32(7).into_bytes();
        let data = Dataset::new().u32(16).u16(DATA).u16(0x9110).u32(7).bytes(&[1, 2]).into_bytes();
        for transfer in [&command[..], &data, &[3, 4], &[]] {
            assert!(tunnel::send(&mut sent, Kind::Bulk, transfer).is_ok());
        }
        let request = Usb.read_request(&mut sent.as_slice());
        assert!(request.is_ok_and(|request| request.is_some_and(|request| request.data == [1, 2, 3, 4])));
    }

    #[test]
    fn a_reset_forgets_and_nonsense_ends_the_line() {
        let mut sent = Vec::new();
        assert!(tunnel::send(&mut sent, Kind::Control, &[tunnel::DEVICE_RESET]).is_ok());
        assert!(Usb.read_request(&mut sent.as_slice()).is_ok_and(|request| request.is_none()));
        assert!(Usb.read_request(&mut &b"x\0\0\0\0"[..]).is_err());
    }
}
