//! Clients looked up in the CRM, beside the requests and the writer: when one writes whose phone or email is known, and when
//! a page asks.
//!
//! A few threads ask the CRM; what it said is kept for minutes, in memory. Nobody waits for it: whoever asks is told what is
//! known by now, and the hub tells the pages when that changed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::clock::Moment;
use crate::crm::{self, Cause, Client, Fault, HttpClient, Settings};
use crate::domain::{Domain, crm as set_up};
use crate::error::{Code, Error, Result};
use crate::model::crm::Connection;
use crate::model::event::{Change, Event};
use crate::model::lead::{Contacts, CrmKind};
use crate::model::visitor::Visitor;
use crate::model::{ChatId, VisitorId, limits, words};
use crate::store;

words! {
    /// What is known of a client in the CRM.
    LookState {
        /// There is no phone and no email to look for.
        NoContact = "no_contact",
        /// The CRM is being asked; what it said before stands meanwhile.
        Looking = "looking",
        /// The CRM knows the client.
        Found = "found",
        /// The CRM knows no such.
        NotFound = "not_found",
        /// The CRM did not answer; what it said before stands.
        Failed = "failed",
    }
}

/// What is known now.
#[derive(Clone, Debug)]
pub struct Known {
    /// How it stands.
    pub state: LookState,
    /// The client, as the CRM said last.
    pub client: Option<Client>,
    /// Why the CRM did not answer, in its words or ours.
    pub words: Option<String>,
    /// When the CRM answered last, or failed to.
    pub looked_at: Option<Moment>,
}

/// Clients in the CRM; clones are the same ones.
#[derive(Clone, Default)]
pub struct Lookups(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    /// A CRM is connected that can look clients up.
    on: bool,
    /// The connection may be another one.
    changed: bool,
    stopping: bool,
    /// Threads that are asking.
    busy: usize,
    waiting: VecDeque<Ask>,
    /// What is in `waiting`.
    asked: HashSet<Ask>,
    known: HashMap<VisitorId, Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Ask {
    /// Something was said in this chat.
    Chat(ChatId),
    Client(VisitorId),
}

/// Who was looked for, and where.
#[derive(Clone, PartialEq, Eq)]
struct Question {
    kind: CrmKind,
    address: String,
    account: String,
    contacts: Contacts,
}

struct Entry {
    question: Question,
    looking: bool,
    client: Option<Client>,
    words: Option<String>,
    looked_at: Option<Moment>,
}

/// What the threads ask with.
struct Asker {
    domain: Arc<Domain>,
    http: Arc<HttpClient>,
    plain_http: bool,
    told: Box<dyn Fn(VisitorId) + Send + Sync>,
}

/// The threads.
pub struct Lookers {
    lookups: Lookups,
    threads: Vec<JoinHandle<()>>,
}

impl Lookups {
    /// Starts the threads. `told` hears of each client of whom something else is known now.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        &self,
        domain: Arc<Domain>,
        http: Arc<HttpClient>,
        plain_http: bool,
        told: Box<dyn Fn(VisitorId) + Send + Sync>,
    ) -> Result<Lookers> {
        self.lock().changed = true;
        let asker = Arc::new(Asker { domain, http, plain_http, told });
        let mut threads = Vec::new();
        for n in 0..limits::CRM_LOOKUPS {
            let (lookups, asker) = (self.clone(), Arc::clone(&asker));
            let builder = std::thread::Builder::new().name(format!("lookup-{n}"));
            let builder = builder.stack_size(limits::OUTBOX_STACK_BYTES);
            threads.push(builder.spawn(move || lookups.run(&asker)).map_err(Error::internal)?);
        }
        Ok(Lookers { lookups: self.clone(), threads })
    }

    /// Hears what was committed, on the writer's thread: takes a note of it and no more.
    pub fn hear(&self, events: &[Event]) {
        let mut state = self.lock();
        let mut news = false;
        for event in events {
            match event.change {
                Change::Settings => {
                    state.changed = true;
                    news = true;
                }
                Change::Message(chat_id, _) if state.on => news |= state.push(Ask::Chat(chat_id)),
                _ => {}
            }
        }
        drop(state);
        if news {
            self.0.wake.notify_one();
        }
    }

    /// What is known of `visitor` in this CRM, and has it looked up if that is nothing, old, of other contacts, or is to be
    /// `anew`. Does not wait.
    ///
    /// # Errors
    /// `busy` when too many wait to be looked up.
    pub fn of(&self, visitor: &Visitor, connection: &Connection, now: Moment, anew: bool) -> Result<Known> {
        let nothing = |state| Known { state, client: None, words: None, looked_at: None };
        let Some(question) = Question::of(visitor, connection) else { return Ok(nothing(LookState::NoContact)) };
        if connection.kind == CrmKind::Webhook {
            return Ok(nothing(LookState::NotFound));
        }
        let mut state = self.lock();
        if state.wants(visitor.id, &question, now, anew) {
            if !state.push(Ask::Client(visitor.id)) {
                return Err(Error::new(Code::Busy).with("retry_after_ms", limits::CRM_ASKS_WAIT_MS));
            }
            state.begin(visitor.id, question);
            self.0.wake.notify_one();
        }
        Ok(state.known.get(&visitor.id).map_or_else(|| nothing(LookState::Looking), Entry::known))
    }

    fn run(&self, asker: &Asker) {
        while let Some(ask) = self.next(asker) {
            let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.look(asker, ask)));
            match looked {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a client could not be looked up"),
                Err(_) => {
                    tracing::error!("looking a client up panicked");
                    // One of them would be looked for without end.
                    self.lock().known.clear();
                }
            }
            self.lock().busy -= 1;
            self.0.wake.notify_all();
        }
    }

    /// The next one to look up; `None` at the end.
    fn next(&self, asker: &Asker) -> Option<Ask> {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return None;
            }
            if std::mem::take(&mut state.changed) {
                drop(state);
                let connection = asker.domain.store.read(|reader| Ok(store::crm::get(reader)?));
                state = self.lock();
                match connection {
                    Ok(connection) => state.on = connection.is_some_and(|it| it.kind != CrmKind::Webhook),
                    Err(error) => tracing::warn!(%error, "the connection to the CRM could not be read"),
                }
                continue;
            }
            if let Some(ask) = state.waiting.pop_front() {
                state.asked.remove(&ask);
                state.busy += 1;
                return Some(ask);
            }
            state = self.0.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn look(&self, asker: &Asker, ask: Ask) -> Result<()> {
        let found = asker.domain.store.read(|reader| {
            let visitor = match ask {
                // Only what the client says: an operator's answer asks nobody.
                Ask::Chat(id) => store::chat::get(reader, id)?
                    .filter(|chat| chat.last_message.as_ref().is_some_and(|last| last.operator_id.is_none()))
                    .map(|chat| chat.visitor),
                Ask::Client(id) => store::visitor::get(reader, id)?,
            };
            Ok(visitor.zip(store::crm::get(reader)?))
        });
        let (visitor, connection) = match (found, ask) {
            (Ok(Some(found)), _) => found,
            (Ok(None), Ask::Client(id)) => {
                // The CRM or the client is gone.
                self.lock().known.remove(&id);
                return Ok(());
            }
            (Ok(None), Ask::Chat(_)) => return Ok(()),
            (Err(error), Ask::Client(id)) => {
                self.lock().known.remove(&id);
                (asker.told)(id);
                return Err(error);
            }
            (Err(error), Ask::Chat(_)) => return Err(error),
        };
        let Some(question) = Question::of(&visitor, &connection).filter(|it| it.kind != CrmKind::Webhook) else {
            self.lock().known.remove(&visitor.id);
            return Ok(());
        };
        if let Ask::Chat(_) = ask {
            let mut state = self.lock();
            if !state.wants(visitor.id, &question, asker.domain.clock.now(), false) {
                return Ok(());
            }
            state.begin(visitor.id, question.clone());
        }
        let settings = Settings::of(&connection, asker.plain_http);
        let clock = &asker.domain.clock;
        let answer = match connection.paused(clock.now()) {
            // It asked to be left alone, or is down: it is not asked, and says nothing.
            Some(_) => Err(String::new()),
            None => crm::connect(&settings, asker.http.as_ref(), clock)
                .and_then(|crm| crm.find_client(&question.contacts))
                .map_err(|fault| asker.stumbled(connection, &fault)),
        };
        self.settle(&question, visitor.id, answer, asker.domain.clock.now());
        (asker.told)(visitor.id);
        Ok(())
    }

    /// Keeps the answer.
    fn settle(
        &self,
        question: &Question,
        id: VisitorId,
        answer: std::result::Result<Option<Client>, String>,
        now: Moment,
    ) {
        let mut state = self.lock();
        let Some(entry) = state.known.get_mut(&id) else { return };
        if entry.question != *question {
            // The client's contacts changed meanwhile: who asks next has it looked up anew.
            state.known.remove(&id);
            return;
        }
        entry.looking = false;
        entry.looked_at = Some(now);
        match answer {
            Ok(client) => (entry.client, entry.words) = (client, None),
            Err(words) => entry.words = Some(words),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asker {
    /// What the CRM said instead of an answer. That it wants to be left alone, or takes the key no more, is noted for all that
    /// is asked of it, leads too; a right that is missing for looking clients up is missing for nothing else.
    fn stumbled(&self, connection: Connection, fault: &Fault) -> String {
        let stumble = fault.stumble();
        if fault.cause != Cause::Rights && stumble.matters() {
            let noted = self.domain.store.write(move |tx| set_up::question_failed(tx, &connection, &stumble));
            if let Err(error) = noted {
                tracing::warn!(%error, "what the CRM said could not be noted");
            }
        }
        // What the system says of the way there is nothing to operators.
        if fault.silent { String::new() } else { fault.in_words() }
    }
}

impl State {
    /// Whether it has to be looked for.
    fn wants(&self, id: VisitorId, question: &Question, now: Moment, anew: bool) -> bool {
        let Some(entry) = self.known.get(&id).filter(|entry| entry.question == *question) else { return true };
        let fresh_ms = match (anew, &entry.words) {
            (true, _) => limits::CRM_CLIENT_AGAIN_MS,
            (false, Some(_)) => limits::CRM_CLIENT_FAILED_MS,
            (false, None) => limits::CRM_CLIENT_FRESH_MS,
        };
        !entry.looking && entry.looked_at.is_none_or(|at| now - at >= fresh_ms)
    }

    /// It is being looked for from now on; what was said of the same question stands meanwhile.
    fn begin(&mut self, id: VisitorId, question: Question) {
        match self.known.get_mut(&id).filter(|entry| entry.question == question) {
            Some(entry) => entry.looking = true,
            None => {
                if self.known.len() >= limits::CRM_CLIENTS_KEPT {
                    let idle = self.known.iter().filter(|(_, entry)| !entry.looking);
                    let oldest = idle.min_by_key(|(_, entry)| entry.looked_at).map(|(id, _)| *id);
                    oldest.map(|id| self.known.remove(&id));
                }
                let entry = Entry { question, looking: true, client: None, words: None, looked_at: None };
                self.known.insert(id, entry);
            }
        }
    }

    /// Puts it behind those that wait; `false`: there is no room.
    fn push(&mut self, ask: Ask) -> bool {
        if self.asked.contains(&ask) {
            return true;
        }
        if self.waiting.len() >= limits::CRM_LOOKUPS_WAITING {
            return false;
        }
        self.asked.insert(ask);
        self.waiting.push_back(ask);
        true
    }
}

impl Question {
    /// `None`: there is nothing to look for.
    fn of(visitor: &Visitor, connection: &Connection) -> Option<Question> {
        let contacts = Contacts { name: None, phone: visitor.phone.clone(), email: visitor.email.clone() };
        (contacts != Contacts::default()).then(|| Question {
            kind: connection.kind,
            address: connection.address.clone(),
            account: connection.account.clone(),
            contacts,
        })
    }
}

impl Entry {
    fn known(&self) -> Known {
        let state = match (self.looking, &self.words, &self.client) {
            (true, ..) => LookState::Looking,
            (false, Some(_), _) => LookState::Failed,
            (false, None, Some(_)) => LookState::Found,
            (false, None, None) => LookState::NotFound,
        };
        let words = self.words.clone().filter(|_| state == LookState::Failed);
        Known { state, client: self.client.clone(), words, looked_at: self.looked_at }
    }
}

impl Lookers {
    /// Begins nothing more, and waits a little for what is under way.
    pub fn stop(self) {
        let lookups = &self.lookups;
        lookups.lock().stopping = true;
        lookups.0.wake.notify_all();
        let patience = Duration::from_millis(limits::CRM_LOOKUPS_STOP_MS);
        let waited = lookups.0.wake.wait_timeout_while(lookups.lock(), patience, |state| state.busy > 0);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(state);
        if timeout.timed_out() {
            // A CRM that does not answer: nothing is lost with the question.
            return;
        }
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread that looks clients up ended by a panic");
            }
        }
    }
}
