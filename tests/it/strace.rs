//! What the kernel is asked: between a message's arrival and its acknowledgement the write-ahead log is written and synced.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::client::{Client, PATIENCE, Who};
use crate::raw::process_of;
use crate::support::{Beseda, OWNER_EMAIL, PASSWORD};

const MESSAGES: usize = 20;

/// The server with strace around it; killed when the test is over, however that is.
struct Traced {
    child: Child,
    address: String,
    server: Option<u32>,
}

impl Drop for Traced {
    fn drop(&mut self) {
        // strace ends with what it traces, and then its file is whole.
        let server = self.server.and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).unwrap()));
        match server {
            Some(server) => drop(rustix::process::kill_process(server, rustix::process::Signal::KILL)),
            None => drop(self.child.kill()),
        }
        drop(self.child.wait());
    }
}

fn start_traced(file: &std::path::Path, trace: &std::path::Path) -> Traced {
    let mut child = Command::new("strace")
        .args([
            "-f",
            "-y",
            "-s",
            "4096",
            "-e",
            "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg,read,recvfrom",
            "-o",
        ])
        .arg(trace)
        .args([
            env!("CARGO_BIN_EXE_beseda"),
            "--listen",
            "127.0.0.1:0",
            "--clock",
            "stdin",
            "--visitor-messages",
            "1000000",
        ])
        .args(["--owner-email", OWNER_EMAIL, "--owner-password", PASSWORD, "--data"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs strace (apt install strace): {error}"));
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let address = first.split_once("http://").map(|(_, address)| address.trim().to_owned());
    let server = process_of(file);
    let traced = Traced { child, address: address.clone().unwrap_or_default(), server };
    assert!(address.is_some(), "the program does not start under strace; is tracing forbidden here?");
    traced
}

/// What a line of the trace tells.
#[derive(Debug, PartialEq)]
enum Step {
    /// A message with this text came, or anything else that a client said.
    Heard,
    Logged,
    Synced,
    /// The text of the acknowledged message.
    Acked(String),
}

/// Puts the two halves of interrupted calls together; a call counts when it returned, an acknowledgement when it began.
fn steps(trace: &str) -> Vec<Step> {
    let mut open: HashMap<&str, &str> = HashMap::new();
    let mut steps = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("sendto(") || call.starts_with("write(") || call.starts_with("sendmsg(") {
            let acks = call.match_indices(r#"{\"type\":\"ack\""#);
            steps.extend(acks.map(|(at, _)| {
                let text = call[at..].split_once(r#"\"text\":\""#).unwrap().1.split(r#"\""#).next().unwrap();
                Step::Acked(text.to_owned())
            }));
        }
        let (name, returned) = if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
            open.insert(thread, begun);
            continue;
        } else if call.starts_with("<... ") {
            let Some(begun) = open.remove(thread) else { continue };
            (begun, call)
        } else {
            (call, call)
        };
        let result = returned.rsplit_once("= ").map_or("", |(_, result)| result);
        let worked = !result.starts_with('-') && result != "0";
        let on_log = name.contains("beseda.db-wal>");
        if name.starts_with("recvfrom(") && worked {
            steps.push(Step::Heard);
        } else if name.starts_with("pwrite64(") && on_log && worked {
            steps.push(Step::Logged);
        } else if (name.starts_with("fdatasync(") || name.starts_with("fsync(")) && on_log && result.trim() == "0" {
            steps.push(Step::Synced);
        }
    }
    steps
}

#[test]
fn a_sync_of_the_log_stands_between_arrival_and_acknowledgement() {
    // The folder, and a file with an owner and a key, from a server that runs without strace.
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let (key, mut operator) = (beseda.key(), Client::operator(&maria));
    beseda.stop();
    let trace = beseda.path("trace");
    let traced = start_traced(&beseda.file(), &trace);

    let mut visitor = Client::new(Who::Visitor(key, None));
    assert!(visitor.connect(&traced.address) && operator.connect(&traced.address));
    let mut expected = Vec::new();
    for n in 0..MESSAGES {
        expected.extend([format!("asked {n}"), format!("answered {n}")]);
        visitor.write(None, &format!("asked {n}"));
        assert!(visitor.finish());
        while operator.chats.is_empty() {
            assert!(operator.hear(PATIENCE), "the operator hears of the chat");
        }
        let chat_id = operator.chats.keys().next().copied();
        operator.write(chat_id, &format!("answered {n}"));
        assert!(operator.finish());
    }
    drop(traced);

    let (mut heard, mut logged, mut synced, mut acked) = (false, false, false, Vec::new());
    for step in steps(&std::fs::read_to_string(trace).unwrap()) {
        match step {
            Step::Heard => (heard, logged, synced) = (true, false, false),
            Step::Logged => logged |= heard,
            Step::Synced => synced |= logged,
            Step::Acked(text) => {
                assert!(heard, "{text}: acknowledged before anything came");
                assert!(logged, "{text}: acknowledged and not written into the log");
                assert!(synced, "{text}: acknowledged before the log was synced");
                acked.push(text);
            }
        }
    }
    assert_eq!(acked, expected);
    beseda.restart();
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), i64::try_from(expected.len()).unwrap());
}
