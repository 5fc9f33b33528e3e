//! `beseda backup FILE`.

use std::path::PathBuf;

use clap::Args;

use crate::cli;
use crate::store::backup;

/// Arguments of `beseda backup`.
#[derive(Args)]
#[command(after_help = "Example:\n  beseda backup --data /var/lib/beseda/beseda.db /backup/beseda-2026-11-24.db")]
pub struct Arguments {
    /// The database file
    #[arg(long, env = "BESEDA_DATA", value_name = "FILE", default_value = "beseda.db")]
    data: PathBuf,

    /// Where the copy goes; must not exist yet
    file: PathBuf,
}

/// Copies and checks.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if !arguments.data.exists() {
        return Err(format!("there is no {}: give the file with --data", arguments.data.display()));
    }
    backup::copy(&arguments.data, &arguments.file).map_err(|error| error.to_string())?;
    cli::say(&format!(
        "{} is a whole copy. To go back to it, stop Beseda and start it with that file.",
        arguments.file.display()
    ))
}
