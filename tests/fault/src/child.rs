//! A station and a check as processes of their own: what ends one of them ends nobody else.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use crate::{Stopped, judge::Verdict, mutants::Mutant, oracle::Oracle, system};

/// A check that takes longer than this has hung, in seconds.
const PATIENCE: &str = "60";

/// How a station is started.
#[derive(Debug, Clone)]
pub struct Station {
    store: PathBuf,
    words: Vec<String>,
    under: Vec<String>,
    deaf: Option<(PathBuf, &'static str)>,
}

impl Station {
    /// A station at a store, with these students and so many orders.
    #[must_use]
    pub fn new(store: &Path, seed: u64, orders: usize) -> Self {
        let words = [("--seed", seed.to_string()), ("--orders", orders.to_string())];
        let words = words.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect();
        Self { store: store.to_owned(), words, under: vec![], deaf: None }
    }

    /// Its first student has this number.
    #[must_use]
    pub fn first(self, number: u64) -> Self {
        self.with(["--first".to_owned(), number.to_string()])
    }

    /// It is wrong in this way.
    #[must_use]
    pub fn mutant(self, mutant: Mutant) -> Self {
        self.with(["--mutant".to_owned(), mutant.name().to_owned()])
    }

    /// It waits for [`Running::pace`].
    #[must_use]
    pub fn paced(self) -> Self {
        self.with(["--paced".to_owned()])
    }

    /// Somebody sets its clock again and again.
    #[must_use]
    pub fn jumping(self) -> Self {
        self.with(["--jumping".to_owned()])
    }

    /// Another program runs it.
    #[must_use]
    pub fn under(mut self, words: Vec<String>) -> Self {
        self.under = words;
        self
    }

    /// Syncs of paths like this one are not heard.
    #[must_use]
    pub fn deaf(mut self, library: &Path, pattern: &'static str) -> Self {
        self.deaf = Some((library.to_owned(), pattern));
        self
    }

    fn with<const N: usize>(mut self, words: [String; N]) -> Self {
        self.words.extend(words);
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self) -> Result<Running, Stopped> {
        let this = env::current_exe().map_err(system("find this program"))?;
        let this = this.to_string_lossy().into_owned();
        let mut words = self.under.iter().cloned().chain([this, "station".to_owned()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).arg(&self.store).args(&self.words);
        if let Some((library, pattern)) = &self.deaf {
            command.env("LD_PRELOAD", library).env("DEAF", pattern);
        }
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(system("start a station"))?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let (Some(pace), Some(said)) = pipes else {
            return Err(Stopped::Misunderstood("a child without pipes".to_owned()));
        };
        Ok(Running { child, pace: Some(pace), said: BufReader::new(said), text: String::new() })
    }

    /// Starts it and waits for its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(&self) -> Result<Ended, Stopped> {
        let mut running = self.start()?;
        running.pace = None;
        running.end()
    }
}

/// A station at work. It ends with this.
#[derive(Debug)]
pub struct Running {
    child: Child,
    pace: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
    text: String,
}

/// A station that has ended.
#[derive(Debug)]
pub struct Ended {
    /// What it said.
    pub oracle: Oracle,
    /// How it ended.
    pub status: ExitStatus,
    /// What it said on standard error: a panic, if there was one.
    pub words: String,
}

impl Running {
    /// The next line, as it was said; `None` after the last one.
    ///
    /// # Errors
    /// When the pipe breaks.
    pub fn line(&mut self) -> Result<Option<String>, Stopped> {
        let mut line = String::new();
        self.said.read_line(&mut line).map_err(system("hear a station"))?;
        if line.is_empty() {
            return Ok(None);
        }
        if line != "IDLE\n" {
            self.text.push_str(&line);
        }
        Ok(Some(line.trim_end().to_owned()))
    }

    /// Lets a paced station do so many orders, or turn to new students (`block`), and waits until they are done;
    /// returns whether it still lives.
    ///
    /// # Errors
    /// When the pipe breaks.
    pub fn pace(&mut self, what: &str, mut heard: impl FnMut(&str)) -> Result<bool, Stopped> {
        let told = self.pace.as_mut().map(|pace| writeln!(pace, "{what}").and_then(|()| pace.flush()));
        if told.is_none_or(|told| told.is_err()) {
            return Ok(false);
        }
        while let Some(line) = self.line()? {
            if line == "IDLE" {
                return Ok(true);
            }
            heard(&line);
        }
        Ok(false)
    }

    /// Ends it as a power switch would end the program.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> Result<(), Stopped> {
        self.child.kill().map_err(system("kill a station"))
    }

    /// What it said so far.
    ///
    /// # Errors
    /// When it said what no station says.
    pub fn oracle(&self) -> Result<Oracle, Stopped> {
        Oracle::read(&self.text)
    }

    /// Waits for its end. Whatever it still says is heard.
    ///
    /// # Errors
    /// When the pipe breaks, or it said what no station says.
    pub fn end(mut self) -> Result<Ended, Stopped> {
        self.pace = None;
        while self.line()?.is_some() {}
        let mut words = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            std::io::Read::read_to_string(&mut stderr, &mut words).map_err(system("hear a station"))?;
        }
        let status = self.child.wait().map_err(system("wait for a station"))?;
        Ok(Ended { oracle: self.oracle()?, status, words })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Judges a store in a process of its own. One that hangs, panics or cannot open the store is a verdict too.
///
/// # Errors
/// When it cannot be started.
pub fn check(store: &Path, oracle: &Oracle, scratch: &Path) -> Result<Verdict, Stopped> {
    let file = scratch.join("oracle");
    fs::write(&file, oracle.text()).map_err(crate::at("write", &file))?;
    let this = env::current_exe().map_err(system("find this program"))?;
    let mut command = Command::new("timeout");
    command.args([
        PATIENCE.as_ref(),
        this.as_os_str(),
        "check".as_ref(),
        store.as_os_str(),
        file.as_os_str(),
    ]);
    let ended = command.output().map_err(system("start a check"))?;
    let said = String::from_utf8_lossy(&ended.stdout);
    Ok(Verdict::read(&said).unwrap_or_else(|| {
        let words = String::from_utf8_lossy(&ended.stderr);
        Verdict::unjudged(format!("the store cannot be judged ({}): {}", ended.status, words.trim()))
    }))
}
