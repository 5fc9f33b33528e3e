//! The bench: a running program, and people who use it.
//!
//! ```ignore
//! let beseda = Beseda::start();
//! let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
//! let chat = petr.says("Есть зелёный чай?");
//! maria.answers(chat, "Есть");
//! petr.sees_text("Есть");
//! ```
//!
//! The time is the test's own ([`Beseda::advance`]); waits are on frames and bounded, never a sleep. When a test ends
//! well, the program must stop cleanly, with no `ERROR` in its log and a sound file; when it fails, the log is printed and
//! the folder kept.

pub mod crm;
mod http;
mod people;
mod program;
mod push_service;
mod socket;

pub use http::{Answer, Browser};
pub use people::{Operator, Visitor, encoded, hello};
pub use program::{Beseda, Start, fresh_folder};
pub use push_service::{PushService, Reply};
pub use socket::Socket;

/// The password of everybody.
pub const PASSWORD: &str = "чёрный чай 22";

/// The owner's email.
pub const OWNER_EMAIL: &str = "olga@example.com";

/// A browser that people have.
pub const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";

/// The id of a new message.
pub fn uid() -> String {
    uuid::Uuid::now_v7().hyphenated().to_string()
}
