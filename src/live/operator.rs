//! What an operator's page says over its socket.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};

use tungstenite::Utf8Bytes;

use super::frame::from_operator::{Command, Delete, Edit, Hello, Note, Read, Send, Typing};
use super::frame::{self, ErrorFrame, LOGGED_OUT, NO_HELLO, OperatorFrame};
use super::hub::{self, OperatorSocket};
use super::socket::{GOING_AWAY, INTERNAL, Listener, Socket};
use super::worker::{self, Flow, Inbox, Peer, Workers};
use super::{Live, Pace, Room, frame_id, message_id, resume};
use crate::domain::account::LoggedIn;
use crate::domain::mask::Mask;
use crate::domain::message::{self, Draft};
use crate::domain::view::operator as view;
use crate::domain::viewer::Viewer;
use crate::domain::{message_edit, note, settings};
use crate::error::{Code, Error, Result};
use crate::model::chat::ChatState;
use crate::model::message::Message;
use crate::problem::Problem;
use crate::store::{self, Tx};

/// One socket of an operator.
pub struct Operator {
    me: Weak<Operator>,
    live: Arc<Live>,
    who: LoggedIn,
    socket: OnceLock<Arc<Socket>>,
    inbox: Inbox,
    greeted: Arc<AtomicBool>,
    pace: Pace,
    room: Mutex<Option<Room>>,
}

impl Operator {
    /// The peer of a socket that is about to open; `greeted` becomes true by `hello`.
    pub fn new(live: Arc<Live>, who: LoggedIn, greeted: Arc<AtomicBool>, room: Room) -> Arc<Operator> {
        Arc::new_cyclic(|me| Operator {
            me: me.clone(),
            live,
            who,
            socket: OnceLock::new(),
            inbox: Inbox::default(),
            greeted,
            pace: Pace::default(),
            room: Mutex::new(Some(room)),
        })
    }

    fn viewer(&self) -> Viewer {
        self.who.viewer()
    }

    fn send(&self, frame: &OperatorFrame) {
        let Some(socket) = self.socket.get() else { return };
        match frame::encode(frame) {
            Ok(text) => socket.send(text),
            Err(error) => tracing::error!(%error, "a frame could not be encoded"),
        }
    }

    fn refuse(&self, id: Option<i64>, error: &Error) {
        let Some(socket) = self.socket.get() else { return };
        let language = self.who.operator.preferences.language;
        let problem = Problem::in_frame(error, language, &frame_id(socket));
        self.send(&OperatorFrame::Error(ErrorFrame { id, problem }));
    }

    fn command(self: &Arc<Self>, command: Command) -> Result<Flow> {
        if !matches!(command, Command::Send(_) | Command::Note(_)) {
            self.pace.take(self.live.domain.clock.now())?;
        }
        let greeted = self.greeted.load(Ordering::Acquire);
        if let Some(socket) = self.socket.get() {
            self.live.domain.presence.page_spoke(socket.id());
        }
        match command {
            Command::Hello(hello) if !greeted => self.hello(&hello)?,
            Command::Hello(_) => {
                let error = Error::new(Code::FrameRefused).field("type");
                return Err(error.with("reason", "`hello` comes once, as the first frame"));
            }
            _ if !greeted => {
                if let Some(socket) = self.socket.get() {
                    socket.close(NO_HELLO, "the first frame must be hello");
                }
            }
            Command::Send(send) => return Ok(self.send_message(&send)),
            Command::Note(note) => return Ok(self.note(&note)),
            Command::Edit(edit) => return Ok(self.edit(edit)),
            Command::Delete(delete) => return Ok(self.delete(&delete)),
            Command::Read(read) => self.read(&read)?,
            Command::Typing(typing) => self.typing(&typing)?,
            Command::View(view) => {
                if let Some(socket) = self.socket.get() {
                    self.live.hub.tell(hub::Message::View(socket.id(), view.chat_id, view.empty));
                }
            }
            Command::Ping(_) => self.send(&OperatorFrame::Pong),
        }
        Ok(Flow::Done)
    }

    fn listener(&self, socket: &Arc<Socket>) -> OperatorSocket {
        OperatorSocket {
            socket: Arc::clone(socket),
            viewer: self.viewer(),
            session_id: self.who.session_id,
            chat_id: None,
            empty: false,
            logged_out: false,
        }
    }

    /// Listens first and reads then, so that no change falls between the two.
    fn hello(&self, hello: &Hello) -> Result<()> {
        let Some(socket) = self.socket.get() else { return Ok(()) };
        self.greeted.store(true, Ordering::Release);
        self.live.hub.register(|done| hub::Message::Operator(self.listener(socket), done));
        let presence = &self.live.domain.presence;
        presence.page_came(socket.id(), self.who.operator.id, hello.device_id);
        if !socket.is_open() {
            // It closed before it was counted.
            presence.page_went(socket.id());
        }
        // A log-out between the handshake and now closed those who listened then; this socket did not.
        let session_id = self.who.session_id;
        let (exists, contacts) = self
            .live
            .domain
            .store
            .read(|reader| Ok((store::session::exists(reader, session_id)?, settings::get(reader)?.contacts)))?;
        if !exists {
            socket.close(LOGGED_OUT, "logged out");
            return Ok(());
        }
        // So did a change of who sees contacts.
        if contacts != self.who.contacts {
            socket.cut(GOING_AWAY, "the settings changed");
            return Ok(());
        }
        let missed = resume::operator(&self.live.domain, &self.listener(socket), hello.since)?;
        if let Some(text) = missed.frames {
            socket.send(text);
        }
        let roster = hub::roster(&self.live.domain)?;
        let me = roster.get(&self.who.operator.id).unwrap_or(&self.who.operator);
        if me.role != self.who.operator.role {
            socket.cut(GOING_AWAY, "the role changed");
            return Ok(());
        }
        let ready = OperatorFrame::Ready {
            seq: missed.seq,
            reload: missed.reload,
            version: self.live.version.clone(),
            me: view::Me::new(me, &self.viewer()),
            operators: hub::colleagues(&self.live.domain, &roster),
            online: Vec::new(),
            presence_seq: 0,
        };
        self.live.hub.tell(hub::Message::Ready(Arc::clone(socket), Box::new(ready)));
        Ok(())
    }

    /// Hands a job to the writer; the answer comes when it is on the disk.
    fn write<T: std::marker::Send + 'static>(
        self: &Arc<Self>,
        id: i64,
        job: impl FnOnce(&Tx, &Viewer) -> Result<T> + std::marker::Send + 'static,
        answer: impl FnOnce(T) -> OperatorFrame + std::marker::Send + 'static,
    ) -> Flow {
        let (peer, viewer) = (Arc::clone(self), self.viewer());
        self.live.domain.write_as_then(
            &viewer,
            move |tx| job(tx, &viewer),
            move |result| {
                match result {
                    Ok(stored) => peer.send(&answer(stored)),
                    Err(error) => peer.refuse(Some(id), &error),
                }
                peer.done();
            },
        );
        Flow::Pending
    }

    fn send_message(self: &Arc<Self>, send: &Send) -> Flow {
        let (id, chat_id) = (send.id, send.chat_id);
        match Draft::with_file(&send.uid, &send.text, send.attachment_uid.as_deref()) {
            Ok(draft) => {
                let draft = draft.quoting(send.quoted_id);
                self.write(
                    id,
                    move |tx, viewer| shown(tx, viewer, &message::send(tx, viewer, chat_id, &draft)?),
                    move |message| OperatorFrame::Ack { id, message },
                )
            }
            Err(error) => self.refused(id, &error),
        }
    }

    fn note(self: &Arc<Self>, note: &Note) -> Flow {
        let (id, chat_id) = (note.id, note.chat_id);
        match Draft::with_file(&note.uid, &note.text, note.attachment_uid.as_deref()) {
            Ok(draft) => self.write(
                id,
                move |tx, viewer| {
                    let note = note::add(tx, viewer, chat_id, &draft)?;
                    Ok(view::Note::new(&note, &Mask::of_chat(tx, viewer, chat_id)?))
                },
                move |note| OperatorFrame::Noted { id, note },
            ),
            Err(error) => self.refused(id, &error),
        }
    }

    fn edit(self: &Arc<Self>, edit: Edit) -> Flow {
        let id = edit.id;
        let job = move |tx: &Tx, viewer: &Viewer| {
            shown(tx, viewer, &message_edit::edit(tx, viewer, edit.message_id, &edit.text)?)
        };
        self.write(id, job, move |message| OperatorFrame::Ack { id, message })
    }

    fn delete(self: &Arc<Self>, delete: &Delete) -> Flow {
        let (id, message_id) = (delete.id, delete.message_id);
        self.write(
            id,
            move |tx, viewer| shown(tx, viewer, &message_edit::delete(tx, viewer, message_id)?),
            move |message| OperatorFrame::Ack { id, message },
        )
    }

    fn refused(&self, id: i64, error: &Error) -> Flow {
        self.refuse(Some(id), error);
        Flow::Done
    }

    fn read(&self, read: &Read) -> Result<()> {
        let (viewer, chat_id, message_id) = (self.viewer(), read.chat_id, message_id(read.message_id)?);
        let me = self.me.clone();
        self.live.domain.write_as_then(
            &viewer,
            move |tx| message::read(tx, &viewer, chat_id, message_id),
            move |result| {
                if let (Err(error), Some(peer)) = (result, me.upgrade()) {
                    peer.refuse(None, &error);
                }
            },
        );
        Ok(())
    }

    fn typing(&self, typing: &Typing) -> Result<()> {
        let viewer = self.viewer();
        let chat = self.live.domain.store.read(|reader| Ok(store::chat::get(reader, typing.chat_id)?))?;
        let chat = chat.filter(|chat| viewer.may_see(chat)).ok_or(Code::ChatNotFound)?;
        if matches!(chat.state, ChatState::New | ChatState::Open) {
            self.live.hub.tell(hub::Message::OperatorTyping(viewer.operator_id, chat.visitor.id));
        }
        Ok(())
    }
}

/// A message that was just stored, as who stored it may see it.
fn shown(tx: &Tx, viewer: &Viewer, message: &Message) -> Result<view::Message> {
    Ok(view::Message::new(message, &Mask::of_chat(tx, viewer, message.chat_id)?))
}

impl Peer for Operator {
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

impl Listener for Operator {
    fn frame(&self, socket: &Arc<Socket>, text: Utf8Bytes) {
        self.socket.get_or_init(|| Arc::clone(socket));
        if let Some(me) = self.me.upgrade() {
            worker::push(&me, text);
        }
    }

    fn closed(&self, socket: &Arc<Socket>) {
        self.live.domain.presence.page_went(socket.id());
        self.live.closed(socket, &self.room);
    }
}
