//! Hashing of passwords, on two threads of their own with a short queue: a flood of logins takes no more than them.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Code, Error, Result};

/// bcrypt's cost. Debug builds, which nobody should run a shop on, take the least, so that tests log in quickly.
const COST: u32 = if cfg!(debug_assertions) { 4 } else { 12 };

const WORKERS: usize = 2;
const QUEUE: usize = 16;

type Task = Box<dyn FnOnce() + Send>;

/// The threads that hash.
pub struct Passwords {
    tasks: SyncSender<Task>,
    /// A hash that fits no password, so that an unknown email takes as long as a wrong password.
    dummy: String,
}

impl Passwords {
    /// Starts the threads; they end with this value.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start() -> std::io::Result<Passwords> {
        let (tasks, receiver) = sync_channel::<Task>(QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        for n in 0..WORKERS {
            let receiver = Arc::clone(&receiver);
            std::thread::Builder::new()
                .name(format!("password-{n}"))
                .stack_size(512 * 1024)
                .spawn(move || work(&receiver))?;
        }
        let dummy = format!("$2b${COST:02}$abcdefghijklmnopqrstuuJ1cQTMOfcSVuNLzLhmGFrqPYbS9zPxO");
        Ok(Passwords { tasks, dummy })
    }

    /// The hash to keep of a password that [`super::text::password`] accepts.
    ///
    /// # Errors
    /// `busy` when too many wait.
    pub fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.on_worker(move || bcrypt::non_truncating_hash(password, COST))?.map_err(Error::internal)
    }

    /// Whether `password` is the one behind `hash`; without a hash it takes as long and is never right.
    ///
    /// # Errors
    /// `busy` when too many wait.
    pub fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.clone());
        let password = password.to_owned();
        let fits = self.on_worker(move || bcrypt::non_truncating_verify(password, &hash))?;
        // A password over 72 bytes is an error of bcrypt's and simply does not fit.
        Ok(known && fits.unwrap_or(false))
    }

    fn on_worker<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (sender, receiver) = sync_channel(1);
        let task: Task = Box::new(move || drop(sender.send(task())));
        match self.tasks.try_send(task) {
            Ok(()) => receiver.recv().map_err(|_| Error::internal("a hashing thread ended")),
            Err(TrySendError::Full(_)) => Err(Error::new(Code::Busy).with("retry_after_ms", 2_000_i64)),
            Err(TrySendError::Disconnected(_)) => Err(Code::GoingAway.into()),
        }
    }
}

fn work(tasks: &Mutex<Receiver<Task>>) {
    loop {
        let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => task(),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::start().unwrap();
        let hash = passwords.hash("чай с мятой и мёдом").unwrap();
        assert!(passwords.verify("чай с мятой и мёдом", Some(hash.clone())).unwrap());
        assert!(!passwords.verify("чай с мятой и мёдом.", Some(hash)).unwrap());
        assert!(!passwords.verify("чай с мятой и мёдом", None).unwrap());
    }

    #[test]
    fn a_password_longer_than_bcrypt_reads_never_fits() {
        let passwords = Passwords::start().unwrap();
        let hash = passwords.hash(&"a".repeat(71)).unwrap();
        assert!(!passwords.verify(&"a".repeat(80), Some(hash)).unwrap());
    }
}
