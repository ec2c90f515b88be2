//! The camera's socket: the port a host knocks at, while the cable is in.
//!
//! By USB (`usb`) a host looks at the bus or opens the device, for itself alone, as the system would see to;
//! the PTP session outlives the host, for an EOS 80D is never told to close it (libgphoto2
//! `DONT_CLOSE_SESSION`), and ends with the cable's pulling.
//!
//! By network a host comes on two lines to the same port, the command line first. Only one host is served at a
//! time; a second is turned away (InitFail) as long as the first is there and talks. A silent one
//! gives way: when its farewell fails, libgphoto2 `library.c` `camera_exit` returns without closing
//! its sockets, and a USB camera would be free again then. Pulling the cable closes the port and
//! drops every line at once.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::Duration;

use virtual_usb::tunnel::{self, Kind, opened};

use crate::body::MODEL;
use crate::faults::Fault;
use crate::inside::{Inside, lock};
use crate::options::Transport;
use crate::ptp::u32_at;
use crate::session;
use crate::usb::{FIRST_PORT, Usb};
use crate::wire::{self, PtpIp, kind};

/// How long a new host waits for the last one to be gone, and how long that one may be silent.
const PATIENCE: Duration = Duration::from_millis(500);

/// The port, which may be open or closed.
#[derive(Debug)]
pub(crate) struct Door {
    inside: Arc<Inside>,
    address: SocketAddr,
    /// Where on the USB bus the camera is plugged in, unless it is on the network.
    usb_port: Mutex<Option<String>>,
    opened: Mutex<Option<Opened>>,
}

/// An open port: the thread at it and the lines that came in.
#[derive(Debug)]
struct Opened {
    lines: Arc<Lines>,
    porter: JoinHandle<()>,
}

impl Door {
    /// Opens the port; 0 takes a free one and keeps it from then on.
    pub(crate) fn open_at(port: u16, transport: Transport, inside: &Arc<Inside>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let usb_port = (transport == Transport::Usb).then(|| FIRST_PORT.to_owned());
        let door = Self {
            inside: Arc::clone(inside),
            address: listener.local_addr()?,
            usb_port: Mutex::new(usb_port),
            opened: Mutex::new(None),
        };
        *lock(&door.opened) = Some(door.admit(listener)?);
        Ok(door)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where on the USB bus the camera is or was plugged in.
    pub(crate) fn usb_port(&self) -> Option<String> {
        lock(&self.usb_port).clone()
    }

    /// Plugs the cable in at another port of the bus.
    pub(crate) fn open_on(&self, port: &str) -> io::Result<()> {
        if self.usb_port().is_none() {
            return Err(io::Error::new(ErrorKind::Unsupported, "the camera is not on USB"));
        }
        self.close();
        *lock(&self.usb_port) = Some(port.to_owned());
        self.open()
    }

    /// Plugs the cable in; nothing happens when it is in. The old port may take a moment to be had
    /// again.
    pub(crate) fn open(&self) -> io::Result<()> {
        let mut opened = lock(&self.opened);
        if opened.is_some() {
            return Ok(());
        }
        let mut attempts = 0;
        let listener = loop {
            match TcpListener::bind(self.address) {
                Err(error) if error.kind() == ErrorKind::AddrInUse && attempts < 100 => {
                    attempts += 1;
                    sleep(Duration::from_millis(20));
                }
                bound => break bound?,
            }
        };
        *opened = Some(self.admit(listener)?);
        Ok(())
    }

    /// Pulls the cable: drops every line, refuses new ones, and waits until all is quiet.
    pub(crate) fn close(&self) {
        let Some(opened) = lock(&self.opened).take() else {
            return;
        };
        opened.lines.drop_all();
        // The porter sleeps in accept; a last knock wakes it, and it sees that the door is closed.
        TcpStream::connect(self.address).ok();
        opened.porter.join().ok();
        opened.lines.join_all();
    }

    fn admit(&self, listener: TcpListener) -> io::Result<Opened> {
        let lines = Arc::new(Lines { usb_port: self.usb_port(), ..Lines::default() });
        let (inside, admitted) = (Arc::clone(&self.inside), Arc::clone(&lines));
        let porter = Builder::new().name("vcam-door".to_owned()).spawn(move || {
            for line in listener.incoming() {
                if admitted.is_closed() {
                    break;
                }
                if let Ok(line) = line {
                    admitted.welcome(line, &inside).ok();
                }
            }
        })?;
        Ok(Opened { lines, porter })
    }
}

/// The lines of one plugging-in.
#[derive(Debug, Default)]
struct Lines {
    closed: AtomicBool,
    /// The place on the bus, of a USB cable.
    usb_port: Option<String>,
    /// Whether a host has opened a PTP session over USB.
    session: AtomicBool,
    /// Lines so far; no number is given twice, for a line may end after a later one has begun.
    admitted: AtomicU32,
    streams: Mutex<BTreeMap<u32, TcpStream>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    host: Mutex<Option<Host>>,
    host_gone: Condvar,
}

/// The host being served, by the numbers of its lines.
#[derive(Debug)]
struct Host {
    command: u32,
    event: Option<u32>,
}

impl Lines {
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Gives a line its thread.
    fn welcome(self: &Arc<Self>, line: TcpStream, inside: &Arc<Inside>) -> io::Result<()> {
        line.set_nodelay(true)?;
        let number = self.register(line.try_clone()?);
        let (lines, inside) = (Arc::clone(self), Arc::clone(inside));
        let thread = Builder::new().name(format!("vcam-line-{number}")).spawn(move || {
            // How a line ends is the host's affair, or a fault's; the camera goes on.
            match &lines.usb_port {
                Some(port) => lines.serve_bus(number, &line, port, &inside).ok(),
                None => lines.serve(number, &line, &inside).ok(),
            };
            lock(&lines.streams).remove(&number);
        })?;
        let mut threads = lock(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
        Ok(())
    }

    fn register(&self, line: TcpStream) -> u32 {
        let mut streams = lock(&self.streams);
        let number = self.admitted.fetch_add(1, Ordering::Relaxed) + 1;
        // The cable may have been pulled since the porter looked.
        if self.is_closed() {
            line.shutdown(Shutdown::Both).ok();
        }
        streams.insert(number, line);
        number
    }

    /// A host looks at the bus, or opens the device for itself alone.
    fn serve_bus(&self, number: u32, mut line: &TcpStream, port: &str, inside: &Inside) -> io::Result<()> {
        let answer = match tunnel::receive(&mut line)? {
            (Kind::Who, _) => return tunnel::send(&mut line, Kind::Who, port.as_bytes()),
            (Kind::Open, wanted) if wanted != port.as_bytes() => opened::NOT_THERE,
            (Kind::Open, _) if inside.faults.has(&Fault::Claimed) => opened::CLAIMED,
            (Kind::Open, _) if self.take_if_free(number) => opened::YOURS,
            (Kind::Open, _) => opened::CLAIMED,
            (Kind::Bulk | Kind::Control, _) => return Err(ErrorKind::InvalidData.into()),
        };
        let told = tunnel::send(&mut line, Kind::Open, &[answer]);
        if answer != opened::YOURS {
            return told;
        }
        let served = told.and_then(|()| session::serve(inside, line, &Usb, &self.session));
        self.leave_host();
        served
    }

    /// The first packet tells which line this is.
    fn serve(&self, number: u32, mut line: &TcpStream, inside: &Inside) -> io::Result<()> {
        let hello = wire::read_packet(&mut line)?;
        match hello.kind {
            kind::INIT_COMMAND_REQUEST if self.take_host(number, inside) => {
                let served = wire::write_command_ack(&mut line, number, MODEL)
                    .and_then(|()| session::serve(inside, line, &PtpIp, &AtomicBool::new(false)));
                self.leave_host();
                served
            }
            kind::INIT_EVENT_REQUEST if self.take_event_line(number, &hello.body) => {
                wire::write_event_ack(&mut line)?;
                session::listen_in_vain(line);
                Ok(())
            }
            _ => wire::write_init_fail(&mut line),
        }
    }

    /// Makes that line the host's; false when the last host stays.
    fn take_host(&self, number: u32, inside: &Inside) -> bool {
        if self.take_if_free(number) {
            return true;
        }
        if !inside.is_silent_for(PATIENCE) {
            return false;
        }
        let forgotten = lock(&self.host).as_ref().map(|host| host.command);
        self.drop_line(forgotten);
        self.take_if_free(number)
    }

    /// Waits a while for the last host to be gone.
    fn take_if_free(&self, number: u32) -> bool {
        let host = lock(&self.host);
        let waited = self.host_gone.wait_timeout_while(host, PATIENCE, |host| host.is_some());
        let mut host = match waited {
            Ok((host, _)) => host,
            Err(poisoned) => poisoned.into_inner().0,
        };
        let free = host.is_none();
        if free {
            *host = Some(Host { command: number, event: None });
        }
        free
    }

    /// Joins an event line to the command line it names; false when that is not the host's.
    fn take_event_line(&self, number: u32, hello: &[u8]) -> bool {
        let mut host = lock(&self.host);
        let named = host.as_mut().filter(|host| Some(host.command) == u32_at(hello, 0));
        named.map(|host| host.event = Some(number)).is_some()
    }

    /// The host is gone; its event line goes with it.
    fn leave_host(&self) {
        let gone = lock(&self.host).take();
        self.drop_line(gone.and_then(|host| host.event));
        self.host_gone.notify_all();
    }

    fn drop_line(&self, number: Option<u32>) {
        if let Some(line) = number.and_then(|number| lock(&self.streams).remove(&number)) {
            line.shutdown(Shutdown::Both).ok();
        }
    }

    fn drop_all(&self) {
        self.closed.store(true, Ordering::SeqCst);
        for line in lock(&self.streams).values() {
            line.shutdown(Shutdown::Both).ok();
        }
    }

    fn join_all(&self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        for thread in threads {
            thread.join().ok();
        }
    }
}
