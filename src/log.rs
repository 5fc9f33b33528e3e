//! The log: one line an event on stderr, with ids as fields; no secrets, no contacts, no texts of messages.

use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging. Later calls change nothing.
///
/// Only this program's own lines are written: libraries log what passes through them, and a WebSocket's frames are messages.
pub fn start(level: LevelFilter) {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false);
        let own = Targets::new().with_target("beseda", level);
        tracing_subscriber::registry().with(lines.compact()).with(own).init();
    });
}
