//! A worker, and the orders it had no room for.

use std::collections::VecDeque;

use crate::crew::{Refused, Worker};

/// A worker with a tray before it: an order is handed over now or later, never dropped, never overtaken.
#[derive(Debug)]
pub(super) struct Desk<Order> {
    worker: Worker<Order>,
    tray: VecDeque<Order>,
}

impl<Order: Send + 'static> Desk<Order> {
    pub(super) fn new(worker: Worker<Order>) -> Self {
        Self { worker, tray: VecDeque::new() }
    }

    /// Puts an order into the tray.
    pub(super) fn push(&mut self, order: Order) {
        self.tray.push_back(order);
    }

    /// Gives no more orders: the worker ends what it is at, and then itself.
    pub(super) fn close(&mut self) {
        self.worker.close();
    }

    /// Ends quickly whatever the worker is waiting for.
    pub(super) fn hurry(&self) {
        self.worker.hurry();
    }

    /// Whether the worker has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.worker.has_ended()
    }

    /// Hands over what the worker has room for; tells why the rest must wait.
    pub(super) fn hand_over(&mut self) -> Result<(), Refused> {
        while let Some(order) = self.tray.pop_front() {
            if let Err((order, why)) = self.worker.order(order) {
                self.tray.push_front(order);
                return Err(why);
            }
        }
        Ok(())
    }
}
