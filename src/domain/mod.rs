//! The rules: who may what, which move a chat can make, what leaves for whom.
//!
//! Functions that change something take the store's transaction, the viewer, which one and what; they append the events
//! that tell everybody else. Nothing here knows HTTP, sockets or SQL.

pub mod account;
pub mod assign;
pub mod audit;
pub mod avatar;
pub mod backup;
pub mod channel;
pub mod chat;
pub mod consent;
pub mod contact;
pub mod crm;
pub mod csv;
pub mod device;
pub mod file;
pub mod host;
pub mod hours;
pub mod identity;
pub mod invitation;
pub mod lead;
pub mod list;
pub mod look;
pub mod mask;
pub mod message;
pub mod message_edit;
pub mod note;
pub mod notice;
pub mod opening;
pub mod operator;
pub mod operator_edit;
pub mod password;
pub mod phone;
pub mod presence;
pub mod profile;
pub mod push;
pub mod rating;
pub mod retention;
pub mod scan;
pub mod schedule;
pub mod search;
pub mod settings;
pub mod setup;
pub mod site_check;
pub mod source;
pub mod template;
pub mod template_csv;
pub mod text;
pub mod theme;
pub mod throttle;
pub mod token;
pub mod view;
pub mod viewer;
pub mod visitor;
pub mod zone;

use std::sync::OnceLock;

use crate::clock::Clock;
use crate::error::Result;
use crate::model::{VisitorId, limits};
use crate::store::{self, Store, Tx};

use viewer::Viewer;

/// The rules with what they stand on: the file, the clock, and what lives only in memory.
pub struct Domain {
    /// The file.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Whether the shop is open now.
    pub opening: opening::Opening,
    /// Who is here now.
    pub presence: presence::Presence,
    /// The threads that hash passwords.
    pub passwords: password::Passwords,
    /// Wrong passwords, by email together with address.
    pub logins: throttle::Throttle,
    /// Wrong passwords, by email alone and by address alone.
    pub logins_wide: throttle::Throttle,
    /// Messages, by visitor.
    pub messages: throttle::Throttle,
    /// Pages looked at, by visitor.
    pub pages: throttle::Throttle,
    /// Addresses from which an operator logged in well, by email together with address.
    pub familiar: throttle::Throttle,
    /// New visitors, by address.
    pub arrivals: throttle::Throttle,
    /// Devices registered and pushes asked for, by operator.
    pub pushes: throttle::Throttle,
    /// What shops' pages say of their visitors, by visitor.
    pub introductions: throttle::Throttle,
    /// Searches for whole contacts by an operator who does not see them.
    pub contact_searches: throttle::Throttle,
    /// The same within a longer window.
    pub contact_searches_long: throttle::Throttle,
    /// Receipts of pushes, by device.
    pub receipts: throttle::Throttle,
    /// Uploads, by visitor.
    pub visitor_uploads: throttle::Throttle,
    /// Uploads of visitors, by address.
    pub address_uploads: throttle::Throttle,
    /// The backup that was made to be downloaded.
    pub backups: backup::Backups,
    /// Uploads that are under way.
    pub uploads: file::upload::Uploads,
    file_secret: OnceLock<[u8; 32]>,
}

impl Domain {
    /// Puts the rules on an open file.
    ///
    /// # Errors
    /// When a thread cannot be started, or the working hours cannot be read.
    pub fn new(store: Store, clock: Clock) -> std::io::Result<Domain> {
        let opening = opening::Opening::new(clock.clone());
        opening.load(&store).map_err(std::io::Error::other)?;
        Ok(Domain {
            store,
            opening,
            presence: presence::Presence::new(clock.clone()),
            passwords: password::Passwords::start()?,
            logins: throttle::Throttle::new(clock.clone(), limits::LOGINS_PER_WINDOW, limits::LOGINS_WINDOW_MS),
            logins_wide: throttle::Throttle::new(
                clock.clone(),
                limits::LOGINS_WIDE_PER_WINDOW,
                limits::LOGINS_WINDOW_MS,
            ),
            messages: throttle::Throttle::new(clock.clone(), limits::MESSAGES_PER_WINDOW, limits::MESSAGES_WINDOW_MS),
            pages: throttle::Throttle::new(clock.clone(), limits::PAGES_PER_WINDOW, limits::PAGES_WINDOW_MS),
            familiar: throttle::Throttle::new(clock.clone(), 1, limits::SESSION_IDLE_MS),
            pushes: throttle::Throttle::new(clock.clone(), limits::PUSH_ASKED_PER_WINDOW, limits::PUSH_WINDOW_MS),
            introductions: throttle::Throttle::new(
                clock.clone(),
                limits::INTRODUCTIONS_PER_WINDOW,
                limits::INTRODUCTIONS_WINDOW_MS,
            ),
            contact_searches: throttle::Throttle::new(
                clock.clone(),
                limits::CONTACT_SEARCHES_PER_WINDOW,
                limits::CONTACT_SEARCHES_WINDOW_MS,
            ),
            contact_searches_long: throttle::Throttle::new(
                clock.clone(),
                limits::CONTACT_SEARCHES_PER_LONG_WINDOW,
                limits::CONTACT_SEARCHES_LONG_WINDOW_MS,
            ),
            receipts: throttle::Throttle::new(clock.clone(), limits::RECEIPTS_PER_WINDOW, limits::PUSH_WINDOW_MS),
            arrivals: throttle::Throttle::new(clock.clone(), limits::VISITORS_PER_WINDOW, limits::VISITORS_WINDOW_MS),
            visitor_uploads: throttle::Throttle::new(
                clock.clone(),
                limits::UPLOADS_PER_WINDOW,
                limits::UPLOADS_WINDOW_MS,
            ),
            address_uploads: throttle::Throttle::new(
                clock.clone(),
                limits::UPLOADS_PER_WINDOW * 10,
                limits::UPLOADS_WINDOW_MS,
            ),
            backups: backup::Backups::new(clock.clone()),
            uploads: file::upload::Uploads::default(),
            file_secret: OnceLock::new(),
            clock,
        })
    }

    /// Runs `job` in the writer's next transaction for an operator, and waits until it is on the disk. All that operators
    /// change is changed here or in [`Domain::write_as_then`]: whoever was deleted since the request began, or is no
    /// administrator any more, changes nothing.
    ///
    /// # Errors
    /// `account_deleted`, `administrator_only`, those of [`Store::write`].
    pub fn write_as<T: Send + 'static>(
        &self,
        viewer: &Viewer,
        job: impl FnOnce(&Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.write(if_still_allowed(*viewer, job))
    }

    /// The same without waiting; `done` gets the result as that of [`Store::write_then`].
    pub fn write_as_then<T: Send + 'static>(
        &self,
        viewer: &Viewer,
        job: impl FnOnce(&Tx) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        self.store.write_then(if_still_allowed(*viewer, job), done);
    }

    /// What signs the addresses of visitors' files; read once.
    ///
    /// # Errors
    /// Those of the store.
    pub fn file_secret(&self) -> Result<[u8; 32]> {
        if let Some(secret) = self.file_secret.get() {
            return Ok(*secret);
        }
        let secret = self.store.read(|reader| Ok(store::project::file_secret(reader)?))?;
        Ok(*self.file_secret.get_or_init(|| secret))
    }

    /// Tickets of a visitor for its files.
    ///
    /// # Errors
    /// Those of the store.
    pub fn tickets(&self, visitor_id: VisitorId) -> Result<file::Tickets> {
        Ok(file::Tickets::new(self.file_secret()?, visitor_id))
    }
}

fn if_still_allowed<T>(viewer: Viewer, job: impl FnOnce(&Tx) -> Result<T>) -> impl FnOnce(&Tx) -> Result<T> {
    move |tx| {
        operator_edit::still_may(tx, &viewer)?;
        job(tx)
    }
}
