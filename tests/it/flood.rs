//! Too much of everything from one who should not: it is told so, and others do not notice.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::protocol::Role;
use tungstenite::{Message, WebSocket};

use crate::bad_frames::{TEXT, frame, handshake, open};
use crate::raw::connect;
use crate::support::{Answer, Beseda, CHROME, OWNER_EMAIL, PASSWORD, Socket, Start, hello, uid};

const FRAMES: usize = 10_000;
/// For noisy machines; a healthy exchange takes milliseconds.
const HEALTHY: Duration = Duration::from_secs(1);

fn shop() -> Beseda {
    Beseda::start_with(&Start { owner: true, flags: vec!["--log", "warn"] })
}

/// Runs `flood` while an operator writes to a visitor; prints how long the two waited.
fn while_others_talk(beseda: &Beseda, what: &str, flood: impl FnOnce()) {
    let (maria, vera) = (beseda.operator("Мария").online(), beseda.visitor("Вера"));
    let chat = vera.says("Здравствуйте");
    let stop = AtomicBool::new(false);
    let mut times = std::thread::scope(|scope| {
        let talk = scope.spawn(|| {
            let mut times = Vec::new();
            while times.is_empty() || !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                let text = format!("Ответ {}", times.len());
                maria.answers(chat, &text);
                vera.sees_text(&text);
                beseda.anonymous().get("/healthz").expect(200);
                times.push(begun.elapsed());
            }
            times
        });
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(flood));
        stop.store(true, Ordering::Relaxed);
        let times = talk.join().unwrap();
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
        times
    });
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100];
    println!("{what}: {} exchanges of others, p50 {:?}, p99 {p99:?}", times.len(), times[times.len() / 2]);
    assert!(p99 < HEALTHY, "{what}: others waited {p99:?}");
}

/// Says hello and then all `frames` as fast as the wire takes them, and hears all answers.
fn pour(beseda: &Beseda, frames: Vec<String>) -> Vec<Value> {
    let mut stream = open(beseda);
    let mut bytes = frame(TEXT, true, hello(None, None).to_string().as_bytes());
    frames.iter().for_each(|text| bytes.extend(frame(TEXT, true, text.as_bytes())));
    bytes.extend(frame(0x88, true, &1000_u16.to_be_bytes()));
    let listening = stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        let heard = scope.spawn(move || {
            let mut heard = Vec::new();
            let mut socket = WebSocket::from_raw_socket(listening, Role::Client, None);
            while let Ok(message) = socket.read() {
                if let Message::Text(text) = message {
                    match serde_json::from_str(&text).unwrap() {
                        Value::Array(frames) => heard.extend(frames),
                        frame => heard.push(frame),
                    }
                }
            }
            heard
        });
        drop(stream.write_all(&bytes));
        drop(stream.shutdown(Shutdown::Write));
        heard.join().unwrap()
    })
}

#[test]
fn ten_thousand_messages_at_once_are_twenty() {
    let beseda = shop();
    let before = beseda.number("SELECT count(*) FROM messages");
    let frames =
        (0..FRAMES).map(|n| json!({ "type": "send", "id": n, "uid": uid(), "text": format!("{n}") }).to_string());
    let frames = frames.collect();
    while_others_talk(&beseda, "a flood of messages", || {
        let begun = Instant::now();
        let heard = pour(&beseda, frames);
        let of = |kind: &str| heard.iter().filter(|frame| frame["type"] == kind).count();
        // One who hears more slowly than it shouts is closed as a slow reader, and what waited for it is thrown away.
        let acked = of("ack");
        assert!(acked <= 20, "{acked}: more than a visitor may write in 10 s");
        let refused: Vec<&Value> = heard.iter().filter(|frame| frame["type"] == "error").collect();
        for refusal in &refused {
            assert_eq!(
                (&refusal["code"], &refusal["params"]["limit"]),
                (&"messages_too_fast".into(), &20.into()),
                "{refusal}"
            );
            assert!(
                refusal["params"]["retry_after_ms"].as_i64().is_some_and(|wait| (1..=10_000).contains(&wait)),
                "{refusal}"
            );
        }
        println!("{acked} acknowledgements and {} refusals were heard, in {:?}", refused.len(), begun.elapsed());
    });
    let flooded = beseda.number("SELECT count(*) FROM messages WHERE operator_id IS NULL") - before;
    assert_eq!(flooded, 21, "20 of the flood, and one of who was there");
}

#[test]
fn ten_thousand_other_frames_and_ten_thousand_broken_ones_stop_nobody() {
    let beseda = shop();
    let pings = vec![json!({ "type": "ping" }).to_string(); FRAMES];
    let typing = vec![json!({ "type": "typing" }).to_string(); FRAMES];
    let broken = vec!["{".repeat(200); FRAMES];
    let pages = (0..FRAMES)
        .map(|n| json!({ "type": "page", "url": format!("https://tea.example/{n}"), "title": "" }).to_string());
    let pages = pages.collect();
    while_others_talk(&beseda, "floods of pings, of typing, of pages and of nonsense", || {
        let heard = pour(&beseda, pings);
        let pongs = heard.iter().filter(|frame| frame["type"] == "pong").count();
        assert_eq!(pongs, 199, "hello and 199 more within the window");
        let refusal = heard.iter().find(|frame| frame["type"] == "error").expect("a refusal of those beyond");
        assert_eq!(refusal["code"], "frames_too_fast");
        pour(&beseda, typing);
        pour(&beseda, pages);
        pour(&beseda, broken);
    });
    assert!(beseda.number("SELECT count(*) FROM page_views") <= 250);
}

fn forwarded(address: &str) -> [(&'static str, &str); 2] {
    [("x-forwarded-for", address), ("user-agent", CHROME)]
}

fn visit(beseda: &Beseda, address: &str) -> Result<Socket, Answer> {
    Socket::open(beseda, &format!("/ws/visitor?key={}", beseda.key()), &forwarded(address))
}

#[test]
fn an_address_behind_a_proxy_has_128_sockets_also_when_all_come_at_once() {
    let beseda = shop();
    let path = format!("/ws/visitor?key={}", beseda.key());
    while_others_talk(&beseda, "a crowd of sockets", || {
        for crowd in [
            (0..200).map(|_| "203.0.113.7".to_owned()).collect::<Vec<_>>(),
            // A customer's IPv6 network counts as one.
            (0..200).map(|n| format!("2001:db8:0:7::{n:x}")).collect(),
        ] {
            let outcomes: Vec<Result<Socket, Answer>> = std::thread::scope(|scope| {
                let visits: Vec<_> = crowd.iter().map(|address| scope.spawn(|| visit(&beseda, address))).collect();
                visits.into_iter().map(|visit| visit.join().unwrap()).collect()
            });
            let (open, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!((open.len(), refused.len()), (128, 72), "{}", crowd[0]);
            for answer in refused.into_iter().filter_map(Result::err) {
                assert_eq!(answer.status, 503);
                assert_eq!(answer.header("retry-after"), Some("5"));
                answer.refused("too_many_connections");
            }
            // Others come in, and so does this one when it has let go of a socket.
            assert!(visit(&beseda, "203.0.113.8").is_ok());
            assert!(visit(&beseda, "2001:db8:0:8::1").is_ok());
            let mut open = open.into_iter().map(Result::unwrap);
            open.next().unwrap().leave();
            let begun = Instant::now();
            while let Err(answer) = visit(&beseda, &crowd[0]) {
                assert_eq!(answer.code(), "too_many_connections");
                assert!(begun.elapsed() < Duration::from_secs(10), "the room is never free again");
            }
            open.for_each(Socket::leave);
        }
        // Sockets that end before anybody looks at them give their room back too: after many of them, all of it is there.
        for _ in 0..400 {
            let mut stream = connect(&beseda.address());
            stream.write_all(handshake(&beseda, &path, "X-Forwarded-For: 203.0.113.9\r\n").as_bytes()).unwrap();
        }
        let (begun, mut open) = (Instant::now(), Vec::new());
        while open.len() < 128 {
            match visit(&beseda, "203.0.113.9") {
                Ok(socket) => open.push(socket),
                Err(answer) => assert_eq!(answer.code(), "too_many_connections"),
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "there is room for {} only", open.len());
        }
    });
}

#[test]
fn an_address_brings_sixty_new_visitors_a_minute() {
    let beseda = shop();
    let arrive = |address: &str, token: Option<&str>| {
        let mut socket = visit(&beseda, address).unwrap();
        socket.say(&hello(token, None));
        let first = socket.wait("an answer to hello", |frame| frame["type"] == "ready" || frame["type"] == "error");
        if first["type"] == "error" {
            assert_eq!(socket.wait_for_close(), 1013, "so that the widget tries again by itself");
        }
        first
    };
    while_others_talk(&beseda, "a crowd of new visitors", || {
        let mut tokens = Vec::new();
        for n in 0..60 {
            let ready = arrive(&format!("2001:db8:0:7::{n:x}"), None);
            tokens.push(ready["token"].as_str().unwrap().to_owned());
        }
        for address in ["2001:db8:0:7::1", "2001:db8:0:7:ffff::"] {
            let refused = arrive(address, None);
            assert_eq!(refused["code"], "visitors_too_fast", "{refused}");
            assert!(refused["params"]["retry_after_ms"].as_i64().is_some_and(|wait| (1..=60_000).contains(&wait)));
        }
        // A token that nobody was given is none.
        let made_up: String = tokens[0].chars().rev().collect();
        assert_eq!(arrive("2001:db8:0:7::1", Some(&made_up))["code"], "visitors_too_fast");
        assert_eq!(arrive("2001:db8:0:7::1", Some(&tokens[0]))["token"], tokens[0], "who is known comes in");
        assert_eq!(arrive("2001:db8:0:8::1", None)["type"], "ready", "and so does another address");
        let refused = beseda.number("SELECT count(*) FROM visitors");
        assert_eq!(refused, 60 + 1 + 1, "the refused ones left no trace");
    });
    beseda.advance("61s");
    assert_eq!(arrive("2001:db8:0:7::1", None)["type"], "ready");
}

#[test]
fn a_flood_of_logins_is_throttled_and_others_log_in() {
    let beseda = shop();
    for name in ["Мария", "Тимур"] {
        beseda.operator(name);
    }
    let log_in = |email: &str, password: &str, address: &str| {
        let body = json!({ "email": email, "password": password }).to_string();
        beseda.anonymous().call("POST", "/api/login", Some(&body), &[("x-forwarded-for", address)])
    };
    // One address and one email: 10, and the owner still logs in from elsewhere.
    let codes: Vec<String> =
        (0..15).map(|_| log_in(OWNER_EMAIL, "wrong password", "203.0.113.6").code().to_owned()).collect();
    assert_eq!(codes, [vec!["login_wrong"; 10], vec!["login_throttled"; 5]].concat());
    assert_eq!(log_in(OWNER_EMAIL, PASSWORD, "192.0.2.1").status, 200, "who guesses locks nobody out");
    while_others_talk(&beseda, "a flood of logins", || {
        let stop = AtomicBool::new(false);
        let (codes, slowest) = std::thread::scope(|scope| {
            let flood = |n: usize| {
                let (stop, log_in) = (&stop, &log_in);
                move || {
                    let mut codes = BTreeMap::new();
                    let mut tries = 0;
                    while tries < 75 || !stop.load(Ordering::Relaxed) {
                        // One address tries everybody; many addresses try one.
                        let (email, address) = match n % 2 {
                            0 => (format!("somebody{tries}@example.com"), "203.0.113.7".to_owned()),
                            _ => (OWNER_EMAIL.to_owned(), format!("198.51.{n}.{}", tries % 256)),
                        };
                        let answer = log_in(&email, "wrong password", &address);
                        assert!(matches!(answer.code(), "login_wrong" | "login_throttled" | "busy"), "{answer:?}");
                        if answer.code() == "login_throttled" {
                            assert_eq!(answer.status, 429);
                            assert!(
                                answer
                                    .header("retry-after")
                                    .is_some_and(|wait| wait.parse::<i64>().is_ok_and(|wait| wait > 0))
                            );
                        }
                        *codes.entry(answer.code().to_owned()).or_insert(0) += 1;
                        tries += 1;
                    }
                    codes
                }
            };
            let floods: Vec<_> = (0..4).map(|n| scope.spawn(flood(n))).collect();
            let mut slowest = Duration::ZERO;
            for _ in 0..20 {
                for email in ["maria@example.com", "timur@example.com"] {
                    let begun = Instant::now();
                    let answer = log_in(email, PASSWORD, "192.0.2.1");
                    assert_eq!(answer.status, 200, "{answer:?}");
                    slowest = slowest.max(begun.elapsed());
                }
            }
            stop.store(true, Ordering::Relaxed);
            let codes: Vec<BTreeMap<String, usize>> = floods.into_iter().map(|flood| flood.join().unwrap()).collect();
            (codes, slowest)
        });
        println!("{codes:?}; the slowest right login of others took {slowest:?}");
        // Threads 0 and 2 are one address, 1 and 3 are after one email.
        for pair in [[0, 2], [1, 3]] {
            let of = |code: &str| pair.iter().filter_map(|n| codes[*n].get(code)).sum::<usize>();
            assert!(of("login_wrong") <= 100, "{codes:?}");
            assert!(of("login_throttled") > 0, "{codes:?}");
        }
    });
    beseda.advance("16m");
    assert_eq!(log_in(OWNER_EMAIL, PASSWORD, "192.0.2.1").status, 200, "the throttle ends");
}
