//! Threads that handle frames, so that socket threads only move bytes.
//!
//! Frames of one socket are handled in order, one at a time; frames of different sockets beside each other.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tungstenite::Utf8Bytes;

use crate::model::limits;

type Task = Box<dyn FnOnce() + Send>;

/// The threads. Each socket waits in their queue at most once, so the queue is bounded by the sockets.
pub struct Workers {
    tasks: Mutex<Option<Sender<Task>>>,
}

impl Workers {
    /// Starts [`limits::FRAME_WORKERS`] threads.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start() -> std::io::Result<Workers> {
        let (sender, receiver) = channel::<Task>();
        let receiver = Arc::new(Mutex::new(receiver));
        for n in 0..limits::FRAME_WORKERS {
            let receiver = Arc::clone(&receiver);
            let builder = std::thread::Builder::new().name(format!("frames-{n}")).stack_size(2 * 1024 * 1024);
            builder.spawn(move || work(&receiver))?;
        }
        Ok(Workers { tasks: Mutex::new(Some(sender)) })
    }

    /// Runs `task` on one of the threads; after [`Workers::stop`] it is dropped.
    pub fn run(&self, task: impl FnOnce() + Send + 'static) {
        if let Some(tasks) = &*self.tasks.lock().unwrap_or_else(PoisonError::into_inner) {
            drop(tasks.send(Box::new(task)));
        }
    }

    /// Lets the threads end after what already waits.
    pub fn stop(&self) {
        drop(self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn work(tasks: &Mutex<Receiver<Task>>) {
    loop {
        let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = task else { return };
        if catch_unwind(AssertUnwindSafe(task)).is_err() {
            tracing::error!("handling a frame panicked");
        }
    }
}

/// What becomes of a frame that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Handled; the next one may come.
    Done,
    /// Being written; the next one may come already. Whoever finishes it calls [`Peer::done`].
    Pending,
    /// The next one must wait until [`resume`].
    Wait,
}

/// One client, as the workers see it.
pub trait Peer: Send + Sync + 'static {
    /// Its waiting frames.
    fn inbox(&self) -> &Inbox;
    /// The threads it uses.
    fn workers(&self) -> &Workers;
    /// Handles one frame.
    fn handle(self: &Arc<Self>, text: &Utf8Bytes) -> Flow;
    /// One frame is worked off.
    fn done(&self);
    /// Handling a frame panicked.
    fn broken(&self);
}

/// Frames of one socket, in order.
#[derive(Default)]
pub struct Inbox(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    frames: VecDeque<Utf8Bytes>,
    /// Somebody works on it, or [`resume`] is to come.
    taken: bool,
}

impl Inbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a frame behind those that wait.
pub fn push<P: Peer>(peer: &Arc<P>, text: Utf8Bytes) {
    let mut waiting = peer.inbox().waiting();
    waiting.frames.push_back(text);
    if !std::mem::replace(&mut waiting.taken, true) {
        drop(waiting);
        resume(peer);
    }
}

/// Goes on with a client whose frame had to [`Flow::Wait`].
pub fn resume<P: Peer>(peer: &Arc<P>) {
    let again = Arc::clone(peer);
    peer.workers().run(move || turn(&again));
}

fn turn<P: Peer>(peer: &Arc<P>) {
    for _ in 0..limits::FRAMES_IN_TURN {
        let mut waiting = peer.inbox().waiting();
        let Some(text) = waiting.frames.pop_front() else {
            waiting.taken = false;
            if waiting.frames.capacity() > limits::FRAMES_IN_TURN {
                waiting.frames = VecDeque::new();
            }
            return;
        };
        drop(waiting);
        match catch_unwind(AssertUnwindSafe(|| peer.handle(&text))) {
            Ok(Flow::Done) => peer.done(),
            Ok(Flow::Pending) => {}
            Ok(Flow::Wait) => return,
            Err(_) => {
                tracing::error!("handling a frame panicked");
                peer.broken();
                return;
            }
        }
    }
    resume(peer);
}
