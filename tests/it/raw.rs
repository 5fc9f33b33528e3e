//! Raw bytes over TCP, for clients that no library would be, and what a process costs.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No answer may take longer.
pub const BOUND: Duration = Duration::from_secs(5);

/// An answer as it came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON, `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Connects with the bound on every read and write.
pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    stream.set_write_timeout(Some(BOUND)).unwrap();
    stream
}

/// Sends `bytes` and reads one answer; `what` is for the one who reads the failure.
pub fn exchange(address: &str, bytes: &[u8], what: &str) -> Reply {
    let mut stream = connect(address);
    // The server may refuse and close before all is written.
    drop(stream.write_all(bytes));
    read_reply(&mut stream, what)
}

/// Reads one answer.
pub fn read_reply(stream: &mut TcpStream, what: &str) -> Reply {
    let end = Instant::now() + BOUND;
    let mut all = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(reply) = whole(&all) {
            return reply;
        }
        assert!(Instant::now() < end, "{what}: no answer within {BOUND:?}, only {:?}", String::from_utf8_lossy(&all));
        match stream.read(&mut chunk) {
            Ok(0) => panic!("{what}: closed without a whole answer, after {:?}", String::from_utf8_lossy(&all)),
            Ok(count) => all.extend(&chunk[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => panic!("{what}: {error}, after {:?}", String::from_utf8_lossy(&all)),
        }
    }
}

fn whole(all: &[u8]) -> Option<Reply> {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let body = all[end..].get(..length.unwrap_or(0))?.to_vec();
    Some(Reply { status, head, body })
}

/// The number of the process that serves this file.
pub fn process_of(file: &Path) -> Option<u32> {
    let serves = |folder: &Path| {
        let line = std::fs::read(folder.join("cmdline")).ok()?;
        let mut parts = line.split(|byte| *byte == 0);
        let is_ours =
            parts.next()?.ends_with(b"beseda") && parts.any(|part| part == file.as_os_str().as_encoded_bytes());
        if is_ours { folder.file_name()?.to_str()?.parse().ok() } else { None }
    };
    let folders = std::fs::read_dir("/proc").unwrap().map_while(Result::ok);
    folders.map(|folder| folder.path()).find_map(|folder| serves(&folder))
}

/// Descriptors and threads of a process.
pub fn costs_of(process: u32) -> (usize, usize) {
    let descriptors = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count();
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let threads = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap().trim().parse().unwrap();
    (descriptors, threads)
}
