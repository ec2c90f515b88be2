//! What the host has asked, in order, for tests that care how and not only what.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use serde::Serialize;

use crate::clock::real_now;
use crate::inside::lock;
use crate::scene::as_milliseconds;
use crate::wire::Request;

/// Operations remembered; older ones are forgotten.
const REMEMBERED: usize = 100_000;

/// One operation of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// When it was asked.
    #[serde(serialize_with = "as_milliseconds")]
    pub at: SystemTime,
    /// Its code, `0x9128`.
    pub opcode: u16,
    /// Its parameters.
    pub parameters: Vec<u32>,
    /// How it was answered; `None` while it is under way, and when it never was.
    pub response: Option<u16>,
}

#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Operation>>);

impl Log {
    pub(crate) fn asked(&self, request: &Request) {
        let mut operations = self.operations();
        if operations.len() == REMEMBERED {
            operations.pop_front();
        }
        operations.push_back(Operation {
            at: real_now(),
            opcode: request.opcode,
            parameters: request.parameters.clone(),
            response: None,
        });
    }

    /// Notes the answer to the newest operation; a camera has one host, so there is no other.
    pub(crate) fn answered(&self, response: u16) {
        if let Some(newest) = self.operations().back_mut() {
            newest.response = Some(response);
        }
    }

    pub(crate) fn all(&self) -> Vec<Operation> {
        self.operations().iter().cloned().collect()
    }

    fn operations(&self) -> MutexGuard<'_, VecDeque<Operation>> {
        lock(&self.0)
    }
}
