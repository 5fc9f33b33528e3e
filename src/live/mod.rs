//! WebSockets: who is connected, what they say, what they are told.
//!
//! [`pool`] and [`socket`] move bytes; [`worker`] threads handle what clients say ([`operator`], [`visitor`]), typed in
//! [`frame`]; the [`hub`] turns committed changes into frames ([`news`]), and [`resume`] those that a client missed.

mod command;
mod conn;
pub mod frame;
mod handle;
pub mod hub;
mod look;
pub mod news;
pub mod operator;
pub mod pool;
pub mod resume;
mod roster;
pub mod socket;
mod turn;
pub mod visitor;
pub mod worker;

use std::collections::HashMap;
use std::net::{IpAddr, TcpStream};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::domain::Domain;
use crate::domain::account::LoggedIn;
use crate::domain::presence::Departure;
use crate::error::{Code, Error, Result};
use crate::model::project::Language;
use crate::model::{ChannelId, MessageId, limits};
use hub::{Hub, Listeners, Message};
use pool::Pool;
use socket::Socket;
use worker::Workers;

/// All that is live.
pub struct Live {
    /// The rules.
    pub domain: Arc<Domain>,
    /// The sockets.
    pub pool: Arc<Pool>,
    /// Who listens.
    pub hub: Hub,
    /// The threads that handle frames.
    pub workers: Workers,
    /// Hash of the assets.
    pub version: String,
    /// Path of the assets.
    pub assets: String,
    addresses: Arc<Addresses>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Sockets of each address, those whose handshake is still under way included.
type Addresses = Mutex<HashMap<IpAddr, usize>>;

/// Room for one socket of an address; dropping it gives it back.
pub struct Room {
    addresses: Arc<Addresses>,
    client: IpAddr,
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = addresses.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                addresses.remove(&self.client);
            }
        }
    }
}

/// Where a visitor's socket comes from.
#[derive(Clone, Debug)]
pub struct VisitorOrigin {
    /// The channel of the widget's key.
    pub channel_id: ChannelId,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Host under which the socket was opened: pages of the same host below `/demo` are the demo shop's.
    pub host: String,
    /// Language of refusals until `hello` says another.
    pub language: Language,
}

impl Live {
    /// Starts the hub's thread and the workers.
    ///
    /// # Errors
    /// When a thread cannot be started, or the file cannot be read.
    pub fn start(
        domain: Arc<Domain>,
        pool: Arc<Pool>,
        (hub, messages): (Hub, std::sync::mpsc::Receiver<Message>),
        version: &str,
        assets: &str,
    ) -> Result<Arc<Live>> {
        let listeners = Listeners::new(Arc::clone(&domain))?;
        let builder = std::thread::Builder::new().name("hub".into()).stack_size(2 * 1024 * 1024);
        let thread = builder.spawn(move || listeners.run(&messages)).map_err(Error::internal)?;
        Ok(Arc::new(Live {
            domain,
            pool,
            hub,
            workers: Workers::start().map_err(Error::internal)?,
            version: version.to_owned(),
            assets: assets.to_owned(),
            addresses: Arc::default(),
            thread: Mutex::new(Some(thread)),
        }))
    }

    /// Takes room for one more socket of this address, before its handshake is answered: counted then, many handshakes at
    /// once do not pass the limit together. Addresses of the machine itself are proxies and tests.
    ///
    /// # Errors
    /// `too_many_connections`.
    pub fn take_room(&self, client: IpAddr) -> Result<Room> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = addresses.get(&client).copied().unwrap_or(0);
        let crowded = !client.is_loopback() && of_address >= limits::SOCKETS_PER_ADDRESS;
        if crowded || !self.pool.has_room() {
            return Err(Error::new(Code::TooManyConnections).with("retry_after_ms", limits::CONNECTIONS_RETRY_MS));
        }
        addresses.insert(client, of_address + 1);
        Ok(Room { addresses: Arc::clone(&self.addresses), client })
    }

    /// Takes over an operator's socket after its handshake.
    pub fn adopt_operator(self: &Arc<Self>, stream: TcpStream, leftover: Vec<u8>, room: Room, who: LoggedIn) {
        let (greeted, client) = (Arc::default(), room.client);
        let peer = operator::Operator::new(Arc::clone(self), who, Arc::clone(&greeted), room);
        self.opened(self.pool.adopt(stream, leftover, client, peer), greeted);
    }

    /// Takes over a visitor's socket after its handshake.
    pub fn adopt_visitor(self: &Arc<Self>, stream: TcpStream, leftover: Vec<u8>, room: Room, origin: VisitorOrigin) {
        let (greeted, client) = (Arc::default(), room.client);
        let peer = visitor::Visitor::new(Arc::clone(self), origin, Arc::clone(&greeted), room);
        self.opened(self.pool.adopt(stream, leftover, client, peer), greeted);
    }

    fn opened(&self, adopted: std::io::Result<Arc<Socket>>, greeted: Arc<AtomicBool>) {
        match adopted {
            Ok(socket) => self.hub.tell(Message::Opened(socket, greeted)),
            Err(error) => tracing::warn!(%error, "a socket was not taken"),
        }
    }

    /// A socket is gone, and its room is free.
    fn closed(&self, socket: &Socket, room: &Mutex<Option<Room>>) {
        drop(room.lock().unwrap_or_else(PoisonError::into_inner).take());
        let departure = if socket.is_page_gone() { Departure::PageGone } else { Departure::Cut };
        self.hub.tell(Message::Closed(socket.id(), departure));
    }

    /// Closes all sockets, then ends the threads.
    pub fn stop(&self) {
        self.pool.stop();
        self.workers.stop();
        self.hub.tell(Message::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the hub ended by a panic");
        }
    }
}

/// How often one socket may say something, messages of visitors aside, which have a limit of their own.
#[derive(Default)]
struct Pace(Mutex<(i64, usize)>);

impl Pace {
    /// Counts one frame.
    fn take(&self, now: i64) -> Result<()> {
        let mut pace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = *pace;
        if now - since >= limits::FRAMES_WINDOW_MS {
            *pace = (now, 1);
            return Ok(());
        }
        if count >= limits::FRAMES_PER_WINDOW {
            let wait_ms = since + limits::FRAMES_WINDOW_MS - now;
            return Err(Error::new(Code::FramesTooFast).with("retry_after_ms", wait_ms));
        }
        pace.1 = count + 1;
        Ok(())
    }
}

/// A number under which a refusal on a socket is found in the log.
fn frame_id(socket: &Socket) -> String {
    format!("ws{}", socket.id())
}

/// An id that can be one of a message; others are refused before they reach the store.
fn message_id(id: MessageId) -> Result<MessageId> {
    if id.0 > 0 { Ok(id) } else { Err(Error::new(Code::MessageNotFound).field("message_id")) }
}

#[cfg(test)]
mod tests;
