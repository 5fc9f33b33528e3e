//! Who is here now: operators in the app, visitors on the site. Held in memory; after a restart all come back by
//! themselves. Who leaves counts as here for a grace time, so that a reload does not flicker.
//!
//! Two wishes pull at that time: visitors are to see within 3 s that the last operator left, and nobody is to see a reload, on
//! a slow line neither. What tells them apart is the request for the page: whoever closes the app asks for none, and a reload
//! asks before the old page goes. So a page that says that it goes counts for [`limits::OPERATOR_RELOAD_MS`] only, and for
//! [`limits::OPERATOR_LOADING_MS`] from the request on when another one was asked for. A line that is cut says nothing, and
//! whoever sat behind it mostly still does: [`limits::OPERATOR_GRACE_MS`].

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, Moment};
use crate::model::{DeviceId, OperatorId, VisitorId, limits};

/// Numbers every change of presence, so that statements about it can arrive in any order. Starts at the time of the start,
/// so it grows over restarts too.
pub type PresenceSeq = i64;

/// Somebody came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An operator.
    Operator(OperatorId, bool),
    /// A visitor.
    Visitor(VisitorId, bool),
}

/// How a socket came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The person logged out.
    LoggedOut,
    /// The browser said that the page goes: it was closed, or is loaded again and back in a moment.
    PageGone,
    /// The line was cut; whoever sat behind it mostly still does.
    Cut,
}

impl Departure {
    /// How long an operator counts as here afterwards, milliseconds.
    fn grace_ms(self) -> i64 {
        match self {
            Departure::LoggedOut => 0,
            Departure::PageGone => limits::OPERATOR_RELOAD_MS,
            Departure::Cut => limits::OPERATOR_GRACE_MS,
        }
    }
}

/// Who is here.
pub struct Presence {
    clock: Clock,
    state: Mutex<State>,
    pages: Mutex<HashMap<u64, Page>>,
}

/// A page of the operator app that is connected.
struct Page {
    operator_id: OperatorId,
    /// The push device of its browser.
    device_id: Option<DeviceId>,
    /// When it last said something.
    spoke_at: Moment,
}

struct State {
    seq: PresenceSeq,
    operators: Here<OperatorId>,
    /// Who asked for a page that did not connect yet, and until when it is waited for.
    loading: HashMap<OperatorId, Moment>,
    visitors: Here<VisitorId>,
}

/// Sockets of each, and for those without any the moment at which the grace ends.
struct Here<K> {
    sockets: HashMap<K, usize>,
    leaving: HashMap<K, Moment>,
}

impl<K> Default for Here<K> {
    fn default() -> Self {
        Here { sockets: HashMap::new(), leaving: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Here<K> {
    /// Whether `who` was not here before.
    fn come(&mut self, who: K) -> bool {
        let sockets = self.sockets.entry(who).or_insert(0);
        *sockets += 1;
        *sockets == 1 && self.leaving.remove(&who).is_none()
    }

    fn go(&mut self, who: K, gone_at: Moment) {
        if let Some(sockets) = self.sockets.get_mut(&who) {
            *sockets -= 1;
            if *sockets == 0 {
                self.sockets.remove(&who);
                self.leaving.insert(who, gone_at);
            }
        }
    }

    fn is_here(&self, who: &K) -> bool {
        self.sockets.contains_key(who) || self.leaving.contains_key(who)
    }

    fn gone(&mut self, now: Moment) -> Vec<K> {
        let gone: Vec<K> = self.leaving.iter().filter(|(_, at)| **at <= now).map(|(who, _)| *who).collect();
        for who in &gone {
            self.leaving.remove(who);
        }
        gone
    }

    fn all(&self) -> impl Iterator<Item = K> {
        self.sockets.keys().chain(self.leaving.keys()).copied()
    }
}

impl Presence {
    /// Nobody is here yet.
    pub fn new(clock: Clock) -> Self {
        let state =
            State { seq: clock.now(), operators: Here::default(), loading: HashMap::new(), visitors: Here::default() };
        Presence { clock, state: Mutex::new(state), pages: Mutex::default() }
    }

    /// An operator opened a socket; says so when the operator was not here before.
    pub fn operator_came(&self, id: OperatorId) -> Option<Change> {
        let mut state = self.state();
        state.loading.remove(&id);
        let came = state.operators.come(id);
        state.seq += i64::from(came);
        came.then_some(Change::Operator(id, true))
    }

    /// An operator's browser asked for a page: the one that goes now, or went a moment ago, is loaded again.
    pub fn operator_loads(&self, id: OperatorId) {
        let until = self.clock.now() + limits::OPERATOR_LOADING_MS;
        let mut state = self.state();
        state.loading.insert(id, until);
        if let Some(gone_at) = state.operators.leaving.get_mut(&id) {
            *gone_at = until.max(*gone_at);
        }
    }

    /// An operator's socket closed.
    pub fn operator_went(&self, id: OperatorId, departure: Departure) {
        let mut gone_at = self.clock.now() + departure.grace_ms();
        let mut state = self.state();
        let until = state.loading.get(&id).copied();
        if let Some(until) = until.filter(|_| departure == Departure::PageGone) {
            gone_at = gone_at.max(until);
        }
        state.operators.go(id, gone_at);
    }

    /// A visitor opened a socket; says so when the visitor was not here before.
    pub fn visitor_came(&self, id: VisitorId) -> Option<Change> {
        let mut state = self.state();
        let came = state.visitors.come(id);
        state.seq += i64::from(came);
        came.then_some(Change::Visitor(id, true))
    }

    /// A visitor's socket closed.
    pub fn visitor_went(&self, id: VisitorId) {
        let gone_at = self.clock.now() + limits::VISITOR_GRACE_MS;
        self.state().visitors.go(id, gone_at);
    }

    /// A further number: who counts as here changed by something else than coming and going.
    pub fn advance(&self) {
        self.state().seq += 1;
    }

    /// Those whose grace is over now.
    pub fn sweep(&self) -> Vec<Change> {
        let now = self.clock.now();
        let mut state = self.state();
        let operators = state.operators.gone(now).into_iter().map(|id| Change::Operator(id, false));
        let mut changes: Vec<Change> = operators.collect();
        changes.extend(state.visitors.gone(now).into_iter().map(|id| Change::Visitor(id, false)));
        state.seq += i64::from(!changes.is_empty());
        changes
    }

    /// When the next grace is over.
    pub fn next_sweep(&self) -> Option<Moment> {
        let state = self.state();
        state.operators.leaving.values().chain(state.visitors.leaving.values()).min().copied()
    }

    /// Whether an operator is here, and the number that this is true at.
    pub fn has_operator(&self, id: OperatorId) -> (bool, PresenceSeq) {
        let state = self.state();
        (state.operators.is_here(&id), state.seq)
    }

    /// Whether a visitor is here, and the number that this is true at.
    pub fn has_visitor(&self, id: VisitorId) -> (bool, PresenceSeq) {
        let state = self.state();
        (state.visitors.is_here(&id), state.seq)
    }

    /// All operators who are here in the order of their ids, and the number that this is true at.
    pub fn operators(&self) -> (Vec<OperatorId>, PresenceSeq) {
        let state = self.state();
        let mut ids: Vec<OperatorId> = state.operators.all().collect();
        ids.sort_unstable();
        (ids, state.seq)
    }

    /// All visitors who are here, and the number that this is true at.
    pub fn visitors(&self) -> (Vec<VisitorId>, PresenceSeq) {
        let state = self.state();
        (state.visitors.all().collect(), state.seq)
    }

    /// A page of an operator is connected by this socket.
    pub fn page_came(&self, socket: u64, operator_id: OperatorId, device_id: Option<DeviceId>) {
        let page = Page { operator_id, device_id, spoke_at: self.clock.now() };
        self.pages().insert(socket, page);
    }

    /// It said something.
    pub fn page_spoke(&self, socket: u64) {
        if let Some(page) = self.pages().get_mut(&socket) {
            page.spoke_at = self.clock.now();
        }
    }

    /// It is gone.
    pub fn page_went(&self, socket: u64) {
        self.pages().remove(&socket);
    }

    /// When any page of an operator last said something; `None`: there is none.
    pub fn operator_spoke_at(&self, operator_id: OperatorId) -> Option<Moment> {
        let pages = self.pages();
        pages.values().filter(|page| page.operator_id == operator_id).map(|page| page.spoke_at).max()
    }

    /// When any page of an operator in the browser of this push device last said something; `None`: there is none.
    pub fn device_spoke_at(&self, operator_id: OperatorId, device_id: DeviceId) -> Option<Moment> {
        let pages = self.pages();
        let here = pages.values().filter(|page| page.operator_id == operator_id && page.device_id == Some(device_id));
        here.map(|page| page.spoke_at).max()
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<u64, Page>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reload_does_not_flicker_and_leaving_does_count_in_the_end() {
        let clock = Clock::manual(0);
        let presence = Presence::new(clock.clone());
        let maria = OperatorId(3);
        assert_eq!(presence.operator_came(maria), Some(Change::Operator(maria, true)));
        assert_eq!(presence.operator_came(maria), None, "a second tab");
        presence.operator_went(maria, Departure::Cut);
        assert_eq!(presence.next_sweep(), None, "one tab is left");
        presence.operator_went(maria, Departure::Cut);
        clock.advance(limits::OPERATOR_GRACE_MS - 1);
        assert_eq!(presence.sweep(), []);
        assert!(presence.has_operator(maria).0);
        assert_eq!(presence.operator_came(maria), None, "back in time");
        presence.operator_went(maria, Departure::Cut);
        assert_eq!(presence.next_sweep(), Some(clock.now() + limits::OPERATOR_GRACE_MS));
        clock.advance(limits::OPERATOR_GRACE_MS);
        assert_eq!(presence.sweep(), [Change::Operator(maria, false)]);
        assert!(!presence.has_operator(maria).0);
        for (departure, grace_ms) in [(Departure::LoggedOut, 0), (Departure::PageGone, limits::OPERATOR_RELOAD_MS)] {
            presence.operator_came(maria);
            presence.operator_went(maria, departure);
            assert_eq!(presence.next_sweep(), Some(clock.now() + grace_ms), "{departure:?}");
            clock.advance(grace_ms);
            assert_eq!(presence.sweep(), [Change::Operator(maria, false)]);
        }
    }
}
