//! `kill -9` while everybody writes: what was acknowledged is there, once and in order, and both sides find it again.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::bad_frames::{TEXT, frame, open_at};
use crate::client::{Client, PATIENCE};
use crate::support::{Beseda, Start};

const VISITORS: usize = 20;
const ROUNDS: usize = 10;
/// Acknowledgements of a round before the blow, at least; each round has some more than the one before.
const ACKED: usize = 120;
/// Sockets that only listen.
const LISTENERS: usize = 60;

fn shop() -> Beseda {
    let beseda =
        Beseda::start_with(&Start { owner: true, flags: vec!["--visitor-messages", "1000000", "--log", "warn"] });
    // A connection may have been in the middle of anything.
    beseda.expect_errors();
    beseda
}

/// 20 visitors, each with a chat, and the 3 operators who took them.
fn people(beseda: &Beseda) -> (Vec<Client>, Vec<Client>, Vec<Vec<i64>>) {
    let staff = [beseda.operator("Мария"), beseda.operator("Тимур"), beseda.administrator("Андрей")];
    let mut operators: Vec<Client> = staff.iter().map(Client::operator).collect();
    for operator in &mut operators {
        assert!(operator.connect(&beseda.address()));
    }
    let mut chats = vec![Vec::new(); staff.len()];
    let visitors = (0..VISITORS).map(|n| {
        let mut visitor = Client::visitor(beseda);
        assert!(visitor.connect(&beseda.address()));
        visitor.write(None, "first");
        assert!(visitor.finish());
        let chat_id = visitor.chat["id"].as_i64().unwrap();
        staff[n % staff.len()].takes(chat_id);
        chats[n % staff.len()].push(chat_id);
        visitor
    });
    (visitors.collect(), operators, chats)
}

/// Writes until the line is cut.
fn storm(client: &mut Client, chats: &[i64], round: usize, acked: &AtomicUsize, stop: &AtomicBool) {
    let mut n = 0;
    while client.is_up() {
        let before = client.acked.len();
        if !client.is_busy() && !stop.load(Ordering::Relaxed) {
            n += 1;
            let chat_id = (!chats.is_empty()).then(|| chats[n % chats.len()]);
            client.write(chat_id, &format!("{round} {n}"));
        }
        client.hear(Duration::from_millis(if client.is_busy() { 100 } else { 2 }));
        acked.fetch_add(client.acked.len() - before, Ordering::Relaxed);
    }
}

/// Each acknowledged message is stored once, and those of one sender in the order in which it sent them.
fn assert_kept(beseda: &Beseda, clients: &[&Client], round: usize) {
    let database = beseda.database();
    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok", "round {round}");
    let mut stored: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    let mut statement = database.prepare("SELECT uid, id, text FROM messages").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).unwrap();
    for (uid, message) in rows.map(Result::unwrap) {
        stored.entry(uid).or_default().push(message);
    }
    for client in clients {
        let mut last = 0;
        for acked in &client.acked {
            let rows = stored.get(&acked.uid).map(Vec::as_slice).unwrap_or_default();
            assert_eq!(
                rows,
                [(acked.message_id, acked.text.clone())],
                "round {round}: acknowledged and not there as it was"
            );
            assert!(acked.message_id > last, "round {round}: not in the order of sending");
            last = acked.message_id;
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9_in_a_storm() {
    let beseda = shop();
    let (mut visitors, mut operators, chats) = people(&beseda);
    let mut recoveries = Vec::new();
    for round in 1..=ROUNDS {
        let (acked, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let of_nobody: &[i64] = &[];
            let storms = visitors.iter_mut().map(|client| (client, of_nobody));
            let storms = storms.chain(operators.iter_mut().zip(chats.iter().map(Vec::as_slice)));
            for (client, chats) in storms {
                let (acked, stop) = (&acked, &stop);
                scope.spawn(move || storm(client, chats, round, acked, stop));
            }
            let end = Instant::now() + PATIENCE;
            while acked.load(Ordering::Relaxed) < ACKED + round * 17 {
                if Instant::now() > end {
                    stop.store(true, Ordering::Relaxed);
                    beseda.kill();
                    panic!(
                        "round {round}: the storm stands still after {} acknowledgements",
                        acked.load(Ordering::Relaxed)
                    );
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            beseda.kill();
        });
        let begun = Instant::now();
        beseda.restart();
        let everybody = || visitors.iter().chain(&operators);
        assert_kept(&beseda, &everybody().collect::<Vec<_>>(), round);
        let resent: usize = everybody().map(|client| client.unsent.len()).sum();
        assert!(resent > 0, "round {round}: the blow came when nothing was on its way");

        for client in visitors.iter_mut().chain(&mut operators) {
            assert!(client.connect(&beseda.address()) && client.finish(), "round {round}: cannot come back");
            assert!(client.refused.is_empty(), "round {round}: {:?}", client.refused);
            recoveries.push(begun.elapsed());
        }
        beseda.settle();
        let everybody = || visitors.iter().chain(&operators);
        assert_kept(&beseda, &everybody().collect::<Vec<_>>(), round);
        let all: usize = everybody().map(|client| client.acked.len()).sum();
        assert_eq!(
            beseda.number("SELECT count(*) FROM messages"),
            i64::try_from(all).unwrap(),
            "round {round}: every one once"
        );
        for client in operators.iter_mut().chain(&mut visitors) {
            client.assert_fresh(&beseda);
        }
    }
    recoveries.sort_unstable();
    let written: usize = visitors.iter().chain(&operators).map(|client| client.acked.len()).sum();
    let reloads: usize = visitors.iter().chain(&operators).map(|client| client.reloads).sum();
    println!(
        "{written} messages over {ROUNDS} kills, {reloads} reloads; from the start to everything resent, one page after the \
         other: p50 {:?}, the last {:?}",
        recoveries[recoveries.len() / 2],
        recoveries[recoveries.len() - 1]
    );
}

#[test]
fn no_frame_is_ahead_of_what_came_with_it() {
    let beseda = shop();
    let (mut visitors, mut operators, chats) = people(&beseda);
    let (acked, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let andrey = beseda.administrator("Андрей");
    let cookie = format!("Cookie: {}\r\n", andrey.cookie.as_deref().unwrap());
    std::thread::scope(|scope| {
        // So many who listen that telling takes longer than writing: the hub falls behind the writer.
        for _ in 0..LISTENERS {
            let mut listener = open_at(&beseda, "/ws/operator", &cookie);
            let hello = json!({ "type": "hello", "since": null }).to_string();
            listener.write_all(&frame(TEXT, true, hello.as_bytes())).unwrap();
            scope.spawn(move || drop(std::io::copy(&mut listener, &mut std::io::sink())));
        }
        let of_nobody: &[i64] = &[];
        let storms = visitors.iter_mut().map(|client| (client, of_nobody));
        for (client, chats) in storms.chain(operators.iter_mut().zip(chats.iter().map(Vec::as_slice))) {
            let (acked, stop) = (&acked, &stop);
            scope.spawn(move || storm(client, chats, 1, acked, stop));
        }
        let end = Instant::now() + PATIENCE;
        while acked.load(Ordering::Relaxed) < 1_500 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(1));
        }
        beseda.kill();
    });
    beseda.restart();
    for client in visitors.iter().chain(&operators) {
        let mut seen = 0;
        for (most, messages) in &client.frames {
            if let Some(late) = messages.iter().find(|seq| **seq <= seen) {
                panic!("message {late} came after {seen} was seen: whoever was cut between the two would never get it");
            }
            seen = seen.max(*most);
        }
    }
}
