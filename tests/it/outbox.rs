//! The outbox: what is sent when, in which order, how often, and what is left of it after a blow.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use beseda::clock::Clock;
use beseda::domain::Domain;
use beseda::model::limits;
use beseda::model::outbox::{Job, JobKind};
use beseda::outbox::{Bell, Courier, Outbox, Outcome};
use beseda::store::outbox::NewJob;
use beseda::store::{self, Commit, Store, Tx};
use rusqlite::Connection;

use crate::support::fresh_folder;

const PATIENCE: Duration = Duration::from_secs(20);

/// Answers each attempt with what the test wants, and keeps what came.
#[derive(Default)]
struct Fake {
    answers: Mutex<VecDeque<Outcome>>,
    came: Mutex<Vec<(String, i64, bool)>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    gate: Mutex<bool>,
    opened: Condvar,
}

impl Fake {
    fn answer(&self, outcome: Outcome) {
        self.answers.lock().unwrap().push_back(outcome);
    }

    fn came(&self) -> Vec<String> {
        self.came.lock().unwrap().iter().map(|(payload, ..)| payload.clone()).collect()
    }

    fn shut(&self, shut: bool) {
        *self.gate.lock().unwrap() = shut;
        self.opened.notify_all();
    }

    fn wait_until_under_way(&self, count: usize) {
        let end = Instant::now() + PATIENCE;
        while self.under_way.load(Ordering::SeqCst) < count {
            assert!(Instant::now() < end, "{count} jobs are not under way");
            std::thread::yield_now();
        }
    }
}

struct Post(Arc<Fake>);

impl Courier for Post {
    fn send(&self, job: &Job) -> Outcome {
        let now = self.0.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most_under_way.fetch_max(now, Ordering::SeqCst);
        self.0.came.lock().unwrap().push((job.payload.clone(), job.attempts, job.unknown));
        let gate = self.0.gate.lock().unwrap();
        drop(self.0.opened.wait_timeout_while(gate, PATIENCE, |shut| *shut).unwrap());
        let answer = self.0.answers.lock().unwrap().pop_front();
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        answer.unwrap_or(Outcome::Sent)
    }

    fn settle(&self, _: &Tx, job: &Job, _: &Outcome) -> beseda::error::Result<()> {
        assert!(job.payload != "panics", "as a bug would");
        if job.payload == "fails" { Err(beseda::error::Error::internal("as a bug would")) } else { Ok(()) }
    }
}

/// A file with an outbox that sends to a fake.
struct Bench {
    folder: std::path::PathBuf,
    domain: Arc<Domain>,
    bell: Bell,
    outbox: Option<Outbox>,
    fake: Arc<Fake>,
}

impl Bench {
    fn new() -> Bench {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("beseda-outbox-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Bench::open(fresh_folder(&name), 1_790_000_000_000)
    }

    fn open(folder: std::path::PathBuf, now: i64) -> Bench {
        let (clock, bell) = (Clock::manual(now), Bell::default());
        let ring = bell.clone();
        let on_commit = Box::new(move |commit: Commit| {
            if commit.jobs {
                ring.ring();
            }
        });
        let store = Store::open(&folder.join("beseda.db"), clock.clone(), on_commit).unwrap();
        let domain = Arc::new(Domain::new(store, clock).unwrap());
        let fake = Arc::new(Fake::default());
        let mut bench = Bench { folder, domain, bell, outbox: None, fake };
        bench.start();
        bench
    }

    fn start(&mut self) {
        let post: Box<dyn Courier> = Box::new(Post(Arc::clone(&self.fake)));
        let couriers = Arc::new(vec![(JobKind::Push, post)]);
        self.outbox = Some(Outbox::start(Arc::clone(&self.domain), self.bell.clone(), couriers).unwrap());
    }

    fn queue(&self, jobs: &[(&str, Option<&str>, &str)]) {
        let jobs: Vec<_> = jobs
            .iter()
            .map(|(target, topic, payload)| (target.to_string(), topic.map(str::to_owned), payload.to_string()))
            .collect();
        let queued = self.domain.store.write(move |tx| {
            for (target, topic, payload) in &jobs {
                let new = NewJob {
                    kind: JobKind::Push,
                    target,
                    topic: topic.as_deref(),
                    payload,
                    next_at: tx.now(),
                    expires_at: Some(tx.now() + 3_600_000),
                };
                store::outbox::queue(tx, &new)?;
            }
            Ok(())
        });
        queued.unwrap();
    }

    fn settle(&self) {
        self.bell.ring_and_wait(PATIENCE);
    }

    fn advance(&self, ms: i64) {
        self.domain.clock.advance(ms);
        self.settle();
    }

    fn rows(&self) -> Vec<(String, String, i64, Option<String>)> {
        let database = Connection::open(self.folder.join("beseda.db")).unwrap();
        let mut rows = database.prepare("SELECT payload, state, attempts, last_error FROM outbox ORDER BY id").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    fn states(&self) -> Vec<(String, String)> {
        self.rows().into_iter().map(|(payload, state, ..)| (payload, state)).collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.fake.shut(false);
        if let Some(outbox) = self.outbox.take() {
            outbox.stop();
        }
        self.domain.store.close();
        if !std::thread::panicking() {
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }
}

fn later(asked_ms: Option<i64>) -> Outcome {
    Outcome::Later { reason: "not now".into(), asked_ms }
}

fn pair(payload: &str, state: &str) -> (String, String) {
    (payload.to_owned(), state.to_owned())
}

#[test]
fn jobs_of_a_target_keep_their_order_and_a_failed_one_lets_nothing_pass() {
    let bench = Bench::new();
    bench.fake.answer(later(None));
    bench.queue(&[("a", None, "1"), ("a", None, "2"), ("a", None, "3")]);
    bench.settle();
    assert_eq!(bench.fake.came(), ["1"], "the others wait behind the first");
    bench.queue(&[("b", None, "of another")]);
    bench.settle();
    assert_eq!(bench.fake.came(), ["1", "of another"], "another target does not wait");
    bench.advance(3_000);
    assert_eq!(bench.fake.came().len(), 2, "too early for a second attempt");
    bench.advance(4_000);
    assert_eq!(bench.fake.came(), ["1", "of another", "1", "2", "3"]);
    assert!(bench.rows().iter().all(|(_, state, ..)| state == "sent"));
    assert_eq!(bench.rows()[0].2, 2, "attempts");
}

#[test]
fn delays_grow_until_a_job_is_given_up() {
    let bench = Bench::new();
    let post = |bench: &Bench| {
        bench.domain.store.write(|tx| {
            let new = NewJob {
                kind: JobKind::Push,
                target: "a",
                topic: None,
                payload: "1",
                next_at: tx.now(),
                expires_at: None,
            };
            Ok(store::outbox::queue(tx, &new)?)
        })
    };
    (0..limits::OUTBOX_ATTEMPTS).for_each(|_| bench.fake.answer(later(None)));
    post(&bench).unwrap();
    bench.settle();
    let mut waits = vec![];
    while bench.states() != [pair("1", "refused")] {
        let next_at = bench.domain.store.read(|reader| Ok(store::outbox::heads(reader)?)).unwrap()[0].due_at;
        let wait = next_at - bench.domain.clock.now();
        assert!(wait > 0 && wait <= limits::OUTBOX_DELAY_MS_MAX * 5 / 4, "{wait}");
        waits.push(wait);
        bench.advance(wait - 1);
        assert_eq!(bench.fake.came().len(), waits.len(), "not before its time");
        bench.advance(1);
    }
    assert_eq!(waits.len() as i64, limits::OUTBOX_ATTEMPTS - 1);
    assert!(waits[1] > waits[0] && waits[4] > waits[3], "{waits:?}");
    assert_eq!(bench.rows()[0].3.as_deref(), Some("not now"));
}

#[test]
fn the_other_side_is_left_alone_as_long_as_it_asks() {
    let bench = Bench::new();
    bench.fake.answer(later(Some(600_000)));
    bench.queue(&[("a", None, "1")]);
    bench.settle();
    bench.queue(&[("a", None, "2")]);
    bench.advance(599_000);
    assert_eq!(bench.fake.came(), ["1"]);
    bench.advance(1_000);
    assert_eq!(bench.fake.came(), ["1", "1", "2"]);
}

#[test]
fn a_newer_job_of_a_topic_takes_the_place_of_one_that_waits() {
    let bench = Bench::new();
    bench.fake.answer(Outcome::Hold(bench.domain.clock.now() + 5_000));
    bench.queue(&[("a", Some("chat-7"), "old")]);
    bench.settle();
    assert_eq!(bench.rows(), [("old".into(), "queued".into(), 0, None)], "held, not tried");
    bench.queue(&[("a", Some("chat-7"), "new"), ("a", Some("chat-8"), "other")]);
    bench.settle();
    assert_eq!(bench.fake.came(), ["old", "other"], "what is held does not hold up another topic");
    bench.advance(5_000);
    assert_eq!(bench.fake.came(), ["old", "other", "new"]);
    bench.queue(&[("a", Some("chat-7"), "after")]);
    bench.settle();
    assert_eq!(bench.fake.came().last().unwrap(), "after", "what was sent is not replaced");
}

#[test]
fn one_that_was_under_way_when_a_newer_one_of_its_topic_came_is_not_tried_again() {
    for outcome in [later(None), Outcome::Unknown("cut".into()), Outcome::Hold(i64::MAX)] {
        let bench = Bench::new();
        bench.fake.answer(outcome.clone());
        bench.fake.shut(true);
        bench.queue(&[("a", Some("chat-7"), "old")]);
        bench.fake.wait_until_under_way(1);
        bench.queue(&[("a", Some("chat-7"), "new")]);
        bench.fake.shut(false);
        bench.settle();
        bench.advance(3_000_000);
        assert_eq!(bench.fake.came(), ["old", "new"], "{outcome:?}");
        assert_eq!(bench.states(), [pair("new", "sent")], "{outcome:?}");
    }
}

#[test]
fn what_nobody_wants_goes_and_what_is_too_late_is_given_up() {
    let bench = Bench::new();
    bench.fake.answer(Outcome::Dropped);
    bench.queue(&[("a", None, "unwanted")]);
    bench.settle();
    assert!(bench.rows().is_empty());
    bench.fake.answer(Outcome::Refused("no such thing".into()));
    bench.fake.answer(later(Some(3_500_000)));
    bench.queue(&[("a", None, "refused"), ("a", None, "late")]);
    bench.settle();
    bench.advance(3_700_000);
    assert_eq!(bench.states(), [pair("refused", "refused"), pair("late", "refused")]);
    assert_eq!(bench.fake.came(), ["unwanted", "refused", "late"], "after its time it is not sent");
    assert_eq!(bench.rows()[0].3.as_deref(), Some("no such thing"));
    bench.domain.clock.advance(limits::OUTBOX_KEPT_MS + 1);
    bench.domain.store.write(|tx| beseda::domain::retention::prune_outbox(tx, 10)).unwrap();
    assert!(bench.rows().is_empty(), "ended ones are not kept for ever");
}

#[test]
fn what_was_under_way_at_a_blow_is_unknown_and_comes_again_as_such() {
    let mut bench = Bench::new();
    bench.fake.shut(true);
    bench.queue(&[("a", None, "1"), ("a", None, "2")]);
    bench.fake.wait_until_under_way(1);
    // The file as a blow leaves it, in another place.
    let folder = bench.folder.with_extension("blown");
    std::fs::create_dir_all(&folder).unwrap();
    let copy = folder.join("beseda.db");
    Connection::open(bench.folder.join("beseda.db"))
        .unwrap()
        .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
        .unwrap();
    let after = Bench::open(folder, bench.domain.clock.now());
    after.settle();
    let came = after.fake.came.lock().unwrap().clone();
    assert_eq!(came, [("1".to_owned(), 2, true), ("2".to_owned(), 1, false)]);
    assert_eq!(after.states(), [pair("1", "sent"), pair("2", "sent")]);

    // The same by stopping, with an answer that does not come in time.
    let begun = Instant::now();
    bench.outbox.take().unwrap().stop();
    let took = begun.elapsed().as_millis() as u64;
    assert!((limits::OUTBOX_STOP_MS - 500..limits::OUTBOX_STOP_MS + 5_000).contains(&took), "{took}");
    assert_eq!(bench.states(), [pair("1", "sending"), pair("2", "queued")]);
}

#[test]
fn a_job_whose_outcome_cannot_be_stored_holds_up_nobody() {
    let bench = Bench::new();
    bench.queue(&[("a", None, "fails"), ("a", None, "panics"), ("a", None, "good")]);
    bench.settle();
    assert_eq!(bench.states(), [pair("fails", "unknown"), pair("panics", "unknown"), pair("good", "sent")]);
    bench.advance(3_000_000);
    assert_eq!(bench.fake.came(), ["fails", "panics", "good"], "what was given up stays so");
}

#[test]
fn an_answer_that_was_not_read_is_marked_and_asked_again() {
    let bench = Bench::new();
    bench.fake.answer(Outcome::Unknown("the line was cut".into()));
    bench.queue(&[("a", None, "1")]);
    bench.settle();
    assert_eq!(bench.rows(), [("1".into(), "unknown".into(), 1, Some("the line was cut".into()))]);
    bench.advance(7_000);
    assert_eq!(*bench.fake.came.lock().unwrap(), [("1".to_owned(), 1, false), ("1".to_owned(), 2, true)]);
    assert_eq!(bench.states(), [pair("1", "sent")]);
}

#[test]
fn thousands_of_jobs_go_out_a_few_at_a_time() {
    let bench = Bench::new();
    bench.fake.shut(true);
    let targets: Vec<String> = (0..50).map(|n| format!("t{n:02}")).collect();
    for part in (0..5_000).collect::<Vec<usize>>().chunks(500) {
        let jobs: Vec<_> = part.iter().map(|n| (targets[n % 50].as_str(), None, "{}")).collect();
        bench.queue(&jobs);
    }
    bench.fake.wait_until_under_way(limits::OUTBOX_WORKERS);
    bench.fake.shut(false);
    let begun = Instant::now();
    while bench.states().iter().any(|(_, state)| state != "sent") {
        bench.settle();
        assert!(begun.elapsed() < Duration::from_secs(300), "too slow");
    }
    println!("5,000 jobs in {:?}", begun.elapsed());
    assert_eq!(bench.fake.came().len(), 5_000);
    assert_eq!(bench.fake.most_under_way.load(Ordering::SeqCst), limits::OUTBOX_WORKERS);
}
