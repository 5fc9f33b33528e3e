//! The handle by which everybody tells the [`super::hub`] something.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::hub::Message;
use crate::model::limits;

/// The handle of the thread.
#[derive(Clone)]
pub struct Hub {
    messages: SyncSender<Message>,
}

impl Hub {
    /// The handle, and what the thread will read; events may be sent before it runs.
    pub fn new() -> (Hub, Receiver<Message>) {
        let (messages, receiver) = sync_channel(limits::HUB_QUEUE);
        (Hub { messages }, receiver)
    }

    /// Tells the hub; waits while its queue is full. Nothing happens after the hub ended.
    pub fn tell(&self, message: Message) {
        drop(self.messages.send(message));
    }

    /// Looks at the clock and waits until all that was told before is handled.
    pub fn tick(&self) {
        self.register(Message::Tick);
    }

    /// Tells the hub and waits until it has handled that, so that whoever reads a catch-up afterwards misses nothing: what
    /// the hub has told to others by then is in the file.
    pub fn register(&self, message: impl FnOnce(SyncSender<()>) -> Message) {
        let (done, wait) = sync_channel(1);
        self.tell(message(done));
        let _ = wait.recv();
    }
}
