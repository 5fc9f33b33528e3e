//! Who is connected: a bounded number of places, and who gives way when they are all taken.
//!
//! A connection is *waiting* while it costs us a place and does nothing for it: an incomplete head, an idle keep-alive,
//! a body that does not come, an answer that is not read. When all places are taken, the one that has been waiting
//! longest is shut down, so that silent and slow clients cannot lock others out; one that is being answered never is.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A connection's place. Owns the socket, so that it can be shut down from outside with no second descriptor.
#[derive(Debug)]
pub(super) struct Place {
    pub id: u64,
    pub stream: TcpStream,
    pub peer: SocketAddr,
    /// The address that is counted; `None` for trusted proxies and the machine itself.
    counted: Option<IpAddr>,
    start: Instant,
    /// [`BUSY`], [`EVICTED`], or since when it waits (milliseconds after `start`, plus 1).
    state: AtomicU64,
}

const BUSY: u64 = 0;
const EVICTED: u64 = u64::MAX;

/// Threads of evicted connections that may still be on their way out.
const LEAVING: usize = 64;

impl Place {
    /// From now on this connection may be made to give way. False: it was already.
    pub fn wait(&self) -> bool {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(EVICTED - 2) + 1;
        self.turn(now)
    }

    /// From now on this connection may not be made to give way. False: too late.
    pub fn work(&self) -> bool {
        self.turn(BUSY)
    }

    fn turn(&self, state: u64) -> bool {
        let step = |old| if old == EVICTED { None } else { Some(state) };
        self.state.fetch_update(Ordering::AcqRel, Ordering::Acquire, step).is_ok()
    }

    /// Shuts the connection down if it is still in the state that was seen; its thread then finds the end and leaves.
    fn evict(&self, seen: u64) -> bool {
        let won = self.state.compare_exchange(seen, EVICTED, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if won {
            // An error says that the client went first.
            let _ = self.stream.shutdown(Shutdown::Both);
        }
        won
    }
}

/// All places of one edge.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    most_of_one_address: usize,
    start: Instant,
    inner: Mutex<Inner>,
    left: Condvar,
    stopping: AtomicBool,
}

#[derive(Debug, Default)]
struct Inner {
    next_id: u64,
    taken: HashMap<u64, Arc<Place>>,
    by_address: HashMap<IpAddr, usize>,
    /// Threads that speak HTTP, those of evicted connections included.
    threads: usize,
}

impl Places {
    pub fn new(most: usize, most_of_one_address: usize) -> Places {
        Places {
            most,
            most_of_one_address,
            start: Instant::now(),
            inner: Mutex::default(),
            left: Condvar::new(),
            stopping: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the connection a place, if need be that of the one that has been waiting longest.
    ///
    /// An address that has as many as it may makes room among its own.
    ///
    /// # Errors
    /// The stream again, when everybody is being answered.
    pub fn enter(&self, stream: TcpStream, peer: SocketAddr, exempt: bool) -> Result<Arc<Place>, TcpStream> {
        let counted = (!exempt).then(|| one_address(peer.ip()));
        let mut inner = self.lock();
        let of_address = counted.and_then(|address| inner.by_address.get(&address)).copied().unwrap_or_default();
        if of_address >= self.most_of_one_address && !inner.evict_longest(|place| place.counted == counted) {
            return Err(stream);
        }
        if inner.taken.len() >= self.most && !inner.evict_longest(|_| true) {
            return Err(stream);
        }
        let id = inner.next_id;
        inner.next_id += 1;
        let place = Arc::new(Place { id, stream, peer, counted, start: self.start, state: AtomicU64::new(BUSY) });
        // A new connection has said nothing yet.
        place.wait();
        if let Some(address) = counted {
            *inner.by_address.entry(address).or_default() += 1;
        }
        inner.taken.insert(id, Arc::clone(&place));
        inner.threads += 1;
        Ok(place)
    }

    /// Frees the place, if it was not taken away before.
    pub fn leave(&self, id: u64) {
        self.lock().free(id);
    }

    /// The connection's thread is over; called once for each success of [`Places::enter`].
    pub fn thread_ended(&self) {
        let mut inner = self.lock();
        inner.threads = inner.threads.saturating_sub(1);
        self.left.notify_all();
    }

    /// Makes the longest waiting connection give way, for the sake of its descriptor or thread.
    pub fn evict_one(&self) -> bool {
        self.lock().evict_longest(|_| true)
    }

    /// The same, and waits until its descriptor is free; at most `patience`, for its thread only has to end.
    pub fn evict_one_and_wait(&self, patience: Duration) -> bool {
        let mut inner = self.lock();
        let threads = inner.threads;
        let evicted = inner.evict_longest(|_| true);
        if evicted {
            let waited = self.left.wait_timeout_while(inner, patience, |inner| inner.threads >= threads);
            drop(waited);
        }
        evicted
    }

    /// Waits until evicted connections have gone, so that they do not pile up under a flood; at most `patience`.
    pub fn wait_for_threads(&self, patience: Duration) {
        self.wait_while(patience, self.most + LEAVING);
    }

    fn wait_while(&self, patience: Duration, threads: usize) -> bool {
        let waited = self.left.wait_timeout_while(self.lock(), patience, |inner| inner.threads >= threads);
        let (inner, _) = waited.unwrap_or_else(PoisonError::into_inner);
        inner.threads < threads
    }

    pub fn count(&self) -> usize {
        self.lock().taken.len()
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// From now on every answer is the last of its connection.
    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Ends all connections: waiting ones at once, others after their answer, or by force at the deadline.
    pub fn close(&self, deadline: Instant) {
        loop {
            // Again and again: a connection may begin to wait just after we looked.
            while self.evict_one() {}
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.wait_while(left.min(Duration::from_millis(20)), 1) {
                break;
            }
        }
        for place in self.lock().taken.values() {
            let _ = place.stream.shutdown(Shutdown::Both);
        }
        self.wait_while(Duration::from_millis(500), 1);
    }
}

impl Inner {
    fn evict_longest(&mut self, among: impl Fn(&Place) -> bool) -> bool {
        loop {
            let longest = self
                .taken
                .values()
                .filter(|place| among(place))
                .map(|place| (place.state.load(Ordering::Acquire), place.id))
                .filter(|(state, _)| *state != BUSY && *state != EVICTED)
                .min();
            let Some((state, id)) = longest else { return false };
            let Some(place) = self.taken.get(&id).map(Arc::clone) else { return false };
            // Lost the race: it began to work. Look for another.
            if place.evict(state) {
                self.free(id);
                return true;
            }
        }
    }

    fn free(&mut self, id: u64) {
        let Some(place) = self.taken.remove(&id) else { return };
        if let Some(address) = place.counted
            && let Some(count) = self.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

/// What is counted as one address: an IPv6 customer owns a /64 (RFC 6177). The machine's own address stays.
pub fn one_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) if !address.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
        address => address,
    }
}

/// Gives the socket away, after [`Places::leave`].
///
/// # Errors
/// Out of descriptors, in the rare moment in which somebody still looks at the place.
pub(super) fn into_stream(place: Arc<Place>) -> io::Result<TcpStream> {
    Arc::try_unwrap(place).map_or_else(|place| place.stream.try_clone(), |place| Ok(place.stream))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Connections of made-up addresses; the streams are real.
    struct Street {
        listener: TcpListener,
        places: Places,
        clients: Vec<TcpStream>,
    }

    impl Street {
        fn new(most: usize, most_of_one_address: usize) -> Street {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            Street { listener, places: Places::new(most, most_of_one_address), clients: Vec::new() }
        }

        fn comes(&mut self, address: &str) -> Option<Arc<Place>> {
            self.clients.push(TcpStream::connect(self.listener.local_addr().unwrap()).unwrap());
            let (stream, _) = self.listener.accept().unwrap();
            let peer = SocketAddr::new(address.parse().unwrap(), 1);
            let place = self.places.enter(stream, peer, peer.ip().is_loopback()).ok()?;
            // Moments differ by at least a millisecond, as the order is what these tests are about.
            let now = Instant::now();
            while now.elapsed() < Duration::from_millis(2) {
                std::hint::spin_loop();
            }
            Some(place)
        }
    }

    #[test]
    fn the_longest_waiting_gives_way_and_a_working_one_never_does() {
        let mut street = Street::new(3, 9);
        let [first, second, third] =
            ["203.0.113.1", "203.0.113.2", "203.0.113.3"].map(|who| street.comes(who).unwrap());
        assert!(first.work());
        let fourth = street.comes("203.0.113.4").unwrap();
        assert!(!second.work(), "it waited longest");
        assert!(third.work() && fourth.work());
        assert!(street.comes("203.0.113.5").is_none(), "all are being answered");
        assert!(first.wait());
        assert!(street.comes("203.0.113.5").is_some());
        assert!(!first.work());
        assert_eq!(street.places.count(), 3);
    }

    #[test]
    fn an_address_over_its_share_makes_room_among_its_own_and_the_machine_itself_is_not_counted() {
        let mut street = Street::new(100, 2);
        let other = street.comes("203.0.113.1").unwrap();
        let one = street.comes("2001:db8::1").unwrap();
        let two = street.comes("2001:db8::2").unwrap();
        let three = street.comes("2001:db8::3").unwrap();
        assert!(!one.work() && two.work() && three.work() && other.work());
        assert!(street.comes("2001:db8::4").is_none());
        street.places.leave(two.id);
        assert!(street.comes("2001:db8::4").is_some());
        for _ in 0..5 {
            assert!(street.comes("127.0.0.1").is_some());
        }
    }
}
