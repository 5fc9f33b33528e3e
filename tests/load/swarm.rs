//! Many sockets on one thread.

use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};

use super::Fallible;
use super::server::Server;
use super::ws::Ws;

/// Sockets that are looked after together.
pub struct Swarm {
    epoll: OwnedFd,
    sockets: Vec<Ws>,
    /// The socket whose end is expected.
    leaving: Option<usize>,
    bytes: Vec<u8>,
}

impl Swarm {
    /// Without any socket.
    pub fn new() -> io::Result<Swarm> {
        Ok(Swarm {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            sockets: Vec::new(),
            leaving: None,
            bytes: vec![0; 256 * 1024],
        })
    }

    /// Takes a socket in; returns its number.
    pub fn add(&mut self, ws: Ws) -> io::Result<usize> {
        let number = self.sockets.len();
        epoll::add(&self.epoll, ws.descriptor(), epoll::EventData::new_u64(number as u64), epoll::EventFlags::IN)?;
        self.sockets.push(ws);
        Ok(number)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sockets.len()
    }

    /// The end of socket `number`, of the last one so named, is no fault.
    pub fn let_go(&mut self, number: usize) {
        self.leaving = Some(number);
    }

    /// Sends a text frame on socket `number`.
    pub fn send(&mut self, number: usize, text: &str) -> io::Result<()> {
        self.sockets.get_mut(number).ok_or_else(|| io::Error::other("no such socket"))?.send(text)
    }

    /// Waits at most `timeout`, then reads all that came: `on` gets the socket's number and the frame's text.
    pub fn poll(&mut self, timeout: Duration, on: &mut impl FnMut(usize, &str)) -> io::Result<()> {
        let timeout = Timespec::try_from(timeout).map_err(io::Error::other)?;
        let mut events: Vec<epoll::Event> = Vec::with_capacity(1_024);
        match epoll::wait(&self.epoll, spare_capacity(&mut events), Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in &events {
            let number = event.data.u64() as usize;
            let count = self.sockets.len();
            if let Some(ws) = self.sockets.get_mut(number) {
                let read = ws.read(&mut self.bytes, &mut |text| on(number, text));
                match read {
                    Err(_) if self.leaving == Some(number) => epoll::delete(&self.epoll, ws.descriptor())?,
                    Err(error) => return Err(io::Error::other(format!("socket {number} of {count}: {error}"))),
                    Ok(()) => {}
                }
            }
        }
        Ok(())
    }

    /// Polls until `done` says so of what came so far; an error after `patience`.
    pub fn until(&mut self, patience: Duration, mut done: impl FnMut(usize, &str) -> bool) -> Fallible {
        let end = Instant::now() + patience;
        let mut ended = false;
        while !ended {
            self.poll(Duration::from_millis(100), &mut |number, text| ended |= done(number, text))?;
            if Instant::now() > end {
                return Err(format!("{} s were not enough for what should come", patience.as_secs()).into());
            }
        }
        Ok(())
    }

    /// Connects `count` new visitors, each saying `hello` and waiting for its chat. At most 200 are under way at a time.
    pub fn visitors(&mut self, server: &Server, count: usize) -> Fallible {
        let mut ready = 0;
        for begun in 1..=count {
            let number = self.add(server.visitor()?)?;
            self.send(number, &hello(number))?;
            while ready < begun && (begun - ready >= 200 || begun == count) {
                self.until(Duration::from_secs(30), |_, text| {
                    ready += usize::from(text.contains("\"type\":\"ready\""));
                    true
                })?;
            }
        }
        Ok(())
    }

    /// Connects an operator who is shown everything; returns the socket's number.
    pub fn operator(&mut self, server: &Server) -> Fallible<usize> {
        let number = self.add(server.operator()?)?;
        self.send(number, r#"{"type":"hello","since":null}"#)?;
        self.until(Duration::from_secs(30), |from, text| from == number && text.contains("\"type\":\"ready\""))?;
        self.send(number, r#"{"type":"view","chat_id":null,"empty":true}"#)?;
        Ok(number)
    }
}

/// What the visitor of socket `number` says first.
pub fn hello(number: usize) -> String {
    format!(
        r#"{{"type":"hello","token":null,"since":null,"url":"https://shop.example/tea/{number}","title":"Tea {number}","referrer":"https://search.example/","language":"ru","time_zone":"Europe/Moscow"}}"#
    )
}

/// The message with this number; the number is in its uid, so that it is known again wherever it arrives.
pub fn send(number: usize) -> String {
    let uid = uid(number);
    format!(
        r#"{{"type":"send","id":{number},"uid":"{uid}","text":"Добрый день! Есть ли у вас красный чай, №{number}?"}}"#
    )
}

fn uid(number: usize) -> String {
    format!("0192f5d0-0000-7000-8000-{number:012x}")
}

/// The numbers of all messages in a frame.
pub fn numbers(text: &str) -> impl Iterator<Item = usize> {
    text.split("\"0192f5d0-0000-7000-8000-").skip(1).filter_map(|rest| usize::from_str_radix(rest.get(..12)?, 16).ok())
}
