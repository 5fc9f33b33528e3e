//! The log: one line an event on stderr, with ids as fields; no secrets, no contacts, no texts of messages.

use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;

/// Starts logging. Later calls change nothing.
pub fn start(level: LevelFilter) {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(std::io::stderr)
            .with_target(false)
            .with_ansi(false)
            .compact()
            .init();
    });
}
