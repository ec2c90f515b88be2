//! A USB bus made of a socket, on which stock libgphoto2 finds the virtual camera.
//!
//! libgphoto2 reaches cameras through io-libraries: shared objects it loads from the folder named by
//! `IOLIBS` (its own are `usb1.so`, `ptpip.so` and so on). This crate builds such a library. It carries
//! what the driver writes to and reads from its bulk endpoints through a [`tunnel`] to the virtual
//! camera, which lives in the test's process, and says what the system would say of a real cable: which
//! device is plugged in where, that another program holds it (-53), that it has gone.
//!
//! So the ordinary autodetection finds "Canon EOS 80D" on `usb:001,042`, and the ordinary `ptp2` driver
//! drives it with the flags of that model. A program that is to see it needs two things in its environment:
//!
//! * `IOLIBS`: a folder with nothing but this library in it, for libgphoto2 takes one library for each
//!   kind of port only, the first it meets;
//! * `CAIYING_VIRTUAL_USB`: where the virtual camera listens, `127.0.0.1:PORT`.
//!
//! `virtual-camera --usb` makes the folder, and prints both.
//!
//! # Map
//!
//! * [`tunnel`] what goes over the socket: the camera's end speaks it too
//! * `cable` the host's end: a bus with one device on it, opened, read, written
//! * `io_library` the C surface, the only code in this house that is `unsafe`

mod cable;
mod io_library;
pub mod tunnel;
