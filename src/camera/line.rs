//! The line to the camera's own process: one question, one answer, each in its time.

use std::{
    io,
    process::{Child, ChildStdin, ChildStdout},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{
    CameraError,
    deadline::{Stop, UntilThen},
    wire::{self, Answer, Request},
};

/// A camera's session closes within this.
const FAREWELL_WITHIN: Duration = Duration::from_secs(2);

/// A picture comes in pieces of this size, instead of 64 KB: the most that Linux gives everybody.
const PIPE_BYTES: usize = 1 << 20;

/// A running camera process and its pipes.
#[derive(Debug)]
pub(super) struct Line {
    child: Child,
    /// `None` once the farewell is said.
    to: Option<ChildStdin>,
    from: ChildStdout,
}

impl Line {
    /// The pipes of a process that was started with both.
    pub(super) fn with(mut child: Child) -> Option<Self> {
        match (child.stdin.take(), child.stdout.take()) {
            (to @ Some(_), Some(from)) => {
                // A smaller one does as well, more slowly.
                rustix::pipe::fcntl_setpipe_size(&from, PIPE_BYTES).ok();
                Some(Self { child, to, from })
            }
            _ => None,
        }
    }

    /// Asks one thing and waits for the answer, until the deadline or the order to stop.
    pub(super) fn ask(
        &mut self,
        request: &Request,
        within: Duration,
        stop: &Stop,
    ) -> Result<(Answer, Arc<[u8]>), CameraError> {
        let until = Instant::now() + within;
        let to = self.to.as_mut().ok_or(io::ErrorKind::BrokenPipe.into());
        let answer = to
            .and_then(|to| wire::send(to, request, &[]))
            .and_then(|()| wire::receive(&mut UntilThen { from: &mut self.from, until, stop }));
        match answer {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(CameraError::Broken { said: "the camera's process ended".to_owned() }),
            Err(err) if err.kind() == io::ErrorKind::TimedOut => {
                let doing = match request {
                    Request::Hello { .. } | Request::Discover | Request::Connect { .. } => "connect",
                    Request::Fire => "fire",
                    Request::Wait { .. } => "say what is new",
                    Request::Fetch(_) => "hand over a file",
                    Request::List => "list its card",
                    Request::Examine | Request::SetClock { .. } => "tell its settings",
                    Request::Frame | Request::EndLive => "show its live view",
                    Request::Adopt(_) | Request::Settle(..) => "be set",
                    Request::Condition => "tell how it stands",
                };
                Err(CameraError::NoAnswer { doing: doing.to_owned(), seconds: within.as_secs() })
            }
            Err(err) => Err(CameraError::Broken { said: err.to_string() }),
        }
    }

    /// Ends the process without a farewell.
    pub(super) fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Line {
    /// A closed pipe ends the process, which takes leave of the camera; if it does not in time, it is ended.
    fn drop(&mut self) {
        self.to = None;
        let until = Instant::now() + FAREWELL_WITHIN;
        while Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.kill();
    }
}
