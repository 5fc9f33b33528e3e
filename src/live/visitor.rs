//! What a widget says over its socket.

mod said;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use tungstenite::Utf8Bytes;

use super::frame::from_visitor::{Command, Hello, History, PageView, Rate, Read};
use super::frame::{self, ErrorFrame, NO_HELLO, TRY_LATER, VisitorFrame};
use super::hub::{self, Message};
use super::socket::{INTERNAL, Listener, Socket};
use super::worker::{self, Flow, Inbox, Peer, Workers};
use super::{Live, Pace, Room, VisitorOrigin, frame_id, message_id, resume};
use crate::domain::message;
use crate::domain::view::operator::FileRules;
use crate::domain::viewer::VisitorViewer;
use crate::domain::visitor::{self, Arrival, Arrived};
use crate::domain::{channel, device, file, rating, source, text, token};
use crate::error::{Code, Error, Result};
use crate::model::project::Language;
use crate::model::{Seq, limits};
use crate::problem::Problem;
use crate::store;

/// One socket of a visitor.
pub struct Visitor {
    me: Weak<Visitor>,
    live: Arc<Live>,
    origin: VisitorOrigin,
    socket: OnceLock<Arc<Socket>>,
    inbox: Inbox,
    greeted: Arc<AtomicBool>,
    /// Who it is, and the language it reads; set by `hello`.
    known: OnceLock<Known>,
    /// Whether its page is one of the demo shop's.
    on_demo: Mutex<bool>,
    pace: Pace,
    room: Mutex<Option<Room>>,
}

#[derive(Clone, Copy)]
struct Known {
    /// `None`: a crawler, for whom nothing is stored.
    viewer: Option<VisitorViewer>,
    language: Language,
}

impl Visitor {
    /// The peer of a socket that is about to open; `greeted` becomes true by `hello`.
    pub fn new(live: Arc<Live>, origin: VisitorOrigin, greeted: Arc<AtomicBool>, room: Room) -> Arc<Visitor> {
        Arc::new_cyclic(|me| Visitor {
            me: me.clone(),
            live,
            origin,
            socket: OnceLock::new(),
            inbox: Inbox::default(),
            greeted,
            known: OnceLock::new(),
            on_demo: Mutex::new(false),
            pace: Pace::default(),
            room: Mutex::new(Some(room)),
        })
    }

    fn send(&self, frame: &VisitorFrame) {
        let Some(socket) = self.socket.get() else { return };
        match frame::encode(frame) {
            Ok(text) => socket.send(text),
            Err(error) => tracing::error!(%error, "a frame could not be encoded"),
        }
    }

    fn refuse(&self, id: Option<i64>, error: &Error) {
        let Some(socket) = self.socket.get() else { return };
        let language = self.known.get().map_or(self.origin.language, |known| known.language);
        let problem = Problem::in_frame(error, language, &frame_id(socket));
        self.send(&VisitorFrame::Error(ErrorFrame { id, problem }));
    }

    fn viewer(&self) -> Result<VisitorViewer> {
        self.known.get().and_then(|known| known.viewer).ok_or_else(|| Code::ChatNotFound.into())
    }

    fn command(self: &Arc<Self>, command: Command) -> Result<Flow> {
        if !matches!(command, Command::Send(_) | Command::Contact(_)) {
            self.pace.take(self.live.domain.clock.now())?;
        }
        let greeted = self.greeted.load(Ordering::Acquire);
        match command {
            Command::Hello(hello) if !greeted => return self.hello(&hello),
            Command::Hello(_) => {
                let error = Error::new(Code::FrameRefused).field("type");
                return Err(error.with("reason", "`hello` comes once, as the first frame"));
            }
            _ if !greeted => {
                if let Some(socket) = self.socket.get() {
                    socket.close(NO_HELLO, "the first frame must be hello");
                }
            }
            Command::Send(send) => return Ok(self.send_message(send)),
            Command::Contact(contact) => return Ok(self.leave_message(contact)),
            Command::User(user) => self.introduce(user)?,
            Command::Identify(identify) => self.identify(identify)?,
            Command::Attributes(attributes) => self.tell_attributes(attributes)?,
            Command::Rate(rate) => return Ok(self.rate(rate)),
            Command::PageView(page) => self.page(page)?,
            Command::Read(read) => self.read(&read)?,
            Command::Typing(typing) => self.typing(typing)?,
            Command::History(history) => self.history(&history)?,
            Command::Ping(_) => self.send(&VisitorFrame::Pong),
        }
        Ok(Flow::Done)
    }

    /// Finds or makes the visitor. The frames behind `hello` wait until it is stored.
    fn hello(self: &Arc<Self>, hello: &Hello) -> Result<Flow> {
        self.greeted.store(true, Ordering::Release);
        let shown = hello.text_language.as_deref().and_then(language);
        let language = shown.or_else(|| language(&hello.language)).unwrap_or(self.origin.language);
        if device::is_crawler(&self.origin.user_agent) {
            self.greet(Known { viewer: None, language });
            self.send(&self.nothing()?);
            return Ok(Flow::Done);
        }
        let known_token = hello.token.clone().filter(|token| token::is_well_formed(token));
        if known_token.is_none()
            && let Err(error) = self.check_arrivals()
        {
            self.turn_away(&error);
            return Ok(Flow::Done);
        }
        if let Some(known_token) = &known_token
            && let Err(error) = self.check_pages(known_token)
        {
            self.turn_away(&error);
            return Ok(Flow::Done);
        }
        let new_token = token::make()?;
        let on_demo = self.is_demo(&hello.url);
        *self.on_demo.lock().unwrap_or_else(PoisonError::into_inner) = on_demo;
        let arrival = Arrival {
            channel_id: self.origin.channel_id,
            token_hash: known_token.as_deref().map(token::hash),
            new_token_hash: token::hash(&new_token),
            url: hello.url.clone(),
            title: hello.title.clone(),
            referrer: hello.referrer.clone(),
            device: device::of(&self.origin.user_agent, &hello.language, &hello.time_zone),
            on_demo,
        };
        let (peer, since, channel_id) = (Arc::clone(self), hello.since, arrival.channel_id);
        let door = Arc::clone(self);
        self.live.domain.store.write_then(
            move |tx| {
                // A token that nobody was given makes a new visitor like none.
                if let Some(token_hash) = &arrival.token_hash
                    && store::visitor::by_token(tx, channel_id, token_hash)?.is_none()
                {
                    door.check_arrivals()?;
                }
                visitor::arrive(tx, &arrival)
            },
            move |result| {
                let task = Arc::clone(&peer);
                peer.live.workers.run(move || {
                    let outcome = result.or_else(|error| task.known_anyway(error, known_token.as_deref()));
                    let outcome = outcome.and_then(|arrived| {
                        let viewer = VisitorViewer { visitor_id: arrived.visitor_id, channel_id };
                        let token = if arrived.is_new { new_token } else { known_token.unwrap_or(new_token) };
                        task.greet(Known { viewer: Some(viewer), language });
                        task.ready(&viewer, if arrived.is_new { None } else { since }, token)
                    });
                    if let Err(error) = outcome {
                        task.turn_away(&error);
                    }
                    task.done();
                    worker::resume(&task);
                });
            },
        );
        Ok(Flow::Wait)
    }

    /// Says why there is no chat now, and closes, so that the widget tries again later.
    fn turn_away(&self, error: &Error) {
        self.refuse(None, error);
        if let Some(socket) = self.socket.get() {
            match error.code {
                Code::Internal => socket.close(INTERNAL, "our fault"),
                _ => socket.close(TRY_LATER, error.code.as_str()),
            }
        }
    }

    /// A visitor who is known reads on when its page view cannot be stored because the disk is full.
    fn known_anyway(&self, error: Error, token: Option<&str>) -> Result<Arrived> {
        let Some(token) = token.filter(|_| error.code == Code::DiskFull) else { return Err(error) };
        let token_hash = token::hash(token);
        let channel_id = self.origin.channel_id;
        let known =
            self.live.domain.store.read(|reader| Ok(store::visitor::by_token(reader, channel_id, &token_hash)?))?;
        known.map(|visitor_id| Arrived { visitor_id, is_new: false }).ok_or(error)
    }

    fn greet(&self, known: Known) {
        // `hello` is handled once, so nobody else sets it.
        let _ = self.known.set(known);
    }

    /// Listens first and reads then, so that no change falls between the two.
    fn ready(&self, viewer: &VisitorViewer, since: Option<Seq>, token: String) -> Result<()> {
        let Some(socket) = self.socket.get() else { return Ok(()) };
        let sights = resume::sights(&self.live.domain, viewer.visitor_id)?;
        self.live.hub.register(|done| Message::Visitor(Arc::clone(socket), *viewer, sights, done));
        let ready = resume::visitor(&self.live.domain, viewer, since, token, self.live.assets.clone())?;
        self.send(&ready);
        Ok(())
    }

    /// What a crawler gets: no token, no chat.
    fn nothing(&self) -> Result<VisitorFrame> {
        let present = self.live.domain.presence.operators();
        let roster = hub::roster(&self.live.domain)?;
        let channel_id = self.origin.channel_id;
        let (files, look_version) = self.live.domain.store.read(|reader| {
            let channel = channel::find(reader, channel_id)?;
            Ok((file::rules(reader)?, channel::version(reader, &channel)?))
        })?;
        Ok(VisitorFrame::Ready {
            token: String::new(),
            seq: Seq(0),
            reload: true,
            chat: None,
            messages: Vec::new(),
            gone: Vec::new(),
            has_older: false,
            status: hub::status(present, &roster, self.live.domain.opening.now()),
            files: FileRules::new(&files),
            assets: self.live.assets.clone(),
            look_version,
            consent_needed: false,
        })
    }

    fn check_arrivals(&self) -> Result<()> {
        let Some(client) = self.socket.get().map(|socket| socket.client()).filter(|client| !client.is_loopback())
        else {
            return Ok(());
        };
        let taken = self.live.domain.arrivals.take(&client.to_string());
        taken.map_err(|wait_ms| Error::new(Code::VisitorsTooFast).with("retry_after_ms", wait_ms))
    }

    fn check_messages(&self, viewer: &VisitorViewer) -> Result<()> {
        let taken = self.live.domain.messages.take(&viewer.visitor_id.to_string());
        taken.map_err(|wait_ms| {
            let error = Error::new(Code::MessagesTooFast).with("limit", limits::MESSAGES_PER_WINDOW);
            error.with("retry_after_ms", wait_ms)
        })
    }

    fn rate(self: &Arc<Self>, rate: Rate) -> Flow {
        let viewer = match self.viewer() {
            Ok(viewer) => viewer,
            Err(error) => {
                self.refuse(Some(rate.id), &error);
                return Flow::Done;
            }
        };
        let (peer, id, chat_id, score) = (Arc::clone(self), rate.id, rate.chat_id, rate.score);
        self.live.domain.store.write_then(
            move |tx| rating::rate(tx, &viewer, chat_id, score, &rate.comment),
            move |result| {
                match result {
                    Ok(_) => peer.send(&VisitorFrame::Rated { id, chat_id, score }),
                    Err(error) => peer.refuse(Some(id), &error),
                }
                peer.done();
            },
        );
        Flow::Pending
    }

    fn page(&self, page: PageView) -> Result<()> {
        let viewer = self.viewer()?;
        self.check_pages(&viewer.visitor_id.to_string())?;
        let on_demo = self.is_demo(&page.url);
        *self.on_demo.lock().unwrap_or_else(PoisonError::into_inner) = on_demo;
        // Nobody waits for this; should it fail, the next page comes all the same.
        self.live.domain.store.write_then(
            move |tx| visitor::view_page(tx, &viewer, &page.url, &page.title, on_demo),
            |result| {
                if let Err(error) = result {
                    tracing::debug!(%error, "a page view was not stored");
                }
            },
        );
        Ok(())
    }

    /// A page is a row: whoever looks at more of them than a person can is told to wait.
    fn check_pages(&self, who: &str) -> Result<()> {
        let taken = self.live.domain.pages.take(who);
        taken.map_err(|wait_ms| Error::new(Code::FramesTooFast).with("retry_after_ms", wait_ms))
    }

    fn read(&self, read: &Read) -> Result<()> {
        let (viewer, message_id, me) = (self.viewer()?, message_id(read.message_id)?, self.me.clone());
        self.live.domain.store.write_then(
            move |tx| message::read_by_visitor(tx, &viewer, message_id),
            move |result| {
                if let (Err(error), Some(peer)) = (result, me.upgrade()) {
                    peer.refuse(None, &error);
                }
            },
        );
        Ok(())
    }

    fn history(&self, history: &History) -> Result<()> {
        let viewer = self.viewer()?;
        let roster = hub::roster(&self.live.domain)?;
        let tickets = self.live.domain.tickets(viewer.visitor_id)?;
        let frame = self.live.domain.store.read(|reader| {
            let n = limits::MESSAGES_PAGE;
            let messages = store::message::of_visitor(reader, viewer.visitor_id, Some(history.before), n)?;
            Ok(VisitorFrame::History {
                id: history.id,
                has_older: resume::has_older(reader, viewer.visitor_id, &messages)?,
                messages: resume::views(&messages, &roster, &tickets),
            })
        })?;
        self.send(&frame);
        Ok(())
    }

    fn is_demo(&self, url: &str) -> bool {
        let path = source::path(url);
        let own_host = source::host(url).is_some_and(|host| host == self.origin.host);
        own_host && (path == "/demo" || path.starts_with("/demo/"))
    }
}

impl Peer for Visitor {
    fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    fn workers(&self) -> &Workers {
        &self.live.workers
    }

    fn handle(self: &Arc<Self>, text: &Utf8Bytes) -> Flow {
        match Command::parse(text.as_str()) {
            Ok(command) => match self.command(command) {
                Ok(flow) => flow,
                Err(error) => {
                    self.refuse(None, &error);
                    Flow::Done
                }
            },
            Err(refused) => {
                self.refuse(refused.id, &refused.error);
                Flow::Done
            }
        }
    }

    fn done(&self) {
        if let Some(socket) = self.socket.get() {
            socket.frame_done();
        }
    }

    fn broken(&self) {
        if let Some(socket) = self.socket.get() {
            socket.close(INTERNAL, "our fault");
        }
    }
}

impl Listener for Visitor {
    fn frame(&self, socket: &Arc<Socket>, text: Utf8Bytes) {
        self.socket.get_or_init(|| Arc::clone(socket));
        if let Some(me) = self.me.upgrade() {
            worker::push(&me, text);
        }
    }

    fn closed(&self, socket: &Arc<Socket>) {
        self.live.closed(socket, &self.room);
    }
}

fn language(text: &str) -> Option<Language> {
    let main = text::cut(text, 2).to_ascii_lowercase();
    Language::parse(&main)
}
