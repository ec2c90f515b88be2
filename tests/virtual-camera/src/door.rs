//! The camera's socket: the port a host knocks at, while the cable is in.
//!
//! A host comes on two lines to the same port, the command line first. Only one host is served at a
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

use crate::body::MODEL;
use crate::inside::{Inside, lock};
use crate::ptp::u32_at;
use crate::session;
use crate::wire::{self, kind};

/// How long a new host waits for the last one to be gone, and how long that one may be silent.
const PATIENCE: Duration = Duration::from_millis(500);

/// The port, which may be open or closed.
#[derive(Debug)]
pub(crate) struct Door {
    inside: Arc<Inside>,
    address: SocketAddr,
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
    pub(crate) fn open_at(port: u16, inside: &Arc<Inside>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let door =
            Self { inside: Arc::clone(inside), address: listener.local_addr()?, opened: Mutex::new(None) };
        *lock(&door.opened) = Some(door.admit(listener)?);
        Ok(door)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
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
        let lines = Arc::new(Lines::default());
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
            lines.serve(number, &line, &inside).ok();
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

    /// The first packet tells which line this is.
    fn serve(&self, number: u32, mut line: &TcpStream, inside: &Inside) -> io::Result<()> {
        let hello = wire::read_packet(&mut line)?;
        match hello.kind {
            kind::INIT_COMMAND_REQUEST if self.take_host(number, inside) => {
                let served = wire::write_command_ack(&mut line, number, MODEL)
                    .and_then(|()| session::serve(inside, line));
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
