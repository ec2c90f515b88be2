//! The stagehand's line: another process directs the camera in plain words.
//!
//! Each request is one line, `SCENE` followed by that many raw bytes; each answer is one line: `OK`,
//! `OK` and JSON, or `ERR` and why.
//!
//! | request | |
//! |---|---|
//! | `SCENE label bytes` | puts that JPEG before the lens; the label, without spaces, comes back |
//! | `PRESS` | presses the shutter; `OK` and the exposure's number |
//! | `UNPLUG`, `PLUG`, `PLUG usb:001,043` | the cable; on USB perhaps at another port |
//! | `EXPOSURES` | `OK` and a JSON array of [`Exposure`](crate::Exposure) |
//! | `FAULT words` | orders a [`Fault`] by its line of words |
//! | `CLEAR` | mends everything |
//! | `CLOCK milliseconds` | sets the clock that far ahead |
//! | `BATTERY percent` | charges the battery |
//! | `DELAY milliseconds` | from the shutter to the file, from now on |
//! | `SIZE bytes` | JPEG files are at least that large from now on |
//! | `FORMAT` | formats the card |
//! | `NUMBER folder number` | the next file's, `NUMBER 101 1` |
//! | `DIAL aperture 5.6` | turns a dial: see [`VirtualCamera::turn`](crate::VirtualCamera::turn) |
//! | `QUIT` | sends the camera home: the program `virtual-camera` ends |

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::door::Door;
use crate::faults::Fault;
use crate::inside::{Inside, lock};
use crate::scene::Scene;

/// The longest line a stagehand may speak, and the largest scene it may bring.
const LONGEST_LINE: u64 = 4096;
const LARGEST_SCENE: usize = 64 << 20;

/// The stagehand's port.
#[derive(Debug)]
pub(crate) struct Stagehand {
    address: SocketAddr,
    wings: Arc<Wings>,
    porter: Option<JoinHandle<()>>,
}

/// Where the stagehands stand: their lines and threads.
#[derive(Debug)]
struct Wings {
    inside: Arc<Inside>,
    door: Arc<Door>,
    lines: Mutex<Vec<TcpStream>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Stagehand {
    pub(crate) fn start(port: u16, inside: &Arc<Inside>, door: &Arc<Door>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let wings = Arc::new(Wings {
            inside: Arc::clone(inside),
            door: Arc::clone(door),
            lines: Mutex::default(),
            threads: Mutex::default(),
        });
        let admitting = Arc::clone(&wings);
        let porter = Builder::new().name("vcam-stagehand".to_owned()).spawn(move || {
            for line in listener.incoming() {
                if admitting.inside.is_stopping() {
                    break;
                }
                if let Ok(line) = line {
                    Wings::admit(&admitting, line).ok();
                }
            }
        })?;
        Ok(Self { address, wings, porter: Some(porter) })
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Stagehand {
    /// The camera is stopping already: wakes the porter, ends the lines, waits for the threads. The
    /// lines end for reading only, so that the answer to QUIT still goes out.
    fn drop(&mut self) {
        TcpStream::connect(self.address).ok();
        if let Some(porter) = self.porter.take() {
            porter.join().ok();
        }
        for line in lock(&self.wings.lines).drain(..) {
            line.shutdown(Shutdown::Read).ok();
        }
        let threads = std::mem::take(&mut *lock(&self.wings.threads));
        for thread in threads {
            thread.join().ok();
        }
    }
}

impl Wings {
    fn admit(wings: &Arc<Self>, line: TcpStream) -> io::Result<()> {
        line.set_nodelay(true)?;
        lock(&wings.lines).push(line.try_clone()?);
        let listening = Arc::clone(wings);
        let thread = Builder::new().name("vcam-stagehand-line".to_owned()).spawn(move || {
            listening.obey(&line).ok();
            line.shutdown(Shutdown::Both).ok();
        })?;
        lock(&wings.threads).push(thread);
        Ok(())
    }

    /// Answers request after request until the line ends.
    fn obey(&self, mut answers: &TcpStream) -> io::Result<()> {
        let mut requests = BufReader::new(answers);
        loop {
            let mut request = String::new();
            let read = requests.by_ref().take(LONGEST_LINE).read_line(&mut request)?;
            if read == 0 {
                return Ok(());
            }
            let answer = match self.carry_out(request.trim_end(), &mut requests) {
                Ok(None) => "OK\n".to_owned(),
                Ok(Some(json)) => format!("OK {json}\n"),
                Err(why) => format!("ERR {}\n", why.replace('\n', " ")),
            };
            answers.write_all(answer.as_bytes())?;
        }
    }

    /// What the request asks for; the answer's JSON, if it has any, or why not.
    fn carry_out(&self, request: &str, more: &mut impl Read) -> Result<Option<String>, String> {
        let (verb, rest) = request.split_once(' ').unwrap_or((request, ""));
        match verb {
            "SCENE" => self.scene(rest, more)?,
            "PRESS" => {
                return self.inside.press_shutter().map(|number| Some(number.to_string())).map_err(words);
            }
            "UNPLUG" => self.door.close(),
            "PLUG" if rest.is_empty() => self.door.open().map_err(words)?,
            "PLUG" => self.door.open_on(rest.trim()).map_err(words)?,
            "EXPOSURES" => {
                return serde_json::to_string(&self.inside.body().exposures).map(Some).map_err(words);
            }
            "FAULT" => self.inside.faults.set(rest.parse::<Fault>().map_err(words)?),
            "CLEAR" => self.inside.faults.clear(),
            "CLOCK" => {
                let offset_ms = rest.trim().parse().map_err(words)?;
                self.inside.body().clock.set_offset_ms(offset_ms);
            }
            "BATTERY" => {
                let percent = rest.trim().parse().map_err(words)?;
                self.inside.body().set_battery(percent);
            }
            "DIAL" => {
                let (dial, engraved) = rest.trim().split_once(' ').ok_or("DIAL name stop")?;
                self.inside.body().turn(dial, engraved).map_err(words)?;
            }
            "QUIT" => self.inside.dismiss(),
            _ => self.turn_dials(verb, rest)?,
        }
        Ok(None)
    }

    /// The requests that only change how the body is set.
    fn turn_dials(&self, verb: &str, rest: &str) -> Result<(), String> {
        let mut body = self.inside.body();
        match verb {
            "DELAY" => body.capture_delay = Duration::from_millis(rest.trim().parse().map_err(words)?),
            "SIZE" => body.file_bytes = rest.trim().parse().map_err(words)?,
            "FORMAT" => body.card.format(),
            "NUMBER" => {
                let (folder, number) = rest.split_once(' ').ok_or("NUMBER folder number")?;
                body.card.number_from(folder.parse().map_err(words)?, number.trim().parse().map_err(words)?);
            }
            _ => return Err(format!("no such request: {verb}")),
        }
        Ok(())
    }

    /// `SCENE`: its bytes follow the line, and are read even of a scene that is then refused.
    fn scene(&self, rest: &str, more: &mut impl Read) -> Result<(), String> {
        let (label, size) = rest.split_once(' ').ok_or("SCENE label bytes")?;
        let size: usize = size.trim().parse().map_err(words)?;
        if size > LARGEST_SCENE {
            io::copy(&mut more.take(size as u64), &mut io::sink()).map_err(words)?;
            return Err("the scene is too large".to_owned());
        }
        let mut jpeg = vec![0; size];
        more.read_exact(&mut jpeg).map_err(words)?;
        self.inside.body().scene = Scene::new(label, &jpeg).map_err(words)?;
        Ok(())
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
