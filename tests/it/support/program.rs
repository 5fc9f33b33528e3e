//! The program: starting, its time, its faults, its file, and what must hold when it stops.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{Browser, OWNER_EMAIL, Operator, PASSWORD, Visitor};

const BINARY: &str = env!("CARGO_BIN_EXE_beseda");

/// Time for a start, a stop or an answer of the program: long, because machines of tests are busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// How to start.
#[derive(Clone, Debug)]
pub struct Start {
    /// Whether the flags name the owner.
    pub owner: bool,
    /// Further flags.
    pub flags: Vec<&'static str>,
}

/// The program with its folder.
pub struct Beseda {
    folder: PathBuf,
    start: Start,
    running: Mutex<Option<Running>>,
    log: Arc<Mutex<String>>,
    errors_expected: AtomicBool,
}

struct Running {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    readers: Vec<JoinHandle<()>>,
    address: String,
    setup_token: Option<String>,
}

impl Beseda {
    /// A shop whose owner is Ольга.
    pub fn start() -> Beseda {
        Beseda::start_with(&Start { owner: true, flags: Vec::new() })
    }

    /// A new file that waits for its set-up link.
    pub fn start_without_owner() -> Beseda {
        Beseda::start_with(&Start { owner: false, flags: Vec::new() })
    }

    /// As `start` says.
    pub fn start_with(start: &Start) -> Beseda {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = fresh_folder(&format!("beseda-it-{}-{number}", std::process::id()));
        let log = Arc::new(Mutex::new(String::new()));
        let beseda = Beseda {
            running: Mutex::new(None),
            folder,
            start: start.clone(),
            log,
            errors_expected: AtomicBool::new(false),
        };
        *lock(&beseda.running) = Some(Running::start(&beseda));
        beseda
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.with(|running| running.address.clone())
    }

    /// The token of the set-up link that was printed.
    pub fn setup_token(&self) -> String {
        self.with(|running| running.setup_token.clone()).expect("a set-up link, as long as there is no owner")
    }

    /// Moves the program's time; returns when all that fell due has run.
    pub fn advance(&self, duration: &str) {
        self.control(&format!("advance {duration}"));
    }

    /// The program's time.
    pub fn now(&self) -> i64 {
        let answer = self.control("now");
        answer.trim_start_matches("ok ").parse().unwrap()
    }

    /// Lets the file grow to this many pages: a full disk.
    pub fn max_pages(&self, pages: i64) {
        self.control(&format!("max_pages {pages}"));
    }

    /// Lets the `n`th commit from now on fail.
    pub fn fail_commit(&self, n: i64) {
        self.control(&format!("fail_commit {n}"));
    }

    /// `ERROR` lines are part of this test.
    pub fn expect_errors(&self) {
        self.errors_expected.store(true, Ordering::Relaxed);
    }

    /// Returns when all that was committed before has gone out to the sockets' queues: a further write passes the writer, and
    /// the hub has handled what it was told by then.
    pub fn settle(&self) {
        self.owner().patch("/api/me", &serde_json::json!({})).expect(200);
        self.advance("0ms");
    }

    /// `kill -9`.
    pub fn kill(&self) {
        let mut running = lock(&self.running).take().expect("it runs");
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        running.join();
    }

    /// Starts again on the same file; kills it first when it still runs. The port is another one.
    pub fn restart(&self) {
        if lock(&self.running).is_some() {
            self.kill();
        }
        *lock(&self.running) = Some(Running::start(self));
    }

    /// Stops as an administrator of a machine does, and checks that it stops well.
    pub fn stop(&self) {
        let Some(mut running) = lock(&self.running).take() else { return };
        let id = rustix::process::Pid::from_child(&running.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        // The end of its output is the end of the program.
        loop {
            match running.lines.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    drop(running.child.kill());
                    panic!("the program did not stop on SIGTERM\n{}", self.log());
                }
            }
        }
        let status = running.child.wait().unwrap();
        running.join();
        assert!(status.success(), "the program stopped with {status}\n{}", self.log());
    }

    /// The log so far.
    pub fn log(&self) -> String {
        lock(&self.log).clone()
    }

    /// Memory that the program takes now, KiB.
    pub fn resident_kb(&self) -> u64 {
        let id = self.with(|running| running.child.id());
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// The database file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("beseda.db")
    }

    /// Changes the file while the program does not run: what no button does yet, and what only years would do.
    pub fn edit(&self, sql: &str) {
        self.stop();
        let connection = Connection::open(self.file()).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        self.restart();
    }

    /// A path for another file of this test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The rows, to look at.
    pub fn database(&self) -> Connection {
        open(&self.file())
    }

    /// One number out of the file.
    pub fn number(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The public key of the site.
    pub fn key(&self) -> String {
        self.database().query_row("SELECT key FROM channels ORDER BY id", [], |row| row.get(0)).unwrap()
    }

    /// Another command of the program.
    pub fn command(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(BINARY)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Somebody who is not logged in.
    pub fn anonymous(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// Ольга.
    pub fn owner(&self) -> Operator<'_> {
        Operator::log_in(self, OWNER_EMAIL, PASSWORD)
    }

    /// An administrator, added by the owner when there is none of this name.
    pub fn administrator(&self, name: &str) -> Operator<'_> {
        Operator::added(self, name, true)
    }

    /// An operator, added by the owner when there is none of this name.
    pub fn operator(&self, name: &str) -> Operator<'_> {
        Operator::added(self, name, false)
    }

    /// Somebody who opens the shop's page on a new device. The name is the test's, for reading.
    pub fn visitor(&self, name: &str) -> Visitor<'_> {
        Visitor::comes(self, name)
    }

    fn with<T>(&self, look: impl FnOnce(&Running) -> T) -> T {
        look(lock(&self.running).as_ref().expect("it runs"))
    }

    fn control(&self, line: &str) -> String {
        let mut running = lock(&self.running);
        let running = running.as_mut().expect("it runs");
        writeln!(running.stdin, "{line}").unwrap();
        let answer =
            running.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer to {line}\n{}", self.log()));
        assert!(answer.starts_with("ok"), "{line}: {answer}");
        answer
    }
}

impl Drop for Beseda {
    fn drop(&mut self) {
        if std::thread::panicking() {
            if let Some(mut running) = lock(&self.running).take() {
                drop(running.child.kill());
                drop(running.child.wait());
                running.join();
            }
            println!("--- the log of {}:\n{}---", self.folder.display(), self.log());
            return;
        }
        self.stop();
        let log = self.log();
        let errors: Vec<&str> = log.lines().filter(|line| line.contains(" ERROR ")).collect();
        if !self.errors_expected.load(Ordering::Relaxed) {
            assert!(errors.is_empty(), "errors in the log:\n{}", errors.join("\n"));
        }
        let database = self.database();
        let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        let orphans: i64 =
            database.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
        assert_eq!(orphans, 0, "rows whose parent is gone");
        drop(database);
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// An empty folder of this name: a process that had the same number before may have been killed and left its own.
pub fn fresh_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Running {
    fn start(beseda: &Beseda) -> Running {
        let mut command = Command::new(BINARY);
        command.arg("--data").arg(beseda.file()).args(["--listen", "127.0.0.1:0", "--clock", "stdin"]);
        if beseda.start.owner {
            command.args(["--owner-email", OWNER_EMAIL, "--owner-password", PASSWORD, "--owner-name", "Ольга"]);
            command.args(["--project-name", "Северный чай"]);
        }
        command.args(&beseda.start.flags);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let stdin = child.stdin.take().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = child.stderr.take().unwrap();
        let log = Arc::clone(&beseda.log);
        let readers = vec![
            std::thread::spawn(move || {
                for line in out.lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            }),
            std::thread::spawn(move || collect(err, &log)),
        ];
        let mut running = Running { child, stdin, lines, readers, address: String::new(), setup_token: None };
        let first = running.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no first line\n{}", beseda.log()));
        let (_, address) = first.split_once("http://").unwrap_or_else(|| panic!("no address in: {first}"));
        running.address = address.trim().to_owned();
        if !beseda.start.owner && !has_owner(&beseda.file()) {
            let link = running.lines.recv_timeout(PATIENCE).expect("a set-up link");
            running.setup_token = link.split_once('#').map(|(_, token)| token.trim().to_owned());
        }
        running
    }

    fn join(&mut self) {
        for reader in self.readers.drain(..) {
            drop(reader.join());
        }
    }
}

fn collect(mut from: impl Read, log: &Mutex<String>) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        lock(log).push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
}

fn has_owner(file: &Path) -> bool {
    let count: i64 =
        open(file).query_row("SELECT count(*) FROM operators WHERE role = 'owner'", [], |row| row.get(0)).unwrap();
    count > 0
}

fn open(file: &Path) -> Connection {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    connection
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
