//! What goes over the socket: frames of a kind, a length and as many bytes.
//!
//! A connection is a look at the bus (one [`Kind::Who`] and its answer) or a device held open: an
//! [`Kind::Open`], its answer, then what passes over the cable. A [`Kind::Bulk`] frame is one transfer, and
//! from the camera one whole PTP container: its length is the cable's truth, whatever the container inside
//! claims. The end of the connection is a cable that was pulled.

use std::io::{self, Read, Write};

/// The environment variable that names the socket, `127.0.0.1:PORT`.
pub const ADDRESS: &str = "CAIYING_VIRTUAL_USB";

/// The environment variable by which libgphoto2 finds its io-libraries.
pub const IO_LIBRARIES: &str = "IOLIBS";

/// The USB numbers of a Canon EOS 80D (libgphoto2 `camlibs/ptp2/library.c`).
pub const VENDOR: u16 = 0x04A9;
/// See [`VENDOR`].
pub const PRODUCT: u16 = 0x3294;

/// PTP's request to a device to forget its session, by control transfer.
pub const DEVICE_RESET: u8 = 0x66;

/// The largest frame a host sends; it only ever sends properties.
const LARGEST: u32 = 1 << 20;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Which device is there? The answer is its port, `usb:001,042`; no answer, no device.
    Who,
    /// Open the device at this port; the answer is one byte of [`opened`].
    Open,
    /// A bulk transfer.
    Bulk,
    /// A control transfer to the interface: the request's number.
    Control,
}

/// Answers to [`Kind::Open`].
pub mod opened {
    /// It is yours.
    pub const YOURS: u8 = 0;
    /// Another program has it.
    pub const CLAIMED: u8 = 1;
    /// There is no such device.
    pub const NOT_THERE: u8 = 2;
}

/// What a frame begins with: its kind in one byte, its length in four, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What the frame is.
    pub kind: Kind,
    /// Bytes that follow.
    pub length: u32,
}

impl Head {
    /// Bytes of a head.
    pub const SIZE: usize = 5;

    /// The head in bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::SIZE] {
        let [a, b, c, d] = self.length.to_le_bytes();
        let kind = match self.kind {
            Kind::Who => b'?',
            Kind::Open => b'o',
            Kind::Bulk => b'b',
            Kind::Control => b'c',
        };
        [kind, a, b, c, d]
    }

    /// Reads a head.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_bytes([kind, a, b, c, d]: [u8; Self::SIZE]) -> io::Result<Self> {
        let kind = match kind {
            b'?' => Kind::Who,
            b'o' => Kind::Open,
            b'b' => Kind::Bulk,
            b'c' => Kind::Control,
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame of no known kind")),
        };
        Ok(Self { kind, length: u32::from_le_bytes([a, b, c, d]) })
    }
}

/// Sends a whole frame.
///
/// # Errors
/// When the socket is gone.
pub fn send(to: &mut (impl Write + ?Sized), kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut frame = Head { kind, length }.to_bytes().to_vec();
    frame.extend_from_slice(bytes);
    to.write_all(&frame)?;
    to.flush()
}

/// Receives a whole frame.
///
/// # Errors
/// When the socket is gone, or the frame longer than any host's.
pub fn receive(from: &mut (impl Read + ?Sized)) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; Head::SIZE];
    from.read_exact(&mut head)?;
    let head = Head::from_bytes(head)?;
    if head.length > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame of impossible length"));
    }
    let mut bytes = vec![0; head.length as usize];
    from.read_exact(&mut bytes)?;
    Ok((head.kind, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_received() {
        for kind in [Kind::Who, Kind::Open, Kind::Bulk, Kind::Control] {
            let mut line = Vec::new();
            assert!(send(&mut line, kind, b"usb:001,042").is_ok());
            assert!(receive(&mut line.as_slice()).is_ok_and(|it| it == (kind, b"usb:001,042".to_vec())));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [&b"x\0\0\0\0"[..], b"b\xff\xff\xff\xff", b"b\x04\0\0\0abc", b"b"] {
            assert!(receive(&mut &line[..]).is_err(), "{line:?}");
        }
    }
}
