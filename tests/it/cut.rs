//! Lines that break in the middle: before the message, behind it, without a word, and for an hour.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::client::{Client, PATIENCE};
use crate::support::{Beseda, Start};

/// What the wire does with what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Forwards,
    /// Breaks when the client says something, which never arrives.
    CutBefore,
    /// Delivers what the client says and breaks before the answer.
    CutBehind,
    /// Forwards nothing in either direction, and no end of the connection either.
    Silent,
}

const ALL: [Wire; 3] = [Wire::CutBefore, Wire::CutBehind, Wire::Silent];

/// A wire between client and server that can be broken.
struct Proxy {
    address: String,
    wire: Arc<AtomicU8>,
    held: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    fn start(server: &str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (wire, held) = (Arc::new(AtomicU8::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (its_wire, its_held, server) = (Arc::clone(&wire), Arc::clone(&held), server.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(&server).unwrap();
                its_held.lock().unwrap().extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                for (from, to, up) in [(&client, &server, true), (&server, &client, false)] {
                    let (from, to, wire) = (from.try_clone().unwrap(), to.try_clone().unwrap(), Arc::clone(&its_wire));
                    std::thread::spawn(move || forward(from, to, up, &wire));
                }
            }
        });
        Proxy { address, wire, held }
    }

    fn becomes(&self, wire: Wire) {
        self.wire.store(wire as u8, Ordering::SeqCst);
    }

    /// All connections end now, those that were silent too.
    fn forget(&self) {
        for stream in self.held.lock().unwrap().drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.forget();
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, up: bool, wire: &AtomicU8) {
    let mut bytes = [0; 16 * 1024];
    let is = |what: Wire| wire.load(Ordering::SeqCst) == what as u8;
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if is(Wire::Silent) {
            continue;
        }
        if is(Wire::CutBefore) || (is(Wire::CutBehind) && !up) {
            break;
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    if !is(Wire::Silent) {
        drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
    }
}

fn shop() -> Beseda {
    Beseda::start_with(&Start { owner: true, flags: vec!["--visitor-messages", "1000000", "--log", "warn"] })
}

/// A visitor and an operator who talk through the proxy.
fn talk(beseda: &Beseda, proxy: &Proxy) -> (Client, Client, i64) {
    let maria = beseda.operator("Мария");
    let (mut visitor, mut operator) = (Client::visitor(beseda), Client::operator(&maria));
    assert!(operator.connect(&proxy.address) && visitor.connect(&proxy.address));
    visitor.write(None, "Есть зелёный чай?");
    assert!(visitor.finish());
    let chat_id = visitor.chat["id"].as_i64().unwrap();
    maria.takes(chat_id);
    (visitor, operator, chat_id)
}

fn assert_stored_once(beseda: &Beseda, client: &Client) {
    for acked in &client.acked {
        assert_eq!(
            beseda.number(&format!("SELECT count(*) FROM messages WHERE uid = '{}'", acked.uid)),
            1,
            "{}",
            acked.text
        );
    }
}

#[test]
fn a_line_cut_at_any_point_loses_and_doubles_nothing() {
    let beseda = shop();
    let proxy = Proxy::start(&beseda.address());
    let (mut visitor, mut operator, chat_id) = talk(&beseda, &proxy);
    for round in 0..3 {
        for wire in ALL {
            proxy.becomes(wire);
            visitor.write(None, &format!("{wire:?} {round}"));
            operator.write(Some(chat_id), &format!("{wire:?} {round}, answered"));
            if wire == Wire::Silent {
                // As after a dead wire: nobody says so, and the client gives up by itself.
                assert!(!visitor.hear(Duration::from_millis(100)), "nothing comes over a dead wire");
                visitor.cut();
                operator.cut();
            }
            for client in [&mut visitor, &mut operator] {
                while client.is_up() {
                    client.hear(PATIENCE);
                }
                assert_eq!(client.unsent.len(), 1, "{wire:?}: nobody said that it arrived");
            }
            proxy.becomes(Wire::Forwards);
            for client in [&mut visitor, &mut operator] {
                assert!(client.connect(&proxy.address) && client.finish(), "{wire:?}");
                assert!(client.refused.is_empty(), "{wire:?}: {:?}", client.refused);
                assert_eq!(client.reloads, 0, "{wire:?}: a short absence needs no new load");
            }
            beseda.settle();
            operator.assert_fresh(&beseda);
            visitor.assert_fresh(&beseda);
        }
    }
    assert_stored_once(&beseda, &visitor);
    assert_stored_once(&beseda, &operator);
    let all = visitor.acked.len() + operator.acked.len();
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), i64::try_from(all).unwrap());
}

/// Writes `count` messages as fast as they are taken.
fn chatter(client: &mut Client, chat_id: Option<i64>, count: usize) {
    for n in 0..count {
        client.write(chat_id, &format!("word {n}"));
        while client.is_busy() {
            client.hear(Duration::from_secs(1));
            assert!(client.is_up(), "cut while it read and wrote");
        }
    }
    assert!(client.finish());
}

#[test]
fn an_hour_away_with_ten_thousand_events_ends_as_a_page_loaded_afresh() {
    let beseda = shop();
    let (andrey, timur) = (beseda.administrator("Андрей"), beseda.operator("Тимур"));
    let proxy = Proxy::start(&beseda.address());
    let (mut visitor, mut operator, chat_id) = talk(&beseda, &proxy);
    let mut talkative = Client::visitor(&beseda);
    assert!(talkative.connect(&beseda.address()));
    talkative.write(None, "Я буду писать много");
    assert!(talkative.finish());
    beseda.settle();
    operator.drain();
    proxy.becomes(Wire::Silent);
    visitor.write(None, "Написано на оборванной линии");
    operator.write(Some(chat_id), "Отвечено на оборванной линии");
    let mut reader = Client::visitor(&beseda);
    reader.who = talkative.who.clone();
    assert!(reader.connect(&beseda.address()));
    reader.cut();

    let before = beseda.number("SELECT max(seq) FROM events");
    let address = beseda.address();
    let others: Vec<i64> = (0..4).map(|n| beseda.visitor("Иван").says(&format!("Вопрос {n}"))).collect();
    let mut writers: Vec<(Client, Option<i64>)> =
        others.iter().enumerate().map(|(n, chat)| (Client::operator([&andrey, &timur][n % 2]), Some(*chat))).collect();
    for (n, chat) in others.iter().enumerate() {
        [&andrey, &timur][n % 2].takes(*chat);
    }
    writers.push((talkative, None));
    std::thread::scope(|scope| {
        for (client, chat) in &mut writers {
            let address = &address;
            scope.spawn(move || {
                assert!(client.is_up() || client.connect(address));
                chatter(client, *chat, 2_000);
            });
        }
    });
    andrey.answers(chat_id, "А это коллега");
    let events = beseda.number("SELECT max(seq) FROM events") - before;
    assert!(events >= 10_000, "only {events}");
    beseda.advance("1h");

    visitor.cut();
    operator.cut();
    proxy.becomes(Wire::Forwards);
    for client in [&mut visitor, &mut operator, &mut reader] {
        assert!(client.connect(&proxy.address) && client.finish());
        assert!(client.refused.is_empty(), "{:?}", client.refused);
    }
    assert_eq!(operator.reloads, 1, "an operator who missed that much loads afresh");
    assert_eq!(visitor.reloads, 0, "a visitor catches up on its own chat only");
    assert_eq!(reader.reloads, 1, "a visitor whose own chat went on without it loads afresh");
    operator.load(&beseda);
    reader.load(&beseda);
    beseda.settle();
    operator.assert_fresh(&beseda);
    visitor.assert_fresh(&beseda);
    reader.assert_fresh(&beseda);
    assert_stored_once(&beseda, &visitor);
    assert_stored_once(&beseda, &operator);
}

#[test]
fn who_knows_less_than_is_kept_loads_afresh() {
    let beseda = shop();
    let proxy = Proxy::start(&beseda.address());
    let (mut visitor, mut operator, chat_id) = talk(&beseda, &proxy);
    beseda.settle();
    operator.drain();
    visitor.drain();
    operator.cut();
    visitor.cut();
    let known = [visitor.since, operator.since];
    // A year of others' changes, so that the hourly pruning has something to take.
    beseda.stop();
    let database = rusqlite::Connection::open(beseda.file()).unwrap();
    database.execute_batch("UPDATE events SET seq = seq + 300000 WHERE seq = (SELECT max(seq) FROM events)").unwrap();
    drop(database);
    beseda.restart();
    beseda.advance("2h");
    assert_eq!(beseda.number("SELECT count(*) FROM events"), 1, "the others are pruned");
    beseda.operator("Мария").answers(chat_id, "Вы ещё здесь?");
    for client in [&mut visitor, &mut operator] {
        assert!(client.connect(&beseda.address()));
        assert_eq!(client.reloads, 1);
        client.load(&beseda);
    }
    beseda.settle();
    operator.assert_fresh(&beseda);
    visitor.assert_fresh(&beseda);
    assert_eq!(visitor.messages.len(), 2);

    // A number from another file's future, as after going back to a backup.
    for (client, known) in [&mut visitor, &mut operator].into_iter().zip(known) {
        client.cut();
        client.since = known.map(|known| known + 10_000_000);
        assert!(client.connect(&beseda.address()));
        assert_eq!(client.reloads, 2);
    }
}
