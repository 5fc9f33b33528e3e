//! Who is listening, and what they get: one thread that turns committed events into frames for those who may see them.
//!
//! Events come as numbers and ids. The rows behind them are read here, made into a view once for each audience, encoded
//! once, and shared by all sockets of that audience. All changes of presence pass through here too.

mod passing;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use super::frame::{self, DELETED, LOGGED_OUT, NO_HELLO, OperatorFrame, VisitorFrame};
use super::look::Looks;
use super::news::News;
pub use super::roster::{colleagues, roster, status};
use super::socket::{GOING_AWAY, Socket, send_to_all};
use crate::domain::presence::{Change, Departure};
use crate::domain::view::visitor::Status;
use crate::domain::viewer::{Viewer, VisitorViewer};
use crate::domain::{Domain, visitor};
use crate::model::chat::Sight;
use crate::model::event::Event;
use crate::model::operator::Operator;
use crate::model::settings::ContactSettings;
use crate::model::{ChatId, OperatorId, Seq, VisitorId, limits};
use crate::store;

pub use super::handle::Hub;

/// More changes than can be waiting: all of them are told at once.
const EVENTS_AT_ONCE: usize = 1_000_000;

/// What the hub is told.
pub enum Message {
    /// A socket opened; the flag says whether it said `hello` by then.
    Opened(Arc<Socket>, Arc<AtomicBool>),
    /// An operator's socket said `hello`; news go to it from now on. Answers when that is so.
    Operator(OperatorSocket, SyncSender<()>),
    /// The catch-up of an operator's socket is done; `ready` is completed here and sent.
    Ready(Arc<Socket>, Box<OperatorFrame>),
    /// A visitor's socket said `hello`; news go to it from now on. Answers when that is so.
    Visitor(Arc<Socket>, VisitorViewer, Vec<Sight>, SyncSender<()>),
    /// A socket is gone, and how that came.
    Closed(u64, Departure),
    /// What an operator's page shows.
    View(u64, Option<ChatId>, bool),
    /// What was committed.
    Events(Vec<Event>),
    /// Keys are pressed by an operator.
    OperatorTyping(OperatorId, VisitorId),
    /// Keys are pressed by the visitor of this chat.
    VisitorTyping(Sight, Option<String>),
    /// Something else is known of this visitor in the CRM.
    CrmClient(VisitorId),
    /// A session ended: its sockets close.
    SessionEnded(i64),
    /// An operator was deleted: its sockets close.
    OperatorDeleted(OperatorId),
    /// Look at the clock; answers when all that came before is handled.
    Tick(SyncSender<()>),
    /// End.
    Stop,
}

/// An operator who listens.
pub struct OperatorSocket {
    /// Its socket.
    pub socket: Arc<Socket>,
    /// What it may see.
    pub viewer: Viewer,
    /// The session it came by.
    pub session_id: i64,
    /// The open chat.
    pub chat_id: Option<ChatId>,
    /// Whether empty chats are listed.
    pub empty: bool,
    /// Logged out on purpose.
    pub logged_out: bool,
}

impl OperatorSocket {
    /// Whether news of a chat that this operator may see are wanted: of empty ones only when they show.
    pub fn wants(&self, sight: &Sight) -> bool {
        !sight.empty || self.empty || self.chat_id == Some(sight.chat_id)
    }

    /// Its operator was deleted.
    fn delete(&mut self) {
        self.logged_out = true;
        self.socket.close(DELETED, "deleted");
    }
}

/// A socket that has to say `hello`.
struct Greeting {
    deadline: Instant,
    socket: Arc<Socket>,
    greeted: Arc<AtomicBool>,
}

struct VisitorEntry {
    viewer: VisitorViewer,
    sockets: Vec<Arc<Socket>>,
    sights: Vec<Sight>,
    /// When it came, or the last of its sockets closed.
    seen_at: i64,
}

/// Everybody who listens.
pub struct Listeners {
    domain: Arc<Domain>,
    greeting: VecDeque<Greeting>,
    operators: HashMap<u64, OperatorSocket>,
    visitors: HashMap<VisitorId, VisitorEntry>,
    visitor_of: HashMap<u64, VisitorId>,
    roster: HashMap<OperatorId, Operator>,
    status: Status,
    /// What widgets are told of their channels.
    looks: Looks,
    /// The last change that was told.
    told: Seq,
    /// When the sessions of open sockets were looked at.
    sessions_looked_at: crate::clock::Moment,
}

impl Listeners {
    /// Nobody listens yet.
    ///
    /// # Errors
    /// Those of the store.
    pub fn new(domain: Arc<Domain>) -> crate::error::Result<Listeners> {
        let told = domain.store.read(|reader| Ok(store::event::last(reader)?))?;
        let sessions_looked_at = domain.clock.now();
        let looks = Looks::read(&domain.store)?;
        let mut listeners = Listeners {
            domain,
            greeting: VecDeque::new(),
            operators: HashMap::new(),
            visitors: HashMap::new(),
            visitor_of: HashMap::new(),
            roster: HashMap::new(),
            status: Status::new(&[], 0, None),
            looks,
            told,
            sessions_looked_at,
        };
        listeners.load_roster()?;
        listeners.announce_status();
        Ok(listeners)
    }

    /// Handles messages until [`Message::Stop`].
    pub fn run(mut self, messages: &Receiver<Message>) {
        loop {
            match messages.recv_timeout(self.patience()) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => {
                    let mut message = Some(message);
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        message.take().map_or(Ok(()), |message| self.handle(message))
                    }));
                    match outcome {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => tracing::error!(%error, "the hub could not tell of a change"),
                        Err(_) => tracing::error!("the hub panicked over a message"),
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look_at_the_clock();
        }
    }

    /// How long nothing falls due.
    fn patience(&self) -> Duration {
        let hours_change = self.status.hours.and_then(|hours| hours.changes_at);
        let due = self.domain.presence.next_sweep().into_iter().chain(hours_change).min();
        let due = due.filter(|_| !self.domain.clock.is_manual());
        let due_ms = due.map(|at| u64::try_from(at - self.domain.clock.now()).unwrap_or(0) + 1);
        let hello_ms = (!self.greeting.is_empty()).then_some(1_000);
        let look_ms = limits::SESSION_LOOK_MS.unsigned_abs();
        Duration::from_millis(due_ms.into_iter().chain(hello_ms).fold(look_ms, u64::min))
    }

    fn look_at_the_clock(&mut self) {
        while let Some(oldest) = self.greeting.pop_front_if(|greeting| greeting.deadline <= Instant::now()) {
            if !oldest.greeted.load(Ordering::Acquire) {
                oldest.socket.close(NO_HELLO, "no hello in time");
            }
        }
        if self.domain.presence.next_sweep().is_some_and(|at| at <= self.domain.clock.now()) {
            for change in self.domain.presence.sweep() {
                self.announce(change);
            }
        }
        let now = self.domain.clock.now();
        if self.status.hours.and_then(|hours| hours.changes_at).is_some_and(|at| at <= now) {
            self.domain.presence.advance();
            self.announce_status();
        }
        if now - self.sessions_looked_at >= limits::SESSION_LOOK_MS {
            self.sessions_looked_at = now;
            if let Err(error) = self.close_ended_sessions() {
                tracing::error!(%error, "the sessions of open sockets could not be looked at");
            }
        }
    }

    fn handle(&mut self, message: Message) -> crate::error::Result<()> {
        match message {
            Message::Opened(socket, greeted) => {
                let deadline = Instant::now() + Duration::from_millis(limits::HELLO_MS.unsigned_abs());
                self.greeting.push_back(Greeting { deadline, socket, greeted });
            }
            Message::Operator(operator, done) => {
                self.operator_came(operator);
                let _ = done.send(());
            }
            Message::Ready(socket, ready) => self.send_ready(&socket, *ready)?,
            Message::Visitor(socket, viewer, sights, done) => {
                self.visitor_came(socket, viewer, sights);
                let _ = done.send(());
            }
            Message::Closed(id, departure) => self.closed(id, departure),
            Message::View(id, chat_id, empty) => {
                if let Some(operator) = self.operators.get_mut(&id) {
                    operator.chat_id = chat_id;
                    operator.empty = empty;
                }
            }
            Message::Events(events) if events.last().is_none_or(|event| event.seq <= self.told) => {}
            Message::Events(_) => self.events()?,
            Message::OperatorTyping(operator_id, visitor_id) => self.operator_typing(operator_id, visitor_id)?,
            Message::VisitorTyping(sight, text) => self.visitor_typing(&sight, text)?,
            Message::CrmClient(visitor_id) => self.crm_client(visitor_id)?,
            Message::SessionEnded(session_id) => {
                for operator in self.operators.values_mut().filter(|operator| operator.session_id == session_id) {
                    operator.logged_out = true;
                    operator.socket.close(LOGGED_OUT, "logged out");
                }
            }
            Message::OperatorDeleted(id) => {
                self.operators.values_mut().filter(|one| one.viewer.operator_id == id).for_each(OperatorSocket::delete);
            }
            Message::Tick(done) => {
                self.look_at_the_clock();
                let _ = done.send(());
            }
            Message::Stop => {}
        }
        Ok(())
    }

    fn operator_came(&mut self, operator: OperatorSocket) {
        if !operator.socket.is_open() {
            return;
        }
        let change = self.domain.presence.operator_came(operator.viewer.operator_id);
        self.operators.insert(operator.socket.id(), operator);
        if let Some(change) = change {
            self.announce(change);
        }
    }

    fn visitor_came(&mut self, socket: Arc<Socket>, viewer: VisitorViewer, sights: Vec<Sight>) {
        if !socket.is_open() {
            return;
        }
        let change = self.domain.presence.visitor_came(viewer.visitor_id);
        self.visitor_of.insert(socket.id(), viewer.visitor_id);
        let entry = self.visitors.entry(viewer.visitor_id);
        let seen_at = self.domain.clock.now();
        let entry = entry.or_insert_with(|| VisitorEntry {
            viewer,
            sockets: Vec::with_capacity(1),
            sights: Vec::new(),
            seen_at,
        });
        entry.sockets.push(socket);
        entry.sights = sights;
        entry.seen_at = seen_at;
        if let Some(change) = change {
            self.announce(change);
        }
    }

    fn closed(&mut self, id: u64, departure: Departure) {
        if let Some(operator) = self.operators.remove(&id) {
            let operator_id = operator.viewer.operator_id;
            let departure = if operator.logged_out { Departure::LoggedOut } else { departure };
            self.domain.presence.operator_went(operator_id, departure);
            if !self.operators.values().any(|other| other.viewer.operator_id == operator_id) {
                self.domain.store.write_then(move |tx| Ok(store::operator::seen(tx, operator_id)?), drop);
            }
        }
        let Some(visitor_id) = self.visitor_of.remove(&id) else { return };
        self.domain.presence.visitor_went(visitor_id);
        if let Some(entry) = self.visitors.get_mut(&visitor_id) {
            entry.sockets.retain(|socket| socket.id() != id);
            if entry.sockets.is_empty() {
                let left_at = self.domain.clock.now();
                entry.seen_at = left_at;
                // Nobody waits for this; the page that it left is known anyway.
                self.domain.store.write_then(move |tx| visitor::leave(tx, visitor_id, left_at), drop);
            }
        }
    }

    /// Tells those who may know that somebody came or went.
    fn announce(&mut self, change: Change) {
        match change {
            Change::Operator(operator_id, online) => {
                let (_, presence_seq) = self.domain.presence.has_operator(operator_id);
                self.to_operators(&OperatorFrame::OperatorPresence { operator_id, online, presence_seq }, |_| true);
                self.announce_status();
            }
            Change::Visitor(visitor_id, online) => {
                let (_, presence_seq) = self.domain.presence.has_visitor(visitor_id);
                let entry = self.visitors.get(&visitor_id);
                let sights = entry.map(|entry| entry.sights.clone()).unwrap_or_default();
                let last_seen_at = entry.map_or_else(|| self.domain.clock.now(), |entry| entry.seen_at);
                let frame = OperatorFrame::Presence { visitor_id, online, last_seen_at, presence_seq };
                self.to_operators(&frame, |operator| {
                    sights.iter().any(|sight| operator.viewer.may_see_sight(sight) && operator.wants(sight))
                });
                if !online && self.visitors.get(&visitor_id).is_some_and(|entry| entry.sockets.is_empty()) {
                    self.visitors.remove(&visitor_id);
                }
            }
        }
    }

    /// Tells all visitors who is there to answer, when that changed.
    fn announce_status(&mut self) {
        let status = status(self.domain.presence.operators(), &self.roster, self.domain.opening.now());
        let facts = |status: &Status| (status.mode, status.online, status.operators.clone(), status.hours);
        let same = facts(&status) == facts(&self.status);
        self.status = status;
        if same {
            return;
        }
        if let Ok(text) = frame::encode(&VisitorFrame::Status { status: self.status.clone() }) {
            send_to_all(self.visitors.values().flat_map(|entry| &entry.sockets), &text);
        }
    }

    fn to_operators(&self, frame: &OperatorFrame, wants: impl Fn(&OperatorSocket) -> bool) {
        if let Ok(text) = frame::encode(frame) {
            send_to_all(
                self.operators.values().filter(|operator| wants(operator)).map(|operator| &operator.socket),
                &text,
            );
        }
    }

    fn send_ready(&self, socket: &Arc<Socket>, ready: OperatorFrame) -> crate::error::Result<()> {
        let OperatorFrame::Ready { seq, reload, version, me, operators, .. } = ready else { return Ok(()) };
        let (visitors, presence_seq) = self.domain.presence.visitors();
        let viewer = self.operators.get(&socket.id()).map(|operator| operator.viewer);
        let sees = |visitor_id: &VisitorId| {
            let entry = self.visitors.get(visitor_id);
            entry.zip(viewer).is_some_and(|(entry, viewer)| entry.sights.iter().any(|s| viewer.may_see_sight(s)))
        };
        let online = visitors.into_iter().filter(sees).collect();
        socket.send(frame::encode(&OperatorFrame::Ready {
            seq,
            reload,
            version,
            me,
            operators,
            online,
            presence_seq,
        })?);
        Ok(())
    }

    /// Tells of all changes that are in the file by now, perhaps of more than this call was made for: the rows are read as
    /// they are now, so what they carry may be newer than the change that had us read them. Told together, no frame has
    /// a `seq` beyond a change that has not come with it, and `since` may be the largest one that was seen.
    ///
    /// What could not be read is told with the next change.
    fn events(&mut self) -> crate::error::Result<()> {
        let (news, told) = self.domain.store.read(|reader| {
            let events = store::event::since(reader, self.told, EVENTS_AT_ONCE)?;
            Ok((News::read(reader, &events)?, events.last().map_or(self.told, |event| event.seq)))
        })?;
        self.told = told;
        if !news.operators.is_empty() {
            self.load_roster()?;
            self.close_changed();
            self.domain.presence.advance();
            self.announce_status();
        }
        // The project's zone is the schedule's, unless that has its own.
        if news.schedule || news.settings.is_some() {
            self.domain.opening.load(&self.domain.store)?;
            self.domain.presence.advance();
            self.announce_status();
        }
        if let Some(contacts) = news.settings {
            self.cut_changed_views(contacts);
        }
        if news.settings.is_some() || news.channels {
            self.tell_of_looks()?;
        }
        for operator in self.operators.values() {
            let frames = news.for_operator(operator, &self.domain.presence)?;
            if let Some(text) = frame::join(&frames) {
                operator.socket.send(text);
            }
        }
        for chat_id in news.removed() {
            for entry in self.visitors.values_mut() {
                entry.sights.retain(|known| known.chat_id != chat_id);
            }
        }
        for (visitor_id, sights) in news.sights() {
            let Some(entry) = self.visitors.get_mut(&visitor_id) else { continue };
            for sight in sights {
                entry.sights.retain(|known| known.chat_id != sight.chat_id);
                entry.sights.insert(0, sight);
            }
            entry.sights.truncate(limits::SIGHTED_CHATS);
        }
        for visitor_id in news.visitors() {
            let Some(entry) = self.visitors.get(&visitor_id).filter(|entry| !entry.sockets.is_empty()) else {
                continue;
            };
            let tickets = self.domain.tickets(visitor_id)?;
            let frames = news.for_visitor(&entry.viewer, &self.roster, &tickets)?;
            if let Some(text) = frame::join(&frames) {
                send_to_all(&entry.sockets, &text);
            }
        }
        Ok(())
    }

    fn load_roster(&mut self) -> crate::error::Result<()> {
        self.roster = roster(&self.domain)?;
        Ok(())
    }

    /// Sessions also end where nobody tells the hub: on the command line, and after a long time without use.
    fn close_ended_sessions(&mut self) -> crate::error::Result<()> {
        let operators = &mut self.operators;
        self.domain.store.read(|reader| {
            for operator in operators.values_mut() {
                if !store::session::exists(reader, operator.session_id)? {
                    operator.logged_out = true;
                    operator.socket.close(LOGGED_OUT, "the session ended");
                }
            }
            Ok(())
        })
    }

    /// Who sees contacts now and did not before, or the reverse, comes back and loads afresh; nothing that waited in the
    /// former form goes out any more.
    fn cut_changed_views(&self, contacts: ContactSettings) {
        for operator in self.operators.values() {
            if contacts.hidden_from(operator.viewer.role) != operator.viewer.contacts_hidden {
                operator.socket.cut(GOING_AWAY, "the settings changed");
            }
        }
    }

    /// Sockets of those who were deleted end; those of whom the role changed come back and load afresh.
    fn close_changed(&mut self) {
        for operator in self.operators.values_mut() {
            match self.roster.get(&operator.viewer.operator_id).filter(|known| known.deleted_at.is_none()) {
                None => operator.delete(),
                Some(known) if known.role != operator.viewer.role => {
                    operator.socket.cut(GOING_AWAY, "the role changed");
                }
                Some(_) => {}
            }
        }
    }
}
