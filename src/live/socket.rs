//! One WebSocket, seen from the application: a queue that never blocks, and a budget.
//!
//! The other half, which reads and writes, lives on a socket thread ([`super::pool`]). Between the two are the queue of
//! frames that go out and a count of frames that came in and are still being worked on. Both are bounded: a client
//! that does not read is closed with [`TOO_SLOW`] and resumes later, one that writes too fast is not read for a while.

use std::any::Any;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustix::event::{EventfdFlags, eventfd};
use tungstenite::Utf8Bytes;

/// Close code of a client that did not read: it may come back at once and resume. In the range for private use
/// (RFC 6455, section 7.4.2).
pub const TOO_SLOW: u16 = 4408;
/// The client is done (RFC 6455, section 7.4.1, as are the others).
pub const NORMAL: u16 = 1000;
/// The server stops; from a client, its page goes.
pub const GOING_AWAY: u16 = 1001;
/// The bytes are not the protocol's.
pub const PROTOCOL: u16 = 1002;
/// A frame that is not text.
pub const NOT_TEXT: u16 = 1003;
/// Text that is not UTF-8.
pub const NOT_UTF8: u16 = 1007;
/// More pings than anybody needs.
pub const POLICY: u16 = 1008;
/// A frame over the limit.
pub const TOO_LARGE: u16 = 1009;
/// Our fault.
pub const INTERNAL: u16 = 1011;

/// What happens to a socket. Called on a socket thread, which serves others too: must not block.
///
/// A panic closes the socket with [`INTERNAL`].
pub trait Listener: Send + Sync + 'static {
    /// The socket was taken over; the moment to set [`Socket::data`]. Called before anything else, on the thread that
    /// called `Pool::adopt`.
    fn opened(&self, _socket: &Arc<Socket>) {}

    /// One text frame came. Call [`Socket::frame_done`] when it is worked off, from any thread.
    fn frame(&self, socket: &Arc<Socket>, text: Utf8Bytes);

    /// The socket is gone, whichever side or fault ended it. Called once, and nothing of this socket after it.
    fn closed(&self, socket: &Arc<Socket>);
}

/// What one socket may have waiting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub outbox_frames: usize,
    pub outbox_bytes: usize,
    pub inbox_frames: usize,
}

/// How a socket shall end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Farewell {
    pub code: u16,
    pub reason: Utf8Bytes,
}

/// What the socket thread is to write next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outgoing {
    Frame(Utf8Bytes),
    Close(Farewell),
    Nothing,
}

/// A handle of a WebSocket. Cheap to share; outlives the connection.
pub struct Socket {
    id: u64,
    client: IpAddr,
    budget: Budget,
    outbox: Mutex<Outbox>,
    /// Frames given to the listener and not done.
    inbox: AtomicUsize,
    open: AtomicBool,
    page_gone: AtomicBool,
    /// The socket thread has to look at this socket.
    touched: AtomicBool,
    bell: Arc<Bell>,
    data: OnceLock<Box<dyn Any + Send + Sync>>,
}

#[derive(Debug, Default)]
struct Outbox {
    frames: VecDeque<Utf8Bytes>,
    bytes: usize,
    farewell: Option<Farewell>,
}

/// Capacity that an empty queue may keep; a burst must not cost memory for ever.
const QUEUE_KEPT: usize = 8;

impl Socket {
    pub(super) fn new(id: u64, client: IpAddr, budget: Budget, bell: Arc<Bell>) -> Socket {
        Socket {
            id,
            client,
            budget,
            outbox: Mutex::default(),
            inbox: AtomicUsize::new(0),
            open: AtomicBool::new(true),
            page_gone: AtomicBool::new(false),
            touched: AtomicBool::new(true),
            bell,
            data: OnceLock::new(),
        }
    }

    /// A number that no other socket of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The person's address, as the edge found it.
    pub fn client(&self) -> IpAddr {
        self.client
    }

    /// Queues one text frame. Never blocks; does nothing when the socket is closing or gone.
    ///
    /// Over the budget ([`crate::model::limits::OUTBOX_FRAMES`], [`crate::model::limits::OUTBOX_BYTES`]) what waits is
    /// thrown away and the socket closes with [`TOO_SLOW`].
    pub fn send(&self, text: Utf8Bytes) {
        if self.queue(text) {
            self.call();
        }
    }

    /// Puts the frame, or in its place the farewell of a slow reader, where the socket thread finds it.
    fn queue(&self, text: Utf8Bytes) -> bool {
        let mut outbox = lock(&self.outbox);
        if outbox.farewell.is_some() || !self.is_open() {
            return false;
        }
        let bytes = outbox.bytes + text.len();
        if outbox.frames.len() >= self.budget.outbox_frames || bytes > self.budget.outbox_bytes {
            *outbox = Outbox::default();
            outbox.farewell = Some(Farewell { code: TOO_SLOW, reason: Utf8Bytes::from_static("too slow") });
        } else {
            outbox.bytes = bytes;
            outbox.frames.push_back(text);
        }
        true
    }

    /// Closes after what is queued. `reason` is cut to the 123 bytes that fit (RFC 6455, section 5.5).
    ///
    /// The first farewell counts. A client that does not answer it is dropped after [`crate::model::limits::CLOSE_MS`].
    pub fn close(&self, code: u16, reason: &str) {
        let mut outbox = lock(&self.outbox);
        if outbox.farewell.is_some() {
            return;
        }
        let fitting = reason.get(..reason.floor_char_boundary(123)).unwrap_or_default();
        outbox.farewell = Some(Farewell { code, reason: fitting.into() });
        drop(outbox);
        self.call();
    }

    /// Closes at once: what is queued is thrown away, for a client that may not have it any more.
    pub fn cut(&self, code: u16, reason: &str) {
        // First the farewell, after which nothing more is queued.
        self.close(code, reason);
        let mut outbox = lock(&self.outbox);
        outbox.frames = VecDeque::new();
        outbox.bytes = 0;
    }

    /// The application is done with one frame that [`Listener::frame`] got; reading may go on.
    pub fn frame_done(&self) {
        let before = self.inbox.fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| count.checked_sub(1));
        if before == Ok(self.budget.inbox_frames) {
            self.call();
        }
    }

    /// False from the moment at which the socket began to close, on either side.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// The client said that it goes: browsers do so when a page is closed or loaded again. Who gives up a line that does not
    /// answer, to come back on another, says no code.
    pub fn is_page_gone(&self) -> bool {
        self.page_gone.load(Ordering::Acquire)
    }

    /// A place for what the application knows of this socket; set once, read from anywhere.
    pub fn data(&self) -> &OnceLock<Box<dyn Any + Send + Sync>> {
        &self.data
    }

    /// Has the socket thread look at this socket.
    fn call(&self) {
        if self.touch() {
            self.bell.ring();
        }
    }

    /// True: somebody must ring, as nobody did since the thread looked last.
    fn touch(&self) -> bool {
        !self.touched.swap(true, Ordering::SeqCst)
    }

    // For the socket thread.

    pub(super) fn take_touch(&self) -> bool {
        self.touched.load(Ordering::SeqCst) && self.touched.swap(false, Ordering::SeqCst)
    }

    pub(super) fn next(&self) -> Outgoing {
        let mut outbox = lock(&self.outbox);
        if let Some(text) = outbox.frames.pop_front() {
            outbox.bytes -= text.len();
            if outbox.frames.is_empty() && outbox.frames.capacity() > QUEUE_KEPT {
                outbox.frames.shrink_to(0);
            }
            return Outgoing::Frame(text);
        }
        outbox.farewell.clone().map_or(Outgoing::Nothing, Outgoing::Close)
    }

    /// The farewell, when nothing is queued before it.
    pub(super) fn farewell_is_next(&self) -> Option<Farewell> {
        let outbox = lock(&self.outbox);
        outbox.farewell.clone().filter(|_| outbox.frames.is_empty())
    }

    /// Throws away what waits to go out; nothing can be queued any more.
    pub(super) fn mark_closing(&self) {
        self.open.store(false, Ordering::Release);
        let mut outbox = lock(&self.outbox);
        outbox.frames = VecDeque::new();
        outbox.bytes = 0;
    }

    pub(super) fn mark_page_gone(&self) {
        self.page_gone.store(true, Ordering::Release);
    }

    pub(super) fn frame_delivered(&self) {
        self.inbox.fetch_add(1, Ordering::AcqRel);
    }

    /// As many frames are being worked on as may be.
    pub(super) fn is_inbox_full(&self) -> bool {
        self.inbox.load(Ordering::Acquire) >= self.budget.inbox_frames
    }
}

/// Sends the same frame to many sockets, thread by thread: queues it for all sockets of a thread, wakes it once, and goes on
/// while it writes.
///
/// One by one, every frame would wake its thread, which then sleeps again before the next of its sockets gets one.
pub fn send_to_all<'a>(sockets: impl IntoIterator<Item = &'a Arc<Socket>>, text: &Utf8Bytes) {
    let mut sockets: Vec<&Arc<Socket>> = sockets.into_iter().collect();
    sockets.sort_unstable_by_key(|socket| Arc::as_ptr(&socket.bell));
    for of_thread in sockets.chunk_by(|one, other| Arc::ptr_eq(&one.bell, &other.bell)) {
        let mut touched = None;
        for socket in of_thread {
            if socket.queue(text.clone()) && socket.touch() {
                touched = Some(&socket.bell);
            }
        }
        if let Some(bell) = touched {
            bell.ring();
        }
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Socket").field("id", &self.id).field("open", &self.is_open()).finish_non_exhaustive()
    }
}

/// Wakes a socket thread from `poll`; many rings before it wakes cost one system call.
///
/// The ringer writes what it rings for and then looks at `rung`; the thread clears `rung` and then looks at what was
/// rung for. Each must see the other's first step, so these steps, and those of what is rung for, are `SeqCst`: with
/// less, a processor may look before its write is seen, and a ring is lost.
#[derive(Debug)]
pub(super) struct Bell {
    pub descriptor: OwnedFd,
    rung: AtomicBool,
}

impl Bell {
    pub fn new() -> std::io::Result<Bell> {
        let descriptor = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Bell { descriptor, rung: AtomicBool::new(false) })
    }

    pub fn ring(&self) {
        if !self.rung.swap(true, Ordering::SeqCst) {
            // Fails only when the counter is full, and then the thread is awake.
            let _ = rustix::io::write(&self.descriptor, &1_u64.to_ne_bytes());
        }
    }

    /// To be called before looking at what was rung for, so that a ring during the look is heard.
    ///
    /// `signalled`: `poll` saw the descriptor. It may do so when nothing rings any more, because a ring has two steps.
    pub fn hush(&self, signalled: bool) {
        if signalled || self.rung.load(Ordering::SeqCst) {
            // Nothing to read is no fault: the ringer is between its two steps, and `poll` will see the second.
            let _ = rustix::io::read(&self.descriptor, &mut [0; 8]);
            self.rung.swap(false, Ordering::SeqCst);
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(outbox_frames: usize, outbox_bytes: usize) -> Socket {
        let budget = Budget { outbox_frames, outbox_bytes, inbox_frames: 2 };
        Socket::new(1, IpAddr::from([127, 0, 0, 1]), budget, Arc::new(Bell::new().unwrap()))
    }

    fn code_of(outgoing: Outgoing) -> Option<u16> {
        if let Outgoing::Close(farewell) = outgoing { Some(farewell.code) } else { None }
    }

    #[test]
    fn a_queue_holds_its_budget_and_one_more_frame_closes() {
        let frames = socket(3, 1_000);
        for _ in 0..3 {
            frames.send("a".into());
        }
        assert_eq!(frames.next(), Outgoing::Frame("a".into()));
        frames.send("b".into());
        frames.send("one too many".into());
        assert_eq!(code_of(frames.next()), Some(TOO_SLOW));

        let bytes = socket(100, 10);
        bytes.send("12345".into());
        bytes.send("67890".into());
        assert_eq!(bytes.next(), Outgoing::Frame("12345".into()));
        bytes.send("123456".into());
        assert_eq!(code_of(bytes.next()), Some(TOO_SLOW));
    }

    #[test]
    fn a_farewell_comes_after_what_was_queued_and_the_first_one_counts() {
        let socket = socket(3, 1_000);
        socket.send("last words".into());
        socket.close(4401, &"ё".repeat(100));
        socket.close(1001, "");
        socket.send("too late".into());
        assert_eq!(socket.next(), Outgoing::Frame("last words".into()));
        let Outgoing::Close(farewell) = socket.next() else { panic!("no farewell") };
        assert_eq!((farewell.code, farewell.reason.len()), (4401, 122));
    }

    #[test]
    fn whoever_is_cut_off_gets_nothing_of_what_waited() {
        let socket = socket(3, 1_000);
        socket.send("not for you any more".into());
        socket.cut(1001, "");
        socket.send("nor this".into());
        assert_eq!(code_of(socket.next()), Some(1001));
    }

    #[test]
    fn the_inbox_is_full_at_its_limit_and_done_frames_never_go_below_nothing() {
        let socket = socket(1, 1);
        socket.frame_done();
        socket.frame_delivered();
        assert!(!socket.is_inbox_full());
        socket.frame_delivered();
        assert!(socket.is_inbox_full());
        socket.take_touch();
        socket.frame_done();
        assert!(!socket.is_inbox_full() && socket.take_touch(), "the thread is told to read on");
    }
}
