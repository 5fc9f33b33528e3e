//! The rules: who may what, which move a chat can make, what leaves for whom.
//!
//! Functions that change something take the store's transaction, the viewer, which one and what; they append the events
//! that tell everybody else. Nothing here knows HTTP, sockets or SQL.

pub mod account;
pub mod assign;
pub mod audit;
pub mod avatar;
pub mod chat;
pub mod csv;
pub mod device;
pub mod hours;
pub mod invitation;
pub mod list;
pub mod message;
pub mod message_edit;
pub mod note;
pub mod opening;
pub mod operator;
pub mod operator_edit;
pub mod password;
pub mod presence;
pub mod profile;
pub mod rating;
pub mod retention;
pub mod schedule;
pub mod setup;
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

use crate::clock::Clock;
use crate::model::limits;
use crate::store::Store;

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
            arrivals: throttle::Throttle::new(clock.clone(), limits::VISITORS_PER_WINDOW, limits::VISITORS_WINDOW_MS),
            clock,
        })
    }
}
