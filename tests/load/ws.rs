//! A WebSocket client as small as the measuring allows: text frames out under an empty mask, text frames in, pings
//! answered. tungstenite's client would cost more than what is measured, with 10,000 sockets on the same machine.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// One socket, not blocking after its handshake.
pub struct Ws {
    stream: TcpStream,
    /// The beginning of a frame that has not come whole.
    rest: Vec<u8>,
    /// What the kernel has not taken yet.
    unsent: Vec<u8>,
}

impl Ws {
    /// Connects and upgrades; `headers` are whole lines, each with its line end.
    pub fn connect(address: SocketAddr, path: &str, headers: &str) -> io::Result<Ws> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let head = loop {
            let mut bytes = [0; 1_024];
            let count = stream.read(&mut bytes)?;
            answer.extend_from_slice(bytes.get(..count).unwrap_or_default());
            if let Some(at) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if count == 0 {
                return Err(io::Error::other("the handshake ended early"));
            }
        };
        if !answer.starts_with(b"HTTP/1.1 101") {
            return Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
        }
        stream.set_nonblocking(true)?;
        Ok(Ws { stream, rest: answer.split_off(head), unsent: Vec::new() })
    }

    /// For `epoll`.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// Sends a text frame, or queues what the kernel does not take.
    pub fn send(&mut self, text: &str) -> io::Result<()> {
        self.frame(TEXT, text.as_bytes())
    }

    fn frame(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        self.unsent.push(0x80 | opcode);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length @ ..=125), _) => self.unsent.push(0x80 | length),
            (_, Ok(length)) => {
                self.unsent.push(0x80 | 126);
                self.unsent.extend_from_slice(&length.to_be_bytes());
            }
            _ => return Err(io::Error::other("the client sends short frames only")),
        }
        self.unsent.extend_from_slice(&[0; 4]);
        self.unsent.extend_from_slice(payload);
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        self.unsent.shrink_to(256);
        Ok(())
    }

    /// Reads what came through `bytes`, which all sockets share; `on` gets every whole text frame.
    pub fn read(&mut self, bytes: &mut [u8], on: &mut impl FnMut(&str)) -> io::Result<()> {
        self.flush()?;
        self.take(on)?;
        loop {
            match self.stream.read(bytes) {
                Ok(0) => return Err(io::Error::other("the server closed a socket")),
                Ok(count) => {
                    self.rest.extend_from_slice(bytes.get(..count).unwrap_or_default());
                    self.take(on)?;
                    if count < bytes.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, on: &mut impl FnMut(&str)) -> io::Result<()> {
        let rest = std::mem::take(&mut self.rest);
        let mut left = rest.as_slice();
        while let Some((opcode, payload, after)) = split(left) {
            left = after;
            match opcode {
                TEXT => on(std::str::from_utf8(payload).map_err(io::Error::other)?),
                PING => self.frame(PONG, payload)?,
                CLOSE => return Err(io::Error::other(format!("the server says good-bye: {}", code(payload)))),
                _ => {}
            }
        }
        if !left.is_empty() {
            self.rest = left.to_vec();
        }
        Ok(())
    }
}

/// The first whole frame: opcode, payload, what follows. Servers do not mask and Beseda does not split frames.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, second], after) = bytes.split_first_chunk::<2>()?;
    let (length, after) = match second & 0x7f {
        126 => {
            after.split_first_chunk::<2>().map(|(length, after)| (usize::from(u16::from_be_bytes(*length)), after))?
        }
        127 => after.split_first_chunk::<8>().map(|(length, after)| (u64::from_be_bytes(*length) as usize, after))?,
        length => (usize::from(length), after),
    };
    let (payload, after) = after.split_at_checked(length)?;
    Some((first & 0x0f, payload, after))
}

fn code(payload: &[u8]) -> u16 {
    payload.first_chunk::<2>().map_or(1005, |code| u16::from_be_bytes(*code))
}
