//! The C surface: what libgphoto2_port 0.12 wants of an io-library (`gphoto2-port-library.h`).
//!
//! Thin on purpose. Every function takes the port libgphoto2 hands it, finds our own [`Port`] behind its
//! `pl`, and lets safe code do the rest. The layout of `GPPort` comes from the headers installed here.

#![expect(unsafe_code, reason = "libgphoto2 loads this library and calls it; C knows no other way")]

use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use libgphoto2_sys::{
    _GPPort as GPPort, GP_ERROR_BAD_PARAMETERS, GP_ERROR_IO_READ, GP_ERROR_IO_USB_CLAIM,
    GP_ERROR_IO_USB_FIND, GP_ERROR_IO_WRITE, GP_ERROR_TIMEOUT, GPPortInfo, GPPortInfoList, GPPortType,
    gp_port_info_list_append, gp_port_info_new, gp_port_info_set_name, gp_port_info_set_path,
    gp_port_info_set_type,
};

use crate::cable::{Cable, Trouble, plugged};
use crate::tunnel::{DEVICE_RESET, PRODUCT, VENDOR};

/// libgphoto2's word for "done"; an unsigned constant in the binding.
const GP_OK: c_int = 0;

/// The interface class of a PTP camera: image, still image capture, PTP.
const PTP_CLASS: (c_int, c_int, c_int) = (6, 1, 1);

/// How often a wait for what never comes (EOS bodies do not use the interrupt endpoint) looks at the cable.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What lies behind a port's `pl`.
#[derive(Debug, Default)]
struct Port {
    /// The device that was on the bus when the port was made.
    device: Option<String>,
    cable: Option<Cable>,
}

type Plain = unsafe extern "C" fn(*mut GPPort) -> c_int;
type Find = unsafe extern "C" fn(*mut GPPort, c_int, c_int) -> c_int;
type Control = unsafe extern "C" fn(*mut GPPort, c_int, c_int, c_int, *mut c_char, c_int) -> c_int;

/// A place in the table for what only other kinds of port can do.
type Unused = Option<unsafe extern "C" fn()>;

/// `GPPortOperations` of libgphoto2_port 0.12, in its order.
#[repr(C)]
struct Operations {
    init: Option<Plain>,
    exit: Option<Plain>,
    open: Option<Plain>,
    close: Option<Plain>,
    read: Option<unsafe extern "C" fn(*mut GPPort, *mut c_char, c_int) -> c_int>,
    check_int: Option<unsafe extern "C" fn(*mut GPPort, *mut c_char, c_int, c_int) -> c_int>,
    write: Option<unsafe extern "C" fn(*mut GPPort, *const c_char, c_int) -> c_int>,
    update: Option<Plain>,
    /// Of serial ports: get_pin, set_pin, send_break, flush.
    serial: [Unused; 4],
    find_device: Option<Find>,
    find_device_by_class: Option<unsafe extern "C" fn(*mut GPPort, c_int, c_int, c_int) -> c_int>,
    clear_halt: Option<unsafe extern "C" fn(*mut GPPort, c_int) -> c_int>,
    msg_write: Option<Control>,
    msg_read: Option<Control>,
    msg_interface_write: Option<Control>,
    msg_interface_read: Option<Control>,
    msg_class_write: Option<Control>,
    msg_class_read: Option<Control>,
    /// Of disks: seek, send_scsi_cmd.
    disk: [Unused; 2],
    reset: Option<Plain>,
}

/// This library serves USB ports.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn gp_port_library_type() -> GPPortType {
    GPPortType::GP_PORT_USB
}

/// Lists the ports: a pattern that fits them all, and the one with a device on it.
///
/// # Safety
/// To be called by libgphoto2, with a list of its own.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn gp_port_library_list(list: *mut GPPortInfoList) -> c_int {
    // As libusb1.c has it: without any device there is `usb:`, on which nothing is found.
    let device = plugged().unwrap_or_else(|| "usb:".to_owned());
    for (name, path) in [("", "^usb:"), ("Universal Serial Bus", device.as_str())] {
        // SAFETY: the list is libgphoto2's, as promised above.
        unsafe { append(list, name, path) };
    }
    GP_OK
}

/// # Safety
/// The list must be libgphoto2's.
unsafe fn append(list: *mut GPPortInfoList, name: &str, path: &str) {
    let (name, path) = (format!("{name}\0"), format!("{path}\0"));
    let mut info: GPPortInfo = ptr::null_mut();
    // SAFETY: gp_port_info_new fills the pointer in or fails; both texts end in a zero and are copied.
    unsafe {
        if gp_port_info_new(&raw mut info) == GP_OK {
            gp_port_info_set_type(info, GPPortType::GP_PORT_USB);
            gp_port_info_set_name(info, name.as_ptr().cast());
            gp_port_info_set_path(info, path.as_ptr().cast());
            gp_port_info_list_append(list, info);
        }
    }
}

/// The table of operations; libgphoto2 frees it with `free`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn gp_port_library_operations() -> *mut libc::c_void {
    let operations = Operations {
        init: Some(init),
        exit: Some(exit),
        open: Some(open),
        close: Some(close),
        read: Some(read),
        check_int: Some(check_int),
        write: Some(write),
        update: Some(update),
        serial: [None; 4],
        find_device: Some(find_device),
        find_device_by_class: Some(find_device_by_class),
        clear_halt: Some(clear_halt),
        msg_write: Some(control_nothing),
        msg_read: Some(control_nothing),
        msg_interface_write: Some(control_nothing),
        msg_interface_read: Some(control_nothing),
        msg_class_write: Some(control_class_write),
        msg_class_read: Some(control_nothing),
        disk: [None; 2],
        reset: Some(reset),
    };
    // SAFETY: the memory is large enough and aligned for anything, and written whole before it is handed over.
    unsafe {
        let table = libc::malloc(size_of::<Operations>()).cast::<Operations>();
        if !table.is_null() {
            table.write(operations);
        }
        table.cast()
    }
}

/// What lies behind the port, while it is one of ours.
///
/// # Safety
/// The port must be libgphoto2's, made by [`init`], and used by one thread at a time, as libgphoto2 does.
unsafe fn ours<'a>(port: *mut GPPort) -> Option<&'a mut Port> {
    // SAFETY: `pl` is null or what `init` put there, and nobody else looks at it.
    unsafe { port.as_ref().and_then(|port| port.pl.cast::<Port>().as_mut()) }
}

/// # Safety
/// As [`ours`].
unsafe fn patience(port: *mut GPPort) -> Duration {
    // SAFETY: as promised above.
    let ms = unsafe { port.as_ref() }.map_or(0, |port| port.timeout);
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

unsafe extern "C" fn init(port: *mut GPPort) -> c_int {
    let ours = Port { device: plugged(), cable: None };
    // SAFETY: libgphoto2 hands in a port of its own, whose `pl` is for us; `exit` takes it back.
    unsafe {
        match port.as_mut() {
            Some(port) => port.pl = Box::into_raw(Box::new(ours)).cast(),
            None => return GP_ERROR_BAD_PARAMETERS,
        }
    }
    GP_OK
}

unsafe extern "C" fn exit(port: *mut GPPort) -> c_int {
    // SAFETY: `pl` is what `init` put there, and is forgotten here.
    unsafe {
        if let Some(port) = port.as_mut().filter(|port| !port.pl.is_null()) {
            drop(Box::from_raw(port.pl.cast::<Port>()));
            port.pl = ptr::null_mut();
        }
    }
    GP_OK
}

/// The path the port was made for, `usb:001,042`.
///
/// # Safety
/// As [`ours`].
unsafe fn path_of(port: *mut GPPort) -> String {
    // SAFETY: every pattern of bytes is a path; libgphoto2 ends it with a zero, and so do we.
    unsafe {
        let Some(port) = port.as_ref() else { return String::new() };
        let mut path = port.settings.usb.port;
        if let Some(last) = path.last_mut() {
            *last = 0;
        }
        CStr::from_ptr(path.as_ptr()).to_string_lossy().into_owned()
    }
}

unsafe extern "C" fn find_device(port: *mut GPPort, vendor: c_int, product: c_int) -> c_int {
    // SAFETY: the port is libgphoto2's.
    unsafe { found(port, (vendor, product) == (c_int::from(VENDOR), c_int::from(PRODUCT))) }
}

unsafe extern "C" fn find_device_by_class(
    port: *mut GPPort,
    class: c_int,
    sub: c_int,
    protocol: c_int,
) -> c_int {
    // SAFETY: the port is libgphoto2's.
    unsafe { found(port, (class, sub, protocol) == PTP_CLASS) }
}

/// Fills in the device's end points, if it is the one that is asked for and plugged in at this port.
///
/// # Safety
/// As [`ours`].
unsafe fn found(port: *mut GPPort, is_it: bool) -> c_int {
    // SAFETY: as promised above.
    let (device, path) = unsafe { (ours(port).and_then(|ours| ours.device.clone()), path_of(port)) };
    if !is_it || device.is_none_or(|device| path != "usb:" && path != device) {
        return GP_ERROR_IO_USB_FIND;
    }
    // SAFETY: as promised above; the numbers are those of any PTP camera at high speed.
    unsafe {
        if let Some(port) = port.as_mut() {
            let usb = &mut port.settings.usb;
            (usb.config, usb.interface, usb.altsetting) = (1, 0, 0);
            (usb.inep, usb.outep, usb.intep) = (0x81, 0x02, 0x83);
            usb.maxpacketsize = 512;
        }
    }
    GP_OK
}

unsafe extern "C" fn open(port: *mut GPPort) -> c_int {
    // SAFETY: the port is libgphoto2's.
    let (path, ours) = unsafe { (path_of(port), ours(port)) };
    let Some(ours) = ours else { return GP_ERROR_BAD_PARAMETERS };
    let path = if path == "usb:" { plugged().unwrap_or(path) } else { path };
    match Cable::open(&path) {
        Ok(cable) => {
            ours.cable = Some(cable);
            GP_OK
        }
        Err(trouble) => code(trouble, GP_ERROR_IO_USB_FIND),
    }
}

unsafe extern "C" fn close(port: *mut GPPort) -> c_int {
    // SAFETY: the port is libgphoto2's.
    if let Some(ours) = unsafe { ours(port) } {
        ours.cable = None;
    }
    GP_OK
}

unsafe extern "C" fn read(port: *mut GPPort, bytes: *mut c_char, size: c_int) -> c_int {
    // SAFETY: the port is libgphoto2's, and so is the room for that many bytes; it is filled before it is lent.
    unsafe {
        let Ok(room) = usize::try_from(size) else { return GP_ERROR_BAD_PARAMETERS };
        let Some(cable) = ours(port).and_then(|ours| ours.cable.as_mut()) else {
            return GP_ERROR_BAD_PARAMETERS;
        };
        ptr::write_bytes(bytes, 0, room);
        let room = std::slice::from_raw_parts_mut(bytes.cast::<u8>(), room);
        match cable.read(room, patience(port)) {
            Ok(got) => c_int::try_from(got).unwrap_or(c_int::MAX),
            Err(trouble) => code(trouble, GP_ERROR_IO_READ),
        }
    }
}

unsafe extern "C" fn write(port: *mut GPPort, bytes: *const c_char, size: c_int) -> c_int {
    // SAFETY: the port is libgphoto2's, and so are that many bytes.
    unsafe {
        let Ok(length) = usize::try_from(size) else { return GP_ERROR_BAD_PARAMETERS };
        let Some(cable) = ours(port).and_then(|ours| ours.cable.as_mut()) else {
            return GP_ERROR_BAD_PARAMETERS;
        };
        let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), length);
        match cable.write(bytes, patience(port)) {
            Ok(()) => size,
            Err(trouble) => code(trouble, GP_ERROR_IO_WRITE),
        }
    }
}

/// Nothing ever comes on the interrupt endpoint; but a device that has gone is told.
unsafe extern "C" fn check_int(port: *mut GPPort, _: *mut c_char, _: c_int, timeout: c_int) -> c_int {
    // SAFETY: the port is libgphoto2's.
    let path = unsafe { path_of(port) };
    let until = Instant::now() + Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    while Instant::now() < until {
        if plugged().is_none_or(|device| path != "usb:" && path != device) {
            return GP_ERROR_IO_USB_FIND;
        }
        sleep(LOOK_EVERY);
    }
    GP_ERROR_TIMEOUT
}

/// Settings ordered take force.
unsafe extern "C" fn update(port: *mut GPPort) -> c_int {
    // SAFETY: the port is libgphoto2's; both are plain numbers and bytes.
    unsafe {
        if let Some(port) = port.as_mut() {
            port.settings.usb = port.settings_pending.usb;
        }
    }
    GP_OK
}

unsafe extern "C" fn clear_halt(_: *mut GPPort, _: c_int) -> c_int {
    GP_OK
}

unsafe extern "C" fn reset(_: *mut GPPort) -> c_int {
    GP_OK
}

/// A control transfer to the interface; of interest is PTP's "forget your session".
unsafe extern "C" fn control_class_write(
    port: *mut GPPort,
    request: c_int,
    _: c_int,
    _: c_int,
    _: *mut c_char,
    size: c_int,
) -> c_int {
    if request != c_int::from(DEVICE_RESET) {
        return size;
    }
    // SAFETY: the port is libgphoto2's.
    let (cable, within) = unsafe { (ours(port).and_then(|ours| ours.cable.as_mut()), patience(port)) };
    match cable.map(|cable| cable.control(DEVICE_RESET, within)) {
        Some(Ok(())) => size,
        Some(Err(trouble)) => code(trouble, GP_ERROR_IO_WRITE),
        None => GP_ERROR_BAD_PARAMETERS,
    }
}

unsafe extern "C" fn control_nothing(
    _: *mut GPPort,
    _: c_int,
    _: c_int,
    _: c_int,
    _: *mut c_char,
    _: c_int,
) -> c_int {
    GP_OK
}

/// What libusb1.c makes of the same trouble (`translate_libusb_error`).
fn code(trouble: Trouble, broken: c_int) -> c_int {
    match trouble {
        Trouble::NotThere => GP_ERROR_IO_USB_FIND,
        Trouble::Claimed => GP_ERROR_IO_USB_CLAIM,
        Trouble::Silent => GP_ERROR_TIMEOUT,
        Trouble::Broken => broken,
    }
}
