//! The server that is measured, as a process of its own: Beseda, or the plain baseline that speaks the same frames.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Fallible;
use super::ws::Ws;

/// The owner of every shop.
pub const EMAIL: &str = "olga@tea.example";
/// Everybody's password.
pub const PASSWORD: &str = "severnyi-chai-2026";

/// How far the server steps back behind the client, which has the same cores here and would have its own elsewhere.
pub type Nice = &'static str;
/// Not at all.
pub const EVEN: Nice = "0";
/// So far that a hundred of its threads do not keep the client from reading what came.
pub const BEHIND: Nice = "5";

fn at(nice: Nice, program: OsString) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", nice]).arg(program);
    command
}

/// A running server; dropping it ends it.
pub struct Server {
    child: Child,
    address: SocketAddr,
    key: String,
    cookie: String,
}

impl Server {
    /// Starts the release binary of Beseda on `file` and waits for its first line.
    pub fn start(file: &Path, more: &[&str]) -> Fallible<Server> {
        Server::start_at(EVEN, file, more)
    }

    fn start_at(nice: Nice, file: &Path, more: &[&str]) -> Fallible<Server> {
        let mut command = at(nice, binary());
        command.arg("--data").arg(file).args(["--listen", "127.0.0.1:0", "--log", "error"]).args(more);
        Server::run(command)
    }

    /// Starts Beseda on a new file with an owner, who is logged in; visitors may write as fast as they can.
    pub fn shop(nice: Nice, folder: &Path) -> Fallible<Server> {
        Server::shop_with(nice, folder, &[])
    }

    /// The same, allowed to ask servers of this machine.
    pub fn private(nice: Nice, folder: &Path) -> Fallible<Server> {
        Server::shop_with(nice, folder, &["--allow-private-addresses"])
    }

    fn shop_with(nice: Nice, folder: &Path, more: &[&str]) -> Fallible<Server> {
        let file = fresh(folder, "shop.db")?;
        let flags = ["--owner-email", EMAIL, "--owner-password", PASSWORD, "--visitor-messages", "100000000"];
        let mut server = Server::start_at(nice, &file, &[&flags, more].concat())?;
        server.cookie = server.log_in(EMAIL)?;
        let session = server.http("GET", "/api/session", &server.cookie, "")?;
        let text = String::from_utf8_lossy(&session.body).into_owned();
        server.key =
            text.split("\"key\":\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("no key")?.to_owned();
        Ok(server)
    }

    /// Starts the baseline on a new file.
    pub fn baseline(nice: Nice, script: &Path, folder: &Path) -> Fallible<Server> {
        let file = fresh(folder, "baseline.db")?;
        let mut command = at(nice, "node".into());
        command.arg(script).arg(file);
        Server::run(command)
    }

    fn run(mut command: Command) -> Fallible<Server> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or("no output")?;
        let read = BufReader::new(out).read_line(&mut line);
        let address = line.trim().rsplit("http://").next().unwrap_or_default().parse();
        match (read, address) {
            (Ok(_), Ok(address)) => Ok(Server { child, address, key: String::new(), cookie: String::new() }),
            _ => {
                child.kill()?;
                child.wait()?;
                Err(format!("the server did not say where it is: {line}").into())
            }
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the widget's loader is.
    pub fn loader_path(&self) -> String {
        format!("/w/{}.js", self.key)
    }

    /// A visitor's socket, before its `hello`.
    pub fn visitor(&self) -> std::io::Result<Ws> {
        Ws::connect(self.address, &format!("/ws/visitor?key={}", self.key), "Origin: https://shop.example\r\n")
    }

    /// The owner's socket, before its `hello`.
    pub fn operator(&self) -> std::io::Result<Ws> {
        self.operator_by(&self.cookie)
    }

    /// The socket of whoever has this cookie.
    pub fn operator_by(&self, cookie: &str) -> std::io::Result<Ws> {
        Ws::connect(self.address, "/ws/operator", &format!("{cookie}Origin: http://{}\r\n", self.address))
    }

    /// Adds an operator.
    pub fn add_operator(&self, name: &str, email: &str) -> Fallible {
        let body = format!(r#"{{"name":"{name}","email":"{email}","password":"{PASSWORD}","administrator":false}}"#);
        self.http("POST", "/api/operators", &self.cookie, &body)?.expect(201)
    }

    /// Logs in; returns the header line that says so.
    pub fn log_in(&self, email: &str) -> Fallible<String> {
        let answer =
            self.http("POST", "/api/login", "", &format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#))?;
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default())
        });
        Ok(format!("Cookie: {}\r\n", cookie.ok_or_else(|| format!("no log-in: {}", answer.head))?))
    }

    /// Uploads a file; a refusal is an error.
    pub fn upload(&self, path: &str, cookie: Option<&String>, file: &[u8]) -> Fallible {
        let mut stream = TcpStream::connect(self.address)?;
        let cookie = cookie.map_or("", String::as_str);
        let (address, length) = (self.address, file.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{cookie}\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(file)?;
        answer(&mut stream)?.expect(201)
    }

    /// A request of the owner's; another answer than `status` is an error.
    pub fn post(&self, path: &str, body: &str, status: u16) -> Fallible<String> {
        let answer = self.http("POST", path, &self.cookie, body)?;
        answer.expect(status)?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// The same with PUT.
    pub fn put(&self, path: &str, body: &str) -> Fallible {
        self.http("PUT", path, &self.cookie, body)?.expect(200)
    }

    /// One request on a connection of its own.
    pub fn http(&self, method: &str, path: &str, headers: &str, body: &str) -> Fallible<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        answer(&mut stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing that is measured comes after this.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// All that comes until the end.
fn answer(stream: &mut TcpStream) -> Fallible<Answer> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no answer")? + 4;
    let body = answer.split_off(head);
    Ok(Answer { head: String::from_utf8_lossy(&answer).into_owned(), body })
}

/// An answer over HTTP.
pub struct Answer {
    /// Status line and headers.
    pub head: String,
    /// The bytes after them.
    pub body: Vec<u8>,
}

impl Answer {
    /// An error unless the status is this one.
    pub fn expect(&self, status: u16) -> Fallible {
        match self.head.split(' ').nth(1) {
            Some(got) if got == status.to_string() => Ok(()),
            _ => Err(format!("{}{}", self.head, String::from_utf8_lossy(&self.body)).into()),
        }
    }
}

/// The binary that is measured: the one just built, or `BESEDA_BIN`, to compare two.
pub fn binary() -> OsString {
    std::env::var_os("BESEDA_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_beseda").into())
}

/// A path in `folder` at which nothing is.
fn fresh(folder: &Path, name: &str) -> Fallible<PathBuf> {
    for suffix in ["", "-wal", "-shm", "-lock"] {
        let path = folder.join(format!("{name}{suffix}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(folder.join(name))
}
