//! One WebSocket, seen from its thread: a small state machine in which nothing blocks.
//!
//! The rules of a non-blocking tungstenite: after "readable", read until `WouldBlock`; `WouldBlock` from a write means
//! that the frame is queued inside, so it is never sent again; after an error of reading, never read a frame again
//! (it would wait for the rest of the refused one).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use tungstenite::protocol::frame::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, Utf8Bytes, WebSocket};

use super::pool::PoolConfig;
use super::socket::{self, Farewell, Listener, Outgoing, Socket};
use crate::model::limits;

/// Messages of one socket before its neighbours get their turn.
const MESSAGES_PER_TURN: usize = 32;
/// Pings that a client may send while it does not read our answers; each answer waits in memory.
const PINGS_UNREAD: usize = 32;
/// Pings that fall due within this time go together, so that the thread wakes once for all its sockets.
const PINGS_TOGETHER: Duration = Duration::from_secs(1);
/// Bytes swallowed at a time from a client that was refused.
const SWALLOWED_BYTES: usize = 4 * 1024;
/// Bytes that frames may gather to before they are written: a burst is a few system calls. No memory until used.
const GATHERED_BYTES: usize = 8 * 1024;
/// Bytes that tungstenite may hold for a client: it refuses a frame that is larger than this by itself, so the largest frame
/// that the queue takes must fit. While a client takes nothing, no further frame is given to it.
const HELD_BYTES: usize = limits::OUTBOX_BYTES + 2 * GATHERED_BYTES;

/// Whether the socket goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    Goes,
}

/// Where the socket is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// A close frame was sent or answered; until when the rest may take.
    Closing(Instant),
    /// The client broke the protocol: our close frame goes out, what it sends is swallowed.
    Failed {
        until: Instant,
        shut: bool,
    },
}

/// The socket's stream; notes that something came.
struct Ear {
    stream: TcpStream,
    heard: bool,
}

impl Read for Ear {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(into)?;
        self.heard |= count > 0;
        Ok(count)
    }
}

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A socket in the hands of its thread. Dropping it closes the connection and tells the listener.
pub(super) struct Conn {
    socket: Arc<Socket>,
    web: WebSocket<Ear>,
    listener: Arc<dyn Listener>,
    phase: Phase,
    /// The kernel's buffer is full; nothing more is given to tungstenite until it is not.
    blocked: bool,
    /// Not read, because the inbox is full or the turn was over.
    paused: bool,
    pings_unread: usize,
    heard_at: Instant,
    asked_at: Instant,
    /// Sockets of the pool, and of the thread.
    counts: [Arc<AtomicUsize>; 2],
}

impl Conn {
    pub fn new(
        socket: Arc<Socket>,
        stream: TcpStream,
        mut leftover: Vec<u8>,
        listener: Arc<dyn Listener>,
        counts: [Arc<AtomicUsize>; 2],
    ) -> Conn {
        // tungstenite goes on with this as its buffer, and it has the capacity of a whole head of a request.
        leftover.shrink_to_fit();
        let config = WebSocketConfig::default()
            .read_buffer_size(1_024)
            .write_buffer_size(GATHERED_BYTES)
            .max_write_buffer_size(HELD_BYTES)
            .max_message_size(Some(limits::FRAME_BYTES))
            .max_frame_size(Some(limits::FRAME_BYTES));
        let ear = Ear { stream, heard: true };
        for count in &counts {
            count.fetch_add(1, Ordering::AcqRel);
        }
        let now = Instant::now();
        Conn {
            socket,
            web: WebSocket::from_partially_read(ear, leftover, Role::Server, Some(config)),
            listener,
            phase: Phase::Open,
            blocked: false,
            paused: false,
            pings_unread: 0,
            heard_at: now,
            asked_at: now,
            counts,
        }
    }

    /// Tells the listener. False: it panicked.
    pub fn open(&self) -> bool {
        guarded(|| self.listener.opened(&self.socket))
    }

    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.web.get_ref().stream.as_fd()
    }

    /// What `poll` shall wake for. Errors and hang-ups wake always.
    pub fn interest(&self) -> PollFlags {
        let mut interest = PollFlags::empty();
        interest.set(PollFlags::IN, !self.paused);
        interest.set(PollFlags::OUT, self.blocked);
        interest
    }

    /// The next moment at which [`Conn::look`] has something to do.
    pub fn due(&self, config: &PoolConfig) -> Instant {
        match self.phase {
            // The rest of a turn that was over.
            _ if self.may_read_on() => self.heard_at,
            Phase::Open => (self.heard_at + config.silence).min(self.heard_at.max(self.asked_at) + config.ping),
            Phase::Closing(until) | Phase::Failed { until, .. } => until,
        }
    }

    /// `poll` saw something.
    pub fn happened(&mut self, flags: PollFlags, config: &PoolConfig) -> Fate {
        if flags.is_empty() {
            return Fate::Stays;
        }
        // A hang-up that reading cannot consume would wake us for ever.
        if self.paused && flags.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Fate::Goes;
        }
        if self.blocked && flags.intersects(PollFlags::OUT | PollFlags::ERR | PollFlags::HUP) {
            self.blocked = false;
            self.pings_unread = 0;
            if self.flush() == Fate::Goes || self.write(config) == Fate::Goes {
                return Fate::Goes;
            }
            if matches!(self.phase, Phase::Failed { .. }) {
                return self.swallow();
            }
        }
        if flags.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
            return self.readable(config);
        }
        Fate::Stays
    }

    /// Does what the application or the clock wants; once a turn.
    pub fn look(&mut self, now: Instant, config: &PoolConfig) -> Fate {
        if std::mem::take(&mut self.web.get_mut().heard) {
            self.heard_at = now;
        }
        if self.socket.take_touch() && self.write(config) == Fate::Goes {
            return Fate::Goes;
        }
        if self.may_read_on() {
            self.paused = false;
            self.heard_at = now;
            if self.readable(config) == Fate::Goes {
                return Fate::Goes;
            }
        }
        match self.phase {
            Phase::Closing(until) | Phase::Failed { until, .. } if now >= until => Fate::Goes,
            Phase::Closing(_) | Phase::Failed { .. } => Fate::Stays,
            // While we do not listen, silence says nothing.
            Phase::Open if self.paused => {
                self.heard_at = now;
                Fate::Stays
            }
            Phase::Open if now >= self.heard_at + config.silence => Fate::Goes,
            Phase::Open => self.ask(now, config),
        }
    }

    /// It was paused, and the reason is gone.
    fn may_read_on(&self) -> bool {
        self.paused && (self.phase != Phase::Open || !self.socket.is_inbox_full())
    }

    fn ask(&mut self, now: Instant, config: &PoolConfig) -> Fate {
        let together = PINGS_TOGETHER.min(config.ping / 8);
        if now + together < self.heard_at.max(self.asked_at) + config.ping {
            return Fate::Stays;
        }
        self.asked_at = now;
        if self.blocked {
            return Fate::Stays;
        }
        let written = self.web.write(Message::Ping(tungstenite::Bytes::new()));
        match self.settle(written) {
            Fate::Stays => self.flush(),
            Fate::Goes => Fate::Goes,
        }
    }

    /// Writes what is queued, as far as the client takes it.
    fn write(&mut self, config: &PoolConfig) -> Fate {
        while self.phase == Phase::Open && !self.blocked {
            let fate = match self.socket.next() {
                Outgoing::Frame(text) => {
                    let written = self.web.write(Message::Text(text));
                    self.settle(written)
                }
                Outgoing::Close(farewell) => self.say_goodbye(farewell, config),
                Outgoing::Nothing => return self.flush(),
            };
            if fate == Fate::Goes {
                return Fate::Goes;
            }
        }
        // The time of a farewell runs also for a reader so slow that it cannot be written yet.
        if self.phase == Phase::Open
            && let Some(farewell) = self.socket.farewell_is_next()
        {
            return self.say_goodbye(farewell, config);
        }
        Fate::Stays
    }

    fn say_goodbye(&mut self, farewell: Farewell, config: &PoolConfig) -> Fate {
        self.socket.mark_closing();
        self.phase = Phase::Closing(Instant::now() + config.close);
        let frame = CloseFrame { code: CloseCode::from(farewell.code), reason: farewell.reason };
        let closed = self.web.close(Some(frame));
        self.settle(closed)
    }

    /// The client did what it may not: says why, and listens no more.
    fn fail(&mut self, code: u16, reason: &'static str, config: &PoolConfig) -> Fate {
        let farewell = Farewell { code, reason: Utf8Bytes::from_static(reason) };
        let fate = self.say_goodbye(farewell, config);
        self.phase = Phase::Failed { until: Instant::now() + config.close, shut: false };
        if fate == Fate::Stays { self.swallow() } else { fate }
    }

    fn flush(&mut self) -> Fate {
        let flushed = self.web.flush();
        self.settle(flushed)
    }

    /// What an attempt to write came to.
    fn settle(&mut self, result: Result<(), Error>) -> Fate {
        match result {
            Ok(()) => Fate::Stays,
            Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                self.blocked = true;
                Fate::Stays
            }
            Err(Error::WriteBufferFull(_)) => {
                tracing::error!(socket = self.socket.id(), "a frame was larger than a socket holds");
                Fate::Goes
            }
            Err(_) => Fate::Goes,
        }
    }

    /// Reads until there is no more, the inbox is full, or the turn is over.
    pub fn readable(&mut self, config: &PoolConfig) -> Fate {
        if matches!(self.phase, Phase::Failed { .. }) {
            return self.swallow();
        }
        for _ in 0..MESSAGES_PER_TURN {
            if self.phase == Phase::Open && self.socket.is_inbox_full() {
                break;
            }
            match self.web.read() {
                Ok(message) => {
                    if self.received(message, config) == Fate::Goes {
                        return Fate::Goes;
                    }
                    if matches!(self.phase, Phase::Failed { .. }) {
                        return self.swallow();
                    }
                }
                Err(error) => return self.not_read(&error, config),
            }
        }
        self.paused = true;
        Fate::Stays
    }

    fn received(&mut self, message: Message, config: &PoolConfig) -> Fate {
        match message {
            Message::Text(text) if self.phase == Phase::Open => {
                self.socket.frame_delivered();
                if guarded(|| self.listener.frame(&self.socket, text)) {
                    Fate::Stays
                } else {
                    self.fail(socket::INTERNAL, "our fault", config)
                }
            }
            Message::Binary(_) if self.phase == Phase::Open => self.fail(socket::NOT_TEXT, "text only", config),
            Message::Ping(_) if self.blocked => {
                self.pings_unread += 1;
                if self.pings_unread > PINGS_UNREAD { Fate::Goes } else { Fate::Stays }
            }
            Message::Close(farewell) => {
                // Not when it answers our own farewell, with the code of that.
                let code = farewell.map(|farewell| u16::from(farewell.code));
                if matches!(code, Some(socket::NORMAL | socket::GOING_AWAY)) && self.phase == Phase::Open {
                    self.socket.mark_page_gone();
                }
                self.socket.mark_closing();
                self.phase = Phase::Closing(Instant::now() + config.close);
                self.flush()
            }
            // What a client sent before it read our farewell; and pongs, which were heard.
            _ => Fate::Stays,
        }
    }

    fn not_read(&mut self, error: &Error, config: &PoolConfig) -> Fate {
        match error {
            Error::Io(error) if error.kind() == ErrorKind::WouldBlock => Fate::Stays,
            _ if self.phase != Phase::Open => Fate::Goes,
            Error::Capacity(_) => self.fail(socket::TOO_LARGE, "frame too large", config),
            Error::Utf8(_) => self.fail(socket::NOT_UTF8, "not UTF-8", config),
            Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => Fate::Goes,
            Error::Protocol(_) => self.fail(socket::PROTOCOL, "not the protocol", config),
            _ => Fate::Goes,
        }
    }

    /// Lets a refused client read the refusal: closing with unread bytes would reset the connection.
    fn swallow(&mut self) -> Fate {
        if let Phase::Failed { until, shut: false } = self.phase
            && !self.blocked
        {
            if self.web.get_ref().stream.shutdown(Shutdown::Write).is_err() {
                return Fate::Goes;
            }
            self.phase = Phase::Failed { until, shut: true };
        }
        let mut bytes = [0; SWALLOWED_BYTES];
        match self.web.get_mut().stream.read(&mut bytes) {
            Ok(0) => Fate::Goes,
            Ok(_) => Fate::Stays,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Fate::Stays,
            Err(_) => Fate::Goes,
        }
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        self.socket.mark_closing();
        for count in &self.counts {
            count.fetch_sub(1, Ordering::AcqRel);
        }
        guarded(|| self.listener.closed(&self.socket));
    }
}

/// Calls the listener. False: it panicked, which is logged here and ends one socket.
fn guarded(call: impl FnOnce()) -> bool {
    let result = catch_unwind(AssertUnwindSafe(call));
    if let Err(payload) = &result {
        let words = payload.downcast_ref::<&str>().copied();
        let panic = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
        tracing::error!(panic, "the listener of a socket panicked");
    }
    result.is_ok()
}
